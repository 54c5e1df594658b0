package taint

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/phi"
)

// A function is the state of one function's evaluation. Values are evaluated
// on demand and once.
type function struct {
	e      *engine
	f      *ssa.Function
	memo   map[ssa.Value]*node
	names  map[ssa.Value]string
	order  map[ssa.Instruction]int
	writes map[ssa.Value]*writeIndex
	blocks map[blockKey]*node
	afters map[writeKey]*node
	chains map[*ssa.Call]bool

	summary *summary
	uses    []*use
	queries bool // one of the uses is a query that values are bound to
	busy    bool

	bound        map[*node]bool   // all that is bound to queries here, once it was asked for
	boundTo      []boundQuery     // the queries
	boundColumns map[*node]string // what of it belongs to which PHI column
}

func (e *engine) function(f *ssa.Function) *function {
	if fn := e.funcs[f]; fn != nil {
		return fn
	}
	fn := &function{
		e: e, f: f,
		memo: map[ssa.Value]*node{}, names: map[ssa.Value]string{}, order: map[ssa.Instruction]int{},
		writes: map[ssa.Value]*writeIndex{}, blocks: map[blockKey]*node{}, afters: map[writeKey]*node{}, chains: map[*ssa.Call]bool{},
	}
	for _, b := range f.Blocks {
		for i, instr := range b.Instrs {
			fn.order[instr] = i
			// Debug references give values the names of the variables they
			// are assigned to; the first name is the one of the definition.
			if d, ok := instr.(*ssa.DebugRef); ok && !d.IsAddr {
				if id, ok := d.Expr.(*ast.Ident); ok && fn.names[d.X] == "" && id.Name != "_" {
					fn.names[d.X] = id.Name
				}
			}
		}
	}
	e.funcs[f] = fn
	return fn
}

// scope names the function for the lexicon, with its receiver's type.
func (fn *function) scope() string {
	f := fn.f
	for f.Parent() != nil {
		f = f.Parent()
	}
	name := f.Name()
	if recv := f.Signature.Recv(); recv != nil {
		if _, owner := structOf(recv.Type()); owner != "" {
			name = owner + "." + name
		}
	}
	if f.Pkg != nil {
		name = f.Pkg.Pkg.Name() + "." + name
	}
	return name
}

// leaf returns a node for a value known by its name only.
func (fn *function) leaf(name string, t types.Type, pos token.Pos, from ...*node) *node {
	v := phi.Value{Name: name, Kind: kindOf(t), Scope: fn.scope()}
	return &node{kind: kLeaf, name: name, typ: v.Kind, class: fn.e.class(v), pos: pos, x: from}
}

// eval returns the description of v as it is at instruction at: for pointers
// and slices, of what they point to at that moment.
func (fn *function) eval(v ssa.Value, at ssa.Instruction) *node {
	switch v := v.(type) {
	case nil:
		return none
	case *ssa.Const:
		return constNode(v)
	case *ssa.Alloc, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.FreeVar, *ssa.Global, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return fn.load(v, at)
	case *ssa.Slice:
		// The elements of an array may be set after the slice of it was made.
		if a, ok := v.X.(*ssa.Alloc); ok && v.Low == nil && (v.High == nil || a.Comment == "makeslice") {
			return fn.load(a, at)
		}
	}
	if n := fn.memo[v]; n != nil && !fn.mutable(v) {
		return n
	}
	if fn.mutable(v) {
		return fn.load(v, at)
	}
	return fn.define(v)
}

// mutable reports whether writes through v may change what it describes.
func (fn *function) mutable(v ssa.Value) bool {
	switch t := v.Type().Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan:
		return true
	case *types.Interface: // w io.Writer
		for i := range t.NumMethods() {
			if t.Method(i).Name() == "Write" {
				return true
			}
		}
	case *types.Slice:
		// An element may be set through it; append gives a new value.
		return false
	}
	return false
}

// define returns the description of v where it is defined.
func (fn *function) define(v ssa.Value) *node {
	if n := fn.memo[v]; n != nil {
		return n
	}
	if phiNode, ok := v.(*ssa.Phi); ok {
		return fn.phi(phiNode)
	}
	// A cycle that does not pass a phi cannot be; the mark only keeps broken
	// input from recursing for ever.
	fn.memo[v] = none
	n := fn.compute(v)
	// An element has the name of the variable that the loop gives it.
	if local := fn.names[v]; local != "" && n.kind == kElem && n.text == "" {
		m := *n
		m.name = local
		n = &m
	}
	fn.memo[v] = n
	return n
}

