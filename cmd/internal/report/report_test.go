package report_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/ruletest"
)

// secret stands in the sources of the sample in every way that a literal can.
const secret = "078-05-1120"

const goSource = "package a\r\n\r\nfunc f() {\r\n\tdb.Query(`SELECT é😀 " + secret + "\r\n " + secret + "`, \"" + secret + "\", 078051120) // " + secret + "\r\n}\r\n"

const sqlSource = "CREATE ROLE r PASSWORD '" + secret + "'; -- " + secret + "\n/* " + secret + " */ DO $$ BEGIN PERFORM '" + secret + "'; END $$;\n"

var (
	leak = &rules.Rule{
		ID: "PHI101", Slug: "phi-in-sql-text", Title: "a value becomes SQL text", Severity: rules.Critical,
		Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.SafeHarbor}, CWE: []int{89},
		Help: "# PHI101 phi-in-sql-text: x\n\n## What it checks\n\nEvery `query`.\n\n## Why it matters\n\nBecause.\n",
	}
	password = &rules.Rule{
		ID: "PHI601", Slug: "plaintext-role-password", Title: "password in the text", Severity: rules.Medium,
		Citations: []hipaa.Citation{hipaa.PasswordManagement}, CWE: []int{256, 798},
		Help: "# PHI601 plaintext-role-password: x\n\n## What it checks\n\nRoles.\n\n## Why it matters\n\nBecause.\n",
	}
)

// sample writes sources and returns a report about them.
func sample(t *testing.T) *report.Report {
	t.Helper()
	root := ruletest.Files{"a b.go": goSource, "db/1.sql": sqlSource}.Write(t)
	src, query := finding.NewMapper("a b.go", []byte(goSource)), strings.Index(goSource, "db.Query")
	sql := finding.NewMapper("db/1.sql", []byte(sqlSource))
	fs := []finding.Finding{
		{Rule: leak, Severity: rules.Critical, Message: "p.Name[0] becomes part of the SQL text", Object: "a.f db.Query",
			Span: src.Span(query, strings.Index(goSource, "`, ")),
			Flow: []finding.Step{{Span: src.Span(11, 20), Message: "source: p.Name"}, {Span: src.Span(query, query+3), Message: "reaches db.Query"}}},
		{Rule: leak, Severity: rules.High, Message: "p.Zip becomes part of the SQL text", Span: src.Span(query+9, query+20)},
		{Rule: password, Severity: rules.Low, Message: "password of role r stands in the SQL text", Object: "r", Span: sql.Span(0, 20),
			Related: []finding.Step{{Span: sql.Span(len(sqlSource)-10, len(sqlSource)-1), Message: "used here"}}},
	}
	finding.Sort(fs)
	return &report.Report{
		Findings: fs, Version: "v1.2.3", Sources: report.NewSources(root), Repository: "svc", Hidden: 2,
		Notices:    []finding.Notice{{File: "db/1.sql", Line: 2, Message: "one statement was not modelled"}, {Message: "no Go module found"}},
		Suppressed: []report.Suppressed{{Finding: fs[0], Reason: "a test"}},
	}
}

// TestNoValues writes every format, and nothing of the planted value may show.
func TestNoValues(t *testing.T) {
	for _, format := range report.Formats() {
		r := sample(t)
		r.Color = true
		var b bytes.Buffer
		if err := r.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{secret, "078", "1120", "51120"} {
			if strings.Contains(b.String(), part) {
				t.Errorf("%s prints %q of the planted value:\n%s", format, part, b.String())
			}
		}
		if !strings.Contains(b.String(), "PHI601") {
			t.Errorf("%s does not hold the findings:\n%s", format, b.String())
		}
		var again bytes.Buffer
		r2 := sample(t)
		r2.Color = true
		if err := r2.Write(&again, format); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s differs between two runs (%v)", format, err)
		}
	}
}

