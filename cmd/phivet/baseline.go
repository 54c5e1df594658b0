package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules"
)

func newBaseline(code *int) *cobra.Command {
	o := run.Options{WriteBaseline: true, Reporting: run.Reporting{Min: rules.Info}}
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Write the findings of today to .phivet-baseline.json, so that only new ones count",
		Long: `Baseline checks the project and writes what it finds to .phivet-baseline.json beside
.phivet.toml. Findings are recognised by rule, file and the object or function they are
about, so edits elsewhere do not bring them back. Commit the file; run the command again
when findings are fixed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Self, err = os.Executable(); err != nil {
				return err
			}
			o.Version, o.Stdout, o.Stderr = programVersion(), cmd.OutOrStdout(), cmd.ErrOrStderr()
			*code, err = run.Run(cmd.Context(), o)
			return err
		},
	}
	cmd.Flags().StringVarP(&o.Dir, "directory", "C", ".", "run as if started in `dir`")
	cmd.Flags().StringVar(&o.Baseline, "baseline", "", "`file` to write")
	return cmd
}
