package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules/ruletest"
)

// indexes is the number of entries that a run may add without analysing
// anything: the go command notes what a directory holds once its files are two
// seconds old, and the clones have two.
const indexes = 2

// TestSharedCache lets two clones of a module, at different places, share a
// cache through GOCACHEPROG. A repeat analyses nothing anew. The other clone
// analyses its own packages and takes what they import from the cache; moved to
// the first one's place, as clones of a CI system are, it takes everything. Each
// is told its own paths, with -trimpath in GOFLAGS too.
func TestSharedCache(t *testing.T) {
	base := t.TempDir()
	if real, err := filepath.EvalSymlinks(base); err == nil {
		base = real
	}
	program := filepath.Join(base, "cacheprog")
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/cacheprog").CombinedOutput(); err != nil {
		t.Fatalf("building cacheprog: %v\n%s", err, out)
	}
	for _, goflags := range []string{"", "-trimpath"} {
		t.Run("GOFLAGS="+goflags, func(t *testing.T) {
			dir := t.TempDir()
			c := &clones{t: t, phivet: filepath.Join(binDir, "phivet"), statistics: filepath.Join(dir, "statistics")}
			c.env = append(os.Environ(), "GOFLAGS="+goflags, "GOPROXY=off", "GOTOOLCHAIN=local", "XDG_CACHE_HOME="+filepath.Join(dir, "home"),
				fmt.Sprintf("GOCACHEPROG=%s %s %s", program, filepath.Join(dir, "cache"), c.statistics))
			one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
			c.write(one)
			c.write(two)

			if _, misses, _ := c.check(one); misses == 0 {
				t.Error("an empty cache has answered")
			}
			hits, misses, puts := c.check(one)
			if hits == 0 || puts > indexes {
				t.Errorf("a repeat: %d hits, %d misses, %d new; want nothing analysed", hits, misses, puts)
			}
			full := hits
			hits, _, puts = c.check(two)
			// Its two packages are compiled where another one imports them, and
			// analysed; the go command keeps a few entries for each.
			if hits == 0 || puts > 8+indexes {
				t.Errorf("another clone: %d hits, %d new; want what is imported to be a hit", hits, puts)
			}
			c.rename(one, filepath.Join(dir, "away"))
			c.rename(two, one)
			if hits, _, puts = c.check(one); hits < full-indexes || puts > indexes {
				t.Errorf("a clone at the place of the first: %d hits, %d new; want %d hits and nothing analysed", hits, puts, full)
			}
		})
	}
}

type clones struct {
	t          *testing.T
	phivet     string
	statistics string
	env        []string
}

// write makes a clone. Its packages import nothing of the standard library,
// which would have to be analysed first: the shape of a method tells that it
// runs queries.
func (c *clones) write(dir string) {
	c.t.Helper()
	ruletest.Files{
		"go.mod":       "module example.com/clinic\n\ngo 1.26\n",
		"db/001.sql":   "CREATE TABLE patients (id uuid PRIMARY KEY, ssn text);\n",
		"run/run.go":   "package run\n\n// DB runs queries.\ntype DB interface{ Query(query string, args ...any) error }\n",
		"who/find.go":  "package who\n\nimport \"example.com/clinic/run\"\n\n// Find composes a query.\nfunc Find(db run.DB, ssn string) error {\n\treturn db.Query(\"SELECT id FROM patients WHERE ssn = '\" + ssn + \"'\")\n}\n",
		".phivet.toml": "[phi]\nhealth = \"on\"\n",
	}.WriteTo(c.t, dir)
}

func (c *clones) rename(from, to string) {
	c.t.Helper()
	if err := os.Rename(from, to); err != nil {
		c.t.Fatal(err)
	}
}

// check runs phivet check in a clone, expects the finding under its path, and
// returns what the cache was asked by the go vet in it.
func (c *clones) check(dir string) (hits, misses, puts int) {
	c.t.Helper()
	if err := os.RemoveAll(c.statistics); err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.Command(c.phivet, "check")
	cmd.Dir, cmd.Env = dir, c.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // exit 1 says that there are findings
	if !strings.Contains(string(out), "\nwho/find.go:7:18: critical PHI101 ssn ") {
		c.t.Fatalf("phivet check in %s:\n%s%s", dir, out, stderr.String())
	}
	lines, err := os.ReadFile(c.statistics)
	if err != nil {
		c.t.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		var h, m, p int
		if _, err := fmt.Sscan(line, &h, &m, &p); err != nil {
			c.t.Fatal(err)
		}
		hits, misses, puts = hits+h, misses+m, puts+p
	}
	return hits, misses, puts
}
