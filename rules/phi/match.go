package phi

import "strings"

// A context is what is known about the place of a name.
type context struct {
	patient   bool // rows, fields or the function belong to a patient
	isPatient bool // rows are patients
	link      bool // a key of a patient or an encounter is there
	person    bool
	org       bool
	reference bool
	technical bool
	audit     bool
	workforce bool
	clinical  bool
	billing   bool
	aggregate bool
	undrugged bool // a table that names no medication
	known     bool // a table or struct, as opposed to a lone Go name
	health    bool
	head      string
	tokens    []string
	where     string // for reasons: "patients"
	why       string // for reasons: "patient table"
}

// A name is a tokenised name with its type.
type name struct {
	tokens []string
	kind   string // bool num date uuid bytes json inet text enum other
	fk     bool   // a foreign key says that it points elsewhere
}

// A candidate is a rule that survived every filter.
type candidate struct {
	rule     *rule
	from, to int
	tier     int
	prot     bool
}

// facts are the properties of a name that several filters ask for.
type facts struct {
	last               string
	idlike, boolPrefix bool
	idLast             bool // the key word is the last one: address_id, not id_address
	protected          bool
	patientWord        bool // the name itself says patient
	orgWord            bool // the name itself says organisation or staff
	personWord         bool
	coded              bool // OMOP: condition_concept_id
	stamp              bool // created_at
	patient, anyone    bool // context of table and name together
}

func (l *Lexicon) facts(n name, c *context) facts {
	t := n.tokens
	f := facts{last: t[len(t)-1]}
	f.idLast = l.sets["idhead"][f.last]
	f.idlike = f.idLast || len(t) > 1 && (t[0] == "id" || t[0] == "fk" || t[0] == "pk")
	f.boolPrefix = l.sets["bool"][t[0]] && len(t) > 1
	for i, w := range t {
		isHead := i == len(t)-1
		f.protected = f.protected || l.sets["protected"][w]
		f.patientWord = f.patientWord || l.sets["patientcol"][w] || w == "pt" && i == 0 && !isHead
		f.orgWord = f.orgWord || !isHead && l.sets["org"][w]
		f.personWord = f.personWord || !isHead && l.sets["personprefix"][w] || l.sets["patientprefix"][w]
		// Who is called or written to by a health service is a patient.
		f.patientWord = f.patientWord || c.health && !c.org && !isHead && l.sets["recipient"][w]
	}
	f.orgWord = f.orgWord && !f.patientWord
	f.coded = f.idlike && len(t) >= 2 && t[len(t)-2] == "concept"
	f.stamp = l.isStamp(t) && (n.kind == "date" || f.last == "at" || f.last == "on" || f.last == "by" || f.last == "date" || f.last == "time" || f.last == "dt")
	f.patient = c.patient || f.patientWord && !c.aggregate
	f.anyone = f.patient || c.person || f.personWord
	return f
}

// isStamp reports whether the tokens name when the record was touched.
func (l *Lexicon) isStamp(t []string) bool {
	for len(t) > 1 && l.sets["stampfirst"][t[0]] {
		if t[0] == "last" && (t[1] == "seen" || t[1] == "login" || t[1] == "used" || t[1] == "run") {
			return true
		}
		t = t[1:]
	}
	return l.sets["stamp"][t[0]]
}

// best returns the strongest candidate of a name, and whether there is one.
func (l *Lexicon) best(n name, c *context) (candidate, facts, bool) {
	f := l.facts(n, c)
	var found []candidate
	joined := strings.Join(n.tokens, " ")
	at := make([]int, len(n.tokens)+1) // byte offsets of the tokens in joined
	for i, t := range n.tokens {
		at[i+1] = at[i] + len(t) + 1
	}
	for i := range n.tokens {
		for j := min(len(n.tokens), i+l.longest); j > i; j-- {
			for no := l.index[joined[at[i]:at[j]-1]]; no > 0; no = l.entries[no-1].next {
				e := &l.entries[no-1]
				if e.first && i > 0 || e.last && j < len(n.tokens) {
					continue
				}
				if tier, ok := l.judge(e.rule, n, i, j, c, &f); ok {
					found = append(found, candidate{e.rule, i, j, tier, f.protected})
				}
			}
		}
	}
	best, ok := candidate{}, false
	for _, x := range found {
		if contained(x, found) {
			continue
		}
		if !ok || x.tier > best.tier || x.tier == best.tier && x.to-x.from > best.to-best.from {
			best, ok = x, true
		}
	}
	return best, f, ok && best.tier > 0
}

// contained reports whether a longer candidate covers x: insurance claim
// number is a claim number, whatever insurance alone would be.
func contained(x candidate, all []candidate) bool {
	for _, y := range all {
		if y.from <= x.from && y.to >= x.to && y.to-y.from > x.to-x.from && y.tier >= min(x.tier, 2) {
			return true
		}
	}
	return false
}

