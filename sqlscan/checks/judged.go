package checks

import (
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
)

// Telling reports whether a literal that meets a column of that class can say
// something about a person: flags, blanks, states of a workflow and the like
// cannot. Package auditlog asks it of the literals in a server's log.
func Telling(text string, class phi.Class) bool { return telling(text, class) }

// JudgePassword tells what kind of secret the text behind PASSWORD is and how
// bad it is to find it in SQL text: severity 0 for none, such as a variable
// that a tool fills in. What never repeats the secret.
func JudgePassword(secret string) (severity rules.Severity, what string) {
	return judgePassword(secret)
}
