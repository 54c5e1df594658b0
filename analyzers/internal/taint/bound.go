package taint

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/phi"
)

// simpleMode is the typ of a constant that, among the values of a query, makes
// pgx write the others into the text.
const simpleMode = "simple protocol"

// isSimpleMode reports whether c is pgx.QueryExecModeSimpleProtocol, or
// QuerySimpleProtocol(true) of version 4.
func isSimpleMode(c *ssa.Const) bool {
	if c.Value == nil {
		return false
	}
	switch typename.Of(c.Type()) {
	case "github.com/jackc/pgx/v5.QueryExecMode":
		mode, ok := typename.Named(c.Type()).Obj().Pkg().Scope().Lookup("QueryExecModeSimpleProtocol").(*types.Const)
		return ok && constant.Compare(c.Value, token.EQL, mode.Val())
	case "github.com/jackc/pgx/v4.QuerySimpleProtocol":
		return constant.BoolVal(c.Value)
	}
	return false
}

// judgeBound judges the values that go beside the text: constants that look
// like somebody's, and PHI that the driver is told to write into the text. It
// returns the mode that was reported, so that callers do not report it again.
func (e *engine) judgeBound(u *use, shape *sqlshape.Shape) *node {
	if len(u.values) == 0 {
		return nil
	}
	var values []*node
	var mode *node
	for _, v := range (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(u.values[0]) {
		if v.kind == kConst && v.typ == simpleMode {
			mode = v
			continue
		}
		values = append(values, v)
	}
	for i, v := range values {
		e.boundLiteral(u, v, param(shape, i))
	}
	if mode == nil || !e.simpleProtocol(u, shape, values) {
		return nil
	}
	return mode
}

// param returns what the text does with bound value number i, or nil.
func param(shape *sqlshape.Shape, i int) *sqlshape.Param {
	for j := range shape.Params {
		if shape.Params[j].Number == i+1 {
			return &shape.Params[j]
		}
	}
	return nil
}

// boundLiteral reports a constant that looks like an identifier of a person.
// What it looks like depends on the column; without one, only numbers that are
// identifiers by their form count.
func (e *engine) boundLiteral(u *use, v *node, p *sqlshape.Param) {
	if v.kind != kConst || len(v.text) < 4 || len(v.text) > 200 {
		return
	}
	var column sqlshape.ColumnRef
	if p != nil {
		column = p.ColumnRef
	}
	var near phi.Category
	if column.Class.PHI() {
		near = column.Class.Category
	}
	found := e.lexicon.Detect(v.text, near)
	if len(found) == 0 {
		return
	}
	d := found[0]
	switch {
	case d.Category != phi.SSN && e.schema != nil && !e.schema.Health():
		return
	case near == "" && d.Category != phi.SSN && d.Category != phi.MRN && d.Category != phi.Plan:
		return
	case near != "" && column.Class.Letter == "":
		return // a diagnosis by itself is nobody's
	case d.Category == phi.Date && p != nil && p.Access&sqlshape.Write == 0:
		return // a date that rows are compared with is a limit
	}
	pos, end, own := e.constantArgument(u, v.text)
	if u.via && !own {
		return // was reported where it stands
	}
	message := "literal that looks like " + article(d.Kind) + " is bound as a parameter"
	if near != "" {
		message = "literal that looks like " + article(d.Kind) + " is bound for " + column.Qualified()
	}
	category := "PHI107"
	if d.Placeholder || phi.Placeholder(v.text) {
		category = "PHI107/info"
	}
	if len(message) > maxMessage {
		message = message[:maxMessage]
	}
	e.report(analysis.Diagnostic{Pos: pos, End: end, Category: category, Message: "PHI107 " + message})
}

// constantArgument returns the argument of the call that has the constant
// value, and whether there is one; otherwise the range of the call.
func (e *engine) constantArgument(u *use, text string) (pos, end token.Pos, own bool) {
	if call := e.callAt(u.pos); call != nil {
		for _, a := range call.Args {
			v := e.pass.TypesInfo.Types[a].Value
			if v != nil && (v.Kind() == constant.String && constant.StringVal(v) == text || v.ExactString() == text) {
				return a.Pos(), a.End(), true
			}
		}
	}
	pos, end, _ = e.rangeOf(u.pos)
	return pos, end, false
}

// callAt returns the call whose left parenthesis is at pos.
func (e *engine) callAt(pos token.Pos) *ast.CallExpr {
	for _, n := range e.enclosing(pos) {
		if c, ok := n.(*ast.CallExpr); ok && c.Lparen == pos {
			return c
		}
	}
	return nil
}

// simpleProtocol reports a query that asks for pgx's simple protocol and binds
// PHI, or reads a PHI table by something that may be.
func (e *engine) simpleProtocol(u *use, shape *sqlshape.Shape, values []*node) bool {
	for i, v := range values {
		known := e.phiIn(v)
		p := param(shape, i)
		if known == nil && (p == nil || !p.Class.PHI() && !p.Key || e.harmless(v)) {
			continue
		}
		if known == nil {
			known = v
		}
		message := display(known) + " is written into the SQL text by pgx's simple protocol"
		if p != nil && p.Column != "" {
			if full := fmt.Sprintf("%s (%s)", message, p.Qualified()); len(full) <= maxMessage {
				message = full
			}
		}
		return e.reportSimple(u, "PHI104", message, known)
	}
	if shape.PHITable && len(values) > 0 && !e.allHarmless(values) {
		return e.reportSimple(u, "PHI104/medium", "bound values are written into the SQL text by pgx's simple protocol", nil)
	}
	return false
}

func (e *engine) allHarmless(values []*node) bool {
	for _, v := range values {
		if !e.harmless(v) {
			return false
		}
	}
	return true
}

func (e *engine) reportSimple(u *use, category, message string, source *node) bool {
	pos, end, ok := e.rangeOf(u.pos)
	if !ok {
		return false
	}
	d := analysis.Diagnostic{Pos: pos, End: end, Category: category, Message: "PHI104 " + message}
	if source != nil {
		e.related(&d, source.pos, "source: "+display(source))
	}
	e.related(&d, u.pos, "reaches "+shortName(u.sink))
	e.report(d)
	return true
}

// boundMatters tells cheaply whether the bound values can have something to
// report: a constant among them, or a mode.
func boundMatters(u *use) bool {
	if len(u.values) == 0 {
		return false
	}
	found, left := false, 100
	walk(u.values[0], func(n *node) bool {
		left--
		found = found || n.kind == kConst && (n.typ == simpleMode || len(n.text) >= 4)
		return !found && left > 0 && (n.kind == kList || n.kind == kAlt || n.kind == kSame)
	})
	return found
}
