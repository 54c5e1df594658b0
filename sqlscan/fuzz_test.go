package sqlscan

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan/internal/source"
)

// FuzzScan replays and judges any text. The seeds are the examples of all
// pages, so that every check has something to mutate.
func FuzzScan(f *testing.F) {
	for _, r := range Rules() {
		bad, good, err := ruletest.Examples(r, "001.sql")
		if err != nil {
			continue // a page about something that is not SQL
		}
		for _, files := range []ruletest.Files{bad, good} {
			for _, text := range files {
				f.Add(text)
			}
		}
	}
	f.Add("CREATE TABLE a (LIKE a);ALTER TABLE a INHERIT a;CREATE VIEW a AS SELECT * FROM a;GRANT a TO a;DROP TABLE a")
	f.Add(`CREATE TABLE "_" (id int REFERENCES patients, note text); CREATE TABLE patients (id int PRIMARY KEY, "12" int REFERENCES "_", ssn text)`)
	lexicon := phi.Default()
	f.Fuzz(func(t *testing.T, text string) {
		h := newHistory(&source.History{Dir: ".", Files: []source.File{{Path: "001.sql", Content: []byte(text), SQL: []byte(text)}}})
		if err := parseAhead(t.Context(), nil, h.source.Files, h.replay); err != nil {
			t.Fatal(err)
		}
		s := &scan{lexicon: lexicon, histories: []*history{h}}
		schema := classify(s.histories, lexicon)
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, x := range s.pass(h, schema).Run() {
			if len(x.Message) > 100 || !utf8.ValidString(x.Message) || strings.ContainsAny(x.Message, "\n\r") {
				t.Errorf("%s says %q", x.Rule.ID, x.Message)
			}
			if x.Span.File == "001.sql" && (x.Span.Start.Line < 1 || x.Span.Start.Line > lines || x.Span.End.Line > lines) {
				t.Errorf("%s stands at lines %d to %d of %d", x.Rule.ID, x.Span.Start.Line, x.Span.End.Line, lines)
			}
		}
	})
}
