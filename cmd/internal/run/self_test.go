package run_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// buildSelf builds phivet, which go vet has to be able to start.
func buildSelf(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "phivet")
	if out, err := exec.Command("go", "build", "-o", name, "../../phivet").CombinedOutput(); err != nil {
		t.Fatalf("building phivet: %v\n%s", err, out)
	}
	return name
}
