package lsp

import (
	"encoding/json"
	"path/filepath"
	"slices"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
)

// publish sends the diagnostics of every file for which they have changed:
// those of open buffers first, for somebody looks at them.
func (r *root) publish(n *snapshot) {
	byURI := map[string]publishDiagnosticsParams{}
	open := map[string]bool{}
	places := map[string]place{}
	for file, fs := range n.findings {
		path, shown := r.place(places, file)
		if !shown {
			continue
		}
		p := publishDiagnosticsParams{URI: r.s.uriOf(path)}
		if e, ok := n.texts[file]; ok {
			p.Version = &e.version
			open[p.URI] = true
		}
		for i := range fs {
			p.Diagnostics = append(p.Diagnostics, r.diagnostic(n, &fs[i]))
		}
		byURI[p.URI] = p
	}
	if d, ok := r.configurationTrouble(); ok {
		uri := r.s.uriOf(r.abs(".phivet.toml"))
		p := byURI[uri]
		p.URI, p.Diagnostics = uri, append(p.Diagnostics, d)
		byURI[uri] = p
	}
	for uri := range r.published {
		if _, ok := byURI[uri]; !ok {
			byURI[uri] = publishDiagnosticsParams{URI: uri, Diagnostics: []diagnostic{}}
		}
	}
	var order []string
	for uri := range byURI {
		order = append(order, uri)
	}
	slices.Sort(order)
	slices.SortStableFunc(order, func(a, b string) int {
		switch {
		case open[a] == open[b]:
			return 0
		case open[a]:
			return -1
		}
		return 1
	})
	for _, uri := range order {
		r.send(byURI[uri])
	}
}

// send sends one file's diagnostics unless the client has them.
func (r *root) send(p publishDiagnosticsParams) {
	body, err := json.Marshal(p.Diagnostics)
	if err != nil || r.published[p.URI] == string(body) {
		return
	}
	if len(p.Diagnostics) == 0 {
		delete(r.published, p.URI)
	} else {
		r.published[p.URI] = string(body)
	}
	_ = r.s.conn.Notify(r.s.ctx, "textDocument/publishDiagnostics", p) // the client may have gone
}

// A place is what is the same for all files of a folder.
type place struct {
	real   string
	folder bool // it is in a workspace folder
	mine   bool // no other root is nearer to it
}

// place returns the real path of a file that findings name, and whether its
// findings are this root's to show: it lies in a workspace folder or is open,
// and no other root is nearer to it.
func (r *root) place(known map[string]place, file string) (path string, shown bool) {
	name := r.abs(file)
	dir := filepath.Dir(name)
	p, ok := known[dir]
	if !ok {
		p.real = realPath(dir)
		_, p.folder = r.s.folderOf(p.real)
		root := r.s.rootDir(p.real)
		p.mine = root == r.dir || root == ""
		known[dir] = p
	}
	path = filepath.Join(p.real, filepath.Base(name))
	r.s.mu.Lock()
	_, open := r.s.docs[path]
	r.s.mu.Unlock()
	return path, p.mine && (p.folder || open)
}

// diagnostic converts a finding.
func (r *root) diagnostic(n *snapshot, f *finding.Finding) diagnostic {
	d := diagnostic{
		Range: r.s.encoding.span(n.mapper(f.Span.File), f.Span), Severity: severity(f.Severity),
		Code: f.Rule.ID, CodeDescription: &codeDescription{f.Rule.HelpURI()}, Source: "phivet", Message: f.Message,
	}
	if !r.s.client.TextDocument.PublishDiagnostics.RelatedInformation {
		return d
	}
	for _, step := range slices.Concat(f.Flow, f.Related) {
		if step.Span.File == "" {
			continue
		}
		d.RelatedInformation = append(d.RelatedInformation, relatedInformation{
			Location: location{r.s.uriOf(r.abs(step.Span.File)), r.s.encoding.span(n.mapper(step.Span.File), step.Span)},
			Message:  step.Message,
		})
	}
	return d
}

// severity maps as SARIF's levels do, with a further step below.
func severity(s rules.Severity) int {
	switch {
	case s >= rules.High:
		return severityError
	case s == rules.Medium:
		return severityWarning
	case s == rules.Low:
		return severityInformation
	}
	return severityHint
}
