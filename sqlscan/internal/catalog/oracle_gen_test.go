package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes histories over few names, so that statements meet: what
// one makes another renames, grants, drops and makes again. It keeps no state of
// its own; the server decides what is valid.
type generator struct {
	r        *rand.Rand
	asMember bool // SET ROLE is in force
}

func newGenerator(r *rand.Rand) *generator { return &generator{r: r} }

// history returns n statements, the first of which make what the others use.
func (g *generator) history(n int) []string {
	out := []string{"CREATE SCHEMA app", "CREATE ROLE reader", "CREATE ROLE app_user LOGIN"}
	for i := range 6 {
		if i%2 == 0 {
			out = append(out, g.createTable())
		} else {
			out = append(out, g.oneOf(g.createRole, g.createTable, g.createView, g.createFunction)())
		}
	}
	for len(out) < n {
		out = append(out, g.statement())
	}
	return out
}

func pick[T any](g *generator, list ...T) T { return list[g.r.IntN(len(list))] }

func (g *generator) oneOf(list ...func() string) func() string { return pick(g, list...) }

// maybe returns text once in n times.
func (g *generator) maybe(n int, text string) string {
	if g.r.IntN(n) == 0 {
		return text
	}
	return ""
}

func (g *generator) schema() string { return pick(g, "app", "app", "audit", "public") }
func (g *generator) role() string   { return pick(g, "reader", "app_user", "owner_role", `"Odd Role"`) }
func (g *generator) grantee() string {
	return pick(g, "PUBLIC", "PUBLIC", g.role(), g.role(), g.role()+", "+g.role())
}
func (g *generator) column() string { return pick(g, "id", "name", "ssn", "born", `"Mixed"`) }

func (g *generator) relation(names ...string) string {
	name := pick(g, names...)
	if g.r.IntN(2) == 0 {
		return g.schema() + "." + name
	}
	return name
}

func (g *generator) table() string    { return g.relation("patients", "visits", "notes", `"Charts"`) }
func (g *generator) view() string     { return g.relation("report", "patient_view") }
func (g *generator) matview() string  { return g.relation("monthly") }
func (g *generator) sequence() string { return g.relation("numbers", "visits_seq_seq") }
func (g *generator) function() string { return g.relation("touch", "age_of") }

func (g *generator) typ() string {
	return pick(g, "text", "integer", "date", "varchar(11)", "numeric(10,2)", "timestamptz", "uuid", "boolean",
		"text[]", "jsonb", "char(3)", "double precision", "int8", "timestamp(3)", "interval", "bytea", "bit varying(4)")
}

func (g *generator) cascade() string { return pick(g, "", " CASCADE", " RESTRICT") }

// statement returns any statement; the weights favour what access rules judge.
func (g *generator) statement() string {
	if g.asMember && g.r.IntN(3) == 0 {
		g.asMember = false
		return "RESET ROLE"
	}
	return g.oneOf(
		g.createTable, g.createTable, g.alterTable, g.alterTable, g.alterTable, g.alterTable, g.rowSecurity, g.rowSecurity,
		g.createPolicy, g.createPolicy, g.alterPolicy, g.grant, g.grant, g.grant, g.revoke, g.revoke,
		g.createRole, g.alterRole, g.membership, g.defaultPrivileges, g.defaultPrivileges,
		g.createView, g.alterView, g.createFunction, g.alterFunction, g.drop, g.drop, g.schemaStatement, g.other)()
}

func (g *generator) columnDefinition(name string) string {
	return name + " " + g.typ() + pick(g, "", "", "", " NOT NULL", " UNIQUE", " DEFAULT NULL", " NULL")
}

