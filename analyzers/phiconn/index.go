package phiconn

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/typename"
)

// An index is what one walk over the package notes, so that every later
// question is a look-up and the whole stays linear in the size of the package.
type index struct {
	// values are the expressions given to a variable, a constant or an
	// unexported field; nil stands for one that is not known, such as a range
	// or a pointer's target.
	values map[types.Object][]ast.Expr
	// writes are the pieces appended to a variable by += or, if it is a
	// builder, by its methods, in the order of the source.
	writes map[types.Object][]write
	// fields are the values assigned to a field of a variable: x.RawQuery = y.
	fields map[types.Object]map[string][]ast.Expr
	// results are the functions with exactly one return statement.
	results map[*types.Func]ast.Expr
	bodies  map[types.Object]*ast.BlockStmt
	uses    map[types.Object]int
	// assigned and filled are the fields that the package gives a value, by
	// "type.Field", in an assignment or in a literal: what is never set has its
	// default.
	assigned, filled map[string]bool
	// ages are the types whose method MaxAge the package calls.
	ages map[string]bool
}

// A write appends pieces to a variable.
type write struct {
	pieces []ast.Expr
	format bool // pieces are a format and its arguments
	char   bool // the piece is one character
	maybe  bool // it stands below a condition or in a loop
}

func newIndex(info *types.Info, in *inspector.Inspector) *index {
	x := &index{
		values: map[types.Object][]ast.Expr{}, writes: map[types.Object][]write{},
		fields: map[types.Object]map[string][]ast.Expr{}, results: map[*types.Func]ast.Expr{},
		bodies: map[types.Object]*ast.BlockStmt{}, uses: map[types.Object]int{}, assigned: map[string]bool{}, filled: map[string]bool{}, ages: map[string]bool{},
	}
	for _, obj := range info.Uses {
		x.uses[obj]++
	}
	for cur := range in.Root().Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil),
		(*ast.FuncDecl)(nil), (*ast.CallExpr)(nil), (*ast.CompositeLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			x.assign(info, cur, n)
		case *ast.ValueSpec:
			for i, name := range n.Names {
				switch {
				case len(n.Values) == len(n.Names):
					x.note(info, name, n.Values[i])
				case len(n.Values) > 0:
					x.note(info, name, nil)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && !writes(cur) {
				x.note(info, n.X, nil)
			}
		case *ast.RangeStmt:
			x.note(info, n.Key, nil)
			x.note(info, n.Value, nil)
		case *ast.FuncDecl:
			x.function(info, n)
		case *ast.CallExpr:
			x.call(info, cur, n)
		case *ast.CompositeLit:
			x.literal(info, n)
		}
	}
	return x
}

// single returns the only value that an expression can have, if it names
// something that is given a value once.
func (x *index) single(info *types.Info, e ast.Expr) ast.Expr {
	if vs := x.values[object(info, e)]; len(vs) == 1 {
		return vs[0]
	}
	return nil
}

// object returns the variable, constant or field that an expression names.
func object(info *types.Info, e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return info.ObjectOf(e)
	case *ast.SelectorExpr:
		return info.ObjectOf(e.Sel)
	}
	return nil
}

func (x *index) note(info *types.Info, lhs, value ast.Expr) {
	if lhs == nil {
		return
	}
	obj := object(info, lhs)
	if v, ok := obj.(*types.Var); ok && v.IsField() && v.Exported() {
		return // decoders and other packages fill it too
	}
	if obj != nil {
		x.values[obj] = append(x.values[obj], value)
	}
}

