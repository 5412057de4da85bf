-- The first schema. One text for every engine: the driver replaces the words
-- {table} (options after a table's closing bracket) and the column types INTEGER, TEXT, BLOB and REAL by its own.
-- Times are UTC microseconds; a column ending in _at is NULL while the instant is not known. Flags are 0 or 1.
-- workspace_id leads every key, repository_id follows where there is one.

CREATE TABLE workspace (
    workspace_id INTEGER NOT NULL PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    slug TEXT NOT NULL,
    name TEXT NOT NULL
) {table};

CREATE TABLE connection (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    connection_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    api_base TEXT NOT NULL,
    git_base TEXT,
    account TEXT,
    repository_full_name TEXT,
    secret BLOB NOT NULL,
    expires_at INTEGER,
    identity TEXT,
    scopes TEXT,
    state TEXT NOT NULL,
    state_reason TEXT,
    checked_at INTEGER,
    server_time_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, connection_id),
    UNIQUE (workspace_id, name)
) {table};

CREATE TABLE project (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    project_id INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    key TEXT,
    name TEXT,
    PRIMARY KEY (workspace_id, project_id),
    UNIQUE (workspace_id, uuid)
) {table};

CREATE TABLE repository (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    repository_id INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    project_id INTEGER,
    connection_id INTEGER,
    slug TEXT NOT NULL,
    full_name TEXT NOT NULL,
    name TEXT NOT NULL,
    main_branch TEXT,
    html_url TEXT,
    clone_url TEXT,
    language TEXT,
    is_private INTEGER NOT NULL,
    size_bytes INTEGER,
    created_at INTEGER,
    updated_at INTEGER,
    is_selected INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'active',
    release_on_merge INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, repository_id),
    UNIQUE (workspace_id, uuid)
) {table};

-- display_name and nickname are those of the record with the latest instant that showed one (at equal instants the
-- greater text), so that they do not depend on the order of reading. The instants are NULL for placeholders.
CREATE TABLE person (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    person_id INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    display_name_at INTEGER,
    nickname TEXT,
    nickname_at INTEGER,
    kind TEXT NOT NULL,
    is_bot INTEGER NOT NULL DEFAULT 0,
    bot_reason TEXT,
    is_excluded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, person_id)
) {table};

CREATE TABLE identity (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, kind, value)
) {table};

-- participants_at is the updated_at of the record whose participants are kept.
CREATE TABLE pull_request (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    is_draft INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    closed_by_id INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    participants_at INTEGER,
    source_branch TEXT,
    source_hash TEXT,
    source_repository_uuid TEXT,
    destination_branch TEXT,
    destination_hash TEXT,
    merge_hash TEXT,
    html_url TEXT,
    comment_count INTEGER,
    task_count INTEGER,
    commits_state TEXT NOT NULL DEFAULT 'unknown',
    files_state TEXT NOT NULL DEFAULT 'unknown',
    PRIMARY KEY (workspace_id, repository_id, number),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};
CREATE INDEX pull_request_by_merge ON pull_request (workspace_id, repository_id, merge_hash);
CREATE INDEX pull_request_by_author ON pull_request (workspace_id, author_id);
-- What git or the API still owes.
CREATE INDEX pull_request_unread ON pull_request (workspace_id, repository_id, updated_at)
    WHERE commits_state = 'unknown' OR files_state = 'unknown';

CREATE TABLE pr_participant (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    is_reviewer INTEGER NOT NULL,
    state TEXT,
    participated_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, number, person_id)
) {table};
CREATE INDEX pr_participant_by_person ON pr_participant (workspace_id, person_id);

-- detail tells events of one kind, instant and actor apart: the comment's id, the reviewer's person id, or ''.
-- A comment's key is its id alone (at_key 0, actor_key 0), so that an edited or deleted comment stays one row.
CREATE TABLE pr_event (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    at_key INTEGER NOT NULL,
    actor_key INTEGER NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    subject_id INTEGER,
    source_hash TEXT,
    destination_hash TEXT,
    comment_id INTEGER,
    parent_comment_id INTEGER,
    inline_path TEXT,
    inline_line INTEGER,
    comment_length INTEGER,
    is_deleted INTEGER NOT NULL,
    resolved_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, number, kind, at_key, actor_key, detail),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};
CREATE INDEX pr_event_by_actor ON pr_event (workspace_id, actor_id);
CREATE INDEX pr_event_by_subject ON pr_event (workspace_id, subject_id) WHERE subject_id IS NOT NULL;

