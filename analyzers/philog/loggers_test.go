package philog_test

import (
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/packages"

	"github.com/phivet/phivet/analyzers/internal/fixtest"
	"github.com/phivet/phivet/analyzers/philog"
)

// proof is the module in which the loggers are also run against a server.
const proof = "../internal/knowledge/testdata/proof"

// graded is the analyzer with each finding's severity at the beginning of its
// message, so that the cases assert it.
func graded() *analysis.Analyzer {
	a := *philog.Loggers
	a.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			_, level, lower := strings.Cut(d.Category, "/")
			if !lower {
				level = "high"
			}
			d.Message = level + " " + d.Message
			pass.Report(d)
		}
		return philog.Loggers.Run(&inner)
	}
	return &a
}

// TestMain lets the test binary serve as a vettool.
func TestMain(m *testing.M) {
	if os.Getenv("PHIVET_TEST_VETTOOL") != "" {
		unitchecker.Main(graded())
	}
	os.Exit(m.Run())
}

// TestLoggers runs the cases of PHI208 against the real libraries.
func TestLoggers(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the libraries")
	}
	dir, err := filepath.Abs(proof)
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, graded(), "./cases")
	analysistest.RunWithSuggestedFixes(t, dir, graded(), "./cases/fixes")
	fixtest.Gone(t, proof, "cases/fixes", philog.Loggers)
}

// TestVettool runs the same cases as a vettool, expects the same findings, and
// counts them.
func TestVettool(t *testing.T) {
	if testing.Short() {
		t.Skip("starts go vet")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "vet", "-vettool="+self, "./cases", "./cases/fixes")
	cmd.Dir = proof
	cmd.Env = append(os.Environ(), "PHIVET_TEST_VETTOOL=1")
	out, _ := cmd.CombinedOutput() // exit 1 says that there are findings
	var got, want []string
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go:\d+):\d+: (\w+ PHI\d+)`).FindAllStringSubmatch(string(out), -1) {
		got = append(got, m[1]+" "+m[2])
	}
	clean := 0
	files, err := filepath.Glob(filepath.Join(proof, "cases", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, filepath.Join(proof, "cases/fixes/fixes.go"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			_, comment, _ := strings.Cut(line, "// want ")
			for _, m := range regexp.MustCompile("[\"`](\\w+ PHI\\d+)").FindAllStringSubmatch(comment, -1) {
				want = append(want, fmt.Sprintf("%s:%d %s", strings.TrimPrefix(file, proof+"/"), i+1, m[1]))
			}
			clean += strings.Count(line, "// ok: ")
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("go vet -vettool and the cases differ (-want +got):\n%s\n%s", diff, out)
	}
	t.Logf("%d positive and %d negative shapes", len(want), clean)
	if len(want) < 60 || clean < 50 {
		t.Errorf("%d positive and %d negative shapes: want at least 60 and 50", len(want), clean)
	}
}

// outOfReach are modules that the module of the proof cannot require: their
// names were read in their sources.
var outOfReach = []string{"github.com/beego/beego/v2/", "github.com/astaxie/beego/", "github.com/volatiletech/sqlboiler/v4/"}

// TestNames looks up every name of the tables in the real libraries, so that
// one that is renamed is noticed when the module is updated.
func TestNames(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the libraries")
	}
	list, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile, Dir: proof}, "./cases")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	packages.Visit(list, nil, func(p *packages.Package) {
		if p.Types == nil {
			return
		}
		for _, name := range p.Types.Scope().Names() {
			switch o := p.Types.Scope().Lookup(name).(type) {
			case *types.Func:
				known[o.FullName()] = true
			case *types.Var:
				known[p.PkgPath+"."+name] = true
			case *types.TypeName:
				members(known, p.PkgPath+"."+name, o.Type())
			}
		}
	})
	functions, fields := philog.LoggerNames()
	for _, name := range append(functions, fields...) {
		reached := !slices.ContainsFunc(outOfReach, func(m string) bool { return strings.HasPrefix(name, m) })
		if reached && !known[name] {
			t.Errorf("no function, field or variable %s", name)
		}
	}
}

// members adds the methods and fields of a type.
func members(known map[string]bool, owner string, t types.Type) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return
	}
	for i := range named.NumMethods() {
		known[named.Method(i).FullName()] = true
	}
	switch u := named.Underlying().(type) {
	case *types.Interface:
		for i := range u.NumExplicitMethods() {
			known[u.ExplicitMethod(i).FullName()] = true
		}
	case *types.Struct:
		for i := range u.NumFields() {
			known[owner+"."+u.Field(i).Name()] = true
		}
	}
}
