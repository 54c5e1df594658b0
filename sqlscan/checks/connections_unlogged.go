package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed connections_unlogged.md
var connectionsUnloggedPage string

var connectionsUnlogged = &rules.Rule{
	ID: "PHI708", Slug: "connections-unlogged", Title: "connections leave no line in the log",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.LogInMonitoring},
	CWE:       []int{778}, Help: connectionsUnloggedPage,
}
