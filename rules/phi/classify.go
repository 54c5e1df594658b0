package phi

import (
	"sort"
	"strings"
)

// Classify judges every column of the tables together: tables give context to
// each other. Hints are other identifiers, comments and paths of the
// repository; they only help to decide whether this is about health at all.
func (l *Lexicon) Classify(tables []Table, hints []string) *Schema {
	infos := make([]*tableInfo, len(tables))
	seen := make(map[string][]string)
	for i := range tables {
		infos[i] = l.describe(&tables[i], seen)
		l.overrideTable(infos[i])
	}
	health := l.healthGate(infos, hints)
	l.propagate(l.newGraph(infos), health)
	s := &Schema{health: health}
	for _, ti := range infos {
		l.overrideContext(ti)
		s.tables = append(s.tables, l.classifyTable(ti))
	}
	sort.SliceStable(s.tables, func(i, j int) bool {
		a, b := s.tables[i], s.tables[j]
		if a.Schema != b.Schema {
			return a.Schema < b.Schema
		}
		return a.Name < b.Name
	})
	s.buildIndex()
	return s
}

func (l *Lexicon) classifyTable(ti *tableInfo) *TableClass {
	t := &TableClass{
		Schema: ti.table.Schema, Name: ti.table.Name, Patient: ti.patient && ti.health,
		Reference: ti.reference, Audit: ti.audit, Workforce: ti.workforce, Clinical: ti.clinical,
		Columns: make([]ColumnClass, len(ti.cols)),
	}
	for i, c := range ti.table.Columns {
		class := l.column(ti, i)
		t.Columns[i] = ColumnClass{Name: c.Name, Type: c.Type, Class: class}
		t.PHI = t.PHI || class.Tier == 3 || t.Patient && class.Tier == 2
	}
	return t
}

// column judges one column: what somebody declared first, then the lexicon.
func (l *Lexicon) column(ti *tableInfo, i int) Class {
	c := &ti.table.Columns[i]
	if class, ok := l.declared(ti, c); ok {
		return class
	}
	n := ti.cols[i]
	if len(n.tokens) == 0 {
		return Class{}
	}
	return l.judgeName(n, c.Name, &ti.context)
}

// judgeName judges a name in its context, without overrides.
func (l *Lexicon) judgeName(n name, raw string, c *context) Class {
	if l.isPatientKey(n, raw, c) {
		class := Class{Category: Link, Reason: "patient key" + inPlace(c)}
		if n.kind == "text" {
			class.Tier = 1
		}
		return class
	}
	best, f, ok := l.best(n, c)
	if best.tier < 2 && len(n.tokens) <= 2 && c.known {
		if b, from, better := l.qualified(n, c, best.tier); better {
			return l.classOf(b, from, n.kind, c)
		}
	}
	if ok {
		return l.classOf(best, n.tokens, n.kind, c)
	}
	return l.fallback(n, c, &f)
}

// classOf makes a class of a candidate. The date of a prescription is a date.
func (l *Lexicon) classOf(b candidate, tokens []string, kind string, c *context) Class {
	reason := "matched [" + strings.Join(tokens[b.from:b.to], " ") + "]" + inPlace(c)
	if b.prot {
		reason += ", protected form"
	}
	category, tier := b.rule.category, b.tier
	if kind == "date" && category.Letter() == "" && category != Sens {
		category, tier = Date, min(tier, 2)
	}
	return Class{Category: category, Letter: category.Letter(), Tier: tier, Protected: b.prot, Reason: reason}
}

func inPlace(c *context) string {
	switch {
	case c.where == "":
		return ""
	case c.why == "":
		return " in " + c.where
	}
	return " in " + c.where + " (" + c.why + ")"
}

