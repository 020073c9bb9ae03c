-- What a binary reads before it touches anything (schema.Gate): how far the schema is, and from which release on a binary
-- works with it. One row. Every migration from here on ends by saying so itself, in its own transaction:
--     UPDATE schema_version SET version = '<its version>', phase = 'expanding';
-- and one that takes away what an older release needs, which is a release of its own, raises the minimum as well:
--     UPDATE schema_version SET version = '<its version>', phase = 'contracting', min_compatible_binary = '<release>';
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE schema_version (
    singleton             boolean PRIMARY KEY DEFAULT true CONSTRAINT schema_version_singleton CHECK (singleton),
    version               text NOT NULL CONSTRAINT schema_version_version CHECK (version ~ '^[0-9]{14}$'),
    min_compatible_binary text NOT NULL CONSTRAINT schema_version_min_compatible_binary
                              CHECK (min_compatible_binary ~ '^[0-9]{1,5}[.][0-9]{1,5}[.][0-9]{1,5}$'),
    phase                 text NOT NULL CONSTRAINT schema_version_phase CHECK (phase IN ('expanding', 'contracting'))
);

INSERT INTO schema_version (version, min_compatible_binary, phase) VALUES ('20261122100000', '0.1.0', 'expanding');

-- Rollback: see db/rollback/V20261122100000__schema_version.sql
