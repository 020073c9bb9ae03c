-- The platform admin's token when the environment gives none: made once, its SHA-256 kept, printed once.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE admin_token (
    only_one   boolean PRIMARY KEY DEFAULT true CONSTRAINT admin_token_only_one CHECK (only_one),
    sha256     bytea NOT NULL CONSTRAINT admin_token_sha256 CHECK (octet_length(sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Rollback: see db/rollback/V20261121090400__admin_token.sql
