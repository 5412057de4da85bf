/*
 * Rules of selection: those that connecting makes, those of data files that had none, and applying
 * them to repositories that appear.
 */
#include "sync/selection.h"

#include "sync/sync.h"

/* ---- data files that were connected before there were rules */

static char *setting_key(const char *name, gint64 connection_id)
{
    return g_strdup_printf("sync.%s.%" G_GINT64_FORMAT, name, connection_id);
}

/* The patterns that a connection was made with, in front; the settings that held them go. */
static gboolean adopt_patterns(Store *store, StoreTx *tx, const StoreConnection *connection,
                               GPtrArray *rules, GError **error)
{
    GError *failure = NULL;
    g_autofree char *patterns_key = setting_key("patterns", connection->connection_id);
    g_autofree char *seen_key = setting_key("seen", connection->connection_id);
    g_autofree char *text =
        store_get_setting(store, connection->workspace_id, patterns_key, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_auto(GStrv) patterns = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (gsize i = 0; patterns[i] != NULL; i++) {
        StoreSelectionRule *rule = g_new0(StoreSelectionRule, 1);
        *rule = (StoreSelectionRule){.kind = SELECT_PATTERN,
                                     .text = g_strdup(patterns[i]),
                                     .is_included = TRUE,
                                     .created = connection->created};
        g_ptr_array_add(rules, rule);
        if (!store_add_selection_rule(tx, connection->workspace_id, rule, FALSE, error))
            return FALSE;
    }
    return store_put_setting(tx, connection->workspace_id, patterns_key, NULL, error) &&
           store_put_setting(tx, connection->workspace_id, seen_key, NULL, error);
}

/* A rule of its own for each repository whose state the patterns do not give. */
static gboolean adopt_repositories(StoreTx *tx, gint64 workspace_id, const GPtrArray *repositories,
                                   const GPtrArray *rules, GError **error)
{
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = g_ptr_array_index(repositories, i);
        if (store_selection_decides(rules, repository) == repository->is_selected)
            continue;
        const StoreSelectionRule rule = {.kind = SELECT_REPOSITORY,
                                         .subject_id = repository->repository_id,
                                         .text = repository->full_name,
                                         .is_included = repository->is_selected,
                                         .created = time_now()};
        if (!store_add_selection_rule(tx, workspace_id, &rule, FALSE, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean adopt(Store *store, gint64 workspace_id, const GPtrArray *repositories,
                      GError **error)
{
    g_autoptr(GPtrArray) rules =
        g_ptr_array_new_with_free_func((GDestroyNotify) store_selection_rule_free);
    g_autoptr(GPtrArray) connections = store_list_connections(store, error);
    g_autoptr(StoreTx) tx = connections == NULL ? NULL : store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = g_ptr_array_index(connections, i);
        if (connection->workspace_id == workspace_id &&
            !adopt_patterns(store, tx, connection, rules, error))
            return FALSE;
    }
    return adopt_repositories(tx, workspace_id, repositories, rules, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_adopt_selection(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(GPtrArray) rules = store_list_selection_rules(store, workspace_id, error);
    if (rules == NULL || rules->len > 0)
        return rules != NULL;
    g_autoptr(GPtrArray) selected = store_list_repositories(store, workspace_id, TRUE, error);
    if (selected == NULL || selected->len == 0)
        return selected != NULL;
    g_autoptr(GPtrArray) repositories = store_list_repositories(store, workspace_id, FALSE, error);
    return repositories != NULL && adopt(store, workspace_id, repositories, error);
}

/* ---- applying */

gboolean sync_apply_selection(Store *store, gint64 workspace_id, GError **error)
{
    if (!sync_adopt_selection(store, workspace_id, error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL && store_apply_selection(tx, workspace_id, NULL, NULL, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* ---- connecting */

gboolean selection_choose_repository(Store *store, gint64 workspace_id, const char *full_name,
                                     UtcTime now, GError **error)
{
    if (!sync_adopt_selection(store, workspace_id, error))
        return FALSE;
    g_autoptr(GPtrArray) rows = store_list_repositories(store, workspace_id, FALSE, error);
    g_autoptr(StoreTx) tx = rows == NULL ? NULL : store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const StoreRepository *row = g_ptr_array_index(rows, i);
        const StoreSelectionRule rule = {.kind = SELECT_REPOSITORY,
                                         .subject_id = row->repository_id,
                                         .text = row->full_name,
                                         .is_included = TRUE,
                                         .created = now};
        if (g_ascii_strcasecmp(row->full_name, full_name) == 0 &&
            !store_add_selection_rule(tx, workspace_id, &rule, FALSE, error))
            return FALSE;
    }
    return store_apply_selection(tx, workspace_id, NULL, NULL, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static gboolean has_pattern(const GPtrArray *rules, const char *pattern)
{
    for (guint i = 0; i < rules->len; i++) {
        const StoreSelectionRule *rule = g_ptr_array_index(rules, i);
        if (rule->kind == SELECT_PATTERN && rule->is_included &&
            g_strcmp0(rule->text, pattern) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean selection_choose_patterns(Store *store, gint64 workspace_id, const char *const *patterns,
                                   UtcTime now, GError **error)
{
    static const char *const ALL[] = {"*", NULL};
    if (patterns == NULL || *patterns == NULL)
        patterns = ALL;
    if (!sync_adopt_selection(store, workspace_id, error))
        return FALSE;
    g_autoptr(GPtrArray) rules = store_list_selection_rules(store, workspace_id, error);
    g_autoptr(StoreTx) tx = rules == NULL ? NULL : store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    for (; *patterns != NULL; patterns++) {
        const StoreSelectionRule rule = {.kind = SELECT_PATTERN,
                                         .text = (char *) *patterns,
                                         .is_included = TRUE,
                                         .created = now};
        if (!has_pattern(rules, *patterns) &&
            !store_add_selection_rule(tx, workspace_id, &rule, TRUE, error))
            return FALSE;
    }
    return store_apply_selection(tx, workspace_id, NULL, NULL, error) &&
           store_commit(g_steal_pointer(&tx), error);
}
