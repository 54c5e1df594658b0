package sqlshape

import (
	"strings"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A walker goes through the trees of a text and collects what each value is
// compared with or written to. Classes come last (see classify.go), when all
// columns that the text mentions of a table are known.
type walker struct {
	a         *analysis
	r         *rendered
	prefix    int // length of the frame around the text
	bases     []*rel
	nowhere   *rel // the table of columns that no table could be found for
	strangers map[string]*rel
	tables    map[string]bool // in shape.Tables
	uses      map[value]*use
	order     []value
	touched   []*ref
	guessed   map[string]*phi.TableClass // of tables that the schema does not know, by schema.table
	spelling  map[string]string          // of names that the grammar folds
	queries   map[*pgparse.SelectStmt][]output
	access    Access
	ddl       bool
	depth     int
}

// A value is a hole, a literal or a parameter of the text.
type value struct {
	kind byte // 'h' hole number, 's' token of a literal, 'p' parameter
	n    int
}

// A use is what is known of a value.
type use struct {
	refs   []*ref
	access Access
	role   Role
}

// newWalker returns a walker for all statements of one text.
func newWalker(a *analysis) *walker {
	w := &walker{a: a, strangers: map[string]*rel{}, tables: map[string]bool{}, uses: map[value]*use{}, queries: map[*pgparse.SelectStmt][]output{}}
	w.nowhere = &rel{alias: a.Table, table: a.Table, base: true, pseudo: true, columns: map[string]*ref{}}
	w.bases = []*rel{w.nowhere}
	return w
}

// tree walks one statement and returns the scope that is left for a fragment
// that continues it.
func (w *walker) tree(n *pgparse.Node, r *rendered, fr frame, outer *scope) *scope {
	w.r, w.prefix, w.access, w.ddl = r, len(fr.prefix), Read, false
	if w.a.shape.Fragment == Auto {
		w.a.shape.Fragment = fr.fragment
	}
	sc := &scope{parent: outer}
	w.statement(n, sc)
	for _, p := range r.pieces { // what the tree has no place for
		w.rest(p)
	}
	w.emptied(fr)
	return sc
}

// rest gives a role to the holes of a piece that no node has claimed.
func (w *walker) rest(p piece) {
	for _, h := range p.tok.holes {
		hole := w.a.holes[h]
		if hole.Role == Unknown && w.uses[value{'h', h}] == nil {
			switch {
			case p.tok.kind == kString && w.ddl:
				hole.Role = DDLIdentifier
			case p.tok.kind == kString:
				hole.Role = ValueOther
			case p.mode == asQuery:
				hole.Role = SQLFragment
			case p.mode == asOperator || p.mode == asNull:
				hole.Role = Keyword
			default:
				hole.Role = w.identRole()
			}
		}
		hole.Parsed = true
	}
}

// emptied gives a role to the holes that were left out to let the text parse.
func (w *walker) emptied(fr frame) {
	region := ""
	if fr.fragment == Order {
		region = "by"
	}
	kept := map[int]bool{}
	for _, p := range w.r.pieces {
		kept[p.idx] = true
	}
	if len(w.r.pieces) == 0 {
		return
	}
	for i := w.r.pieces[0].idx; i <= w.lastToken(); i++ {
		t := &w.a.toks[i]
		if t.kind == kWord && (clauseWord[t.word] || t.is("into", "by")) && !t.is("and", "or") {
			region = t.word
		}
		if t.kind != kHole || kept[i] {
			continue
		}
		role := SQLFragment
		switch region {
		case "by":
			role = Keyword
		case "select", "into":
			role = ColumnList
			if region == "select" {
				if role = SQLFragment; w.a.toks[max(i-1, 0)].is("select", "distinct") {
					role = Keyword
				}
			}
		case "limit", "offset":
			role = SQLFragment
		}
		w.a.settle(t.holes[0], role).Parsed = true
	}
}

// lastToken returns the last token of the statement that is being walked.
func (w *walker) lastToken() int {
	i := w.r.pieces[len(w.r.pieces)-1].idx
	for i+1 < len(w.a.toks) && w.a.toks[i+1].kind == kHole {
		i++
	}
	return i
}

// identRole is the role of a hole in a name.
func (w *walker) identRole() Role {
	if w.ddl {
		return DDLIdentifier
	}
	return Identifier
}

// hole gives a hole its role; the first that speaks is right.
func (w *walker) hole(h int, r Role) *Hole {
	if h >= len(w.a.holes) {
		return &Hole{}
	}
	hole := w.a.settle(h, r)
	hole.Parsed = true
	return hole
}

// text handles the constant text of a utility statement, where holes are no
// values that a parameter could carry.
func (w *walker) text(s string, r Role) {
	for _, h := range holesIn(s) {
		w.hole(h, r)
	}
}

// use records what a value is compared with or written to. Only the first
// record that knows a column counts.
func (w *walker) use(v value, refs []*ref, access Access, role Role) {
	u := w.uses[v]
	if u == nil {
		u = &use{role: role, access: access}
		w.uses[v] = u
		w.order = append(w.order, v)
	} else if len(u.refs) > 0 || len(refs) == 0 {
		return
	}
	u.refs, u.access, u.role = refs, access, role
}

// touch records that the statement does with the columns what it is about now.
func (w *walker) touch(refs []*ref) {
	for _, r := range refs {
		if r.access == 0 {
			w.touched = append(w.touched, r)
		}
		r.access |= w.access
	}
}

// statement dispatches on the kind of statement.
func (w *walker) statement(n *pgparse.Node, sc *scope) {
	switch s := n.GetNode().(type) {
	case *pgparse.Node_SelectStmt:
		w.query(s.SelectStmt, sc, nil)
	case *pgparse.Node_InsertStmt:
		w.insert(s.InsertStmt, sc)
	case *pgparse.Node_UpdateStmt:
		w.update(s.UpdateStmt, sc)
	case *pgparse.Node_DeleteStmt:
		w.delete(s.DeleteStmt, sc)
	case *pgparse.Node_MergeStmt:
		w.merge(s.MergeStmt, sc)
	case *pgparse.Node_CopyStmt:
		w.copy(s.CopyStmt, sc)
	case *pgparse.Node_CallStmt:
		w.expr(s.CallStmt.GetFunccall(), sc)
	case *pgparse.Node_ExplainStmt:
		w.statement(s.ExplainStmt.Query, sc)
	case *pgparse.Node_PrepareStmt:
		w.statement(s.PrepareStmt.Query, sc)
	case *pgparse.Node_DeclareCursorStmt:
		w.statement(s.DeclareCursorStmt.Query, sc)
	case *pgparse.Node_VariableSetStmt:
		w.set(s.VariableSetStmt)
	case *pgparse.Node_CommentStmt:
		w.ddl = true
		w.text(s.CommentStmt.Comment, CommentOn)
		w.generic(s.CommentStmt.Object, sc)
	case *pgparse.Node_SecLabelStmt:
		w.ddl = true
		w.text(s.SecLabelStmt.Label, CommentOn)
	case *pgparse.Node_DoStmt:
		for _, p := range w.r.pieces {
			if p.tok.kind == kString {
				w.text(p.text, SQLFragment)
			}
		}
	case *pgparse.Node_ExecuteStmt:
		for _, p := range s.ExecuteStmt.Params {
			w.node(p, sc)
		}
	default:
		w.utility(n, sc)
	}
}

// utility walks any other statement.
func (w *walker) utility(n *pgparse.Node, sc *scope) {
	for _, p := range w.r.pieces {
		if p.tok.kind == kWord {
			w.ddl = ddlWord[p.tok.word]
			break
		}
	}
	switch s := n.GetNode().(type) {
	case *pgparse.Node_CreateTableAsStmt:
		w.generic(s.CreateTableAsStmt.GetInto().GetRel(), sc)
		w.ddl = false
		w.statement(s.CreateTableAsStmt.Query, sc)
		return
	case *pgparse.Node_ViewStmt:
		w.generic(s.ViewStmt.View, sc)
		w.ddl = false
		w.statement(s.ViewStmt.Query, sc)
		return
	case *pgparse.Node_AlterRoleSetStmt:
		w.set(s.AlterRoleSetStmt.Setstmt)
	case *pgparse.Node_AlterDatabaseSetStmt:
		w.set(s.AlterDatabaseSetStmt.Setstmt)
	case *pgparse.Node_AlterSystemStmt:
		w.set(s.AlterSystemStmt.Setstmt)
	case *pgparse.Node_CreateRoleStmt:
		w.password(s.CreateRoleStmt.Options)
	case *pgparse.Node_AlterRoleStmt:
		w.password(s.AlterRoleStmt.Options)
	}
	w.generic(n, sc)
}

// password marks the password of a role as a value; the name of the role,
// which other rules look at, is metadata.
func (w *walker) password(options []*pgparse.Node) {
	for _, o := range options {
		if d := o.GetDefElem(); d != nil && d.Defname == "password" {
			w.text(d.GetArg().GetString_().GetSval(), ValueOther)
		}
	}
}

// generic looks for tables and queries below a node that has no method of
// its own. Expressions of DDL are metadata: their holes are not values.
func (w *walker) generic(root any, sc *scope) {
	pgparse.Walk(root, func(m pgparse.Message) bool {
		switch m := m.(type) {
		case *pgparse.RangeVar:
			w.rangeVar(m, sc)
			return false
		case *pgparse.SelectStmt:
			w.query(m, sc, nil)
			return false
		case *pgparse.String:
			w.text(m.Sval, w.identRole())
		}
		return true
	})
}

// set handles SET, which takes no parameters at all.
func (w *walker) set(s *pgparse.VariableSetStmt) {
	if s == nil {
		return
	}
	name := strings.ToLower(s.Name)
	st := Set{Name: name, Local: s.IsLocal, Reset: s.Kind == pgparse.VariableSetKind_VAR_RESET ||
		s.Kind == pgparse.VariableSetKind_VAR_SET_DEFAULT || s.Kind == pgparse.VariableSetKind_VAR_RESET_ALL}
	if len(holesIn(name)) > 0 {
		st.Name = ""
	}
	for i, p := range w.r.pieces {
		if p.tok.is("set", "reset") || i == 0 {
			st.Part, st.Offset = w.a.f.locate(p.tok.start)
		}
		if p.tok.is("set", "reset") {
			break
		}
	}
	w.a.shape.Settings = append(w.a.shape.Settings, st)
	role := Setting
	if name == "application_name" {
		role = AppName
	}
	args := w.inArgs(s)
	for _, p := range w.r.pieces {
		for _, h := range p.tok.holes {
			if w.a.holes[h].Role == Unknown && args[h] {
				w.hole(h, role).Setting = st.Name
			}
		}
	}
	for _, h := range holesIn(s.Name) {
		w.hole(h, Setting)
	}
}

// inArgs returns the holes in the value of a SET.
func (w *walker) inArgs(s *pgparse.VariableSetStmt) map[int]bool {
	found := map[int]bool{}
	add := func(text string) {
		for _, h := range holesIn(text) {
			found[h] = true
		}
	}
	pgparse.Walk(s.Args, func(m pgparse.Message) bool {
		switch m := m.(type) {
		case *pgparse.String:
			add(m.Sval)
		case *pgparse.A_Const:
			add(m.GetSval().GetSval())
		}
		return true
	})
	return found
}

// copy walks COPY, whose rows are not in the text.
func (w *walker) copy(s *pgparse.CopyStmt, sc *scope) {
	w.text(s.Filename, ValueOther)
	if s.Query != nil {
		w.statement(s.Query, sc)
	}
	if s.Relation == nil {
		return
	}
	r := w.rangeVar(s.Relation, sc)
	w.access = Read
	if s.IsFrom {
		w.access = Write
	}
	for _, c := range s.Attlist {
		name := c.GetString_().GetSval()
		w.text(name, ColumnList)
		w.touch([]*ref{r.column(name)})
	}
	if len(s.Attlist) == 0 {
		w.star(r)
	}
	w.access = Compare
	w.node(s.WhereClause, sc)
}
