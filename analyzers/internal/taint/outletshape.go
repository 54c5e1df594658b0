package taint

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/lazyregexp"
)

var (
	// reportVerb names what trackers of errors are told by, whatever the service.
	reportVerb = lazyregexp.New(`^(Capture|Report|Record|Notice)(Error|Err|Exception|Message|Panic|Event)(WithContext|Context|Ctx|AndWait|WithStackTrace|WithTags)?$`)

	// labelVerb names what adds to a span, an event or a metric.
	labelVerb = lazyregexp.New(`^((Set|Add|With)?(Tag|Tags|Label|Labels|Attribute|Attributes|Attr|Baggage|BaggageItem|Extra|Extras|Breadcrumb|CustomData|CustomContext|UserContext)|Set|Annotate|LogKV)$`)

	// telemetryPackage names packages whose business is to send away what
	// happens in a program.
	telemetryPackage = lazyregexp.New(`(^|/|go-|-go/)(sentry|raven|bugsnag|rollbar|airbrake|gobrake|honeybadger|apm|newrelic|tracer|tracing|trace|posthog|analytics|mixpanel|amplitude|statsd|zipkin|jaeger|telemetry)(-go|-client|-client-go)?(/v[0-9]+)?$`)

	// requestVerb names what sends requests, or gives them their address.
	requestVerb = lazyregexp.New(`^(Must)?(Get|Post|Put|Patch|Delete|Head|Options|Fetch|Download|Do|Send|NewRequest|Request|SetURL|SetURI|SetUrl|SetRequestURI)([A-Z].*)?$`)

	// addressParam names the parameters that take an address.
	addressParam = lazyregexp.New(`^(?i)(raw|target|request|full|base|end|str)?_?(url|uri)(str|string|path)?$`)
)

// shapeOutlet records a call of code that cannot be seen whose names say that it
// reports an error, labels a span or a metric, or sends a request.
func (fn *function) shapeOutlet(c ssa.CallInstruction, name string, obj *types.Func) {
	if obj.Pkg() == nil || own.StandardPath(obj.Pkg().Path()) || fn.listed(name) {
		return
	}
	sig := obj.Signature()
	args := passed(c.Common(), sig)
	u := &use{kind: knowledge.Telemetry, sink: name, call: c, pos: c.Pos()}
	switch {
	case reportVerb.MatchString(obj.Name()):
		for _, a := range args {
			if k := kindOf(a.Type()); k == "error" || k == "string" || k == "other" {
				u.values = append(u.values, fn.eval(a, c))
			}
		}
	case labelVerb.MatchString(obj.Name()) && sendsAway(obj):
		if keyAndValue(sig) && len(args) == 2 {
			u.values = append(u.values, fn.keyed(constKey(args[0]), fn.eval(args[1], c)))
			break
		}
		for _, a := range args {
			u.values = append(u.values, fn.pairs(fn.eval(a, c)))
		}
	default:
		sends, away := requestVerb.MatchString(obj.Name()), telemetryPackage.MatchString(obj.Pkg().Path())
		if sends {
			u.kind = knowledge.URL
		}
		for i, a := range args {
			if i >= sig.Params().Len() {
				break
			}
			param := sig.Params().At(i).Name()
			if sends && kindOf(a.Type()) == "string" && addressParam.MatchString(param) || !sends && away && param == "tags" { // statsd's Incr(name, tags, rate)
				u.values = append(u.values, fn.eval(a, c))
			}
		}
	}
	if len(u.values) > 0 {
		fn.add(u)
	}
}

// sendsAway reports whether the method is of a span or of a package that sends
// what it is told to a service.
func sendsAway(f *types.Func) bool {
	sig := f.Signature()
	if telemetryPackage.MatchString(f.Pkg().Path()) {
		return true
	}
	if sig.Recv() == nil || f.Name() == "Set" {
		return false
	}
	named := typename.Named(sig.Recv().Type())
	return named != nil && (strings.HasSuffix(named.Obj().Name(), "Span") || strings.HasSuffix(named.Obj().Name(), "Transaction"))
}
