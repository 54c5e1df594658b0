package pgparse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

func TestBulkStatements(t *testing.T) {
	var b strings.Builder
	b.WriteString("CREATE TABLE a (b text);\n")
	for i := range pgparse.MaxRows + 7 {
		fmt.Fprintf(&b, "INSERT INTO a (b) VALUES ('%d');\ninsert into c values ('%d');\n", i, i)
	}
	b.WriteString("INSERT INTO a (b) SELECT f(b) FROM c;\nCREATE TABLE z (y text);\n")
	src := []byte(b.String())
	var parsed, more int
	statements := pgparse.Parse(src)
	for _, s := range statements {
		if s.Err != nil {
			t.Fatalf("statement at %d: %s", s.Start, s.Err.Message)
		}
		if s.Node.GetInsertStmt() != nil {
			parsed++
		}
		more += s.More
	}
	if want := 2*pgparse.MaxRows + 1; parsed != want || more != 14 {
		t.Errorf("%d INSERT statements parsed and %d left out, want %d and 14", parsed, more, want)
	}
	last := statements[len(statements)-1]
	if got := string(src[last.Start:last.End]); got != "CREATE TABLE z (y text)" {
		t.Errorf("last statement is %q", got)
	}
}

func TestBulkRows(t *testing.T) {
	var b strings.Builder
	b.WriteString("INSERT INTO a (b, c) VALUES ")
	const rows = 20_000
	for i := range rows {
		fmt.Fprintf(&b, "(%d, lower('x);(%d')), -- (\n", i, i)
	}
	b.WriteString("(0, 'last') ON CONFLICT (b) DO UPDATE SET c = excluded.c RETURNING marker")
	src := b.String()
	statements := pgparse.Parse([]byte(src))
	if len(statements) != 1 || statements[0].Err != nil {
		t.Fatalf("got %d statements, the first with error %v", len(statements), statements[0].Err)
	}
	s := statements[0]
	n := s.Node.GetInsertStmt()
	if got := len(n.SelectStmt.GetSelectStmt().ValuesLists); got != pgparse.MaxRows || s.More != rows+1-pgparse.MaxRows {
		t.Errorf("%d rows parsed and %d left out of %d", got, s.More, rows+1)
	}
	if n.OnConflictClause == nil || len(n.ReturningList) != 1 {
		t.Fatal("what follows the rows is lost")
	}
	at := s.Offset(n.ReturningList[0].GetResTarget().Location)
	if !strings.HasPrefix(src[at:], "marker") {
		t.Errorf("RETURNING is placed at %.20q", src[at:])
	}
}

func TestBulkRowsInBody(t *testing.T) {
	const rows = 5000
	var b strings.Builder
	b.WriteString("DO $$ DECLARE n int; BEGIN\nINSERT INTO a (b, c) VALUES ")
	for i := range rows {
		fmt.Fprintf(&b, "(%d, 'some text to make it long'),\n", i)
	}
	b.WriteString("(0, 'last') RETURNING b INTO n;\nUPDATE a SET c = 'x' WHERE b = n;\nEND $$;")
	src := []byte(b.String())
	statements := pgparse.Parse(src)
	(*pgparse.Cache)(nil).ParseBodies(src, statements)
	if len(statements) != 1 || statements[0].Body == nil || statements[0].Body.Err != nil {
		t.Fatalf("no body: %+v", statements)
	}
	if want := rows + 1 - pgparse.MaxRows; statements[0].More != want {
		t.Errorf("%d rows left out, want %d", statements[0].More, want)
	}
	var starts []string
	statements[0].Body.Function.Walk(func(s *pgparse.PLStatement) bool {
		for _, e := range s.Exprs {
			node, _, err := e.Parse()
			if err != nil {
				t.Fatal(err)
			}
			if n := len(node.GetInsertStmt().GetSelectStmt().GetSelectStmt().GetValuesLists()); n != 0 && n != pgparse.MaxRows {
				t.Errorf("%d rows parsed", n)
			}
			starts = append(starts, string(src[e.Offset:e.Offset+8]))
		}
		return true
	})
	if got := strings.Join(starts, "|"); got != "INSERT I|UPDATE a" {
		t.Errorf("expressions start with %q", got)
	}
}

func TestTooManyTokens(t *testing.T) {
	src := "SELECT ARRAY[" + strings.Repeat("1,", 600_000) + "1];\nSELECT 2;"
	statements := pgparse.Parse([]byte(src))
	if len(statements) != 2 || statements[0].Err == nil || statements[1].Err != nil {
		t.Fatalf("got %d statements, the first with error %v", len(statements), statements[0].Err)
	}
	if got := statements[0].Err.Message; got != "statement is too large" {
		t.Errorf("error is %q", got)
	}
}
