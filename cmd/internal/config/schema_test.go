package config_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/rules"
)

// structKeys lists the dotted keys that the decoder fills.
func structKeys(t reflect.Type, prefix string) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("toml")
		if key == "" || key == "-" {
			continue
		}
		if f.Type.Kind() == reflect.Struct {
			for k, v := range structKeys(f.Type, prefix+key+".") {
				out[k] = v
			}
			continue
		}
		out[prefix+key] = f.Type
	}
	return out
}

func TestSettingsAreTheStruct(t *testing.T) {
	want := map[string]config.Kind{}
	for name, typ := range structKeys(reflect.TypeFor[config.Config](), "") {
		want[name] = map[reflect.Kind]config.Kind{
			reflect.String: config.Text, reflect.Bool: config.Bool, reflect.Slice: config.Texts, reflect.Map: config.Map,
		}[typ.Kind()]
	}
	got := map[string]config.Kind{}
	for _, s := range config.Reference() {
		got[s.Name()] = s.Kind
		if s.Text == "" || !strings.HasPrefix(s.Example, s.Key+" = ") {
			t.Errorf("%s lacks a text, or an example that sets it", s.Name())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the settings are not the fields of Config (-fields +settings):\n%s", diff)
	}
}

// TestExamples reads the examples of all settings as one file.
func TestExamples(t *testing.T) {
	file := exampleFile()
	if _, err := config.Parse([]byte(file), known); err != nil {
		t.Errorf("config.Parse: %v\n%s", err, file)
	}
	if err := validate(t, file); err != nil {
		t.Errorf("schema: %v\n%s", err, file)
	}
}

func exampleFile() string {
	var b strings.Builder
	table := ""
	settings := config.Reference()
	slices.SortStableFunc(settings, func(a, b config.Setting) int { return strings.Compare(a.Table, b.Table) })
	for _, s := range settings {
		if s.Table != table {
			table = s.Table
			b.WriteString("\n[" + table + "]\n")
		}
		b.WriteString(s.Example + "\n")
	}
	return b.String()
}

// TestSchemaAgrees gives the same files to the decoder and to the schema.
func TestSchemaAgrees(t *testing.T) {
	tests := []struct {
		src  string
		good bool
	}{
		{"", true},
		{"exclude = [\"a\"]\n[go]\ntests = true\n", true},
		{"[phi]\nhealth = \"on\"\n[phi.columns]\n\"a.b\" = \"dx\"\nc = \"NAME\"\nd = \"none\"\n", true},
		{"[phi.tables]\nx = \"patient\"\n", true},
		{"[migrations.vars]\nschema = \"app\"\n", true},
		{"[severity]\nPHI501 = \"off\"\n", true},
		{"[migrations]\ntool = \"goose\"\n", true},
		{"[migrations]\ntool = \"gose\"\n", false},
		{"exclud = [\"a\"]\n", false},
		{"exclude = \"a\"\n", false},
		{"[sql]\n", false},
		{"[go]\ntest = true\n", false},
		{"[go]\ntests = \"yes\"\n", false},
		{"[phi]\nhealth = \"maybe\"\n", false},
		{"[phi.columns]\na = \"patient\"\n", false},
		{"[phi.columns]\na = \"SHOESIZE\"\n", false},
		{"[severity]\nPHI999 = \"low\"\n", false},
		{"[severity]\nPHI501 = \"loud\"\n", false},
	}
	for _, tt := range tests {
		_, parse := config.Parse([]byte(tt.src), func(id string) bool { return id == "PHI501" })
		valid := validate(t, tt.src)
		if (parse == nil) != tt.good || (valid == nil) != tt.good {
			t.Errorf("%q: Parse says %v, the schema says %v, want good: %v", tt.src, parse, valid, tt.good)
		}
	}
}

// validate judges a file by the schema for a phivet with a few rules.
func validate(t *testing.T, file string) error {
	t.Helper()
	text, err := config.Schema([]*rules.Rule{{ID: "PHI501"}, {ID: "PHI405"}, {ID: "PHI417"}})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var value map[string]any
	if _, err := toml.Decode(file, &value); err != nil {
		t.Fatal(err)
	}
	if value == nil {
		value = map[string]any{}
	}
	plain, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(instance)
}
