package project

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// A snapshot is what a scan of the migrations told about PHI, kept in the
// user's cache directory. Scanning takes half a second on a large history, and
// go vet starts one process a package: they read the snapshot instead.
type snapshot struct {
	// Tool, Config and Inventory are hashes of the executable, of the
	// configuration and of the list of files that can hold migrations with
	// their sizes and times. If they agree, nothing was changed.
	Tool, Config, Inventory string
	Schema                  *phi.Schema
}

func (s *snapshot) current(p *Project) bool {
	return s.Tool == toolID() && s.Config == hash(p.Config.Text) && s.Inventory == p.inventory()
}

// BuildID returns what go vet's cache has to know about phivet besides the
// package itself: the executable, the configuration and the schema. Two runs
// with the same BuildID report the same.
func (p *Project) BuildID(ctx context.Context) (string, error) {
	s := p.readSnapshot()
	if s == nil || !s.current(p) {
		var err error
		if s, err = p.writeSnapshot(ctx); err != nil {
			return "", err
		}
	}
	schema, err := json.Marshal(s.Schema)
	if err != nil {
		return "", fmt.Errorf("encoding the schema: %w", err)
	}
	return hash([]byte(s.Tool), p.Config.Text, schema), nil
}

// writeSnapshot scans the migrations and keeps the result. That the cache
// cannot be written is no error: other processes will scan for themselves.
func (p *Project) writeSnapshot(ctx context.Context) (*snapshot, error) {
	s := &snapshot{Tool: toolID(), Config: hash(p.Config.Text), Inventory: p.inventory()}
	res, err := sqlscan.Scan(ctx, p.ScanOptions())
	if err != nil {
		return nil, fmt.Errorf("reading migrations: %w", err)
	}
	s.Schema = res.Schema
	p.store(s)
	return s, nil
}

// Keep stores the schema of a scan that the caller has done anyway.
func (p *Project) Keep(schema *phi.Schema) {
	p.store(&snapshot{Tool: toolID(), Config: hash(p.Config.Text), Inventory: p.inventory(), Schema: schema})
	p.schema = func() *phi.Schema { return schema }
}

func (p *Project) store(s *snapshot) {
	name := cacheFile("schema-" + hash([]byte(p.Root)) + ".json")
	if data, err := json.Marshal(s); err == nil && name != "" {
		_ = WriteFile(name, data) // a cache that cannot be written is no cache
	}
}

func (p *Project) readSnapshot() *snapshot {
	data, err := os.ReadFile(cacheFile("schema-" + hash([]byte(p.Root)) + ".json"))
	if err != nil {
		return nil
	}
	s := &snapshot{}
	if json.Unmarshal(data, s) != nil {
		return nil
	}
	return s
}

// inventory hashes names, sizes and times of all files that a scan may read.
func (p *Project) inventory() string {
	h := sha256.New()
	visit := func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // the scan itself reports what cannot be read
		}
		if d.IsDir() {
			if base := d.Name(); base == ".git" || base == "node_modules" || base == "vendor" {
				return fs.SkipDir
			}
			return nil
		}
		if !mayHoldSQL(d.Name()) {
			return nil
		}
		if info, err := d.Info(); err == nil {
			fmt.Fprintf(h, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	}
	_ = filepath.WalkDir(p.Root, visit)
	for _, path := range p.Config.Migrations.Paths {
		if !filepath.IsLocal(path) {
			_ = filepath.WalkDir(filepath.Join(p.Root, path), visit)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// mayHoldSQL is deliberately wide: a file too many costs a rescan, one too few
// would let a stale schema pass as current.
func mayHoldSQL(name string) bool {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".sql", ".psql", ".pgsql", ".ddl", ".plan", ".fizz", ".dump":
		return true
	case ".json", ".toml", ".yaml", ".yml", ".conf", ".xml":
		return strings.Contains(name, "journal") || strings.Contains(name, "changelog") || strings.Contains(name, "atlas") ||
			strings.Contains(name, "flyway") || strings.Contains(name, "dbconfig") || ext == ".conf"
	}
	return false
}

// toolID identifies the running executable by its content. The hash is kept
// beside the file's size and time, because reading the file on each start
// would cost more than vetting an unchanged project.
func toolID() string {
	exe, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	info, err := os.Stat(exe)
	if err != nil {
		return "unknown"
	}
	key := fmt.Sprintf("%s %d %d", exe, info.Size(), info.ModTime().UnixNano())
	memo := cacheFile("tool-" + hash([]byte(key)))
	if id, err := os.ReadFile(memo); err == nil && len(id) == 2*sha256.Size {
		return string(id)
	}
	f, err := os.Open(exe)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "unknown"
	}
	id := hex.EncodeToString(h.Sum(nil))
	if memo != "" {
		_ = WriteFile(memo, []byte(id))
	}
	return id
}

// cacheFile returns a path in phivet's cache directory, "" if there is none.
func cacheFile(name string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "phivet", name)
}

// WriteFile writes a file so that a reader sees all of it or the old one, and
// an interrupt leaves no half of it behind.
func WriteFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".phivet-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

func hash(parts ...[]byte) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d ", len(part))
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil))
}
