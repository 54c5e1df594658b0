package checks

import (
	_ "embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed extension_missing.md
var extensionMissingPage string

var extensionMissing = &rules.Rule{
	ID: "PHI902", Slug: "extension-missing", Title: "function of an extension that the history never creates",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Integrity},
	CWE:       []int{1357}, Help: extensionMissingPage,
}

// extensionOf maps functions to the extension that provides them.
var extensionOf = map[string]string{
	"uuid_generate_v1": "uuid-ossp", "uuid_generate_v1mc": "uuid-ossp", "uuid_generate_v3": "uuid-ossp",
	"uuid_generate_v4": "uuid-ossp", "uuid_generate_v5": "uuid-ossp", "uuid_nil": "uuid-ossp",
	"gen_salt": "pgcrypto", "crypt": "pgcrypto", "gen_random_bytes": "pgcrypto", "digest": "pgcrypto", "hmac": "pgcrypto",
	"pgp_sym_encrypt": "pgcrypto", "pgp_sym_decrypt": "pgcrypto", "pgp_pub_encrypt": "pgcrypto", "armor": "pgcrypto",
	"unaccent": "unaccent", "similarity": "pg_trgm", "st_makepoint": "postgis", "st_setsrid": "postgis",
}

// checkExtensions reports column defaults only: they run with the migration,
// while the body of a function may wait for an extension to come.
func checkExtensions(p *Pass) {
	if p.hosted() {
		return
	}
	own := map[string]bool{}
	for _, f := range p.Catalog.Functions() {
		own[f.Name.Name] = true
	}
	needs := map[string][]need{}
	for _, t := range p.Tables() {
		for _, col := range t.Columns {
			if col.Inherited || col.Copied || col.Default == nil {
				continue
			}
			pgparse.Walk(col.Default, func(m pgparse.Message) bool {
				call, ok := m.(*pgparse.FuncCall)
				if !ok {
					return true
				}
				name := funcName(call)
				extension := extensionOf[name]
				if _, created := p.Catalog.Extensions[extension]; extension != "" && !created && !own[name] {
					needs[extension] = append(needs[extension], need{Note{At: col.Made, Object: object(t) + "." + col.Name}, t.Name.String() + "." + col.Name, name})
				}
				return true
			})
		}
	}
	for _, extension := range slices.Sorted(maps.Keys(needs)) {
		p.reportNeeds(extension, needs[extension])
	}
}

// need is a column whose default calls a function of an extension.
type need struct {
	note         Note
	column, call string
}

// reportNeeds reports each column, or the first one for many: one CREATE
// EXTENSION heals them all.
func (p *Pass) reportNeeds(extension string, all []need) {
	const many = 5
	others := ""
	if len(all) > many {
		others = fmt.Sprintf(" (and %d more)", len(all)-1)
		all = all[:1]
	}
	for _, n := range all {
		p.Report(extensionMissing, n.note, "default of %s%s calls %s, and extension %s is never created", n.column, others, n.call, extension)
	}
}

// hosted reports whether the history works with what a hosting service has
// made beforehand, its extensions among them.
func (p *Pass) hosted() bool {
	for _, t := range p.Catalog.Tables() {
		if t.Ghost && managed[t.Name.Schema] {
			return true
		}
	}
	for _, t := range p.Tables() { // the folder of Supabase's own tool
		if dir := path.Dir(t.Made.File); dir == "supabase" || strings.HasPrefix(dir, "supabase/") || strings.Contains(dir, "/supabase") {
			return true
		}
	}
	for _, r := range p.Catalog.Roles() {
		if r.Name == "anon" || r.Name == "authenticated" || r.Name == "service_role" {
			return true
		}
	}
	return false
}
