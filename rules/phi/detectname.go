package phi

import (
	"regexp"
	"strings"
)

var (
	// fullName is two or three capitalised words, also "Doe, John".
	fullName    = regexp.MustCompile(`\b[A-Z][a-z]{2,}(?:,? [A-Z]\.?)?,? [A-Z][a-z]{2,}\b`)
	personWords = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:patient|pt|mr|mrs|ms|member|beneficiary|subject|case of|chart of|record of)s?[^a-z0-9]{0,4}(?:(?:is|was|name|named|for|of)[^a-z0-9]{1,4}){0,2}$`)

	idSSN = regexp.MustCompile(`(?:^|[^0-9])(\d{3})[-_. ](\d{2})[-_. ](\d{4})(?:$|[^0-9])`)
	idMRN = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:mrn|medical_record|ssn)[-_ ]?([a-z]{0,2}\d{6,10})(?:$|[^a-z0-9])`)
)

// mentionsPerson is a cheap test before the work of personNames.
func mentionsPerson(text string) bool {
	lower := strings.ToLower(text)
	for _, w := range [...]string{"patient", "pt ", "mr", "ms", "member", "beneficiary", "subject", "case of", "chart of", "record of"} {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

// personNames finds names of people in prose: beside a word for a patient, or
// in text that belongs to a column of names.
func personNames(text string, near Category) []Detection {
	if near != Name && !mentionsPerson(text) {
		return nil
	}
	var out []Detection
	for _, m := range fullName.FindAllStringIndex(text, -1) {
		value := text[m[0]:m[1]]
		words := strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ' ' || r == ',' || r == '.' })
		a, b := words[0], words[len(words)-1]
		known := isGiven(a) && (isSurname(b) || near == Name) || isSurname(a) && isGiven(b)
		if Placeholder(value) {
			known = true
		}
		if !known || near != Name && !personWords.MatchString(text[max(0, m[0]-40):m[0]]) {
			continue
		}
		out = append(out, Detection{Kind: "person name", Category: Name, Start: m[0], End: m[1], Placeholder: Placeholder(value)})
	}
	return out
}

// identifierValue finds an SSN or a record number written into an identifier.
func identifierValue(id string) (Detection, bool) {
	if !manyDigits(id) {
		return Detection{}, false
	}
	if m := idSSN.FindStringSubmatchIndex(id); m != nil {
		if v := id[m[2]:m[7]]; validSSN(v) {
			return Detection{Kind: "SSN", Category: SSN, Start: m[2], End: m[7], Placeholder: sampleSSN(v)}, true
		}
	}
	if m := idMRN.FindStringSubmatchIndex(id); m != nil {
		return Detection{Kind: "MRN", Category: MRN, Start: m[2], End: m[3], Placeholder: sampleDigits(id[m[2]:m[3]])}, true
	}
	return Detection{}, false
}

// manyDigits reports whether an identifier has digits for a value: six at least.
// Nearly none has, and the expressions cost more than all else about a name.
func manyDigits(id string) bool {
	n := 0
	for i := range len(id) {
		if id[i] >= '0' && id[i] <= '9' {
			n++
		}
	}
	return n >= 6
}

// standIns are what people write where a real value will stand.
var standIns = []string{
	"replace_with", "replace-with", "replaceme", "changeme", "change_me", "change-me", "todo", "fixme", "your_", "your-", "placeholder", "dummy", "redacted",
	"lorem ipsum", "john doe", "jane doe", "doe, john", "doe, jane", "john_doe", "jane_doe", "johndoe", "janedoe", "john q. public", "joe bloggs", "test patient", "patient zero",
	"testpatient", "max mustermann", "erika mustermann", "juan perez", "foo bar",
}

// Placeholder reports whether text is a stand-in and not a real value:
// REPLACE_WITH…, ${VAR}, example.com, 123-45-6789, John Doe.
func Placeholder(text string) bool {
	t := strings.ToLower(strings.TrimSpace(text))
	if t == "" {
		return false
	}
	for _, s := range standIns {
		if strings.Contains(t, s) {
			return true
		}
	}
	switch t {
	case "foo", "bar", "baz", "test", "example", "sample", "string", "n/a", "none", "null", "unknown", "?", "%s", "%d", "%v", "password":
		return true
	}
	n := len(t)
	switch {
	case strings.Trim(t, "x*-# ") == "" && n >= 3,
		t[0] == '<' && t[n-1] == '>',
		strings.HasPrefix(t, "${") || strings.HasPrefix(t, "{{") || strings.HasPrefix(t, ":'") || strings.HasPrefix(t, "$(") || strings.HasPrefix(t, "%("):
		return true
	case strings.Contains(t, "@"):
		return sampleEmail(t)
	case len(digitsOf(t)) == 9 && len(t) <= 11:
		return sampleSSN(t)
	case len(digitsOf(t)) >= 10 && len(t) <= 16 && strings.Trim(t, "0123456789+-. ()") == "":
		return samplePhone(t)
	}
	return sampleMBI(strings.ToUpper(t))
}
