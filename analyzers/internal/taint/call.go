package taint

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
)

// callee returns the full name of the function that a call names, with type
// parameters dropped, and its object; "" for calls of function values.
func callee(c *ssa.CallCommon) (string, *types.Func) {
	var obj *types.Func
	if c.IsInvoke() {
		obj = c.Method
	} else if f := c.StaticCallee(); f != nil {
		if f.Origin() != nil {
			f = f.Origin()
		}
		obj, _ = f.Object().(*types.Func)
	}
	if obj == nil {
		return "", nil
	}
	return obj.Origin().FullName(), obj
}

// arguments returns receiver and arguments in the order of a summary.
func arguments(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	if mc, ok := c.Value.(*ssa.MakeClosure); ok && boundMethod(mc) {
		return append(mc.Bindings[:1:1], c.Args...)
	}
	return c.Args
}

// passed returns the arguments of a call for the parameters of sig, which is
// that of the callee: without the receiver.
func passed(c *ssa.CallCommon, sig *types.Signature) []ssa.Value {
	args := arguments(c)
	if sig.Recv() != nil && len(args) > 0 {
		return args[1:]
	}
	return args
}

// argument returns the argument of the parameter of that name, or nil.
func argument(c *ssa.CallCommon, obj *types.Func, param string) ssa.Value {
	sig := obj.Signature()
	for i, arg := range passed(c, sig) {
		if i >= sig.Params().Len() {
			break
		}
		name := sig.Params().At(i).Name()
		if name == "" {
			name = strconv.Itoa(i)
		}
		if name == param {
			return arg
		}
	}
	return nil
}

// variadic returns the list of variadic arguments, or nil.
func variadic(c *ssa.CallCommon) ssa.Value {
	if sig := c.Signature(); sig.Variadic() && len(c.Args) > 0 {
		return c.Args[len(c.Args)-1]
	}
	return nil
}

// call returns result number index of a call.
func (fn *function) call(c *ssa.Call, index int) *node {
	if b, ok := c.Call.Value.(*ssa.Builtin); ok {
		return fn.builtin(c, b)
	}
	if index == 0 && fn.traceCallback(c) {
		return &node{kind: kLeaf, name: "the statement", typ: "statement", pos: c.Pos()}
	}
	name, obj := callee(&c.Call)
	if name == "(error).Error" {
		return fn.message(c)
	}
	if field := knowledge.DetailMethods[name]; field != "" {
		recv := fn.eval(c.Call.Args[0], c)
		return &node{kind: kField, name: recv.name + "." + obj.Name(), text: field, typ: "pgerror", x: []*node{recv}, pos: c.Pos()}
	}
	if n := fn.composed(c, name, index); n != nil {
		return n
	}
	t := resultType(c.Call.Signature(), index)
	if n := fn.known(c, name, obj, index, t); n != nil {
		return fn.parsed(c, index, n)
	}
	if n := fn.query(c, name, obj, t); n != nil {
		return n
	}
	if n := fn.saved(c, obj, t); n != nil {
		return n
	}
	if s, args := fn.summaryOf(c, obj); s != nil && index < len(s.results) {
		n := fn.e.substitute(s.results[index], args, c.Pos())
		if obj != nil && logAttribute(t) && keyAndValue(obj.Signature()) {
			return fn.keyed(constKey(passed(&c.Call, obj.Signature())[0]), n)
		}
		if kindOf(t) == "error" { // of what it calls for its caller
			if stored := fn.storedError(c, obj); n == none && stored != nil {
				n = stored // of a database that is out of sight there too
			}
			if lent := fn.lentErrors(c, nil); lent != none {
				n = alternatives(c.Pos(), []*node{n, lent})
			}
		}
		return fn.named(c, index, t, fn.parsed(c, index, n))
	}
	if n := fn.shapeQuery(c, obj); n != nil {
		return n
	}
	if n := fn.logField(c, obj); n != nil {
		return n
	}
	return fn.unknown(c, obj, index, t)
}

// statementError is the typ of the error that a logger for gorm is given.
const statementError = "error of statement"

