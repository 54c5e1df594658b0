package phi

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// ClassifyValue judges a value of Go code by its name, type, struct tag and
// place. With a schema, a field of a struct that stands for a table gets the
// class of its column, and where the schema is not about health only national
// identity numbers count; s may be nil.
//
// A patient's key has category [Link] and tier 0 or 1.
func (l *Lexicon) ClassifyValue(v Value, s *Schema) Class {
	if v.Kind == "error" || v.Name == "" || v.Name == "_" {
		return Class{}
	}
	if class, ok := l.declaredValue(v); ok {
		return class
	}
	names := append([]string{trimGetter(v.Name)}, tagNames(v.Tag)...)
	c := l.valueContext(v, s)
	if t := tableOf(l, s, v.Owner); t != nil {
		for _, n := range names {
			if class, ok := columnOf(l, t, n); ok {
				return class
			}
		}
		c.patient, c.clinical, c.reference = t.Patient, t.Clinical, t.Reference
		c.workforce, c.audit = t.Workforce, t.Audit
	}
	var best Class
	for i, n := range names {
		class := l.judgeValue(n, v, c)
		if i == 0 || class.Tier > best.Tier || best.Category == "" {
			best = class
		}
	}
	return best
}

// judgeValue judges one of the names of a value.
func (l *Lexicon) judgeValue(ident string, v Value, c *context) Class {
	n := name{tokens: l.tokenize(ident), kind: valueKind(v.Kind)}
	if len(n.tokens) == 0 || l.sets["patientcol"][n.tokens[0]] && len(n.tokens) == 1 && n.kind == "other" {
		return Class{}
	}
	class := l.judgeName(n, ident, c)
	// Words that hold anything in a program hold nothing in particular.
	if w := n.tokens[0]; class.Tier >= 2 && len(n.tokens) == 1 {
		if l.sets["gogeneric"][w] || l.sets["gocare"][w] && !(c.known && c.clinical) {
			class.Tier = 1
		}
	}
	if c.known {
		return class
	}
	// Have: a lone variable. Its function's name is weak context, good for what
	// identifies a person and for names that say all themselves.
	ambiguous := len(n.tokens) == 1 && l.sets["ambiguous"][n.tokens[0]]
	switch class.Category {
	case Name, Geo, Phone:
		if ambiguous && !l.sets["patient"][c.head] { // only the package is about patients
			return Class{}
		}
	case Claim, Enc, Vital, Demo, Attr, Note, OtherID, URL:
		if class.Tier < 3 {
			return Class{}
		}
	case Date:
		if !strings.Contains(class.Reason, "birth") && class.Tier < 3 && !strings.Contains(class.Reason, "death") {
			return Class{}
		}
	case RX, Lab, Proc, DX:
		if class.Tier < 3 || ambiguous {
			return Class{}
		}
	}
	return class
}

// trimGetter removes Get from GetPhone, as generated protobuf code has it.
func trimGetter(s string) string {
	if rest, ok := strings.CutPrefix(s, "Get"); ok && rest != "" && isUpper(rest[0]) {
		return rest
	}
	return s
}

// declaredValue looks for a settlement: struct tag, then configuration.
func (l *Lexicon) declaredValue(v Value) (Class, bool) {
	if tag, ok := reflect.StructTag(v.Tag).Lookup("phi"); ok {
		word, _, _ := strings.Cut(tag, ",")
		if c, ok := parseCategory(word); ok {
			return settled(c, "struct tag"), true
		}
		// An unknown word still says that the field is PHI.
		return Class{Category: Attr, Tier: 2, Reason: "declared by struct tag"}, true
	}
	field, owner := strings.ToLower(v.Name), strings.ToLower(v.Owner)
	for _, q := range []string{owner + "." + field, field} {
		if c, ok := l.over.columns[q]; ok && v.Name != "" {
			return settled(c, "configuration"), true
		}
		if l.over.ignore[q] {
			return settled(none, "configuration"), true
		}
	}
	if c, ok := l.over.types[owner]; ok && owner != "" && c != asPatient {
		return settled(c, "configuration"), true
	}
	if len(l.over.ignore) > 0 {
		for _, w := range l.tokenize(v.Name) {
			if l.over.ignore[w] {
				return settled(none, "configuration"), true
			}
		}
	}
	return Class{}, false
}

// tagNames returns the names that a struct tag gives a field.
func tagNames(raw string) []string {
	if raw == "" {
		return nil
	}
	var out []string
	tag := reflect.StructTag(raw)
	for _, key := range [...]string{"db", "bun", "pg", "sql", "fhir", "json", "form", "query", "uri", "param"} {
		word, _, _ := strings.Cut(tag.Get(key), ",")
		if word != "" && word != "-" && !strings.ContainsAny(word, ":;") {
			out = append(out, word)
		}
	}
	for _, part := range strings.Split(tag.Get("gorm"), ";") {
		if k, col, ok := strings.Cut(part, ":"); ok && strings.EqualFold(strings.TrimSpace(k), "column") {
			out = append(out, strings.TrimSpace(col))
		}
	}
	return out
}

func valueKind(kind string) string {
	switch kind {
	case "string", "":
		return "text"
	case "int", "float":
		return "num"
	case "time":
		return "date"
	case "bool", "bytes", "uuid", "json":
		return kind
	}
	return "other"
}

