package fix

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
)

// Diff returns the changes as a unified diff that git apply and patch -p1 take
// in the root. A file whose diff would show what looks like a value of PHI or a
// secret is left out, and withheld tells why: a masked diff cannot be applied,
// and phivet prints neither.
func Diff(changes []Change) (text []byte, withheld []string) {
	var out bytes.Buffer
	for _, c := range changes {
		from := "a/" + c.File
		if c.Before == nil {
			from = "/dev/null"
		}
		d := diff.Diff(from, c.Before, "b/"+c.File, c.After)
		if kind := shows(d); kind != "" {
			withheld = append(withheld, fmt.Sprintf("%s: its diff is not shown, for a line near the change holds %s", c.File, kind))
			continue
		}
		// The first line, "diff a b", would have git take names from it.
		_, d, _ = bytes.Cut(d, []byte("\n"))
		out.Write(d)
	}
	return out.Bytes(), withheld
}

// shows says what kind of value a text would give away, or "".
func shows(text []byte) string {
	lexicon := phi.Default()
	for line := range strings.Lines(string(text)) {
		if found := lexicon.Detect(line, ""); len(found) > 0 {
			return "what looks like a value (" + found[0].Kind + ")"
		}
		if secret(line) {
			return "what looks like a secret"
		}
	}
	return ""
}

var (
	quoted = lazyregexp.New("\"[^\"]*\"|`[^`]*`|'[^']*'")
	// named matches a literal behind a word for secrets.
	named = lazyregexp.New("(?i)(?:passw(?:or)?d|passphrase|secret|token|credential|api_?key|private_?key)\\w*(?:[\"'`]?\\s*(?::=|=>|=|:|,|\\()\\s*|\\s+)[\"'`]([^\"'`]+)")
)

func secret(line string) bool {
	for _, q := range quoted.FindAllString(line, -1) {
		if d, ok := dsn.Parse(q[1 : len(q)-1]); ok {
			if _, clear := d.Credential(); clear {
				return true
			}
		}
	}
	for _, m := range named.FindAllStringSubmatch(line, -1) {
		if _, clear := dsn.Secret(m[1]); clear {
			return true
		}
	}
	return false
}

// Write writes the changes below root. Files keep their modes; the directory of
// a new one is made if need be. A file that is no longer what it was when the
// change was worked out is an error, and nothing is written.
func Write(root string, changes []Change) error {
	for _, c := range changes {
		now, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(c.File)))
		switch {
		case c.Before == nil && err == nil:
			return fmt.Errorf("%s exists already", c.File)
		case c.Before != nil && (err != nil || !bytes.Equal(now, c.Before)):
			return fmt.Errorf("%s has changed meanwhile", c.File)
		}
	}
	for _, c := range changes {
		name := filepath.Join(root, filepath.FromSlash(c.File))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := replace(name, c.After); err != nil {
			return fmt.Errorf("writing %s: %w", c.File, err)
		}
	}
	return nil
}

// Undo brings the changes' former contents back.
func Undo(root string, changes []Change) error {
	for _, c := range changes {
		name := filepath.Join(root, filepath.FromSlash(c.File))
		if c.Before == nil {
			if err := os.Remove(name); err != nil {
				return err
			}
			continue
		}
		if err := replace(name, c.Before); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file through another one beside it, so that an interrupted
// run leaves the old content or the new one. What a symbolic link names is
// written in place.
func replace(name string, data []byte) error {
	mode := os.FileMode(0o644)
	if info, err := os.Lstat(name); err == nil {
		if !info.Mode().IsRegular() {
			return os.WriteFile(name, data, mode)
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".phivet-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	if _, err = f.Write(data); err == nil {
		err = f.Chmod(mode)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
