package lsp_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules/ruletest"
)

const patients = `CREATE TABLE patients (
    id bigint PRIMARY KEY,
    ssn text,
    first_name text
);
`

// guarded is what makes the table's rows safe.
const guarded = `ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE patients FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON patients USING (id = current_setting('app.patient')::bigint);
`

// TestDiagnosticsFollowBuffers follows one project through edits that are
// never saved: the whole history is judged, so an edit of one file changes the
// findings of another.
func TestDiagnosticsFollowBuffers(t *testing.T) {
	const one, two = "db/migrations/001_patients.up.sql", "db/migrations/002_guard.up.sql"
	c := open(t, "", map[string]string{one: patients, two: "SELECT 1;\n"})
	c.untilCode(one, "PHI501", true) // before anything is opened
	c.didOpen(two, "SELECT 1;\n")
	c.replace(two, 2, guarded)
	c.untilCode(one, "PHI501", false)
	c.replace(two, 3, "SELECT 1;\n")
	c.untilCode(one, "PHI501", true)
	c.replace(two, 4, guarded)
	c.untilCode(one, "PHI501", false)
	c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": c.uri(two)}})
	c.untilCode(one, "PHI501", true) // the disk counts again
	c.save(two, guarded)
	c.untilCode(one, "PHI501", false)

	// A file that the disk does not have yet.
	const three = "db/migrations/003_open.up.sql"
	c.didOpen(three, "GRANT SELECT ON patients TO PUBLIC;\n")
	c.untilCode(three, "PHI520", true)
	c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": c.uri(three)}})
	c.untilCode(three, "PHI520", false)
}

func TestDiagnostic(t *testing.T) {
	const file = "migrations/001_patients.up.sql"
	c := open(t, "", map[string]string{file: "-- née 😀\n/* 😀é */ " + patients})
	c.untilCode(file, "PHI501", true)
	c.mu.Lock()
	defer c.mu.Unlock()
	ds := c.diagnostics[c.uri(file)]
	i := slices.IndexFunc(ds, func(d diagnostic) bool { return d.Code == "PHI501" })
	d := ds[i]
	if want := "1:23-1:31"; d.Range.String() != want { // the emoji counts two, and é one
		t.Errorf("range = %s, want %s", d.Range, want)
	}
	if d.Severity != 1 || d.Source != "phivet" || len(d.Tags) != 0 || !strings.Contains(d.Message, "patients") {
		t.Errorf("diagnostic = %+v", d)
	}
	if want := "https://github.com/phivet/phivet/blob/main/docs/rules/PHI501-"; !strings.HasPrefix(d.CodeDescription.Href, want) {
		t.Errorf("href = %q, want %s…", d.CodeDescription.Href, want)
	}
	if !strings.Contains(strings.Join(c.registered, ""), "**/*.{sql,go,conf,") {
		t.Errorf("registered %q", c.registered)
	}
}

// TestNamesOfPersons: what an identifier says of a person is not repeated.
func TestNamesOfPersons(t *testing.T) {
	const file = "migrations/001_patients.up.sql"
	text := strings.ReplaceAll(patients, "patients", "patient_john_smith")
	c := open(t, "", map[string]string{file: text})
	c.didOpen(file, text)
	c.untilCode(file, "PHI401", true)
	for line, want := range []string{"holds PHI", "", "ssn**: SSN"} {
		got := c.hover(file, line, 15-5*line)
		if !strings.Contains(got, want) || strings.Contains(got, "john") || strings.Contains(got, "smith") {
			t.Errorf("hover on line %d lacks %q or has a name: %s", line, want, got)
		}
	}
	for _, a := range c.actions(file, span{place{0, 0}, place{5, 0}}) {
		if strings.Contains(a.Title, "smith") {
			t.Errorf("title %q", a.Title)
		}
	}
}

