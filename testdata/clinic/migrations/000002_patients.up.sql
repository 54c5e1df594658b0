CREATE TABLE app.sites (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    city text NOT NULL
);

CREATE TABLE app.patients (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    site_id    integer NOT NULL REFERENCES app.sites (id),
    mrn        text NOT NULL,
    first_name text NOT NULL,
    last_name  text NOT NULL,
    birth_date date NOT NULL,
    ssn        varchar(11) UNIQUE,
    phone      text,
    email      text,
    active     boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX patients_last_name_idx ON app.patients (last_name, first_name);

ALTER TABLE app.patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.patients FORCE ROW LEVEL SECURITY;
CREATE POLICY patients_of_site ON app.patients TO clinic_app
    USING (site_id = current_setting('app.site_id')::integer)
    WITH CHECK (site_id = current_setting('app.site_id')::integer);

COMMENT ON TABLE app.patients IS 'One row a person; merged duplicates keep the older key.';
