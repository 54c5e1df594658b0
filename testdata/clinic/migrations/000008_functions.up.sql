CREATE FUNCTION app.patient_name(patient uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    AS $$ SELECT first_name || ' ' || last_name FROM app.patients WHERE id = patient $$;

CREATE FUNCTION app.patient_age(patient uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = app, pg_temp
    AS $$ SELECT extract(year FROM age(birth_date))::integer FROM app.patients WHERE id = patient $$;

REVOKE EXECUTE ON FUNCTION app.patient_age(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.patient_age(uuid) TO clinic_app;
