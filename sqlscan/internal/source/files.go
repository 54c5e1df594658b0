package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Files is the file system as [Find] and [Configs] see it, for callers that
// look at nearly the same files again and again: it remembers folders and
// contents until [Files.Refresh], and has the text of files that an editor has
// not saved yet. A nil Files reads the disk each time.
//
// A Files is not safe for concurrent use.
type Files struct {
	overlay  map[string][]byte // by absolute path
	walks    map[walkKey][]visit
	stats    map[string]stat
	contents map[string]*content
	derived  map[string]*derived
	turn     int
	// touched says that the function of a walk has made use of what it was
	// shown.
	touched bool
}

// walkKey tells walks apart that enter different folders.
type walkKey struct{ kind, start string }

// visit is one call of a walk's function.
type visit struct {
	path  string
	entry fs.DirEntry
	err   error
}

type stat struct {
	info fs.FileInfo
	err  error
}

type content struct {
	size  int64
	time  time.Time
	read  time.Time
	bytes []byte
	// dull says that nobody wants the bytes, and they are not kept.
	dull bool
	turn int // of the last look at the disk
}

// NewFiles returns a Files that remembers nothing yet.
func NewFiles() *Files {
	f := &Files{overlay: map[string][]byte{}, contents: map[string]*content{}, derived: map[string]*derived{}}
	f.Refresh()
	return f
}

// Overlay makes text the content of the file at an absolute path, whether the
// disk has one or not. A nil text gives the file back to the disk.
func (f *Files) Overlay(path string, text []byte) {
	_, had := f.overlay[path]
	if text == nil {
		delete(f.overlay, path)
	} else {
		f.overlay[path] = text
	}
	if _, known := f.stats[path]; had != (text != nil) && !known {
		f.walks = map[walkKey][]visit{} // a file that the disk does not have comes or goes
	}
	delete(f.stats, path)
}

// Refresh makes the next Find look at the disk again. Files whose size and time
// did not change are not read again.
func (f *Files) Refresh() {
	f.walks = map[walkKey][]visit{}
	f.stats = map[string]stat{}
	for path, c := range f.contents {
		if c.turn < f.turn {
			delete(f.contents, path) // nobody asked since the last time
		}
	}
	for path, d := range f.derived {
		if d.turn < f.turn {
			delete(f.derived, path)
		}
	}
	f.turn++
}

// allVisits is the kind of walk whose function has to see everything.
const allVisits = "conf"

// walk is filepath.WalkDir. The function must decide the same way each time it
// is called for one kind of walk; unless that is allVisits, it is not called
// again for what it has made no use of.
func (f *Files) walk(kind, start string, fn fs.WalkDirFunc) error {
	if f == nil {
		return filepath.WalkDir(start, fn)
	}
	defer func() { f.touched = true }() // a walk within a walk
	key := walkKey{kind, start}
	if visits, ok := f.walks[key]; ok {
		for _, v := range visits {
			if err := fn(v.path, v.entry, v.err); err == fs.SkipAll {
				return nil
			} else if err != nil && err != fs.SkipDir {
				return err
			}
		}
		return nil
	}
	var visits []visit
	entered := map[string]bool{}
	record := func(p string, e fs.DirEntry, err error) error {
		f.touched = false
		next := fn(p, e, err)
		// Most files of a project are neither SQL nor tell of it. They are not
		// shown again: it is what a scan after an edit would spend its time on.
		if kind == allVisits || err != nil || next != nil || f.touched || telling(e.Name()) {
			visits = append(visits, visit{p, e, err})
		}
		if err == nil && e.IsDir() && next == nil {
			entered[p] = true
		}
		return next
	}
	err := filepath.WalkDir(start, record)
	for _, p := range f.unsaved(entered) {
		if err == nil {
			err = record(p, unsavedEntry(filepath.Base(p)), nil)
		}
	}
	if err == nil {
		f.walks[key] = visits
	}
	return err
}

