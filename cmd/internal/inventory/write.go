package inventory

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Formats lists the forms that [Inventory.Write] knows.
func Formats() []string { return []string{"text", "json", "csv"} }

// Write writes the inventory in one of the [Formats].
func (inv *Inventory) Write(w io.Writer, format string) error {
	switch format {
	case "json":
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(inv)
	case "csv":
		return inv.writeCSV(w)
	case "text":
		return inv.writeText(w)
	}
	return fmt.Errorf("unknown inventory format %q: use %s", format, strings.Join(Formats(), ", "))
}

// writeCSV writes a row a column, with the controls of its table, so that a
// spreadsheet can filter it.
func (inv *Inventory) writeCSV(w io.Writer) error {
	controls := map[string]Table{}
	for _, t := range inv.Tables {
		controls[t.Schema+"."+t.Table] = t
	}
	out := csv.NewWriter(w)
	rows := [][]string{{"schema", "table", "column", "type", "category", "hipaa_identifier", "tier", "protected", "row_security", "forced", "policies", "grants", "reason", "file", "line"}}
	for _, c := range inv.Columns {
		t := controls[c.Schema+"."+c.Table]
		rows = append(rows, []string{c.Schema, c.Table, c.Column, c.Type, string(c.Category), c.Letter, strconv.Itoa(c.Tier), strconv.FormatBool(c.Protected),
			strconv.FormatBool(t.RowSecurity), strconv.FormatBool(t.Forced), strings.Join(t.Policies, "; "), strings.Join(t.Grants, "; "), c.Reason, c.File, strconv.Itoa(c.Line)})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = noFormula(row[i])
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return out.Error()
}

// noFormula puts an apostrophe in front of text that a spreadsheet would
// compute: the names come from the SQL of whoever writes migrations.
func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// writeText writes a table for each table that holds PHI, then the Go types.
func (inv *Inventory) writeText(w io.Writer) error {
	b := &strings.Builder{}
	for _, t := range inv.Tables {
		fmt.Fprintf(b, "%s  %s, %s  (%s:%d)\n", qualified(t.Schema, t.Table), t.Kind, t.controls(), t.File, t.Line)
		tw := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
		for _, c := range inv.Columns {
			if c.Schema != t.Schema || c.Table != t.Table || c.Tier < 2 && !c.Protected {
				continue
			}
			fmt.Fprintf(tw, "    %s\t%s\t%s\t%s\t%s\n", c.Column, c.Type, c.class(), tierWord(c), c.Reason)
		}
		if err := tw.Flush(); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	if len(inv.Types) > 0 {
		b.WriteString("Go types that carry PHI\n")
		tw := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
		for _, t := range inv.Types {
			var fields []string
			for _, f := range t.Fields {
				fields = append(fields, f.Field)
			}
			fmt.Fprintf(tw, "    %s.%s\t%s\t%s:%d\n", t.Package, t.Type, strings.Join(fields, ", "), t.File, t.Line)
		}
		if err := tw.Flush(); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "%d tables and views with PHI, %d columns of tier 2 and 3, %d Go types\n", len(inv.Tables), inv.strong(), len(inv.Types))
	_, err := io.WriteString(w, b.String())
	return err
}

func (inv *Inventory) strong() int {
	n := 0
	for _, c := range inv.Columns {
		if c.Tier >= 2 {
			n++
		}
	}
	return n
}

// controls says in words what guards a table.
func (t Table) controls() string {
	var parts []string
	switch {
	case t.Kind == "view" || t.Kind == "materialized view":
	case t.RowSecurity && t.Forced:
		parts = append(parts, "row security forced")
	case t.RowSecurity:
		parts = append(parts, "row security on, not forced")
	default:
		parts = append(parts, "no row security")
	}
	if n := len(t.Policies); n > 0 {
		parts = append(parts, fmt.Sprintf("%d policies", n))
	}
	if len(t.Grants) > 0 {
		parts = append(parts, "granted to "+strings.Join(t.Grants, "; "))
	}
	if len(t.Views) > 0 {
		parts = append(parts, "read by "+strings.Join(t.Views, ", "))
	}
	if t.Protected > 0 {
		parts = append(parts, fmt.Sprintf("%d columns protected", t.Protected))
	}
	if len(parts) == 0 {
		return "no controls"
	}
	return strings.Join(parts, ", ")
}

func (c Column) class() string {
	if c.Letter == "" {
		return string(c.Category)
	}
	return string(c.Category) + " (" + c.Letter + ")"
}

func tierWord(c Column) string {
	switch {
	case c.Protected:
		return "protected"
	case c.Tier == 3:
		return "high"
	case c.Tier == 2:
		return "medium"
	}
	return "low"
}

func qualified(schema, name string) string {
	if schema == "" || schema == "public" {
		return name
	}
	return schema + "." + name
}
