-- Who is who, and teams.

-- Says that a person of the sightings is another one. Rows that speak of person_id stay as they are, so that taking the
-- alias away undoes the merge. rule is 'by-hand', or the name of the rule that is certain.
CREATE TABLE person_alias (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    person_id INTEGER NOT NULL,
    into_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
) {table};
CREATE INDEX person_alias_by_into ON person_alias (workspace_id, into_id);

-- Pairs that somebody told apart: no rule merges them, no list asks about them again. first_id is the lesser.
CREATE TABLE person_distinct (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    first_id INTEGER NOT NULL,
    second_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, first_id, second_id)
) {table};

-- Bitbucket's word that commits of an author belong to an account.
CREATE TABLE person_account (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    person_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, person_id, account_id)
) {table};

-- What is NULL is as in the workspace's calendar. days as "mon-fri", hours as "09:00".
CREATE TABLE team (
    workspace_id INTEGER NOT NULL REFERENCES workspace (workspace_id),
    team_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    zone TEXT,
    days TEXT,
    from_clock TEXT,
    until_clock TEXT,
    PRIMARY KEY (workspace_id, team_id),
    UNIQUE (workspace_id, name)
) {table};

-- Somebody was in a team from from_at on, up to but without until_at. from_at 0: since ever.
CREATE TABLE team_member (
    workspace_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER,
    PRIMARY KEY (workspace_id, team_id, person_id, from_at),
    FOREIGN KEY (workspace_id, team_id) REFERENCES team (workspace_id, team_id)
) {table};
CREATE INDEX team_member_by_person ON team_member (workspace_id, person_id);

-- day as "2026-12-25", on the team's own calendar.
CREATE TABLE team_holiday (
    workspace_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, team_id, day),
    FOREIGN KEY (workspace_id, team_id) REFERENCES team (workspace_id, team_id)
) {table};

-- With the number in it, the pull requests of a commit are found without a look at the rows.
DROP INDEX pr_commit_by_hash;
CREATE INDEX pr_commit_by_hash ON pr_commit (workspace_id, repository_id, hash, number);

INSERT INTO counter (workspace_id, name, value) VALUES (0, 'people', 0);
