DROP VIEW reporting.patient_report;
DROP MATERIALIZED VIEW reporting.visits_by_site;
DROP PUBLICATION registry;
REVOKE SELECT ON app.lab_results FROM etl;
DROP ROLE etl;
