//go:build race

package lsp_test

// slowdown is what the race detector may cost a promise about time.
const slowdown = 10
