package knowledge

// DetailFields are the fields of PostgreSQL's error, as the drivers' types
// name them, that quote values of the row or of the statement and that the
// error's own text leaves out. Message is not among them: it is that text.
// What the others hold, a code or a name out of the schema, is no one's data.
var DetailFields = map[string]bool{"Detail": true, "Hint": true, "Where": true, "InternalQuery": true}
