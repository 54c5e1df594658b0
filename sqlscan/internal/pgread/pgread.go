// Package pgread reads from a PostgreSQL server's system catalogs, for tests,
// what phivet's replay claims to know.
//
// A [Session] applies statements one by one and says which of them the server
// refused.
package pgread

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/phivet/phivet/rules/ruletest/pgtest"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// statementTimeout bounds one statement: a test must not wait on a lock, nor on
// the rows of a COPY.
const statementTimeout = 20 * time.Second

// A Session applies a history to a server and reads the state it leads to.
type Session struct {
	conn *pgx.Conn
	tx   bool
}

// NewSession returns a session on conn. It commits each statement.
func NewSession(conn *pgx.Conn) *Session { return &Session{conn: conn} }

// noPrivileges says that a GRANT or REVOKE did less than it says, because the
// role that ran it may not give what it names. The server only warns; for a
// history that a replay is to trust, it is a refusal.
var noPrivileges = map[string]bool{"01007": true, "01006": true}

// Begin starts a transaction that ends with [Session.Rollback].
func (s *Session) Begin(t testing.TB) {
	t.Helper()
	s.must(t, "BEGIN")
	s.tx = true
}

// Rollback undoes everything since [Session.Begin].
func (s *Session) Rollback(t testing.TB) {
	t.Helper()
	s.tx = false
	s.must(t, "ROLLBACK")
}

// Apply runs one statement. It returns the server's error and leaves no trace
// of a statement that failed. Any other error ends the test.
func (s *Session) Apply(t testing.TB, sql string) *pgconn.PgError {
	t.Helper()
	// A history may have opened a transaction of its own.
	guarded := s.tx || s.conn.PgConn().TxStatus() == 'T' && !controlsTransaction(sql)
	if guarded {
		// Not in one text with sql: an older server does not parse all of the
		// newest grammar, and would not set the savepoint either.
		s.must(t, "SAVEPOINT statement")
	}
	ctx, cancel := context.WithTimeout(t.Context(), statementTimeout)
	defer cancel()
	var warning *pgconn.PgError
	pgtest.OnNotice(s.conn, func(n *pgconn.Notice) {
		if noPrivileges[n.Code] {
			warning = (*pgconn.PgError)(n)
		}
	})
	_, err := s.conn.Exec(ctx, sql)
	var pgErr *pgconn.PgError
	if err != nil && (!errors.As(err, &pgErr) || s.conn.IsClosed()) {
		t.Fatalf("%s: %v", sql, err)
	}
	if pgErr == nil {
		pgErr = warning
	}
	if guarded && pgErr != nil {
		s.must(t, "ROLLBACK TO SAVEPOINT statement")
	}
	if guarded {
		s.must(t, "RELEASE SAVEPOINT statement")
	}
	return pgErr
}

func controlsTransaction(sql string) bool {
	statements := pgparse.Parse([]byte(sql))
	return len(statements) == 1 && statements[0].Node.GetTransactionStmt() != nil
}

// EndFile ends the transaction that a file left open, as the tools do, and
// forgets its settings: the next file may run on another connection.
func (s *Session) EndFile(t testing.TB) {
	t.Helper()
	if s.conn.PgConn().TxStatus() != 'I' {
		s.must(t, "COMMIT")
	}
	s.must(t, "DISCARD ALL")
}

func (s *Session) must(t testing.TB, sql string) {
	t.Helper()
	if _, err := s.conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Snapshot reads the server's catalogs in the terms of the replay's snapshot.
func (s *Session) Snapshot(t testing.TB) *catalog.Snapshot {
	t.Helper()
	// format_type leaves out the schemas that the path has.
	s.must(t, "RESET ROLE; SET search_path TO DEFAULT")
	out, err := read(t.Context(), s.conn)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func rows[T any](ctx context.Context, conn *pgx.Conn, into *[]T, query string) error {
	result, err := conn.Query(ctx, query)
	if err != nil {
		return err
	}
	*into, err = pgx.CollectRows(result, pgx.RowToStructByPos[T])
	return err
}
