// Package pgtest runs real PostgreSQL servers for tests.
//
// A [Server] listens on a socket in a temporary directory and nowhere else, and
// ends with the test that started it.
//
// The binaries come from the directories in PHIVET_PG15_BIN and PHIVET_PG17_BIN,
// which make test sets. Without them a test is skipped, or fails where CI=true.
package pgtest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Majors are the PostgreSQL versions that tests run against: the oldest that
// phivet's users have and the one whose grammar the parser has.
var Majors = []int{15, 17}

// fallbacks are looked at when the variable is not set, so that a plain
// "go test" finds a server too.
var fallbacks = map[int]string{15: "/usr/lib/postgresql/15/bin", 17: "/usr/lib/postgresql/17/bin"}

// A Server is one running PostgreSQL.
type Server struct {
	Major  int
	socket string
	next   int
}

// Start starts a server of that major version and stops it when t ends.
func Start(t testing.TB, major int) *Server {
	t.Helper()
	return StartWith(t, major, "")
}

// StartWith is Start with lines that are added to postgresql.conf.
func StartWith(t testing.TB, major int, settings string) *Server {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no PostgreSQL server without unix sockets")
	}
	bin := binaries(t, major)
	// Not t.TempDir: a socket's path is limited to 107 bytes, and the
	// server's user must be able to enter each directory on the way.
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if bin, err = readable(bin, dir); err != nil {
		t.Fatal(err)
	}
	if err := giveAway(dir); err != nil {
		t.Fatal(err)
	}
	s := &Server{Major: major, socket: dir}
	s.initialize(t, bin)
	s.configure(t, settings)
	s.run(t, bin)
	return s
}

// RequireLibrary skips the test, or fails it where CI=true, if the server of
// that major version has no loadable module of that name, such as "pgaudit".
func RequireLibrary(t testing.TB, major int, name string) {
	t.Helper()
	lib := filepath.Join(filepath.Dir(binaries(t, major)), "lib")
	for _, dir := range []string{lib, filepath.Join(lib, "postgresql")} {
		if _, err := os.Stat(filepath.Join(dir, name+".so")); err == nil {
			return
		}
	}
	message := fmt.Sprintf("PostgreSQL %d has no %s in %q: run make setup", major, name, lib)
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
}

// Data returns the server's data directory.
func (s *Server) Data() string { return filepath.Join(s.socket, "data") }