// traceCallback reports whether c is the call by which a logger for gorm gets
// the statement, with the values filled in: fc() in Trace(ctx, begin, fc, err).
// With a ParamsFilter method the values are left out.
func (fn *function) traceCallback(c *ssa.Call) bool {
	p, ok := c.Call.Value.(*ssa.Parameter)
	recv := fn.f.Signature.Recv()
	if !ok || recv == nil || fn.f.Name() != "Trace" || len(fn.f.Params) != 5 || fn.f.Params[3] != p {
		return false
	}
	methods := types.NewMethodSet(recv.Type())
	return statementFunc(c.Call.Signature()) && methods.Lookup(fn.f.Pkg.Pkg, "ParamsFilter") == nil
}

// statementFunc reports whether a function gives a logger for gorm the statement
// and the number of rows.
func statementFunc(sig *types.Signature) bool {
	r := sig.Results()
	return r.Len() == 2 && kindOf(r.At(0).Type()) == "string" && kindOf(r.At(1).Type()) == "int"
}

// traceError reports whether p is the error of the statement in Trace(ctx,
// begin, fc, err), which may be that of any query of the program.
func (fn *function) traceError(p *ssa.Parameter) bool {
	if fn.f.Name() != "Trace" || fn.f.Signature.Recv() == nil || len(fn.f.Params) != 5 || fn.f.Params[4] != p || kindOf(p.Type()) != "error" {
		return false
	}
	sig, ok := fn.f.Params[3].Type().Underlying().(*types.Signature)
	return ok && statementFunc(sig) && fn.e.handlesHealth()
}

// substitute is substitute within the budget of the package.
func (e *engine) substitute(n *node, args []*node, pos token.Pos) *node {
	if e.budget <= 0 {
		return none
	}
	size := 0
	walk(n, func(*node) bool { size++; return true })
	e.budget -= size
	return substitute(n, args, pos)
}

func resultType(sig *types.Signature, index int) types.Type {
	if index < sig.Results().Len() {
		return sig.Results().At(index).Type()
	}
	return nil
}

func (fn *function) builtin(c *ssa.Call, b *ssa.Builtin) *node {
	switch b.Name() {
	case "append":
		if len(c.Call.Args) < 2 {
			return fn.eval(c.Call.Args[0], c)
		}
		x, y := fn.eval(c.Call.Args[0], c), fn.eval(c.Call.Args[1], c)
		if kindOf(c.Type()) == "bytes" {
			return &node{kind: kConcat, appended: true, x: []*node{x, y}, pos: c.Pos()}
		}
		if x.kind == kConst {
			x = none
		}
		return &node{kind: kList, index: 2, x: []*node{x, y}, name: x.name, pos: c.Pos()}
	case "min", "max":
		var xs []*node
		for _, a := range c.Call.Args {
			xs = append(xs, fn.eval(a, c))
		}
		return through(c.Pos(), xs...)
	}
	return none
}

// composed handles the functions that compose text.
func (fn *function) composed(c *ssa.Call, name string, index int) *node {
	args := c.Call.Args
	arg := func(i int) *node { return fn.eval(args[i], c) }
	if n := fn.address(c, name, index); n != nil {
		return n
	}
	switch name {
	case "fmt.Sprintf", "fmt.Errorf", "github.com/pkg/errors.Errorf", "golang.org/x/xerrors.Errorf":
		return &node{kind: kFormat, x: []*node{arg(0), arg(1)}, pos: c.Pos(), typ: kindOf(c.Type())}
	case "fmt.Appendf":
		f := &node{kind: kFormat, x: []*node{arg(1), arg(2)}, pos: c.Pos()}
		return &node{kind: kConcat, appended: true, x: []*node{arg(0), f}, pos: c.Pos()}
	case "fmt.Sprint", "fmt.Sprintln":
		return &node{kind: kJoin, x: []*node{arg(0), literal(" ")}, pos: c.Pos()}
	case "fmt.Append", "fmt.Appendln":
		f := &node{kind: kJoin, x: []*node{arg(1), literal(" ")}, pos: c.Pos()}
		return &node{kind: kConcat, appended: true, x: []*node{arg(0), f}, pos: c.Pos()}
	case "strings.Join", "bytes.Join":
		return &node{kind: kJoin, x: []*node{arg(0), arg(1)}, pos: c.Pos()}
	case "strings.Replace", "strings.ReplaceAll", "bytes.ReplaceAll":
		return &node{kind: kReplace, x: []*node{arg(0), arg(1), arg(2)}, pos: c.Pos()}
	case "strings.TrimSuffix", "strings.TrimRight", "strings.Trim", "strings.TrimPrefix", "strings.TrimLeft",
		"bytes.TrimSuffix", "bytes.TrimRight", "bytes.Trim", "bytes.TrimPrefix":
		n := &node{kind: kSame, x: []*node{arg(0)}, pos: c.Pos()}
		if cut := arg(1); cut.kind == kConst {
			n.text = cut.text
			switch name[strings.IndexByte(name, '.')+1:] {
			case "TrimSuffix":
				n.index = cutSuffix
			case "TrimRight", "Trim":
				n.index = cutSet
			case "TrimPrefix":
				n.index = cutPrefix
			}
		}
		return n
	case "(*strings.Builder).String", "(*bytes.Buffer).String", "(*bytes.Buffer).Bytes":
		return arg(0)
	case "(*bufio.Scanner).Text", "(*bufio.Scanner).Bytes", "(*bufio.Reader).ReadString", "(*bytes.Buffer).ReadString":
		if index == 0 {
			return through(c.Pos(), arg(0)) // a piece of it
		}
	case "(*strings.Replacer).Replace":
		return fn.replacer(c)
	case "errors.New", "github.com/pkg/errors.New":
		return arg(0)
	case "strings.Repeat":
		if x := arg(0); x.kind == kConst {
			return &node{kind: kList, x: []*node{x}}
		}
	}
	return nil
}

