package source

import (
	"bytes"
	"strings"
)

// maxBranch bounds how far the end of a branch is looked for.
const maxBranch = 1 << 16

// choose follows a condition that asks for the kind of database: it blanks the
// branch for the others. It returns how many bytes are done with, or 0 if the
// condition asks for something else.
func (m *masker) choose(i, n int, condition string) int {
	ours, asked := asksForPostgres(condition)
	if !asked {
		return 0
	}
	other, otherEnd, inside := m.branchEnd(i + n)
	if other < 0 {
		return 0
	}
	if !ours {
		blank(m.sql[i:other])
		if rest, chained := strings.CutPrefix(inside, "else if "); chained {
			if skipped := m.choose(other, otherEnd-other, "if "+rest); skipped > 0 {
				return other - i + skipped
			}
		}
		blank(m.sql[other:otherEnd])
		return otherEnd - i
	}
	if strings.HasPrefix(inside, "else") {
		end, endOf := other, otherEnd
		for end >= 0 && inside != "end" {
			end, endOf, inside = m.branchEnd(endOf)
		}
		if end >= 0 {
			blank(m.sql[other:endOf])
		}
	}
	blank(m.sql[i : i+n])
	return n
}

// databases are the words for databases other than PostgreSQL.
var databases = rx(`(?i)mysql|mariadb|sqlite|mssql|sqlserver|oracle|cockroach|spanner|clickhouse|tidb`)

// asksForPostgres reports what a condition says of PostgreSQL, if it asks for the
// kind of database at all.
func asksForPostgres(condition string) (ours, asked bool) {
	postgres := strings.Contains(strings.ToLower(condition), "postgres")
	if postgres == databases.MatchString(condition) {
		return false, false
	}
	negative := strings.Contains(condition, "not ") || strings.Contains(condition, "ne ") || strings.Contains(condition, "!=")
	return postgres != negative, true
}

// branchEnd finds the else or end that belongs to the branch that starts at i.
func (m *masker) branchEnd(i int) (start, end int, inside string) {
	depth := 0
	for limit := min(i+maxBranch, len(m.sql)); i < limit; {
		open := bytes.Index(m.sql[i:limit], []byte("{{"))
		if open < 0 {
			return -1, -1, ""
		}
		start = i + open
		length := bytes.Index(m.sql[start:min(start+maxAction, len(m.sql))], []byte("}}"))
		if length < 0 {
			return -1, -1, ""
		}
		end = start + length + 2
		inside = strings.Trim(string(m.sql[start+2:end-2]), "- \t\r\n")
		switch word, _, _ := strings.Cut(inside, " "); word {
		case "if", "range", "with", "block", "define":
			depth++
		case "end":
			if depth == 0 {
				return start, end, inside
			}
			depth--
		case "else":
			if depth == 0 {
				return start, end, inside
			}
		}
		i = end
	}
	return -1, -1, ""
}