// configure adds lines to postgresql.conf. They go into a file that is there
// already, so that it stays the server's own.
func (s *Server) configure(t testing.TB, settings string) {
	t.Helper()
	if settings == "" {
		return
	}
	f, err := os.OpenFile(filepath.Join(s.Data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("\n" + settings + "\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// binaries returns the directory that holds initdb and postgres.
func binaries(t testing.TB, major int) string {
	t.Helper()
	variable := fmt.Sprintf("PHIVET_PG%d_BIN", major)
	dir := os.Getenv(variable)
	if dir == "" {
		dir = fallbacks[major]
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres")); err == nil {
		return dir
	}
	message := fmt.Sprintf("no PostgreSQL %d in %q: run make setup, or set %s", major, dir, variable)
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// readable returns bin, or a copy of its installation below dir when the user
// that the server runs as could not enter bin: a repository below /root, say.
func readable(bin, dir string) (string, error) {
	if !switchesUser() || enterable(bin) {
		return bin, nil
	}
	root := filepath.Join(dir, "install")
	if err := os.CopyFS(root, os.DirFS(filepath.Dir(bin))); err != nil {
		return "", fmt.Errorf("copying PostgreSQL to where its user can read it: %w", err)
	}
	return filepath.Join(root, filepath.Base(bin)), nil
}

// enterable reports whether others than the owner may enter dir.
func enterable(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		return true
	}
}

// command is exec.Command as the user that the server runs as.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.socket
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "PGDATA=", "HOME="+s.socket)
	asServerUser(cmd)
	return cmd
}

func (s *Server) initialize(t testing.TB, bin string) {
	t.Helper()
	out, err := s.command(filepath.Join(bin, "initdb"), "-D", filepath.Join(s.socket, "data"),
		"-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8").CombinedOutput()
	if err != nil {
		t.Fatalf("initdb of PostgreSQL %d: %v\n%s", s.Major, err, out)
	}
}

func (s *Server) run(t testing.TB, bin string) {
	t.Helper()
	var log bytes.Buffer
	cmd := s.command(filepath.Join(bin, "postgres"), "-D", filepath.Join(s.socket, "data"), "-k", s.socket,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
		"-c", "max_connections=20", "-c", "max_locks_per_transaction=512", "-c", "autovacuum=off", "-c", "jit=off")
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting PostgreSQL %d: %v", s.Major, err)
	}
	var exit error
	ended := make(chan struct{})
	go func() { exit = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		// SIGINT is PostgreSQL's fast shutdown.
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.ConnectConfig(t.Context(), s.config(t, "postgres"))
		if err == nil {
			_ = conn.Close(t.Context())
			return
		}
		select {
		case <-ended:
			t.Fatalf("PostgreSQL %d ended at once: %v\n%s", s.Major, exit, log.String())
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("PostgreSQL %d does not answer: %v", s.Major, err)
		}
	}
}

// noticeKey is where a connection keeps who wants its notices.
const noticeKey = "pgtest.notice"

// OnNotice has f called with each notice that the server sends to conn.
func OnNotice(conn *pgx.Conn, f func(*pgconn.Notice)) {
	conn.PgConn().CustomData()[noticeKey] = f
}

// config returns the settings of a superuser's connection over the socket.
func (s *Server) config(t testing.TB, database string) *pgx.ConnConfig {
	t.Helper()
	config, err := pgx.ParseConfig("sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	config.Host, config.Port = s.socket, 5432
	config.User, config.Password, config.Database = "postgres", "", database
	// Migrations hold several statements and no parameters.
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.OnNotice = func(conn *pgconn.PgConn, n *pgconn.Notice) {
		if f, ok := conn.CustomData()[noticeKey].(func(*pgconn.Notice)); ok {
			f(n)
		}
	}
	return config
}

// Database returns a connection to a new, empty database. When t ends, the
// database is dropped and with it every role, because roles belong to the
// server.
func (s *Server) Database(t testing.TB) *pgx.Conn {
	t.Helper()
	s.next++
	name := "test" + strconv.Itoa(s.next)
	admin := s.connect(t, "postgres")
	if _, err := admin.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's context is done by now; admin's own cleanup runs later.
		ctx := context.WithoutCancel(t.Context())
		if _, err := admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		if err := dropDatabases(ctx, admin); err != nil {
			t.Error(err)
		}
		if err := dropRoles(ctx, admin); err != nil {
			t.Error(err)
		}
	})
	return s.connect(t, name)
}

// Socket returns the directory that the server's socket is in. A program of
// its own connects with that as its host, as postgres, without a password.
func (s *Server) Socket() string { return s.socket }

// dropDatabases drops what a history made beside the database it ran in, and
// what it set for every database, so that the next one does not see it.
func dropDatabases(ctx context.Context, admin *pgx.Conn) error {
	names, err := texts(ctx, admin, `SELECT quote_ident(datname) FROM pg_database WHERE datname !~ '^(postgres|template\d|test\d+)$'`)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	_, err = admin.Exec(ctx, "ALTER ROLE ALL RESET ALL; ALTER DATABASE postgres RESET ALL; ALTER ROLE postgres RESET ALL")
	return err
}

func texts(ctx context.Context, conn *pgx.Conn, query string) ([]string, error) {
	result, err := conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(result, pgx.RowTo[string])
}

func dropRoles(ctx context.Context, admin *pgx.Conn) error {
	names, err := texts(ctx, admin, "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'")
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := admin.Exec(ctx, "DROP OWNED BY "+name+" CASCADE; DROP ROLE "+name); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) connect(t testing.TB, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), s.config(t, database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's context is done by now.
		_ = conn.Close(context.WithoutCancel(t.Context()))
	})
	return conn
}