func (x *index) assign(info *types.Info, cur inspector.Cursor, n *ast.AssignStmt) {
	for i, lhs := range n.Lhs {
		var value ast.Expr
		if len(n.Lhs) == len(n.Rhs) {
			value = n.Rhs[i]
		}
		if sel, ok := lhs.(*ast.SelectorExpr); ok {
			if !negative(info, value) {
				x.assigned[typename.Of(info.TypeOf(sel.X))+"."+sel.Sel.Name] = true
			}
			if obj := object(info, sel.X); obj != nil {
				if x.fields[obj] == nil {
					x.fields[obj] = map[string][]ast.Expr{}
				}
				x.fields[obj][sel.Sel.Name] = append(x.fields[obj][sel.Sel.Name], value)
			}
		}
		switch n.Tok {
		case token.ASSIGN, token.DEFINE:
			x.note(info, lhs, value)
		case token.ADD_ASSIGN:
			if obj := object(info, lhs); obj != nil {
				x.writes[obj] = append(x.writes[obj], write{pieces: n.Rhs, maybe: maybe(cur)})
			}
		default:
			x.note(info, lhs, nil)
		}
	}
}

// negative reports whether a value is a negative constant: a MaxAge of -1 ends
// a session and says nothing about how long others live.
func negative(info *types.Info, value ast.Expr) bool {
	if value == nil {
		return false
	}
	v := info.Types[value].Value
	return v != nil && v.Kind() == constant.Int && constant.Sign(v) < 0
}

// maybe reports whether a statement stands below a condition or in a loop.
func maybe(cur inspector.Cursor) bool {
	for up := cur.Parent(); up.Node() != nil; up = up.Parent() {
		switch up.Node().(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.CaseClause, *ast.CommClause, *ast.FuncLit:
			return true
		case *ast.FuncDecl, *ast.File:
			return false
		}
	}
	return false
}

// writes reports whether &x is the first argument of fmt.Fprintf and its like,
// which the builder's writes hold already.
func writes(cur inspector.Cursor) bool {
	call, ok := cur.Parent().Node().(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || call.Args[0] != cur.Node() {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && strings.HasPrefix(sel.Sel.Name, "Fprint")
}

func (x *index) function(info *types.Info, decl *ast.FuncDecl) {
	fn, ok := info.Defs[decl.Name].(*types.Func)
	if !ok || decl.Body == nil {
		return
	}
	x.bodies[fn] = decl.Body
	var results []ast.Expr
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) > 0 {
				results = append(results, n.Results[0])
			}
		}
		return true
	})
	if len(results) == 1 {
		x.results[fn] = results[0]
	}
}

// call notes what is written to strings.Builder and bytes.Buffer.
func (x *index) call(info *types.Info, cur inspector.Cursor, call *ast.CallExpr) {
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	if fn == nil || len(call.Args) == 0 {
		return
	}
	if recv := fn.Signature().Recv(); recv != nil && fn.Name() == "MaxAge" {
		x.ages[typename.Of(recv.Type())] = true
	}
	var target ast.Expr
	w := write{pieces: call.Args, maybe: maybe(cur)}
	switch name := fn.FullName(); name {
	case "(*strings.Builder).WriteString", "(*bytes.Buffer).WriteString", "(*strings.Builder).Write", "(*bytes.Buffer).Write",
		"(*strings.Builder).WriteByte", "(*bytes.Buffer).WriteByte", "(*strings.Builder).WriteRune", "(*bytes.Buffer).WriteRune":
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return
		}
		target, w.char = sel.X, fn.Name() == "WriteByte" || fn.Name() == "WriteRune"
	case "fmt.Fprintf", "fmt.Fprint":
		target, w.pieces, w.format = call.Args[0], call.Args[1:], name == "fmt.Fprintf"
		if u, ok := target.(*ast.UnaryExpr); ok {
			target = u.X
		}
	default:
		return
	}
	if obj := object(info, target); obj != nil {
		x.writes[obj] = append(x.writes[obj], w)
	}
}

func (x *index) literal(info *types.Info, lit *ast.CompositeLit) {
	owner := typename.Of(info.TypeOf(lit))
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if id, ok := kv.Key.(*ast.Ident); ok {
			if v, ok := info.ObjectOf(id).(*types.Var); ok && v.IsField() {
				if !negative(info, kv.Value) {
					x.filled[owner+"."+id.Name] = true
				}
				x.note(info, id, kv.Value)
			}
		}
	}
}
