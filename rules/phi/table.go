package phi

import (
	"slices"
	"strings"
)

// A tableInfo is a table on its way through the classifier.
type tableInfo struct {
	context
	table  *Table
	prefix string // column prefix that most columns share
	cols   []name
	strong bool // has a column headed by an identifier of a person

	sureLink bool // has a key of a patient, said in so many words
	carer    bool // joins a client with who treats the client
	readings bool // rows are readings of somebody's body
	animal   bool // has a column that only animals have
	booked   bool // a booking that says by name and number for whom it is
}

// kindOf folds an SQL type to what the rules distinguish.
func kindOf(sqlType string) string {
	t := strings.ToLower(strings.TrimSpace(sqlType))
	if i := strings.LastIndexByte(t, '.'); i >= 0 && !strings.Contains(t[:i], "(") {
		t = t[i+1:]
	}
	if t == "tinyint(1)" || t == "bit(1)" || t == "bit" {
		return "bool"
	}
	for _, k := range kindPrefixes {
		if strings.HasPrefix(t, k.prefix) {
			return k.kind
		}
	}
	return "text"
}

var kindPrefixes = []struct{ prefix, kind string }{
	{"bool", "bool"}, {"interval", "num"}, {"int", "num"}, {"bigint", "num"}, {"smallint", "num"}, {"mediumint", "num"}, {"tinyint", "num"},
	{"serial", "num"}, {"bigserial", "num"}, {"smallserial", "num"}, {"numeric", "num"}, {"decimal", "num"},
	{"float", "num"}, {"real", "num"}, {"double", "num"}, {"number", "num"}, {"money", "num"}, {"oid", "num"},
	{"date", "date"}, {"time", "date"}, {"uuid", "uuid"}, {"uniqueidentifier", "uuid"}, {"bytea", "bytes"},
	{"blob", "bytes"}, {"longblob", "bytes"}, {"mediumblob", "bytes"}, {"varbinary", "bytes"}, {"json", "json"},
	{"inet", "inet"}, {"cidr", "inet"}, {"macaddr", "inet"}, {"tsvector", "other"},
}

// describe tokenises a table and finds its own context, without its neighbours.
func (l *Lexicon) describe(t *Table, seen map[string][]string) *tableInfo {
	ti := &tableInfo{table: t}
	ti.tokens = l.tokenize(l.spelled(seen, t.Name, t.Spelled))
	ti.where = t.Name
	ti.known = true
	ti.prefix = columnPrefix(t.Columns)
	keys := make(map[string]bool)
	for _, fk := range t.ForeignKeys {
		for _, c := range fk.Columns {
			keys[strings.ToLower(c)] = true
		}
	}
	ti.cols = make([]name, len(t.Columns))
	for i, c := range t.Columns {
		col := l.spelled(seen, c.Name, c.Spelled)
		if p := ti.prefix; p != "" && len(col) > len(p) && strings.EqualFold(col[:len(p)], p) {
			col = col[len(p):]
		}
		ti.cols[i] = name{tokens: l.tokenized(seen, col), kind: kindOf(c.Type), fk: keys[strings.ToLower(c.Name)]}
		if c.Enum {
			ti.cols[i].kind = "enum"
		}
	}
	l.describeName(&ti.context)
	ti.undrugged = !l.anyOf("medication", ti.tokens) && !slices.ContainsFunc(ti.cols, func(n name) bool { return l.anyOf("medication", n.tokens) })
	l.findLink(ti)
	l.settleTable(ti)
	return ti
}

// spelled returns how the author wrote a name: unquoted dateOfBirth is folded to
// dateofbirth, where the borders of its words are lost. Words that are written
// in mixed case, such as SpO2 and eGFR, are better off folded.
func (l *Lexicon) spelled(seen map[string][]string, name, asWritten string) string {
	if len(asWritten) != len(name) || asWritten == name || !strings.EqualFold(asWritten, name) {
		return name
	}
	folded := l.tokenized(seen, name)
	if l.index[strings.Join(folded, " ")] > 0 || slices.ContainsFunc(folded, func(t string) bool { return firstDigit(t) >= 0 }) {
		return name
	}
	return asWritten
}

// columnPrefix returns a prefix such as "p_" that at least 60 % of the columns
// share; prefixes that mean something are kept.
func columnPrefix(cols []Column) string {
	if len(cols) < 4 {
		return ""
	}
	best, most := "", 0
	counts := make(map[string]int)
	for _, c := range cols {
		i := strings.IndexByte(c.Name, '_')
		if i < 1 || i > 12 || i+1 == len(c.Name) {
			continue
		}
		p := strings.ToLower(c.Name[:i+1])
		counts[p]++
		if counts[p] > most || counts[p] == most && p < best {
			best, most = p, counts[p]
		}
	}
	if most*10 < len(cols)*6 {
		return fusedPrefix(cols)
	}
	switch best {
	case "pt_", "pat_", "bene_", "mbr_", "dob_", "is_", "has_", "date_", "birth_", "drug_", "patient_", "person_", "first_", "last_",
		"id_", "fk_", "data_", "fecha_", "nome_":
		return ""
	}
	return best
}

