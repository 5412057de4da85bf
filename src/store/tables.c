/* The declared upserts. */
#include "store/bulk.h"
#include "store/facts.h"

#define KEY(column, type)                                                                          \
    {                                                                                              \
        column, type, BULK_KEY                                                                     \
    }
#define COLUMN(column, type, rule)                                                                 \
    {                                                                                              \
        column, type, rule                                                                         \
    }

#define REPOSITORY_KEY   KEY("workspace_id", DB_INTEGER), KEY("repository_id", DB_INTEGER)
#define PULL_REQUEST_KEY REPOSITORY_KEY, KEY("number", DB_INTEGER)

static const BulkColumn PROJECT[] = {
    KEY("workspace_id", DB_INTEGER),     KEY("project_id", DB_INTEGER),
    COLUMN("uuid", DB_TEXT, BULK_FIRST), COLUMN("key", DB_TEXT, BULK_KEEP),
    COLUMN("name", DB_TEXT, BULK_KEEP),
};

static const BulkColumn REPOSITORY[] = {
    REPOSITORY_KEY,
    COLUMN("uuid", DB_TEXT, BULK_FIRST),
    COLUMN("project_id", DB_INTEGER, BULK_KEEP),
    COLUMN("connection_id", DB_INTEGER, BULK_KEEP),
    COLUMN("slug", DB_TEXT, BULK_TAKE),
    COLUMN("full_name", DB_TEXT, BULK_TAKE),
    COLUMN("name", DB_TEXT, BULK_TAKE),
    COLUMN("main_branch", DB_TEXT, BULK_TAKE),
    COLUMN("html_url", DB_TEXT, BULK_KEEP),
    COLUMN("clone_url", DB_TEXT, BULK_KEEP),
    COLUMN("language", DB_TEXT, BULK_TAKE),
    COLUMN("is_private", DB_INTEGER, BULK_TAKE),
    COLUMN("size_bytes", DB_INTEGER, BULK_KEEP),
    COLUMN("created_at", DB_INTEGER, BULK_KEEP),
    COLUMN("updated_at", DB_INTEGER, BULK_KEEP),
};

static const BulkColumn PULL_REQUEST[] = {
    PULL_REQUEST_KEY,
    COLUMN("title", DB_TEXT, BULK_TAKE),
    COLUMN("state", DB_TEXT, BULK_TAKE),
    COLUMN("is_draft", DB_INTEGER, BULK_TAKE),
    COLUMN("author_id", DB_INTEGER, BULK_TAKE),
    COLUMN("closed_by_id", DB_INTEGER, BULK_TAKE),
    COLUMN("created_at", DB_INTEGER, BULK_TAKE),
    COLUMN("updated_at", DB_INTEGER, BULK_TAKE),
    COLUMN("participants_at", DB_INTEGER, BULK_KEEP),
    COLUMN("source_branch", DB_TEXT, BULK_TAKE),
    COLUMN("source_hash", DB_TEXT, BULK_TAKE),
    COLUMN("source_repository_uuid", DB_TEXT, BULK_TAKE),
    COLUMN("destination_branch", DB_TEXT, BULK_TAKE),
    COLUMN("destination_hash", DB_TEXT, BULK_TAKE),
    COLUMN("merge_hash", DB_TEXT, BULK_TAKE),
    COLUMN("html_url", DB_TEXT, BULK_KEEP),
    COLUMN("comment_count", DB_INTEGER, BULK_KEEP),
    COLUMN("task_count", DB_INTEGER, BULK_KEEP),
    COLUMN("commits_state", DB_TEXT, BULK_TAKE),
    COLUMN("files_state", DB_TEXT, BULK_TAKE),
};

static const BulkColumn PR_PARTICIPANT[] = {
    PULL_REQUEST_KEY,
    KEY("person_id", DB_INTEGER),
    COLUMN("is_reviewer", DB_INTEGER, BULK_TAKE),
    COLUMN("state", DB_TEXT, BULK_TAKE),
    COLUMN("participated_at", DB_INTEGER, BULK_TAKE),
};

/* An event does not change, but it may be told with less (the feed knows no resolution) or with
 * shorter hashes, and a comment may be edited, deleted, resolved. What was known stays known; a
 * deleted comment stays deleted; of two hashes that begin alike the longer is the greater. */
