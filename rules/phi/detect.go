package phi

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
)

// A detector finds one kind of value. Most kinds need a word beside the value
// or the category of a column, for a row of digits alone is nothing.
type detector struct {
	kind     string
	category Category
	re       *regexp.Regexp
	near     []Category     // a column of one of these is context enough
	words    *regexp.Regexp // or one of these words before the value
	alone    bool           // or nothing at all
	valid    func(string) bool
	sample   func(string) bool // a well-known stand-in
}

var detectors = sync.OnceValue(func() []detector {
	word := func(alternatives string) *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[^a-z])(?:` + alternatives + `)[^a-z0-9]{0,12}(?:(?:number|num|no|id|is|was|value|of|date)[^a-z0-9]{0,6}){0,3}$`)
	}
	return []detector{
		{kind: "SSN", category: SSN, alone: true, re: regexp.MustCompile(`\b\d{3}-\d{2}-\d{4}\b|\b\d{3} \d{2} \d{4}\b`), valid: validSSN, sample: sampleSSN},
		{kind: "ITIN", category: SSN, alone: true, re: regexp.MustCompile(`\b9\d{2}-\d{2}-\d{4}\b`), valid: validITIN},
		{kind: "SSN", category: SSN, near: []Category{SSN}, words: word(`ssn|social security`), re: regexp.MustCompile(`\b\d{9}\b`), valid: validSSN, sample: sampleSSN},
		{kind: "MBI", category: Plan, alone: true, re: regexp.MustCompile(`\b[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-[AC-HJKMNP-RT-Y]{2}\d{2}\b`), sample: sampleMBI},
		{kind: "MBI", category: Plan, near: []Category{Plan}, words: word(`mbi|medicare|beneficiary`), re: regexp.MustCompile(`\b[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d{2}\b`), sample: sampleMBI},
		{kind: "HICN", category: Plan, words: word(`hicn?|medicare claim`), re: regexp.MustCompile(`\b\d{9}[A-Z][0-9A-Z]?\b`)},
		{kind: "NPI", category: License, words: word(`npi`), re: regexp.MustCompile(`\b[12]\d{9}\b`), valid: func(s string) bool { return luhn("80840" + s) }, sample: func(s string) bool { return s == "1234567893" }},
		{kind: "DEA", category: License, words: word(`dea`), re: regexp.MustCompile(`\b[A-Z][A-Z9]\d{7}\b`), valid: validDEA},
		{kind: "e-mail", category: Email, alone: true, re: regexp.MustCompile(`\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}\b`), sample: sampleEmail},
		{kind: "phone", category: Phone, alone: true, re: regexp.MustCompile(`(?:\+1[ .-]?)?(?:\([2-9]\d{2}\) ?|\b[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}\b`), sample: samplePhone},
		{kind: "phone", category: Phone, near: []Category{Phone, Fax}, words: word(`phone|telephone|mobile|cell|tel|fax|whatsapp`), re: regexp.MustCompile(`\+?\b\d{8,15}\b|\+\d{1,3}[ -]\d[\d -]{6,14}\d\b`), sample: samplePhone},
		{kind: "MRN", category: MRN, alone: true, re: regexp.MustCompile(`\b(?i:mrn)[-:#_ ]{0,3}[A-Z]{0,3}\d{5,10}\b`), sample: sampleDigits},
		{kind: "MRN", category: MRN, near: []Category{MRN}, words: word(`mrn|medical record|chart|patient`), re: regexp.MustCompile(`\b[A-Z]{0,3}-?\d{5,10}\b`), sample: sampleDigits},
		{kind: "national id", category: SSN, near: []Category{SSN}, re: regexp.MustCompile(`\b\d{7,16}[A-Z]?\b|\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b[A-Z]{4}\d{6}[A-Z0-9]{8}\b`), sample: sampleDigits},
		{kind: "card", category: Account, alone: true, re: regexp.MustCompile(`\b(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6011|65\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b|\b3[47]\d{2}[ -]?\d{6}[ -]?\d{5}\b`), valid: luhn, sample: sampleCard},
		{kind: "date of birth", category: Date, near: []Category{Date}, words: word(`dob|birth|birthday|born|date of birth|birthdate`), re: regexp.MustCompile(`\b(?:19\d{2}|20[0-3]\d)[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])\b|\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19\d{2}|20[0-3]\d)\b`), sample: sampleDate},
		{kind: "ICD-10-CM code", category: DX, near: []Category{DX}, re: regexp.MustCompile(`\b[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?\b`)},
		{kind: "IP address", category: IP, near: []Category{IP}, words: word(`patient|client ip|patient ip`), re: regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b`), valid: publicIP},
	}
})

// Detect finds identifier values in text. Near is the category of the column
// that the text is compared with or written to, or "".
func (l *Lexicon) Detect(text string, near Category) []Detection {
	const maxText = 1 << 20 // a bound for hostile input; literals are far smaller
	if len(text) > maxText {
		text = text[:maxText]
	}
	if !strings.ContainsAny(text, "0123456789@") && near != Name && !mentionsPerson(text) {
		return nil
	}
	var (
		out   []Detection
		taken spans
	)
	for _, d := range detectors() {
		for _, m := range d.re.FindAllStringIndex(text, -1) {
			value := text[m[0]:m[1]]
			if d.valid != nil && !d.valid(value) || !d.supported(text, m[0], near) || taken.any(m) || insideToken(text, m) {
				continue
			}
			placeholder := d.sample != nil && d.sample(value) || Placeholder(value)
			out = append(out, Detection{d.kind, d.category, m[0], m[1], placeholder})
			taken.add(m, len(text))
		}
	}
	out = append(out, personNames(text, near)...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// supported reports whether the place makes the value what it looks like.
func (d *detector) supported(text string, at int, near Category) bool {
	if d.alone {
		return true
	}
	for _, c := range d.near {
		if c == near {
			return true
		}
	}
	if d.words == nil {
		return false
	}
	from := max(0, at-40) // Macie's keyword distance is 30; long names need more
	return d.words.MatchString(text[from:at])
}

// spans marks the bytes of a text that belong to a value. A list of values
// would be searched for each of them, and a dump holds thousands.
type spans []bool

func (s *spans) add(m []int, size int) {
	if *s == nil {
		*s = make(spans, size)
	}
	for i := m[0]; i < m[1]; i++ {
		(*s)[i] = true
	}
}

// any reports whether a part of m is marked.
func (s spans) any(m []int) bool {
	return s != nil && slices.Contains(s[m[0]:m[1]], true)
}

// insideToken reports whether the match is part of a longer number, version,
// UUID or hash.
func insideToken(text string, m []int) bool {
	if m[0] > 1 && (text[m[0]-1] == '-' || text[m[0]-1] == '.') && isWordByte(text[m[0]-2]) {
		return true
	}
	return m[1]+1 < len(text) && (text[m[1]] == '-' || text[m[1]] == '.') && isWordByte(text[m[1]+1])
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func validSSN(s string) bool {
	d := digitsOf(s)
	return len(d) == 9 && (d[:3] != "000" && d[:3] != "666" && d[0] != '9' || d[:8] == "98765432") && d[3:5] != "00" && d[5:] != "0000"
}

// sampleSSN knows the numbers that were printed in advertisements, and the
// ones people type.
func sampleSSN(s string) bool {
	d := digitsOf(s)
	switch d {
	case "078051120", "219099999", "123456789", "111111111", "123121234", "457555462":
		return true
	}
	return strings.HasPrefix(d, "98765432") || sampleDigits(d)
}

// sampleDigits reports whether all digits are the same or count up.
func sampleDigits(s string) bool {
	d := digitsOf(s)
	return d != "" && (strings.Count(d, d[:1]) == len(d) || strings.HasPrefix("01234567890123", d) || strings.HasPrefix("1234567890123456", d))
}

func validITIN(s string) bool {
	g := digitsOf(s)[3:5]
	return g >= "50" && g <= "65" || g >= "70" && g <= "88" || g >= "90" && g <= "92" || g >= "94" && g <= "99"
}

func sampleMBI(s string) bool {
	return strings.HasPrefix(strings.ReplaceAll(s, "-", ""), "1EG4TE5MK7")
}

// luhn reports whether the check digit of a number is right.
func luhn(s string) bool {
	d, sum := digitsOf(s), 0
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return len(d) > 0 && sum%10 == 0
}

func validDEA(s string) bool {
	d := digitsOf(s[2:])
	if s[1] == '9' || len(d) != 7 {
		d = digitsOf(s[2:])
	}
	if len(d) != 7 {
		return false
	}
	n := func(i int) int { return int(d[i] - '0') }
	return (n(0)+n(2)+n(4)+2*(n(1)+n(3)+n(5)))%10 == n(6)
}

func samplePhone(s string) bool {
	d := strings.TrimPrefix(digitsOf(s), "1")
	if len(d) == 10 {
		// 555-01XX is set aside for fiction, and toll-free numbers are nobody's.
		switch d[:3] {
		case "800", "833", "844", "855", "866", "877", "888", "555":
			return true
		}
		if d[3:6] == "555" {
			return true
		}
	}
	return sampleDigits(s)
}

func sampleEmail(s string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(s), "@")
	for _, d := range [...]string{"example.com", "example.org", "example.net", "test.com", "domain.com", "email.com", "localhost.com"} {
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return true
		}
	}
	for _, d := range [...]string{".test", ".invalid", ".example", ".localhost", ".local"} {
		if strings.HasSuffix(domain, d) {
			return true
		}
	}
	switch local {
	case "noreply", "no-reply", "support", "info", "admin", "root", "hello", "contact", "git", "test", "user", "postmaster", "webmaster":
		return true
	}
	return false
}

func sampleCard(s string) bool {
	switch digitsOf(s) {
	case "4111111111111111", "4242424242424242", "4012888888881881", "5555555555554444", "5105105105105100", "378282246310005", "371449635398431", "6011111111111117", "4000056655665556":
		return true
	}
	return sampleDigits(s)
}

func sampleDate(s string) bool {
	switch s {
	case "1970-01-01", "1900-01-01", "2000-01-01", "01/01/1970", "01/01/1900", "1/1/1900", "1/1/1970", "01/01/2000", "1/1/2000":
		return true
	}
	return false
}

// publicIP rejects private, loopback and documentation ranges.
func publicIP(s string) bool {
	for _, p := range [...]string{"10.", "127.", "192.168.", "192.0.2.", "198.51.100.", "203.0.113.", "0.", "169.254.", "255."} {
		if strings.HasPrefix(s, p) {
			return false
		}
	}
	for part := range strings.SplitSeq(s, ".") {
		if len(part) == 3 && part > "255" {
			return false
		}
	}
	return !regexp172.MatchString(s)
}

var regexp172 = regexp.MustCompile(`^172\.(1[6-9]|2\d|3[01])\.`)
