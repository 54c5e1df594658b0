package sqlscan_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/rules/ruletest/pgtest"
	"github.com/phivet/phivet/sqlscan"
	"github.com/phivet/phivet/sqlscan/internal/source"
)

const (
	repairTables = "CREATE TABLE patients (id uuid PRIMARY KEY, clinic_id uuid, ssn text, birth_date date);\n" +
		"CREATE TABLE visits (id bigint PRIMARY KEY, patient_id uuid REFERENCES patients, diagnosis text);\n"
	repairOn = "ALTER TABLE visits ENABLE ROW LEVEL SECURITY;\n" +
		"CREATE POLICY own ON visits TO current_user USING (patient_id = nullif(current_setting('app.patient_id', true), '')::uuid);\n"
)

// layouts are histories of two migrations, each as its tool lays them out, and
// the files that a repair adds.
var layouts = []struct {
	name  string
	files ruletest.Files
	want  []string
	down  func(file, content string) string // the way down in an added file; nil: there is none
}{
	{"golang-migrate", ruletest.Files{
		"db/000009_init.up.sql": repairTables, "db/000009_init.down.sql": "DROP TABLE visits, patients;",
		"db/000010_rls.up.sql": repairOn, "db/000010_rls.down.sql": "DROP POLICY own ON visits;",
	}, []string{"db/000011_row_level_security.down.sql", "db/000011_row_level_security.up.sql"}, downFile},
	{"golang-migrate without a way down", ruletest.Files{
		"db/1_init.up.sql": repairTables, "db/2_rls.up.sql": repairOn,
	}, []string{"db/3_row_level_security.up.sql"}, nil},
	{"goose", ruletest.Files{
		"migrations/20240229235958_init.sql": "-- +goose Up\n" + repairTables + "-- +goose Down\nDROP TABLE visits, patients;\n",
		"migrations/20240229235959_rls.sql":  "-- +goose Up\n" + repairOn + "-- +goose Down\nDROP POLICY own ON visits;\n",
	}, []string{"migrations/20240301000000_row_level_security.sql"}, downSection("-- +goose Down\n")},
	{"sql-migrate", ruletest.Files{
		"migrations/1-init.sql": "-- +migrate Up\n" + repairTables + "-- +migrate Down\nDROP TABLE visits, patients;\n",
		"migrations/2-rls.sql":  "-- +migrate Up\n" + repairOn,
	}, []string{"migrations/3-row_level_security.sql"}, downSection("-- +migrate Down\n")},
	{"dbmate", ruletest.Files{
		"db/migrations/20240101000000_init.sql": "-- migrate:up\n" + repairTables + "\n-- migrate:down\nDROP TABLE visits, patients;\n",
		"db/migrations/20240101000001_rls.sql":  "-- migrate:up\n" + repairOn + "\n-- migrate:down\n",
	}, []string{"db/migrations/20240101000002_row_level_security.sql"}, downSection("-- migrate:down\n")},
	{"tern", ruletest.Files{
		"migrations/tern.conf": "", "migrations/008_init.sql": repairTables + "---- create above / drop below ----\nDROP TABLE visits, patients;\n",
		"migrations/009_rls.sql": repairOn,
	}, []string{"migrations/010_row_level_security.sql"}, downSection("---- create above / drop below ----\n")},
	{"rambler", ruletest.Files{
		"migrations/01_init.sql": "-- rambler up\n" + repairTables + "-- rambler down\nDROP TABLE visits, patients;\n", "migrations/02_rls.sql": "-- rambler up\n" + repairOn,
	}, []string{"migrations/03_row_level_security.sql"}, downSection("-- rambler down\n")},
	{"node-pg-migrate", ruletest.Files{
		"migrations/1700000000000_init.sql": "-- Up Migration\n" + repairTables + "-- Down Migration\nDROP TABLE visits, patients;\n", "migrations/1700000000009_rls.sql": "-- Up Migration\n" + repairOn,
	}, []string{"migrations/1700000000010_row_level_security.sql"}, downSection("-- Down Migration\n")},
	{"mybatis", ruletest.Files{
		"scripts/20240101000000_init.sql": "-- // init\n" + repairTables + "-- //@UNDO\nDROP TABLE visits, patients;\n", "scripts/20240101000001_rls.sql": "-- // rls\n" + repairOn + "-- //@UNDO\n",
	}, []string{"scripts/20240101000002_row_level_security.sql"}, downSection("-- //@UNDO\n")},
	{"flyway", ruletest.Files{
		"db/migration/V1__init.sql": repairTables, "db/migration/V1.9__rls.sql": repairOn, "db/migration/R__views.sql": "CREATE OR REPLACE VIEW v WITH (security_invoker) AS SELECT id FROM patients;",
	}, []string{"db/migration/V1.10__row_level_security.sql"}, nil},
	{"flyway with undo scripts", ruletest.Files{
		"db/V11__init.sql": repairTables, "db/V12__rls.sql": repairOn, "db/U12__rls.sql": "DROP POLICY own ON visits;",
	}, []string{"db/U13__row_level_security.sql", "db/V13__row_level_security.sql"}, func(file, content string) string {
		if strings.HasPrefix(filepath.Base(file), "U") {
			return content
		}
		return ""
	}},
	{"liquibase", ruletest.Files{
		"changelog/001-init.sql": "-- liquibase formatted sql\n-- changeset a:1\n" + repairTables, "changelog/002-rls.sql": "-- liquibase formatted sql\n-- changeset a:2\n" + repairOn,
	}, []string{"changelog/003-row_level_security.sql"}, func(_, content string) string {
		_, down, _ := strings.Cut(content, "-- rollback ")
		return strings.ReplaceAll(down, "-- rollback ", "")
	}},
	{"supabase", ruletest.Files{
		"supabase/migrations/20240131235959_init.sql": repairTables + repairOn,
	}, []string{"supabase/migrations/20240201000000_row_level_security.sql"}, nil},
	{"atlas", ruletest.Files{
		"migrations/20240101000000_init.sql": repairTables + repairOn,
		// Computed by hand as atlas does it: the hash over name and content, and
		// the hash over name and that hash.
		"migrations/atlas.sum": atlasList("20240101000000_init.sql", repairTables+repairOn),
	}, []string{"migrations/20240101000001_row_level_security.sql", "migrations/atlas.sum"}, nil},
	{"prisma", ruletest.Files{
		"prisma/migrations/20240101000000_init/migration.sql": repairTables + repairOn, "prisma/migrations/migration_lock.toml": "provider = \"postgresql\"\n",
	}, []string{"prisma/migrations/20240101000001_row_level_security/migration.sql"}, nil},
	{"diesel", ruletest.Files{
		"migrations/2024-01-01-235959_init/up.sql": repairTables + repairOn, "migrations/2024-01-01-235959_init/down.sql": "DROP TABLE visits, patients;",
	}, []string{"migrations/2024-01-02-000000_row_level_security/down.sql", "migrations/2024-01-02-000000_row_level_security/up.sql"}, func(file, content string) string {
		if filepath.Base(file) == "down.sql" {
			return content
		}
		return ""
	}},
	{"sqlx", ruletest.Files{
		"migrations/20240101120000_init.sql": repairTables, "migrations/20240101120001_rls.sql": repairOn,
	}, []string{"migrations/20240101120002_row_level_security.sql"}, nil},
	{"numbers, with scripts that undo", ruletest.Files{
		"sql/01-init.sql": repairTables, "sql/01-init.down.sql": "DROP TABLE visits, patients;", "sql/02-rls.sql": repairOn,
	}, []string{"sql/03-row_level_security.down.sql", "sql/03-row_level_security.sql"}, downFile},
}

