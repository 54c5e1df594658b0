DROP TABLE app.allergies, app.immunizations, app.portal_patients, app.referrals;
DROP TYPE app.vip;
