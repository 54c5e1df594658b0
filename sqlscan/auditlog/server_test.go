package auditlog_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/rules/ruletest/pgtest"
	"github.com/phivet/phivet/sqlscan"
	"github.com/phivet/phivet/sqlscan/auditlog"
)

// auditSettings are what services for health data document: everything but
// MISC, statements, no parameters; and a log in all formats at once.
const auditSettings = `
pgaudit.log = 'all, -misc'
pgaudit.log_parameter = off
pgaudit.log_catalog = off
pgaudit.log_statement = on
pgaudit.log_relation = off
pgaudit.log_statement_once = off
logging_collector = on
log_destination = 'stderr,csvlog,jsonlog'
log_filename = 'server.log'
log_connections = on
log_disconnections = on
log_lock_waits = on
log_line_prefix = '%m [%p] %q%u@%d/%a '
`

const clinicSchema = `
CREATE TABLE patients (id bigint PRIMARY KEY, first_name text, ssn text UNIQUE, dob date, mrn text CHECK (length(mrn) < 30));
CREATE TABLE drugs (id bigint PRIMARY KEY, name text UNIQUE);
CREATE FUNCTION find_patient(p_ssn text) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY EXECUTE format('SELECT id FROM patients WHERE ssn = %L', p_ssn); END $$;
CREATE FUNCTION greet(p_ssn text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN RAISE WARNING 'no patient with ssn %', p_ssn; END $$;
`

// A leak is something that a program does under a role of its own, so that the
// findings tell by the role which leak they are of.
type leak struct {
	role string
	// setup is what a superuser sets for the role beforehand.
	setup string
	do    func(context.Context, *pgx.Conn) error
	// want are the findings; audit those of pgAudit's lines alone.
	want, audit []string
	// newer are those that PostgreSQL 16 and later add.
	newer []string
}

// exec runs texts by the simple protocol, whatever comes of it.
func exec(texts ...string) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		for _, text := range texts {
			_ = c.PgConn().Exec(ctx, text).Close()
		}
		return nil
	}
}

// bound runs a text with parameters that are bound.
func bound(text string, args ...any) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		_, _ = c.Exec(ctx, text, args...)
		return nil
	}
}

func copyIn(text, rows string) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		_, _ = c.PgConn().CopyFrom(ctx, strings.NewReader(rows), text)
		return nil
	}
}

const (
	selectSSN = "PHI801 text of SELECT holds literals of patients (ssn)"
	insertAll = "PHI801 text of INSERT holds literals of patients (first_name, ssn and 2 more)"
	roleInDO  = "PHI803 password stands in the text of DO"
)

