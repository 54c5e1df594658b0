package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

func newInit() *cobra.Command {
	var dir string
	var force, schema bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a .phivet.toml from what is found",
		Long: `Init looks at the project and writes a .phivet.toml that says what phivet would assume
without it: where the migrations are and which tool runs them, whether the project deals
with health data, the patient key, and the tables with PHI. It changes nothing until you
correct it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if schema {
				text, err := config.Schema(run.Rules())
				if err == nil {
					_, err = cmd.OutOrStdout().Write(text)
				}
				return err
			}
			p, err := project.Open(dir, run.Known)
			if err != nil {
				return err
			}
			name := filepath.Join(p.Root, config.FileName)
			if _, err := os.Lstat(name); err == nil && !force {
				return fmt.Errorf("%s exists: edit it, or write it anew with --force", name)
			}
			scan, err := p.Scan(cmd.Context())
			if err != nil {
				return err
			}
			if err := project.WriteFileAtomic(name, []byte(proposal(scan, p.Config.Lexicon()))); err != nil {
				return fmt.Errorf("writing configuration: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "wrote %s\nphivet inventory lists what was taken for PHI\n", name)
			return nil
		},
	}
	cmd.Flags().StringVarP(&dir, "directory", "C", ".", "run as if started in `dir`")
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON schema of .phivet.toml, for editors, and write nothing")
	cmd.Flags().BoolVar(&force, "force", false, "replace a .phivet.toml that exists")
	return cmd
}

// proposal returns the text of a configuration that says what the scan found.
// What phivet finds by itself stands there as a comment: a list of paths would
// leave out the folder that is made tomorrow, and the server's settings.
func proposal(scan *sqlscan.Result, lexicon *phi.Lexicon) string {
	b := &strings.Builder{}
	b.WriteString("#:schema " + config.SchemaURL + "\n# What phivet finds by itself stands behind a #. Take the # away where it is to be\n# something else; a key that does not exist is an error.\n\n")
	b.WriteString("# exclude = [\"third_party/**\"]\n\n[migrations]\n")
	tools := map[string]bool{}
	var paths []string
	for _, h := range scan.Histories {
		paths = append(paths, fmt.Sprintf("%q", cmp.Or(h.Dir, ".")))
		tools[h.Tool] = true
		files := fmt.Sprintf("%d files", h.Files)
		if h.Files == 1 {
			files = "1 file"
		}
		fmt.Fprintf(b, "# %s: %s, %s\n", cmp.Or(h.Dir, "."), cmp.Or(h.Tool, "plain SQL"), files)
	}
	if len(paths) == 0 {
		b.WriteString("# no migrations were found below this directory\n# paths = [\"db/migrations\"]\n")
	} else {
		slices.Sort(paths)
		fmt.Fprintf(b, "# paths = [%s]\n", strings.Join(slices.Compact(paths), ", "))
	}
	if len(tools) == 1 && slices.Contains(sqlscan.Tools(), slices.Collect(maps.Keys(tools))[0]) {
		fmt.Fprintf(b, "# tool = %q\n", slices.Collect(maps.Keys(tools))[0])
	}
	b.WriteString("\n[phi]\n")
	proposePHI(b, scan.Schema, lexicon)
	b.WriteString("\n[severity]\n# PHI405 = \"low\"\n# PHI417 = \"off\"\n")
	return b.String()
}

func proposePHI(b *strings.Builder, schema *phi.Schema, lexicon *phi.Lexicon) {
	if schema == nil {
		b.WriteString("health = \"auto\"\n")
		return
	}
	if schema.Health() {
		b.WriteString("health = \"on\" # patient or clinical tables were found\n")
	} else {
		b.WriteString("health = \"auto\" # nothing says that this project deals with health data; \"on\" if it does\n")
	}
	if keys := patientKeys(schema); len(keys) > 0 {
		fmt.Fprintf(b, "# patient_keys = [%s]\n", strings.Join(keys, ", "))
	}
	var tables []string
	for _, t := range schema.Tables() {
		if t.PHI {
			tables = append(tables, inventory.MaskName(lexicon, t.Name))
		}
	}
	if len(tables) > 0 {
		fmt.Fprintf(b, "\n# Tables that hold PHI; \"none\" takes one out, \"patient\" adds one whose rows are patients.\n# [phi.tables]\n")
		for _, t := range tables {
			fmt.Fprintf(b, "# %q = \"none\"\n", t)
		}
	}
}

// patientKeys returns the quoted names of the columns that link rows to a
// patient, the most frequent first.
func patientKeys(schema *phi.Schema) []string {
	count := map[string]int{}
	for _, t := range schema.Tables() {
		for _, c := range t.Columns {
			// The key of the patient's own table is called id, as are those of
			// all other tables.
			if c.Class.Category == phi.Link && t.Patient && !strings.EqualFold(c.Name, "id") {
				count[c.Name]++
			}
		}
	}
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	for i, name := range names {
		names[i] = fmt.Sprintf("%q", name)
	}
	return names
}
