/*
 * The engine: made for one connection, runs once over all its repositories.
 */
#include "sync/engine.h"

/* Requests that a run may spend on what can wait, as a share of an hour's allowance. */
#define OPTIONAL_SHARE 4

/* ---- making */

static StoreConnection *find_connection(Store *store, gint64 workspace_id, gint64 connection_id,
                                        GError **error)
{
    g_autoptr(GPtrArray) connections = store_list_connections(store, error);
    if (connections == NULL)
        return NULL;
    for (guint i = 0; i < connections->len; i++) {
        StoreConnection *connection = connections->pdata[i];
        if (connection->workspace_id == workspace_id && connection->connection_id == connection_id)
            return g_ptr_array_steal_index(connections, i);
    }
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                        "There is no such connection; make it with \"plumbline connect\".");
    return NULL;
}

static BudgetState restore_budget(Store *store, const SyncConfig *config)
{
    StoreBudget kept = {0};
    gboolean found = FALSE;
    BudgetState state = {.as_of = TIME_ABSENT, .paused_until = TIME_ABSENT};
    if (store_get_budget(store, config->workspace_id, config->connection_id, &kept, &found, NULL) &&
        found)
        state = (BudgetState){.capacity = kept.capacity,
                              .available = kept.available,
                              .as_of = kept.as_of,
                              .paused_until = kept.paused_until,
                              .spent = kept.spent};
    return state;
}

static BitbucketClient *make_client(SyncEngine *engine, GError **error)
{
    BitbucketClientConfig config = {
        .api_base = engine->connection->api_base,
        .credential = {engine->kind, engine->connection->account,
                       (const char *) engine->secret.data},
        .budget = restore_budget(engine->store, &engine->config),
        .unlimited = engine->config.unlimited,
        .retries = G_MAXUINT,
    };
    return bitbucket_client_new(&config, error);
}

static gboolean open_engine(SyncEngine *engine, GError **error)
{
    CredentialKind kind;
    engine->connection =
        find_connection(engine->store, engine->workspace_id, engine->connection_id, error);
    if (engine->connection == NULL)
        return FALSE;
    if (!credential_kind_from_name(engine->connection->kind, &kind)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE,
                    "The connection %s has a kind of credential that is not known: %s.",
                    engine->connection->name, engine->connection->kind);
        return FALSE;
    }
    if (!store_open_secret(engine->store, engine->workspace_id, engine->connection_id,
                           &engine->secret, error))
        return FALSE;
    engine->kind = kind;
    engine->client = make_client(engine, error);
    return engine->client != NULL;
}

SyncEngine *sync_engine_new(const SyncConfig *config, GError **error)
{
    SyncEngine *engine = g_new0(SyncEngine, 1);
    engine->config = *config;
    engine->store = config->store;
    engine->workspace_id = config->workspace_id;
    engine->connection_id = config->connection_id;
    engine->mirror_folder = g_strdup(config->mirror_folder);
    engine->only_repository = g_strdup(config->only_repository);
    engine->repositories = g_ptr_array_new_with_free_func((GDestroyNotify) sync_repository_free);
    engine->mirrors = g_ptr_array_new();
    engine->now = TIME_ABSENT;
    buffer_init(&engine->secret, LIMIT_SECRET);
    g_mutex_init(&engine->lock);
    g_mutex_init(&engine->progress_lock);
    g_cond_init(&engine->changed);
    if (!open_engine(engine, error)) {
        sync_engine_free(engine);
        return NULL;
    }
    return engine;
}

void sync_engine_free(SyncEngine *engine)
{
    if (engine == NULL)
        return;
    g_ptr_array_unref(engine->mirrors);
    g_ptr_array_unref(engine->repositories);
    store_policy_book_free(engine->policies);
    bitbucket_client_free(engine->client);
    store_connection_free(engine->connection);
    buffer_wipe(&engine->secret);
    g_clear_error(&engine->fatal);
    g_mutex_clear(&engine->lock);
    g_mutex_clear(&engine->progress_lock);
    g_cond_clear(&engine->changed);
    g_free(engine->mirror_folder);
    g_free(engine->only_repository);
    g_free(engine);
}

/* ---- shared */

void sync_engine_stop(SyncEngine *engine)
{
    bitbucket_client_cancel(engine->client);
    g_mutex_lock(&engine->lock);
    for (guint i = 0; i < engine->mirrors->len; i++)
        git_mirror_cancel(engine->mirrors->pdata[i]);
    g_cond_broadcast(&engine->changed);
    g_mutex_unlock(&engine->lock);
}

void sync_engine_cancel(SyncEngine *engine)
{
    g_atomic_int_set(&engine->cancelled, 1);
    sync_engine_stop(engine);
}

