package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Policy is a row security policy.
type Policy struct {
	Name       string
	Table      *Table
	Command    string // "ALL" "SELECT" "INSERT" "UPDATE" "DELETE"
	Permissive bool
	Roles      []string // sorted; Public if there is no TO
	HasTo      bool
	Using      *pgparse.Node
	WithCheck  *pgparse.Node
	// UsingStmt and CheckStmt are the statements that hold the expressions.
	UsingStmt, CheckStmt *Statement
	Reads                []*Table // relations in the expressions' subqueries
	Made                 Place
	Stmt                 *Statement
}

func (c *Catalog) createPolicy(s *Statement, n *pgparse.CreatePolicyStmt) {
	if n.Table == nil {
		return
	}
	t := c.findOrGhost(n.Table, s, false)
	if t == nil || t.policy(n.PolicyName) != nil {
		return
	}
	p := &Policy{Name: n.PolicyName, Table: t, Command: strings.ToUpper(n.CmdName), Permissive: n.Permissive,
		Using: n.Qual, WithCheck: n.WithCheck, UsingStmt: s, CheckStmt: s, Made: s.Head(), Stmt: s}
	p.setRoles(c, n.Roles)
	p.findReads(c)
	t.Policies = append(t.Policies, p)
	if t.byPolicy != nil {
		t.byPolicy[p.Name] = p
	}
}

// setRoles sets the roles; the grammar gives public where there is no TO.
func (p *Policy) setRoles(c *Catalog, roles []*pgparse.Node) {
	p.Roles = c.roleNames(roles)
	if slices.Contains(p.Roles, Public) || len(p.Roles) == 0 {
		p.Roles = []string{Public}
	}
	p.HasTo = p.Roles[0] != Public || len(roles) > 0 && roles[0].GetRoleSpec().GetLocation() > 0
	slices.Sort(p.Roles)
	p.Roles = slices.Compact(p.Roles)
}

func (c *Catalog) alterPolicy(s *Statement, n *pgparse.AlterPolicyStmt) {
	t := c.find(rangeName(n.Table))
	if t == nil {
		return
	}
	p := t.policy(n.PolicyName)
	if p == nil {
		return
	}
	if len(n.Roles) > 0 {
		p.setRoles(c, n.Roles)
	}
	if n.Qual != nil {
		p.Using, p.UsingStmt = n.Qual, s
	}
	if n.WithCheck != nil {
		p.WithCheck, p.CheckStmt = n.WithCheck, s
	}
	p.findReads(c)
	p.Made = s.Head()
}

// findReads notes the relations that the policy's subqueries read.
func (p *Policy) findReads(c *Catalog) {
	p.Reads = append(c.Reads(p.Using), c.Reads(p.WithCheck)...)
	for _, r := range p.Reads {
		r.usedBy = append(r.usedBy, p.Table)
	}
}

func (t *Table) policy(name string) *Policy {
	if len(t.Policies) >= many {
		if t.byPolicy == nil {
			t.byPolicy = make(map[string]*Policy, len(t.Policies))
			for _, p := range t.Policies {
				t.byPolicy[p.Name] = p
			}
		}
		return t.byPolicy[name]
	}
	for _, p := range t.Policies {
		if p.Name == name {
			return p
		}
	}
	return nil
}

func (t *Table) dropPolicy(name string) {
	t.keepPolicies(func(p *Policy) bool { return p.Name != name })
}

// keepPolicies drops the policies that keep does not want.
func (t *Table) keepPolicies(keep func(*Policy) bool) {
	t.byPolicy = nil
	t.Policies = slices.DeleteFunc(t.Policies, func(p *Policy) bool { return !keep(p) })
}
