package auditlog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A brokenText is a statement without a tree. An apostrophe in a name is what
// breaks most of them, so the values are there; its words tell enough to see
// which columns they are of.
type brokenText struct {
	text      []byte
	tokens    []pgparse.Token
	relations []relation
	// inserted are the columns of an INSERT.
	inserted []string
	// pairs are columns by the offset of the literal that they are compared
	// with or set to. torn are those whose literal a word follows at once: an
	// apostrophe has ended it too early.
	pairs map[int]string
	torn  []string
	// texts and params count literals and parameters.
	texts, params int
}

// Bounds of what is looked at in one text.
const (
	maxBrokenTokens = 20_000
	maxLookBack     = 64
)

// readBroken reads the words of a statement.
func readBroken(text []byte) *brokenText {
	b := &brokenText{text: text, pairs: map[int]string{}}
	for pos := 0; len(b.tokens) < maxBrokenTokens; {
		t, ok := pgparse.NextToken(text, pos)
		if !ok {
			break
		}
		pos = t.End
		if !t.IsComment() {
			b.tokens = append(b.tokens, t)
		}
	}
	for i := range b.tokens {
		switch b.word(i) {
		case "from", "into", "update", "join":
			b.relation(i + 1)
		}
		switch b.tokens[i].Kind {
		case pgparse.ParamToken:
			b.params++
		case pgparse.StringToken:
			b.texts++
			c := b.columnBefore(i)
			if c == "" {
				break
			}
			b.pairs[b.tokens[i].Start] = c
			if b.word(i+1) != "" && b.tokens[i+1].Start == b.tokens[i].End {
				b.torn = append(b.torn, c)
			}
		}
	}
	return b
}

// word returns a word in small letters, "" for what is none.
func (b *brokenText) word(i int) string {
	if i >= len(b.tokens) || b.tokens[i].Kind != pgparse.IdentToken {
		return ""
	}
	return strings.ToLower(string(b.text[b.tokens[i].Start:b.tokens[i].End]))
}

// name returns a word or a quoted name.
func (b *brokenText) name(i int) string {
	if i < len(b.tokens) && b.tokens[i].Kind == pgparse.QuotedToken && !b.tokens[i].Open {
		return strings.Trim(string(b.text[b.tokens[i].Start:b.tokens[i].End]), `"`)
	}
	return b.word(i)
}

func (b *brokenText) is(i int, punctuation byte) bool {
	return i < len(b.tokens) && b.tokens[i].Kind == pgparse.PunctToken && b.text[b.tokens[i].Start] == punctuation
}

// relation reads the relation at a token, and behind INTO its columns.
func (b *brokenText) relation(i int) {
	into := b.word(i-1) == "into"
	if b.word(i) == "only" {
		i++
	}
	r := relation{name: b.name(i)}
	if b.is(i+1, '.') {
		r = relation{r.name, b.name(i + 2)}
		i += 2
	}
	if r.name == "" || slices.Contains(noRelations, r.name) || len(b.relations) >= 8 || slices.Contains(b.relations, r) {
		return
	}
	b.relations = append(b.relations, r)
	if !into || !b.is(i+1, '(') {
		return
	}
	for i += 2; i < len(b.tokens) && !b.is(i, ')') && len(b.inserted) < maxColumns; i++ {
		if c := b.name(i); c != "" {
			b.inserted = append(b.inserted, c)
		}
	}
}

// noRelations are words that stand where a relation should, in a statement that
// is wrong just there.
var noRelations = []string{"from", "select", "where", "set", "values", "lateral", "join", "on", "group", "order", "limit"}

// between are words that stand between a column and what it is compared with.
var between = []string{"like", "ilike", "not", "in", "any", "similar", "to", "is", "between", "date", "timestamp"}

// columnBefore returns the column that a literal is compared with: the name
// before an operator, LIKE or IN and a list.
func (b *brokenText) columnBefore(i int) string {
	compared := false
	for j := i - 1; j >= 0 && j > i-maxLookBack; j-- {
		t := b.tokens[j]
		switch {
		case t.Kind == pgparse.OperatorToken, slices.Contains(between, b.word(j)):
			compared = true
		case t.Kind == pgparse.StringToken, t.Kind == pgparse.NumberToken, b.is(j, ','), b.is(j, '('), compared && b.is(j, ')'):
		case compared:
			return b.name(j)
		default:
			return ""
		}
	}
	return ""
}

// broken takes from the words of a statement what its tree would have told.
func (w *statementWalk) broken(start int, text []byte) {
	b := readBroken(text)
	for _, r := range b.relations {
		w.touches = append(w.touches, r)
		w.s.tables.see(r, "")
	}
	if len(b.relations) == 0 {
		return
	}
	see := func(of []relation, name string) column {
		for _, r := range of {
			w.s.tables.see(r, name)
		}
		return column{relations: of, name: name}
	}
	for offset, name := range b.pairs {
		if _, taken := w.at[start+offset]; !taken {
			w.at[start+offset] = see(b.relations, name)
		}
	}
	for _, name := range b.torn {
		w.sure = append(w.sure, see(b.relations, name))
	}
	if b.word(0) != "insert" || b.texts == 0 || b.params > 0 {
		return
	}
	// Have: an INSERT whose values stand in the text, wherever they end.
	to := b.relations[:1]
	if class := w.s.tables.known(to[0]); len(b.inserted) == 0 && class != nil {
		for _, c := range class.Columns {
			b.inserted = append(b.inserted, c.Name)
		}
	}
	for _, name := range b.inserted {
		w.sure = append(w.sure, see(to, name))
	}
}
