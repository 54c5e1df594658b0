package auditlog

import "github.com/phivet/phivet/rules"

// Rules returns the rules that reading a log can report, in the order of their
// IDs.
func Rules() []*rules.Rule {
	return []*rules.Rule{phiInAuditLine, parametersInAuditLine, passwordInAuditLine, errorDetailInLog}
}
