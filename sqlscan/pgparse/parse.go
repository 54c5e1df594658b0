package pgparse

import (
	"bytes"
)

// A Statement is one statement of a file. Start is the offset of its first
// token, End the offset behind its last one: neither the comments before it
// nor its semicolon belong to it.
type Statement struct {
	Start, End int
	Node       *Node        // nil if Err is not
	Err        *SyntaxError // its Offset counts from the start of the file
	// More counts the rows of data that are neither in Node nor in a statement
	// of their own: see [MaxRows].
	More int
	// Body is set by [Cache.ParseBodies].
	Body *PLBody
}

// A PLBody is what [Cache.ParsePLpgSQL] says of a statement.
type PLBody struct {
	Function *PLFunction
	Err      error
}

// Offset converts a location of the statement's tree to an offset of the
// file. Nodes without a location have -1 there and map to the start.
func (s Statement) Offset(location int32) int {
	if location < 0 {
		return s.Start
	}
	return min(s.Start+int(location), max(s.End, s.Start))
}

// maxRecoveries bounds how often one file may be taken up again behind a
// broken statement by looking at its text a second time; it keeps Parse linear.
const maxRecoveries = 64

// Parse splits src into statements and parses each of them. It never fails as
// a whole: what is wrong with a statement is in its Err, and a statement that
// swallowed others, by a quote or a parenthesis that is never closed, ends
// where the next one plausibly starts. Of bulk data, the first rows count.
func Parse(src []byte) []Statement { return (*Cache)(nil).Parse(src) }

// Parse is [Parse] with a memory.
func (c *Cache) Parse(src []byte) []Statement {
	if msg := encodingTrouble(src); msg != "" {
		return []Statement{{Start: 0, End: len(src), Err: &SyntaxError{Message: msg}}}
	}
	var out []Statement
	sp := splitter{lexer: lexer{src: src, pos: skipBOM(src)}}
	var data bulk
	for recoveries := 0; ; {
		piece, ok := sp.next()
		if !ok {
			return out
		}
		if !piece.open && data.repeats(src, piece) {
			out[len(out)-1].More++
			continue
		}
		st := c.parsePiece(src, piece)
		if st.Err != nil && (piece.suspicious || piece.open) {
			if at := plausibleStart(src, piece); at > 0 {
				if recoveries++; recoveries >= maxRecoveries {
					sp.flat = true
				}
				st.End = lastToken(src, piece.start, at)
				st.Err.Offset = min(st.Err.Offset, st.End)
				sp.pos = at
			}
		}
		if st.Err != nil && !piece.suspicious && !piece.open {
			if parts := c.unseparated(src, piece); parts != nil {
				out = append(out, parts...)
				continue
			}
		}
		out = append(out, st)
	}
}

// nameParameters replaces the question marks of a query that a library prepares,
// which are no PostgreSQL, by a name of the same length; nil if there are none.
func nameParameters(text []byte) []byte {
	if bytes.IndexByte(text, '?') < 0 {
		return nil
	}
	var out []byte
	lex := lexer{src: text}
	for t, ok := lex.next(); ok; t, ok = lex.next() {
		if t.Kind != OperatorToken || text[t.End-1] != '?' { // a=?, and not a ?| b
			continue
		}
		if out == nil {
			out = bytes.Clone(text)
		}
		out[t.End-1] = '_'
	}
	return out
}

// unseparated parses a broken piece as the statements that it is if only the
// semicolons before CREATE TABLE are missing, as in scripts that were run by
// hand, part by part. It returns nil if that is not what is wrong: every table
// has to parse. What stands before the first may still be wrong.
func (c *Cache) unseparated(src []byte, p piece) []Statement {
	starts := tableStarts(src, p)
	if len(starts) == 0 {
		return nil
	}
	var out []Statement
	for i, at := range append([]int{p.start}, starts...) {
		end := p.end
		if i < len(starts) {
			end = lastToken(src, at, starts[i])
		}
		st := c.parsePiece(src, piece{start: at, end: end})
		if st.Err != nil && i > 0 {
			return nil
		}
		out = append(out, st)
	}
	return out
}

func (c *Cache) parsePiece(src []byte, p piece) Statement {
	st := Statement{Start: p.start, End: p.end}
	if p.open {
		st.Err = &SyntaxError{Message: openMessage(p.openKind), Offset: p.openAt}
		return st
	}
	text, more := shortened(src[p.start:p.end])
	st.More = more
	tree, err := c.parseText(string(text))
	if err != nil {
		if named := nameParameters(text); named != nil {
			if again, still := c.parseText(string(named)); still == nil {
				tree, err = again, nil
			}
		}
	}
	switch {
	case err != nil:
		err.Offset = min(p.start+err.Offset, p.end)
		st.Err = err
	case len(tree.Stmts) != 1 || tree.Stmts[0].Stmt == nil:
		st.Err = &SyntaxError{Message: "not a single statement", Offset: p.start}
	default:
		st.Node = tree.Stmts[0].Stmt
	}
	return st
}

// ParseOne parses a text that holds exactly one statement. The error is a
// *[SyntaxError] whose offset counts from the start of sql, and so do the
// locations of the tree.
func ParseOne(sql string) (*Node, error) { return (*Cache)(nil).parseOne(sql) }

func (c *Cache) parseOne(sql string) (*Node, error) {
	if msg := encodingTrouble([]byte(sql)); msg != "" {
		return nil, &SyntaxError{Message: msg}
	}
	tree, err := c.parseText(sql)
	if err != nil {
		return nil, err
	}
	if len(tree.Stmts) != 1 || tree.Stmts[0].Stmt == nil {
		return nil, &SyntaxError{Message: "not a single statement"}
	}
	return tree.Stmts[0].Stmt, nil
}

// encodingTrouble tells why src cannot be SQL text at all, or returns "".
func encodingTrouble(src []byte) string {
	head := src[:min(len(src), 4096)]
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "text is UTF-16, not UTF-8"
	case len(head) >= 4 && bytes.Count(head, []byte{0}) > len(head)/4:
		return "text is binary or UTF-16, not UTF-8"
	}
	return ""
}
