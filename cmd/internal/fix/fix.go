// Package fix applies the fixes of findings to Go files.
//
// [Apply] works in memory: [Changes] can be shown as a unified diff or written.
// A fix is applied as a whole or not at all. Of two that overlap the first one
// is taken; the other may fit once the code was analysed again.
package fix

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/finding"
)

// A Change is a file before and after. Before is nil for a new one.
type Change struct {
	File          string // slash-separated, relative to the root
	Before, After []byte
}

// A Skipped finding has a fix that was not applied.
type Skipped struct {
	Finding finding.Finding
	Reason  string
}

// Reasons why a fix is not applied.
const (
	overlaps  = "its fix overlaps with another one"
	generated = "the file is generated: mend what generates it"
	outside   = "the file is outside of the project"
	stale     = "the file cannot be read, or has changed meanwhile"
	broken    = "its fix would not leave valid Go"
)

// Apply applies the fixes of the findings, in their order. Read returns the
// content of a file, nil if it cannot be read. The results are formatted as
// gofmt does, and imports that only the replaced code used are gone.
func Apply(read func(file string) []byte, fs []finding.Finding) (changes []Change, applied []finding.Finding, skipped []Skipped) {
	a := &applier{read: read, files: map[string]*file{}}
	for _, f := range fs {
		if f.Fix == nil {
			continue
		}
		if reason := a.add(f.Fix); reason != "" {
			skipped = append(skipped, Skipped{f, reason})
			continue
		}
		applied = append(applied, f)
	}
	for _, name := range a.order {
		after, ok := a.files[name].result()
		if !ok {
			// Have: fixes that are right each for itself and not together.
			applied, skipped = dropFile(applied, skipped, name)
			continue
		}
		changes = append(changes, Change{name, a.files[name].content, after})
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.File, b.File) })
	return changes, applied, skipped
}

// dropFile moves the fixes of a file from the applied to the skipped ones.
func dropFile(applied []finding.Finding, skipped []Skipped, name string) ([]finding.Finding, []Skipped) {
	var kept []finding.Finding
	for _, f := range applied {
		if slices.ContainsFunc(f.Fix.Edits, func(e finding.Edit) bool { return e.Span.File == name }) {
			skipped = append(skipped, Skipped{f, broken})
			continue
		}
		kept = append(kept, f)
	}
	return kept, skipped
}

type applier struct {
	read  func(string) []byte
	files map[string]*file
	order []string // names, as first met
}

// A file is one with the edits that were accepted.
type file struct {
	content   []byte
	generated bool
	edits     []edit
}

type edit struct {
	start, end int
	text       string
}

// add accepts a fix, or says why not.
func (a *applier) add(f *finding.Fix) string {
	if len(f.Edits) == 0 {
		return stale
	}
	fresh := map[string][]edit{}
	for _, e := range f.Edits {
		name := e.Span.File
		if !filepath.IsLocal(filepath.FromSlash(name)) || path.Ext(name) != ".go" {
			return outside
		}
		t := a.open(name)
		next := edit{e.Span.Start.Offset, e.Span.End.Offset, e.New}
		switch {
		case t == nil || next.start < 0 || next.end < next.start || next.end > len(t.content):
			return stale
		case t.generated:
			return generated
		}
		if t.has(next) {
			continue
		}
		if t.conflicts(next) || crossing(fresh[name], next) {
			return overlaps
		}
		fresh[name] = append(fresh[name], next)
	}
	for _, name := range a.order {
		a.files[name].edits = append(a.files[name].edits, fresh[name]...)
	}
	return ""
}

func (a *applier) open(name string) *file {
	if t, ok := a.files[name]; ok {
		return t
	}
	content := a.read(name)
	if content == nil {
		return nil
	}
	t := &file{content: content}
	if parsed, err := parser.ParseFile(token.NewFileSet(), "", content, parser.ParseComments|parser.PackageClauseOnly); err == nil {
		t.generated = ast.IsGenerated(parsed)
	}
	a.files[name] = t
	a.order = append(a.order, name)
	return t
}

// has reports whether another fix makes the same replacement, as two fixes do
// that remove one import. Insertions are never taken for the same.
func (t *file) has(e edit) bool { return e.start < e.end && slices.Contains(t.edits, e) }

func (t *file) conflicts(e edit) bool { return overlapsAny(t.edits, e) }

// crossing reports whether e overlaps with an edit of its own fix. Edits of one
// fix may touch: their order is known.
func crossing(list []edit, e edit) bool {
	return slices.ContainsFunc(list, func(o edit) bool { return e.start < o.end && o.start < e.end })
}

func overlapsAny(list []edit, e edit) bool {
	return slices.ContainsFunc(list, func(o edit) bool {
		if o.start == o.end || e.start == e.end {
			// An insertion at the edge of another edit has no certain place.
			return e.start <= o.end && o.start <= e.end
		}
		return e.start < o.end && o.start < e.end
	})
}

// result returns the file with its edits. It is not ok where that is no Go.
func (t *file) result() ([]byte, bool) {
	if len(t.edits) == 0 {
		return nil, false
	}
	slices.SortStableFunc(t.edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var out bytes.Buffer
	at := 0
	for _, e := range t.edits {
		out.Write(t.content[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(t.content[at:])
	after, err := format.Source(withoutUnused(t.content, out.Bytes()))
	return after, err == nil
}

// withoutUnused removes the imports that the file used before and does not
// any more: two fixes may each have left the other's use standing. What is not
// of the standard library stays with a blank name, for a driver registers itself
// when it is imported.
func withoutUnused(before, after []byte) []byte {
	uses := importUses(before)
	now := importUses(after)
	var gone []edit
	for name, b := range uses {
		if n, ok := now[name]; ok && b.uses > 0 && n.uses == 0 {
			gone = append(gone, n.unnamed)
		}
	}
	slices.SortFunc(gone, func(a, b edit) int { return cmp.Compare(b.start, a.start) })
	for _, e := range gone {
		after = slices.Concat(after[:e.start], []byte(e.text), after[e.end:])
	}
	return after
}

// An importUse is how often an import's name stands before a dot, and the edit
// that takes the name away.
type importUse struct {
	unnamed edit
	uses    int
}

func importUses(content []byte) map[string]importUse {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", content, parser.ParseComments)
	if err != nil {
		return nil
	}
	out := map[string]importUse{}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT {
			continue
		}
		for _, s := range g.Specs {
			spec, node, text := s.(*ast.ImportSpec), ast.Node(s), ""
			if strings.Contains(spec.Path.Value, ".") {
				text = "_ " + spec.Path.Value
			} else if len(g.Specs) == 1 {
				node = g
			}
			start, end := fset.Position(node.Pos()).Offset, fset.Position(node.End()).Offset
			out[importName(spec)] = importUse{unnamed: edit{start: start, end: end, text: text}}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && id.Obj == nil { //nolint:staticcheck // what is declared in the file is no import
				if u, ok := out[id.Name]; ok {
					u.uses++
					out[id.Name] = u
				}
			}
		}
		return true
	})
	return out
}

// importName guesses the name of a package from its path. Where the guess is
// wrong the name is never used, and the import stays.
func importName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	p := strings.Trim(spec.Path.Value, "`\"")
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(p))
	}
	return base
}
