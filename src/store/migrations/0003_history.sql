-- What came onto a repository's main branch, step by step along its first parents, and what branches and merges look like.

-- branch is '' for the main branch. Of other protected branches there is what is not on it and landed lately, without
-- lines. position counts from the root, which is 0; on another branch from the step that the main branch has. landed_at never decreases with it. lines_young is NULL where it was not
-- computed. number is the pull request that brought the change; is_settled: the pull requests of its time were read, so
-- that one without a number was brought by none.
CREATE TABLE main_change (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    branch TEXT NOT NULL,
    hash TEXT NOT NULL,
    position INTEGER NOT NULL,
    landed_at INTEGER NOT NULL,
    files_changed INTEGER NOT NULL,
    lines_changed INTEGER NOT NULL,
    lines_young INTEGER,
    lines_left_out INTEGER NOT NULL,
    number INTEGER,
    is_settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, repository_id, branch, hash),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};
CREATE INDEX main_change_by_position ON main_change (workspace_id, repository_id, branch, position);
-- Copies of a step on several branches.
CREATE INDEX main_change_of_branches ON main_change (workspace_id, repository_id, hash) WHERE branch <> '';
-- Those still to be attributed, and the direct pushes.
CREATE INDEX main_change_unbrought ON main_change (workspace_id, repository_id, landed_at) WHERE number IS NULL;

-- Branches as they are after the last fetch.
CREATE TABLE branch (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    committed_at INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    is_merged INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, name),
    FOREIGN KEY (workspace_id, repository_id) REFERENCES repository (workspace_id, repository_id)
) {table};

-- The last trial merge of an open pull request. state: 'clean', 'conflict', 'unknown'. paths: the first files in
-- conflict, one a line; path_count: all of them.
CREATE TABLE merge_trial (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    source_hash TEXT NOT NULL,
    destination_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    since_at INTEGER NOT NULL,
    path_count INTEGER NOT NULL,
    paths TEXT NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, number)
) {table};

-- Commits that say the same (a rebase makes copies), and those of a span.
CREATE INDEX git_commit_by_author ON git_commit (workspace_id, repository_id, author_id, authored_at);
CREATE INDEX git_commit_by_time ON git_commit (workspace_id, repository_id, authored_at);
