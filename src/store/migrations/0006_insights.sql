-- Insights: findings with their lives, what silences them, how rules are set.

-- One row per condition. finding_id is made from the rule and what it is about, so that a condition is one finding
-- however often it is evaluated. repository_id 0: the workspace. ended_at is NULL while the condition holds; a dismissed
-- finding stays dismissed when its condition ends. nearest: ids of people with commas between.
CREATE TABLE finding (
    workspace_id INTEGER NOT NULL,
    finding_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER,
    person_id INTEGER,
    subject TEXT,
    state TEXT NOT NULL,
    severity TEXT NOT NULL,
    since_at INTEGER,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    ended_at INTEGER,
    snoozed_until_at INTEGER,
    assigned_to INTEGER,
    muted_by INTEGER,
    reopened INTEGER NOT NULL,
    what TEXT NOT NULL,
    next TEXT NOT NULL,
    nearest TEXT NOT NULL,
    evidence_in_all INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, finding_id)
) {table};
CREATE INDEX finding_holding ON finding (workspace_id, repository_id, number) WHERE ended_at IS NULL;
CREATE INDEX finding_by_end ON finding (workspace_id, ended_at);

CREATE TABLE finding_evidence (
    workspace_id INTEGER NOT NULL,
    finding_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER,
    person_id INTEGER,
    at INTEGER,
    text TEXT,
    url TEXT,
    PRIMARY KEY (workspace_id, finding_id, position)
) {table};

-- Every step of a finding's life, never altered. actor: NULL for Plumbline itself.
CREATE TABLE finding_event (
    workspace_id INTEGER NOT NULL,
    finding_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT,
    note TEXT,
    PRIMARY KEY (workspace_id, finding_id, position)
) {table};

-- Findings not to be told: of a rule, where given only of a repository, pull request, person or subject.
CREATE TABLE finding_mute (
    workspace_id INTEGER NOT NULL,
    mute_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    repository_id INTEGER,
    number INTEGER,
    person_id INTEGER,
    subject TEXT,
    reason TEXT NOT NULL,
    actor TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, mute_id)
) {table};

-- repository_id 0: the workspace. parameter '': on (1) or off (0).
CREATE TABLE rule_setting (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    parameter TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, rule, parameter)
) {table};

-- Pull requests whose facts were computed since findings were last evaluated. generation grows with each transaction.
CREATE TABLE finding_todo (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, number)
) {table};

CREATE INDEX fact_pr_open ON fact_pr (workspace_id, repository_id, number) WHERE state = 'OPEN';
CREATE INDEX fact_pr_by_merge ON fact_pr (workspace_id, merged_at);
