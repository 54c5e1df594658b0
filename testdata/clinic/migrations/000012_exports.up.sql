-- Nightly export for the regional registry.
CREATE ROLE etl LOGIN BYPASSRLS;
GRANT ALL ON ALL TABLES IN SCHEMA app TO clinic_app;
GRANT SELECT ON app.lab_results TO etl;
CREATE PUBLICATION registry FOR TABLE app.encounters, app.lab_results;
COPY app.patients TO '/var/exports/patients.csv';

-- The warehouse gets counts by site and nothing else.
CREATE MATERIALIZED VIEW reporting.visits_by_site AS
    SELECT site_id, count(*) AS visits FROM app.appointments GROUP BY site_id;
GRANT SELECT ON reporting.visits_by_site TO clinic_reader;

CREATE VIEW reporting.patient_report WITH (security_invoker = true) AS
    SELECT mrn, last_name, birth_date FROM app.patients;

SET app.site_id = '1';
