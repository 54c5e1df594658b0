package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Trigger is a trigger of a table.
type Trigger struct {
	Name     string
	Table    *Table
	Function Name
	Row      bool
	// Events are "INSERT" "UPDATE" "DELETE" "TRUNCATE".
	Events   []string
	Before   bool
	Disabled bool
	Made     Place
	Stmt     *Statement
}

// The bits of CreateTrigStmt, from PostgreSQL's pg_trigger.h.
const (
	triggerBefore   = 1 << 1
	triggerInsert   = 1 << 2
	triggerDelete   = 1 << 3
	triggerUpdate   = 1 << 4
	triggerTruncate = 1 << 5
)

func (c *Catalog) createTrigger(s *Statement, n *pgparse.CreateTrigStmt) {
	if n.Relation == nil {
		return
	}
	t := c.findOrGhost(n.Relation, s, false)
	if t == nil {
		return
	}
	f, _ := c.lookup(qualified(n.Funcname), func(q Name) bool { return len(c.functions[q]) > 0 })
	g := &Trigger{Name: n.Trigname, Table: t, Function: f, Row: n.Row, Before: n.Timing&triggerBefore != 0, Made: s.Head(), Stmt: s}
	for _, e := range []struct {
		bit  int32
		name string
	}{{triggerInsert, "INSERT"}, {triggerUpdate, "UPDATE"}, {triggerDelete, "DELETE"}, {triggerTruncate, "TRUNCATE"}} {
		if n.Events&e.bit != 0 {
			g.Events = append(g.Events, e.name)
		}
	}
	if n.Replace {
		t.dropTrigger(n.Trigname)
	}
	t.Triggers = append(t.Triggers, g)
}

// switchTriggers enables or disables the trigger of that name, or all for "".
func (t *Table) switchTriggers(name string, on bool) {
	for _, g := range t.Triggers {
		if name == "" || g.Name == name {
			g.Disabled = !on
		}
	}
}

func (t *Table) dropTrigger(name string) {
	t.Triggers = slices.DeleteFunc(t.Triggers, func(g *Trigger) bool { return g.Name == name })
}

// TriggerFunctions returns the functions that a trigger runs.
func (c *Catalog) TriggerFunctions(g *Trigger) []*Function { return c.functions[g.Function] }
