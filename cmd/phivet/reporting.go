package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules"
)

// reportingFlags are the flags of the commands that report findings.
type reportingFlags struct {
	outs            []string
	failOn, minimum string
}

// declare adds the flags to a command.
func (f *reportingFlags) declare(cmd *cobra.Command) {
	severities := []string{"critical", "high", "medium", "low", "info"}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.outs, "out", nil, "write a report as `format[:file]`: text (default), sarif, json, junit, github, gitlab; repeatable")
	flags.StringVar(&f.failOn, "fail-on", "medium", "exit 1 on findings of this `severity` or worse: "+strings.Join(severities, ", ")+", never")
	flags.StringVar(&f.minimum, "min-severity", "low", "report findings of this `severity` or worse")
	complete(cmd, "out", report.Formats()...)
	complete(cmd, "min-severity", severities...)
	complete(cmd, "fail-on", append(severities, "never")...)
}

// parse reads the flags, and what the streams of the command are.
func (f *reportingFlags) parse(cmd *cobra.Command) (run.Reporting, error) {
	o := run.Reporting{Version: programVersion(), Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr()}
	var err error
	if f.failOn != "never" {
		if o.FailOn, err = rules.ParseSeverity(f.failOn); err != nil {
			return o, fmt.Errorf("--fail-on: %w, or never", err)
		}
	}
	if o.Min, err = rules.ParseSeverity(f.minimum); err != nil {
		return o, fmt.Errorf("--min-severity: %w", err)
	}
	for _, s := range f.outs {
		out, err := run.ParseOutput(s)
		if err != nil {
			return o, fmt.Errorf("--out: %w", err)
		}
		o.Outputs = append(o.Outputs, out)
	}
	o.Color, o.Width = terminal(o.Stdout)
	o.Color = o.Color && os.Getenv("NO_COLOR") == ""
	o.Progress, _ = terminal(o.Stderr)
	return o, nil
}
