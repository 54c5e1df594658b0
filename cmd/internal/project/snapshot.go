package project

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// A snapshot is what the SQL half found out for the Go half, kept in the
// user's cache directory so that the processes of go vet, one a package, need
// not scan the migrations each. Losing it costs time and nothing else.
type snapshot struct {
	Format int       `json:"format"`
	Binary string    `json:"binary"` // another phivet may classify differently
	Config string    `json:"config"`
	Taken  time.Time `json:"taken"`
	// Walk is the hash of the names, sizes and times of all files that a scan
	// may read, but for Go files: WalkGo is theirs, "" if one was too young to
	// trust its time, and Go a hash of the contents of those that a scan reads.
	Walk   string  `json:"walk"`
	WalkGo string  `json:"walkGo"`
	Go     string  `json:"go"`
	Inputs []input `json:"-"` // the files that it has read, and those that were too young to trust their times
	// ScanHash is of the file that holds the rest of the result.
	ScanHash   string `json:"scanHash"`
	SchemaHash string `json:"schemaHash"`
	// Schemas are the classified schemas in bytes by database; "" is all of them.
	Schemas map[string][]byte `json:"-"`
	// Parts are the lengths of what follows in the file: of the inputs, a line
	// each, and of the schemas in the order of Names. Every process of go vet
	// reads this, and what is JSON takes ten times as long.
	Parts []int    `json:"parts"`
	Names []string `json:"names,omitempty"`
}

// An input is a file of the scan.
type input struct {
	Path string // slash-separated, relative to the root
	Size int64
	Time time.Time
	Hash string // of the content, if it was young when the snapshot was taken
}

const snapshotFormat = 6

// racy is the age below which a file's time proves nothing: it may change again
// within one tick of the file system's clock.
const racy = 2 * time.Second

// inputSuffixes are the names that the SQL half may want to read: scripts,
// settings, and the files by which it recognises a migration tool.
var inputSuffixes = []string{
	".sql", ".psql", ".pgsql", ".ddl", ".conf", ".env", ".toml", ".yml", ".yaml", ".json", ".tf", ".tfvars", ".hcl", ".xml",
	".properties", ".plan", ".sum", ".prisma", ".fizz", ".gitignore", "go.mod",
}

// inputIgnored are directories that the walk does not enter.
var inputIgnored = []string{".git", ".hg", ".svn", "node_modules"}

// A walk lists the files below a root that a scan may read, in a fixed order.
// Go files stand apart: most of them change without a scan reading them.
type walk struct{ files, goFiles []input }

// listInputs walks the root and the configured paths, which may be elsewhere.
// What cannot be read is left out; the scan itself complains about it.
func (p *Project) listInputs() walk {
	var w walk
	seen := map[string]bool{}
	add := func(name string, list *[]input) {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && !seen[name] {
			seen[name] = true
			*list = append(*list, input{Path: Relative(p.Root, name), Size: info.Size(), Time: info.ModTime()})
		}
	}
	root := p.Root
	if top := config.FindUp(root, ".git"); top != "" { // what git ignores above root is ignored in it
		for dir := root; dir != top; {
			dir = filepath.Dir(dir)
			add(filepath.Join(dir, ".gitignore"), &w.files)
		}
	}
	starts := []string{root}
	for _, named := range p.Config.Migrations.Paths {
		if !filepath.IsAbs(named) {
			named = filepath.Join(root, filepath.FromSlash(named))
		}
		starts = append(starts, filepath.Clean(named))
	}
	for _, start := range starts {
		_ = filepath.WalkDir(start, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil
			case d.IsDir():
				if name != start && slices.Contains(inputIgnored, d.Name()) {
					return fs.SkipDir
				}
			case strings.HasSuffix(d.Name(), ".go"):
				add(name, &w.goFiles)
			case name == start || isInput(d.Name()):
				add(name, &w.files)
			}
			return nil
		})
	}
	return w
}