func (g *generator) columns() string {
	defs := []string{pick(g, "id integer PRIMARY KEY", "id serial", "id bigint GENERATED ALWAYS AS IDENTITY", "id integer NOT NULL", "id int8")}
	for _, name := range []string{"name", "ssn", "born", `"Mixed"`} {
		if g.r.IntN(3) > 0 {
			defs = append(defs, g.columnDefinition(name))
		}
	}
	if g.r.IntN(5) == 0 {
		defs = append(defs, pick(g, "UNIQUE (id)", "CHECK (id > 0)", "PRIMARY KEY (id)", "FOREIGN KEY (id) REFERENCES "+g.table()))
	}
	return strings.Join(defs, ", ")
}

func (g *generator) createTable() string {
	name := g.maybe(3, "IF NOT EXISTS ") + g.table()
	switch g.r.IntN(12) {
	case 0:
		return "CREATE TABLE " + name + " (LIKE " + g.table() + pick(g, "", " INCLUDING ALL", " INCLUDING DEFAULTS") + ")"
	case 1:
		return "CREATE TABLE " + name + " AS SELECT * FROM " + g.table() + g.maybe(3, " WITH NO DATA")
	case 2:
		return "CREATE TABLE " + name + " (" + g.columns() + ") INHERITS (" + g.table() + ")"
	case 3:
		return "CREATE TABLE " + name + " (id integer NOT NULL, name text) PARTITION BY RANGE (id)"
	case 4:
		return "CREATE TABLE " + name + " PARTITION OF " + g.table() +
			pick(g, " DEFAULT", " FOR VALUES FROM (0) TO (10)", " FOR VALUES FROM (10) TO (20)", " (name NOT NULL) FOR VALUES FROM (30) TO (40)")
	case 5:
		return "CREATE TABLE " + name + " (" + g.columns() + ", extra text REFERENCES " + g.table() + " (name))"
	case 6:
		return "SELECT id, count(*) AS visits INTO " + g.table() + " FROM " + g.table() + " GROUP BY id"
	}
	return pick(g, "CREATE TABLE ", "CREATE TABLE ", "CREATE UNLOGGED TABLE ") + name + " (" + g.columns() + ")" + g.maybe(8, " WITH (fillfactor = 70)")
}

func (g *generator) alterTable() string {
	head := "ALTER TABLE " + g.maybe(4, "IF EXISTS ") + g.maybe(8, "ONLY ") + g.table() + " "
	column := g.column()
	switch g.r.IntN(16) {
	case 0:
		return head + "ADD COLUMN " + g.columnDefinition(pick(g, column, "added", "other"))
	case 1:
		return head + "ADD COLUMN IF NOT EXISTS " + g.columnDefinition(pick(g, column, "added"))
	case 2, 3:
		return head + "DROP COLUMN " + g.maybe(3, "IF EXISTS ") + column + g.cascade()
	case 4:
		return head + "RENAME COLUMN " + column + " TO " + pick(g, g.column(), "renamed")
	case 5, 6:
		return head + "RENAME TO " + pick(g, "patients", "visits", "notes", "archive")
	case 7:
		return head + "SET SCHEMA " + g.schema()
	case 8:
		return head + "OWNER TO " + pick(g, g.role(), "CURRENT_USER")
	case 9:
		return head + "ALTER COLUMN " + column + " TYPE " + g.typ() + " USING NULL"
	case 10:
		return head + "ALTER COLUMN " + column + pick(g, " SET NOT NULL", " DROP NOT NULL")
	case 11:
		return head + pick(g, "INHERIT ", "NO INHERIT ", "DETACH PARTITION ") + g.table()
	case 12:
		return head + "ATTACH PARTITION " + g.table() + " FOR VALUES FROM (50) TO (60)"
	case 13:
		return head + "ADD " + g.maybe(2, "CONSTRAINT c1 ") + pick(g, "PRIMARY KEY (id)", "UNIQUE (name)", "CHECK (id > 0)")
	case 14:
		return head + "DROP CONSTRAINT " + pick(g, "c1", "patients_pkey", "visits_pkey") + g.cascade()
	}
	return head + pick(g, "SET (fillfactor = 50)", "RESET (fillfactor)", "ADD COLUMN a1 text, DROP COLUMN "+column+", ENABLE ROW LEVEL SECURITY")
}

