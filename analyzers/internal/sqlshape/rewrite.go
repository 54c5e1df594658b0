package sqlshape

// A Piece is a part of a new argument: constant text, or the value of a hole.
type Piece struct {
	Text string
	Hole bool
	ID   int
}

// An Arg is an argument that a rewritten text asks for.
type Arg struct {
	// Placeholder is what stands in the text: $3, ?, :ssn.
	Placeholder string
	// Index is the argument's place in the list that the driver gets, counted
	// from 0 after all insertions; arguments come in ascending order of it.
	// It is -1 for named styles.
	Index int
	// Name is set for named styles.
	Name string
	// Pieces are to be concatenated: `'%`+x+`%'` gives "%", x, "%". A value
	// that stood alone is one piece and keeps its type.
	Pieces []Piece
}

// A Rewrite is a text with placeholders in the place of values.
type Rewrite struct {
	OK     bool
	Reason string // why there is no mechanical rewrite
	Parts  []Part // what is left: constant text and other holes
	Args   []Arg  // the new arguments only
	// Existing counts the arguments that the old text asked for. A caller
	// compares it with the arguments of the call.
	Existing int
}
