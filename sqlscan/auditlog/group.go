package auditlog

import (
	"slices"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
)

// A tally counts the messages in which one thing was seen.
type tally struct {
	messages    int
	real        bool // one of the values was no well-known stand-in
	severity    rules.Severity
	first, last place
	roles       []string
	manyRoles   bool
	number      int // of the last message that was counted
}

// A place is a message of a log.
type place struct {
	file string
	line int
	time []byte
}

// maxRoles bounds the roles that a finding names.
const maxRoles = 4

// count adds the message that s has at hand, once.
func (s *Scanner) count(t *tally, real bool) {
	t.real = t.real || real
	if t.number == s.number {
		return
	}
	t.number = s.number
	t.messages++
	if t.messages == 1 {
		t.first = place{file: s.file.Name, line: s.rec.Line, time: append([]byte(nil), s.rec.Time...)}
	}
	t.last.file, t.last.line = s.file.Name, s.rec.Line
	t.last.time = append(t.last.time[:0], s.rec.Time...)
	if len(s.rec.Role) == 0 || t.manyRoles {
		return
	}
	for _, r := range t.roles {
		if r == string(s.rec.Role) {
			return
		}
	}
	if len(t.roles) == maxRoles {
		t.manyRoles = true
		return
	}
	t.roles = append(t.roles, string(s.rec.Role))
}

// A group is a shape of statement, or a kind of error, and what was seen in it.
type group struct {
	id      string // fingerprint
	command string // what the statement does
	columns []*columnHit
	shapes  []*shapeHit
	secrets []*secretHit
	params  tally
	// errors are what messages about errors repeat.
	errors []*errorHit
	// touches are the relations that the statement names.
	touches []relation
}

// lose counts the message at hand as one whose group was one too many.
func (s *Scanner) lose() {
	if s.lostAt != s.number {
		s.lostAt = s.number
		s.lost++
	}
}

// A columnHit is a column that literals of a statement meet.
type columnHit struct {
	column column
	text   tally // a literal that can say something
	digits tally // one with digits
	// certain says that the column was found to hold PHI.
	certain bool
}

// A shapeHit is a kind of value that was recognised without any column.
type shapeHit struct {
	// of is the column that the literal meets, or nil.
	of          *columnHit
	where, kind string
	tally       tally
}

// A secretHit is a secret in the text of a statement.
type secretHit struct {
	what  string
	tally tally
}

// An errorHit is what the message about an error repeats.
type errorHit struct {
	part, kind string // DETAIL, CONTEXT or message; "duplicate key" …
	column     column // without a name: a whole row, or a value of some column
	// shape is the kind of value if the column does not matter.
	shape string
	tally tally
}

// maxHits bounds the things of one kind that one group holds.
const maxHits = 64

// group returns the group of that ID, a new one if there is room, or nil.
func (s *Scanner) group(id, command string) *group {
	g := s.groups[id]
	if g == nil {
		if len(s.groups) >= s.o.MaxGroups {
			return nil
		}
		g = &group{id: id, command: command}
		s.groups[id] = g
		s.order = append(s.order, g)
	}
	return g
}

func (g *group) columnHit(c column) *columnHit {
	for _, h := range g.columns {
		if h.column.same(c) {
			return h
		}
	}
	if len(g.columns) >= maxHits {
		return nil
	}
	h := &columnHit{column: c}
	g.columns = append(g.columns, h)
	return h
}

func (s *Scanner) shape(g *group, of *columnHit, where, kind string, real bool) {
	i := slices.IndexFunc(g.shapes, func(h *shapeHit) bool { return h.of == of && h.where == where && h.kind == kind })
	if i < 0 {
		if len(g.shapes) >= maxHits {
			return
		}
		i = len(g.shapes)
		g.shapes = append(g.shapes, &shapeHit{of: of, where: where, kind: kind})
	}
	s.count(&g.shapes[i].tally, real)
}

func (s *Scanner) secret(g *group, what string, severity rules.Severity) {
	i := slices.IndexFunc(g.secrets, func(h *secretHit) bool { return h.what == what })
	if i < 0 {
		if len(g.secrets) >= maxHits {
			return
		}
		i = len(g.secrets)
		g.secrets = append(g.secrets, &secretHit{what: what})
	}
	t := &g.secrets[i].tally
	t.severity = max(t.severity, severity)
	s.count(t, true)
}

func (s *Scanner) errorHit(g *group, hit errorHit, real bool) {
	for _, h := range g.errors {
		if h.part == hit.part && h.kind == hit.kind && h.shape == hit.shape && h.column.same(hit.column) {
			s.count(&h.tally, real)
			return
		}
	}
	if len(g.errors) < maxHits {
		g.errors = append(g.errors, &hit)
		s.count(&hit.tally, real)
	}
}

// probes stand for the two ways in which a column's class decides whether a
// literal can say something. The class itself is known later.
var probeText, probeDigits = phi.Class{Category: phi.Name}, phi.Class{Category: phi.SSN}

// needsDigits reports which of the two a class is.
func needsDigits(c phi.Category) bool {
	return slices.Contains([]phi.Category{phi.Date, phi.Phone, phi.SSN, phi.MRN, phi.Plan, phi.Account}, c)
}

// never lists the categories whose literals say nothing of one person.
func never(c phi.Category) bool {
	return slices.Contains([]phi.Category{phi.Demo, phi.Enc, phi.Claim}, c)
}

// of returns the tally that counts for a class, nil if none does.
func (h *columnHit) of(class phi.Class) *tally {
	t := &h.text
	if needsDigits(class.Category) {
		t = &h.digits
	}
	if !class.PHI() || class.Protected || never(class.Category) || t.messages == 0 {
		return nil
	}
	return t
}