func isInput(name string) bool {
	name = strings.ToLower(name)
	for _, suffix := range inputSuffixes {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return strings.HasPrefix(name, ".env") || strings.HasPrefix(name, "env.")
}

// hashGo returns a hash of the Go files that a scan reads. It reads them all.
func hashGo(root string, files []input) string {
	var b strings.Builder
	for _, in := range files {
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(in.Path)))
		if err == nil && sqlscan.ReadsGo(in.Path, content) {
			fmt.Fprintf(&b, "%s %s\n", in.Path, hashBytes(content))
		}
	}
	return hashBytes([]byte(b.String()))
}

func (p *Project) saveSnapshot(w walk, result *sqlscan.Result) {
	self, err := binaryHash()
	if err != nil {
		return
	}
	schemas, sum, err := encodeSchemas(result)
	if err != nil {
		return
	}
	s := &snapshot{
		Format: snapshotFormat, Binary: self, Config: hashBytes(p.Config.Content),
		Taken: time.Now(), Walk: hashWalk(w.files), Go: hashGo(p.Root, w.goFiles), SchemaHash: sum, Schemas: schemas,
	}
	if !slices.ContainsFunc(w.goFiles, func(in input) bool { return s.Taken.Sub(in.Time) < racy }) {
		s.WalkGo = hashWalk(w.goFiles)
	}
	s.Inputs = p.inputs(w.files, result.Files, s.Taken)
	s.ScanHash = p.saveScan(result)
	p.store(s)
}

// store writes the snapshot. Without a cache everything works, only slower.
func (p *Project) store(s *snapshot) {
	data, err := s.encode()
	if name := cacheFile("schema", p.Root); err == nil && name != "" {
		_ = WriteFileAtomic(name, data)
	}
}

// encode returns the snapshot as a file: a line of JSON and the parts.
func (s *snapshot) encode() ([]byte, error) {
	var parts []byte
	for _, in := range s.Inputs {
		parts = fmt.Appendf(parts, "%d %d %s %q\n", in.Size, in.Time.UnixNano(), cmp.Or(in.Hash, "-"), in.Path)
	}
	s.Parts, s.Names = []int{len(parts)}, slices.Sorted(maps.Keys(s.Schemas))
	for _, name := range s.Names {
		s.Parts = append(s.Parts, len(s.Schemas[name]))
		parts = append(parts, s.Schemas[name]...)
	}
	head, err := json.Marshal(s)
	return slices.Concat(head, []byte("\n"), parts), err
}

var errNoSnapshot = errors.New("not a snapshot")

// decode reads what encode wrote.
func (s *snapshot) decode(data []byte) error {
	head, parts, _ := bytes.Cut(data, []byte("\n"))
	if err := json.Unmarshal(head, s); err != nil {
		return err
	}
	if len(s.Parts) != len(s.Names)+1 {
		return errNoSnapshot
	}
	s.Schemas = make(map[string][]byte, len(s.Names))
	for i, size := range s.Parts {
		if size < 0 || size > len(parts) {
			return errNoSnapshot
		}
		part := parts[:size]
		parts = parts[size:]
		if i > 0 {
			s.Schemas[s.Names[i-1]] = part
			continue
		}
		for line := range strings.Lines(string(part)) {
			in, err := parseInput(strings.TrimSuffix(line, "\n"))
			if err != nil {
				return err
			}
			s.Inputs = append(s.Inputs, in)
		}
	}
	return nil
}

// parseInput reads size, time, hash and quoted path of an input.
func parseInput(line string) (input, error) {
	size, rest, _ := strings.Cut(line, " ")
	ns, rest, _ := strings.Cut(rest, " ")
	hash, quoted, _ := strings.Cut(rest, " ")
	n, noSize := strconv.ParseInt(size, 10, 64)
	at, noTime := strconv.ParseInt(ns, 10, 64)
	path, noPath := strconv.Unquote(quoted)
	if errors.Join(noSize, noTime, noPath) != nil {
		return input{}, errNoSnapshot
	}
	if hash == "-" {
		hash = ""
	}
	return input{path, n, time.Unix(0, at), hash}, nil
}

