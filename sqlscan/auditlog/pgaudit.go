package auditlog

import (
	"bytes"

	"github.com/phivet/phivet/sqlscan/auditlog/internal/logline"
)

// An auditLine is what pgAudit writes behind "AUDIT: ".
type auditLine struct {
	command    []byte
	statement  []byte
	parameters []byte
}

// Indexes of pgAudit's fields: SESSION or OBJECT, the numbers of statement and
// sub-statement, class, command, type and name of the object, statement,
// parameters and, with pgaudit.log_rows, a number of rows.
const (
	auditCommand, auditStatement, auditParameters, auditFields = 4, 7, 8, 9
)

// parseAudit takes the fields apart. A statement that is cut off is returned as
// far as it goes. The texts are valid until buffer is used again.
func parseAudit(buffer, text []byte) (a auditLine, _ []byte, ok bool) {
	buffer = buffer[:0]
	for i := 0; i < auditFields && text != nil; i++ {
		var field []byte
		field, text, _ = logline.Field(text)
		switch i {
		case 0:
			if string(field) != "SESSION" && string(field) != "OBJECT" {
				return a, buffer, false
			}
		case auditCommand:
			a.command = field
		case auditStatement:
			buffer, a.statement = logline.Unquote(buffer, field)
			ok = true
		case auditParameters:
			buffer, a.parameters = logline.Unquote(buffer, field)
		}
	}
	return a, buffer, ok
}

// logged reports whether the parameters of an audit line hold any value.
// pgAudit writes words in angle brackets for what it leaves out.
func logged(parameters []byte) bool {
	for rest := parameters; len(rest) > 0; {
		var field []byte
		field, rest, _ = logline.Field(rest)
		switch string(bytes.TrimSpace(field)) {
		case "", "<not logged>", "<none>", "<previously logged>", "<long param suppressed>", "<long param suppressed>,":
		default:
			return true
		}
	}
	return false
}

// absent reports whether the statement of an audit line is not there.
func absent(statement []byte) bool {
	return len(statement) == 0 || string(statement) == "<not logged>" || string(statement) == "<previously logged>"
}
