package analyzers

import (
	"slices"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
)

// Validate reports what is wrong with the lines of Sources, Sinks and
// Sanitizers. It is asked before any package is analysed, because go vet caches
// a run that ended in an error as one without findings.
func (c Config) Validate() error {
	_, err := knowledge.Load(slices.Concat(c.Sources, c.Sinks, c.Sanitizers))
	return err
}