// inputs lists the files that the scan has read, and of the others those that
// have changed so lately that their time proves nothing.
func (p *Project) inputs(walked []input, read []string, taken time.Time) []input {
	var out []input
	have := map[string]bool{}
	add := func(in input) {
		if have[in.Path] {
			return
		}
		have[in.Path] = true
		if taken.Sub(in.Time) < racy {
			in.Hash = hashFile(filepath.Join(p.Root, filepath.FromSlash(in.Path)))
		}
		out = append(out, in)
	}
	for _, file := range read {
		if info, err := os.Stat(filepath.Join(p.Root, filepath.FromSlash(file))); err == nil {
			add(input{Path: file, Size: info.Size(), Time: info.ModTime()})
		}
	}
	for _, in := range walked {
		if taken.Sub(in.Time) < racy {
			add(in)
		}
	}
	return out
}

func hashWalk(walked []input) string {
	var b strings.Builder
	for _, in := range walked {
		fmt.Fprintf(&b, "%s %d %d\n", in.Path, in.Size, in.Time.UnixNano())
	}
	return hashBytes([]byte(b.String()))
}

// loadSnapshot returns the snapshot if it is current. With walk, the directory
// tree is searched for new files, as go vet's question for the build ID does
// once a run; without, only what is listed is looked at, as each of the many
// processes behind that question does.
func (p *Project) loadSnapshot(walk bool) (*snapshot, bool) {
	name := cacheFile("schema", p.Root)
	if name == "" {
		return nil, false
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, false
	}
	s := new(snapshot)
	if s.decode(data) != nil || s.Format != snapshotFormat || s.Config != hashBytes(p.Config.Content) {
		return nil, false
	}
	if self, err := binaryHash(); err != nil || s.Binary != self {
		return nil, false
	}
	if walk && !p.walked(s) {
		return nil, false
	}
	return s, s.current(p.Root)
}

// walked reports whether the directory tree is the snapshot's, as far as a scan
// has to do with it.
func (p *Project) walked(s *snapshot) bool {
	w := p.listInputs()
	if s.Walk != hashWalk(w.files) {
		return false
	}
	sum := hashWalk(w.goFiles)
	if sum == s.WalkGo {
		return true
	}
	if hashGo(p.Root, w.goFiles) != s.Go {
		return false
	}
	if !slices.ContainsFunc(w.goFiles, func(in input) bool { return time.Since(in.Time) < racy }) {
		s.WalkGo = sum
		p.store(s)
	}
	return true
}

// current reports whether every input is as it was.
func (s *snapshot) current(root string) bool {
	for _, in := range s.Inputs {
		name := filepath.Join(root, filepath.FromSlash(in.Path))
		info, err := os.Stat(name)
		if err != nil || info.Size() != in.Size || !info.ModTime().Equal(in.Time) {
			return false
		}
		if in.Hash != "" && hashFile(name) != in.Hash {
			return false
		}
	}
	return true
}

func (s *snapshot) schema(database string) (*phi.Schema, error) {
	if len(s.Schemas[database]) == 0 {
		return nil, nil
	}
	schema := new(phi.Schema)
	if err := schema.UnmarshalBinary(s.Schemas[database]); err != nil {
		return nil, fmt.Errorf("reading the snapshot of the schema: %w", err)
	}
	return schema, nil
}

// encodeSchemas returns the schemas of a scan by database, and a hash over all.
func encodeSchemas(r *sqlscan.Result) (schemas map[string][]byte, sum string, err error) {
	if r.Schema == nil {
		return nil, "none", nil
	}
	schemas = map[string][]byte{}
	if schemas[""], err = r.Schema.MarshalBinary(); err != nil {
		return nil, "", fmt.Errorf("encoding the schema: %w", err)
	}
	sum = hashBytes(schemas[""])
	for _, name := range slices.Sorted(maps.Keys(r.Databases)) {
		if schemas[name], err = r.Databases[name].MarshalBinary(); err != nil {
			return nil, "", fmt.Errorf("encoding the schema: %w", err)
		}
		sum = hashBytes([]byte(sum + name + hashBytes(schemas[name])))
	}
	return schemas, sum, nil
}

func hashBytes(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// hashFile returns the hash of a file's content, or "" if it cannot be read.
func hashFile(name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	return hashBytes(data)
}
