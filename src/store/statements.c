#include "store/statements.h"

#include "store/facts.h"
#include "store/people.h"
#include "store/purge.h"
#include "store/reading.h"

/* The least instant, for comparing those that may be NULL. */
#define LEAST "-9223372036854775807"

/* Adds what a SELECT finds to fact_todo. "WHERE" must be part of @from: SQLite needs it before ON
 * CONFLICT. */
#define TODO_FROM(columns, generation, from)                                                       \
    "INSERT INTO fact_todo (workspace_id, repository_id, number, generation)"                      \
    " SELECT " columns ", " generation " " from                                                    \
    " ON CONFLICT (workspace_id, repository_id, number)"                                           \
    " DO UPDATE SET generation = excluded.generation"

/* In how many pull requests of each author the commits of a commit author stand. @from ends in the
 * commits g; the order of the joins is the one to read in. */
#define AUTHORSHIP(from, condition)                                                                \
    "SELECT e.committer_id, e.author_id, COUNT(*), SUM(e.commits) FROM (SELECT"                    \
    " g.author_id AS committer_id, p.author_id AS author_id, COUNT(*) AS commits"                  \
    " FROM " from " CROSS JOIN pr_commit c CROSS JOIN pull_request p"                              \
    " WHERE g.workspace_id = $1 AND g.is_merge = 0" condition                                      \
    " AND c.workspace_id = g.workspace_id AND c.repository_id = g.repository_id"                   \
    " AND c.hash = g.hash AND p.workspace_id = c.workspace_id"                                     \
    " AND p.repository_id = c.repository_id AND p.number = c.number"                               \
    " GROUP BY g.author_id, p.author_id, p.repository_id, p.number) e"                             \
    " GROUP BY e.committer_id, e.author_id ORDER BY e.committer_id, e.author_id"

/* A run of pull request numbers of one repository. */
#define RUN(alias)                                                                                 \
    alias ".workspace_id = $1 AND " alias ".repository_id = $2 AND " alias                         \
          ".number BETWEEN $3 AND $4"

#define DEPLOYMENTS(of)                                                                            \
    "SELECT d.repository_id, d.uuid, e.name, d.commit_hash, d.url, e.kind, d.state,"               \
    " d.started_at, d.completed_at FROM deployment d LEFT JOIN environment e"                      \
    " ON e.workspace_id = d.workspace_id AND e.repository_id = d.repository_id"                    \
    " AND e.uuid = d.environment_uuid WHERE d.workspace_id = $1" of                                \
    " ORDER BY d.repository_id, COALESCE(d.completed_at, d.started_at, " LEAST "), d.uuid"

/* What counts as the main branch of the repository r. */
#define MAIN_BRANCH "COALESCE(r.main_branch_chosen, r.main_branch)"

/* What runs for the main branch itself, where nothing was ever deployed. */
#define PIPELINES(of)                                                                              \
    "SELECT p.repository_id, p.build_number, p.uuid, p.commit_hash, p.ref_name, p.state,"          \
    " p.created_at, p.completed_at FROM pipeline p JOIN repository r"                              \
    " ON r.workspace_id = p.workspace_id AND r.repository_id = p.repository_id"                    \
    " AND " MAIN_BRANCH " = p.ref_name WHERE p.workspace_id = $1 AND p.pull_request IS NULL" of    \
    " ORDER BY p.repository_id, p.created_at, p.uuid"

/* @row may belong to the merged pull request that lands next, whose commits are not known. */
#define MAY_BE_BROUGHT(row)                                                                        \
    "(COALESCE((SELECT CASE WHEN k.is_merge = 1 THEN 'git' ELSE p.commits_state END"               \
    " FROM main_change n JOIN pull_request p"                                                      \
    " ON p.workspace_id = n.workspace_id AND p.repository_id = n.repository_id"                    \
    " AND p.number = n.number JOIN git_commit k ON k.workspace_id = n.workspace_id"                \
    " AND k.repository_id = n.repository_id AND k.hash = n.hash"                                   \
    " WHERE n.workspace_id = " row ".workspace_id"                                                 \
    " AND n.repository_id = " row ".repository_id AND n.branch = " row ".branch"                   \
    " AND n.position > " row ".position ORDER BY n.position LIMIT 1), 'git')"                      \
    " NOT IN ('git', 'api'))"
/* Of open pull requests only: a trial is not taken away when one closes. */
#define CONFLICTS                                                                                  \
    "SELECT t.repository_id, t.number, p.source_branch, p.destination_branch, t.since_at,"         \
    " t.path_count, t.paths FROM merge_trial t JOIN pull_request p"                                \
    " ON p.workspace_id = t.workspace_id AND p.repository_id = t.repository_id"                    \
    " AND p.number = t.number "
#define IS_CONFLICT "t.state = 'conflict' AND p.state = 'OPEN'"
#define FINDING_COLUMNS                                                                            \
    "f.finding_id, f.rule, f.repository_id, f.number, f.person_id, f.subject, f.state,"            \
    " f.severity, f.since_at, f.first_seen_at, f.last_seen_at, f.ended_at, f.snoozed_until_at,"    \
    " f.assigned_to, f.muted_by, f.reopened, f.what, f.next, f.nearest, f.evidence_in_all"
#define FINDING_ENDED    "f.workspace_id = $1 AND (f.ended_at IS NULL OR f.ended_at >= $2)"
#define EVIDENCE_COLUMNS "e.finding_id, e.repository_id, e.number, e.person_id, e.at, e.text, e.url"

#define ACCOUNT_COLUMNS    "account_id, email, name, role, password, created_at, disabled_at"
#define SESSION_COLUMNS    "digest, account_id, created_at, seen_at, expires_at, peer, agent"
#define INVITATION_COLUMNS "digest, email, role, invited_by, created_at, expires_at"
#define API_TOKEN_COLUMNS                                                                          \
    "token_id, account_id, digest, name, role, created_at, expires_at, used_at"

/* Repositories r that the connection $2 sees, or read, and no other one sees. */
#define ONLY_SEEN_BY                                                                               \
    "r.workspace_id = $1 AND (r.connection_id = $2 OR EXISTS (SELECT 1 FROM repository_sighting o" \
    " WHERE o.workspace_id = r.workspace_id AND o.repository_id = r.repository_id"                 \
    " AND o.connection_id = $2)) AND NOT EXISTS (SELECT 1 FROM repository_sighting t"              \
    " WHERE t.workspace_id = r.workspace_id AND t.repository_id = r.repository_id"                 \
    " AND t.connection_id <> $2)"
/* The rows of $3 keys of a repository. */
#define PURGE_PART(table, key)                                                                     \
    "DELETE FROM " table " WHERE workspace_id = $1 AND repository_id = $2 AND " key                \
    " IN (SELECT DISTINCT " key " FROM " table " WHERE workspace_id = $1 AND repository_id = $2"   \
    " ORDER BY " key " LIMIT $3)"
#define SOME_FINDINGS                                                                              \
    "(SELECT finding_id FROM finding WHERE workspace_id = $1 AND repository_id = $2"               \
    " ORDER BY finding_id LIMIT $3)"

