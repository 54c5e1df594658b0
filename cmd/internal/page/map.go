package page

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/inventory"
)

// A picture is the map: boxes in three columns (tables, views, Go packages) and
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
	Class      string // good, weak, bad, view, code
	State      string // the class in words: colour alone tells nobody
	Chips      []chip
	Note       string
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
	boxWidth  = 264
	columnGap = 96
	rowGap    = 14
	headSpace = 40
	chipSpace = 8
	maxLabel  = 34
)

// drawMap places what reads from left to right: tables, the views that read
// them, and the Go packages whose findings name them.
func drawMap(in *Input) picture {
	p := picture{Width: 3*boxWidth + 2*columnGap + 2}
	at := map[string]int{} // box of a table or view, by name
	heights := [3]int{headSpace, headSpace, headSpace}
	place := func(column int, b box) int {
		b.X, b.Y, b.W = 1+column*(boxWidth+columnGap), heights[column], boxWidth
		for i := range b.Chips {
			b.Chips[i].X += b.X
			b.Chips[i].Y += b.Y
		}
		heights[column] += b.H + rowGap
		p.Boxes = append(p.Boxes, b)
		return len(p.Boxes) - 1
	}
	for i := range in.Inventory.Tables {
		t := &in.Inventory.Tables[i]
		column := 0
		if isView(t) {
			column = 1
		}
		at[qualified(t.Schema, t.Table)] = place(column, tableBox(in, t))
	}
	for i := range in.Inventory.Tables {
		t := &in.Inventory.Tables[i]
		for _, v := range t.Views {
			to, ok := at[v]
			if !ok { // a view without PHI columns of its own still reads the table
				to = place(1, box{H: 50, Title: shorten(v), Full: v, Class: "view", State: "view without PHI columns"})
				at[v] = to
			}
			p.Lines = append(p.Lines, connect(&p.Boxes[at[qualified(t.Schema, t.Table)]], &p.Boxes[to], "reads"))
		}
	}
	p.addPackages(in, at, place)
	for i, text := range []string{"Tables", "Views", "Go packages"} {
		p.Heads = append(p.Heads, label{1 + i*(boxWidth+columnGap), 20, text})
	}
	p.Height = max(heights[0], heights[1], heights[2], headSpace+60)
	p.Description = fmt.Sprintf("%d tables and views with PHI and the Go packages that carry it; the same is told in the tables below.", len(in.Inventory.Tables))
	return p
}

func tableBox(in *Input, t *inventory.Table) box {
	name := qualified(t.Schema, t.Table)
	b := box{Title: shorten(name), Full: name, Class: "bad", State: controls(t)}
	switch {
	case isView(t):
		b.Class = "view"
	case t.RowSecurity && t.Forced && len(t.Policies) > 0:
		b.Class = "good"
	case t.RowSecurity:
		b.Class = "weak"
	}
	var categories []string
	strong := map[string]bool{}
	for _, c := range in.Inventory.Columns {
		if c.Schema == t.Schema && c.Table == t.Table && c.Tier >= 2 {
			name := string(c.Category)
			if !slices.Contains(categories, name) {
				categories = append(categories, name)
			}
			strong[name] = strong[name] || c.Tier == 3 && !c.Protected
		}
	}
	slices.Sort(categories)
	x, y := 10, 48
	for _, c := range categories {
		w := 14 + 8*len(c)
		if x+w > boxWidth-10 {
			x, y = 10, y+24
		}
		b.Chips = append(b.Chips, chip{x, y, w, c, strong[c]})
		x += w + chipSpace
	}
	b.H = 54
	if len(categories) > 0 {
		b.H = y + 28
	}
	return b
}

// addPackages adds the Go packages with types that carry PHI or with findings,
// and lines to the tables that their findings name.
func (p *picture) addPackages(in *Input, at map[string]int, place func(int, box) int) {
	types, found := map[string]int{}, map[string]int{}
	touches := map[string][]string{}
	for _, t := range in.Inventory.Types {
		types[t.Package]++
	}
	for i := range in.Report.Findings {
		f := &in.Report.Findings[i]
		if path.Ext(f.Span.File) != ".go" || f.Rule.ID < "PHI1" || f.Rule.ID >= "PHI4" {
			continue
		}
		dir := path.Dir(f.Span.File)
		found[dir]++
		for name := range at {
			_, short, _ := strings.Cut("."+name, ".")
			short = short[strings.LastIndexByte(short, '.')+1:]
			if strings.Contains(f.Message, "("+short+".") && !slices.Contains(touches[dir], name) {
				touches[dir] = append(touches[dir], name)
			}
		}
	}
	var dirs []string
	for dir := range types {
		dirs = append(dirs, dir)
	}
	for dir := range found {
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		b := box{H: 54, Title: shorten(dir), Full: dir, Class: "code", State: fmt.Sprintf("%d types carry PHI", types[dir])}
		if n := found[dir]; n > 0 {
			b.Class, b.State = "leak", fmt.Sprintf("%s, %d findings", b.State, n)
		}
		to := place(2, b)
		slices.Sort(touches[dir])
		for _, name := range touches[dir] {
			p.Lines = append(p.Lines, connect(&p.Boxes[at[name]], &p.Boxes[to], "leaks"))
		}
	}
}

// connect draws a curve from the right side of one box to the left of another.
func connect(a, b *box, class string) line {
	x1, y1 := a.X+a.W, a.Y+a.H/2
	x2, y2 := b.X, b.Y+b.H/2
	if x2 < x1 { // the same column: leave and come back on the right
		x2 = b.X + b.W
	}
	bend := columnGap / 2
	return line{fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2), class}
}

// shorten cuts the middle out of a name that does not fit its box.
func shorten(s string) string {
	r := []rune(s)
	if len(r) <= maxLabel {
		return s
	}
	return string(r[:maxLabel/2-1]) + "…" + string(r[len(r)-maxLabel/2:])
}
