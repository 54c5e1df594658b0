package catalog

import (
	"slices"
	"strings"
)

// Public is the grantee that means every role.
const Public = "PUBLIC"

// An Entry is one privilege of one grantee.
type Entry struct {
	Grantee   string
	Privilege string // "SELECT", "EXECUTE" …
	Grantable bool
	Made      Place // unknown for what holds by default
	// Wide says that the grant named a whole schema, not the object; ByDefault
	// that ALTER DEFAULT PRIVILEGES gave it.
	Wide, ByDefault bool
}

// An ACL is the list of privileges on an object.
type ACL struct {
	entries []Entry
	index   map[held]int // of entries, while there are many
}

// held is what an entry is about.
type held struct{ grantee, privilege string }

// many is from where on an index pays: few objects have as many entries or
// policies, and a generated history has thousands on one.
const many = 32

// Entries returns the privileges in the order they were given.
func (a *ACL) Entries() []Entry {
	if a == nil {
		return nil
	}
	return a.entries
}

// Has returns the entry of a privilege, or nil.
func (a *ACL) Has(grantee, privilege string) *Entry {
	if a == nil {
		return nil
	}
	if len(a.entries) >= many {
		if i, ok := a.indexed()[held{grantee, privilege}]; ok {
			return &a.entries[i]
		}
		return nil
	}
	for i := range a.entries {
		if e := &a.entries[i]; e.Grantee == grantee && e.Privilege == privilege {
			return e
		}
	}
	return nil
}

func (a *ACL) indexed() map[held]int {
	if a.index == nil {
		a.index = make(map[held]int, len(a.entries))
		for i, e := range a.entries {
			a.index[held{e.Grantee, e.Privilege}] = i
		}
	}
	return a.index
}

func (a *ACL) add(e Entry) {
	if old := a.Has(e.Grantee, e.Privilege); old != nil {
		old.Grantable = old.Grantable || e.Grantable
		if !old.Made.Known() {
			old.Made, old.Wide = e.Made, e.Wide
		}
		return
	}
	a.entries = append(a.entries, e)
	if a.index != nil {
		a.index[held{e.Grantee, e.Privilege}] = len(a.entries) - 1
	}
}

func (a *ACL) remove(grantee, privilege string, optionOnly bool) {
	if optionOnly {
		if e := a.Has(grantee, privilege); e != nil {
			e.Grantable = false
		}
		return
	}
	if a.Has(grantee, privilege) != nil {
		a.index = nil
		a.entries = slices.DeleteFunc(a.entries, func(e Entry) bool { return e.Grantee == grantee && e.Privilege == privilege })
	}
}

func (a *ACL) removeGrantee(grantee string) {
	if a != nil {
		a.index = nil
		a.entries = slices.DeleteFunc(a.entries, func(e Entry) bool { return e.Grantee == grantee })
	}
}

func (a *ACL) clone() *ACL {
	if a == nil {
		return nil
	}
	return &ACL{entries: slices.Clone(a.entries)}
}

// changeOwner gives the old owner's privileges to the new one.
func (a *ACL) changeOwner(from, to string) {
	if a == nil || from == to {
		return
	}
	old := a.entries
	a.entries, a.index = nil, nil
	for _, e := range old {
		if e.Grantee == from {
			e.Grantee = to
		}
		a.add(e)
	}
}

// equal compares what the lists allow, not where it was given.
func (a *ACL) equal(b *ACL) bool { return slices.Equal(a.keys(), b.keys()) }

func (a *ACL) keys() []string {
	var out []string
	for _, e := range a.Entries() {
		k := e.Grantee + "\x00" + e.Privilege
		if e.Grantable {
			k += "*"
		}
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// An aclKind is a kind of object as far as privileges go; the letters are
// those of pg_default_acl.
type aclKind string

const (
	kindTable    aclKind = "r"
	kindSequence aclKind = "S"
	kindFunction aclKind = "f"
	kindType     aclKind = "T"
	kindSchema   aclKind = "n"
	kindDatabase aclKind = "d"
	kindOther    aclKind = "o"
)

var allPrivileges = map[aclKind][]string{
	kindTable:    {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"},
	kindSequence: {"SELECT", "UPDATE", "USAGE"},
	kindFunction: {"EXECUTE"},
	kindType:     {"USAGE"},
	kindSchema:   {"CREATE", "USAGE"},
	kindDatabase: {"CREATE", "TEMPORARY", "CONNECT"},
	kindOther:    {"USAGE"},
}

// columnPrivileges are what ALL means for columns.
var columnPrivileges = []string{"SELECT", "INSERT", "UPDATE", "REFERENCES"}

// defaultACL is what holds while nothing was granted: acldefault().
func defaultACL(kind aclKind, owner string) *ACL {
	a := &ACL{}
	for _, p := range allPrivileges[kind] {
		a.add(Entry{Grantee: owner, Privilege: p})
	}
	switch kind {
	case kindFunction:
		a.add(Entry{Grantee: Public, Privilege: "EXECUTE"})
	case kindType:
		a.add(Entry{Grantee: Public, Privilege: "USAGE"})
	case kindDatabase:
		a.add(Entry{Grantee: Public, Privilege: "TEMPORARY"})
		a.add(Entry{Grantee: Public, Privilege: "CONNECT"})
	}
	return a
}

func privilegeName(s string) string {
	s = strings.ToUpper(s)
	if s == "TEMP" {
		return "TEMPORARY"
	}
	return s
}