func TestMask(t *testing.T) {
	tests := []struct{ file, src, want string }{
		{"a.go", "x(\"a\\\"b\", `c\r\nd`, 'e', 1_0.5, y) // f g", "x(\"****\", `*\r\n*`, '*', *****, y) // * *"},
		{"a.go", "x := \"open", "x := \"****"},
		{"a.go", `q("SELECT a FROM p WHERE b = '%s' AND c = 'Ada' AND d = $1 AND e = 7 -- Ada")`, `q("SELECT a FROM p WHERE b = '%s' AND c = '***' AND d = $1 AND e = * -- ***")`},
		{"a.go", "q(`\n\tupdate p\r\n\tset a = '%%%s%%', \"b\" = $x$Ada$x$`)", "q(`\n\tupdate p\r\n\tset a = '%%%s%%', \"b\" = $x$***$x$`)"},
		{"a.go", `"INSERT INTO p VALUES ('" + x + "', 'Ada')"`, `"INSERT INTO p VALUES ('" + x + "** ******"`},
		{"a.go", `x + "'" + y + "%')" + "(*)"`, `x + "'" + y + "%')" + "***"`},
		{"a.go", `"SELECT a FROM p WHERE b = 'x" + y + "Ada'"`, `"SELECT a FROM p WHERE b = '*" + y + "****"`},
		{"a.go", `"SELECT a FROM p WHERE b = E'x\\'Ada'"`, `"****** * **** * ***** * * **********"`},
		{"a.go", `"SELECT a FROM p WHERE b = \x27Ada\x27"`, `"****** * **** * ***** * * ***********"`},
		{"a.go", `"SELECT " + x + " FROM p WHERE a = 'Ada" + " AND Ada"`, `"SELECT " + x + " FROM p WHERE a = '***" + " *** ***"`},
		{"a.go", `"Update Ada and set 1", "SELECT Ada"`, `"****** *** *** *** *", "****** ***"`},
		{"a.go", "/* a\r\nb */ y", "/* *\r\n* ** y"},
		{"a.sql", "SELECT 'x' FROM t", "SELECT '*' FROM t"},
		{"postgresql.conf", "password = 'a' # b\nhost all", "password = *** * *\nhost all"},
		{"postgresql.conf", "ssl = 'off'\nport = 54 # on\nssl_passphrase_command = 'on'", "ssl = *off*\nport = ** * on\nssl_passphrase_command = ****"},
		{"x.yaml", "a: b", "a: *"},
		{"x.yaml", "Ada: b\r\nssn-1: b\nb b:\n  - DB_URL=h://u:p@h/off?sslmode=disable&x=trust1\n", "**** *\r\n****** *\n* **\n  - DB_URL=**************sslmode=disable*********\n"},
		{"x.yaml", `  command: ["-c", "log_statement=on", "-c", "a_b=Ada"]`, `  command: ****** *log_statement=on** ***** *a_b=*****`},
		{"x.yaml", "POSTGRES_PASSWORD: trust\nAUTH_METHOD: trust\nnote: Ada is on\n", "POSTGRES_PASSWORD: *****\nAUTH_METHOD: trust\nnote: *** ** on\n"},
		{".env", "DB_PASS='on'\nA=1", "DB_PASS=****\nA=*"},
	}
	for _, tt := range tests {
		got := string(report.Mask(tt.file, []byte(tt.src)))
		if got != tt.want {
			t.Errorf("Mask(%q) = %q, want %q", tt.src, got, tt.want)
		}
	}
}

func TestText(t *testing.T) {
	r := sample(t)
	r.Display = func(file string) string { return "../" + file }
	var b bytes.Buffer
	if err := r.Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"../a b.go:4:2: critical PHI101 p.Name[0] becomes part of the SQL text\n",
		"     4 | db.Query(`****** ",
		"       | ^^^^^^^^^^^^",
		"      ├─ ../a b.go:",
		"      └─ ../a b.go:4:2  reaches db.Query\n",
		"      see ../db/1.sql:2:",
		"3 findings: 1 critical, 1 high, 1 low; 1 suppressed; 2 below the severity asked for\n",
		"    2  PHI101  a value becomes SQL text\n",
		"phivet explain PHI101 ",
	}
	for _, part := range want {
		if !strings.Contains(b.String(), part) {
			t.Errorf("text lacks %q:\n%s", part, b.String())
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("text has colours that nobody asked for")
	}
}

