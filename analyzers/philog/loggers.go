package philog

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/printer"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/taint"
	"github.com/phivet/phivet/analyzers/internal/testcode"
	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
)

// loggerCheck looks for configurations of query loggers in one package. Code
// of tests and generated code is left alone: an ent client, for one, always
// has the function that a program may call to debug it.
type loggerCheck struct {
	pass   *analysis.Pass
	result *taint.Result
	// values are what a variable is given; nil stands for one not known.
	values map[types.Object][]ast.Expr
	// assigned are the values given to a field in an assignment, by
	// "package.Type.Field".
	assigned map[string][]ast.Expr
	bodies   map[types.Object]*ast.FuncDecl
	calls    map[string]*queryLogger
	switches map[string]*switchField
	// filtered: the package has a gorm logger that leaves values out, so that
	// Debug may well go through it.
	filtered bool
}

func checkLoggers(pass *analysis.Pass, result *taint.Result) {
	if testcode.Package(pass) {
		return
	}
	c := &loggerCheck{
		pass: pass, result: result, values: map[types.Object][]ast.Expr{}, assigned: map[string][]ast.Expr{}, bodies: map[types.Object]*ast.FuncDecl{},
		calls: map[string]*queryLogger{}, switches: map[string]*switchField{},
	}
	for i, l := range queryLoggers {
		c.calls[l.name] = &queryLoggers[i]
	}
	for i, s := range switchFields {
		c.switches[s.name] = &switchFields[i]
	}
	in := pass.ResultOf[own.Syntax].(*inspector.Inspector)
	if in == nil {
		return // a dependency
	}
	c.collect(in)
	for file := range in.Root().Children() {
		f, ok := file.Node().(*ast.File)
		if !ok || ast.IsGenerated(f) || testcode.File(pass.Fset.File(f.FileStart).Name(), f) {
			continue
		}
		for cur := range file.Preorder((*ast.CompositeLit)(nil), (*ast.CallExpr)(nil), (*ast.AssignStmt)(nil), (*ast.FuncDecl)(nil)) {
			switch n := cur.Node().(type) {
			case *ast.CompositeLit:
				c.literal(n)
			case *ast.CallExpr:
				c.call(n)
			case *ast.AssignStmt:
				c.assign(n)
			case *ast.FuncDecl:
				c.hook(n)
			}
		}
	}
}

// collect notes what variables and fields are given, once for the package.
func (c *loggerCheck) collect(in *inspector.Inspector) {
	for cur := range in.Root().Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.FuncDecl)(nil), (*ast.CompositeLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				var value ast.Expr
				if len(n.Lhs) == len(n.Rhs) {
					value = n.Rhs[i]
				}
				c.note(lhs, value)
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if len(n.Values) == len(n.Names) {
					c.note(name, n.Values[i])
				} else if len(n.Values) > 0 {
					c.note(name, nil)
				}
			}
		case *ast.FuncDecl:
			c.bodies[c.pass.TypesInfo.Defs[n.Name]] = n
		case *ast.CompositeLit:
			if c.typeName(n) == gormConfig && c.isTrue(field(n, "ParameterizedQueries")) {
				c.filtered = true
			}
		}
	}
}

func (c *loggerCheck) note(lhs, value ast.Expr) {
	switch lhs := ast.Unparen(lhs).(type) {
	case *ast.Ident:
		if obj := c.pass.TypesInfo.ObjectOf(lhs); obj != nil {
			c.values[obj] = append(c.values[obj], value)
		}
	case *ast.SelectorExpr:
		if name := c.fieldName(lhs); name != "" {
			c.assigned[name] = append(c.assigned[name], value)
			if strings.HasSuffix(name, ".ParameterizedQueries") && value != nil && c.isTrue(value) {
				c.filtered = true
			}
		}
	}
}

// resolve follows a variable that is given one value to that.
func (c *loggerCheck) resolve(e ast.Expr) ast.Expr {
	for range 4 {
		id, ok := ast.Unparen(e).(*ast.Ident)
		if !ok {
			break
		}
		vs := c.values[c.pass.TypesInfo.ObjectOf(id)]
		if len(vs) != 1 || vs[0] == nil {
			break
		}
		e = vs[0]
	}
	return ast.Unparen(e)
}

