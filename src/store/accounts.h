/*
 * accounts: who may use Plumbline, and what administrators did. Part of the store's public header;
 * see store.h for what holds everywhere.
 *
 * Accounts belong to the instance, not to a workspace. Of sessions, invitations and API tokens the
 * store knows a digest only (the web room makes it); of passwords the Argon2id text that libsodium
 * writes. Nothing here judges: whether an expired session is good is the caller's to say.
 */
#pragma once

#include "store/store.h"

typedef struct {
    gint64 account_id;
    char *email; /* lower case */
    char *name, *role, *password;
    UtcTime created, disabled; /* disabled absent: may sign in */
} StoreAccount;
void store_account_free(StoreAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreAccount, store_account_free)

/* Adds an account, or writes the one with this account_id anew. INVALID when another account has
 * the address. */
gboolean store_put_account(StoreTx *tx, const StoreAccount *account,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *@ret_account NULL: there is none. */
gboolean store_find_account(Store *store, const char *email, StoreAccount **ret_account,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_get_account(Store *store, gint64 account_id, StoreAccount **ret_account,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_list_accounts(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many may sign in with this role; @role NULL: with any. Inside a transaction, so that "the
 * last administrator" stays true until it is committed. */
gboolean store_count_accounts(StoreTx *tx, const char *role, gint64 *ret_count, GError **error);
gboolean store_has_accounts(Store *store, gboolean *ret_has, GError **error);

typedef struct {
    char *digest;
    gint64 account_id;
    UtcTime created, seen, expires;
    char *peer, *agent;
} StoreSession;
void store_session_free(StoreSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreSession, store_session_free)
gboolean store_put_session(StoreTx *tx, const StoreSession *session, GError **error);
gboolean store_find_session(Store *store, const char *digest, StoreSession **ret_session,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_list_sessions(Store *store, gint64 account_id,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_delete_session(StoreTx *tx, const char *digest, GError **error);
/* All of the account's but @keep (NULL: all). */
gboolean store_delete_sessions(StoreTx *tx, gint64 account_id, const char *keep, GError **error);
/* What has expired by @now, invitations and tokens too. */
gboolean store_delete_expired(StoreTx *tx, UtcTime now, GError **error);

typedef struct {
    char *digest, *email, *role, *invited_by;
    UtcTime created, expires;
} StoreInvitation;
void store_invitation_free(StoreInvitation *invitation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreInvitation, store_invitation_free)
gboolean store_put_invitation(StoreTx *tx, const StoreInvitation *invitation, GError **error);
gboolean store_find_invitation(Store *store, const char *digest, StoreInvitation **ret_invitation,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_list_invitations(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *@ret_was_there FALSE: somebody else took it. */
gboolean store_take_invitation(StoreTx *tx, const char *digest, gboolean *ret_was_there,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 token_id, account_id;
    char *digest, *name, *role;
    UtcTime created, expires, used;
} StoreApiToken;
void store_api_token_free(StoreApiToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreApiToken, store_api_token_free)
gboolean store_put_api_token(StoreTx *tx, const StoreApiToken *token, GError **error);
gboolean store_find_api_token(Store *store, const char *digest, StoreApiToken **ret_token,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @account_id COUNT_ABSENT: of everybody. */
GPtrArray *store_list_api_tokens(Store *store, gint64 account_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_delete_api_token(StoreTx *tx, gint64 token_id, GError **error);

typedef struct {
    gint64 seq; /* given by the store */
    UtcTime at;
    char *actor;   /* an address, or "setup", "command line" */
    char *act;     /* "connection.add"; a closed list of the web room */
    char *subject; /* what it was done to */
    char *detail;  /* one sentence; "" */
    char *peer;
} StoreAdminAct;
void store_admin_act_free(StoreAdminAct *act);
gboolean store_add_admin_act(StoreTx *tx, const StoreAdminAct *act, GError **error);
typedef struct {
    const char *act, *actor; /* NULL: any */
    UtcTime from, until;     /* TIME_ABSENT: open */
    gint64 before;           /* those below; G_MAXINT64: from the newest */
    gint64 limit;
} AdminActFilter;
/* Newest first. GPtrArray of StoreAdminAct. */
GPtrArray *store_list_admin_acts(Store *store, const AdminActFilter *filter,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The kinds of acts that there are, and who did them, in order. GPtrArray of char *. */
GPtrArray *store_list_act_kinds(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *store_list_act_actors(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
