/*
 * company: a generated engineering organisation, the same for the same seed.
 *
 * The whole life of every pull request, past and a stretch of the future, is decided when the
 * company is made; what can be seen of it depends on the company's clock alone. Moving the clock
 * forward is all that "time passes" means. Nothing here knows HTTP or JSON (that is server/), and
 * nothing is shared with Plumbline's sources but GLib: what is said in the truth file is the
 * generator's own knowledge.
 *
 * Records are owned by the company, filled when it is made, and never move. The clock and the
 * activity added by hand (company_add_*) are guarded by a lock inside; everything else is
 * immutable, so any thread may read. A thread that walks acts, comments or pull->acts while another
 * may call company_add_act or company_rename_repository holds company_read_lock meanwhile (the
 * functions below take it themselves, and may be called under it, except those that write: add,
 * rename, advance). Times are UTC microseconds; NEVER stands for "does not happen".
 */
#pragma once

#include <gio/gio.h>

#define NEVER G_MAXINT64

typedef struct {
    char uuid[39]; /* "{…}" */
    char account_id[48];
    char *display_name;
    char *nickname;
    char *email;
    gboolean is_app; /* "type": "app_user" (a token or an app) */
    gboolean is_bot; /* truth: a machine, also when its account is an ordinary user named …-bot */
    gint64 left_at;  /* account removed: shown as null or as "Former user" from then on; NEVER */
    gboolean left_as_null; /* null, else "Former user" */
    gint utc_offset_minutes;
    gboolean is_admin;
} CompanyPerson;

typedef struct {
    char uuid[39];
    char *key, *name;
    gint64 created_at;
} CompanyProject;

typedef enum {
    ACT_UPDATE, /* creation (first of a pull request) or push: commit changes */
    ACT_READY,
    ACT_DRAFT, /* update with changes.draft */
    ACT_REVIEWER_ADDED,
    ACT_REVIEWER_REMOVED, /* subject */
    ACT_EDIT_TITLE,
    ACT_APPROVE,
    ACT_REQUEST_CHANGES,
    ACT_COMMENT, /* comment >= 0 */
    ACT_MERGE,
    ACT_DECLINE,
    ACT_SUPERSEDE,
    ACT_EMPTY,             /* an entry with nothing but pull_request, as the real feed has */
    ACT_WITHDRAW_APPROVAL, /* never shown in the feed; changes the participant */
} ActKind;

typedef struct {
    gint64 at;
    guint32 pull;   /* index into repository->pulls */
    guint16 kind;   /* ActKind */
    gint32 actor;   /* index into people; -1: the system */
    gint32 subject; /* person; -1 */
    gint32 comment; /* index into repository->comments; -1 */
    gint32
        commit; /* source commit after this act, index into repository->commits; -1 without git */
} CompanyAct;

typedef struct {
    gint64 id;
    guint32 pull;
    gint32 author;
    gint64 created_at, edited_at, deleted_at, resolved_at; /* NEVER */
    gint32 resolver;
    gint32 parent;             /* index into repository->comments; -1 */
    const char *path;          /* inline; NULL: general */
    gint32 line_to, line_from; /* -1 */
    guint32 text_seed;         /* company_comment_text */
    guint has_replies : 1;
    guint huge : 1; /* a very large text */
} CompanyComment;

typedef struct {
    gint64 id;
    guint32 pull;
    gint32 creator, resolver, comment;
    gint64 created_at, resolved_at;
} CompanyTask;

typedef struct {
    char hash[41];          /* "" until the repository's history is made (company_repository_git) */
    gint32 author;          /* person; -1: somebody outside, see raw_author */
    const char *raw_author; /* "Name <mail>" as git has it */
    gint64 authored_at, committed_at; /* whole seconds */
    gint32 parents[2];                /* indices, -1 */
    gint32 pull;       /* the pull request that brought it; -1: direct push or initial */
    gint64 visible_at; /* when it was pushed */
    const char *message;
    guint16 step; /* which state of the pull request's files it holds: company_view_files */
} CompanyCommit;

typedef struct {
    const char *path;
    gint32 lines_added, lines_removed;
    guint32 path_id; /* number of the path within its repository */
    guint is_new : 1, is_removed : 1, is_generated : 1; /* generated: or vendored */
    guint is_contested : 1; /* it replaces lines that others replace too */
} CompanyFile;

typedef enum { MERGE_NONE, MERGE_COMMIT, MERGE_SQUASH, MERGE_FAST_FORWARD } MergeStrategy;

typedef struct {
    gint64 number;            /* from 1, with gaps */
    const char *title;        /* when opened */
    const char *edited_title; /* after its ACT_EDIT_TITLE (at most one); NULL */
    gint32 author;
    gboolean opened_as_draft;
    gint64 opened_at;
    gint64 closed_at; /* merge, decline, supersede; NEVER */
    ActKind close_kind;
    gint32 closed_by;
    const char *source_branch, *destination_branch;
    gboolean from_fork; /* the source repository is a fork, deleted later: source.repository null */
    gboolean close_source_branch;
    gint64 branch_deleted_at;
    MergeStrategy strategy;
    gint32 merge_commit;       /* index; -1 */
    gint32 destination_commit; /* destination tip when closed (first parent of the merge), or as of
                                  the last push while open */
    gint32 *commits;           /* of the final source, oldest first */
    guint n_commits;
    gint32 *initial_reviewers;
    guint n_initial_reviewers;
    guint32 *acts; /* indices into repository->acts, by time; the first is the creation */
    guint n_acts;
    CompanyFile *files; /* merge base .. final source; as of now: company_view_files */
    guint n_files;
    const char *jira_key; /* NULL: none in the title */
} CompanyPull;

