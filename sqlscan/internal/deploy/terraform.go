package deploy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

// terraform reads the resources of the hosting services, and whatever else a
// file holds as any other tree.
func (r *reader) terraform(root *node) {
	var azure []settings.Assignment // one resource a setting
	for _, block := range root.items {
		kind, label, ok := resource(block)
		if !ok {
			continue
		}
		switch kind {
		case "aws_db_parameter_group", "aws_rds_cluster_parameter_group":
			r.parameterGroup(block)
		case "module":
			if block.get("database_version") == nil {
				r.parameterGroup(block)
				continue
			}
			fallthrough // of Google's
		case "google_sql_database_instance":
			r.cloudSQL(block)
		case "azurerm_postgresql_configuration", "azurerm_postgresql_flexible_server_configuration":
			azure = append(azure, r.pair(block)...)
		case "azurerm_postgresql_server":
			r.server(r.attributes(block, "ssl_enforcement_enabled", "ssl_minimal_tls_version_enforced"), block.key, majorIn(block))
		case "aws_db_instance", "aws_rds_cluster":
			if strings.Contains(block.child("engine").text, "postgres") {
				r.password(block.child("password"), block.key)
				r.password(block.child("master_password"), block.key)
			}
		case "azurerm_postgresql_flexible_server":
			r.password(block.child("administrator_password"), block.key)
		case "neon_project":
			r.neonResource(block, label)
		}
	}
	r.server(azure, "azurerm_postgresql", 0)
	r.servers(root)
	r.connections(root)
}

// resource takes the key of a block apart.
func resource(block *node) (kind, label string, ok bool) {
	words := strings.Split(block.key, " ")
	switch {
	case words[0] == "resource" && len(words) == 3:
		return words[1], words[2], true
	case words[0] == "module" && len(words) == 2:
		return words[0], words[1], true
	}
	return "", "", false
}

// family is postgres15, aurora-postgresql14 or POSTGRES_16.
var family = lazyregexp.New(`(?i)postgres(?:ql)?_?(\d*)`)

// parameterGroup reads the parameters of an AWS group, as blocks or, in a
// module's call, as a list. A group for another engine has none of ours.
func (r *reader) parameterGroup(block *node) {
	major := 0
	if f := block.child("family", "engine"); f.known() {
		m := family.FindStringSubmatch(f.text)
		if m == nil {
			return
		}
		major, _ = strconv.Atoi(m[1])
	}
	var all []settings.Assignment
	for _, item := range block.items {
		switch {
		case item.key == "parameter":
			all = append(all, r.pair(item)...)
		case item.key == "parameters" && item.kind == sequence:
			for _, x := range item.items {
				all = append(all, r.pair(x)...)
			}
		}
	}
	r.server(all, block.key, major)
}

// pair reads an item with a name and a value.
func (r *reader) pair(n *node) []settings.Assignment {
	name, value := n.child("name"), n.child("value")
	if !name.known() || !value.known() {
		return nil
	}
	return []settings.Assignment{r.assignment(name.text, value)}
}

func (r *reader) attributes(n *node, names ...string) []settings.Assignment {
	var out []settings.Assignment
	for _, item := range n.items {
		if slices.Contains(names, item.key) && item.known() {
			out = append(out, r.assignment(item.key, item))
		}
	}
	return out
}

// cloudSQL reads Google's instances: flags, TLS and who may connect.
func (r *reader) cloudSQL(block *node) {
	version := block.child("database_version")
	m := family.FindStringSubmatch(version.text)
	if version.known() && m == nil {
		return
	}
	major := 0
	if m != nil {
		major, _ = strconv.Atoi(m[1])
	}
	var all []settings.Assignment
	block.walk(func(n *node, _ []*node) {
		switch n.key {
		case "database_flags":
			if n.kind == sequence {
				for _, item := range n.items {
					all = append(all, r.pair(item)...)
				}
				return
			}
			all = append(all, r.pair(n)...)
		case "ip_configuration":
			tls := r.attributes(n, "ssl_mode")
			if len(tls) == 0 {
				tls = r.attributes(n, "require_ssl") // what came before ssl_mode, which wins
			}
			all = append(all, tls...)
		case "authorized_networks":
			for _, item := range n.items { // of a list
				if v := item.child("value"); n.kind == sequence && v.known() {
					r.server([]settings.Assignment{r.assignment("authorized_networks", v)}, block.key, major)
				}
			}
			if v := n.child("value"); v.known() { // there may be many, and none of them wins
				r.server([]settings.Assignment{r.assignment("authorized_networks", v)}, block.key, major)
			}
		}
	})
	r.server(all, block.key, major)
}
