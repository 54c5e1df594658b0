package sqlshape

// lexical judges the holes of tokens that the grammar does not take, by the
// words to their left.
func (a *analysis) lexical(toks []int, outer *scope) {
	l := &lexical{a: a, toks: toks, sc: &scope{parent: outer}}
	l.tables()
	l.run()
}

// lexical walks tokens once, keeping what the holes need to know: the clause,
// the column last compared, and the place in a list.
type lexical struct {
	a     *analysis
	toks  []int
	sc    *scope
	names []*ref // columns of INSERT INTO t (…)
	// per parenthesis depth
	frames []lexFrame
	clause string
	target *rel
}

// A lexFrame is an open parenthesis.
type lexFrame struct {
	refs  []*ref // the column that values here are compared with
	row   bool   // a row of VALUES
	place int    // commas so far
}

// tok returns the token at a position, or an empty one outside.
func (l *lexical) tok(i int) *tok {
	if i < 0 || i >= len(l.toks) {
		return &tok{}
	}
	return &l.a.toks[l.toks[i]]
}

// name reads a dotted name that starts at position i and returns its parts
// and the position behind it.
func (l *lexical) name(i int) (parts []string, end int) {
	for {
		t := l.tok(i)
		switch {
		case t.kind == kQuoted && len(t.holes) == 0:
			parts = append(parts, l.a.f.text[t.bodyStart:t.bodyEnd])
		case t.kind == kWord && len(t.holes) == 0 && !reserved[t.word]:
			parts = append(parts, t.word)
		default:
			return parts, i
		}
		if !l.tok(i + 1).is(".") {
			return parts, i + 1
		}
		i += 2
	}
}

// tables finds what FROM, JOIN, INTO and UPDATE name.
func (l *lexical) tables() {
	for i := range l.toks {
		if !l.tok(i).is("from", "join", "into", "update") || l.tok(i).is("update") && l.tok(i-1).is("do", "key") {
			continue
		}
		for j := i + 1; ; {
			parts, end := l.name(j)
			if len(parts) == 0 {
				break
			}
			alias := ""
			k := end
			if l.tok(k).is("as") {
				k++
			}
			if t := l.tok(k); t.kind == kWord && len(t.holes) == 0 && !reserved[t.word] {
				alias = t.word
			}
			schema := ""
			if len(parts) > 1 {
				schema = parts[len(parts)-2]
			}
			r := l.a.w.table(schema, parts[len(parts)-1], alias)
			l.sc.add(r)
			if l.tok(i).is("into", "update") && l.target == nil {
				l.target = r
			}
			if alias != "" {
				k++
			}
			if !l.tok(k).is(",") || !l.tok(i).is("from") {
				break
			}
			j = k + 1
		}
	}
}

// run walks the tokens once and judges holes and parameters on the way.
func (l *lexical) run() {
	for i := range l.toks {
		t := l.tok(i)
		switch {
		case t.kind == kWord && len(t.holes) == 0:
			l.word(i, t)
		case t.is("("):
			l.open(i)
		case t.is(")"):
			if n := len(l.frames); n > 0 {
				l.frames = l.frames[:n-1]
			}
		case t.is(","):
			if n := len(l.frames); n > 0 {
				l.frames[n-1].place++
			}
		}
		if len(t.holes) > 0 && t.kind != kComment {
			l.judge(i, t)
		} else if t.kind == kParam {
			l.param(i)
		}
	}
}

// word follows the clause.
func (l *lexical) word(i int, t *tok) {
	switch {
	case t.is("and", "or", "as", "on", "using") && l.clause != "from" && l.clause != "join":
	case clauseWord[t.word], t.is("into", "update"):
		l.clause = t.word
		if t.is("into") {
			l.insertColumns(i)
		}
	}
}

// insertColumns reads the column list of an INSERT.
func (l *lexical) insertColumns(i int) {
	_, i = l.name(i + 1)
	if !l.tok(i).is("(") || l.target == nil {
		return
	}
	for i++; i < len(l.toks) && !l.tok(i).is(")"); i++ {
		if parts, end := l.name(i); len(parts) > 0 {
			l.names = append(l.names, l.target.column(parts[len(parts)-1]))
			i = end - 1
		}
	}
}

// open notes what the values in a parenthesis belong to.
func (l *lexical) open(i int) {
	f := lexFrame{}
	prev := l.tok(i - 1)
	switch {
	case l.clause == "values" && len(l.frames) == 0:
		f.row = true
	case prev.is("in", "any", "all"), prev.kind == kOp:
		f.refs = l.left(i - 1)
	case prev.kind == kWord && !reserved[prev.word]: // lower(<hole>)
		f.refs = l.left(i - 2)
	}
	l.frames = append(l.frames, f)
}

