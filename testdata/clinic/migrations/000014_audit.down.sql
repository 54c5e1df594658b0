DROP TRIGGER encounters_copied ON app.encounters;
DROP FUNCTION app.same_surname(text, text);
DROP FUNCTION app.last_diagnosis(uuid);
DROP FUNCTION app.copy_encounter();
DROP FUNCTION app.prune_audit();
DROP TABLE app.encounter_changes, app.print_audit, app.portal_audit, app.audit_log;
