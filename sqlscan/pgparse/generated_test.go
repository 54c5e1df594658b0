package pgparse_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// TestGenerated fails if aliases.go or walk_gen.go is not what genaliases
// writes for the library in go.mod.
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "genaliases")
	if out, err := exec.Command("go", "build", "-o", program, "./internal/genaliases").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(program, dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"aliases.go", "walk_gen.go"} {
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(name); !bytes.Equal(got, want) {
			t.Errorf("%s is out of date: run go generate", name)
		}
	}
}

// TestWalkSeesEverything compares Walk with a visit through reflection.
func TestWalkSeesEverything(t *testing.T) {
	for _, sql := range []string{
		"WITH a AS (SELECT 1, 'x', true, 1.5, B'1', NULL) SELECT * FROM a JOIN b USING (c) WHERE d = ANY (ARRAY[1,2]) AND e::text LIKE $1 GROUP BY ROLLUP (f) ORDER BY g",
		"CREATE TABLE a (b int PRIMARY KEY DEFAULT 1, c text COLLATE \"C\" REFERENCES d (e), CHECK (b > 0)) PARTITION BY RANGE (b)",
		"ALTER TABLE a ADD COLUMN b int, ENABLE ROW LEVEL SECURITY, OWNER TO c, SET (fillfactor = 70)",
		"CREATE POLICY p ON a FOR ALL TO b, PUBLIC USING (c = current_user) WITH CHECK (true)",
		"GRANT SELECT (a, b), UPDATE ON TABLE c TO d WITH GRANT OPTION",
		"CREATE FUNCTION f(a int DEFAULT 1) RETURNS TABLE (b int) LANGUAGE sql SECURITY DEFINER SET search_path = x BEGIN ATOMIC SELECT 1; END",
		"MERGE INTO a USING b ON a.c = b.c WHEN MATCHED THEN UPDATE SET d = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)",
		"INSERT INTO a (b) VALUES (1), (2) ON CONFLICT (b) DO UPDATE SET c = EXCLUDED.c RETURNING *",
		"SELECT * FROM JSON_TABLE('[]', '$[*]' COLUMNS (a int PATH '$.a'))",
	} {
		n, err := pgparse.ParseOne(sql)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		got := 0
		pgparse.Walk(n, func(pgparse.Message) bool { got++; return true })
		if want := countMessages(n.ProtoReflect()); got != want {
			t.Errorf("Walk visits %d messages of %q, reflection %d", got, sql, want)
		}
	}
}

// countMessages counts the messages at and below m that are not only wrappers.
func countMessages(m protoreflect.Message) int {
	n := 1
	if m.Descriptor().Name() == "Node" {
		n = 0
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				n += countMessages(v.List().Get(i).Message())
			}
		default:
			n += countMessages(v.Message())
		}
		return true
	})
	return n
}
