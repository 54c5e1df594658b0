package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newMan prints the manual page; packagers run it, people read --help.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:    "man",
		Short:  "Print the manual page in roff, for man -l -",
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return writeMan(cmd.OutOrStdout(), cmd.Root())
		},
	}
}

// writeMan writes one page for all subcommands. It carries no date, so that two
// builds of one source give the same bytes.
func writeMan(w io.Writer, root *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH PHIVET 1 \"\" \"phivet\" \"User Commands\"\n.SH NAME\nphivet \\- %s\n", roff(root.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B phivet\n[\\fIcommand\\fR] [\\fIflags\\fR] [\\fIpackages and paths\\fR]\n.SH DESCRIPTION\n%s\n", roff(root.Long))
	b.WriteString(".SH COMMANDS\n")
	for _, c := range root.Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		fmt.Fprintf(&b, ".SS %s\n", roff("phivet "+c.Use))
		text := c.Long
		if text == "" {
			text = c.Short + "."
		}
		fmt.Fprintf(&b, "%s\n", roff(text))
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			name, usage := pflag.UnquoteUsage(f)
			long := "\\-\\-" + roff(f.Name)
			if f.Shorthand != "" {
				long = "\\-" + f.Shorthand + ", " + long
			}
			fmt.Fprintf(&b, ".TP\n\\fB%s\\fR \\fI%s\\fR\n%s\n", long, roff(name), roff(usage))
		})
	}
	b.WriteString(".SH FILES\n.TP\n.I .phivet.toml\nConfiguration, found upward from the working directory.\n")
	b.WriteString(".TP\n.I .phivet\\-baseline.json\nKnown findings.\n")
	b.WriteString(".SH EXIT STATUS\n.TP\n0\nNothing was found at the level of \\-\\-fail\\-on.\n.TP\n1\nFindings.\n.TP\n2\nWrong usage or configuration.\n.TP\n3\nPart of the input could not be analysed, and no finding makes it 1.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// roff escapes text so that no line starts a request.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		out = append(out, line)
	}
	return strings.ReplaceAll(strings.Join(out, "\n"), "\n\n", "\n.PP\n")
}