func TestHover(t *testing.T) {
	const file = "migrations/001_patients.up.sql"
	c := open(t, "", map[string]string{file: patients})
	c.didOpen(file, patients)
	tests := []struct {
		line, character int
		want            []string
	}{
		{0, 15, []string{"markdown: ", "**patients** holds PHI", "- ssn: SSN, tier 3", "row security off", "[PHI501](https://", "### How to fix", "ENABLE ROW LEVEL SECURITY"}},
		{2, 5, []string{"column **patients.ssn**: SSN, tier 3 (safe harbor item G)", "matched", "[PHI405]"}},
		{1, 5, []string{"column **patients.id**"}},
	}
	for _, tt := range tests {
		got := c.hover(file, tt.line, tt.character)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("hover at %d:%d lacks %q: %s", tt.line, tt.character, want, got)
			}
		}
	}
	if got := c.hover(file, 4, 1); got != "" {
		t.Errorf("hover on nothing = %q", got)
	}
	c.replace(file, 2, strings.ReplaceAll(patients, "ssn", "bed"))
	if got := c.hover(file, 2, 5); !strings.Contains(got, "patients.bed**") { // waits for the verdict
		t.Errorf("hover after a change = %q", got)
	}
}

// TestSilence applies the directive that is offered, in SQL with indentation
// and Windows line ends, and sees the finding go.
func TestSilence(t *testing.T) {
	const file = "migrations/001_patients.up.sql"
	text := strings.ReplaceAll("DO $$ BEGIN\n\tCREATE TABLE patients (id bigint, ssn text);\nEND $$;\n", "\n", "\r\n")
	c := open(t, "", map[string]string{file: text})
	c.didOpen(file, text)
	c.untilCode(file, "PHI501", true)
	at := span{place{1, 20}, place{1, 20}}
	a := c.action(file, at, "Silence PHI501 here: accepted risk")
	if a.Kind != "quickfix" || len(a.Diagnostics) != 1 || a.Diagnostics[0].Code != "PHI501" {
		t.Errorf("action = %+v", a)
	}
	if v := a.Edit.DocumentChanges[0].TextDocument.Version; v == nil || *v != 1 {
		t.Errorf("the edit is for version %v, want 1", v)
	}
	text = c.apply(a, file, text)
	if want := "\r\n\t-- phivet:ignore PHI501 -- accepted risk\r\n\tCREATE TABLE"; !strings.Contains(text, want) {
		t.Fatalf("text after the action = %q, want %q in it", text, want)
	}
	c.replace(file, 2, text)
	c.untilCode(file, "PHI501", false)
	if slices.Contains(c.codes(file), "PHI903") || len(c.codes(file)) == 0 {
		t.Errorf("after the action: %v", c.of(file))
	}
}

func TestMarkAsNoPHI(t *testing.T) {
	const file = "migrations/001_patients.up.sql"
	tests := []struct {
		name, text string
		at         place
		want       string
	}{
		{"comment behind", "CREATE SCHEMA \"Ward 1\";\nCREATE TABLE \"Ward 1\".patients (\n  id bigint,\n  ssn text,\n  mrn text\n) ; -- more\nSELECT 1;\n", place{3, 3},
			") ; -- more\nCOMMENT ON COLUMN \"Ward 1\".patients.ssn IS '@phi:none';\nSELECT 1;\n"},
		{"no semicolon", "CREATE TABLE patients (id bigint, mrn text,\n  ssn text)", place{1, 4}, "ssn text);\nCOMMENT ON COLUMN patients.ssn IS '@phi:none';"},
		{"no semicolon but a comment", "CREATE TABLE patients (id bigint, mrn text,\n  ssn text) -- more\n", place{1, 4}, "ssn text); -- more\nCOMMENT ON COLUMN patients.ssn IS '@phi:none';\n"},
		{"statement behind", "CREATE TABLE patients (id bigint, mrn text,\n  ssn text); SELECT 1;\n", place{1, 4},
			"ssn text);\nCOMMENT ON COLUMN patients.ssn IS '@phi:none'; SELECT 1;\n"},
		{"added later", "CREATE TABLE patients (id bigint, mrn text);\nALTER TABLE patients\n  ADD COLUMN ssn text;\n", place{2, 14},
			"  ADD COLUMN ssn text;\nCOMMENT ON COLUMN patients.ssn IS '@phi:none';\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, "", map[string]string{file: tt.text})
			c.didOpen(file, tt.text)
			text := c.apply(c.action(file, span{tt.at, tt.at}, "ssn as no PHI"), file, tt.text)
			if !strings.HasSuffix(text, tt.want) {
				t.Fatalf("text = %q, want %q at its end", text, tt.want)
			}
			c.replace(file, 2, text)
			if got := c.hover(file, tt.at.Line, tt.at.Character); !strings.Contains(got, "ssn**: no PHI recognised") {
				t.Errorf("hover after the action = %s", got)
			}
			for _, a := range c.actions(file, span{tt.at, tt.at}) {
				if strings.Contains(a.Title, "as no PHI") {
					t.Errorf("%q is offered again", a.Title)
				}
			}
		})
	}
}

