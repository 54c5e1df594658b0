DROP USER MAPPING FOR clinic_api SERVER laboratory;
DROP SERVER laboratory;
DROP TRIGGER appointments_told ON app.appointments;
DROP TRIGGER patients_told ON app.patients;
DROP FUNCTION app.forget(text, text);
DROP FUNCTION app.tell_room();
DROP FUNCTION app.tell_front_desk();
DROP INDEX app.patients_ssn_md5_idx;
DROP TABLE app.identity_index, app.identity_vault;
