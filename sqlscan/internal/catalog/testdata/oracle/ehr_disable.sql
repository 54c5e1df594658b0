-- Row security that a later migration takes away, through renames and a move.
CREATE SCHEMA ehr;
CREATE TABLE ehr.composition (id uuid PRIMARY KEY, ehr_id uuid NOT NULL, data jsonb);
CREATE TABLE ehr.composition_history (LIKE ehr.composition);
ALTER TABLE ehr.composition ENABLE ROW LEVEL SECURITY;
ALTER TABLE ehr.composition FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ehr.composition FOR ALL USING (ehr_id IS NOT NULL);
ALTER TABLE ehr.composition RENAME TO comp_data;
ALTER TABLE ehr.comp_data DISABLE ROW LEVEL SECURITY;
ALTER TABLE ehr.composition_history SET SCHEMA public;
DROP POLICY tenant ON ehr.comp_data;
