package taint

import (
	"go/types"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"
)

// chainTable finds the table that a builder's condition is for: the type that
// another call of the same chain reads into, or names as its model.
func (fn *function) chainTable(c ssa.CallInstruction) string {
	// Have: db.Model(&T{}).Where(…).Find(&ts). Look back along the receivers,
	// then forward along the results.
	for v, depth := c.Value(), 0; v != nil && depth < 20; depth++ {
		if t := fn.tableOf(v); t != "" {
			return t
		}
		var next *ssa.Call
		if len(v.Call.Args) > 0 && !v.Call.IsInvoke() {
			next, _ = v.Call.Args[0].(*ssa.Call)
		}
		v = next
	}
	for v, depth := c.Value(), 0; v != nil && depth < 20; depth++ {
		var next *ssa.Call
		for _, r := range *v.Referrers() {
			if call, ok := r.(*ssa.Call); ok && len(call.Call.Args) > 0 && call.Call.Args[0] == v {
				next = call
				break
			}
		}
		if next != nil {
			if t := fn.tableOf(next); t != "" {
				return t
			}
		}
		v = next
	}
	return ""
}

// tableOf returns the table that one call of a chain names.
func (fn *function) tableOf(c *ssa.Call) string {
	_, obj := callee(&c.Call)
	if obj == nil {
		return ""
	}
	switch obj.Name() {
	case "Table", "From":
		for _, a := range c.Call.Args[1:] {
			if name := constKey(a); name != "" {
				return name
			}
		}
	case "Model", "Find", "First", "Last", "Take", "Delete", "Create", "Save", "FirstOrCreate", "FirstOrInit", "FindInBatches", "NewSelect":
		for _, a := range c.Call.Args[1:] {
			if m, ok := a.(*ssa.MakeInterface); ok {
				a = m.X
			}
			if name := elementName(a.Type()); name != "" {
				return fn.tableName(name)
			}
		}
	}
	return ""
}

// elementName returns the name of the struct type below pointers and slices.
func elementName(t types.Type) string {
	for range 4 {
		elem, ok := types.Unalias(t).(interface{ Elem() types.Type })
		if !ok {
			break
		}
		t = elem.Elem()
	}
	if s, name := structOf(t); s != nil {
		return name
	}
	return ""
}

// tableName turns the name of a type into that of its table: snake case, and
// plural unless the schema knows the singular only.
func (fn *function) tableName(typ string) string {
	var b strings.Builder
	for i, r := range typ {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	name := b.String()
	if s := fn.e.schema; s != nil && s.Table("", name) != nil {
		return name
	}
	if strings.HasSuffix(name, "s") {
		return name
	}
	return name + "s"
}
