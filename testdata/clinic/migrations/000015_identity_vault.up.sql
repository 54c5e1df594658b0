CREATE TABLE app.identity_vault (
    id              uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    patient_id      uuid NOT NULL REFERENCES app.patients (id),
    ssn_encrypted   bytea NOT NULL,
    mrn_encrypted   text NOT NULL,
    data_key        bytea NOT NULL,
    face_vector     vector(128)
);
ALTER TABLE app.identity_vault ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.identity_vault FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_vault_of_site ON app.identity_vault TO clinic_app
    USING (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id));
CREATE INDEX identity_vault_ssn_idx ON app.identity_vault (ssn_encrypted);

-- The blind index is keyed by the service, which computes it.
CREATE TABLE app.identity_index (
    patient_id  uuid PRIMARY KEY REFERENCES app.patients (id),
    ssn_bidx    bytea NOT NULL,
    key_version integer NOT NULL
);
CREATE INDEX identity_index_ssn_idx ON app.identity_index (ssn_bidx);

UPDATE app.therapy_notes SET note_encrypted = encrypt(note_encrypted, 'blue-fiction-lake', 'aes');
UPDATE app.therapy_notes SET note_encrypted = encrypt(note_encrypted, current_setting('app.note_key')::bytea, 'bf');

CREATE INDEX patients_ssn_md5_idx ON app.patients (md5(ssn));

CREATE FUNCTION app.tell_front_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'changed %', NEW.ssn;
    PERFORM pg_notify('front_desk', row_to_json(NEW)::text);
    RETURN NEW;
END
$$;
CREATE TRIGGER patients_told AFTER UPDATE ON app.patients FOR EACH ROW EXECUTE FUNCTION app.tell_front_desk();

CREATE FUNCTION app.tell_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'changed %', NEW.id;
    PERFORM pg_notify('room', NEW.id::text);
    RETURN NEW;
END
$$;
CREATE TRIGGER appointments_told AFTER UPDATE ON app.appointments FOR EACH ROW EXECUTE FUNCTION app.tell_room();

CREATE FUNCTION app.forget(p_ssn text, p_queue text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DELETE FROM import.%I WHERE code = %L', p_queue, p_ssn);
    EXECUTE format('DELETE FROM import.%I WHERE code = $1', p_queue) USING p_ssn;
END
$$;

CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE SERVER laboratory FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'lab.clinic.example', dbname 'lab');
CREATE USER MAPPING FOR clinic_api SERVER laboratory OPTIONS (user 'lab_reader', password 'bench-fiction-3');

CREATE TABLESPACE vault LOCATION '/srv/vault' WITH (encrypted = true);
ALTER SYSTEM SET password_encryption = 'md5';