func (fn *function) phi(v *ssa.Phi) *node {
	n := &node{kind: kAlt, pos: v.Pos()}
	fn.memo[v] = n
	for i, edge := range v.Edges {
		pred := v.Block().Preds[i]
		x := fn.eval(edge, pred.Instrs[len(pred.Instrs)-1])
		if x != n {
			n.x = append(n.x, x)
		}
	}
	n.x = distinct(n.x)
	// A variable that several branches set is known by its name as well.
	if name := fn.names[v]; name != "" && kindOf(v.Type()) != "error" {
		value := phi.Value{Name: name, Kind: kindOf(v.Type()), Scope: fn.scope()}
		if class := fn.e.class(value); class.PHI() || class.Category == phi.Link {
			n.name, n.typ, n.class = name, value.Kind, class
		}
	}
	return n
}

func distinct(xs []*node) []*node {
	var out []*node
	for _, x := range xs {
		dup := false
		for _, o := range out {
			dup = dup || o == x
		}
		if !dup {
			out = append(out, x)
		}
	}
	return out
}

func (fn *function) compute(v ssa.Value) *node {
	switch v := v.(type) {
	case *ssa.Parameter:
		return fn.parameter(v)
	case *ssa.BinOp:
		return fn.binary(v)
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			return fn.load(v.X, v)
		case token.SUB, token.XOR:
			return through(v.Pos(), fn.eval(v.X, v))
		case token.ARROW:
			return fn.element(v.X, nil, v, v.Type())
		}
		return none
	case *ssa.Call:
		return fn.call(v, 0)
	case *ssa.Extract:
		return fn.extract(v)
	case *ssa.MakeInterface:
		n := fn.ownPrint(v, fn.e.withSecrets(v, fn.eval(v.X, v)))
		if argsField(v.X.Type(), "") {
			return &node{kind: kThrough, typ: queryArgs, name: n.name, x: []*node{n}, pos: n.pos}
		}
		if driverError(v.X.Type()) {
			return &node{kind: kThrough, typ: "pgerror", name: n.name, x: []*node{n}, pos: n.pos}
		}
		if name, class, fields := fn.e.structClass(v.X.Type()); class.PHI() {
			n := &node{kind: kThrough, typ: "struct", name: name, text: fields, class: class, x: []*node{n}, pos: n.pos}
			if fn.e.hiddenFromJSON(v.X.Type()) {
				n.index = hiddenInJSON
			}
			if fn.e.pointsTo(v.X.Type()) {
				n.index |= hiddenInText
			}
			return n
		}
		return n
	case *ssa.ChangeType:
		return fn.eval(v.X, v)
	case *ssa.ChangeInterface:
		return fn.eval(v.X, v)
	case *ssa.Convert:
		return fn.eval(v.X, v)
	case *ssa.MultiConvert:
		return fn.eval(v.X, v)
	case *ssa.SliceToArrayPointer:
		return fn.eval(v.X, v)
	case *ssa.TypeAssert:
		return fn.eval(v.X, v)
	case *ssa.Slice:
		return fn.slice(v)
	case *ssa.Field:
		return fn.field(fn.eval(v.X, v), v.X.Type(), v.Field, v.Pos())
	case *ssa.Index:
		return fn.element(v.X, v.Index, v, v.Type())
	case *ssa.Lookup:
		return fn.element(v.X, v.Index, v, v.Type())
	}
	return none
}

func constNode(c *ssa.Const) *node {
	if c.Value == nil {
		return literal("")
	}
	if isSimpleMode(c) {
		return &node{kind: kConst, text: c.Value.ExactString(), typ: simpleMode}
	}
	switch c.Value.Kind() {
	case constant.String:
		return literal(constant.StringVal(c.Value))
	case constant.Int, constant.Float:
		if b, ok := c.Type().Underlying().(*types.Basic); ok && (b.Kind() == types.Int32 || b.Kind() == types.Uint8) && b.Name() != "int32" && b.Name() != "uint8" {
			if r, exact := constant.Int64Val(c.Value); exact && r > 0 {
				return literal(string(rune(r)))
			}
		}
		return literal(c.Value.ExactString())
	case constant.Bool:
		return literal(c.Value.ExactString())
	}
	return none
}

func (fn *function) parameter(p *ssa.Parameter) *node {
	index := 0
	for i, q := range fn.f.Params {
		if q == p {
			index = i
		}
	}
	if fn.traceError(p) {
		return &node{kind: kLeaf, name: "statement", typ: statementError, pos: p.Pos()}
	}
	v := phi.Value{Name: p.Name(), Kind: kindOf(p.Type()), Scope: fn.scope()}
	n := &node{kind: kParam, index: index, name: p.Name(), typ: v.Kind, pos: p.Pos()}
	if index > 0 || fn.f.Signature.Recv() == nil {
		n.class = fn.e.class(v)
	}
	if passesArgs(fn.f, p) {
		n.typ = queryArgs
	}
	return n
}

