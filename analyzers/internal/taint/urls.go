package taint

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
)

// requested marks the URL that a request was made with: it was judged there.
const requested = "requested"

// address handles the functions that put values into addresses and requests,
// and those that take them out again; nil for any other.
func (fn *function) address(c *ssa.Call, name string, index int) *node {
	if index != 0 || len(c.Call.Args) == 0 {
		return nil
	}
	arg := func(i int) *node { return fn.eval(c.Call.Args[i], c) }
	switch name {
	case "io.ReadAll", "io/ioutil.ReadAll":
		return fn.body(c)
	case "(net/url.Values).Encode", "(*net/url.URL).String", "(*net/url.URL).RequestURI", "(*net/url.URL).EscapedPath",
		"(*net/url.URL).Query":
		return through(c.Pos(), arg(0))
	case "(*net/url.URL).Redacted":
		n := through(c.Pos(), arg(0))
		if n != none {
			n.typ = "redacted" // of the password, not of the query
		}
		return n
	case "(*net/url.URL).JoinPath", "(*net/url.URL).Parse", "(*net/url.URL).ResolveReference":
		return through(c.Pos(), arg(0), arg(1))
	case "net/http.NewRequest":
		return fn.request(c, arg(1))
	case "net/http.NewRequestWithContext":
		return fn.request(c, arg(2))
	case "(*net/http.Request).WithContext", "(*net/http.Request).Clone":
		return arg(0)
	}
	return nil
}

// request returns a request to the address. Of its other parts nothing gets
// into an error or into the logs on the way.
func (fn *function) request(c *ssa.Call, address *node) *node {
	url := through(c.Pos(), address)
	if url != none {
		url.typ = requested
	}
	base := &node{kind: kLeaf, name: "request", typ: "struct", pos: c.Pos()}
	return &node{kind: kWith, name: "URL", x: []*node{base, url}, pos: c.Pos()}
}

// urlOf returns the address of what may be a request: all that is known of it.
// Headers and body do not get into an error.
func urlOf(n *node) *node {
	if n.kind != kWith && n.kind != kAlt {
		return n
	}
	var found, unknown []*node
	walkBy(n, func(n *node) []*node {
		switch {
		case n.kind == kWith && n.name == "URL":
			return nil // what it was before does not count
		case n.kind == kWith:
			return n.x[:1]
		case n.kind == kAlt:
			return n.x
		}
		return nil
	}, func(n *node) bool {
		switch {
		case n.kind == kWith && n.name == "URL":
			found = append(found, n.x[1])
		case n.kind != kWith && n.kind != kAlt:
			unknown = append(unknown, n)
		}
		return true
	})
	if len(found) == 0 {
		return alternatives(n.pos, unknown)
	}
	return alternatives(n.pos, found)
}

// storedURL handles req.URL.RawQuery = value: the request afterwards.
func storedURL(store *ssa.Store, before func() *node, val *node) *node {
	inner, ok := store.Addr.(*ssa.FieldAddr)
	if !ok || typename.Of(inner.X.Type()) != "net/url.URL" {
		return before()
	}
	load, ok := inner.X.(*ssa.UnOp)
	if !ok {
		return before()
	}
	outer, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return before()
	}
	f, g := fieldOf(outer.X.Type(), outer.Field), fieldOf(inner.X.Type(), inner.Field)
	if f == nil || g == nil {
		return before()
	}
	was := before()
	url := project(was, f.Name())
	if url == nil {
		url = none
	}
	with := &node{kind: kWith, name: g.Name(), x: []*node{url, val}, pos: store.Pos()}
	return &node{kind: kWith, name: f.Name(), x: []*node{was, with}, pos: store.Pos()}
}

// setParameter handles values.Set(key, value) and Add: the content afterwards.
func (fn *function) setParameter(c ssa.CallInstruction, before *node) *node {
	args := c.Common().Args
	value := fn.eval(args[2], c)
	key := constKey(args[1])
	if key == "" {
		return alternatives(c.Pos(), []*node{before, value})
	}
	return &node{kind: kWith, name: key, x: []*node{before, fn.keyed(key, value)}, pos: c.Pos()}
}

