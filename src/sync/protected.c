/*
 * What came onto branches that a policy names, besides the main branch.
 *
 * They are few and only what landed lately counts, so each reading replaces the one before. Rows
 * and cursor are written together: the cursor's position says for which main branch and patterns
 * they are, its state whether they are those of the tips that were walked.
 */
#include "sync/batch.h"
#include "sync/engine.h"

/* What the cursor's position is to be; NULL: no policy names a branch. */
static char *make_key(SyncRepository *repository)
{
    g_autofree char *patterns = store_policy_patterns(repository->engine->policies, repository->id);
    return *patterns != '\0' ? g_strdup_printf("%s\n%s", repository->row->main_branch, patterns)
                             : NULL;
}

gboolean sync_owes_protected(SyncRepository *repository, gboolean *ret_owes, GError **error)
{
    g_auto(StoreCursor) walked = {0};
    g_auto(StoreCursor) cursor = {0};
    *ret_owes = FALSE;
    if (repository->engine->mirror_folder == NULL || repository->row->main_branch == NULL)
        return TRUE;
    if (!sync_get_cursor(repository, CURSOR_GIT, &walked, error) ||
        !sync_get_cursor(repository, CURSOR_PROTECTED, &cursor, error))
        return FALSE;
    g_autofree char *key = make_key(repository);
    *ret_owes = sync_cursor_is(&walked, CURSOR_STATE_DONE) && g_strcmp0(cursor.position, key) != 0;
    return TRUE;
}

/* ---- which branches */

typedef struct {
    SyncRepository *repository;
    Batch branches; /* Branch, those that are named */
} Choice;

static gboolean choose_branch(const Branch *branch, gpointer user_data, GError **error)
{
    Choice *choice = user_data;
    SyncRepository *repository = choice->repository;
    if (g_strcmp0(branch->name, repository->row->main_branch) == 0 ||
        !store_policy_names(repository->engine->policies, repository->id, branch->name))
        return TRUE;
    return batch_add_branch(&choice->branches, branch, error);
}

static int compare_branches(gconstpointer a, gconstpointer b)
{
    const Branch *one = a, *other = b;
    if (one->committed != other->committed)
        return one->committed > other->committed ? -1 : 1;
    return g_strcmp0(one->name, other->name);
}

/* Those with the newest commits where there are too many. */
static char **list_names(Choice *choice)
{
    GArray *items = choice->branches.items;
    g_array_sort(items, compare_branches);
    guint n = MIN(items->len, LIMIT_PROTECTED_BRANCHES);
    if (n < items->len)
        log_event(LOG_LEVEL_WARNING,
                  "%s has %u branches that policies name; pushes are looked for on the %u with "
                  "the newest commits",
                  choice->repository->row->full_name, items->len, n);
    char **names = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++)
        names[i] = g_strdup(g_array_index(items, Branch, i).name);
    return names;
}

static char **choose_branches(SyncRepository *repository, GError **error)
{
    Choice choice = {.repository = repository};
    batch_init(&choice.branches, sizeof(Branch));
    char **names = git_mirror_branches(repository->mirror, NULL, choose_branch, &choice, error)
                       ? list_names(&choice)
                       : NULL;
    batch_clear(&choice.branches);
    return names;
}

/* ---- their changes */

static gboolean visit_change(const MainChange *change, gpointer user_data, GError **error)
{
    return batch_add_main_change(user_data, change, error);
}

static gboolean read_changes(SyncRepository *repository, Batch *batch, GError **error)
{
    UtcTime now = repository->engine->now;
    g_auto(GStrv) names = choose_branches(repository, error);
    return names != NULL &&
           git_mirror_branch_changes(repository->mirror, repository->row->main_branch,
                                     (const char *const *) names,
                                     now != TIME_ABSENT ? now - MODEL_PUSH_WINDOW : TIME_ABSENT,
                                     now, visit_change, batch, error);
}

static gboolean put_changes(SyncRepository *repository, const Batch *batch,
                            const StoreCursor *cursor, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_put_branch_changes(tx, engine->workspace_id, repository->id,
                                    (const MainChange *) (const void *) batch->items->data,
                                    batch->items->len, &changes, error) &&
           sync_put_cursor(repository, tx, CURSOR_PROTECTED, cursor, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_read_protected(SyncRepository *repository, gboolean moved, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_PROTECTED, &cursor, error))
        return FALSE;
    g_autofree char *key = make_key(repository);
    if (!moved && sync_cursor_is(&cursor, CURSOR_STATE_DONE) &&
        g_strcmp0(cursor.position, key) == 0)
        return TRUE;
    Batch batch;
    batch_init(&batch, sizeof(MainChange));
    gboolean ok = key == NULL || read_changes(repository, &batch, error);
    if (ok) {
        sync_cursor_set_state(&cursor, CURSOR_STATE_DONE);
        g_free(cursor.position);
        cursor.position = g_steal_pointer(&key);
        ok = put_changes(repository, &batch, &cursor, error);
    }
    batch_clear(&batch);
    return ok;
}