typedef struct {
    const char *key, *name, *state; /* SUCCESSFUL, FAILED, STOPPED; INPROGRESS until finished_at */
    gint32 pull, commit;
    gint64 created_at, finished_at;
} CompanyBuild;

typedef struct {
    char uuid[39];
    gint64 build_number;
    gint32 commit, pull, creator;
    const char *ref_name, *result; /* SUCCESSFUL, FAILED, STOPPED */
    gint64 created_at, completed_at;
} CompanyPipeline;

typedef struct {
    char uuid[39];
    gint32 pipeline, environment; /* environment: 0 Test, 1 Staging, 2 Production */
    gint64 started_at, completed_at;
    const char *status; /* SUCCESSFUL, FAILED, STOPPED */
} CompanyDeployment;

typedef struct {
    char uuid[39];
    char *slug, *name, *language, *main_branch;
    guint project;
    gint64 created_at;
    gboolean is_private, is_empty;
    char environment_uuids[3][39];
    CompanyPull *pulls;
    guint n_pulls; /* by opening */
    CompanyAct *acts;
    guint n_acts; /* by time, then pull; the future is there too: company_acts_until_now */
    CompanyComment *comments;
    guint n_comments; /* by creation */
    CompanyTask *tasks;
    guint n_tasks;
    CompanyCommit *commits;
    guint n_commits; /* parents before children */
    CompanyBuild *builds;
    guint n_builds;
    CompanyPipeline *pipelines;
    guint n_pipelines;
    CompanyDeployment *deployments;
    guint n_deployments;
} CompanyRepository;

typedef struct {
    guint64 seed;
    guint pull_requests;  /* opened until the epoch, over all repositories; the future adds more */
    guint repositories;   /* 0: from the size */
    gint64 epoch;         /* the clock at the start */
    gint64 past, future;  /* µs of history before and after the epoch; 0: from the size, 60 days */
    gboolean pathologies; /* healthy but for what is planted; its size is fixed, the epoch a Monday
                             at 08:00, and the counts and spans above are 0 */
    gboolean without_git; /* made-up hashes, no history: for very large companies */
    const char *git_folder; /* bare repositories are made here, one per repository when it is first
                               asked for */
} CompanyOptions;

typedef struct Company Company;

typedef struct {
    char uuid[39], slug[64], name[128];
    gint64 created_at;
} CompanyWorkspace;

Company *company_new(const CompanyOptions *options, GError **error);
void company_free(Company *company);

const CompanyWorkspace *company_workspace(const Company *company);
const CompanyPerson *company_people(const Company *company, guint *ret_n);
const CompanyProject *company_projects(const Company *company, guint *ret_n);
const CompanyRepository *company_repositories(const Company *company, guint *ret_n);

void company_read_lock(const Company *company);
void company_read_unlock(const Company *company);

/* The clock. Advancing moves the branches of histories already made. */
gint64 company_now(const Company *company);
gboolean company_advance(Company *company, gint64 microseconds, GError **error);

/* Makes the repository's history when it is not there yet (git fast-import), fills the hashes, sets
 * the branches as of now, and returns the path of the bare repository. Without git: NULL, hashes
 * are there from the start. Blocks; safe from any thread. */
gboolean company_repository_git(Company *company, guint repository, const char **ret_path,
                                GError **error);

/* What is to be seen of a pull request now. */
typedef struct {
    const CompanyPull *pull;
    const char *state; /* OPEN, MERGED, DECLINED, SUPERSEDED */
    const char *title; /* as last edited */
    gboolean draft;
    gint64 updated_at;
    gint32 source_commit, destination_commit, merge_commit; /* indices, -1 */
    guint comment_count, task_count;                        /* not deleted; unresolved */
    struct {
        gint32 person;
        gboolean is_reviewer;
        const char *state;      /* approved, changes_requested, NULL */
        gint64 participated_at; /* NEVER: null */
    } participants[64];
    guint n_participants;
} CompanyPullView;
/* FALSE: not opened yet. */
gboolean company_view_pull(Company *company, guint repository, guint pull,
                           CompanyPullView *ret_view);
/* Files between merge base and the source commit of now, by path as made; free with g_free. */
guint company_view_files(Company *company, guint repository, guint pull, CompanyFile **ret_files);
/* Number of acts of the repository that have happened: repository->acts[0 .. count-1]. */
guint company_acts_until_now(const Company *company, const CompanyRepository *repository);
/* Largest updated_at of anything in the repository now. */
gint64 company_repository_updated(Company *company, guint repository);
/* Branches now: calls @visit for each (name, commit index). */
void company_visit_branches(Company *company, guint repository,
                            void (*visit)(const char *name, gint32 commit, gpointer data),
                            gpointer data);
/* Text of a comment; free with g_free. */
char *company_comment_text(const Company *company, const CompanyComment *comment);

/* Activity made by hand at the clock's present, as the control endpoint asks; visible at once.
 * @kind: ACT_COMMENT, ACT_APPROVE, ACT_REQUEST_CHANGES, ACT_WITHDRAW_APPROVAL. */
gboolean company_add_act(Company *company, guint repository, gint64 number, ActKind kind,
                         gint32 actor, GError **error);
/* Gives the repository another slug and name; the old address is remembered as gone. */
gboolean company_rename_repository(Company *company, guint repository, const char *slug,
                                   GError **error);

/* Writes truth.json (docs/sandbox.md describes it) as of now. With git, makes the histories of all
 * repositories first, which takes a while for large companies. */
gboolean company_write_truth(Company *company, const char *path, GError **error);