gboolean sync_check_cancelled(SyncEngine *engine, GError **error)
{
    g_mutex_lock(&engine->lock);
    gboolean over = engine->fatal != NULL || g_atomic_int_get(&engine->cancelled);
    g_mutex_unlock(&engine->lock);
    if (over)
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CANCELLED,
                            error_sentence(PLUMBLINE_ERROR_CANCELLED));
    return !over;
}

gboolean sync_take_optional(SyncRepository *repository)
{
    SyncEngine *engine = repository->engine;
    g_mutex_lock(&engine->lock);
    gboolean taken = engine->config.unlimited || engine->optional_left > 0;
    if (taken && !engine->config.unlimited)
        engine->optional_left--;
    if (!taken)
        repository->owes = TRUE;
    g_mutex_unlock(&engine->lock);
    return taken;
}

void sync_count(SyncEngine *engine, gint64 *counter, gint64 amount)
{
    g_mutex_lock(&engine->lock);
    *counter += amount;
    g_mutex_unlock(&engine->lock);
}

/* ---- one run */

static gboolean is_wanted(SyncEngine *engine, const StoreRepository *row)
{
    if (row->connection_id != 0 && row->connection_id != engine->connection_id)
        return FALSE;
    if (engine->only_repository != NULL)
        return g_ascii_strcasecmp(row->full_name, engine->only_repository) == 0;
    return row->is_selected;
}

static guint known_problems(SyncRepository *repository, const GPtrArray *problems)
{
    guint bits = 0;
    for (guint i = 0; i < problems->len; i++) {
        const StoreProblem *problem = problems->pdata[i];
        for (guint stage = 0; problem->repository_id == repository->id && stage < SYNC_STAGE_COUNT;
             stage++)
            if (g_strcmp0(problem->stage, sync_stage_name(stage)) == 0)
                bits |= 1u << stage;
    }
    return bits;
}

/* Forbidden and vanished ones are asked for once; they come back by themselves. */
static void check_state(SyncRepository *repository)
{
    if (g_strcmp0(repository->row->state, "active") == 0 || sync_probe_repository(repository))
        return;
    repository->plan.stopped = TRUE;
    repository->is_settled = TRUE;
    repository->failed = TRUE;
    repository->estimate.is_finished = TRUE;
}

static gboolean load_repositories(SyncEngine *engine, GError **error)
{
    g_autoptr(GPtrArray) rows =
        store_list_repositories(engine->store, engine->workspace_id, FALSE, error);
    g_autoptr(GPtrArray) problems = store_list_problems(engine->store, engine->workspace_id, error);
    if (rows == NULL || problems == NULL)
        return FALSE;
    store_policy_book_free(engine->policies);
    engine->policies = store_load_policies(engine->store, engine->workspace_id, error);
    if (engine->policies == NULL)
        return FALSE;
    g_ptr_array_set_size(engine->repositories, 0);
    for (guint i = 0; i < rows->len; i++) {
        StoreRepository *row = rows->pdata[i];
        if (!is_wanted(engine, row))
            continue;
        rows->pdata[i] = NULL; /* moves to the repository */
        SyncRepository *repository = sync_repository_new(engine, row, error);
        if (repository == NULL)
            return FALSE;
        repository->problems = known_problems(repository, problems);
        g_ptr_array_add(engine->repositories, repository);
    }
    if (engine->repositories->len == 0 && engine->only_repository != NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "The repository %s is not among those that this connection sees.",
                    engine->only_repository);
        return FALSE;
    }
    return TRUE;
}

