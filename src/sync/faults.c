/*
 * Faults are normal events: each has a reaction, is kept in words, and costs no row.
 */
#include "sync/engine.h"

static gboolean ends_run(const GError *failure)
{
    if (failure->domain != PLUMBLINE_ERROR)
        return FALSE;
    switch (failure->code) {
    case PLUMBLINE_ERROR_CANCELLED:
    case PLUMBLINE_ERROR_STORE:
    case PLUMBLINE_ERROR_STORE_VERSION:
    case PLUMBLINE_ERROR_SEALED:
    case PLUMBLINE_ERROR_INTERNAL:
        return TRUE;
    default:
        return FALSE;
    }
}

static gboolean is_transient(const GError *failure)
{
    if (failure->domain != PLUMBLINE_ERROR)
        return FALSE;
    switch (failure->code) {
    case PLUMBLINE_ERROR_UNAVAILABLE:
    case PLUMBLINE_ERROR_NETWORK:
    case PLUMBLINE_ERROR_TIMEOUT:
    case PLUMBLINE_ERROR_RATE_LIMITED:
    case PLUMBLINE_ERROR_BODY_TRUNCATED:
    case PLUMBLINE_ERROR_BODY_FOREIGN:
        return TRUE;
    default:
        return FALSE;
    }
}

/* ---- problems in the store */

static UtcTime problem_time(SyncEngine *engine)
{
    BitbucketTraffic traffic;
    bitbucket_client_traffic(engine->client, &traffic);
    return traffic.server_time != TIME_ABSENT ? traffic.server_time : time_now();
}

static void warn(const char *what, const GError *error)
{
    log_event(LOG_LEVEL_WARNING, "sync: %s: %s", what,
              error != NULL ? error->message : "no reason given");
}

void sync_keep_problem(SyncEngine *engine, SyncRepository *repository, SyncStage stage,
                       const GError *failure)
{
    g_autoptr(GError) error = NULL;
    gint64 id = repository != NULL ? repository->id : 0;
    const char *code = failure->domain == PLUMBLINE_ERROR ? error_name(failure->code) : "internal";
    g_autofree char *sentence = log_redact(failure->message);
    g_autoptr(StoreTx) tx = store_begin(engine->store, &error);
    if (tx == NULL ||
        !store_put_problem(tx, engine->workspace_id, id, sync_stage_name(stage), code, sentence,
                           problem_time(engine), &error) ||
        !store_commit(g_steal_pointer(&tx), &error)) {
        warn("a problem could not be kept", error);
        return;
    }
    if (repository != NULL) {
        g_mutex_lock(&engine->lock);
        repository->problems |= 1u << stage;
        g_mutex_unlock(&engine->lock);
    }
}

void sync_clear_problem(SyncEngine *engine, SyncRepository *repository, SyncStage stage)
{
    if (repository != NULL) {
        g_mutex_lock(&engine->lock);
        gboolean has = (repository->problems & (1u << stage)) != 0;
        repository->problems &= ~(1u << stage);
        g_mutex_unlock(&engine->lock);
        if (!has)
            return;
    }
    g_autoptr(GError) error = NULL;
    gint64 id = repository != NULL ? repository->id : 0;
    g_autoptr(StoreTx) tx = store_begin(engine->store, &error);
    if (tx == NULL ||
        !store_clear_problems(tx, engine->workspace_id, id, sync_stage_name(stage), &error) ||
        !store_commit(g_steal_pointer(&tx), &error))
        warn("a problem could not be cleared", error);
}

/* ---- the second opinion */

