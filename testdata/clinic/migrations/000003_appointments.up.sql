CREATE TYPE app.appointment_status AS ENUM ('booked', 'arrived', 'done', 'missed');

CREATE TABLE app.appointments (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id uuid NOT NULL REFERENCES app.patients (id),
    site_id    integer NOT NULL REFERENCES app.sites (id),
    starts_at  timestamptz NOT NULL,
    reason     text,
    status     app.appointment_status NOT NULL DEFAULT 'booked'
);

ALTER TABLE app.appointments ENABLE ROW LEVEL SECURITY;
CREATE POLICY appointments_of_site ON app.appointments TO clinic_app
    USING (site_id = current_setting('app.site_id')::integer)
    WITH CHECK (site_id = current_setting('app.site_id')::integer);
