// Package rules defines what a phivet rule is.
//
// A [Rule] is a literal that stands in the file of the check it describes; the
// lists of rules stand with the checks (analyzers.Rules, sqlscan.Rules and so
// on). Help, SARIF metadata, the documentation pages and the hover texts of
// editors are all read from that one literal and its page.
package rules

import (
	"fmt"
	"strings"

	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// Severity says how bad a finding is. The zero value is not a severity.
type Severity int

// Severities, from the least to the most severe.
const (
	Info Severity = iota + 1
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{Info: "info", Low: "low", Medium: "medium", High: "high", Critical: "critical"}

// Severities lists all severities, the most severe first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// String returns the lower-case name of the severity.
func (s Severity) String() string {
	if s < Info || s > Critical {
		return fmt.Sprintf("severity(%d)", int(s))
	}
	return severityNames[s]
}

// ParseSeverity returns the severity of that lower-case name. The error names
// the severities there are.
func ParseSeverity(name string) (Severity, error) {
	for _, s := range Severities() {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: use critical, high, medium, low or info", name)
}

// Lower returns the next lower severity; Info stays Info. Findings on
// placeholder values are reported one step lower, never silenced.
func (s Severity) Lower() Severity {
	if s <= Info {
		return Info
	}
	return s - 1
}

// A Rule describes one kind of finding.
type Rule struct {
	// ID is the stable code, such as "PHI501": it goes into SARIF,
	// suppressions and configuration.
	ID string
	// Slug is the stable name, such as "rls-missing": it names the page and
	// the help anchor.
	Slug string
	// Title is one phrase without a full stop: what is wrong.
	Title string
	// Severity is the default; a finding may be reported lower.
	Severity Severity
	// Since is the first released version that has the rule, or "unreleased".
	Since string
	// Citations are the provisions that the finding touches; at least one.
	Citations []hipaa.Citation
	// CWE lists the weakness numbers of cwe.mitre.org; at least one.
	CWE []int
	// Help is the rule's page in Markdown, embedded from <slug>.md.
	Help string
}

var (
	idPattern   = lazyregexp.New(`^PHI[1-9][0-9]{2}$`)
	slugPattern = lazyregexp.New(`^[a-z]+(-[a-z0-9]+)*$`)
)

// Sections are the headings that a rule's page has, in this order. The code
// blocks below Bad and Good are executed by the tests.
var Sections = []string{"What it checks", "Why it matters", "Bad", "Good", "How to fix", "Limits", "References"}

// Validate returns an error that says what the rule literal or its page lacks.
func (r *Rule) Validate() error {
	switch {
	case !idPattern.MatchString(r.ID):
		return fmt.Errorf("rule %q: ID is not of the form PHInnn", r.ID)
	case !slugPattern.MatchString(r.Slug):
		return fmt.Errorf("rule %s: slug %q is not lower-case words joined by hyphens", r.ID, r.Slug)
	case r.Title == "" || strings.HasSuffix(r.Title, "."):
		return fmt.Errorf("rule %s: title %q is empty or ends in a full stop", r.ID, r.Title)
	case r.Severity < Info || r.Severity > Critical:
		return fmt.Errorf("rule %s: no severity", r.ID)
	case r.Since == "":
		return fmt.Errorf("rule %s: no since", r.ID)
	case len(r.Citations) == 0:
		return fmt.Errorf("rule %s: no citation", r.ID)
	case len(r.CWE) == 0:
		return fmt.Errorf("rule %s: no CWE", r.ID)
	}
	for _, c := range r.Citations {
		if !c.Known() {
			return fmt.Errorf("rule %s: citation %q is not a constant of package hipaa", r.ID, string(c))
		}
	}
	return r.validatePage()
}

func (r *Rule) validatePage() error {
	if !strings.HasPrefix(r.Help, "# "+r.ID+" ") {
		return fmt.Errorf("rule %s: the page does not start with %q", r.ID, "# "+r.ID+" …")
	}
	at := 0
	for _, section := range Sections {
		i := strings.Index(r.Help[at:], "\n## "+section+"\n")
		if i < 0 {
			return fmt.Errorf("rule %s: the page lacks section %q, or has it out of order", r.ID, section)
		}
		at += i + 1
	}
	return nil
}

// Section returns the text below a second-level heading of the rule's page,
// trimmed, or "" if the page has no such heading.
func (r *Rule) Section(heading string) string {
	_, rest, ok := strings.Cut(r.Help, "\n## "+heading+"\n")
	if !ok {
		return ""
	}
	if i := strings.Index(rest, "\n## "); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimSpace(rest)
}

// HelpURI returns the address of the rule's page.
func (r *Rule) HelpURI() string {
	return "https://github.com/phivet/phivet/blob/main/docs/rules/" + r.ID + "-" + r.Slug + ".md"
}