static gboolean put_record(SyncRepository *repository, const RecordPage *page, const char *state,
                           GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    if (page != NULL &&
        !store_put_repositories(tx, engine->workspace_id, engine->connection_id,
                                RECORDS(page, Repository), page->n_records, &changes, error))
        return FALSE;
    return store_set_repository_state(tx, engine->workspace_id, repository->id, state, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static void keep_state(SyncRepository *repository, const RecordPage *page, const char *state)
{
    g_autoptr(GError) error = NULL;
    if (!put_record(repository, page, state, &error))
        warn("a repository's state could not be kept", error);
}

/* Asks for the repository itself, by what never changes. TRUE with @ret_renamed set: it answers. */
static gboolean ask_by_uuid(SyncRepository *repository, gboolean *ret_renamed, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_autofree char *address =
        g_strdup_printf("%s/%s", engine->connection->workspace_uuid, repository->row->uuid);
    g_autoptr(RecordPage) page = bitbucket_fetch_repository(engine->client, address, error);
    if (page == NULL)
        return FALSE;
    *ret_renamed = FALSE;
    if (page->n_records == 0)
        return TRUE;
    const Repository *record = RECORDS(page, Repository);
    keep_state(repository, page, "active");
    g_mutex_lock(&engine->lock);
    if (record->full_name != NULL && g_strcmp0(record->full_name, repository->address) != 0) {
        g_free(repository->address);
        repository->address = g_strdup(record->full_name);
        *ret_renamed = TRUE;
    }
    g_mutex_unlock(&engine->lock);
    return TRUE;
}

/* 403, 404 and 410 are about one object; which one, the repository itself tells. */
static FaultVerdict judge_object(SyncRepository *repository, const GError *failure)
{
    gboolean renamed = FALSE;
    g_autoptr(GError) opinion = NULL;
    if (ask_by_uuid(repository, &renamed, &opinion))
        return renamed ? FAULT_TRY_AGAIN : FAULT_STEP_ENDS;
    if (ends_run(opinion))
        return FAULT_RUN_ENDS;
    if (error_is(opinion, PLUMBLINE_ERROR_NOT_FOUND) || error_is(opinion, PLUMBLINE_ERROR_GONE)) {
        keep_state(repository, NULL, "vanished");
        return FAULT_REPOSITORY_ENDS;
    }
    if (error_is(opinion, PLUMBLINE_ERROR_FORBIDDEN) ||
        error_is(opinion, PLUMBLINE_ERROR_SCOPE_MISSING)) {
        keep_state(repository, NULL, "forbidden");
        return FAULT_REPOSITORY_ENDS;
    }
    return error_is(opinion, PLUMBLINE_ERROR_CREDENTIAL_REJECTED) ? FAULT_RUN_ENDS
                                                                  : FAULT_LANE_ENDS;
}

/* One endpoint was seen to answer 401 while the rest worked: the credential is condemned only when
 * the repository itself is refused too. */
static FaultVerdict judge_credential(SyncRepository *repository)
{
    gboolean renamed = FALSE;
    g_autoptr(GError) opinion = NULL;
    if (ask_by_uuid(repository, &renamed, &opinion))
        return FAULT_STEP_ENDS;
    if (error_is(opinion, PLUMBLINE_ERROR_CREDENTIAL_REJECTED) || ends_run(opinion))
        return FAULT_RUN_ENDS;
    return FAULT_LANE_ENDS;
}

static FaultVerdict judge(SyncRepository *repository, SyncStep step, const GError *failure)
{
    if (ends_run(failure))
        return FAULT_RUN_ENDS;
    if (plan_is_git(step))
        return FAULT_STEP_ENDS;
    if (error_is(failure, PLUMBLINE_ERROR_CREDENTIAL_REJECTED))
        return judge_credential(repository);
    if (error_is(failure, PLUMBLINE_ERROR_FORBIDDEN) ||
        error_is(failure, PLUMBLINE_ERROR_NOT_FOUND) || error_is(failure, PLUMBLINE_ERROR_GONE))
        return judge_object(repository, failure);
    if (error_is(failure, PLUMBLINE_ERROR_NOT_COMPUTABLE))
        return FAULT_NOTED;
    return is_transient(failure) ? FAULT_LANE_ENDS : FAULT_STEP_ENDS;
}

FaultVerdict sync_judge_fault(SyncRepository *repository, SyncStep step, const GError *failure)
{
    FaultVerdict verdict = judge(repository, step, failure);
    if (verdict == FAULT_TRY_AGAIN || error_is(failure, PLUMBLINE_ERROR_CANCELLED))
        return verdict;
    log_event(LOG_LEVEL_INFO, "sync: %s: %s: %s", repository->row->full_name,
              sync_stage_name(plan_stage(step)), failure->message);
    sync_keep_problem(repository->engine, repository, plan_stage(step), failure);
    return verdict;
}

gboolean sync_probe_repository(SyncRepository *repository)
{
    gboolean renamed = FALSE;
    g_autoptr(GError) opinion = NULL;
    if (ask_by_uuid(repository, &renamed, &opinion)) {
        sync_clear_problem(repository->engine, repository, SYNC_STAGE_REPOSITORIES);
        return TRUE;
    }
    sync_keep_problem(repository->engine, repository, SYNC_STAGE_REPOSITORIES, opinion);
    return FALSE;
}
