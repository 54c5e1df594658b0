DROP TABLE app.therapy_notes, app.diagnosis_codes, app.encounters;
