package auditlog_test

import (
	"testing"

	"github.com/phivet/phivet/sqlscan/auditlog"
)

// A fingerprint is printed, so nothing of a value may go into it: whoever sees
// two of them could try values until the fingerprints agree.
func TestFingerprint(t *testing.T) {
	for _, pair := range [][2]string{
		{"CREATE ROLE a PASSWORD 'x'", "CREATE ROLE a PASSWORD 'y'"},
		{"CREATE USER MAPPING FOR a SERVER s OPTIONS (password 'x')", "CREATE USER MAPPING FOR a SERVER s OPTIONS (password E'y')"},
		{"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "CREATE SUBSCRIPTION s CONNECTION $q$y$q$ PUBLICATION p"},
		{"COMMENT ON TABLE a IS 'x'", "COMMENT ON TABLE a IS /* ask */ 'y'"},
		{"NOTIFY a, 'x'", "NOTIFY a, 'y'"},
		{"DO $$ BEGIN PERFORM 'x'; END $$", "DO $b$ BEGIN PERFORM 'y', 2; END $b$"},
		{"SELECT a FROM t WHERE b = 'x' -- ask", "SELECT a\nFROM t WHERE b=$1"},
		{"SELECT a FROM t WHERE b IN (1, 2)", "SELECT a FROM t WHERE b IN ('x', 'y', 'z')"},
		{"SELECT a FROM t WHERE b = X'1F'", "SELECT a FROM t WHERE b = X'2F'"},
		{"SELECT 1.5e3::float(24)", "SELECT 'x'::float(8)"},
	} {
		a, err := auditlog.Fingerprint([]byte(pair[0]))
		if err != nil {
			t.Errorf("%s: %v", pair[0], err)
		}
		b, err := auditlog.Fingerprint([]byte(pair[1]))
		if err != nil {
			t.Errorf("%s: %v", pair[1], err)
		}
		if a != b {
			t.Errorf("fingerprints differ:\n%s %s\n%s %s", a, pair[0], b, pair[1])
		}
	}
	a, _ := auditlog.Fingerprint([]byte("SELECT a FROM t WHERE b = 'x'"))
	b, _ := auditlog.Fingerprint([]byte("SELECT a FROM t WHERE c = 'x'"))
	if a == b || a == "" {
		t.Errorf("fingerprints of two statements are %q and %q", a, b)
	}
}
