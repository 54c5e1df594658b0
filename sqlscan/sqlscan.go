// Package sqlscan judges the SQL of a project: what its tables hold, and who
// can reach it.
//
// [Scan] finds the migration histories below a folder, replays each of them
// into the schema that it ends with, classifies that schema, and runs the
// checks of package checks on it. A statement that does not parse costs one
// finding; the rest is judged.
package sqlscan

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/checks"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/source"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// Options says what to scan.
type Options struct {
	Root  string   // directory; files of findings are slash paths relative to it
	Paths []string // files or directories; none: find migrations below Root
	// ConfigPaths are files or directories to look for configuration in; none:
	// Paths.
	ConfigPaths []string
	Exclude     []string          // glob patterns
	Tool        string            // migration tool, "" to recognise it
	Vars        map[string]string // values of template variables
	Lexicon     *phi.Lexicon      // nil is the default one
	Memory      *Memory           // what scans before this one have read; may be nil
	// Databases are folders of histories that belong to one database each, as
	// slash paths relative to Root.
	Databases []string
}

// A Result is what a scan found.
type Result struct {
	Findings []finding.Finding
	Notices  []finding.Notice
	Schema   *phi.Schema // of all histories together; nil if there is no SQL
	// Databases has the schema of each of [Options.Databases], with the
	// histories that belong to none of them.
	Databases map[string]*phi.Schema
	Files     []string // every file that was read, sorted
	// Statements counts the statements of all files, parsed or not.
	Statements int
	Tables     []Table
	Histories  []History
}

// A History is a folder of migrations, or a lone file, that was replayed.
type History struct {
	Dir, Tool string
	Files     int
}

// Rules returns the rules that a scan can report.
func Rules() []*rules.Rule { return checks.Rules() }

// ReadsGo reports whether a Go file of this name and content has a say in what
// [Scan] finds, because SQL stands in it.
func ReadsGo(name string, content []byte) bool { return source.ReadsGo(name, content) }

// Scan reads the SQL below o.Root and judges it.
func Scan(ctx context.Context, o Options) (*Result, error) {
	s, err := read(ctx, o)
	if err != nil {
		return nil, err
	}
	result := &Result{Notices: s.notices}
	for _, h := range s.histories {
		for i := range h.source.Files {
			result.Files = append(result.Files, h.source.Files[i].Path)
		}
		result.Statements += h.statements
		result.Histories = append(result.Histories, History{Dir: h.source.Dir, Tool: h.source.Tool, Files: len(h.source.Files)})
	}
	result.Files = append(result.Files, s.configs.read()...)
	slices.Sort(result.Files)
	result.Files = slices.Compact(result.Files)
	if len(s.histories) == 0 {
		result.Findings = unique(s.configs.judge(s.histories, nil, s.lexicon))
		return result, nil
	}
	result.Schema = classify(s.histories, s.lexicon)
	result.Databases = classifyApart(s.histories, o.Databases, result.Schema.Health(), s.lexicon)
	told := map[string]bool{}
	for _, h := range s.histories {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pass := s.pass(h, result.Schema)
		result.Findings = append(result.Findings, h.untold(told, pass.Run())...)
		result.Tables = append(result.Tables, h.inventory(pass)...)
	}
	result.Findings = append(result.Findings, s.configs.judge(s.histories, result.Schema, s.lexicon)...)
	result.Findings = unique(result.Findings)
	return result, nil
}

// A scan is what was read, before anything is judged.
type scan struct {
	lexicon   *phi.Lexicon
	histories []*history
	configs   *configs
	notices   []finding.Notice
}

// read finds the histories and replays them.
func read(ctx context.Context, o Options) (*scan, error) {
	s := &scan{lexicon: o.Lexicon}
	if s.lexicon == nil {
		s.lexicon = phi.Default()
	}
	files, trees := o.Memory.reader()
	find := source.FindOptions{Root: o.Root, Paths: o.Paths, Exclude: o.Exclude, Tool: o.Tool, Vars: o.Vars, Files: files}
	var err error
	around := find
	if len(o.ConfigPaths) > 0 {
		around.Paths = o.ConfigPaths
	}
	if s.configs, s.notices, err = o.Memory.findConfigs(around); err != nil {
		return nil, err
	}
	var found []source.History
	if sql, any := sqlPaths(o.Paths); any {
		find.Paths = sql
		var more []finding.Notice
		if found, more, err = source.Find(find); err != nil {
			return nil, err
		}
		s.notices = append(more, s.notices...)
	}
	for i := range found {
		h := newHistory(&found[i])
		h.catalog.Parser = trees
		if err := parseAhead(ctx, trees, h.source.Files, h.replay); err != nil {
			return nil, err
		}
		s.histories = append(s.histories, h)
		s.notices = append(s.notices, h.notices...)
	}
	return s, nil
}

