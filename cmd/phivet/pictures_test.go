package main_test

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The pictures of the README come from the sample, by
//
//	go test ./cmd/phivet -run Pictures -update
//
// which needs script(1) and chromium. They are not held against what phivet
// prints today: a moved line must not need a new picture.
func TestPictures(t *testing.T) {
	dir := filepath.Join(top, "docs", "img")
	text, page := filepath.Join(dir, "text.svg"), filepath.Join(dir, "report.png")
	if *update {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(text, []byte(terminalPicture(t)), 0o666); err != nil {
			t.Fatal(err)
		}
		photograph(t, page)
	}
	content, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(content, new(struct{})); err != nil || !strings.Contains(string(content), "PHI101") || strings.Contains(string(content), "analysing") {
		t.Errorf("%s is no picture of findings: %v", text, err)
	}
	if info, err := os.Stat(page); err != nil || info.Size() > 400<<10 {
		t.Errorf("%s is missing or large: %v", page, err)
	}
	readme := readFile(t, "README.md")
	for _, want := range []string{"docs/img/text.svg", "docs/img/report.png"} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.md does not show %s", want)
		}
	}
}

const pictureColumns = 100

// terminalPicture runs phivet in a terminal and draws what it prints.
func terminalPicture(t *testing.T) string {
	t.Helper()
	const command = "phivet --min-severity high internal/patients/store.go migrations/000005_billing.up.sql"
	cmd := exec.Command(needs(t, "script"), "-q", "-c", fmt.Sprintf("stty cols %d; %s", pictureColumns, command), os.DevNull)
	cmd.Dir = filepath.Join(top, "testdata", "clinic")
	bin, err := filepath.Abs(binDir)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "TERM=xterm", "COLUMNS=", "NO_COLOR=", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	// What stood on a line before it was erased, as the progress does, was not meant to stay.
	plain := regexp.MustCompile(`[^\n]*\r\x1b\[K`).ReplaceAllString(strings.ReplaceAll(string(out), "\r\n", "\n"), "")
	return svg("\x1b[2m$\x1b[0m " + command + "\n\n" + plain)
}

var (
	sgr     = regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	classes = map[string]string{"1": "b", "2": "d", "31": "r", "33": "y", "34": "u"}
)

// svg draws text with the few ANSI colours that phivet uses, a line a row.
func svg(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	const rowHeight, margin = 17, 16
	var b strings.Builder
	width, height := pictureColumns*8+2*margin, len(lines)*rowHeight+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="Findings of phivet in a terminal">
<style>text{font:13.3px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6edf3;white-space:pre}.b{font-weight:700}.d{fill:#9da7b3}.r{fill:#ff7b72}.y{fill:#f2cc60}.u{fill:#79c0ff}</style>
<rect width="%d" height="%d" rx="8" fill="#0d1117"/>
`, width, height, width, height, width, height)
	for i, line := range lines {
		fmt.Fprintf(&b, `<text x="%d" y="%d" xml:space="preserve">`, margin, margin+13+i*rowHeight)
		var on []string
		at := 0
		for _, m := range append(sgr.FindAllStringSubmatchIndex(line, -1), []int{len(line), len(line), len(line), len(line)}) {
			if part := line[at:m[0]]; part != "" {
				var escaped strings.Builder
				_ = xml.EscapeText(&escaped, []byte(part)) // a Builder takes all
				fmt.Fprintf(&b, `<tspan class="%s">%s</tspan>`, strings.Join(on, " "), escaped.String())
			}
			at = m[1]
			if code := line[m[2]:m[3]]; code == "0" {
				on = nil
			} else if c := classes[code]; c != "" {
				on = append(on, c)
			}
		}
		b.WriteString("</text>\n")
	}
	return b.String() + "</svg>\n"
}

// photograph writes the report on the sample as a browser shows its top.
func photograph(t *testing.T, png string) {
	t.Helper()
	dir := t.TempDir()
	page := filepath.Join(dir, "report.html")
	commands(t, filepath.Join(top, "testdata", "clinic"), []string{filepath.Join(binDir, "phivet"), "report", "--html", page})
	abs, err := filepath.Abs(png)
	if err != nil {
		t.Fatal(err)
	}
	commands(t, dir, []string{needs(t, "chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--blink-settings=preferredColorScheme=1", "--window-size=1200,1000", "--screenshot=" + abs, "file://" + page})
}

// TestGettingStarted follows the page: the change that it shows takes the
// finding away.
func TestGettingStarted(t *testing.T) {
	page := readFile(t, "docs/getting-started.md")
	code := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(code) != 2 {
		t.Fatalf("the page has %d pieces of Go code, want the bad and the good one", len(code))
	}
	indent := func(s string) string {
		return "\t" + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n\t") + "\n"
	}
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join(top, "testdata", "clinic"))); err != nil {
		t.Fatal(err)
	}
	store := filepath.Join(root, "internal", "patients", "store.go")
	content, err := os.ReadFile(store)
	if err != nil {
		t.Fatal(err)
	}
	mended := strings.Replace(string(content), indent(code[0][1]), indent(code[1][1]), 1)
	if mended == string(content) {
		t.Fatal("the sample does not have the code that the page shows")
	}
	const finding = "ssn becomes part of the SQL text (patients.ssn)"
	for _, tt := range []struct {
		content string
		found   bool
	}{{string(content), true}, {mended, false}} {
		if err := os.WriteFile(store, []byte(tt.content), 0o666); err != nil {
			t.Fatal(err)
		}
		out, _ := try(t, root, filepath.Join(binDir, "phivet"), "internal/patients/store.go") // other findings stay
		if strings.Contains(out, finding) != tt.found || strings.Contains(out, "PHI906") {
			t.Errorf("found: %v, want %v:\n%s", !tt.found, tt.found, out)
		}
	}
}
