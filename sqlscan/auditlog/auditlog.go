// Package auditlog finds protected health information and secrets in the logs
// of PostgreSQL: in the statements that pgAudit and the server write, in their
// parameters, and in the details of errors.
//
// A [Scanner] reads any number of logs and keeps what it found by shape of
// statement, not by line: a million lines of one query are one finding with a
// count, the first and the last time, and the roles. Each distinct text is
// parsed once, with its literals left out; a line whose text has no literals
// and was seen before costs a look-up. Nothing of a literal is kept.
//
// The columns that literals meet are judged with the schema of the project
// where it has them. Tables that it does not know are classified by their names
// and by the columns that the statements name, when the findings are asked for.
package auditlog

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"time"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/auditlog/internal/logline"
)

// Options say what is known of the logs.
type Options struct {
	// Schema is the classified schema of the project, nil if there is none.
	Schema *phi.Schema
	// Lexicon is nil for the default one.
	Lexicon *phi.Lexicon
	// Prefix is the log_line_prefix of stderr and syslog lines, "" to take the
	// one of Candidates and of the widespread ones that fits most lines.
	Prefix     string
	Candidates []string
	// Since and Until leave out messages before and from these times; zero
	// times leave out nothing. A message whose time is not known is kept.
	Since, Until time.Time
	// Idle is called when a log that grows has nothing more for now, nil to do
	// nothing. An error ends Read.
	Idle func() error
	// MaxGroups bounds the distinct statements and errors that are kept apart,
	// 0 for 10,000.
	MaxGroups int
}

const (
	maxGroups    = 10_000
	maxTemplates = 20_000
	maxClean     = 200_000
)

// A Scanner holds what was found in the logs that it has read. It is not safe
// for concurrent use.
type Scanner struct {
	o       Options
	lexicon *phi.Lexicon
	seed    maphash.Seed
	// clean holds hashes of texts that have nothing to look at.
	clean     *recent[struct{}]
	templates *recent[*template]
	groups    map[string]*group
	order     []*group
	tables    *tables
	files     []*File
	file      *File // being read
	rec       logline.Record
	number    int    // of the record, over all files
	lost      int    // messages whose group was one too many
	lostAt    int    // the last of them
	unparsed  int    // distinct statements without a tree
	nextGuess int    // the message from which on tables may be classified again
	as        string // what a new statement is to be called, "" for what it is
	scratch   scratch
}

// A File is what was read of one log.
type File struct {
	Name  string
	Stats logline.Stats
	// Audit counts the messages of pgAudit, Skipped those outside Since and
	// Until.
	Audit, Skipped int
	// Silent counts pgAudit's lines that hold no statement, because it is set
	// to leave it out.
	Silent      int
	First, Last string // times as they stand in the log, "" if unknown

	last []byte
}

// New returns a Scanner that has read nothing.
func New(o Options) *Scanner {
	if o.MaxGroups == 0 {
		o.MaxGroups = maxGroups
	}
	s := &Scanner{o: o, lexicon: o.Lexicon, seed: maphash.MakeSeed(), clean: newRecent[struct{}](maxClean),
		templates: newRecent[*template](maxTemplates), groups: map[string]*group{}}
	if s.lexicon == nil {
		s.lexicon = phi.Default()
	}
	s.tables = newTables(o.Schema, s.lexicon)
	return s
}

// Read reads one log to its end. Name is what findings call it. A reader that
// returns no byte and no error says that the log may still grow.
func (s *Scanner) Read(ctx context.Context, name string, r io.Reader) error {
	s.file = &File{Name: name}
	s.files = append(s.files, s.file)
	lines := logline.NewReader(r, logline.Options{Prefix: s.o.Prefix, Candidates: s.o.Candidates})
	defer func() { s.file.Stats = lines.Stats() }()
	for {
		if s.number%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		err := lines.Next(&s.rec)
		switch {
		case err == nil:
			s.number++
			s.message()
			continue
		case errors.Is(err, logline.ErrIdle):
			s.file.Stats = lines.Stats()
			if s.o.Idle != nil {
				if err := s.o.Idle(); err != nil {
					return err
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			continue
		case errors.Is(err, io.EOF):
			return nil
		}
		return fmt.Errorf("reading %s: %w", name, err)
	}
}

// Files tells of the logs in the order in which they were read.
func (s *Scanner) Files() []File {
	out := make([]File, len(s.files))
	for i, f := range s.files {
		out[i] = *f
		out[i].Last = clock(f.last)
	}
	return out
}

// Incomplete reports whether some lines were not judged, or not as a whole.
func (s *Scanner) Incomplete() bool {
	for _, f := range s.files {
		if f.Stats.Unknown > 0 || f.Stats.CutOff > 0 {
			return true
		}
	}
	return s.lost > 0
}

// Notices tell what was read and what was not judged.
func (s *Scanner) Notices() []finding.Notice {
	var out []finding.Notice
	for _, f := range s.Files() {
		add := func(line int, format string, args ...any) {
			out = append(out, finding.Notice{File: f.Name, Line: line, Message: fmt.Sprintf(format, args...)})
		}
		period := ""
		if f.First != "" {
			period = fmt.Sprintf(" from %s to %s", f.First, f.Last)
		}
		add(0, "%s, %d of them of pgAudit%s", count(f.Stats.Records, "message"), f.Audit, period)
		if n := f.Stats.Unknown; n > 0 {
			add(f.Stats.FirstUnknown, "%s in no known log format, the first here: not judged", count(n, "line"))
		}
		if n := f.Stats.CutOff; n > 0 {
			add(f.Stats.FirstCut, "%s cut off, the first here: judged as far as they go", count(n, "message"))
		}
		if f.Skipped > 0 {
			add(0, "%s outside the time asked for", count(f.Skipped, "message"))
		}
		if f.Silent > 0 {
			add(0, "%s of pgAudit without the statement", count(f.Silent, "message"))
		}
	}
	if s.lost > 0 {
		out = append(out, finding.Notice{Message: fmt.Sprintf("more than %d distinct statements: %s of further ones not kept", s.o.MaxGroups, count(s.lost, "message"))})
	}
	if s.unparsed > 0 {
		out = append(out, finding.Notice{Message: count(s.unparsed, "distinct statement") + " did not parse: judged by words and by what values look like"})
	}
	return out
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
