package settings

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/phivet/phivet/rules/ruletest/pgtest"
)

// hosted are settings of hosting services, which no server has.
var hosted = []string{"rds.force_ssl", "require_secure_transport", "ssl_enforcement_enabled", "require_ssl", "ssl_mode", "ssl_minimal_tls_version_enforced", "authorized_networks"}

// The table names settings that servers have, each since the release that
// [Exists] tells, and [Absent] counts on their defaults.
func TestServerKnowsNames(t *testing.T) {
	for _, major := range pgtest.Majors {
		t.Run(fmt.Sprint(major), func(t *testing.T) {
			conn := pgtest.Start(t, major).Database(t)
			has := func(name string) (value string, ok bool) {
				err := conn.QueryRow(context.Background(), "SELECT boot_val FROM pg_settings WHERE name = $1", name).Scan(&value)
				return value, err == nil
			}
			for _, name := range slices.Sorted(maps.Keys(table)) {
				if slices.Contains(hosted, name) || strings.Contains(name, ".") {
					continue
				}
				if _, ok := has(name); ok != Exists(name, major) {
					t.Errorf("%s: the server of %d has it: %v, Exists says %v", name, major, ok, !ok)
				}
			}
			for name, want := range map[string]string{"log_connections": "off", "log_disconnections": "off", "ssl": "off", "idle_session_timeout": "0",
				"idle_in_transaction_session_timeout": "0", "log_line_prefix": "%m [%p] ", "shared_preload_libraries": "", "log_min_error_statement": "error",
				"log_parameter_max_length_on_error": "0", "log_truncate_on_rotation": "off"} {
				if got, _ := has(name); got != want {
					t.Errorf("default of %s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

// What the rows on logged values say, tried: a value is a parameter of one
// query and stands in the text of another.
func TestServerLogsValues(t *testing.T) {
	tests := []struct {
		set             string
		text, parameter bool // whether they are in the log
	}{
		{"log_duration = on", false, false},
		{"log_statement = ddl", false, false},
		{"log_statement = 'all'", true, true},
		{"log_statement = 'all'; SET log_parameter_max_length = 0", true, false},
		{"log_min_duration_statement = 0", true, true},
		{"log_min_duration_statement = 0; SET log_parameter_max_length = 0", true, false},
		{"log_min_duration_sample = 0", true, true},
		{"log_min_duration_sample = 0; SET log_statement_sample_rate = 0", false, false},
		{"log_min_error_statement = notice; SET log_min_messages = notice", true, false},
		{"log_min_messages = notice", false, false},
		{"log_transaction_sample_rate = 1", true, true},
		{"debug_print_plan = on", true, false},
	}
	for _, major := range pgtest.Majors {
		t.Run(fmt.Sprint(major), func(t *testing.T) {
			conn := pgtest.StartWith(t, major, "logging_collector = on\n").Database(t)
			run := func(sql string, args ...any) {
				t.Helper()
				if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
					t.Fatal(err)
				}
			}
			for i, tt := range tests {
				run("SET "+tt.set, pgx.QueryExecModeSimpleProtocol)
				run(fmt.Sprintf("DO $$ BEGIN RAISE NOTICE 'x'; PERFORM 'text-%d.'; END $$", i), pgx.QueryExecModeSimpleProtocol)
				run("SELECT $1::text", pgx.QueryExecModeExec, fmt.Sprintf("parameter-%d.", i))
				run("RESET ALL")
			}
			log := readLog(t, conn)
			for i, tt := range tests {
				if got := strings.Contains(log, fmt.Sprintf("text-%d.", i)); got != tt.text {
					t.Errorf("%s: the text is in the log: %v, want %v", tt.set, got, tt.text)
				}
				if got := strings.Contains(log, fmt.Sprintf("parameter-%d.", i)); got != tt.parameter {
					t.Errorf("%s: the parameter is in the log: %v, want %v", tt.set, got, tt.parameter)
				}
			}
		})
	}
}

// readLog returns the server's log once everything up to now is in it: a
// process of its own writes it.
func readLog(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	const end = "all is said"
	ctx := context.Background()
	if _, err := conn.Exec(ctx, "DO $$ BEGIN RAISE LOG '"+end+"'; END $$"); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		var log string
		if err := conn.QueryRow(ctx, "SELECT pg_read_file(pg_current_logfile())").Scan(&log); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(log, end) {
			return log
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the log does not come to its end")
	return ""
}

// Records are read as the server reads them: it tells in a view what it makes
// of a file.
func TestServerReadsRecords(t *testing.T) {
	files := map[string]string{
		"pg_hba.conf": "# TYPE\nlocal all all peer\n\thost a,b \"x y\" 10.0.0.0 255.0.0.0 md5\nhostssl all postgres,+admins 10.1.0.0/16 cert\n" +
			"hostnossl all all all reject # no\nhost all @users 0.0.0.0/0 scram-sha-256\nhost all /^app.*$ ::/0 scram-sha-256\nhost replication all samenet trust\nhost all all .example.org password\n",
		"users": "u1 u2\n",
	}
	included := map[string]string{
		"pg_hba.conf":   "include first.conf\ninclude_if_exists 'none.conf'\ninclude_dir more\nlocal all all peer\n",
		"first.conf":    "host all all 10.1.0.0/16 md5\n",
		"more/20.conf":  "host all all 10.3.0.0/16 md5\n",
		"more/10.conf":  "host all all 10.2.0.0/16 md5\n",
		"more/.no.conf": "host all all 10.4.0.0/16 md5\n",
		"more/no.txt":   "host all all 10.5.0.0/16 md5\n",
	}
	for _, major := range pgtest.Majors {
		t.Run(fmt.Sprint(major), func(t *testing.T) {
			s := pgtest.Start(t, major)
			conn := s.Database(t)
			compareRecords(t, s.Data(), conn, files)
			if major >= 16 {
				compareRecords(t, s.Data(), conn, included)
			}
		})
	}
}

func compareRecords(t *testing.T, data string, conn *pgx.Conn, files map[string]string) {
	t.Helper()
	var parsed []*File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		p := filepath.Join(data, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		// The main file is the server's own, and has to stay so.
		if err := os.WriteFile(p, []byte(files[name]), 0o644); err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, Parse(name, []byte(files[name])))
	}
	var got []string
	for _, set := range RecordSets(parsed) {
		if !slices.ContainsFunc(set, func(r Record) bool { return r.File == "pg_hba.conf" }) {
			continue // a file that nothing includes
		}
		for _, r := range set {
			got = append(got, strings.Join([]string{r.Type, strings.ReplaceAll(r.Users, "@users", "u1,u2"), r.Databases, r.Address, r.Method}, "|"))
		}
	}
	rows, err := conn.Query(context.Background(), `SELECT type, array_to_string(user_name, ','), array_to_string(database, ','),
		coalesce(address, ''), coalesce(netmask, ''), coalesce(auth_method, error) FROM pg_hba_file_rules`)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	var kind, users, databases, address, mask, method string
	_, err = pgx.ForEachRow(rows, []any{&kind, &users, &databases, &address, &mask, &method}, func() error {
		a, errA := netip.ParseAddr(address)
		m, errM := netip.ParseAddr(mask)
		if errA == nil && errM == nil {
			address = withMask(a, m)
		}
		want = append(want, strings.Join([]string{kind, users, databases, address, method}, "|"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-server +phivet):\n%s", diff)
	}
}