// TestTextFits holds the text within a terminal: what cannot be broken, such as
// a path, may stand out, nothing else.
func TestTextFits(t *testing.T) {
	for _, width := range []int{40, 60, 80, 140} {
		r := sample(t)
		r.Width = width
		for i := range r.Findings {
			r.Findings[i].Message += " and then goes on to say, in many words, what else there is to be said about it"
		}
		var b bytes.Buffer
		if err := r.Write(&b, "text"); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			if len([]rune(line)) > width {
				t.Errorf("at %d columns a line has %d: %s", width, len([]rune(line)), line)
			}
			if strings.TrimRight(line, " ") != line && !strings.HasSuffix(line, "| ") {
				t.Errorf("a line ends in blanks: %q", line)
			}
		}
	}
}

// TestCut puts the mark under the same characters that it stood under in the
// whole line.
func TestCut(t *testing.T) {
	tests := []struct {
		name, before, marked, after string
		limit                       int
		want, under                 string
	}{
		{"short", "a\t", "bc", " d", 40, "a bc d", "bc"},
		{"right", "abc", "XYZ", strings.Repeat("d", 50), 10, "abcXYZddd…", "XYZ"},
		{"left", strings.Repeat("é", 50), "XYZ", "d", 10, "…éééééXYZd", "XYZ"},
		{"both", strings.Repeat("a", 50), "XYZ", strings.Repeat("d", 50), 12, "…aaXYZddddd…", "XYZ"},
		{"long mark", strings.Repeat("a", 50), strings.Repeat("X", 50), "", 12, "…aaXXXXXXXX…", "XXXXXXXX…"},
		{"far away", strings.Repeat("a", 1<<20), "XYZ", strings.Repeat("d", 1<<20), 12, "…aaXYZddddd…", "XYZ"},
	}
	for _, tt := range tests {
		line := tt.before + tt.marked + tt.after
		got, from, to := report.Cut([]byte(line), len(tt.before), len(tt.before)+len(tt.marked), tt.limit)
		if under := string([]rune(got)[from:to]); got != tt.want || under != tt.under {
			t.Errorf("%s: got %q with %q marked, want %q with %q", tt.name, got, under, tt.want, tt.under)
		}
	}
}

