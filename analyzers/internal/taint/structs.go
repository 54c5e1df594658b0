package taint

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/phi"
)

// A structInfo is what the lexicon says of a struct type as a whole.
type structInfo struct {
	class  phi.Class
	fields string // the strongest PHI fields
	points bool   // all of them are pointers
}

// structClass classifies a struct type, or what a pointer, slice, array or map
// holds. Types that print themselves have no class: they decide what is seen.
func (e *engine) structClass(t types.Type) (name string, class phi.Class, fields string) {
	for range 8 {
		if m, ok := t.Underlying().(*types.Map); ok {
			if name, class, fields := e.structClass(m.Key()); class.PHI() {
				return name, class, fields
			}
		}
		elem, ok := t.Underlying().(interface{ Elem() types.Type })
		if !ok || ownText(t) {
			break
		}
		t = elem.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return "", phi.Class{}, ""
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok || named.Obj().Pkg() == nil {
		return "", phi.Class{}, ""
	}
	name = named.Obj().Name()
	info, ok := e.structs[named]
	if !ok {
		info = e.classifyStruct(named, s, false)
		e.structs[named] = info
	}
	return name, info.class, info.fields
}

// ownForm lists the methods by which a type decides how it is printed.
var ownForm = []string{"String", "GoString", "Format", "Error", "LogValue", "MarshalLogObject", "MarshalZerologObject", "MarshalJSON", "MarshalText"}

// ownText reports whether a named type prints itself.
func ownText(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	methods := types.NewMethodSet(types.NewPointer(named))
	if methods.Lookup(named.Obj().Pkg(), "ProtoReflect") != nil || methods.Lookup(named.Obj().Pkg(), "ProtoMessage") != nil {
		return false // the String of protobuf prints every field
	}
	return slices.ContainsFunc(ownForm, func(m string) bool { return methods.Lookup(named.Obj().Pkg(), m) != nil })
}

// The index of a struct says by which ways of printing no PHI is seen: its JSON
// leaves it out, or fmt prints addresses in its place.
const (
	hiddenInJSON = 1 << iota
	hiddenInText
)

// pointsTo reports whether fmt shows addresses only of a value of type t: of
// pointers in a list or a map, and of fields that are pointers. A pointer that
// is printed by itself is followed.
func (e *engine) pointsTo(t types.Type) bool {
	for depth := range 8 {
		if ownText(t) {
			return false
		}
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			if depth > 0 {
				return true
			}
			t = u.Elem()
		case *types.Map:
			if _, class, _ := e.structClass(u.Key()); class.PHI() {
				return false
			}
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		default:
			named, ok := types.Unalias(t).(*types.Named)
			return ok && e.structs[named].points
		}
	}
	return false
}

// holdsStruct says of a struct that is no PHI by its own fields what a field of
// another struct type is, as Data in Response{Code, Data Patient}. It looks no
// deeper; and what a row has many of is loaded by another query, if at all.
func (e *engine) holdsStruct(s *types.Struct, json bool) structInfo {
	row := isRow(s)
	for i := range s.NumFields() {
		f := s.Field(i)
		t := f.Type()
		_, list := t.Underlying().(*types.Slice)
		named := elementType(t)
		if named == nil || row && list || ownText(t) || json && (!f.Exported() || outOfJSON(s, i)) {
			continue
		}
		held, ok := named.Underlying().(*types.Struct)
		if !ok || held == s {
			continue
		}
		if info := e.ownFields(named, held, json); info.class.PHI() {
			_, pointer := t.Underlying().(*types.Pointer)
			info.points = info.points || pointer || list && e.pointsTo(t)
			return info
		}
	}
	return structInfo{}
}

// asText returns a list of arguments without those of which fmt shows addresses.
func asText(list *node) *node {
	if list.kind != kList {
		return list
	}
	items := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(list)
	shown := slices.DeleteFunc(slices.Clone(items), addressOnly)
	if len(shown) == len(items) {
		return list
	}
	return &node{kind: kList, x: shown, pos: list.pos}
}

func addressOnly(n *node) bool {
	return n.kind == kThrough && n.typ == "struct" && n.index&hiddenInText != 0
}

// plainText reports whether a sink prints its arguments as fmt does.
func plainText(sink string) bool {
	return strings.HasPrefix(sink, "log.") || strings.HasPrefix(sink, "(*log.Logger).") || strings.HasPrefix(sink, "fmt.")
}

// hiddenFromJSON reports whether what the tags of a struct leave in its JSON is
// no PHI.
func (e *engine) hiddenFromJSON(t types.Type) bool {
	named := elementType(t)
	if named == nil {
		return false
	}
	s, ok := named.Underlying().(*types.Struct)
	return ok && !e.classifyStruct(named, s, true).class.PHI()
}

// outOfJSON reports whether a field's tag keeps it out of JSON.
func outOfJSON(s *types.Struct, i int) bool {
	return reflect.StructTag(s.Tag(i)).Get("json") == "-"
}

// classifyStruct judges a struct by its fields; JSON leaves some of them out.
func (e *engine) classifyStruct(named *types.Named, s *types.Struct, json bool) structInfo {
	if ownText(named) {
		return structInfo{}
	}
	if info := e.ownFields(named, s, json); info.class.PHI() {
		return info
	}
	return e.holdsStruct(s, json)
}

// ownFields is classifyStruct without the fields of the fields.
func (e *engine) ownFields(named *types.Named, s *types.Struct, json bool) structInfo {
	var values []phi.Value
	var names []string
	best, points := phi.Class{}, true
	for i := range s.NumFields() {
		v, ok := e.fieldValue(named, i)
		if !ok || json && outOfJSON(s, i) {
			continue
		}
		values = append(values, v)
		if c := e.fieldClass(named, i, v); c.PHI() {
			if c.Tier > best.Tier {
				best = c
			}
			names = append(names, v.Name)
			_, pointer := s.Field(i).Type().Underlying().(*types.Pointer)
			points = points && pointer
		}
	}
	class := e.lexicon.ClassifyType(named.Obj().Name(), values, e.schema)
	if !class.PHI() || !best.PHI() {
		return structInfo{}
	}
	if len(names) > 3 {
		names = append(names[:2:2], "…")
	}
	return structInfo{class, strings.Join(names, ", "), points}
}
