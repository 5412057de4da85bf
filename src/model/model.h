/*
 * model: the records that every room speaks of.
 *
 * Plain structs without behaviour. A record owns nothing: its strings and arrays live in the arena
 * of the batch that brought it (see RecordPage in bitbucket.h, GitCommitVisitor in git.h) and are
 * read-only. An absent text is NULL, an absent instant TIME_ABSENT, an absent count COUNT_ABSENT;
 * the zero value of a flag is FALSE. Records are what Bitbucket and git said, not what Plumbline
 * makes of it (that is the measure room's).
 *
 * Keys: Bitbucket's uuid (Cloud, in braces) or numeric id as text (Data Center) names workspaces,
 * projects, repositories and people; a pull request is named by its number within its repository; a
 * commit by its hash. Slugs and names are labels. Inside Plumbline these keys become integer ids by
 * model_id, the same on every machine and in every run.
 */
#pragma once

#include "base/base.h"

/* Bitbucket's tokens live a year at most. Their end is warned of from a month before on, wherever a
 * credential is spoken of: a company needs time to approve a new one. */
#define CREDENTIAL_WARNING_DAYS 30
#define CREDENTIAL_WARNING      (CREDENTIAL_WARNING_DAYS * TIME_DAY)
#define CREDENTIAL_LONGEST_LIFE (365 * TIME_DAY)

typedef enum { PERSON_UNKNOWN, PERSON_USER, PERSON_APP, PERSON_TEAM } PersonKind;

/* Somebody as a payload shows them. All texts NULL: the account no longer exists ("deleted
 * person"). */
typedef struct {
    const char *uuid;
    const char *account_id;
    const char *display_name;
    const char *nickname;
    PersonKind kind;
} Person;

typedef struct {
    const char *uuid;
    const char *slug;
    const char *name;
} Workspace;

typedef struct {
    const char *uuid;
    const char *key;
    const char *name;
} Project;

typedef struct {
    const char *uuid;
    Workspace workspace;
    Project project; /* uuid NULL when not told */
    const char *slug;
    const char *full_name;
    const char *name;
    const char *main_branch; /* NULL: empty repository */
    const char *html_url;
    const char *clone_url; /* https, user information removed */
    const char *language;
    const char *parent_uuid; /* of a fork */
    gboolean is_private;
    gint64 size_bytes;
    UtcTime created;
    UtcTime updated;
} Repository;

typedef enum { PR_OPEN, PR_MERGED, PR_DECLINED, PR_SUPERSEDED, PR_STATE_UNKNOWN } PullRequestState;

typedef enum {
    PARTICIPANT_NO_STATE,
    PARTICIPANT_APPROVED,
    PARTICIPANT_CHANGES_REQUESTED
} ParticipantState;

typedef struct {
    Person person;
    gboolean is_reviewer; /* asked to review, or took part unasked */
    ParticipantState state;
    UtcTime participated; /* approver: of the approval; others: of the last comment */
} Participant;

typedef struct {
    gint64 number;
    const char *title;
    PullRequestState state;
    gboolean draft;
    Person author;
    Person closed_by;
    UtcTime created;
    UtcTime updated;
    const char *source_branch;
    const char *source_hash;            /* 12 or 40 hex digits */
    const char *source_repository_uuid; /* NULL: the fork was deleted */
    const char *destination_branch;
    const char *destination_hash;
    const char *merge_hash; /* NULL unless merged */
    const char *html_url;
    gint64 comment_count;
    gint64 task_count;
    gboolean has_participants; /* FALSE: the payload did not list them, the arrays say nothing */
    const Person *reviewers;
    gsize n_reviewers;
    const Participant *participants;
    gsize n_participants;
} PullRequest;

/* What happened to a pull request. The creation has no event: it is PullRequest.created. Values are
 * stored; never renumber. */
