package pgtest

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// switchesUser reports whether the server needs another user: PostgreSQL
// refuses to run as root.
func switchesUser() bool { return os.Geteuid() == 0 }

// serverUser returns the user and group that the server runs as.
func serverUser() (uid, gid int) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if errUID == nil && errGID == nil {
			return uid, gid
		}
	}
	return 65534, 65534
}

// giveAway makes dir the server's user's own.
func giveAway(dir string) error {
	if !switchesUser() {
		return nil
	}
	uid, gid := serverUser()
	return os.Chown(dir, uid, gid)
}

// asServerUser has cmd run as the server's user and end with this process, even
// when a test run is killed and no cleanup happens.
func asServerUser(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if switchesUser() {
		uid, gid := serverUser()
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
}
