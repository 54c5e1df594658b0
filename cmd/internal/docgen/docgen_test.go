package docgen_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/docgen"
	"github.com/phivet/phivet/cmd/internal/run"
)

var update = flag.Bool("update", false, "write docs/rules")

func TestGenerated(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "docs", "rules")
	pages := docgen.Pages(run.Rules())
	if *update {
		write(t, dir, pages)
	}
	var names []string
	for _, p := range pages {
		names = append(names, p.Name)
		got, err := os.ReadFile(filepath.Join(dir, p.Name))
		if err != nil {
			t.Errorf("%v; run go test ./cmd/internal/docgen -update", err)
			continue
		}
		if diff := cmp.Diff(p.Text, string(got)); diff != "" {
			t.Errorf("docs/rules/%s is out of date, run go test ./cmd/internal/docgen -update (-want +got):\n%s", p.Name, diff)
		}
	}
	for _, name := range list(t, dir) {
		if !slices.Contains(names, name) {
			t.Errorf("docs/rules/%s belongs to no rule", name)
		}
	}
}

// TestGeneratedConfiguration holds the schema for editors and the list of keys
// against the configuration that phivet reads.
func TestGeneratedConfiguration(t *testing.T) {
	schema, err := config.Schema(run.Rules())
	if err != nil {
		t.Fatal(err)
	}
	docs := filepath.Join("..", "..", "..", "docs")
	page, err := os.ReadFile(filepath.Join(docs, "configuring.md"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := docgen.WithKeys(string(page), config.Reference())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"phivet.schema.json": string(schema), "configuring.md": keys} {
		file := filepath.Join(docs, name)
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("docs/%s is out of date, run go test ./cmd/internal/docgen -update (-want +got):\n%s", name, diff)
		}
	}
}

// write makes the folder hold the pages and nothing else.
func write(t *testing.T, dir string, pages []docgen.Page) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if err := os.WriteFile(filepath.Join(dir, p.Name), []byte(p.Text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
