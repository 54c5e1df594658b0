package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/phivet/phivet/rules"
)

// JUnit is read by CI servers as test results: a rule is a suite, a finding a
// failed case. A run without findings has one case that passed, because some
// servers take a file without cases for a broken one.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

func writeJUnit(w io.Writer, r *Report) error {
	out := junitSuites{Name: "phivet", Tests: len(r.Findings), Failures: len(r.Findings)}
	for _, rule := range usedRules(r.Findings) {
		out.Suites = append(out.Suites, r.junitSuite(rule))
	}
	if len(r.Findings) == 0 {
		out.Tests = 1
		out.Suites = []junitSuite{{Name: "phivet", Tests: 1, Cases: []junitCase{{Name: "no findings", Class: "phivet"}}}}
	}
	data, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding JUnit: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, data)
	return err
}

func (r *Report) junitSuite(rule *rules.Rule) junitSuite {
	s := junitSuite{Name: rule.ID + " " + rule.Slug}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Rule.ID != rule.ID {
			continue
		}
		s.Cases = append(s.Cases, junitCase{
			Name:  fmt.Sprintf("%s:%d:%d", f.Span.File, f.Span.Start.Line, f.Span.Start.Column),
			Class: "phivet." + rule.ID, File: f.Span.File, Line: f.Span.Start.Line,
			Failure: &junitFailure{
				Message: f.Message, Type: f.Severity.String(),
				Text: fmt.Sprintf("%s:%d:%d: %s %s %s\n%s\n", f.Span.File, f.Span.Start.Line, f.Span.Start.Column,
					f.Severity, rule.ID, f.Message, rule.HelpURI()),
			},
		})
	}
	s.Tests, s.Failures = len(s.Cases), len(s.Cases)
	return s
}
