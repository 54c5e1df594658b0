-- An overload in an earlier schema of the search path does not hide the one that is meant.
CREATE SCHEMA app;
CREATE FUNCTION touch(a integer) RETURNS integer LANGUAGE sql SET search_path = app, pg_temp AS 'SELECT a';
CREATE FUNCTION app.touch() RETURNS integer LANGUAGE sql AS 'SELECT 1';
SET search_path = app, public;
ALTER FUNCTION touch(integer) RESET search_path;
