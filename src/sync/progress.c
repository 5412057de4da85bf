/*
 * What the caller hears while the run goes on, and the budget kept for the next one.
 */
#include "sync/engine.h"

#include <math.h>

static EstimateWork all_work(SyncEngine *engine)
{
    g_mutex_lock(&engine->lock);
    guint n = engine->repositories->len;
    g_autofree EstimateRepository *estimates = g_new(EstimateRepository, n + 1);
    for (guint i = 0; i < n; i++)
        estimates[i] = ((SyncRepository *) engine->repositories->pdata[i])->estimate;
    g_mutex_unlock(&engine->lock);
    return estimate_work(estimates, n);
}

/* Seconds until the bucket lets a request through; 0: at once. */
static double seconds_to_wait(const BudgetState *budget)
{
    double wait = 0;
    if (budget->paused_until != TIME_ABSENT)
        wait = (double) (budget->paused_until - time_now()) / (double) TIME_SECOND;
    if (budget->capacity > 0 && budget->available < 1)
        wait = MAX(wait, (1 - budget->available) * 3600.0 / (double) budget->capacity);
    return MAX(wait, 0);
}

static EstimatePace pace_now(SyncEngine *engine, gint64 requests)
{
    BudgetState budget;
    bitbucket_client_budget(engine->client, &budget);
    double elapsed = (double) (g_get_monotonic_time() - engine->started) / G_TIME_SPAN_SECOND;
    EstimatePace pace = {.available = budget.available,
                         .capacity = engine->config.unlimited ? 0 : budget.capacity,
                         .elapsed = elapsed,
                         .per_second = elapsed > 0 ? (double) requests / elapsed : 0};
    if (budget.paused_until != TIME_ABSENT)
        pace.paused = MAX((double) (budget.paused_until - time_now()) / (double) TIME_SECOND, 0);
    return pace;
}

void sync_report(SyncEngine *engine, SyncRepository *repository, SyncStage stage, gint64 done,
                 gint64 expected, const char *note)
{
    if (engine->config.progress == NULL)
        return;
    g_autofree char *name = repository != NULL ? sync_repository_address(repository) : NULL;
    BitbucketTraffic traffic;
    bitbucket_client_traffic(engine->client, &traffic);
    g_mutex_lock(&engine->progress_lock);
    EstimateWork work = all_work(engine);
    gint64 requests = traffic.requests - engine->before.requests;
    double overall = estimate_overall(work);
    /* What turns out to be more than was thought holds the bar, it does not move it back. */
    engine->overall = MAX(engine->overall, overall);
    SyncProgress progress = {.repository = name,
                             .stage = stage,
                             .done = done,
                             .expected = expected,
                             .overall = engine->overall,
                             .requests = requests,
                             .eta_seconds = estimate_seconds(work, pace_now(engine, requests)),
                             .note = note};
    engine->config.progress(&progress, engine->config.user_data);
    engine->last_stage = stage;
    g_mutex_unlock(&engine->progress_lock);
}

void sync_report_waiting(SyncEngine *engine)
{
    BudgetState budget;
    bitbucket_client_budget(engine->client, &budget);
    double wait = engine->config.unlimited && budget.paused_until == TIME_ABSENT
                      ? 0
                      : seconds_to_wait(&budget);
    if (wait < 1)
        return;
    g_autofree char *note = g_strdup_printf("waiting %.0f s for the request allowance", ceil(wait));
    g_mutex_lock(&engine->progress_lock);
    SyncStage stage = engine->last_stage;
    g_mutex_unlock(&engine->progress_lock);
    sync_report(engine, NULL, stage, 0, COUNT_ABSENT, note);
}

gboolean sync_keep_budget(SyncEngine *engine, GError **error)
{
    BudgetState state;
    bitbucket_client_budget(engine->client, &state);
    const BudgetState *kept = &engine->budget_kept;
    /* The pause of a 429 comes after its request was counted, and perhaps kept. */
    if (state.spent == kept->spent && state.paused_until == kept->paused_until &&
        state.capacity == kept->capacity)
        return TRUE;
    StoreBudget budget = {.capacity = state.capacity,
                          .available = state.available,
                          .as_of = state.as_of,
                          .paused_until = state.paused_until,
                          .spent = state.spent};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL ||
        !store_put_budget(tx, engine->workspace_id, engine->connection_id, &budget, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    engine->budget_kept = state;
    return TRUE;
}
