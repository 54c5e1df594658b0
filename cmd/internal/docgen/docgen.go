// Package docgen writes the pages below docs/rules from the rules themselves,
// so that there is one place to change a title, a citation or an explanation,
// and the list of keys in docs/configuring.md from those of the configuration.
// Its test fails when a page is not what would be written; with -update it
// writes.
package docgen

import (
	"fmt"
	"strings"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/rules"
)

// A Page is one file below docs/rules.
type Page struct{ Name, Text string }

// Pages returns the page of each rule and the index, in the order of the rules.
func Pages(list []*rules.Rule) []Page {
	out := []Page{{"README.md", index(list)}}
	for _, r := range list {
		out = append(out, Page{fileName(r), page(r)})
	}
	return out
}

func fileName(r *rules.Rule) string { return r.ID + "-" + r.Slug + ".md" }

// page is the rule's own text with what its literal says below the title.
func page(r *rules.Rule) string {
	title, rest, _ := strings.Cut(strings.TrimSpace(r.Help), "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- Written by cmd/internal/docgen from the rule; change it there. -->\n\n%s\n\n", title)
	b.WriteString("| | |\n|---|---|\n")
	fmt.Fprintf(&b, "| Severity | %s |\n", r.Severity)
	fmt.Fprintf(&b, "| Since | %s |\n", r.Since)
	for i, c := range r.Citations {
		fmt.Fprintf(&b, "| %s | [%s](%s) %s |\n", first(i, "HIPAA"), c, c.URL(), c.Title())
	}
	for i, n := range r.CWE {
		fmt.Fprintf(&b, "| %s | [CWE-%d](https://cwe.mitre.org/data/definitions/%d.html) |\n", first(i, "Weakness"), n, n)
	}
	fmt.Fprintf(&b, "| Silence one | `phivet:ignore %s -- reason` in a comment on the line or above it |\n", r.ID)
	b.WriteString(rest + "\n")
	return b.String()
}

func first(i int, label string) string {
	if i == 0 {
		return label
	}
	return ""
}

// families are the headings of the index, by the hundreds of the IDs.
var families = map[byte]string{
	'1': "Go: how queries are built",
	'2': "Go: logs, errors, telemetry, URLs",
	'3': "Go: connections and sessions",
	'4': "SQL: what is stored and named",
	'5': "SQL: who can reach it",
	'6': "SQL: secrets and encryption",
	'7': "Server settings",
	'8': "Audit-log lines",
	'9': "The analysis itself",
}

func index(list []*rules.Rule) string {
	var b strings.Builder
	b.WriteString("<!-- Written by cmd/internal/docgen from the rules; change them there. -->\n\n# Rules\n\n")
	b.WriteString("`phivet explain PHI501` prints a page in the terminal. Severities are defaults; `.phivet.toml` changes them.\n")
	var family byte
	for _, r := range list {
		// Have: list is sorted by ID, which is "PHI" and three digits.
		if f := r.ID[len("PHI")]; f != family {
			family = f
			fmt.Fprintf(&b, "\n## %s\n\n| ID | rule | severity | what is wrong |\n|---|---|---|---|\n", families[f])
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s | %s |\n", r.ID, fileName(r), r.Slug, r.Severity, strings.ReplaceAll(r.Title, "|", `\|`))
	}
	return b.String()
}

// The marks in docs/configuring.md between which the list of keys stands.
const (
	keysBegin = "<!-- keys: written by cmd/internal/docgen; change them in cmd/internal/config -->\n"
	keysEnd   = "<!-- /keys -->\n"
)

// WithKeys returns a page with the list of keys put between its marks.
func WithKeys(page string, keys []config.Setting) (string, error) {
	before, rest, ok := strings.Cut(page, keysBegin)
	_, after, end := strings.Cut(rest, keysEnd)
	if !ok || !end {
		return "", fmt.Errorf("the page lacks the marks %q and %q", strings.TrimSpace(keysBegin), strings.TrimSpace(keysEnd))
	}
	var b strings.Builder
	b.WriteString(before + keysBegin)
	for _, k := range keys {
		fmt.Fprintf(&b, "\n### `%s`\n\n%s. %s", k.Name(), sentenceCase(string(k.Kind)), k.Text)
		if len(k.Values) > 0 && k.Name() != "migrations.tool" {
			fmt.Fprintf(&b, " Values: %s.", codes(k.Values))
		} else if len(k.Values) > 0 {
			fmt.Fprintf(&b, " Known are %s.", codes(k.Values))
		}
		if k.Default != "" {
			fmt.Fprintf(&b, " Default: `%s`.", k.Default)
		}
		header := ""
		if k.Table != "" {
			header = "[" + k.Table + "]\n"
		}
		fmt.Fprintf(&b, "\n\n```toml\n%s%s\n```\n", header, k.Example)
	}
	return b.String() + "\n" + keysEnd + after, nil
}

func sentenceCase(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func codes(values []string) string { return "`" + strings.Join(values, "`, `") + "`" }
