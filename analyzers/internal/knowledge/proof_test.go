package knowledge_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/rules/ruletest/pgtest"
)

var update = flag.Bool("update", false, "write testdata/prints.txt anew from what the drivers print")

// An observation is what testdata/proof saw: which forms of an error, or of a
// logger's output, show a value.
type observation struct {
	Name  string
	Shows map[string]bool
	Text  string
}

// plain are the ways to print an error that come down to its Error method.
var plain = []string{"%v", "%s", "%+v", "Error()", "slog", "zap.Any", "wrapped %v", "wrapped %+v"}

// line tells an observation in one line, the forms that show the value last.
func (o observation) line() string {
	var shown []string
	all, any := true, false
	for _, form := range plain {
		all, any = all && o.Shows[form], any || o.Shows[form]
	}
	if all {
		shown = append(shown, "text")
	}
	for form, shows := range o.Shows {
		if shows && (any && !all || !slices.Contains(plain, form)) {
			shown = append(shown, form)
		}
	}
	slices.Sort(shown)
	if len(o.Shows) == 0 {
		shown = []string{o.Text}
	}
	return strings.TrimSpace(o.Name + ": " + strings.Join(slices.Compact(shown), ", "))
}

// TestProof holds what phivet believes about errors and query loggers against
// what they print, on a real server: a driver that begins to print more, or
// less, fails it.
func TestProof(t *testing.T) {
	observations := observe(t)
	t.Run("forms", func(t *testing.T) { compareForms(t, observations) })
	t.Run("functions", func(t *testing.T) { compareFunctions(t, observations) })
	t.Run("fields", func(t *testing.T) { compareFields(t, observations) })
}

// observe runs testdata/proof against a server.
func observe(t *testing.T) []observation {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles drivers and starts a server")
	}
	server := pgtest.Start(t, 15)
	run := exec.Command("go", "run", ".")
	run.Dir = "testdata/proof"
	run.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "LC_ALL=C", "TZ=UTC", "PHIVET_PROOF_SOCKET="+server.Socket())
	var out, failure bytes.Buffer
	run.Stdout, run.Stderr = &out, &failure
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, failure.String())
	}
	var all []observation
	for d := json.NewDecoder(&out); d.More(); {
		var o observation
		if err := d.Decode(&o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// compareForms compares everything with the file that a person has read.
func compareForms(t *testing.T, observations []observation) {
	const file = "testdata/prints.txt"
	var lines []string
	for _, o := range observations {
		lines = append(lines, o.line())
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	want, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if *update {
		want = []byte(got)
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("what shows a value (-want +got):\n%s", diff)
	}
}

// compareFunctions requires the data to say of every function whether its
// error quotes the parameter.
func compareFunctions(t *testing.T, observations []observation) {
	base, err := knowledge.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, o := range observations {
		at := strings.LastIndexByte(o.Name, '.')
		if strings.Contains(o.Name, " ") || at < 0 || len(o.Shows) == 0 {
			continue
		}
		seen[o.Name] = true
		claimed := slices.ContainsFunc(base.Lookup(o.Name[:at]), func(e knowledge.Entry) bool {
			return e.Kind == knowledge.Error && e.Param == o.Name[at+1:]
		})
		if claimed != o.Shows["%v"] {
			t.Errorf("error of %s quotes its argument: the data says %t, it printed %q", o.Name, claimed, o.Text)
		}
	}
	for _, function := range base.Functions() {
		for _, e := range base.Lookup(function) {
			if name := function + "." + e.Param; e.Kind == knowledge.Error && !seen[name] {
				t.Errorf("the data says that the error quotes %s, and testdata/proof does not try it", name)
			}
		}
	}
}

// compareFields requires each field that phivet takes for harmless to be so,
// and each other to have been seen with a value.
func compareFields(t *testing.T, observations []observation) {
	for _, driver := range []string{"pgx ", "pq "} {
		seen := map[string]bool{}
		for _, o := range observations {
			for form, shows := range o.Shows {
				if shows && strings.HasPrefix(o.Name, driver) && strings.IndexFunc(form, isUpper) == 0 {
					seen[form] = true
				}
			}
		}
		for _, whole := range []string{"Error()", "ErrorWithDetail", "JSON", "Message"} {
			delete(seen, whole)
		}
		if diff := cmp.Diff(knowledge.DetailFields, seen); diff != "" {
			t.Errorf("fields of %serrors that hold values (-phivet +seen):\n%s", driver, diff)
		}
	}
}

func isUpper(r rune) bool { return 'A' <= r && r <= 'Z' }
