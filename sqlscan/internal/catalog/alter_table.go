package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

func (c *Catalog) alterTable(s *Statement, n *pgparse.AlterTableStmt) {
	if n.Relation == nil || n.Objtype == pgparse.ObjectType_OBJECT_INDEX {
		return
	}
	t := c.findOrGhost(n.Relation, s, n.MissingOk || n.Objtype != pgparse.ObjectType_OBJECT_TABLE)
	if t == nil {
		return
	}
	for _, cmd := range n.Cmds {
		if a := cmd.GetAlterTableCmd(); a != nil {
			c.alterTableCommand(t, a, s)
		}
	}
}

func (c *Catalog) alterTableCommand(t *Table, a *pgparse.AlterTableCmd, s *Statement) {
	at := s.Head()
	switch a.Subtype {
	case pgparse.AlterTableType_AT_EnableRowSecurity:
		t.RowSecurity.set(true, at)
	case pgparse.AlterTableType_AT_DisableRowSecurity:
		t.RowSecurity.set(false, at)
	case pgparse.AlterTableType_AT_ForceRowSecurity:
		t.ForceRLS.set(true, at)
	case pgparse.AlterTableType_AT_NoForceRowSecurity:
		t.ForceRLS.set(false, at)
	case pgparse.AlterTableType_AT_ChangeOwner:
		c.changeOwner(t, c.roleName(a.Newowner))
	case pgparse.AlterTableType_AT_SetRelOptions, pgparse.AlterTableType_AT_ReplaceRelOptions:
		t.setOptions(a.Def, false)
	case pgparse.AlterTableType_AT_ResetRelOptions:
		t.setOptions(a.Def, true)
	case pgparse.AlterTableType_AT_SetTableSpace:
		t.Tablespace = a.Name
	case pgparse.AlterTableType_AT_AttachPartition:
		if child := c.findOrGhost(a.Def.GetPartitionCmd().GetName(), s, false); child != nil {
			c.inherit(child, t, true, s)
		}
	case pgparse.AlterTableType_AT_DetachPartition:
		c.disinherit(c.find(rangeName(a.Def.GetPartitionCmd().GetName())), t)
	case pgparse.AlterTableType_AT_AddInherit:
		if parent := c.findOrGhost(a.Def.GetRangeVar(), s, false); parent != nil {
			c.inherit(t, parent, false, s)
		}
	case pgparse.AlterTableType_AT_DropInherit:
		c.disinherit(t, c.find(rangeName(a.Def.GetRangeVar())))
	case pgparse.AlterTableType_AT_EnableTrig, pgparse.AlterTableType_AT_EnableAlwaysTrig, pgparse.AlterTableType_AT_EnableReplicaTrig:
		t.switchTriggers(a.Name, true)
	case pgparse.AlterTableType_AT_DisableTrig:
		t.switchTriggers(a.Name, false)
	case pgparse.AlterTableType_AT_EnableTrigAll, pgparse.AlterTableType_AT_EnableTrigUser:
		t.switchTriggers("", true)
	case pgparse.AlterTableType_AT_DisableTrigAll, pgparse.AlterTableType_AT_DisableTrigUser:
		t.switchTriggers("", false)
	default:
		c.alterColumn(t, a, s)
	}
}

