/*
 * Workers and the steps they take. All state is under the engine's lock; a step itself runs without
 * it.
 */
#include "sync/engine.h"

#define CATCH_UP_AFTER   (10 * TIME_MINUTE) /* of the server's time, between start and end */
#define COORDINATOR_TICK (1 * G_TIME_SPAN_SECOND)
#define STOPPING_TICK    (100 * G_TIME_SPAN_MILLISECOND)

typedef struct {
    SyncEngine *engine;
    gboolean prefers_git;
} Worker;

typedef gboolean (*StepFunction)(SyncRepository *repository, GError **error);
static const StepFunction STEPS[STEP_COUNT] = {
    [STEP_PULL_REQUESTS] = sync_step_pull_requests,
    [STEP_ACTIVITY] = sync_step_activity,
    [STEP_GIT] = sync_step_git,
    [STEP_RANGES] = sync_step_ranges,
    [STEP_HISTORY_PULL_REQUESTS] = sync_step_history_pull_requests,
    [STEP_HISTORY_ACTIVITY] = sync_step_history_activity,
    [STEP_HISTORY_RANGES] = sync_step_ranges,
    [STEP_DETAILS] = sync_step_details,
};

/* ---- under the lock */

static gboolean is_over(SyncEngine *engine)
{
    if (engine->fatal != NULL || g_atomic_int_get(&engine->cancelled))
        return TRUE;
    for (guint i = 0; i < engine->repositories->len; i++)
        if (!((SyncRepository *) engine->repositories->pdata[i])->is_settled)
            return FALSE;
    return TRUE;
}

static gboolean take_step(SyncEngine *engine, gboolean prefers_git, SyncRepository **ret_repository,
                          SyncStep *ret_step)
{
    guint n = engine->repositories->len;
    g_autofree const PlanState **states = g_new(const PlanState *, n + 1);
    for (guint i = 0; i < n; i++)
        states[i] = &((SyncRepository *) engine->repositories->pdata[i])->plan;
    gsize index;
    if (!plan_pick(states, n, prefers_git, &index, ret_step))
        return FALSE;
    *ret_repository = engine->repositories->pdata[index];
    (*ret_repository)->plan.running |= STEP_BIT(*ret_step);
    engine->running++;
    return TRUE;
}

static void end_lane(SyncRepository *repository)
{
    for (guint step = 0; step < STEP_COUNT; step++)
        if (!plan_is_git(step))
            repository->plan.ended |= STEP_BIT(step);
}

static void apply_verdict(SyncRepository *repository, FaultVerdict verdict, const GError *failure)
{
    SyncEngine *engine = repository->engine;
    repository->owes = TRUE;
    if (verdict == FAULT_NOTED)
        return;
    repository->failed = TRUE;
    if (verdict == FAULT_LANE_ENDS)
        end_lane(repository);
    if (verdict == FAULT_REPOSITORY_ENDS)
        repository->plan.stopped = TRUE;
    if (verdict == FAULT_RUN_ENDS && engine->fatal == NULL)
        engine->fatal = g_error_copy(failure);
}

/* The head moved while an earlier run, or a long one, walked down: a cycle brings what was missed.
 */
static gboolean wants_catch_up(SyncRepository *repository, UtcTime server_now)
{
    if (repository->plan.kind != PLAN_FIRST || repository->failed || repository->plan.stopped)
        return FALSE;
    UtcTime began = repository->engine->now;
    return repository->resumed || (server_now != TIME_ABSENT && began != TIME_ABSENT &&
                                   server_now - began > CATCH_UP_AFTER);
}

/* TRUE when the caller has to settle the repository. */
static gboolean end_step(SyncRepository *repository, SyncStep step, UtcTime server_now)
{
    repository->plan.running &= ~STEP_BIT(step);
    repository->plan.ended |= STEP_BIT(step);
    if (!plan_is_finished(&repository->plan) || repository->is_settled)
        return FALSE;
    if (wants_catch_up(repository, server_now)) {
        repository->plan = (PlanState){.kind = PLAN_CYCLE};
        repository->active = TRUE;
        repository->nightly = repository->weekly = FALSE; /* everything was just read */
        return FALSE;
    }
    repository->is_settled = TRUE;
    repository->estimate.is_finished = TRUE;
    return TRUE;
}