// left returns the column that is compared with what stands behind position i.
func (l *lexical) left(i int) []*ref {
	t := l.tok(i)
	switch {
	case t.is("and") && l.betweenAt(i):
		return l.left(i - 2)
	case t.is("in", "like", "ilike", "between", "any", "to", "similar", "not", "regexp", "rlike"):
		if t.is("any") && l.tok(i-1).kind == kOp {
			return l.left(i - 1)
		}
		return l.column(i - 1)
	case t.kind == kOp && comparison[t.word]:
		return l.column(i - 1)
	}
	return nil
}

// betweenAt reports whether the AND at position i belongs to a BETWEEN.
func (l *lexical) betweenAt(i int) bool {
	return l.tok(i-2).is("between") || l.tok(i-3).is("between")
}

// column returns the column whose name ends at position i, or that a function
// call ending there has as its argument.
func (l *lexical) column(i int) []*ref {
	for l.tok(i).is("not", "in", "like", "ilike", "similar", "between", "regexp", "rlike") {
		i--
	}
	for l.tok(i).is(")") {
		i--
	}
	for l.tok(i-1).kind == kOp && l.tok(i-1).is("::") {
		i -= 2
	}
	start := i
	for l.tok(start - 1).is(".") {
		start -= 2
	}
	parts, end := l.name(start)
	if len(parts) == 0 || end != i+1 {
		return nil
	}
	if n := len(parts); l.clause == "set" && l.target != nil {
		return []*ref{l.target.column(parts[n-1])}
	}
	return l.a.w.resolve(l.sc, parts[:len(parts)-1], parts[len(parts)-1])
}

// refsAt returns what the value at position i is compared with or written to.
func (l *lexical) refsAt(i int) (refs []*ref, access Access) {
	access = Compare
	if l.clause == "set" || l.clause == "values" {
		access = Write
	}
	if n := len(l.frames); n > 0 {
		f := l.frames[n-1]
		if f.row {
			if f.place < len(l.names) {
				return []*ref{l.names[f.place]}, Write
			}
			if l.target != nil {
				return []*ref{l.target.column("")}, Write
			}
		}
		if f.refs != nil {
			return f.refs, access
		}
	}
	return l.left(i - 1), access
}

// param gives a placeholder its column.
func (l *lexical) param(i int) {
	n, ok := l.a.paramOf[l.toks[i]]
	if !ok {
		return
	}
	if refs, access := l.refsAt(i); len(refs) > 0 {
		l.a.w.access = access
		l.a.w.touch(refs)
		l.a.w.use(value{'p', n}, refs, access, Value)
	}
}

// judge gives roles to the holes of one token.
func (l *lexical) judge(i int, t *tok) {
	refs, access := l.refsAt(i)
	quoted := t.kind == kString
	role := Unknown
	prev := l.tok(i - 1)
	switch {
	case ddlWord[l.tok(0).word]: // another dialect's DDL: whatever stands in it is kept as metadata
		role = DDLIdentifier
	case t.kind == kWord:
		role = Identifier
	case len(refs) > 0:
		role = Value
		l.a.w.access = access
		l.a.w.touch(refs)
	case l.tok(i - 1).is("."), l.tok(i + 1).is("."):
		role = Identifier
	case prev.is("from", "join", "into", "update", "table", "schema", "database", "role", "user"):
		role = Identifier
	case prev.is("limit", "offset"):
		role = Limit
	case l.clause == "order" && !quoted:
		role = OrderBy
	case prev.is("select", "distinct"):
		role = ColumnList
	case prev.kind == kOp && comparison[prev.word], prev.is("like", "ilike"), quoted, l.clause == "values":
		role = ValueOther
		if prev.kind == kOp {
			role = Value
		}
	case l.tok(i+1).kind == kOp:
		role = Identifier
	case t.kind == kHole:
		role = SQLFragment
	case t.kind == kQuoted:
		role = Identifier
	}
	for _, h := range t.holes {
		if l.a.holes[h].Role != Unknown || role == Unknown {
			continue
		}
		if role == Value {
			if len(refs) == 0 {
				refs = []*ref{l.a.w.nowhere.column("")}
			}
			l.a.w.use(value{'h', h}, refs, access, Value)
		} else {
			l.a.settle(h, role)
		}
	}
}
