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

// hiddenInJSON is the index of a struct whose JSON shows no PHI.
const hiddenInJSON = 1

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
	var values []phi.Value
	var names []string
	best := phi.Class{}
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
		}
	}
	class := e.lexicon.ClassifyType(named.Obj().Name(), values, e.schema)
	if !class.PHI() || !best.PHI() {
		return structInfo{}
	}
	if len(names) > 3 {
		names = append(names[:2:2], "…")
	}
	return structInfo{class, strings.Join(names, ", ")}
}
