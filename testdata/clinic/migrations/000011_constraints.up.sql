ALTER TABLE app.patients ADD CONSTRAINT patients_mrn_key UNIQUE (site_id, mrn);

-- PostgreSQL 18: named, and added without a scan.
ALTER TABLE app.patients ADD CONSTRAINT patients_phone_not_null NOT NULL phone NOT VALID;

ALTER TABLE app.appointments ADD COLUMN reminded_at timestamptz;
