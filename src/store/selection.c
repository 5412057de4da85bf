/* Which repositories are read: rules in order, the last that matches decides. */
#include "store/inside.h"

#include <string.h>

const char *selection_kind_name(SelectionKind kind)
{
    static const char *const NAMES[] = {"pattern", "project", "repository"};
    return NAMES[kind];
}

void store_selection_rule_free(StoreSelectionRule *rule)
{
    if (rule == NULL)
        return;
    g_free(rule->text);
    g_free(rule->created_by);
    g_free(rule);
}

static SelectionKind kind_from_name(const char *name)
{
    if (g_strcmp0(name, "project") == 0)
        return SELECT_PROJECT;
    return g_strcmp0(name, "repository") == 0 ? SELECT_REPOSITORY : SELECT_PATTERN;
}

static gpointer read_rule(DbRows *rows)
{
    StoreSelectionRule *rule = g_new0(StoreSelectionRule, 1);
    *rule = (StoreSelectionRule){
        .position = db_column_integer(rows, 0),
        .kind = kind_from_name(db_column_text(rows, 1)),
        .subject_id = db_column_integer(rows, 2),
        .text = db_column_copy(rows, 3),
        .is_included = db_column_flag(rows, 4),
        .created = db_column_integer(rows, 5),
        .created_by = db_column_copy(rows, 6),
    };
    return rule;
}

GPtrArray *store_list_selection_rules(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_SELECTION_LIST, DB_PARAMS(db_integer(workspace_id)),
                      read_rule, (GDestroyNotify) store_selection_rule_free, error);
}

gboolean store_add_selection_rule(StoreTx *tx, gint64 workspace_id, const StoreSelectionRule *rule,
                                  gboolean in_front, GError **error)
{
    gint64 position = 0;
    const char *kind = selection_kind_name(rule->kind);
    return db_run(tx->db, STATEMENT_SELECTION_DROP_EQUAL,
                  DB_PARAMS(db_integer(workspace_id), db_text(kind), db_integer(rule->subject_id),
                            db_text(rule->text)),
                  NULL, error) &&
           db_get_integer(tx->db, in_front ? STATEMENT_SELECTION_FIRST : STATEMENT_SELECTION_NEXT,
                          DB_PARAMS(db_integer(workspace_id)), 1, &position, error) &&
           db_run(tx->db, STATEMENT_SELECTION_INSERT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(position), db_text(kind),
                            db_integer(rule->subject_id), db_text(rule->text),
                            db_flag(rule->is_included), db_integer(rule->created),
                            db_text(rule->created_by)),
                  NULL, error);
}

gboolean store_clear_selection_rules(StoreTx *tx, gint64 workspace_id, GError **error)
{
    return db_run(tx->db, STATEMENT_SELECTION_CLEAR, DB_PARAMS(db_integer(workspace_id)), NULL,
                  error);
}

/* ---- what they decide */

gboolean store_selection_matches(const StoreSelectionRule *rule, const StoreRepository *repository)
{
    switch (rule->kind) {
    case SELECT_REPOSITORY:
        return rule->subject_id == repository->repository_id;
    case SELECT_PROJECT:
        return rule->subject_id == repository->project_id;
    case SELECT_PATTERN:
        break;
    }
    return g_pattern_match_simple(rule->text, repository->full_name) ||
           g_pattern_match_simple(rule->text, repository->slug) ||
           (repository->project_key != NULL &&
            g_pattern_match_simple(rule->text, repository->project_key));
}

gboolean store_selection_decides(const GPtrArray *rules, const StoreRepository *repository)
{
    for (guint i = rules->len; i > 0; i--) {
        const StoreSelectionRule *rule = g_ptr_array_index(rules, i - 1);
        if (store_selection_matches(rule, repository))
            return rule->is_included;
    }
    return FALSE;
}

/* ---- applying them: the reads are the transaction's own, which sees the rule just added */

static GPtrArray *list_in(StoreTx *tx, StatementId statement, const DbValue *params, gsize n_params,
                          StoreRowReader read, GDestroyNotify destroy, GError **error)
{
    g_autoptr(DbRows) rows = db_query(tx->db, statement, params, n_params, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(destroy);
    while (db_rows_next(rows))
        g_ptr_array_add(list, read(rows));
    return db_rows_end(rows, error) ? g_steal_pointer(&list) : NULL;
}

gboolean store_apply_selection(StoreTx *tx, gint64 workspace_id, gint64 *ret_selected,
                               gint64 *ret_deselected, GError **error)
{
    gint64 changed[2] = {0, 0};
    g_autoptr(GPtrArray) rules =
        list_in(tx, STATEMENT_SELECTION_LIST, DB_PARAMS(db_integer(workspace_id)), read_rule,
                (GDestroyNotify) store_selection_rule_free, error);
    if (rules == NULL)
        return FALSE;
    g_autoptr(GPtrArray) repositories =
        list_in(tx, STATEMENT_REPOSITORY_LIST, DB_PARAMS(db_integer(workspace_id), db_flag(FALSE)),
                store_read_repository, (GDestroyNotify) store_repository_free, error);
    if (repositories == NULL)
        return FALSE;
    for (guint i = 0; rules->len > 0 && i < repositories->len; i++) {
        const StoreRepository *repository = g_ptr_array_index(repositories, i);
        gboolean wanted = store_selection_decides(rules, repository);
        if (wanted == repository->is_selected)
            continue;
        changed[wanted != FALSE]++;
        if (!store_select_repository(tx, workspace_id, repository->repository_id, wanted, error))
            return FALSE;
    }
    if (ret_selected != NULL)
        *ret_selected = changed[1];
    if (ret_deselected != NULL)
        *ret_deselected = changed[0];
    return TRUE;
}
