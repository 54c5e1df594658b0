package pgread

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

// userSchema leaves out what every database has. Objects of extensions are left
// out too: the replay does not open extension scripts.
const userSchema = ` n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' `

const notOfExtension = ` AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = o.oid AND x.deptype = 'e') `

// MAINTAIN is a privilege of PostgreSQL 17 that lets nobody read anything; it
// is left out so that one expectation serves all versions.
const acls = `
	SELECT DISTINCT object, CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee) END COLLATE "C" AS grantee,
		e.privilege_type COLLATE "C" AS privilege, bool_or(e.is_grantable)
	FROM (
		SELECT (CASE o.relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END || n.nspname || '.' || o.relname) COLLATE "C" AS object,
			coalesce(o.relacl, acldefault(CASE o.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, o.relowner)) AS acl
		FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
		WHERE o.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND ` + userSchema + notOfExtension + `
		UNION ALL
		SELECT 'column ' || n.nspname || '.' || o.relname || '.' || a.attname, a.attacl
		FROM pg_attribute a JOIN pg_class o ON o.oid = a.attrelid JOIN pg_namespace n ON n.oid = o.relnamespace
		WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ` + userSchema + notOfExtension + `
		UNION ALL
		SELECT 'schema ' || n.nspname, coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM pg_namespace n WHERE ` + userSchema + `
		UNION ALL
		SELECT 'function ' || n.nspname || '.' || o.proname || '(' || oidvectortypes(o.proargtypes) || ')',
			coalesce(o.proacl, acldefault('f', o.proowner))
		FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE ` + userSchema + notOfExtension + `
	) objects, aclexplode(acl) e
	WHERE e.privilege_type <> 'MAINTAIN'
	GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`

const tables = `
	SELECT n.nspname, o.relname, o.relkind::text, pg_get_userbyid(o.relowner), o.relrowsecurity, o.relforcerowsecurity,
		coalesce((SELECT string_agg(x, ',' ORDER BY x COLLATE "C") FROM unnest(o.reloptions) x), '')
	FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
	WHERE o.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c') AND ` + userSchema + notOfExtension + `
	ORDER BY n.nspname COLLATE "C", o.relname COLLATE "C"`

const columns = `
	SELECT n.nspname, o.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
	FROM pg_attribute a JOIN pg_class o ON o.oid = a.attrelid JOIN pg_namespace n ON n.oid = o.relnamespace
	WHERE a.attnum > 0 AND NOT a.attisdropped AND o.relkind IN ('r', 'p', 'f', 'v', 'm') AND ` + userSchema + notOfExtension + `
	ORDER BY n.nspname COLLATE "C", o.relname COLLATE "C", a.attname COLLATE "C"`

const policies = `
	SELECT n.nspname, o.relname, p.polname,
		CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
		p.polpermissive,
		(SELECT string_agg(r, ',' ORDER BY r COLLATE "C") FROM (
			SELECT DISTINCT CASE WHEN x = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x)::text END AS r FROM unnest(p.polroles) x) names),
		p.polqual IS NOT NULL, p.polwithcheck IS NOT NULL
	FROM pg_policy p JOIN pg_class o ON o.oid = p.polrelid JOIN pg_namespace n ON n.oid = o.relnamespace
	ORDER BY n.nspname COLLATE "C", o.relname COLLATE "C", p.polname COLLATE "C"`

const userRole = ` rolname !~ '^pg_' AND rolname <> 'postgres' `

const roles = `
	SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit
	FROM pg_roles WHERE ` + userRole + ` ORDER BY rolname COLLATE "C"`

// PostgreSQL 16 keeps a row for each grantor.
const memberships = `
	SELECT r.rolname, m.rolname, bool_or(a.admin_option)
	FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
	WHERE m.rolname !~ '^pg_' GROUP BY 1, 2 ORDER BY r.rolname COLLATE "C", m.rolname COLLATE "C"`

const defaultACLs = `
	SELECT role, schema, kind, grantee, privilege, grantable FROM (
		SELECT pg_get_userbyid(d.defaclrole)::text AS role, coalesce(n.nspname, '')::text AS schema, d.defaclobjtype::text AS kind,
			CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee)::text END AS grantee,
			e.privilege_type AS privilege, bool_or(e.is_grantable) AS grantable
		FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) e
		WHERE e.privilege_type <> 'MAINTAIN'
		GROUP BY 1, 2, 3, 4, 5) entries
	ORDER BY role COLLATE "C", schema COLLATE "C", kind COLLATE "C", grantee COLLATE "C", privilege COLLATE "C"`

const functions = `
	SELECT n.nspname, o.proname, oidvectortypes(o.proargtypes), pg_get_userbyid(o.proowner), o.prosecdef,
		coalesce((SELECT string_agg(x, ',' ORDER BY x COLLATE "C") FROM unnest(o.proconfig) x), '')
	FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE ` + userSchema + notOfExtension + `
	ORDER BY n.nspname COLLATE "C", o.proname COLLATE "C", oidvectortypes(o.proargtypes) COLLATE "C"`

const settings = `
	SELECT coalesce(d.datname, ''), coalesce(r.rolname, ''), split_part(x, '=', 1), substr(x, strpos(x, '=') + 1)
	FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole,
		unnest(s.setconfig) x
	ORDER BY 1, 2, split_part(x, '=', 1) COLLATE "C"`

// read returns what the server's catalogs say.
func read(ctx context.Context, conn *pgx.Conn) (*catalog.Snapshot, error) {
	s := &catalog.Snapshot{}
	for _, part := range []func() error{
		func() error { return rows(ctx, conn, &s.Tables, tables) },
		func() error { return rows(ctx, conn, &s.Columns, columns) },
		func() error { return rows(ctx, conn, &s.Policies, policies) },
		func() error { return rows(ctx, conn, &s.ACL, acls) },
		func() error { return rows(ctx, conn, &s.Roles, roles) },
		func() error { return rows(ctx, conn, &s.Memberships, memberships) },
		func() error { return rows(ctx, conn, &s.DefaultACLs, defaultACLs) },
		func() error { return rows(ctx, conn, &s.Functions, functions) },
		func() error { return rows(ctx, conn, &s.Settings, settings) },
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return s, nil
}
