/* Sessions and invitations. */
#include "store/inside.h"

void store_session_free(StoreSession *session)
{
    if (session == NULL)
        return;
    g_free(session->digest);
    g_free(session->peer);
    g_free(session->agent);
    g_free(session);
}

static gpointer read_session(DbRows *rows)
{
    StoreSession *session = g_new0(StoreSession, 1);
    *session = (StoreSession){
        .digest = db_column_copy(rows, 0),
        .account_id = db_column_integer(rows, 1),
        .created = db_column_optional(rows, 2),
        .seen = db_column_optional(rows, 3),
        .expires = db_column_optional(rows, 4),
        .peer = db_column_copy(rows, 5),
        .agent = db_column_copy(rows, 6),
    };
    return session;
}

gboolean store_put_session(StoreTx *tx, const StoreSession *session, GError **error)
{
    return db_run(tx->db, STATEMENT_SESSION_PUT,
                  DB_PARAMS(db_text(session->digest), db_integer(session->account_id),
                            db_integer(session->created), db_integer(session->seen),
                            db_integer(session->expires), db_text(session->peer),
                            db_text(session->agent)),
                  NULL, error);
}

gboolean store_find_session(Store *store, const char *digest, StoreSession **ret_session,
                            GError **error)
{
    return store_find_one(store, STATEMENT_SESSION_GET, DB_PARAMS(db_text(digest)), read_session,
                          (GDestroyNotify) store_session_free, (gpointer *) ret_session, error);
}

GPtrArray *store_list_sessions(Store *store, gint64 account_id, GError **error)
{
    return store_list(store, STATEMENT_SESSION_LIST, DB_PARAMS(db_integer(account_id)),
                      read_session, (GDestroyNotify) store_session_free, error);
}

gboolean store_delete_session(StoreTx *tx, const char *digest, GError **error)
{
    return db_run(tx->db, STATEMENT_SESSION_DELETE, DB_PARAMS(db_text(digest)), NULL, error);
}

gboolean store_delete_sessions(StoreTx *tx, gint64 account_id, const char *keep, GError **error)
{
    return db_run(tx->db, STATEMENT_SESSION_DELETE_OTHERS,
                  DB_PARAMS(db_integer(account_id), db_text(keep != NULL ? keep : "")), NULL,
                  error);
}

gboolean store_delete_expired(StoreTx *tx, UtcTime now, GError **error)
{
    const DbValue at[] = {db_integer(now)};
    return db_run(tx->db, STATEMENT_SESSION_DELETE_EXPIRED, at, 1, NULL, error) &&
           db_run(tx->db, STATEMENT_INVITATION_DELETE_EXPIRED, at, 1, NULL, error) &&
           db_run(tx->db, STATEMENT_API_TOKEN_DELETE_EXPIRED, at, 1, NULL, error);
}

/* ---- invitations */

void store_invitation_free(StoreInvitation *invitation)
{
    if (invitation == NULL)
        return;
    g_free(invitation->digest);
    g_free(invitation->email);
    g_free(invitation->role);
    g_free(invitation->invited_by);
    g_free(invitation);
}

static gpointer read_invitation(DbRows *rows)
{
    StoreInvitation *invitation = g_new0(StoreInvitation, 1);
    *invitation = (StoreInvitation){
        .digest = db_column_copy(rows, 0),
        .email = db_column_copy(rows, 1),
        .role = db_column_copy(rows, 2),
        .invited_by = db_column_copy(rows, 3),
        .created = db_column_optional(rows, 4),
        .expires = db_column_optional(rows, 5),
    };
    return invitation;
}

gboolean store_put_invitation(StoreTx *tx, const StoreInvitation *invitation, GError **error)
{
    return db_run(tx->db, STATEMENT_INVITATION_PUT,
                  DB_PARAMS(db_text(invitation->digest), db_text(invitation->email),
                            db_text(invitation->role), db_text(invitation->invited_by),
                            db_integer(invitation->created), db_integer(invitation->expires)),
                  NULL, error);
}

gboolean store_find_invitation(Store *store, const char *digest, StoreInvitation **ret_invitation,
                               GError **error)
{
    return store_find_one(store, STATEMENT_INVITATION_GET, DB_PARAMS(db_text(digest)),
                          read_invitation, (GDestroyNotify) store_invitation_free,
                          (gpointer *) ret_invitation, error);
}

GPtrArray *store_list_invitations(Store *store, GError **error)
{
    return store_list(store, STATEMENT_INVITATION_LIST, DB_NO_PARAMS, read_invitation,
                      (GDestroyNotify) store_invitation_free, error);
}

gboolean store_take_invitation(StoreTx *tx, const char *digest, gboolean *ret_was_there,
                               GError **error)
{
    gint64 affected = 0;
    if (!db_run(tx->db, STATEMENT_INVITATION_DELETE, DB_PARAMS(db_text(digest)), &affected, error))
        return FALSE;
    *ret_was_there = affected > 0;
    return TRUE;
}
