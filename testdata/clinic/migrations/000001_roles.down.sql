DROP SCHEMA app;
DROP ROLE clinic_report, clinic_api, clinic_reader, clinic_app;