/* The listing's failure costs the idle gate, not the run; unless it is the credential. */
static gboolean list_repositories(SyncEngine *engine, GError **error)
{
    GError *failure = NULL;
    sync_report(engine, NULL, SYNC_STAGE_REPOSITORIES, 0, COUNT_ABSENT, NULL);
    if (sync_refresh_repositories(engine, &failure)) {
        sync_clear_problem(engine, NULL, SYNC_STAGE_REPOSITORIES);
        return TRUE;
    }
    if (!error_is(failure, PLUMBLINE_ERROR_CANCELLED))
        sync_keep_problem(engine, NULL, SYNC_STAGE_REPOSITORIES, failure);
    if (error_is(failure, PLUMBLINE_ERROR_CANCELLED) || error_is(failure, PLUMBLINE_ERROR_STORE) ||
        error_is(failure, PLUMBLINE_ERROR_CREDENTIAL_REJECTED)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_clear_error(&failure);
    return TRUE;
}

static gboolean prepare(SyncEngine *engine, GError **error)
{
    BudgetState budget;
    BitbucketTraffic traffic;
    if (!list_repositories(engine, error))
        return FALSE;
    bitbucket_client_traffic(engine->client, &traffic);
    engine->now =
        traffic.server_time != TIME_ABSENT ? traffic.server_time : engine->connection->server_time;
    bitbucket_client_budget(engine->client, &budget);
    engine->optional_left = MAX(budget.capacity, BUDGET_DEFAULT_CAPACITY) / OPTIONAL_SHARE;
    if (!load_repositories(engine, error) || !sync_begin_readings(engine, error))
        return FALSE;
    for (guint i = 0; i < engine->repositories->len; i++)
        check_state(engine->repositories->pdata[i]);
    return TRUE;
}

/* Another connection may lack what its own repositories need. */
static gboolean is_about_this_connection(const SyncEngine *engine, const StoreProblem *problem)
{
    gboolean is_ours = problem->repository_id == 0;
    for (guint i = 0; !is_ours && i < engine->repositories->len; i++) {
        const SyncRepository *repository = engine->repositories->pdata[i];
        is_ours = repository->id == problem->repository_id;
    }
    return is_ours && !problem->is_note;
}

/* What the connection says of itself after the run. */
static gboolean keep_connection(SyncEngine *engine, const GError *failure, GError **error)
{
    StoreConnection *connection = engine->connection;
    BitbucketTraffic traffic;
    bitbucket_client_traffic(engine->client, &traffic);
    if (traffic.server_time != TIME_ABSENT)
        connection->server_time = traffic.server_time;
    g_clear_pointer(&connection->state_reason, g_free);
    g_free(connection->state);
    if (failure != NULL && error_is(failure, PLUMBLINE_ERROR_CREDENTIAL_REJECTED)) {
        connection->state = g_strdup("rejected");
        connection->state_reason = log_redact(failure->message);
    } else {
        connection->state = g_strdup("ok");
        g_autoptr(GPtrArray) problems =
            store_list_problems(engine->store, engine->workspace_id, error);
        for (guint i = 0; problems != NULL && i < problems->len; i++) {
            StoreProblem *problem = problems->pdata[i];
            if (g_strcmp0(problem->code, error_name(PLUMBLINE_ERROR_SCOPE_MISSING)) != 0 ||
                !is_about_this_connection(engine, problem))
                continue;
            g_free(connection->state);
            g_free(connection->state_reason);
            connection->state = g_strdup("lacking");
            connection->state_reason = g_strdup(problem->sentence);
        }
    }
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL && store_put_connection(tx, connection, NULL, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static void fill_summary(SyncEngine *engine)
{
    SyncSummary *summary = &engine->summary;
    BitbucketTraffic traffic;
    bitbucket_client_traffic(engine->client, &traffic);
    summary->repositories = engine->repositories->len;
    summary->complete = TRUE;
    for (guint i = 0; i < engine->repositories->len; i++) {
        const SyncRepository *repository = engine->repositories->pdata[i];
        summary->repositories_failed += repository->failed;
        summary->repositories_quiet += !repository->failed && !repository->active;
        if (repository->failed || !repository->is_settled)
            summary->complete = FALSE;
    }
    summary->requests = traffic.requests - engine->before.requests;
    summary->retries = traffic.retries - engine->before.retries;
    summary->rate_limited = traffic.rate_limited - engine->before.rate_limited;
    summary->took = g_get_monotonic_time() - engine->started;
    summary->server_time = traffic.server_time;
}

static gboolean run(SyncEngine *engine, GError **error)
{
    if (!prepare(engine, error))
        return FALSE;
    sync_run_steps(engine);
    if (engine->fatal != NULL) {
        g_propagate_error(error, g_steal_pointer(&engine->fatal));
        return FALSE;
    }
    return sync_check_cancelled(engine, error);
}

static gboolean renew_client(SyncEngine *engine, GError **error)
{
    BitbucketClient *client = make_client(engine, error);
    if (client == NULL)
        return FALSE;
    bitbucket_client_free(engine->client);
    engine->client = client;
    engine->is_stopped = FALSE;
    return TRUE;
}

gboolean sync_engine_run(SyncEngine *engine, SyncSummary *ret_summary, GError **error)
{
    GError *failure = NULL;
    /* A run that ended early stopped its client. */
    if (engine->is_stopped && !renew_client(engine, error)) {
        *ret_summary = (SyncSummary){0};
        return FALSE;
    }
    engine->started = g_get_monotonic_time();
    engine->summary = (SyncSummary){0};
    engine->overall = 0;
    engine->running = 0;
    g_ptr_array_set_size(engine->mirrors, 0);
    g_ptr_array_set_size(engine->repositories, 0);
    bitbucket_client_traffic(engine->client, &engine->before);
    gboolean ok = run(engine, &failure);
    fill_summary(engine);
    *ret_summary = engine->summary;
    /* Kept also after a failure, which then is the one to be told. */
    ok = sync_keep_budget(engine, failure == NULL ? &failure : NULL) && ok;
    ok = keep_connection(engine, failure, failure == NULL ? &failure : NULL) && ok;
    g_mutex_lock(&engine->lock);
    g_ptr_array_set_size(engine->mirrors, 0); /* freed with their repositories */
    g_mutex_unlock(&engine->lock);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return ok;
}
