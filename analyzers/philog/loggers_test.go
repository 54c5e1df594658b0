package philog_test

import (
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/packages"

	"github.com/phivet/phivet/analyzers/internal/casetest"
	"github.com/phivet/phivet/analyzers/philog"
)

// proof is the module in which the loggers are also run against a server.
const proof = "../internal/knowledge/testdata/proof"

// graded is the analyzer with severities, which the cases assert.
var graded = casetest.Graded(philog.Loggers, philog.Rules())

// TestMain lets the test binary serve as a vettool.
func TestMain(m *testing.M) { os.Exit(casetest.Main(m, graded)) }

// TestLoggers runs the cases of PHI208 against the real libraries.
func TestLoggers(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the libraries")
	}
	dir, err := filepath.Abs(proof)
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, graded, "./cases")
	analysistest.RunWithSuggestedFixes(t, dir, graded, "./cases/fixes")
	casetest.Gone(t, proof, "cases/fixes", philog.Loggers)
}

// TestVettool runs the same cases as a vettool, expects the same findings, and
// counts them.
func TestVettool(t *testing.T) {
	casetest.Vettool(t, proof, "./cases", "./cases/fixes").AtLeast(t, casetest.Shapes{Found: 60, Clean: 50})
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
