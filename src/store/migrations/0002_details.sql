-- Builds, tasks, pipelines and deployments; what of them was read, and when. States and kinds are numbered as in
-- model.h.

-- What is known of a pull request apart from its record: subject is 'builds' or 'tasks'. No row: not read. head: the
-- source commit of the builds.
CREATE TABLE pr_reading (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    subject TEXT NOT NULL,
    head TEXT,
    PRIMARY KEY (workspace_id, repository_id, number, subject)
) {table};

-- When sync read them last, and 'threads' (the resolution of comments). record_at: the updated_at of the record then.
-- read_at: the server's time.
CREATE TABLE sync_detail (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    subject TEXT NOT NULL,
    record_at INTEGER NOT NULL,
    read_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, number, subject)
) {table};

-- Of the source commit that pr_reading names: one row for each key, the last that was told.
CREATE TABLE pr_build (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    commit_hash TEXT,
    name TEXT,
    url TEXT,
    state INTEGER NOT NULL,
    created_at INTEGER,
    updated_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, number, key)
) {table};

-- resolver_id and resolved_at are NULL while the task is unresolved.
CREATE TABLE pr_task (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    comment_id INTEGER,
    creator_id INTEGER NOT NULL,
    resolver_id INTEGER,
    created_at INTEGER,
    resolved_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, number, task_id)
) {table};

-- kind and name are NULL while only the uuid was told.
CREATE TABLE environment (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    name TEXT,
    kind INTEGER,
    PRIMARY KEY (workspace_id, repository_id, uuid),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};

CREATE TABLE deployment (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    environment_uuid TEXT,
    commit_hash TEXT,
    pipeline_uuid TEXT,
    url TEXT,
    state INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    updated_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, uuid),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};
CREATE INDEX deployment_unfinished ON deployment (workspace_id, repository_id, state) WHERE state < 2;

CREATE TABLE pipeline (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    build_number INTEGER,
    commit_hash TEXT,
    ref_name TEXT,
    pull_request INTEGER,
    state INTEGER NOT NULL,
    created_at INTEGER,
    completed_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, uuid),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};
CREATE INDEX pipeline_by_ref ON pipeline (workspace_id, repository_id, ref_name);

-- A note says what is not read although all went well, such as what the token may not see.
ALTER TABLE sync_problem ADD COLUMN is_note INTEGER NOT NULL DEFAULT 0;
