// Package where composes conditions for other packages.
package where

import (
	"database/sql"
	"fmt"
	"strings"
)

func Equal(column, value string) string { // want Equal:`flows\(p0→r0 p1→r0\)`
	return fmt.Sprintf("%s = '%s'", column, value)
}

func Run(db *sql.DB, condition string, args ...any) (*sql.Rows, error) { // want Run:`p1→sql`
	return db.Query("SELECT id FROM patients WHERE "+condition, args...)
}

type Builder struct{ parts []string }

func (b *Builder) And(condition string) *Builder { // want And:`flows\(p0→r0 p1→r0 p1→\*p0\)`
	b.parts = append(b.parts, condition)
	return b
}

func (b *Builder) Text() string { // want Text:`p0→r0`
	return "SELECT id FROM patients WHERE " + strings.Join(b.parts, " AND ")
}
