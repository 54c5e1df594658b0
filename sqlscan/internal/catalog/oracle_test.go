package catalog_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/phivet/phivet/rules/ruletest/pgtest"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/pgread"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

var (
	oracleSeed       = flag.Uint64("oracle.seed", 1, "seed of the generated histories")
	oracleStatements = flag.Int("oracle.statements", 10_000, "how many generated statements to run on each server")
)

// historyLength is long enough for objects to be renamed, dropped and made anew
// under the same name, and short enough to be shrunk quickly.
const historyLength = 60

// maxReports bounds the output: the first disagreements explain the rest.
const maxReports = 5

// TestOracleGenerated holds the replay against real servers on generated
// histories. What a server refuses is left out of the history, because the
// replay trusts what it reads.
func TestOracleGenerated(t *testing.T) {
	for _, major := range pgtest.Majors {
		t.Run(strconv.Itoa(major), func(t *testing.T) {
			t.Parallel()
			server := pgtest.Start(t, major)
			session := pgread.NewSession(server.Database(t))
			t.Logf("-oracle.seed=%d -oracle.statements=%d", *oracleSeed, *oracleStatements)
			var ran, accepted, reports int
			for n := 0; ran < *oracleStatements && reports < maxReports; n++ {
				g := newGenerator(rand.New(rand.NewPCG(*oracleSeed, uint64(n))))
				history := g.history(historyLength)
				kept, diff := disagree(t, session, history)
				ran, accepted = ran+len(history), accepted+len(kept)
				if diff == "" {
					continue
				}
				reports++
				kept, diff = shrink(t, session, kept, diff)
				t.Errorf("history %d: the replay disagrees (-server +replay) after\n%s;\n%s", n, strings.Join(kept, ";\n"), diff)
			}
			t.Logf("%d statements, %d accepted by the server", ran, accepted)
			if reports == 0 && accepted < ran/3 {
				t.Errorf("the server accepted %d of %d statements: the generator is off", accepted, ran)
			}
		})
	}
}

// disagree runs the history on the server and in the replay. It returns the
// statements that the server took, and how the two states differ.
func disagree(t *testing.T, session *pgread.Session, history []string) (kept []string, diff string) {
	t.Helper()
	session.Begin(t)
	defer session.Rollback(t)
	for _, sql := range history {
		if session.Apply(t, sql) == nil {
			kept = append(kept, sql)
		}
	}
	server := session.Snapshot(t)
	return kept, compare(server, replay(strings.Join(kept, ";\n")))
}

func replay(files ...string) *catalog.Snapshot {
	c := catalog.New()
	for i, text := range files {
		src := []byte(text)
		c.Replay(fmt.Sprintf("%03d.sql", i+1), src, pgparse.Parse(src))
	}
	return c.Snapshot()
}

// compare returns how the states differ. A type that the replay does not know,
// that of an expression in a view, counts as equal: it says so by "".
func compare(server, replayed *catalog.Snapshot) string {
	if len(server.Columns) == len(replayed.Columns) {
		for i := range replayed.Columns {
			if replayed.Columns[i].Type == "" {
				replayed.Columns[i].Type = server.Columns[i].Type
			}
		}
	}
	return cmp.Diff(server, replayed, cmpopts.EquateEmpty())
}

// shrink drops statements as long as a disagreement is left: halves first, then
// single ones until none can go.
func shrink(t *testing.T, session *pgread.Session, history []string, diff string) ([]string, string) {
	t.Helper()
	for size := len(history) / 2; size >= 1; {
		shorter := false
		for at := 0; at < len(history); {
			end := min(at+size, len(history))
			kept, d := disagree(t, session, slices.Delete(slices.Clone(history), at, end))
			if d == "" {
				at = end
				continue
			}
			history, diff, shorter = kept, d, true
		}
		if size > 1 {
			size /= 2
		} else if !shorter {
			break
		}
	}
	return history, diff
}

// TestOracleFiles holds the replay against real servers on written histories:
// those below testdata/oracle, the input files of every SQL rule's test cases
// and the sample project's migrations.
func TestOracleFiles(t *testing.T) {
	histories := writtenHistories(t)
	for _, major := range pgtest.Majors {
		t.Run(strconv.Itoa(major), func(t *testing.T) {
			t.Parallel()
			server := pgtest.Start(t, major)
			shared := pgread.NewSession(server.Database(t))
			for _, h := range histories {
				t.Run(h.name, func(t *testing.T) {
					session := shared
					if h.commits {
						session = pgread.NewSession(server.Database(t))
					} else {
						session.Begin(t)
						defer session.Rollback(t)
					}
					var kept strings.Builder
					for _, sql := range h.statements {
						if err := session.Apply(t, sql); err == nil {
							kept.WriteString(sql + "\n;\n")
						} else if h.strict {
							t.Errorf("the server refuses %q: %v", sql, err)
						}
					}
					if diff := compare(session.Snapshot(t), replay(kept.String())); diff != "" {
						t.Errorf("the replay disagrees (-server +replay) after\n%s\n%s", kept.String(), diff)
					}
				})
			}
		})
	}
}

// A history is a sequence of statements; a strict one must run as a whole. One
// that commits cannot run inside a transaction and needs a database of its own,
// which costs a hundred times as much.
type history struct {
	name            string
	statements      []string
	strict, commits bool
}

func (h *history) add(text string) {
	for _, s := range pgparse.Parse([]byte(text)) {
		// What does not parse are psql commands and the like. COPY changes no
		// catalog and would wait for its rows.
		if s.Err != nil || s.Node.GetCopyStmt() != nil {
			continue
		}
		h.commits = h.commits || s.Node.GetTransactionStmt() != nil
		h.statements = append(h.statements, text[s.Start:s.End])
	}
}

func writtenHistories(t *testing.T) []history {
	t.Helper()
	var out []history
	for _, pattern := range []string{"testdata/oracle/*.sql", "../../checks/testdata/*/*.txtar"} {
		paths, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no file matches %s (%v)", pattern, err)
		}
		for _, path := range paths {
			text := readFile(t, path)
			dir := filepath.Base(filepath.Dir(path))
			h := history{name: dir + "/" + filepath.Base(path), strict: filepath.Ext(path) == ".sql"}
			if !h.strict {
				text = sqlFiles(text)
			}
			h.add(text)
			out = append(out, h)
		}
	}
	clinic, err := filepath.Glob(filepath.FromSlash("../../../testdata/clinic/migrations/*.up.sql"))
	if err != nil || len(clinic) == 0 {
		t.Fatalf("no migrations of the clinic (%v)", err)
	}
	whole := history{name: "clinic"}
	for _, path := range clinic {
		whole.add(readFile(t, path))
	}
	return append(out, whole)
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// sqlFiles joins the .sql sections of a txtar archive in their order.
func sqlFiles(archive string) string {
	var b strings.Builder
	copying := false
	for line := range strings.Lines(archive) {
		if name, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(line, " --\n") {
			copying = strings.HasSuffix(strings.TrimSuffix(name, " --\n"), ".sql")
			continue
		}
		if copying {
			b.WriteString(line)
		}
	}
	return b.String()
}
