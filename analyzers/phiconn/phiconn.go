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

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/testcode"
	"github.com/phivet/phivet/rules"
)

// Analyzer reports the rules of this package.
var Analyzer = &analysis.Analyzer{
	Name:     "phiconn",
	Doc:      "report connections and sessions that do not protect health information",
	URL:      "https://github.com/phivet/phivet/tree/main/docs/rules",
	Requires: []*analysis.Analyzer{own.Syntax},
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
	if testcode.Package(pass) {
		return nil, nil
	}
	in := pass.ResultOf[own.Syntax].(*inspector.Inspector)
	if in == nil {
		return nil, nil // a dependency
	}
	c := &checker{
		pass: pass, info: pass.TypesInfo, index: newIndex(pass.TypesInfo, in),
		seen: map[seenKey]bool{}, climbed: map[ast.Node]bool{}, verified: map[*ast.BlockStmt]bool{},
	}
	for file := range in.Root().Children() {
		f, ok := file.Node().(*ast.File)
		if !ok || testcode.File(pass.Fset.File(f.FileStart).Name(), f) {
			continue
		}
		c.proxied = testcode.Imports(f, proxies)
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

// proxies are dialers that bring TLS and authentication of their own: below
// them, the connection string rightly says sslmode=disable.
var proxies = []string{"cloud.google.com/go/cloudsqlconn", "cloud.google.com/go/alloydbconn", "github.com/GoogleCloudPlatform/cloudsql-proxy/"}
