package pgparse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

const cached = "CREATE TABLE a (b text);\nSELECT FROM FROM x;\nDO $$ DECLARE n int := 1; BEGIN PERFORM f(n); END $$;\nCREATE TABLE a (b text)"

// TestCacheGivesWhatParseGives parses one text at two places of a file: trees
// and errors are those of a fresh parse, and belong to their place.
func TestCacheGivesWhatParseGives(t *testing.T) {
	c := pgparse.NewCache(1 << 20)
	for range 3 {
		for _, src := range []string{cached, "\n\n-- further down\n" + cached, "SELECT 'open"} {
			got, want := c.Parse([]byte(src)), pgparse.Parse([]byte(src))
			if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
				t.Errorf("%q (-parsed +cached):\n%s", src, diff)
			}
			for _, s := range got {
				if s.Err != nil {
					s.Err.Offset = -7 // what a caller does to its error is its own affair
				}
			}
		}
	}
	const do = "DO $$ DECLARE n int := 1; BEGIN PERFORM f(n); END $$"
	first, err := c.ParsePLpgSQL(do)
	if err != nil {
		t.Fatal(err)
	}
	if second, _ := c.ParsePLpgSQL(do); second != first {
		t.Error("a body is parsed twice")
	}
	if _, err := c.ParsePLpgSQL("SELECT 1"); err != pgparse.ErrNotPLpgSQL {
		t.Errorf("ParsePLpgSQL(SELECT 1) = %v", err)
	}
	if _, err := c.ParsePLpgSQL("DO $$ BEGIN nonsense nonsense END $$"); err == nil {
		t.Error("a broken body has no error")
	}
}

// TestCacheIsBounded fills a cache with ever new texts: it holds no more than
// its limit, keeps what each turn asks for, and lets go of the rest.
func TestCacheIsBounded(t *testing.T) {
	const limit = 4000
	c := pgparse.NewCache(limit)
	for i := range 50 {
		c.Turn()
		c.Parse([]byte("SELECT " + strings.Repeat("1 + ", 100) + "1"))
		c.Parse(fmt.Appendf(nil, "SELECT %d%s", i, strings.Repeat(" + 1", 100)))
		if n := c.Size(); n > limit || n < 800 {
			t.Fatalf("after %d turns the cache holds %d bytes, want 800 to %d", i+1, n, limit)
		}
	}
	c.Parse([]byte("SELECT '" + strings.Repeat("x", limit) + "'"))
	if n := c.Size(); n > limit {
		t.Errorf("a text that is too large makes it %d", n)
	}
	if none := (*pgparse.Cache)(nil); len(none.Parse([]byte("SELECT 1"))) != 1 || none.Size() != 0 {
		t.Error("a nil cache does not parse")
	}
}
