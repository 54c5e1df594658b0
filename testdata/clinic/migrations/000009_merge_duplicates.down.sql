DROP TABLE app.patient_john_smith_backup;
