package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed driver_detail_logged.md
var driverDetailLoggedPage string

var driverDetailLogged = &rules.Rule{
	ID:        "PHI206",
	Slug:      "driver-detail-logged",
	Title:     "fields of a database error that quote row values are logged",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{209, 532},
	Help:      driverDetailLoggedPage,
}