// valueContext finds what the owner, its other fields and the scope say.
func (l *Lexicon) valueContext(v Value, s *Schema) *context {
	c := &context{health: l.over.health != "off"}
	if s != nil && l.over.health != "on" {
		c.health = c.health && s.Health()
	}
	if v.Owner != "" {
		l.ownerContext(c, v)
	}
	if c.workforce || c.org || c.technical || c.reference || c.person || c.patient {
		return c
	}
	l.scopeContext(c, v.Scope)
	return c
}

// Linked reports whether one of the fields ties a struct type of that name to
// a patient, which is context for all of them.
func (l *Lexicon) Linked(owner string, fields []string) bool {
	c := &context{}
	l.ownerContext(c, Value{Owner: owner, Fields: fields})
	return c.link
}

// linked reports whether the field of that name ties a struct to a patient, as
// far as the struct's own name allows it.
func (l *Lexicon) linked(c *context, field string) bool {
	t := l.tokenize(field)
	if len(t) == 0 || c.workforce || c.org || c.reference || c.technical {
		return false
	}
	return l.isLink(t, field, false, c.clinical) && !l.sets["typenoise"][t[0]] && t[0] != "subject" || l.isStrong(t)
}

// ownerContext reads the name and the fields of a struct like those of a table.
func (l *Lexicon) ownerContext(c *context, v Value) {
	tokens := l.tokenize(strings.Trim(v.Owner, "*[]"))
	technical := len(tokens) > 0 && l.sets["typetechnical"][tokens[len(tokens)-1]]
	for _, t := range tokens {
		if !l.sets["typenoise"][t] {
			c.tokens = append(c.tokens, t)
		}
	}
	// Request and Response say nothing about what a value in them is.
	c.known = len(c.tokens) > 0
	if !c.known {
		return
	}
	c.where = v.Owner
	l.describeName(c)
	if technical { // PatientService has a logger and a pool, no name
		c.technical, c.isPatient = true, false
		return
	}
	if v.Linked != nil {
		c.link = *v.Linked
	} else {
		c.link = l.linked(c, v.Name) || slices.ContainsFunc(v.Fields, func(f string) bool { return l.linked(c, f) })
	}
	c.patient = (c.isPatient || c.link) && !c.workforce
	if l.over.types[strings.ToLower(v.Owner)] == asPatient {
		c.patient, c.isPatient, c.org, c.technical = true, true, false, false
	}
	switch {
	case c.isPatient:
		c.why = "patient type"
	case c.patient:
		c.why = "linked to a patient"
	}
}

// scopeContext takes patient context from the enclosing function and package,
// unless they are about staff or an organisation too.
func (l *Lexicon) scopeContext(c *context, scope string) {
	found, head := false, ""
	idents := strings.FieldsFunc(scope, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	provides := len(idents) == 3 && l.providesPatients(l.tokenize(idents[1]))
	for i, ident := range idents {
		for _, t := range l.tokenize(ident) {
			switch {
			case t == "provider" && i < 2 && provides:
				continue
			case t == "pt" || t == "case" || t == "resident":
				continue
			case l.sets["workforce"][t] || l.sets["org"][t]:
				return
			case l.sets["patient"][t]:
				found = true
			}
			if i == 0 && !l.sets["typenoise"][t] && !l.sets["idhead"][t] && t != "read" && t != "delete" && t != "remove" {
				head = t
			}
		}
	}
	if !found {
		return
	}
	c.patient, c.isPatient, c.head = true, true, head
	if !c.known {
		c.where, c.why = "scope", "of a patient function"
	}
}

// providesPatients reports whether a type is called what provides patients, as
// PatientProvider is: no provider of care.
func (l *Lexicon) providesPatients(tokens []string) bool {
	at := slices.Index(tokens, "provider")
	return at > 0 && l.sets["patient"][tokens[at-1]]
}

// tableOf finds the table that a struct type stands for: PatientModel and
// CreatePatientParams stand for patients.
func tableOf(l *Lexicon, s *Schema, owner string) *TableClass {
	if s == nil || owner == "" {
		return nil
	}
	tokens := l.tokenize(strings.Trim(owner, "*[]"))
	if t := s.byWords(strings.Join(tokens, " ")); t != nil {
		return t
	}
	var kept []string
	for _, t := range tokens {
		if !l.sets["typenoise"][t] {
			kept = append(kept, t)
		}
	}
	return s.byWords(strings.Join(kept, " "))
}

// columnOf finds the column that a field stands for.
func columnOf(l *Lexicon, t *TableClass, field string) (Class, bool) {
	if class, ok := t.Column(field); ok {
		return class, true
	}
	want := strings.Join(l.tokenize(field), " ")
	for i := range t.Columns {
		if strings.Join(l.tokenize(t.Columns[i].Name), " ") == want {
			return t.Columns[i].Class, true
		}
	}
	return Class{}, false
}

// ClassifyType judges a struct type: the class of the strongest of its fields,
// which says PHI if any field is; s may be nil.
func (l *Lexicon) ClassifyType(name string, fields []Value, s *Schema) Class {
	if c, ok := l.over.types[strings.ToLower(name)]; ok && c != asPatient {
		return settled(c, "configuration")
	}
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.Name
	}
	linked := sync.OnceValue(func() bool { return l.Linked(name, all) })
	var best Class
	for _, f := range fields {
		if f.Owner == "" {
			f.Owner = name
		}
		switch {
		case f.Fields != nil || f.Linked != nil:
		case f.Owner == name:
			is := linked()
			f.Linked = &is
		default:
			f.Fields = all
		}
		if class := l.ClassifyValue(f, s); class.Tier > best.Tier || best.Category == "" {
			best = class
		}
	}
	return best
}
