package phi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// overrides are the user's settlements, keyed by folded name.
type overrides struct {
	health      string
	ignore      map[string]bool // table.column, column or word
	tables      map[string]Category
	columns     map[string]Category
	types       map[string]Category
	patientKeys map[string]bool
}

// none settles that a name is not PHI; asPatient that a table or type is a patient's.
const (
	none      Category = "none"
	asPatient Category = "patient"
)

func (l *Lexicon) setOverrides(cfg Config) error {
	switch cfg.Health {
	case "", "auto", "on", "off":
		l.over.health = cfg.Health
	default:
		return fmt.Errorf("health %q: use auto, on or off", cfg.Health)
	}
	l.over.ignore = fold(cfg.Ignore)
	l.over.patientKeys = fold(cfg.PatientKeys)
	for _, m := range []struct {
		what string
		from map[string]string
		to   *map[string]Category
	}{
		{"tables", cfg.Tables, &l.over.tables},
		{"columns", cfg.Columns, &l.over.columns},
		{"types", cfg.Types, &l.over.types},
	} {
		*m.to = make(map[string]Category, len(m.from))
		// In order, so that the same mistake is reported each time.
		for _, name := range slices.Sorted(maps.Keys(m.from)) {
			c, ok := parseCategory(m.from[name])
			if !ok && !(strings.EqualFold(m.from[name], string(asPatient)) && m.what != "columns") {
				return fmt.Errorf("%s %q: unknown category %q: use none, or one such as NAME, DATE, SSN, MRN, DX, NOTE", m.what, name, m.from[name])
			}
			if !ok {
				c = asPatient
			}
			(*m.to)[strings.ToLower(name)] = c
		}
	}
	return nil
}

func fold(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, x := range list {
		m[strings.ToLower(strings.TrimSpace(x))] = true
	}
	return m
}

// parseCategory reads a category as people write it: name, NAME, none or -.
func parseCategory(s string) (Category, bool) {
	s = strings.TrimSpace(s)
	if s == "-" || strings.EqualFold(s, "none") {
		return none, true
	}
	c := Category(strings.ToUpper(s))
	return c, c.Known()
}

// settled makes a class of a declared category.
func settled(c Category, by string) Class {
	switch c {
	case none:
		return Class{Reason: "declared not PHI by " + by}
	case Link:
		return Class{Category: Link, Reason: "declared by " + by}
	}
	return Class{Category: c, Letter: c.Letter(), Tier: tierOf(c), Reason: "declared " + string(c) + " by " + by}
}

// tierOf is the tier of a category that somebody declares by hand.
func tierOf(c Category) int {
	switch c {
	case SSN, MRN, Plan, Biometric, DX, RX, Lab, Allergy, Imm, Sens, Note:
		return 3
	}
	return 2
}

// declared looks for a settlement of one column: security label, comment, then
// configuration.
func (l *Lexicon) declared(ti *tableInfo, c *Column) (Class, bool) {
	if class, ok := fromLabel(c.Label); ok {
		// The label settles that it is sensitive; the lexicon may know what it is.
		if class.Category == Attr {
			if i := ti.indexOf(c); i >= 0 && len(ti.cols[i].tokens) > 0 {
				if known := l.judgeName(ti.cols[i], c.Name, &ti.context); known.Category != "" && known.Category != Link {
					class.Category, class.Letter = known.Category, known.Letter
					class.Tier = max(class.Tier, known.Tier)
				}
			}
		}
		return class, true
	}
	if class, ok := fromComment(c.Comment); ok {
		return class, true
	}
	if class, ok := fromComment(ti.table.Comment); ok && class.Category == "" {
		return class, true
	}
	if len(l.over.columns) == 0 && len(l.over.ignore) == 0 && len(l.over.tables) == 0 {
		return Class{}, false
	}
	col, table := strings.ToLower(c.Name), strings.ToLower(ti.table.Name)
	qualified := []string{strings.ToLower(ti.table.Schema) + "." + table + "." + col, table + "." + col, col}
	for _, q := range qualified {
		if cat, ok := l.over.columns[q]; ok {
			return settled(cat, "configuration"), true
		}
		if l.over.ignore[q] {
			return settled(none, "configuration"), true
		}
	}
	for _, t := range []string{strings.ToLower(ti.table.Schema) + "." + table, table} {
		if cat := l.over.tables[t]; cat != "" && cat != asPatient {
			return settled(cat, "configuration"), true
		}
	}
	for _, w := range l.tokenize(c.Name) {
		if l.over.ignore[w] {
			return settled(none, "configuration"), true
		}
	}
	return Class{}, false
}

func (ti *tableInfo) indexOf(c *Column) int {
	for i := range ti.table.Columns {
		if &ti.table.Columns[i] == c {
			return i
		}
	}
	return -1
}

// fromLabel reads a SECURITY LABEL: "MASKED WITH …" of the anonymizer declares
// a column sensitive; "phi:CATEGORY" and "phi:none" settle it.
func fromLabel(label string) (Class, bool) {
	text := strings.TrimSpace(label)
	upper := strings.ToUpper(text)
	switch {
	case text == "":
		return Class{}, false
	case strings.HasPrefix(upper, "MASKED WITH"), strings.HasPrefix(upper, "TABLESAMPLE"):
		return Class{Category: Attr, Tier: 2, Reason: "security label says masked"}, true
	case strings.HasPrefix(upper, "NOT MASKED"):
		return settled(none, "security label"), true
	}
	if word, ok := strings.CutPrefix(strings.ToLower(text), "phi:"); ok {
		text = word
	} else if strings.EqualFold(text, "phi") || strings.EqualFold(text, "ephi") {
		return Class{Category: Attr, Tier: 2, Reason: "declared PHI by security label"}, true
	}
	if c, ok := parseCategory(text); ok {
		return settled(c, "security label"), true
	}
	return Class{}, false
}

// fromComment reads "@phi:none" or "@phi:CATEGORY" inside a comment.
func fromComment(comment string) (Class, bool) {
	_, rest, ok := strings.Cut(comment, "@phi:")
	if !ok {
		return Class{}, false
	}
	end := 0
	for end < len(rest) && (isWordByte(rest[end]) || rest[end] == '-') {
		end++
	}
	c, ok := parseCategory(rest[:end])
	if !ok {
		return Class{}, false
	}
	return settled(c, "comment"), true
}

// overrideTable applies what settles a table before the graph spreads context.
func (l *Lexicon) overrideTable(ti *tableInfo) {
	for _, t := range []string{strings.ToLower(ti.table.Schema + "." + ti.table.Name), strings.ToLower(ti.table.Name)} {
		if l.over.tables[t] == asPatient {
			ti.isPatient, ti.patient, ti.org, ti.technical, ti.reference, ti.why = true, true, false, false, false, "declared patient table"
		}
	}
	for i := range ti.table.Columns {
		if l.over.patientKeys[strings.ToLower(ti.table.Columns[i].Name)] {
			ti.link, ti.patient, ti.why = true, true, "linked to a patient"
		}
	}
}

// overrideContext takes context away again where a table is declared clean.
func (l *Lexicon) overrideContext(ti *tableInfo) {
	for _, t := range []string{strings.ToLower(ti.table.Schema + "." + ti.table.Name), strings.ToLower(ti.table.Name)} {
		if l.over.tables[t] == none {
			ti.patient, ti.isPatient = false, false
		}
	}
}