static const BulkColumn PR_EVENT[] = {
    PULL_REQUEST_KEY,
    KEY("kind", DB_INTEGER),
    KEY("at_key", DB_INTEGER),
    KEY("actor_key", DB_INTEGER),
    KEY("detail", DB_TEXT),
    COLUMN("at", DB_INTEGER, BULK_TAKE),
    COLUMN("actor_id", DB_INTEGER, BULK_FIRST),
    COLUMN("subject_id", DB_INTEGER, BULK_KEEP),
    COLUMN("source_hash", DB_TEXT, BULK_GREATER),
    COLUMN("destination_hash", DB_TEXT, BULK_GREATER),
    COLUMN("comment_id", DB_INTEGER, BULK_KEEP),
    COLUMN("parent_comment_id", DB_INTEGER, BULK_KEEP),
    COLUMN("inline_path", DB_TEXT, BULK_KEEP),
    COLUMN("inline_line", DB_INTEGER, BULK_KEEP),
    COLUMN("comment_length", DB_INTEGER, BULK_KEEP),
    COLUMN("is_deleted", DB_INTEGER, BULK_GREATER),
    COLUMN("resolved_at", DB_INTEGER, BULK_GREATER),
};

static const BulkColumn GIT_COMMIT[] = {
    REPOSITORY_KEY,
    KEY("hash", DB_TEXT),
    COLUMN("author_id", DB_INTEGER, BULK_TAKE),
    COLUMN("authored_at", DB_INTEGER, BULK_TAKE),
    COLUMN("committed_at", DB_INTEGER, BULK_TAKE),
    COLUMN("subject", DB_TEXT, BULK_TAKE),
    COLUMN("parents", DB_TEXT, BULK_TAKE),
    COLUMN("is_merge", DB_INTEGER, BULK_TAKE),
    COLUMN("lines_added", DB_INTEGER, BULK_TAKE),
    COLUMN("lines_removed", DB_INTEGER, BULK_TAKE),
    COLUMN("files_changed", DB_INTEGER, BULK_TAKE),
    COLUMN("from_api", DB_INTEGER, BULK_TAKE),
};

#define FILE_COLUMNS                                                                               \
    KEY("path", DB_TEXT), COLUMN("old_path", DB_TEXT, BULK_TAKE),                                  \
        COLUMN("lines_added", DB_INTEGER, BULK_TAKE),                                              \
        COLUMN("lines_removed", DB_INTEGER, BULK_TAKE)

static const BulkColumn COMMIT_FILE[] = {REPOSITORY_KEY, KEY("hash", DB_TEXT), FILE_COLUMNS};
static const BulkColumn PR_COMMIT[] = {PULL_REQUEST_KEY, KEY("hash", DB_TEXT)};
static const BulkColumn PR_FILE[] = {PULL_REQUEST_KEY, FILE_COLUMNS};

static const BulkColumn PR_BUILD[] = {
    PULL_REQUEST_KEY,
    KEY("key", DB_TEXT),
    COLUMN("commit_hash", DB_TEXT, BULK_TAKE),
    COLUMN("name", DB_TEXT, BULK_TAKE),
    COLUMN("url", DB_TEXT, BULK_TAKE),
    COLUMN("state", DB_INTEGER, BULK_TAKE),
    COLUMN("created_at", DB_INTEGER, BULK_TAKE),
    COLUMN("updated_at", DB_INTEGER, BULK_TAKE),
};

static const BulkColumn PR_TASK[] = {
    PULL_REQUEST_KEY,
    KEY("task_id", DB_INTEGER),
    COLUMN("comment_id", DB_INTEGER, BULK_TAKE),
    COLUMN("creator_id", DB_INTEGER, BULK_TAKE),
    COLUMN("resolver_id", DB_INTEGER, BULK_TAKE),
    COLUMN("created_at", DB_INTEGER, BULK_TAKE),
    COLUMN("resolved_at", DB_INTEGER, BULK_TAKE),
};

/* A deployment may name its environment by uuid alone. */
static const BulkColumn ENVIRONMENT[] = {
    REPOSITORY_KEY,
    KEY("uuid", DB_TEXT),
    COLUMN("name", DB_TEXT, BULK_KEEP),
    COLUMN("kind", DB_INTEGER, BULK_KEEP),
};

