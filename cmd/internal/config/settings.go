package config

// A Setting is one key of the configuration file. The list of them is what the
// schema for editors, the message about an unknown key and the reference in
// docs/configuring.md are made from; a test holds it against [Config].
type Setting struct {
	Table string // "" is the top level
	Key   string
	Kind  Kind
	// Text says in Markdown what the key does, in one paragraph.
	Text string
	// Values are what a text, or each value of a map, may be; nil is any.
	Values []string
	// Default is what holds without the key, as TOML; "" is nothing.
	Default string
	// Example is a line of TOML, or several for a table.
	Example string
}

// A Kind is the type of a setting.
type Kind string

// The kinds there are.
const (
	Text  Kind = "text"
	Texts Kind = "list of texts"
	Bool  Kind = "true or false"
	Map   Kind = "table of texts"
)

// Name returns the dotted name of the key.
func (s Setting) Name() string {
	if s.Table == "" {
		return s.Key
	}
	return s.Table + "." + s.Key
}

// Settings returns every key, in the order in which a file has them. tools are
// the names of the migration tools, categories those of PHI.
func Settings(tools, categories []string) []Setting {
	settled := append([]string{"none"}, categories...)
	patient := append([]string{"patient"}, settled...)
	return []Setting{
		{Key: "exclude", Kind: Texts, Example: `exclude = ["third_party", "*.pb.go", "db/seed/**"]`,
			Text: "Paths that nobody looks at, relative to this file, read as `.gitignore` reads them: a pattern without a slash matches at any depth, a directory covers what is below it."},

		{Table: "migrations", Key: "paths", Kind: Texts, Example: `paths = ["db/migrations"]`,
			Text: "Directories and files of the SQL history. Without it, migrations are looked for below this file."},
		{Table: "migrations", Key: "tool", Kind: Text, Values: tools, Example: `tool = "goose"`,
			Text: "The migration tool, where the names of the files do not tell: it decides on the order of the files and on what in them is the way down."},
		{Table: "migrations", Key: "vars", Kind: Map, Example: `vars = {schema = "app"}`,
			Text: "Values for `${name}`, `{{name}}` and `:'name'` in migrations. They are put into the SQL text before it is parsed; a value that is longer than its placeholder is not used, because positions have to stay true."},
		{Table: "migrations", Key: "serves", Kind: Map, Example: `serves = {"billing/db" = "billing", "ehr/migrations" = "ehr, jobs/export"}`,
			Text: "Which Go packages use which database, where a repository has several: a folder of migrations, and globs of the folders whose packages see its tables, with commas between. What stands in no such folder of migrations is seen by all; packages that none or several of them serve see everything. Without it, all packages see the tables of all databases."},

		{Table: "phi", Key: "health", Kind: Text, Values: []string{"auto", "on", "off"}, Default: `"auto"`, Example: `health = "on"`,
			Text: "Whether the project deals with health data. `auto` decides by the schema: without patients or clinical tables only national identity numbers, and what is wrong whoever the data is about, are reported."},
		{Table: "phi", Key: "terms", Kind: Texts, Example: `terms = ["MRN: folder number", "NAME.PART: apodo"]`,
			Text: "Further words that tell PHI, as lines in the grammar of `rules/phi/data/lexicon.txt`: the ID of a rule of the lexicon, a colon, and patterns of words."},
		{Table: "phi", Key: "ignore", Kind: Texts, Example: `ignore = ["visits.label", "room_name"]`,
			Text: "Columns (`table.column`, `column`) and single words that never are PHI."},
		{Table: "phi", Key: "patient_keys", Kind: Texts, Example: `patient_keys = ["patient_id", "member_no"]`,
			Text: "Columns that hold the key of a patient: a table with one belongs to patients."},
		{Table: "phi", Key: "tables", Kind: Map, Values: patient, Example: `tables = {kontakte = "patient", device_catalog = "none"}`,
			Text: "What tables are: `patient` for a table whose rows are patients, `none` for one without PHI, or a category for all of its columns."},
		{Table: "phi", Key: "columns", Kind: Map, Values: settled, Example: `columns = {"visits.code" = "DX", "staff.email" = "none"}`,
			Text: "What columns hold, and fields of Go types under `type.field`: a category, or `none`. `COMMENT ON COLUMN … IS '@phi:none'` in a migration does the same."},
		{Table: "phi", Key: "types", Kind: Map, Values: patient, Example: `types = {Person = "patient", Device = "none"}`,
			Text: "What Go types are, by the name of the type, as for tables. A struct tag `phi:\"none\"` or `phi:\"SSN\"` settles a field."},

		{Table: "go", Key: "sources", Kind: Texts, Example: `sources = ["example.com/emr.Client.Chart._  source"]`,
			Text: "Functions whose result is PHI, as lines in the grammar of `analyzers/internal/knowledge`: the full name of the function, a dot, the name of a parameter or `_`, and a kind."},
		{Table: "go", Key: "sinks", Kind: Texts, Example: `sinks = ["(*example.com/audit.Trail).Record.text  log"]`,
			Text: "Parameters at which values leave: kind `sql`, `log`, `stdout`, `url`, `telemetry`, `response` or `error`."},
		{Table: "go", Key: "sanitizers", Kind: Texts, Example: `sanitizers = ["example.com/mask.Name.s  clean"]`,
			Text: "Parameters of which nothing is left in the results, kind `clean`."},
		{Table: "go", Key: "tests", Kind: Bool, Default: "false", Example: `tests = true`,
			Text: "Whether findings in `_test.go` files are reported. They are dropped by default, because fixtures are full of invented people."},

		{Key: "severity", Kind: Map, Values: []string{"critical", "high", "medium", "low", "info", "off"}, Example: `severity = {PHI405 = "low", PHI417 = "off"}`,
			Text: "The severity of rules, by ID; `off` switches a rule off. A finding that the rule itself rates lower than usual keeps its distance."},
	}
}
