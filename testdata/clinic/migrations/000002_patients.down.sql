DROP TABLE app.patients;
DROP TABLE app.sites;
