package phi

import (
	"slices"
	"strings"
)

// A graph joins the tables of one schema by foreign keys, and by column names
// where there are none.
type graph struct {
	tables   []*tableInfo
	byName   map[string]*tableInfo // folded table name -> table
	byWord   map[string]*tableInfo // tokens joined -> table
	out      map[*tableInfo][]edge
	shared   map[*tableInfo]bool // accounts of those who treat as well
	profiles *tableInfo          // whose key is that of an account, auth.users
}

type edge struct {
	to     *tableInfo
	column int // index in the referring table's columns, -1 if unknown
}

func (l *Lexicon) newGraph(infos []*tableInfo) *graph {
	g := &graph{tables: infos, byName: make(map[string]*tableInfo), byWord: make(map[string]*tableInfo), out: make(map[*tableInfo][]edge), shared: make(map[*tableInfo]bool)}
	for _, t := range infos {
		g.byName[strings.ToLower(t.table.Name)] = t
		g.byName[strings.ToLower(t.table.Schema+"."+t.table.Name)] = t
		own := t.tokens
		for len(own) > 1 && l.sets["leading"][own[0]] {
			own = own[1:]
		}
		if k := strings.Join(own, " "); g.byWord[k] == nil || len(own) == len(t.tokens) {
			g.byWord[k] = t
		}
	}
	for _, t := range infos {
		if g.profiles == nil && l.sets["account"][t.head] && len(accountKeys(t.table, "id")) > 0 {
			g.profiles = t
		}
	}
	for _, t := range infos {
		g.addEdges(l, t)
		for _, e := range g.out[t] {
			if e.column >= 0 && l.sets["carer"][keyOf(l, t.cols[e.column].tokens)] {
				g.shared[e.to] = true
			}
		}
	}
	return g
}