// fusedPrefix returns the longest prefix of 2 to 7 letters that at least 60 %
// of six or more columns share without a separator: ptlname, ptfax.
func fusedPrefix(cols []Column) string {
	const least, longest, enough = 2, 7, 6
	if len(cols) < enough {
		return ""
	}
	counts := make(map[string]int)
	for _, c := range cols {
		if strings.Contains(c.Name, "_") { // its words are cut already
			continue
		}
		for n := least; n <= longest && n < len(c.Name); n++ {
			counts[strings.ToLower(c.Name[:n])]++
		}
	}
	best := ""
	for p, n := range counts {
		if n*10 >= len(cols)*6 && (len(p) > len(best) || len(p) == len(best) && p < best) {
			best = p
		}
	}
	return best
}

// describeName sets what the words of a table or type name say.
func (l *Lexicon) describeName(c *context) {
	has := func(set string) bool {
		for _, t := range c.tokens {
			if l.sets[set][t] {
				return true
			}
		}
		return false
	}
	for _, t := range c.tokens {
		if !l.sets["noise"][t] {
			c.head = t
		}
	}
	last := lastToken(c.tokens)
	if c.head == "" {
		c.head = last
	}
	answered := last == "response" || last == "answer" || last == "result" || last == "instance" || last == "assignment"
	c.reference = has("reference") && !answered || len(c.tokens) > 1 && c.tokens[0] == "d"
	c.technical = last == "key" || has("technical") && !(slices.Contains(c.tokens, "insurance") && slices.Contains(c.tokens, "policy"))
	c.audit = (c.head == "log" || last == "log") && !has("sent") || slices.Contains(c.tokens, "audit") || slices.Contains(c.tokens, "provenance")
	pat := has("patient")
	c.isPatient = pat && !c.technical && !has("org") && !l.sets["aggregate"][c.head]
	c.org = l.sets["org"][c.head] || has("org") && !pat
	c.workforce = l.sets["workforce"][c.head] || l.sets["carer"][c.head] || l.sets["workforce"][firstOf(c.tokens)] && !pat
	c.person = (l.sets["person"][c.head] || slices.Contains(c.tokens, "person") || slices.Contains(c.tokens, "demographic")) && !c.org
	c.clinical = has("clinical")
	c.billing = has("billing")
	if c.workforce && pat {
		c.workforce = false
	}
}

