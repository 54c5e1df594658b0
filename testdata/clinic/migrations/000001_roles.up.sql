CREATE SCHEMA app;

-- Group roles own no login; services and people are members.
CREATE ROLE clinic_app NOLOGIN;
CREATE ROLE clinic_reader NOLOGIN;

CREATE ROLE clinic_api LOGIN PASSWORD 'front-desk-fiction-7' IN ROLE clinic_app;
CREATE ROLE clinic_report LOGIN PASSWORD NULL IN ROLE clinic_reader;

GRANT USAGE ON SCHEMA app TO clinic_app, clinic_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT, UPDATE ON TABLES TO clinic_app;
