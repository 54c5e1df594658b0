// Package deploy reads what files of a deployment say about PostgreSQL:
// settings of servers, records of pg_hba.conf, connection strings, passwords
// and Neon projects, in Compose files, Kubernetes manifests, Helm values and
// templates, Terraform, and the configuration and environment of applications.
//
// Every format becomes the same tree of keys and scalars with offsets, so that
// one set of readers serves all of them. What a template or a variable fills
// in is a hole (see package dsn) and never judged by its text. Nothing is
// executed, fetched or rendered.
package deploy

import (
	"bytes"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/internal/settings"
)

// A Document is one file.
type Document struct {
	Path        string // slash path
	Content     []byte
	Servers     []*settings.Config  // one for each server that the file sets up
	Records     [][]settings.Record // one list for each pg_hba.conf in it
	Connections []Connection
	Projects    []Project
	// Services are the names that containers of a Compose file reach each other
	// by.
	Services []string
	// Lower says that the file is an example or for development only, by its
	// name: what it says is a step less severe.
	Lower bool
}

// Empty reports whether the document has nothing to judge.
func (d *Document) Empty() bool {
	return len(d.Servers)+len(d.Records)+len(d.Connections)+len(d.Projects) == 0
}

// errEncoding is returned for files that are not UTF-8 text.
var errEncoding = errors.New("not UTF-8 text")

// Parse reads a file. The error says why a file that mentions PostgreSQL was
// not understood; it never repeats any of its text.
func Parse(name string, content []byte) (*Document, error) {
	d := &Document{Path: name, Content: content, Lower: lowered(name)}
	if !mentions(content) {
		return d, nil
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return d, errEncoding
	}
	r := &reader{doc: d}
	switch formatOf(name) {
	case formatTerraform:
		body, err := parseHCL(name, content)
		if err != nil {
			return d, err
		}
		r.terraform(body)
	case formatYAML:
		root, err := parseYAML(content)
		r.tree(root)
		return d, err
	case formatJSON:
		root, err := parseJSON(content)
		r.tree(root)
		return d, err
	case formatTOML:
		r.tree(parseLines(content, '['))
	case formatEnvironment:
		r.tree(parseLines(content, '='))
	}
	return d, nil
}

// A reader fills a document.
type reader struct {
	doc *Document
}

// tree runs all readers on a tree.
func (r *reader) tree(root *node) {
	if root == nil || schemaFile(root) {
		return
	}
	r.servers(root)
	r.connections(root)
	r.projects(root)
}

// schemaFile reports whether a file describes other files: what it holds are
// examples and defaults that nothing connects with.
func schemaFile(root *node) bool {
	return root.get("$schema") != nil && root.get("properties") != nil || root.get("openapi") != nil || root.get("swagger") != nil ||
		root.child("kind").is("CustomResourceDefinition")
}

type format int

const (
	formatNone format = iota
	formatYAML
	formatJSON
	formatTOML
	formatEnvironment
	formatTerraform
)

func formatOf(name string) format {
	base := strings.ToLower(path.Base(name))
	if isEnvironment(base) {
		return formatEnvironment
	}
	switch path.Ext(base) {
	case ".properties": // of Java: the same lines
		return formatEnvironment
	case ".yaml", ".yml":
		return formatYAML
	case ".json":
		return formatJSON
	case ".toml":
		return formatTOML
	case ".tf", ".tfvars":
		return formatTerraform
	}
	return formatNone
}

// isEnvironment knows .env, .env.production, prod.env and env.example.
func isEnvironment(base string) bool {
	return base == ".env" || strings.HasPrefix(base, ".env.") || strings.HasSuffix(base, ".env") ||
		strings.HasPrefix(base, "env.") && slices.Contains([]string{".example", ".sample", ".template", ".dist"}, path.Ext(base))
}

// Readable reports whether a file of this name can be read at all.
func Readable(name string) bool { return formatOf(name) != formatNone }

// Wanted reports whether a file of this name is read. Lock files, pipelines
// and files for tests are not: no patient's data is behind them.
func Wanted(name string) bool {
	f := formatOf(name)
	base := strings.ToLower(path.Base(name))
	switch {
	case f == formatNone, strings.HasPrefix(base, ".") && f != formatEnvironment, slices.Contains(foreign, base):
		return false
	}
	return !slices.ContainsFunc(nameWords(base), func(w string) bool { return slices.Contains(testWords, w) }) &&
		!slices.ContainsFunc(nameWords(strings.ToLower(path.Dir(name))), func(w string) bool { return slices.Contains(testFolders, w) })
}

var (
	foreign = []string{"package-lock.json", "package.json", "tsconfig.json", "composer.json", "composer.lock", "pnpm-lock.yaml",
		"cargo.toml", "pyproject.toml", "bitbucket-pipelines.yml", "azure-pipelines.yml", "appveyor.yml", "cloudbuild.yaml", "mkdocs.yml", "chart.yaml",
		"clinic.sarif", "openapi.yaml", "openapi.json", "swagger.json", "swagger.yaml", "golangci.yml", "renovate.json", "go.sum"}
	testWords = []string{"test", "tests", "testing", "ci", "e2e", "integration", "spec", "mock", "fixture", "fixtures", "lock"}
	// testFolders leaves out words that a folder of the real thing may have.
	testFolders = []string{"test", "tests", "testing", "ci", "e2e", "mock", "mocks", "fixture", "fixtures"}
	// stageWords are keys for what is no production; a pod's "template" is none.
	stageWords   = []string{"dev", "devel", "develop", "development", "local", "demo", "sandbox", "example", "sample"}
	exampleWords = []string{"example", "examples", "sample", "samples", "template", "dist", "dev", "devel", "develop", "development", "local",
		"demo", "demos", "tutorial", "tutorials", "quickstart", "playground", "sandbox", "hack", "docs", "doc"}
)

// lowered reports whether the name of the file or of a folder says that it is
// an example or for development.
func lowered(name string) bool {
	return slices.ContainsFunc(nameWords(strings.ToLower(name)), func(w string) bool { return slices.Contains(exampleWords, w) })
}

func nameWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("./-_ ", r) })
}

// marks are words without which a file says nothing about PostgreSQL.
var marks = [][]byte{[]byte("postgres"), []byte("pgsql"), []byte("pgx"), []byte("sslmode"), []byte("ssl_mode"), []byte("ssl-mode"), []byte("pgpassword"),
	[]byte("pg_hba"), []byte("pghba"), []byte("pgaudit"), []byte("shared_preload_libraries"), []byte("log_statement"), []byte("log_min_duration"),
	[]byte("parameter_group"), []byte("neon_project"), []byte(".apirest."), []byte("hipaa"), []byte("hippa")}

func mentions(content []byte) bool {
	lower := bytes.ToLower(content)
	return slices.ContainsFunc(marks, func(m []byte) bool { return bytes.Contains(lower, m) })
}
