package catalog_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules/ruletest/pgtest"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/pgread"
	"github.com/phivet/phivet/sqlscan/internal/source"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// TestOracleHistories holds the replay against real servers on whole projects.
// Their SQL is not part of this repository, so it compares what the variables
// name, and nothing when they are not set:
//
//	PHIVET_HISTORIES=/src/project:/src/other go test -run OracleHistories -v ./sqlscan/internal/catalog
//
// An entry is a folder, searched as phivet searches it, or one SQL file.
// PHIVET_HISTORIES_BEFORE names an SQL file with what the databases of a
// hosting service start with. Roles and schemas that a history uses and never
// creates are made before it runs.
func TestOracleHistories(t *testing.T) {
	roots := filepath.SplitList(os.Getenv("PHIVET_HISTORIES"))
	if len(roots) == 0 {
		t.Log("PHIVET_HISTORIES names no project: nothing to compare")
		return
	}
	var before []byte
	if name := os.Getenv("PHIVET_HISTORIES_BEFORE"); name != "" {
		before = []byte(readFile(t, name))
	}
	for _, major := range pgtest.Majors {
		t.Run(strconv.Itoa(major), func(t *testing.T) {
			server := pgtest.Start(t, major)
			for _, root := range roots {
				for _, h := range projectHistories(t, root) {
					t.Run(filepath.Base(root)+"/"+h.Dir, func(t *testing.T) {
						f := &foreign{session: pgread.NewSession(server.Database(t)), catalog: catalog.New()}
						f.prepare(t, before, h.Files)
						for i := range h.Files {
							f.apply(t, h.Files[i].Path, h.Files[i].SQL)
						}
						f.judge(t, h.Tool, len(h.Files))
					})
				}
			}
		})
	}
}

func projectHistories(t *testing.T, root string) []source.History {
	t.Helper()
	options := source.FindOptions{Root: root}
	if info, err := os.Stat(root); err == nil && info.Mode().IsRegular() {
		options = source.FindOptions{Root: filepath.Dir(root), Paths: []string{root}}
	}
	histories, notices, err := source.Find(options)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notices {
		t.Logf("%s: %s", n.File, n.Message)
	}
	if len(histories) == 0 {
		t.Errorf("%s: no history", root)
	}
	return histories
}

// A foreign history runs on a server and in the replay side by side.
type foreign struct {
	session    *pgread.Session
	catalog    *catalog.Catalog
	statements int
	unparsed   int
	refused    []string
}

// prepare makes what the history takes for granted.
func (f *foreign) prepare(t *testing.T, before []byte, files []source.File) {
	t.Helper()
	f.apply(t, "before.sql", before)
	draft := catalog.New()
	draft.Replay("before.sql", before, pgparse.Parse(before))
	for i := range files {
		draft.Replay(files[i].Path, files[i].SQL, pgparse.Parse(files[i].SQL))
	}
	var b bytes.Buffer
	for _, r := range draft.Roles() {
		if r.Ghost && r.Name != catalog.Public && !strings.HasPrefix(r.Name, "pg_") {
			fmt.Fprintf(&b, "CREATE ROLE %s;\n", quoted(r.Name))
		}
	}
	for name, s := range draft.Schemas {
		if s.Ghost && !strings.HasPrefix(name, "pg_") && name != "information_schema" {
			fmt.Fprintf(&b, "CREATE SCHEMA %s;\n", quoted(name))
		}
	}
	f.apply(t, "ghosts.sql", b.Bytes())
	f.statements, f.unparsed, f.refused = 0, 0, nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// apply runs one file on the server and replays what the server took of it, in
// its place: the rest is blanked.
func (f *foreign) apply(t *testing.T, path string, sql []byte) {
	t.Helper()
	sql = bytes.Clone(sql)
	for _, s := range pgparse.Parse(sql) {
		f.statements++
		if s.Err != nil {
			f.unparsed++
			continue
		}
		text := string(sql[s.Start:s.End])
		if s.Node.GetCopyStmt() != nil {
			continue // changes no catalog and would wait for its rows
		}
		if err := f.session.Apply(t, text); err != nil {
			f.refused = append(f.refused, fmt.Sprintf("%s: %s: %s", path, err.Message, firstLine(text)))
			copy(sql[s.Start:s.End], bytes.Repeat([]byte(" "), s.End-s.Start))
		}
	}
	f.session.EndFile(t)
	f.catalog.Replay(path, sql, pgparse.Parse(sql))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line[:min(len(line), 120)]
}

// judge compares the two ends and says how much was compared.
func (f *foreign) judge(t *testing.T, tool string, files int) {
	t.Helper()
	server, replayed := f.session.Snapshot(t), f.catalog.Snapshot()
	for _, r := range f.refused {
		t.Logf("refused: %s", r)
	}
	for _, s := range f.catalog.Unmodelled {
		t.Logf("not modelled: %s (%s:%d)", s.What, s.At.File, s.At.Start)
	}
	objects, differences := objectDifferences(server, replayed)
	t.Logf("SUMMARY %s: %d files, %d statements (%d not parsed), %d refused by the server, %d objects compared, %d disagreements",
		tool, files, f.statements, f.unparsed, len(f.refused), objects, len(differences))
	for _, d := range differences {
		t.Error(d)
	}
}

// objectDifferences compares the parts of two snapshots object by object, so
// that one object too many does not hide the others. A type that the replay
// does not know counts as equal.
func objectDifferences(server, replayed *catalog.Snapshot) (objects int, out []string) {
	types := map[string]string{}
	for _, c := range server.Columns {
		types[c.Schema+"\x00"+c.Table+"\x00"+c.Name] = c.Type
	}
	for i := range replayed.Columns {
		if c := &replayed.Columns[i]; c.Type == "" {
			c.Type = types[c.Schema+"\x00"+c.Table+"\x00"+c.Name]
		}
	}
	want, have := reflect.ValueOf(*server), reflect.ValueOf(*replayed)
	for i := range want.NumField() {
		part := want.Type().Field(i).Name
		count := map[string]int{}
		for k := range want.Field(i).Len() {
			count[fmt.Sprintf("%+v", want.Field(i).Index(k))]++
			objects++
		}
		for k := range have.Field(i).Len() {
			count[fmt.Sprintf("%+v", have.Field(i).Index(k))]--
		}
		var lines []string
		for text, n := range count {
			switch {
			case n > 0:
				lines = append(lines, text+" on the server only: "+part)
			case n < 0:
				lines = append(lines, text+" replayed only: "+part)
			}
		}
		slices.Sort(lines)
		out = append(out, lines...)
	}
	return objects, out
}