// isPatientKey reports whether a name is the opaque key of a patient.
func (l *Lexicon) isPatientKey(n name, raw string, c *context) bool {
	t := n.tokens
	if n.kind == "bool" || n.kind == "date" || !c.health || len(t) == 0 {
		return false
	}
	if l.over.patientKeys[strings.ToLower(raw)] {
		return true
	}
	last := t[len(t)-1]
	switch {
	case len(t) == 1 && l.sets["idhead"][last] && last != "sk":
		return c.isPatient && l.sets["patient"][c.head] && !c.org
	case len(t) == 1 && (last == "patient" || last == "beneficiary" || last == "paciente" || last == "pasien"):
		return (c.known || n.kind == "text") && n.kind != "json" && n.kind != "other"
	case len(t) == 1 && last == "subject":
		return c.link && (n.kind == "num" || n.kind == "uuid")
	case len(t) >= 2 && len(t) <= 4 && l.sets["idhead"][last] && l.sets["patientkey"][t[len(t)-2]]:
		base := t[len(t)-2]
		if base == "bene" || base == "beneficiary" {
			return n.kind != "text" || n.fk // a beneficiary's id in text is a plan number
		}
		return base != "subject" && base != "person" || c.patient || c.clinical
	case len(t) == 2 && t[0] == "id" && l.sets["patientkey"][last]:
		return true
	}
	switch fused := strings.ToLower(strings.ReplaceAll(raw, "_", "")); fused {
	case "patid", "patientnum", "patientsk", "patientkey", "beneid", "hadmid", "patno", "patientno":
		return n.kind != "text" || fused == "patid"
	}
	return false
}

// qualified judges a column with the name of its table in front: number in
// patient_phone_numbers is a phone number, name in prescription_drugs a drug.
// It counts only where the column alone says nothing.
func (l *Lexicon) qualified(n name, c *context, tier int) (candidate, []string, bool) {
	if !c.patient || c.reference || c.technical || c.org || c.workforce {
		return candidate{}, nil, false
	}
	for _, w := range n.tokens {
		if !l.sets["generic"][w] {
			return candidate{}, nil, false
		}
	}
	own := c.tokens
	for len(own) > 0 && l.sets["patient"][own[0]] {
		own = own[1:]
	}
	for len(own) > 1 && l.sets["readinghead"][own[len(own)-1]] {
		own = own[:len(own)-1]
	}
	if len(own) == 0 || len(own) > 4 {
		return candidate{}, nil, false
	}
	tokens := append(append([]string(nil), own...), n.tokens...)
	inner := *c
	b, _, ok := l.best(name{tokens: tokens, kind: n.kind, fk: n.fk}, &inner)
	// Have: a match; it must reach the table's head noun, or it judges a modifier.
	if !ok || b.to < len(own) || b.tier <= tier {
		return candidate{}, nil, false
	}
	return b, tokens, true
}

// fallback judges what no rule knows in a table of patients: a date of care is
// an identifier (letter C), any other text is at least an attribute.
func (l *Lexicon) fallback(n name, c *context, f *facts) Class {
	if !c.patient || !c.health || c.reference && !c.link || c.technical || c.audit || f.idlike || f.stamp || f.boolPrefix || n.kind == "bool" {
		return Class{}
	}
	for _, w := range n.tokens {
		switch {
		case l.sets["actor"][w], w == "allow", w == "hipaa", w == "opt", w == "consent":
			return Class{}
		}
	}
	joined := strings.Join(n.tokens, " ")
	switch n.kind {
	case "date":
		for _, w := range n.tokens {
			if w == "device" || w == "sync" || w == "start" && !l.sets["booking"][c.head] || w == "batch" || w == "cert" || l.sets["stamp"][w] {
				return Class{Category: Date, Letter: "C", Tier: 1, Reason: "date [" + joined + "]" + inPlace(c)}
			}
		}
		tier := 1
		if c.clinical || c.isPatient || l.narrative(c) {
			tier = 2
		}
		return Class{Category: Date, Letter: "C", Tier: tier, Reason: "date [" + joined + "]" + inPlace(c)}
	case "bytes":
		if l.narrative(c) && !f.protected {
			return Class{Category: Note, Tier: 2, Reason: "text [" + joined + "]" + inPlace(c)}
		}
	case "text", "json":
		switch f.last {
		case "status", "type", "code", "version", "unit", "state", "country", "source", "model", "language", "locale":
			return Class{}
		}
		if l.narrative(c) && !f.protected && !l.sets["neghead"][f.last] && f.last != "metadata" && f.last != "confidence" {
			return Class{Category: Note, Tier: 2, Reason: "text [" + joined + "]" + inPlace(c)}
		}
		if !l.sets["neghead"][f.last] {
			return Class{Category: Attr, Tier: 1, Reason: "text [" + joined + "]" + inPlace(c)}
		}
	}
	return Class{}
}

// narrative reports whether the table holds findings in prose or one to a
// column, so that any text of it tells about a patient.
func (l *Lexicon) narrative(c *context) bool {
	if !c.known || l.sets["narrative"][c.head] {
		return c.known
	}
	return c.link && len(c.tokens) > 0 && l.sets["narrative"][c.tokens[0]]
}
