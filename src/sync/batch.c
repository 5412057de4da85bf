#include "sync/batch.h"

void batch_init(Batch *batch, gsize item_size)
{
    batch->arena = arena_new(BATCH_MAXIMUM);
    batch->items = g_array_new(FALSE, TRUE, (guint) item_size);
}

void batch_clear(Batch *batch)
{
    g_clear_pointer(&batch->arena, arena_free);
    g_clear_pointer(&batch->items, g_array_unref);
}

void batch_reset(Batch *batch)
{
    arena_free(batch->arena);
    batch->arena = arena_new(BATCH_MAXIMUM);
    g_array_set_size(batch->items, 0);
}

gboolean batch_is_full(const Batch *batch)
{
    return batch->items->len >= BATCH_RECORDS || arena_used(batch->arena) >= BATCH_BYTES;
}

/* Copies one text; *@ret_ok becomes FALSE when the arena is full. */
static const char *copy(Batch *batch, const char *text, gboolean *ret_ok)
{
    if (text == NULL)
        return NULL;
    char *copied = arena_copy_text(batch->arena, text, -1);
    if (copied == NULL)
        *ret_ok = FALSE;
    return copied;
}

static const char *const *copy_texts(Batch *batch, const char *const *texts, gsize n,
                                     gboolean *ret_ok)
{
    if (n == 0)
        return NULL;
    const char **copies = arena_alloc(batch->arena, n * sizeof *copies);
    if (copies == NULL) {
        *ret_ok = FALSE;
        return NULL;
    }
    for (gsize i = 0; i < n && *ret_ok; i++)
        copies[i] = copy(batch, texts[i], ret_ok);
    return copies;
}

static Person copy_person(Batch *batch, const Person *person, gboolean *ret_ok)
{
    return (Person){
        .uuid = copy(batch, person->uuid, ret_ok),
        .account_id = copy(batch, person->account_id, ret_ok),
        .display_name = copy(batch, person->display_name, ret_ok),
        .nickname = copy(batch, person->nickname, ret_ok),
        .kind = person->kind,
    };
}

static const FileChange *copy_files(Batch *batch, const FileChange *files, gsize n,
                                    gboolean *ret_ok)
{
    if (n == 0)
        return NULL;
    FileChange *copies = arena_alloc(batch->arena, n * sizeof *copies);
    if (copies == NULL) {
        *ret_ok = FALSE;
        return NULL;
    }
    for (gsize i = 0; i < n && *ret_ok; i++) {
        copies[i] = files[i];
        copies[i].path = copy(batch, files[i].path, ret_ok);
        copies[i].old_path = copy(batch, files[i].old_path, ret_ok);
    }
    return copies;
}

static gboolean fail_too_large(const char *what, const char *name, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                "%s %s does not fit into memory together with the records before it.", what, name);
    return FALSE;
}

gboolean batch_add_commit(Batch *batch, const Commit *commit, GError **error)
{
    gboolean ok = TRUE;
    Commit kept = *commit;
    kept.hash = copy(batch, commit->hash, &ok);
    kept.tree = copy(batch, commit->tree, &ok);
    kept.author_name = copy(batch, commit->author_name, &ok);
    kept.author_email = copy(batch, commit->author_email, &ok);
    kept.author_account = copy_person(batch, &commit->author_account, &ok);
    kept.committer_name = copy(batch, commit->committer_name, &ok);
    kept.committer_email = copy(batch, commit->committer_email, &ok);
    kept.subject = copy(batch, commit->subject, &ok);
    kept.parents = copy_texts(batch, commit->parents, commit->n_parents, &ok);
    kept.files = copy_files(batch, commit->files, commit->n_files, &ok);
    if (!ok)
        return fail_too_large("Commit", commit->hash, error);
    g_array_append_val(batch->items, kept);
    return TRUE;
}

gboolean batch_add_range(Batch *batch, const GitRange *range, GError **error)
{
    gboolean ok = TRUE;
    GitRange kept = *range;
    kept.merge_base = copy(batch, range->merge_base, &ok);
    kept.commits = copy_texts(batch, range->commits, range->n_commits, &ok);
    kept.files = copy_files(batch, range->files, range->n_files, &ok);
    if (!ok) {
        g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, range->number);
        return fail_too_large("What pull request", name, error);
    }
    g_array_append_val(batch->items, kept);
    return TRUE;
}

gboolean batch_add_main_change(Batch *batch, const MainChange *change, GError **error)
{
    gboolean ok = TRUE;
    MainChange kept = *change;
    kept.branch = copy(batch, change->branch, &ok);
    kept.hash = copy(batch, change->hash, &ok);
    if (!ok)
        return fail_too_large("Change", change->hash, error);
    g_array_append_val(batch->items, kept);
    return TRUE;
}

gboolean batch_add_branch(Batch *batch, const Branch *branch, GError **error)
{
    gboolean ok = TRUE;
    Branch kept = *branch;
    kept.name = copy(batch, branch->name, &ok);
    kept.hash = copy(batch, branch->hash, &ok);
    kept.author_name = copy(batch, branch->author_name, &ok);
    kept.author_email = copy(batch, branch->author_email, &ok);
    if (!ok)
        return fail_too_large("Branch", branch->name, error);
    g_array_append_val(batch->items, kept);
    return TRUE;
}
