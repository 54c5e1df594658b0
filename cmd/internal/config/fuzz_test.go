package config_test

import (
	"strings"
	"testing"

	"github.com/phivet/phivet/cmd/internal/config"
)

// FuzzParse holds that any text gives a configuration or an error with a
// place, and that the error does not repeat what stands in the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"fail-on = \"high\"\n", "[phi]\nterms = [\"x\"]\nhealth = \"on\"\n", "[migrations]\npaths = [\"a\"]\n", "[severity]\nPHI501 = \"low\"\n",
		"a = '412-55-2931'\n", "[[x]]\n", "x = \"", "\xff", "[phi.tables]\n\"a.b\" = \"none\"\n",
	} {
		f.Add(s)
	}
	known := func(id string) bool { return strings.HasPrefix(id, "PHI") }
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.Parse([]byte(text), known)
		if (c == nil) == (err == nil) {
			t.Fatalf("configuration %v and error %v", c, err)
		}
		if err != nil && strings.Contains(err.Error(), "412-55-2931") {
			t.Errorf("the error repeats the text: %v", err)
		}
		if c != nil {
			c.Excluded("a/b.sql")
			c.Lexicon()
		}
	})
}