var leaks = []leak{
	{role: "literal", do: exec("SELECT id FROM patients WHERE ssn = '401-11-2203'"), want: []string{selectSSN}, audit: []string{selectSSN}},
	{role: "many_lines", do: exec("INSERT INTO patients (id, first_name, ssn, dob, mrn)\n\t VALUES (2, 'Wil\"ma, O''K', '402-12-2204',\r\n '1962-03-04', E'K4400917')"),
		want: []string{insertAll}, audit: []string{insertAll}},
	{role: "no_columns", do: exec("INSERT INTO patients VALUES (3, 'Quentin', '403-12-2204', '1962-03-04', 'K4400918')"),
		want: []string{insertAll}, audit: []string{insertAll}},
	{role: "simple_protocol", do: func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "SELECT id FROM patients WHERE ssn = $1", pgx.QueryExecModeSimpleProtocol, "404-14-2206")
		return err
	}, want: []string{selectSSN}, audit: []string{selectSSN}},
	{role: "comment", do: exec("/* patient 405-15-2207 */ SELECT id FROM patients WHERE id = 1"),
		want:  []string{"PHI801 text of SELECT holds what looks like SSN in a comment"},
		audit: []string{"PHI801 text of SELECT holds what looks like SSN in a comment"}},
	{role: "dynamic", do: bound("SELECT find_patient($1)", "406-16-2208"), want: []string{selectSSN}, audit: []string{selectSSN}},
	{role: "parameters", setup: "ALTER ROLE %s SET pgaudit.log_parameter = on", do: bound("SELECT id FROM patients WHERE ssn = $1", "407-17-2209"),
		want: []string{"PHI802 parameters of SELECT on patients are in the log"}, audit: []string{"PHI802 parameters of SELECT on patients are in the log"}},
	{role: "slow", setup: "ALTER ROLE %s SET log_min_duration_statement = 0", do: bound("DELETE FROM patients WHERE ssn = $1", "408-18-2210"),
		want: []string{"PHI802 parameters of DELETE on patients are in the log"}},
	{role: "error_parameters", setup: "ALTER ROLE %s SET log_parameter_max_length_on_error = -1", do: bound("SELECT 1 / (length($1::text) - 11)", "409-19-2211"),
		want: []string{"PHI802 parameters of SELECT are in the log"}},
	{role: "logged_role", setup: "ALTER ROLE %s SET log_statement = 'ddl'", do: exec("CREATE ROLE intake LOGIN PASSWORD 'mV7tqR2xWz'"),
		want: []string{"PHI803 password stands in the text of CREATE"}},
	{role: "do_body", do: exec("DO $$ BEGIN EXECUTE format('CREATE ROLE ward PASSWORD %L', 'mV7tqR2xWy'); END $$"), want: []string{roleInDO},
		// The file holds the context too, and with it the statement that pgAudit cuts off.
		audit: []string{"PHI803 password stands in the text of CREATE", roleInDO}},
	{role: "failed_role", do: exec("CREATE ROLE postgres PASSWORD 'mV7tqR2xWx'"), want: []string{"PHI803 password stands in the text of CREATE"}},
	{role: "duplicate", do: bound("INSERT INTO patients (id, ssn) VALUES ($1, $2)", 4, "402-12-2204"), want: []string{"PHI804 DETAIL of an error repeats patients.ssn"}},
	{role: "failing_row", do: bound("INSERT INTO patients (id, first_name, mrn) VALUES ($1, $2, $3)", 5, "Wilma", strings.Repeat("K", 40)),
		want: []string{"PHI804 DETAIL of an error repeats a row of patients"}},
	{role: "bad_value", do: bound("SELECT id FROM patients WHERE dob = $1::text::date", "Wilma Okafor"),
		want: []string{"PHI804 message of an error repeats a value sent to patients"}},
	{role: "copy_value", do: copyIn("COPY patients FROM STDIN", "6\tWilma\t410-20-2212\tnever\t\\N\n"),
		want: []string{"PHI804 CONTEXT of an error repeats patients.dob"}},
	{role: "copy_line", do: copyIn("COPY patients FROM STDIN", "7\tWilma\n"), want: []string{"PHI804 CONTEXT of an error repeats a row of patients"}},
	{role: "raised", do: bound("SELECT greet($1)", "411-21-2213"), want: []string{"PHI804 the text of a server message holds what looks like SSN"}},
	{role: "execute", setup: "ALTER ROLE %s SET log_statement = 'all'", do: exec("PREPARE q(text) AS SELECT id FROM patients WHERE ssn = $1", "EXECUTE q('412-22-2214')"),
		want: []string{"PHI801 text of EXECUTE holds literals of patients (ssn)"}},
	{role: "plan", setup: "ALTER ROLE %[1]s SET session_preload_libraries = 'auto_explain'; ALTER ROLE %[1]s SET auto_explain.log_min_duration = 0",
		do:    bound("SELECT id FROM patients AS p WHERE upper(ssn) = $1 AND id > 0", "415-25-2217"),
		want:  []string{"PHI801 text of a plan holds literals of patients (ssn)"},
		newer: []string{"PHI802 parameters of SELECT on patients are in the log"}},
	{role: "named_table", do: exec("CREATE TABLE visits_patient_john_smith (id int)"),
		want: []string{"PHI801 text of CREATE holds what looks like person name in a name"}, audit: []string{"PHI801 text of CREATE holds what looks like person name in a name"}},

	// What must stay silent.
	{role: "fine_bound", do: bound("SELECT id FROM patients WHERE ssn = $1 AND dob = $2", "402-12-2204", time.Date(1962, 3, 4, 0, 0, 0, 0, time.UTC))},
	{role: "fine_role", do: exec("CREATE ROLE nurse LOGIN PASSWORD 'mV7tqR2xWv'", "ALTER ROLE nurse PASSWORD 'mV7tqR2xWu'", "DROP ROLE nurse")},
	{role: "fine_copy", do: copyIn("COPY patients FROM STDIN", "8\tWilma\t413-23-2215\t1963-01-01\tK55\n")},
	{role: "fine_prepare", do: exec("PREPARE q(text) AS SELECT id FROM patients WHERE ssn = $1", "EXECUTE q('414-24-2216')", "DEALLOCATE q")},
	{role: "fine_drugs", do: exec("INSERT INTO drugs VALUES (1, 'Amoxicillin 500')", "INSERT INTO drugs VALUES (2, 'Amoxicillin 500')", "SELECT * FROM drugs WHERE id = 'x'")},
	{role: "fine_ddl", do: exec("CREATE TABLE t (name text DEFAULT 'none', CHECK (length(name) < 200))", "SELECT 'a\nb' AS \"odd \"\" name\"", "DROP TABLE t")},
}

