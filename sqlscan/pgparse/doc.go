// Package pgparse reads SQL with PostgreSQL's own grammar.
//
// It is the only package of phivet that names the parser library. [Parse]
// splits a file into statements and parses each by itself, so that one broken
// statement costs one [SyntaxError] and not the file. [Scan] gives the tokens,
// comments included. [Walk] visits a tree. [Cache.ParsePLpgSQL] reads what a
// function body or a DO block executes. [Mask] hides every literal of a text.
//
// Splitting, scanning and masking are written in Go and total: any bytes give
// a result, in linear time. The grammar itself is libpg_query; built without
// cgo, the same C code runs as WebAssembly, slower but with the same trees.
//
// All positions are byte offsets. Locations inside a tree count from the start
// of its statement; [Statement.Offset] turns them into offsets of the file.
package pgparse
