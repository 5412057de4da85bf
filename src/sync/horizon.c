/*
 * How far back a connection reads, and what that would cost.
 *
 * Bitbucket tells with the first page of a list how long the list is: one short request for each
 * repository and horizon. Where there are many repositories those that moved last are asked, and
 * the others are taken to be like them.
 */
#include "sync/estimate.h"
#include "sync/sync.h"

#define ASKED_MOST 8 /* repositories */

/* Requests for what the lists do not tell: builds and tasks of a pull request of the last 90 days;
 * size and commits of any where git does not tell them. */
#define DETAILS_PER_RECENT_PULL 1.3
#define SIZES_PER_PULL          1.05

UtcTime sync_horizon(const StoreConnection *connection, gint64 days_otherwise, UtcTime now)
{
    gint64 days =
        connection->history_days != COUNT_ABSENT ? connection->history_days : days_otherwise;
    return days > 0 ? now - days * TIME_DAY : TIME_ABSENT;
}

/* ---- whom to ask */

static int compare_updates(gconstpointer a, gconstpointer b)
{
    const StoreRepository *one = *(const StoreRepository *const *) a;
    const StoreRepository *other = *(const StoreRepository *const *) b;
    if (one->updated != other->updated)
        return one->updated > other->updated ? -1 : 1;
    return g_strcmp0(one->full_name, other->full_name);
}

/* The selected ones that the connection reads, those that moved last in front. */
static GPtrArray *list_repositories(Store *store, const StoreConnection *connection, GError **error)
{
    GPtrArray *rows = store_list_repositories(store, connection->workspace_id, TRUE, error);
    for (guint i = rows != NULL ? rows->len : 0; i > 0; i--) {
        const StoreRepository *row = rows->pdata[i - 1];
        if (row->connection_id != connection->connection_id)
            g_ptr_array_remove_index(rows, i - 1);
    }
    if (rows != NULL)
        g_ptr_array_sort(rows, compare_updates);
    return rows;
}

static BitbucketClient *open_client(Store *store, const StoreConnection *connection,
                                    const StoreBudget *budget, guint patience_s, Buffer *secret,
                                    GError **error)
{
    CredentialKind kind;
    if (!credential_kind_from_name(connection->kind, &kind)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE,
                    "The connection %s has a kind of credential that is not known: %s.",
                    connection->name, connection->kind);
        return NULL;
    }
    if (!store_open_secret(store, connection->workspace_id, connection->connection_id, secret,
                           error))
        return NULL;
    const BitbucketClientConfig config = {
        .api_base = connection->api_base,
        .credential = {kind, connection->account, (const char *) secret->data},
        .budget = {.capacity = budget->capacity,
                   .available = budget->available,
                   .as_of = budget->as_of,
                   .paused_until = budget->paused_until,
                   .spent = budget->spent},
        .retries = 1,
        .max_rate_limit_wait_s = patience_s,
    };
    return bitbucket_client_new(&config, error);
}

/* ---- asking */

typedef struct {
    BitbucketClient *client;
    guint requests;
} Asking;

static gboolean count_pulls(Asking *asking, const StoreRepository *repository, UtcTime from,
                            gint64 *ret_pulls, GError **error)
{
    const PullRequestQuery query = {
        .updated_from = from, .updated_before = TIME_ABSENT, .page_length = 1};
    g_autoptr(RecordPage) page = bitbucket_fetch_pull_requests(
        asking->client, repository->full_name, &query, NULL, NULL, error);
    asking->requests++;
    if (page == NULL)
        return FALSE;
    if (page->total == COUNT_ABSENT) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "Bitbucket does not tell how many pull requests %s has.",
                    repository->full_name);
        return FALSE;
    }
    *ret_pulls = page->total;
    return TRUE;
}

static gboolean ask_all(Asking *asking, const GPtrArray *repositories, guint n_asked, UtcTime now,
                        SyncHorizons *horizons, GError **error)
{
    for (guint i = 0; i < SYNC_HORIZONS; i++) {
        gint64 days = horizons->choices[i].days, pulls = 0;
        for (guint k = 0; k < n_asked; k++) {
            gint64 here = 0;
            if (!count_pulls(asking, repositories->pdata[k],
                             days > 0 ? now - days * TIME_DAY : TIME_ABSENT, &here, error))
                return FALSE;
            pulls += here;
        }
        horizons->choices[i].pull_requests =
            n_asked > 0 ? pulls * (gint64) repositories->len / n_asked : 0;
    }
    return TRUE;
}

