package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// atlas adds the file's line to atlas.sum, without which the tool refuses the
// folder. A list that this computation does not reproduce is left alone: its
// owner may have reasons that the files do not tell.
func (n *next) atlas(dir string, added NewFile) ([]NewFile, error) {
	sum := path.Join(dir, "atlas.sum")
	old, err := os.ReadFile(filepath.Join(n.root, filepath.FromSlash(sum)))
	if errors.Is(err, os.ErrNotExist) {
		return []NewFile{added}, nil
	}
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range n.names(dir) {
		if strings.HasSuffix(name, ".sql") {
			if files[name], err = os.ReadFile(filepath.Join(n.root, filepath.FromSlash(dir), name)); err != nil {
				return nil, err
			}
		}
	}
	if !bytes.Equal(bytes.TrimSpace(old), bytes.TrimSpace(atlasSum(files))) {
		return nil, errors.New("its atlas.sum does not fit its files: atlas migrate hash mends that")
	}
	files[path.Base(added.Path)] = added.Content
	return []NewFile{added, {Path: sum, Content: atlasSum(files), Former: old}}, nil
}

var sumIgnored = lazyregexp.New(`(?m)^--[ \t]*atlas:sum[ \t]+ignore`)

// atlasSum computes the list of a folder: each file's line carries the hash
// over the names and contents up to it, the first line one over all lines.
func atlasSum(files map[string][]byte) []byte {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	running, all := sha256.New(), sha256.New()
	var lines bytes.Buffer
	for _, name := range names {
		running.Write([]byte(name))
		if sumIgnored.Match(files[name]) {
			continue
		}
		running.Write(files[name])
		h := base64.StdEncoding.EncodeToString(running.Sum(nil))
		all.Write([]byte(name + h))
		fmt.Fprintf(&lines, "%s h1:%s\n", name, h)
	}
	return append([]byte("h1:"+base64.StdEncoding.EncodeToString(all.Sum(nil))+"\n"), lines.Bytes()...)
}