CREATE TABLE git_commit (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    author_id INTEGER NOT NULL,
    authored_at INTEGER NOT NULL,
    committed_at INTEGER,
    subject TEXT NOT NULL,
    parents TEXT NOT NULL,
    is_merge INTEGER NOT NULL,
    lines_added INTEGER,
    lines_removed INTEGER,
    files_changed INTEGER,
    from_api INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, hash),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};

CREATE TABLE commit_file (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    path TEXT NOT NULL,
    old_path TEXT,
    lines_added INTEGER,
    lines_removed INTEGER,
    PRIMARY KEY (workspace_id, repository_id, hash, path)
) {table};

CREATE TABLE pr_commit (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, number, hash)
) {table};
CREATE INDEX pr_commit_by_hash ON pr_commit (workspace_id, repository_id, hash);

CREATE TABLE pr_file (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    path TEXT NOT NULL,
    old_path TEXT,
    lines_added INTEGER,
    lines_removed INTEGER,
    PRIMARY KEY (workspace_id, repository_id, number, path)
) {table};

-- Derived: may be emptied at any time and computed anew. Durations in wall time follow from the instants.
CREATE TABLE fact_pr (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    definition INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_draft INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    author_is_bot INTEGER NOT NULL,
    destination_branch TEXT,
    first_commit_at INTEGER,
    opened_at INTEGER NOT NULL,
    ready_at INTEGER,
    first_review_at INTEGER,
    first_bot_review_at INTEGER,
    approved_at INTEGER,
    merged_at INTEGER,
    declined_at INTEGER,
    released_at INTEGER,
    last_activity_at INTEGER NOT NULL,
    is_merged_estimated INTEGER NOT NULL,
    coding_clamped INTEGER NOT NULL,
    review_clamped INTEGER NOT NULL,
    coding_working INTEGER,
    pickup_working INTEGER,
    review_working INTEGER,
    merge_working INTEGER,
    cycle_working INTEGER,
    time_to_merge_working INTEGER,
    lines_added INTEGER,
    lines_removed INTEGER,
    files_changed INTEGER,
    generated_lines INTEGER,
    rounds INTEGER NOT NULL,
    pushes INTEGER NOT NULL,
    review_comments INTEGER NOT NULL,
    author_comments INTEGER NOT NULL,
    bot_comments INTEGER NOT NULL,
    reviewers INTEGER NOT NULL,
    approvals INTEGER NOT NULL,
    commits INTEGER,
    is_unreviewed INTEGER NOT NULL,
    is_self_merged INTEGER NOT NULL,
    is_late_change INTEGER NOT NULL,
    waiting_on TEXT,
    waiting_since_at INTEGER,
    PRIMARY KEY (workspace_id, repository_id, number)
) {table};

CREATE TABLE fact_review (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    reviewer_id INTEGER NOT NULL,
    reviewer_is_bot INTEGER NOT NULL,
    is_reviewer INTEGER NOT NULL,
    asked_at INTEGER,
    responded_at INTEGER,
    turnaround_working INTEGER,
    comments INTEGER NOT NULL,
    approvals INTEGER NOT NULL,
    change_requests INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, number, reviewer_id)
) {table};

-- Pull requests whose facts are out of date. generation grows with each change, so that a change that comes while
-- facts are computed is not forgotten.
CREATE TABLE fact_todo (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, number)
) {table};

-- repository_id 0: the workspace itself. position is what the next request starts from; it moves with the rows it covers.
CREATE TABLE sync_cursor (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    position TEXT,
    watermark_at INTEGER,
    floor_at INTEGER,
    counted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, repository_id, name)
) {table};

CREATE TABLE quarantine (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    snippet TEXT NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, kind, key, reason)
) {table};

CREATE TABLE sync_problem (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    code TEXT NOT NULL,
    sentence TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, stage, code)
) {table};

CREATE TABLE budget (
    workspace_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    capacity INTEGER NOT NULL,
    available REAL NOT NULL,
    as_of_at INTEGER NOT NULL,
    paused_until_at INTEGER,
    spent INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, connection_id)
) {table};

-- workspace_id 0: the instance.
CREATE TABLE setting (
    workspace_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (workspace_id, key)
) {table};

-- Numbers that only grow, of the instance (workspace_id 0): 'generation' for each transaction that marked facts out of
-- date, 'facts' for each that altered what columns in memory are made from.
CREATE TABLE counter (
    workspace_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, name)
) {table};
INSERT INTO counter (workspace_id, name, value) VALUES (0, 'generation', 0), (0, 'facts', 0);

-- Keys that seal secrets, themselves sealed under the master key. workspace_id 0: the instance.
CREATE TABLE sealed_key (
    workspace_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (workspace_id, name)
) {table};
