DROP TABLE app.kiosk_check_ins, app.kiosks;
