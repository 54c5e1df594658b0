package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed rls_missing.md
var rlsMissingPage string

var rlsMissing = &rules.Rule{
	ID: "PHI501", Slug: "rls-missing", Title: "table holds PHI and has no row level security",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.AccessManagement, hipaa.MinimumNecessary},
	CWE:       []int{862, 285}, Help: rlsMissingPage,
}

func checkRLSMissing(p *Pass) {
	for _, t := range p.Tables() {
		switch {
		case t.RowSecurity.On || t.Temporary || t.Ghost || t.Kind == catalog.Foreign:
			// Have: protected, gone with the session, not seen, or not here.
		case p.PHI(t):
			if !reachedThroughParent(t) {
				reportRLSMissing(p, t)
			}
		case p.Schema.Health() && t.RowSecurity.OnceOn.Known() && p.belongsToPatient(t):
			reportTakenAway(p, t)
		case p.Schema.Health():
			reportUnprotectedChild(p, t)
		}
	}
}

// reachedThroughParent reports whether all ways to the rows lead through a
// parent with row security: nobody was given anything on the child itself.
func reachedThroughParent(t *catalog.Table) bool {
	for _, e := range t.ACL.Entries() {
		if e.Grantee != t.Owner {
			return false
		}
	}
	for _, parent := range t.Parents {
		if parent.RowSecurity.On || len(parent.Parents) > 0 && reachedThroughParent(parent) {
			return true
		}
	}
	return false
}

func reportRLSMissing(p *Pass, t *catalog.Table) {
	n := Note{At: t.Made, Object: object(t)}
	if t.RowSecurity.OnceOn.Known() {
		n.At = t.RowSecurity.Set
		n.Related = wasOn(t)
		p.Report(rlsMissing, n, "table %s holds %s; row level security was on and is disabled here", t.Name, p.Holds(t))
		return
	}
	kind := string(t.Kind)
	if t.Partition {
		kind = "partition"
	}
	if len(t.Parents) > 0 && p.PHI(t.Parents[0]) && !t.Parents[0].RowSecurity.On {
		n.Severity = rules.Low // what matters is said of the parent
	}
	p.Report(rlsMissing, n, "%s %s holds %s and has no row level security", kind, t.Name, p.Holds(t))
}

func wasOn(t *catalog.Table) []Related {
	return []Related{{t.RowSecurity.OnceOn, "row level security was enabled here"}, {t.Made, "the table was created here"}}
}

// reportTakenAway reports a table that shows no PHI by its columns and that
// somebody thought worth protecting.
func reportTakenAway(p *Pass, t *catalog.Table) {
	n := Note{At: t.RowSecurity.Set, Object: object(t), Severity: rules.Medium, Related: wasOn(t)}
	p.Report(rlsMissing, n, "table %s belongs to patients' records; row level security was on and is disabled here", t.Name)
}

// belongsToPatient reports whether the rows of a table are a patient's, or the
// patients themselves: it has patient context, refers to a table that has, or
// is what patient keys refer to.
func (p *Pass) belongsToPatient(t *catalog.Table) bool {
	c := p.Class(t)
	if c == nil || c.Reference || c.Workforce || c.Audit {
		return false
	}
	if c.Patient {
		return true
	}
	for _, k := range t.Constraints {
		if k.Kind != catalog.ForeignK || k.References == nil {
			continue
		}
		if ref := p.Class(k.References); ref != nil && ref.Patient && !ref.Reference {
			return true
		}
	}
	for _, other := range p.Tables() {
		for _, k := range other.Constraints {
			if k.Kind == catalog.ForeignK && k.References == t && len(k.Columns) > 0 && p.Column(other, k.Columns[0]).Category == phi.Link {
				return true
			}
		}
	}
	return false
}

// reportUnprotectedChild reports a table whose rows belong to the rows of a
// protected table, such as the orders of a customer.
func reportUnprotectedChild(p *Pass, t *catalog.Table) {
	if c := p.Class(t); c != nil && (c.Reference || c.Audit) {
		return
	}
	for _, k := range t.Constraints {
		ref := k.References
		if k.Kind != catalog.ForeignK || ref == nil || ref == t || !ref.RowSecurity.On || !(p.PHI(ref) || p.Unknown(ref)) {
			continue
		}
		n := Note{At: t.Made, Object: object(t), Severity: rules.Medium, Related: []Related{{ref.RowSecurity.Set, "row level security of the other table"}}}
		p.Report(rlsMissing, n, "table %s refers to %s, which has row level security, and has none", t.Name, ref.Name)
		return
	}
}
