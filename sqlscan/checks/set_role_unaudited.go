package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed set_role_unaudited.md
var setRoleUnauditedPage string

var setRoleUnaudited = &rules.Rule{
	ID: "PHI704", Slug: "set-role-unaudited", Title: "changes of role leave no audit line",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.UniqueUserID},
	CWE:       []int{778}, Help: setRoleUnauditedPage,
}
