-- Two charts were opened for John Smith, SSN 123-45-6789; keep the older one.
CREATE TABLE app.patient_john_smith_backup AS
    SELECT * FROM app.appointments WHERE patient_id = '00000000-0000-4000-8000-000000000002';

UPDATE app.appointments
SET patient_id = '00000000-0000-4000-8000-000000000001'
WHERE patient_id = '00000000-0000-4000-8000-000000000002';

UPDATE app.patients SET mrn = 'MRN00482913' WHERE last_name = 'Smith' AND birth_date = '1980-01-02';

COMMENT ON COLUMN app.patients.mrn IS 'Old charts carry a suffix, see MRN 00482913.';
COMMENT ON COLUMN app.patients.email IS 'Checked by a mail with a link.';
