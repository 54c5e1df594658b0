package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules"
)

func newReport(code *int) *cobra.Command {
	o := run.Options{Reporting: run.Reporting{Min: rules.Low}}
	cmd := &cobra.Command{
		Use:   "report --html FILE",
		Short: "Write a page for auditors: where PHI lives, what guards it, what was found",
		Long: `Report checks the project and writes one self-contained HTML page: a map of tables, views
and Go code with PHI, the provisions of 45 CFR part 164 with the rules that look at them
and what they found, every suppression with its reason, and the inventory. With a baseline
it tells what is new, unchanged and gone; nothing is hidden for being known. It always
succeeds when the page could be written; phivet check is the gate.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.HTML == "" {
				return errors.New("report needs --html FILE")
			}
			var err error
			if o.Self, err = os.Executable(); err != nil {
				return err
			}
			o.Version, o.Stdout, o.Stderr = programVersion(), cmd.OutOrStdout(), cmd.ErrOrStderr()
			o.Progress, _ = terminal(o.Stderr)
			*code, err = run.Run(cmd.Context(), o)
			return err
		},
	}
	cmd.Flags().StringVarP(&o.Dir, "directory", "C", ".", "run as if started in `dir`")
	cmd.Flags().StringVar(&o.Baseline, "baseline", "", "`file` of findings to compare with (default .phivet-baseline.json beside .phivet.toml)")
	cmd.Flags().StringVar(&o.HTML, "html", "", "the `file` to write")
	return cmd
}