// atlasList is the atlas.sum of a folder with one file.
func atlasList(name, content string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	of := hash(name + content)
	return "h1:" + hash(name+of) + "\n" + name + " h1:" + of + "\n"
}

func downFile(file, content string) string {
	if strings.HasSuffix(file, ".down.sql") {
		return content
	}
	return ""
}

func downSection(mark string) func(file, content string) string {
	return func(_, content string) string {
		_, down, _ := strings.Cut(content, mark)
		return down
	}
}

func repair(t *testing.T, dir string, found []finding.Finding) *sqlscan.Repairs {
	t.Helper()
	r, err := sqlscan.Repair(context.Background(), sqlscan.Options{Root: dir}, found)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rowSecurity are the findings of a scan that Repair is about.
func rowSecurity(t *testing.T, dir string) []finding.Finding {
	t.Helper()
	r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return !sqlscan.Repairable(f.Rule.ID) })
}

// TestRepair lets each layout be repaired: the files are those of the tool, the
// findings are gone, and a second repair has nothing to do. On a server the new
// migration runs behind the history, locks the tables, and its way down leads
// back to what was before.
func TestRepair(t *testing.T) {
	var server *pgtest.Server
	if !testing.Short() {
		server = pgtest.Start(t, 17)
	}
	for _, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			dir := l.files.Write(t)
			before := rowSecurity(t, dir)
			if len(before) != 2 {
				t.Fatalf("%d findings before, want PHI501 and PHI502: %v", len(before), before)
			}
			r := repair(t, dir, before)
			var got []string
			for _, f := range r.Files {
				got = append(got, f.Path)
			}
			if diff := cmp.Diff(l.want, got); diff != "" || len(r.Open) > 0 {
				t.Fatalf("files (-want +got):\n%s\nopen: %v", diff, r.Open)
			}
			for _, f := range r.Files {
				ruletest.Files{f.Path: string(f.Content)}.WriteTo(t, dir)
			}
			if left := rowSecurity(t, dir); len(left) > 0 {
				t.Errorf("findings after the repair: %v\n%s", left, r.Files[0].Content)
			}
			if server != nil {
				onServer(t, server.Database(t), dir, r, l.down)
			}
		})
	}
}