// known handles functions with an entry that says what becomes of parameters.
func (fn *function) known(c *ssa.Call, name string, obj *types.Func, index int, t types.Type) *node {
	if obj == nil {
		return nil
	}
	for _, e := range fn.e.base.Lookup(name) {
		v := argument(&c.Call, obj, e.Param)
		switch e.Kind {
		case knowledge.Same:
			if index == 0 && v != nil {
				return &node{kind: kSame, x: []*node{fn.eval(v, c)}, pos: c.Pos()}
			}
		case knowledge.Clean:
			return none
		case knowledge.Pass:
			if index == 0 && v != nil {
				n := fn.eval(v, c)
				if key := e.Attr("key"); key != "" {
					n = fn.keyed(constKey(argument(&c.Call, obj, key)), n)
				}
				if e.Attr("pairs") == "true" {
					n = fn.pairs(n)
				}
				switch e.Attr("json") {
				case "true":
					return encoded(n, c.Pos())
				case "structs":
					n = structsEncoded(n)
				}
				return through(c.Pos(), n)
			}
		case knowledge.Placeholder:
			return &node{kind: kPlaceholder}
		case knowledge.Source:
			return fn.leaf(obj.Name(), t, c.Pos())
		case knowledge.Error:
			if t != nil && kindOf(t) == "error" && v != nil {
				if from := through(c.Pos(), urlOf(fn.eval(v, c))); from != none {
					return &node{kind: kError, name: shortName(name), x: []*node{from}, pos: c.Pos()}
				}
				return none
			}
		}
	}
	if strings.HasPrefix(name, "strconv.") || strings.HasPrefix(name, "net/url.") && index == 0 {
		var xs []*node
		for _, a := range c.Call.Args {
			xs = append(xs, fn.eval(a, c))
		}
		return fn.named(c, index, t, through(c.Pos(), xs...))
	}
	return nil
}

// shortName drops the path of the package: database/sql.Open is sql.Open.
func shortName(name string) string {
	name = strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name)
	return name[strings.LastIndexByte(name, '/')+1:]
}

