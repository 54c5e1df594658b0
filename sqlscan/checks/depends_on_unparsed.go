package checks

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed depends_on_unparsed.md
var dependsOnUnparsedPage string

var dependsOnUnparsed = &rules.Rule{
	ID: "PHI903", Slug: "depends-on-unparsed", Title: "statement relies on one that was not understood",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.ActivityReview},
	CWE:       []int{754}, Help: dependsOnUnparsedPage,
}

// createdTable finds the table that a statement was meant to create. The
// statement does not parse, so there is no tree to ask.
var createdTable = lazyregexp.New(`(?i)create\s+(?:unlogged\s+|temp\w*\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\s*\.\s*)?"?(\w+)`)

// checkDepends reports what refers to a table whose CREATE did not parse, or
// stands in a tablespace that the history does not have in the end.
func checkDepends(p *Pass) {
	broken := map[string]bool{}
	for _, u := range p.Unparsed {
		if m := createdTable.FindSubmatch(u.Text); m != nil {
			broken[strings.ToLower(string(m[1]))] = true
		}
	}
	for _, t := range p.Tables() {
		if t.Ghost {
			continue
		}
		for _, k := range t.Constraints {
			if k.Kind == catalog.ForeignK && k.References != nil && k.References.Ghost && broken[k.References.Name.Name] {
				p.Report(dependsOnUnparsed, Note{At: k.Made, Object: object(t) + " " + k.References.Name.Full()},
					"foreign key of %s refers to %s, whose CREATE TABLE was not parsed", t.Name, k.References.Name)
			}
		}
		if space := p.Catalog.Tablespaces[t.Tablespace]; space != nil && refused(space) {
			p.Report(dependsOnUnparsed, Note{At: tablespaceClause(t), Object: object(t) + " tablespace"},
				"table %s stands in tablespace %s, whose CREATE fails", t.Name, t.Tablespace)
		}
	}
}

// tablespaceOptions are the options that CREATE TABLESPACE takes.
var tablespaceOptions = map[string]bool{
	"seq_page_cost": true, "random_page_cost": true, "effective_io_concurrency": true, "maintenance_io_concurrency": true,
}

// refused reports whether a tablespace has an option that PostgreSQL does not
// have, so that creating it fails with SQLSTATE 22023.
func refused(t *catalog.Tablespace) bool {
	for name := range t.Options {
		if !tablespaceOptions[name] {
			return true
		}
	}
	return false
}

// tablespaceClause returns the place of the word TABLESPACE in the statement
// that created the table; the tree does not keep it.
func tablespaceClause(t *catalog.Table) catalog.Place {
	s := t.Stmt
	if s.Base < 0 || s.Source == nil || s.Place.End > len(s.Source) {
		return t.Made
	}
	text := bytes.ToLower(s.Source[s.Place.Start:s.Place.End])
	i := bytes.LastIndex(text, []byte("tablespace"))
	if i < 0 {
		return t.Made
	}
	start := s.Place.Start + i
	return catalog.Place{File: s.Place.File, Start: start, End: start + len("tablespace")}
}
