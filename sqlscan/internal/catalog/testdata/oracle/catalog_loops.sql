-- Loops over what the catalog lists.
CREATE SCHEMA app;
CREATE ROLE app_reader;
CREATE TABLE app.patients (id bigint, name text);
CREATE TABLE app.visits (id bigint);
CREATE VIEW app.names AS SELECT name FROM app.patients;
CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) FROM app.visits;
CREATE POLICY "first one" ON app.patients FOR SELECT USING (true);
CREATE POLICY second ON app.patients TO app_reader USING (true);
CREATE POLICY third ON app.visits USING (true);
CREATE SEQUENCE app.ids;

DO $$
DECLARE
  p record;
  v text;
BEGIN
  FOR p IN SELECT schemaname, tablename, policyname FROM pg_policies WHERE tablename = 'patients' AND policyname LIKE 'f%' LOOP
    EXECUTE format('DROP POLICY IF EXISTS %I ON %I.%I', p.policyname, p.schemaname, p.tablename);
  END LOOP;
  FOR v IN SELECT viewname FROM pg_catalog.pg_views WHERE schemaname = 'app' LOOP
    EXECUTE 'GRANT SELECT ON app.' || quote_ident(v) || ' TO app_reader';
  END LOOP;
  FOR v IN SELECT matviewname FROM pg_matviews WHERE schemaname = 'app' LOOP
    EXECUTE 'GRANT SELECT ON app.' || quote_ident(v) || ' TO app_reader';
  END LOOP;
  FOR v IN SELECT sequence_name FROM information_schema.sequences WHERE sequence_schema = 'app' LOOP
    EXECUTE 'GRANT USAGE ON SEQUENCE app.' || v || ' TO app_reader';
  END LOOP;
  FOR v IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'app%' LOOP
    EXECUTE format('ALTER ROLE %I NOINHERIT', v);
  END LOOP;
END $$;