// query handles what comes out of a call that runs SQL: the error may hold
// what went in, and so may the errors of a row or statement it returns.
func (fn *function) query(c *ssa.Call, name string, obj *types.Func, t types.Type) *node {
	if obj == nil || t == nil {
		return nil
	}
	args, recv := arguments(&c.Call), none
	if obj.Signature().Recv() != nil {
		recv = queryOf(fn.eval(args[0], c))
	}
	if text, bound, ok := fn.sqlCall(c, name, obj); ok {
		if recv.kind == kQuery { // db.Where(…).Find(…) binds all of it
			bound = &node{kind: kList, index: 2, x: []*node{bound, recv.x[1]}}
		}
		return &node{kind: kQuery, name: shortName(name), x: []*node{text, bound, none}, pos: c.Pos()}
	}
	if obj.Signature().Recv() == nil {
		return nil
	}
	if recv.kind != kQuery {
		return fn.bindingCall(c, name, obj)
	}
	if k := kindOf(t); k == "int" || k == "float" || k == "bool" {
		return nil // the number of rows quotes nothing
	}
	more := []*node{}
	for _, a := range args[1:] {
		more = append(more, fn.eval(a, c))
	}
	n := *recv
	n.pos = c.Pos()
	n.x = append([]*node(nil), recv.x...)
	at := 1
	if strings.Contains(obj.Name(), "Scan") {
		at = 2
	}
	n.x[at] = &node{kind: kList, index: 1 + len(more), x: append([]*node{recv.x[at]}, more...)}
	return &n
}

// bindingCall handles the methods of a mapper that bind what they are given to
// a query of its own making; nil for any other.
func (fn *function) bindingCall(c *ssa.Call, name string, obj *types.Func) *node {
	for _, e := range fn.e.base.Lookup(name) {
		if e.Kind != knowledge.Bind {
			continue
		}
		if v := argument(&c.Call, obj, e.Param); v != nil {
			bound := &node{kind: kList, x: []*node{fn.eval(v, c)}}
			return &node{kind: kQuery, name: shortName(name), x: []*node{none, bound, none}, pos: c.Pos()}
		}
	}
	return nil
}

// sqlCall returns text and bound values of a call that takes SQL text.
func (fn *function) sqlCall(c ssa.CallInstruction, name string, obj *types.Func) (text, bound *node, ok bool) {
	for _, e := range fn.e.base.Lookup(name) {
		if e.Kind != knowledge.SQL {
			continue
		}
		v := argument(c.Common(), obj, e.Param)
		if v == nil {
			continue
		}
		bound := none
		if list := variadic(c.Common()); list != nil && list != v {
			bound = fn.eval(list, c)
		}
		return fn.eval(v, c), bound, true
	}
	return nil, nil, false
}

// keyed names functions whose constant argument says what they return.
var keyed = lazyregexp.New(`^(Get|MustGet|GetString|GetInt|Query|QueryParam|DefaultQuery|Param|Params|ParamsInt|FormValue|PostFormValue|PostForm|DefaultPostForm|PathValue|URLParam|Vars|Value|QueryInt|Cookie|Cookies|GetQuery|GetPostForm|Lookup|Path|Form|Peek|Getenv|LookupEnv)$`)

// passed returns what the arguments of a call are, the receiver that is a
// struct left out, and whether one of them is an error.
func (fn *function) passed(c *ssa.Call, args []ssa.Value) (xs []*node, wraps bool) {
	for i, a := range args {
		k := kindOf(a.Type())
		if i == 0 && c.Call.Signature().Recv() != nil && k == "struct" {
			continue
		}
		wraps = wraps || k == "error"
		if k != "bool" {
			xs = append(xs, fn.eval(a, c))
		}
	}
	return xs, wraps
}

// asksFor returns the name and the owner of what a function gives, and whether
// a constant argument, such as the key of a form value, has said it.
func asksFor(obj *types.Func, args []ssa.Value) (name, owner string, asked bool) {
	if obj == nil {
		return "", "", false
	}
	name = strings.TrimPrefix(obj.Name(), "Get")
	if recv := obj.Signature().Recv(); recv != nil {
		_, owner = structOf(recv.Type())
	}
	if keyed.MatchString(obj.Name()) {
		for _, a := range args {
			if key := constKey(a); key != "" {
				return key, "", true
			}
		}
	}
	return name, owner, false
}