func (fn *function) binary(v *ssa.BinOp) *node {
	switch v.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return none
	}
	x, y := fn.eval(v.X, v), fn.eval(v.Y, v)
	if v.Op == token.ADD && kindOf(v.Type()) == "string" {
		return &node{kind: kConcat, x: []*node{x, y}, pos: v.Pos()}
	}
	return through(v.Pos(), x, y)
}

func (fn *function) extract(v *ssa.Extract) *node {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return fn.call(t, v.Index)
	case *ssa.TypeAssert:
		if v.Index == 0 {
			return fn.eval(t.X, t)
		}
	case *ssa.Lookup:
		if v.Index == 0 {
			return fn.element(t.X, t.Index, t, v.Type())
		}
	case *ssa.Select: // the values follow the index and ok
		var received []*ssa.SelectState
		for _, s := range t.States {
			if s.Dir == types.RecvOnly {
				received = append(received, s)
			}
		}
		if i := v.Index - 2; i >= 0 && i < len(received) {
			n := fn.element(received[i].Chan, nil, t, v.Type())
			if name := fn.names[v]; name != "" && !composite(n) && !n.class.PHI() {
				return fn.leaf(name, v.Type(), v.Pos(), n)
			}
			return n
		}
	case *ssa.UnOp: // v, ok := <-ch
		if v.Index == 0 {
			return fn.element(t.X, nil, t, v.Type())
		}
	case *ssa.Next:
		r, ok := t.Iter.(*ssa.Range)
		if !ok || v.Index == 0 {
			return none
		}
		n := fn.element(r.X, nil, r, v.Type())
		if v.Index == 1 { // the key of a map is not its value
			return fn.leaf(fn.nameOf(v, "key"), v.Type(), v.Pos())
		}
		return n
	}
	return none
}

// nameOf returns the name of the variable that v is assigned to.
func (fn *function) nameOf(v ssa.Value, otherwise string) string {
	if name := fn.names[v]; name != "" {
		return name
	}
	return otherwise
}

// slice handles x[i:j] of strings, slices and arrays.
func (fn *function) slice(v *ssa.Slice) *node {
	x := fn.eval(v.X, v)
	if v.Low == nil && v.High == nil {
		return x
	}
	n := &node{kind: kSame, typ: "part", x: []*node{x}, pos: v.Pos()}
	// Have: x[:h] or x[l:h]. x[:len(x)-k] drops a known number of bytes.
	if sub, ok := v.High.(*ssa.BinOp); ok && sub.Op == token.SUB {
		if k, ok := sub.Y.(*ssa.Const); ok && k.Value != nil {
			if bytes, exact := constant.Int64Val(k.Value); exact && bytes > 0 && bytes < 64 && isLen(sub.X) {
				n.index, n.text = cutTail, strings.Repeat(" ", int(bytes))
			}
		}
	}
	return n
}

func isLen(v ssa.Value) bool {
	c, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := c.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}

// field returns field i of base, whose type is t or a pointer to it.
func (fn *function) field(base *node, t types.Type, i int, pos token.Pos) *node {
	v, ok := fn.e.fieldValue(t, i)
	if !ok {
		return none
	}
	if v.Name == "Error" && v.Kind == "error" {
		if q := queryOf(base); q.kind == kQuery {
			return q // gorm: db.Create(p).Error
		}
	}
	class := fn.e.fieldClass(t, i, v)
	if known := project(base, v.Name); known != nil && (!class.PHI() || composite(known)) {
		return known
	}
	// A wrapper such as sql.NullString.String is the value it wraps.
	if wrapper[v.Owner+"."+v.Name] && (base.typ != requestURL || v.Name == "RawQuery") {
		return base
	}
	if c := partOf(base, v); c.PHI() && !class.PHI() {
		class = c
	}
	name := v.Name
	if base.name != "" && base.kind != kConst {
		name = base.name + "." + v.Name
	} else if v.Owner != "" {
		name = v.Owner + "." + v.Name
	}
	switch {
	case driverError(t):
		v.Kind = "pgerror"
	case v.Name == "Header" && typename.Of(t) == "net/http.Request":
		v.Kind = "headers"
	case v.Name == "URL" && typename.Of(t) == "net/http.Request":
		v.Kind = requestURL
	case argsField(t, v.Name):
		v.Kind = queryArgs
	}
	return &node{kind: kField, name: name, text: v.Name, typ: v.Kind, class: class, pos: pos, x: []*node{base}}
}

