// Package govet runs the Go analyzers under go vet and reads what they say.
//
// go vet is the scheduler and its build cache is the cache: phivet is started
// once a package, and not at all for a package whose inputs did not change.
// The price is a protocol of text, which this package hides.
package govet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options says what to vet.
type Options struct {
	Dir      string   // a directory of the module
	Packages []string // package patterns as go vet takes them
	Tool     string   // the vet tool: phivet's own executable
	Flags    []string // given to the vet tool
	Env      []string // added to the environment
	// Overlay is a file for go's -overlay flag, or "".
	Overlay string
	// Seen is the category of the diagnostic that the tool gives for every
	// package that it has looked at. go vet passes over a package whose import
	// does not build without a word; the missing mark tells.
	Seen string
}

// A Diagnostic is what an analyzer reported, positions as absolute paths.
type Diagnostic struct {
	Category string
	Message  string
	Pos, End Pos
	Related  []Related
	Fixes    []Fix
}

// Related is a further position of a diagnostic.
type Related struct {
	Message  string
	Pos, End Pos
}

// A Fix is a suggested fix; Start and End of its edits are byte offsets.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// An Edit is part of a fix.
type Edit struct {
	Filename   string `json:"filename"`
	Start, End int
	New        string
}

// A Pos is a line and a byte column, both from 1, of a file.
type Pos struct {
	File         string
	Line, Column int
}

// A Failure is a package that could not be analysed.
type Failure struct {
	Package string
	Pos     Pos // of the first error, if known
	Message string
	// Dependent says that the fault is in a package that it imports.
	Dependent bool
}

// A Result is what one run found.
type Result struct {
	Diagnostics []Diagnostic
	Failures    []Failure

	seen map[string]bool // packages that gave a mark
}

// ErrNoPackages is returned where the patterns match no Go package.
var ErrNoPackages = errors.New("no Go packages")

// Run vets the packages. A package that cannot be analysed becomes a Failure
// and the others are still vetted. The error is for what stops all of them:
// no go command, a broken go.mod, a vet tool that does not start.
func Run(ctx context.Context, o Options) (*Result, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, fmt.Errorf("the go command is needed to analyse Go code and is not in PATH")
	}
	res := &Result{seen: map[string]bool{}}
	stdout, stderr, err := o.vet(ctx, o.Packages)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil && len(bytes.TrimSpace(stdout)) == 0 {
		// One package that does not load stops go vet before it starts:
		// leave out those that cannot be loaded.
		good, failures, listErr := o.loadable(ctx)
		if listErr != nil {
			return nil, listErr
		}
		if len(good) == 0 && len(failures) == 0 {
			return nil, ErrNoPackages
		}
		res.Failures = failures
		if len(good) == 0 {
			return res, nil
		}
		stdout, stderr, err = o.vet(ctx, importPaths(good))
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if decodeErr := res.decode(stdout, o.Seen); decodeErr != nil {
		return nil, decodeErr
	}
	failures := buildFailures(stderr, o.Dir)
	res.Failures = append(res.Failures, failures...)
	if err != nil && len(res.Failures) == 0 {
		return nil, fmt.Errorf("go vet: %w: %s", err, firstLine(stderr))
	}
	if err != nil {
		res.passedOver(ctx, o)
	}
	return res, nil
}

// passedOver adds the packages that go vet left out without saying so, because
// a package that they import does not build.
func (r *Result) passedOver(ctx context.Context, o Options) {
	good, _, err := o.loadable(ctx)
	if err != nil || o.Seen == "" {
		return
	}
	for _, f := range r.Failures {
		r.seen[f.Package] = true
	}
	for _, p := range good {
		if !r.seen[p.ImportPath] {
			r.Failures = append(r.Failures, Failure{
				Package: p.ImportPath, Pos: Pos{File: p.firstFile(), Line: 1, Column: 1},
				Message: "it imports a package that does not type-check", Dependent: true,
			})
		}
	}
}

func (o Options) vet(ctx context.Context, packages []string) (stdout, stderr []byte, err error) {
	args := append([]string{"vet", "-vettool=" + o.Tool, "-json"}, o.buildFlags()...)
	args = append(append(args, o.Flags...), packages...)
	return o.goCommand(ctx, args...)
}

// buildFlags are those of all commands. With -trimpath, which may stand in
// GOFLAGS, the same package in another directory is the same to go vet's cache,
// and a shared cache would answer with the paths of somebody else's clone.
func (o Options) buildFlags() []string {
	flags := []string{"-trimpath=false"}
	if o.Overlay != "" {
		flags = append(flags, "-overlay="+o.Overlay)
	}
	return flags
}

