/*
 * What a mirror tells beyond its commits: the main branch change by change, branches, trial merges
 * of open pull requests.
 *
 * The rows of a batch and the cursor that names the main branch and its last change are written
 * together. The state of the cursor tells whether the changes of the tips that were walked are
 * complete.
 */
#include "sync/batch.h"
#include "sync/engine.h"

#include <string.h>

#define TRIALS_PER_RUN 1000 /* of one repository */

typedef struct {
    SyncRepository *repository;
    StoreCursor *cursor;
    Batch batch;
    gboolean is_anew; /* what is kept is of another branch */
} MainLine;

/* ---- the cursor's position: the branch, a line break, the newest change (nothing: none yet) */

static void set_position(StoreCursor *cursor, const char *branch, const char *hash)
{
    g_free(cursor->position);
    cursor->position = g_strdup_printf("%s\n%s", branch, hash);
}

/* The newest change; NULL: none. */
static const char *newest_change(const StoreCursor *cursor)
{
    const char *end = cursor->position != NULL ? strchr(cursor->position, '\n') : NULL;
    const char *hash = end != NULL ? end + 1 : cursor->position;
    return hash != NULL && *hash != '\0' ? hash : NULL;
}

/* Whether what is kept is of the repository's main branch. A position without a branch is of before
 * one could be chosen. */
static gboolean is_of_main_branch(const SyncRepository *repository, const StoreCursor *cursor)
{
    const char *branch = repository->row->main_branch;
    if (cursor->position == NULL)
        return TRUE;
    if (strchr(cursor->position, '\n') == NULL)
        return g_strcmp0(repository->row->told_main_branch, branch) == 0;
    gsize length = branch != NULL ? strlen(branch) : 0;
    return length > 0 && strncmp(cursor->position, branch, length) == 0 &&
           cursor->position[length] == '\n';
}

gboolean sync_owes_main_line(SyncRepository *repository, gboolean *ret_owes, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    *ret_owes = FALSE;
    if (repository->engine->mirror_folder == NULL || repository->row->main_branch == NULL)
        return TRUE;
    if (!sync_get_cursor(repository, CURSOR_MAIN_LINE, &cursor, error))
        return FALSE;
    *ret_owes =
        sync_cursor_is(&cursor, CURSOR_STATE_DONE) && !is_of_main_branch(repository, &cursor);
    return TRUE;
}

/* ---- its changes */

static gboolean put_changes(MainLine *line, GError **error)
{
    SyncRepository *repository = line->repository;
    SyncEngine *engine = repository->engine;
    const MainChange *records = (const MainChange *) (const void *) line->batch.items->data;
    guint n = line->batch.items->len;
    StoreChanges changes = {0};
    gboolean anew = line->is_anew || (n > 0 && records[0].position == 0);
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    if (n > 0) {
        set_position(line->cursor, repository->row->main_branch, records[n - 1].hash);
        line->cursor->counted = records[n - 1].position + 1;
    } else if (line->is_anew) {
        set_position(line->cursor, repository->row->main_branch, "");
        line->cursor->counted = 0;
    }
    if (((n > 0 || anew) && !store_put_main_changes(tx, engine->workspace_id, repository->id,
                                                    records, n, anew, &changes, error)) ||
        !sync_put_cursor(repository, tx, CURSOR_MAIN_LINE, line->cursor, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    line->is_anew = FALSE;
    batch_reset(&line->batch);
    return TRUE;
}

static gboolean visit_change(const MainChange *change, gpointer user_data, GError **error)
{
    MainLine *line = user_data;
    SyncRepository *repository = line->repository;
    if (!batch_add_main_change(&line->batch, change, error))
        return FALSE;
    if (!batch_is_full(&line->batch))
        return TRUE;
    sync_report(repository->engine, repository, SYNC_STAGE_GIT, change->position, COUNT_ABSENT,
                "reading the main branch");
    return sync_check_cancelled(repository->engine, error) && put_changes(line, error);
}

static gboolean read_changes(SyncRepository *repository, StoreCursor *cursor, GError **error)
{
    MainLine line = {.repository = repository,
                     .cursor = cursor,
                     .is_anew = !is_of_main_branch(repository, cursor)};
    batch_init(&line.batch, sizeof(MainChange));
    g_autofree char *known = line.is_anew ? NULL : g_strdup(newest_change(cursor));
    sync_cursor_set_state(cursor, CURSOR_STATE_RUNNING);
    gboolean ok = git_mirror_main_changes(repository->mirror, repository->row->main_branch, known,
                                          repository->engine->now, visit_change, &line, error);
    if (ok) {
        sync_cursor_set_state(cursor, CURSOR_STATE_DONE);
        ok = put_changes(&line, error);
    }
    batch_clear(&line.batch);
    return ok;
}

/* ---- branches */

static gboolean visit_branch(const Branch *branch, gpointer user_data, GError **error)
{
    return batch_add_branch(user_data, branch, error);
}

static gboolean read_branches(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    Batch batch;
    batch_init(&batch, sizeof(Branch));
    gboolean ok = git_mirror_branches(repository->mirror, repository->row->main_branch,
                                      visit_branch, &batch, error);
    g_autoptr(StoreTx) tx = ok ? store_begin(engine->store, error) : NULL;
    ok = tx != NULL &&
         store_put_branches(tx, engine->workspace_id, repository->id,
                            (const Branch *) (const void *) batch.items->data, batch.items->len,
                            &changes, error) &&
         store_commit(g_steal_pointer(&tx), error);
    batch_clear(&batch);
    return ok;
}

gboolean sync_read_main_line(SyncRepository *repository, gboolean moved, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_MAIN_LINE, &cursor, error))
        return FALSE;
    if (!moved && sync_cursor_is(&cursor, CURSOR_STATE_DONE) &&
        is_of_main_branch(repository, &cursor))
        return TRUE;
    return read_branches(repository, error) && read_changes(repository, &cursor, error);
}

