package philog

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/phivet/phivet/rules"
)

// literal judges what a literal gives the fields that turn on a logger.
func (c *loggerCheck) literal(lit *ast.CompositeLit) {
	owner := c.typeName(lit)
	if owner == gormConfig {
		c.gormLiteral(lit)
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		if s := c.switches[owner+"."+key.Name]; s != nil {
			c.judgeSwitch(lit, s, kv.Value, field(lit, s.levelField), field(lit, "Logger"))
		}
	}
}

// assign judges the same in assignments.
func (c *loggerCheck) assign(n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, lhs := range n.Lhs {
		sel, ok := lhs.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		name := c.fieldName(sel)
		if name == gormConfig+".LogLevel" {
			c.gormLevel(n, sel, n.Rhs[i])
			continue
		}
		s := c.switches[name]
		if s == nil {
			continue
		}
		var level, logger ast.Expr
		owner := strings.TrimSuffix(name, "."+sel.Sel.Name)
		if vs := c.assigned[owner+"."+s.levelField]; len(vs) == 1 {
			level = vs[0]
		}
		if vs := c.assigned[owner+".Logger"]; len(vs) == 1 {
			logger = vs[0]
		} else if lit := c.literalOf(sel.X); lit != nil {
			logger = field(lit, "Logger")
		}
		c.judgeSwitch(n, s, n.Rhs[i], level, logger)
	}
}

func (c *loggerCheck) judgeSwitch(n ast.Node, s *switchField, value, level, logger ast.Expr) {
	if !s.level && (c.isFalse(value) || c.pass.TypesInfo.Types[value].IsNil()) {
		return
	}
	if isBool(c.pass.TypesInfo.TypeOf(value)) && !c.isTrue(value) {
		return // decided elsewhere
	}
	if strings.HasSuffix(s.name, ".Logger") {
		logger = value
	}
	if s.logger && c.dropsArguments(logger) {
		return
	}
	if s.level {
		level = value
	}
	severity := rules.High
	if l, known := c.level(level); s.none > 0 && level != nil {
		switch {
		case known && l <= s.none:
			return
		case l < s.all:
			severity = rules.Medium
		}
	}
	c.report(n, severity, s.fact)
}

func isBool(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func (c *loggerCheck) literalOf(e ast.Expr) *ast.CompositeLit {
	e = c.resolve(e)
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = ast.Unparen(u.X)
	}
	lit, _ := e.(*ast.CompositeLit)
	return lit
}

// dropsArguments reports whether a logger of this package, a type with a
// method Log or a function, looks at its data only by constant keys other than
// that of the arguments.
func (c *loggerCheck) dropsArguments(logger ast.Expr) bool {
	if logger == nil {
		return false
	}
	var params *ast.FieldList
	var body *ast.BlockStmt
	e := c.resolve(logger)
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 && c.pass.TypesInfo.Types[call.Fun].IsType() {
		e = c.resolve(call.Args[0]) // tracelog.LoggerFunc(f)
	}
	if fn, ok := e.(*ast.FuncLit); ok {
		params, body = fn.Type.Params, fn.Body
	} else if decl := c.bodies[c.object(e)]; decl != nil {
		params, body = decl.Type.Params, decl.Body
	} else if obj, _, _ := types.LookupFieldOrMethod(c.pass.TypesInfo.TypeOf(e), true, c.pass.Pkg, "Log"); obj != nil {
		if decl := c.bodies[obj]; decl != nil {
			params, body = decl.Type.Params, decl.Body
		}
	}
	if body == nil {
		return false
	}
	for _, p := range params.List {
		for _, name := range p.Names {
			obj := c.pass.TypesInfo.Defs[name]
			if obj == nil {
				continue
			}
			if _, ok := obj.Type().Underlying().(*types.Map); ok && c.used(body, obj, func(key string) bool { return key != "args" }) {
				return false
			}
		}
	}
	return true
}
