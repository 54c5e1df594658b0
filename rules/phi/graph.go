package phi

import "strings"

// A graph joins the tables of one schema by foreign keys, and by column names
// where there are none.
type graph struct {
	tables []*tableInfo
	byName map[string]*tableInfo // folded table name -> table
	byWord map[string]*tableInfo // tokens joined -> table
	out    map[*tableInfo][]edge
}

type edge struct {
	to     *tableInfo
	column int // index in the referring table's columns, -1 if unknown
}

func (l *Lexicon) newGraph(infos []*tableInfo) *graph {
	g := &graph{tables: infos, byName: make(map[string]*tableInfo), byWord: make(map[string]*tableInfo), out: make(map[*tableInfo][]edge)}
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
		g.addEdges(l, t)
	}
	return g
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
	linked := 0
	for _, t := range infos {
		if t.isPatient || t.link && t.clinical || l.hasHealthName(t) || l.saysPHI(t.table.Name, t.table.Schema, t.table.Tablespace, t.table.Comment) {
			linked++
		}
	}
	if linked >= 2 || linked == 1 && len(infos) <= 3 {
		return true
	}
	return l.saysPHI(hints...)
}

// hasHealthName reports whether a column's name exists in health care only.
func (l *Lexicon) hasHealthName(t *tableInfo) bool {
	for _, n := range t.cols {
		joined := strings.Join(n.tokens, " ")
		if l.sets["healthname"][joined] || joined == "medical record number" || joined == "medicare number" {
			return true
		}
	}
	return false
}

// saysPHI reports whether one of the texts has the word hipaa, phi or ephi.
func (l *Lexicon) saysPHI(texts ...string) bool {
	for _, text := range texts {
		lower := strings.ToLower(text)
		if !strings.Contains(lower, "phi") && !strings.Contains(lower, "hipaa") {
			continue
		}
		for _, w := range splitCase(text) {
			if w == "hipaa" || w == "phi" || w == "ephi" {
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
	for _, t := range g.tables {
		l.ownContext(t)
		// Have: a table called person with a patient's key or a birth date.
		if n := len(t.tokens); n > 0 && t.patient && !t.org && !t.workforce && !t.reference && l.sets["people"][t.tokens[n-1]] {
			t.isPatient = true
		}
	}
	g.people(l)
	g.attributesOfPatients(l)
	for range 2 {
		g.childrenOfCare()
	}
}

// ownContext gives patient context to tables that say so themselves, by their
// comment or tablespace or by a column that only patients have.
func (l *Lexicon) ownContext(t *tableInfo) {
	if l.saysPHI(t.table.Tablespace, t.table.Comment, t.table.Schema, t.table.Name) && !t.technical && !t.workforce {
		t.patient, t.isPatient, t.org, t.why = true, true, false, "declared PHI"
		return
	}
	if t.patient || t.technical || t.reference || t.org || t.workforce || t.aggregate {
		return
	}
	for _, n := range t.cols {
		if n.kind != "bool" && l.isStrong(n.tokens) {
			t.patient, t.strong, t.why = true, true, "has ["+strings.Join(n.tokens, " ")+"]"
			t.isPatient = t.person
			return
		}
	}
}

// isStrong reports whether a name is headed by something that only a record
// about a patient has.
func (l *Lexicon) isStrong(t []string) bool {
	joined := strings.Join(t, " ")
	for _, s := range [...]string{"ssn", "mrn", "mbi", "hicn", "hic", "dob", "birth date", "date birth", "medical record number", "medicaid id", "medicare id", "maiden name", "fecha nacimiento", "identity number", "accession number", "identity card number", "dni", "tanggal lahir", "data nascimento"} {
		if joined == s || strings.HasSuffix(joined, " "+s) {
			return true
		}
	}
	return false
}

// people: a table of persons that care records point at holds patients, even
// if staff are in it too.
func (g *graph) people(l *Lexicon) {
	for _, t := range g.tables {
		if !t.patient || !t.clinical && !t.isPatient {
			continue
		}
		for _, e := range g.out[t] {
			u := e.to
			if g.holdsPatients(l, t, e) {
				u.patient, u.isPatient, u.workforce, u.why = true, true, false, "accounts of "+t.table.Name
			}
			if !u.patient && !u.org && !u.technical && !u.reference && !u.workforce && u.person && (u.head == "person" || u.head == "individual" || u.head == "people") {
				u.patient, u.isPatient, u.why = true, true, "referenced by "+t.table.Name
			}
		}
	}
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
	return false
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
			if t.isPatient && t.patient && !u.patient && !u.org && !u.technical && !u.reference && !u.workforce && l.sets["attribute"][last] {
				u.patient, u.person, u.why = true, true, "referenced by "+t.table.Name
			}
			if !t.patient && u.isPatient && !t.org && !t.technical && !t.reference && !t.workforce && !t.audit && t.person {
				t.patient, t.why = true, "refers to "+u.table.Name
			}
		}
	}
}

// lastToken returns "" for a name without a word, such as _ or "12".
func lastToken(tokens []string) string {
	if len(tokens) == 0 {
		return ""
	}
	return tokens[len(tokens)-1]
}

// childrenOfCare: a child of a clinical table of patients (note_nlp.note_id)
// is about the same patients.
func (g *graph) childrenOfCare() {
	for _, t := range g.tables {
		if t.patient || t.technical || t.reference || t.org || t.person || t.workforce || t.audit {
			continue
		}
		for _, e := range g.out[t] {
			u := e.to
			if u != t && u.patient && (u.clinical || u.isPatient) && !u.workforce {
				t.patient, t.clinical, t.why = true, true, "child of "+u.table.Name
				t.billing = t.billing || u.billing
				t.aggregate = false // numbers of one claim, not counts of many
				break
			}
		}
		if !t.patient && len(t.tokens) <= 2 && t.health {
			switch firstOf(t.tokens) {
			case "cost", "claim", "charge":
				if len(t.tokens) == 1 || t.tokens[1] == "line" {
					t.patient, t.clinical, t.why = true, true, "billing of care"
				}
			}
		}
	}
}
