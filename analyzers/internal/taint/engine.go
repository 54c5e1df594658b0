package taint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/rules/phi"
)

// An engine analyses one package.
type engine struct {
	tests    bool // report in test files too
	pass     *analysis.Pass
	lexicon  *phi.Lexicon
	schema   *phi.Schema
	health   *phi.Schema // what handlesHealth goes by, once asked
	rows     int         // the types in typesSchema that are rows
	reported map[string]bool
	once     map[string]int     // see reportOnce: the place in the diagnostics
	fixed    map[token.Pos]bool // texts that have a fix
	words    map[*node]bool     // what hasWords found
	leading  map[*node]bool     // what leadsSQL found
	base     *knowledge.Base

	funcs        map[*ssa.Function]*function
	facts        map[*types.Func]*summary // imported, decoded; nil: none
	stores       map[types.Object][]*ssa.Store
	owners       map[*ssa.Function]*ssa.MakeClosure
	fieldClasses map[ownedField]phi.Class
	links        map[ownedStruct]*bool // see linked
	structs      map[*types.Named]structInfo
	secretTypes  map[*types.Named]string // the credentials that printing one shows, plainly | as JSON
	globalBusy   map[*ssa.Global]bool
	fieldBusy    map[*types.Var]bool
	impls        map[string][]*ssa.Function
	behindMethod map[*types.Func]*summary // see elsewhere
	result       *Result
	sources      []*ssa.Function
	address      *node // see addressed
	addressKnown bool
	budget       int // nodes that substitution may still create
}

// An ownedStruct is a struct type under the name it is declared with.
type ownedStruct struct {
	owner string
	typ   *types.Struct
}

// An ownedField is a field under the name of the type it is read from.
type ownedField struct {
	owner string
	field *types.Var
}

// A use is one call that lets values go: its text, and what goes along.
type use struct {
	kind   knowledge.Kind
	via    bool   // the call leads to the sink, it is not the sink itself
	attr   string // of the sink: fragment, format
	style  string // of the sink: how its text writes placeholders
	table  string // of a builder, as far as the chain of calls tells
	sink   string // full name of the function
	call   ssa.CallInstruction
	pos    token.Pos     // of the call, in this package
	origin token.Pos     // via: of the sink's call, where that is in this package too
	home   *ssa.Function // the declared function that has the sink's call, or a function literal with it
	raw    *use          // in a function literal: the use with what is captured as parameters
	text   *node         // kind sql: the text
	values []*node       // the values that go: bound values for sql, what is printed for log
}

// A summary says what a function does with its parameters.
type summary struct {
	fluent  bool // returns its first parameter, for calls in a chain
	results []*node
	effects []effect
	uses    []*use
	lent    []*use // of a function literal: the uses that depend on what it captured
}

// An effect is what a function leaves in what a parameter points to.
type effect struct {
	param int
	field string // "" for the thing itself
	value *node  // the content afterwards; its kParam is the content before
}

// sourceFunctions returns the functions declared in the package's files, with
// the closures inside them, in source order.
func sourceFunctions(pass *analysis.Pass, pkg *ssa.Package) []*ssa.Function {
	var out []*ssa.Function
	var add func(f *ssa.Function)
	add = func(f *ssa.Function) {
		out = append(out, f)
		for _, anon := range f.AnonFuncs {
			add(anon)
		}
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			d, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
				if f := pkg.Prog.FuncValue(fn); f != nil && f.Blocks != nil {
					add(f)
				}
			}
		}
	}
	// Package-level variables are set in the synthetic init, and function
	// literals among them belong to it.
	if init := pkg.Func("init"); init != nil {
		add(init)
	}
	return out
}

// build makes SSA with debug references, so that local names are known. x/tools'
// own buildssa has no such option and would run on the standard library too.
func build(pass *analysis.Pass) *ssa.Package {
	prog := ssa.NewProgram(pass.Fset, ssa.GlobalDebug)
	for _, p := range pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	pkg := prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	pkg.Build()
	return pkg
}

