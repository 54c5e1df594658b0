package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed rls_bypassing_role.md
var rlsBypassingRolePage string

var rlsBypassingRole = &rules.Rule{
	ID: "PHI506", Slug: "rls-bypassing-role", Title: "application role is above row level security",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessManagement, hipaa.EmergencyAccess},
	CWE:       []int{250, 269}, Help: rlsBypassingRolePage,
}

// bypassing are the attributes that put a role above row security, or let it
// make one that is; the strongest first. Names are those of the grammar.
var bypassing = []struct {
	option, word string
	has          func(*catalog.Role) bool
	severity     rules.Severity
}{
	{"superuser", "SUPERUSER", func(r *catalog.Role) bool { return r.Superuser }, rules.High},
	{"bypassrls", "BYPASSRLS", func(r *catalog.Role) bool { return r.BypassRLS }, rules.High},
	{"isreplication", "REPLICATION", func(r *catalog.Role) bool { return r.Replication }, rules.Medium},
	{"createrole", "CREATEROLE", func(r *catalog.Role) bool { return r.CreateRole }, rules.Medium},
}

func checkBypassingRoles(p *Pass) {
	if !p.Relevant {
		return
	}
	for _, r := range p.Catalog.Roles() {
		if r.BuiltIn || r.Ghost && len(r.Set) == 0 || !usedToLogIn(p, r) {
			continue
		}
		for _, b := range bypassing {
			if !b.has(r) || b.option == "isreplication" && saysWork(r.Name, replicationWords) {
				continue
			}
			at, ok := r.Set[b.option]
			if !ok {
				at = r.Made
			}
			n := Note{At: r.Stmt.Nearest(at), Object: "role " + r.Name + " " + b.word, Severity: b.severity}
			if saysWork(r.Name, adminWords) {
				n.Severity = rules.Low // an administrator has to be able to
			}
			p.Report(rlsBypassingRole, n, "role %s, used to log in, has %s and is above row level security", r.Name, b.word)
			break
		}
	}
	for _, x := range p.Catalog.Settings {
		if x.Name == "row_security" && !x.Session && (x.Value == "off" || x.Value == "false") {
			p.Report(rlsBypassingRole, Note{At: x.Made, Object: "row_security " + x.Role + x.Database, Severity: rules.Medium}, "row_security is off for %s", settingFor(x))
		}
	}
}

// usedToLogIn reports whether somebody logs in as the role or is a member of it.
func usedToLogIn(p *Pass, r *catalog.Role) bool {
	if r.Login {
		return true
	}
	for _, m := range r.Members {
		if member := p.Catalog.Role(m.Member); member != nil && member.Login && !member.BuiltIn {
			return true
		}
	}
	return false
}

func settingFor(x *catalog.Setting) string {
	switch {
	case x.Role != "":
		return "role " + x.Role
	case x.Database != "":
		return "database " + x.Database
	}
	return "the whole server"
}

var (
	replicationWords = []string{"repl", "standby", "backup", "debezium", "cdc", "walg", "barman"}
	adminWords       = []string{"admin", "dba", "root", "superuser", "breakglass", "break_glass", "emergency"}
)

// saysWork reports whether a role's name says what it needs the attribute for.
func saysWork(name string, words []string) bool {
	for _, w := range words {
		if strings.Contains(strings.ToLower(name), w) {
			return true
		}
	}
	return false
}
