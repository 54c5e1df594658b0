package sqlscan

import (
	"slices"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/checks"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/settings"
	"github.com/phivet/phivet/sqlscan/internal/source"
)

// findConfigs reads the PostgreSQL configuration files of a scan. A file that
// the user names counts whatever it looks like.
func findConfigs(o source.FindOptions) ([]*settings.File, []finding.Notice, error) {
	texts, notices, err := source.Configs(o)
	if err != nil {
		return nil, nil, err
	}
	var out []*settings.File
	for _, t := range texts {
		f := settings.Parse(t.Path, t.Content)
		if settings.Named(t.Path) || f.Recognised() {
			out = append(out, f)
		} else if slices.Contains(o.Paths, t.Path) {
			notices = append(notices, finding.Notice{File: t.Path, Message: "is not recognised as a configuration file of PostgreSQL"})
		}
	}
	return out, notices, nil
}

// judgeConfigs runs the checks of settings on the files of a scan. What the
// histories set for good is known to them.
func judgeConfigs(files []*settings.File, all []*history, lexicon *phi.Lexicon) []finding.Finding {
	if len(files) == 0 {
		return nil
	}
	mappers := map[string]*finding.Mapper{}
	for _, f := range files {
		mappers[f.Path] = finding.NewMapper(f.Path, f.Content)
	}
	span := func(p catalog.Place) finding.Span {
		if m := mappers[p.File]; m != nil {
			return m.Span(p.Start, p.End)
		}
		return finding.Span{File: p.File}
	}
	pass := checks.NewPass(catalog.New(), lexicon.Classify(nil, nil), lexicon, span)
	pass.Relevant, pass.Configs = true, files
	for _, h := range all {
		pass.Kept = append(pass.Kept, h.catalog.Settings...)
	}
	return pass.Run()
}

// sqlPaths returns the paths that are not configuration files, and whether
// there is anything to look for SQL in.
func sqlPaths(paths []string) ([]string, bool) {
	sql := slices.DeleteFunc(slices.Clone(paths), source.IsConfig)
	return sql, len(paths) == 0 || len(sql) > 0
}
