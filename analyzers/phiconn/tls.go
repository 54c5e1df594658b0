package phiconn

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules"
)

// tlsLiteral judges the fields of a tls.Config literal.
func (c *checker) tlsLiteral(lit *ast.CompositeLit) {
	if typeName(c.info.TypeOf(lit)) != "crypto/tls.Config" {
		return
	}
	fields := literalFields(lit)
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		c.tlsField(kv.Key.(*ast.Ident).Name, kv.Value, func() bool {
			return c.verifies(fields["VerifyPeerCertificate"]) || c.verifies(fields["VerifyConnection"])
		})
	}
}

// tlsField judges one setting of a tls.Config.
func (c *checker) tlsField(name string, value ast.Expr, verified func() bool) {
	switch name {
	case "InsecureSkipVerify":
		if v := c.info.Types[value].Value; v == nil || v.String() != "true" {
			return
		}
		severity, fact := rules.High, "tls.Config accepts any certificate (InsecureSkipVerify)"
		if verified() {
			severity, fact = rules.Info, "tls.Config leaves the verification to a function of its own"
		}
		c.report(tlsVerificationSkipped, severity, value.Pos(), value.End(), fact, replace("verify certificates", value.Pos(), value.End(), "false"))
	case "MinVersion", "MaxVersion":
		if n, ok := c.number(value); ok && oldVersions[n] != "" {
			verb := "allows"
			if name == "MaxVersion" {
				verb = "allows nothing newer than"
			}
			c.report(tlsVersionWeak, rules.High, value.Pos(), value.End(), "tls.Config "+verb+" "+oldVersions[n])
		}
	case "CipherSuites":
		if list, ok := ast.Unparen(value).(*ast.CompositeLit); ok {
			c.suites(list)
		}
	}
}

// oldVersions are the protocol versions that RFC 7568 and RFC 8996 retire.
var oldVersions = map[int64]string{0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1"}

// suites reports cipher suites with RC4 or triple DES, by their constants'
// names: crypto/tls names each suite after what it uses.
func (c *checker) suites(list *ast.CompositeLit) {
	for _, elt := range list.Elts {
		sel, ok := ast.Unparen(elt).(*ast.SelectorExpr)
		if ok && (strings.Contains(sel.Sel.Name, "_RC4_") || strings.Contains(sel.Sel.Name, "_3DES_")) {
			c.report(tlsVersionWeak, rules.Medium, elt.Pos(), elt.End(), "tls.Config offers "+sel.Sel.Name)
		}
	}
}

// verifiesElsewhere reports whether the package assigns a verifying function
// to the same configuration.
func (c *checker) verifiesElsewhere(config ast.Expr) bool {
	id, ok := ast.Unparen(config).(*ast.Ident)
	if !ok {
		return false
	}
	obj, found := c.info.ObjectOf(id), false
	for _, f := range c.pass.Files {
		if f.FileStart > id.Pos() || id.Pos() > f.FileEnd {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
				return true
			}
			sel, ok := a.Lhs[0].(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "VerifyPeerCertificate" && sel.Sel.Name != "VerifyConnection" {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			found = found || ok && c.info.ObjectOf(x) == obj && c.verifies(a.Rhs[0])
			return true
		})
	}
	return found
}

// verifies reports whether a function looks at the certificate: it verifies a
// chain or compares a digest. A body that only returns nil does not, and one
// out of reach is not believed.
func (c *checker) verifies(fn ast.Expr) bool {
	var body *ast.BlockStmt
	switch fn := fn.(type) {
	case *ast.FuncLit:
		body = fn.Body
	case *ast.Ident:
		body = c.body(c.info.ObjectOf(fn))
	case *ast.SelectorExpr:
		body = c.body(c.info.ObjectOf(fn.Sel))
	}
	if body == nil {
		return false
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f, _ := typeutil.Callee(c.info, call).(*types.Func); f != nil {
				switch f.FullName() {
				case "(*crypto/x509.Certificate).Verify", "(*crypto/x509.Certificate).CheckSignatureFrom", "(*crypto/x509.Certificate).Equal",
					"crypto/subtle.ConstantTimeCompare", "bytes.Equal", "crypto/hmac.Equal":
					found = true
				}
			}
		}
		return !found
	})
	return found
}

func (c *checker) body(obj types.Object) *ast.BlockStmt {
	for _, f := range c.pass.Files {
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && obj != nil && c.info.Defs[decl.Name] == obj {
				return decl.Body
			}
		}
	}
	return nil
}
