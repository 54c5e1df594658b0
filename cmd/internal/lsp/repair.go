package lsp

import (
	"context"
	"fmt"
	"slices"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan"
)

// repairData stands in an action until the client asks for its edit: to work a
// migration out takes a scan, and clients ask for actions wherever the cursor
// goes.
type repairData struct {
	URI    string `json:"uri"`
	Rule   string `json:"rule,omitempty"` // "" for all that can be repaired
	Object string `json:"object,omitempty"`
}

// createsFiles reports whether the client can make a file, and resolves whether
// it asks for the edit of the action that was chosen.
func (c *clientCapabilities) createsFiles() bool {
	return slices.Contains(c.Workspace.WorkspaceEdit.ResourceOperations, "create")
}

func (c *clientCapabilities) resolves() bool {
	return slices.Contains(c.TextDocument.CodeAction.ResolveSupport.Properties, "edit")
}

// repairs offers new migrations that settle findings about row security, for
// one table and for all.
func (r *root) repairs(ctx context.Context, n *snapshot, uri string, found []finding.Finding) []codeAction {
	if !r.s.client.createsFiles() {
		return nil
	}
	var out []codeAction
	offer := func(title string, f *finding.Finding, data repairData) {
		a := codeAction{Title: title, Kind: quickFix, Data: &data, Diagnostics: []diagnostic{r.diagnostic(n, f)}}
		if !r.s.client.resolves() {
			if a.Edit = r.repair(ctx, data); a.Edit == nil {
				return
			}
		}
		out = append(out, a)
	}
	for i := range found {
		f := &found[i]
		if !sqlscan.Repairable(f.Rule.ID) {
			continue
		}
		offer(fmt.Sprintf("%s: add a migration for %s", f.Rule.ID, f.Object), f, repairData{uri, f.Rule.ID, f.Object})
		if i == 0 && len(r.repairable(n, repairData{})) > 1 {
			offer("Add a migration for the row security of all tables", f, repairData{URI: uri})
		}
	}
	return out
}

// repairable returns the findings that an action is about.
func (r *root) repairable(n *snapshot, data repairData) []finding.Finding {
	var out []finding.Finding
	for _, fs := range n.findings {
		for _, f := range fs {
			if sqlscan.Repairable(f.Rule.ID) && (data.Rule == "" || data.Rule == f.Rule.ID && data.Object == f.Object) {
				out = append(out, f)
			}
		}
	}
	finding.Sort(out)
	return out
}

// resolve gives an action its edit.
func (s *server) resolve(ctx context.Context, a codeAction) (codeAction, error) {
	if a.Data == nil || a.Edit != nil {
		return a, nil
	}
	path := filePath(a.Data.URI)
	if path == "" {
		return a, &failure{codeInvalidParams, "no file"}
	}
	r := s.rootOf(realPath(path))
	if r == nil || r.fresh(ctx) == nil {
		return a, &failure{codeContentModified, "there is no verdict yet"}
	}
	if a.Edit = r.repair(ctx, *a.Data); a.Edit == nil {
		return a, &failure{codeContentModified, "no migration can be written for it: phivet check --fix --diff says why"}
	}
	return a, nil
}

// repair works out the migrations and returns the edit that makes them, or nil.
func (r *root) repair(ctx context.Context, data repairData) *workspaceEdit {
	r.working.Lock() // the memory is the goroutine's
	defer r.working.Unlock()
	r.mu.Lock()
	n, p := r.now, r.project
	r.mu.Unlock()
	if n == nil || p == nil || r.memory == nil {
		return nil
	}
	o := p.ScanOptions()
	o.Memory = r.memory
	repairs, err := sqlscan.Repair(ctx, o, r.repairable(n, data))
	if err != nil || len(repairs.Files) == 0 {
		return nil
	}
	w := &workspaceEdit{}
	for _, f := range repairs.Files {
		uri := r.s.uriOf(r.abs(f.Path))
		if f.Former == nil {
			w.DocumentChanges = append(w.DocumentChanges, createFile{Kind: "create", URI: uri},
				textDocumentEdit{versionedDocument{URI: uri}, []textEdit{{NewText: string(f.Content)}}})
			continue
		}
		m := finding.NewMapper(f.Path, f.Former)
		all := textRange{End: r.s.encoding.position(m, m.Position(len(f.Former)))}
		w.DocumentChanges = append(w.DocumentChanges, textDocumentEdit{versionedDocument{URI: uri}, []textEdit{{all, string(f.Content)}}})
	}
	return w
}
