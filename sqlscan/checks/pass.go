package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/deploy"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

// A Pass is what the checks of one history work on: its final state, the
// classes of its columns, and its statements.
type Pass struct {
	Catalog  *catalog.Catalog
	Schema   *phi.Schema
	Lexicon  *phi.Lexicon
	Unparsed []Unparsed
	Copies   []CopyData
	// Project is the classified schema of all histories together, or nil.
	Project *phi.Schema
	// Relevant says that the project has to do with health, or shows too little
	// of itself to tell.
	Relevant bool
	// Health says that the project is known to have to do with health.
	Health bool
	// Configs, Records and Documents are what the configuration of a scan says;
	// it has a pass of its own. Kept is what the histories set, for that pass.
	Configs   []*settings.Config
	Records   [][]settings.Record
	Documents []*deploy.Document
	// Extensions are those that the histories create, for that pass; nil if
	// there are no histories.
	Extensions map[string]bool
	Kept       []*catalog.Setting
	// Text returns a file as it is, before anything is masked; it may be nil.
	Text func(file string) []byte
	// Templated reports whether a tool replaces some of the text at a place.
	Templated func(catalog.Place) bool

	span     func(catalog.Place) finding.Span
	findings []finding.Finding
	classes  map[catalog.Name]*phi.TableClass
	tables   []*catalog.Table
	calls    []callSite
	telling  []tellingName
	reads    map[*catalog.Function][]*catalog.Table
	verdicts map[*catalog.Table]bool
	exposed  map[*catalog.Table][]Exposed

	functionsRead    bool
	functionSettings []settingHere // of clauses and bodies of functions
}

// Unparsed is a statement that the grammar refused.
type Unparsed struct {
	At      catalog.Place
	Message string
	Text    []byte // of the statement
	Number  int    // of the statement in its file, from 0
}

// CopyData is the data behind a COPY … FROM stdin.
type CopyData struct {
	Table   *catalog.Table
	Columns []string
	Rows    [][]CopyValue
	At      catalog.Place // of the COPY
}

// A CopyValue is one value of a row.
type CopyValue struct {
	Text string
	At   catalog.Place
}

// NewPass returns a Pass. Span converts places to positions.
func NewPass(c *catalog.Catalog, s *phi.Schema, l *phi.Lexicon, span func(catalog.Place) finding.Span) *Pass {
	p := &Pass{Templated: func(catalog.Place) bool { return false }, Catalog: c, Schema: s, Lexicon: l, span: span, classes: map[catalog.Name]*phi.TableClass{}, tables: c.Tables(), verdicts: map[*catalog.Table]bool{}, exposed: map[*catalog.Table][]Exposed{}, reads: map[*catalog.Function][]*catalog.Table{}}
	for _, t := range s.Tables() {
		p.classes[catalog.Name{Schema: t.Schema, Name: t.Name}] = t
	}
	return p
}

// Run runs all checks and returns what they found, in no particular order.
func (p *Pass) Run() []finding.Finding {
	for _, c := range All() {
		c.Run(p)
	}
	p.maskNames()
	return p.findings
}

// A Note is what a finding says besides its message.
type Note struct {
	At       catalog.Place
	Object   string
	Severity rules.Severity // 0 is the rule's default
	Reason   string
	Related  []Related
}

// Related is another place worth seeing.
type Related struct {
	At      catalog.Place
	Message string
}

// maxMessage is the length of the longest message, in bytes.
const maxMessage = 100

// Report adds a finding.
func (p *Pass) Report(r *rules.Rule, n Note, format string, args ...any) {
	f := finding.Finding{Rule: r, Severity: n.Severity, Message: shorten(fmt.Sprintf(format, args...)), Span: p.span(n.At), Object: n.Object, Reason: n.Reason}
	if f.Severity == 0 {
		f.Severity = r.Severity
	}
	for _, rel := range n.Related {
		if rel.At.Known() {
			f.Related = append(f.Related, finding.Step{Span: p.span(rel.At), Message: rel.Message})
		}
	}
	p.findings = append(p.findings, f)
}

