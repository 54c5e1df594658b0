package lsp

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// Times of a root.
const (
	// debounce is how long typing has to pause before it is judged, and
	// maxDebounce how long it may put that off.
	debounce    = 40 * time.Millisecond
	maxDebounce = 400 * time.Millisecond
	// refreshEvery is how often the disk is looked at for clients that do not
	// tell of changed files, while something is edited.
	refreshEvery = 5 * time.Second
)

// A root is one project: its goroutine judges it whenever something changes.
type root struct {
	s    *server
	dir  string
	wake chan struct{} // holds one

	mu      sync.Mutex // guards what follows
	pending pending
	turn    int               // counts the changes
	golang  map[string]vetted // what go vet has found, by package directory
	project *project.Project  // nil until a configuration was read
	now     *snapshot
	changed chan struct{} // closed when now changes

	// What follows belongs to the goroutine, or to who holds working.
	working   sync.Mutex
	memory    *sqlscan.Memory
	result    *sqlscan.Result
	texts     map[string]edit // of open buffers, by path from the root
	refreshed time.Time
	published map[string]string // what the client has, by URI
	trouble   string            // the message about the configuration that was shown
}

// pending is what has changed since the last turn.
type pending struct {
	edits   map[string]edit // by path from the root
	scan    bool            // the SQL has to be judged
	refresh bool            // and the disk has to be looked at
	reload  bool            // the configuration has to be read
	judge   bool            // only what comes after the halves has changed
}

// An edit is the text of a buffer, nil once it is closed.
type edit struct {
	text    []byte
	version int
}

// A snapshot is what is known after a turn. It does not change, but for the
// sources, which are read as they are asked for.
type snapshot struct {
	turn     int
	dir      string
	findings map[string][]finding.Finding // by path from the root
	tables   []sqlscan.Table
	lexicon  *phi.Lexicon
	texts    map[string]edit
	mixed    map[string]bool // files that the halves have judged in different states

	mu      sync.Mutex
	sources *report.Sources
}

// mapper returns the positions of a file as it was judged, or nil.
func (n *snapshot) mapper(file string) *finding.Mapper {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sources.Mapper(file)
}

// content returns a file's text as it was judged, or nil.
func (n *snapshot) content(file string) []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sources.Content(file)
}

func newRoot(s *server, dir string) *root {
	return &root{
		s: s, dir: dir, wake: make(chan struct{}, 1), changed: make(chan struct{}), pending: pending{reload: true},
		golang: map[string]vetted{}, texts: map[string]edit{}, published: map[string]string{},
	}
}

// rel returns the slash path of a file from the root.
func (r *root) rel(path string) string { return project.Relative(r.dir, path) }

// abs returns the path of a file that findings name.
func (r *root) abs(file string) string {
	name := filepath.FromSlash(file)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.dir, name)
}

// wakeUp notes a change and has it judged.
func (r *root) wakeUp(change func(*pending)) {
	r.mu.Lock()
	change(&r.pending)
	r.turn++
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default: // it is awake already, and will see the change
	}
}

// edited notes the text of a buffer. The configuration is read when it is
// saved, and so is Go code.
func (r *root) edited(d *document, refresh bool) {
	r.wakeUp(func(p *pending) {
		p.refresh = p.refresh || refresh
		if !isGo(d.path) && filepath.Base(d.path) != config.FileName {
			p.edit(r.rel(d.path), edit{d.text, d.version})
		}
	})
}

// closed gives a file back to the disk.
func (r *root) closed(path string) {
	r.wakeUp(func(p *pending) {
		p.refresh = true
		p.edit(r.rel(path), edit{})
	})
}

func (p *pending) edit(file string, e edit) {
	if p.edits == nil {
		p.edits = map[string]edit{}
	}
	p.edits[file] = e
}

// setGo notes what go vet has found in a package.
func (r *root) setGo(dir string, found vetted) {
	r.wakeUp(func(p *pending) {
		r.golang[dir] = found
		p.judge = true
	})
}

// vetted reports whether a package was judged before.
func (r *root) vetted(dir string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.golang[dir]
	return ok
}

func (r *root) reload() { r.wakeUp(func(p *pending) { p.reload = true }) }

// current returns the project, or nil as long as its configuration is wrong.
func (r *root) current() *project.Project {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.project
}

// maxWait bounds how long a request waits for a verdict on what was typed last.
const maxWait = 3 * time.Second

// fresh returns the state after everything that has been typed, or after
// maxWait what there is; nil if there is nothing.
func (r *root) fresh(ctx context.Context) *snapshot {
	timeout := time.NewTimer(maxWait)
	defer timeout.Stop()
	for {
		r.mu.Lock()
		now, changed, done := r.now, r.changed, r.now != nil && r.now.turn >= r.turn
		r.mu.Unlock()
		if done {
			return now
		}
		select {
		case <-changed:
		case <-timeout.C:
			return now
		case <-ctx.Done():
			return nil
		}
	}
}

func (r *root) loop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		}
		r.s.guard("judging", func() {
			r.rest(ctx)
			r.judge(ctx)
		})
		if r.s.retired(r) {
			return
		}
	}
}

