package logline_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/sqlscan/auditlog/internal/logline"
)

// A row is what a test says of a record.
type row struct {
	Line                            int
	Time, Role, Database, Severity  string
	Message, Detail, Context, Query string
	Bare, Cut                       bool
}

// records reads all records, and tells the lines that were not known.
func records(t *testing.T, r io.Reader, o logline.Options) (out []row, unknown int) {
	t.Helper()
	reader := logline.NewReader(r, o)
	for {
		var rec logline.Record
		err := reader.Next(&rec)
		if errors.Is(err, io.EOF) {
			return out, reader.Stats().Unknown
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, row{rec.Line, string(rec.Time), string(rec.Role), string(rec.Database), string(rec.Severity),
			string(rec.Message), string(rec.Detail), string(rec.Context), string(rec.Statement), rec.Bare, rec.Cut})
	}
}

const at = "2026-03-02 08:15:01.120 UTC"

func TestReader(t *testing.T) {
	for name, test := range map[string]struct {
		log     string
		prefix  string
		want    []row
		unknown int
	}{
		"stderr, default prefix": {
			log: at + " [7] LOG:  ready\n" + at + " [7] ERROR:  a\n\tb\n" + at + " [7] DETAIL:  c\n" + at + " [7] CONTEXT:  d\n\te\n" + at + " [7] STATEMENT:  f\n",
			want: []row{{Line: 1, Time: at, Severity: "LOG", Message: "ready"},
				{Line: 2, Time: at, Severity: "ERROR", Message: "a\nb", Detail: "c", Context: "d\ne", Query: "f"}},
		},
		"stderr, prefix of a hosting service": {
			log:  "2026-03-02 08:15:01 UTC:10.0.0.7(50122):app@clinic:[3021]:LOG:  x\n",
			want: []row{{Line: 1, Time: "2026-03-02 08:15:01 UTC", Role: "app", Database: "clinic", Severity: "LOG", Message: "x"}},
		},
		"stderr, prefix that is given": {
			log: "[app of clinic|my app] 3021 1740900901.120 LOG:  x\n[] 12 1740900901.120 LOG:  y\n", prefix: "[%q%u of %d|%a] %p %n ",
			want: []row{{Line: 1, Time: "1740900901.120", Role: "app", Database: "clinic", Severity: "LOG", Message: "x"}, {Line: 2, Severity: "LOG", Message: "y"}},
		},
		"stderr, padding": {
			log: "app        |   3021|" + at + "|LOG:  x\n", prefix: "%-11u|%7p|%m|",
			want: []row{{Line: 1, Time: at, Role: "app", Severity: "LOG", Message: "x"}},
		},
		"stderr, prefix that is not known": {
			log:  "host7 " + at + " user=app,db=clinic;LOG:  x\nhost7 " + at + " etl@clinic;LOG:  y\n",
			want: []row{{Line: 1, Time: at, Role: "app", Database: "clinic", Severity: "LOG", Message: "x"}, {Line: 2, Time: at, Role: "etl", Database: "clinic", Severity: "LOG", Message: "y"}},
		},
		"stderr, a line that lost its tab": {
			log:     at + " [7] LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,\"SELECT 1\nFROM t\",<none>\nnot of it\n",
			want:    []row{{Line: 1, Time: at, Severity: "LOG", Message: "AUDIT: SESSION,1,1,READ,SELECT,,,\"SELECT 1\nFROM t\",<none>"}},
			unknown: 1,
		},
		"stderr in a container": {
			log:  "2026-03-02T08:15:01.120Z stderr F " + at + " [7] LOG:  a\n2026-03-02T08:15:01.120Z stderr F \tb\n",
			want: []row{{Line: 1, Time: at, Severity: "LOG", Message: "a\nb"}},
		},
		"csvlog": {
			log:  at + `,"app ""x""","clinic",7,"h:1",6b0147c0.bcd,3,"SELECT",` + at + `,3/2,0,ERROR,23505,"a ""b""` + "\nc\",\"d\",,,,,\"q\",,,\"psql\",\"client backend\",,0\r\n",
			want: []row{{Line: 1, Time: at, Role: `app "x"`, Database: "clinic", Severity: "ERROR", Message: "a \"b\"\nc", Detail: "d", Query: "q"}},
		},
		"csvlog of PostgreSQL 12": {
			log:  at + `,,,7,,6b0147c0.bcd,3,,` + at + `,,0,LOG,00000,"x",,,,,,,,,""` + "\n",
			want: []row{{Line: 1, Time: at, Severity: "LOG", Message: "x"}},
		},
		"jsonlog": {
			log:     `{"timestamp":"` + at + `","user":"app","dbname":"clinic","pid":7,"error_severity":"LOG","message":"a\t\"b\"\n\u0001\\","statement":"q","query_id":-3}` + "\n{\"message\":\"other\"}\n",
			want:    []row{{Line: 1, Time: at, Role: "app", Database: "clinic", Severity: "LOG", Message: "a\t\"b\"\n\x01\\", Query: "q"}},
			unknown: 1,
		},
		"CloudNativePG": {
			log: `{"level":"info","logger":"pgaudit","msg":"record","record":{"log_time":"` + at + `","user_name":"app","database_name":"clinic","error_severity":"LOG","message":"","audit":{"audit_type":"SESSION","statement_id":"1","class":"READ","command":"SELECT","statement":"SELECT \"a\", 1","parameter":"<none>"}}}` + "\n" +
				`{"level":"info","logger":"postgres","msg":"record","record":{"log_time":"` + at + `","user_name":"app","error_severity":"ERROR","message":"m","detail":"d","query":"q"}}` + "\n",
			want: []row{{Line: 1, Time: at, Role: "app", Database: "clinic", Severity: "LOG", Message: `SESSION,1,1,READ,SELECT,,,"SELECT ""a"", 1","<none>"`, Bare: true},
				{Line: 2, Time: at, Role: "app", Severity: "ERROR", Message: "m", Detail: "d", Query: "q"}},
		},
		"pgauditlogtofile": {
			log: at + ",app,clinic,7,h:1,6b0147c0.bcd,1,SELECT," + at + ",3/2,0,00000,SESSION,1,1,READ,SELECT,,,\"SELECT 1,\n2\",<none>,,,,,a context\nof two lines,,,,psql\n" +
				at + ",app,clinic,7,h:1,6b0147c0.bcd,2,authentication," + at + ",3/2,0,00000,connection authorized: user=app,,,,,,,,,psql\n",
			want: []row{{Line: 1, Time: at, Role: "app", Database: "clinic", Severity: "LOG", Message: "SESSION,1,1,READ,SELECT,,,\"SELECT 1,\n2\",<none>", Context: ",,,,a context\nof two lines,,,,psql", Bare: true},
				{Line: 4, Time: at, Role: "app", Database: "clinic", Severity: "LOG", Message: "connection authorized: user=app"}},
		},
		"pgauditlogtofile 1.8": {
			log: `"` + at + `","app","clinic","7","h:1","6b0147c0.bcd","SELECT","3/2","0","00000","SESSION","1","1","READ","SELECT","","","\"SELECT 1,\n2\",<none>",,,,,"c",,,,"psql",,,,,,` + "\n" +
				`{"log.source":"pgauditlogtofile","severity":"audit","timestamp":"` + at + `","db.user":"app","db.name":"clinic","custom.audit_type":"OBJECT","custom.class":"READ","custom.command":"SELECT","content":"SELECT 1,<none>"}` + "\n",
			want: []row{{Line: 1, Time: at, Role: "app", Database: "clinic", Severity: "LOG", Message: "SESSION,1,1,READ,SELECT,,,\"SELECT 1,\n2\",<none>", Context: "c", Bare: true},
				{Line: 2, Time: at, Role: "app", Database: "clinic", Severity: "LOG", Message: "OBJECT,1,1,READ,SELECT,,,SELECT 1,<none>", Bare: true}},
		},
		"syslog, processes mixed": {
			log: "Mar  2 08:15:01 db1 postgres[7]: [3-1] " + at + " [7] app@clinic ERROR:  a\n<134>Mar  2 08:15:01 db1 postgres[8]: [1-1] " + at + " [8] LOG:  long l\n" +
				"Mar  2 08:15:01 db1 postgres[7]: [3-2] " + at + " [7] app@clinic STATEMENT:  q1\n<134>Mar  2 08:15:01 db1 postgres[8]: [1-2] ine LOG:  with a label\nMar  2 08:15:01 db1 postgres[7]: [3-3] #011q2\n",
			want: []row{{Line: 1, Time: at, Role: "app", Database: "clinic", Severity: "ERROR", Message: "a", Query: "q1\nq2"}, {Line: 2, Time: at, Severity: "LOG", Message: "long line LOG:  with a label"}},
		},
		"syslog without numbers, RFC 5424 and systemd": {
			log:  "<134>1 2026-03-02T08:15:01.120Z db1 postgres 7 - - " + at + " [7] LOG:  a\n2026-03-02T08:15:01.120000+01:00 db1 postgres[8]: " + at + " [8] LOG:  b\n2026-03-02T08:15:01.120000+01:00 db1 postgres[8]: #011c\n",
			want: []row{{Line: 1, Time: at, Severity: "LOG", Message: "a"}, {Line: 2, Time: at, Severity: "LOG", Message: "b\nc"}},
		},
		"all mixed": {
			log:  at + " [7] LOG:  a\n{\"error_severity\":\"LOG\",\"message\":\"b\"}\n" + at + `,,,7,,6b0147c0.bcd,3,,` + at + `,,0,LOG,00000,"c",,,,,,,,,""` + "\n\n" + at + " [7] LOG:  d",
			want: []row{{Line: 1, Time: at, Severity: "LOG", Message: "a"}, {Line: 2, Severity: "LOG", Message: "b"}, {Line: 3, Time: at, Severity: "LOG", Message: "c"}, {Line: 5, Time: at, Severity: "LOG", Message: "d"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, unknown := records(t, strings.NewReader(test.log), logline.Options{Prefix: test.prefix})
			if diff := cmp.Diff(test.want, got); diff != "" || unknown != test.unknown {
				t.Errorf("%d unknown lines, want %d; records (-want +got):\n%s", unknown, test.unknown, diff)
			}
			// The same byte by byte: no record may depend on how it arrives.
			slow, _ := records(t, iotest.OneByteReader(strings.NewReader(test.log)), logline.Options{Prefix: test.prefix})
			if diff := cmp.Diff(got, slow); diff != "" {
				t.Errorf("byte by byte (-whole +slow):\n%s", diff)
			}
		})
	}
}

// An error of the stream is no end of it.
func TestReaderError(t *testing.T) {
	broken := errors.New("disk gone")
	r := logline.NewReader(io.MultiReader(strings.NewReader(at+" [7] LOG:  a\n"), iotest.ErrReader(broken)), logline.Options{})
	var rec logline.Record
	if err := r.Next(&rec); err != nil || string(rec.Message) != "a" {
		t.Fatalf("Next = %v, %q", err, rec.Message)
	}
	if err := r.Next(&rec); !errors.Is(err, broken) {
		t.Errorf("Next = %v, want the stream's error", err)
	}
}
