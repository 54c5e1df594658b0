package taint

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/typename"
)

// written records what a call writes to standard output or error, to the
// writer of a logger, or to the client of an HTTP service, and reports whether
// it is such a call.
func (fn *function) written(c ssa.CallInstruction, name string) bool {
	args := arguments(c.Common())
	if len(args) < 2 {
		return false
	}
	var values []*node
	at := 0 // of the writer
	switch name {
	case "fmt.Fprintf":
		values = []*node{{kind: kFormat, x: []*node{fn.eval(args[1], c), fn.eval(args[2], c)}, pos: c.Pos()}}
	case "fmt.Fprint", "fmt.Fprintln", "io.WriteString", "(*os.File).Write", "(*os.File).WriteString",
		"(*bufio.Writer).Write", "(*bufio.Writer).WriteString",
		"(io.Writer).Write", "(net/http.ResponseWriter).Write", "(github.com/gin-gonic/gin.ResponseWriter).WriteString",
		"(io.StringWriter).WriteString":
	case "(*encoding/json.Encoder).Encode":
		made, ok := args[0].(*ssa.Call)
		if !ok || len(made.Call.Args) != 1 {
			return false
		}
		args = []ssa.Value{made.Call.Args[0], args[1]}
		values = []*node{encoded(fn.eval(args[1], c), c.Pos())}
	default:
		return false
	}
	kind := destination(args[at])
	if kind == "" {
		return false
	}
	if values == nil {
		values = []*node{fn.eval(args[1], c)}
	}
	fn.add(&use{kind: kind, sink: name, call: c, pos: c.Pos(), values: []*node{fn.outcome(c, values[0])}})
	return true
}

// printed records what the builtins print and println write to standard error.
func (fn *function) printed(c ssa.CallInstruction, b *ssa.Builtin) {
	if b.Name() != "print" && b.Name() != "println" {
		return
	}
	u := &use{kind: knowledge.Stdout, sink: b.Name(), call: c, pos: c.Pos()}
	for _, v := range c.Common().Args {
		u.values = append(u.values, fn.eval(v, c))
	}
	fn.add(u)
}

// destination says what writing to w is, or "".
func destination(w ssa.Value) knowledge.Kind {
	for range 8 {
		if writesResponse(w.Type()) {
			return knowledge.Response
		}
		if typename.Of(w.Type()) == "log/syslog.Writer" {
			return knowledge.Log
		}
		switch v := w.(type) {
		case *ssa.MakeInterface:
			w = v.X
			continue
		case *ssa.ChangeInterface:
			w = v.X
			continue
		case *ssa.ChangeType:
			w = v.X
			continue
		case *ssa.UnOp:
			if g, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL && g.Pkg != nil && g.Pkg.Pkg.Path() == "os" &&
				(g.Name() == "Stderr" || g.Name() == "Stdout") {
				return knowledge.Stdout
			}
		case *ssa.Call:
			switch name, _ := callee(&v.Call); name {
			case "log.Writer", "(*log.Logger).Writer", "(*github.com/sirupsen/logrus.Logger).Writer":
				return knowledge.Log
			case "bufio.NewWriter", "bufio.NewWriterSize", "text/tabwriter.NewWriter":
				w = v.Call.Args[0] // hands on what it gets
				continue
			}
		}
		return ""
	}
	return ""
}

// writesResponse reports whether the type is an http.ResponseWriter or one of
// a framework, which all have its methods.
func writesResponse(t types.Type) bool {
	switch types.Unalias(t).(type) {
	case *types.Named, *types.Pointer:
	default:
		return false
	}
	methods := types.NewMethodSet(t)
	header, status := methods.Lookup(nil, "Header"), methods.Lookup(nil, "WriteHeader")
	return header != nil && status != nil && typename.Of(header.Obj().(*types.Func).Signature().Results().At(0).Type()) == "net/http.Header"
}
