package sqlshape_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
)

// rewritten writes a text with its holes by number and the new arguments.
func rewritten(r *sqlshape.Rewrite) string {
	if !r.OK {
		return "no: " + r.Reason + "\n"
	}
	var b strings.Builder
	for _, p := range r.Parts {
		switch {
		case p.Hole && len(p.Choices) > 0:
			fmt.Fprintf(&b, "«:%s»", strings.Join(p.Choices, "|"))
		case p.Hole:
			fmt.Fprintf(&b, "«%d»", p.ID)
		default:
			b.WriteString(p.Text)
		}
	}
	b.WriteByte('\n')
	for _, a := range r.Args {
		fmt.Fprintf(&b, "  %s at %d", a.Placeholder, a.Index)
		if a.Name != "" {
			b.WriteString(" named " + a.Name)
		}
		b.WriteString(" =")
		for _, p := range a.Pieces {
			if p.Hole {
				fmt.Fprintf(&b, " «%d»", p.ID)
			} else {
				fmt.Fprintf(&b, " %q", p.Text)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestRewrite puts placeholders in the place of all value holes and checks
// that the text it gives has none of them left.
func TestRewrite(t *testing.T) {
	styles := map[string]sqlshape.Style{"dollar": sqlshape.Dollar, "question": sqlshape.Question, "colon": sqlshape.Colon, "at": sqlshape.At}
	golden(t, "testdata/rewrites.txt", func(text string) string {
		name, text, _ := strings.Cut(text, " ")
		parts := template(text)
		before := sqlshape.Analyze(parts, nil)
		var ids []int
		for _, h := range before.Holes {
			if h.Role.IsValue() {
				ids = append(ids, h.ID)
			}
		}
		r := sqlshape.Context{}.Rewrite(parts, ids, styles[name])
		if r.OK {
			for _, h := range sqlshape.Analyze(r.Parts, nil).Holes {
				if h.Role.IsValue() {
					t.Errorf("%s: hole %d is still a value", text, h.ID)
				}
			}
		}
		return rewritten(r)
	})
}

// TestRewriteOne leaves the holes alone that are not asked for.
func TestRewriteOne(t *testing.T) {
	parts := template("UPDATE patients SET ssn = '«s»', state = '«s»' WHERE mrn = $1")
	r := sqlshape.Context{}.Rewrite(parts, []int{1}, sqlshape.Dollar)
	want := "UPDATE patients SET ssn = $2, state = '«2»' WHERE mrn = $1\n  $2 at 1 = «1»\n"
	if got := rewritten(r); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	if r.Existing != 1 {
		t.Errorf("existing arguments: got %d, want 1", r.Existing)
	}
}
