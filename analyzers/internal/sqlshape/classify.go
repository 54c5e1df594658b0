package sqlshape

import (
	"slices"
	"sort"
	"strings"

	"github.com/phivet/phivet/rules/phi"
)

// finish classifies every column that the text mentions and fills in the shape.
func (a *analysis) finish() {
	w := a.w
	w.jsonKeys()
	w.adhoc()
	for _, v := range w.order {
		u := w.uses[v]
		switch v.kind {
		case 'h':
			w.finishHole(v.n, u)
		case 'p':
			if v.n >= 0 && v.n < len(a.shape.Params) {
				p := &a.shape.Params[v.n]
				p.Role, p.Access = u.role, u.access
				p.ColumnRef = w.strongest(u.refs)
			}
		}
	}
	w.literals()
	w.touches()
	for i := range a.shape.Holes {
		if h := &a.shape.Holes[i]; h.Role == Unknown && a.f.parts[h.Part].Ident {
			h.Role = Identifier
		}
	}
}

// finishHole fills in what the walk recorded. A role that the place alone
// decided, such as that of a comment, stays.
func (w *walker) finishHole(n int, u *use) {
	h := w.a.holes[n]
	if h.Role == Unknown {
		h.Role = u.role
	}
	if h.Role == u.role {
		h.Access = u.access
		h.ColumnRef = w.strongest(u.refs)
	}
}

// adhoc classifies the tables that the schema does not know, or knows without
// a column that the text names, by what the text alone tells of them.
func (w *walker) adhoc() {
	byName := map[string]*phi.Table{}
	var names []string
	w.spelling = w.a.spelling()
	for _, r := range w.bases {
		if !w.needsAdhoc(r) {
			continue
		}
		key := r.schema + "." + r.table
		t := byName[key]
		if t == nil {
			t = &phi.Table{Schema: r.schema, Name: spelled(w.spelling, r.table)}
			byName[key] = t
			names = append(names, key)
		}
		for _, c := range r.sortedColumns() {
			addColumn(t, spelled(w.spelling, c.column))
			addColumn(t, c.key)
		}
	}
	if len(names) == 0 {
		return
	}
	tables := make([]phi.Table, 0, len(names))
	for _, n := range names {
		tables = append(tables, *byName[n])
	}
	hints := w.a.Hints
	if w.a.Schema != nil && w.a.Schema.Health() {
		hints = append(slices.Clip(hints), "phi")
	}
	s := w.a.Lexicon.Classify(tables, hints)
	w.guessed = map[string]*phi.TableClass{}
	for i, n := range names {
		w.guessed[n] = s.Table(tables[i].Schema, tables[i].Name)
	}
	for _, t := range s.Tables() {
		w.a.shape.PHITable = w.a.shape.PHITable || t.PHI
	}
}

// needsAdhoc reports whether names must stand in for the schema.
func (w *walker) needsAdhoc(r *rel) bool {
	if w.a.Schema == nil || r.table == "" {
		return r.table != "" || len(r.columns) > 0
	}
	t := w.a.Schema.Table(r.schema, r.table)
	if t == nil {
		return true
	}
	w.a.shape.PHITable = w.a.shape.PHITable || t.PHI
	for name, c := range r.columns { // any one will do: the order does not matter
		if _, ok := columnOf(t, name); !ok || c.key != "" {
			return true
		}
	}
	return false
}

// sortedColumns returns the columns in an order that does not change between
// runs: the lexicon looks at neighbours.
func (r *rel) sortedColumns() []*ref {
	out := make([]*ref, 0, len(r.columns))
	for _, c := range r.columns {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].column < out[j].column })
	return out
}

// addColumn adds a column to a table unless it is there.
func addColumn(t *phi.Table, name string) {
	if name == "" || name == someName {
		return
	}
	for _, c := range t.Columns {
		if c.Name == name {
			return
		}
	}
	t.Columns = append(t.Columns, phi.Column{Name: name})
}

// spelling returns how the text spells its names: the grammar folds them to
// lower case, and identityNumber is easier to read than identitynumber.
func (a *analysis) spelling() map[string]string {
	m := map[string]string{}
	for i := range a.toks {
		if t := &a.toks[i]; t.kind == kWord && len(t.holes) == 0 {
			s := a.f.text[t.start:t.end]
			if s != t.word && s != strings.ToUpper(s) {
				m[t.word] = s
			}
		}
	}
	return m
}

