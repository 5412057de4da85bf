-- What a repository's deployments, pipelines or merges say about its deliveries, and what a credential has too much.

-- Where no deployment to production is known: does a pipeline on the main branch deploy (release_on_merge is older)?
ALTER TABLE repository ADD COLUMN release_on_pipeline INTEGER NOT NULL DEFAULT 0;

-- Scopes that the credential has and nothing needs, separated by spaces. NULL: none, or not told.
ALTER TABLE connection ADD COLUMN unneeded_scopes TEXT;

-- Derived: one row per deployment that succeeded or failed, per pipeline or per merge that stands for one. source is
-- 'deployment', 'pipeline' or 'merge'; key is the uuid at Bitbucket, or the number of the pull request merged.
CREATE TABLE fact_deployment (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    source TEXT NOT NULL,
    environment TEXT,
    environment_kind INTEGER NOT NULL,
    commit_hash TEXT,
    url TEXT,
    completed_at INTEGER NOT NULL,
    restored_at INTEGER,
    is_successful INTEGER NOT NULL,
    is_failure INTEGER NOT NULL,
    is_rollback INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, key)
) {table};

-- Repositories whose deliveries are out of date; generation as in fact_todo.
CREATE TABLE delivery_todo (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id)
) {table};
INSERT INTO delivery_todo (workspace_id, repository_id, generation)
    SELECT workspace_id, repository_id, 0 FROM repository;
