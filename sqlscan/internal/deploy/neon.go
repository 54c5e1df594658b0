package deploy

import "strings"

// A Project is what a file says about a Neon project.
type Project struct {
	Name       string // where it stands
	Fact       string // what is wrong, "" if nothing is
	Absent     bool   // the fact is that nothing asks for HIPAA, which counts only where PHI is
	Start, End int
}

// lastMajor is the newest release for which Neon documents HIPAA.
const lastMajor = "17"

// projects finds the bodies that Neon's API takes: {"project": {"settings": …}}.
func (r *reader) projects(root *node) {
	root.walk(func(n *node, above []*node) {
		if n.key != "project" || n.kind != mapping {
			return
		}
		s := n.get("settings")
		if s == nil || s.kind != mapping {
			return
		}
		origin := pathOf(n, above)
		if wrong := s.get("hippa"); wrong != nil {
			r.project(wrong.keyStart, wrong.keyEnd, origin, "the setting hippa does not exist: HIPAA is not switched on")
		}
		flag := s.get("hipaa")
		if flag == nil {
			return
		}
		if strings.EqualFold(flag.text, "false") {
			r.project(flag.start, flag.end, origin, "HIPAA is switched off")
			return
		}
		if v := n.get("pg_version"); v.known() && newer(v.text) {
			r.project(v.start, v.end, origin, "HIPAA is not offered for PostgreSQL "+v.text)
		}
	})
}

func newer(version string) bool {
	return len(version) > len(lastMajor) || len(version) == len(lastMajor) && version > lastMajor
}

func (r *reader) project(start, end int, origin, fact string) {
	r.doc.Projects = append(r.doc.Projects, Project{Name: origin, Fact: fact, Start: start, End: end})
}

// neonResource reads Terraform's neon_project, whose flag is "yes" or "no".
func (r *reader) neonResource(block *node, label string) {
	origin := "neon_project " + label
	flag := block.get("hipaa")
	switch {
	case block.get("hippa") != nil:
		wrong := block.get("hippa")
		r.project(wrong.keyStart, wrong.keyEnd, origin, "the setting hippa does not exist: HIPAA is not switched on")
	case flag == nil:
		r.doc.Projects = append(r.doc.Projects, Project{Name: origin, Fact: "nothing switches HIPAA on", Absent: true, Start: block.start, End: block.end})
	case flag.is("no") || flag.is("false"):
		r.project(flag.start, flag.end, origin, "HIPAA is switched off")
	case flag.known():
		if v := block.get("pg_version"); v.known() && newer(v.text) {
			r.project(v.start, v.end, origin, "HIPAA is not offered for PostgreSQL "+v.text)
		}
	}
}
