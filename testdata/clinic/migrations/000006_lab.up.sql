CREATE TABLE app.lab_results (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id   uuid NOT NULL REFERENCES app.patients (id),
    loinc        text NOT NULL,
    result_value numeric,
    collected_at timestamptz NOT NULL
);
ALTER TABLE app.lab_results ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.lab_results FORCE ROW LEVEL SECURITY;
CREATE POLICY lab_results_of_site ON app.lab_results TO clinic_app
    USING (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id))
    WITH CHECK (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id));

CREATE TABLE app.hiv_results (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id uuid NOT NULL REFERENCES app.patients (id),
    reactive   boolean NOT NULL
);
ALTER TABLE app.hiv_results ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.hiv_results FORCE ROW LEVEL SECURITY;
CREATE POLICY hiv_results_of_site ON app.hiv_results TO clinic_app
    USING (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id))
    WITH CHECK (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id));
