package pgparse_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// corpus returns the SQL files below the directory that PHIVET_SQL_CORPUS
// names, such as PostgreSQL's regression tests or a folder of checkouts. None
// of them is part of the repository.
func corpus(t testing.TB) map[string][]byte {
	dir := os.Getenv("PHIVET_SQL_CORPUS")
	if dir == "" {
		t.Skip("opt-in: PHIVET_SQL_CORPUS is not set")
	}
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".sql" {
			return err
		}
		src, err := os.ReadFile(path)
		files[path] = src
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCorpus holds Parse against the text itself: every token that is not a
// comment or a semicolon belongs to a statement, and every function body is
// read or refused.
func TestCorpus(t *testing.T) {
	statements, bad, bodies, badBodies := 0, 0, 0, 0
	for path, src := range corpus(t) {
		start := time.Now()
		list := pgparse.Parse(src)
		i := 0
		tokens, _ := pgparse.Scan(src)
		for _, tok := range tokens {
			for i < len(list) && tok.Start >= list[i].End {
				i++
			}
			if tok.IsComment() || bytes.Equal(src[tok.Start:tok.End], []byte(";")) || i < len(list) && tok.Start >= list[i].Start {
				continue
			}
			if list[max(i-1, 0)].Err == nil {
				t.Errorf("%s: the token at %d belongs to no statement", path, tok.Start)
				break
			}
		}
		for _, s := range list {
			statements++
			if s.Err != nil {
				bad++
				continue
			}
			if s.Node.GetDoStmt() != nil || s.Node.GetCreateFunctionStmt() != nil {
				f, err := pgparse.ParsePLpgSQL(string(src[s.Start:s.End]))
				if err != nil {
					if err != pgparse.ErrNotPLpgSQL {
						badBodies++
						t.Logf("%s: %v", path, err)
					}
					continue
				}
				bodies++
				missing := 0
				f.Walk(func(p *pgparse.PLStatement) bool {
					for _, e := range p.All() {
						if e.Offset < 0 {
							missing++
						}
					}
					return true
				})
				if missing > 0 {
					t.Logf("%s: %d expressions of %s have no place", path, missing, f.Name)
				}
			}
		}
		if d := time.Since(start); d > time.Second {
			t.Errorf("%s: %d bytes took %v", path, len(src), d)
		}
	}
	t.Logf("%d statements, %d with errors; %d bodies read, %d refused", statements, bad, bodies, badBodies)
}
