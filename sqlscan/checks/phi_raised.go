package checks

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed phi_raised.md
var phiRaisedPage string

var phiRaised = &rules.Rule{
	ID: "PHI410", Slug: "phi-raised", Title: "message of a function carries PHI",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{532, 209}, Help: phiRaisedPage,
}

func checkRaised(p *Pass) {
	triggers := p.triggersByFunction()
	for _, f := range p.Catalog.Functions() {
		if f.PL == nil {
			continue
		}
		f.PL.Walk(func(st *pgparse.PLStatement) bool {
			if st.Raise == nil {
				return true
			}
			params := st.Raise.Params
			for _, o := range st.Raise.Options {
				params = append(params, o.Expr)
			}
			for _, x := range params {
				if name, class := p.phiIn(x, f, triggers[f.Name]); name != "" {
					at := inFunction(f, x)
					n := Note{At: at, Object: fmt.Sprintf("%s raise %s", f.Name.Full(), name), Reason: class.Reason}
					p.Report(phiRaised, n, "RAISE %s in function %s carries %s", strings.ToUpper(st.Raise.Level), f.Name, name)
					break
				}
			}
			return true
		})
	}
}

// triggersByFunction returns the tables whose triggers run each function.
func (p *Pass) triggersByFunction() map[catalog.Name][]*catalog.Table {
	out := map[catalog.Name][]*catalog.Table{}
	for _, t := range p.Tables() {
		for _, g := range t.Triggers {
			out[g.Function] = append(out[g.Function], t)
		}
	}
	return out
}

// inFunction returns the place of an expression of a function's body.
func inFunction(f *catalog.Function, x *pgparse.PLExpr) catalog.Place {
	if f.Stmt.Base < 0 || x.Offset < 0 {
		return f.Made
	}
	start := f.Stmt.Base + x.Offset
	return catalog.Place{File: f.Made.File, Start: start, End: start + len(x.Text)}
}

// phiIn returns what in an expression of a function is PHI: a column of NEW or
// OLD, or a variable or argument whose name says so.
func (p *Pass) phiIn(x *pgparse.PLExpr, f *catalog.Function, tables []*catalog.Table) (string, phi.Class) {
	if x == nil {
		return "", phi.Class{}
	}
	node, _, err := x.Parse()
	if err != nil {
		return "", phi.Class{}
	}
	found, class := "", phi.Class{}
	pgparse.Walk(node, func(m pgparse.Message) bool {
		if found != "" {
			return false
		}
		switch r := m.(type) {
		case *pgparse.FuncCall:
			return !harmlessOf[funcName(r)] // a length or a hash is not the value
		case *pgparse.ColumnRef:
			if c := p.variableClass(r, f, tables); c.PHI() && c.Category != phi.Link {
				found, class = refName(r), c
			}
		}
		return true
	})
	return found, class
}

var harmlessOf = map[string]bool{"length": true, "char_length": true, "count": true, "hmac": true, "octet_length": true, "pg_typeof": true}

func (p *Pass) variableClass(r *pgparse.ColumnRef, f *catalog.Function, tables []*catalog.Table) phi.Class {
	first := strings.ToLower(r.Fields[0].GetString_().GetSval())
	if len(r.Fields) > 1 && (first == "new" || first == "old") {
		for _, t := range tables {
			if c := p.Column(t, refColumn(r)); c.PHI() && p.PHI(t) {
				return c
			}
		}
		return phi.Class{}
	}
	name := refColumn(r)
	for _, prefix := range []string{"p_", "v_", "_", "in_", "arg_", "l_"} {
		name = strings.TrimPrefix(name, prefix)
	}
	c := p.Lexicon.ClassifyValue(phi.Value{Name: name, Kind: "string", Scope: f.Name.Name}, p.Schema)
	if c.Tier < 3 && len(r.Fields) == 1 {
		return phi.Class{} // a lone variable has little context
	}
	return c
}
