package taint

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/phi"
)

// maxTypes bounds the struct types that are looked at for signs of health data.
const maxTypes = 2000

// Health reports whether the program that the package belongs to handles
// health data about persons: by the schema of its migrations or, where there
// are none, by the struct types of the package and of what it imports from its
// own module. It is false for a package that was not analysed.
func (r *Result) Health() bool { return r.engine != nil && r.engine.handlesHealth() }

// handlesHealth is Result.Health.
func (e *engine) handlesHealth() bool {
	if e.health == nil {
		schema := e.schema
		if schema == nil {
			schema = e.typesSchema()
		}
		e.health = schema
	}
	return hasPHI(e.health)
}

func hasPHI(s *phi.Schema) bool {
	return s.Health() && slices.ContainsFunc(s.Tables(), func(t *phi.TableClass) bool { return t.PHI })
}

// fewRows is how many tables, or types that are rows of one, have to show no
// health data before a program is taken to be about something else.
const fewRows = 4

// OtherBusiness reports whether the program is seen to be about something else
// than health, in what the package sees of it. Where that is little it is
// false: a driver's error with the detail of a row is taken for a patient's
// unless the tables are, say, a shop's.
func (r *Result) OtherBusiness() bool { return r.engine != nil && r.engine.otherBusiness() }

// otherBusiness is Result.OtherBusiness.
func (e *engine) otherBusiness() bool {
	if e.handlesHealth() || e.health.Health() {
		return false
	}
	if e.schema != nil {
		return len(e.schema.Tables()) >= fewRows
	}
	return e.rows >= fewRows
}

// isRow reports whether a struct is stored in a table, and not, say, a part of
// a configuration: it has a key, or tags for a mapper.
func isRow(s *types.Struct) bool {
	for i := range s.NumFields() {
		tag := reflect.StructTag(s.Tag(i))
		if f := s.Field(i); f.Name() == "ID" || f.Name() == "Id" || tag.Get("db") != "" || tag.Get("gorm") != "" || tag.Get("bun") != "" ||
			f.Embedded() && typename.Of(f.Type()) == "gorm.io/gorm.Model" {
			return true
		}
	}
	return false
}

// settleSchema drops a schema that says nothing of health where the struct types
// of the package do: tables of clients may hold what the program calls patients.
func (e *engine) settleSchema() {
	if e.schema == nil || e.schema.Health() || !own.Package(e.pass) || !e.namesHealth() {
		return
	}
	if s := e.typesSchema(); hasPHI(s) {
		e.schema = nil
	}
}

// namesHealth reports whether a type of the package, or of one that it imports
// from its own module, is called as patients or their records are.
func (e *engine) namesHealth() bool {
	for _, p := range append([]*types.Package{e.pass.Pkg}, e.pass.Pkg.Imports()...) {
		if p != e.pass.Pkg && (e.pass.Module == nil || !strings.HasPrefix(p.Path()+"/", e.pass.Module.Path+"/")) {
			continue
		}
		if slices.ContainsFunc(p.Scope().Names(), healthScope.MatchString) {
			return true
		}
	}
	return false
}

// typesSchema classifies the struct types in reach as if they were tables.
func (e *engine) typesSchema() *phi.Schema {
	var tables []phi.Table
	e.rows = 0
	module := ""
	if e.pass.Module != nil {
		module = e.pass.Module.Path
	}
	hints := []string{module}
	seen := map[*types.Package]bool{}
	var visit func(p *types.Package)
	visit = func(p *types.Package) {
		own := p == e.pass.Pkg || module != "" && (p.Path() == module || strings.HasPrefix(p.Path(), module+"/"))
		if seen[p] || !own || len(tables) > maxTypes {
			return
		}
		seen[p] = true
		hints = append(hints, p.Path())
		for _, name := range p.Scope().Names() {
			if t, ok := p.Scope().Lookup(name).(*types.TypeName); ok && !t.IsAlias() {
				if s, ok := t.Type().Underlying().(*types.Struct); ok {
					if isRow(s) {
						e.rows++
					}
					tables = append(tables, typeTable(name, s))
				}
			}
		}
		for _, i := range p.Imports() {
			visit(i)
		}
	}
	visit(e.pass.Pkg)
	return e.lexicon.Classify(tables, hints)
}

// sqlTypes gives a column the type that a field of that kind is stored as.
var sqlTypes = map[string]string{
	"string": "text", "int": "bigint", "float": "numeric", "bool": "boolean", "time": "timestamptz", "bytes": "bytea",
	"uuid": "uuid", "json": "jsonb",
}

func typeTable(name string, s *types.Struct) phi.Table {
	t := phi.Table{Name: name}
	for i := range s.NumFields() {
		if typ := sqlTypes[kindOf(s.Field(i).Type())]; typ != "" {
			t.Columns = append(t.Columns, phi.Column{Name: s.Field(i).Name(), Type: typ})
		}
	}
	return t
}
