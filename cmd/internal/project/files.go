package project

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Relative returns the slash-separated path of name relative to root, or name
// itself if there is none.
func Relative(root, name string) string {
	rel, err := filepath.Rel(root, name)
	if err != nil {
		return filepath.ToSlash(name)
	}
	return filepath.ToSlash(rel)
}

// cacheFile returns the path of a cache entry about some path, or "" if there
// is no cache directory.
func cacheFile(kind, about string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(about))
	return filepath.Join(dir, "phivet", kind, hex.EncodeToString(sum[:12]))
}

// WriteFileAtomic writes a file so that a reader sees the old content or the
// new one and never half of it, also when the process is interrupted. A device,
// a pipe and what a symbolic link names are written in place: renaming a file
// over /dev/null would take it away from the whole machine.
func WriteFileAtomic(name string, data []byte) error {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(name, data, 0o644)
	}
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".phivet-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	if err := f.Chmod(0o644); err != nil {
		_ = f.Close()
		return err
	}
	if _, err := f.Write(data); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// binaryHash returns the hash of this program's file. Reading it takes longer
// than all else that a process of go vet does, so the hash is cached by the
// file's size and time.
var binaryHash = sync.OnceValues(func() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	type entry struct {
		Size int64     `json:"size"`
		Time time.Time `json:"time"`
		Hash string    `json:"hash"`
	}
	cached := cacheFile("binary", name)
	var e entry
	if data, err := os.ReadFile(cached); err == nil && json.Unmarshal(data, &e) == nil &&
		e.Size == info.Size() && e.Time.Equal(info.ModTime()) && e.Hash != "" {
		return e.Hash, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	e = entry{info.Size(), info.ModTime(), hex.EncodeToString(h.Sum(nil))}
	if data, err := json.Marshal(e); err == nil && cached != "" && time.Since(info.ModTime()) > racy {
		_ = WriteFileAtomic(cached, data)
	}
	return e.Hash, nil
})
