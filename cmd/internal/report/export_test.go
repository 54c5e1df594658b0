package report

// LineHashes and Mask are tested by themselves: their vectors come from
// elsewhere.
var (
	LineHashes = lineHashes
	Mask       = mask
)
