package sqlshape_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/rules/phi"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// clinic is the schema of the cases: patients, visits and users are told from
// drugs by their classes.
func clinic() *phi.Schema {
	columns := func(names string) []phi.Column {
		var out []phi.Column
		for n := range strings.FieldsSeq(names) {
			name, typ, _ := strings.Cut(n, ":")
			if typ == "" {
				typ = "text"
			}
			out = append(out, phi.Column{Name: name, Type: typ})
		}
		return out
	}
	return phi.Default().Classify([]phi.Table{
		{Schema: "public", Name: "patients", Columns: columns("id:bigint ssn mrn first_name last_name date_of_birth:date phone email status created_at:timestamptz data:jsonb")},
		{Schema: "public", Name: "visits", Columns: columns("id:bigint patient_id:bigint diagnosis visit_date:date clinic_id:bigint state")},
		{Schema: "public", Name: "drugs", Columns: columns("id:bigint name code")},
		{Schema: "public", Name: "clinics", Columns: columns("id:bigint name city")},
	}, []string{"hipaa"})
}

// template reads a text with holes written as «», with what is known of the
// hole inside: a verb, and n numeric, Q quoted, I identifier, R repeated,
// or choices after a colon: «s», «dn», «:ASC|DESC».
func template(s string) []sqlshape.Part {
	var parts []sqlshape.Part
	for id := 1; ; id++ {
		text, rest, ok := strings.Cut(s, "«")
		if text != "" {
			parts = append(parts, sqlshape.Text(text))
		}
		if !ok {
			return parts
		}
		flags, rest, _ := strings.Cut(rest, "»")
		p := sqlshape.HolePart(id)
		flags, choices, ok := strings.Cut(flags, ":")
		if ok {
			p.Choices = strings.Split(choices, "|")
		}
		for _, f := range flags {
			switch f {
			case 'n':
				p.Numeric = true
			case 'Q':
				p.Quoted = true
			case 'I':
				p.Ident = true
			case 'R':
				p.Repeat = true
			default:
				p.Verb = f
			}
		}
		parts = append(parts, p)
		s = rest
	}
}

// mark writes a column with ! for PHI and # for the key of a patient.
func mark(c sqlshape.ColumnRef) string {
	s := c.Qualified()
	if c.Class.PHI() {
		s += "!"
	}
	if c.Key {
		s += "#"
	}
	return s
}

var access = [...]string{"", "reads", "compares", "reads+compares", "writes", "reads+writes", "compares+writes", "reads+compares+writes"}

// describe writes what the tests look at.
func describe(s *sqlshape.Shape) string {
	var lines []string
	add := func(format string, args ...any) {
		lines = append(lines, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	head := s.Command
	if head == "" {
		head = [...]string{"text", "statement", "condition", "order", "columns", "tables", "assignments", "expression"}[s.Fragment]
	}
	if !s.OK {
		head += " (in pieces)"
	}
	if len(s.Tables) > 0 {
		head += " of " + strings.Join(s.Tables, ", ")
	}
	if s.Placeholders > 0 {
		head += fmt.Sprintf(", %d %v", s.Placeholders, s.Style)
	}
	add("%s", head)
	for _, h := range s.Holes {
		words := ""
		if !h.Parsed && h.Role != sqlshape.Constant && h.Role != sqlshape.Placeholder && h.Role != sqlshape.Comment {
			words = " by words"
		}
		if h.Setting != "" {
			words += " " + h.Setting
		}
		add("  hole %d: %v%s %s", h.ID, h.Role, words, mark(h.ColumnRef))
	}
	for _, p := range s.Params {
		if p.Class.PHI() || p.Key {
			add("  param %d%s: %s", p.Number, p.Name, mark(p.ColumnRef))
		}
	}
	for _, l := range s.Literals {
		kind := l.Detection.Kind
		if l.Placeholder {
			kind += " placeholder"
		}
		add("  literal at %d:%d+%d: %s %s", l.Part, l.Offset, l.Len, mark(l.ColumnRef), kind)
	}
	for _, t := range s.Touches {
		add("  %s %s", access[t.Access], mark(t.ColumnRef))
	}
	for _, x := range s.Settings {
		add("  sets %q local=%v call=%v", x.Name, x.Local, x.Call)
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestShapes holds every case of testdata/*.txt: a text on lines that start
// with "> ", then what is found in it. Files named schema_* are judged with
// the schema of the clinic, the others by names alone.
func TestShapes(t *testing.T) {
	for _, file := range []string{"statements.txt", "fragments.txt", "dialects.txt", "clean.txt", "schema_columns.txt", "settings.txt", "pieces.txt"} {
		t.Run(file, func(t *testing.T) {
			c := sqlshape.Context{Hints: []string{"hipaa"}} // a program known to be about health
			if strings.HasPrefix(file, "schema_") {
				c.Schema = clinic()
			}
			golden(t, "testdata/"+file, func(text string) string {
				return describe(c.Analyze(template(text)))
			})
		})
	}
}

// golden runs each case of a file and compares it with what the file says.
func golden(t *testing.T, name string, run func(text string) string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cases := 0
	for block := range strings.SplitSeq(strings.TrimRight(string(data), "\n")+"\n", "\n\n") {
		var head, text, want strings.Builder
		for line := range strings.Lines(strings.TrimRight(block, "\n") + "\n") {
			switch rest, ok := strings.CutPrefix(line, "> "); {
			case ok:
				text.WriteString(rest)
				head.WriteString(line)
			case strings.HasPrefix(line, "#"):
				head.WriteString(line)
			default:
				want.WriteString(line)
			}
		}
		if text.Len() == 0 {
			out.WriteString(head.String() + "\n")
			continue
		}
		cases++
		got := run(strings.TrimSuffix(text.String(), "\n"))
		if diff := cmp.Diff(want.String(), got); diff != "" && !*update {
			t.Errorf("%s(-want +got):\n%s", head.String(), diff)
		}
		out.WriteString(head.String() + got + "\n")
	}
	if cases == 0 {
		t.Errorf("%s has no case", name)
	}
	if *update {
		if err := os.WriteFile(name, append(bytes.TrimRight(out.Bytes(), "\n"), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
