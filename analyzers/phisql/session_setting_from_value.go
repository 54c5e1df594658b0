package phisql

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed session_setting_from_value.md
var sessionSettingFromValuePage string

var sessionSettingFromValue = &rules.Rule{
	ID:        "PHI105",
	Slug:      "session-setting-from-value",
	Title:     "SET statement is built from a PHI value",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.AccessControl},
	CWE:       []int{89, 532},
	Help:      sessionSettingFromValuePage,
}
