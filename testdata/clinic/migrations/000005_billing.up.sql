CREATE TABLE app.claims (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id      uuid NOT NULL REFERENCES app.patients (id),
    subscriber_name text NOT NULL,
    member_number   text NOT NULL,
    diagnosis       text NOT NULL,
    amount_cents    bigint NOT NULL,
    paid_at         timestamptz
);
ALTER TABLE app.claims ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.claims FORCE ROW LEVEL SECURITY;
CREATE POLICY claims_all ON app.claims USING (true);
GRANT SELECT ON app.claims TO PUBLIC;

CREATE TABLE app.statements (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id   uuid NOT NULL REFERENCES app.patients (id),
    address_line text NOT NULL,
    amount_cents bigint NOT NULL
);
ALTER TABLE app.statements ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.statements FORCE ROW LEVEL SECURITY;
CREATE POLICY statements_of_site ON app.statements TO clinic_app
    USING (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id))
    WITH CHECK (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id));
GRANT SELECT ON app.statements TO PUBLIC;
