-- What an agent did on a day: a row for each section of the work, and one of the section '' for all of them together, which
-- whoever counts writes as well. Counters are added to; averages and rates are null where there was nothing to take one of,
-- and 0 where it was 0. No number is beyond what every JSON client holds exactly, so no sum of a page overflows either. Keys
-- that the service does not know are kept in data.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE agent_metrics (
    workspace_id         uuid NOT NULL,
    agent_id             text COLLATE "C" NOT NULL
        CONSTRAINT agent_metrics_agent_id_length CHECK (char_length(agent_id) BETWEEN 1 AND 200),
    date                 date NOT NULL
        CONSTRAINT agent_metrics_date_range CHECK (date BETWEEN '2000-01-01' AND '9999-12-31'),
    section              text COLLATE "C" NOT NULL DEFAULT ''
        CONSTRAINT agent_metrics_section_length CHECK (char_length(section) <= 200),
    org_id               uuid NOT NULL,
    tasks_completed      bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_tasks_completed CHECK (tasks_completed BETWEEN 0 AND 9007199254740991),
    tasks_started        bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_tasks_started CHECK (tasks_started BETWEEN 0 AND 9007199254740991),
    bounce_count         bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_bounce_count CHECK (bounce_count BETWEEN 0 AND 9007199254740991),
    stall_count          bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_stall_count CHECK (stall_count BETWEEN 0 AND 9007199254740991),
    comments_posted      bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_comments_posted CHECK (comments_posted BETWEEN 0 AND 9007199254740991),
    mentions_received    bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_mentions_received CHECK (mentions_received BETWEEN 0 AND 9007199254740991),
    mentions_sent        bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_mentions_sent CHECK (mentions_sent BETWEEN 0 AND 9007199254740991),
    kudos_count          bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_kudos_count CHECK (kudos_count BETWEEN 0 AND 9007199254740991),
    flag_count           bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_flag_count CHECK (flag_count BETWEEN 0 AND 9007199254740991),
    active_minutes       bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_active_minutes CHECK (active_minutes BETWEEN 0 AND 9007199254740991),
    versions_completed   bigint NOT NULL DEFAULT 0
        CONSTRAINT agent_metrics_versions_completed CHECK (versions_completed BETWEEN 0 AND 9007199254740991),
    avg_duration_min     double precision
        CONSTRAINT agent_metrics_avg_duration_min CHECK (avg_duration_min BETWEEN 0 AND 9007199254740991),
    median_duration_min  double precision
        CONSTRAINT agent_metrics_median_duration_min CHECK (median_duration_min BETWEEN 0 AND 9007199254740991),
    avg_gap_min          double precision
        CONSTRAINT agent_metrics_avg_gap_min CHECK (avg_gap_min BETWEEN 0 AND 9007199254740991),
    chain_rate           double precision
        CONSTRAINT agent_metrics_chain_rate CHECK (chain_rate BETWEEN 0 AND 1),
    throughput           double precision
        CONSTRAINT agent_metrics_throughput CHECK (throughput BETWEEN 0 AND 9007199254740991),
    first_pass_rate      double precision
        CONSTRAINT agent_metrics_first_pass_rate CHECK (first_pass_rate BETWEEN 0 AND 1),
    mention_response_min double precision
        CONSTRAINT agent_metrics_mention_response_min CHECK (mention_response_min BETWEEN 0 AND 9007199254740991),
    review_notes_rate    double precision
        CONSTRAINT agent_metrics_review_notes_rate CHECK (review_notes_rate BETWEEN 0 AND 1),
    test_plan_rate       double precision
        CONSTRAINT agent_metrics_test_plan_rate CHECK (test_plan_rate BETWEEN 0 AND 1),
    data                 jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT agent_metrics_data_object CHECK (jsonb_typeof(data) = 'object')
        CONSTRAINT agent_metrics_data_keys CHECK (jsonb_array_length(jsonb_path_query_array(data, '$.*')) <= 100)
        CONSTRAINT agent_metrics_data_range CHECK (NOT jsonb_path_exists(data,
            'strict $.* ? (@.type() <> "number" || @ < -9007199254740991 || @ > 9007199254740991)')),
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, agent_id, date, section)
) WITH (fillfactor = 80);

-- The team's days: of all its agents a few days, of which the sections are not asked for.
CREATE INDEX agent_metrics_team ON agent_metrics (workspace_id, date) WHERE section = '';

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE agent_metrics ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_metrics FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_metrics_tenant ON agent_metrics
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

UPDATE schema_version SET version = '20261123090100', phase = 'expanding';

-- Rollback: see db/rollback/V20261123090100__agent_metrics.sql