// TestConfiguration: severities and the baseline count as in check, and what is
// wrong in the configuration is shown where it stands.
func TestConfiguration(t *testing.T) {
	const file, toml = "migrations/001_patients.up.sql", ".phivet.toml"
	c := open(t, "", map[string]string{file: patients, toml: "[severity]\nPHI501 = \"low\"\nPHI405 = \"off\"\n"})
	c.untilCode(file, "PHI501", true)
	c.mu.Lock()
	severity := c.diagnostics[c.uri(file)][0].Severity
	c.mu.Unlock()
	if severity != 3 || slices.Contains(c.codes(file), "PHI405") {
		t.Errorf("PHI501 has severity %d, want 3; codes %v, want no PHI405", severity, c.codes(file))
	}
	c.didOpen(toml, "")
	c.save(toml, "[severity]\nPHI501 = \"off\"\nPHI999 = \"low\"\n")
	c.until("diagnostic of the configuration", func() bool { return len(c.of(toml)) == 1 })
	c.until("message", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.shown) == 1 && strings.Contains(c.shown[0], "PHI999")
	})
	if got, want := c.of(toml)[0], "2:0-2:14 "; got != want {
		t.Errorf("diagnostic of the configuration is %s, want %s", got, want)
	}
	if !slices.Contains(c.codes(file), "PHI501") {
		t.Error("a configuration that is wrong took the findings away")
	}
	c.save(toml, "[severity]\nPHI501 = \"off\"\n")
	c.untilCode(file, "PHI501", false)
	c.untilCode(file, "PHI405", true)
	c.until("no diagnostic of the configuration", func() bool { return len(c.of(toml)) == 0 })
	c.save(toml, "exclude = [\"migrations\"]\n")
	c.untilCode(file, "PHI405", false)
}

func TestBaseline(t *testing.T) {
	const file = "migrations/001_patients.up.sql"
	self := program(t)
	c := open(t, self, map[string]string{file: patients})
	c.untilCode(file, "PHI501", true)
	cmd := command(self, "baseline", "--directory", c.root)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": c.uri(".phivet-baseline.json"), "type": 1}}})
	c.untilCode(file, "PHI501", false)
	c.didOpen(file, patients)
	c.replace(file, 2, patients+"CREATE TABLE visits (patient_id bigint, diagnosis text, visit_date date, notes text);\n")
	c.untilCode(file, "PHI501", true) // what is new counts
}

