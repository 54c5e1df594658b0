-- PostgreSQL 18: the label is computed when it is read.
CREATE TABLE app.kiosks (
    id    uuid PRIMARY KEY,
    room  text NOT NULL,
    label text GENERATED ALWAYS AS (upper(room)) VIRTUAL
);

CREATE TABLE app.kiosk_check_ins (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kiosk_id   uuid NOT NULL REFERENCES app.kiosks (id),
    arrived_at timestamptz NOT NULL
);
