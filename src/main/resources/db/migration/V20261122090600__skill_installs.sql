-- The commit of each skill that an agent of a workspace installed last, and when.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE skill_installs (
    workspace_id uuid NOT NULL,
    agent_id     text COLLATE "C" NOT NULL
                     CONSTRAINT skill_installs_agent_id_length CHECK (char_length(agent_id) BETWEEN 1 AND 200),
    skill        text COLLATE "C" NOT NULL
                     CONSTRAINT skill_installs_skill_length CHECK (char_length(skill) BETWEEN 1 AND 200),
    org_id       uuid NOT NULL,
    commit_hash  text NOT NULL
                     CONSTRAINT skill_installs_commit_hash_length CHECK (char_length(commit_hash) BETWEEN 1 AND 100),
    installed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, agent_id, skill)
);

-- The newest commit of a skill in a workspace.
CREATE INDEX skill_installs_newest ON skill_installs (workspace_id, skill, installed_at, agent_id);

-- Who sees which rows: see V20261121090000__workspaces.sql.
ALTER TABLE skill_installs ENABLE ROW LEVEL SECURITY;
ALTER TABLE skill_installs FORCE ROW LEVEL SECURITY;
CREATE POLICY skill_installs_tenant ON skill_installs
    USING ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid))
    WITH CHECK ((SELECT current_setting('rollcall.tenant', true)) = '*'
           OR org_id = (SELECT nullif(nullif(current_setting('rollcall.tenant', true), '*'), '')::uuid));

-- Rollback: see db/rollback/V20261122090600__skill_installs.sql
