package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed grant_to_public.md
var grantToPublicPage string

var grantToPublic = &rules.Rule{
	ID: "PHI520", Slug: "grant-to-public", Title: "every role may read or change PHI",
	Severity: rules.Critical, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.MinimumNecessary},
	CWE:       []int{732}, Help: grantToPublicPage,
}

func checkGrantPublic(p *Pass) {
	for _, g := range p.grants(func(grantee string) bool { return grantee == catalog.Public }) {
		var severity rules.Severity
		if g.guarded {
			severity = grantToPublic.Severity.Lower()
		}
		p.Report(grantToPublic, Note{At: g.at, Object: g.object(), Severity: severity}, "every role (PUBLIC) may %s %s", g.what(), g.on())
	}
}

// A given is what one statement gave to one grantee on relations that hold PHI.
type given struct {
	at         catalog.Place
	grantee    string
	tables     []*catalog.Table
	privileges []string
	columns    []string
	wide       bool
	option     bool
	// guarded says that row security with a policy stands before all rows, and
	// none that shows every row to whom nobody knows.
	guarded bool
	holds   string
}

func (g *given) object() string {
	names := make([]string, 0, len(g.tables))
	for _, t := range g.tables {
		names = append(names, object(t))
	}
	return strings.Join(names, ",") + " to " + g.grantee
}

func (g *given) what() string {
	if len(g.privileges) == len(reading) {
		return "do all on"
	}
	return Some(g.privileges, 2)
}

// on names what the privileges are on.
func (g *given) on() string {
	names := make([]string, 0, len(g.tables))
	for _, t := range g.tables {
		names = append(names, t.Name.String())
	}
	if len(names) > 1 {
		return Some(names, 2) + ", which hold PHI"
	}
	if len(g.columns) > 0 {
		return names[0] + " (" + Some(g.columns, 2) + ")"
	}
	return names[0] + ", which holds " + g.holds
}

// reading are the privileges that let PHI out or change it.
var reading = map[string]bool{"SELECT": true, "INSERT": true, "UPDATE": true, "DELETE": true, "TRUNCATE": true}

// grants returns the privileges on PHI that hold at the end, joined by the
// statement that gave them.
func (p *Pass) grants(who func(grantee string) bool) []*given {
	type key struct {
		at      catalog.Place
		grantee string
	}
	var out []*given
	index := map[key]*given{}
	for _, t := range p.tables {
		if !p.PHI(t) || t.Temporary {
			continue
		}
		add := func(e catalog.Entry, column string) {
			if !who(e.Grantee) || e.ByDefault || !reading[e.Privilege] || !e.Made.Known() || e.Grantee == t.Owner {
				return
			}
			g := index[key{e.Made, e.Grantee}]
			if g == nil {
				g = &given{at: e.Made, grantee: e.Grantee, guarded: true, holds: p.Holds(t)}
				index[key{e.Made, e.Grantee}] = g
				out = append(out, g)
			}
			g.add(t, e, column)
		}
		for _, e := range t.ACL.Entries() {
			add(e, "")
		}
		for _, col := range t.Columns {
			if !p.Column(t, col.Name).PHI() {
				continue
			}
			for _, e := range col.ACL.Entries() {
				add(e, col.Name)
			}
		}
	}
	return out
}

func (g *given) add(t *catalog.Table, e catalog.Entry, column string) {
	if !slices.Contains(g.tables, t) {
		g.tables = append(g.tables, t)
	}
	if !slices.Contains(g.privileges, e.Privilege) {
		g.privileges = append(g.privileges, e.Privilege)
	}
	if column != "" && !slices.Contains(g.columns, column) {
		g.columns = append(g.columns, column)
	}
	g.wide = g.wide || e.Wide
	g.option = g.option || e.Grantable
	g.guarded = g.guarded && t.RowSecurity.On && len(t.Policies) > 0 && !letsAll(t, e)
}

// letsAll reports whether a policy lets a role that anybody has do what a
// privilege allows with every row. Roles behind a login are left to PHI504.
func letsAll(t *catalog.Table, e catalog.Entry) bool {
	if !anonymous[e.Grantee] && e.Grantee != catalog.Public {
		return false
	}
	return slices.ContainsFunc(t.Policies, func(pol *catalog.Policy) bool {
		switch {
		case !pol.Permissive || !slices.Contains(pol.Roles, catalog.Public) && !slices.Contains(pol.Roles, e.Grantee):
			return false
		case pol.Command != "ALL" && pol.Command != e.Privilege:
			return false
		case e.Privilege == "INSERT" && pol.WithCheck != nil:
			return fold(pol.WithCheck) == isTrue
		}
		return fold(pol.Using) == isTrue
	})
}

// anonymous are the roles that services give to callers without a login.
var anonymous = map[string]bool{"anon": true, "anonymous": true, "web_anon": true}
