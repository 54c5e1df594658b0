package settings

import (
	"net/netip"
	"path"
	"slices"
	"strings"
)

// A Record is one line of a pg_hba.conf.
type Record struct {
	Type             string // local, host, hostssl, hostnossl, hostgssenc, hostnogssenc
	Databases, Users string // as written
	Address          string // "" for local; with a mask in a column of its own, as a prefix
	Method           string
	Options          []string
	Variable         string // that makes an image write the record, "" for one that stands in a file
	Include          string // of an include directive, which Type names; all else is empty
	Start, End       int
	File             string
}

// includeTypes are the directives that PostgreSQL 16 has brought.
var includeTypes = []string{"include", "include_if_exists", "include_dir"}

var recordTypes = []string{"local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"}

func looksLikeHBA(name string, content []byte) bool {
	if strings.Contains(strings.ToLower(path.Base(name)), "hba") {
		return true
	}
	for line := range strings.Lines(string(content[:min(len(content), 1<<16)])) {
		words, _ := fields(line)
		if len(words) > 0 {
			return len(words) >= 4 && slices.Contains(recordTypes, words[0])
		}
	}
	return false
}

func parseHBA(name string, content []byte) []Record {
	var out []Record
	text, offset := string(content), 0
	for line := range strings.Lines(text) {
		words, end := fields(line)
		if r, ok := record(words); ok {
			r.Start, r.End, r.File = offset+len(line)-len(strings.TrimLeft(line, " \t")), offset+end, name
			out = append(out, r)
		}
		offset += len(line)
	}
	return out
}

// fields splits a line at blanks outside double quotes, up to a comment, and
// returns where the last field ends.
func fields(line string) (words []string, end int) {
	var b strings.Builder
	quoted, inside := false, false
	flush := func() {
		if inside {
			words = append(words, b.String())
			b.Reset()
			inside = false
		}
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '"':
			quoted, inside = !quoted, true
		case !quoted && c == '#':
			flush()
			return words, end
		case !quoted && (c == ' ' || c == '\t') || c == '\r' || c == '\n':
			flush()
			continue
		case !quoted && c == ',': // "a, b" is one field
			b.WriteByte(c)
			inside = true
			for i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t') {
				i++
			}
		default:
			b.WriteByte(c)
			inside = true
		}
		end = i + 1
	}
	flush()
	return words, end
}

func record(words []string) (Record, bool) {
	if len(words) == 2 && slices.Contains(includeTypes, words[0]) {
		return Record{Type: words[0], Include: words[1]}, true
	}
	if len(words) < 4 || !slices.Contains(recordTypes, words[0]) {
		return Record{}, false
	}
	r := Record{Type: words[0], Databases: words[1], Users: words[2]}
	rest := words[3:]
	if r.Type != "local" {
		r.Address, rest = rest[0], rest[1:]
		if addr, err := netip.ParseAddr(r.Address); err == nil && len(rest) > 0 {
			if mask, err := netip.ParseAddr(rest[0]); err == nil {
				r.Address, rest = withMask(addr, mask), rest[1:]
			}
		}
	}
	if len(rest) == 0 {
		return Record{}, false
	}
	r.Method, r.Options = strings.ToLower(rest[0]), rest[1:]
	return r, true
}

func withMask(addr, mask netip.Addr) string {
	bits := 0
	for _, b := range mask.AsSlice() {
		for ; b&0x80 != 0; b <<= 1 {
			bits++
		}
	}
	return netip.PrefixFrom(addr, bits).String()
}

// Remote reports whether the record lets others in than the machine itself.
func (r *Record) Remote() bool {
	if r.Type == "local" {
		return false
	}
	switch r.Address {
	case "localhost", "samehost":
		return false
	}
	if p, err := netip.ParsePrefix(r.Address); err == nil {
		return !(p.Addr().IsLoopback() && p.Bits() >= 8)
	}
	if a, err := netip.ParseAddr(r.Address); err == nil {
		return !a.IsLoopback()
	}
	return true
}

// Open reports whether the record is for every address.
func (r *Record) Open() bool {
	p, err := netip.ParsePrefix(r.Address)
	return r.Type != "local" && (r.Address == "all" || err == nil && p.Bits() == 0)
}

// Plain reports whether the record accepts connections without encryption.
func (r *Record) Plain() bool {
	return (r.Type == "host" || r.Type == "hostnossl" || r.Type == "hostnogssenc") && r.Method != "reject"
}

// Administers reports whether the record is for the superuser that every
// server has, and asks for no verified client certificate.
func Administers(r *Record) bool {
	return slices.Contains(strings.Split(r.Users, ","), "postgres") && !slices.Contains(r.Options, "clientcert=verify-full")
}

// family is "4", "6" or "" for both or unknown.
func (r *Record) family() string {
	p, err := netip.ParsePrefix(r.Address)
	switch {
	case err != nil:
		return ""
	case p.Addr().Is4():
		return "4"
	}
	return "6"
}

// PlainRejected reports whether records before the i-th turn all its
// connections without TLS away: the first record that fits decides.
func PlainRejected(records []Record, i int) bool {
	four, six := false, false
	for k := range records[:i] {
		r := &records[k]
		if (r.Type != "hostnossl" && r.Type != "host") || r.Method != "reject" || r.Databases != "all" || r.Users != "all" || !r.Open() {
			continue
		}
		four = four || r.family() != "6"
		six = six || r.family() != "4"
	}
	switch records[i].family() {
	case "4":
		return four
	case "6":
		return six
	}
	return four && six
}

// RecordSets returns the records of each pg_hba.conf, those of the files that
// it includes in their place. A file that another one includes is part of that
// one only.
func RecordSets(files []*File) [][]Record {
	r := &recordResolver{active: map[string]bool{}, used: map[string]bool{}}
	for _, f := range files {
		if f.HBA {
			r.files = append(r.files, f)
		}
	}
	sets := make([][]Record, len(r.files))
	for i, f := range r.files {
		r.all = nil
		r.add(f)
		sets[i] = r.all
	}
	var out [][]Record
	reached := map[string]bool{}
	for _, part := range []bool{false, true} { // files that include each other come last: none of them is part of the other
		for i, f := range r.files {
			if r.used[f.Path] != part || reached[f.Path] || len(sets[i]) == 0 {
				continue
			}
			out = append(out, sets[i])
			for _, x := range sets[i] {
				reached[x.File] = true
			}
		}
	}
	return out
}

type recordResolver struct {
	files        []*File
	active, used map[string]bool
	all          []Record
}

func (r *recordResolver) add(f *File) {
	if r.active[f.Path] || len(r.active) >= maxDepth || len(r.all) >= maxSettings {
		return
	}
	r.active[f.Path] = true
	for _, x := range f.Records {
		if x.Include == "" {
			r.all = append(r.all, x)
			continue
		}
		for _, g := range r.files {
			if includes(f.Path, x.Type, x.Include, g.Path) && !r.active[g.Path] {
				r.used[g.Path] = true
				r.add(g)
			}
		}
	}
	delete(r.active, f.Path)
}
