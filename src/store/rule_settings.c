/* Mutes and settings of rules. */
#include "store/inside.h"

/* ---- mutes */

void store_mute_free(StoreMute *mute)
{
    if (mute == NULL)
        return;
    g_free(mute->rule);
    g_free(mute->subject);
    g_free(mute->reason);
    g_free(mute->actor);
    g_free(mute);
}

gboolean store_put_mute(StoreTx *tx, gint64 workspace_id, const StoreMute *mute, GError **error)
{
    return db_run(tx->db, STATEMENT_MUTE_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(mute->mute_id),
                            db_text(mute->rule), db_optional(mute->repository_id),
                            db_optional(mute->number), db_optional(mute->person_id),
                            db_text(mute->subject), db_text(mute->reason), db_text(mute->actor),
                            db_integer(mute->created), db_optional(mute->until)),
                  NULL, error);
}

gboolean store_delete_mute(StoreTx *tx, gint64 workspace_id, gint64 mute_id, gboolean *ret_found,
                           GError **error)
{
    gint64 affected = 0;
    if (!db_run(tx->db, STATEMENT_MUTE_DELETE,
                DB_PARAMS(db_integer(workspace_id), db_integer(mute_id)), &affected, error))
        return FALSE;
    *ret_found = affected > 0;
    return TRUE;
}

static gpointer read_mute(DbRows *rows)
{
    StoreMute *mute = g_new0(StoreMute, 1);
    *mute = (StoreMute){
        .mute_id = db_column_integer(rows, 0),
        .rule = db_column_copy(rows, 1),
        .repository_id = db_column_optional(rows, 2),
        .number = db_column_optional(rows, 3),
        .person_id = db_column_optional(rows, 4),
        .subject = db_column_copy(rows, 5),
        .reason = db_column_copy(rows, 6),
        .actor = db_column_copy(rows, 7),
        .created = db_column_integer(rows, 8),
        .until = db_column_optional(rows, 9),
    };
    return mute;
}

GPtrArray *store_list_mutes(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_MUTE_LIST, DB_PARAMS(db_integer(workspace_id)), read_mute,
                      (GDestroyNotify) store_mute_free, error);
}

/* ---- settings */

void store_rule_setting_free(StoreRuleSetting *setting)
{
    if (setting == NULL)
        return;
    g_free(setting->rule);
    g_free(setting->parameter);
    g_free(setting);
}

gboolean store_put_rule_setting(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                const char *rule, const char *parameter, const double *value,
                                GError **error)
{
    const DbValue params[] = {db_integer(workspace_id), db_integer(repository_id), db_text(rule),
                              db_text(parameter), db_real(value != NULL ? *value : 0)};
    return value != NULL ? db_run(tx->db, STATEMENT_RULE_SETTING_PUT, params, 5, NULL, error)
                         : db_run(tx->db, STATEMENT_RULE_SETTING_DELETE, params, 4, NULL, error);
}

static gpointer read_setting(DbRows *rows)
{
    StoreRuleSetting *setting = g_new0(StoreRuleSetting, 1);
    *setting = (StoreRuleSetting){
        .repository_id = db_column_integer(rows, 0),
        .rule = db_column_copy(rows, 1),
        .parameter = db_column_copy(rows, 2),
        .value = db_column_real(rows, 3),
    };
    return setting;
}

GPtrArray *store_list_rule_settings(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_RULE_SETTING_LIST, DB_PARAMS(db_integer(workspace_id)),
                      read_setting, (GDestroyNotify) store_rule_setting_free, error);
}
