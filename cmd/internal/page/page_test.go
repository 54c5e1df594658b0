package page_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/cmd/internal/page"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/hipaa"
)

func input() *page.Input {
	missing := &rules.Rule{ID: "PHI501", Slug: "rls-missing", Title: "no row security", Severity: rules.High, Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.MinimumNecessary}}
	leak := &rules.Rule{ID: "PHI101", Slug: "phi-in-sql-text", Title: "value in SQL", Severity: rules.Critical, Citations: []hipaa.Citation{hipaa.AccessControl}}
	span := func(file string, line int) finding.Span {
		return finding.Span{File: file, Start: finding.Position{Line: line, Column: 1}}
	}
	return &page.Input{
		Project: "clinic <b>", Revision: "abc123",
		Report: &report.Report{
			Version: "v1.0.0",
			Findings: []finding.Finding{
				{Rule: missing, Severity: rules.High, Message: "table app.visits holds PHI (note) and has no row level security", Span: span("db/1.sql", 4)},
				{Rule: leak, Severity: rules.Critical, Message: "ssn becomes part of the SQL text (patients.ssn)", Span: span("store/a.go", 9),
					Flow: []finding.Step{{Span: span("store/a.go", 3), Message: "source: ssn"}}},
			},
			Suppressed: []report.Suppressed{{Finding: finding.Finding{Rule: missing, Severity: rules.High, Message: "table app.codes", Span: span("db/1.sql", 9)}, Reason: "a code list, ask 078-05-1120"}},
			Notices:    []finding.Notice{{File: "db/2.sql", Message: "one file was not read"}},
		},
		Inventory: &inventory.Inventory{
			Tables: []inventory.Table{
				{Schema: "app", Table: "patients", Kind: "table", RowSecurity: true, Forced: true, Policies: []string{"own"}, Grants: []string{"clinic_app: SELECT", "clinic_app: UPDATE", "PUBLIC: SELECT"}, Views: []string{"app.v", "app.w"}, File: "db/1.sql", Line: 1},
				{Schema: "app", Table: "visits", Kind: "table", File: "db/1.sql", Line: 4},
				{Schema: "app", Table: "v", Kind: "view", File: "db/1.sql", Line: 7},
			},
			Columns: []inventory.Column{
				{Schema: "app", Table: "patients", Column: "ssn", Type: "text", Category: "SSN", Letter: "G", Tier: 3, Reason: "matched [ssn]", File: "db/1.sql", Line: 2},
				{Schema: "app", Table: "visits", Column: "note", Type: "text", Category: "NOTE", Tier: 3, File: "db/1.sql", Line: 5},
			},
			Types: []inventory.Type{{Package: "store", Type: "Patient", Category: "SSN", Tier: 3, Fields: []inventory.Field{{Field: "SSN"}}, File: "store/a.go", Line: 1}},
		},
		Rules:       []*rules.Rule{leak, missing},
		HasBaseline: true, Known: func(f *finding.Finding) bool { return f.Rule.ID == "PHI501" },
		Gone: []page.Gone{{Rule: "PHI501", File: "db/0.sql", Message: "table app.old holds PHI of 078-05-1120"}, {Rule: "PHI999", File: "db/0.sql", Message: "x", Suppressed: true}},
		Mask: func(s string) string { return strings.ReplaceAll(s, "078-05-1120", "***") },
	}
}

