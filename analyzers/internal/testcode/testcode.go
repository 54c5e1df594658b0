// Package testcode recognises Go code that only runs in tests: what it
// connects to and what it prints is made up.
package testcode

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// folder matches what Go projects call the folders of their tests: the helpers
// of package x stand in xtest.
var folder = lazyregexp.New(`^(testdata|tests?[-_]?(util|helper|fixture|support|harness|db|suite|framework|case)?s?|testing|[-_]?examples?|` +
	`e2e([-_]?tests?)?|integration[-_]?tests?|mocks?|fixtures?|.*[-_]tests?|(db|pg|sql|store|storage|http|api|app|unit|system|database|postgres|pgx|server|service|internal)tests?)$`)

// Package reports whether a package lies below a folder of tests or examples
// inside of its module: the name of the module itself says nothing.
func Package(pass *analysis.Pass) bool {
	path := pass.Pkg.Path()
	if pass.Module != nil {
		path = strings.TrimPrefix(path, pass.Module.Path)
	}
	for part := range strings.SplitSeq(path, "/") {
		if folder.MatchString(part) {
			return true
		}
	}
	return false
}

// libraries are imported by helpers of tests that are not named _test.go.
var libraries = []string{
	"testing", "net/http/httptest", "github.com/stretchr/testify", "github.com/testcontainers/", "github.com/ory/dockertest",
	"github.com/onsi/ginkgo", "github.com/onsi/gomega", "github.com/fergusstrange/embedded-postgres", "go.uber.org/mock", "gotest.tools/",
}

// File reports whether a file of that name is part of tests or only helps them.
func File(name string, f *ast.File) bool {
	return strings.HasSuffix(name, "_test.go") || Imports(f, libraries)
}

// Imports reports whether a file imports one of the packages, or one below
// them. The package testing counts only by itself: below it is what production
// code may use.
func Imports(f *ast.File, packages []string) bool {
	for _, spec := range f.Imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		for _, p := range packages {
			if path == p || strings.HasPrefix(path, p) && p != "testing" {
				return true
			}
		}
	}
	return false
}
