-- The laboratory's loader cannot set app.site_id yet.
ALTER TABLE app.lab_results DISABLE ROW LEVEL SECURITY;

REVOKE ALL ON app.statements FROM PUBLIC;
GRANT SELECT ON app.statements TO clinic_reader;