// unknown handles calls of code that cannot be seen: arguments pass to text
// results, and errors pass to errors.
func (fn *function) unknown(c *ssa.Call, obj *types.Func, index int, t types.Type) *node {
	if t == nil {
		return none
	}
	k := kindOf(t)
	args := arguments(&c.Call)
	xs, wraps := fn.passed(c, args)
	switch k {
	case "bool":
		return none
	case "error":
		if n := fn.storedError(c, obj); n != nil {
			return n
		}
		if n := fn.requestError(c, obj); n != nil {
			return n
		}
		if n := fn.lentErrors(c, nil); n != none {
			return n
		}
		if wraps {
			return through(c.Pos(), xs...)
		}
		return none
	case "struct", "int", "float":
		xs = nil
	case "string", "uuid":
		if operation(c, obj) {
			xs = fn.texts(c, args)
		}
	}
	if obj != nil && laundered.MatchString(obj.Name()) {
		return none
	}
	if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "encoding/json" {
		return encoded(alternatives(c.Pos(), xs), c.Pos())
	}
	var from []*node
	if n := through(c.Pos(), xs...); n != none {
		from = []*node{n}
	}
	name, owner, asked := asksFor(obj, args)
	if asked {
		from = nil
	}
	v := phi.Value{Name: name, Kind: k, Owner: owner, Scope: fn.scope()}
	if owner != "" {
		v.Scope = "" // what holds the value says more than who asks for it
	}
	n := &node{kind: kLeaf, name: name, typ: k, class: fn.e.class(v), pos: c.Pos(), x: from}
	if owner != "" {
		n.name = owner + "." + name
	}
	return fn.named(c, index, t, n)
}

// encoded returns a node for the JSON of n, which shows fields that other
// forms of printing do not.
func encoded(n *node, pos token.Pos) *node {
	if n == none || n.kind == kConst {
		return none
	}
	return &node{kind: kThrough, typ: "json", x: []*node{n}, pos: pos}
}

// structsEncoded returns a node for n, a value or a list of them, printed by one
// of the loggers that write a struct as JSON and everything else as text.
func structsEncoded(n *node) *node {
	switch n.kind {
	case kList:
		out := &node{kind: kList, pos: n.pos}
		for _, x := range n.x {
			out.x = append(out.x, structsEncoded(x))
		}
		return out
	case kThrough, kParam, kAlt, kSame: // what may turn out to be a struct
		return &node{kind: kThrough, typ: "jsonstructs", x: []*node{n}, pos: n.pos}
	}
	return n
}

// laundered names functions that return something else than they got. Trusted
// only where the body is out of reach.
var laundered = lazyregexp.New(`(?i)hash|hmac|encrypt|tokeni[sz]e|redact|mask|anonymi[sz]e|pseudonymi[sz]e|scrub|digest|checksum|^sum(224|256|384|512)?$`)

// madeUp reports whether n is put together from constants in a way that is not
// followed, as a password from letters by chance is.
func (e *engine) madeUp(n *node) bool {
	switch n.kind {
	case kAlt: // one of several constants is followed
		return slices.ContainsFunc(n.x, func(x *node) bool { return x.kind != kConst }) && e.harmless(n)
	case kList, kConcat, kJoin:
		return e.harmless(n)
	}
	return false
}

// named gives n the class of the variable that the result is assigned to, if
// that says more: ssn := lookup(x).
func (fn *function) named(c *ssa.Call, index int, t types.Type, n *node) *node {
	if n.kind == kConst || n.class.PHI() || t == nil {
		return n
	}
	local := fn.localName(c, index)
	if local == "" {
		return n
	}
	if kindOf(t) == "string" && secretName(local) && fn.e.madeUp(n) {
		return &node{kind: kLeaf, name: local, typ: "string", pos: c.Pos()}
	}
	switch n.kind {
	case kConcat, kFormat, kJoin, kAlt, kList, kReplace, kSame, kWith, kQuery, kError:
		return n // composed text is judged by its parts
	}
	v := phi.Value{Name: local, Kind: kindOf(t), Scope: fn.scope()}
	if v.Kind == "error" || v.Kind == "struct" && n.name != "" {
		return n
	}
	class := fn.e.class(v)
	if !class.PHI() && n.name != "" && !(v.Kind == "string" && secretName(local) && !secretName(n.name)) {
		return n
	}
	m := &node{kind: kLeaf, name: local, typ: v.Kind, class: class, pos: c.Pos()}
	if n != none {
		m.x = []*node{n}
	}
	return m
}

// localName returns the name of the variable that result index is assigned to.
func (fn *function) localName(c *ssa.Call, index int) string {
	if c.Call.Signature().Results().Len() <= 1 {
		return fn.names[c]
	}
	for _, r := range *c.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == index {
			return fn.names[x]
		}
	}
	return ""
}
