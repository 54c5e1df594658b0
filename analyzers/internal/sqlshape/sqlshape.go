// Package sqlshape says what each hole in an SQL text is.
//
// Code that builds SQL leaves a text with holes: constant pieces, and places
// where a value of the running program is written. [Context.Analyze] takes
// such a template as a list of [Part] values, puts a fitting stand-in into
// each hole, parses the result with PostgreSQL's own grammar and reports the
// [Role] of each hole: a value compared with or written to a column, an
// identifier, the number of a placeholder, a sort direction, a piece of SQL
// and so on. A value's column is followed through aliases, joins, subqueries
// and common table expressions to its table, and classified with a
// [phi.Schema] or, where that does not know the table, from the names in the
// statement.
//
// [Context.Rewrite] is the counterpart: it puts a placeholder in the place of
// a value.
//
// The text may be incomplete or of another dialect. What the grammar does not
// take is judged by the words around the hole, so the answer gets coarser and
// never disappears. The package knows nothing of Go programs and takes time
// linear in the text: the number of attempts to parse is bounded.
package sqlshape

import (
	"fmt"
	"io"

	"github.com/phivet/phivet/rules/phi"
)

// A Part is a piece of SQL text: constant text, or a hole.
type Part struct {
	Text string // constant text, with %% and the like already undone
	Hole bool
	ID   int // the caller's number for the hole's value; holes may share one

	// Verb is the fmt verb that writes the hole ('s', 'd', 'v', 'q', 'x', …),
	// or 0 where it is concatenated.
	Verb rune
	// Quoted says that the value brings its own quotes: pq.QuoteLiteral,
	// strconv.Quote. Quotes in the constant text around a hole are seen here
	// and need not be told.
	Quoted bool
	// Ident says that the value passes through a quoting of identifiers:
	// pgx.Identifier.Sanitize, pq.QuoteIdentifier.
	Ident bool
	// Repeat says that the hole stands for any number of pieces: a slice that
	// is joined, or text that a loop appends.
	Repeat bool
	// Numeric says that the value is known to be a number.
	Numeric bool
	// Choices lists the constants that the value is known to be one of, such
	// as ASC and DESC. The hole then counts as constant text.
	Choices []string
}

// Text returns a constant part.
func Text(s string) Part { return Part{Text: s} }

// HolePart returns a concatenated hole.
func HolePart(id int) Part { return Part{Hole: true, ID: id} }

// A Role says what a hole stands for in the statement.
type Role int

// The roles of holes.
const (
	Unknown       Role = iota
	Value              // compared with or written to a column
	ValueOther         // any other value: an argument, a key, an expression
	Identifier         // the name of a table, column, function, schema
	DDLIdentifier      // a name that CREATE, ALTER, DROP, GRANT … introduce or change
	ColumnList         // the columns of a SELECT, INSERT or GROUP BY
	Placeholder        // the number of $%d, or text that is made of placeholders
	Limit              // LIMIT, OFFSET, FETCH
	OrderBy            // what is sorted by
	Keyword            // ASC, AND, an operator, a join type
	SQLFragment        // a condition, a clause, a whole statement
	Comment            // inside -- or /* */
	CommentOn          // the text of COMMENT ON or SECURITY LABEL
	Setting            // the value or name in SET x = …
	AppName            // the value of application_name
	Constant           // a hole with Choices
)

var roleNames = [...]string{
	"unknown", "value", "other value", "identifier", "DDL identifier", "column list", "placeholder", "limit",
	"order by", "keyword", "SQL fragment", "comment", "comment on", "setting", "application name", "constant",
}

// String returns the role in words.
func (r Role) String() string {
	if r < 0 || int(r) >= len(roleNames) {
		return "role(" + fmt.Sprint(int(r)) + ")"
	}
	return roleNames[r]
}

// IsValue reports whether the hole is data, which a placeholder could carry.
func (r Role) IsValue() bool { return r == Value || r == ValueOther }

// A Style is a driver's notation of placeholders.
type Style int

// The styles. Drivers of database/sql for PostgreSQL take Dollar; query
// builders and sqlx's Rebind take Question.
const (
	StyleNone Style = iota
	Dollar          // $1
	Question        // ?
	Colon           // :name
	At              // @name, @p1
)

var styleNames = [...]string{"none", "dollar", "question", "colon", "at"}

// String returns the style's name.
func (s Style) String() string {
	if s < 0 || int(s) >= len(styleNames) {
		return "style(" + fmt.Sprint(int(s)) + ")"
	}
	return styleNames[s]
}

// A ColumnRef names a column as far as the statement and the schema tell.
type ColumnRef struct {
	Schema, Table, Column string
	Class                 phi.Class
	// Key says that the column is the key of a patient: patient_id, or id in
	// a table of patients. Its class has tier 0 or 1 then, yet its value
	// points at one person.
	Key bool
}

