DROP VIEW reporting.active_patients, reporting.visits_by_patient;
DROP SCHEMA reporting;
REVOKE ALL ON app.appointments, app.sites FROM anon;
DROP ROLE anon;
