package pgparse_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

const plExample = `CREATE FUNCTION app.f(a int, p patients) RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  r record; v text := 'x'; c CONSTANT int := 3;
  cur CURSOR FOR SELECT * FROM t;
BEGIN
  SELECT name INTO STRICT v FROM patients WHERE id = a;
  FOR r IN SELECT * FROM x LOOP
    EXECUTE format('GRANT %I', r.a) USING a, v;
  END LOOP;
  FOREACH v IN ARRAY ARRAY['a','b'] LOOP
    EXECUTE 'ALTER TABLE ' || v || ' ENABLE ROW LEVEL SECURITY';
  END LOOP;
  IF a > 1 THEN
    v := upper(v);
  ELSIF a > 2 THEN
    NEW.x := 3;
  ELSE
    PERFORM g(v);
  END IF;
  RAISE NOTICE 'hi %', v USING DETAIL = 'x' || v;
  ASSERT a > 0, 'positive';
  FOR r IN EXECUTE 'SELECT 1' USING a LOOP EXIT; END LOOP;
EXCEPTION WHEN others OR unique_violation THEN
  RAISE WARNING 'oops';
END $$`

func TestParsePLpgSQL(t *testing.T) {
	f, err := pgparse.ParsePLpgSQL(plExample)
	if err != nil {
		t.Fatal(err)
	}
	if f.Name != "f" {
		t.Errorf("name %q, want f", f.Name)
	}
	var vars []string
	for _, v := range f.Vars {
		if v.Line > 0 {
			vars = append(vars, fmt.Sprintf("%s %s %v", v.Name, v.Type, v.Constant))
		}
	}
	wantVars := []string{"r  false", "v text false", "c int true", "cur pg_catalog.refcursor false", "sqlstate pg_catalog.text true", "sqlerrm pg_catalog.text true"}
	if diff := cmp.Diff(wantVars, vars); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	var got []string
	f.Walk(func(s *pgparse.PLStatement) bool {
		line := fmt.Sprintf("%d %s %s", s.Line, s.Kind, strings.Join(s.Vars, ","))
		if s.Raise != nil {
			line += " " + s.Raise.Level + " " + s.Raise.Format
		}
		for _, e := range s.All() {
			line += " [" + e.Text + "]"
			if e.Offset < 0 || s.Kind != pgparse.PLSQL && !strings.HasPrefix(plExample[e.Offset:], strings.Replace(e.Text, "SELECT g", "ERFORM g", 1)) {
				t.Errorf("%s: %q is not at %d", s.Kind, e.Text, e.Offset)
			}
			if n, _, err := e.Parse(); err != nil || n == nil {
				t.Errorf("%q does not parse: %v", e.Text, err)
			}
		}
		got = append(got, line)
		return true
	})
	want := []string{
		"0 block ",
		"5 block ",
		"6 execsql v [SELECT name               FROM patients WHERE id = a]",
		"7 fors r [SELECT * FROM x]",
		"8 dynexecute  [format('GRANT %I', r.a)] [a] [v]",
		"10 foreach_a v [ARRAY['a','b']]",
		"11 dynexecute  ['ALTER TABLE ' || v || ' ENABLE ROW LEVEL SECURITY']",
		"13 if  [a > 1] [a > 2]",
		"14 assign v [v := upper(v)]",
		"16 assign new.x [NEW.x := 3]",
		"18 perform  [SELECT g(v)]",
		"20 raise  notice hi % [v] ['x' || v]",
		"21 assert  [a > 0] ['positive']",
		"22 dynfors r ['SELECT 1'] [a]",
		"22 exit ",
		"24 raise  warning oops",
		"0 return ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}

func TestParsePLpgSQLOthers(t *testing.T) {
	for _, sql := range []string{
		"SELECT 1",
		"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
		"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END",
		"CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql",
		"CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'a', 'b'",
		"DO LANGUAGE plpgsql",
		"DO LANGUAGE plv8 'x'",
		"CREATE SCHEMA s CREATE TABLE t (a int)",
	} {
		if _, err := pgparse.ParsePLpgSQL(sql); !errors.Is(err, pgparse.ErrNotPLpgSQL) {
			t.Errorf("ParsePLpgSQL(%q): %v, want ErrNotPLpgSQL", sql, err)
		}
	}
	for _, sql := range []string{
		"DO $$ BEGIN SELEC 'jane'; END $$",
		"DO $$ BEGIN x := ; END $$",
		"DO $$ BEGIN IF 'jane' END $$",
		"DO $$ jane $$",
	} {
		_, err := pgparse.ParsePLpgSQL(sql)
		var e *pgparse.SyntaxError
		if !errors.As(err, &e) || strings.Contains(e.Message, "jane") {
			t.Errorf("ParsePLpgSQL(%q): %v, want a syntax error without the value", sql, err)
		}
	}
	// Quotes inside a quoted body move every offset: none is better than a wrong one.
	f, err := pgparse.ParsePLpgSQL("DO 'BEGIN PERFORM ''x''; END'")
	if err != nil {
		t.Fatal(err)
	}
	f.Walk(func(s *pgparse.PLStatement) bool {
		for _, e := range s.All() {
			if e.Offset >= 0 {
				t.Errorf("%q has offset %d, want none", e.Text, e.Offset)
			}
		}
		return true
	})
}

func TestPLExprTarget(t *testing.T) {
	e := &pgparse.PLExpr{Text: "a[b = 1] := c = d", Mode: pgparse.PLAssign1}
	if got := e.Target(); got != "a[b = 1]" {
		t.Errorf("target %q", got)
	}
	if got, at := e.Expression(); got != " c = d" || at != 11 {
		t.Errorf("expression %q at %d", got, at)
	}
}

// Variables of composite types, which the library takes for scalars.
func TestParsePLpgSQLComposite(t *testing.T) {
	const sql = `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  p patients%ROWTYPE; -- a; b
  q app.visit := NULL;
  n CONSTANT int := 1;
  a text[];
BEGIN
  p.name := 'x';
  q.id = n;
  RETURN g(p.name);
END $$`
	f, err := pgparse.ParsePLpgSQL(sql)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range f.Vars {
		if v.Line > 0 {
			got = append(got, v.Name+" "+v.Type)
		}
	}
	if diff := cmp.Diff([]string{"p patients%ROWTYPE", "q app.visit", "n int", "a text[]"}, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	got = nil
	f.Walk(func(s *pgparse.PLStatement) bool {
		for _, e := range s.All() {
			got = append(got, fmt.Sprintf("%d %s", strings.Count(sql[:max(e.Offset, 0)], "\n"), e.Text))
		}
		return true
	})
	if diff := cmp.Diff([]string{"7 p.name := 'x'", "8 q.id = n", "9 g(p.name)"}, got); diff != "" {
		t.Errorf("expressions (-want +got):\n%s", diff)
	}
}
