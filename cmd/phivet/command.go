package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/phivet/phivet/cmd/internal/run"
)

// version is set by the release build; a go install has the module's version.
var version string

// execute runs the command line and returns the exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	code := run.ExitClean
	root := newRoot(&code)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(withDefault(root, args))
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(stderr, "phivet: %v%s\n", err, meant(root, err))
		return run.ExitUsage
	}
	return code
}

func newRoot(code *int) *cobra.Command {
	root := &cobra.Command{
		Use:           "phivet",
		Short:         "Find protected health information that leaves its rows",
		Long:          "phivet checks Go code and PostgreSQL migrations for places where protected\nhealth information (PHI) leaves its rows, and for tables that let the wrong people in.",
		SilenceUsage:  true,
		SilenceErrors: true,
		// For suggestions: the letters that a typing error may change.
		SuggestionsMinimumDistance: 2,
		Version:                    programVersion(),
	}
	root.SetVersionTemplate("phivet {{.Version}}\n")
	root.AddCommand(newCheck(code), newBaseline(code), newReport(code), newMan(), newExplain(), newRules(), newInventory(), newInit(), newLSP(), newAuditLog(code), newVersion())
	return root
}

// meant names the command that an argument may have been meant to be, since what
// is no command is taken for something to check.
func meant(root *cobra.Command, err error) string {
	var missing *run.NotFoundError
	if errors.As(err, &missing) {
		if names := root.SuggestionsFor(missing.Argument); len(names) > 0 {
			return fmt.Sprintf(" (the command %s?)", names[0])
		}
	}
	return ""
}

// withDefault puts "check" in front of arguments that name no subcommand, so
// that phivet alone, phivet ./... and phivet --out sarif all check.
func withDefault(root *cobra.Command, args []string) []string {
	if len(args) > 0 {
		known := []string{"help", "completion", "--help", "-h", "--version", "__complete", "__completeNoDesc"}
		for _, c := range root.Commands() {
			known = append(known, c.Name())
		}
		if slices.Contains(known, args[0]) {
			return args
		}
	}
	return append([]string{"check"}, args...)
}

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

// complete offers the values of a flag in the shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	// The only error is a flag that does not exist, which the tests would see.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		Run:   func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), "phivet", programVersion()) },
	}
}

// terminal reports whether w is a terminal that takes control sequences, and
// its width in columns: the one that COLUMNS asks for, or what the terminal
// says of itself, or 0.
func terminal(w io.Writer) (is bool, width int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return false, 0
	}
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && width > 0 {
		return true, width
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return true, 0
	}
	return true, width
}
