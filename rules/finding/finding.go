// Package finding defines what phivet reports, and where.
//
// It is the only package that converts between byte offsets, lines, byte
// columns and UTF-16 columns (see [Mapper]), the only one that orders findings
// and the only one that computes their fingerprints.
package finding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/phivet/phivet/rules"
)

// A Position is a place in a file. Line and Column count from 1; Column counts
// bytes. Offset counts bytes from 0. Line 0 means that only the file is known.
type Position struct {
	Offset, Line, Column int
}

// A Span is a half-open range of one file. File is slash-separated and, once a
// run has collected its findings, relative to the root of the run.
type Span struct {
	File       string
	Start, End Position
}

// A Step is one station of a flow, or a place related to a finding.
type Step struct {
	Span    Span
	Message string
}

// An Edit replaces the bytes of Span by New.
type Edit struct {
	Span Span
	New  string
}

// A Fix is a set of edits that removes the finding.
type Fix struct {
	Message string
	Edits   []Edit
}

// A Finding is a fact with names: at most 100 characters, no advice, and never
// a value of PHI or a secret.
type Finding struct {
	Rule     *rules.Rule
	Severity rules.Severity // at most Rule.Severity, unless configured
	Message  string         // without the rule's ID
	Span     Span
	// Object is what the finding is about, independent of its line: a
	// qualified database object ("app.patients", "app.patients.ssn"), or a Go
	// function and sink. It identifies the finding across edits.
	Object string
	// Reason is the chain of facts that led to it, for explain and JSON, such
	// as "matched [first name] in patients (patient table)".
	Reason string
	// Flow leads from the source of the value to the sink; empty when there
	// is nothing to follow.
	Flow []Step
	// Related are other places worth seeing, such as where row security was
	// switched off.
	Related []Step
	Fix     *Fix
}

// A Notice tells the user about the run itself, such as what was not looked at.
type Notice struct {
	File    string // may be empty
	Line    int    // 0 when unknown
	Message string
}

// Fingerprint identifies the finding by rule, object and file, so that it
// survives edits elsewhere in the file. Occurrence tells apart findings that
// agree in all of them; it counts from 0 in file order.
func (f *Finding) Fingerprint(occurrence int) string {
	h := sha256.New()
	object := f.Object
	if object == "" {
		object = f.Message
	}
	for _, part := range []string{f.Rule.ID, f.Span.File, object, string(rune('0' + occurrence%10)), string(rune('0' + occurrence/10))} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Sort orders findings by file, place, rule and message: the one order in
// which phivet prints anything.
func Sort(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Span.File, b.Span.File),
			cmp.Compare(a.Span.Start.Line, b.Span.Start.Line),
			cmp.Compare(a.Span.Start.Column, b.Span.Start.Column),
			cmp.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(a.Message, b.Message),
		)
	})
}
