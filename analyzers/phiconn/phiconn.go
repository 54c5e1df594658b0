// Package phiconn reports connections that do not protect what they carry:
// PostgreSQL connections without TLS or with a password in the source, TLS
// configurations that trust anybody or speak old versions, and sessions that
// outlive their user's presence (PHI301 to PHI305).
//
// It needs types and constants but no SSA: these settings are written where
// they are used. Rules speak of every PostgreSQL connection of the module, as
// one connection usually carries all tables. Test code is left alone: files
// named _test.go, packages below a folder of tests or examples, and files that
// import a testing library.
package phiconn

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/phivet/phivet/rules"
)

// Analyzer reports the rules of this package.
var Analyzer = &analysis.Analyzer{
	Name:     "phiconn",
	Doc:      "report connections and sessions that do not protect health information",
	URL:      "https://github.com/phivet/phivet/tree/main/docs/rules",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// Rules returns the rules that the analyzer can report, in the order of their IDs.
func Rules() []*rules.Rule {
	return []*rules.Rule{tlsNotEnforced, tlsVerificationSkipped, tlsVersionWeak, credentialsInDSN, sessionNeverExpires}
}

// A checker judges one package.
type checker struct {
	pass *analysis.Pass
	info *types.Info
	// values are the expressions assigned to a variable or constant; nil
	// stands for one that is not known, such as a range or a pointer's target.
	values map[types.Object][]ast.Expr
	seen   map[seenKey]bool
}

type seenKey struct {
	rule *rules.Rule
	pos  token.Pos
}

func run(pass *analysis.Pass) (any, error) {
	if testPackage(pass.Pkg.Path()) {
		return nil, nil
	}
	c := &checker{pass: pass, info: pass.TypesInfo, values: map[types.Object][]ast.Expr{}, seen: map[seenKey]bool{}}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	c.collect(in)
	for file := range in.Root().Children() {
		if f, ok := file.Node().(*ast.File); ok && !testFile(pass.Fset.File(f.FileStart).Name(), f) {
			c.file(file)
		}
	}
	return nil, nil
}

func (c *checker) file(file inspector.Cursor) {
	for cur := range file.Preorder((*ast.BasicLit)(nil), (*ast.CallExpr)(nil), (*ast.CompositeLit)(nil),
		(*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.Field)(nil), (*ast.KeyValueExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.BasicLit:
			c.literal(cur, n)
		case *ast.CallExpr:
			c.settingCall(cur, n)
			c.connect(n)
			c.sessionCall(cur, n)
		case *ast.CompositeLit:
			c.tlsLiteral(n)
			c.configLiteral(cur, n)
			c.sessionLiteral(cur, n)
		case *ast.AssignStmt:
			c.assign(cur, n)
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					c.namedMode(cur, name.Name, n.Values[i], rules.High)
				}
			}
		case *ast.Field:
			c.tag(n)
		case *ast.KeyValueExpr:
			c.pair(cur, n)
		}
	}
}

// collect notes what each variable is assigned, so that a string can be
// followed back to its text.
func (c *checker) collect(in *inspector.Inspector) {
	in.Preorder([]ast.Node{(*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil)}, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
					c.note(lhs, n.Rhs[i])
				} else {
					c.note(lhs, nil)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if len(n.Values) == len(n.Names) {
					c.note(name, n.Values[i])
				} else if len(n.Values) > 0 {
					c.note(name, nil)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				c.note(n.X, nil)
			}
		case *ast.RangeStmt:
			c.note(n.Key, nil)
			c.note(n.Value, nil)
		}
	})
}

func (c *checker) note(lhs, value ast.Expr) {
	if id, ok := lhs.(*ast.Ident); ok {
		if obj := c.info.ObjectOf(id); obj != nil {
			c.values[obj] = append(c.values[obj], value)
		}
	}
}

// report reports a fact at a range, once a rule and place: several ways may
// lead to the same literal. A severity below the rule's own goes into the
// category, where the driver reads it.
func (c *checker) report(r *rules.Rule, severity rules.Severity, pos, end token.Pos, fact string, fixes ...analysis.SuggestedFix) {
	key := seenKey{r, pos}
	if c.seen[key] || !pos.IsValid() {
		return
	}
	c.seen[key] = true
	category := r.ID
	if severity < r.Severity {
		category += "/" + severity.String()
	}
	c.pass.Report(analysis.Diagnostic{
		Pos: pos, End: end, Category: category, Message: r.ID + " " + fact, URL: r.HelpURI(), SuggestedFixes: fixes,
	})
}

// testPackage reports whether an import path lies below a folder of tests.
func testPackage(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "testdata", "test", "tests", "testutil", "testutils", "testhelper", "testhelpers", "testfixtures",
			"testing", "e2e", "e2e-tests", "example", "examples", "_examples":
			return true
		}
	}
	return false
}

// testLibraries are imported by helpers of tests that are not named _test.go.
var testLibraries = []string{
	"testing", "net/http/httptest", "github.com/stretchr/testify", "github.com/testcontainers/", "github.com/ory/dockertest",
	"github.com/onsi/ginkgo", "github.com/onsi/gomega", "github.com/fergusstrange/embedded-postgres", "go.uber.org/mock", "gotest.tools/",
}

func testFile(name string, f *ast.File) bool {
	if strings.HasSuffix(name, "_test.go") {
		return true
	}
	for _, spec := range f.Imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		for _, lib := range testLibraries {
			if path == lib || strings.HasPrefix(path, lib) && lib != "testing" {
				return true
			}
		}
	}
	return false
}
