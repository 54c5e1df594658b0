package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/run"
)

const checkHelp = `Check analyses the Go packages below the working directory with go vet, replays the
migrations below it, and reports what it finds. Packages and paths narrow that down; a
directory stands for all below it, and a named migration is still judged at the end of
its whole history. A path that is not below the directory of -C is looked for where
phivet was started, as hooks name files.

Findings in _test.go files are not reported unless .phivet.toml says go.tests = true.

With --fix, Go code is changed where a finding has a fix, and tables without row level
security get a new migration beside the others, in the folder's own naming: read it
before it runs. What was fixed and what was not goes to standard error.

Exit code: 0 no findings, 1 findings, 2 wrong usage or configuration,
3 part of the input could not be analysed, and no finding makes it 1.`

func newCheck(code *int) *cobra.Command {
	var o run.Options
	var reporting reportingFlags
	cmd := &cobra.Command{
		Use:     "check [packages and paths]",
		Short:   "Check Go packages and migrations (the default command)",
		Long:    checkHelp,
		Example: "  phivet check\n  phivet check ./internal/... db/migrations\n  phivet check --out text --out sarif:phivet.sarif",
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.Reporting, err = reporting.parse(cmd); err != nil {
				return err
			}
			if o.Self, err = os.Executable(); err != nil {
				return err
			}
			o.Args = args
			*code, err = run.Run(cmd.Context(), o)
			return err
		},
	}
	reporting.declare(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&o.Dir, "directory", "C", ".", "run as if started in `dir`")
	flags.StringVar(&o.Only, "only", "", "check one `half`: go, sql")
	flags.StringVar(&o.Category, "category", "", "`name` in SARIF that keeps uploads of one project apart")
	flags.StringVar(&o.Since, "since", "", "report only findings on lines changed since git `revision`")
	flags.StringVar(&o.Baseline, "baseline", "", "`file` of known findings (default .phivet-baseline.json beside .phivet.toml)")
	flags.BoolVar(&o.NoBaseline, "no-baseline", false, "report known findings too")
	flags.BoolVar(&o.Fix, "fix", false, "mend what can be mended, and report the rest")
	flags.BoolVar(&o.Diff, "diff", false, "print what --fix would change, as a unified diff, and change nothing; exit 1 if it is not empty")
	cmd.MarkFlagsMutuallyExclusive("fix", "diff")
	complete(cmd, "only", "go", "sql")
	return cmd
}