// alterColumn handles the commands on columns and constraints.
func (c *Catalog) alterColumn(t *Table, a *pgparse.AlterTableCmd, s *Statement) {
	switch a.Subtype {
	case pgparse.AlterTableType_AT_AddColumn:
		d := a.Def.GetColumnDef()
		if old := t.Column(d.GetColname()); old != nil && !old.Inherited {
			return // IF NOT EXISTS, or an error
		}
		c.addColumn(t, d, s)
	case pgparse.AlterTableType_AT_DropColumn:
		if a.Behavior == pgparse.DropBehavior_DROP_CASCADE {
			c.dropDependents(t, a.Name)
		}
		t.dropColumn(a.Name)
		c.dropSequencesOf(t, a.Name)
	case pgparse.AlterTableType_AT_AddConstraint:
		c.addConstraint(t, a.Def.GetConstraint(), s)
	case pgparse.AlterTableType_AT_DropConstraint:
		t.Constraints = slices.DeleteFunc(t.Constraints, func(k *Constraint) bool { return k.name(t) == a.Name })
	case pgparse.AlterTableType_AT_AlterColumnType:
		typ, _ := c.typeText(a.Def.GetColumnDef().GetTypeName())
		t.eachColumn(a.Name, func(col *Column) { col.Type, col.TypeSet = typ, s.Head() })
	case pgparse.AlterTableType_AT_ColumnDefault:
		t.eachColumn(a.Name, func(col *Column) { col.Default = a.Def })
	case pgparse.AlterTableType_AT_SetNotNull:
		t.eachColumn(a.Name, func(col *Column) { col.NotNull = true })
	case pgparse.AlterTableType_AT_DropNotNull:
		t.eachColumn(a.Name, func(col *Column) { col.NotNull = false })
	case pgparse.AlterTableType_AT_DropIdentity:
		c.dropSequencesOf(t, a.Name)
		if col := t.Column(a.Name); col != nil {
			col.Identity = false
		}
	case pgparse.AlterTableType_AT_AddIdentity:
		if col := t.Column(a.Name); col != nil {
			col.Identity = true
			c.ownSequence(t, a.Name, s)
		}
	}
}

// dropDependents removes the views and policies that name a column.
func (c *Catalog) dropDependents(t *Table, column string) {
	for _, v := range slices.Clone(t.usedBy) {
		if c.tables[v.Name] == v && v.IsView() && slices.Contains(v.Reads, t) && (v.shows(t, column) || slices.Contains(columnsIn(v.Query), column)) {
			c.dropTable(v, true)
		}
	}
	t.keepPolicies(func(p *Policy) bool {
		return !slices.Contains(columnsIn(p.Using), column) && !slices.Contains(columnsIn(p.WithCheck), column)
	})
}

// shows reports whether a view has a column of t in its output, as by a star.
func (t *Table) shows(source *Table, column string) bool {
	return slices.ContainsFunc(t.Output, func(o OutputColumn) bool {
		return slices.Contains(o.From, ColumnSource{source, column})
	})
}

// eachColumn calls f for the column and for the copies that children inherit.
func (t *Table) eachColumn(name string, f func(*Column)) {
	for _, x := range t.family() {
		if col := x.Column(name); col != nil {
			f(col)
		}
	}
}

func (c *Catalog) disinherit(child, parent *Table) {
	if child == nil || parent == nil {
		return
	}
	child.Parents = slices.DeleteFunc(child.Parents, func(x *Table) bool { return x == parent })
	parent.Children = slices.DeleteFunc(parent.Children, func(x *Table) bool { return x == child })
	child.Partition = false
	for _, col := range child.Columns {
		col.Inherited = false
	}
}

func (t *Table) setOptions(def *pgparse.Node, reset bool) {
	for _, item := range def.GetList().GetItems() {
		d := item.GetDefElem()
		if d == nil {
			continue
		}
		name := strings.ToLower(d.Defname)
		if reset {
			delete(t.Options, name)
			continue
		}
		if t.Options == nil {
			t.Options = map[string]string{}
		}
		t.Options[name] = optionText(d)
	}
}

// name returns the constraint's name, or the one that PostgreSQL would choose.
func (k *Constraint) name(t *Table) string {
	if k.Name != "" {
		return k.Name
	}
	table, columns := t.Name.Name, strings.Join(k.Columns, "_")
	switch k.Kind {
	case Primary:
		return table + "_pkey"
	case Unique:
		return table + "_" + columns + "_key"
	case ForeignK:
		return table + "_" + columns + "_fkey"
	case Exclusion:
		return table + "_" + columns + "_excl"
	}
	if len(k.Columns) == 1 {
		return table + "_" + columns + "_check"
	}
	return table + "_check"
}