// TestRealServer has a server log each leak, and reads what it wrote in each
// format: every leak is found, and nothing else.
func TestRealServer(t *testing.T) {
	pgtest.RequireLibrary(t, 15, "pgaudit")
	s := pgtest.StartWith(t, 15, "shared_preload_libraries = 'pgaudit'\n"+auditSettings)
	runLeaks(t, s)
	schema := classified(t)
	for _, name := range []string{"server.log", "server.csv", "server.json"} {
		t.Run(name, func(t *testing.T) {
			content := waitFor(t, filepath.Join(s.Data(), "log", name))
			compare(t, content, auditlog.Options{Schema: schema}, func(l leak) []string { return l.want })
		})
	}
	t.Run("packed by syslog", func(t *testing.T) {
		content := waitFor(t, filepath.Join(s.Data(), "log", "server.log"))
		compare(t, bySyslog(content), auditlog.Options{Schema: schema}, func(l leak) []string { return l.want })
	})
}

// TestRealServerFile does the same with the extension that hosting services
// take to write pgAudit's lines to a file of their own.
func TestRealServerFile(t *testing.T) {
	pgtest.RequireLibrary(t, 15, "pgaudit")
	pgtest.RequireLibrary(t, 15, "pgauditlogtofile")
	s := pgtest.StartWith(t, 15, "shared_preload_libraries = 'pgaudit,pgauditlogtofile'\npgaudit.log_directory = 'log'\npgaudit.log_filename = 'audit.csv'\n"+auditSettings)
	runLeaks(t, s)
	content := waitFor(t, filepath.Join(s.Data(), "log", "audit.csv"))
	compare(t, content, auditlog.Options{Schema: classified(t)}, func(l leak) []string { return l.audit })
}

// TestRealServer17 does the same without pgAudit, on the version whose words are
// the newest: what is left is what the server writes itself.
func TestRealServer17(t *testing.T) {
	var settings []string
	for _, line := range strings.Split(auditSettings, "\n") {
		if !strings.HasPrefix(line, "pgaudit") {
			settings = append(settings, line)
		}
	}
	s := pgtest.StartWith(t, 17, strings.Join(settings, "\n")+"\nlog_statement = 'none'")
	runLeaks(t, s)
	for _, name := range []string{"server.log", "server.csv", "server.json"} {
		t.Run(name, func(t *testing.T) {
			content := waitFor(t, filepath.Join(s.Data(), "log", name))
			compare(t, content, auditlog.Options{Schema: classified(t)}, func(l leak) []string {
				want := slices.DeleteFunc(slices.Clone(l.want), func(w string) bool { return slices.Contains(l.audit, w) || w == roleInDO })
				return append(want, l.newer...)
			})
		})
	}
}

func classified(t *testing.T) *phi.Schema {
	t.Helper()
	r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: ruletest.Files{"migrations/001.sql": clinicSchema}.Write(t)})
	if err != nil {
		t.Fatal(err)
	}
	return r.Schema
}

