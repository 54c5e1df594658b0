package main_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules/ruletest"
)

// TestPlantedValuesInLogs puts fifty values wherever a log can hold them, and
// reads it in every format of log and of report.
func TestPlantedValuesInLogs(t *testing.T) {
	logs := map[string]*strings.Builder{}
	for _, name := range []string{"server.log", "server.csv", "server.json", "syslog.log", "broken.log"} {
		logs[name] = new(strings.Builder)
	}
	csv := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	js := func(s string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
	}
	n := 0
	message := func(role, severity, text, detail, context, statement string) {
		n++
		at := fmt.Sprintf("2026-03-02 08:15:%02d.120 UTC", n%60)
		head := at + " [3021] " + role + "@clinic "
		log := logs["server.log"]
		for label, part := range map[string]string{severity: text, "DETAIL": detail, "CONTEXT": context, "STATEMENT": statement} {
			if label == severity {
				fmt.Fprintf(log, "%s%s:  %s\n", head, label, strings.ReplaceAll(part, "\n", "\n\t"))
			}
		}
		for _, part := range [][2]string{{"DETAIL", detail}, {"CONTEXT", context}, {"STATEMENT", statement}} {
			if part[1] != "" {
				fmt.Fprintf(log, "%s%s:  %s\n", head, part[0], strings.ReplaceAll(part[1], "\n", "\n\t"))
			}
		}
		fmt.Fprintf(logs["server.csv"], "%s,%s,\"clinic\",3021,\"10.0.0.7:1\",6b0147c0.bcd,%d,%s,%s,3/2,0,%s,00000,%s,%s,,,,%s,%s,,,%s,\"client backend\",,0\n",
			at, csv(role), n, csv(role), at, severity, csv(text), csv(detail), csv(context), csv(statement), csv(role))
		fmt.Fprintf(logs["server.json"], `{"timestamp":%s,"user":%s,"dbname":%s,"error_severity":%s,"message":%s,"detail":%s,"context":%s,"statement":%s,"application_name":%s}`+"\n",
			js(role), js(role), js(role), js(severity), js(text), js(detail), js(context), js(statement), js(role))
		fmt.Fprintf(logs["syslog.log"], "Mar  2 08:15:01 db1 postgres[3021]: [%d-1] %s%s:  %s\n", n, head, severity, strings.ReplaceAll(text, "\n", "#012"))
		fmt.Fprintf(logs["broken.log"], "%s\n%s%s:  %s\n\"%s\n{\"message\":%s\n%s,%s\n", role, head, severity, text[:len(text)/2], statement, js(statement), at, csv(text))
	}
	for i, v := range planted() {
		quoted := `"` + v + `"`
		for _, statement := range []string{
			"SELECT id FROM patients WHERE ssn = '" + v + "' /* " + v + " */",
			"INSERT INTO patients (ssn, " + quoted + ") VALUES ('" + v + "', '" + v + "') -- " + v,
			"SELECT " + quoted + " FROM " + quoted + " WHERE " + quoted + " = '" + v + "'",
			"CREATE TABLE " + quoted + " (ssn text DEFAULT '" + v + "')", "COMMENT ON TABLE patients IS '" + v + "'",
			"CREATE ROLE " + quoted + " PASSWORD '" + v + "'", "SELECT broken '" + v + "' FROM FROM " + v,
			"DO $$ BEGIN EXECUTE 'ALTER ROLE x PASSWORD ''" + v + "'''; RAISE NOTICE '" + v + "'; END $$",
			"SELECT '" + v, "EXECUTE q('" + v + "')", "SELECT dblink('host=" + v + " password=" + v + "')",
		} {
			message("app", "LOG", "AUDIT: SESSION,1,1,READ,"+v+","+v+","+v+","+csv(statement)+","+v, "", "", "")
			message(v, "LOG", "duration: 1.000 ms  statement: "+statement, "parameters: $1 = '"+v+"'", "", "")
			message("app", "ERROR", "invalid input syntax for type date: "+quoted, "Key (ssn)=("+v+") already exists.", "SQL statement \""+statement+"\"", statement)
		}
		message("app", "ERROR", "new row for relation "+quoted+" violates check constraint "+quoted, "Failing row contains ("+v+").", "COPY "+v+", line 1, column "+v+": "+quoted, "")
		message("app", "ERROR", "new row for relation \"patients\" violates check constraint "+quoted, "Key ("+v+")=("+v+") already exists.", "COPY patients, line 1, column "+v+": "+quoted, "")
		message("app", "WARNING", "no patient "+v, v, v, "")
		message("app", "LOG", fmt.Sprintf("execute %s: SELECT %d FROM patients WHERE ssn = $1", v, i), "parameters: $1 = '"+v+"'", "", "")
	}
	files := ruletest.Files{".phivet.toml": "", "migrations/001.sql": "CREATE TABLE patients (id bigint PRIMARY KEY, name text, ssn text UNIQUE);\n"}
	for name, b := range logs {
		files[name] = b.String()
	}
	root := files.Write(t)
	args := []string{"audit-log", "--min-severity", "info"}
	for _, format := range report.Formats() {
		args = append(args, "--out", format)
	}
	for _, dir := range []string{".", t.TempDir()} { // with and without a schema
		var all strings.Builder
		for name := range logs {
			cmd := exec.Command(filepath.Join(binDir, "phivet"), append(args, "-C", dir, name)...)
			cmd.Dir = root
			out, _ := cmd.CombinedOutput() // findings are an exit code too
			for _, id := range []string{"PHI801", "PHI802", "PHI803", "PHI804"} {
				if name != "broken.log" && name != "syslog.log" && !strings.Contains(string(out), id) {
					t.Errorf("%s gives no %s:\n%.2000s", name, id, out)
				}
			}
			all.Write(out)
		}
		for _, v := range planted() {
			if i := strings.Index(all.String(), v); i >= 0 {
				t.Errorf("%q is printed: …%.300s…", v, all.String()[max(i-200, 0):])
			}
		}
	}
}
