package auditlog_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/phivet/phivet/sqlscan/auditlog"
)

// Messages outside of the time asked for do not count, in whatever form their
// time is; one without a time does.
func TestSinceUntil(t *testing.T) {
	moment := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	const message = ` [7] app@clinic LOG:  statement: SELECT id FROM patients WHERE ssn = '401-11-2203'` + "\n"
	for _, test := range []struct {
		at, since, until string
		want             int
	}{
		{"2026-03-02 08:15:01.120 UTC", "2026-03-02T08:15:01Z", "2026-03-02T08:15:02Z", 1},
		{"2026-03-02 08:15:01.120 UTC", "2026-03-02T08:15:02Z", "", 0},
		{"2026-03-02 08:15:02 UTC", "", "2026-03-02T08:15:02Z", 0},
		{"2026-03-02 08:15:01.17101612288000 UTC", "2026-03-02T08:15:01Z", "2026-03-02T08:15:02Z", 1},
		{"2026-03-02 10:15:01 +02", "2026-03-02T08:15:01Z", "2026-03-02T08:15:02Z", 1},
		{"2026-03-02 10:15:01 +02", "2026-03-02T09:00:00Z", "", 0},
		{"no time", "2026-03-02T09:00:00Z", "2026-03-02T09:00:01Z", 1},
	} {
		var o auditlog.Options
		if test.since != "" {
			o.Since = moment(test.since)
		}
		if test.until != "" {
			o.Until = moment(test.until)
		}
		s := auditlog.New(o)
		if err := s.Read(context.Background(), "log", strings.NewReader(test.at+message)); err != nil {
			t.Fatal(err)
		}
		if got := len(s.Findings()); got != test.want || s.Files()[0].Skipped != 1-test.want {
			t.Errorf("%s, since %q, until %q: %d findings, %d skipped; want %d findings", test.at, test.since, test.until, got, s.Files()[0].Skipped, test.want)
		}
	}
}
