package auditlog_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/phivet/phivet/sqlscan/auditlog"
)

// kinds of line that a busy server writes.
var benchLines = map[string]func(i int) string{
	// Nothing to parse: one statement, its values bound.
	"bound": func(i int) string {
		return fmt.Sprintf(`AUDIT: SESSION,%d,1,READ,SELECT,,,"SELECT p.id, p.first_name, v.reason FROM patients p JOIN visits v ON v.patient_id = p.id WHERE p.ssn = $1 ORDER BY v.at DESC LIMIT 50",<not logged>`, i)
	},
	// Literals in each line, all of one shape.
	"literals": func(i int) string {
		return fmt.Sprintf(`AUDIT: SESSION,%d,1,READ,SELECT,,,"SELECT p.id, p.first_name, v.reason FROM patients p JOIN visits v ON v.patient_id = p.id WHERE p.ssn = '401-11-%04d' ORDER BY v.at DESC LIMIT 50",<not logged>`, i, 1000+i%9000)
	},
	// A comment of its own in each line, as tracers add it.
	"comments": func(i int) string {
		return fmt.Sprintf(`AUDIT: SESSION,%d,1,READ,SELECT,,,"SELECT id, first_name FROM patients WHERE ssn = $1 /*traceparent='00-5bd66ef5095369c7b0d1f8f4bd%06x-c532cb4098ac3dd2-01'*/",<not logged>`, i, i)
	},
	// Literals, and ever new tables.
	"tables": func(i int) string {
		return fmt.Sprintf(`AUDIT: SESSION,%d,1,READ,SELECT,,,SELECT id FROM visits_%d WHERE ssn = '401-11-%04d',<not logged>`, i, i/10, 1000+i%9000)
	},
	// A shape of its own for each line of a thousand.
	"shapes": func(i int) string {
		return fmt.Sprintf(`AUDIT: SESSION,%d,1,READ,SELECT,,,SELECT id FROM staging_%d WHERE batch = $1,<not logged>`, i, i%1000)
	},
}

func benchLog(format, kind string) []byte {
	var b bytes.Buffer
	for i := range 20_000 {
		message := benchLines[kind](i)
		at := fmt.Sprintf("2026-03-02 08:%02d:%02d.%03d UTC", i/60%60, i%60, i%1000)
		switch format {
		case "csvlog":
			fmt.Fprintf(&b, `%s,"app","clinic",3021,"10.0.0.7:50122",6b0147c0.bcd,%d,"SELECT",2026-03-02 08:15:00 UTC,3/%d,0,LOG,00000,"%s",,,,,,,,,"app","client backend",,0`+"\n", at, i, i, bytes.ReplaceAll([]byte(message), []byte(`"`), []byte(`""`)))
		case "jsonlog":
			fmt.Fprintf(&b, `{"timestamp":"%s","user":"app","dbname":"clinic","pid":3021,"session_id":"6b0147c0.bcd","line_num":%d,"error_severity":"LOG","message":"%s","application_name":"app"}`+"\n", at, i, bytes.ReplaceAll([]byte(message), []byte(`"`), []byte(`\"`)))
		case "stderr":
			fmt.Fprintf(&b, "%s [3021] app@clinic LOG:  %s\n", at, message)
		case "syslog":
			fmt.Fprintf(&b, "Mar  2 08:15:01 db1 postgres[3021]: [%d-1] %s [3021] app@clinic LOG:  %s\n", i, at, message)
		}
	}
	return b.Bytes()
}

// BenchmarkAuditLog says how many bytes of a log are read in a second.
func BenchmarkAuditLog(b *testing.B) {
	for _, format := range []string{"csvlog", "jsonlog", "stderr", "syslog"} {
		for _, kind := range []string{"bound", "comments", "literals", "tables", "shapes"} {
			b.Run(format+"/"+kind, func(b *testing.B) {
				log := benchLog(format, kind)
				b.SetBytes(int64(len(log)))
				b.ReportAllocs()
				for b.Loop() {
					s := auditlog.New(auditlog.Options{})
					if err := s.Read(context.Background(), "log", bytes.NewReader(log)); err != nil {
						b.Fatal(err)
					}
					if f := s.Files()[0]; f.Audit != 20_000 {
						b.Fatalf("%d messages of pgAudit, want 20000", f.Audit)
					}
				}
			})
		}
	}
}
