package sqlscan

import (
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/checks"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/deploy"
	"github.com/phivet/phivet/sqlscan/internal/settings"
	"github.com/phivet/phivet/sqlscan/internal/source"
)

// configs are the files of a scan that are not SQL: PostgreSQL's own, and what
// deployments and applications say about it.
type configs struct {
	files     []*settings.File
	documents []*deploy.Document
}

// findConfigs reads the configuration of a scan. A file that the user names
// counts whatever it looks like.
func findConfigs(o source.FindOptions) (*configs, []finding.Notice, error) {
	wanted := func(name string) bool { return isConf(name) || deploy.Wanted(name) }
	named := o.Paths
	if len(named) > 0 {
		o.Paths = slices.DeleteFunc(slices.Clone(named), func(p string) bool { return strings.EqualFold(path.Ext(p), ".sql") })
		if len(o.Paths) == 0 {
			return &configs{}, nil, nil
		}
	}
	texts, notices, err := source.Configs(o, wanted)
	if err != nil {
		return nil, nil, err
	}
	c := &configs{}
	for _, t := range texts {
		given := slices.Contains(named, t.Path)
		switch {
		case given && !isConfig(t.Path):
		case isConf(t.Path):
			f := settings.Parse(t.Path, t.Content)
			if settings.Named(t.Path) || f.Recognised() {
				c.files = append(c.files, f)
			} else if given {
				notices = append(notices, finding.Notice{File: t.Path, Message: "is not recognised as a configuration file of PostgreSQL"})
			}
		default:
			d, err := deploy.Parse(t.Path, t.Content)
			if err != nil {
				notices = append(notices, finding.Notice{File: t.Path, Message: err.Error()})
			}
			if given || !d.Empty() || len(d.Services) > 0 {
				c.documents = append(c.documents, d)
			}
		}
	}
	return c, notices, nil
}

// isConf reports whether a file is a .conf file or the template of one.
func isConf(name string) bool {
	return strings.EqualFold(path.Ext(settings.Untemplated(name)), ".conf")
}

// isConfig reports whether a file is configuration, and no SQL, by its name.
func isConfig(name string) bool { return isConf(name) || deploy.Readable(name) }

// read returns the paths of the files that had something to judge.
func (c *configs) read() []string {
	var out []string
	for _, f := range c.files {
		out = append(out, f.Path)
	}
	for _, d := range c.documents {
		out = append(out, d.Path)
	}
	return out
}

// judge runs the checks of settings and connections on the files of a scan.
// What the histories set for good is known to them, and so is what they hold:
// without PHI only what is wrong whoever the data is about is reported.
func (c *configs) judge(all []*history, schema *phi.Schema, lexicon *phi.Lexicon) []finding.Finding {
	if len(c.files)+len(c.documents) == 0 {
		return nil
	}
	mappers := map[string]*finding.Mapper{}
	for _, f := range c.files {
		mappers[f.Path] = finding.NewMapper(f.Path, f.Content)
	}
	for _, d := range c.documents {
		mappers[d.Path] = finding.NewMapper(d.Path, d.Content)
	}
	span := func(p catalog.Place) finding.Span {
		if m := mappers[p.File]; m != nil {
			return m.Span(p.Start, p.End)
		}
		return finding.Span{File: p.File}
	}
	pass := checks.NewPass(catalog.New(), lexicon.Classify(nil, nil), lexicon, span)
	pass.Relevant, pass.Health = schema == nil || relevant(schema), schema != nil && schema.Health()
	pass.Configs, pass.Records, pass.Documents = settings.Configs(c.files), settings.RecordSets(c.files), c.documents
	for _, d := range c.documents {
		pass.Configs, pass.Records = append(pass.Configs, d.Servers...), append(pass.Records, d.Records...)
	}
	for i, h := range all {
		pass.Kept = append(pass.Kept, h.catalog.Settings...)
		if i == 0 {
			pass.Extensions = map[string]bool{}
		}
		for name := range h.catalog.Extensions {
			pass.Extensions[name] = true
		}
	}
	return pass.Run()
}

// sqlPaths returns the paths that are not configuration files, and whether
// there is anything to look for SQL in.
func sqlPaths(paths []string) ([]string, bool) {
	sql := slices.DeleteFunc(slices.Clone(paths), isConfig)
	return sql, len(paths) == 0 || len(sql) > 0
}
