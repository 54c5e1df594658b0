package page

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/rules"
)

// A picture is the map: boxes in three columns (views, tables, Go packages) and
// lines between them. Positions are computed here; the template only draws.
type picture struct {
	Width, Height int
	Heads         []label
	Boxes         []box
	Lines         []line
	Description   string
}

type label struct {
	X, Y int
	Text string
}

type box struct {
	X, Y, W, H int
	Title      string
	Full       string // the title as it is, for the tooltip
	Class      string // good, weak, bad, view, code, leak
	State      string // the class in words: colour alone tells nobody
	Roles      string // who may read it, shortened
	Chips      []chip
	from       []int  // boxes of tables and views whose values it has
	link       string // class of the lines from these
}

type chip struct {
	X, Y, W int
	Text    string
	Strong  bool
}

type line struct {
	Path  string
	Class string
}

const (
	boxWidth  = 284
	columnGap = 130
	rowGap    = 14
	headSpace = 40
	chipSpace = 8
	maxLabel  = 36
	maxRoles  = 40
)

// drawMap places the tables in the middle, the views that read them on the left
// and the Go packages whose findings name them on the right, so that no line
// passes behind a box. Views and packages stand as near as they can to what
// they read.
func drawMap(in *Input) picture {
	p := picture{Width: 3*boxWidth + 2*columnGap + 2}
	at := map[string]int{} // box of a table or view, by key
	for i := range in.Inventory.Tables {
		if t := &in.Inventory.Tables[i]; !isView(t) {
			at[key(t, qualified(t.Schema, t.Table))] = len(p.Boxes)
			p.Boxes = append(p.Boxes, tableBox(in, t))
		}
	}
	heights := [3]int{1: p.stack(1, 0, len(p.Boxes))}
	first := len(p.Boxes)
	p.addViews(in, at)
	heights[0] = p.stack(0, first, len(p.Boxes))
	first = len(p.Boxes)
	p.addPackages(in, at)
	heights[2] = p.stack(2, first, len(p.Boxes))
	for i := range p.Boxes {
		to := &p.Boxes[i]
		for _, from := range to.from {
			p.Lines = append(p.Lines, connect(&p.Boxes[from], to, to.link))
		}
	}
	for i, text := range []string{"Views", "Tables", "Go packages"} {
		p.Heads = append(p.Heads, label{1 + i*(boxWidth+columnGap), 20, text})
	}
	p.Height = max(heights[0], heights[1], heights[2], headSpace+60)
	p.Description = fmt.Sprintf("%s with PHI and the Go packages that carry it; the same is told in the tables below.", count(len(in.Inventory.Tables), "table or view", "tables and views"))
	return p
}

// stack gives the boxes from first to last their places in a column and
// returns its height. Boxes that read others are sorted by the height of these.
func (p *picture) stack(column, first, last int) int {
	order, want := make([]int, 0, last-first), make([]int, last)
	for i := first; i < last; i++ {
		order = append(order, i)
		want[i] = 1 << 30 // what reads nothing goes to the end
		if from := p.Boxes[i].from; len(from) > 0 {
			sum := 0
			for _, f := range from {
				sum += p.Boxes[f].Y + p.Boxes[f].H/2
			}
			want[i] = sum / len(from)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return want[a] - want[b] })
	y := headSpace
	for _, i := range order {
		b := &p.Boxes[i]
		if want[i] < 1<<30 {
			y = max(y, want[i]-b.H/2)
		}
		b.X, b.Y, b.W = 1+column*(boxWidth+columnGap), y, boxWidth
		for c := range b.Chips {
			b.Chips[c].X += b.X
			b.Chips[c].Y += b.Y
		}
		y += b.H + rowGap
	}
	return y
}

// key tells tables and views of one name apart that stand in several
// histories: those are several databases.
func key(t *inventory.Table, name string) string { return name + "\x00" + path.Dir(t.File) }

// addViews adds the views with PHI, and those that read a table with PHI and
// show none of it.
func (p *picture) addViews(in *Input, at map[string]int) {
	for i := range in.Inventory.Tables {
		if t := &in.Inventory.Tables[i]; isView(t) {
			at[key(t, qualified(t.Schema, t.Table))] = len(p.Boxes)
			p.Boxes = append(p.Boxes, tableBox(in, t))
		}
	}
	for i := range in.Inventory.Tables {
		t := &in.Inventory.Tables[i]
		for _, v := range t.Views {
			k := key(t, v)
			if _, ok := at[k]; !ok {
				at[k] = len(p.Boxes)
				p.Boxes = append(p.Boxes, box{H: 50, Title: shorten(v, maxLabel), Full: v, Class: "view", State: "view without PHI columns"})
			}
			b := &p.Boxes[at[k]]
			b.from, b.link = append(b.from, at[key(t, qualified(t.Schema, t.Table))]), "reads"
		}
	}
}

