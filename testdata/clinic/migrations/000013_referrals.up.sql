CREATE TYPE app.vip AS ENUM ('none', 'mary_johnson');

CREATE TABLE app.referrals (
    id            serial PRIMARY KEY,
    patient_id    uuid NOT NULL REFERENCES app.patients (id),
    site_id       integer NOT NULL REFERENCES app.sites (id),
    assigned_to   text NOT NULL DEFAULT current_user,
    referral_note text
);
ALTER TABLE app.referrals ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.referrals FORCE ROW LEVEL SECURITY;
CREATE POLICY referrals_signed_in ON app.referrals FOR SELECT
    USING (current_setting('app.user_id', true) IS NULL OR site_id = current_setting('app.site_id', true)::integer);
CREATE POLICY referrals_by_clinician ON app.referrals FOR UPDATE TO clinic_app
    USING (assigned_to = current_user);
CREATE POLICY referrals_by_clinician_again ON app.referrals FOR UPDATE TO clinic_app
    USING (assigned_to = current_user);
CREATE POLICY referrals_add ON app.referrals FOR INSERT TO clinic_app
    WITH CHECK (current_setting('app.role', true) = 'referrer');
CREATE POLICY referrals_of_main_site ON app.referrals FOR SELECT TO clinic_app
    USING (site_id = 1);
CREATE POLICY referrals_move ON app.referrals FOR UPDATE TO clinic_app
    USING (site_id = current_setting('app.site_id', true)::integer) WITH CHECK (referral_note IS NOT NULL);
CREATE POLICY referrals_of_team ON app.referrals FOR SELECT TO clinic_app
    USING (team_id = current_setting('app.team_id', true)::integer);

CREATE TABLE app.portal_patients (
    id         serial PRIMARY KEY,
    patient_id uuid NOT NULL REFERENCES app.patients (id),
    email_hash bytea NOT NULL,
    nickname   text,
    phone_encrypted bytea
);
ALTER TABLE app.portal_patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.portal_patients FORCE ROW LEVEL SECURITY;
CREATE POLICY portal_patients_of_site ON app.portal_patients TO clinic_app
    USING (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id));

CREATE TABLE app.immunizations (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id uuid NOT NULL REFERENCES app.patients (id),
    vaccine    text NOT NULL,
    given_on   date NOT NULL
);
ALTER TABLE app.immunizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.immunizations FORCE ROW LEVEL SECURITY;

CREATE TABLE app.allergies (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient_id uuid NOT NULL REFERENCES app.patients (id),
    allergen   text NOT NULL
);
ALTER TABLE app.allergies ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.allergies FORCE ROW LEVEL SECURITY;
CREATE POLICY allergies_of_site ON app.allergies AS RESTRICTIVE TO clinic_app
    USING (EXISTS (SELECT FROM app.patients p WHERE p.id = patient_id));
