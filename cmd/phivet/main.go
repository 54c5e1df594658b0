// Phivet finds the places where a Go service on PostgreSQL lets protected
// health information out of its data rows, and where the database lets the
// wrong people at it.
//
// Usage:
//
//	phivet [check] [packages and paths]   check the project in the working directory
//	phivet audit-log FILE…                find PHI and passwords in logs of PostgreSQL
//	phivet explain RULE                   tell what a rule is about and how to fix it
//	phivet rules                          list the rules
//	phivet lsp                            serve an editor
//	phivet version
//
// As go vet -vettool=$(which phivet) ./... it is a vet tool.
//
// The exit code is 0 without findings, 1 with findings, 2 for wrong usage or
// configuration, and 3 if part of the input could not be analysed and no
// finding makes it 1.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/phivet/phivet/cmd/internal/heap"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/cmd/internal/unit"
)

func main() {
	if args := os.Args[1:]; unit.Is(args) {
		if err := unit.Main(args, os.Stdout, run.Rules()); err != nil {
			fmt.Fprintf(os.Stderr, "phivet: %v\n", err)
			os.Exit(run.ExitUsage)
		}
		return
	}
	heap.Start(64<<20, 100)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
