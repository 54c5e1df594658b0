package sqlscan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan/checks"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/source"
)

// A NewFile is a file of a proposed migration, or a list of checksums that has
// to change with it: then Former is what the file holds now.
type NewFile = source.NewFile

// An Open finding is one that Repair can not settle.
type Open struct {
	Finding finding.Finding
	Reason  string
}

// A Repairs is what [Repair] proposes.
type Repairs struct {
	Files []NewFile         // sorted by path
	Fixed []finding.Finding // what they settle
	Open  []Open
}

// repairable are the rules on row security whose repair is the same for every
// table. What a policy has to say is not among it.
var repairable = []string{"PHI501", "PHI502", "PHI503", "PHI505"}

// Repairable reports whether a new migration can settle findings of a rule.
func Repairable(id string) bool { return slices.Contains(repairable, id) }

// migrationName is the word in the names of the files that Repair proposes.
const migrationName = "row_level_security"

// Repair works out migrations that settle those of the findings that are about
// row security being off or not forced: one new migration a history, in its
// tool's own naming, behind all that the history has. The options are those of
// the scan that gave the findings. Nothing is written.
//
// The migrations close tables and open none: a table that has no policy gets
// one that lets nothing through until somebody edits it.
func Repair(ctx context.Context, o Options, findings []finding.Finding) (*Repairs, error) {
	wanted := slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return !Repairable(f.Rule.ID) })
	r := &Repairs{}
	if len(wanted) == 0 {
		return r, nil
	}
	s, err := read(ctx, o)
	if err != nil {
		return nil, err
	}
	project := classify(s.histories, s.lexicon)
	settled := map[int]bool{}
	for _, h := range s.histories {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m := &migration{h: h, pass: s.pass(h, project), todo: map[*catalog.Table]*work{}}
		r.add(o.Root, m, wanted, settled)
	}
	for i := range wanted {
		if !settled[i] {
			r.Open = append(r.Open, Open{wanted[i], "no migration history has it"})
		}
	}
	slices.SortFunc(r.Files, func(a, b NewFile) int { return strings.Compare(a.Path, b.Path) })
	finding.Sort(r.Fixed)
	return r, nil
}

// add works out the migration of one history.
func (r *Repairs) add(root string, m *migration, wanted []finding.Finding, settled map[int]bool) {
	own := m.pass.Run()
	tables := map[string]*catalog.Table{}
	for _, t := range m.pass.Tables() {
		tables[t.Name.Full()] = t
	}
	var fixed []finding.Finding
	for i, f := range wanted {
		if settled[i] || !slices.ContainsFunc(own, func(x finding.Finding) bool {
			return x.Rule == f.Rule && x.Span == f.Span && x.Message == f.Message
		}) {
			continue
		}
		settled[i] = true
		t := tables[f.Object]
		if t == nil {
			r.Open = append(r.Open, Open{f, "its name carries a value that phivet does not write"})
		} else if reason := m.refuse(t); reason != "" {
			r.Open = append(r.Open, Open{f, reason})
		} else {
			m.plan(f.Rule.ID, t)
			fixed = append(fixed, f)
		}
	}
	if len(fixed) == 0 {
		return
	}
	files, err := m.h.source.Next(root, migrationName, m.up(), m.down())
	if err != nil {
		for _, f := range fixed {
			r.Open = append(r.Open, Open{f, err.Error()})
		}
		return
	}
	r.Files = append(r.Files, files...)
	r.Fixed = append(r.Fixed, fixed...)
}

// A migration is one that is worked out.
type migration struct {
	h    *history
	pass *checks.Pass
	todo map[*catalog.Table]*work
}

// work is what a table needs.
type work struct{ enable, force, policy bool }

// refuse says why nothing can be done about a table, or "".
func (m *migration) refuse(t *catalog.Table) string {
	made := t.Made
	if t.Ghost || t.RowSecurity.Set.Known() && !m.h.source.Owns(t.RowSecurity.Set.File) {
		made = t.RowSecurity.Set
	}
	for _, name := range []string{t.Name.Schema, t.Name.Name} {
		if _, value := m.pass.Lexicon.DetectName(name); value || strings.ContainsFunc(name, unprintable) {
			return "its name carries a value that phivet does not write"
		}
	}
	switch {
	case m.pass.Templated(t.Made):
		return "its name is put in by a template"
	case !m.h.source.Owns(made.File):
		if _, err := m.h.source.Next("", "", "", ""); err != nil {
			return err.Error() // the tool's reason says more
		}
		return "it is made in " + made.File + ", which runs outside of the migrations"
	}
	return ""
}

func unprintable(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }

// plan notes what settles a finding.
func (m *migration) plan(id string, t *catalog.Table) {
	w := m.todo[t]
	if w == nil {
		w = &work{}
		m.todo[t] = w
	}
	switch id {
	case "PHI501", "PHI503":
		w.enable, w.force = true, w.force || !t.ForceRLS.On
		w.policy = w.policy || len(t.Policies) == 0
	case "PHI502":
		w.force = true
	case "PHI505":
		w.policy = true
	}
}

// tables returns the tables to work on, by name.
func (m *migration) tables() []*catalog.Table {
	var out []*catalog.Table
	for t := range m.todo {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *catalog.Table) int { return strings.Compare(a.Name.Full(), b.Name.Full()) })
	return out
}

const repairHeader = `-- Row level security for tables that hold PHI, written by phivet check --fix.
-- Read it before it runs: superusers and roles with BYPASSRLS excepted, every role, the
-- owner of a table too, will see what a policy lets through and nothing else.
`

const repairPolicies = `-- A policy below lets nothing through. Replace its false by the condition under which a
-- session may see a row, and name the roles that it is for, before the application needs it.
`

// up returns the way up.
func (m *migration) up() string {
	var b strings.Builder
	b.WriteString(repairHeader)
	for _, w := range m.todo {
		if w.policy {
			b.WriteString(repairPolicies)
			break
		}
	}
	for _, t := range m.tables() {
		w, name := m.todo[t], m.name(t)
		b.WriteString("\n")
		if w.enable {
			fmt.Fprintf(&b, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;\n", name)
		}
		if w.force {
			fmt.Fprintf(&b, "ALTER TABLE %s FORCE ROW LEVEL SECURITY;\n", name)
		}
		if w.policy {
			if e := m.example(t); e != "" {
				fmt.Fprintf(&b, "-- such as: USING (%s)\n", e)
			}
			fmt.Fprintf(&b, "CREATE POLICY phi_access ON %s%s USING (false) WITH CHECK (false);\n", name, roles(t))
		}
	}
	return b.String()
}

// down returns the way down: what up did, backwards.
func (m *migration) down() string {
	var b strings.Builder
	list := m.tables()
	slices.Reverse(list)
	for _, t := range list {
		w, name := m.todo[t], m.name(t)
		if w.policy {
			fmt.Fprintf(&b, "DROP POLICY IF EXISTS phi_access ON %s;\n", name)
		}
		if w.force {
			fmt.Fprintf(&b, "ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;\n", name)
		}
		if w.enable {
			fmt.Fprintf(&b, "ALTER TABLE %s DISABLE ROW LEVEL SECURITY;\n", name)
		}
	}
	return b.String()
}

// name writes a table's name as its migration does: where that leaves public
// out, a tool may have put another schema first in the search path.
func (m *migration) name(t *catalog.Table) string {
	f := m.h.files[t.Made.File]
	qualified := f != nil && strings.ContainsRune(string(f.SQL[t.Made.Start:t.Made.End]), '.')
	return qualify(t.Name, t.Name.Schema != "public" || qualified && !t.Ghost)
}