// accountKeys returns the columns of t that refer to the accounts that Supabase
// keeps, or the one of that name among them.
func accountKeys(t *Table, only string) []int {
	var out []int
	for _, fk := range t.ForeignKeys {
		if fk.Schema != "auth" || fk.Table != "users" || len(fk.Columns) != 1 || only != "" && !strings.EqualFold(fk.Columns[0], only) {
			continue
		}
		if i := slices.IndexFunc(t.Columns, func(c Column) bool { return strings.EqualFold(c.Name, fk.Columns[0]) }); i >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// addEdges enters the foreign keys of t, then the columns that name a table.
func (g *graph) addEdges(l *Lexicon, t *tableInfo) {
	keyed := make(map[int]bool)
	for _, fk := range t.table.ForeignKeys {
		to := g.byName[strings.ToLower(fk.Schema+"."+fk.Table)]
		if to == nil {
			to = g.byName[strings.ToLower(fk.Table)]
		}
		for _, name := range fk.Columns {
			for i, c := range t.table.Columns {
				if strings.EqualFold(c.Name, name) {
					keyed[i] = true
					if to != nil {
						g.out[t] = append(g.out[t], edge{to, i})
					}
				}
			}
		}
	}
	for i, n := range t.cols {
		k := n.tokens
		if keyed[i] || len(k) < 2 || !l.sets["idhead"][k[len(k)-1]] {
			continue
		}
		if to := g.byWord[strings.Join(k[:len(k)-1], " ")]; to != nil && to != t {
			g.out[t] = append(g.out[t], edge{to, i})
			if n.kind == "num" || n.kind == "uuid" {
				t.cols[i].fk = true
			}
		}
	}
}

// healthGate reports whether the schema belongs to health care: enough tables
// of patients or their care, or somebody says so.
func (l *Lexicon) healthGate(infos []*tableInfo, hints []string) bool {
	switch l.over.health {
	case "on":
		return true
	case "off":
		return false
	}
	linked, beasts := 0, slices.ContainsFunc(infos, func(t *tableInfo) bool { return t.animal || l.anyOf("animal", t.tokens) })
	for _, t := range infos {
		if t.isPatient && t.animal { // the patients of a veterinarian
			return l.saysPHI(hints...)
		}
		switch {
		case t.isPatient && l.holdsPeople(t):
			linked += 2 // a table of patients with their names leaves nothing open
		case t.sureLink && l.sets["booking"][t.head]:
			linked += 2 // nor does a patient's appointment
		case t.isPatient || t.link && t.clinical || t.sureLink || t.carer || t.readings || l.hasHealthName(t) || !beasts && l.ofCare(t) ||
			l.saysPHI(t.table.Name, t.table.Schema, t.table.Tablespace, t.table.Comment):
			linked++
		}
	}
	if linked >= 2 || linked == 1 && len(infos) <= 3 {
		return true
	}
	return l.saysPHI(hints...)
}

// ofCare reports whether a table or a column of it is called by what is given
// or found in care. Animals are cared for too.
func (l *Lexicon) ofCare(t *tableInfo) bool {
	if t.technical || l.anyOf("care", t.tokens) {
		return !t.technical
	}
	return slices.ContainsFunc(t.cols, func(n name) bool { return l.sets["care"][lastToken(n.tokens)] })
}

// holdsPeople reports whether a table that is called patients, in whatever
// language, has a column that only a person has: a name, a birth date.
func (l *Lexicon) holdsPeople(t *tableInfo) bool {
	if !l.anyOf("surepatient", t.tokens) {
		return false
	}
	c := context{health: true, known: true, patient: true, isPatient: true, person: true}
	for _, n := range t.cols {
		if len(n.tokens) == 0 {
			continue
		}
		if b, _, ok := l.best(n, &c); ok && b.tier >= 2 && (b.rule.category == Name || b.rule.category == SSN || b.rule.id == "DATE.DOB") {
			return true
		}
	}
	return false
}

func (l *Lexicon) anyOf(set string, tokens []string) bool {
	for _, t := range tokens {
		if l.sets[set][t] {
			return true
		}
	}
	return false
}

// measures reports whether the name of a table says that its rows are readings
// of somebody's body: glucose_log, vital_signs.
func (l *Lexicon) measures(t *tableInfo) bool {
	if t.reference && !ofAccount(l, t) || t.technical || t.org || t.workforce || t.aggregate {
		return false
	}
	for i, w := range t.tokens {
		if l.sets["readings"][w] || i > 0 && l.sets["readings"][t.tokens[i-1]+"_"+w] {
			return !l.anyOf("readingnot", t.tokens)
		}
	}
	return false
}

// hasHealthName reports whether a column's name exists in health care only.
func (l *Lexicon) hasHealthName(t *tableInfo) bool {
	if l.fed(t) {
		return false
	}
	for _, n := range t.cols {
		joined := strings.Join(n.tokens, "_")
		if l.sets["healthname"][joined] || l.sets["readings"][joined] {
			return true
		}
	}
	return false
}

// negations turn what follows them into its opposite.
var negations = map[string]bool{"no": true, "non": true, "not": true, "without": true, "never": true, "zero": true}

// saysPHI reports whether one of the texts has the word hipaa, phi or ephi.
func (l *Lexicon) saysPHI(texts ...string) bool {
	for _, text := range texts {
		lower := strings.ToLower(text)
		if !strings.Contains(lower, "phi") && !strings.Contains(lower, "hipaa") {
			continue
		}
		words := splitCase(text)
		for i, w := range words {
			if w != "hipaa" && w != "phi" && w != "ephi" {
				continue
			}
			// "No PHI in here" and "PHI-free" say the opposite.
			no := i > 0 && negations[words[i-1]] || i > 1 && negations[words[i-2]] || i+1 < len(words) && words[i+1] == "free"
			if !no {
				return true
			}
		}
	}
	return false
}

// propagate spreads patient context over the schema graph.
func (l *Lexicon) propagate(g *graph, health bool) {
	for _, t := range g.tables {
		t.health = health
	}
	if !health {
		return
	}
	g.accounts(l)
	for _, t := range g.tables {
		l.ownContext(t)
		if t.booked && !t.patient && !t.technical && !t.reference {
			t.patient, t.isPatient, t.person, t.clinical, t.why = true, true, true, true, "booking by name"
		}
		// Have: a table called person with a patient's key or a birth date.
		if n := len(t.tokens); n > 0 && t.patient && !t.org && !t.workforce && !t.reference && l.sets["people"][t.tokens[n-1]] {
			t.isPatient = true
		}
	}
	g.readings(l)
	g.people(l)
	g.attributesOfPatients(l)
	for range 3 { // note, its annotations, their words
		g.childrenOfCare(l)
	}
}

// accounts: where patients have tables of their own, profiles with a birth date
// are those of who works there, unless a key of a patient leads to them.
func (g *graph) accounts(l *Lexicon) {
	elsewhere := false
	own := make(map[*tableInfo]bool)
	for _, t := range g.tables {
		elsewhere = elsewhere || t.isPatient && !l.sets["account"][t.head] || t.sureLink
		for _, e := range g.out[t] {
			if e.column >= 0 && l.anyOf("surepatient", t.cols[e.column].tokens) {
				own[e.to] = true
			}
		}
	}
	for _, t := range g.tables {
		if elsewhere && l.sets["account"][t.head] && !t.isPatient && !t.link && !own[t] {
			t.workforce = true
		}
	}
}

// ownContext gives patient context to tables that say so themselves, by their
// comment or tablespace or by a column that only patients have.
func (l *Lexicon) ownContext(t *tableInfo) {
	said := l.saysPHI(t.table.Comment) && !t.audit && !t.reference && !l.sets["aboutphi"][t.head]
	if (said || l.saysPHI(t.table.Tablespace, t.table.Schema, t.table.Name)) && !t.technical && !t.workforce {
		t.patient, t.isPatient, t.org, t.why = true, true, false, "declared PHI"
		return
	}
	if t.patient || t.technical || t.reference || t.org || t.workforce || t.aggregate {
		return
	}
	if n := len(t.tokens); n > 1 && t.tokens[n-2] == "emergency" && t.head == "contact" {
		t.patient, t.person, t.why = true, true, "contacts of patients"
		return
	}
	for _, n := range t.cols {
		if n.kind != "bool" && l.isStrong(n.tokens) {
			t.patient, t.strong, t.why = true, true, "has ["+strings.Join(n.tokens, " ")+"]"
			t.isPatient = t.person || !t.link // with a birth date and no patient, a row is one
			return
		}
	}
}

// isStrong reports whether a name is headed by something that only a record
// about a patient has.
func (l *Lexicon) isStrong(t []string) bool {
	joined := strings.Join(t, " ")
	for _, s := range [...]string{"ssn", "mrn", "mbi", "hicn", "hic", "dob", "birthday", "birth date", "date birth", "medical record number", "medicaid id", "medicare id", "maiden name", "fecha nacimiento", "identity number", "accession number", "identity card number", "dni", "tanggal lahir", "data nascimento", "niss", "codice fiscale", "dogum tarihi", "data urodzenia", "date naissance", "geburtsdatum"} {
		if joined == s || strings.HasSuffix(joined, " "+s) {
			return !l.anyOf("carer", t)
		}
	}
	return false
}

// readings: glucose_log is about somebody whether a key says about whom or
// not. In an application without any patient they are the users' own, which
// makes the accounts a table of patients.
func (g *graph) readings(l *Lexicon) {
	patients := false
	for _, t := range g.tables {
		patients = patients || t.isPatient && !l.sets["account"][t.head] || t.sureLink || t.carer
	}
	if p := g.profiles; p != nil && p.isPatient && !patients { // an application for patients alone: its accounts are they
		for _, t := range g.tables {
			for _, i := range accountKeys(t.table, "") {
				if t != p {
					g.out[t] = append(g.out[t], edge{p, i})
				}
			}
		}
	}
	for _, t := range g.tables {
		if !t.readings && !patients && l.anyOf("care", t.tokens) && !t.reference && !t.technical && !t.org && ofAccount(l, t) {
			t.readings, t.clinical, t.audit = true, true, false
		}
		if !t.readings {
			continue
		}
		if !t.patient {
			t.patient, t.why = true, "readings of a body"
		}
		for _, e := range g.out[t] {
			if u := e.to; !patients && l.sets["account"][u.head] && !u.org && !u.technical {
				u.patient, u.isPatient, u.person, u.workforce, u.why = true, true, true, false, "accounts of "+t.table.Name
			}
		}
	}
}

// ofAccount reports whether rows belong to users: user_id.
func ofAccount(l *Lexicon, t *tableInfo) bool {
	return slices.ContainsFunc(t.cols, func(n name) bool { return l.sets["account"][keyOf(l, n.tokens)] })
}

// people: a table of persons that care records point at holds patients, even
// if staff are in it too.
func (g *graph) people(l *Lexicon) {
	for _, t := range g.tables {
		if !t.patient || !t.clinical && !t.isPatient && !t.carer {
			continue
		}
		for _, e := range g.out[t] {
			u := e.to
			if t.carer && !u.patient && e.column >= 0 && g.treated(l, t, e) {
				u.patient, u.isPatient, u.workforce, u.why = true, true, false, "referenced by "+t.table.Name
			}
			if g.holdsPatients(l, t, e) {
				u.patient, u.isPatient, u.workforce, u.why = true, true, false, "accounts of "+t.table.Name
			}
			if !u.patient && !u.org && !u.technical && !u.reference && !u.workforce && u.person && (u.head == "person" || u.head == "individual" || u.head == "people") {
				u.patient, u.isPatient, u.why = true, true, "referenced by "+t.table.Name
			}
		}
	}
}

// treated reports whether e leads from a table of care to those it is given to:
// clients, customers, and users who are not at the same time the ones who give it.
func (g *graph) treated(l *Lexicon, t *tableInfo, e edge) bool {
	who := keyOf(l, t.cols[e.column].tokens)
	return l.sets["client"][who] && l.sets["client"][e.to.head] || who == "user" && l.sets["account"][e.to.head] && !g.shared[e.to]
}

// holdsPatients reports whether e leads from a table of patients to the table
// of their accounts: patients.user_id, where users have a date of birth. A
// user_id alone may as well be the clerk who entered the patient.
func (g *graph) holdsPatients(l *Lexicon, t *tableInfo, e edge) bool {
	u := e.to
	if !t.isPatient || u.patient || !u.workforce || !l.sets["account"][u.head] || e.column < 0 {
		return false
	}
	key := t.cols[e.column].tokens
	if len(key) != 2 || !l.sets["account"][key[0]] {
		return false
	}
	for _, n := range u.cols {
		if n.kind != "bool" && l.isStrong(n.tokens) {
			return true
		}
	}
	return l.anyOf("surepatient", t.tokens) && bare(t) && isList(u)
}

// bare reports whether a table has nothing but keys of other tables and stamps,
// not even a key of its own: its rows are those it points at.
func bare(t *tableInfo) bool {
	for _, n := range t.cols {
		if !n.fk && n.kind != "date" && n.kind != "bool" {
			return false
		}
	}
	return len(t.cols) > 0
}

// attributesOfPatients: addresses that patients.address_id points at, and
// person_name rows that point at such a person.
func (g *graph) attributesOfPatients(l *Lexicon) {
	for _, t := range g.tables {
		for _, e := range g.out[t] {
			u := e.to
			last := lastToken(u.tokens)
			if end := lastToken(t.tokens); last == "location" && !l.sets["patient"][end] && !l.sets["people"][end] {
				continue // where an identifier was issued is a clinic
			}
			if isList(u) && (last == "insurance" || last == "coverage") && !l.numbered(u) {
				continue // the companies, not what one of them insures
			}
			if t.isPatient && t.patient && !u.patient && !u.org && !u.technical && !u.reference && !u.workforce && l.sets["attribute"][last] {
				u.patient, u.person, u.why = true, true, "referenced by "+t.table.Name
			}
			if t.patient && (t.clinical || t.isPatient) && !u.patient && !u.org && !u.technical && !u.reference && !u.workforce && l.measured(u) {
				u.patient, u.clinical, u.aggregate, u.why = true, true, false, "referenced by "+t.table.Name
			}
			if !t.patient && u.isPatient && !t.org && !t.technical && !t.reference && !t.workforce && !t.audit && t.person {
				t.patient, t.why = true, "refers to "+u.table.Name
			}
		}
	}
}

// measured reports whether the rows of a table are what was measured of a body,
// and not of a food: blood_chemistry, to which an exam points.
func (l *Lexicon) measured(t *tableInfo) bool {
	if isList(t) || l.fed(t) {
		return false
	}
	c := context{health: true, known: true, patient: true, clinical: true}
	found := 0
	for _, n := range t.cols {
		if len(n.tokens) == 0 || n.fk || n.kind != "num" && n.kind != "text" {
			continue
		}
		if b, _, ok := l.best(n, &c); ok && b.tier >= 2 && (b.rule.category == Lab || b.rule.category == Vital) {
			found++
		}
	}
	return found >= 2
}

// fed reports whether a table is about what is eaten: food has cholesterol too.
func (l *Lexicon) fed(t *tableInfo) bool {
	return l.anyOf("food", t.tokens) || slices.ContainsFunc(t.cols, func(n name) bool { return l.anyOf("food", n.tokens) })
}

// numbered reports whether a table has the number of somebody's policy.
func (l *Lexicon) numbered(t *tableInfo) bool {
	c := context{health: true, known: true, patient: true, isPatient: true, person: true}
	return slices.ContainsFunc(t.cols, func(n name) bool {
		if len(n.tokens) == 0 {
			return false
		}
		b, _, ok := l.best(n, &c)
		return ok && b.tier >= 2 && b.rule.category == Plan
	})
}

// acts reports whether e leads to who did something and not to whom the row is
// about: created_by, supervisor_id; and user_id where the same accounts are
// also those of therapists.
func (g *graph) acts(l *Lexicon, t *tableInfo, e edge) bool {
	if e.column < 0 || len(t.cols[e.column].tokens) == 0 {
		return false
	}
	k := t.cols[e.column].tokens
	last := k[len(k)-1]
	if len(k) > 1 && (last == "by" || last == "to") {
		return true
	}
	who := keyOf(l, k)
	if who == "" {
		who = last
	}
	if who == "user" || who == "profile" || who == "account" {
		return g.shared[e.to]
	}
	return l.sets["actor"][who] || l.sets["carer"][who] || l.sets["does"][who]
}

// lastToken returns "" for a name without a word, such as _ or "12".
func lastToken(tokens []string) string {
	if len(tokens) == 0 {
		return ""
	}
	return tokens[len(tokens)-1]
}

// isList reports whether a table gives its rows names, as a list of prices does.
func isList(t *tableInfo) bool {
	return slices.ContainsFunc(t.cols, func(n name) bool { return n.kind == "text" && lastToken(n.tokens) == "name" })
}

// childrenOfCare: a child of a clinical table of patients (note_nlp.note_id)
// is about the same patients.
func (g *graph) childrenOfCare(l *Lexicon) {
	for _, t := range g.tables {
		if t.patient || t.technical || t.reference || t.org || t.person || t.workforce || t.audit || l.anyOf("goods", t.tokens) {
			continue
		}
		for _, e := range g.out[t] {
			u := e.to
			told := t.head != "form" && l.sets["narrative"][t.head] // the transcript of what need not be clinical itself
			if u != t && u.patient && (u.clinical || u.isPatient || told) && !u.workforce && !g.acts(l, t, e) {
				t.patient, t.clinical, t.why = true, true, "child of "+u.table.Name
				t.billing = t.billing || u.billing
				t.aggregate = false // numbers of one claim, not counts of many
				break
			}
		}
		if !t.patient && len(t.tokens) <= 2 && t.health {
			switch firstOf(t.tokens) {
			case "cost", "claim", "charge":
				if (len(t.tokens) == 1 || t.tokens[1] == "line") && !isList(t) {
					t.patient, t.clinical, t.why = true, true, "billing of care"
				}
			}
		}
	}
}
