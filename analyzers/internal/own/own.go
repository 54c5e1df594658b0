// Package own tells the packages of the user's modules from all others.
//
// go vet runs an analyzer on every dependency, for its facts, and throws away
// what it reports there. Analyzers that only look at syntax have no facts, and
// in most runs nine of ten packages are dependencies.
package own

import (
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// Syntax is inspect.Analyzer for the packages that findings are shown for. Its
// result is an *inspector.Inspector, nil for other packages.
var Syntax = &analysis.Analyzer{
	Name:       "phisyntax",
	Doc:        "index the syntax of the packages that findings are shown for",
	URL:        "https://github.com/phivet/phivet/blob/main/docs/ARCHITECTURE.md",
	ResultType: reflect.TypeFor[*inspector.Inspector](),
	Run: func(pass *analysis.Pass) (any, error) {
		if !Package(pass) {
			return (*inspector.Inspector)(nil), nil
		}
		return inspector.New(pass.Files), nil
	},
}

// Package reports whether the package belongs to a main module: findings are
// shown for it. A package whose module is not known counts as one.
func Package(pass *analysis.Pass) bool {
	return !Standard(pass) && (pass.Module == nil || pass.Module.Version == "")
}

// Standard reports whether the package is of the standard library.
func Standard(pass *analysis.Pass) bool {
	if !StandardPath(pass.Pkg.Path()) {
		return false
	}
	m := pass.Module
	return m == nil || m.Path == "" || m.Path == "std" || m.Path == "cmd"
}

// StandardPath reports whether the path starts as those of the standard library
// do. A module of one's own may be named so too; only its package can tell.
func StandardPath(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return standard[first]
}

// standard lists the first elements of the standard library's import paths. A
// package says nothing else of where it comes from.
var standard = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(`archive bufio bytes cmd cmp compress container context crypto database debug embed
		encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime net os path plugin
		reflect regexp runtime slices sort strconv strings structs sync syscall testing text time unicode unique unsafe
		vendor weak simd`) {
		m[s] = true
	}
	return m
}()
