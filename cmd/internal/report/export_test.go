package report

// For tests of what has no exported form.
var (
	Mask       = mask
	LineHashes = lineHashes
	Cut        = cut
)
