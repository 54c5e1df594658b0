-- What DO blocks and constant EXECUTE strings do.
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
DO $$
BEGIN
    ALTER TABLE a ENABLE ROW LEVEL SECURITY;
    EXECUTE 'ALTER TABLE b FORCE ROW LEVEL SECURITY';
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'service') THEN
        CREATE ROLE service LOGIN;
    END IF;
END
$$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
        EXECUTE format('GRANT SELECT ON %I TO service', t);
    END LOOP;
END
$$;