// spelled returns a name as the text spells it.
func spelled(m map[string]string, name string) string {
	if s := m[name]; s != "" {
		return s
	}
	return name
}

// columnOf finds a column as named, or in lower case.
func columnOf(t *phi.TableClass, name string) (phi.Class, bool) {
	if c, ok := t.Column(name); ok {
		return c, true
	}
	return t.Column(strings.ToLower(name))
}

// strongest returns the column with the highest class among the refs.
func (w *walker) strongest(refs []*ref) ColumnRef {
	var best ColumnRef
	for i, r := range refs {
		c := w.classify(r)
		if i == 0 || weight(c) > weight(best) {
			best = c
		}
	}
	return best
}

// weight ranks columns: what is reported is the one that matters most.
func weight(c ColumnRef) int {
	n := c.Class.Tier * 2
	if c.Key {
		n++
	}
	return n
}

// classify judges one column, once.
func (w *walker) classify(r *ref) ColumnRef {
	if r.class == nil {
		c := w.judge(r)
		r.class = &c
	}
	return *r.class
}

// judge classifies a column in each relation that it may belong to and takes
// the strongest: a finding too many can be settled by a qualifier.
func (w *walker) judge(r *ref) ColumnRef {
	var best ColumnRef
	for i, rl := range r.rels {
		c := ColumnRef{Schema: rl.schema, Table: rl.table, Column: r.column}
		if rl.pseudo && rl == w.strangers[rl.alias] && w.inSchema(rl) == nil && len(rl.alias) <= 3 {
			c.Table = "" // an alias whose table is not in the text
		}
		c.Class = w.class(rl, r)
		if c.Table == "" && r.key == "" {
			c.Schema, c.Table = w.onlyTable(r.column)
		}
		if r.key != "" {
			c.Column = r.column + "." + r.key
		} else {
			c.Key = w.isKey(c)
		}
		if i == 0 || weight(c) > weight(best) {
			best = c
		}
	}
	return best
}

// inSchema returns what the schema knows of a relation, or nil.
func (w *walker) inSchema(rl *rel) *phi.TableClass {
	if w.a.Schema == nil || rl.table == "" {
		return nil
	}
	return w.a.Schema.Table(rl.schema, rl.table)
}

// class asks the schema first, then the names in the text.
func (w *walker) class(rl *rel, r *ref) phi.Class {
	name := r.column
	if r.key != "" {
		name = r.key
	}
	if t := w.inSchema(rl); t != nil {
		if c, ok := columnOf(t, name); ok {
			return c
		}
	} else if w.a.Schema != nil && rl.pseudo {
		if c, ok := w.anywhere(name); ok {
			return c
		}
	}
	if t := w.guessed[rl.schema+"."+rl.table]; t != nil {
		if c, ok := t.Column(name); ok {
			return c
		}
		if c, ok := t.Column(spelled(w.spelling, name)); ok {
			return c
		}
	}
	return phi.Class{}
}

// anywhere judges a column whose table the text does not tell: it is what all
// tables of the schema that have it agree on.
func (w *walker) anywhere(name string) (phi.Class, bool) {
	var best phi.Class
	found := false
	for _, t := range w.a.Schema.Tables() {
		c, ok := columnOf(t, name)
		if !ok {
			continue
		}
		if !found || c.Tier < best.Tier {
			best = c
		}
		found = true
	}
	return best, found
}

// onlyTable returns the table of the schema that alone has a column.
func (w *walker) onlyTable(column string) (schema, table string) {
	if w.a.Schema == nil || column == "" {
		return "", ""
	}
	for _, t := range w.a.Schema.Tables() {
		if _, ok := columnOf(t, column); ok {
			if table != "" {
				return "", ""
			}
			schema, table = t.Schema, t.Name
		}
	}
	return schema, table
}