static EstimateRepository whole_of(const SyncHorizons *horizons, guint choice)
{
    gint64 pulls = horizons->choices[choice].pull_requests;
    double details = DETAILS_PER_RECENT_PULL * (double) horizons->choices[0].pull_requests;
    if (!horizons->has_git)
        details += SIZES_PER_PULL * (double) pulls;
    return (EstimateRepository){
        .pulls_total = pulls, .details_total = (gint64) details, .feed_reach = -1};
}

/* @per_second: of the requests just sent. */
static void estimate(SyncHorizons *horizons, const StoreBudget *budget, double per_second)
{
    const EstimatePace pace = {
        .available = budget->available, .capacity = budget->capacity, .per_second = per_second};
    for (guint i = 0; i < SYNC_HORIZONS; i++) {
        const EstimateRepository whole = whole_of(horizons, i);
        EstimateWork work = estimate_work(&whole, 1);
        /* However little there is, each repository's lists are asked for. */
        work.requests_left = MAX(work.requests_left, 2.0 * (double) horizons->repositories);
        work.left = MAX(work.left, work.requests_left);
        horizons->choices[i].requests = (gint64) (work.requests_left + 0.5);
        horizons->choices[i].seconds = estimate_seconds(work, pace);
    }
}

/* What was asked counts for the first reading. One under way keeps the account itself. */
static gboolean keep_budget(Store *store, const StoreConnection *connection,
                            const StoreBudget *budget, GError **error)
{
    if (connection->setup_step == NULL)
        return TRUE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL &&
           store_put_budget(tx, connection->workspace_id, connection->connection_id, budget,
                            error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static StoreBudget budget_of(BitbucketClient *client)
{
    BudgetState state;
    bitbucket_client_budget(client, &state);
    return (StoreBudget){.capacity = state.capacity,
                         .available = state.available,
                         .as_of = state.as_of,
                         .paused_until = state.paused_until,
                         .spent = state.spent};
}

gboolean sync_estimate_horizons(Store *store, const StoreConnection *connection, gboolean has_git,
                                guint patience_s, SyncHorizons *ret_horizons, GError **error)
{
    static const gint64 DAYS[SYNC_HORIZONS] = {90, 365, 730, 0};
    SyncHorizons horizons = {.has_git = has_git};
    StoreBudget budget = {.as_of = TIME_ABSENT, .paused_until = TIME_ABSENT};
    gboolean is_found = FALSE;
    Buffer secret;
    g_autoptr(GPtrArray) repositories = list_repositories(store, connection, error);
    if (repositories == NULL ||
        !store_get_budget(store, connection->workspace_id, connection->connection_id, &budget,
                          &is_found, error))
        return FALSE;
    for (guint i = 0; i < SYNC_HORIZONS; i++)
        horizons.choices[i].days = DAYS[i];
    horizons.repositories = repositories->len;
    horizons.asked = MIN(repositories->len, ASKED_MOST);
    buffer_init(&secret, LIMIT_SECRET);
    Asking asking = {.client = open_client(store, connection, &budget, patience_s, &secret, error)};
    UtcTime now = connection->server_time != TIME_ABSENT ? connection->server_time : time_now();
    gint64 began = g_get_monotonic_time();
    gboolean done = asking.client != NULL &&
                    ask_all(&asking, repositories, (guint) horizons.asked, now, &horizons, error);
    if (done) {
        double took = (double) MAX(g_get_monotonic_time() - began, 1) / TIME_SECOND;
        budget = budget_of(asking.client);
        estimate(&horizons, &budget, asking.requests / took);
        done = keep_budget(store, connection, &budget, error);
    }
    bitbucket_client_free(asking.client);
    buffer_wipe(&secret);
    if (done)
        *ret_horizons = horizons;
    return done;
}
