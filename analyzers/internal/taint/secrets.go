package taint

import (
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"
)

// secretWords are the words that call a value a credential, where they stand
// at the end of its name. Each is a sequence of words of the name.
var secretWords = [][]string{
	{"password"}, {"passwd"}, {"pwd"}, {"passphrase"}, {"secret"}, {"secrets"}, {"creds"},
	{"db", "credentials"}, {"database", "credentials"}, {"login", "credentials"}, {"user", "credentials"}, {"aws", "credentials"},
	{"api", "key"}, {"apikey"}, {"secret", "key"}, {"private", "key"}, {"rsa", "key"}, {"signing", "key"}, {"encryption", "key"}, {"master", "key"},
	{"account", "key"}, {"auth", "key"}, {"shared", "key"}, {"authorization"}, {"proxy", "authorization"}, {"jwt"},
	{"access", "token"}, {"refresh", "token"}, {"auth", "token"}, {"id", "token"}, {"bearer", "token"}, {"bearer"}, {"session", "token"},
	{"api", "token"}, {"reset", "token"}, {"service", "token"}, {"bot", "token"}, {"login", "token"}, {"jwt", "token"},
	{"dsn"}, {"database", "url"}, {"database", "uri"}, {"db", "url"}, {"db", "uri"}, {"postgres", "url"}, {"postgresql", "url"},
	{"pg", "url"}, {"redis", "url"}, {"mongo", "uri"}, {"mongodb", "uri"}, {"amqp", "url"}, {"connection", "string"}, {"connection", "uri"},
	{"conn", "string"}, {"conn", "str"}, {"connstr"}, {"connstring"}, {"db", "connection"}, {"db", "conn", "string"},
	{"postgres", "dsn"}, {"pgpassword"}, {"otp"}, {"set", "cookie"},
}

// secretTail are words after a secret that leave it one: passwordValue.
var secretTail = map[string]bool{
	"value": true, "string": true, "str": true, "text": true, "plain": true, "raw": true, "header": true, "bytes": true,
	"plaintext": true, "input": true, "1": true, "2": true, "new": true, "old": true, "prod": true, "env": true, "val": true,
}

// secretHead are words before a secret that leave nothing of it.
var secretHead = map[string]bool{
	"hashed": true, "encrypted": true, "masked": true, "redacted": true, "has": true, "is": true, "no": true, "missing": true,
	"sanitized": true, "safe": true, "hidden": true, "num": true, "max": true, "min": true, "total": true, "sealed": true, "public": true,
	"obfuscated": true, "truncated": true, "scrubbed": true, "anonymized": true, "wrapped": true, "required": true,
}

// secret reports whether n is a credential by its name: its last words say so.
func secret(n *node) bool {
	switch n.kind {
	case kParam, kLeaf, kField, kElem:
	default:
		return false
	}
	switch n.typ {
	case "string", "bytes", "other", "json", "":
	default:
		return false // a flag, a number, a time, an error about it
	}
	return secretName(n.name)
}

// secretName reports whether a value of that name is a credential.
func secretName(name string) bool {
	if name == "" || len(name) > 80 || !mayBeSecret(name) {
		return false
	}
	parts := strings.Split(name, ".")
	if k := len(parts); k > 1 {
		// Have: cfg.Database.URL. What holds the field may be what says it.
		whole := nameWords(parts[k-1])
		return secretWordsEnd(whole) || secretWordsEnd(append(nameWords(parts[k-2]), whole...))
	}
	return secretWordsEnd(nameWords(name))
}

func secretWordsEnd(words []string) bool {
	for {
		for _, s := range secretWords {
			at := len(words) - len(s)
			if at >= 0 && slices.Equal(words[at:], s) {
				return at == 0 || !secretHead[words[at-1]] && !secretHead[words[0]]
			}
		}
		if len(words) < 2 || !secretTail[words[len(words)-1]] {
			return false
		}
		words = words[:len(words)-1]
	}
}

// bareToken reports whether all that says that n is a credential is the word
// token, which may as well be one of a language.
func bareToken(n *node) bool {
	return (n.kind == kParam || n.kind == kLeaf || n.kind == kField) && n.typ == "string" &&
		strings.EqualFold(n.name[strings.LastIndexByte(n.name, '.')+1:], "token")
}

// mayBeSecret tells cheaply that most names are of no interest.
func mayBeSecret(name string) bool {
	for _, part := range [...]string{"ass", "wd", "ecret", "red", "ey", "uthoriz", "wt", "oken", "sn", "rl", "ri", "tr", "onn", "earer", "otp", "ookie",
		"ASS", "WD", "ECRET", "RED", "EY", "UTHORIZ", "WT", "OKEN", "SN", "RL", "RI", "TR", "ONN", "EARER", "OTP"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// nameWords splits a name into its words, in lower case: dbPassword, DB_PASSWORD,
// database.password.
func nameWords(name string) []string {
	var words []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			continue
		case unicode.IsUpper(r):
			// The start of a word: after a small letter, or the last capital
			// of an abbreviation, as in APIKey.
			if i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
				flush()
			}
		case unicode.IsDigit(r) && i > 0 && !unicode.IsDigit(runes[i-1]):
			flush()
		}
		word.WriteRune(unicode.ToLower(r))
	}
	flush()
	return words
}

