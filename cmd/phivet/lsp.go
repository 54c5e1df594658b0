package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/lsp"
	"github.com/phivet/phivet/rules"
)

func newLSP() *cobra.Command {
	var minimum string
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Serve editors over the Language Server Protocol",
		Long: `Lsp is a language server on standard input and output. It judges SQL while it is
typed and Go packages when they are saved, shows the help of a rule on a finding,
and offers to fix or silence it. docs/editors.md has the settings of each editor.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			least, err := rules.ParseSeverity(minimum)
			if err != nil {
				return fmt.Errorf("--min-severity: %w", err)
			}
			self, err := os.Executable()
			if err != nil {
				return err
			}
			return lsp.Serve(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), lsp.Options{
				Version: programVersion(), Self: self, Min: least, Stderr: cmd.ErrOrStderr(),
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&minimum, "min-severity", "low", "show findings of this `severity` or worse")
	flags.Bool("stdio", true, "serve standard input and output; there is no other way")
	_ = flags.MarkHidden("stdio") // for clients that always give it
	return cmd
}