typedef enum {
    PR_EVENT_UPDATED =
        1, /* an update with no named change: the creation, or a push when source_hash differs */
    PR_EVENT_READY = 2,            /* draft -> ready for review */
    PR_EVENT_DRAFT = 3,            /* ready -> draft */
    PR_EVENT_REVIEWER_ADDED = 4,   /* subject: the reviewer */
    PR_EVENT_REVIEWER_REMOVED = 5, /* subject: the reviewer */
    PR_EVENT_APPROVED = 6,
    PR_EVENT_CHANGES_REQUESTED = 7,
    PR_EVENT_APPROVAL_WITHDRAWN =
        8, /* webhooks and Data Center only; the Cloud feed does not tell */
    PR_EVENT_COMMENTED = 9,
    PR_EVENT_MERGED = 10,
    PR_EVENT_DECLINED = 11,
    PR_EVENT_SUPERSEDED = 12,
    PR_EVENT_REOPENED = 13,
    PR_EVENT_EDITED = 14, /* title, description or destination changed */
} PrEventKind;

typedef struct {
    gint64 number; /* of the pull request */
    PrEventKind kind;
    UtcTime at;
    Person actor;
    Person subject;               /* REVIEWER_ADDED, REVIEWER_REMOVED */
    const char *source_hash;      /* every kind that comes from an update entry */
    const char *destination_hash; /* same */
    gint64 comment_id;            /* COMMENTED; COUNT_ABSENT otherwise */
    gint64 parent_comment_id;     /* reply */
    const char *inline_path;      /* comment on a file */
    gint64 inline_line;           /* in the new file, else in the old one */
    gint64 comment_length;        /* characters of its text; the text itself is not kept */
    gboolean deleted;
    gboolean pending; /* part of an unpublished review */
    UtcTime resolved; /* when the thread was resolved */
} PrEvent;

typedef struct {
    const char *path;     /* in the newer tree (in the older one when removed) */
    const char *old_path; /* of a rename; NULL otherwise */
    gint64 lines_added;   /* COUNT_ABSENT: binary */
    gint64 lines_removed;
} FileChange;

typedef struct {
    const char *hash; /* 40 (or 64) lower-case hex digits */
    const char *tree; /* NULL when it came over the API */
    const char *author_name;
    const char *author_email;
    Person author_account; /* the account that Bitbucket names for it; git tells of none */
    const char *committer_name;
    const char *committer_email;
    UtcTime authored;
    UtcTime committed; /* TIME_ABSENT over the API, which gives one date only */
    const char *subject;
    const char *const *parents;
    gsize n_parents;
    const FileChange *files; /* against the first parent; none for merges */
    gsize n_files;
    gboolean from_api;
} Commit;

/* ---- what happens to commits: builds, pipelines, deployments; tasks of a pull request */

/* Values are stored; never renumber. A state that Bitbucket adds later is UNKNOWN. */
typedef enum {
    BUILD_UNKNOWN = 0,
    BUILD_IN_PROGRESS = 1,
    BUILD_SUCCESSFUL = 2,
    BUILD_FAILED = 3,
    BUILD_STOPPED = 4,
} BuildState;

typedef struct {
    const char *commit_hash; /* NULL: not told */
    const char *key, *name;
    const char *url;
    BuildState state;
    UtcTime created, updated;
} BuildStatus;

typedef struct {
    gint64 task_id;
    gint64 comment_id; /* COUNT_ABSENT: of the pull request itself */
    Person creator;
    Person resolver; /* all texts NULL unless resolved */
    UtcTime created, resolved;
    gboolean is_resolved;
} PrTask;

typedef enum {
    ENVIRONMENT_UNKNOWN = 0,
    ENVIRONMENT_TEST = 1,
    ENVIRONMENT_STAGING = 2,
    ENVIRONMENT_PRODUCTION = 3,
} EnvironmentKind;

typedef struct {
    const char *uuid, *name;
    EnvironmentKind kind;
} Environment;

typedef enum {
    DEPLOYMENT_UNKNOWN = 0,
    DEPLOYMENT_IN_PROGRESS = 1,
    DEPLOYMENT_SUCCESSFUL = 2,
    DEPLOYMENT_FAILED = 3,
    DEPLOYMENT_STOPPED = 4,
    DEPLOYMENT_UNDEPLOYED = 5,
} DeploymentState;

typedef struct {
    const char *uuid;
    Environment environment; /* name NULL and kind UNKNOWN where only the uuid is told */
    const char *commit_hash;
    const char *pipeline_uuid, *url;
    DeploymentState state;
    UtcTime started, completed, updated;
} Deployment;

