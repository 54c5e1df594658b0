package source

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/phivet/phivet/rules/finding"
)

// FindOptions says where to look.
type FindOptions struct {
	Root    string            // paths in the result are relative to it
	Paths   []string          // files and folders to read, relative to Root or absolute; none: all below Root
	Exclude []string          // glob patterns over slash paths relative to Root; ** matches any number of folders
	Tool    string            // name of a tool of [Tools], "" to recognise it
	Vars    map[string]string // values of template variables
	Files   *Files            // what reads the disk; nil reads it anew
}

// A History is a sequence of files that one database sees in this order.
type History struct {
	Dir   string // slash path relative to the root, "." for the root itself
	Tool  string // name of a tool of [Tools], "pg_dump", "sqlc" or "go"
	Files []File
}

// A File is one file of a history.
type File struct {
	Path    string // slash path relative to the root
	Content []byte
	// SQL is Content, of the same length, without what is not run on the way
	// up and with neutral text in place of what is not SQL.
	SQL  []byte
	Copy []CopyBlock
}

// Templated reports whether some of the text from start to end is not what
// the file says: a literal or name there stands for a template's value.
func (f *File) Templated(start, end int) bool {
	start, end = max(start, 0), min(end, len(f.Content))
	return start < end && !bytes.Equal(f.Content[start:end], f.SQL[start:end])
}

// A CopyBlock is the data behind a COPY … FROM stdin.
type CopyBlock struct {
	Start   int      // offset of the COPY statement
	Table   string   // as written, such as public.patients
	Columns []string // folded; none if the statement has no list
	// Separator stands between the fields of a row: a tab, or a comma in CSV.
	Separator byte
	Rows      []Row
}

// A Row is the span of one data line in Content, without its line end.
type Row struct{ Start, End int }

// A Field is the span of one value of a row.
type Field struct{ Start, End int }

// Fields returns the values of a row. Quotes of CSV are not resolved.
func (b *CopyBlock) Fields(content []byte, r Row) []Field {
	var out []Field
	start := r.Start
	for i := r.Start; i <= r.End; i++ {
		if i == r.End || content[i] == b.Separator {
			out = append(out, Field{start, i})
			start = i + 1
		}
	}
	return out
}

// Find returns the histories, sorted by folder, and notices about what was
// left out. It fails only if the root or a named path cannot be read.
func Find(o FindOptions) ([]History, []finding.Notice, error) {
	f := &finder{o: o, modules: make(map[string]bool)}
	if o.Tool != "" && toolNamed(o.Tool) == nil {
		return nil, nil, fmt.Errorf("unknown migration tool %q; known are %v", o.Tool, Tools())
	}
	root, err := filepath.Abs(cmp.Or(o.Root, "."))
	if err != nil {
		return nil, nil, err
	}
	if _, err := o.Files.stat(root); err != nil {
		return nil, nil, err
	}
	f.root = root
	if err := f.collect(); err != nil {
		return nil, nil, err
	}
	f.dropForeign()
	histories := join(f.includes(f.goMigrations(f.recognise())))
	for i := range histories {
		f.render(&histories[i])
	}
	slices.SortStableFunc(f.notices, func(a, b finding.Notice) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return f.result(histories), slices.Compact(f.notices), nil
}

// finder carries the state of one Find.
type finder struct {
	o       FindOptions
	root    string
	folders []*folder // sorted by dir
	goFiles []goFile
	modules map[string]bool // folder of a go.mod: it has a PostgreSQL driver
	notices []finding.Notice
}

// folder is a folder with SQL in it, or with a file that tells of a tool.
type folder struct {
	dir    string
	files  []*file           // the .sql files, sorted by name
	others map[string]string // other files that matter: name to path on disk
	given  bool              // its files were named one by one, in this order
}

// file is a .sql file on the way to a [File].
type file struct {
	path, name string
	content    []byte
	tool       *tool    // whose way down is cut away
	sql        []byte   // the SQL of a Go file, already in its place
	derived    *derived // what was computed of the content
	out        File
}

// draft is a history before its files are rendered.
type draft struct {
	dir, tool string
	files     []*file
}

func (f *finder) notice(file, format string, args ...any) {
	f.notices = append(f.notices, finding.Notice{File: file, Message: fmt.Sprintf(format, args...)})
}

// count says "1 file" or "2 files".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// render computes what [File] says of each file.
func (f *finder) render(d *draft) {
	for _, x := range d.files {
		if x.sql != nil {
			x.out = File{Path: x.path, Content: x.content, SQL: x.sql}
			continue
		}
		if out, ok := x.derived.rendered[x.tool]; ok {
			x.out = out
			continue
		}
		sql := bytes.Clone(x.content)
		if x.tool != nil && x.tool.cut != nil {
			x.tool.cut(sql)
		}
		m := masker{sql: sql, vars: f.o.Vars}
		m.script()
		m.refine()
		x.out = File{Path: x.path, Content: x.content, SQL: sql, Copy: m.copies}
		if x.derived.rendered == nil {
			x.derived.rendered = map[*tool]File{}
		}
		x.derived.rendered[x.tool] = x.out
	}
}

func (f *finder) result(drafts []draft) []History {
	var out []History
	for _, d := range drafts {
		h := History{Dir: d.dir, Tool: d.tool}
		for _, x := range d.files {
			h.Files = append(h.Files, x.out)
		}
		if len(h.Files) > 0 {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b History) int { return cmp.Compare(a.Dir, b.Dir) })
	return out
}
