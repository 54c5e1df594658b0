DROP FUNCTION app.patient_age(uuid);
DROP FUNCTION app.patient_name(uuid);