func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := sample(t).Write(&b, "sarif"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			ColumnKind        string
			AutomationDetails struct{ ID string }
			Tool              struct {
				Driver struct {
					SemanticVersion string
					Rules           []struct {
						ID         string
						Properties map[string]any
					}
				}
			}
			Results []struct {
				RuleID              string
				RuleIndex           int
				Level               string
				Message             struct{ Text string }
				PartialFingerprints map[string]string
				CodeFlows           []any
				Locations           []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           map[string]int
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if run.ColumnKind != "utf16CodeUnits" || run.AutomationDetails.ID != "phivet/svc/" || run.Tool.Driver.SemanticVersion != "1.2.3" {
		t.Errorf("run is %+v", run)
	}
	var got []string
	for _, res := range run.Results {
		if id := run.Tool.Driver.Rules[res.RuleIndex].ID; id != res.RuleID {
			t.Errorf("result of %s points at rule %s", res.RuleID, id)
		}
		p := res.Locations[0].PhysicalLocation
		got = append(got, fmt.Sprintf("%s %s %s %v %s", res.RuleID, res.Level, p.ArtifactLocation.URI, p.Region, res.Message.Text))
		if res.PartialFingerprints["primaryLocationLineHash"] == "" {
			t.Errorf("%s has no line hash", res.RuleID)
		}
	}
	// The two findings of PHI101 on one line are merged; the é and the 😀 in
	// front of the end of the region count one and two units.
	want := []string{
		`PHI101 error svc/a%20b.go map[endColumn:34 endLine:4 startColumn:2 startLine:4] p.Name\[0\] becomes part of the SQL text. p.Zip becomes part of the SQL text.`,
		`PHI601 note svc/db/1.sql map[endColumn:21 endLine:1 startColumn:1 startLine:1] password of role r stands in the SQL text. See [used here](1).`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results differ (-want +got):\n%s", diff)
	}
	tags := fmt.Sprint(run.Tool.Driver.Rules[0].Properties["tags"], " ", run.Tool.Driver.Rules[0].Properties["security-severity"])
	if tags != "[security hipaa hipaa-164.312(a)(1) hipaa-164.514(b)(2)(i) external/cwe/cwe-089] 9.5" {
		t.Errorf("rule has %s", tags)
	}
}

// TestSARIFTaxonomy follows the references from rules and results to the
// provisions of HIPAA.
func TestSARIFTaxonomy(t *testing.T) {
	type reference struct {
		ID            string
		Index         int
		ToolComponent struct{ Name, GUID string }
	}
	type component struct {
		Name, GUID string
		Taxa       []struct{ ID, HelpURI string }
	}
	log := parseSARIF[struct {
		Runs []struct {
			Taxonomies []component
			Tool       struct {
				Driver struct {
					SupportedTaxonomies []component
					Rules               []struct {
						ID            string
						Relationships []struct {
							Target reference
							Kinds  []string
						}
					}
				}
			}
			Results []struct{ Taxa []reference }
		}
	}](t, sample(t))
	run := log.Runs[0]
	taxonomy := run.Taxonomies[0]
	if d := run.Tool.Driver.SupportedTaxonomies; len(d) != 1 || d[0].GUID != taxonomy.GUID || taxonomy.Name != "HIPAA" {
		t.Errorf("the driver supports %+v, the taxonomy is %+v", d, taxonomy)
	}
	check := func(ref reference) string {
		if ref.ToolComponent.GUID != taxonomy.GUID || taxonomy.Taxa[ref.Index].ID != ref.ID || taxonomy.Taxa[ref.Index].HelpURI == "" {
			t.Errorf("reference %+v leads to %+v", ref, taxonomy.Taxa[ref.Index])
		}
		return ref.ID
	}
	var got []string
	for _, rule := range run.Tool.Driver.Rules {
		for _, r := range rule.Relationships {
			got = append(got, rule.ID+" "+check(r.Target)+" "+strings.Join(r.Kinds, ","))
		}
	}
	want := []string{"PHI101 164.312(a)(1) relevant", "PHI101 164.514(b)(2)(i) relevant", "PHI601 164.308(a)(5)(ii)(D) relevant"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules relate to (-want +got):\n%s", diff)
	}
	for _, res := range run.Results {
		for _, ref := range res.Taxa {
			check(ref)
		}
	}
}

func parseSARIF[T any](t *testing.T, r *report.Report) T {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b, "sarif"); err != nil {
		t.Fatal(err)
	}
	var log T
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

// limited is what the tests of limits read.
type limited struct {
	Runs []struct {
		Results []struct {
			Level            string
			Message          struct{ Text string }
			RelatedLocations []any
			CodeFlows        []struct {
				ThreadFlows []struct {
					Locations []struct {
						Location struct{ Message struct{ Text string } }
					}
				}
			}
		}
		Invocations []struct {
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
		}
	}
}

// TestSARIFLimits goes over each limit of code scanning. What is left out has to
// be said, in the file and to the user.
func TestSARIFLimits(t *testing.T) {
	many := func(n int) func(*report.Report) {
		return func(r *report.Report) {
			first := r.Findings[0] // critical
			first.Flow, first.Related = nil, nil
			r.Findings = nil
			for i := range n {
				f := first
				f.Severity = rules.Low
				if i == n-1 {
					f.Severity = rules.Critical
				}
				f.Message = fmt.Sprintf("finding %d", i)
				f.Span.Start.Line, f.Span.End.Line = i+1, i+1
				r.Findings = append(r.Findings, f)
			}
		}
	}
	tests := []struct {
		name   string
		change func(*report.Report)
		says   string // "" is nothing
		check  func(l limited) error
	}{
		{"none", func(*report.Report) {}, "", nil},
		{"5,000 results", many(5000), "", nil},
		{"more results than are shown", many(5001), "code scanning shows 5000 of the 5001 results, the most severe", nil},
		{"more results than are taken", many(25010), "10 results are left out, the least severe", func(l limited) error {
			rs := l.Runs[0].Results
			if len(rs) != 25000 || rs[len(rs)-1].Level != "error" {
				return fmt.Errorf("%d results, the last of level %s", len(rs), rs[len(rs)-1].Level)
			}
			return nil
		}},
		{"steps", func(r *report.Report) {
			step := r.Findings[0].Flow[0]
			r.Findings[0].Flow = nil
			for i := range 3000 {
				step.Message = fmt.Sprintf("step %d", i)
				r.Findings[0].Flow = append(r.Findings[0].Flow, step)
			}
		}, "2002 steps in the middle of flows are left out", func(l limited) error {
			steps := l.Runs[0].Results[0].CodeFlows[0].ThreadFlows[0].Locations
			if len(steps) > 1000 || steps[0].Location.Message.Text != "step 0" || steps[len(steps)-2].Location.Message.Text != "step 2999" {
				return fmt.Errorf("%d steps, the last but one is %q", len(steps), steps[len(steps)-2].Location.Message.Text)
			}
			return nil
		}},
		{"related places", func(r *report.Report) {
			f := &r.Findings[len(r.Findings)-1]
			for len(f.Related) < 300 {
				f.Related = append(f.Related, f.Related[0])
			}
		}, "201 related places are left out", func(l limited) error {
			last := l.Runs[0].Results[len(l.Runs[0].Results)-1]
			if len(last.RelatedLocations) != 99 || !strings.Contains(last.Message.Text, "](99)") || strings.Contains(last.Message.Text, "](100)") {
				return fmt.Errorf("%d related places", len(last.RelatedLocations))
			}
			return nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample(t)
			r.Notices = nil
			tt.change(r)
			var warned []string
			r.Warn = func(m string) { warned = append(warned, m) }
			l := parseSARIF[limited](t, r)
			var said []string
			for _, n := range l.Runs[0].Invocations[0].ToolExecutionNotifications {
				said = append(said, n.Message.Text)
			}
			for _, text := range []string{strings.Join(warned, "; "), strings.Join(said, "; ")} {
				if tt.says == "" && text != "" || !strings.Contains(text, tt.says) {
					t.Errorf("says %q, want %q", text, tt.says)
				}
			}
			if tt.check != nil {
				if err := tt.check(l); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestSARIFSize holds the compressed file under the limit of an upload.
func TestSARIFSize(t *testing.T) {
	r := sample(t)
	first := r.Findings[0]
	r.Findings = nil
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 1000)
	for i := range 16000 {
		for j := range noise {
			noise[j] = "abcdefghijklmnopqrstuvwxyz0123456789"[random.IntN(36)]
		}
		f := first
		f.Flow, f.Message = nil, string(noise)
		f.Span.Start.Line, f.Span.End.Line = i+1, i+1
		r.Findings = append(r.Findings, f)
	}
	var warned []string
	r.Warn = func(m string) { warned = append(warned, m) }
	var out, packed bytes.Buffer
	if err := r.Write(&out, "sarif"); err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(out.Bytes()); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if packed.Len() > 10<<20 || packed.Len() < 4<<20 {
		t.Errorf("the file has %d bytes compressed", packed.Len())
	}
	if text := strings.Join(warned, "; "); !strings.Contains(text, "results are left out, the least severe") {
		t.Errorf("says %q", text)
	}
}

// tool returns the path in an environment variable that the Makefile sets. A
// missing tool skips the test on a developer's machine, and fails in CI.
func tool(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if _, err := os.Stat(path); path == "" || err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set to a file: run make setup", variable)
		}
		t.Skipf("%s is not set to a file: run make test", variable)
	}
	return path
}

func samples(t *testing.T) map[string][]byte {
	t.Helper()
	large := sample(t)
	for i := range 5000 {
		f := large.Findings[i%3]
		f.Message += fmt.Sprintf(" %d", i)
		f.Span.Start.Line += i
		f.Span.End.Line += i
		large.Findings = append(large.Findings, f)
	}
	finding.Sort(large.Findings)
	out := map[string][]byte{}
	for name, r := range map[string]*report.Report{"sample": sample(t), "large": large, "empty": {Sources: report.NewSources(t.TempDir())}} {
		var b bytes.Buffer
		if err := r.Write(&b, "sarif"); err != nil {
			t.Fatal(err)
		}
		out[name] = b.Bytes()
	}
	return out
}

func TestSARIFSchema(t *testing.T) {
	path := tool(t, "PHIVET_SARIF_SCHEMA")
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range samples(t) {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSARIFMultitool(t *testing.T) {
	path := tool(t, "PHIVET_SARIF_MULTITOOL")
	for name, data := range samples(t) {
		file := filepath.Join(t.TempDir(), name+".sarif")
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(path, "validate", file, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--max-file-size-in-kb", "100000")
		cmd.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")
		out, err := cmd.CombinedOutput()
		text := string(out)
		if err != nil || !strings.Contains(text, "Analysis completed successfully") ||
			strings.Contains(text, ": error ") || strings.Contains(text, ": warning ") {
			t.Errorf("%s: %v\n%.3000s", name, err, text)
		}
	}
}

func TestJUnit(t *testing.T) {
	for name, r := range map[string]*report.Report{"sample": sample(t), "empty": {}} {
		var b bytes.Buffer
		if err := r.Write(&b, "junit"); err != nil {
			t.Fatal(err)
		}
		var suites struct {
			Tests  int `xml:"tests,attr"`
			Suites []struct {
				Cases []struct {
					Name string `xml:"name,attr"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal(b.Bytes(), &suites); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, s := range suites.Suites {
			n += len(s.Cases)
		}
		if n != suites.Tests || n == 0 {
			t.Errorf("%s: %d cases, says %d", name, n, suites.Tests)
		}
	}
}

func TestGitHub(t *testing.T) {
	r := sample(t)
	r.Findings[0].Message = "100% of a,b:c\nd"
	var b bytes.Buffer
	if err := r.Write(&b, "github"); err != nil {
		t.Fatal(err)
	}
	want := "::error file=svc/a b.go,line=4,col=2,title=PHI101 phi-in-sql-text::100%25 of a,b:c%0Ad\n"
	if first := b.String()[:strings.Index(b.String(), "\n")+1]; strings.Replace(first, ",endLine=5,endColumn=13", "", 1) != want {
		t.Errorf("got %q, want %q", first, want)
	}
}

func TestGitLab(t *testing.T) {
	var b bytes.Buffer
	if err := sample(t).Write(&b, "gitlab"); err != nil {
		t.Fatal(err)
	}
	var issues []struct {
		Description, Fingerprint, Severity string
		CheckName                          string `json:"check_name"`
		Location                           struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal(b.Bytes(), &issues); err != nil {
		t.Fatal(err)
	}
	var got []string
	prints := map[string]bool{}
	for _, i := range issues {
		if prints[i.Fingerprint] || i.Fingerprint == "" {
			t.Errorf("fingerprint %q is used twice", i.Fingerprint)
		}
		prints[i.Fingerprint] = true
		got = append(got, fmt.Sprintf("%s:%d %s %s: %s", i.Location.Path, i.Location.Lines.Begin, i.Severity, i.CheckName, i.Description))
	}
	want := []string{
		"svc/a b.go:4 blocker PHI101 phi-in-sql-text: PHI101 p.Name[0] becomes part of the SQL text",
		"svc/a b.go:4 critical PHI101 phi-in-sql-text: PHI101 p.Zip becomes part of the SQL text",
		"svc/db/1.sql:1 minor PHI601 plaintext-role-password: PHI601 password of role r stands in the SQL text",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("issues differ (-want +got):\n%s", diff)
	}
	b.Reset()
	if err := (&report.Report{}).Write(&b, "gitlab"); err != nil || b.String() != "[]\n" {
		t.Errorf("without findings: %q, %v", b.String(), err)
	}
}
