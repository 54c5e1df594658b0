package run

import (
	"github.com/phivet/phivet/cmd/internal/fix"
	"github.com/phivet/phivet/rules/finding"
)

// What follows is tested by itself; see the tests of the same names.
var (
	ParseDiff   = parseDiff
	ParseTarget = parseTarget
)

// Touches tells whether a line of a file is among the changes.
func (c changes) Touches(file string, line int) bool {
	for _, r := range c[file] {
		if line >= r.from && line <= r.to {
			return true
		}
	}
	return false
}

// Covers exports covers, Patterns and NotAmong what a target holds.
func (t *target) Covers(file string) bool           { return t.covers(file) }
func (t *target) Patterns() []string                { return t.patterns }
func (t *target) NotAmong(files ...string) []string { return t.notAmong(files) }

// NewlyBroken tells which changes a run takes back after it found the packages
// of after not to type-check, where those of before did not already.
func NewlyBroken(before, after []finding.Finding, last []fix.Change) []fix.Change {
	f := &fixing{undone: map[string]bool{}, broken: failed(before)}
	return f.newlyBroken(after, last)
}

// NotJudged is the finding on a package that does not type-check.
func NotJudged(pkg, file string) finding.Finding {
	return finding.Finding{Rule: notAnalysed, Object: pkg, Span: finding.Span{File: file}}
}