// unsaved returns the files of the overlay that the disk does not have, in the
// folders that a walk has entered.
func (f *Files) unsaved(entered map[string]bool) []string {
	var out []string
	for p := range f.overlay {
		if _, err := os.Lstat(p); err != nil && entered[filepath.Dir(p)] {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// unsavedEntry stands for a file that is in the overlay only.
type unsavedEntry string

func (e unsavedEntry) Name() string               { return string(e) }
func (e unsavedEntry) IsDir() bool                { return false }
func (e unsavedEntry) Type() fs.FileMode          { return 0 }
func (e unsavedEntry) Info() (fs.FileInfo, error) { return overlayInfo{unsavedEntry: e}, nil }

// overlayInfo describes a file of the overlay.
type overlayInfo struct {
	unsavedEntry
	size int64
}

func (i overlayInfo) Size() int64        { return i.size }
func (i overlayInfo) Mode() fs.FileMode  { return 0o644 }
func (i overlayInfo) ModTime() time.Time { return time.Time{} }
func (i overlayInfo) Sys() any           { return nil }

// stat is os.Stat.
func (f *Files) stat(p string) (fs.FileInfo, error) {
	if f == nil {
		return os.Stat(p)
	}
	f.touched = true
	if text, ok := f.overlay[p]; ok {
		return overlayInfo{unsavedEntry(filepath.Base(p)), int64(len(text))}, nil
	}
	s, ok := f.stats[p]
	if !ok {
		s.info, s.err = os.Stat(p)
		f.stats[p] = s
	}
	return s.info, s.err
}

// Read is os.ReadFile; callers must not change the bytes.
func (f *Files) Read(p string) ([]byte, error) {
	text, err := f.readIf(p, func([]byte) bool { return true })
	if text == nil && err == nil && f != nil { // dull to somebody else
		return os.ReadFile(p)
	}
	return text, err
}

// racy is the age below which a file's time proves nothing: it may have changed
// again within one tick of the file system's clock.
const racy = 2 * time.Second

// readIf is read for a caller that has no use for files that wanted refuses; it
// gets nil for these. Wanted must decide the same way each time.
func (f *Files) readIf(p string, wanted func([]byte) bool) ([]byte, error) {
	if f == nil {
		text, err := os.ReadFile(p)
		if err != nil || !wanted(text) {
			return nil, err
		}
		return text, nil
	}
	touched := f.touched
	text, err := f.keep(p, wanted)
	f.touched = touched || text != nil || err != nil
	return text, err
}

// keep is readIf for a Files that remembers.
func (f *Files) keep(p string, wanted func([]byte) bool) ([]byte, error) {
	if text, ok := f.overlay[p]; ok {
		if !wanted(text) {
			return nil, nil
		}
		return text, nil
	}
	c := f.contents[p]
	if c != nil && c.turn == f.turn {
		return c.bytes, nil
	}
	info, err := f.stat(p)
	if err != nil {
		return nil, err
	}
	if c != nil && c.size == info.Size() && c.time.Equal(info.ModTime()) && c.read.Sub(c.time) > racy {
		c.turn = f.turn
		return c.bytes, nil
	}
	now := time.Now()
	text, err := os.ReadFile(p)
	if err != nil {
		delete(f.contents, p)
		return nil, err
	}
	if c == nil || c.dull || string(c.bytes) != string(text) {
		c = &content{bytes: text, dull: !wanted(text)} // the same bytes stay the same slice
		if c.dull {
			c.bytes = nil
		}
		f.contents[p] = c
	}
	c.size, c.time, c.read, c.turn = info.Size(), info.ModTime(), now, f.turn
	return c.bytes, nil
}

// derived is what was computed of one file's content. The zero value knows
// nothing.
type derived struct {
	content  []byte
	turn     int
	mentions mentions
	// looked says that database and own are the file's dialect.
	looked   bool
	database string
	own      bool
	rendered map[*tool]File
}

// derivedOf returns the place for what is computed of a file. It is the same as
// long as the content is the very same slice.
func (f *Files) derivedOf(p string, text []byte) *derived {
	if f == nil {
		return new(derived)
	}
	d := f.derived[p]
	if d == nil || len(d.content) != len(text) || len(text) > 0 && &d.content[0] != &text[0] {
		d = &derived{content: text}
		f.derived[p] = d
	}
	d.turn = f.turn
	return d
}

// dialect is [dialect] of the file's content.
func (x *file) dialect() (database string, own bool) {
	if !x.derived.looked {
		x.derived.database, x.derived.own = dialect(x.content)
		x.derived.looked = true
	}
	return x.derived.database, x.derived.own
}
