package testcode_test

import (
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/testcode"
)

func TestPackage(t *testing.T) {
	tests := []struct {
		path, module string
		want         bool
	}{
		{"clinic/internal/store", "clinic", false},
		{"clinic/internal/testutil", "clinic", true},
		{"clinic/internal/pgtest", "clinic", true},
		{"clinic/test/integration", "clinic", true},
		{"clinic/examples/server", "clinic", true},
		{"clinic/latest", "clinic", false},
		{"clinic/contest", "clinic", false},
		{"test/internal/store", "test", false},
		{"example.com/test/store", "example.com/test", false},
		{"example.com/clinic/store", "", false},
		{"clinic/e2e", "clinic", true},
		{"clinic/load-test", "clinic", true},
	}
	for _, tt := range tests {
		pass := &analysis.Pass{Pkg: types.NewPackage(tt.path, "p")}
		if tt.module != "" {
			pass.Module = &analysis.Module{Path: tt.module}
		}
		if got := testcode.Package(pass); got != tt.want {
			t.Errorf("Package(%s of module %q) = %v, want %v", tt.path, tt.module, got, tt.want)
		}
	}
}

func TestFile(t *testing.T) {
	tests := []struct {
		name, text string
		want       bool
	}{
		{"store_test.go", "package p", true},
		{"store.go", "package p", false},
		{"store.go", `package p; import "testing"`, true},
		{"store.go", `package p; import "testing/fstest"`, false},
		{"store.go", `package p; import "github.com/testcontainers/testcontainers-go/modules/postgres"`, true},
		{"store.go", `package p; import "database/sql"`, false},
	}
	for _, tt := range tests {
		f, err := parser.ParseFile(token.NewFileSet(), tt.name, tt.text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		if got := testcode.File(tt.name, f); got != tt.want {
			t.Errorf("File(%s, %s) = %v, want %v", tt.name, tt.text, got, tt.want)
		}
	}
}
