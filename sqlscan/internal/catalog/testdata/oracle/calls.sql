-- What functions do when the history calls them.
CREATE SCHEMA clinic;
CREATE TABLE clinic.visits (id bigint PRIMARY KEY, tenant text NOT NULL);
CREATE TABLE clinic.notes (id bigint PRIMARY KEY, tenant text NOT NULL);
CREATE TABLE clinic.wards (id bigint PRIMARY KEY);
CREATE ROLE ward_reader;

CREATE FUNCTION clinic.protect(which text, forced boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE clinic.%I ENABLE ROW LEVEL SECURITY', which);
  EXECUTE format('CREATE POLICY %I ON clinic.%I USING (tenant = current_user)', which || '_tenant', $1);
  IF which = 'notes' THEN
    EXECUTE 'ALTER TABLE clinic.' || which || ' FORCE ROW LEVEL SECURITY';
  ELSIF which = 'nothing' THEN
    NULL;
  ELSE
    EXECUTE 'GRANT SELECT ON clinic.' || which || ' TO ward_reader';
  END IF;
END $$;

SELECT clinic.protect('visits');
DO $$
DECLARE
  names text[] := ARRAY['notes'];
  n text;
  reader text := coalesce(current_setting('clinic.reader', true), 'ward_reader');
BEGIN
  FOREACH n IN ARRAY ARRAY['notes'] LOOP
    PERFORM clinic.protect(which => n);
  END LOOP;
  IF reader != 'ward_reader' THEN
    CREATE ROLE other_reader;
  END IF;
  EXECUTE 'GRANT USAGE ON SCHEMA clinic TO ' || reader || ', ' || current_user;
END $$;

CREATE PROCEDURE clinic.make(name text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE clinic.%I (id bigint, at date)', name);
END $$;
CALL clinic.make('beds');
SELECT clinic.protect(x) FROM (VALUES ('wards')) AS t (x) WHERE false;

CREATE FUNCTION clinic.share() RETURNS void LANGUAGE sql AS 'GRANT INSERT ON clinic.wards TO ward_reader';
SELECT * FROM clinic.share();
