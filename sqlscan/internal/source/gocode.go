package source

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// Migrations written in Go. The SQL in them is read in place: a Go file
// becomes a file whose SQL is the text of its constant strings, everything
// else blanked, so that a finding points into the Go file. Three kinds count:
//
//   - files beside SQL migrations that the tool runs in the same sequence:
//     0005_x.go of goose, 0005_x.up.go of golang-migrate's relatives. What
//     their functions for the way up pass to Exec is read.
//   - package-level lists and constants with statements that define a schema
//   - statements that define a schema and are passed to Exec anywhere else
//
// The last two form one history for each package. A string that does not
// parse, because it has holes, is left out with a notice.

// goFile is a Go file that may hold migrations.
type goFile struct {
	disk, path string
	content    []byte
}

var (
	goMigrationName = lazyregexp.New(`^(\d+)_.*\.go$`)
	definesSchema   = lazyregexp.New(`(?is)^(\s|--[^\n]*\n|/\*.*?\*/)*(CREATE|ALTER|GRANT|REVOKE|COMMENT\s+ON|DROP)\s`)
	wayDown         = lazyregexp.New(`(?i)(^|[a-z_])(down|rollback|revert|undo)([A-Z_0-9]|$)|^(down|rollback|revert|undo|drop)`)
	tableWords      = [][]byte{[]byte("CREATE TABLE"), []byte("create table"), []byte("Create Table"), []byte("ALTER TABLE"), []byte("alter table")}
	postgresDrivers = [][]byte{[]byte("lib/pq"), []byte("jackc/pgx"), []byte("driver/postgres"), []byte("go-pg/pg"), []byte("pgdriver"), []byte("jackc/tern")}
	otherDrivers    = [][]byte{[]byte("go-sqlite3"), []byte("modernc.org/sqlite"), []byte("go-sql-driver/mysql"), []byte("go-mssqldb"), []byte("glebarez/sqlite"), []byte("driver/sqlite"), []byte("driver/mysql")}
)

// addGo keeps a Go file if it may hold migrations.
func (f *finder) addGo(p, rel string) {
	content, err := f.o.Files.readIf(p, func(text []byte) bool { return ReadsGo(p, text) })
	if err != nil || content == nil {
		return
	}
	if goMigrationName.MatchString(filepath.Base(p)) || containsAny(content, tableWords) {
		f.goFiles = append(f.goFiles, goFile{disk: p, path: rel, content: content})
	}
	if i := bytes.Index(content, autoMigrate); i >= 0 && f.usesPostgres(p) && !strings.HasSuffix(p, "_test.go") {
		f.notices = append(f.notices, finding.Notice{File: rel, Line: 1 + bytes.Count(content[:i], []byte("\n")),
			Message: "tables that gorm's AutoMigrate makes of structs are not judged: their SQL exists at run time only"})
	}
}

// ReadsGo reports whether a Go file of this name and content has a say in what
// [Find] returns: all others may change without it.
func ReadsGo(name string, content []byte) bool {
	return len(content) <= 8<<20 && (goMigrationName.MatchString(filepath.Base(name)) || containsAny(content, tableWords) || bytes.Contains(content, autoMigrate))
}

// autoMigrate is how gorm creates tables without any SQL in sight.
var autoMigrate = []byte(".AutoMigrate(")

func containsAny(b []byte, words [][]byte) bool {
	return slices.ContainsFunc(words, func(w []byte) bool { return bytes.Contains(b, w) })
}

// usesPostgres reports whether the module around a Go file has a driver for
// PostgreSQL. Without a go.mod nothing speaks against it.
func (f *finder) usesPostgres(disk string) bool {
	for dir := filepath.Dir(disk); ; dir = filepath.Dir(dir) {
		if uses, ok := f.modules[dir]; ok {
			return uses
		}
		if text, err := f.o.Files.Read(filepath.Join(dir, "go.mod")); err == nil {
			f.modules[dir] = containsAny(text, postgresDrivers)
			return f.modules[dir]
		}
		if dir == f.root || dir == filepath.Dir(dir) {
			return true
		}
	}
}

