ALTER TABLE app.appointments DROP COLUMN reminded_at;
ALTER TABLE app.patients DROP CONSTRAINT patients_phone_not_null;
ALTER TABLE app.patients DROP CONSTRAINT patients_mrn_key;