func (o Options) goCommand(ctx context.Context, args ...string) (stdout, stderr []byte, err error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = o.Dir
	cmd.Env = append(os.Environ(), o.Env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	// go removes its work directory when interrupted, and not when killed.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	err = cmd.Run()
	return out.Bytes(), errOut.Bytes(), err
}

// listed is the part of go list's output that is read.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	CgoFiles   []string
	Error      *listError
	DepsErrors []*listError
}

func (p *listed) firstFile() string {
	for _, name := range append(p.GoFiles, p.CgoFiles...) {
		return filepath.Join(p.Dir, name)
	}
	return p.Dir
}

func importPaths(list []listed) []string {
	var out []string
	for i := range list {
		out = append(out, list[i].ImportPath)
	}
	return out
}

type listError struct {
	Pos, Err string
}

// loadable asks go list which of the packages can be loaded.
func (o Options) loadable(ctx context.Context) (good []listed, failures []Failure, err error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,GoFiles,CgoFiles,Error,DepsErrors"}, o.buildFlags()...)
	args = append(args, o.Packages...)
	stdout, stderr, err := o.goCommand(ctx, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("go list: %w: %s", err, firstLine(stderr))
	}
	dec := json.NewDecoder(bytes.NewReader(stdout))
	for {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return good, failures, nil
		} else if err != nil {
			return nil, nil, fmt.Errorf("go list: %w", err)
		}
		problem := p.Error
		if problem == nil && len(p.DepsErrors) > 0 {
			problem = p.DepsErrors[0]
		}
		switch {
		case problem == nil && len(p.GoFiles)+len(p.CgoFiles) > 0:
			good = append(good, p)
		case problem == nil || strings.Contains(problem.Err, "build constraints exclude all Go files") || strings.Contains(problem.Err, "no Go files") || strings.Contains(problem.Err, "matched no packages"):
			// Nothing to look at is not a failure.
		default:
			failures = append(failures, Failure{Package: p.ImportPath, Pos: parsePos(problem.Pos, o.Dir), Message: errorKind(problem.Err)})
		}
	}
}

// decode reads what the vet tool printed: a JSON object a package, of objects
// an analyzer. Lines that start with # name packages and are skipped.
func (r *Result) decode(out []byte, seen string) error {
	var clean bytes.Buffer
	for line := range bytes.Lines(out) {
		if !bytes.HasPrefix(line, []byte("#")) {
			clean.Write(line)
		}
	}
	dec := json.NewDecoder(&clean)
	for {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading the output of go vet: %w", err)
		}
		for _, id := range slices.Sorted(maps.Keys(tree)) {
			for _, name := range slices.Sorted(maps.Keys(tree[id])) {
				if err := r.add(id, tree[id][name], seen); err != nil {
					return err
				}
			}
		}
	}
}

// jsonDiagnostic is the form in which go/analysis prints a diagnostic.
type jsonDiagnostic struct {
	Category string        `json:"category"`
	Posn     string        `json:"posn"`
	End      string        `json:"end"`
	Message  string        `json:"message"`
	Fixes    []Fix         `json:"suggested_fixes"`
	Related  []jsonRelated `json:"related"`
}

type jsonRelated struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

func (r *Result) add(id string, raw json.RawMessage, seen string) error {
	var list []jsonDiagnostic
	if err := json.Unmarshal(raw, &list); err != nil {
		var failed struct{ Error string }
		if json.Unmarshal(raw, &failed) != nil || failed.Error == "" {
			return fmt.Errorf("reading the output of go vet: %w", err)
		}
		r.Failures = append(r.Failures, Failure{Package: packageOf(id), Message: "the analyzer stopped: " + failed.Error})
		return nil
	}
	for _, d := range list {
		if seen != "" && d.Category == seen {
			r.seen[packageOf(id)] = true
			continue
		}
		out := Diagnostic{Category: d.Category, Message: d.Message, Pos: parsePos(d.Posn, ""), End: parsePos(d.End, ""), Fixes: d.Fixes}
		for _, rel := range d.Related {
			out.Related = append(out.Related, Related{rel.Message, parsePos(rel.Posn, ""), parsePos(rel.End, "")})
		}
		r.Diagnostics = append(r.Diagnostics, out)
	}
	return nil
}

// packageOf cuts the variant off the ID of a unit, such as "p [p.test]".
func packageOf(id string) string {
	path, _, _ := strings.Cut(id, " ")
	return path
}

// parsePos reads "file:line:col" or "file:line"; a relative file is taken from dir.
func parsePos(s, dir string) Pos {
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(s, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(s[i+1:])
		if err != nil {
			break
		}
		numbers = append([]int{n}, numbers...)
		s = s[:i]
	}
	p := Pos{File: absolute(s, dir)}
	if len(numbers) > 0 {
		p.Line = numbers[0]
	}
	if len(numbers) > 1 {
		p.Column = numbers[1]
	}
	return p
}
