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
//
// The work is linear in the size of a package: one walk notes what every
// variable is given (see index), a second one asks.
package phiconn

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
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
	*index
	seen map[seenKey]bool
	// climbed are the expressions whose whole string was judged already.
	climbed map[ast.Node]bool
	// verified says of the functions that a tls.Config was given whether they
	// look at the certificate.
	verified map[*ast.BlockStmt]bool
	// proxied: the file connects through a dialer that encrypts by itself.
	proxied bool
}

type seenKey struct {
	rule *rules.Rule
	pos  token.Pos
}

func run(pass *analysis.Pass) (any, error) {
	if testPackage(pass) {
		return nil, nil
	}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	c := &checker{
		pass: pass, info: pass.TypesInfo, index: newIndex(pass.TypesInfo, in),
		seen: map[seenKey]bool{}, climbed: map[ast.Node]bool{}, verified: map[*ast.BlockStmt]bool{},
	}
	for file := range in.Root().Children() {
		f, ok := file.Node().(*ast.File)
		if !ok || testFile(pass.Fset.File(f.FileStart).Name(), f) {
			continue
		}
		c.proxied = imports(f, proxies)
		c.file(file)
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
			c.option(cur, n)
			c.sessionCall(cur, n)
		case *ast.CompositeLit:
			c.tlsLiteral(cur, n)
			c.configLiteral(cur, n)
			c.sessionLiteral(cur, n)
		case *ast.AssignStmt:
			c.assign(cur, n)
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					c.namedMode(cur, name.Name, n.Values[i], setting{most: rules.High})
				}
			}
		case *ast.Field:
			c.tag(n)
		case *ast.KeyValueExpr:
			c.pair(cur, n)
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

// testPackage reports whether a package lies below a folder of tests inside of
// its module: the name of the module itself says nothing.
func testPackage(pass *analysis.Pass) bool {
	path := pass.Pkg.Path()
	if pass.Module != nil {
		path = strings.TrimPrefix(path, pass.Module.Path)
	}
	for part := range strings.SplitSeq(path, "/") {
		if testFolder.MatchString(part) {
			return true
		}
	}
	return false
}

// testFolder matches what Go projects call the folders of their tests: the
// helpers of package x stand in xtest.
var testFolder = regexp.MustCompile(`^(testdata|tests?[-_]?(util|helper|fixture|support|harness|db|suite|framework|case)?s?|testing|[-_]?examples?|` +
	`e2e([-_]?tests?)?|integration[-_]?tests?|mocks?|fixtures?|.*[-_]tests?|(db|pg|sql|store|storage|http|api|app|unit|system|database|postgres|pgx|server|service|internal)tests?)$`)

// testLibraries are imported by helpers of tests that are not named _test.go.
var testLibraries = []string{
	"testing", "net/http/httptest", "github.com/stretchr/testify", "github.com/testcontainers/", "github.com/ory/dockertest",
	"github.com/onsi/ginkgo", "github.com/onsi/gomega", "github.com/fergusstrange/embedded-postgres", "go.uber.org/mock", "gotest.tools/",
}

// proxies are dialers that bring TLS and authentication of their own: below
// them, the connection string rightly says sslmode=disable.
var proxies = []string{"cloud.google.com/go/cloudsqlconn", "cloud.google.com/go/alloydbconn", "github.com/GoogleCloudPlatform/cloudsql-proxy/"}

func testFile(name string, f *ast.File) bool {
	return strings.HasSuffix(name, "_test.go") || imports(f, testLibraries)
}

func imports(f *ast.File, libraries []string) bool {
	for _, spec := range f.Imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		for _, lib := range libraries {
			if path == lib || strings.HasPrefix(path, lib) && lib != "testing" {
				return true
			}
		}
	}
	return false
}