// tableBox says with its class what the controls of a table are worth: row
// security with a policy that is always true protects nothing.
func tableBox(in *Input, t *inventory.Table) box {
	name := qualified(t.Schema, t.Table)
	b := box{Title: shorten(name, maxLabel), Full: name, Class: "bad", State: controls(t)}
	if in.severalOf(t) {
		b.Title = shorten(name+", "+path.Base(path.Dir(t.File)), maxLabel)
		b.Full = name + " of " + path.Dir(t.File)
	}
	open, worst := accessFindings(in, t)
	switch {
	case worst >= rules.High || !isView(t) && !t.RowSecurity:
	case isView(t):
		b.Class = "view"
	case worst == rules.Medium || !t.Forced || len(t.Policies) == 0:
		b.Class = "weak"
	default:
		b.Class = "good"
	}
	if open > 0 {
		b.State += ", " + count(open, "finding", "findings")
	}
	y := 48
	if roles := grantees(t); len(roles) > 0 {
		b.Roles = shorten("granted to "+strings.Join(roles, ", "), maxRoles)
		y += 17
	}
	var categories []string
	strong := map[string]bool{}
	for _, c := range in.columns(t) {
		if c.Tier >= 2 {
			name := string(c.Category)
			if !slices.Contains(categories, name) {
				categories = append(categories, name)
			}
			strong[name] = strong[name] || c.Tier == 3 && !c.Protected
		}
	}
	slices.Sort(categories)
	x := 10
	b.H = y + 6
	for _, c := range categories {
		w := 14 + 8*len(c)
		if x+w > boxWidth-10 {
			x, y = 10, y+24
		}
		b.Chips = append(b.Chips, chip{x, y, w, c, strong[c]})
		x += w + chipSpace
		b.H = y + 28
	}
	return b
}

// accessFindings counts the findings on who can reach a table or view, and
// returns the severity of the worst.
func accessFindings(in *Input, t *inventory.Table) (n int, worst rules.Severity) {
	names := []string{t.Schema + "." + t.Table}
	if t.Schema == "public" || t.Schema == "" {
		names = append(names, t.Table)
	}
	several := in.severalOf(t)
	for i := range in.Report.Findings {
		f := &in.Report.Findings[i]
		if f.Rule.ID < "PHI5" || f.Rule.ID >= "PHI6" || several && path.Dir(f.Span.File) != path.Dir(t.File) {
			continue
		}
		about := strings.FieldsFunc(f.Object, func(r rune) bool { return r == ' ' || r == ',' })
		if slices.ContainsFunc(names, func(name string) bool {
			return slices.ContainsFunc(about, func(o string) bool { return o == name || strings.HasPrefix(o, name+".") })
		}) {
			n++
			worst = max(worst, f.Severity)
		}
	}
	return n, worst
}

// severalOf reports whether other histories have a table of that name.
func (in *Input) severalOf(t *inventory.Table) bool {
	return slices.ContainsFunc(in.Inventory.Tables, func(o inventory.Table) bool {
		return o.Schema == t.Schema && o.Table == t.Table && o.File != t.File
	})
}

// columns returns the columns of a table: of its own history, if others have a
// table of that name.
func (in *Input) columns(t *inventory.Table) []inventory.Column {
	several := in.severalOf(t)
	var out []inventory.Column
	for _, c := range in.Inventory.Columns {
		if c.Schema == t.Schema && c.Table == t.Table && (!several || path.Dir(c.File) == path.Dir(t.File)) {
			out = append(out, c)
		}
	}
	return out
}

// grantees are the roles that something on the table is granted to.
func grantees(t *inventory.Table) []string {
	var out []string
	for _, g := range t.Grants {
		role, _, _ := strings.Cut(g, ":")
		if !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	return out
}

// addPackages adds the Go packages with types that carry PHI or with findings,
// and lines to the tables that their findings name.
func (p *picture) addPackages(in *Input, at map[string]int) {
	types, found := map[string]int{}, map[string]int{}
	touches := map[string][]int{}
	for _, t := range in.Inventory.Types {
		types[t.Package]++
	}
	names := slices.Sorted(maps.Keys(at))
	for i := range in.Report.Findings {
		f := &in.Report.Findings[i]
		if path.Ext(f.Span.File) != ".go" || f.Rule.ID < "PHI1" || f.Rule.ID >= "PHI4" {
			continue
		}
		dir := path.Dir(f.Span.File)
		found[dir]++
		for _, name := range names {
			short, _, _ := strings.Cut(name, "\x00")
			short = short[strings.LastIndexByte(short, '.')+1:]
			if strings.Contains(f.Message, "("+short+".") && !slices.Contains(touches[dir], at[name]) {
				touches[dir] = append(touches[dir], at[name])
			}
		}
	}
	dirs := slices.Concat(slices.Collect(maps.Keys(types)), slices.Collect(maps.Keys(found)))
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		b := box{H: 54, Title: shorten(dir, maxLabel), Full: dir, Class: "code", from: touches[dir], link: "leaks"}
		var state []string
		if n := types[dir]; n > 0 {
			state = append(state, count(n, "type carries PHI", "types carry PHI"))
		}
		if n := found[dir]; n > 0 {
			b.Class = "leak"
			state = append(state, count(n, "finding", "findings"))
		}
		b.State = strings.Join(state, ", ")
		p.Boxes = append(p.Boxes, b)
	}
}

// count says "1 finding" or "2 findings".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// connect draws a curve between the sides of two boxes that face each other.
func connect(a, b *box, class string) line {
	x1, x2, bend := a.X+a.W, b.X, columnGap/2
	switch {
	case b.X < a.X:
		x1, x2, bend = a.X, b.X+b.W, -columnGap/2
	case b.X == a.X: // the same column: leave and come back on one side
		x2 = b.X + b.W
		return line{fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x1, a.Y+a.H/2, x1+bend, a.Y+a.H/2, x2+bend, b.Y+b.H/2, x2, b.Y+b.H/2), class}
	}
	y1, y2 := a.Y+a.H/2, b.Y+b.H/2
	return line{fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2), class}
}

// shorten cuts the middle out of a text that does not fit its box.
func shorten(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	return string(r[:limit/2-1]) + "…" + string(r[len(r)-limit/2:])
}