func write(t *testing.T, in *page.Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrite(t *testing.T) {
	got := write(t, input())
	if again := write(t, input()); again != got {
		t.Error("two pages of one input differ")
	}
	for _, want := range []string{
		"clinic &lt;b&gt;", "abc123", "app.patients</text>", "row security, forced", "no row security",
		`<a href="https://www.ecfr.gov/current/title-45/section-164.312">45 CFR 164.312(a)(1)</a>`, `<td class="n">2</td><td class="n">1</td>`,
		"source: ssn", "a code list, ask ***", "one file was not read", "<strong>1 new</strong>, 1 unchanged, 2 gone", `aria-label="2 gone, 1 unchanged, 1 new"`, "table app.old holds PHI of ***", "suppressed with a reason", "critical <span class=\"new\">new</span>",
		"1 type carries PHI, 1 finding</text>", "granted to clinic_app, PUBLIC</text>", `<span class="sev critical">open, critical</span>`, `class="leaks"`, `class="reads"`, "view without PHI columns",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, never := range []string{"<script", "078-05-1120", "clinic <b>", "@import", "src=", "ZgotmplZ"} {
		if strings.Contains(got, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if i, j := strings.Index(got, `<td class="sev critical">`), strings.Index(got, `<td class="sev high">`); i < 0 || j < i {
		t.Error("the most severe finding does not come first")
	}
}

// TestStructure reads the page as a strict parser would, and checks what
// screen readers and keyboards rely on.
func TestStructure(t *testing.T) {
	got := write(t, input())
	dec := xml.NewDecoder(strings.NewReader(strings.Replace(got, "<!DOCTYPE html>", "", 1)))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	ids, tables, captions := map[string]bool{}, 0, 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range e.Attr {
			if a.Name.Local == "id" {
				if ids[a.Value] {
					t.Errorf("id %s is used twice", a.Value)
				}
				ids[a.Value] = true
			}
		}
		switch e.Name.Local {
		case "table":
			tables++
		case "caption":
			captions++
		case "th":
			if len(e.Attr) == 0 || e.Attr[0].Name.Local != "scope" {
				t.Error("a header cell has no scope")
			}
		}
	}
	if tables == 0 || tables != captions {
		t.Errorf("%d tables, %d captions", tables, captions)
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(got, -1) {
		if !ids[m[1]] {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
	for _, want := range []string{`<html lang="en">`, `class="skip"`, "prefers-color-scheme: dark", "@media print", `role="img"`, "<desc"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// TestTableClass gives a table its colour by what was found, not by what is
// switched on: a policy that is always true protects nothing.
func TestTableClass(t *testing.T) {
	rule := func(id string) *rules.Rule { return &rules.Rule{ID: id, Slug: "x", Severity: rules.High} }
	tests := []struct {
		name    string
		finding finding.Finding
		want    string
	}{
		{"nothing found", finding.Finding{Rule: rule("PHI405"), Severity: rules.High, Object: "app.patients.ssn"}, "good-b"},
		{"another table", finding.Finding{Rule: rule("PHI504"), Severity: rules.High, Object: "app.patients_old policy p"}, "good-b"},
		{"severe", finding.Finding{Rule: rule("PHI504"), Severity: rules.High, Object: "app.patients policy p"}, "bad-b"},
		{"medium, one of several", finding.Finding{Rule: rule("PHI522"), Severity: rules.Medium, Object: "app.visits,app.patients to x"}, "weak-b"},
		{"a column", finding.Finding{Rule: rule("PHI512"), Severity: rules.Low, Object: "app.patients.ssn"}, "good-b"},
	}
	for _, tt := range tests {
		in := input()
		in.Report.Findings = []finding.Finding{tt.finding}
		got := write(t, in)
		m := regexp.MustCompile(`app\.patients: row security, forced[^<]*</title><rect class="box ([a-z-]+)"`).FindStringSubmatch(got)
		if m == nil || m[1] != tt.want {
			t.Errorf("%s: the box is %q, want %s", tt.name, m, tt.want)
		}
	}
}

// TestSeveralDatabases has a table of one name in two histories; each has its
// own findings and views.
func TestSeveralDatabases(t *testing.T) {
	in := input()
	other := in.Inventory.Tables[0]
	other.File, other.Views = "archive/migrations/1.sql", nil
	in.Inventory.Tables = append(in.Inventory.Tables, other)
	in.Report.Findings = []finding.Finding{{
		Rule: &rules.Rule{ID: "PHI504", Slug: "x", Severity: rules.High}, Severity: rules.High, Object: "app.patients policy own",
		Span: finding.Span{File: "archive/migrations/7.sql", Start: finding.Position{Line: 1, Column: 1}},
	}}
	got := write(t, in)
	for _, want := range []string{
		`<title>app.patients of db: row security, forced</title><rect class="box good-b"`,
		`<title>app.patients of archive/migrations: row security, forced, 1 finding</title><rect class="box bad-b"`,
		">app.patients, migrations</text>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(got, `class="reads"`); n != 2 {
		t.Errorf("%d lines from tables to views, want the two of db", n)
	}
}

func TestEmpty(t *testing.T) {
	got := write(t, &page.Input{Project: "x", Report: &report.Report{}, Inventory: &inventory.Inventory{}})
	if !strings.Contains(got, "No table with health information was found.") || !strings.Contains(got, "<p>None.</p>") || !strings.Contains(got, "There is no baseline to compare with.") {
		t.Errorf("an empty page does not say so:\n%s", got)
	}
}

// browse starts a browser on a page and returns what it prints.
func browse(t *testing.T, html string, args ...string) string {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("chromium is missing: .ci/setup installs it")
		}
		t.Skip("chromium is not in PATH")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(html), 0o666); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + filepath.Join(dir, "profile")}, args...)
	var stderr bytes.Buffer
	cmd := exec.Command(browser, append(args, "file://"+file)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return string(out)
}

// The values of Chromium's own setting.
const (
	dark  = "--blink-settings=preferredColorScheme=0"
	light = "--blink-settings=preferredColorScheme=1"
)

// TestBrowser draws the page in a real browser, light and dark. It only proves
// that something is drawn; how it looks, people have to say.
func TestBrowser(t *testing.T) {
	for scheme, background := range map[string]color.RGBA{light: {255, 255, 255, 255}, dark: {13, 17, 23, 255}} {
		shot := filepath.Join(t.TempDir(), "page.png")
		browse(t, write(t, input()), scheme, "--window-size=1200,1600", "--screenshot="+shot)
		f, err := os.Open(shot)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		img, err := png.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := color.RGBAModel.Convert(img.At(1, 1)); got != background {
			t.Errorf("%s: the background is %v, want %v", scheme, got, background)
		}
		drawn := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if img.At(x, y) != img.At(1, 1) {
					drawn++
				}
			}
		}
		if drawn < 20000 {
			t.Errorf("%s: only %d pixels are drawn", scheme, drawn)
		}
	}
}

// TestAccessible has axe, the engine of most accessibility checkers, judge the
// page as the browser shows it: names for screen readers, what the keyboard
// reaches, contrast of both schemes. The page itself allows no scripts.
func TestAccessible(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("..", "..", "..", ".cache", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v: run make setup", err)
		}
		t.Skip("axe-core is missing: make setup brings it")
	}
	const judge = `axe.run().then(r => { document.body.textContent = "AXE" + JSON.stringify({
		passes: r.passes.length, violations: r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes[0].html),
		overflow: document.documentElement.scrollWidth - innerWidth, dark: matchMedia("(prefers-color-scheme: dark)").matches }) + "END" })`
	html := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(write(t, input()), "")
	html = strings.Replace(html, "</body>", "<script>"+strings.ReplaceAll(string(axe), "</script", `<\/script`)+"</script><script>"+judge+"</script></body>", 1)
	for _, scheme := range []string{light, dark} {
		for _, size := range []string{"1280,1000", "500,900"} {
			out := browse(t, html, scheme, "--window-size="+size, "--virtual-time-budget=60000", "--dump-dom")
			m := regexp.MustCompile(`(?s)AXE(\{.*\})END`).FindStringSubmatch(out)
			if m == nil {
				t.Fatalf("axe did not finish:\n%.2000s", out)
			}
			var result struct {
				Passes, Overflow int
				Violations       []string
				Dark             bool
			}
			if err := json.Unmarshal([]byte(html2text.Replace(m[1])), &result); err != nil {
				t.Fatal(err)
			}
			if len(result.Violations) > 0 || result.Passes < 20 {
				t.Errorf("%s %s: %d rules pass, violated are:\n%s", scheme, size, result.Passes, strings.Join(result.Violations, "\n"))
			}
			if result.Overflow > 0 || result.Dark != (scheme == dark) {
				t.Errorf("%s %s: the page is %d pixels too wide, dark: %v", scheme, size, result.Overflow, result.Dark)
			}
		}
	}
}

// html2text undoes what a browser escapes in text.
var html2text = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&nbsp;", " ", "&amp;", "&")
