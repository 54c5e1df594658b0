// Package phi decides whether a name, in its place and with its type, holds
// protected health information (PHI).
//
// A [Lexicon] is loaded once from text files in this package and from a user's
// [Config]. [Lexicon.Classify] judges the columns of a whole database schema,
// because most names mean nothing alone: name is PHI in patients and nothing
// in drugs. [Lexicon.ClassifyValue] and [Lexicon.ClassifyType] judge the same
// of Go variables, fields, getters and map keys; [Lexicon.Detect] and
// [Lexicon.DetectName] look for identifier values in text and for names of
// people in SQL identifiers.
//
// The package sees names and types only, never a row of data, so it can tell
// what a place is for and not what somebody has put there. Words are mostly
// English; see data/languages.txt for what else is known.
package phi

import (
	"maps"
	"slices"
	"sync"
)

// A Category says what kind of information a place holds. Categories A to R of
// the safe harbor of 45 CFR 164.514(b)(2) identify a person; the rest is what
// the identified person's record says.
type Category string

// The categories. LINK marks an opaque key of a patient or of an encounter: it
// has tier 0, for a surrogate key alone tells nothing, but a value of it that
// leaves the database still points at one patient.
const (
	Name      Category = "NAME"
	Geo       Category = "GEO"
	Date      Category = "DATE"
	Phone     Category = "PHONE"
	Fax       Category = "FAX"
	Email     Category = "EMAIL"
	SSN       Category = "SSN"
	MRN       Category = "MRN"
	Plan      Category = "PLAN"
	Account   Category = "ACCOUNT"
	License   Category = "LICENSE"
	Vehicle   Category = "VEHICLE"
	Device    Category = "DEVICE"
	URL       Category = "URL"
	IP        Category = "IP"
	Biometric Category = "BIOMETRIC"
	Photo     Category = "PHOTO"
	OtherID   Category = "OTHERID"
	DX        Category = "DX"
	RX        Category = "RX"
	Lab       Category = "LAB"
	Vital     Category = "VITAL"
	Note      Category = "NOTE"
	Allergy   Category = "ALLERGY"
	Proc      Category = "PROC"
	Imm       Category = "IMM"
	Claim     Category = "CLAIM"
	Sens      Category = "SENS"
	Demo      Category = "DEMO"
	Enc       Category = "ENC"
	Link      Category = "LINK"
	Attr      Category = "ATTR"
)

// letters maps the categories that the safe harbor lists to their paragraph.
var letters = map[Category]string{
	Name: "A", Geo: "B", Date: "C", Phone: "D", Fax: "E", Email: "F", SSN: "G", MRN: "H", Plan: "I",
	Account: "J", License: "K", Vehicle: "L", Device: "M", URL: "N", IP: "O", Biometric: "P", Photo: "Q", OtherID: "R",
	DX: "", RX: "", Lab: "", Vital: "", Note: "", Allergy: "", Proc: "", Imm: "", Claim: "", Sens: "", Demo: "", Enc: "",
	Link: "", Attr: "",
}

// Letter returns the paragraph of 45 CFR 164.514(b)(2)(i) that lists the
// category, "A" to "R", or "".
func (c Category) Letter() string { return letters[c] }

// Categories returns all categories, sorted.
func Categories() []Category { return slices.Sorted(maps.Keys(letters)) }

// Known reports whether c is one of this package's constants.
func (c Category) Known() bool { _, ok := letters[c]; return ok }

// A Class is the judgement on one name.
type Class struct {
	Category  Category
	Letter    string // the safe harbor paragraph "A" to "R", or ""
	Tier      int    // 3 high, 2 medium, 1 low, 0 none
	Protected bool   // the name or type says hashed, encrypted or tokenised
	Reason    string // such as "matched [first name] in patients (patient table)"
}

// PHI reports whether the place is worth a finding of its own (tier 2 or 3).
func (c Class) PHI() bool { return c.Tier >= 2 }

// Config is what a user adds to the built-in lexicon.
type Config struct {
	// Health is "auto" (default: decided by the schema), "on" or "off".
	Health string
	// Terms are further lines in the grammar of data/lexicon.txt, for example
	// "NAME.PART: apodo" or "MRN: folder number".
	Terms []string
	// Ignore lists columns ("table.column"), identifiers or single words that
	// never are PHI.
	Ignore []string
	// Tables, Columns and Types map (qualified) names to a category or "none".
	// A table mapped to "patient" gets patient context.
	Tables, Columns, Types map[string]string
	// PatientKeys names columns that hold a patient's key.
	PatientKeys []string
}

// A Column is one column to classify.
type Column struct {
	Name, Type string
	Spelled    string // Name before PostgreSQL folded it, if that is known: dateOfBirth
	Comment    string // text of COMMENT ON COLUMN
	Label      string // text of a SECURITY LABEL on the column
	Enum       bool   // Type is a list of labels, made by CREATE TYPE … AS ENUM
	Pos        any    // the caller's own; not looked at
}

// A ForeignKey is one foreign key of a table.
type ForeignKey struct {
	Columns       []string
	Schema, Table string
	RefColumns    []string
}

// A Table is one table to classify.
type Table struct {
	Schema, Name string
	Spelled      string // Name before PostgreSQL folded it, if that is known
	Comment      string
	Tablespace   string
	Columns      []Column
	ForeignKeys  []ForeignKey
}

// A TableClass is the judgement on one table.
type TableClass struct {
	Schema  string
	Name    string
	Columns []ColumnClass
	// Patient says that rows belong to a patient.
	Patient bool
	// PHI marks the unit of the access rules: a table with a column of tier 3,
	// or with patient context and a column of tier 2.
	PHI       bool
	Reference bool // code lists, vocabularies, templates
	Audit     bool // who did what
	Workforce bool // staff, users
	Clinical  bool // encounters, results, prescriptions

	once  sync.Once
	index map[string]int // of Columns by lower-case name, made when it pays
}

// A ColumnClass is the judgement on one column.
type ColumnClass struct {
	Name  string
	Type  string
	Class Class
}

// A Value is something in Go code that has a name.
type Value struct {
	// Name is the identifier, the field, the getter without its Get, the map
	// key, or the form or URL parameter.
	Name string
	// Kind is one of "string" "int" "float" "bool" "time" "bytes" "uuid"
	// "struct" "json" "error" "other".
	Kind string
	// Owner is the struct or receiver type that holds it, or "".
	Owner string
	// Fields are the other field names of Owner: they give context.
	Fields []string
	// Linked is what [Lexicon.Linked] says of Owner with all its fields, for who
	// asks for many of them; Fields then have no say. Nil: not asked yet.
	Linked *bool
	// Tag is the raw struct tag.
	Tag string
	// Scope is the enclosing function and package, weak context, or "".
	Scope string
}

// A Detection is an identifier value found in a text.
type Detection struct {
	// Kind is "SSN" "ITIN" "MBI" "HICN" "NPI" "DEA" "phone" "e-mail" "MRN"
	// "card" "date of birth" "ICD-10-CM code" "IP address" or "person name".
	Kind        string
	Category    Category
	Start, End  int // byte offsets
	Placeholder bool
}
