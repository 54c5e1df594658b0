CREATE TABLE app.encounters (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id     uuid NOT NULL REFERENCES app.patients (id),
    admission_date date NOT NULL,
    diagnosis      text NOT NULL,
    clinical_note  text
);

-- Codes come from the public ICD-10-CM tables.
CREATE TABLE app.diagnosis_codes (
    code  text PRIMARY KEY,
    label text NOT NULL
);

-- Psychotherapy notes are encrypted by the service; the key stays outside.
CREATE TABLE app.therapy_notes (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id     uuid NOT NULL REFERENCES app.patients (id),
    note_encrypted bytea NOT NULL,
    key_id         text NOT NULL
);
ALTER TABLE app.therapy_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.therapy_notes FORCE ROW LEVEL SECURITY;
CREATE POLICY therapy_notes_of_site ON app.therapy_notes TO clinic_app
    USING (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id));
