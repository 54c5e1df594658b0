-- How types are spelled in pg_attribute.
CREATE SCHEMA app;
CREATE TYPE app.status AS ENUM ('open', 'closed');
CREATE DOMAIN app.mrn AS text CHECK (VALUE <> '');
CREATE TABLE app.t (
    a int, b int8, c smallint, d serial, e bigserial, f float, g float4, h decimal(8, 2), i numeric, j varchar, k varchar(11),
    l char, m character(3), n timestamptz, o timestamp(3), p time, q timetz, r interval, s bool, t text[], u integer[][],
    v json, w jsonb, x uuid, y bytea, z bit(3), aa varbit, bb inet, cc app.status, dd app.mrn, ee app.status[], ff "char", gg name, hh int4range,
    ii timestamp with time zone, jj double precision, kk interval day to second, ll xml, mm point, nn oid, oo regclass, pp tsvector
);
