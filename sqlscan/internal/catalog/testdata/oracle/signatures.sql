-- How PostgreSQL writes types and settings.
CREATE TYPE "visitKind" AS ENUM ('ward', 'home');
CREATE TYPE stay AS ENUM ('short', 'long');
CREATE TABLE visits (id bigint, kind "visitKind", kinds "visitKind"[], length stay);
ALTER TYPE stay RENAME TO old_stay;
CREATE TYPE stay AS ENUM ('short');
ALTER TABLE visits ADD COLUMN other stay;
ALTER TYPE "visitKind" RENAME TO visit_kind;

CREATE FUNCTION flags(a bit(8), b varchar(10), c numeric(4, 1)[], d visits.id%TYPE) RETURNS integer LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION flags(bit, varchar, numeric[], bigint) FROM PUBLIC;
CREATE AGGREGATE longest(text) (SFUNC = textcat, STYPE = text);
CREATE AGGREGATE joined (BASETYPE = text, SFUNC = textcat, STYPE = text);
REVOKE ALL ON FUNCTION longest(text) FROM PUBLIC;
CREATE AGGREGATE dropped(text) (SFUNC = textcat, STYPE = text);
DROP AGGREGATE dropped(text);

CREATE ROLE app LOGIN;
ALTER ROLE app SET search_path = "$user", public, "Odd";
ALTER ROLE app SET DateStyle = 'ISO, DMY';
CREATE FUNCTION quiet() RETURNS integer LANGUAGE sql SET search_path = '' AS 'SELECT 1';

CREATE FUNCTION pg_temp.passing() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE pg_temp.passing_type AS (a integer);

CREATE TYPE stay_range AS RANGE (SUBTYPE = date);
CREATE TYPE span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = spans);
CREATE TABLE stays (id bigint, during stay_range) WITH (oids = false);

CREATE SEQUENCE stay_ids OWNED BY stays.id;
CREATE SEQUENCE other_ids;
ALTER SEQUENCE other_ids OWNED BY stays.id;
CREATE SEQUENCE free_ids OWNED BY visits.id;
ALTER SEQUENCE free_ids OWNED BY NONE;
ALTER TABLE visits DROP COLUMN id;
DROP TABLE stays;
DROP TYPE span;
ALTER ROLE ALL SET work_mem = '8MB';

CREATE VIEW wards AS SELECT kind FROM visits WHERE length = 'short' WITH CHECK OPTION;
CREATE VIEW homes WITH (security_barrier) AS SELECT kind FROM visits WITH LOCAL CHECK OPTION;
