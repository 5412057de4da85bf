/*
 * What a credential may not read, though everything else goes well: it is noted once, for people to
 * see, and not asked for again before a week is over or the credential was changed.
 *
 * A missing scope concerns the whole connection, a right that is lacking one repository.
 */
#include "sync/engine.h"

/* Of notes; no stage of its own, so that a stage that goes well does not clear them. */
static const struct {
    const char *stage, *cursor, *what;
} SUBJECTS[REFUSAL_COUNT] = {
    [REFUSAL_DELIVERY] = {"delivery", "refused-delivery", "Deployments and pipelines"},
    [REFUSAL_BUILDS] = {"builds", "refused-builds", "Builds"},
    [REFUSAL_TASKS] = {"tasks", "refused-tasks", "Tasks of pull requests"},
};

/* Of the connection's own cursor; several connections may share a workspace. */
static char *cursor_name(const SyncEngine *engine, SyncRefusal subject)
{
    return g_strdup_printf("%s-%" G_GINT64_FORMAT, SUBJECTS[subject].cursor, engine->connection_id);
}

/* A credential that was put anew was checked anew. */
static char *credential_mark(const SyncEngine *engine)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, engine->connection->checked);
}

static gboolean is_standing(SyncEngine *engine, gint64 repository_id, SyncRefusal subject,
                            gboolean *ret_standing, GError **error)
{
    g_autofree char *name = cursor_name(engine, subject);
    g_autofree char *mark = credential_mark(engine);
    g_auto(StoreCursor) cursor = {0};
    if (!store_get_cursor(engine->store, engine->workspace_id, repository_id, name, &cursor, error))
        return FALSE;
    *ret_standing = sync_cursor_is(&cursor, CURSOR_STATE_RUNNING) &&
                    g_strcmp0(cursor.position, mark) == 0 &&
                    !plan_is_due(cursor.watermark, engine->now, PLAN_WEEKLY);
    return TRUE;
}

gboolean sync_may_ask(SyncRepository *repository, SyncRefusal subject, gboolean *ret_may,
                      GError **error)
{
    gboolean by_connection = FALSE, by_repository = FALSE;
    if (!is_standing(repository->engine, 0, subject, &by_connection, error) ||
        !is_standing(repository->engine, repository->id, subject, &by_repository, error))
        return FALSE;
    *ret_may = !by_connection && !by_repository;
    return TRUE;
}

gboolean sync_is_refusal(const GError *failure)
{
    return error_is(failure, PLUMBLINE_ERROR_SCOPE_MISSING) ||
           error_is(failure, PLUMBLINE_ERROR_FORBIDDEN);
}

/* A repository that may not be read at all is a fault, which its other lists tell. */
static char *sentence_of(const SyncRepository *repository, SyncRefusal subject,
                         const GError *failure)
{
    g_autofree char *reason = log_redact(failure->message);
    if (error_is(failure, PLUMBLINE_ERROR_SCOPE_MISSING))
        return g_strdup_printf("%s are not read: the credential lacks a scope. Everything else is. "
                               "%s",
                               SUBJECTS[subject].what, reason);
    return g_strdup_printf("%s of %s are not read. %s", SUBJECTS[subject].what,
                           repository->row->full_name, reason);
}

static gboolean count_note(SyncEngine *engine)
{
    sync_count(engine, &engine->summary.notes, 1);
    return TRUE;
}

gboolean sync_keep_refusal(SyncRepository *repository, SyncRefusal subject, const GError *failure,
                           GError **error)
{
    SyncEngine *engine = repository->engine;
    gboolean of_all = error_is(failure, PLUMBLINE_ERROR_SCOPE_MISSING);
    gint64 id = of_all ? 0 : repository->id;
    g_autofree char *name = cursor_name(engine, subject);
    g_autofree char *mark = credential_mark(engine);
    g_autofree char *sentence = sentence_of(repository, subject, failure);
    StoreCursor cursor = {.state = (char *) CURSOR_STATE_RUNNING,
                          .position = mark,
                          .watermark = engine->now,
                          .floor = TIME_ABSENT};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL && store_put_cursor(tx, engine->workspace_id, id, name, &cursor, error) &&
           store_put_note(tx, engine->workspace_id, id, SUBJECTS[subject].stage,
                          error_name(failure->code), sentence, engine->now, error) &&
           store_commit(g_steal_pointer(&tx), error) && count_note(engine);
}

static gboolean forget(SyncEngine *engine, gint64 repository_id, SyncRefusal subject,
                       GError **error)
{
    g_autofree char *name = cursor_name(engine, subject);
    g_auto(StoreCursor) cursor = {0};
    if (!store_get_cursor(engine->store, engine->workspace_id, repository_id, name, &cursor, error))
        return FALSE;
    if (!sync_cursor_is(&cursor, CURSOR_STATE_RUNNING))
        return TRUE;
    sync_cursor_set_state(&cursor, CURSOR_STATE_DONE);
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_put_cursor(tx, engine->workspace_id, repository_id, name, &cursor, error) &&
           store_clear_problems(tx, engine->workspace_id, repository_id, SUBJECTS[subject].stage,
                                error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_forget_refusal(SyncRepository *repository, SyncRefusal subject, GError **error)
{
    return forget(repository->engine, 0, subject, error) &&
           forget(repository->engine, repository->id, subject, error);
}