func firstOf(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// findLink looks for a column that points at a patient or an encounter.
func (l *Lexicon) findLink(ti *tableInfo) {
	subjectType := false
	for _, n := range ti.cols {
		subjectType = subjectType || len(n.tokens) == 2 && n.tokens[0] == "subject" && n.tokens[1] == "type"
	}
	client, carer, course := false, false, false
	customer, therapist := false, false // of a massage: reservations.customer_id beside therapist_id
	for i, n := range ti.cols {
		if n.kind == "json" && listOfKeys(ti.table.Columns[i].Name) {
			continue // a choice of patients, not whose the row is
		}
		ti.link = ti.link || l.isLink(n.tokens, ti.table.Columns[i].Name, subjectType, ti.clinical)
		who := keyOf(l, n.tokens)
		ti.sureLink = ti.sureLink || l.sets["surepatient"][who] ||
			len(n.tokens) == 1 && l.sets["surepatient"][n.tokens[0]] && (n.fk || n.kind == "num" || n.kind == "uuid")
		if n.kind != "bool" && !n.fk && l.ofPatient(n.tokens) {
			ti.link, ti.sureLink = true, true
		}
		ti.animal = ti.animal || l.sets["animal"][lastToken(n.tokens)] || l.sets["animal"][who]
		if who == "customer" || who == "therapist" {
			customer, therapist = customer || who == "customer", therapist || who == "therapist"
			continue
		}
		client = client || l.sets["client"][who] || who == "user" && l.sets["booking"][ti.head]
		course = course || l.sets["course"][who]
		carer = carer || l.sets["carer"][who] || len(n.tokens) == 1 && l.sets["carer"][n.tokens[0]]
	}
	if course && slices.Contains(ti.tokens, "enrollment") && !l.anyOf("surepatient", ti.tokens) {
		ti.isPatient = false
	}
	ti.booked = l.sets["booking"][ti.head] && l.reachable(ti)
	// The client of a therapist is a patient; the client of a lawyer is not.
	if head := lastToken(ti.tokens); l.sets["client"][head] {
		ti.isPatient = ti.isPatient || carer || therapist && head != "customer"
		return
	}
	client, carer = client || customer && carer, carer || therapist && client
	ti.carer = client && carer && !ti.sureLink // else the client may be who pays, the user a clerk
	ti.link = ti.link || ti.carer
}

// listOfKeys reports whether a name is of several keys: patient_ids.
func listOfKeys(name string) bool {
	return strings.HasSuffix(name, "_ids") || strings.HasSuffix(name, "Ids")
}

// reachable reports whether a table has a person's name and how to reach the person.
func (l *Lexicon) reachable(ti *tableInfo) bool {
	named, reached := false, false
	for _, n := range ti.cols {
		if n.kind != "text" || len(n.tokens) == 0 || len(n.tokens) > 2 {
			continue
		}
		whole := strings.Join(n.tokens, "_")
		named = named || l.sets["ownname"][whole]
		reached = reached || l.sets["reach"][n.tokens[0]]
	}
	return named && reached
}

// ofPatient reports whether a name is one of a patient in so many words, in
// either order: patient_name, nama_pasien. A row that has it is about that patient.
func (l *Lexicon) ofPatient(t []string) bool {
	n := len(t)
	return n >= 2 && (l.sets["patientcol"][t[0]] && l.sets["personal"][t[n-1]] || l.sets["personal"][t[0]] && l.sets["patientcol"][t[n-1]])
}

// keyOf returns whom a key points at: client for client_id and id_client, and
// "" for a name that is no key.
func keyOf(l *Lexicon, t []string) string {
	switch {
	case len(t) < 2:
		return ""
	case l.sets["idhead"][t[len(t)-1]]:
		return t[len(t)-2]
	case l.sets["idhead"][t[0]]:
		return t[len(t)-1]
	}
	return ""
}

func (l *Lexicon) isLink(t []string, raw string, subjectType, clinical bool) bool {
	if len(t) == 0 {
		return false
	}
	last := t[len(t)-1]
	switch {
	case len(t) == 1 && (last == "patient" || last == "beneficiary" || last == "mrn" || last == "paciente" || last == "pasien"):
		return true
	case len(t) == 1 && last == "subject":
		return clinical && !subjectType
	case len(t) >= 2 && (l.sets["idhead"][last] || last == "no"):
		base := t[len(t)-2]
		return l.sets["link"][base] && !(base == "subject" && subjectType)
	case len(t) == 2 && l.sets["idhead"][t[0]] && l.sets["link"][last]: // id_paciente
		return true
	case len(t) == 2 && t[0] == "source" && last == "identifier":
		return true
	}
	return l.sets["fusedlink"][strings.ToLower(strings.ReplaceAll(raw, "_", ""))]
}

// settleTable combines name and links.
func (l *Lexicon) settleTable(ti *tableInfo) {
	if ti.reference {
		if !ti.link {
			ti.isPatient = false
		}
		for _, w := range []string{"definition", "concept", "template", "config", "type"} {
			if slices.Contains(ti.tokens, w) {
				ti.link = false
			}
		}
	}
	numeric := 0
	for _, n := range ti.cols {
		if n.kind == "num" {
			numeric++
		}
	}
	// Have: counts by facility and month look like this; a patient table has text.
	ti.aggregate = len(ti.cols) >= 8 && numeric*10 >= len(ti.cols)*7 && !ti.link
	if ti.aggregate {
		ti.isPatient = false
	}
	if ti.link && ti.workforce { // staff assigned to a patient: users.patient_id says nothing of the user
		ti.person = true
	}
	for _, n := range ti.cols { // a visit by any other name
		ti.clinical = ti.clinical || ti.carer || ti.link && n.kind == "text" && l.sets["clinicalcol"][lastToken(n.tokens)]
	}
	if l.measures(ti) {
		ti.readings, ti.clinical, ti.audit = true, true, false // a glucose_log is no log
	}
	if ti.sureLink && ti.technical && lastToken(ti.tokens) == "session" { // of a therapy, not of a login
		ti.technical, ti.clinical = false, ti.clinical || len(ti.tokens) == 1
	}
	ti.patient = ti.isPatient || ti.link && !ti.workforce
	switch {
	case ti.isPatient:
		ti.why = "patient table"
	case ti.patient:
		ti.why = "linked to a patient"
	case ti.org:
		ti.why = "organisation table"
	case ti.workforce:
		ti.why = "staff table"
	case ti.person:
		ti.why = "person table"
	}
}
