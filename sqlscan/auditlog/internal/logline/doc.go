// Package logline cuts the log of a PostgreSQL server into messages.
//
// A [Reader] takes a stream and returns one [Record] a message, whatever
// format each line is in: csvlog, jsonlog, stderr with any log_line_prefix,
// what syslog makes of it, and the files of the extension pgauditlogtofile,
// which hosting services ship by syslog. Messages of several lines come back
// as one. The forms are those that PostgreSQL 15 to 17 write; the tests of
// package auditlog hold the reader against a running server.
//
// A reader keeps at most one message of [MaxRecord] bytes and, for syslog, the
// unfinished messages of a bounded number of processes. It never fails on what
// it reads: a line that belongs to no format is counted, a message that is cut
// off is returned as far as it goes, and marked.
package logline

// A Record is one message of the server. Its texts are valid until the next
// call of Next.
type Record struct {
	Line int // of its first line, from 1
	// Time is the message's time as it stands in the log, or nil.
	Time []byte
	// Role, Database are what the line says of them, or nil.
	Role, Database []byte
	// Severity is LOG, ERROR, FATAL, PANIC, WARNING, NOTICE, INFO or DEBUG and
	// a digit.
	Severity []byte
	State    []byte // SQLSTATE, or nil
	Message  []byte
	Detail   []byte
	Hint     []byte
	// Internal is a query that a function ran, Statement the one that the
	// client sent.
	Internal, Statement []byte
	Context             []byte
	// Bare says that Message is pgAudit's without "AUDIT: " before it.
	Bare bool
	// Cut says that the message does not end as it should: something on the
	// way has a limit for the length of a line, or the file ends.
	Cut bool
}

// MaxRecord bounds the bytes of one message. What is longer is cut.
const MaxRecord = 8 << 20

// Stats counts what a reader could not take whole.
type Stats struct {
	Lines   int // all lines
	Records int
	// Unknown lines belong to no format, FirstUnknown is the first of them.
	Unknown, FirstUnknown int
	// CutOff messages end too early, FirstCut is the line of the first.
	CutOff, FirstCut int
}