/* ---- without it */

static void run_step(SyncRepository *repository, SyncStep step)
{
    SyncEngine *engine = repository->engine;
    for (guint attempt = 0;; attempt++) {
        g_autoptr(GError) failure = NULL;
        if (STEPS[step](repository, &failure)) {
            sync_clear_problem(engine, repository, plan_stage(step));
            return;
        }
        FaultVerdict verdict = sync_judge_fault(repository, step, failure);
        if (verdict == FAULT_TRY_AGAIN && attempt == 0)
            continue;
        g_mutex_lock(&engine->lock);
        apply_verdict(repository, verdict, failure);
        g_mutex_unlock(&engine->lock);
        return;
    }
}

static void settle(SyncRepository *repository)
{
    SyncEngine *engine = repository->engine;
    g_autoptr(GError) failure = NULL;
    if (!sync_end_reading(repository, &failure) || !sync_repository_settle(repository, &failure)) {
        g_mutex_lock(&engine->lock);
        apply_verdict(repository, FAULT_RUN_ENDS, failure);
        g_mutex_unlock(&engine->lock);
    }
    sync_report(engine, repository, SYNC_STAGE_DETAILS, 1, 1, NULL);
}

static gpointer work(gpointer data)
{
    Worker *worker = data;
    SyncEngine *engine = worker->engine;
    g_mutex_lock(&engine->lock);
    while (!is_over(engine)) {
        SyncRepository *repository;
        SyncStep step;
        if (!take_step(engine, worker->prefers_git, &repository, &step)) {
            g_cond_wait(&engine->changed, &engine->lock);
            continue;
        }
        g_mutex_unlock(&engine->lock);
        run_step(repository, step);
        BitbucketTraffic traffic;
        bitbucket_client_traffic(engine->client, &traffic);
        g_mutex_lock(&engine->lock);
        if (end_step(repository, step, traffic.server_time)) {
            g_mutex_unlock(&engine->lock);
            settle(repository);
            g_mutex_lock(&engine->lock);
        }
        engine->running--;
        g_cond_broadcast(&engine->changed);
    }
    g_cond_broadcast(&engine->changed);
    g_mutex_unlock(&engine->lock);
    return NULL;
}

/* What the coordinator does each second; called without the lock. */
static void tick(SyncEngine *engine)
{
    g_autoptr(GError) error = NULL;
    if (!sync_keep_budget(engine, &error))
        log_event(LOG_LEVEL_WARNING, "sync: the budget could not be kept: %s", error->message);
    sync_report_waiting(engine);
}

static gboolean ends_early(SyncEngine *engine)
{
    return engine->fatal != NULL || g_atomic_int_get(&engine->cancelled);
}

static gboolean is_under_way(SyncEngine *engine)
{
    return !is_over(engine) || engine->running > 0;
}

static void coordinate(SyncEngine *engine)
{
    g_mutex_lock(&engine->lock);
    while (is_under_way(engine)) {
        gboolean early = ends_early(engine);
        gint64 until = g_get_monotonic_time() + (early ? STOPPING_TICK : COORDINATOR_TICK);
        while (is_under_way(engine) && ends_early(engine) == early &&
               g_cond_wait_until(&engine->changed, &engine->lock, until))
            ;
        early = ends_early(engine);
        g_mutex_unlock(&engine->lock);
        if (early) { /* again and again: git forgets it between two commands */
            engine->is_stopped = TRUE;
            sync_engine_stop(engine);
        }
        tick(engine);
        g_mutex_lock(&engine->lock);
    }
    g_mutex_unlock(&engine->lock);
}

void sync_run_steps(SyncEngine *engine)
{
    guint n = engine->config.workers > 0 ? engine->config.workers : 4;
    g_autofree Worker *workers = g_new0(Worker, n);
    g_autofree GThread **threads = g_new0(GThread *, n);
    for (guint i = 0; i < n; i++) {
        workers[i] = (Worker){.engine = engine, .prefers_git = i == n - 1 && n > 1};
        threads[i] = g_thread_new("sync", work, &workers[i]);
    }
    coordinate(engine);
    for (guint i = 0; i < n; i++)
        g_thread_join(threads[i]);
}