// Qualified returns "table.column", or what of it is known.
func (c ColumnRef) Qualified() string {
	if c.Table == "" || c.Column == "" {
		return c.Table + c.Column
	}
	return c.Table + "." + c.Column
}

// Access says what a statement does with a column.
type Access int

// The kinds of access.
const (
	Read    Access = 1 << iota // selected, returned, sorted by
	Compare                    // in a condition
	Write                      // inserted, updated
)

// A Touch is a PHI column and what the statement does with it.
type Touch struct {
	ColumnRef
	Access Access
}

// A Hole is the judgement on one hole.
type Hole struct {
	ID   int
	Part int // index into the parts given
	Role Role
	ColumnRef
	Access Access // what a Value is to its column: Compare or Write
	// InQuotes says that the constant text puts the hole inside quotes.
	InQuotes bool
	// Setting is the name of the setting for the roles Setting and AppName.
	Setting string
	// Parsed says that the grammar decided, and not the words around.
	Parsed bool
}

// A Literal is a constant of the statement that is compared with or written
// to a column, or that looks like an identifier by itself. Its value may be
// PHI: nothing here prints it.
type Literal struct {
	Part, Offset, Len int // where its token stands: index of the part, byte offset and length in its text
	ColumnRef
	Access Access
	// Detection is what the value looks like, if anything.
	Detection phi.Detection
	Detected  bool
	// Placeholder says that the value is a stand-in: John Doe, example.com.
	Placeholder bool

	text string
}

// Value returns the literal's text without quotes. It is for detectors; it
// may be PHI and must never be printed.
func (l *Literal) Value() string { return l.text }

// Format writes the position and the column, never the value.
func (l Literal) Format(f fmt.State, _ rune) {
	io.WriteString(f, fmt.Sprintf("literal(part %d offset %d, %s)", l.Part, l.Offset, l.Qualified()))
}

// A Param is a placeholder that the text has already.
type Param struct {
	Number int    // of $n, 0 if the program numbers it; else counted from 1 in the order of the text
	Name   string // of :name and @name
	Role   Role   // Value, ValueOther, Limit, …
	ColumnRef
	Access Access
}

// A Set is a SET statement or a call of set_config.
type Set struct {
	Name  string // lower case; "" if a hole decides
	Local bool   // SET LOCAL, set_config(…, true)
	Call  bool   // set_config, which takes parameters
	Reset bool   // RESET, SET x TO DEFAULT
	// Part and Offset point at the name.
	Part, Offset int
}

// A Shape is what is known of a text.
type Shape struct {
	// OK says that the grammar took the whole text, with stand-ins for the
	// holes.
	OK bool
	// Command is the first statement's: SELECT, INSERT, UPDATE, DELETE, MERGE,
	// COPY, CALL, SET, DDL, UTILITY, or "" for a fragment and for unknown text.
	Command string
	// Fragment is what the text was taken for.
	Fragment Fragment
	// Statements counts what semicolons part.
	Statements int
	Tables     []string // base tables, in order of appearance, without schema
	Touches    []Touch  // PHI columns, in order of appearance
	Holes      []Hole   // in order of the parts, one for each hole
	Literals   []Literal
	Params     []Param
	Settings   []Set
	// Placeholders counts the arguments that the text asks for: the highest
	// $n, or the number of ? and names. Style is their notation.
	Placeholders int
	Style        Style
	// PHITable says that one of the tables is a PHI table.
	PHITable bool
}

// A Fragment says what piece of SQL a text is.
type Fragment int

// The kinds of fragments.
const (
	Auto      Fragment = iota // in Context: find out; in Shape: not known
	Statement                 // one or more whole statements
	Condition                 // after WHERE, ON or HAVING; also with the word itself
	Order                     // after ORDER BY
	Columns                   // what SELECT, GROUP BY or RETURNING list
	Tables                    // what FROM lists; JOIN …
	Assign                    // after UPDATE … SET
	Expr                      // one value expression
)

// A Context is what holds for many texts. Its zero value works: names are
// then judged by the built-in lexicon. A Context is not changed by its
// methods and may be shared.
type Context struct {
	Lexicon *phi.Lexicon
	Schema  *phi.Schema // may be nil
	// Hints are further identifiers of the program, for the lexicon's gate
	// that tells health data from other personal data.
	Hints []string
	// Table is the table that a builder's fragment belongs to, if known.
	Table string
	// Fragment says what the text is, where the builder's method tells.
	Fragment Fragment
}

// Analyze analyses the parts with the schema, which may be nil.
func Analyze(parts []Part, schema *phi.Schema) *Shape {
	return Context{Schema: schema}.Analyze(parts)
}
