/*
 * bitbucket: everything that knows Bitbucket's shapes. It sends requests within the budget and
 * gives out model records.
 *
 * A BitbucketClient speaks for one credential to one API base. It runs one I/O thread of its own
 * around libcurl's multi interface; the fetch functions block their caller until the answer is
 * decoded, and any number of threads may call them at once. All of them draw on one budget, which
 * paces requests and pauses everybody after a 429.
 *
 * Each fetch returns a page (RecordPage) that owns an arena with all its records; free it with
 * record_page_free. A record that cannot be read is listed in the page's quarantine and the page
 * goes on. Retries, back-off, redirects and the rule that the credential never leaves the
 * configured host are inside; what still fails carries a PLUMBLINE_ERROR whose message names the
 * object and the way out. Limits: base/limits.h.
 */
#pragma once

#include "model/model.h"

/* ---- credentials
 * ---------------------------------------------------------------------------------------------------
 */

typedef enum {
    CREDENTIAL_REPOSITORY_TOKEN,
    CREDENTIAL_PROJECT_TOKEN,
    CREDENTIAL_WORKSPACE_TOKEN,
    CREDENTIAL_API_TOKEN,    /* account: the Atlassian e-mail address */
    CREDENTIAL_APP_PASSWORD, /* account: the Bitbucket user name. Bitbucket has switched these off;
                                explained on 401 */
    CREDENTIAL_OAUTH_CLIENT, /* account: client id; secret: client secret */
} CredentialKind;

typedef struct {
    CredentialKind kind;
    const char *account;
    const char *secret;
} Credential;

const char *
credential_kind_name(CredentialKind kind); /* "repository-token" … for options and the store */
const char *credential_kind_title(CredentialKind kind); /* "repository access token" … for people */
gboolean credential_kind_from_name(const char *name, CredentialKind *ret_kind);

/* ---- budget
 * --------------------------------------------------------------------------------------------------------
 */

/* At most @capacity requests in any hour: the first half of them as fast as they come, the others
 * evenly spaced; each token comes back an hour after it was spent. Shared by all of a credential's
 * workers; its state is given out and taken back so that it survives a restart (what was spent then
 * counts as spent evenly over the hour before). */
typedef struct {
    gint64 capacity;      /* requests per hour; replaced by X-RateLimit-Limit when seen. 0: no limit
                             (measurements only) */
    double available;     /* now */
    UtcTime as_of;        /* local clock */
    UtcTime paused_until; /* TIME_ABSENT: not paused */
    gint64 spent;         /* requests sent, ever */
} BudgetState;

#define BUDGET_DEFAULT_CAPACITY 1000

/* ---- client
 * --------------------------------------------------------------------------------------------------------
 */

typedef struct BitbucketClient BitbucketClient;

typedef struct {
    const char *api_base; /* "https://api.bitbucket.org/2.0"; plain http only to loopback */
    Credential credential;
    BudgetState budget; /* capacity 0 and as_of TIME_ABSENT: BUDGET_DEFAULT_CAPACITY, full */
    gboolean unlimited; /* ignore the budget (benchmarks) */
    guint connect_timeout_ms, request_timeout_ms; /* 0: 10 s, 60 s */
    guint retries;    /* of a transient failure, with back-off; G_MAXUINT: the default, 4 */
    guint backoff_ms; /* first pause, doubled each time, with jitter; 0: 500 */
    guint max_rate_limit_wait_s; /* longest wait a fetch sits out before RATE_LIMITED; 0: 3700,
                                    the hour that Bitbucket counts and a little */
} BitbucketClientConfig;