static const char *const TEXTS[STATEMENT_COUNT] = {
    [STATEMENT_MIGRATION_VERSION] = "SELECT MAX(version) FROM schema_migration",
    [STATEMENT_MIGRATION_RECORD] =
        "INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)",

    [STATEMENT_COUNTER_BUMP] = "UPDATE counter SET value = value + 1"
                               " WHERE workspace_id = 0 AND name = $1 RETURNING value",
    [STATEMENT_COUNTER_GET] = "SELECT value FROM counter WHERE workspace_id = 0 AND name = $1",

    [STATEMENT_KEY_GET] = "SELECT sealed FROM sealed_key WHERE workspace_id = 0 AND name = $1",
    [STATEMENT_KEY_PUT] =
        "INSERT INTO sealed_key (workspace_id, name, sealed) VALUES (0, $1, $2)"
        " ON CONFLICT (workspace_id, name) DO UPDATE SET sealed = excluded.sealed",

    [STATEMENT_SETTING_GET] = "SELECT value FROM setting WHERE workspace_id = $1 AND key = $2",
    [STATEMENT_SETTING_PUT] =
        "INSERT INTO setting (workspace_id, key, value) VALUES ($1, $2, $3)"
        " ON CONFLICT (workspace_id, key) DO UPDATE SET value = excluded.value"
        " WHERE setting.value <> excluded.value",
    [STATEMENT_SETTING_DELETE] = "DELETE FROM setting WHERE workspace_id = $1 AND key = $2",

    [STATEMENT_WORKSPACE_PUT] =
        "INSERT INTO workspace (workspace_id, uuid, slug, name) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (workspace_id) DO UPDATE SET slug = excluded.slug, name = excluded.name"
        " WHERE (workspace.slug, workspace.name) IS DISTINCT FROM (excluded.slug, excluded.name)",

    /* $1 and $2 are the key; a NULL secret keeps the sealed one; created_at stays. */
    [STATEMENT_CONNECTION_UPDATE] =
        "UPDATE connection SET name = $3, kind = $4, api_base = $5, git_base = $6, account = $7,"
        " repository_full_name = $8, secret = COALESCE($9, secret), expires_at = $10,"
        " identity = $11, scopes = $12, state = $13, state_reason = $14, checked_at = $15,"
        " server_time_at = $16, unneeded_scopes = $18 WHERE workspace_id = $1 AND connection_id = "
        "$2",
    [STATEMENT_CONNECTION_INSERT] =
        "INSERT INTO connection (workspace_id, connection_id, name, kind, api_base, git_base,"
        " account, repository_full_name, secret, expires_at, identity, scopes, state,"
        " state_reason, checked_at, server_time_at, created_at, unneeded_scopes, history_days,"
        " setup_step) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
        " $16, $17, $18, $19, $20)",
    [STATEMENT_CONNECTION_LIST] =
        "SELECT c.workspace_id, c.connection_id, w.uuid, w.slug, c.name, c.kind, c.api_base,"
        " c.git_base, c.account, c.repository_full_name, c.expires_at, c.identity, c.scopes,"
        " c.state, c.state_reason, c.checked_at, c.server_time_at, c.created_at,"
        " c.unneeded_scopes, c.history_days, c.setup_step"
        " FROM connection c JOIN workspace w ON w.workspace_id = c.workspace_id"
        " ORDER BY w.slug, c.name, c.workspace_id, c.connection_id",
    [STATEMENT_CONNECTION_HISTORY] =
        "UPDATE connection SET history_days = $3 WHERE workspace_id = $1 AND connection_id = $2",
    [STATEMENT_CONNECTION_SETUP] =
        "UPDATE connection SET setup_step = $3 WHERE workspace_id = $1 AND connection_id = $2",
    [STATEMENT_CONNECTION_ADOPT_REPOSITORY] =
        "UPDATE repository SET connection_id = $2 WHERE workspace_id = $1 AND repository_id = $3"
        " AND connection_id IS NULL",
    [STATEMENT_CONNECTION_SECRET] =
        "SELECT name, secret FROM connection WHERE workspace_id = $1 AND connection_id = $2",
    [STATEMENT_CONNECTION_DELETE] =
        "DELETE FROM connection WHERE workspace_id = $1 AND connection_id = $2",
    [STATEMENT_CONNECTION_DELETE_BUDGET] =
        "DELETE FROM budget WHERE workspace_id = $1 AND connection_id = $2",
    [STATEMENT_CONNECTION_RELEASE_REPOSITORIES] =
        "UPDATE repository SET connection_id = NULL WHERE workspace_id = $1 AND connection_id = $2",

    [STATEMENT_REPOSITORY_LIST] =
        "SELECT r.repository_id, r.uuid, r.slug, r.full_name, r.name, " MAIN_BRANCH ", r.html_url,"
        " r.clone_url, p.key, p.name, r.created_at, r.updated_at, r.connection_id, r.is_selected,"
        " r.state, (SELECT COUNT(*) FROM pull_request q WHERE q.workspace_id = r.workspace_id"
        " AND q.repository_id = r.repository_id), r.project_id, r.release_on_merge,"
        " r.release_on_pipeline, r.main_branch, r.main_branch_chosen, r.size_bytes"
        " FROM repository r LEFT JOIN project p"
        " ON p.workspace_id = r.workspace_id AND p.project_id = r.project_id"
        " WHERE r.workspace_id = $1 AND r.is_selected >= $2 AND r.state <> '" STORE_STATE_PURGING
        "'"
        " ORDER BY r.full_name, r.repository_id",
    [STATEMENT_REPOSITORY_SELECT] =
        "UPDATE repository SET is_selected = $3"
        " WHERE workspace_id = $1 AND repository_id = $2 AND is_selected <> $3",
    [STATEMENT_REPOSITORY_STATE] =
        "UPDATE repository SET state = $3"
        " WHERE workspace_id = $1 AND repository_id = $2 AND state <> $3",
    [STATEMENT_REPOSITORY_MAIN_BRANCH] =
        "SELECT " MAIN_BRANCH
        " FROM repository r WHERE r.workspace_id = $1 AND r.repository_id = $2",
    [STATEMENT_REPOSITORY_MAIN_BRANCH_PUT] =
        "UPDATE repository SET main_branch_chosen = $3 WHERE workspace_id = $1"
        " AND repository_id = $2 AND main_branch_chosen IS DISTINCT FROM $3",

    /* A join of a lattice: per column the greatest (instant, text) wins; a known kind beats
     * "unknown", then the lesser text. Any order of sightings gives the same row. */
    [STATEMENT_PERSON_PUT] =
        "INSERT INTO person (workspace_id, person_id, display_name, display_name_at, nickname,"
        " nickname_at, kind) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (workspace_id, person_id) DO UPDATE SET"
        " display_name = CASE WHEN (COALESCE(excluded.display_name_at, " LEAST
        "), excluded.display_name) > (COALESCE(person.display_name_at, " LEAST
        "), person.display_name) THEN excluded.display_name ELSE person.display_name END,"
        " display_name_at = CASE WHEN COALESCE(excluded.display_name_at, " LEAST
        ") > COALESCE(person.display_name_at, " LEAST
        ") THEN excluded.display_name_at ELSE person.display_name_at END,"
        " nickname = CASE WHEN (COALESCE(excluded.nickname_at, " LEAST
        "), COALESCE(excluded.nickname, '')) > (COALESCE(person.nickname_at, " LEAST
        "), COALESCE(person.nickname, '')) THEN excluded.nickname ELSE person.nickname END,"
        " nickname_at = CASE WHEN COALESCE(excluded.nickname_at, " LEAST
        ") > COALESCE(person.nickname_at, " LEAST
        ") THEN excluded.nickname_at ELSE person.nickname_at END,"
        " kind = CASE WHEN excluded.kind <> 'unknown' AND (person.kind = 'unknown'"
        " OR excluded.kind < person.kind) THEN excluded.kind ELSE person.kind END"
        " WHERE (COALESCE(excluded.display_name_at, " LEAST
        "), excluded.display_name) > (COALESCE(person.display_name_at, " LEAST
        "), person.display_name)"
        " OR (COALESCE(excluded.nickname_at, " LEAST
        "), COALESCE(excluded.nickname, '')) > (COALESCE(person.nickname_at, " LEAST
        "), COALESCE(person.nickname, ''))"
        " OR (excluded.kind <> 'unknown' AND (person.kind = 'unknown'"
        " OR excluded.kind < person.kind))",
    [STATEMENT_PERSON_LIST] =
        "SELECT p.person_id, p.display_name, p.nickname, i.uuid, p.kind, i.email, p.is_bot,"
        " p.is_excluded, p.bot_reason FROM person p LEFT JOIN (SELECT person_id,"
        " MIN(CASE WHEN kind = 'uuid' THEN value END) AS uuid,"
        " MIN(CASE WHEN kind = 'email' THEN value END) AS email"
        " FROM identity WHERE workspace_id = $1 GROUP BY person_id) i"
        " ON i.person_id = p.person_id WHERE p.workspace_id = $1 ORDER BY p.person_id",
    [STATEMENT_PERSON_MARK] =
        "UPDATE person SET is_bot = $3, bot_reason = $4, is_excluded = $5"
        " WHERE workspace_id = $1 AND person_id = $2"
        " AND (is_bot, bot_reason, is_excluded) IS DISTINCT FROM ($3, $4, $5)",
    [STATEMENT_IDENTITY_GET] =
        "SELECT person_id FROM identity WHERE workspace_id = $1 AND kind = $2 AND value = $3",
    [STATEMENT_IDENTITY_PUT] =
        "INSERT INTO identity (workspace_id, kind, value, person_id) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (workspace_id, kind, value) DO UPDATE SET person_id = excluded.person_id"
        " WHERE identity.person_id <> excluded.person_id",
    [STATEMENT_IDENTITY_PUT_WEAK] =
        "INSERT INTO identity (workspace_id, kind, value, person_id) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (workspace_id, kind, value) DO NOTHING",

    [STATEMENT_IDENTITY_LIST] = "SELECT person_id, kind, value FROM identity"
                                " WHERE workspace_id = $1 ORDER BY person_id, kind, value",
    [STATEMENT_IDENTITY_FIND] =
        "SELECT DISTINCT person_id FROM identity WHERE workspace_id = $1"
        " AND kind IN ('uuid', 'account_id', 'email', 'raw') AND value IN ($2, $3, $4)"
        " ORDER BY person_id",

    [STATEMENT_ALIAS_LIST] = "SELECT person_id, into_id, rule, reason, made_at FROM person_alias"
                             " WHERE workspace_id = $1 ORDER BY person_id",
    [STATEMENT_ALIAS_PUT] =
        "INSERT INTO person_alias (workspace_id, person_id, into_id, rule, reason, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, person_id) DO UPDATE SET"
        " into_id = excluded.into_id, rule = excluded.rule, reason = excluded.reason,"
        " made_at = excluded.made_at"
        " WHERE (person_alias.rule <> '" ALIAS_BY_HAND "' OR excluded.rule = '" ALIAS_BY_HAND "')"
        " AND (person_alias.into_id, person_alias.rule, person_alias.reason) IS DISTINCT FROM"
        " (excluded.into_id, excluded.rule, excluded.reason)",
    [STATEMENT_ALIAS_DELETE] =
        "DELETE FROM person_alias WHERE workspace_id = $1 AND person_id = $2",
    [STATEMENT_ALIAS_OF] = "SELECT person_id FROM person_alias WHERE workspace_id = $1"
                           " AND into_id = $2 ORDER BY person_id",
    [STATEMENT_DISTINCT_LIST] = "SELECT first_id, second_id FROM person_distinct"
                                " WHERE workspace_id = $1 ORDER BY first_id, second_id",
    [STATEMENT_DISTINCT_PUT] =
        "INSERT INTO person_distinct (workspace_id, first_id, second_id, made_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, first_id, second_id) DO NOTHING",
    [STATEMENT_DISTINCT_DELETE] = "DELETE FROM person_distinct WHERE workspace_id = $1"
                                  " AND first_id = $2 AND second_id = $3",

    [STATEMENT_AUTHORSHIP_LIST] = AUTHORSHIP("git_commit g", ""),
    [STATEMENT_AUTHORSHIP_LIST_TODO] =
        AUTHORSHIP("(SELECT DISTINCT d.author_id FROM fact_todo t CROSS JOIN pr_commit b"
                   " CROSS JOIN git_commit d WHERE t.workspace_id = $1"
                   " AND b.workspace_id = t.workspace_id AND b.repository_id = t.repository_id"
                   " AND b.number = t.number AND d.workspace_id = b.workspace_id"
                   " AND d.repository_id = b.repository_id AND d.hash = b.hash) a"
                   " CROSS JOIN repository r CROSS JOIN git_commit g",
                   " AND r.workspace_id = $1 AND g.repository_id = r.repository_id"
                   " AND g.author_id = a.author_id"),
    [STATEMENT_TOLD_ACCOUNT_PUT] =
        "INSERT INTO person_account (workspace_id, person_id, account_id) VALUES ($1, $2, $3)"
        " ON CONFLICT (workspace_id, person_id, account_id) DO NOTHING",
    [STATEMENT_TOLD_ACCOUNT_LIST] = "SELECT person_id, account_id, 0, 0 FROM person_account"
                                    " WHERE workspace_id = $1 ORDER BY person_id, account_id",

    [STATEMENT_TEAM_LIST] = "SELECT team_id, name, zone, days, from_clock, until_clock FROM team"
                            " WHERE workspace_id = $1 ORDER BY name, team_id",
    [STATEMENT_TEAM_INSERT] =
        "INSERT INTO team (workspace_id, team_id, name, zone, days, from_clock, until_clock)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [STATEMENT_TEAM_UPDATE] =
        "UPDATE team SET name = $3, zone = $4, days = $5, from_clock = $6, until_clock = $7"
        " WHERE workspace_id = $1 AND team_id = $2",
    [STATEMENT_TEAM_DELETE] = "DELETE FROM team WHERE workspace_id = $1 AND team_id = $2",
    [STATEMENT_MEMBER_LIST] = "SELECT team_id, person_id, from_at, until_at FROM team_member"
                              " WHERE workspace_id = $1 ORDER BY person_id, from_at, team_id",
    [STATEMENT_MEMBER_PUT] =
        "INSERT INTO team_member (workspace_id, team_id, person_id, from_at, until_at)"
        " VALUES ($1, $2, $3, $4, $5)",
    /* Half-open: [from_at, until_at) and [$3, $4) have an instant in common. */
    [STATEMENT_MEMBER_OVERLAP] =
        "SELECT t.name FROM team_member m JOIN team t ON t.workspace_id = m.workspace_id"
        " AND t.team_id = m.team_id WHERE m.workspace_id = $1 AND m.person_id = $2"
        " AND (m.until_at IS NULL OR m.until_at > $3) AND m.from_at < $4"
        " ORDER BY m.from_at, t.name",
    [STATEMENT_MEMBER_AT] =
        "SELECT team_id, from_at FROM team_member WHERE workspace_id = $1 AND person_id = $2"
        " AND from_at <= $3 AND (until_at IS NULL OR until_at > $3) ORDER BY from_at DESC",
    [STATEMENT_MEMBER_END] = "UPDATE team_member SET until_at = $5 WHERE workspace_id = $1"
                             " AND team_id = $2 AND person_id = $3 AND from_at = $4",
    [STATEMENT_MEMBER_DELETE] = "DELETE FROM team_member WHERE workspace_id = $1"
                                " AND team_id = $2 AND person_id = $3 AND from_at = $4",
    [STATEMENT_MEMBER_DELETE_ALL] =
        "DELETE FROM team_member WHERE workspace_id = $1 AND team_id = $2",
    [STATEMENT_HOLIDAY_LIST] = "SELECT team_id, day, name FROM team_holiday"
                               " WHERE workspace_id = $1 ORDER BY team_id, day",
    [STATEMENT_HOLIDAY_PUT] =
        "INSERT INTO team_holiday (workspace_id, team_id, day, name) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (workspace_id, team_id, day) DO UPDATE SET name = excluded.name",
    [STATEMENT_HOLIDAY_DELETE] = "DELETE FROM team_holiday WHERE workspace_id = $1"
                                 " AND team_id = $2 AND (day = $3 OR $3 = '')",

    [STATEMENT_PULL_REQUEST_GET] =
        "SELECT state, updated_at, source_hash, destination_hash, merge_hash, destination_branch,"
        " author_id, closed_by_id, commits_state, files_state"
        " FROM pull_request WHERE workspace_id = $1 AND repository_id = $2 AND number = $3",
    [STATEMENT_PULL_REQUEST_PEOPLE] =
        "UPDATE pull_request SET author_id = $4, closed_by_id = $5"
        " WHERE workspace_id = $1 AND repository_id = $2 AND number = $3",
    [STATEMENT_PULL_REQUEST_LABEL] =
        "SELECT title, html_url, source_branch, destination_branch FROM pull_request"
        " WHERE workspace_id = $1 AND repository_id = $2 AND number = $3",
    [STATEMENT_PULL_REQUEST_COMMITS_STATE] =
        "UPDATE pull_request SET commits_state = $4 WHERE workspace_id = $1"
        " AND repository_id = $2 AND number = $3 AND commits_state <> $4",
    [STATEMENT_PULL_REQUEST_FILES_STATE] =
        "UPDATE pull_request SET files_state = $4 WHERE workspace_id = $1"
        " AND repository_id = $2 AND number = $3 AND files_state <> $4",
    [STATEMENT_PULL_REQUEST_UNKNOWN] =
        "SELECT DISTINCT e.number FROM pr_event e WHERE e.workspace_id = $1"
        " AND e.repository_id = $2 AND NOT EXISTS (SELECT 1 FROM pull_request p"
        " WHERE p.workspace_id = e.workspace_id AND p.repository_id = e.repository_id"
        " AND p.number = e.number) ORDER BY e.number",
    [STATEMENT_RANGE_TASKS] =
        "SELECT number, state, source_hash, destination_hash, destination_branch, merge_hash,"
        " commits_state, files_state FROM pull_request WHERE workspace_id = $1"
        " AND repository_id = $2 AND (commits_state = 'unknown' OR files_state = 'unknown')"
        " ORDER BY updated_at DESC, number DESC LIMIT $3",

    /* The same thing seen while its actor's account existed. */
    [STATEMENT_EVENT_NAMED_TWIN] =
        "SELECT COUNT(*) FROM pr_event WHERE workspace_id = $1 AND repository_id = $2"
        " AND number = $3 AND kind = $4 AND at_key = $5 AND actor_key <> $6 AND detail = $7",
    [STATEMENT_EVENT_DROP_NAMELESS_TWIN] =
        "DELETE FROM pr_event WHERE workspace_id = $1 AND repository_id = $2"
        " AND number = $3 AND kind = $4 AND at_key = $5 AND actor_key = $6 AND detail = $7",
    [STATEMENT_EVENT_NAME_ACTOR] =
        "UPDATE pr_event SET actor_id = $7 WHERE workspace_id = $1 AND repository_id = $2"
        " AND number = $3 AND kind = $4 AND at_key = 0 AND actor_key = 0 AND detail = $5"
        " AND actor_id = $6",

    [STATEMENT_EVENT_COMMENTS] =
        "SELECT comment_id FROM pr_event WHERE workspace_id = $1 AND repository_id = $2"
        " AND number = $3 AND comment_id IS NOT NULL AND is_deleted = 0",
    /* Of a deleted comment Bitbucket shows no text. */
    [STATEMENT_EVENT_DELETE_COMMENT] =
        "UPDATE pr_event SET is_deleted = 1, comment_length = 0 WHERE workspace_id = $1"
        " AND repository_id = $2 AND number = $3 AND comment_id = $4 AND is_deleted = 0",

    [STATEMENT_READING_PUT] =
        "INSERT INTO pr_reading (workspace_id, repository_id, number, subject, head)"
        " VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (workspace_id, repository_id, number, subject)"
        " DO UPDATE SET head = excluded.head WHERE pr_reading.head IS DISTINCT FROM excluded.head",
    [STATEMENT_DETAIL_MARK] =
        "INSERT INTO sync_detail (workspace_id, repository_id, number, subject, record_at, read_at)"
        " SELECT p.workspace_id, p.repository_id, p.number, $4, p.updated_at, $5"
        " FROM pull_request p WHERE p.workspace_id = $1 AND p.repository_id = $2"
        " AND p.number = $3"
        " ON CONFLICT (workspace_id, repository_id, number, subject)"
        " DO UPDATE SET record_at = excluded.record_at, read_at = excluded.read_at",
    /* Closed ones count while they moved lately, or where the number of unresolved tasks is not
     * what was read. */
    [STATEMENT_DETAIL_CANDIDATES] =
        "SELECT p.number, p.state, p.updated_at, p.source_hash, p.comment_count, p.task_count,"
        " (SELECT COUNT(*) FROM pr_task t WHERE t.workspace_id = p.workspace_id"
        " AND t.repository_id = p.repository_id AND t.number = p.number"
        " AND t.resolved_at IS NULL),"
        " (SELECT COUNT(*) FROM pr_build u WHERE u.workspace_id = p.workspace_id"
        " AND u.repository_id = p.repository_id AND u.number = p.number),"
        " (SELECT COUNT(*) FROM pr_event e WHERE e.workspace_id = p.workspace_id"
        " AND e.repository_id = p.repository_id AND e.number = p.number AND e.kind = 9"
        " AND e.inline_path IS NOT NULL AND e.is_deleted = 0),"
        " r.head, b.record_at, b.read_at, k.record_at, k.read_at, h.record_at, h.read_at"
        " FROM pull_request p"
        " LEFT JOIN pr_reading r ON r.workspace_id = p.workspace_id"
        " AND r.repository_id = p.repository_id AND r.number = p.number AND r.subject = 'builds'"
        " LEFT JOIN sync_detail b ON b.workspace_id = p.workspace_id"
        " AND b.repository_id = p.repository_id AND b.number = p.number AND b.subject = 'builds'"
        " LEFT JOIN sync_detail k ON k.workspace_id = p.workspace_id"
        " AND k.repository_id = p.repository_id AND k.number = p.number AND k.subject = 'tasks'"
        " LEFT JOIN sync_detail h ON h.workspace_id = p.workspace_id"
        " AND h.repository_id = p.repository_id AND h.number = p.number AND h.subject = 'threads'"
        " WHERE p.workspace_id = $1 AND p.repository_id = $2"
        " AND (p.state = 'OPEN' OR p.updated_at >= $3 OR p.task_count > 0"
        " OR EXISTS (SELECT 1 FROM pr_task t WHERE t.workspace_id = p.workspace_id"
        " AND t.repository_id = p.repository_id AND t.number = p.number"
        " AND t.resolved_at IS NULL))"
        " ORDER BY CASE WHEN p.state = 'OPEN' THEN 0 ELSE 1 END, p.number DESC",

    [STATEMENT_EVENT_REOPEN_COMMENT] =
        "UPDATE pr_event SET resolved_at = NULL WHERE workspace_id = $1 AND repository_id = $2"
        " AND number = $3 AND comment_id = $4 AND resolved_at IS NOT NULL",

    [STATEMENT_COMMIT_FROM_API] = "SELECT from_api FROM git_commit WHERE workspace_id = $1"
                                  " AND repository_id = $2 AND hash = $3",

    [STATEMENT_CURSOR_GET] =
        "SELECT state, position, watermark_at, floor_at, counted FROM sync_cursor"
        " WHERE workspace_id = $1 AND repository_id = $2 AND name = $3",
    [STATEMENT_CURSOR_PUT] =
        "INSERT INTO sync_cursor (workspace_id, repository_id, name, state, position,"
        " watermark_at, floor_at, counted) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (workspace_id, repository_id, name) DO UPDATE SET state = excluded.state,"
        " position = excluded.position, watermark_at = excluded.watermark_at,"
        " floor_at = excluded.floor_at, counted = excluded.counted",
    [STATEMENT_FIRST_READINGS] =
        "SELECT r.repository_id,"
        " CASE WHEN p.state = 'done' AND a.state = 'done' THEN 1 ELSE 0 END,"
        " CASE WHEN f.state = 'running' THEN 1 ELSE 0 END, f.floor_at, f.watermark_at,"
        " (SELECT MIN(s.first_at) FROM sync_problem s WHERE s.workspace_id = r.workspace_id"
        " AND s.repository_id = r.repository_id AND s.is_note = 0),"
        " CASE WHEN c.connection_id IS NULL THEN 1 ELSE 0 END"
        " FROM repository r"
        " LEFT JOIN sync_cursor p ON p.workspace_id = r.workspace_id"
        " AND p.repository_id = r.repository_id AND p.name = '" STORE_CURSOR_PULLS "'"
        " LEFT JOIN sync_cursor a ON a.workspace_id = r.workspace_id"
        " AND a.repository_id = r.repository_id AND a.name = '" STORE_CURSOR_ACTIVITY "'"
        " LEFT JOIN sync_cursor f ON f.workspace_id = r.workspace_id"
        " AND f.repository_id = r.repository_id AND f.name = '" STORE_CURSOR_READING "'"
        " LEFT JOIN connection c ON c.workspace_id = r.workspace_id"
        " AND c.connection_id = r.connection_id"
        " WHERE r.workspace_id = $1 AND r.is_selected = 1 ORDER BY r.repository_id",
    [STATEMENT_SIGHTING_PUT] =
        "INSERT INTO repository_sighting (workspace_id, repository_id, connection_id)"
        " VALUES ($1, $2, $3) ON CONFLICT (workspace_id, repository_id, connection_id) DO NOTHING",
    [STATEMENT_SIGHTING_FORGET] =
        "DELETE FROM repository_sighting WHERE workspace_id = $1 AND connection_id = $2",
    [STATEMENT_PURGE_PLAN] =
        "SELECT COUNT(*), COALESCE(SUM((SELECT COUNT(*) FROM pull_request p"
        " WHERE p.workspace_id = r.workspace_id AND p.repository_id = r.repository_id)), 0)"
        " FROM repository r WHERE " ONLY_SEEN_BY,
    [STATEMENT_PURGE_KEPT] =
        "SELECT COUNT(*), COALESCE(SUM((SELECT COUNT(*) FROM pull_request p"
        " WHERE p.workspace_id = r.workspace_id AND p.repository_id = r.repository_id)), 0)"
        " FROM repository r WHERE r.workspace_id = $1 AND NOT (" ONLY_SEEN_BY ")"
        " AND (r.connection_id = $2 OR EXISTS (SELECT 1 FROM repository_sighting s"
        " WHERE s.workspace_id = r.workspace_id AND s.repository_id = r.repository_id"
        " AND s.connection_id = $2))",
    [STATEMENT_PURGE_AUDIT] =
        "SELECT COUNT(*), 0 FROM merge_audit a WHERE a.workspace_id = $1 AND a.repository_id IN"
        " (SELECT r.repository_id FROM repository r WHERE " ONLY_SEEN_BY ")",
    [STATEMENT_PURGE_MARK] =
        "UPDATE repository AS r SET state = '" STORE_STATE_PURGING "', is_selected = 0"
        " WHERE " ONLY_SEEN_BY,
    [STATEMENT_PURGE_WORKSPACES] =
        "SELECT workspace_id FROM setting WHERE key = '" STORE_PURGE_KEY "' ORDER BY workspace_id",
    [STATEMENT_PURGE_LIST] =
        "SELECT r.repository_id, r.uuid, r.slug, r.full_name, r.name, r.main_branch, r.html_url,"
        " r.clone_url, NULL, NULL, r.created_at, r.updated_at, r.connection_id, r.is_selected,"
        " r.state, 0, r.project_id, r.release_on_merge, r.release_on_pipeline"
        " FROM repository r WHERE r.workspace_id = $1 AND r.state = '" STORE_STATE_PURGING "'"
        " ORDER BY r.repository_id",
    [STATEMENT_PURGE_FACT_TODO] = PURGE_PART("fact_todo", "number"),
    [STATEMENT_PURGE_FINDING_TODO] = PURGE_PART("finding_todo", "number"),
    [STATEMENT_PURGE_MERGE_AUDIT_TODO] = PURGE_PART("merge_audit_todo", "number"),
    [STATEMENT_PURGE_DELIVERY_TODO] = PURGE_PART("delivery_todo", "repository_id"),
    [STATEMENT_PURGE_FACT_REVIEW] = PURGE_PART("fact_review", "number"),
    [STATEMENT_PURGE_FACT_PR] = PURGE_PART("fact_pr", "number"),
    [STATEMENT_PURGE_FACT_DEPLOYMENT] = PURGE_PART("fact_deployment", "key"),
    [STATEMENT_PURGE_MERGE_TRIAL] = PURGE_PART("merge_trial", "number"),
    [STATEMENT_PURGE_PR_READING] = PURGE_PART("pr_reading", "number"),
    [STATEMENT_PURGE_SYNC_DETAIL] = PURGE_PART("sync_detail", "number"),
    [STATEMENT_PURGE_PR_BUILD] = PURGE_PART("pr_build", "number"),
    [STATEMENT_PURGE_PR_TASK] = PURGE_PART("pr_task", "number"),
    [STATEMENT_PURGE_PR_PARTICIPANT] = PURGE_PART("pr_participant", "number"),
    [STATEMENT_PURGE_PR_EVENT] = PURGE_PART("pr_event", "number"),
    [STATEMENT_PURGE_PR_COMMIT] = PURGE_PART("pr_commit", "number"),
    [STATEMENT_PURGE_PR_FILE] = PURGE_PART("pr_file", "number"),
    [STATEMENT_PURGE_PULL_REQUEST] = PURGE_PART("pull_request", "number"),
    [STATEMENT_PURGE_COMMIT_FILE] = PURGE_PART("commit_file", "hash"),
    [STATEMENT_PURGE_MAIN_CHANGE] = PURGE_PART("main_change", "hash"),
    [STATEMENT_PURGE_GIT_COMMIT] = PURGE_PART("git_commit", "hash"),
    [STATEMENT_PURGE_BRANCH] = PURGE_PART("branch", "name"),
    [STATEMENT_PURGE_DEPLOYMENT] = PURGE_PART("deployment", "uuid"),
    [STATEMENT_PURGE_PIPELINE] = PURGE_PART("pipeline", "uuid"),
    [STATEMENT_PURGE_ENVIRONMENT] = PURGE_PART("environment", "uuid"),
    [STATEMENT_PURGE_FINDING_MUTE] = PURGE_PART("finding_mute", "mute_id"),
    [STATEMENT_PURGE_RULE_SETTING] = PURGE_PART("rule_setting", "rule"),
    [STATEMENT_PURGE_QUARANTINE] = PURGE_PART("quarantine", "kind"),
    [STATEMENT_PURGE_SYNC_PROBLEM] = PURGE_PART("sync_problem", "stage"),
    /* What other findings show of it, then its own. */
    [STATEMENT_PURGE_EVIDENCE] =
        "DELETE FROM finding_evidence WHERE workspace_id = $1 AND repository_id = $2"
        " AND finding_id IN (SELECT DISTINCT finding_id FROM finding_evidence"
        " WHERE workspace_id = $1 AND repository_id = $2 ORDER BY finding_id LIMIT $3)",
    [STATEMENT_PURGE_FINDING_EVIDENCE] =
        "DELETE FROM finding_evidence WHERE workspace_id = $1 AND finding_id IN " SOME_FINDINGS,
    [STATEMENT_PURGE_FINDING_EVENT] =
        "DELETE FROM finding_event WHERE workspace_id = $1 AND finding_id IN " SOME_FINDINGS,
    [STATEMENT_PURGE_FINDING] =
        "DELETE FROM finding WHERE workspace_id = $1 AND finding_id IN " SOME_FINDINGS,
    [STATEMENT_PURGE_CURSORS] =
        "DELETE FROM sync_cursor WHERE workspace_id = $1 AND repository_id = $2",
    [STATEMENT_PURGE_RULES] =
        "DELETE FROM selection_rule WHERE workspace_id = $1 AND kind = 'repository'"
        " AND subject_id = $2",
    [STATEMENT_PURGE_SEEN] = "SELECT COUNT(*), 0 FROM repository_sighting"
                             " WHERE workspace_id = $1 AND repository_id = $2",
    [STATEMENT_PURGE_SPARE] =
        "UPDATE repository SET state = 'active' WHERE workspace_id = $1 AND repository_id = $2",
    [STATEMENT_PURGE_REPOSITORY] =
        "DELETE FROM repository WHERE workspace_id = $1 AND repository_id = $2",
    [STATEMENT_PURGE_PEOPLE] =
        "SELECT person_id FROM person WHERE workspace_id = $1"
        " AND person_id NOT IN (SELECT author_id FROM pull_request WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT closed_by_id FROM pull_request WHERE workspace_id = $1 AND "
        "closed_by_id IS NOT NULL)"
        " AND person_id NOT IN (SELECT person_id FROM pr_participant WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT actor_id FROM pr_event WHERE workspace_id = $1 AND actor_id "
        "IS NOT NULL)"
        " AND person_id NOT IN (SELECT subject_id FROM pr_event WHERE workspace_id = $1 AND "
        "subject_id IS NOT NULL)"
        " AND person_id NOT IN (SELECT author_id FROM git_commit WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT author_id FROM branch WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT creator_id FROM pr_task WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT resolver_id FROM pr_task WHERE workspace_id = $1 AND "
        "resolver_id IS NOT NULL)"
        " AND person_id NOT IN (SELECT person_id FROM team_member WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT required_id FROM policy_required WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT first_id FROM person_distinct WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT second_id FROM person_distinct WHERE workspace_id = $1)"
        " AND person_id NOT IN (SELECT person_id FROM person_alias WHERE workspace_id = $1"
        " AND rule = '" ALIAS_BY_HAND "')"
        " AND person_id NOT IN (SELECT into_id FROM person_alias WHERE workspace_id = $1"
        " AND rule = '" ALIAS_BY_HAND "')"
        " AND person_id NOT IN (SELECT assigned_to FROM finding WHERE workspace_id = $1 AND "
        "assigned_to IS NOT NULL)"
        " AND person_id NOT IN (SELECT person_id FROM finding_mute WHERE workspace_id = $1 AND "
        "person_id IS NOT NULL)"
        " ORDER BY person_id",
    [STATEMENT_PURGE_IDENTITY] = "DELETE FROM identity WHERE workspace_id = $1 AND person_id = $2",
    [STATEMENT_PURGE_ACCOUNT] = "DELETE FROM person_account WHERE workspace_id = $1 AND (person_id "
                                "= $2 OR account_id = $2)",
    [STATEMENT_PURGE_ALIAS] =
        "DELETE FROM person_alias WHERE workspace_id = $1 AND (person_id = $2 OR into_id = $2)",
    [STATEMENT_PURGE_PERSON] = "DELETE FROM person WHERE workspace_id = $1 AND person_id = $2",
    [STATEMENT_PURGE_PROJECTS] =
        "DELETE FROM project WHERE workspace_id = $1 AND project_id NOT IN"
        " (SELECT project_id FROM repository WHERE workspace_id = $1 AND project_id IS NOT NULL)",

    [STATEMENT_BUDGET_GET] =
        "SELECT capacity, available, as_of_at, paused_until_at, spent FROM budget"
        " WHERE workspace_id = $1 AND connection_id = $2",
    [STATEMENT_BUDGET_PUT] =
        "INSERT INTO budget (workspace_id, connection_id, capacity, available, as_of_at,"
        " paused_until_at, spent) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (workspace_id, connection_id) DO UPDATE SET capacity = excluded.capacity,"
        " available = excluded.available, as_of_at = excluded.as_of_at,"
        " paused_until_at = excluded.paused_until_at, spent = excluded.spent",

    [STATEMENT_PROBLEM_PUT] =
        "INSERT INTO sync_problem (workspace_id, repository_id, stage, code, sentence, first_at,"
        " last_at, times, is_note) VALUES ($1, $2, $3, $4, $5, $6, $6, 1, $7)"
        " ON CONFLICT (workspace_id, repository_id, stage, code) DO UPDATE SET"
        " sentence = excluded.sentence, last_at = excluded.last_at, is_note = excluded.is_note,"
        " times = sync_problem.times + 1",
    [STATEMENT_PROBLEM_CLEAR] = "DELETE FROM sync_problem WHERE workspace_id = $1"
                                " AND repository_id = $2 AND stage = $3",
    [STATEMENT_PROBLEM_CLEAR_ALL] =
        "DELETE FROM sync_problem WHERE workspace_id = $1 AND repository_id = $2",
    [STATEMENT_PROBLEM_LIST] =
        "SELECT s.repository_id, r.full_name, s.stage, s.code, s.sentence, s.first_at, s.last_at,"
        " s.times, s.is_note FROM sync_problem s LEFT JOIN repository r"
        " ON r.workspace_id = s.workspace_id AND r.repository_id = s.repository_id"
        " WHERE s.workspace_id = $1"
        " ORDER BY COALESCE(r.full_name, ''), s.repository_id, s.stage, s.code",
    [STATEMENT_QUARANTINE_PUT] =
        "INSERT INTO quarantine (workspace_id, repository_id, kind, key, reason, snippet)"
        " VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (workspace_id, repository_id, kind, key, reason)"
        " DO UPDATE SET snippet = excluded.snippet WHERE quarantine.snippet <> excluded.snippet",
    [STATEMENT_QUARANTINE_LIST] =
        "SELECT q.repository_id, r.full_name, q.kind, q.key, q.reason, q.snippet"
        " FROM quarantine q LEFT JOIN repository r"
        " ON r.workspace_id = q.workspace_id AND r.repository_id = q.repository_id"
        " WHERE q.workspace_id = $1"
        " ORDER BY COALESCE(r.full_name, ''), q.repository_id, q.kind, q.key, q.reason",

    /* Only pull requests that are there: the others join when their row comes. */
    [STATEMENT_TODO_ADD] =
        TODO_FROM("p.workspace_id, p.repository_id, p.number", "$4",
                  "FROM pull_request p WHERE p.workspace_id = $1 AND p.repository_id = $2"
                  " AND p.number = $3"),
    [STATEMENT_TODO_ADD_BY_COMMIT] =
        TODO_FROM("p.workspace_id, p.repository_id, p.number", "$4",
                  "FROM pr_commit c JOIN pull_request p ON p.workspace_id = c.workspace_id"
                  " AND p.repository_id = c.repository_id AND p.number = c.number"
                  " WHERE c.workspace_id = $1 AND c.repository_id = $2 AND c.hash = $3"),
    [STATEMENT_TODO_ADD_BY_MERGE] =
        TODO_FROM("p.workspace_id, p.repository_id, p.number", "$5",
                  "FROM pull_request p WHERE p.workspace_id = $1 AND p.repository_id = $2"
                  " AND p.merge_hash IN ($3, $4)"),
    [STATEMENT_TODO_ADD_BY_AUTHOR] =
        TODO_FROM("p.workspace_id, p.repository_id, p.number", "$3",
                  "FROM pull_request p WHERE p.workspace_id = $1 AND p.author_id = $2"),
    [STATEMENT_TODO_ADD_BY_PARTICIPANT] =
        TODO_FROM("p.workspace_id, p.repository_id, p.number", "$3",
                  "FROM pr_participant a JOIN pull_request p ON p.workspace_id = a.workspace_id"
                  " AND p.repository_id = a.repository_id AND p.number = a.number"
                  " WHERE a.workspace_id = $1 AND a.person_id = $2"),
    [STATEMENT_TODO_ADD_BY_ACTOR] =
        TODO_FROM("DISTINCT p.workspace_id, p.repository_id, p.number", "$3",
                  "FROM pr_event e JOIN pull_request p ON p.workspace_id = e.workspace_id"
                  " AND p.repository_id = e.repository_id AND p.number = e.number"
                  " WHERE e.workspace_id = $1 AND e.actor_id = $2"),
    [STATEMENT_TODO_ADD_BY_SUBJECT] =
        TODO_FROM("DISTINCT p.workspace_id, p.repository_id, p.number", "$3",
                  "FROM pr_event e JOIN pull_request p ON p.workspace_id = e.workspace_id"
                  " AND p.repository_id = e.repository_id AND p.number = e.number"
                  " WHERE e.workspace_id = $1 AND e.subject_id = $2"),
    [STATEMENT_TODO_ADD_ALL] = TODO_FROM("p.workspace_id, p.repository_id, p.number", "$2",
                                         "FROM pull_request p WHERE p.workspace_id = $1"),
    [STATEMENT_TODO_ADD_OF] =
        TODO_FROM("p.workspace_id, p.repository_id, p.number", "$3",
                  "FROM pull_request p WHERE p.workspace_id = $1 AND p.repository_id = $2"),
    [STATEMENT_TODO_LIST] = "SELECT repository_id, number, generation FROM fact_todo"
                            " WHERE workspace_id = $1 ORDER BY repository_id, number LIMIT $2",
    [STATEMENT_TODO_COUNT] = "SELECT COUNT(*) FROM fact_todo WHERE workspace_id = $1",
    [STATEMENT_TODO_DONE] = "DELETE FROM fact_todo WHERE workspace_id = $1 AND repository_id = $2"
                            " AND number = $3 AND generation = $4",

    /* merge_hash may be abbreviated; 'g' comes right after the hex digits. */
    [STATEMENT_VISIT_PULL_REQUESTS] =
        "SELECT p.number, t.generation, p.title, p.source_branch, p.destination_branch,"
        " p.source_hash, p.html_url, p.state, p.is_draft, p.author_id, p.closed_by_id,"
        " p.created_at, p.updated_at, p.commits_state, p.files_state, p.participants_at,"
        " p.task_count, (SELECT COALESCE(m.committed_at, m.authored_at) FROM git_commit m"
        " WHERE m.workspace_id = p.workspace_id AND m.repository_id = p.repository_id"
        " AND m.hash >= p.merge_hash AND m.hash < p.merge_hash || 'g' ORDER BY m.hash LIMIT 1)"
        " FROM pull_request p LEFT JOIN fact_todo t ON t.workspace_id = p.workspace_id"
        " AND t.repository_id = p.repository_id AND t.number = p.number"
        " WHERE " RUN("p") " ORDER BY p.number",
    [STATEMENT_VISIT_PARTICIPANTS] =
        "SELECT a.number, a.person_id, a.is_reviewer, a.state, a.participated_at"
        " FROM pr_participant a WHERE " RUN("a") " ORDER BY a.number, a.person_id",
    [STATEMENT_VISIT_EVENTS] =
        "SELECT e.number, e.kind, e.at, e.actor_id, e.subject_id, e.source_hash, e.comment_id,"
        " e.parent_comment_id, e.inline_path IS NOT NULL, e.is_deleted, e.resolved_at"
        " FROM pr_event e WHERE " RUN(
            "e") " ORDER BY e.number, e.at, e.kind, e.actor_key, e.detail",
    [STATEMENT_VISIT_COMMITS] =
        "SELECT c.number, g.authored_at FROM pr_commit c JOIN git_commit g"
        " ON g.workspace_id = c.workspace_id AND g.repository_id = c.repository_id"
        " AND g.hash = c.hash WHERE " RUN("c") " ORDER BY c.number, g.authored_at",
    [STATEMENT_VISIT_FILES] = "SELECT f.number, f.path, f.old_path, f.lines_added, f.lines_removed"
                              " FROM pr_file f WHERE " RUN("f") " ORDER BY f.number, f.path",

    [STATEMENT_VISIT_READINGS] = "SELECT d.number, d.subject, d.head FROM pr_reading d"
                                 " WHERE " RUN("d") " ORDER BY d.number, d.subject",
    [STATEMENT_VISIT_BUILDS] =
        "SELECT b.number, b.key, b.state, b.created_at, b.updated_at, b.name, b.url"
        " FROM pr_build b WHERE " RUN("b") " ORDER BY b.number, b.key",
    [STATEMENT_VISIT_TASKS] =
        "SELECT k.number, k.task_id, k.creator_id, k.resolver_id, k.created_at, k.resolved_at"
        " FROM pr_task k WHERE " RUN("k") " ORDER BY k.number, k.task_id",

    [STATEMENT_DEPLOYMENT_LIST] = DEPLOYMENTS(""),
    [STATEMENT_DEPLOYMENT_LIST_OF] = DEPLOYMENTS(" AND d.repository_id = $2"),
    [STATEMENT_DEPLOYMENT_UNFINISHED] =
        "SELECT MIN(started_at) FROM deployment WHERE workspace_id = $1 AND repository_id = $2"
        " AND state < 2",
    [STATEMENT_PIPELINE_LIST] = PIPELINES(""),
    [STATEMENT_PIPELINE_LIST_OF] = PIPELINES(" AND p.repository_id = $2"),
    [STATEMENT_PIPELINE_UNFINISHED] =
        "SELECT MIN(created_at) FROM pipeline WHERE workspace_id = $1 AND repository_id = $2"
        " AND state < 2",

    [STATEMENT_FACT_LIST] = "SELECT " FACT_PR_COLUMNS " FROM fact_pr WHERE workspace_id = $1"
                            " ORDER BY repository_id, number",
    [STATEMENT_REVIEW_LIST] =
        "SELECT " FACT_REVIEW_COLUMNS " FROM fact_review"
        " WHERE workspace_id = $1 ORDER BY repository_id, number, reviewer_id",
#include "store/statements_history.inc"

    [STATEMENT_COMMIT_LIST] =
        "SELECT repository_id, author_id, authored_at, is_merge, lines_added, lines_removed,"
        " files_changed FROM git_commit WHERE workspace_id = $1"
        " ORDER BY authored_at, repository_id, hash",

    /* ---- policies, selection, proposals */
    [STATEMENT_POLICY_NEXT_ID] =
        "SELECT COALESCE(MAX(policy_id), 0) + 1 FROM policy WHERE workspace_id = $1",
    [STATEMENT_POLICY_OF_SUBJECT] =
        "SELECT policy_id, version, from_at, ended_at FROM policy WHERE workspace_id = $1"
        " AND scope = $2 AND scope_id = $3 AND branch = $4 ORDER BY version DESC LIMIT 1",
    [STATEMENT_POLICY_INSERT] =
        "INSERT INTO policy (workspace_id, policy_id, version, scope, scope_id, branch, from_at,"
        " least_approvals, required_least, author_counts, void_on_push, builds_must_pass,"
        " created_at, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    [STATEMENT_POLICY_REQUIRED_INSERT] =
        "INSERT INTO policy_required (workspace_id, policy_id, version, kind, required_id, least)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
    [STATEMENT_POLICY_END] =
        "UPDATE policy SET ended_at = $3 WHERE workspace_id = $1 AND policy_id = $2"
        " AND version = (SELECT MAX(v.version) FROM policy v WHERE v.workspace_id = $1"
        " AND v.policy_id = $2) AND ended_at IS NULL AND from_at < $3",
    [STATEMENT_POLICY_LIST] =
        "SELECT policy_id, version, scope, scope_id, branch, from_at, ended_at, least_approvals,"
        " required_least, author_counts, void_on_push, builds_must_pass, created_at, created_by"
        " FROM policy WHERE workspace_id = $1 ORDER BY policy_id, version",
    [STATEMENT_POLICY_REQUIRED_LIST] =
        "SELECT policy_id, version, kind, required_id, least FROM policy_required"
        " WHERE workspace_id = $1 ORDER BY policy_id, version, kind, required_id",
    [STATEMENT_SELECTION_LIST] =
        "SELECT position, kind, subject_id, text, is_included, created_at, created_by"
        " FROM selection_rule WHERE workspace_id = $1 ORDER BY position",
    [STATEMENT_SELECTION_INSERT] =
        "INSERT INTO selection_rule (workspace_id, position, kind, subject_id, text, is_included,"
        " created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    /* What names the same repositories earlier in the list decides nothing any more. */
    [STATEMENT_SELECTION_DROP_EQUAL] =
        "DELETE FROM selection_rule WHERE workspace_id = $1 AND kind = $2 AND subject_id = $3"
        " AND (subject_id <> 0 OR text = $4)",
    [STATEMENT_SELECTION_FIRST] =
        "SELECT COALESCE(MIN(position), 0) - 1 FROM selection_rule WHERE workspace_id = $1",
    [STATEMENT_SELECTION_NEXT] =
        "SELECT COALESCE(MAX(position), 0) + 1 FROM selection_rule WHERE workspace_id = $1",
    [STATEMENT_SELECTION_CLEAR] = "DELETE FROM selection_rule WHERE workspace_id = $1",
    [STATEMENT_PROPOSAL_NEXT] =
        "SELECT COALESCE(MAX(proposal_id), 0) + 1 FROM proposal WHERE workspace_id = $1",
    [STATEMENT_PROPOSAL_INSERT] =
        "INSERT INTO proposal (workspace_id, proposal_id, kind, summary, body, state, proposed_by,"
        " proposed_at) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7)",
    [STATEMENT_PROPOSAL_STATE] =
        "SELECT state FROM proposal WHERE workspace_id = $1 AND proposal_id = $2",
    [STATEMENT_PROPOSAL_DECIDE] =
        "UPDATE proposal SET state = $3, decided_by = $4, decided_at = $5, note = $6"
        " WHERE workspace_id = $1 AND proposal_id = $2 AND state = 'waiting'",
    [STATEMENT_PROPOSAL_COUNT_WAITING] =
        "SELECT COUNT(*) FROM proposal WHERE workspace_id = $1 AND state = 'waiting'",
    [STATEMENT_PROPOSAL_LIST] =
        "SELECT proposal_id, kind, summary, body, state, proposed_by, proposed_at, decided_by,"
        " decided_at, note FROM proposal WHERE workspace_id = $1 ORDER BY proposal_id DESC",

    /* ---- the merge audit log: rows are added, never altered or removed */
    [STATEMENT_AUDIT_NEWEST] = "SELECT seq, hash FROM merge_audit WHERE workspace_id = $1"
                               " ORDER BY seq DESC LIMIT 1",
    [STATEMENT_AUDIT_INSERT] =
        "INSERT INTO merge_audit (workspace_id, seq, kind, repository_id, number, refers_to,"
        " recorded_at, body, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [STATEMENT_AUDIT_LIST] =
        "SELECT seq, kind, repository_id, number, refers_to, recorded_at, body, previous, hash"
        " FROM merge_audit WHERE workspace_id = $1 AND seq > $2 ORDER BY seq",
    [STATEMENT_AUDIT_ROW] =
        "SELECT seq, kind, repository_id, number, refers_to, recorded_at, body, previous, hash"
        " FROM merge_audit WHERE workspace_id = $1 AND seq = $2",
    /* By its number: asked for the newest of a pull request, SQLite would walk the log backwards.
     */
    [STATEMENT_AUDIT_OF_PULL_REQUEST] =
        "SELECT a.body, (SELECT MIN(b.seq) FROM merge_audit b WHERE b.workspace_id = $1"
        " AND b.repository_id = $2 AND b.number = $3) FROM merge_audit a"
        " WHERE a.workspace_id = $1 AND a.seq = (SELECT MAX(c.seq) FROM merge_audit c"
        " WHERE c.workspace_id = $1 AND c.repository_id = $2 AND c.number = $3)",
    [STATEMENT_AUDIT_TODO_ADD] =
        "INSERT INTO merge_audit_todo (workspace_id, repository_id, number, generation)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, repository_id, number)"
        " DO UPDATE SET generation = excluded.generation",
    [STATEMENT_AUDIT_TODO_ADD_ALL] =
        "INSERT INTO merge_audit_todo (workspace_id, repository_id, number, generation)"
        " SELECT f.workspace_id, f.repository_id, f.number, $2 FROM fact_pr f"
        " WHERE f.workspace_id = $1 AND f.merged_at IS NOT NULL"
        " ON CONFLICT (workspace_id, repository_id, number)"
        " DO UPDATE SET generation = excluded.generation",
    [STATEMENT_AUDIT_TODO_LIST] =
        "SELECT t.repository_id, t.number, t.generation, f.released_at FROM merge_audit_todo t"
        " LEFT JOIN fact_pr f ON f.workspace_id = t.workspace_id"
        " AND f.repository_id = t.repository_id AND f.number = t.number"
        " WHERE t.workspace_id = $1 ORDER BY f.merged_at, t.repository_id, t.number LIMIT $2",
    [STATEMENT_AUDIT_TODO_DONE] =
        "DELETE FROM merge_audit_todo WHERE workspace_id = $1 AND repository_id = $2"
        " AND number = $3 AND generation = $4",
    [STATEMENT_DELIVERY_TODO_ADD] =
        "INSERT INTO delivery_todo (workspace_id, repository_id, generation) VALUES ($1, $2, $3)"
        " ON CONFLICT (workspace_id, repository_id) DO UPDATE SET generation = excluded.generation",
    [STATEMENT_DELIVERY_TODO_LIST] = "SELECT repository_id, generation FROM delivery_todo"
                                     " WHERE workspace_id = $1 ORDER BY repository_id",
    [STATEMENT_DELIVERY_TODO_DONE] = "DELETE FROM delivery_todo WHERE workspace_id = $1"
                                     " AND repository_id = $2 AND generation = $3",
    [STATEMENT_DELIVERY_COMMITS] = "SELECT hash, parents FROM git_commit WHERE workspace_id = $1"
                                   " AND repository_id = $2 ORDER BY hash",
    [STATEMENT_DELIVERY_MERGES] =
        "SELECT f.number, p.merge_hash, p.destination_branch, p.html_url, f.merged_at,"
        " f.released_at FROM fact_pr f JOIN pull_request p ON p.workspace_id = f.workspace_id"
        " AND p.repository_id = f.repository_id AND p.number = f.number"
        " WHERE f.workspace_id = $1 AND f.repository_id = $2 AND f.merged_at IS NOT NULL"
        " ORDER BY f.merged_at, f.number",
    [STATEMENT_DELIVERY_RELEASED] = "UPDATE fact_pr SET released_at = $4 WHERE workspace_id = $1"
                                    " AND repository_id = $2 AND number = $3",
    [STATEMENT_DELIVERY_LIST] = "SELECT " FACT_DEPLOYMENT_COLUMNS " FROM fact_deployment"
                                " WHERE workspace_id = $1"
                                " ORDER BY repository_id, completed_at, key",
    [STATEMENT_REPOSITORY_RELEASE] =
        "UPDATE repository SET release_on_merge = $3, release_on_pipeline = $4"
        " WHERE workspace_id = $1 AND repository_id = $2"
        " AND (release_on_merge, release_on_pipeline) IS DISTINCT FROM ($3, $4)",
    [STATEMENT_FINDING_LIST] =
        "SELECT " FINDING_COLUMNS " FROM finding f WHERE " FINDING_ENDED " ORDER BY f.finding_id",
    [STATEMENT_FINDING_GET] =
        "SELECT " FINDING_COLUMNS " FROM finding f WHERE f.workspace_id = $1 AND f.finding_id = $2",
    [STATEMENT_FINDING_EVIDENCE_LIST] =
        "SELECT " EVIDENCE_COLUMNS " FROM finding f JOIN finding_evidence e"
        " ON e.workspace_id = f.workspace_id AND e.finding_id = f.finding_id"
        " WHERE " FINDING_ENDED " ORDER BY e.finding_id, e.position",
    [STATEMENT_FINDING_EVIDENCE_GET] =
        "SELECT " EVIDENCE_COLUMNS " FROM finding_evidence e"
        " WHERE e.workspace_id = $1 AND e.finding_id = $2 ORDER BY e.position",
    [STATEMENT_FINDING_EVENT_LAST] = "SELECT MAX(position) FROM finding_event"
                                     " WHERE workspace_id = $1 AND finding_id = $2",
    [STATEMENT_FINDING_EVENT_ADD] =
        "INSERT INTO finding_event (workspace_id, finding_id, position, at, kind, actor, note)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [STATEMENT_FINDING_EVENT_LIST] = "SELECT at, kind, actor, note FROM finding_event"
                                     " WHERE workspace_id = $1 AND finding_id = $2"
                                     " ORDER BY position",

    [STATEMENT_MUTE_PUT] =
        "INSERT INTO finding_mute (workspace_id, mute_id, rule, repository_id, number, person_id,"
        " subject, reason, actor, created_at, until_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " ON CONFLICT (workspace_id, mute_id) DO UPDATE SET reason = excluded.reason,"
        " actor = excluded.actor, created_at = excluded.created_at, until_at = excluded.until_at",
    [STATEMENT_MUTE_DELETE] = "DELETE FROM finding_mute WHERE workspace_id = $1 AND mute_id = $2",
    [STATEMENT_MUTE_LIST] =
        "SELECT mute_id, rule, repository_id, number, person_id, subject, reason, actor,"
        " created_at, until_at FROM finding_mute WHERE workspace_id = $1 ORDER BY created_at, "
        "mute_id",

    [STATEMENT_RULE_SETTING_PUT] =
        "INSERT INTO rule_setting (workspace_id, repository_id, rule, parameter, value)"
        " VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (workspace_id, repository_id, rule, parameter)"
        " DO UPDATE SET value = excluded.value",
    [STATEMENT_RULE_SETTING_DELETE] =
        "DELETE FROM rule_setting WHERE workspace_id = $1 AND repository_id = $2 AND rule = $3"
        " AND parameter = $4",
    [STATEMENT_RULE_SETTING_LIST] =
        "SELECT repository_id, rule, parameter, value FROM rule_setting WHERE workspace_id = $1"
        " ORDER BY repository_id, rule, parameter",

    [STATEMENT_FINDING_TODO_ADD] =
        "INSERT INTO finding_todo (workspace_id, repository_id, number, generation)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, repository_id, number)"
        " DO UPDATE SET generation = excluded.generation",
    [STATEMENT_FINDING_TODO_LAST] =
        "SELECT MAX(generation) FROM finding_todo WHERE workspace_id = $1",
    [STATEMENT_FINDING_TODO_FORGET] =
        "DELETE FROM finding_todo WHERE workspace_id = $1 AND generation <= $2",
    [STATEMENT_EVALUATION_ALL] =
        "SELECT repository_id, number FROM fact_pr WHERE workspace_id = $1 AND state = 'OPEN'"
        " UNION SELECT repository_id, number FROM finding"
        " WHERE workspace_id = $1 AND ended_at IS NULL AND number IS NOT NULL"
        " UNION SELECT repository_id, number FROM fact_pr"
        " WHERE workspace_id = $1 AND merged_at >= $2 ORDER BY 1, 2",
    [STATEMENT_EVALUATION_CHANGED] =
        "SELECT repository_id, number FROM fact_pr WHERE workspace_id = $1 AND state = 'OPEN'"
        " UNION SELECT repository_id, number FROM finding"
        " WHERE workspace_id = $1 AND ended_at IS NULL AND number IS NOT NULL"
        " UNION SELECT t.repository_id, t.number FROM finding_todo t JOIN fact_pr p"
        " ON p.workspace_id = t.workspace_id AND p.repository_id = t.repository_id"
        " AND p.number = t.number"
        " WHERE t.workspace_id = $1 AND p.merged_at >= $2 ORDER BY 1, 2",
    [STATEMENT_OPEN_SINCE] =
        "SELECT repository_id, number FROM fact_pr WHERE workspace_id = $1 AND state = 'OPEN'"
        " UNION SELECT repository_id, number FROM fact_pr"
        " WHERE workspace_id = $1 AND merged_at >= $2"
        " UNION SELECT repository_id, number FROM fact_pr"
        " WHERE workspace_id = $1 AND declined_at >= $2 ORDER BY 1, 2",

    [STATEMENT_ACCOUNT_PUT] =
        "INSERT INTO account (workspace_id, account_id, email, name, role, password, created_at,"
        " disabled_at) VALUES (0, $1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (workspace_id, account_id) DO UPDATE SET email = excluded.email,"
        " name = excluded.name, role = excluded.role, password = excluded.password,"
        " disabled_at = excluded.disabled_at",
    [STATEMENT_ACCOUNT_OTHER] = "SELECT COUNT(*) FROM account WHERE workspace_id = 0"
                                " AND email = $1 AND account_id <> $2",
    [STATEMENT_ACCOUNT_BY_EMAIL] =
        "SELECT " ACCOUNT_COLUMNS " FROM account WHERE workspace_id = 0 AND email = $1",
    [STATEMENT_ACCOUNT_GET] =
        "SELECT " ACCOUNT_COLUMNS " FROM account WHERE workspace_id = 0 AND account_id = $1",
    [STATEMENT_ACCOUNT_LIST] =
        "SELECT " ACCOUNT_COLUMNS " FROM account WHERE workspace_id = 0 ORDER BY email",
    [STATEMENT_ACCOUNT_COUNT] =
        "SELECT COUNT(*) FROM account WHERE workspace_id = 0 AND disabled_at IS NULL",
    [STATEMENT_ACCOUNT_COUNT_ROLE] = "SELECT COUNT(*) FROM account WHERE workspace_id = 0"
                                     " AND disabled_at IS NULL AND role = $1",
    [STATEMENT_SESSION_PUT] =
        "INSERT INTO session (workspace_id, digest, account_id, created_at, seen_at, expires_at,"
        " peer, agent) VALUES (0, $1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (workspace_id, digest) DO UPDATE SET seen_at = excluded.seen_at,"
        " expires_at = excluded.expires_at, peer = excluded.peer",
    [STATEMENT_SESSION_GET] =
        "SELECT " SESSION_COLUMNS " FROM session WHERE workspace_id = 0 AND digest = $1",
    [STATEMENT_SESSION_LIST] = "SELECT " SESSION_COLUMNS " FROM session WHERE workspace_id = 0"
                               " AND account_id = $1 ORDER BY seen_at DESC, digest",
    [STATEMENT_SESSION_DELETE] = "DELETE FROM session WHERE workspace_id = 0 AND digest = $1",
    [STATEMENT_SESSION_DELETE_OTHERS] =
        "DELETE FROM session WHERE workspace_id = 0 AND account_id = $1 AND digest <> $2",
    [STATEMENT_SESSION_DELETE_EXPIRED] =
        "DELETE FROM session WHERE workspace_id = 0 AND expires_at <= $1",
    [STATEMENT_INVITATION_PUT] =
        "INSERT INTO invitation (workspace_id, digest, email, role, invited_by, created_at,"
        " expires_at) VALUES (0, $1, $2, $3, $4, $5, $6)",
    [STATEMENT_INVITATION_GET] =
        "SELECT " INVITATION_COLUMNS " FROM invitation WHERE workspace_id = 0 AND digest = $1",
    [STATEMENT_INVITATION_LIST] = "SELECT " INVITATION_COLUMNS
                                  " FROM invitation WHERE workspace_id = 0 ORDER BY email, digest",
    [STATEMENT_INVITATION_DELETE] = "DELETE FROM invitation WHERE workspace_id = 0 AND digest = $1",
    [STATEMENT_INVITATION_DELETE_EXPIRED] =
        "DELETE FROM invitation WHERE workspace_id = 0 AND expires_at <= $1",
    [STATEMENT_API_TOKEN_PUT] =
        "INSERT INTO api_token (workspace_id, token_id, digest, account_id, name, role, created_at,"
        " expires_at, used_at) VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (workspace_id, token_id) DO UPDATE SET used_at = excluded.used_at",
    [STATEMENT_API_TOKEN_GET] =
        "SELECT " API_TOKEN_COLUMNS " FROM api_token WHERE workspace_id = 0 AND digest = $1",
    [STATEMENT_API_TOKEN_LIST] =
        "SELECT " API_TOKEN_COLUMNS " FROM api_token"
        " WHERE workspace_id = 0 AND account_id = $1 ORDER BY name, token_id",
    [STATEMENT_API_TOKEN_LIST_ALL] = "SELECT " API_TOKEN_COLUMNS " FROM api_token"
                                     " WHERE workspace_id = 0 ORDER BY account_id, name, token_id",
    [STATEMENT_API_TOKEN_DELETE] = "DELETE FROM api_token WHERE workspace_id = 0 AND token_id = $1",
    [STATEMENT_API_TOKEN_DELETE_EXPIRED] =
        "DELETE FROM api_token WHERE workspace_id = 0 AND expires_at <= $1",
    [STATEMENT_ADMIN_ACT_ADD] =
        "INSERT INTO admin_act (workspace_id, seq, at, actor, act, subject, detail, peer)"
        " SELECT 0, COALESCE(MAX(seq), 0) + 1, $1, $2, $3, $4, $5, $6 FROM admin_act"
        " WHERE workspace_id = 0",
    [STATEMENT_ADMIN_ACT_LIST] =
        "SELECT seq, at, actor, act, subject, detail, peer FROM admin_act WHERE workspace_id = 0"
        " AND seq < $1 AND ($2 IS NULL OR act = $2) AND ($3 IS NULL OR actor = $3)"
        " AND ($4 IS NULL OR at >= $4) AND ($5 IS NULL OR at < $5)"
        " ORDER BY seq DESC LIMIT $6",
    [STATEMENT_ADMIN_ACT_KINDS] =
        "SELECT DISTINCT act FROM admin_act WHERE workspace_id = 0 ORDER BY act",
    [STATEMENT_ADMIN_ACT_ACTORS] =
        "SELECT DISTINCT actor FROM admin_act WHERE workspace_id = 0 ORDER BY actor",
};

const char *statement_name(StatementId id)
{
    static const char *const NAMES[] = {
#define X(name) #name,
        STATEMENT_NAMES(X)
#undef X
    };
    return NAMES[id];
}

const char *statement_text(StatementId id)
{
    return TEXTS[id];
}
