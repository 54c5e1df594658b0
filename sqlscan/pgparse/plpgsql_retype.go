package pgparse

import (
	"strings"
)

// The library knows no catalog, so it takes a variable of a composite type for
// a scalar and refuses an assignment to one of its fields, which is common in
// real functions. Declared as record the same variable is fine. retype
// rewrites the declarations of a body, and the caller parses again.

// builtinTypes are the first words of types that have no fields.
var builtinTypes = wordSet(`bigint bigserial bit bool boolean bytea char character cidr citext date decimal double
	float float4 float8 hstore inet int int2 int4 int8 integer interval json jsonb macaddr money name numeric oid real
	record refcursor regclass serial smallint text time timestamp timestamptz timetz tsquery tsvector uuid varchar void xml`)

func wordSet(list string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// retype returns stmt with the variables of the body that are not of a
// builtin type declared as record, and the types it replaced by name. The body
// starts at offset start. No line is added or removed.
func retype(stmt string, start int, body string) (string, map[string]string) {
	l := lexer{src: []byte(body)}
	types := make(map[string]string)
	var out strings.Builder
	out.WriteString(stmt[:start])
	copied := 0
	declaring := false
	var decl []Token
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		if t.IsComment() {
			continue
		}
		word := strings.ToLower(body[t.Start:t.End])
		switch {
		case !declaring:
			declaring = word == "declare"
			continue
		case word == "begin" && len(decl) == 0:
			declaring = false
			continue
		case word != ";":
			decl = append(decl, t)
			continue
		}
		if name, from, to, ok := declaredType(body, decl); ok {
			types[name] = body[from:to]
			out.WriteString(body[copied:from])
			out.WriteString("record")
			copied = to
		}
		decl = decl[:0]
	}
	out.WriteString(body[copied:])
	out.WriteString(stmt[start+len(body):])
	return out.String(), types
}

// declaredType finds the type in a declaration "name [CONSTANT] type …", if it
// is one that may be composite.
func declaredType(body string, decl []Token) (name string, from, to int, ok bool) {
	text := func(i int) string { return strings.ToLower(body[decl[i].Start:decl[i].End]) }
	if len(decl) < 2 {
		return "", 0, 0, false
	}
	first := 1
	if text(first) == "constant" {
		first++
	}
	last := first
	for last < len(decl) && !afterType[text(last)] {
		last++
	}
	if last == first || builtinTypes[text(first)] || text(last-1) == "]" {
		return "", 0, 0, false
	}
	for i := first; i < last; i++ {
		switch text(i) {
		case "alias", "cursor", "scroll", "array":
			return "", 0, 0, false
		}
	}
	from, to = decl[first].Start, decl[last-1].End
	return text(0), from, to, !strings.Contains(body[from:to], "\n")
}

// afterType are the words behind a type in a declaration.
var afterType = wordSet(`:= = default not collate`)
