package taint

import (
	"go/types"
	"path"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// logVerb names what loggers call their functions, whatever the library:
// Infof, Errorw, WarnContext, CtxDebugf. Severe, Slow and Stat are levels of
// some, v and Depth forms of others.
var logVerb = lazyregexp.New(`^(Ctx)?(Trace|Debug|Info|Print|Warn|Warning|Error|Err|Fatal|Panic|DPanic|Crit|Critical|Emergency|Alert|Severe|Notice|Success|Slow|Stat|Log)` +
	`(f|ln|fln|w|s|S|v|KV|Context|Ctx|fContext|Contextf|Ctxf|wContext|Contextw|Fields|Msg|Depth|Stack|Stackf)?$`)

// levelVerb names those of them that say how bad it is: nothing but a logger
// has methods called so, while what is called Log or Print may keep a record.
var levelVerb = lazyregexp.New(`^(Ctx)?(Trace|Debug|Info|Warn|Warning|Error|Fatal|Panic)(f|ln|w|Context|Ctx|Contextf|Fields|KV)?$`)

// withVerb names what adds to each line of the logger that it returns.
var withVerb = lazyregexp.New(`^With(Field|Fields|Values|Error|KV|Attrs)?$`)

// logPackage names packages that are a logger and nothing else. Those of blogs,
// catalogs, dialogs, logins and logic are something else.
var logPackage = lazyregexp.New(`^([acefghiklmnprstuwxyz]|app|grpc|std|sys|json|zap|zero|gin|go)?log(s|x|r|rus|ger|gers|ging|go|util|utils|kit|[0-9]+)?$`)

// eventVerb names what ends the event of a logger that is written field by field.
var eventVerb = lazyregexp.New(`^(Msg|Msgf|Msgs|Message|Messagef)$`)

var majorVersion = lazyregexp.New(`^v[0-9]+$`)

// writesLog reports whether the names of a function that cannot be seen say that
// it writes to a log: it is called so, and is a method of a logger or stands in
// a package that is one.
func writesLog(f *types.Func) bool {
	sig := f.Signature()
	switch {
	case logVerb.MatchString(f.Name()):
		return ofLogger(f)
	case withVerb.MatchString(f.Name()):
		return returnsLogger(sig) && ofLogger(f)
	case eventVerb.MatchString(f.Name()), fieldOfEvent(sig):
		return sig.Recv() != nil && inLogPackage(f)
	}
	return false
}

// levelled reports whether a function logs at a level, by its names.
func levelled(f *types.Func) bool {
	return levelVerb.MatchString(f.Name()) && f.Signature().Params().Len() > 0 && ofLogger(f)
}

// ofLogger reports whether a function is a method of a type that is named like a
// logger, or stands in a package that is.
func ofLogger(f *types.Func) bool {
	recv := f.Signature().Recv()
	return recv != nil && loggerLike(recv.Type()) || inLogPackage(f)
}

// attributes are the types of what a logger is given for one key.
var attributes = map[string]bool{
	"log/slog.Attr": true, "log/slog.Value": true, "golang.org/x/exp/slog.Attr": true, "go.uber.org/zap/zapcore.Field": true,
	"go.opentelemetry.io/otel/attribute.KeyValue": true, "github.com/opentracing/opentracing-go/log.Field": true,
}

// logAttribute reports whether t is such a type, or one of a package that is a
// logger: a function that returns it has made it of its arguments.
func logAttribute(t types.Type) bool {
	if t == nil || kindOf(t) != "struct" {
		return false
	}
	if attributes[typename.Of(t)] {
		return true
	}
	named := typename.Named(t)
	return named != nil && named.Obj().Name() != "Logger" && !own.StandardPath(named.Obj().Pkg().Path()) && inLogPackage(named.Obj())
}

// fieldOfEvent reports whether a method adds a field to an event and returns
// that, as Str(key, value) does.
func fieldOfEvent(sig *types.Signature) bool {
	return sig.Recv() != nil && sig.Results().Len() == 1 && types.Identical(sig.Recv().Type(), sig.Results().At(0).Type()) && keyAndValue(sig)
}

func keyAndValue(sig *types.Signature) bool {
	p := sig.Params()
	return p.Len() == 2 && !sig.Variadic() && kindOf(p.At(0).Type()) == "string"
}

// logField returns the attribute that a function of a logger that cannot be seen
// makes of a key and a value, as Field("ssn", v); nil if it is none.
func (fn *function) logField(c *ssa.Call, obj *types.Func) *node {
	if obj == nil {
		return nil
	}
	sig := obj.Signature()
	if sig.Recv() != nil || sig.Results().Len() != 1 || !keyAndValue(sig) || len(c.Call.Args) != 2 || !inLogPackage(obj) {
		return nil
	}
	made := typename.Named(sig.Results().At(0).Type())
	if made == nil || made.Obj().Pkg() == nil || made.Obj().Pkg().Path() != obj.Pkg().Path() {
		return nil
	}
	return through(c.Pos(), fn.keyed(constKey(c.Call.Args[0]), fn.eval(c.Call.Args[1], c)))
}

func returnsLogger(sig *types.Signature) bool {
	if sig.Results().Len() != 1 {
		return false
	}
	named := typename.Named(sig.Results().At(0).Type())
	return named != nil && (loggerLike(named) || inLogPackage(named.Obj()))
}

func inLogPackage(obj types.Object) bool {
	if obj.Pkg() == nil {
		return false
	}
	dir, name := path.Split(obj.Pkg().Path())
	if majorVersion.MatchString(name) {
		name = path.Base(dir)
	}
	return logPackage.MatchString(strings.TrimPrefix(strings.ToLower(name), "go-"))
}

// loggerLike reports whether the type is named like a logger.
func loggerLike(t types.Type) bool {
	named := typename.Named(t)
	if named == nil {
		return false
	}
	name := strings.ToLower(named.Obj().Name())
	return strings.Contains(name, "log") && !strings.Contains(name, "login") && !strings.Contains(name, "catalog") &&
		!strings.Contains(name, "dialog") || name == "entry" || name == "sugar"
}

// logShape records such a call. Before a variadic parameter a format may stand,
// where the name says so; else keys and values may alternate there.
func (fn *function) logShape(c ssa.CallInstruction, name string, obj *types.Func) {
	sig := obj.Signature()
	args := passed(c.Common(), sig)
	u := &use{kind: knowledge.Log, sink: name, call: c, pos: c.Pos()}
	n := len(args)
	switch {
	case n == 2 && !sig.Variadic() && kindOf(args[0].Type()) == "string": // WithField(key, value)
		u.values = append(u.values, fn.eval(args[0], c), fn.keyed(constKey(args[0]), fn.eval(args[1], c)))
		n = 0
	case n >= 2 && sig.Variadic() && takesFormat(obj.Name()) && kindOf(args[n-2].Type()) == "string":
		u.values = append(u.values, &node{kind: kFormat, x: []*node{fn.eval(args[n-2], c), fn.eval(args[n-1], c)}, pos: c.Pos()})
		n -= 2
	case n > 0 && sig.Variadic():
		u.values = append(u.values, fn.pairs(fn.eval(args[n-1], c)))
		n--
	}
	for i, a := range args[:n] {
		if i > 0 || kindOf(a.Type()) != "struct" {
			u.values = append(u.values, fn.eval(a, c))
		}
	}
	if len(u.values) > 0 {
		fn.add(u)
	}
}

// takesFormat reports whether a function is called as those that take a format,
// such as Infof and ErrorContextf.
func takesFormat(name string) bool {
	return strings.Contains(strings.Replace(name, "Info", "", 1), "f")
}
