package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed query_logger_prints_values.md
var queryLoggerPrintsValuesPage string

// The taint analyzer reports loggers of one's own for gorm, whose Trace method
// writes what its callback returns; loggers.go reads configurations.
var queryLoggerPrintsValues = &rules.Rule{
	ID:        "PHI208",
	Slug:      "query-logger-prints-values",
	Title:     "query logger writes statements with their values",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532},
	Help:      queryLoggerPrintsValuesPage,
}
