package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/phivet/phivet/cmd/internal/run"
)

// notInClinic are the rules that the sample cannot show, and why.
var notInClinic = map[string]string{
	"PHI209": "needs a telemetry library, and the sample gets by with a driver",
	"PHI208": "it is about gorm's loggers, and the sample speaks pgx and database/sql",
	"PHI801": "phivet audit-log reads logs, and the sample is what phivet check sees",
	"PHI802": "it is about logs",
	"PHI803": "it is about logs",
	"PHI804": "it is about logs",
	"PHI902": "the sample grants to the role anon, which tells a hosting service that brings extensions of its own",
	"PHI906": "a package that does not type-check would keep the sample from building",
}

// The sample is checked as a user checks it, with everything shown. The golden
// file is that SARIF without the rules' help, which docs/rules repeats and which
// would change it with every word of a page.
func TestClinic(t *testing.T) {
	got := checkClinic(t)
	golden := filepath.Join("..", "..", "testdata", "clinic.sarif")
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want = bytes.ReplaceAll(want, []byte("testdata/clinic/"), nil) // see withoutHelp
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("testdata/clinic.sarif is out of date, run go test ./cmd/phivet -run Clinic -update (-want +got):\n%s", diff)
	}
}

func TestClinicShowsEveryRule(t *testing.T) {
	var log struct {
		Runs []struct {
			Results []struct{ RuleID string }
		}
	}
	if err := json.Unmarshal(checkClinic(t), &log); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, r := range log.Runs {
		for _, result := range r.Results {
			shown[result.RuleID] = true
		}
	}
	for _, r := range run.Rules() {
		reason, exempt := notInClinic[r.ID]
		switch {
		case exempt && shown[r.ID]:
			t.Errorf("rule %s is in the sample; it is exempt because %q", r.ID, reason)
		case !exempt && !shown[r.ID]:
			t.Errorf("rule %s %s has no violation in testdata/clinic: add one, and its clean twin", r.ID, r.Slug)
		}
	}
}

// checkClinic returns the SARIF of the sample, normalized.
func checkClinic(t *testing.T) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "clinic.sarif")
	cmd := exec.Command(filepath.Join(binDir, "phivet"), "check", "-C", filepath.Join("..", "..", "testdata", "clinic"),
		"--min-severity", "info", "--out", "sarif:"+out)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != run.ExitFindings {
		t.Fatalf("phivet check = %v, want exit code %d\n%s", err, run.ExitFindings, stderr.String())
	}
	content, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return withoutHelp(t, content)
}

func withoutHelp(t *testing.T, sarif []byte) []byte {
	t.Helper()
	var log map[string]any
	// Paths count from the repository, if there is one: an unpacked archive has
	// none, and gives the same.
	if err := json.Unmarshal(bytes.ReplaceAll(sarif, []byte("testdata/clinic/"), nil), &log); err != nil {
		t.Fatal(err)
	}
	for _, r := range log["runs"].([]any) {
		driver := r.(map[string]any)["tool"].(map[string]any)["driver"].(map[string]any)
		for _, rule := range driver["rules"].([]any) {
			delete(rule.(map[string]any), "help")
			delete(rule.(map[string]any), "fullDescription")
		}
	}
	out, err := json.MarshalIndent(log, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// TestClinicSARIF holds the sample's SARIF, as a user gets it, against the
// schema and Microsoft's validator with the rules for GitHub.
func TestClinicSARIF(t *testing.T) {
	multitool, schema := os.Getenv("PHIVET_SARIF_MULTITOOL"), os.Getenv("PHIVET_SARIF_SCHEMA")
	if multitool == "" || schema == "" {
		multitool = needs(t, "Sarif.Multitool", "@microsoft/sarif-multitool-linux/Sarif.Multitool")
		schema = filepath.Join(filepath.Dir(multitool), "sarif-2.1.0.json")
	}
	out := filepath.Join(t.TempDir(), "clinic.sarif")
	cmd := exec.Command(filepath.Join(binDir, "phivet"), "check", "-C", filepath.Join("..", "..", "testdata", "clinic"),
		"--min-severity", "info", "--fail-on", "never", "--out", "sarif:"+out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	compiled, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(doc); err != nil {
		t.Error(err)
	}
	cmd = exec.Command(multitool, "validate", out, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning")
	cmd.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")
	text, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(text, []byte("Analysis completed successfully")) || bytes.Contains(text, []byte(": error ")) || bytes.Contains(text, []byte(": warning ")) {
		t.Errorf("the validator says %v\n%.3000s", err, text)
	}
}

// TestInitChangesNothing checks the sample with the configuration that init
// writes: it says what phivet assumes anyway, and nobody's name.
func TestInitChangesNothing(t *testing.T) {
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join(top, "testdata", "clinic"))); err != nil {
		t.Fatal(err)
	}
	phivet := filepath.Join(binDir, "phivet")
	check := []string{phivet, "check", "--min-severity", "info", "--fail-on", "never"}
	before, err := try(t, root, check...)
	if err != nil {
		t.Fatal(err)
	}
	commands(t, root, []string{phivet, "init"})
	after, err := try(t, root, check...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("init changes what is found (-before +after):\n%s", diff)
	}
	written, err := os.ReadFile(filepath.Join(root, ".phivet.toml"))
	if err != nil || bytes.Contains(written, []byte("smith")) || !bytes.Contains(written, []byte("patient_***_backup")) {
		t.Errorf("%v, or init writes the name of a person:\n%s", err, written)
	}
}