func (g *generator) rowSecurity() string {
	return "ALTER TABLE " + g.table() + pick(g, " ENABLE", " ENABLE", " DISABLE", " FORCE", " NO FORCE") + " ROW LEVEL SECURITY"
}

func (g *generator) expression() string {
	return pick(g, "true", "id = 1", "name = current_user", "(SELECT true)", "EXISTS (SELECT FROM "+g.table()+")", "false")
}

func (g *generator) createPolicy() string {
	text := "CREATE POLICY " + pick(g, "p1", "p2", `"Policy 3"`) + " ON " + g.table() + pick(g, "", "", " AS RESTRICTIVE", " AS PERMISSIVE")
	command := pick(g, "", "ALL", "SELECT", "INSERT", "UPDATE", "DELETE")
	if command != "" {
		text += " FOR " + command
	}
	text += pick(g, "", " TO "+g.grantee(), " TO "+g.role())
	if command != "INSERT" && g.r.IntN(5) > 0 {
		text += " USING (" + g.expression() + ")"
	}
	if command != "SELECT" && command != "DELETE" && g.r.IntN(2) == 0 {
		text += " WITH CHECK (" + g.expression() + ")"
	}
	return text
}

func (g *generator) alterPolicy() string {
	name := pick(g, "p1", "p2", `"Policy 3"`) + " ON " + g.table()
	return pick(g,
		"ALTER POLICY "+name+" RENAME TO "+pick(g, "p1", "p2"),
		"ALTER POLICY "+name+" TO "+g.grantee(),
		"ALTER POLICY "+name+" USING ("+g.expression()+")",
		"ALTER POLICY "+name+" WITH CHECK ("+g.expression()+")",
		"DROP POLICY "+g.maybe(2, "IF EXISTS ")+name)
}

func (g *generator) privileges() string {
	return pick(g, "ALL", "ALL PRIVILEGES", "SELECT", "SELECT", "INSERT, UPDATE", "DELETE", "TRUNCATE, REFERENCES, TRIGGER")
}

// target returns "privileges ON object" for GRANT and REVOKE.
func (g *generator) target() string {
	switch g.r.IntN(12) {
	case 0:
		return pick(g, "ALL", "USAGE", "CREATE", "USAGE, CREATE") + " ON SCHEMA " + g.schema()
	case 1:
		return g.privileges() + " ON ALL TABLES IN SCHEMA " + g.schema()
	case 2:
		return pick(g, "ALL", "USAGE", "SELECT") + " ON ALL SEQUENCES IN SCHEMA " + g.schema()
	case 3:
		return pick(g, "ALL", "EXECUTE") + " ON " + pick(g, "ALL FUNCTIONS", "ALL ROUTINES") + " IN SCHEMA " + g.schema()
	case 4:
		return pick(g, "ALL", "EXECUTE") + " ON FUNCTION " + g.function() + pick(g, "(integer)", "()", "")
	case 5, 6:
		return pick(g, "SELECT", "UPDATE", "ALL") + " (" + g.column() + pick(g, "", ", id") + ") ON " + g.table()
	case 7:
		return pick(g, "ALL", "USAGE", "SELECT, UPDATE") + " ON SEQUENCE " + g.sequence()
	case 8:
		return "SELECT ON " + g.view()
	case 9:
		return g.privileges() + " ON " + g.table() + ", " + g.table()
	}
	return g.privileges() + " ON " + g.maybe(3, "TABLE ") + g.table()
}

func (g *generator) grant() string {
	return "GRANT " + g.target() + " TO " + pick(g, g.grantee(), g.role()+" WITH GRANT OPTION", "CURRENT_USER")
}

func (g *generator) revoke() string {
	return "REVOKE " + g.maybe(5, "GRANT OPTION FOR ") + g.target() + " FROM " + g.grantee() + g.maybe(3, " CASCADE")
}

