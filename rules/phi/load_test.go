package phi_test

import (
	"strings"
	"testing"

	"github.com/phivet/phivet/rules/phi"
)

func TestBuiltinDataLoads(t *testing.T) {
	if _, err := phi.Load(phi.Config{}); err != nil {
		t.Fatal(err)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  phi.Config
		want string // part of the error
	}{
		{"no colon", phi.Config{Terms: []string{"apodo"}}, `terms[0] "apodo": no colon`},
		{"second entry", phi.Config{Terms: []string{"MRN: folder number", "NAMES: apodo"}}, `terms[1] "NAMES: apodo": unknown rule "NAMES"`},
		{"empty pattern", phi.Config{Terms: []string{"MRN: folder number |"}}, "empty pattern of MRN"},
		{"only optional", phi.Config{Terms: []string{"MRN: folder?"}}, "matches the empty name"},
		{"too many", phi.Config{Terms: []string{"MRN: " + strings.Repeat("a/b/c/d ", 8)}}, "too many alternatives"},
		{"word set", phi.Config{Terms: []string{"words nohead: x"}}, `unknown word set "nohead"`},
		{"health", phi.Config{Health: "maybe"}, `health "maybe": use auto, on or off`},
		{"category", phi.Config{Columns: map[string]string{"a.b": "NAMES"}}, `columns "a.b": unknown category "NAMES"`},
		{"first in order", phi.Config{Tables: map[string]string{"b": "x", "a": "y", "c": "z"}}, `tables "a"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := phi.Load(test.cfg)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Load: got error %v, want one with %q", err, test.want)
			}
		})
	}
}
