-- Plumbline's own: who may sign in, and what administrators did. workspace_id 0: the instance.
-- Of a session, an invitation and a token only a digest is kept: who reads this file cannot use them.

CREATE TABLE account (
    workspace_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    PRIMARY KEY (workspace_id, account_id),
    UNIQUE (workspace_id, email)
) {table};

CREATE TABLE session (
    workspace_id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    peer TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (workspace_id, digest)
) {table};
CREATE INDEX session_by_account ON session (workspace_id, account_id);

CREATE TABLE invitation (
    workspace_id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, digest)
) {table};

CREATE TABLE api_token (
    workspace_id INTEGER NOT NULL,
    token_id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (workspace_id, token_id),
    UNIQUE (workspace_id, digest)
) {table};

-- Only ever added to.
CREATE TABLE admin_act (
    workspace_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    peer TEXT NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) {table};