// rest waits for a pause in the changes.
func (r *root) rest(ctx context.Context) {
	limit := time.After(maxDebounce)
	for {
		select {
		case <-r.wake:
		case <-time.After(debounce):
			return
		case <-limit:
			return
		case <-ctx.Done():
			return
		}
	}
}

// judge is one turn: it takes what has changed and publishes what follows.
func (r *root) judge(ctx context.Context) {
	r.working.Lock()
	defer r.working.Unlock()
	r.mu.Lock()
	work, turn := r.pending, r.turn
	r.pending = pending{}
	r.mu.Unlock()
	if work.reload {
		work.scan = r.load() || work.scan
	}
	for file, e := range work.edits {
		if e.text == nil {
			delete(r.texts, file)
		} else {
			r.texts[file] = e
		}
		if r.memory != nil {
			r.memory.Overlay(file, e.text)
		}
		work.scan = true
	}
	if r.memory == nil { // no configuration that could be read, yet
		r.finish(&snapshot{turn: turn, dir: r.dir, sources: report.NewSources(r.dir)})
		return
	}
	if work.refresh || work.scan && !r.s.watches() && time.Since(r.refreshed) > refreshEvery {
		r.memory.Refresh()
		r.refreshed = time.Now()
		work.scan = true
	}
	if work.scan || r.result == nil {
		o := r.current().ScanOptions()
		o.Memory = r.memory
		result, err := sqlscan.Scan(ctx, o)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			r.s.show(messageError, "phivet: "+err.Error())
			return
		}
		r.result = result
	}
	r.finish(r.snapshot(turn))
}

// load reads the configuration. It reports whether there is a new one; where
// the new one is wrong, the one before stays.
func (r *root) load() bool {
	p, err := run.OpenProject(r.dir)
	if r.trouble != "" {
		r.s.forget(r.trouble)
	}
	r.trouble = ""
	if err != nil {
		r.trouble = "phivet: " + err.Error()
		r.s.show(messageError, r.trouble)
		return false
	}
	r.mu.Lock()
	r.project = p
	r.mu.Unlock()
	r.memory = sqlscan.NewMemory(r.dir)
	for file, e := range r.texts {
		r.memory.Overlay(file, e.text)
	}
	r.refreshed = time.Now()
	return true
}

// configurationTrouble returns the diagnostic for a configuration that is wrong.
func (r *root) configurationTrouble() (diagnostic, bool) {
	path := filepath.Join(r.dir, config.FileName)
	text, ok := strings.CutPrefix(r.trouble, "phivet: "+path+":")
	if !ok {
		return diagnostic{}, false
	}
	line := 1
	if number, rest, ok := strings.Cut(text, ":"); ok {
		if n, err := strconv.Atoi(number); err == nil {
			line, text = n, rest
		}
	}
	content, _ := os.ReadFile(path) // without it, the range is empty
	m := finding.NewMapper(path, content)
	at := finding.Span{Start: finding.Position{Line: line, Column: 1}, End: finding.Position{Line: line, Column: 1}}
	return diagnostic{Range: r.s.encoding.span(m, at), Severity: severityError, Source: "phivet", Message: strings.TrimSpace(text)}, true
}

// snapshot judges what both halves have found.
func (r *root) snapshot(turn int) *snapshot {
	n := &snapshot{turn: turn, dir: r.dir, findings: map[string][]finding.Finding{}, tables: r.result.Tables, texts: map[string]edit{}, mixed: map[string]bool{}}
	texts := map[string][]byte{}
	for _, file := range r.result.Files {
		if text, err := r.memory.Read(file); err == nil {
			texts[file] = text
		}
	}
	for file, e := range r.texts {
		n.texts[file] = e
	}
	n.sources = report.NewSources(r.dir)
	n.sources.ReadWith(func(file string) ([]byte, error) {
		if text, ok := texts[file]; ok {
			return text, nil
		}
		return os.ReadFile(r.abs(file))
	})
	raw := run.RawSQL(r.result)
	r.mu.Lock()
	for _, dir := range slices.Sorted(maps.Keys(r.golang)) {
		golang := r.golang[dir]
		raw.Findings = slices.Concat(raw.Findings, golang.raw.Findings)
		raw.Directives = slices.Concat(raw.Directives, golang.raw.Directives)
		raw.Notices = slices.Concat(raw.Notices, golang.raw.Notices)
		raw.Go = raw.Go || golang.raw.Go
		for file, text := range golang.texts {
			if known, ok := texts[file]; ok && !bytes.Equal(known, text) {
				n.mixed[file] = true
			}
			texts[file] = text
		}
	}
	p := r.project
	r.mu.Unlock()
	n.lexicon = p.Config.Lexicon()
	found, err := run.Judge(p, raw, r.s.Min, n.sources)
	if err != nil { // the baseline
		r.s.show(messageError, "phivet: "+err.Error())
	}
	for _, f := range found {
		n.findings[f.Span.File] = append(n.findings[f.Span.File], f)
	}
	for _, notice := range raw.Notices {
		where := ""
		if notice.File != "" {
			where = notice.File + ": "
		}
		r.s.log("phivet: " + where + notice.Message)
	}
	return n
}

// finish shows a snapshot and makes it the current one, in this order: a client
// that gets an answer has the diagnostics that it goes with.
func (r *root) finish(n *snapshot) {
	r.publish(n)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = n
	close(r.changed)
	r.changed = make(chan struct{})
}
