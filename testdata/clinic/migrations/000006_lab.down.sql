DROP TABLE app.hiv_results, app.lab_results;