// isKey reports whether the column points at one patient.
func (w *walker) isKey(c ColumnRef) bool {
	if c.Class.Tier >= 2 {
		return false
	}
	name := strings.ToLower(c.Column)
	table := strings.ToLower(c.Table)
	if name == "id" || name == "uuid" || name == "guid" {
		return patientWord[table[strings.LastIndexAny(table, "._")+1:]]
	}
	for _, suffix := range []string{"_id", "id", "_uuid", "_key", "_fk"} {
		head, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		word := head[strings.LastIndexByte(head, '_')+1:]
		if patientWord[word] || c.Class.Category == phi.Link && (word == "person" || word == "subject") {
			return true
		}
	}
	return false
}

// jsonKeys gives a hole inside a JSON document the member that it is the value
// of: data @> '{"ssn":"<hole>"}'.
func (w *walker) jsonKeys() {
	for _, v := range w.order {
		u := w.uses[v]
		if v.kind != 'h' || !w.a.holes[v.n].InQuotes || len(u.refs) == 0 {
			continue
		}
		at := w.a.f.at[v.n]
		before := strings.TrimRight(w.a.f.text[max(0, at-80):at], " \"[")
		if !strings.HasSuffix(before, ":") {
			continue
		}
		before = strings.TrimRight(before, ": ")
		if !strings.HasSuffix(before, `"`) {
			continue
		}
		before = strings.TrimSuffix(before, `"`)
		key := before[strings.LastIndexByte(before, '"')+1:]
		refs := make([]*ref, 0, len(u.refs))
		for _, r := range u.refs {
			refs = append(refs, r.member(key))
		}
		u.refs = refs
	}
}

// literals reports the constants that are PHI by their column or their look.
func (w *walker) literals() {
	for i := range w.a.toks {
		t := &w.a.toks[i]
		if t.kind != kString && t.kind != kNumber || len(t.holes) > 0 {
			continue
		}
		l := Literal{Len: t.end - t.start, text: unquoted(w.a, t)}
		l.Part, l.Offset = w.a.f.locate(t.start)
		if trivial(l.text) || w.a.f.chosen(t.start, t.end) {
			continue
		}
		l.Len = min(l.Len, len(w.a.f.parts[l.Part].Text)-l.Offset) // it may go on in the next part
		if u := w.uses[value{'s', i}]; u != nil && u.role == Value {
			l.ColumnRef, l.Access = w.strongest(u.refs), u.access
		}
		if t.kind == kString || l.Class.Category != "" {
			if d := w.a.Lexicon.Detect(l.text, l.Class.Category); len(d) > 0 {
				l.Detection, l.Detected = d[0], true
			}
		}
		if !l.Class.PHI() && !l.Detected && !l.Key {
			continue
		}
		l.Placeholder = l.Detection.Placeholder || phi.Placeholder(l.text)
		w.a.shape.Literals = append(w.a.shape.Literals, l)
	}
}

// unquoted returns the text of a constant.
func unquoted(a *analysis, t *tok) string {
	if t.kind != kString || t.bodyStart > t.bodyEnd {
		return a.f.text[t.start:t.end]
	}
	return strings.ReplaceAll(a.f.text[t.bodyStart:t.bodyEnd], "''", "'")
}

// trivial constants tell nothing of anybody: ”, '%', 0, 'N/A'.
func trivial(s string) bool {
	alnum := 0
	for i := range len(s) {
		if c := s[i]; identStart(c) || digit(c) {
			alnum++
		}
	}
	if alnum < 2 {
		return true
	}
	if strings.Contains(s, "{{") || strings.Contains(s, "${") {
		return true // a template's hole
	}
	switch strings.ToLower(strings.Trim(s, " %")) {
	case "n/a", "na", "none", "null", "unknown", "true", "false", "yes", "no", "default", "empty", "other":
		return true
	}
	return false
}

// touches lists the PHI columns in the order of the text.
func (w *walker) touches() {
	index := map[string]int{}
	for _, r := range w.touched {
		c := w.classify(r)
		if !c.Class.PHI() {
			continue
		}
		key := c.Schema + "." + c.Qualified()
		if i, ok := index[key]; ok {
			w.a.shape.Touches[i].Access |= r.access
			continue
		}
		index[key] = len(w.a.shape.Touches)
		w.a.shape.Touches = append(w.a.shape.Touches, Touch{c, r.access})
	}
}
