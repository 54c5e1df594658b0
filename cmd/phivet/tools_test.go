package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// needs returns the path of a program: from PATH, or at one of the places below
// .cache/node_modules. A missing one skips the test on a developer's machine,
// and fails in CI, where .ci/setup has to bring it.
func needs(t *testing.T, program string, places ...string) string {
	t.Helper()
	for i, place := range places {
		places[i] = filepath.Join("..", "..", ".cache", "node_modules", filepath.FromSlash(place))
	}
	for _, name := range append([]string{program}, places...) {
		if path, err := exec.LookPath(name); err == nil {
			if path, err = filepath.Abs(path); err == nil {
				return path
			}
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing: .ci/setup installs it", program)
	}
	t.Skipf("%s is missing: .ci/setup installs it, some of it only where CI=true", program)
	return ""
}
