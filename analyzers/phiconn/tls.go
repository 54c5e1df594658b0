package phiconn

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
)

// tlsLiteral judges the fields of a tls.Config literal.
func (c *checker) tlsLiteral(cur inspector.Cursor, lit *ast.CompositeLit) {
	if typename.Of(c.info.TypeOf(lit)) != "crypto/tls.Config" {
		return
	}
	fields := literalFields(lit)
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		c.tlsField(cur, key.Name, kv.Value, func() bool {
			return c.verifies(fields["VerifyPeerCertificate"]) || c.verifies(fields["VerifyConnection"])
		})
	}
}

// tlsField judges one setting of a tls.Config.
func (c *checker) tlsField(cur inspector.Cursor, name string, value ast.Expr, verified func() bool) {
	switch name {
	case "InsecureSkipVerify":
		if !c.isTrue(value) {
			return
		}
		severity, fact := c.most(cur), "tls.Config accepts any certificate (InsecureSkipVerify)"
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
// to the same configuration, or its literal has one.
func (c *checker) verifiesElsewhere(config ast.Expr) bool {
	var given []ast.Expr
	for _, name := range []string{"VerifyPeerCertificate", "VerifyConnection"} {
		given = append(given, c.fields[object(c.info, config)][name]...)
		if lit := literalOf(c.single(c.info, config)); lit != nil {
			given = append(given, literalFields(lit)[name])
		}
	}
	return slices.ContainsFunc(given, c.verifies)
}

// verifies reports whether a function looks at the certificate: it verifies a
// chain or compares a digest. A body that only returns nil does not, and one
// out of reach is not believed.
func (c *checker) verifies(fn ast.Expr) bool {
	var body *ast.BlockStmt
	switch fn := ast.Unparen(fn).(type) {
	case *ast.FuncLit:
		body = fn.Body
	case *ast.Ident, *ast.SelectorExpr:
		body = c.bodies[object(c.info, fn)]
	case *ast.CallExpr: // verifier(roots) returns the function
		if f, _ := typeutil.Callee(c.info, fn).(*types.Func); f != nil {
			body = c.bodies[f]
		}
	}
	if body == nil {
		return false
	}
	if found, ok := c.verified[body]; ok {
		return found
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f, _ := typeutil.Callee(c.info, call).(*types.Func); f != nil {
				switch f.FullName() {
				case "(*crypto/x509.Certificate).Verify", "(*crypto/x509.Certificate).CheckSignatureFrom", "(*crypto/x509.Certificate).Equal",
					"crypto/subtle.ConstantTimeCompare", "bytes.Equal", "crypto/hmac.Equal", "slices.Equal", "slices.Contains":
					found = true
				}
			}
		}
		return !found
	})
	c.verified[body] = found
	return found
}