const securityState = `SELECT coalesce(string_agg(format('%s %s %s', relname, relrowsecurity, relforcerowsecurity) ||
	(SELECT coalesce(string_agg(' ' || policyname, '' ORDER BY policyname), '') FROM pg_policies WHERE tablename = relname), '; ' ORDER BY relname), '')
	FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`

// onServer applies the history in the order of its tool, the repair last.
func onServer(t *testing.T, conn *pgx.Conn, dir string, r *sqlscan.Repairs, down func(file, content string) string) {
	t.Helper()
	histories, _, err := source.Find(source.FindOptions{Root: dir})
	if err != nil || len(histories) != 1 {
		t.Fatalf("%d histories, %v", len(histories), err)
	}
	state := func() (s string) {
		if err := conn.QueryRow(t.Context(), securityState).Scan(&s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	added := map[string]string{}
	for _, f := range r.Files {
		added[f.Path] = string(f.Content)
	}
	before := ""
	for _, f := range histories[0].Files {
		if added[f.Path] != "" {
			before = state()
		}
		if _, err := conn.Exec(t.Context(), string(f.SQL)); err != nil {
			t.Fatalf("%s: %v\n%s", f.Path, err, f.SQL)
		}
	}
	if got, want := state(), "patients t t phi_access; visits t t own"; !strings.HasPrefix(got, want) {
		t.Errorf("after the way up: %s, want %s", got, want)
	}
	if down == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(added)) {
		if _, err := conn.Exec(t.Context(), down(name, added[name])); err != nil {
			t.Fatalf("down of %s: %v", name, err)
		}
	}
	if got := state(); got != before {
		t.Errorf("after the way down: %s, want %s", got, before)
	}
}

// refusals are histories that cannot be repaired, and why.
var refusals = []struct {
	name  string
	files ruletest.Files
	want  string
}{
	{"a script", ruletest.Files{"schema.sql": repairTables}, "its scripts are not numbered"},
	{"a dump", ruletest.Files{"db/structure.sql": repairTables}, "it is a dump of a database"},
	{"sqitch", ruletest.Files{"sqitch.plan": "%project=x\n\ninit 2024-01-01T00:00:00Z a <a@b>\n", "deploy/init.sql": repairTables}, "sqitch add"},
	{"drizzle", ruletest.Files{"drizzle/0000_init.sql": repairTables, "drizzle/meta/_journal.json": `{"dialect":"postgresql","entries":[{"idx":0,"tag":"0000_init"}]}`}, "drizzle-kit generate --custom"},
	{"a changelog that lists its files", ruletest.Files{"db/001.sql": "-- liquibase formatted sql\n-- changeset a:1\n" + repairTables, "db/changelog-master.xml": `<include file="db/001.sql"/>`}, "db/changelog-master.xml names its files"},
	{"a list of checksums that does not fit", ruletest.Files{"m/20240101000000_init.sql": repairTables, "m/atlas.sum": "h1:x\n20240101000000_init.sql h1:y\n"}, "atlas migrate hash"},
	{"a templated name", ruletest.Files{"m/001_init.up.sql": "CREATE TABLE ${prefix}_patients (id uuid PRIMARY KEY, ssn text, birth_date date);"}, "put in by a template"},
	{"a script behind the migrations", ruletest.Files{"m/001_init.up.sql": repairTables, "policies/off.sql": "ALTER TABLE patients ENABLE ROW LEVEL SECURITY;"}, "policies/off.sql, which runs outside"},
}

func TestRepairRefuses(t *testing.T) {
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			dir := c.files.Write(t)
			found := slices.DeleteFunc(rowSecurity(t, dir), func(f finding.Finding) bool {
				return f.Rule.ID == "PHI505" || !strings.Contains(f.Message, "patients") || strings.Contains(f.Message, "visits")
			})
			if len(found) == 0 {
				t.Fatal("no finding")
			}
			r := repair(t, dir, found)
			if len(r.Files) > 0 || len(r.Open) != len(found) {
				t.Fatalf("%d files, %d open, want 0 and %d", len(r.Files), len(r.Open), len(found))
			}
			if !strings.Contains(r.Open[0].Reason, c.want) {
				t.Errorf("reason %q, want %q in it", r.Open[0].Reason, c.want)
			}
		})
	}
}