// secretLeaks finds the first credential in n that is logged. JSON says that n
// is written as JSON.
func (e *engine) secretLeaks(n *node, json bool) []leak {
	var out []leak
	found := func(n *node, message string) bool {
		out = append(out, leak{"PHI211", n, n, message})
		return false
	}
	walkPrinted(n, func(n *node) bool {
		if len(out) > 0 {
			return false
		}
		switch n.kind {
		case kQuery:
			return false // no driver quotes the password of its connection
		case kError: // net/http's errors quote the address, without its password
			return strings.HasPrefix(n.name, "url.")
		case kField, kParam, kLeaf, kElem:
			switch {
			case n.typ == "headers":
				return found(n, display(n)+" is logged as a whole, with Authorization and Cookie")
			case secret(n) && !unset(n):
				return found(n, display(n)+" is logged")
			case bareToken(n) && !e.aboutLanguage() && !unset(n):
				return found(n, display(n)+" is logged")
			}
			// What unknown code makes of a credential, such as the issuer of a
			// token, need not be one; a URL is still what it was parsed from.
			return n.kind == kElem && n.text == "" || n.kind == kLeaf && n.typ == "struct"
		case kFormat:
			if json { // a text, put together before it became a part of JSON
				for _, x := range n.x {
					out = append(out, e.secretLeaks(x, false)...)
				}
				return false
			}
		case kThrough:
			switch n.typ {
			case "json", "jsonstructs":
				for _, x := range n.x {
					out = append(out, e.secretLeaks(x, true)...)
				}
				return false
			case "secrets":
				plain, encoded, _ := strings.Cut(n.text, "|")
				if json {
					plain = encoded
				}
				if plain != "" {
					return found(n, n.name+" is logged as a whole ("+plain+")")
				}
				return false
			}
			return n.typ != "redacted" && n.typ != "pgerror"
		case kSame:
			return n.typ != "part"
		}
		return true
	})
	return out[:min(1, len(out))]
}

// aboutLanguage reports whether the package takes texts apart, so that a token
// is a word to it.
func (e *engine) aboutLanguage() bool {
	path := strings.ToLower(e.pass.Pkg.Path())
	for _, w := range [...]string{"lex", "pars", "scan", "token", "syntax", "ast", "templ", "search", "nlp", "gpt", "llm"} {
		if strings.Contains(path, w) {
			return true
		}
	}
	return false
}

// unset reports whether what a field belongs to is known, and the field unset.
func unset(n *node) bool { return n.kind == kField && n.x[0].kind == kConst }

// withSecrets marks a struct that holds credentials, on its way to be printed:
// what becomes an interface with methods is on its way to have them called.
func (e *engine) withSecrets(v *ssa.MakeInterface, n *node) *node {
	named := elementType(v.X.Type())
	if named == nil || named.Obj().Pkg() == nil || v.Type().Underlying().(*types.Interface).NumMethods() > 0 {
		return n
	}
	fields, ok := e.secretTypes[named]
	if !ok {
		if plain := findSecrets(named, false, 0); plain != "" {
			fields = plain + "|" + findSecrets(named, true, 0)
		}
		e.secretTypes[named] = fields
	}
	if fields == "" {
		return n
	}
	return &node{kind: kThrough, typ: "secrets", name: named.Obj().Name(), text: fields, x: []*node{n}, pos: n.pos}
}

// elementType returns the named type below pointers, slices and arrays.
func elementType(t types.Type) *types.Named {
	for range 4 {
		t = types.Unalias(t)
		if named, ok := t.(*types.Named); ok {
			return named
		}
		elem, ok := t.(interface{ Elem() types.Type })
		if !ok {
			return nil
		}
		t = elem.Elem()
	}
	return nil
}

// findSecrets returns the names of the credentials that printing a struct
// shows, as JSON or otherwise, or "". Types that print themselves show what
// they want.
func findSecrets(named *types.Named, json bool, depth int) string {
	s, ok := named.Underlying().(*types.Struct)
	if !ok || depth > 3 || ownText(named) {
		return ""
	}
	var names []string
	for i := range s.NumFields() {
		f := s.Field(i)
		if json && outOfJSON(s, i) {
			continue
		}
		if inner, ok := types.Unalias(f.Type()).(*types.Named); ok && kindOf(inner) == "struct" {
			if found := findSecrets(inner, json, depth+1); found != "" {
				names = append(names, found)
			}
			continue
		}
		_, pointer := f.Type().Underlying().(*types.Pointer) // printed as an address
		if kind := kindOf(f.Type()); !pointer && (kind == "string" || kind == "bytes") && !ownText(f.Type()) && secretName(f.Name()) {
			names = append(names, f.Name())
		}
	}
	if len(names) > 3 {
		names = append(names[:2:2], "…")
	}
	return strings.Join(names, ", ")
}
