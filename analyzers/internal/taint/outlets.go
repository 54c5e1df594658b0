package taint

import (
	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
)

// judgeOutlet reports what leaves by another way than a log: in telemetry, in
// an answer to a client, in the address of a request.
func (e *engine) judgeOutlet(u *use) map[*node]bool {
	reported := map[*node]bool{}
	for _, v := range u.values {
		if u.attr == "request" {
			v = unsent(urlOf(v))
		}
		all := e.leaks(v)
		if u.kind == knowledge.Telemetry {
			all = append(all, e.secretLeaks(v, false)...)
		}
		for _, l := range all {
			rule, message := outlet(u, l)
			if rule == "" {
				continue
			}
			reported[l.value], reported[l.at] = true, true
			pos, end, ok := e.rangeOf(u.pos)
			if !ok {
				pos, end = u.pos, u.pos
			}
			d := analysis.Diagnostic{Pos: pos, End: end, Category: rule, Message: rule + " " + message}
			e.related(&d, l.value.pos, "source: "+display(l.value))
			if l.at != l.value {
				e.related(&d, l.at.pos, "may be quoted by this error")
			}
			e.related(&d, u.pos, "reaches "+shortName(u.sink))
			e.report(d)
			break // one finding for each call
		}
	}
	return reported
}

// outlet turns a leak, as a log would have it, into the finding for the way
// that u is; "" if it is none there.
func outlet(u *use, l leak) (rule, message string) {
	inError := l.rule == "PHI205" || l.rule == "PHI206"
	switch u.kind {
	case knowledge.Telemetry:
		if l.rule == "PHI211" {
			return "PHI211", display(l.value) + " is sent away by " + shortName(u.sink)
		}
		if inError {
			return "PHI209", "error that " + shortName(u.sink) + " sends away can quote " + display(l.value)
		}
		return "PHI209", display(l.value) + " is sent away by " + shortName(u.sink)
	case knowledge.Response:
		// A client may be shown its own input and a patient's data; it is the
		// database's error that was written for somebody else.
		if l.at.kind == kQuery {
			return "PHI207", "error of " + l.at.name + " is answered to the client; it can quote " + display(l.value)
		}
		if l.rule == "PHI206" {
			return "PHI207", "detail of a driver's error is answered to the client"
		}
	case knowledge.URL:
		// A resource's own key belongs into its address.
		if l.rule == "PHI201" && l.value.class.PHI() {
			return "PHI210", display(l.value) + " becomes part of a URL"
		}
	}
	return "", ""
}
