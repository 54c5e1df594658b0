package sqlshape

// Parsed returns how many bytes of text Analyze gives to the grammar.
func (c Context) Parsed(parts []Part) int {
	a := newAnalysis(c, parts)
	a.run()
	return a.parsed
}
