package source

import (
	"bytes"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// sections returns a function that blanks from each line that matches down to
// the next one that matches up, or to the end if up is "". The marker lines
// themselves stay; they are comments.
//
// A marker also ends the statement before it: tools split there, and a last
// statement without a semicolon is common.
func sections(down, up string) func(sql []byte) {
	downLine := lazyregexp.New(down)
	var upLine *lazyregexp.Regexp
	if up != "" {
		upLine = lazyregexp.New(up)
	}
	return func(sql []byte) {
		off := false
		eachLine(sql, func(start, end int) {
			line := sql[start:end]
			switch {
			case !isComment(line):
				if off {
					blank(line)
				}
			case downLine.Match(line):
				off = true
				endStatement(line)
			case upLine != nil && upLine.Match(line):
				off = false
				endStatement(line)
			case off:
				blank(line)
			}
		})
	}
}

// endStatement writes ";--" over the start of a comment line.
func endStatement(line []byte) {
	if i := bytes.IndexByte(line, '-'); i >= 0 && len(line) >= i+3 && line[i+1] == '-' {
		copy(line[i:], ";--")
	}
}

// eachLine calls f for every line, without its line end.
func eachLine(b []byte, f func(start, end int)) {
	for start := 0; start < len(b); {
		end := len(b)
		if n := bytes.IndexByte(b[start:], '\n'); n >= 0 {
			end = start + n
		}
		f(start, end)
		start = end + 1
	}
}

var archiveFile = lazyregexp.New(`^-- (\S+) --\s*$`)

// atlasArchive blanks the files of an Atlas migration archive that are not
// run on the way up: checks and the way down.
func atlasArchive(sql []byte) {
	if !bytes.HasPrefix(sql, []byte("-- atlas:txtar")) {
		return
	}
	off := false
	eachLine(sql, func(start, end int) {
		line := sql[start:end]
		if m := archiveFile.FindSubmatch(line); m != nil {
			off = string(m[1]) != "migration.sql"
			endStatement(line)
		} else if off {
			blank(line)
		}
	})
}

var (
	checkpoint = lazyregexp.New(`(?m)^--[ \t]*atlas:checkpoint`)
	changeset  = lazyregexp.New(`(?i)^\s*--\s*changeset\s+\S`)
	dbms       = lazyregexp.New(`(?i)\bdbms:\s*"?([\w!, ]+?)"?(\s+\w+:|\s*$)`)
)

// fromCheckpoint drops what is before Atlas's last checkpoint: a checkpoint
// holds the whole schema up to it.
func fromCheckpoint(files []*file) []*file {
	for i := len(files) - 1; i >= 0; i-- {
		head := files[i].content[:min(len(files[i].content), 4096)]
		if checkpoint.Match(head) {
			return files[i:]
		}
	}
	return files
}

// otherDatabases blanks the Liquibase changesets that are for other databases
// than PostgreSQL. Rollbacks are comments and need no care.
func otherDatabases(sql []byte) {
	off := false
	eachLine(sql, func(start, end int) {
		line := sql[start:end]
		if changeset.Match(line) {
			off = false
			if m := dbms.FindSubmatch(line); m != nil {
				off = !forPostgres(string(m[1]))
			}
			endStatement(line)
		} else if off {
			blank(line)
		}
	})
}

// forPostgres reads a list such as "postgresql,h2" or "!mysql".
func forPostgres(list string) bool {
	excluded := false
	for name := range strings.SplitSeq(strings.ToLower(list), ",") {
		switch strings.TrimSpace(name) {
		case "postgresql", "postgres", "all":
			return true
		case "!postgresql", "none":
			return false
		}
		excluded = excluded || strings.HasPrefix(strings.TrimSpace(name), "!")
	}
	return excluded
}
