// Package postgres declares what the cases call of jet, with its signatures:
// the module itself is not in every proxy.
package postgres

// RawArgs are values by placeholder.
type RawArgs map[string]interface{}

// Statement is a statement.
type Statement interface {
	Sql() (string, []interface{})
}

// RawStatement makes a statement of SQL text.
func RawStatement(rawQuery string, namedArguments ...RawArgs) Statement { return nil }
