package taint

import (
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/rules/phi"
)

// constantMatters tells cheaply whether a text without holes can have
// something to report, before it is parsed.
func constantMatters(text string) bool {
	if strings.Contains(text, "'") {
		return true
	}
	start := strings.TrimSpace(text)
	return len(start) > 4 && strings.EqualFold(start[:4], "set ")
}

// judgeConstants reports what is wrong with the constant parts of a text.
func (e *engine) judgeConstants(u *use, shape *sqlshape.Shape) {
	pos, end, ok := e.rangeOf(u.pos)
	if !ok {
		return
	}
	for _, l := range shape.Literals {
		category := "PHI102"
		if l.Placeholder {
			category = "PHI102/medium"
		}
		var message string
		if !l.Detected && l.Class.Category != phi.Name && l.Class.Letter != "" && !strings.ContainsAny(l.Value(), "0123456789") {
			continue // a number that has no digit is none: redacted, unknown
		}
		switch column := l.Class.PHI() && (l.Class.Letter != "" || l.Class.Tier == 3); {
		case strings.Trim(l.Value(), "%_ ") == "" || !l.Detected && expression(l.Value()):
			continue
		case l.Detected && (l.Qualified() == "" || !column):
			if l.Detection.Category != phi.SSN && e.otherBusiness() {
				continue // the address that a shop sends its mail from
			}
			message = "constant SQL text holds what looks like " + article(l.Detection.Kind)
		case column:
			message = "constant SQL text has a literal for " + l.Qualified()
		default:
			continue
		}
		e.report(analysis.Diagnostic{Pos: pos, End: end, Category: category, Message: "PHI102 " + message})
		break
	}
	if !pooled(u.sink) {
		return
	}
	for _, s := range shape.Settings {
		if s.Local || s.Reset || !identitySetting(s.Name) {
			continue
		}
		name := s.Name
		if name == "" {
			name = "a setting"
		}
		e.report(analysis.Diagnostic{
			Pos: pos, End: end, Category: "PHI106",
			Message: "PHI106 " + name + " is set for the session on a pooled handle (" + shortName(u.sink) + ")",
		})
		break
	}
}

// expression reports whether a literal is a regular expression, which says how
// values look and holds none.
func expression(text string) bool {
	return strings.HasPrefix(text, "^") || strings.HasSuffix(text, "$") || strings.Contains(text, `\d`) ||
		strings.Contains(text, "[") && strings.Contains(text, "]")
}

func article(kind string) string {
	if kind == "" {
		return "an identifier"
	}
	if strings.ContainsRune("aeioAEIOSM", rune(kind[0])) {
		return "an " + kind
	}
	return "a " + kind
}

// pooled reports whether the sink is a method of a handle that takes any
// connection of a pool for each call.
func pooled(sink string) bool {
	for _, h := range []string{"(*database/sql.DB).", "/sqlx.DB).", "/pgxpool.Pool).", "gorm.DB)."} {
		if strings.Contains(sink, h) {
			return true
		}
	}
	return false
}

// identitySetting reports whether a setting decides who the session is or what
// it sees; others, such as timeouts, are nobody's secret.
func identitySetting(name string) bool {
	switch name {
	case "", "role", "session_authorization", "search_path", "row_security":
		return true
	}
	return strings.Contains(name, ".")
}