// judge applies the filters of head noun, type and context to one match of r
// at tokens[i:j] and returns the tier that is left.
func (l *Lexicon) judge(r *rule, n name, i, j int, c *context, f *facts) (int, bool) {
	if !typeFits(r.types, n.kind) || !canHold(r.category, n) || f.boolPrefix && r.category != Sens && r.category != DX {
		return 0, false
	}
	for _, w := range n.tokens[:i] {
		if r.before[w] {
			return 0, false
		}
	}
	tier, ok := l.afterMatch(r, n, j, f)
	if !ok {
		return 0, false
	}
	if !l.inContext(r, c, f) {
		return 0, false
	}
	if f.protected || n.kind == "bytes" && r.category != Photo && r.category != Biometric && r.category != Note {
		tier = min(tier, 1)
	}
	if r.category == Biometric && c.technical && !f.patient { // the fingerprint of a key
		return 0, false
	}
	if r.id == "RX.CTX" && c.undrugged {
		return 0, false
	}
	if r.category == Date && f.stamp && r.id != "DATE.DOB" {
		return 0, false
	}
	if c.audit && tier < 3 && !f.patientWord && r.id != "NOTE.TRAIL" {
		return 0, false
	}
	switch r.context {
	case "patient", "patientish", "clin":
		if l.sets["actor"][f.last] {
			return 0, false
		}
	case "person", "person!", "personbare":
		if !f.patient {
			tier = min(tier, 1)
		}
		if c.org && !c.patient && r.context == "person!" {
			tier--
		}
	}
	if !c.health && r.context != "always" {
		return 0, false
	}
	// A health service's staff are people too, but not its patients.
	if c.health && c.workforce && !c.patient && !f.patientWord {
		tier = min(tier, 1)
	}
	return tier, tier > 0
}

// afterMatch judges the tokens behind a match: English compounds end in what
// they are, so email_template is a template.
func (l *Lexicon) afterMatch(r *rule, n name, j int, f *facts) (int, bool) {
	tier, rest := r.tier, n.tokens[j:]
	switch {
	case f.coded:
		for _, w := range n.tokens {
			switch w {
			case "type", "unit", "field", "domain", "class":
				return 0, false
			}
		}
		if j < len(n.tokens)-1 {
			return 0, false
		}
		return min(tier, 1), true
	case f.idlike && n.kind == "uuid", f.idlike && n.fk:
		return 0, false
	case f.idlike && (j < len(n.tokens) || !f.idLast) && !isIdentifier(r.category):
		return 0, false
	case f.idlike && n.kind == "num" && n.tokens[0] == "id" && r.category == License: // id_card_patient is the key of cards
		return 0, false
	case f.idlike && n.kind == "num" && (r.category == Plan || r.category == MRN) && r.id != "MRN":
		return 0, false
	}
	lower := false
	for _, w := range rest {
		if r.after[w] || l.sets["neghead"][w] {
			return 0, false
		}
		lower = lower || !l.sets["benign"][w] && !l.sets["protected"][w] && !l.sets["patientcol"][w] // nome_paziente: whose it is
	}
	if lower {
		tier--
	}
	return tier, true
}

// isIdentifier reports whether a name of this category may end in "id" and
// still hold the value itself.
func isIdentifier(c Category) bool {
	switch c {
	case SSN, MRN, Plan, OtherID, Device, License, Account:
		return true
	}
	return false
}

// isPersonal reports whether a category is about one person: doctor_iin in a
// table of patients is the doctor's.
func isPersonal(c Category) bool {
	return c == SSN || c == Name || c == Phone || c == Email
}

// inContext reports whether the place satisfies the rule's context.
func (l *Lexicon) inContext(r *rule, c *context, f *facts) bool {
	orgOnly := c.org && !c.patient
	switch r.context {
	case "always":
		return true
	case "any":
		return !c.aggregate && !(orgOnly && !f.patientWord) && !(c.reference && !c.link) && !(f.orgWord && isPersonal(r.category))
	case "person":
		return f.anyone && !f.orgWord && !orgOnly
	case "person!":
		return !f.orgWord && !c.reference && !orgOnly && !(c.technical && !f.anyone)
	case "personbare":
		return !c.org && !f.orgWord && (c.isPatient || c.person && !c.technical)
	case "patient":
		return f.patient && !(c.reference && !c.link) && !(f.orgWord && isPersonal(r.category))
	case "bill":
		return f.patient && c.patient && c.billing
	case "clin":
		return c.patient && c.clinical && !c.reference && !c.billing
	case "patientish":
		return f.patient && !(c.reference && !c.link)
	}
	return false
}

// canHold reports whether the name's type can hold what the category says: a
// timestamp is nobody's name, whatever it is called, and no label of an enum is
// an address. A number or a UUID that refers to a row of names is a key.
func canHold(c Category, n name) bool {
	switch c {
	case Name, Geo, Phone, Fax, Email, URL, Photo:
		return n.kind != "date" && n.kind != "enum" && n.kind != "uuid" && !(n.fk && n.kind == "num")
	case SSN, MRN, Plan, Account, License, Vehicle, Device, OtherID:
		return n.kind != "date" && n.kind != "enum"
	case Note:
		return n.kind != "enum"
	case Vital: // the temperature of a lead is hot or cold; a blood type is two words
		return n.kind != "enum" || len(n.tokens) > 1
	}
	return true
}

func typeFits(types, kind string) bool {
	switch types {
	case "!bool":
		return kind != "bool"
	case "text":
		return kind == "text" || kind == "json" || kind == "bytes" || kind == "enum" || kind == "other"
	case "num":
		return kind == "num" || kind == "text"
	case "date":
		return kind == "date"
	case "json":
		return kind == "json"
	}
	return true
}
