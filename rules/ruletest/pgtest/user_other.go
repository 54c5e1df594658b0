//go:build !linux

package pgtest

import "os/exec"

func switchesUser() bool    { return false }
func giveAway(string) error { return nil }
func asServerUser(*exec.Cmd) {
}
