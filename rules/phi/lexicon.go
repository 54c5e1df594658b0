package phi

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/lexicon.txt
var lexiconText string

//go:embed data/languages.txt
var languagesText string

//go:embed data/words.txt
var wordsText string

// A Lexicon is a loaded set of terms. It is safe for concurrent use.
type Lexicon struct {
	rules   []*rule
	byID    map[string]*rule
	index   map[string]int32 // token sequence, joined by spaces -> number of its first entry
	entries []entry          // from number 1
	longest int              // tokens in the longest sequence
	sets    map[string]map[string]bool
	plurals map[string]string
	over    overrides
	loading map[string]string // see joined; nil after that
}

// A rule is one line "rule …" of the data with the patterns that belong to it.
type rule struct {
	id       string
	category Category
	tier     int
	context  string // always any person person! personbare patient patientish clin bill
	types    string // * text num !bool
	before   map[string]bool
	after    map[string]bool
}

// An entry says that a token sequence belongs to a rule.
type entry struct {
	rule        *rule
	first, last bool // must stand at the start, at the end of the name
	line        string
	plain       bool  // written without alternatives
	next        int32 // number of the sequence's next entry, or 0
}

// maxSequences bounds what the alternatives of one pattern expand to.
const maxSequences = 4096

var ruleContexts = map[string]bool{
	"always": true, "any": true, "person": true, "person!": true, "personbare": true,
	"patient": true, "patientish": true, "clin": true, "bill": true,
}

var ruleTypes = map[string]bool{"*": true, "text": true, "num": true, "date": true, "json": true, "!bool": true}

var builtin = sync.OnceValues(func() (*Lexicon, error) { return load(Config{}) })

// Default returns the built-in lexicon.
func Default() *Lexicon {
	l, err := builtin()
	if err != nil {
		// The embedded files are tested; a caller still gets something that
		// classifies nothing instead of a crash.
		return &Lexicon{}
	}
	return l
}

// Load returns the built-in lexicon with cfg applied. An error names the entry
// of cfg and what to write instead.
//
// A lexicon is never changed once it is loaded, so a configuration that changes
// nothing gets the one that [Default] returns: loading takes milliseconds, and
// every process of go vet has to.
func Load(cfg Config) (*Lexicon, error) {
	if cfg.changesNothing() {
		return builtin()
	}
	return load(cfg)
}

func (cfg *Config) changesNothing() bool {
	return (cfg.Health == "" || cfg.Health == "auto") && len(cfg.Terms)+len(cfg.Ignore)+len(cfg.Tables)+len(cfg.Columns)+len(cfg.Types)+len(cfg.PatientKeys) == 0
}

func load(cfg Config) (*Lexicon, error) {
	l := &Lexicon{
		byID:    make(map[string]*rule, 64),
		index:   make(map[string]int32, 3200), // as many as there are: growing costs
		entries: make([]entry, 0, 3200),
		sets:    make(map[string]map[string]bool, 32),
		plurals: make(map[string]string, 320),
		loading: make(map[string]string, 1024),
	}
	for _, f := range []struct{ name, text string }{
		{"words.txt", wordsText}, {"lexicon.txt", lexiconText}, {"languages.txt", languagesText},
	} {
		if err := l.parse(f.name, f.text, true); err != nil {
			return nil, err
		}
	}
	for i, term := range cfg.Terms {
		if err := l.parseLine(fmt.Sprintf("terms[%d] %q", i, term), userTerm(term), false); err != nil {
			return nil, err
		}
	}
	if err := l.setOverrides(cfg); err != nil {
		return nil, err
	}
	l.loading = nil
	return l, nil
}

// userTerm lets a configuration name a category where the data files name a
// rule: "MRN: folder number" adds to the category's main rule.
func userTerm(term string) string {
	head, rest, ok := strings.Cut(term, ":")
	if id, known := mainRule[Category(strings.ToUpper(strings.TrimSpace(head)))]; ok && known {
		return id + ":" + rest
	}
	return term
}

// mainRule is the rule that a bare category stands for in a user's terms.
var mainRule = map[Category]string{
	Name: "NAME.PART", Geo: "GEO.SUB", Date: "DATE.EVENT", License: "LICENSE", Phone: "PHONE",
}

// parse reads one data file; strict makes repeated patterns an error.
func (l *Lexicon) parse(name, text string, strict bool) error {
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if err := l.parseLine(name+":"+strconv.Itoa(n), line, strict); err != nil {
			return err
		}
	}
	return nil
}