/* Copies everything it needs. Fails with INVALID for an unacceptable base address or credential. */
BitbucketClient *bitbucket_client_new(const BitbucketClientConfig *config,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the I/O thread; no fetch may be under way. */
void bitbucket_client_free(BitbucketClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BitbucketClient, bitbucket_client_free)

/* Makes every fetch under way, and every later one, fail with CANCELLED. From any thread, not from
 * a signal handler. */
void bitbucket_client_cancel(BitbucketClient *client);

void bitbucket_client_budget(BitbucketClient *client, BudgetState *ret_state);

/* User name and secret that git sends over HTTPS for the same credential (API-FACTS 7). For an
 * OAuth client the secret is an access token of now, which lasts an hour or so. Wipe *@ret_secret
 * and free it with g_free; *@ret_user is the client's. */
gboolean bitbucket_client_git_login(BitbucketClient *client, const char **ret_user,
                                    char **ret_secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 requests, retries, rate_limited, failed; /* counts since the client was made */
    gint64 bytes_received;
    UtcTime server_time; /* of the newest answer's Date header; TIME_ABSENT before the first */
} BitbucketTraffic;
void bitbucket_client_traffic(BitbucketClient *client, BitbucketTraffic *ret_traffic);

/* ---- the credential check
 * ------------------------------------------------------------------------------------------ */

typedef struct {
    gboolean works;
    char *identity; /* "Ana Roy", "repository access token 'ci-token'", NULL when Bitbucket does not
                       tell */
    char *credential_type; /* x-credential-type as seen, or NULL */
    GStrv scopes_present;  /* names as Bitbucket gave them; NULL: not told */
    GStrv scopes_missing;  /* needed and absent; learnt from headers or from 403 bodies */
    GStrv scopes_unneeded; /* more than the product uses: least privilege */
    gint64
        repositories; /* that it can see in the workspace, COUNT_ABSENT when not asked; at least */
    gint64 days_to_expiry; /* from the date given by the administrator; COUNT_ABSENT: none given */
    GPtrArray *sentences;  /* char *: the outcome in words, most important first */
    guint reasons;         /* how many of them, from the first on, say why it does not work */
    PlumblineErrorCode code; /* why not, when !works */
} CredentialCheck;

/* Why it does not work and what to do, as one text for an error. Free with g_free. */
char *credential_check_why(const CredentialCheck *check);

/* API-FACTS 1.7. @workspace or @repository ("workspace/slug") may be NULL, not both for access
 * tokens. @expires: what the administrator entered, or TIME_ABSENT. FALSE only when the check
 * itself could not be made (network, cancelled). */
gboolean bitbucket_check_credential(BitbucketClient *client, const char *workspace,
                                    const char *repository, UtcTime expires,
                                    CredentialCheck **ret_check,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void credential_check_free(CredentialCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CredentialCheck, credential_check_free)

/* ---- pages of records
 * ---------------------------------------------------------------------------------------------- */

typedef struct {
    Arena *arena;
    const void *records; /* array of the record type that the fetch names */
    gsize n_records;
    const Quarantined *quarantined;
    gsize n_quarantined;
    gsize n_skipped;     /* empty or unknown entries that mean nothing to us */
    const char *next;    /* position for the next call; NULL: the end */
    gint64 total;        /* of the whole list; COUNT_ABSENT when not told */
    UtcTime server_time; /* Date header */
} RecordPage;
void record_page_free(RecordPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecordPage, record_page_free)

/* Typed view: RECORDS(page, PullRequest)[i]. */
#define RECORDS(page, Type) ((const Type *) (page)->records)

/* @position NULL: the first page; else a page's next (also one kept across restarts; checked
 * against the API base).
 * @repository is "workspace/slug" or "workspace/{uuid}"; "{workspace uuid}/{uuid}" works too. */

/* Workspace record (one). */
RecordPage *bitbucket_fetch_workspace(BitbucketClient *client, const char *workspace,
                                      GError **error);
/* Repository records of a workspace, oldest update first when @updated_from is given (TIME_ABSENT:
 * all). */
RecordPage *bitbucket_fetch_repositories(BitbucketClient *client, const char *workspace,
                                         UtcTime updated_from, const char *position,
                                         GError **error);
/* Repository record (one). */
RecordPage *bitbucket_fetch_repository(BitbucketClient *client, const char *repository,
                                       GError **error);

typedef struct {
    UtcTime updated_from;   /* inclusive; TIME_ABSENT: no bound */
    UtcTime updated_before; /* exclusive; TIME_ABSENT: no bound */
    gboolean only_open;
    gboolean unsorted; /* set after the server failed on sort (API-FACTS 4.3) */
    guint page_length; /* 0: as many as Bitbucket gives */
} PullRequestQuery;

/* PullRequest records with participants and reviewers, all states, newest update first unless
 * unsorted. When a sorted first page answers 5xx it is asked again unsorted and *@ret_unsorted is
 * set (may be NULL). */
RecordPage *bitbucket_fetch_pull_requests(BitbucketClient *client, const char *repository,
                                          const PullRequestQuery *query, const char *position,
                                          gboolean *ret_unsorted, GError **error);
/* PullRequest record (one). */
RecordPage *bitbucket_fetch_pull_request(BitbucketClient *client, const char *repository,
                                         gint64 number, GError **error);
/* PrEvent records, newest first. @number 0: the whole repository's feed. One activity entry may
 * give several events. */
RecordPage *bitbucket_fetch_activity(BitbucketClient *client, const char *repository, gint64 number,
                                     const char *position, GError **error);
/* PrEvent records of kind COMMENTED, with resolution and deletion as they are now. */
RecordPage *bitbucket_fetch_comments(BitbucketClient *client, const char *repository, gint64 number,
                                     const char *position, GError **error);
/* Commit records (from_api) of a pull request. */
RecordPage *bitbucket_fetch_pull_request_commits(BitbucketClient *client, const char *repository,
                                                 gint64 number, const char *position,
                                                 GError **error);
/* Commit records reachable from any of @include (at most 100, full or abbreviated hashes) and from
 * none of @exclude. NOT_FOUND lists the unknown hashes in *@ret_unknown (may be NULL; GStrv to
 * free). */
RecordPage *bitbucket_fetch_commits(BitbucketClient *client, const char *repository,
                                    const char *const *include, const char *const *exclude,
                                    const char *position, GStrv *ret_unknown, GError **error);
/* FileChange records of the difference between the merge base and @source. Asks the repository's
 * diffstat directly, which costs one request where the pull request's own address costs two.
 * NOT_COMPUTABLE for 400 and 555. */
RecordPage *bitbucket_fetch_diffstat(BitbucketClient *client, const char *repository,
                                     const char *source_hash, const char *destination_hash,
                                     const char *position, GError **error);
/* BuildStatus records of the commits of a pull request, oldest first. */
RecordPage *bitbucket_fetch_builds(BitbucketClient *client, const char *repository, gint64 number,
                                   const char *position, GError **error);
/* PrTask records of a pull request. Pending ones are skipped. */
RecordPage *bitbucket_fetch_tasks(BitbucketClient *client, const char *repository, gint64 number,
                                  const char *position, GError **error);
/* Pipeline records, newest first (@branch NULL: of all branches); Environment records; Deployment
 * records, newest first in practice. They need the scope "pipeline" (read:pipeline:bitbucket):
 * SCOPE_MISSING or FORBIDDEN without. NOT_FOUND where a repository has none of it. */
RecordPage *bitbucket_fetch_pipelines(BitbucketClient *client, const char *repository,
                                      const char *branch, const char *position, GError **error);
RecordPage *bitbucket_fetch_environments(BitbucketClient *client, const char *repository,
                                         const char *position, GError **error);
RecordPage *bitbucket_fetch_deployments(BitbucketClient *client, const char *repository,
                                        const char *position, GError **error);

/* ---- decoding alone: for tests, fuzzing, webhooks and recorded bodies
 * ------------------------------------------------ */

typedef enum {
    DECODE_REPOSITORY,
    DECODE_REPOSITORY_LIST,
    DECODE_WORKSPACE,
    DECODE_PULL_REQUEST,
    DECODE_PULL_REQUEST_LIST,
    DECODE_ACTIVITY_LIST,
    DECODE_COMMENT_LIST,
    DECODE_COMMIT_LIST,
    DECODE_DIFFSTAT_LIST,
    DECODE_BUILD_LIST,
    DECODE_TASK_LIST,
    DECODE_PIPELINE_LIST,
    DECODE_ENVIRONMENT_LIST,
    DECODE_DEPLOYMENT_LIST,
    DECODE_ERROR_BODY,
    DECODE_WEBHOOK,
} DecodeKind;

/* Decodes one body as the fetch functions do. For DECODE_WEBHOOK the records are PrEvent, and
 * @event_key is X-Event-Key (NULL: told from the shape); other kinds ignore it. For
 * DECODE_ERROR_BODY the one record is a const char *: what the error says, in a line. A next is
 * given as the body has it, unchecked. Fails with BODY_FOREIGN, BODY_TRUNCATED, BODY_SHAPE or
 * LIMIT. */
RecordPage *bitbucket_decode(DecodeKind kind, const char *body, gsize length, const char *event_key,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
