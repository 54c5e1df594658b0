package phi_test

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestNameLists: the lists are searched in place, so they must be sorted, and
// a word of the stop list in one of them would undo it.
func TestNameLists(t *testing.T) {
	read := func(file string) []string {
		data, err := os.ReadFile("data/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(string(data))
	}
	stop := make(map[string]bool)
	for _, w := range read("notnames.txt") {
		stop[w] = true
	}
	for _, file := range []string{"given.txt", "surnames_top.txt", "surnames_rest.txt"} {
		words := read(file)
		if len(words) < 1000 || !slices.IsSorted(words) {
			t.Errorf("%s: %d words, sorted: %v", file, len(words), slices.IsSorted(words))
		}
		for _, w := range words {
			if stop[w] || len(w) < 3 || strings.ToLower(w) != w {
				t.Errorf("%s: %q does not belong there", file, w)
			}
		}
	}
}
