package pgparse_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// outline renders statements as "text" or "text !message".
func outline(src string) []string {
	var out []string
	for _, s := range pgparse.Parse([]byte(src)) {
		text := src[s.Start:s.End]
		if s.Err != nil {
			text += " !" + s.Err.Message
		}
		out = append(out, text)
	}
	return out
}

func TestParseSplits(t *testing.T) {
	for _, test := range []struct {
		name, src string
		want      []string
	}{
		{"empty", " \n;;-- nothing\n/* at all */", nil},
		{"comments stay out", "-- a\nSELECT 1 -- b\n;\n/* c */ SELECT 2", []string{"SELECT 1", "SELECT 2"}},
		{"byte order mark", "\ufeffSELECT 1;", []string{"SELECT 1"}},
		{"semicolons in literals", `SELECT ';', E'\';', ";" , $a$;$a$, $1; SELECT 2`, []string{`SELECT ';', E'\';', ";" , $a$;$a$, $1`, "SELECT 2"}},
		{"rule with two actions", "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3",
			[]string{"CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)", "SELECT 3"}},
		{"atomic body", "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; SELECT 3",
			[]string{"CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END", "SELECT 3"}},
		{"transaction block", "BEGIN; CREATE TABLE a (b int); END;", []string{"BEGIN", "CREATE TABLE a (b int)", "END"}},
		{"one bad statement costs one error", "SELECT 1;\naaaCREATE TABLE t (a int);\nSELECT 2;",
			[]string{"SELECT 1", "aaaCREATE TABLE t (a int) !syntax error at or near a name", "SELECT 2"}},
		{"open parenthesis", "CREATE TABLE a (b int;\nCREATE TABLE c (d int);\nSELECT 1;",
			[]string{`CREATE TABLE a (b int !syntax error at or near ";"`, "CREATE TABLE c (d int)", "SELECT 1"}},
		{"open quote", "INSERT INTO a VALUES ('x);\nCREATE TABLE c (d int);\nSELECT 'y';\nSELECT 2;",
			[]string{"INSERT INTO a VALUES ('x) !unterminated quoted string", "CREATE TABLE c (d int)", "SELECT 'y'", "SELECT 2"}},
		{"no semicolon before a table", "create database x\n\nCREATE TABLE a (b int)\nCREATE TABLE c (d int);\nSELECT 2;",
			[]string{"create database x", "CREATE TABLE a (b int)", "CREATE TABLE c (d int)", "SELECT 2"}},
		{"a table that is not one", "create database x\nCREATE TABLE [a] (b int);\nSELECT 2;",
			[]string{"create database x\nCREATE TABLE [a] (b int) !syntax error at or near \"CREATE\"", "SELECT 2"}},
		{"parameters of a library", "SELECT a FROM t WHERE b=? AND c IN (?, ?::uuid) LIMIT ?;\nSELECT a FROM t WHERE b = ? AND ?;\nSELECT ? ? ?;",
			[]string{"SELECT a FROM t WHERE b=? AND c IN (?, ?::uuid) LIMIT ?", "SELECT a FROM t WHERE b = ? AND ?", "SELECT ? ? ? !syntax error at end of input"}},
		{"operators with question marks", "SELECT a ? 'b', a ?| c FROM t; SELECT 1", []string{"SELECT a ? 'b', a ?| c FROM t", "SELECT 1"}},
		{"open quote at the end", "SELECT 1;\nSELECT 'x;\n", []string{"SELECT 1", "SELECT 'x;\n !unterminated quoted string"}},
		{"open comment", "SELECT 1;\n/* x\nSELECT 2;\nSELECT 3;", []string{"SELECT 1", "/* x\nSELECT 2 !unterminated /* comment", "SELECT 3"}},
		{"latin-1 text is judged", "INSERT INTO a VALUES ('caf\xe9'); SELECT 1", []string{"INSERT INTO a VALUES ('caf\xe9')", "SELECT 1"}},
		{"NUL", "SELECT 1\x00;SELECT 2", []string{"SELECT 1\x00 !NUL byte in SQL text", "SELECT 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, outline(test.src)); diff != "" {
				t.Errorf("Parse(%q) (-want +got):\n%s", test.src, diff)
			}
		})
	}
}