// TestRepair applies the new migration that is offered: a file of its own, that
// the client makes, and no edit of one that has run.
func TestRepair(t *testing.T) {
	const one, two = "db/migrations/000001_patients.up.sql", "db/migrations/000002_visits.up.sql"
	files := ruletest.Files{one: patients, two: "CREATE TABLE visits (patient_id bigint REFERENCES patients, diagnosis text, ssn text);\n"}
	for _, lazy := range []bool{true, false} {
		root := files.Write(t)
		c := start(t, root, "")
		codeAction := ``
		if lazy {
			codeAction = `, "textDocument": {"codeAction": {"resolveSupport": {"properties": ["edit"]}}}`
		}
		c.initialize(`{"workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]}}` + codeAction + `}`)
		c.didOpen(one, patients)
		c.untilCode(one, "PHI501", true)
		at := span{place{0, 15}, place{0, 15}}
		for _, tt := range []struct {
			title       string
			first, both bool
		}{{"PHI501: add a migration for public.patients", true, false}, {"Add a migration for the row security of all tables", true, true}} {
			var raw json.RawMessage
			for _, a := range c.rawActions(one, at) {
				if strings.Contains(string(a), tt.title) {
					raw = a
				}
			}
			if raw == nil {
				t.Fatalf("no action %q among %s", tt.title, c.rawActions(one, at))
			}
			if lazy {
				if strings.Contains(string(raw), "ENABLE ROW LEVEL SECURITY") {
					t.Error("the edit is there before it is asked for")
				}
				c.call("codeAction/resolve", raw, &raw)
			}
			var a struct {
				Edit struct {
					DocumentChanges []struct {
						Kind         string `json:"kind"`
						URI          string `json:"uri"`
						TextDocument struct {
							URI string `json:"uri"`
						} `json:"textDocument"`
						Edits []textEdit `json:"edits"`
					} `json:"documentChanges"`
				} `json:"edit"`
			}
			if err := json.Unmarshal(raw, &a); err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(a.Edit.DocumentChanges); i += 2 {
				made, filled := a.Edit.DocumentChanges[i], a.Edit.DocumentChanges[i+1]
				if made.Kind != "create" || made.URI != filled.TextDocument.URI || !strings.Contains(made.URI, "/db/migrations/000003_") {
					t.Fatalf("edit = %s", raw)
				}
				c.didOpen(strings.TrimPrefix(made.URI, c.uri("")+"/"), filled.Edits[0].NewText)
			}
			c.untilCode(one, "PHI501", !tt.first)
			c.untilCode(two, "PHI501", !tt.both)
			for _, made := range a.Edit.DocumentChanges {
				if made.Kind == "create" {
					c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": made.URI}})
				}
			}
			c.untilCode(one, "PHI501", true)
		}
	}
}

// TestFolders: a file outside of all folders is judged as long as it is open,
// folders come and go, and a nearer configuration makes a project of its own.
func TestFolders(t *testing.T) {
	const file = "migrations/001_patients.up.sql"
	c := open(t, "", map[string]string{file: patients, "nested/.phivet.toml": "[severity]\nPHI501 = \"off\"\n", "nested/" + file: patients})
	c.untilCode(file, "PHI501", true)
	c.didOpen("nested/"+file, patients)
	c.untilCode("nested/"+file, "PHI405", true)
	c.untilCode("nested/"+file, "PHI501", false)

	other := ruletest.Files{file: patients}.Write(t)
	uri := "file://" + other
	mine := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.diagnostics[uri+"/"+file])
	}
	document := map[string]any{"uri": uri + "/" + file}
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri + "/" + file, "version": 1, "text": patients}})
	c.until("diagnostics outside of the folders", func() bool { return mine() > 0 })
	c.notify("textDocument/didClose", map[string]any{"textDocument": document})
	c.until("no diagnostics after closing", func() bool { return mine() == 0 })
	change := func(added, removed []any) {
		c.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": added, "removed": removed}})
	}
	folder := []any{map[string]any{"uri": uri, "name": "other"}}
	change(folder, []any{})
	c.until("diagnostics of a new folder", func() bool { return mine() > 0 })
	change([]any{}, folder)
	c.until("no diagnostics of a folder that left", func() bool { return mine() == 0 })
}
