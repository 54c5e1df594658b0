// Package orm declares what the cases call of beego's mapper, with its
// signatures: the module itself is not in every proxy.
package orm

import "context"

// RawSeter runs a raw statement.
type RawSeter interface {
	QueryRow(containers ...interface{}) error
	SetArgs(args ...interface{}) RawSeter
}

// DML runs statements.
type DML interface {
	Raw(query string, args ...interface{}) RawSeter
	RawWithCtx(ctx context.Context, query string, args ...interface{}) RawSeter
}

// QueryBuilder composes a statement.
type QueryBuilder interface {
	Select(fields ...string) QueryBuilder
	From(tables ...string) QueryBuilder
	On(cond string) QueryBuilder
	Where(cond string) QueryBuilder
	And(cond string) QueryBuilder
	Or(cond string) QueryBuilder
	Having(cond string) QueryBuilder
	Limit(limit int) QueryBuilder
	String() string
}
