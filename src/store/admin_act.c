/* What administrators did: a log that is only added to. */
#include "store/inside.h"

void store_admin_act_free(StoreAdminAct *act)
{
    if (act == NULL)
        return;
    g_free(act->actor);
    g_free(act->act);
    g_free(act->subject);
    g_free(act->detail);
    g_free(act->peer);
    g_free(act);
}

gboolean store_add_admin_act(StoreTx *tx, const StoreAdminAct *act, GError **error)
{
    return db_run(tx->db, STATEMENT_ADMIN_ACT_ADD,
                  DB_PARAMS(db_integer(act->at), db_text(act->actor), db_text(act->act),
                            db_text(act->subject), db_text(act->detail), db_text(act->peer)),
                  NULL, error);
}

static gpointer read_act(DbRows *rows)
{
    StoreAdminAct *act = g_new0(StoreAdminAct, 1);
    *act = (StoreAdminAct){
        .seq = db_column_integer(rows, 0),
        .at = db_column_integer(rows, 1),
        .actor = db_column_copy(rows, 2),
        .act = db_column_copy(rows, 3),
        .subject = db_column_copy(rows, 4),
        .detail = db_column_copy(rows, 5),
        .peer = db_column_copy(rows, 6),
    };
    return act;
}

GPtrArray *store_list_admin_acts(Store *store, const AdminActFilter *filter, GError **error)
{
    return store_list(store, STATEMENT_ADMIN_ACT_LIST,
                      DB_PARAMS(db_integer(filter->before), db_text(filter->act),
                                db_text(filter->actor), db_optional(filter->from),
                                db_optional(filter->until), db_integer(filter->limit)),
                      read_act, (GDestroyNotify) store_admin_act_free, error);
}

GPtrArray *store_list_act_kinds(Store *store, GError **error)
{
    return store_list(store, STATEMENT_ADMIN_ACT_KINDS, NULL, 0, store_read_text, g_free, error);
}

GPtrArray *store_list_act_actors(Store *store, GError **error)
{
    return store_list(store, STATEMENT_ADMIN_ACT_ACTORS, NULL, 0, store_read_text, g_free, error);
}