func (g *generator) roleOption() string {
	return pick(g, "", " LOGIN", " NOLOGIN", " SUPERUSER", " NOSUPERUSER", " BYPASSRLS", " NOBYPASSRLS", " CREATEROLE", " CREATEDB",
		" NOINHERIT", " INHERIT", " REPLICATION", " CONNECTION LIMIT 5", " PASSWORD NULL")
}

func (g *generator) createRole() string {
	return pick(g, "CREATE ROLE ", "CREATE USER ", "CREATE GROUP ") + g.role() + g.roleOption() + g.maybe(4, " IN ROLE "+g.role()) + g.maybe(6, " ADMIN "+g.role())
}

func (g *generator) alterRole() string {
	role := g.role()
	return pick(g,
		"ALTER ROLE "+role+g.roleOption()+" VALID UNTIL 'infinity'",
		"ALTER ROLE "+role+" RENAME TO "+g.role(),
		"ALTER ROLE "+role+" SET "+pick(g, "statement_timeout = '5s'", "search_path = app, public", "row_security = off", "work_mem TO DEFAULT"),
		"ALTER ROLE "+role+" RESET "+pick(g, "statement_timeout", "ALL"),
		"DROP ROLE "+g.maybe(2, "IF EXISTS ")+role,
		"DROP OWNED BY "+role+g.maybe(2, " CASCADE"),
		"REASSIGN OWNED BY "+role+" TO "+g.role())
}

func (g *generator) membership() string {
	return pick(g,
		"GRANT "+g.role()+" TO "+g.role(),
		"GRANT "+g.role()+" TO "+g.role()+" WITH ADMIN OPTION",
		"GRANT pg_read_all_data TO "+g.role(),
		"REVOKE "+g.role()+" FROM "+g.role(),
		"REVOKE ADMIN OPTION FOR "+g.role()+" FROM "+g.role(),
		"ALTER GROUP "+g.role()+pick(g, " ADD USER ", " DROP USER ")+g.role())
}

func (g *generator) defaultPrivileges() string {
	text := "ALTER DEFAULT PRIVILEGES" + g.maybe(3, " FOR ROLE "+pick(g, g.role(), "postgres")) + pick(g, "", " IN SCHEMA "+g.schema())
	what := pick(g, "SELECT ON TABLES", "ALL ON TABLES", "INSERT, UPDATE ON TABLES", "USAGE ON SEQUENCES", "EXECUTE ON FUNCTIONS", "ALL ON ROUTINES", "USAGE ON TYPES", "USAGE ON SCHEMAS")
	if g.r.IntN(3) == 0 {
		return text + " REVOKE " + g.maybe(5, "GRANT OPTION FOR ") + what + " FROM " + g.grantee()
	}
	return text + " GRANT " + what + " TO " + pick(g, g.grantee(), g.role()+" WITH GRANT OPTION")
}

func (g *generator) createView() string {
	query := pick(g, "SELECT * FROM "+g.table(), "SELECT id, name FROM "+g.table(), "SELECT id AS key, count(*) FROM "+g.table()+" GROUP BY id", "SELECT 1 AS one, 'x'::text AS label")
	if g.r.IntN(3) == 0 {
		return "CREATE MATERIALIZED VIEW " + g.maybe(3, "IF NOT EXISTS ") + g.matview() + " AS " + query + g.maybe(2, " WITH NO DATA")
	}
	return "CREATE " + g.maybe(2, "OR REPLACE ") + "VIEW " + g.view() +
		pick(g, "", "", " WITH (security_invoker = true)", " WITH (security_barrier)", " (a)") + " AS " + query
}

func (g *generator) alterView() string {
	view := g.maybe(4, "IF EXISTS ") + g.view()
	return pick(g,
		"ALTER VIEW "+view+" SET ("+pick(g, "security_invoker = on", "security_invoker = false", "security_barrier = true")+")",
		"ALTER VIEW "+view+" RESET (security_invoker)",
		"ALTER VIEW "+view+" RENAME TO "+pick(g, "report", "patient_view"),
		"ALTER VIEW "+view+" SET SCHEMA "+g.schema(),
		"ALTER VIEW "+view+" OWNER TO "+g.role(),
		"ALTER VIEW "+view+" RENAME COLUMN name TO label",
		"ALTER MATERIALIZED VIEW "+g.matview()+" RENAME TO monthly",
		"ALTER MATERIALIZED VIEW "+g.matview()+" OWNER TO "+g.role())
}