static const BulkColumn DEPLOYMENT[] = {
    REPOSITORY_KEY,
    KEY("uuid", DB_TEXT),
    COLUMN("environment_uuid", DB_TEXT, BULK_KEEP),
    COLUMN("commit_hash", DB_TEXT, BULK_KEEP),
    COLUMN("pipeline_uuid", DB_TEXT, BULK_KEEP),
    COLUMN("url", DB_TEXT, BULK_KEEP),
    COLUMN("state", DB_INTEGER, BULK_TAKE),
    COLUMN("started_at", DB_INTEGER, BULK_KEEP),
    COLUMN("completed_at", DB_INTEGER, BULK_TAKE),
    COLUMN("updated_at", DB_INTEGER, BULK_KEEP),
};

static const BulkColumn PIPELINE[] = {
    REPOSITORY_KEY,
    KEY("uuid", DB_TEXT),
    COLUMN("build_number", DB_INTEGER, BULK_KEEP),
    COLUMN("commit_hash", DB_TEXT, BULK_KEEP),
    COLUMN("ref_name", DB_TEXT, BULK_KEEP),
    COLUMN("pull_request", DB_INTEGER, BULK_KEEP),
    COLUMN("state", DB_INTEGER, BULK_TAKE),
    COLUMN("created_at", DB_INTEGER, BULK_KEEP),
    COLUMN("completed_at", DB_INTEGER, BULK_TAKE),
};

/* number and is_settled come when the changes are attributed. */
static const BulkColumn MAIN_CHANGE[] = {
    REPOSITORY_KEY,
    KEY("branch", DB_TEXT),
    KEY("hash", DB_TEXT),
    COLUMN("position", DB_INTEGER, BULK_TAKE),
    COLUMN("landed_at", DB_INTEGER, BULK_TAKE),
    COLUMN("files_changed", DB_INTEGER, BULK_TAKE),
    COLUMN("lines_changed", DB_INTEGER, BULK_TAKE),
    COLUMN("lines_young", DB_INTEGER, BULK_TAKE),
    COLUMN("lines_left_out", DB_INTEGER, BULK_TAKE),
};

static const BulkColumn BRANCH[] = {
    REPOSITORY_KEY,
    KEY("name", DB_TEXT),
    COLUMN("hash", DB_TEXT, BULK_TAKE),
    COLUMN("committed_at", DB_INTEGER, BULK_TAKE),
    COLUMN("author_id", DB_INTEGER, BULK_TAKE),
    COLUMN("is_merged", DB_INTEGER, BULK_TAKE),
};

#define TYPE_KEY                  DB_INTEGER, BULK_KEY
#define TYPE_INTEGER              DB_INTEGER, BULK_TAKE
#define TYPE_FLAG                 DB_INTEGER, BULK_TAKE
#define TYPE_OPTIONAL             DB_INTEGER, BULK_TAKE
#define TYPE_LATER                DB_INTEGER, BULK_KEEP
#define TYPE_NAME                 DB_TEXT, BULK_KEY
#define TYPE_STATE                DB_TEXT, BULK_TAKE
#define TYPE_TEXT                 DB_TEXT, BULK_TAKE
#define FACT(kind, column, field) {#column, TYPE_##kind},
static const BulkColumn FACT_PR[] = {KEY("workspace_id", DB_INTEGER), FACT_PR_TABLE(FACT)};

static const BulkColumn FACT_REVIEW[] = {KEY("workspace_id", DB_INTEGER), FACT_REVIEW_TABLE(FACT)};

static const BulkColumn FACT_DEPLOYMENT[] = {KEY("workspace_id", DB_INTEGER),
                                             FACT_DEPLOYMENT_TABLE(FACT)};