// shorten makes one line of at most maxMessage bytes: names may hold anything.
func shorten(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if len(s) <= maxMessage {
		return s
	}
	cut := maxMessage - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// maskNames hides identifiers that carry a value, such as a patient's name,
// wherever a finding repeats them.
func (p *Pass) maskNames() {
	var pairs []string
	seen := map[string]bool{}
	for _, id := range p.valuesInNames() {
		if seen[id.name] || id.kind == "role" && !patientRole(id.name, id.value) {
			continue
		}
		seen[id.name] = true
		pairs = append(pairs, id.name, masked(id.name, id.value))
	}
	if len(pairs) == 0 {
		return
	}
	r := strings.NewReplacer(pairs...)
	for i := range p.findings {
		f := &p.findings[i]
		f.Message, f.Object, f.Reason = r.Replace(f.Message), r.Replace(f.Object), r.Replace(f.Reason)
		for k := range f.Related {
			f.Related[k].Message = r.Replace(f.Related[k].Message)
		}
	}
}

// masked returns an identifier without the value in it.
func masked(name string, d phi.Detection) string {
	start, end := max(d.Start, 0), min(d.End, len(name))
	if start >= end {
		return "***"
	}
	return name[:start] + "***" + name[end:]
}

// Class returns the class of a table, nil if it was not classified. A table
// that this history only uses may be known from another one.
func (p *Pass) Class(t *catalog.Table) *phi.TableClass {
	if c := p.classes[t.Name]; c != nil || !t.Ghost || p.Project == nil {
		return c
	}
	return p.Project.Table(t.Name.Schema, t.Name.Name)
}

// Tables returns the tables, partitions and foreign tables.
func (p *Pass) Tables() []*catalog.Table {
	return slices.DeleteFunc(slices.Clone(p.tables), func(t *catalog.Table) bool { return !t.HasRows() })
}

// Views returns the views and materialized views.
func (p *Pass) Views() []*catalog.Table {
	return slices.DeleteFunc(slices.Clone(p.tables), func(t *catalog.Table) bool { return !t.IsView() })
}

// PHI reports whether a table holds PHI, itself or as a part of another one,
// and whether a view shows any.
func (p *Pass) PHI(t *catalog.Table) bool {
	if v, ok := p.verdicts[t]; ok {
		return v
	}
	p.verdicts[t] = false
	v := false
	if c := p.Class(t); c != nil && t.HasRows() {
		v = c.PHI
	}
	if t.IsView() {
		v = len(p.Exposed(t)) > 0
	}
	for _, parent := range t.Parents {
		v = v || p.PHI(parent)
	}
	p.verdicts[t] = v
	return v
}

// Column returns the class of a column.
func (p *Pass) Column(t *catalog.Table, name string) phi.Class {
	if c := p.Class(t); c != nil {
		class, _ := c.Column(name)
		return class
	}
	return phi.Class{}
}

// An Exposed is a column of a view that shows PHI of a table.
type Exposed struct {
	Column string
	Source catalog.ColumnSource
	Class  phi.Class
	At     catalog.Place
}

// Exposed returns the columns of a view that are PHI columns of PHI tables,
// through other views too.
func (p *Pass) Exposed(v *catalog.Table) []Exposed {
	out, ok := p.exposed[v]
	if ok {
		return out
	}
	p.exposed[v] = nil // a view that reads itself ends here
	for _, o := range v.Output {
		for _, src := range o.From {
			if src.Table.IsView() {
				for _, e := range p.Exposed(src.Table) {
					if e.Column == src.Column {
						out = append(out, Exposed{o.Name, e.Source, e.Class, o.Made})
					}
				}
				continue
			}
			if class := p.Column(src.Table, src.Column); class.PHI() && (o.Plain || class.Tier == 3) && p.PHI(src.Table) {
				out = append(out, Exposed{o.Name, src, class, o.Made})
			}
		}
	}
	p.exposed[v] = out
	return out
}

// functionReads returns the relations that a function's body names.
func (p *Pass) functionReads(f *catalog.Function) []*catalog.Table {
	out, ok := p.reads[f]
	if !ok {
		out = p.Catalog.FunctionReads(f)
		p.reads[f] = out
	}
	return out
}

// PHIColumns returns the names of a table's or view's PHI columns, strongest first.
func (p *Pass) PHIColumns(t *catalog.Table) []string {
	if t.IsView() {
		var out []string
		for _, e := range p.Exposed(t) {
			if !slices.Contains(out, e.Column) {
				out = append(out, e.Column)
			}
		}
		return out
	}
	if c := p.Class(t); c != nil && len(c.PHIColumns()) > 0 {
		return c.PHIColumns()
	}
	for _, parent := range t.Parents {
		if names := p.PHIColumns(parent); len(names) > 0 {
			return names
		}
	}
	return nil
}

// Holds returns "PHI (ssn, dob and 3 more)" for a table.
func (p *Pass) Holds(t *catalog.Table) string {
	names := p.PHIColumns(t)
	if len(names) == 0 {
		return "PHI"
	}
	return "PHI (" + Some(names, 2) + ")"
}

// Some lists the first names and counts the others.
func Some(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}

// Unknown reports whether the history uses a table that it never creates, so
// that nobody can tell what it holds.
func (p *Pass) Unknown(t *catalog.Table) bool {
	return t.Ghost && !managed[t.Name.Schema] && p.Class(t) == nil && p.Relevant
}

// managed are schemas that a hosting service owns: what is in them is not the
// project's to protect.
var managed = map[string]bool{
	"auth": true, "storage": true, "realtime": true, "vault": true, "extensions": true, "graphql": true, "graphql_public": true,
	"supabase_functions": true, "supabase_migrations": true, "cron": true, "net": true, "pgsodium": true, "neon_auth": true,
	"information_schema": true, "pg_catalog": true, "pg_temp": true,
}

// object names a thing for fingerprints: with its schema, always.
func object(t *catalog.Table) string { return t.Name.Full() }
