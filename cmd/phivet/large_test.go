package main_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/phivet/phivet/rules/ruletest"
)

var (
	largePackages   = flag.Int("large.packages", 1000, "packages of the generated repository")
	largeMigrations = flag.Int("large.migrations", 200, "migrations of the generated repository")
)

// BenchmarkLarge measures phivet on a generated repository with a build cache of
// its own, beside go vet in the same run. It reports user CPU in seconds and the
// largest process in MB, stage by stage:
//
//	go test ./cmd/phivet -run '^$' -bench Large -benchtime 1x
//
// takes some minutes, and -v tells how far it is.
func BenchmarkLarge(b *testing.B) {
	for range b.N {
		l := &large{b: b, dir: b.TempDir()}
		l.generate()
		l.env = append(os.Environ(), "GOCACHE="+filepath.Join(b.TempDir(), "go"), "XDG_CACHE_HOME="+filepath.Join(b.TempDir(), "home"),
			"GOPROXY=off", "GOTOOLCHAIN=local", "GOFLAGS=")
		phivet := filepath.Join(binDir, "phivet")
		check := []string{phivet, "check", "--fail-on", "never", "--out", "json:" + os.DevNull}

		l.stage("build", "go", "build", "./...") // what everybody has done who runs an analysis
		l.stage("govet-cold", "go", "vet", "./...")
		l.stage("govet-repeat", "go", "vet", "./...")
		l.stage("cold", check...)
		l.stage("repeat", check...)
		l.edit("p03/q0150/store.go", "\n// Edited is new.\nfunc Edited() {}\n")
		l.stage("govet-edited", "go", "vet", "./...")
		l.stage("edited", check...)
		l.edit("db/migrations/000001_t.up.sql", "ALTER TABLE patients_0 ADD COLUMN phone text;\n")
		l.stage("schema", check...)
		l.edit(".phivet.toml", "[severity]\nPHI405 = \"off\"\n")
		l.stage("config", check...)
		l.edit("db/migrations/000001_t.up.sql", "-- a comment\n")
		l.stage("sql-comment", check...)
	}
}

type large struct {
	b   *testing.B
	dir string
	env []string
}

func (l *large) write(name, content string) {
	ruletest.Files{name: content}.WriteTo(l.b, l.dir)
}

func (l *large) edit(name, more string) {
	content, err := os.ReadFile(filepath.Join(l.dir, filepath.FromSlash(name)))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		l.b.Fatal(err)
	}
	l.write(name, string(content)+more)
}

// stage runs a command and reports what it and its children took.
func (l *large) stage(name string, command ...string) {
	time.Sleep(3 * time.Second) // files that are too young are hashed, not trusted
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = l.dir, l.env
	if out, err := cmd.CombinedOutput(); err != nil { // code 3 would say that packages were passed over
		l.b.Fatalf("%v: %v\n%s", command, err, out)
	}
	l.b.ReportMetric(cmd.ProcessState.UserTime().Seconds(), name+"-user-s")
	if testing.Verbose() {
		fmt.Fprintf(os.Stderr, "%s: %.2f s user\n", name, cmd.ProcessState.UserTime().Seconds())
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		l.b.ReportMetric(float64(usage.Maxrss)/1024, name+"-max-MB")
	}
}

// generate writes the repository: packages that import one another, each with
// six queries, every twentieth with a finding; and one table a migration.
func (l *large) generate() {
	l.write("go.mod", "module example.com/large\n\ngo 1.26\n")
	for m := range *largeMigrations {
		l.write(fmt.Sprintf("db/migrations/%06d_t.up.sql", m+1), fmt.Sprintf(`CREATE TABLE patients_%[1]d (id uuid PRIMARY KEY, ssn text, mrn text, birth_date date, notes text);
ALTER TABLE patients_%[1]d ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON patients_%[1]d TO current_user USING (id = nullif(current_setting('app.patient', true), '')::uuid);
`, m))
	}
	for i := range *largePackages {
		l.write(packageDir(i)+"/store.go", l.source(i))
	}
}

func packageDir(i int) string { return fmt.Sprintf("p%02d/q%04d", i/50, i) }

func (l *large) source(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "// Package q%04d is generated.\npackage q%04d\n\nimport (\n\t\"context\"\n\t\"database/sql\"\n\t\"fmt\"\n\t\"log/slog\"\n", i, i)
	var imports []int
	if i > 0 {
		imports = append(imports, i/2)
	}
	if j := i/3 + 1; i > 4 && j != i/2 {
		imports = append(imports, j)
	}
	for _, j := range imports {
		fmt.Fprintf(&b, "\n\t\"example.com/large/%s\"", packageDir(j))
	}
	b.WriteString("\n)\n\n// A Store reads.\ntype Store struct{ db *sql.DB }\n\n// A Patient is a row.\ntype Patient struct{ ID, SSN, MRN, Notes string }\n")
	for k := range 6 {
		fmt.Fprintf(&b, `
// Find%d reads a row.
func (s *Store) Find%d(ctx context.Context, id string) (*Patient, error) {
	p := new(Patient)
	row := s.db.QueryRowContext(ctx, "SELECT id, ssn, mrn, notes FROM patients_%d WHERE id = $1", id)
	if err := row.Scan(&p.ID, &p.SSN, &p.MRN, &p.Notes); err != nil {
		slog.ErrorContext(ctx, "find", "row", %d)
		return nil, fmt.Errorf("finding: %%w", err)
	}
	return p, nil
}
`, k, k, (i+k)%*largeMigrations, k)
	}
	for _, j := range imports {
		fmt.Fprintf(&b, "\n// Via%d asks another package.\nfunc (s *Store) Via%d(ctx context.Context, o *q%04d.Store) (string, error) {\n\tp, err := o.Find0(ctx, \"x\")\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\treturn p.ID, nil\n}\n", j, j, j)
	}
	if i%20 == 0 {
		fmt.Fprintf(&b, "\n// Bad composes a query.\nfunc (s *Store) Bad(ctx context.Context, ssn string) (*sql.Rows, error) {\n\treturn s.db.QueryContext(ctx, fmt.Sprintf(\"SELECT id FROM patients_%d WHERE ssn = '%%s'\", ssn))\n}\n", i%*largeMigrations)
	}
	return b.String()
}