// TestRepairText shows the text: names as their migrations write them, quoted
// where they must be, the roles that have privileges, a column for the example.
func TestRepairText(t *testing.T) {
	dir := ruletest.Files{"db/001_init.up.sql": `CREATE ROLE app;
CREATE SCHEMA clinic;
CREATE TABLE clinic."Patient" (id uuid PRIMARY KEY, tenant_id uuid, ssn text, birth_date date);
GRANT SELECT, INSERT ON clinic."Patient" TO app;
CREATE TABLE public."order" (id bigint PRIMARY KEY, patient_id uuid REFERENCES clinic."Patient", patient_name text, diagnosis text);
CREATE TABLE visits (id bigint PRIMARY KEY, patient_id uuid REFERENCES clinic."Patient", diagnosis text);
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON visits TO app USING (patient_id = nullif(current_setting('clinic.patient_id', true), '')::uuid);
`}.Write(t)
	r := repair(t, dir, rowSecurity(t, dir))
	if len(r.Files) != 1 {
		t.Fatalf("files: %v, open %v", r.Files, r.Open)
	}
	_, got, _ := strings.Cut(string(r.Files[0].Content), "needs it.\n")
	want := `
ALTER TABLE clinic."Patient" ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinic."Patient" FORCE ROW LEVEL SECURITY;
-- such as: USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
CREATE POLICY phi_access ON clinic."Patient" TO app USING (false) WITH CHECK (false);

ALTER TABLE public."order" ENABLE ROW LEVEL SECURITY;
ALTER TABLE public."order" FORCE ROW LEVEL SECURITY;
-- such as: USING (patient_id = nullif(current_setting('clinic.patient_id', true), '')::uuid)
CREATE POLICY phi_access ON public."order" USING (false) WITH CHECK (false);

ALTER TABLE visits FORCE ROW LEVEL SECURITY;
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
