module github.com/phivet/phivet/cmd/nogo/testdata/driver

go 1.26.0

require (
	github.com/aymanbagabas/go-udiff v0.4.1
	github.com/phivet/phivet v0.0.0
	golang.org/x/tools v0.52.0
)

replace (
	github.com/phivet/phivet => ../../../..
	golang.org/x/tools => ./tools
)
