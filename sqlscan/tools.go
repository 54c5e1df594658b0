package sqlscan

import "github.com/phivet/phivet/sqlscan/internal/source"

// Tools returns the names of the migration tools that [Options].Tool takes.
func Tools() []string { return source.Tools() }
