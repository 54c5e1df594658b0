package pgparse

import "runtime"

// maxDepth bounds the depth of a tree that is given to the library. Writing a
// tree out, it recurses without looking at its stack, and a chain of 40,000
// operators overruns the 8 MB that a thread has on Linux. Other systems give
// threads much less.
var maxDepth = func() int {
	if runtime.GOOS == "linux" {
		return 8000
	}
	return 1000
}()

// maxTokens bounds the words of a statement: its tree takes about 400 bytes for
// each. Nobody writes such a statement by hand, and what a program writes in
// that size is data.
const maxTokens = 1_000_000

// tooMuch returns why a statement cannot be given to the library, "" if it can,
// and the place where the bound is passed. It estimates from above how deep the
// tree of sql will be: parentheses, and what chains to the left inside each
// pair of them. Conjunctions and lists are flat.
func tooMuch(sql string) (string, int) {
	if len(sql) <= maxDepth {
		return "", 0
	}
	type level struct{ operators, clauses int }
	l := lexer{src: []byte(sql)}
	levels := []level{{}}
	total := 0
	for tokens := 0; ; tokens++ {
		t, ok := l.next()
		if !ok {
			return "", 0
		}
		if tokens == maxTokens {
			return "statement is too large", t.Start
		}
		top := &levels[len(levels)-1]
		switch t.Kind {
		case OperatorToken:
			top.operators++
			total++
		case PunctToken:
			switch l.src[t.Start] {
			case '(', '[':
				levels = append(levels, level{operators: 1})
				total++
			case ')', ']':
				total -= top.operators + top.clauses
				levels = levels[:len(levels)-1]
				if len(levels) == 0 {
					levels, total = append(levels, level{}), 0
				}
			case ',':
				total -= top.operators
				top.operators = 0
			}
		case IdentToken:
			switch chains(l.src[t.Start:t.End]) {
			case chainClause:
				top.clauses++
				total++
			case chainOperator:
				top.operators++
				total++
			case chainReset:
				total -= top.operators
				top.operators = 0
			}
		}
		if total > maxDepth {
			return "statement nests too deeply", t.Start
		}
	}
}

type chain uint8

const (
	chainNone chain = iota
	chainClause
	chainOperator
	chainReset
)

// chains tells what a word does to the depth of the expression around it.
func chains(w []byte) chain {
	if len(w) < 2 || len(w) > 9 {
		return chainNone
	}
	switch w[0] | 0x20 {
	case 'u':
		return when(equalFold(w, "union"), chainClause)
	case 'e':
		return when(equalFold(w, "except"), chainClause)
	case 'j':
		return when(equalFold(w, "join"), chainClause)
	case 'i':
		if equalFold(w, "intersect") {
			return chainClause
		}
		return when(equalFold(w, "is") || equalFold(w, "isnull") || equalFold(w, "in") || equalFold(w, "ilike"), chainOperator)
	case 'n':
		return when(equalFold(w, "not") || equalFold(w, "notnull"), chainOperator)
	case 'c':
		return when(equalFold(w, "collate") || equalFold(w, "case"), chainOperator)
	case 'a':
		if equalFold(w, "and") {
			return chainReset
		}
		return when(equalFold(w, "at"), chainOperator)
	case 'l':
		return when(equalFold(w, "like"), chainOperator)
	case 'o':
		return when(equalFold(w, "or"), chainReset)
	}
	return chainNone
}

func when(ok bool, c chain) chain {
	if ok {
		return c
	}
	return chainNone
}
