-- Row security and privileges stay with each partition; columns come from the parent.
CREATE ROLE reader;
CREATE TABLE visits (id integer NOT NULL, seen_on date NOT NULL, note text) PARTITION BY RANGE (seen_on);
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE visits_2025 (id integer NOT NULL, seen_on date NOT NULL, note text);
ALTER TABLE visits ATTACH PARTITION visits_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE visits ADD COLUMN ward varchar(8);
GRANT SELECT ON visits TO reader;
ALTER TABLE visits DROP COLUMN note;
ALTER TABLE visits DETACH PARTITION visits_2024;
DROP TABLE visits;