// Errors repeat nothing of the source that could be a value.
func TestSyntaxErrorHidesValues(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"INSERT INTO p VALUES ('O'Brien', 'x, 1);", "syntax error at or near a name"},
		{"SELECT 1 '078-05-1120'", "syntax error at or near a string"},
		{"SELECT FROM WHERE x 5", `syntax error at or near "WHERE"`},
		{"SELECT (1", "syntax error at end of input"},
		{"CREATE ROLE r jane", "***"},
		{"SELECT a a 0780511", "syntax error at or near a number"},
	} {
		s := pgparse.Parse([]byte(test.src))
		if len(s) != 1 || s[0].Err == nil || !strings.Contains(s[0].Err.Message, test.want) {
			t.Errorf("Parse(%q) = %+v, want error with %q", test.src, s, test.want)
			continue
		}
		for _, value := range []string{"Brien", "078", "jane"} {
			if strings.Contains(s[0].Err.Message, value) {
				t.Errorf("Parse(%q): message %q repeats %q", test.src, s[0].Err.Message, value)
			}
		}
	}
}

func TestSyntaxErrorOffsetCountsBytes(t *testing.T) {
	src := "SELECT 1;\n-- é\nSELECT 'ééé', a b c;"
	s := pgparse.Parse([]byte(src))
	if len(s) != 2 || s[1].Err == nil {
		t.Fatalf("Parse(%q) = %+v, want an error in the second statement", src, s)
	}
	if got, want := s[1].Err.Offset, strings.LastIndex(src, "c;"); got != want {
		t.Errorf("offset %d, want %d", got, want)
	}
}

func TestStatementOffset(t *testing.T) {
	src := "SELECT 1;\n\n-- x\nSELECT * FROM patients;"
	s := pgparse.Parse([]byte(src))
	at := -1
	pgparse.Walk(s[1].Node, func(m pgparse.Message) bool {
		if r, ok := m.(*pgparse.RangeVar); ok {
			at = s[1].Offset(r.Location)
		}
		return true
	})
	if want := strings.Index(src, "patients"); at != want {
		t.Errorf("table at %d, want %d", at, want)
	}
}

// Input made to break the parser gives errors, and quickly.
func TestParseHostileInput(t *testing.T) {
	const n = 200_000
	for name, src := range map[string]string{
		"parentheses": "SELECT " + strings.Repeat("(", n),
		"operators":   "SELECT 1" + strings.Repeat("||1", n),
		"unions":      "SELECT 1,2" + strings.Repeat(" UNION SELECT 1,2", n),
		"casts":       "SELECT 1" + strings.Repeat("::int", n),
		"joins":       "SELECT * FROM a" + strings.Repeat(" CROSS JOIN a", n),
		"is":          "SELECT a" + strings.Repeat(" IS NULL", n),
		"collate":     "SELECT a" + strings.Repeat(" COLLATE x", n),
		"subscripts":  "SELECT " + strings.Repeat("a[", n),
		"quotes":      strings.Repeat("SELECT '\n", n/2+1),
		"open tables": strings.Repeat("CREATE TABLE a (b;\n", n/20),
		"dollars":     strings.Repeat("SELECT $a$;\nSELECT $b$;\n", n/20) + "$c$",
		"comments":    strings.Repeat("SELECT 1; /*\n", n/10),
		"UTF-16":      "\xff\xfeS\x00E\x00",
		"bytes":       strings.Repeat("\xff\x00;", n/10),
	} {
		t.Run(name, func(t *testing.T) {
			bad := false
			for _, s := range pgparse.Parse([]byte(src)) {
				bad = bad || s.Err != nil
			}
			if !bad {
				t.Errorf("%q… parsed without an error", src[:min(len(src), 40)])
			}
		})
	}
	// Long is not deep.
	for name, src := range map[string]string{
		"values":       "INSERT INTO a VALUES (1,'x')" + strings.Repeat(",(1,'x')", n/4),
		"conjunctions": "SELECT a=1" + strings.Repeat(" OR a=1", n/8),
	} {
		if s := pgparse.Parse([]byte(src)); len(s) != 1 || s[0].Err != nil {
			t.Errorf("%s: got %d statements, error %v; want one that parses", name, len(s), s[0].Err)
		}
	}
}

