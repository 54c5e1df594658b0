package inventory

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/phi"
)

// goTypes returns the struct types below root that carry PHI, sorted by file
// and line. Files that do not parse are left to phivet check, which says so.
func goTypes(root string, schema *phi.Schema, lexicon *phi.Lexicon, excluded func(string) bool) ([]Type, error) {
	var out []Type
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // an unreadable directory holds no types that can be told
		}
		rel, relErr := filepath.Rel(root, name)
		if relErr != nil {
			return relErr
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel != "." && (skippedDir(d.Name()) || excluded(rel) || nestedModule(name)) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || excluded(rel) {
			return nil
		}
		out = append(out, typesOf(name, rel, schema, lexicon)...)
		return nil
	})
	slices.SortFunc(out, func(a, b Type) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	return out, err
}

// skippedDir follows the go command, which ignores these directories.
func skippedDir(name string) bool {
	return name == "vendor" || name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// nestedModule reports whether a directory below the root is a module of its own.
func nestedModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func typesOf(name, rel string, schema *phi.Schema, lexicon *phi.Lexicon) []Type {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var out []Type
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		st, ok := spec.Type.(*ast.StructType)
		if !ok {
			return true
		}
		// Have: type Name struct { … }
		values := fieldValues(spec.Name.Name, st)
		class := lexicon.ClassifyType(spec.Name.Name, values, schema)
		if !class.PHI() {
			return true
		}
		t := Type{Package: path.Dir(rel), Type: spec.Name.Name, Category: class.Category, Tier: class.Tier, Reason: class.Reason,
			Fields: []Field{}, File: rel, Line: fset.Position(spec.Pos()).Line}
		for _, v := range values {
			if c := lexicon.ClassifyValue(v, schema); c.PHI() {
				t.Fields = append(t.Fields, Field{Field: v.Name, Category: c.Category, Tier: c.Tier})
			}
		}
		out = append(out, t)
		return true
	})
	return out
}

func fieldValues(owner string, st *ast.StructType) []phi.Value {
	var names []string
	for _, f := range st.Fields.List {
		for _, id := range f.Names {
			names = append(names, id.Name)
		}
	}
	var out []phi.Value
	for _, f := range st.Fields.List {
		tag := ""
		if f.Tag != nil {
			tag = strings.Trim(f.Tag.Value, "`")
		}
		for _, id := range f.Names {
			out = append(out, phi.Value{Name: id.Name, Kind: kindOf(f.Type), Owner: owner, Tag: tag,
				Fields: slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == id.Name })})
		}
	}
	return out
}

// kindOf names the kind of a field's type as package phi does. Without type
// information a named type is taken by its name.
func kindOf(e ast.Expr) string {
	switch t := e.(type) {
	case *ast.StarExpr:
		return kindOf(t.X)
	case *ast.ArrayType:
		if id, ok := t.Elt.(*ast.Ident); ok && id.Name == "byte" {
			return "bytes"
		}
		return kindOf(t.Elt)
	case *ast.MapType, *ast.InterfaceType:
		return "json"
	case *ast.StructType, *ast.FuncType, *ast.ChanType:
		return "other"
	case *ast.SelectorExpr:
		return namedKind(t.Sel.Name)
	case *ast.Ident:
		return namedKind(t.Name)
	}
	return "other"
}

func namedKind(name string) string {
	switch name {
	case "string", "NullString", "Text", "RawMessage":
		if name == "RawMessage" {
			return "json"
		}
		return "string"
	case "bool", "NullBool":
		return "bool"
	case "Time", "NullTime", "Date", "Timestamp", "Timestamptz":
		return "time"
	case "UUID", "NullUUID":
		return "uuid"
	case "JSON", "JSONB", "JSONMap":
		return "json"
	case "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "NullInt64", "NullInt32":
		return "int"
	case "float32", "float64", "NullFloat64", "Decimal", "Numeric":
		return "float"
	}
	return "struct"
}