// pass returns what the checks of one history work on. The whole project's
// schema decides what is relevant.
func (s *scan) pass(h *history, project *phi.Schema) *checks.Pass {
	pass := checks.NewPass(h.catalog, h.schema, s.lexicon, h.span)
	pass.Relevant, pass.Project = relevant(project), project
	h.fill(pass)
	return pass
}

// ofColumns are the rules that say what a column is, and nothing of what else
// stands in its file.
var ofColumns = map[string]bool{"PHI405": true, "PHI406": true, "PHI407": true, "PHI408": true}

// untold drops what a loose file beside this one has told of the same column:
// scripts such as schema.sql, setup.sql and run_this.sql make one table.
func (h *history) untold(told map[string]bool, found []finding.Finding) []finding.Finding {
	if h.source.Tool != "plain" {
		return found
	}
	own := map[string]bool{}
	found = slices.DeleteFunc(found, func(f finding.Finding) bool {
		key := h.source.Dir + " " + f.Rule.ID + " " + f.Message
		own[key] = ofColumns[f.Rule.ID]
		return own[key] && told[key]
	})
	maps.Copy(told, own)
	return found
}

// unique sorts the findings and drops repetitions: a file may belong to two
// histories.
func unique(fs []finding.Finding) []finding.Finding {
	finding.Sort(fs)
	return slices.CompactFunc(fs, func(a, b finding.Finding) bool {
		return a.Rule == b.Rule && a.Span == b.Span && a.Message == b.Message
	})
}

// A history is one history on its way through a scan.
type history struct {
	source     *source.History
	catalog    *catalog.Catalog
	schema     *phi.Schema
	unparsed   []checks.Unparsed
	statements int
	files      map[string]*source.File
	mappers    map[string]*finding.Mapper
	notices    []finding.Notice // what was left out
}

func newHistory(s *source.History) *history {
	return &history{source: s, catalog: catalog.New(), files: map[string]*source.File{}, mappers: map[string]*finding.Mapper{}}
}

func (h *history) replay(f *source.File, statements []pgparse.Statement) {
	h.files[f.Path] = f
	h.statements += len(statements)
	left := 0
	for i, s := range statements {
		left += s.More
		if s.Err != nil {
			at := catalog.Place{File: f.Path, Start: s.Start, End: lineEnd(f.SQL, s.Start, s.End)}
			h.unparsed = append(h.unparsed, checks.Unparsed{At: at, Message: s.Err.Message, Text: f.SQL[s.Start:s.End], Number: i})
		}
	}
	for _, b := range f.Copy {
		left += max(len(b.Rows)-pgparse.MaxRows, 0)
	}
	if left > 0 {
		h.notices = append(h.notices, finding.Notice{File: f.Path, Message: fmt.Sprintf("%d rows of data are not looked at, after the first %d of their kind", left, pgparse.MaxRows)})
	}
	h.catalog.Replay(f.Path, f.SQL, statements)
}

func lineEnd(text []byte, start, end int) int {
	for i := start; i < end && i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' {
			return i
		}
	}
	return end
}

// span converts a place to a position.
func (h *history) span(p catalog.Place) finding.Span {
	f := h.files[p.File]
	if f == nil {
		return finding.Span{File: p.File}
	}
	m := h.mappers[p.File]
	if m == nil {
		m = finding.NewMapper(p.File, f.Content)
		h.mappers[p.File] = m
	}
	return m.Span(p.Start, p.End)
}

// fill gives the pass what does not come from the catalog.
func (h *history) fill(pass *checks.Pass) {
	pass.Unparsed = h.unparsed
	pass.Text = func(file string) []byte {
		if f := h.files[file]; f != nil {
			return f.Content
		}
		return nil
	}
	pass.Templated = func(p catalog.Place) bool {
		f := h.files[p.File]
		return f != nil && f.Templated(p.Start, p.End)
	}
	for i := range h.source.Files {
		f := &h.source.Files[i]
		for k := range f.Copy {
			b := &f.Copy[k]
			schema, table, ok := strings.Cut(b.Table, ".")
			if !ok {
				schema, table = "", b.Table
			}
			t := h.catalog.Table(strings.Trim(schema, `"`), strings.Trim(table, `"`))
			if t == nil {
				continue
			}
			pass.Copies = append(pass.Copies, checks.CopyData{Table: t, Columns: b.Columns, At: catalog.Place{File: f.Path, Start: b.Start, End: b.Start + len("COPY")},
				Rows: copyRows(f, b)})
		}
	}
}

func copyRows(f *source.File, b *source.CopyBlock) [][]checks.CopyValue {
	var rows [][]checks.CopyValue
	for _, r := range b.Rows[:min(len(b.Rows), pgparse.MaxRows)] {
		var row []checks.CopyValue
		for _, field := range b.Fields(f.Content, r) {
			row = append(row, checks.CopyValue{Text: string(f.Content[field.Start:field.End]), At: catalog.Place{File: f.Path, Start: field.Start, End: field.End}})
		}
		rows = append(rows, row)
	}
	return rows
}
