-- Approval policies, proposals, what is selected, and the merge audit log.

-- A row per version; the versions of one subject (scope, scope_id, branch) share policy_id. scope_id is the project's
-- or repository's id, 0 for the workspace. branch is a glob over the target branch, '' the repository's main branch.
CREATE TABLE policy (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    policy_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    scope TEXT NOT NULL,
    scope_id INTEGER NOT NULL,
    branch TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    ended_at INTEGER,
    least_approvals INTEGER NOT NULL,
    required_least INTEGER NOT NULL,
    author_counts INTEGER NOT NULL,
    void_on_push INTEGER NOT NULL,
    builds_must_pass INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT,
    PRIMARY KEY (workspace_id, policy_id, version),
    UNIQUE (workspace_id, scope, scope_id, branch, version)
) {table};

-- Whose approval must be among those given. least: how many members, of a team.
CREATE TABLE policy_required (
    workspace_id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    required_id INTEGER NOT NULL,
    least INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, policy_id, version, kind, required_id)
) {table};

CREATE TABLE proposal (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    proposal_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    decided_by TEXT,
    decided_at INTEGER,
    note TEXT,
    PRIMARY KEY (workspace_id, proposal_id)
) {table};

-- Which repositories are read: of the rules that match one, that with the greatest position decides. subject_id is the
-- project's or repository's id, 0 for a pattern; text is the pattern, or the key or name as it was then.
CREATE TABLE selection_rule (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    is_included INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT,
    PRIMARY KEY (workspace_id, position)
) {table};

-- Only ever appended to. hash covers every other column and, through previous, every row before.
CREATE TABLE merge_audit (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    refers_to INTEGER,
    recorded_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) {table};
CREATE INDEX merge_audit_by_pull_request ON merge_audit (workspace_id, repository_id, number, seq);

-- Merged pull requests whose rows changed since the log last looked at them.
CREATE TABLE merge_audit_todo (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, number)
) {table};
