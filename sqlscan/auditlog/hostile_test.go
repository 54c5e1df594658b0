package auditlog_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/phivet/phivet/sqlscan/auditlog"
)

// csvStart is a record of csvlog up to its message, stderrStart a line of the
// default prefix.
const (
	csvStart    = `2026-03-02 08:15:01.120 UTC,"app","clinic",3021,"10.0.0.7:50122",6b0147c0.bcd,3,"SELECT",2026-03-02 08:15:00 UTC,3/2,0,LOG,00000,`
	csvEnd      = `,,,,,,,,,"app","client backend",,0` + "\n"
	stderrStart = "2026-03-02 08:15:01.120 UTC [3021] app@clinic LOG:  "
	good        = stderrStart + "AUDIT: SESSION,1,1,READ,SELECT,,,SELECT id FROM patients WHERE ssn = '401-11-2203',<not logged>\n"
)

// repeat is a reader of the same text n times over, without the memory.
type repeat struct {
	text string
	n    int
	rest string
}

func (r *repeat) Read(b []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n, r.rest = r.n-1, r.text
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Whatever stands before it, the last message is read, and nothing is lost
// without a word.
func TestHostile(t *testing.T) {
	mega := strings.Repeat("x", 1<<20)
	for name, before := range map[string]io.Reader{
		"one long line":        strings.NewReader(mega + "\n"),
		"line beyond the most": &repeat{text: mega, n: 20},
		"long statement":       strings.NewReader(stderrStart + "statement: SELECT '" + mega + "'\n"),
		"many lines":           strings.NewReader(stderrStart + "statement: SELECT '" + strings.Repeat("y\n\t", 1<<18) + "'\n"),
		"statement beyond":     io.MultiReader(strings.NewReader(stderrStart+"statement: SELECT '"), &repeat{text: "\n\t" + mega, n: 12}, strings.NewReader("\n")),
		"NUL":                  strings.NewReader(stderrStart + "statement: SELECT '\x00'\n\x00\x00\n"),
		"bad UTF-8":            strings.NewReader(stderrStart + "statement: SELECT '\xff\xfe' FROM \xc3\n\xff\n"),
		"tiny lines":           &repeat{text: "a\n", n: 1 << 20},
		"empty lines":          &repeat{text: "\n", n: 1 << 20},
		"open csv":             io.MultiReader(strings.NewReader(csvStart+`"AUDIT: SESSION`), &repeat{text: "x\n", n: 1 << 19}, strings.NewReader("\n")),
		"open csv, many":       &repeat{text: csvStart + `"AUDIT: SESSION` + "\n", n: 1 << 14},
		"open csv, beyond":     io.MultiReader(strings.NewReader(csvStart+`"`), &repeat{text: mega + "\n", n: 12}),
		"odd quotes":           &repeat{text: csvStart + `"""` + "\n", n: 1 << 14},
		"few fields":           &repeat{text: strings.Split(csvStart, `"SELECT"`)[0] + "\n", n: 1 << 14},
		"many fields":          strings.NewReader(csvStart + strings.Repeat(",", 1<<20) + "\n"),
		"open json":            &repeat{text: `{"message":"AUDIT: \`, n: 1 << 16},
		"deep json":            strings.NewReader(strings.Repeat(`{"a":[`, 1<<18) + "\n"),
		"syslog":               &repeat{text: "<134>Mar  2 08:15:01 h p[1]: [1-2] \tx\n<134>Mar  2 08:15:01 \n<13>\n<\n", n: 1 << 14},
		"deep SQL":             strings.NewReader(stderrStart + "statement: SELECT " + strings.Repeat("(", 1<<18) + "\n"),
		"open audit":           io.MultiReader(strings.NewReader(stderrStart+`AUDIT: SESSION,1,1,READ,SELECT,,,"SELECT`+"\n"), &repeat{text: "x\n", n: 1 << 18}),
	} {
		t.Run(name, func(t *testing.T) {
			s := auditlog.New(auditlog.Options{})
			if err := s.Read(context.Background(), "log", io.MultiReader(before, strings.NewReader("\n"+good))); err != nil {
				t.Fatal(err)
			}
			if found := s.Findings(); len(found) == 0 || !strings.Contains(found[len(found)-1].Message, "patients (ssn)") {
				t.Errorf("the message behind it is not found: %v, %v", found, s.Notices())
			}
		})
	}
}

// What is kept does not grow with the log.
func TestMemory(t *testing.T) {
	var text bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&text, stderrStart+"AUDIT: SESSION,%d,1,WRITE,INSERT,,,\"INSERT INTO patients (ssn, note) VALUES ('401-11-%04d', '%s')\",<not logged>\n", i, 1000+i, strings.Repeat("n", 500))
		fmt.Fprintf(&text, stderrStart+"AUDIT: SESSION,%d,1,READ,SELECT,,,SELECT %d FROM t%d /* %d */,x\n", i, i, i%50, i)
	}
	read := func(n int) uint64 {
		s := auditlog.New(auditlog.Options{})
		if err := s.Read(context.Background(), "log", &repeat{text: text.String(), n: n}); err != nil {
			t.Fatal(err)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		runtime.KeepAlive(s)
		return m.HeapAlloc
	}
	once, often := read(1), read(30)
	if often > once+4<<20 {
		t.Errorf("1 MB of log keeps %d KB, 30 MB keep %d KB", once>>10, often>>10)
	}
}

// More statements than are kept apart are counted.
func TestManyStatements(t *testing.T) {
	var text bytes.Buffer
	for i := range 100 {
		fmt.Fprintf(&text, stderrStart+"AUDIT: SESSION,1,1,READ,SELECT,,,SELECT id FROM patients_%d WHERE ssn = '401-11-2203',<not logged>\n", i)
	}
	s := auditlog.New(auditlog.Options{MaxGroups: 10})
	if err := s.Read(context.Background(), "log", &text); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Findings()); n != 10 {
		t.Errorf("%d findings, want 10", n)
	}
	if last := s.Notices()[len(s.Notices())-1].Message; !s.Incomplete() || last != "more than 10 distinct statements: 90 messages of further ones not kept" {
		t.Errorf("incomplete = %v, last notice %q", s.Incomplete(), last)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		good, csvStart + `"AUDIT: SESSION,1,1,READ,SELECT,,,""SELECT 'a''b'"",<none>"` + csvEnd, csvStart + `"x` + "\n" + csvStart,
		`{"timestamp":"2026-03-02 08:15:01.120 UTC","error_severity":"ERROR","message":"a \"b\" \u0001","detail":"Key (ssn)=(1) already exists.","x":[1,{"y":2}]}` + "\n",
		stderrStart + "AUDIT: OBJECT,1,1,FUNCTION,DO,,,\"DO $$ BEGIN EXECUTE 'x PASSWORD ''y'''; END $$\",\"a,\"\"b\"\"\",3\n\tmore\n",
		"Mar  2 08:15:01 db1 postgres[3021]: [7-1] x LOG:  statement: SELECT 1\nMar  2 08:15:01 db1 postgres[3021]: [7-2] #011FROM t\n",
		"2026-03-02 08:15:03.277 <134>Mar 2 08:15:03 vm p/e 2026-03-02 08:15:03.277 GMT,o,c,1405,10.6.42.155:1,68195665.57d,1,SELECT,2026-03-02 08:15:03 GMT,16/2,767,00000,SESSION,1,1,READ,SELECT,,,SELECT 1,<not logged>,,,,,,,,,e\n",
		stderrStart[:len(stderrStart)-6] + "ERROR:  x\n" + stderrStart[:len(stderrStart)-6] + "CONTEXT:  COPY t, line 1, column a: \"b\"\n",
		stderrStart + "duration: 1.0 ms  plan:\n\tQuery Text: SELECT 'x'\n\tSeq Scan  (cost=1)\n", "\x00\xff\r\n\t\"", "{", "<1>", "2026-03-02 08:15:01 UTC,",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, log []byte) {
		s := auditlog.New(auditlog.Options{})
		if err := s.Read(context.Background(), "log", bytes.NewReader(log)); err != nil {
			t.Fatal(err)
		}
		for _, found := range s.Findings() {
			if len(found.Message) > 100 || found.Span.Start.Line < 1 {
				t.Errorf("line %d: %q", found.Span.Start.Line, found.Message)
			}
		}
		s.Notices()
	})
}