// parseLine reads one line of the grammar that data/lexicon.txt describes.
func (l *Lexicon) parseLine(where, line string, strict bool) error {
	if i := strings.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	line = strings.TrimSpace(line)
	if line == "" {
		return nil
	}
	switch first, rest, _ := strings.Cut(line, " "); first {
	case "rule":
		return l.parseRule(where, strings.Fields(rest))
	case "plural", "means":
		return l.parsePlural(where, first, strings.Fields(rest))
	}
	head, body, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%s: no colon: write \"RULE: pattern | pattern\", for example \"NAME.PART: apodo\"", where)
	}
	headFields := strings.Fields(head)
	switch {
	case len(headFields) == 2 && headFields[0] == "words":
		return l.parseWords(where, headFields[1], strings.Fields(body), strict)
	case len(headFields) == 2 && (headFields[1] == "before" || headFields[1] == "after"):
		return l.parseNot(where, headFields[0], headFields[1], strings.Fields(body))
	case len(headFields) == 1:
		return l.parsePatterns(where, headFields[0], body, strict)
	}
	return fmt.Errorf("%s: %q is none of \"RULE\", \"RULE before\", \"RULE after\" and \"words SET\"", where, head)
}

func (l *Lexicon) parseRule(where string, f []string) error {
	if len(f) != 5 {
		return fmt.Errorf("%s: a rule line has five fields: rule ID CATEGORY TIER CONTEXT TYPES", where)
	}
	tier, err := strconv.Atoi(f[2])
	r := &rule{id: f[0], category: Category(f[1]), tier: tier, context: f[3], types: f[4]}
	switch {
	case l.byID[r.id] != nil:
		return fmt.Errorf("%s: rule %s is there already", where, r.id)
	case !r.category.Known():
		return fmt.Errorf("%s: unknown category %q", where, f[1])
	case err != nil || tier < 0 || tier > 3:
		return fmt.Errorf("%s: tier %q is not 0, 1, 2 or 3", where, f[2])
	case !ruleContexts[r.context]:
		return fmt.Errorf("%s: unknown context %q: use always, any, person, person!, personbare, patient, patientish, clin or bill", where, f[3])
	case !ruleTypes[r.types]:
		return fmt.Errorf("%s: unknown types %q: use *, text, num, date, json or !bool", where, f[4])
	}
	l.rules = append(l.rules, r)
	l.byID[r.id] = r
	return nil
}

// parsePlural reads a word and what it is taken for: its singular, or, after
// "means", each of several words of other languages and the English one.
func (l *Lexicon) parsePlural(where, kind string, f []string) error {
	if len(f) != 2 && kind == "plural" || len(f) < 2 {
		return fmt.Errorf("%s: a line of this kind has at least two words: plural PLURAL SINGULAR, means ENGLISH WORD WORD", where)
	}
	words, base := f[:1], f[1]
	if kind == "means" {
		words, base = f[1:], f[0]
	}
	for _, w := range words {
		if _, ok := l.plurals[w]; ok {
			return fmt.Errorf("%s: %s %s is there already", where, kind, w)
		}
		l.plurals[w] = base
	}
	l.forgetJoined() // it is another word now
	return nil
}

func (l *Lexicon) parseWords(where, set string, words []string, strict bool) error {
	m := l.sets[set]
	if m == nil {
		if !strict {
			return fmt.Errorf("%s: unknown word set %q", where, set)
		}
		m = make(map[string]bool, len(words))
		l.sets[set] = m
	}
	l.forgetJoined() // they may be split in another way now
	for _, w := range words {
		if strict && m[w] {
			return fmt.Errorf("%s: %q is in set %s already", where, w, set)
		}
		m[w] = true
	}
	return nil
}

// forgetJoined drops what [Lexicon.joined] keeps. Clearing costs what the map
// has room for, even when it is empty, and hundreds of lines come in a row.
func (l *Lexicon) forgetJoined() {
	if len(l.loading) > 0 {
		clear(l.loading)
	}
}

func (l *Lexicon) parseNot(where, id, side string, words []string) error {
	r := l.byID[id]
	if r == nil {
		return l.unknownRule(where, id)
	}
	m := &r.before
	if side == "after" {
		m = &r.after
	}
	if *m == nil {
		*m = make(map[string]bool, len(words))
	}
	for _, w := range words {
		if (*m)[w] {
			return fmt.Errorf("%s: %q is there already", where, w)
		}
		(*m)[w] = true
	}
	return nil
}

