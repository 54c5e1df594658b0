package config

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// SchemaURL is where editors find the schema; a comment "#:schema" at the top
// of a configuration file names it.
const SchemaURL = "https://raw.githubusercontent.com/phivet/phivet/main/docs/phivet.schema.json"

// Reference returns every key with the values that this build of phivet takes.
func Reference() []Setting {
	var categories []string
	for _, c := range phi.Categories() {
		categories = append(categories, string(c))
	}
	return Settings(sqlscan.Tools(), categories)
}

// A schema is the part of JSON Schema, draft 7, that the file needs: the draft
// that TOML editors understand.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	ID          string             `json:"$id,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Type        string             `json:"type,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	Default     any                `json:"default,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	// Additional is false or a schema; nil allows anything.
	Additional any `json:"additionalProperties,omitempty"`
}

// Schema returns the JSON schema of the configuration file, with a key for the
// severity of each of the rules.
func Schema(list []*rules.Rule) ([]byte, error) {
	top := &schema{
		Schema: "http://json-schema.org/draft-07/schema#", ID: SchemaURL, Title: FileName,
		Description: "Configuration of phivet.", Type: "object", Properties: map[string]*schema{}, Additional: false,
	}
	for _, s := range Reference() {
		table := top
		if s.Table != "" {
			if table = top.Properties[s.Table]; table == nil {
				table = &schema{Type: "object", Properties: map[string]*schema{}, Additional: false}
				top.Properties[s.Table] = table
			}
		}
		table.Properties[s.Key] = s.schema(list)
	}
	out, err := json.MarshalIndent(top, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding the schema: %w", err)
	}
	return append(out, '\n'), nil
}

func (s Setting) schema(list []*rules.Rule) *schema {
	out := &schema{Description: strings.ReplaceAll(s.Text, "`", "")}
	switch s.Kind {
	case Bool:
		out.Type, out.Default = "boolean", s.Default == "true"
	case Text:
		out.Type, out.Enum = "string", s.Values
		if s.Default != "" {
			out.Default = strings.Trim(s.Default, `"`)
		}
	case Texts:
		out.Type, out.Items = "array", &schema{Type: "string"}
	case Map:
		out.Type = "object"
		value := &schema{Type: "string", Enum: bothCases(s)}
		if s.Name() != "severity" {
			out.Additional = value
			break
		}
		out.Additional, out.Properties = false, map[string]*schema{}
		for _, r := range list {
			out.Properties[r.ID] = &schema{Type: "string", Enum: s.Values, Description: r.Slug + ": " + r.Title, Default: r.Severity.String()}
		}
	}
	return out
}

// bothCases adds the lower case of categories, which are read without regard
// to case.
func bothCases(s Setting) []string {
	out := slices.Clone(s.Values)
	for _, v := range s.Values {
		if lower := strings.ToLower(v); !slices.Contains(out, lower) {
			out = append(out, lower)
		}
	}
	return out
}