func TestParseOne(t *testing.T) {
	if n, err := pgparse.ParseOne("SELECT 1"); err != nil || n.GetSelectStmt() == nil {
		t.Errorf("ParseOne(SELECT 1) = %v, %v", n, err)
	}
	for _, sql := range []string{"", "SELECT 1; SELECT 2", "SELECT FROM FROM"} {
		if n, err := pgparse.ParseOne(sql); err == nil {
			t.Errorf("ParseOne(%q) = %v, want an error", sql, n)
		}
	}
}

func TestFingerprint(t *testing.T) {
	a, err := pgparse.Fingerprint("SELECT * FROM a WHERE b = 'x'")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := pgparse.Fingerprint("select *  from a where b = 'y' -- z"); a != b {
		t.Errorf("fingerprints differ: %s, %s", a, b)
	}
	if b, _ := pgparse.Fingerprint("SELECT * FROM a WHERE c = 'x'"); a == b {
		t.Error("fingerprints of different columns agree")
	}
}

func TestMask(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{`SELECT 'Jane', 42, "name", $1 -- mrn 7`, `SELECT '****', **, "name", $1 -- *** *`},
		{`SELECT E'a\'b', U&'x', B'01', $t$ v $t$ x`, `SELECT E'****', U&'*', B'**', $t$ * $t$ x`},
		{"SELECT 'a''b\nc' /* x */", "SELECT '****\n*' /* * */"},
		{"DO $$ SELECT 'x' $$", "DO $$ SELECT '*' $$"},
		{"SELECT 'never closed; SELECT 1", "SELECT '***** ******* ****** *"},
		{`SELECT "never closed`, `SELECT "***** ******`},
		{"SELECT $$never", "SELECT $$*****"},
		{"as $a$ 'x $a$ 5", "as $a$ '* $a$ *"},
	} {
		if got := string(pgparse.Mask([]byte(test.src))); got != test.want {
			t.Errorf("Mask(%q)\n got %q\nwant %q", test.src, got, test.want)
		}
	}
}

func TestScan(t *testing.T) {
	src := "SELECT a.b::int, .5, 1..2, '#' -- c\n/* d /* e */ */ <=-1 @-1 $a$x$a$"
	tokens, err := pgparse.Scan([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tok := range tokens {
		got = append(got, src[tok.Start:tok.End])
	}
	want := []string{"SELECT", "a", ".", "b", "::", "int", ",", ".5", ",", "1", "..", "2", ",", "'#'", "-- c",
		"/* d /* e */ */", "<=", "-", "1", "@-", "1", "$a$x$a$"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Scan(%q) (-want +got):\n%s", src, diff)
	}
	if _, err := pgparse.Scan([]byte("SELECT 'x")); err == nil {
		t.Error("Scan of an open quote: no error")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"SELECT 1; SELECT 'x", "CREATE TABLE a (b int;\nCREATE TABLE c ();", "DO $$ BEGIN END $$", "/* /* */", "\xff\xfe", "SELECT $1, 'a' 'b'"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		end := 0
		for _, s := range pgparse.Parse(src) {
			if s.Start < end || s.End < s.Start || s.End > len(src) {
				t.Fatalf("statement %d:%d after %d of %d bytes", s.Start, s.End, end, len(src))
			}
			if (s.Node == nil) == (s.Err == nil) {
				t.Fatalf("statement %d:%d has node %v and error %v", s.Start, s.End, s.Node, s.Err)
			}
			end = s.End
		}
	})
}

func FuzzMask(f *testing.F) {
	f.Add([]byte("SELECT 'x', $a$ b $a$ -- c"))
	f.Add([]byte("AS $$ E'\\' $$"))
	f.Fuzz(func(t *testing.T, src []byte) {
		got := pgparse.Mask(src)
		if len(got) != len(src) {
			t.Fatalf("length %d, want %d", len(got), len(src))
		}
		if bytes.Count(got, []byte("\n")) != bytes.Count(src, []byte("\n")) {
			t.Fatal("line ends changed")
		}
		if again := pgparse.Mask(got); bytes.ContainsAny(again, "0123456789") && !bytes.ContainsAny(src, "\"$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") && !bytes.ContainsFunc(src, func(r rune) bool { return r > 127 }) {
			t.Fatalf("a digit is left in %q", again)
		}
	})
}
