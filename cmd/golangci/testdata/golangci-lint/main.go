// The golangci-lint that golangci-lint custom would build, without fetching
// anything at run time: its own commands, and phivet as a plugin.
package main

import (
	"fmt"
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/phivet/phivet/cmd/golangci"
)

func main() {
	if err := commands.Execute(commands.BuildInfo{Version: "2.15.0", GoVersion: "unknown", Commit: "?"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