// requestURL is the typ of the address of a request of which no more is known.
const requestURL = "request URL"

// addressed returns a patient's data or key that this package puts into the
// parameters of an address, or nil: its requests are then known to carry that.
func (e *engine) addressed() *node {
	if e.addressKnown {
		return e.address
	}
	e.addressKnown = true
	for _, f := range e.sources {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				c, ok := instr.(*ssa.Call)
				if !ok || e.address != nil {
					continue
				}
				switch name, _ := callee(&c.Call); name {
				case "(net/url.Values).Set", "(net/url.Values).Add":
					fn := e.function(f)
					e.address = e.phiIn(fn.keyed(constKey(c.Call.Args[1]), fn.eval(c.Call.Args[2], c)))
				}
			}
		}
	}
	return e.address
}

// healthScope matches the names of functions, types and packages that deal
// with patients' records.
var healthScope = lazyregexp.New(`(?i)fhir|hl7|dicom|patient|clinical|medical|encounter|medication|prescription|observation|diagnos|beneficiar`)

// body handles the body of a request or an answer that is read as a whole,
// where it is about patients.
func (fn *function) body(c *ssa.Call) *node {
	v := c.Call.Args[0]
	if i, ok := v.(*ssa.ChangeInterface); ok {
		v = i.X
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return nil
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok || typename.Of(field.X.Type()) != "net/http.Request" && typename.Of(field.X.Type()) != "net/http.Response" {
		return nil
	}
	f := fieldOf(field.X.Type(), field.Field)
	answer := typename.Of(field.X.Type()) == "net/http.Response"
	if f == nil || f.Name() != "Body" || !healthScope.MatchString(fn.scope()) && !(answer && fn.ofHealthClient()) {
		return nil
	}
	whose := "request"
	if answer {
		whose = "response"
	}
	name := fn.nameOf(field.X, whose) + ".Body"
	if p, ok := field.X.(*ssa.Parameter); ok {
		name = p.Name() + ".Body"
	}
	return &node{kind: kLeaf, name: name, typ: "body", class: phi.Class{Category: phi.Note, Tier: 2}, pos: c.Pos()}
}

// servesRequests matches the names of types whose methods have a client each.
var servesRequests = lazyregexp.New(`(?i)handler|server|controller|router|^app(lication)?$|api$`)

// ofHealthClient reports whether the function is a method of a type that has
// others which say that they are about patients: a client whose one method sends
// what all of them ask for.
func (fn *function) ofHealthClient() bool {
	recv := outermost(fn.f).Signature.Recv()
	if recv == nil {
		return false
	}
	named := typename.Named(recv.Type())
	if named == nil || servesRequests.MatchString(named.Obj().Name()) {
		return false
	}
	for m := range named.Methods() {
		if healthScope.MatchString(m.Name()) {
			return true
		}
	}
	return false
}

// sender names what sends a request, of a client that cannot be seen.
var sender = lazyregexp.New(`^(Do|Send|Execute|Fetch|RoundTrip|Perform|Call|Request)`)

// requestError returns the error of a call that is given a request and
// probably sends it: net/http's errors quote the whole address.
func (fn *function) requestError(c *ssa.Call, obj *types.Func) *node {
	if obj == nil || !sender.MatchString(obj.Name()) {
		return nil
	}
	for _, a := range c.Call.Args {
		if typename.Of(a.Type()) != "net/http.Request" {
			continue
		}
		if url := through(c.Pos(), urlOf(fn.eval(a, c))); url != none {
			return &node{kind: kError, name: shortName(obj.FullName()), x: []*node{url}, pos: c.Pos()}
		}
	}
	return nil
}

// unsent drops from the addresses of a request what was judged when the
// request was made.
func unsent(n *node) *node {
	judged := map[*node]bool{}
	walk(n, func(n *node) bool {
		if n.kind == kThrough && n.typ == requested {
			judged[n] = true
			return false
		}
		return true
	})
	return replace(n, judged)
}
