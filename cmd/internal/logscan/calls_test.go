package logscan_test

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/cmd/internal/logscan"
	"github.com/phivet/phivet/rules/ruletest"
)

// TestCalls has a project with calls that hold the statement of a log line, and
// with others that may or may not: only the first are named.
func TestCalls(t *testing.T) {
	const store = `package store

import (
	"context"
	"database/sql"
	"fmt"
)

const columns = "id, mrn"

var byName = "SELECT " + columns + " FROM patients WHERE name = $1"

type repo[T any] struct{ db *sql.DB }

func (r *repo[T]) constant(ctx context.Context) { // line 15
	r.db.QueryContext(ctx, byName, "x")
}

func format(db *sql.DB, mrn string, n int) {
	q := fmt.Sprintf("SELECT id FROM patients WHERE mrn = '%s' LIMIT %d", mrn, n)
	db.Query(q)
}

func named(db wrapper) {
	db.NamedExec(` + "`" + `
		UPDATE patients -- not the others
		   SET phone = :phone WHERE id = :id` + "`" + `, nil)
}

type wrapper interface{ NamedExec(string, any) }

// What follows is not known, or something else.

func parameter(db *sql.DB, byName string) { db.Query(byName) }

func twice(db *sql.DB, b bool) {
	q := "SELECT id FROM patients WHERE mrn = 'x' LIMIT 1"
	if b {
		q = "SELECT 1"
	}
	db.Query(q)
}

func appended(db *sql.DB) {
	q := "SELECT id FROM patients WHERE mrn = 'x' LIMIT 1"
	q += " OFFSET 1"
	db.Query(q)
}

func pointed(db *sql.DB, change func(*string)) {
	q := "SELECT id FROM patients WHERE mrn = 'x' LIMIT 1"
	change(&q)
	db.Query(q)
}

func ranged(db *sql.DB, all []string) {
	for _, byName := range all {
		db.Query(byName)
	}
}

func other() { fmt.Println("SELECT id FROM patients WHERE mrn = 'x' LIMIT 1") }
`
	dir := ruletest.Files{
		"go.mod": "module example.com/x\n", "store/store.go": store, "store/store_test.go": strings.ReplaceAll(store, "package store", "package store_test"),
		"vendor/v/v.go": store, "broken/broken.go": "package broken\nfunc (",
	}.Write(t)
	log := start + "statement: SELECT id, mrn FROM patients WHERE name = 'Wilma'\n" +
		start + "statement: select id from patients where mrn = 'K4400917' limit 20\n" +
		start + "statement: UPDATE patients SET phone = '(212) 710-4107' WHERE id = 7\n"
	var stdout bytes.Buffer
	o := options(&stdout, io.Discard, write(t, "server.log", []byte(log)))
	o.Dir, o.Named = dir, true
	if _, err := logscan.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`store\.go:\S+  .*|\S+_test\.go.*|vendor.*`).FindAllString(stdout.String(), -1)
	want := []string{
		"store.go:16:2  call of QueryContext in (*repo).constant has this statement",
		"store.go:21:2  call of Query in format has this statement",
		"store.go:25:2  call of NamedExec in named has this statement",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s\n%s", diff, stdout.String())
	}
}
