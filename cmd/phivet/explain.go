package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain RULE...",
		Short:   "Tell what a rule is about, which regulation it touches and how to fix it",
		Example: "  phivet explain PHI501\n  phivet explain rls-missing",
		Args:    cobra.MinimumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var out []string
			for _, r := range run.Rules() {
				out = append(out, r.ID+"\t"+r.Title)
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for i, name := range args {
				r := run.Rule(name)
				if r == nil {
					return fmt.Errorf("no rule %q: phivet rules lists them", name)
				}
				if i > 0 {
					fmt.Fprintln(cmd.OutOrStdout())
				}
				bold, _ := terminal(cmd.OutOrStdout())
				explain(cmd.OutOrStdout(), r, bold && os.Getenv("NO_COLOR") == "")
			}
			return nil
		},
	}
}

// explain writes a rule's page for a terminal, its headings bold if it can.
func explain(w io.Writer, r *rules.Rule, bold bool) {
	heading := func(s string) string {
		if bold {
			return "\x1b[1m" + s + "\x1b[0m"
		}
		return s
	}
	page := strings.TrimSpace(r.Help)
	title, rest, _ := strings.Cut(page, "\n")
	fmt.Fprintf(w, "%s\n\n", heading(strings.TrimPrefix(title, "# ")))
	fmt.Fprintf(w, "Severity:  %s\n", r.Severity)
	for i, c := range r.Citations {
		label := "HIPAA:    "
		if i > 0 {
			label = "          "
		}
		fmt.Fprintf(w, "%s %s, %s\n", label, c, c.Title())
	}
	var cwe []string
	for _, n := range r.CWE {
		cwe = append(cwe, fmt.Sprintf("CWE-%d", n))
	}
	fmt.Fprintf(w, "Weakness:  %s\n", strings.Join(cwe, ", "))
	fmt.Fprintf(w, "Silence:   phivet:ignore %s -- reason\nPage:      %s\n\n", r.ID, r.HelpURI())
	code := false
	for line := range strings.Lines(strings.TrimSpace(rest)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			code = !code
		case code && line != "":
			fmt.Fprintf(w, "    %s\n", line)
		case strings.HasPrefix(line, "## "):
			fmt.Fprintln(w, heading(strings.TrimPrefix(line, "## ")))
		default:
			fmt.Fprintln(w, line)
		}
	}
}

func newRules() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List the rules",
		Args:  cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			for _, r := range run.Rules() {
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %-8s  %-30s  %s\n", r.ID, r.Severity, r.Slug, r.Title)
			}
		},
	}
}
