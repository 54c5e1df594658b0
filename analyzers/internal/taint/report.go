package taint

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
)

// maxMessage is the longest message, rule ID not counted.
const maxMessage = 100

// reportSQL reports the holes, one finding for each construct that composes
// the text.
func (e *engine) reportSQL(fn *function, u *use, spills []spill) {
	type group struct {
		rule     string
		pos, end token.Pos
		spills   []spill
	}
	var groups []*group
	for _, s := range spills {
		pos, end := e.site(s.hole, u)
		rule := sqlRule(s.role)
		at := slices.IndexFunc(groups, func(g *group) bool { return g.pos == pos && g.rule == rule })
		if at < 0 {
			groups = append(groups, &group{rule: rule, pos: pos, end: end})
			at = len(groups) - 1
		}
		groups[at].spills = append(groups[at].spills, s)
	}
	for _, g := range groups {
		d := analysis.Diagnostic{
			Pos: g.pos, End: g.end, Category: g.rule,
			Message: g.rule + " " + sqlMessage(g.rule, g.spills),
		}
		for _, s := range g.spills {
			e.related(&d, s.value.pos, "source: "+display(s.value))
		}
		e.related(&d, g.pos, "becomes part of the SQL text")
		e.related(&d, u.pos, "reaches "+shortName(u.sink))
		if g.rule == "PHI101" {
			d.SuggestedFixes = e.fix(u, g.pos, g.end)
		}
		e.report(d)
	}
}

func sqlRule(r sqlshape.Role) string {
	switch r {
	case sqlshape.Identifier, sqlshape.DDLIdentifier, sqlshape.Comment, sqlshape.CommentOn, sqlshape.AppName:
		return "PHI103"
	case sqlshape.Setting:
		return "PHI105"
	}
	return "PHI101"
}

func sqlMessage(rule string, spills []spill) string {
	var names, columns []string
	for _, s := range spills {
		if n := display(s.value); !slices.Contains(names, n) {
			names = append(names, n)
		}
		if c := s.column.Qualified(); s.column.Column != "" && !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	verb := " becomes"
	if len(names) > 1 {
		verb = " become"
	}
	what := " part of the SQL text"
	switch rule {
	case "PHI103":
		what = " part of a name or comment in SQL"
	case "PHI105":
		what = " part of a SET statement"
	}
	text := list(names, 2) + verb + what
	if len(columns) > 0 && len(text)+len(columns[0])+3 <= maxMessage {
		for k := 2; k >= 1; k-- {
			if full := text + " (" + list(columns, k) + ")"; len(full) <= maxMessage {
				return full
			}
		}
	}
	if len(text) > maxMessage {
		return list(names, 1) + verb + what
	}
	return text
}

// list joins names, the first few in full.
func list(names []string, show int) string {
	if len(names) <= show {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:show], ", "), len(names)-show)
}

// display is how a finding calls a value: by the last two parts of its name,
// never by its content.
func display(n *node) string {
	name := n.name
	if name == "" {
		walk(n, func(m *node) bool {
			if name == "" && m.name != "" {
				name = m.name
			}
			return name == ""
		})
	}
	if name == "" {
		return "a value"
	}
	if parts := strings.Split(name, "."); len(parts) > 2 {
		name = strings.Join(parts[len(parts)-2:], ".")
	}
	if len(name) > 40 {
		name = name[:40]
	}
	return name
}

// site returns the construct that puts the hole into the text. Innermost
// first, that is the first one that has words of SQL itself, or that appends;
// "%"+name+"%" is only on the way.
func (e *engine) site(p piece, u *use) (pos, end token.Pos) {
	for i := len(p.sites) - 1; i >= 0; i-- {
		n := p.sites[i]
		// An element of a list that is joined later is a construct of its own.
		if n.kind == kJoin && i+1 < len(p.sites) {
			if pos, end, ok := e.rangeOf(p.sites[i+1].pos); ok {
				return pos, end
			}
		}
		// The innermost append is the hole itself, written on its own.
		if !n.pos.IsValid() || !(n.appended && i == len(p.sites)-1 || e.hasWords(n)) {
			continue
		}
		if pos, end, ok := e.rangeOf(n.pos); ok {
			return pos, end
		}
	}
	for i := range p.sites {
		if pos, end, ok := e.rangeOf(p.sites[i].pos); ok {
			return pos, end
		}
	}
	if pos, end, ok := e.rangeOf(u.pos); ok {
		return pos, end
	}
	return u.pos, u.pos
}

