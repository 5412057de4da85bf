/* Accounts and the tokens that act for them. */
#include "store/inside.h"

/* ---- one row that may not be there */

gboolean store_find_one(Store *store, StatementId statement, const DbValue *params, gsize n_params,
                        StoreRowReader read, GDestroyNotify destroy, gpointer *ret_row,
                        GError **error)
{
    g_autoptr(GPtrArray) rows =
        store_list(store, statement, params, n_params, read, destroy, error);
    if (rows == NULL)
        return FALSE;
    *ret_row = rows->len > 0 ? g_ptr_array_steal_index(rows, 0) : NULL;
    return TRUE;
}

/* ---- accounts */

void store_account_free(StoreAccount *account)
{
    if (account == NULL)
        return;
    g_free(account->email);
    g_free(account->name);
    g_free(account->role);
    g_free(account->password);
    g_free(account);
}

static gpointer read_account(DbRows *rows)
{
    StoreAccount *account = g_new0(StoreAccount, 1);
    *account = (StoreAccount){
        .account_id = db_column_integer(rows, 0),
        .email = db_column_copy(rows, 1),
        .name = db_column_copy(rows, 2),
        .role = db_column_copy(rows, 3),
        .password = db_column_copy(rows, 4),
        .created = db_column_optional(rows, 5),
        .disabled = db_column_optional(rows, 6),
    };
    return account;
}

gboolean store_put_account(StoreTx *tx, const StoreAccount *account, GError **error)
{
    gint64 others = 0;
    if (!db_get_integer(tx->db, STATEMENT_ACCOUNT_OTHER,
                        DB_PARAMS(db_text(account->email), db_integer(account->account_id)), 0,
                        &others, error))
        return FALSE;
    if (others > 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "There is an account with the address %s already.", account->email);
        return FALSE;
    }
    return db_run(tx->db, STATEMENT_ACCOUNT_PUT,
                  DB_PARAMS(db_integer(account->account_id), db_text(account->email),
                            db_text(account->name), db_text(account->role),
                            db_text(account->password), db_integer(account->created),
                            db_optional(account->disabled)),
                  NULL, error);
}

gboolean store_find_account(Store *store, const char *email, StoreAccount **ret_account,
                            GError **error)
{
    return store_find_one(store, STATEMENT_ACCOUNT_BY_EMAIL, DB_PARAMS(db_text(email)),
                          read_account, (GDestroyNotify) store_account_free,
                          (gpointer *) ret_account, error);
}

gboolean store_get_account(Store *store, gint64 account_id, StoreAccount **ret_account,
                           GError **error)
{
    return store_find_one(store, STATEMENT_ACCOUNT_GET, DB_PARAMS(db_integer(account_id)),
                          read_account, (GDestroyNotify) store_account_free,
                          (gpointer *) ret_account, error);
}

GPtrArray *store_list_accounts(Store *store, GError **error)
{
    return store_list(store, STATEMENT_ACCOUNT_LIST, DB_NO_PARAMS, read_account,
                      (GDestroyNotify) store_account_free, error);
}

gboolean store_count_accounts(StoreTx *tx, const char *role, gint64 *ret_count, GError **error)
{
    if (role == NULL)
        return db_get_integer(tx->db, STATEMENT_ACCOUNT_COUNT, DB_NO_PARAMS, 0, ret_count, error);
    return db_get_integer(tx->db, STATEMENT_ACCOUNT_COUNT_ROLE, DB_PARAMS(db_text(role)), 0,
                          ret_count, error);
}

gboolean store_has_accounts(Store *store, gboolean *ret_has, GError **error)
{
    gint64 count = 0;
    Db *db = store_reader(store, error);
    gboolean done =
        db != NULL && db_get_integer(db, STATEMENT_ACCOUNT_COUNT, DB_NO_PARAMS, 0, &count, error);
    store_reader_done(store, db);
    if (done)
        *ret_has = count > 0;
    return done;
}

/* ---- API tokens */

void store_api_token_free(StoreApiToken *token)
{
    if (token == NULL)
        return;
    g_free(token->digest);
    g_free(token->name);
    g_free(token->role);
    g_free(token);
}

static gpointer read_api_token(DbRows *rows)
{
    StoreApiToken *token = g_new0(StoreApiToken, 1);
    *token = (StoreApiToken){
        .token_id = db_column_integer(rows, 0),
        .account_id = db_column_integer(rows, 1),
        .digest = db_column_copy(rows, 2),
        .name = db_column_copy(rows, 3),
        .role = db_column_copy(rows, 4),
        .created = db_column_optional(rows, 5),
        .expires = db_column_optional(rows, 6),
        .used = db_column_optional(rows, 7),
    };
    return token;
}

gboolean store_put_api_token(StoreTx *tx, const StoreApiToken *token, GError **error)
{
    return db_run(tx->db, STATEMENT_API_TOKEN_PUT,
                  DB_PARAMS(db_integer(token->token_id), db_text(token->digest),
                            db_integer(token->account_id), db_text(token->name),
                            db_text(token->role), db_integer(token->created),
                            db_integer(token->expires), db_optional(token->used)),
                  NULL, error);
}

gboolean store_find_api_token(Store *store, const char *digest, StoreApiToken **ret_token,
                              GError **error)
{
    return store_find_one(store, STATEMENT_API_TOKEN_GET, DB_PARAMS(db_text(digest)),
                          read_api_token, (GDestroyNotify) store_api_token_free,
                          (gpointer *) ret_token, error);
}

GPtrArray *store_list_api_tokens(Store *store, gint64 account_id, GError **error)
{
    if (account_id == COUNT_ABSENT)
        return store_list(store, STATEMENT_API_TOKEN_LIST_ALL, DB_NO_PARAMS, read_api_token,
                          (GDestroyNotify) store_api_token_free, error);
    return store_list(store, STATEMENT_API_TOKEN_LIST, DB_PARAMS(db_integer(account_id)),
                      read_api_token, (GDestroyNotify) store_api_token_free, error);
}

gboolean store_delete_api_token(StoreTx *tx, gint64 token_id, GError **error)
{
    return db_run(tx->db, STATEMENT_API_TOKEN_DELETE, DB_PARAMS(db_integer(token_id)), NULL, error);
}
