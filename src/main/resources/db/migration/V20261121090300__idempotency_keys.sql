-- The first reply to each Idempotency-Key, kept to be given again. Written in the transaction of the effect.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE idempotency_keys (
    actor       text NOT NULL,
    method      text NOT NULL,
    path        text NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      integer NOT NULL,
    headers     jsonb NOT NULL,
    body        bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, method, path, key)
);

CREATE INDEX idempotency_keys_oldest ON idempotency_keys (created_at);

-- Rollback: see db/rollback/V20261121090300__idempotency_keys.sql