func (g *generator) createFunction() string {
	signature, body := "(a integer) RETURNS integer", "'SELECT a'"
	if g.r.IntN(3) == 0 {
		signature, body = pick(g, "() RETURNS integer", "(OUT a integer)"), "'SELECT 1'"
	}
	return "CREATE " + g.maybe(2, "OR REPLACE ") + "FUNCTION " + g.function() + signature + " LANGUAGE sql" +
		pick(g, "", "", " SECURITY DEFINER", " SECURITY INVOKER") + g.maybe(3, " SET search_path = app, pg_temp") + " AS " + body
}

func (g *generator) alterFunction() string {
	name := g.function() + pick(g, "(integer)", "(integer)", "()", "")
	return pick(g,
		"ALTER FUNCTION "+name+pick(g, " SECURITY DEFINER", " SECURITY INVOKER", " STABLE"),
		"ALTER FUNCTION "+name+" SET search_path = app",
		"ALTER FUNCTION "+name+" RESET "+pick(g, "search_path", "ALL"),
		"ALTER FUNCTION "+name+" OWNER TO "+g.role(),
		"ALTER FUNCTION "+name+" RENAME TO "+pick(g, "touch", "age_of"),
		"ALTER FUNCTION "+name+" SET SCHEMA "+g.schema(),
		"DROP FUNCTION "+g.maybe(2, "IF EXISTS ")+name+g.cascade())
}

func (g *generator) drop() string {
	ifExists := g.maybe(2, "IF EXISTS ")
	return pick(g,
		"DROP TABLE "+ifExists+g.table()+g.cascade(),
		"DROP TABLE "+ifExists+g.table()+", "+g.table()+" CASCADE",
		"DROP VIEW "+ifExists+g.view()+g.cascade(),
		"DROP MATERIALIZED VIEW "+ifExists+g.matview(),
		"DROP SEQUENCE "+ifExists+g.sequence())
}

func (g *generator) schemaStatement() string {
	return pick(g,
		"CREATE SCHEMA IF NOT EXISTS "+g.schema(),
		"CREATE SCHEMA audit AUTHORIZATION "+g.role(),
		"CREATE SCHEMA audit CREATE TABLE inside (id integer, name text)",
		"ALTER SCHEMA "+g.schema()+" OWNER TO "+g.role(),
		"ALTER SCHEMA audit RENAME TO "+pick(g, "app", "audit2"),
		"ALTER SCHEMA audit2 RENAME TO audit",
		g.maybe(3, "DROP SCHEMA "+pick(g, "app", "audit")+" CASCADE")+";")
}

func (g *generator) other() string {
	switch g.r.IntN(9) {
	case 0:
		return "CREATE SEQUENCE " + g.maybe(2, "IF NOT EXISTS ") + g.sequence()
	case 1:
		return "SET search_path = " + pick(g, "app", "app, public", "public")
	case 2:
		g.asMember = true
		return "SET ROLE " + g.role()
	case 3, 4:
		return fmt.Sprintf("DO $do$ BEGIN %s; EXECUTE $q$ %s $q$; END $do$", g.rowSecurity(), g.grant())
	case 5:
		return "CREATE INDEX ON " + g.table() + " (" + g.column() + ")"
	case 6:
		return "COMMENT ON TABLE " + g.table() + " IS 'kept for six years'"
	case 7:
		return "ALTER SEQUENCE " + g.sequence() + pick(g, " OWNER TO "+g.role(), " RENAME TO numbers", " SET SCHEMA "+g.schema())
	}
	return "RESET search_path"
}
