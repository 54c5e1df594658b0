package pgread_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules/ruletest/pgtest"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/pgread"
)

// The reading has to be right before anything is compared with it.
func TestSnapshot(t *testing.T) {
	for _, major := range pgtest.Majors {
		t.Run(strconv.Itoa(major), func(t *testing.T) {
			t.Parallel()
			s := pgread.NewSession(pgtest.Start(t, major).Database(t))
			for _, sql := range []string{
				"CREATE ROLE reader NOLOGIN",
				"CREATE ROLE jane LOGIN IN ROLE reader",
				"ALTER ROLE jane SET statement_timeout = '5s'",
				"CREATE SCHEMA app",
				"CREATE TABLE app.charts (id integer PRIMARY KEY, note varchar(20))",
				"ALTER TABLE app.charts ENABLE ROW LEVEL SECURITY",
				"CREATE POLICY own ON app.charts FOR SELECT TO reader USING (id = 1)",
				"GRANT SELECT (note) ON app.charts TO reader WITH GRANT OPTION",
				"ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC",
				"CREATE FUNCTION app.f(a integer) RETURNS integer SECURITY DEFINER SET search_path = app LANGUAGE sql AS 'SELECT a'",
			} {
				if err := s.Apply(t, sql); err != nil {
					t.Fatalf("%s: %v", sql, err)
				}
			}
			got := s.Snapshot(t)
			got.ACL = nil
			want := &catalog.Snapshot{
				Tables: []catalog.TableState{{Schema: "app", Name: "charts", Kind: "r", Owner: "postgres", RowSecurity: true}},
				Columns: []catalog.ColumnState{
					{Schema: "app", Table: "charts", Name: "id", Type: "integer", NotNull: true},
					{Schema: "app", Table: "charts", Name: "note", Type: "character varying(20)"},
				},
				Policies: []catalog.PolicyState{{Schema: "app", Table: "charts", Name: "own", Command: "SELECT", Permissive: true, Roles: "reader", HasUsing: true}},
				Roles: []catalog.RoleState{
					{Name: "jane", Inherit: true, Login: true, ConnLimit: -1},
					{Name: "reader", Inherit: true, ConnLimit: -1},
				},
				Memberships: []catalog.MembershipState{{Role: "reader", Member: "jane"}},
				DefaultACLs: []catalog.DefaultACLState{{Role: "postgres", Schema: "app", Kind: "r", Grantee: "PUBLIC", Privilege: "SELECT"}},
				Functions:   []catalog.FunctionState{{Schema: "app", Name: "f", Args: "integer", Owner: "postgres", Definer: true, Config: "search_path=app"}},
				Settings:    []catalog.SettingState{{Role: "jane", Name: "statement_timeout", Value: "5s"}},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("snapshot (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusedStatementLeavesNoTrace(t *testing.T) {
	s := pgread.NewSession(pgtest.Start(t, 15).Database(t))
	s.Begin(t)
	if err := s.Apply(t, "CREATE TABLE a (id integer) -- kept"); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t, "CREATE TABLE a (id integer)"); err == nil || err.Code != "42P07" {
		t.Errorf("second CREATE TABLE = %v, want 42P07", err)
	}
	if got := s.Snapshot(t).Tables; len(got) != 1 {
		t.Errorf("tables = %v, want one", got)
	}
	s.Rollback(t)
	if got := s.Snapshot(t).Tables; len(got) != 0 {
		t.Errorf("tables after the rollback = %v, want none", got)
	}
}
