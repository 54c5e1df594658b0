package phisql

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed session_setting_on_pool.md
var sessionSettingOnPoolPage string

var sessionSettingOnPool = &rules.Rule{
	ID:        "PHI106",
	Slug:      "session-setting-on-pool",
	Title:     "session setting outlives its user on a pooled connection",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.UniqueUserID},
	CWE:       []int{488, 613},
	Help:      sessionSettingOnPoolPage,
}
