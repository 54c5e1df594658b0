package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/phivet/phivet/cmd/internal/logscan"
)

func newAuditLog(code *int) *cobra.Command {
	var o logscan.Options
	var reporting reportingFlags
	var since, until string
	cmd := &cobra.Command{
		Use:   "audit-log FILE…",
		Short: "Find PHI and passwords in logs of PostgreSQL and pgAudit",
		Long: `Audit-log reads logs of a PostgreSQL server: csvlog, jsonlog, stderr with any
log_line_prefix, what syslog makes of it, and the files of pgauditlogtofile; packed with
gzip or not; "-" is standard input. It finds literals that meet PHI columns, logged
parameters, passwords, and errors that repeat values. Messages of one statement are one
finding that counts them. No value of the log is ever printed.

With the migrations of a project (-C, by default the project of the working directory)
columns are judged by its schema, and findings name the Go code that holds the statement.

Exit code: 0 no findings, 1 findings, 2 wrong usage or configuration, 3 lines that are in
no known format or cut off, and nothing found.`,
		Example: "  phivet audit-log /var/log/postgresql/postgresql-*.csv\n  phivet audit-log -C ~/src/clinic --out sarif:log.sarif postgresql.log.1.gz\n  journalctl -u postgresql -o short | phivet audit-log -",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.Reporting, err = reporting.parse(cmd); err != nil {
				return err
			}
			if o.Since, err = parseMoment(since); err != nil {
				return fmt.Errorf("--since: %w", err)
			}
			if o.Until, err = parseMoment(until); err != nil {
				return fmt.Errorf("--until: %w", err)
			}
			o.Files, o.Named, o.Stdin = args, cmd.Flags().Changed("directory"), cmd.InOrStdin()
			*code, err = logscan.Run(cmd.Context(), o)
			return err
		},
	}
	reporting.declare(cmd)
	auditLogFlags(cmd.Flags(), &o)
	flags := cmd.Flags()
	flags.StringVar(&since, "since", "", "leave out messages before this `time`, such as 2026-03-01 or 2026-03-01T08:00:00Z")
	flags.StringVar(&until, "until", "", "leave out messages from this `time` on")
	return cmd
}

// auditLogFlags declares the flags that need no reading.
func auditLogFlags(flags *pflag.FlagSet, o *logscan.Options) {
	flags.StringVarP(&o.Dir, "directory", "C", ".", "judge with the schema and the code of the project in `dir`")
	flags.StringVar(&o.Prefix, "log-line-prefix", "", "the server's log_line_prefix, as in postgresql.conf (default: from a postgresql.conf of the project, or found out)")
	flags.BoolVar(&o.Follow, "follow", false, "wait for more at the end of the last file, and report findings as they come")
}

// parseMoment reads a day or a time; without a zone it is UTC, as most servers
// log.
func parseMoment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time such as 2026-03-01 or 2026-03-01T08:00:00Z", text)
}