static gboolean set_running(SyncRepository *repository, StoreTx *tx, const char *name,
                            GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, name, &cursor, error))
        return FALSE;
    sync_cursor_set_state(&cursor, CURSOR_STATE_RUNNING);
    return sync_put_cursor(repository, tx, name, &cursor, error);
}

gboolean sync_main_line_moves(SyncRepository *repository, StoreTx *tx, GError **error)
{
    return set_running(repository, tx, CURSOR_MAIN_LINE, error) &&
           set_running(repository, tx, CURSOR_PROTECTED, error);
}

/* ---- which pull request brought what */

gboolean sync_attribute_main_line(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_auto(StoreCursor) pulls = {0};
    if (!sync_get_cursor(repository, CURSOR_PULLS, &pulls, error))
        return FALSE;
    /* The list of pull requests was read after "now", down to the floor. */
    gboolean is_read = repository->pulls_read && sync_cursor_is(&pulls, CURSOR_STATE_DONE);
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_attribute_main_changes(tx, engine->workspace_id, repository->id, pulls.floor,
                                        is_read ? engine->now : TIME_ABSENT, &changes, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* ---- trial merges */

static const char *const STATES[] = {
    [GIT_MERGE_CLEAN] = "clean",
    [GIT_MERGE_CONFLICT] = "conflict",
    [GIT_MERGE_UNKNOWN] = "unknown",
};

static gboolean try_merge(SyncRepository *repository, const StoreMergeTask *task, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_auto(GitMergeTrial) trial = {.state = GIT_MERGE_UNKNOWN};
    if (!git_mirror_try_merge(repository->mirror, task->destination_hash, task->source_hash, &trial,
                              error))
        return FALSE;
    for (char **path = trial.paths; path != NULL && *path != NULL; path++)
        g_strdelimit(*path, "\n", ' ');
    g_autofree char *paths = trial.paths != NULL ? g_strjoinv("\n", trial.paths) : NULL;
    const StoreMergeTrial row = {.number = task->number,
                                 .source_hash = task->source_hash,
                                 .destination_hash = task->destination_hash,
                                 .state = STATES[trial.state],
                                 .since = task->moved,
                                 .path_count = trial.n_paths,
                                 .paths = paths};
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_put_merge_trial(tx, engine->workspace_id, repository->id, &row, &changes, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_try_merges(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_autoptr(GPtrArray) tasks = store_list_merge_tasks(engine->store, engine->workspace_id,
                                                        repository->id, TRIALS_PER_RUN, error);
    if (tasks == NULL)
        return FALSE;
    for (guint i = 0; i < tasks->len; i++) {
        sync_report(engine, repository, SYNC_STAGE_RANGES, i, tasks->len, "trying merges");
        if (!sync_check_cancelled(engine, error) || !try_merge(repository, tasks->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}