// report reports a fact. Loggers that write only what fails or is slow are
// one severity below those that write everything; what writes the values of a
// shop is worth knowing, no more.
func (c *loggerCheck) report(n ast.Node, severity rules.Severity, fact string, fixes ...analysis.SuggestedFix) {
	which := everyStatement
	if severity < rules.High {
		which = failedStatement
	}
	if c.result.OtherBusiness() {
		severity = rules.Low
	}
	r := queryLoggerPrintsValues
	category := r.ID
	if severity < r.Severity {
		category += "/" + severity.String()
	}
	if strings.Contains(fact, "%s") {
		fact = fmt.Sprintf(fact, which)
	}
	c.pass.Report(analysis.Diagnostic{
		Pos: n.Pos(), End: n.End(), Category: category, Message: r.ID + " " + fact, URL: r.HelpURI(), SuggestedFixes: fixes,
	})
}

func (c *loggerCheck) call(call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
	if fn == nil {
		return
	}
	name := fn.Origin().FullName()
	if strings.HasSuffix(name, "/ent.Debug") || strings.HasSuffix(name, "/ent.Client).Debug") {
		c.report(call, rules.High, "ent's debug mode writes the arguments of %s")
		return
	}
	if c.gormCall(call, name) {
		return
	}
	l := c.calls[name]
	if l == nil || call.Ellipsis.IsValid() {
		return // options that come as a list are not known
	}
	switch {
	case l.getter:
		if len(call.Args) == 1 && c.usesArguments(call.Args[0]) {
			c.report(call, l.severity, l.fact)
		}
		return
	case l.flag:
		if len(call.Args) == 0 {
			c.report(call, l.severity, l.fact)
		} else if c.isTrue(call.Args[0]) {
			c.report(call, l.severity, l.fact, replace("leave the values out", call.Args[0], "false"))
		}
		return
	case c.option(call, l.off, true):
		return
	}
	severity := l.severity
	if c.option(call, l.more, false) {
		severity = rules.High
	} else if c.option(call, l.less, false) {
		severity = rules.Medium
	}
	if l.addOff {
		c.report(call, severity, l.fact, c.addOption(call, l.off)...)
		return
	}
	c.report(call, severity, l.fact)
}

// option reports whether the option of that form is among the arguments of
// call; unknown says what an argument that is no constant counts for.
func (c *loggerCheck) option(call *ast.CallExpr, form string, unknown bool) bool {
	if form == "" {
		return false
	}
	name, want, hasArg := strings.Cut(strings.TrimSuffix(form, ")"), "(")
	for _, arg := range call.Args {
		option, ok := c.resolve(arg).(*ast.CallExpr)
		if !ok {
			continue
		}
		if fn := typeutil.Callee(c.pass.TypesInfo, option); fn == nil || fn.Name() != name {
			continue
		}
		if !hasArg || len(option.Args) != 1 {
			return true
		}
		v := c.pass.TypesInfo.Types[option.Args[0]].Value
		if v == nil {
			return unknown
		}
		if least, ok := strings.CutPrefix(want, ">="); ok {
			n, _ := constant.Int64Val(constant.ToInt(v))
			bound, err := strconv.ParseInt(least, 10, 64)
			return err == nil && n >= bound
		}
		return v.ExactString() == want
	}
	return false
}

// addOption is the fix that gives a call one option more, spelled as the call
// spells its own function.
func (c *loggerCheck) addOption(call *ast.CallExpr, form string) []analysis.SuggestedFix {
	text := form
	if !strings.HasSuffix(text, ")") {
		text += "()"
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		var pkg bytes.Buffer
		if err := printer.Fprint(&pkg, c.pass.Fset, sel.X); err != nil {
			return nil
		}
		text = pkg.String() + "." + text
	}
	at := call.Lparen + 1
	if n := len(call.Args); n > 0 {
		at, text = call.Args[n-1].End(), ", "+text
	}
	return []analysis.SuggestedFix{edit("leave the values out: "+form, at, at, text)}
}

func edit(message string, pos, end token.Pos, text string) analysis.SuggestedFix {
	return analysis.SuggestedFix{Message: message, TextEdits: []analysis.TextEdit{{Pos: pos, End: end, NewText: []byte(text)}}}
}

