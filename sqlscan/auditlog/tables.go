package auditlog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/phi"
)

// A relation is a table or view as a statement names it.
type relation struct{ schema, name string }

// A column is what a literal meets: a name, and the relations of the statement
// that may have it. No name stands for a whole row.
type column struct {
	relations []relation
	name      string
}

func (c column) same(d column) bool {
	return c.name == d.name && slices.Equal(c.relations, d.relations)
}

// Bounds of what statements may add to what is classified.
const (
	maxTables  = 2_000
	maxColumns = 300
)

// tables knows the classes of columns: those of the project's schema, and for
// other tables those that their names and columns suggest.
type tables struct {
	project *phi.Schema
	lexicon *phi.Lexicon
	seen    map[relation][]string // columns of tables that the project lacks
	order   []relation
	guessed *phi.Schema // nil when seen has changed
}

func newTables(project *phi.Schema, l *phi.Lexicon) *tables {
	return &tables{project: project, lexicon: l, seen: map[relation][]string{}}
}

func (t *tables) known(r relation) *phi.TableClass {
	if t.project == nil {
		return nil
	}
	return t.project.Table(r.schema, r.name)
}

// see notes that statements name a column of a relation, or with "" only the
// relation.
func (t *tables) see(r relation, name string) {
	if t.known(r) != nil || ofServer(r) {
		return
	}
	names, ok := t.seen[r]
	if !ok {
		if len(t.seen) >= maxTables {
			return
		}
		t.order = append(t.order, r)
		t.seen[r], t.guessed = nil, nil
	}
	if name != "" && len(names) < maxColumns && !slices.Contains(names, name) {
		t.seen[r], t.guessed = append(names, name), nil
	}
}

// ofServer reports whether a relation is one of the server's own.
func ofServer(r relation) bool {
	return r.schema == "pg_catalog" || r.schema == "information_schema" || r.schema == "" && strings.HasPrefix(r.name, "pg_")
}

// guess classifies the tables that the project lacks, together, because tables
// give context to each other. In a project about health they are taken to be
// about it too.
func (t *tables) guess(r relation) *phi.TableClass {
	if t.guessed == nil {
		var all []phi.Table
		for _, r := range t.order {
			table := phi.Table{Schema: r.schema, Name: r.name}
			for _, c := range t.seen[r] {
				table.Columns = append(table.Columns, phi.Column{Name: c, Type: "text"})
			}
			all = append(all, table)
		}
		var hints []string
		if t.project != nil && t.project.Health() {
			hints = []string{"phi"}
		}
		t.guessed = t.lexicon.Classify(all, hints)
	}
	return t.guessed.Table(r.schema, r.name)
}

// stale reports whether a guess would have to be made again.
func (t *tables) stale() bool { return t.guessed == nil }

func (t *tables) class(r relation) *phi.TableClass {
	if c := t.known(r); c != nil {
		return c
	}
	return t.guess(r)
}

// resolve returns the class of a column and the table it stands in: the first
// one whose column of that name holds PHI, else the first that has it.
func (t *tables) resolve(c column) (table string, class phi.Class) {
	for _, r := range c.relations {
		of := t.class(r)
		if of == nil {
			continue
		}
		found, ok := of.Column(c.name)
		if ok && (table == "" || found.PHI() && !class.PHI()) {
			table, class = display(r), found
		}
	}
	return table, class
}

// sensitive returns the first of the relations that holds PHI.
func (t *tables) sensitive(relations []relation) (relation, *phi.TableClass) {
	for _, r := range relations {
		if c := t.class(r); c != nil && c.PHI {
			return r, c
		}
	}
	return relation{}, nil
}

// display is how a finding names a relation; public goes without saying.
func display(r relation) string {
	if r.schema == "" || r.schema == "public" {
		return r.name
	}
	return r.schema + "." + r.name
}

// relationOf reads "schema.name" or "name" of a message.
func relationOf(text string) relation {
	text = strings.ReplaceAll(text, `"`, "")
	if schema, name, ok := strings.Cut(text, "."); ok {
		return relation{schema, name}
	}
	return relation{name: text}
}
