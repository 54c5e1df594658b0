package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

func replayed(files ...string) *catalog.Catalog {
	c := catalog.New()
	for i, text := range files {
		c.Replay(fmt.Sprintf("%03d.sql", i+1), []byte(text), pgparse.Parse([]byte(text)))
	}
	return c
}

// outline writes what access rules look at: each table with its columns, its
// row security and where that was set.
func outline(c *catalog.Catalog) string {
	var b strings.Builder
	for _, t := range c.Tables() {
		fmt.Fprintf(&b, "%s %s(", t.Kind, t.Name)
		for i, col := range t.Columns {
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString(col.Name)
		}
		b.WriteString(")")
		if t.Ghost {
			b.WriteString(" ghost")
		}
		if t.RowSecurity.On {
			fmt.Fprintf(&b, " rls@%s:%d", t.RowSecurity.Set.File, t.RowSecurity.Set.Start)
		}
		if t.RowSecurity.OnceOn.Known() {
			fmt.Fprintf(&b, " was@%s off@%s", t.RowSecurity.OnceOn.File, t.RowSecurity.Set.File)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestReplay(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{"names fold, quoted ones do not", []string{`CREATE TABLE Ab (C int, "D" int); ALTER TABLE AB ENABLE ROW LEVEL SECURITY;`}, "table ab(c D) rls@001.sql:34\n"},
		{"search_path holds for its file", []string{"CREATE SCHEMA app; SET search_path = app; CREATE TABLE t (a int);", "CREATE TABLE t (b int);"},
			"table app.t(a)\ntable t(b)\n"},
		{"pg_dump empties the search_path", []string{"SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.t (a int);"}, "table t(a)\n"},
		{"rolled back", []string{"BEGIN; CREATE TABLE a (x int); ROLLBACK; BEGIN; CREATE TABLE b (x int); SAVEPOINT s; DROP TABLE b; ROLLBACK TO s; COMMIT;"}, "table b(x)\n"},
		{"on, then off in a later file", []string{"CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "ALTER TABLE t DISABLE ROW LEVEL SECURITY;"}, "table t(a) was@001.sql off@002.sql\n"},
		{"rename keeps what is known", []string{"CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b;"}, "table u(b) rls@001.sql:24\n"},
		{"partitions and children", []string{"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE c (b int) INHERITS (p); ALTER TABLE p ADD COLUMN z int;"},
			"table c(a b z)\npartitioned table p(a z)\ntable p1(a z)\n"},
		{"inheritance in a circle", []string{"CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a); ALTER TABLE a INHERIT b; ALTER TABLE a ALTER x TYPE text;"}, "table a(x)\ntable b(x)\n"},
		{"copies", []string{"CREATE TABLE t (a int, b text); CREATE TABLE l (LIKE t); CREATE TABLE q AS SELECT b AS c, a + 1 AS d FROM t; SELECT a INTO r FROM t;"},
			"table l(a b)\ntable q(c d)\ntable r(a)\ntable t(a b)\n"},
		{"views through views", []string{"CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT t.*, 1 AS one FROM t; CREATE VIEW w AS WITH x AS (SELECT b FROM v) SELECT * FROM x;"},
			"table t(a b)\nview v(a b one)\nview w(b)\n"},
		{"cascade", []string{"CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; DROP TABLE t CASCADE;"}, ""},
		{"never created", []string{"ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE IF EXISTS u ENABLE ROW LEVEL SECURITY;"}, "table t() ghost rls@001.sql:0\n"},
		{"created after use", []string{"ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "CREATE TABLE t (a int);"}, "table t(a) rls@001.sql:0\n"},
		{"dropped stays away", []string{"CREATE TABLE t (a int); DROP TABLE t; ALTER TABLE t ENABLE ROW LEVEL SECURITY;"}, ""},
		{"loop over the catalog", []string{`CREATE TABLE a (x int); CREATE TABLE b (x int); CREATE SCHEMA s; CREATE TABLE s.c (x int);
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'b' LOOP
    EXECUTE 'DROP TABLE ' || quote_ident(r.tablename);
  END LOOP;
END $$;`}, "table b(x)\ntable s.c(x)\n"},
		{"schema elements", []string{"CREATE SCHEMA app CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t;"}, "table app.t(a)\nview app.v(a)\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, outline(replayed(tt.files...))); diff != "" {
				t.Errorf("%s: tables (-want +got):\n%s", strings.Join(tt.files, "\n-- next\n"), diff)
			}
		})
	}
}

// TestPlaces checks that places inside DO blocks and EXECUTE strings are those
// of the file.
func TestPlaces(t *testing.T) {
	const text = `DO $$
BEGIN
  CREATE ROLE a;
  EXECUTE 'CREATE ROLE b';
  EXECUTE format('CREATE ROLE %I', 'c');
END $$;`
	c := replayed(text)
	for name, want := range map[string]string{"a": "CREATE ROLE a", "b": "CREATE ROLE b", "c": "format('CREATE ROLE %I', 'c')"} {
		r := c.Role(name)
		if r == nil {
			t.Fatalf("role %s was not created", name)
		}
		if got := text[r.Made.Start:r.Made.End]; got != want {
			t.Errorf("role %s: place is %q, want %q", name, got, want)
		}
	}
}

func TestUnmodelled(t *testing.T) {
	c := replayed("DO $$ BEGIN EXECUTE current_setting('x') || ' DROP TABLE t'; END $$; CALL p(); SELECT 1;" +
		"CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE t' || now(); END $$; SELECT f(); SELECT f();")
	var got []string
	for _, s := range c.Unmodelled {
		got = append(got, s.What)
	}
	if diff := cmp.Diff([]string{"EXECUTE of text that is not constant", "CALL", "EXECUTE of text that is not constant"}, got); diff != "" {
		t.Errorf("unmodelled (-want +got):\n%s", diff)
	}
}
