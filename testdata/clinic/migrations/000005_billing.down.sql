DROP TABLE app.statements, app.claims;
