package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed log_files_readable.md
var logFilesReadablePage string

var logFilesReadable = &rules.Rule{
	ID: "PHI709", Slug: "log-files-readable", Title: "log files can be read by others than the server",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Integrity, hipaa.AuditControls},
	CWE:       []int{732}, Help: logFilesReadablePage,
}