// endMark is the last thing that the server logs.
const endMark = "end_of_the_leaks"

func runLeaks(t *testing.T, s *pgtest.Server) {
	t.Helper()
	connect := func(role string) *pgx.Conn {
		config, err := pgx.ParseConfig("sslmode=disable")
		if err != nil {
			t.Fatal(err)
		}
		config.Host, config.Port, config.User, config.Password, config.Database = s.Socket(), 5432, role, "", "postgres"
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	admin := connect("postgres")
	defer admin.Close(t.Context())
	for _, text := range []string{"CREATE EXTENSION IF NOT EXISTS pgaudit", clinicSchema} {
		if err := admin.PgConn().Exec(t.Context(), text).Close(); err != nil && s.Major == 15 {
			t.Fatal(err)
		}
	}
	for _, l := range leaks {
		setup := []string{"CREATE ROLE " + l.role + " SUPERUSER LOGIN"}
		if l.setup != "" {
			setup = append(setup, fmt.Sprintf(l.setup, l.role))
		}
		for _, text := range setup {
			if err := admin.PgConn().Exec(t.Context(), text).Close(); err != nil {
				t.Fatal(err)
			}
		}
		conn := connect(l.role)
		if err := l.do(t.Context(), conn); err != nil {
			t.Errorf("%s: %v", l.role, err)
		}
		_ = conn.Close(t.Context())
	}
	for _, text := range []string{"SELECT 1 AS " + endMark, "SELECT " + endMark} { // the second one fails, which is always logged
		_ = admin.PgConn().Exec(t.Context(), text).Close()
	}
}

// waitFor reads a log once its last line is there: the server hands lines to a
// process of its own.
func waitFor(t *testing.T, name string) []byte {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		content, err := os.ReadFile(name)
		if i := bytes.Index(content, []byte(endMark)); i >= 0 && bytes.IndexByte(content[i:], '\n') >= 0 {
			return content
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s lacks its last line: %v\n%s", name, err, content)
		}
	}
}

// compare reads a log and compares the findings with what each leak gives.
func compare(t *testing.T, content []byte, o auditlog.Options, want func(leak) []string) {
	t.Helper()
	s := auditlog.New(o)
	if err := s.Read(context.Background(), "server", bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if s.Incomplete() {
		t.Errorf("the log was not read whole: %v", s.Notices())
	}
	got, expected := map[string][]string{}, map[string][]string{}
	for _, f := range s.Findings() {
		_, roles, ok := strings.Cut(f.Reason, "role ")
		if !ok {
			t.Errorf("%s: no role in %q", f.Message, f.Reason)
		}
		roles, _, _ = strings.Cut(roles, ";")
		message, _, _ := strings.Cut(f.Message, ": ")
		for _, role := range strings.Split(roles, ", ") {
			got[role] = append(got[role], f.Rule.ID+" "+message)
		}
		if strings.Contains(f.Message+f.Object+f.Reason, "Okafor") || strings.Contains(f.Message+f.Object+f.Reason, "-22") {
			t.Errorf("a value is repeated: %s %s %s", f.Message, f.Object, f.Reason)
		}
	}
	for _, l := range leaks {
		if w := want(l); len(w) > 0 {
			expected[l.role] = w
		}
	}
	for _, list := range got {
		slices.Sort(list)
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("findings by role (-want +got):\n%s", diff)
	}
}

// bySyslog makes of a stderr log what a server sends to syslog and a daemon
// writes: a header and a part number for each line, tabs escaped.
func bySyslog(content []byte) []byte {
	var out bytes.Buffer
	message, part := 0, 0
	for line := range bytes.Lines(content) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		part++
		if head := line[:min(len(line), 120)]; bytes.Contains(head, []byte(" LOG:  ")) || bytes.Contains(head, []byte(" ERROR:  ")) || bytes.Contains(head, []byte(" WARNING:  ")) {
			message, part = message+1, 1
		}
		fmt.Fprintf(&out, "Mar  2 08:15:01 db1 postgres[3021]: [%d-%d] %s\n", message, part, bytes.ReplaceAll(line, []byte("\t"), []byte("#011")))
	}
	return out.Bytes()
}
