package knowledge_test

import (
	"go/types"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
)

// unreachable are modules that the test module cannot require, beside the others
// or at all: their names
// were read in the sources of the version beside them.
var unreachable = map[string]string{
	"github.com/upper/db/v4":               "719cf2853c89",
	"github.com/beego/beego/v2":            "939cfde380bb",
	"github.com/astaxie/beego":             "v1.12",
	"github.com/go-jet/jet/v2":             "10d3623ccad6",
	"github.com/imroc/req/v3":              "v3.43.7",
	"github.com/volatiletech/sqlboiler/v4": "as github.com/aarondl/sqlboiler/v4",
	"github.com/bugsnag/bugsnag-go/v2":     "as github.com/bugsnag/bugsnag-go",
}

// TestLibraries loads the libraries that testdata/libraries requires and looks
// up every function and parameter that the files name, so that a library that
// renames one is noticed when the module is updated.
func TestLibraries(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles every library")
	}
	packs := load(t)
	base, err := knowledge.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range base.Functions() {
		pkg := packageOf(name)
		if unreachableModule(pkg) {
			continue
		}
		p := packs[pkg]
		if p == nil {
			t.Errorf("%s: testdata/libraries does not import %s", name, pkg)
			continue
		}
		fn := function(p, name)
		if fn == nil {
			t.Errorf("%s: no such function", name)
			continue
		}
		for _, e := range base.Lookup(name) {
			if e.Param != "_" && !hasParam(fn, e.Param) {
				t.Errorf("%s: no parameter %s in %v", name, e.Param, fn.Type())
			}
		}
	}
}

func unreachableModule(pkg string) bool {
	for m := range unreachable {
		if pkg == m || strings.HasPrefix(pkg, m+"/") {
			return true
		}
	}
	return false
}

// load returns the types of everything that the test module imports.
func load(t *testing.T) map[string]*types.Package {
	t.Helper()
	dir, err := filepath.Abs("testdata/libraries")
	if err != nil {
		t.Fatal(err)
	}
	list, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
		Dir:  dir,
		Env:  append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*types.Package{}
	for _, p := range list {
		for _, e := range p.Errors {
			t.Skipf("libraries cannot be loaded: %v", e)
		}
	}
	packages.Visit(list, nil, func(p *packages.Package) { all[p.PkgPath] = p.Types })
	return all
}

// packageOf returns the import path in the full name of a function.
func packageOf(name string) string {
	name = strings.TrimLeft(name, "(*")
	slash := strings.LastIndexByte(name[:len(name)-len(name[strings.LastIndexByte(name, '/')+1:])], '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	return name[:slash+1+dot]
}

// function finds a function, method or interface method by its full name.
func function(p *types.Package, full string) *types.Func {
	scope := p.Scope()
	for _, name := range scope.Names() {
		switch o := scope.Lookup(name).(type) {
		case *types.Func:
			if o.FullName() == full {
				return o
			}
		case *types.TypeName:
			named, ok := types.Unalias(o.Type()).(*types.Named)
			if !ok {
				continue
			}
			for i := range named.NumMethods() {
				if m := named.Method(i); m.FullName() == full {
					return m
				}
			}
			if it, ok := named.Underlying().(*types.Interface); ok {
				for i := range it.NumExplicitMethods() {
					if m := it.ExplicitMethod(i); m.FullName() == full {
						return m
					}
				}
			}
		}
	}
	return nil
}

func hasParam(f *types.Func, name string) bool {
	params := f.Type().(*types.Signature).Params()
	if at, err := strconv.Atoi(name); err == nil { // by its place, where it has no name
		return at < params.Len() && params.At(at).Name() == ""
	}
	for i := range params.Len() {
		if params.At(i).Name() == name {
			return true
		}
	}
	return false
}