func replace(message string, e ast.Expr, text string) analysis.SuggestedFix {
	return edit(message, e.Pos(), e.End(), text)
}

// usesArguments reports whether a function makes anything of its parameter
// that has the arguments of a statement, but for their number.
func (c *loggerCheck) usesArguments(fn ast.Expr) bool {
	var params *ast.FieldList
	var body *ast.BlockStmt
	switch fn := c.resolve(fn).(type) {
	case *ast.FuncLit:
		params, body = fn.Type.Params, fn.Body
	case *ast.Ident, *ast.SelectorExpr:
		if decl := c.bodies[c.object(fn)]; decl != nil {
			params, body = decl.Type.Params, decl.Body
		}
	}
	if body == nil {
		return false // out of reach
	}
	for _, p := range params.List {
		for _, name := range p.Names {
			obj := c.pass.TypesInfo.Defs[name]
			if obj != nil && obj.Type().String() == "[]database/sql/driver.NamedValue" && c.used(body, obj, nil) {
				return true
			}
		}
	}
	return false
}

// used reports whether a body does anything with a variable but count it, or,
// if it is a map, look up a constant key that allowed accepts.
func (c *loggerCheck) used(body ast.Node, obj types.Object, allowed func(key string) bool) bool {
	harmless, uses := 0, 0
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && c.pass.TypesInfo.Uses[id] == obj
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if c.pass.TypesInfo.Uses[n] == obj {
				uses++
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (id.Name == "len" || id.Name == "delete") && is(n.Args[0]) {
				harmless++
			}
		case *ast.RangeStmt:
			if is(n.X) && n.Value == nil && allowed == nil {
				harmless++
			}
		case *ast.IndexExpr:
			if v := c.pass.TypesInfo.Types[n.Index].Value; allowed != nil && is(n.X) && v != nil && v.Kind() == constant.String && allowed(constant.StringVal(v)) {
				harmless++
			}
		}
		return true
	})
	return uses > harmless
}

func (c *loggerCheck) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return c.pass.TypesInfo.ObjectOf(e)
	case *ast.SelectorExpr:
		return c.pass.TypesInfo.ObjectOf(e.Sel)
	}
	return nil
}

// fieldName returns "package.Type.Field" of a selected field, or
// "package.Variable" of a package's variable.
func (c *loggerCheck) fieldName(sel *ast.SelectorExpr) string {
	v, ok := c.pass.TypesInfo.ObjectOf(sel.Sel).(*types.Var)
	if !ok || v.Pkg() == nil {
		return ""
	}
	if !v.IsField() {
		return v.Pkg().Path() + "." + v.Name()
	}
	s := c.pass.TypesInfo.Selections[sel]
	if s == nil {
		return ""
	}
	// Have: perhaps a promoted field. The struct that declares it counts.
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		st, ok := typename.Deref(t).Underlying().(*types.Struct)
		if !ok {
			return ""
		}
		t = st.Field(i).Type()
	}
	return typename.Of(t) + "." + v.Name()
}

func (c *loggerCheck) typeName(e ast.Expr) string { return typename.Of(c.pass.TypesInfo.TypeOf(e)) }

// level returns the constant value of e; 0 if there is none.
func (c *loggerCheck) level(e ast.Expr) (int64, bool) {
	if e == nil {
		return 0, false
	}
	if v := c.pass.TypesInfo.Types[c.resolve(e)].Value; v != nil {
		return constant.Int64Val(constant.ToInt(v))
	}
	return 0, false
}

func (c *loggerCheck) isTrue(e ast.Expr) bool  { return c.isBool(e, true) }
func (c *loggerCheck) isFalse(e ast.Expr) bool { return c.isBool(e, false) }

func (c *loggerCheck) isBool(e ast.Expr, want bool) bool {
	if e == nil {
		return false
	}
	v := c.pass.TypesInfo.Types[c.resolve(e)].Value
	return v != nil && v.Kind() == constant.Bool && constant.BoolVal(v) == want
}

// field returns the value that a literal gives a field, or nil.
func field(lit *ast.CompositeLit, name string) ast.Expr {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}
