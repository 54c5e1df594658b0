package taint

import (
	"go/token"
	"slices"
	"strings"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/rules/phi"
)

// judge decides what a use of this function lets go, reports it, and returns
// the values it reported.
func (e *engine) judge(fn *function, u *use) map[*node]bool {
	switch u.kind {
	case knowledge.SQL:
		return e.judgeSQL(fn, u)
	case knowledge.Log, knowledge.Stdout:
		return e.judgeLog(fn, u)
	case knowledge.Panic:
		return e.judgeErrorText(u)
	case knowledge.Telemetry, knowledge.Response, knowledge.URL:
		return e.judgeOutlet(u)
	}
	return nil
}

// context returns what sqlshape needs to know for the fragment of a builder.
func (e *engine) context(u *use) sqlshape.Context {
	c := sqlshape.Context{Lexicon: e.lexicon, Schema: e.schema, Table: u.table, Hints: []string{e.pass.Pkg.Path()}}
	switch u.attr {
	case "where", "having":
		c.Fragment = sqlshape.Condition
	case "order":
		c.Fragment = sqlshape.Order
	case "select", "group":
		c.Fragment = sqlshape.Columns
	case "join", "table":
		c.Fragment = sqlshape.Tables
	case "set":
		c.Fragment = sqlshape.Assign
	case "expression":
		c.Fragment = sqlshape.Expr
	}
	return c
}

// A spill is a hole through which PHI gets into SQL text.
type spill struct {
	hole   piece
	value  *node // the PHI, or what is written to a PHI column
	column sqlshape.ColumnRef
	role   sqlshape.Role
}

// partsOf returns the pieces as package sqlshape takes them, each hole's ID
// being its index, and the number of holes.
func partsOf(ps []piece) (parts []sqlshape.Part, holes int) {
	parts = make([]sqlshape.Part, len(ps))
	for i, p := range ps {
		parts[i] = sqlshape.Part{Text: p.text}
		if p.hole != nil {
			holes++
			parts[i] = sqlshape.Part{
				Hole: true, ID: i, Verb: p.verb, Repeat: p.repeat,
				Quoted: p.verb == 'q', Numeric: p.hole.typ == "int" || p.hole.typ == "float",
			}
		}
	}
	return parts, holes
}

func (e *engine) judgeSQL(fn *function, u *use) map[*node]bool {
	var spills []spill
	// The same value may be put into the text at several places, and the same
	// place comes up once in each variant of the text.
	type where struct {
		hole *node
		at   token.Pos
	}
	seen := map[where]bool{}
	reported := map[*node]bool{}
	for i, ps := range variants(u.text) {
		parts, holes := partsOf(ps)
		// A constant text is of interest where it has literals or settings.
		bound := i == 0 && boundMatters(u)
		if holes == 0 && !bound && (u.via || len(ps) != 1 || !constantMatters(ps[0].text)) {
			continue
		}
		shape := e.context(u).Analyze(parts)
		if !u.via {
			e.judgeConstants(u, shape)
		}
		if u.attr == "shape" && (!shape.OK || shape.Command == "") {
			continue
		}
		if bound {
			if mode := e.judgeBound(u, shape); mode != nil {
				reported[mode] = true
			}
		}
		for _, h := range shape.Holes {
			p := ps[h.Part]
			at, _ := e.site(p, u)
			key := where{p.hole, at}
			if p.hole == nil || seen[key] {
				continue
			}
			if s, ok := e.spills(p, h); ok {
				seen[key] = true
				spills = append(spills, s)
			}
		}
	}
	spills = specific(spills)
	if len(spills) > 0 {
		e.reportSQL(fn, u, spills)
	}
	for _, s := range spills {
		reported[s.value] = true
	}
	return reported
}

// specific drops the holes of which no more is known than that a value passes
// through, where the same value is also seen in its place.
func specific(spills []spill) []spill {
	placed := map[*node]bool{}
	for _, s := range spills {
		if s.hole.hole == s.value {
			placed[s.value] = true
		}
	}
	return slices.DeleteFunc(spills, func(s spill) bool { return s.hole.hole != s.value && placed[s.value] })
}

// spills decides whether a hole lets PHI into the text.
func (e *engine) spills(p piece, h sqlshape.Hole) (spill, bool) {
	s := spill{hole: p, column: h.ColumnRef, role: h.Role}
	s.value = e.phiIn(p.hole)
	known := s.value != nil
	switch h.Role {
	case sqlshape.Placeholder, sqlshape.Constant:
		return s, false
	case sqlshape.Value:
		if known && s.value.class.Tier < 3 && e.workforce(h.ColumnRef) {
			return s, false
		}
		if known {
			break
		}
		if !h.Class.PHI() && !h.Key || e.harmless(p.hole) || !h.InQuotes && mayBePlaceholder(p.hole) {
			return s, false
		}
		// Whatever is compared with a PHI column is PHI.
		s.value = p.hole
	case sqlshape.Limit:
		if !known || s.value.class.Tier < 3 {
			return s, false
		}
	default:
		if !known {
			return s, false
		}
	}
	return s, true
}

// mayBePlaceholder reports whether the value is text of unknown origin that
// stands in SQL without quotes: a function may well return $1.
func mayBePlaceholder(n *node) bool {
	for n.kind == kSame || n.kind == kThrough && len(n.x) == 1 {
		n = n.x[0]
	}
	return n.kind == kLeaf && (n.typ == "string" || n.typ == "other")
}

// workforce reports whether the column belongs to a table of staff or of
// reference data, where names are not patients' names.
func (e *engine) workforce(c sqlshape.ColumnRef) bool {
	if c.Table == "" || c.Class.PHI() || c.Key {
		return false
	}
	if e.schema == nil {
		return false
	}
	t := e.schema.Table(c.Schema, c.Table)
	return t != nil && (t.Workforce || t.Reference)
}

// harmless reports whether nothing of a value of the program can be in the
// hole: constants, numbers of arguments, sanitized values.
func (e *engine) harmless(n *node) bool {
	clean := true
	walk(n, func(n *node) bool {
		switch n.kind {
		case kParam, kLeaf, kField, kElem:
			clean = false
		}
		return clean
	})
	return clean
}

// phiIn returns the value in n that is PHI by its name and type, or a
// patient's key; the strongest, and of equals the first.
func (e *engine) phiIn(n *node) *node {
	var best *node
	walkPrinted(n, func(n *node) bool {
		switch n.kind {
		case kParam, kLeaf, kField, kElem:
			if sensitive(n) {
				if best == nil || rank(n) > rank(best) {
					best = n
				}
				return false
			}
			// A field is judged by its own name; what holds it may be a
			// patient and the field the time of an update.
			return n.kind == kElem && n.text == "" || n.kind == kLeaf
		case kAlt:
			if sensitive(n) && (best == nil || rank(n) > rank(best)) {
				best = n
				return false
			}
		case kQuery, kError:
			return false
		}
		return true
	})
	return best
}

func rank(n *node) int { return n.class.Tier }

// sensitive reports whether the value is PHI by itself or points at a patient.
func sensitive(n *node) bool {
	return n.class.PHI() || patientKey(n)
}

// patientKey reports whether n is the key of a patient: its value is a unique
// number of that person in the log.
func patientKey(n *node) bool {
	if n.class.Category != phi.Link {
		return false
	}
	name := strings.ToLower(n.name[strings.LastIndexByte(n.name, '.')+1:])
	for _, w := range patientWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

var patientWords = []string{"patient", "patid", "beneficiary", "bene", "enrollee", "subscriber", "resident", "pt_", "ptid"}
