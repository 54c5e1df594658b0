package phi_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules/phi"
)

// TestGolden holds the identifiers that any change of the lexicon must keep.
// They are one schema: the tables give each other context.
func TestGolden(t *testing.T) {
	data, err := os.ReadFile("testdata/gold_identifiers.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var tables []phi.Table
	at := make(map[string]int)
	type want struct{ table, column, tier, category string }
	var wants []want
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(f) != 5 {
			continue
		}
		i, ok := at[f[0]]
		if !ok {
			i = len(tables)
			at[f[0]] = i
			tables = append(tables, phi.Table{Schema: "public", Name: f[0]})
		}
		tables[i].Columns = append(tables[i].Columns, phi.Column{Name: f[1], Type: f[2]})
		wants = append(wants, want{f[0], f[1], f[3], f[4]})
	}
	if len(wants) != 61 {
		t.Fatalf("read %d golden identifiers, want 61", len(wants))
	}
	s := phi.Default().Classify(tables, nil)
	for _, w := range wants {
		got, ok := s.Table("", w.table).Column(w.column)
		if !ok {
			t.Errorf("%s.%s: column is lost", w.table, w.column)
			continue
		}
		if !tierIn(got.Tier, w.tier) || w.category != "-" && got.Tier > 0 && string(got.Category) != w.category {
			t.Errorf("%s.%s: got tier %d %s (%s), want tier %s %s", w.table, w.column, got.Tier, got.Category, got.Reason, w.tier, w.category)
		}
	}
}

// tierIn reads "2", "2+" and "0..1".
func tierIn(tier int, want string) bool {
	low, high, ranged := strings.Cut(want, "..")
	if s, plus := strings.CutSuffix(low, "+"); plus {
		low, high, ranged = s, "3", true
	}
	if !ranged {
		high = low
	}
	a, _ := strconv.Atoi(low)
	b, _ := strconv.Atoi(high)
	return tier >= a && tier <= b
}
