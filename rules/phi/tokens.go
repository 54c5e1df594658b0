package phi

import (
	"strings"
	"unicode/utf8"
)

// mixed are tokens that hold letters and digits; everywhere else digits only
// number things (address_2) and are dropped. Longer ones come first so that
// icd10 wins over icd.
var mixed = []string{
	"sha256", "covid19", "oauth2", "base64", "vo2max", "hba1c", "o2sat", "etco2", "paco2", "icd10", "sars2",
	"cpt4", "spo2", "fio2", "pao2", "sao2", "phq9", "phq2", "gad7", "icd9", "sha1", "ipv4", "ipv6", "t2dm", "h1n1", "sha2",
	"a1c", "cd4", "cd8", "x12", "hl7", "md5", "p2p", "k8s", "b64", "d2d", "v2x", "r4b", "f2f", "s3",
}

// tokenize splits an identifier into lower-case singular words: the last
// dotted part, camel case, separators, digits and fused lower-case words.
// The words "of", "the", "for" and "and" carry nothing and are left out.
func (l *Lexicon) tokenize(ident string) []string {
	// Longer names exist only in generated or hostile input; the work per
	// word is quadratic in its length, so both are bounded here.
	const maxIdent = 256
	if i := strings.LastIndexByte(ident, '.'); i >= 0 && i+1 < len(ident) {
		ident = ident[i+1:]
	}
	if len(ident) > maxIdent {
		ident = ident[:maxIdent]
	}
	var out []string
	for _, word := range splitCase(ident) {
		out = l.appendWord(out, word)
	}
	return dropStops(out)
}

// dropStops removes connecting words in place, unless nothing would remain.
func dropStops(tokens []string) []string {
	kept := tokens[:0:len(tokens)]
	for i, t := range tokens {
		switch t {
		case "of", "the", "for", "and":
			continue
		case "de", "del", "da", "do", "di":
			// Romance "of" joins two words (fecha_de_nacimiento); at either
			// end the token is something else, and de_identified is English.
			if i > 0 && i+1 < len(tokens) && tokens[i+1] != "identified" {
				continue
			}
		}
		kept = append(kept, t)
	}
	if len(kept) == 0 {
		return tokens
	}
	return kept
}

// splitCase cuts at separators and at camel case borders, and folds case.
func splitCase(s string) []string {
	var words []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			words = append(words, strings.ToLower(s[start:end]))
		}
		start = -1
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isWordByte(c) {
			flush(i)
			continue
		}
		if start >= 0 && isUpper(c) {
			prev := s[i-1]
			nextLower := i+1 < len(s) && isLower(s[i+1])
			// Have: dB | fooB | HTTPs: a border before an upper-case letter
			// that follows a lower one, or that starts the next word.
			if isLower(prev) || prev >= '0' && prev <= '9' || isUpper(prev) && nextLower && !pluralTail(s, i) {
				flush(i)
			}
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(s))
	return words
}

// pluralTail reports whether s[i:] is the plural of an initialism: the Ds of
// "IDs" is no word of its own.
func pluralTail(s string, i int) bool {
	return s[i+1] == 's' && (i+2 == len(s) || isUpper(s[i+2]) || !isWordByte(s[i+2]))
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' || c >= utf8.RuneSelf }
func isWordByte(c byte) bool {
	return isUpper(c) || isLower(c) || c >= '0' && c <= '9'
}

// appendWord appends the tokens of one lower-case run of letters and digits.
func (l *Lexicon) appendWord(out []string, w string) []string {
	for w != "" {
		if m := mixedPrefix(w); m != "" {
			out, w = append(out, m), w[len(m):]
			continue
		}
		n := 0
		for n < len(w) && (w[n] >= '0' && w[n] <= '9') {
			n++
		}
		if n > 0 { // a number on its own says nothing
			w = w[n:]
			continue
		}
		for n < len(w) && (w[n] < '0' || w[n] > '9') {
			n++
		}
		for _, part := range l.segment(w[:n]) {
			out = append(out, l.singular(part))
		}
		w = w[n:]
	}
	return out
}

// mixedPrefix returns the mixed token w starts with, if a border follows it.
func mixedPrefix(w string) string {
	if first := firstDigit(w); first <= 0 { // each of them has one, but not in front
		return ""
	}
	for _, m := range mixed {
		if !strings.HasPrefix(w, m) {
			continue
		}
		if len(w) == len(m) {
			return m
		}
		endsInDigit := m[len(m)-1] >= '0' && m[len(m)-1] <= '9'
		nextDigit := w[len(m)] >= '0' && w[len(m)] <= '9'
		if endsInDigit != nextDigit {
			return m
		}
	}
	return ""
}

// firstDigit returns where the first digit of w stands, or -1.
func firstDigit(w string) int {
	for i := range len(w) {
		if w[i] >= '0' && w[i] <= '9' {
			return i
		}
	}
	return -1
}

// Words of these lengths are tried as several fused words.
const (
	minFused = 7
	maxFused = 60
)

// segment splits a fused word (mothersname, dischtime) into dictionary words
// if they cover it completely; the fewest words win, and a word that the
// dictionary knows whole stays whole.
func (l *Lexicon) segment(w string) []string {
	n := len(w)
	if n < minFused || n > maxFused || l.sets["whole"][w] {
		return []string{w}
	}
	// from[j] is the start of the last word of the best cover of w[:j],
	// words[j] how many words that cover has.
	var fromBuf, wordsBuf [maxFused + 1]int
	from, words := fromBuf[:n+1], wordsBuf[:n+1]
	for i := 0; i < n; i++ {
		if i > 0 && words[i] == 0 {
			continue
		}
		for j := i + 2; j <= n && j-i <= 15; j++ {
			if !l.fusible(w[i:j], i, j == n) {
				continue
			}
			if words[j] == 0 || words[i]+1 < words[j] {
				from[j], words[j] = i, words[i]+1
			}
		}
	}
	if words[n] < 2 {
		return []string{w}
	}
	out := make([]string, words[n])
	for j, k := n, words[n]-1; j > 0; j, k = from[j], k-1 {
		out[k] = w[from[j]:j]
	}
	return out
}

// fusible reports whether part may stand in a fused word. Two letters are
// enough only at its end (patientid) or start (ptname): inside they fit anywhere.
func (l *Lexicon) fusible(part string, at int, last bool) bool {
	if len(part) == 2 {
		return last && at > 0 && (part == "id" || part == "no" || part == "dt") || at == 0 && part == "pt"
	}
	fused := l.sets["fused"]
	return fused[part] || fused[l.singular(part)]
}

// tokenized is tokenize with a memory: schemas repeat their column names.
func (l *Lexicon) tokenized(seen map[string][]string, ident string) []string {
	tokens, ok := seen[ident]
	if !ok {
		tokens = l.tokenize(ident)
		seen[ident] = tokens
	}
	return tokens
}

// singular returns the singular of an English word; words.txt has the
// exceptions.
func (l *Lexicon) singular(w string) string {
	if s, ok := l.plurals[w]; ok {
		return s
	}
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case n > 4 && (strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "xes")):
		return w[:n-2]
	case n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:n-1]
	}
	return w
}
