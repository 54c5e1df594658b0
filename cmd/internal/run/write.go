package run

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules/finding"
)

// WriteReports writes the report once for each output, each file at once or not
// at all. An output without a file, or with the file "-", goes to stdout; no
// outputs are text there. Relative files are below dir; with dir "" they are
// below the working directory of the process.
func WriteReports(stdout io.Writer, dir string, outputs []Output, r *report.Report) error {
	if len(outputs) == 0 {
		outputs = []Output{{Format: "text"}}
	}
	for _, o := range outputs {
		var b bytes.Buffer
		target := *r
		if o.File != "" {
			target.Color, target.Width = false, 0
		}
		if err := target.Write(&b, o.Format); err != nil {
			return err
		}
		if o.File == "" || o.File == "-" {
			if _, err := stdout.Write(b.Bytes()); err != nil {
				return err
			}
			continue
		}
		name := o.File
		if dir != "" && !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		if err := project.WriteFileAtomic(name, b.Bytes()); err != nil {
			return fmt.Errorf("writing %s: %w", o.File, err)
		}
	}
	return nil
}

// WriteNotices writes the notices to stderr, a line each. Display returns what
// a user calls a file; nil leaves names as they are.
func WriteNotices(stderr io.Writer, notices []finding.Notice, display func(file string) string) {
	for _, n := range notices {
		where := ""
		if n.File != "" {
			name := n.File
			if display != nil {
				name = display(name)
			}
			where = name + ": "
			if n.Line > 0 {
				where = fmt.Sprintf("%s:%d: ", name, n.Line)
			}
		}
		fmt.Fprintf(stderr, "phivet: %s%s\n", where, n.Message)
	}
}
