package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed log_carries_detail.md
var logCarriesDetailPage string

var logCarriesDetail = &rules.Rule{
	ID: "PHI720", Slug: "log-carries-detail", Title: "log has the details of errors, keys included",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{209, 532}, Help: logCarriesDetailPage,
}
