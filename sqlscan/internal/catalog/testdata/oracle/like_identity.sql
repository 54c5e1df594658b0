-- INCLUDING IDENTITY brings a sequence of its own; without it the column is plain.
CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY, note text);
CREATE TABLE visits_all (LIKE visits INCLUDING ALL);
CREATE TABLE visits_identity (LIKE visits INCLUDING IDENTITY);
CREATE TABLE visits_plain (LIKE visits);
ALTER TABLE visits ALTER COLUMN id DROP IDENTITY;
CREATE TABLE visits_later (LIKE visits INCLUDING ALL);
