package pgparse

import "bytes"

// MaxRows is how many INSERT statements with the same words in front of VALUES
// are parsed of one file, and how many rows of one VALUES list. What follows
// is data of the same kind: a dump of a table has a million of them, a tree of
// each would take a gigabyte, and none says anything of the schema.
const MaxRows = 1000

// shortenAbove is the size from which a VALUES list is looked at for its rows.
const shortenAbove = 64 << 10

// maxHead bounds the text in front of VALUES.
const maxHead = 4096

// bulk counts the rows of data of one file.
type bulk struct {
	inserts map[string]int // by what stands in front of VALUES
}

// repeats reports whether the statement of a piece is one INSERT too many.
func (b *bulk) repeats(src []byte, p piece) bool {
	head := insertHead(src[p.start:p.end])
	if head == nil {
		return false
	}
	if b.inserts == nil {
		b.inserts = map[string]int{}
	}
	n := b.inserts[string(head)]
	if n >= MaxRows {
		return true
	}
	b.inserts[string(head)] = n + 1
	return false
}

// insertHead returns the text of an INSERT up to its VALUES, nil if the
// statement is something else.
func insertHead(stmt []byte) []byte {
	if len(stmt) < len("insert") || !equalFold(stmt[:len("insert")], "insert") {
		return nil
	}
	l := lexer{src: stmt[:min(len(stmt), maxHead)]}
	for {
		t, ok := l.next()
		if !ok || t.Open {
			return nil
		}
		if t.Kind != IdentToken {
			continue
		}
		switch text := stmt[t.Start:t.End]; {
		case equalFold(text, "values"):
			return stmt[:t.End]
		case equalFold(text, "select"), equalFold(text, "with"):
			return nil // a query may call anything
		}
	}
}

// shortened returns the text of a statement with blanks in place of the rows
// of its VALUES list behind the first [MaxRows], so that every offset stays
// true, and the number of those rows.
func shortened(stmt []byte) ([]byte, int) {
	if len(stmt) < shortenAbove {
		return stmt, 0
	}
	head := insertHead(stmt)
	if head == nil {
		return stmt, 0
	}
	l := lexer{src: stmt, pos: len(head)}
	depth, rows, from, to := 0, 0, 0, 0
	for {
		t, ok := l.next()
		if !ok || t.Open {
			break
		}
		if t.Kind == PunctToken && stmt[t.Start] == '(' {
			depth++
			continue
		}
		if t.Kind == PunctToken && stmt[t.Start] == ')' {
			depth--
			if depth == 0 {
				rows++
				to = t.End
			}
			if depth == 0 && rows == MaxRows {
				from = t.End
			}
			continue
		}
		if depth == 0 && !t.IsComment() && (t.Kind != PunctToken || stmt[t.Start] != ',') {
			break // the list is over: ON CONFLICT, RETURNING
		}
	}
	if rows <= MaxRows {
		return stmt, 0
	}
	out := bytes.Clone(stmt)
	for i := from; i < to; i++ {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return out, rows - MaxRows
}
