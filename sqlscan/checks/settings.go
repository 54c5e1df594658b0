package checks

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/deploy"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

// settingsCheck returns a check that reports what the table of settings says
// of one rule, wherever a setting can stand.
func settingsCheck(r *rules.Rule) func(*Pass) {
	return func(p *Pass) {
		if p.Relevant {
			p.settings(r)
		}
	}
}

func (p *Pass) settings(r *rules.Rule) {
	p.settingsInSQL(r)
	p.settingsInFunctions(r)
	for _, c := range p.Configs {
		p.settingsInFile(r, c)
	}
}

// judged reports the problems of one rule.
func (p *Pass) judged(r *rules.Rule, problems []settings.Problem, at catalog.Place, object string) {
	for _, x := range problems {
		if x.Rule == r.ID {
			p.Report(r, Note{At: at, Object: object, Severity: x.Severity}, "%s", x.Fact)
		}
	}
}

func (p *Pass) settingsInSQL(r *rules.Rule) {
	for _, x := range p.Catalog.Settings {
		scope := settings.Server
		switch {
		case x.Session:
			scope = settings.Session
		case x.Role != "" || x.Database != "" || x.Stmt != nil && x.Stmt.Node.GetAlterSystemStmt() == nil:
			scope = settings.Part
		}
		other := func(name string) (string, bool) {
			for _, y := range p.Catalog.Settings {
				if y.Name == name && y.Role == x.Role && y.Database == x.Database && y.Session == x.Session {
					return y.Value, true
				}
			}
			return "", false
		}
		p.judged(r, settings.Judge(x.Name, x.Value, scope, other), x.Made, strings.TrimSpace(x.Name+" "+x.Role+" "+x.Database))
	}
}

// A settingHere is what is wrong with one setting at one place.
type settingHere struct {
	problems []settings.Problem
	at       catalog.Place
	object   string
}

// settingsInFunctions looks at the SET clauses of functions, and at SET and
// set_config in their bodies. Every rule of settings asks for them.
func (p *Pass) settingsInFunctions(r *rules.Rule) {
	if !p.functionsRead {
		p.functionsRead = true
		for _, f := range p.Catalog.Functions() {
			p.readSettings(f)
		}
	}
	for _, x := range p.functionSettings {
		p.judged(r, x.problems, x.at, x.object)
	}
}

func (p *Pass) readSettings(f *catalog.Function) {
	add := func(name, value string, other func(string) (string, bool), at catalog.Place, object string) {
		if problems := settings.Judge(name, value, settings.Session, other); len(problems) > 0 {
			p.functionSettings = append(p.functionSettings, settingHere{problems, at, object})
		}
	}
	inside := map[string]string{}
	for _, in := range f.Body {
		if name, value, ok := catalog.SettingOf(in.Node); ok {
			inside[name] = value
		}
	}
	for _, in := range f.Body {
		if name, value, ok := catalog.SettingOf(in.Node); ok {
			other := func(name string) (string, bool) { v, ok := inside[name]; return v, ok }
			add(name, value, other, in.Head(), f.Name.Full()+" body "+name)
		}
	}
	other := func(name string) (string, bool) { v, ok := f.Config[name]; return v, ok }
	for _, name := range slices.Sorted(maps.Keys(f.Config)) {
		add(name, f.Config[name], other, f.Made, f.Name.Full()+" "+name)
	}
}

// settingsInFile judges a file with what it includes, and, if it is a whole
// configuration, what it leaves out. A fragment may be meant to go with it, by
// an include of the image or a command line, so that what one sets is not missing.
func (p *Pass) settingsInFile(r *rules.Rule, c *settings.Config) {
	other := func(name string) (string, bool) { a, ok := c.Get(name); return a.Value, ok }
	for _, a := range c.Settings {
		if settings.Exists(a.Name, c.Major) {
			p.judged(r, p.lower(a.File, settings.Judge(a.Name, a.Value, settings.Server, other)), catalog.Place{File: a.File, Start: a.Start, End: a.End}, strings.TrimSpace(c.Origin+" "+a.Name))
		}
	}
	if !c.Whole {
		return
	}
	elsewhere := func(name string) bool {
		return slices.ContainsFunc(p.Kept, func(x *catalog.Setting) bool { return !x.Session && x.Name == name }) ||
			slices.ContainsFunc(p.Configs, func(x *settings.Config) bool { _, ok := x.Get(name); return ok && !x.Whole })
	}
	at := catalog.Place{File: c.File.Path}
	if c.Origin != "" && len(c.Settings) > 0 { // a text inside a file starts where its first setting does
		at.Start, at.End = c.Settings[0].Start, c.Settings[0].End
	} else if at.End = strings.IndexAny(string(c.File.Content), "\r\n"); at.End < 0 {
		at.End = len(c.File.Content)
	}
	p.judged(r, p.lower(c.File.Path, settings.Absent(c, elsewhere)), at, strings.TrimSpace(c.File.Path+" "+c.Origin))
}

// lower takes a step off what stands in an example or a file for development.
func (p *Pass) lower(file string, problems []settings.Problem) []settings.Problem {
	if p.example(file) {
		for i := range problems {
			problems[i].Severity = problems[i].Severity.Lower()
		}
	}
	return problems
}

// example reports whether a file is an example or for development, by its name.
func (p *Pass) example(file string) bool {
	return slices.ContainsFunc(p.Documents, func(d *deploy.Document) bool { return d.Lower && d.Path == file })
}

// records reports what a test says of the records of each pg_hba.conf, those
// that a container's variables write included.
func (p *Pass) records(r *rules.Rule, test func(all []settings.Record, i int) (string, rules.Severity)) {
	if !p.Relevant {
		return
	}
	for _, all := range p.Records {
		for i, x := range all {
			fact, severity := test(all, i)
			if fact == "" {
				continue
			}
			severity = cmp.Or(severity, r.Severity)
			if p.example(x.File) {
				severity = severity.Lower()
			}
			p.Report(r, Note{At: catalog.Place{File: x.File, Start: x.Start, End: x.End}, Object: x.Type + " " + x.Databases + " " + x.Users + " " + x.Address, Severity: severity}, "%s", fact)
		}
	}
}
