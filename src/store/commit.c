/* Commits with their files. */
#include "store/inside.h"

#include <string.h>

typedef struct {
    gint64 added, removed, files;
} Size;

/* Absent where nobody told: over the API, and for merges. Binary files count as files only. */
static Size measure_size(const Commit *commit)
{
    if (commit->from_api || commit->n_parents > 1)
        return (Size){COUNT_ABSENT, COUNT_ABSENT, COUNT_ABSENT};
    Size size = {0, 0, (gint64) commit->n_files};
    for (gsize i = 0; i < commit->n_files; i++) {
        if (commit->files[i].lines_added != COUNT_ABSENT)
            size.added += commit->files[i].lines_added;
        if (commit->files[i].lines_removed != COUNT_ABSENT)
            size.removed += commit->files[i].lines_removed;
    }
    return size;
}

static char *join_parents(const Commit *commit)
{
    GString *parents = g_string_new(NULL);
    for (gsize i = 0; i < commit->n_parents; i++)
        g_string_append_printf(parents, "%s%s", i > 0 ? " " : "", commit->parents[i]);
    return g_string_free(parents, FALSE);
}

static gboolean put_files(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                          const Commit *commit, GError **error)
{
    const DbValue prefix[] = {db_integer(workspace_id), db_integer(repository_id),
                              db_text(commit->hash)};
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < commit->n_files; i++)
        bulk_rows_add(rows, BULK_COMMIT_FILE,
                      DB_PARAMS(prefix[0], prefix[1], prefix[2], db_text(commit->files[i].path),
                                db_text(commit->files[i].old_path),
                                db_optional(commit->files[i].lines_added),
                                db_optional(commit->files[i].lines_removed)));
    return bulk_replace(tx->db, BULK_COMMIT_FILE, prefix, rows, NULL, NULL, error);
}

/* Pull requests that bring the commit, or were merged by it, have other instants now. */
static gboolean mark(StoreTx *tx, gint64 workspace_id, gint64 repository_id, const char *hash,
                     GError **error)
{
    gint64 generation = 0;
    if (!store_generation(tx, &generation, error))
        return FALSE;
    g_autofree char *abbreviated = g_strndup(hash, 12);
    return db_run(tx->db, STATEMENT_TODO_ADD_BY_COMMIT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(hash),
                            db_integer(generation)),
                  NULL, error) &&
           db_run(tx->db, STATEMENT_TODO_ADD_BY_MERGE,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(hash),
                            db_text(abbreviated), db_integer(generation)),
                  NULL, error);
}

static gboolean put_row(StoreTx *tx, People *people, gint64 workspace_id, gint64 repository_id,
                        const Commit *commit, BulkOutcome *ret_outcome, GError **error)
{
    UtcTime authored = commit->authored != TIME_ABSENT ? commit->authored : commit->committed;
    gint64 author_id = 0;
    if (!store_require(authored != TIME_ABSENT, "A commit without a date cannot be kept.", error) ||
        !people_see_author(people, tx->db, commit->author_name, commit->author_email, authored,
                           &author_id, error))
        return FALSE;
    Size size = measure_size(commit);
    g_autofree char *parents = join_parents(commit);
    g_autoptr(GArray) rows = bulk_rows_new();
    bulk_rows_add(
        rows, BULK_GIT_COMMIT,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(commit->hash),
                  db_integer(author_id), db_integer(authored), db_optional(commit->committed),
                  db_text(commit->subject != NULL ? commit->subject : ""), db_text(parents),
                  db_flag(commit->n_parents > 1), db_optional(size.added),
                  db_optional(size.removed), db_optional(size.files), db_flag(commit->from_api)));
    return bulk_upsert(tx->db, BULK_GIT_COMMIT, rows, ret_outcome, NULL, error);
}

/* Keeps whose account Bitbucket says the author is. */
static gboolean put_told(StoreTx *tx, People *people, gint64 workspace_id, const Commit *commit,
                         GError **error)
{
    gint64 author_id = 0;
    if (commit->author_account.uuid == NULL ||
        (commit->author_name == NULL && commit->author_email == NULL))
        return TRUE;
    gint64 account_id = people_see(people, &commit->author_account, commit->authored);
    return people_see_author(people, tx->db, commit->author_name, commit->author_email,
                             commit->authored, &author_id, error) &&
           db_run(
               tx->db, STATEMENT_TOLD_ACCOUNT_PUT,
               DB_PARAMS(db_integer(workspace_id), db_integer(author_id), db_integer(account_id)),
               NULL, error);
}

static gboolean put_commit(StoreTx *tx, People *people, gint64 workspace_id, gint64 repository_id,
                           const Commit *commit, StoreChanges *changes, GError **error)
{
    gint64 kept_from_api = 1;
    if (!put_told(tx, people, workspace_id, commit, error))
        return FALSE;
    if (commit->from_api &&
        !db_get_integer(
            tx->db, STATEMENT_COMMIT_FROM_API,
            DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(commit->hash)),
            1, &kept_from_api, error))
        return FALSE;
    if (kept_from_api == 0) /* git knows more */
        return TRUE;
    BulkOutcome outcome = BULK_UNCHANGED;
    if (!put_row(tx, people, workspace_id, repository_id, commit, &outcome, error))
        return FALSE;
    if (outcome == BULK_UNCHANGED)
        return TRUE;
    changes->inserted += outcome == BULK_INSERTED;
    changes->changed += outcome == BULK_CHANGED;
    tx->facts_altered = TRUE;
    return put_files(tx, workspace_id, repository_id, commit, error) &&
           mark(tx, workspace_id, repository_id, commit->hash, error);
}

gboolean store_put_commits(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                           const Commit *records, gsize n, StoreChanges *changes, GError **error)
{
    g_autoptr(People) people = people_new(workspace_id);
    const StoreChanges before = *changes;
    for (gsize i = 0; i < n; i++)
        if (!put_commit(tx, people, workspace_id, repository_id, &records[i], changes, error))
            return FALSE;
    if ((changes->inserted > before.inserted || changes->changed > before.changed) &&
        !store_mark_delivery(tx, workspace_id, repository_id, error))
        return FALSE;
    return people_put(people, tx, error);
}

static gboolean visit(Db *db, gint64 workspace_id, const PersonMap *people,
                      StoreCommitVisitor visitor, gpointer user_data, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_COMMIT_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        const StoreCommitRow row = {
            .repository_id = db_column_integer(rows, 0),
            .author_id = person_map_canonical(people, db_column_integer(rows, 1)),
            .authored = db_column_integer(rows, 2),
            .is_merge = db_column_flag(rows, 3),
            .lines_added = db_column_optional(rows, 4),
            .lines_removed = db_column_optional(rows, 5),
            .files_changed = db_column_optional(rows, 6),
        };
        if (!visitor(&row, user_data, error))
            return FALSE;
    }
    return db_rows_end(rows, error);
}

gboolean store_visit_commits(Store *store, gint64 workspace_id, StoreCommitVisitor visitor,
                             gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    g_autoptr(PersonMap) people =
        db == NULL ? NULL : person_map_get(store, db, workspace_id, error);
    gboolean ok = people != NULL && visit(db, workspace_id, people, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}