static const BulkColumn FINDING[] = {
    KEY("workspace_id", DB_INTEGER),
    KEY("finding_id", DB_INTEGER),
    COLUMN("rule", DB_TEXT, BULK_TAKE),
    COLUMN("repository_id", DB_INTEGER, BULK_TAKE),
    COLUMN("number", DB_INTEGER, BULK_TAKE),
    COLUMN("person_id", DB_INTEGER, BULK_TAKE),
    COLUMN("subject", DB_TEXT, BULK_TAKE),
    COLUMN("state", DB_TEXT, BULK_TAKE),
    COLUMN("severity", DB_TEXT, BULK_TAKE),
    COLUMN("since_at", DB_INTEGER, BULK_TAKE),
    COLUMN("first_seen_at", DB_INTEGER, BULK_TAKE),
    COLUMN("last_seen_at", DB_INTEGER, BULK_TAKE),
    COLUMN("ended_at", DB_INTEGER, BULK_TAKE),
    COLUMN("snoozed_until_at", DB_INTEGER, BULK_TAKE),
    COLUMN("assigned_to", DB_INTEGER, BULK_TAKE),
    COLUMN("muted_by", DB_INTEGER, BULK_TAKE),
    COLUMN("reopened", DB_INTEGER, BULK_TAKE),
    COLUMN("what", DB_TEXT, BULK_TAKE),
    COLUMN("next", DB_TEXT, BULK_TAKE),
    COLUMN("nearest", DB_TEXT, BULK_TAKE),
    COLUMN("evidence_in_all", DB_INTEGER, BULK_TAKE),
};

static const BulkColumn FINDING_EVIDENCE[] = {
    KEY("workspace_id", DB_INTEGER),
    KEY("finding_id", DB_INTEGER),
    KEY("position", DB_INTEGER),
    COLUMN("repository_id", DB_INTEGER, BULK_TAKE),
    COLUMN("number", DB_INTEGER, BULK_TAKE),
    COLUMN("person_id", DB_INTEGER, BULK_TAKE),
    COLUMN("at", DB_INTEGER, BULK_TAKE),
    COLUMN("text", DB_TEXT, BULK_TAKE),
    COLUMN("url", DB_TEXT, BULK_TAKE),
};

#define TABLE(name, columns, keys, newer)                                                          \
    {                                                                                              \
        name, columns, G_N_ELEMENTS(columns), keys, newer                                          \
    }

static const BulkTable TABLES[BULK_COUNT] = {
    [BULK_PROJECT] = TABLE("project", PROJECT, 2, NULL),
    [BULK_REPOSITORY] = TABLE("repository", REPOSITORY, 2, "updated_at"),
    [BULK_PULL_REQUEST] = TABLE("pull_request", PULL_REQUEST, 3, "updated_at"),
    [BULK_PR_PARTICIPANT] = TABLE("pr_participant", PR_PARTICIPANT, 4, NULL),
    [BULK_PR_EVENT] = TABLE("pr_event", PR_EVENT, 7, NULL),
    [BULK_GIT_COMMIT] = TABLE("git_commit", GIT_COMMIT, 3, NULL),
    [BULK_COMMIT_FILE] = TABLE("commit_file", COMMIT_FILE, 4, NULL),
    [BULK_PR_COMMIT] = TABLE("pr_commit", PR_COMMIT, 4, NULL),
    [BULK_PR_FILE] = TABLE("pr_file", PR_FILE, 4, NULL),
    [BULK_MAIN_CHANGE] = TABLE("main_change", MAIN_CHANGE, 4, NULL),
    [BULK_BRANCH] = TABLE("branch", BRANCH, 3, NULL),
    [BULK_PR_BUILD] = TABLE("pr_build", PR_BUILD, 4, NULL),
    [BULK_PR_TASK] = TABLE("pr_task", PR_TASK, 4, NULL),
    [BULK_ENVIRONMENT] = TABLE("environment", ENVIRONMENT, 3, NULL),
    [BULK_DEPLOYMENT] = TABLE("deployment", DEPLOYMENT, 3, "updated_at"),
    [BULK_PIPELINE] = TABLE("pipeline", PIPELINE, 3, NULL),
    [BULK_FACT_PR] = TABLE("fact_pr", FACT_PR, 3, NULL),
    [BULK_FACT_REVIEW] = TABLE("fact_review", FACT_REVIEW, 4, NULL),
    [BULK_FACT_DEPLOYMENT] = TABLE("fact_deployment", FACT_DEPLOYMENT, 3, NULL),
    [BULK_FINDING] = TABLE("finding", FINDING, 2, NULL),
    [BULK_FINDING_EVIDENCE] = TABLE("finding_evidence", FINDING_EVIDENCE, 3, NULL),
};

const BulkTable *bulk_table(BulkId id)
{
    return &TABLES[id];
}