// goMigrations adds Go files to the histories of their folders and makes
// histories of the others.
func (f *finder) goMigrations(drafts []draft) []draft {
	slices.SortFunc(f.goFiles, func(a, b goFile) int { return cmp.Compare(a.path, b.path) })
	byDir := make(map[string]int) // draft of a package without SQL files
	for _, g := range f.goFiles {
		if !f.usesPostgres(g.disk) || containsAny(g.content, otherDrivers) {
			continue
		}
		r := f.readGo(g)
		if r == nil {
			continue
		}
		x := &file{path: g.path, name: path.Base(g.path), content: g.content, sql: r.sql, derived: new(derived)}
		dir := path.Dir(g.path)
		if i := slices.IndexFunc(drafts, func(d draft) bool { return d.dir == dir && sequenced(d.tool) }); i >= 0 && goMigrationName.MatchString(x.name) {
			drafts[i].files = insertByNumber(drafts[i].files, x)
			continue
		}
		i, ok := byDir[dir]
		if !ok {
			i = len(drafts)
			byDir[dir] = i
			drafts = append(drafts, draft{dir: dir, tool: "go"})
		}
		drafts[i].files = append(drafts[i].files, x)
	}
	f.dropRepeated(drafts)
	for i := range drafts {
		if drafts[i].tool == "go" && len(drafts[i].files) > 1 {
			f.notice(drafts[i].dir, "%s of Go define a schema; they are taken in the order of their names", count(len(drafts[i].files), "file"))
		}
	}
	return drafts
}

// dropRepeated drops what Go code creates again: programs that make sure of
// their tables beside migrations that define them.
func (f *finder) dropRepeated(drafts []draft) {
	created := make(map[string]bool)
	if !slices.ContainsFunc(drafts, func(d draft) bool { return d.tool == "go" }) {
		return // nothing to compare with; reading every file again costs time
	}
	for _, d := range drafts {
		if d.tool == "go" {
			continue
		}
		for _, x := range d.files {
			for name := range x.mentioned().creates {
				created[name] = true
			}
		}
	}
	for i, d := range drafts {
		if d.tool != "go" {
			continue
		}
		tables, again := 0, 0
		for _, x := range d.files {
			for name := range x.mentioned().creates {
				tables++
				if created[name] {
					again++
				}
			}
		}
		if tables > 0 && again == tables {
			f.notice(d.dir, "SQL in Go code creates tables that SQL files create too, and is not read")
			drafts[i].files = nil
		}
	}
}

func sequenced(tool string) bool { return tool == "goose" || tool == "golang-migrate" || tool == "pop" }

// insertByNumber puts a file before the first one with a greater number.
func insertByNumber(files []*file, x *file) []*file {
	n := leadingNumber(x.name)
	i := slices.IndexFunc(files, func(y *file) bool { return compareNumbers(leadingNumber(y.name), n) > 0 })
	if i < 0 {
		i = len(files)
	}
	return slices.Insert(slices.Clone(files), i, x)
}

// goReader collects the SQL of one Go file.
type goReader struct {
	src  []byte
	base int // of the file in its token.FileSet
	sql  []byte
	up   map[string]bool // names of goose's functions for the way up, nil if there are none
	all  bool            // every statement passed to Exec counts, not only those that define a schema
	kept int
	left int
}

// readGo returns nil if the file holds no SQL of a migration.
func (f *finder) readGo(g goFile) *goReader {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, g.path, g.content, parser.SkipObjectResolution)
	if err != nil || strings.HasSuffix(g.path, ".down.go") {
		return nil
	}
	r := &goReader{src: g.content, base: fset.File(tree.Pos()).Base(), sql: bytes.Clone(g.content)}
	blank(r.sql)
	r.all = goMigrationName.MatchString(path.Base(g.path))
	r.registrations(tree)
	for _, d := range tree.Decls {
		r.declaration(d)
	}
	if r.left > 0 && (r.kept > 0 || r.all) {
		f.notice(g.path, "%s not constant or not parsed, and left out", count(r.left, "SQL string"))
	}
	if r.kept == 0 {
		return nil
	}
	return r
}

// registrations finds the functions that goose runs on the way up.
func (r *goReader) registrations(tree *ast.File) {
	ast.Inspect(tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !strings.HasPrefix(sel.Sel.Name, "Add") || !strings.Contains(sel.Sel.Name, "Migration") || len(call.Args) < 2 {
			return true
		}
		if r.up == nil {
			r.up = make(map[string]bool)
		}
		switch up := call.Args[len(call.Args)-2].(type) {
		case *ast.Ident:
			r.up[up.Name] = true
		case *ast.FuncLit:
			r.body(up.Body)
		}
		return true
	})
}

