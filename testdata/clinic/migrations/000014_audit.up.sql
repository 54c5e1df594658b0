CREATE TABLE app.audit_log (
    id         bigserial PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    actor      text NOT NULL DEFAULT current_user,
    table_name text NOT NULL,
    row_id     uuid NOT NULL
);
GRANT INSERT, UPDATE, DELETE ON app.audit_log TO clinic_app;

-- Accesses by patients themselves, written by the portal.
CREATE TABLE app.portal_audit (
    id     bigserial PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL,
    row_id uuid NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON app.portal_audit FROM clinic_app;

-- What was printed, by whom; the print server does not write it yet.
CREATE TABLE app.print_audit (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);
REVOKE UPDATE, DELETE, TRUNCATE ON app.print_audit FROM clinic_app;

CREATE FUNCTION app.prune_audit() RETURNS void LANGUAGE sql
    AS $$ DELETE FROM app.audit_log WHERE at < now() - interval '90 days' $$;

CREATE TABLE app.encounter_changes (at timestamptz NOT NULL, new_row jsonb NOT NULL);

CREATE FUNCTION app.copy_encounter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = app, pg_temp
    AS $$
BEGIN
    INSERT INTO app.portal_audit (action, row_id) VALUES ('encounter added', NEW.id);
    INSERT INTO app.encounter_changes (at, new_row) VALUES (now(), to_jsonb(NEW));
    RETURN NEW;
END
$$;
CREATE TRIGGER encounters_copied AFTER INSERT ON app.encounters
    FOR EACH ROW EXECUTE FUNCTION app.copy_encounter();

CREATE FUNCTION app.last_diagnosis(patient uuid) RETURNS text
    LANGUAGE sql STABLE
    AS $$ SELECT diagnosis FROM app.encounters WHERE patient_id = patient ORDER BY admission_date DESC LIMIT 1 $$;

CREATE RULE audit_kept AS ON DELETE TO app.portal_audit DO INSTEAD NOTHING;

CREATE FUNCTION app.same_surname(a text, b text) RETURNS boolean
    LANGUAGE sql IMMUTABLE LEAKPROOF AS $$ SELECT lower(a) = lower(b) $$;

INSERT INTO app.therapy_notes (patient_id, note_encrypted, key_id)
    SELECT id, pgp_sym_encrypt('moved from paper', current_setting('app.note_key')), 'k1' FROM app.patients;

DO $$
DECLARE stale text;
BEGIN
    FOR stale IN SELECT tablename FROM pg_tables WHERE schemaname = 'import' LOOP
        EXECUTE 'DROP TABLE import.' || quote_ident(stale);
    END LOOP;
END
$$;