// index records the stores to package-level variables and to fields, and which
// closure is made where.
func (e *engine) index(funcs []*ssa.Function) {
	for _, f := range funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					switch addr := instr.Addr.(type) {
					case *ssa.Global:
						e.stores[addr.Object()] = append(e.stores[addr.Object()], instr)
					case *ssa.FieldAddr:
						if field := fieldOf(addr.X.Type(), addr.Field); field != nil && field.Pkg() == e.pass.Pkg {
							e.stores[field] = append(e.stores[field], instr)
						}
					}
				case *ssa.MakeClosure:
					if fn, ok := instr.Fn.(*ssa.Function); ok {
						e.owners[fn] = instr
					}
				}
			}
		}
	}
}

// class returns what the lexicon says of a named value.
func (e *engine) class(v phi.Value) phi.Class {
	if v.Kind == code {
		return phi.Class{}
	}
	return e.lexicon.ClassifyValue(v, e.schema)
}

// code is the kind of functions and of lists of what has methods, such as the
// hooks of a table: nobody's data, whatever they are named after.
const code = "code"

// kindOf maps a Go type to the kinds of phi.Value, or to code.
func kindOf(t types.Type) string {
	if t == nil {
		return "other"
	}
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		obj := named.Obj()
		switch name := obj.Name(); {
		case obj.Pkg() == nil && name == "error":
			return "error"
		case name == "Time" || name == "Date" || name == "NullTime" || name == "Timestamp" || name == "Timestamptz":
			return "time"
		case name == "UUID" || name == "NullUUID" || name == "ULID":
			return "uuid"
		case name == "RawMessage" || name == "JSON" || name == "JSONB":
			return "json"
		case name == "NullString" || name == "Text" || name == "Varchar":
			return "string"
		case strings.HasPrefix(name, "NullInt") || name == "Int8" || name == "Int4":
			return "int"
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch info := u.Info(); {
		case info&types.IsBoolean != 0:
			return "bool"
		case info&types.IsInteger != 0:
			return "int"
		case info&types.IsFloat != 0:
			return "float"
		case info&types.IsString != 0:
			return "string"
		}
	case *types.Struct:
		return "struct"
	case *types.Slice:
		if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Byte {
			return "bytes"
		}
		if i, ok := u.Elem().Underlying().(*types.Interface); ok && i.NumMethods() > 0 && kindOf(u.Elem()) != "error" {
			return code
		}
		return kindOf(u.Elem())
	case *types.Signature:
		return code
	case *types.Array:
		return kindOf(u.Elem())
	case *types.Interface:
		if types.Implements(t, errorInterface) {
			return "error"
		}
	}
	return "other"
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// structOf returns the struct type below pointers and its name.
func structOf(t types.Type) (*types.Struct, string) {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	name := ""
	if named, ok := t.(*types.Named); ok {
		name = named.Obj().Name()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s, name
}

func fieldOf(t types.Type, i int) *types.Var {
	if s, _ := structOf(t); s != nil && i < s.NumFields() {
		return s.Field(i)
	}
	return nil
}

// fieldValue describes field i of a struct type for the lexicon.
func (e *engine) fieldValue(t types.Type, i int) (phi.Value, bool) {
	s, owner := structOf(t)
	if s == nil || i >= s.NumFields() {
		return phi.Value{}, false
	}
	f := s.Field(i)
	v := phi.Value{Name: f.Name(), Kind: kindOf(f.Type()), Owner: owner, Linked: e.linked(s, owner), Tag: s.Tag(i)}
	if f.Pkg() != nil {
		v.Scope = f.Pkg().Name()
	}
	return v, true
}

// linked returns what the fields of a struct say of its owner. It is asked once
// for all of them: each would look at all others.
func (e *engine) linked(s *types.Struct, owner string) *bool {
	key := ownedStruct{owner, s}
	if is, ok := e.links[key]; ok {
		return is
	}
	names := make([]string, s.NumFields())
	for i := range names {
		names[i] = s.Field(i).Name()
	}
	is := owner != "" && e.lexicon.Linked(owner, names)
	e.links[key] = &is
	return &is
}
