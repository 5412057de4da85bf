/* Appends what is new or otherwise known of merges to the merge audit log. */
#include "insight/audit.h"

#include "insight/audit_body.h"

#define BATCH    500    /* pull requests per transaction */
#define LIST_MAX 100000 /* to look at, in memory at once */

/* Pull requests are read in the order of their keys, and recorded in that of their merges. */
typedef struct {
    const MeasureBasis *basis;
    const AuditNames *names;
    const StoreAuditTodo *todo; /* in the order of merges */
    guint n;
    guint *by_key; /* their indexes, in the order of keys */
    guint at;      /* in by_key */
    char **bodies; /* per todo; NULL: not to be in the log */
} Look;

static gint compare_keys(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const StoreAuditTodo *todo = user_data, *first = &todo[*(const guint *) a],
                         *second = &todo[*(const guint *) b];
    if (first->repository_id != second->repository_id)
        return first->repository_id < second->repository_id ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

static gboolean look_at(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Look *look = user_data;
    const StoreAuditTodo *todo = NULL;
    for (; look->at < look->n; look->at++) { /* one that is gone is passed over */
        todo = &look->todo[look->by_key[look->at]];
        if (todo->repository_id == row->repository_id && todo->number == row->number)
            break;
    }
    if (look->at == look->n)
        return TRUE;
    FactPr fact;
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    measure_facts_of(look->basis, row, &fact, reviews);
    if (fact.merged != TIME_ABSENT &&
        store_policy_protects(measure_policies(look->basis), row->repository_id,
                              row->destination_branch, fact.merged))
        look->bodies[look->by_key[look->at]] =
            audit_body(look->names, look->basis, row, todo->released);
    return TRUE;
}

static gboolean make_bodies(Store *store, gint64 workspace_id, Look *look, GError **error)
{
    g_autofree guint *by_key = g_new(guint, look->n);
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(StorePullRequestKey));
    for (guint i = 0; i < look->n; i++)
        by_key[i] = i;
    g_qsort_with_data(by_key, (gint) look->n, sizeof *by_key, compare_keys, (gpointer) look->todo);
    for (guint i = 0; i < look->n; i++) {
        const StorePullRequestKey key = {look->todo[by_key[i]].repository_id,
                                         look->todo[by_key[i]].number};
        g_array_append_val(keys, key);
    }
    look->by_key = by_key;
    return store_visit_keys(store, workspace_id, keys, look_at, look, error);
}

static gboolean append_one(StoreTx *tx, gint64 workspace_id, const StoreAuditTodo *todo,
                           const char *body, UtcTime now, gint64 *appended, GError **error)
{
    GError *failure = NULL;
    gint64 first = COUNT_ABSENT, seq;
    g_autofree char *before =
        store_get_audit_body(tx, workspace_id, todo->repository_id, todo->number, &first, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (before != NULL && audit_body_says_the_same(before, body))
        return TRUE;
    const StoreAuditRow row = {.kind = before != NULL ? "amendment" : "merge",
                               .repository_id = todo->repository_id,
                               .number = todo->number,
                               .refers_to = first,
                               .recorded = now,
                               .body = body};
    ++*appended;
    return store_append_audit(tx, workspace_id, &row, &seq, error);
}

static gboolean append_batch(Store *store, gint64 workspace_id, const Look *look, UtcTime now,
                             gint64 *appended, GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    for (guint i = 0; i < look->n; i++) {
        const StoreAuditTodo *todo = &look->todo[i];
        if ((look->bodies[i] != NULL &&
             !append_one(tx, workspace_id, todo, look->bodies[i], now, appended, error)) ||
            !store_audit_done(tx, workspace_id, todo->repository_id, todo->number, todo->generation,
                              error))
            return FALSE;
    }
    return store_commit(g_steal_pointer(&tx), error);
}

static gboolean work_off(Store *store, gint64 workspace_id, const MeasureBasis *basis,
                         const AuditNames *names, const GArray *todo, UtcTime now, gint64 *appended,
                         GError **error)
{
    for (guint from = 0; from < todo->len; from += BATCH) {
        Look look = {.basis = basis,
                     .names = names,
                     .todo = &g_array_index(todo, StoreAuditTodo, from),
                     .n = MIN(BATCH, todo->len - from)};
        look.bodies = g_new0(char *, look.n);
        gboolean ok = make_bodies(store, workspace_id, &look, error) &&
                      append_batch(store, workspace_id, &look, now, appended, error);
        for (guint i = 0; i < look.n; i++)
            g_free(look.bodies[i]);
        g_free(look.bodies);
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

gboolean audit_append_merges(Store *store, gint64 workspace_id, UtcTime now, gint64 *ret_appended,
                             GError **error)
{
    g_autoptr(MeasureBasis) basis = measure_basis_load(store, workspace_id, error);
    g_autoptr(AuditNames) names =
        basis == NULL ? NULL : audit_names_load(store, workspace_id, error);
    gint64 appended = 0;
    guint listed;
    if (names == NULL)
        return FALSE;
    do {
        g_autoptr(GArray) todo = store_list_audit_todo(store, workspace_id, LIST_MAX, error);
        if (todo == NULL ||
            !work_off(store, workspace_id, basis, names, todo, now, &appended, error))
            return FALSE;
        listed = todo->len;
    } while (listed == LIST_MAX);
    if (ret_appended != NULL)
        *ret_appended = appended;
    return TRUE;
}