// parts are the fields, by category, in which data types such as FHIR's
// HumanName, ContactPoint and Address hold what the field of the type is.
var parts = map[phi.Category]map[string]bool{
	phi.Name:  {"Family": true, "Given": true, "Text": true},
	phi.Phone: {"Value": true}, phi.Email: {"Value": true},
	phi.Geo: {"Line": true, "City": true, "PostalCode": true, "District": true, "Text": true},
}

// partOf returns the class of base for its part v, or none: what is a name in
// a type that serves for any name is one where a patient has it.
func partOf(base *node, v phi.Value) phi.Class {
	for base.kind == kElem && base.text == "" {
		base = base.x[0]
	}
	if base.kind == kField && base.class.PHI() && v.Kind == "string" && parts[base.class.Category][v.Name] {
		return base.class
	}
	return phi.Class{}
}

// driverError reports whether t is the error type of a driver, whose fields
// quote the row.
func driverError(t types.Type) bool {
	switch typename.Of(t) {
	case "github.com/jackc/pgx/v5/pgconn.PgError", "github.com/jackc/pgconn.PgError", "github.com/lib/pq.Error",
		"github.com/jackc/pgx.PgError", "github.com/jackc/pgx/pgtype.PgError":
		return true
	}
	return false
}

var wrapper = map[string]bool{
	"NullString.String": true, "NullInt64.Int64": true, "NullInt32.Int32": true, "NullInt16.Int16": true,
	"NullFloat64.Float64": true, "NullTime.Time": true, "Null.V": true, "Text.String": true, "Varchar.String": true,
	"Int8.Int64": true, "Int8.Int": true, "Int4.Int32": true, "Int4.Int": true, "Date.Time": true, "Timestamptz.Time": true,
	"String.NullString": true, "UUID.Bytes": true,
	"URL.RawQuery": true, "URL.Path": true, "URL.RawPath": true, "URL.Opaque": true,
}

// fieldClass classifies a field once, however often it is read.
func (e *engine) fieldClass(t types.Type, i int, v phi.Value) phi.Class {
	// type Report Patient has the very fields of Patient, and a name of its own.
	f := ownedField{v.Owner, fieldOf(t, i)}
	if c, ok := e.fieldClasses[f]; ok {
		return c
	}
	c := e.class(v)
	if technical(v) || c.Category == phi.Date && c.Tier < 3 && bounds(v.Owner) {
		c = phi.Class{}
	}
	e.fieldClasses[f] = c
	return c
}

// bounds reports whether a struct of that name says which rows are asked for:
// its times are limits, and nobody's.
func bounds(owner string) bool {
	for _, w := range [...]string{"Filter", "Filters", "Criteria", "Range", "Period"} {
		if strings.HasSuffix(owner, w) {
			return true
		}
	}
	return false
}

// technical reports whether a bare name or title belongs to a thing: the name
// in the metadata of a file is not a person's, whatever the file is about.
func technical(v phi.Value) bool {
	if v.Kind == "time" && (v.Name == "Timestamp" || v.Name == "Time" || v.Name == "Date") && v.Tag == "" {
		return true // of what, it does not say
	}
	if v.Name != "Name" && v.Name != "Title" && v.Name != "Description" {
		return false
	}
	for _, w := range technicalOwners {
		if strings.HasSuffix(v.Owner, w) {
			return true
		}
	}
	return false
}

var technicalOwners = []string{
	"Metadata", "File", "FileInfo", "FileHeader", "Config", "Options", "Settings", "Table", "Column", "Template", "Queue", "Topic",
	"Bucket", "Index", "Job", "Task", "Route", "Command", "Flag", "Migration", "Service", "Client", "Server", "Resource",
}

// element returns an element of x: of a slice, a map, a string or a channel.
func (fn *function) element(x, key ssa.Value, at ssa.Instruction, t types.Type) *node {
	base := fn.eval(x, at)
	var pos token.Pos
	if at != nil {
		pos = at.Pos()
	}
	if b, ok := x.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		return through(pos, base) // one byte of a text
	}
	name, own := base.name, phi.Class{}
	if c, ok := key.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.String {
		k := constant.StringVal(c.Value)
		if known := project(base, k); known != nil {
			return known
		}
		name = k
		own = fn.e.class(phi.Value{Name: k, Kind: kindOf(t), Scope: fn.scope()})
	}
	if base.kind == kList && len(base.x) > 0 {
		return alternatives(pos, base.x)
	}
	return &node{kind: kElem, name: name, text: constKey(key), typ: kindOf(t), class: own, pos: pos, x: []*node{base}}
}

func constKey(key ssa.Value) string {
	if c, ok := key.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.String {
		return constant.StringVal(c.Value)
	}
	return ""
}
