DROP TABLE app.appointments;
DROP TYPE app.appointment_status;
