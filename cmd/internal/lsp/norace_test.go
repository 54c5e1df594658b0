//go:build !race

package lsp_test

const slowdown = 1