// hasWords reports whether there is a word in the constant text that the
// construct puts together. It remembers: of a text with a thousand holes, each
// hole stands in a thousand constructs.
func (e *engine) hasWords(n *node) bool {
	if found, known := e.words[n]; known {
		return found
	}
	found, left := false, 200
	walk(n, func(n *node) bool {
		left--
		if n.kind == kConst {
			found = found || strings.IndexFunc(verbs.ReplaceAllString(n.text, ""), unicode.IsLetter) >= 0
		}
		return !found && left > 0 && (composite(n) || n.kind == kConst)
	})
	e.words[n] = found
	return found
}

// rangeOf returns the source range of the expression whose operator, left
// parenthesis or start is at pos: of a concatenation, all of it.
func (e *engine) rangeOf(pos token.Pos) (token.Pos, token.Pos, bool) {
	if !pos.IsValid() {
		return 0, 0, false
	}
	path := e.enclosing(pos)
	for i, n := range path {
		switch n := n.(type) {
		case *ast.CallExpr:
			if n.Lparen == pos || n.Pos() == pos {
				return n.Pos(), n.End(), true
			}
		case *ast.BinaryExpr:
			if n.OpPos != pos {
				continue
			}
			from := ast.Node(n)
			for _, outer := range path[i+1:] {
				if b, ok := outer.(*ast.BinaryExpr); ok && b.Op == token.ADD {
					from = b
				} else if _, ok := outer.(*ast.ParenExpr); !ok {
					break
				}
			}
			return from.Pos(), from.End(), true
		case *ast.AssignStmt:
			if n.TokPos == pos {
				return n.Pos(), n.End(), true
			}
		}
	}
	if path == nil {
		return 0, 0, false
	}
	return pos, pos, true
}

// fileOf returns the file of the package that pos stands in, or nil.
func (e *engine) fileOf(pos token.Pos) *ast.File {
	for _, f := range e.pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// enclosing returns the syntax around pos, the innermost first; nil if it is in
// no file of the package.
func (e *engine) enclosing(pos token.Pos) []ast.Node {
	f := e.fileOf(pos)
	if f == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(f, pos, pos)
	return path
}

func (e *engine) related(d *analysis.Diagnostic, pos token.Pos, message string) {
	if !pos.IsValid() {
		return
	}
	start, end, ok := e.rangeOf(pos)
	if !ok {
		start, end = pos, pos
	}
	for _, r := range d.Related {
		if r.Pos == start && r.Message == message {
			return
		}
	}
	d.Related = append(d.Related, analysis.RelatedInformation{Pos: start, End: end, Message: message})
}

// report keeps a diagnostic, once, and none in test files unless asked for:
// what a test does with made-up patients lets nothing go.
func (e *engine) report(d analysis.Diagnostic) {
	if e.wanted(d) {
		e.result.Diagnostics = append(e.result.Diagnostics, d)
	}
}

// wanted reports whether a diagnostic is to be reported, and remembers it.
func (e *engine) wanted(d analysis.Diagnostic) bool {
	if !d.Pos.IsValid() || !e.tests && strings.HasSuffix(e.pass.Fset.Position(d.Pos).Filename, "_test.go") {
		return false
	}
	if strings.HasPrefix(d.Category, "PHI2") && e.generated(d.Pos) {
		return false
	}
	key := fmt.Sprint(d.Pos, " ", d.Category)
	if e.reported[key] {
		return false
	}
	e.reported[key] = true
	return true
}

// reportOnce reports the first in source order of the diagnostics that stand for
// the same thing.
func (e *engine) reportOnce(d analysis.Diagnostic, thing string) {
	at, known := e.once[thing]
	if known && d.Pos > e.result.Diagnostics[at].Pos || !e.wanted(d) {
		return
	}
	if known {
		e.result.Diagnostics[at] = d
		return
	}
	e.once[thing] = len(e.result.Diagnostics)
	e.result.Diagnostics = append(e.result.Diagnostics, d)
}

// generated reports whether a generator wrote the file: what it logs and the
// errors it makes are nobody's to mend.
func (e *engine) generated(pos token.Pos) bool {
	f := e.fileOf(pos)
	return f != nil && ast.IsGenerated(f)
}

func sortDiagnostics(ds []analysis.Diagnostic) {
	slices.SortStableFunc(ds, func(a, b analysis.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Message, b.Message))
	})
}