typedef struct {
    const char *uuid;
    gint64 build_number; /* COUNT_ABSENT: not told */
    const char *commit_hash, *ref_name;
    gint64 pull_request; /* COUNT_ABSENT: of a branch */
    BuildState state;
    UtcTime created, completed;
} Pipeline;

/* ---- what came onto a branch, as git tells it */

#define MODEL_REWORK_WINDOW                                                                        \
    (21 * TIME_DAY) /* a line younger than this is reworked, not changed                           \
                     */

/* So far back other branches than the main one are read. */
#define MODEL_PUSH_WINDOW (90 * TIME_DAY)

/* One step along the first parents of a branch: a pull request that was merged, squashed or moved
 * forward, or a commit that was pushed; compared with the step before. */
typedef struct {
    const char *branch; /* NULL: the main branch */
    const char *hash;
    gint64 position; /* from the root, which is 0; on another branch from where it left main */
    UtcTime landed;  /* the committer's date; not after "now", not before the step before */
    gint64 files;    /* changed, all of them */
    /* Of authored files (model_path_class): a hunk that takes r lines out and puts a lines in
     * changes max(r, a). */
    gint64 lines_changed;
    /* Of the lines taken out of authored files, those that came onto the branch less than
     * MODEL_REWORK_WINDOW before. COUNT_ABSENT: more lines changed within the window than
     * LIMIT_GIT_LINE_AGES holds. */
    gint64 lines_young;
    gint64 lines_left_out; /* as lines_changed, of generated and vendored files */
} MainChange;

typedef struct {
    const char *name; /* without refs/heads/ */
    const char *hash; /* of its newest commit */
    const char *author_name, *author_email;
    UtcTime committed;
    gboolean is_merged; /* the main branch has all of its commits */
} Branch;

/* A record that could not be read, kept with its reason instead of failing the page. */
typedef struct {
    const char *kind;    /* "pull request", "activity entry", … */
    const char *key;     /* its number or uuid where that much could be read; "" otherwise */
    const char *reason;  /* a sentence */
    const char *snippet; /* at most LIMIT_ERROR_SNIPPET bytes of it, valid UTF-8 */
} Quarantined;

/* ---- ids
 * ----------------------------------------------------------------------------------------------------------
 */

typedef enum {
    ID_WORKSPACE,
    ID_CONNECTION,
    ID_PROJECT,
    ID_REPOSITORY,
    ID_PERSON,
    ID_TEAM,
    ID_FINDING = 16,
    ID_MUTE = 17,
} IdKind;

/* A positive integer below 2^53 (exact in JSON) made from the natural key: the first 53 bits of
 * SHA-256(kind byte, workspace id as 8 bytes big-endian, key), 0 replaced by 1. @workspace is 0 for
 * ID_WORKSPACE.
 * @key is the uuid; for a person without uuid "account:<account_id>", "email:<lower-case address>"
 * or MODEL_DELETED_PERSON; of a team the name it was made with. Unique constraints in the store
 * turn a collision into an error. */
gint64 model_id(IdKind kind, gint64 workspace, const char *key);
#define MODEL_DELETED_PERSON "deleted"

/* The key of @person for model_id; @ret_buffer receives it when it has to be built. Never NULL. */
const char *model_person_key(const Person *person, GString *ret_buffer);

/* Whether two commit hashes name one commit: Bitbucket gives 12 digits in one place and 40 in
 * another. NULL is the same as NULL only. */
gboolean model_same_hash(const char *a, const char *b);

/* ---- names for enums, as used in JSON, CSV and the store
 * ----------------------------------------------------------- */
const char *model_state_name(PullRequestState state); /* "OPEN" … "UNKNOWN" */
PullRequestState model_state_from_name(const char *name);
const char *model_event_name(PrEventKind kind); /* "updated" … */

/* ---- paths
 * ---------------------------------------------------------------------------------------------------------
 */

typedef enum { PATH_AUTHORED, PATH_GENERATED, PATH_VENDORED } PathClass;

/* Whether people wrote the file: lock files, minified and generated sources, vendored folders are
 * told by their names (table and sources in path.c and docs/metrics.md). Pure. */
PathClass model_path_class(const char *path);
