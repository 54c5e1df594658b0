package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/run"
)

func newInventory() *cobra.Command {
	var dir string
	var outs []string
	cmd := &cobra.Command{
		Use:   "inventory",
		Short: "List where PHI lives: columns, the controls on their tables, Go types",
		Long: `Inventory lists the columns that hold PHI with their category, the HIPAA identifier
they are, and the reason for that judgement; for each table the row security, policies,
grants and views; and the Go types that carry PHI.`,
		Example: "  phivet inventory\n  phivet inventory --out csv:phi.csv --out json:phi.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(outs) == 0 {
				outs = []string{"text"}
			}
			for _, out := range outs {
				if format, file, named := strings.Cut(out, ":"); !slices.Contains(inventory.Formats(), format) || named && file == "" {
					return fmt.Errorf("--out %q: use %s, with :FILE behind it to write a file", out, strings.Join(inventory.Formats(), ", "))
				}
			}
			p, err := project.Open(dir, run.Known)
			if err != nil {
				return err
			}
			scan, err := p.Scan(cmd.Context())
			if err != nil {
				return err
			}
			inv, err := inventory.Collect(p.Root, scan, p.Config.Lexicon(), p.Config.Excluded)
			if err != nil {
				return err
			}
			for _, n := range scan.Notices {
				fmt.Fprintf(cmd.ErrOrStderr(), "phivet: %s\n", strings.TrimPrefix(n.File+": "+n.Message, ": "))
			}
			return writeInventory(cmd, inv, dir, outs)
		},
	}
	cmd.Flags().StringVarP(&dir, "directory", "C", ".", "run as if started in `dir`")
	cmd.Flags().StringArrayVar(&outs, "out", nil, "write it as `format[:file]`: text (default), json, csv; repeatable")
	return cmd
}

func writeInventory(cmd *cobra.Command, inv *inventory.Inventory, dir string, outs []string) error {
	for _, out := range outs {
		format, file, _ := strings.Cut(out, ":")
		var b bytes.Buffer
		if err := inv.Write(&b, format); err != nil {
			return err
		}
		if file == "" {
			if _, err := cmd.OutOrStdout().Write(b.Bytes()); err != nil {
				return err
			}
			continue
		}
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		if err := project.WriteFileAtomic(file, b.Bytes()); err != nil {
			return fmt.Errorf("writing inventory: %w", err)
		}
	}
	return nil
}
