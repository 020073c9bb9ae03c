-- Every mutation by a person or token, written in the mutation's own transaction.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id     uuid,
    actor      text NOT NULL,
    action     text NOT NULL,
    target     text NOT NULL,
    request_id text NOT NULL,
    detail     jsonb NOT NULL DEFAULT '{}',
    at         timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX audit_log_of_organisation ON audit_log (org_id, id);

-- Rollback: see db/rollback/V20261121090200__audit_log.sql
