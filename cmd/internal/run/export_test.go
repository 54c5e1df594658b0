package run

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