func (r *goReader) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body == nil || r.up != nil && !r.up[d.Name.Name] || wayDown.MatchString(d.Name.Name) {
			return
		}
		r.body(d.Body)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok || len(v.Names) == 0 || wayDown.MatchString(v.Names[0].Name) {
				continue
			}
			for _, x := range v.Values {
				r.value(x)
			}
		}
	}
}

// body reads what a function passes to Exec and the like, and the lists in it.
func (r *goReader) body(b *ast.BlockStmt) {
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			r.value(n)
			return false
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if ok && execName(sel.Sel.Name) {
				r.arguments(n)
			}
		case *ast.AssignStmt:
			for _, x := range n.Rhs {
				if _, ok := x.(*ast.BasicLit); ok {
					r.value(x)
				}
			}
		}
		return true
	})
}

func execName(name string) bool {
	switch name {
	case "Exec", "ExecContext", "MustExec", "MustExecContext", "Raw", "RunCommand":
		return true
	}
	return false
}

// arguments reads the first argument of Exec that is a string.
func (r *goReader) arguments(call *ast.CallExpr) {
	for i, a := range call.Args {
		if i > 1 {
			break
		}
		if lits := literals(a); lits != nil {
			r.take(lits)
			return
		}
	}
	if r.all && len(call.Args) > 0 {
		r.left++
	}
}

// value reads a constant, or the elements of a list: strings, or structs with
// a field for the way up.
func (r *goReader) value(x ast.Expr) {
	if lits := literals(x); lits != nil {
		if definesSchema.Match(r.text(lits)) {
			r.take(lits)
		}
		return
	}
	c, ok := x.(*ast.CompositeLit)
	if !ok {
		return
	}
	for _, e := range c.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			r.value(e)
			continue
		}
		if key := keyName(kv.Key); !wayDown.MatchString(key) && foreignNames[strings.ToLower(key)] == "" {
			r.value(kv.Value)
		}
	}
}

// keyName returns the name of a struct's field or the text of a map's key:
// statements for several databases are often kept in a map.
func keyName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.BasicLit:
		return strings.Trim(x.Value, "\"`")
	}
	return ""
}

// literals returns the string literals of a constant expression in order, or
// nil if it is anything else.
func literals(x ast.Expr) []*ast.BasicLit {
	switch x := x.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			return []*ast.BasicLit{x}
		}
	case *ast.ParenExpr:
		return literals(x.X)
	case *ast.BinaryExpr:
		if a, b := literals(x.X), literals(x.Y); x.Op == token.ADD && a != nil && b != nil {
			return append(a, b...)
		}
	}
	return nil
}

func (r *goReader) offset(p token.Pos) int { return int(p) - r.base }

// text returns the SQL of the literals, as long as their source.
func (r *goReader) text(lits []*ast.BasicLit) []byte {
	start, end := r.offset(lits[0].Pos()), r.offset(lits[len(lits)-1].End())
	out := bytes.Clone(r.src[start:end])
	blank(out)
	for _, l := range lits {
		from, to := r.offset(l.Pos())+1, r.offset(l.End())-1
		copy(out[from-start:], r.src[from:to])
		if l.Value[0] == '"' {
			unescape(out[from-start : to-start])
		}
	}
	return out
}

// unescape resolves the escapes of an interpreted string in place; each gives
// its character behind a space. Others than the usual ones stay as they are.
func unescape(b []byte) {
	for i := 0; i+1 < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		switch b[i+1] {
		case 'n', 't', 'r':
			b[i], b[i+1] = ' ', ' '
		case '"', '\\':
			b[i] = ' '
		}
		i++
	}
}

// take keeps literals that are SQL, with a semicolon where the last quote was.
func (r *goReader) take(lits []*ast.BasicLit) {
	text := r.text(lits)
	if !r.all && !definesSchema.Match(text) {
		return
	}
	if db, _ := dialect(text); db != "" {
		return
	}
	for _, s := range pgparse.Parse(text) {
		if s.Err != nil {
			r.left++
			return
		}
	}
	start := r.offset(lits[0].Pos())
	copy(r.sql[start:], text)
	r.sql[start+len(text)-1] = ';'
	r.kept++
}
