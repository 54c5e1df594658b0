package checks

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed literal_encryption_key.md
var literalEncryptionKeyPage string

var literalEncryptionKey = &rules.Rule{
	ID: "PHI603", Slug: "literal-encryption-key", Title: "encryption key stands in the SQL text",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{321, 798}, Help: literalEncryptionKeyPage,
}

func checkLiteralKeys(p *Pass) {
	for _, c := range p.callsOf() {
		if !keyed[funcName(c.f)] || len(c.f.Args) < 2 || p.Templated(c.argument(1)) {
			continue
		}
		key, declared := c.key()
		text, ok := p.given(c.s.Place.File, literal(key))
		if !isLiteral(key) || !ok || declared && p.Templated(c.s.Function.Stmt.Place) {
			continue
		}
		n := Note{At: c.at(), Object: funcName(c.f), Severity: keySeverity(text)}
		p.Report(literalEncryptionKey, n, "key stands in the call of %s", funcName(c.f))
	}
	report := func(name, value string, at catalog.Place, object string) {
		if strings.Contains(name, ".") && namesKey(name) && value != "" && !substituted(value) && !p.Templated(at) {
			p.Report(literalEncryptionKey, Note{At: at, Object: object, Severity: keySeverity(value)}, "key stands in the setting of %s", name)
		}
	}
	for _, x := range p.Catalog.Settings {
		report(x.Name, x.Value, x.Made, x.Name)
	}
	for _, f := range p.Catalog.Functions() {
		for _, name := range slices.Sorted(maps.Keys(f.Config)) {
			report(name, f.Config[name], f.Made, f.Name.Full()+" "+name)
		}
		for _, in := range f.Body {
			if name, value, ok := catalog.SettingOf(in.Node); ok {
				report(name, value, in.Head(), f.Name.Full()+" body "+name)
			}
		}
	}
	for _, c := range p.Configs {
		for _, a := range c.Settings {
			report(a.Name, a.Value, catalog.Place{File: a.File, Start: a.Start, End: a.End}, strings.TrimSpace(c.Origin+" "+a.Name))
		}
	}
}

// key returns what a call takes its key from: a variable of the body that is
// declared with a value is that value, and what only changes the form of a
// text is the text.
func (c callSite) key() (n *pgparse.Node, declared bool) {
	n = uncast(c.f.Args[1])
	if f := c.s.Function; f != nil && f.PL != nil && f.Stmt != nil && n.GetColumnRef() != nil {
		for _, v := range f.PL.Vars {
			if v.Default == nil || !strings.EqualFold(v.Name, refColumn(n.GetColumnRef())) {
				continue
			}
			if tree, _, err := v.Default.Parse(); err == nil && len(tree.GetSelectStmt().GetTargetList()) == 1 {
				n, declared = uncast(tree.GetSelectStmt().TargetList[0].GetResTarget().GetVal()), true
			}
		}
	}
	for range 3 {
		f := n.GetFuncCall()
		switch funcName(f) {
		case "decode", "convert_to", "digest", "sha256", "md5":
			if len(f.Args) == 0 {
				return n, declared
			}
			n = uncast(f.Args[0])
		}
	}
	return n, declared
}

func keySeverity(key string) rules.Severity {
	if phi.Placeholder(key) {
		return literalEncryptionKey.Severity.Lower()
	}
	return 0
}

// namesKey reports whether a setting's name says that it holds a key, and not
// the name or version of one.
func namesKey(name string) bool {
	_, last, _ := strings.Cut(strings.ToLower(name), ".")
	words := strings.FieldsFunc(last, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "id", "version", "name", "path", "file", "url", "arn", "alias":
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool {
		return w == "key" || w == "keys" || w == "secret" || w == "passphrase" || strings.HasSuffix(w, "key") && len(w) > 3
	})
}