func (l *Lexicon) unknownRule(where, id string) error {
	return fmt.Errorf("%s: unknown rule %q: use a category such as MRN or a rule of data/lexicon.txt such as NAME.PART", where, id)
}

func (l *Lexicon) parsePatterns(where, id, body string, strict bool) error {
	r := l.byID[id]
	if r == nil {
		return l.unknownRule(where, id)
	}
	for _, text := range strings.Split(body, "|") {
		text = strings.TrimSpace(text)
		if text == "" {
			return fmt.Errorf("%s: empty pattern of %s", where, id)
		}
		if err := l.addPattern(where, r, text, strict); err != nil {
			return err
		}
	}
	return nil
}

// addPattern expands the alternatives of a pattern into token sequences.
func (l *Lexicon) addPattern(where string, r *rule, text string, strict bool) error {
	e := entry{rule: r, line: where, plain: !strings.ContainsAny(text, "/?")}
	if e.first = text[0] == '^'; e.first {
		text = text[1:]
	}
	if e.last = strings.HasSuffix(text, "$"); e.last {
		text = text[:len(text)-1]
	}
	if e.plain {
		return l.addPlain(where, text, e, strict)
	}
	seqs := []string{""}
	for _, word := range strings.Fields(text) {
		optional := strings.HasSuffix(word, "?")
		alts := strings.Split(strings.TrimSuffix(word, "?"), "/")
		next := make([]string, 0, len(seqs)*(len(alts)+1))
		if optional {
			next = append(next, seqs...)
		}
		for _, alt := range alts {
			tail := l.joined(alt)
			if tail == "" {
				return noLetters(where, text, r)
			}
			for _, s := range seqs {
				if s != "" {
					s += " "
				}
				next = append(next, s+tail)
			}
		}
		if len(next) > maxSequences {
			return fmt.Errorf("%s: %q of %s has too many alternatives: split it", where, text, r.id)
		}
		seqs = next
	}
	for _, s := range seqs {
		if s == "" {
			return fmt.Errorf("%s: %q of %s matches the empty name: make one word not optional", where, text, r.id)
		}
		if err := l.addSequence(where, s, e, strict); err != nil {
			return err
		}
	}
	return nil
}

func noLetters(where, text string, r *rule) error {
	return fmt.Errorf("%s: %q of %s has an alternative without letters", where, text, r.id)
}

// addPlain is addPattern for a pattern without alternatives, as most are.
func (l *Lexicon) addPlain(where, text string, e entry, strict bool) error {
	seq := ""
	for word := range strings.FieldsSeq(text) {
		tail := l.joined(word)
		if tail == "" {
			return noLetters(where, text, e.rule)
		}
		if seq != "" {
			seq += " "
		}
		seq += tail
	}
	if seq == "" {
		return fmt.Errorf("%s: %q of %s matches the empty name: make one word not optional", where, text, e.rule.id)
	}
	return l.addSequence(where, seq, e, strict)
}

// joined returns the tokens of a word with spaces between them. Patterns have
// few words, each many times.
func (l *Lexicon) joined(word string) string {
	tail, ok := l.loading[word]
	if !ok {
		tail = strings.Join(l.tokenize(word), " ")
		l.loading[word] = tail
	}
	return tail
}

// addSequence enters one sequence. A plain pattern that another line of the
// rule already says is an error: it would be dead weight.
func (l *Lexicon) addSequence(where, seq string, e entry, strict bool) error {
	last := int32(0)
	for n := l.index[seq]; n > 0; n = l.entries[n-1].next {
		last = n
		old := &l.entries[n-1]
		if old.rule != e.rule || old.first != e.first || old.last != e.last {
			continue
		}
		if strict && old.plain && e.plain {
			return fmt.Errorf("%s: [%s] of %s repeats %s", where, seq, e.rule.id, old.line)
		}
		return nil
	}
	l.entries = append(l.entries, e)
	if n := int32(len(l.entries)); last == 0 {
		l.index[seq] = n
	} else {
		l.entries[last-1].next = n
	}
	if n := strings.Count(seq, " ") + 1; n > l.longest {
		l.longest = n
	}
	return nil
}
