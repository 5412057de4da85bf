/* Accounts, invitations, API tokens. */
#include "web/table.h"

#include <sodium.h>
#include <string.h>

#define INVITATION_LIFE (7 * TIME_DAY)
#define TOKEN_DAYS_MOST 365

/* ---- accounts */

static json_t *user_json(const StoreAccount *account)
{
    json_t *user = json_pack("{s:I, s:s, s:s, s:s, s:b}", "id", (json_int_t) account->account_id,
                             "email", account->email, "name", account->name, "role", account->role,
                             "disabled", account->disabled != TIME_ABSENT);
    json_object_set_new(user, "created", web_json_time(account->created));
    return user;
}

gboolean web_list_users(const WebCall *call, WebReply *reply, GError **error)
{
    g_autoptr(GPtrArray) accounts = store_list_accounts(call->store, error);
    if (accounts == NULL)
        return FALSE;
    json_t *items = json_array();
    for (guint i = 0; i < accounts->len; i++)
        json_array_append_new(items, user_json(accounts->pdata[i]));
    static const char *const COLUMNS[] = {"id",       "email",   "name", "role",
                                          "disabled", "created", NULL};
    web_reply_list(call, reply, json_pack("{s:o}", "items", items), "items", COLUMNS);
    return TRUE;
}

/* What is asked of an account: another role, or to be shut out or let in again. */
static gboolean apply_change(StoreAccount *account, json_t *body, UtcTime now, GError **error)
{
    WebRole role;
    json_t *disabled = json_object_get(body, "disabled");
    if (json_object_get(body, "role") != NULL) {
        if (!web_need_role(body, &role, error))
            return FALSE;
        g_free(account->role);
        account->role = g_strdup(web_role_name(role));
    }
    if (disabled != NULL && !json_is_boolean(disabled))
        return web_invalid(error, "\"disabled\" is neither true nor false.");
    if (disabled != NULL)
        account->disabled = json_is_true(disabled) ? now : TIME_ABSENT;
    return TRUE;
}

/* In one transaction, so that two administrators cannot remove each other at once. */
static gboolean put_changed(const WebCall *call, const StoreAccount *account, GError **error)
{
    gint64 admins = 0;
    g_autofree char *detail = g_strdup_printf("%s%s", account->role,
                                              account->disabled != TIME_ABSENT ? ", shut out" : "");
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (tx == NULL || !store_put_account(tx, account, error) ||
        !store_count_accounts(tx, web_role_name(ROLE_ADMIN), &admins, error))
        return FALSE;
    if (admins == 0)
        return web_invalid(error, "%s is the last administrator; make somebody else one first.",
                           account->email);
    return (account->disabled == TIME_ABSENT ||
            store_delete_sessions(tx, account->account_id, NULL, error)) &&
           web_note_act(tx, call, "user.change", account->email, detail, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_patch_user(const WebCall *call, WebReply *reply, GError **error)
{
    gint64 id = 0;
    g_autoptr(StoreAccount) account = NULL;
    if (!web_need_id(call->request->parts[0], &id, error) ||
        !store_get_account(call->store, id, &account, error))
        return FALSE;
    if (account == NULL) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "There is no account with this id.");
        return FALSE;
    }
    json_t *body = request_json(call->request, error);
    gboolean done = body != NULL && apply_change(account, body, call->now, error) &&
                    put_changed(call, account, error);
    json_decref(body);
    if (done)
        reply_json(reply, 200, user_json(account));
    return done;
}

/* ---- invitations */

gboolean web_list_invitations(const WebCall *call, WebReply *reply, GError **error)
{
    g_autoptr(GPtrArray) invitations = store_list_invitations(call->store, error);
    if (invitations == NULL)
        return FALSE;
    json_t *items = json_array();
    for (guint i = 0; i < invitations->len; i++) {
        const StoreInvitation *invitation = invitations->pdata[i];
        json_t *item =
            json_pack("{s:s, s:s, s:s, s:s}", "id", invitation->digest, "email", invitation->email,
                      "role", invitation->role, "invited_by", invitation->invited_by);
        json_object_set_new(item, "expires", web_json_time(invitation->expires));
        json_array_append_new(items, item);
    }
    static const char *const COLUMNS[] = {"id", "email", "role", "invited_by", "expires", NULL};
    web_reply_list(call, reply, json_pack("{s:o}", "items", items), "items", COLUMNS);
    return TRUE;
}

static gboolean put_invitation(const WebCall *call, const char *email, WebRole role,
                               const char *digest, GError **error)
{
    g_autoptr(StoreAccount) known = NULL;
    if (!store_find_account(call->store, email, &known, error))
        return FALSE;
    if (known != NULL)
        return web_invalid(error, "%s has an account already.", email);
    StoreInvitation invitation = {.digest = (char *) digest,
                                  .email = (char *) email,
                                  .role = (char *) web_role_name(role),
                                  .invited_by = call->caller->email,
                                  .created = call->now,
                                  .expires = call->now + INVITATION_LIFE};
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL && store_put_invitation(tx, &invitation, error) &&
           web_note_act(tx, call, "user.invite", email, web_role_name(role), error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* The link is told once; it is not kept. Its secret is the fragment, which no browser sends. */
gboolean web_post_invitation(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    g_autofree char *email = web_need_email(body, error);
    WebRole role = ROLE_VIEWER;
    g_autofree char *secret = web_secret_new("");
    g_autofree char *digest = web_secret_digest(secret);
    gboolean done = email != NULL && web_need_role(body, &role, error) &&
                    put_invitation(call, email, role, digest, error);
    json_decref(body);
    if (done) {
        g_autofree char *link = g_strconcat(call->server->origin, "/join#", secret, NULL);
        json_t *document = json_pack("{s:s, s:s, s:s, s:s}", "id", digest, "email", email, "role",
                                     web_role_name(role), "link", link);
        json_object_set_new(document, "expires", web_json_time(call->now + INVITATION_LIFE));
        reply_json(reply, 201, document);
        sodium_memzero(link, strlen(link));
    }
    sodium_memzero(secret, strlen(secret));
    return done;
}

gboolean web_delete_invitation(const WebCall *call, WebReply *reply, GError **error)
{
    gboolean was_there = FALSE;
    const char *digest = call->request->parts[0];
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (tx == NULL || !store_take_invitation(tx, digest, &was_there, error) ||
        (was_there && !web_note_act(tx, call, "user.uninvite", digest, "", error)) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    reply_nothing(reply);
    return TRUE;
}

/* ---- API tokens */

static json_t *token_json(const StoreApiToken *token)
{
    json_t *item = json_pack("{s:I, s:s, s:s}", "id", (json_int_t) token->token_id, "name",
                             token->name, "role", token->role);
    json_object_set_new(item, "created", web_json_time(token->created));
    json_object_set_new(item, "expires", web_json_time(token->expires));
    json_object_set_new(item, "last_used", web_json_time(token->used));
    return item;
}

gboolean web_list_tokens(const WebCall *call, WebReply *reply, GError **error)
{
    g_autoptr(GPtrArray) tokens =
        store_list_api_tokens(call->store, call->caller->account_id, error);
    if (tokens == NULL)
        return FALSE;
    json_t *items = json_array();
    for (guint i = 0; i < tokens->len; i++)
        json_array_append_new(items, token_json(tokens->pdata[i]));
    static const char *const COLUMNS[] = {"id",      "name",      "role", "created",
                                          "expires", "last_used", NULL};
    web_reply_list(call, reply, json_pack("{s:o}", "items", items), "items", COLUMNS);
    return TRUE;
}

static gboolean read_token(const WebCall *call, json_t *body, StoreApiToken *ret_token,
                           GError **error)
{
    WebRole role;
    const char *name = web_need_text(body, "name", error);
    json_t *days = json_object_get(body, "days");
    if (name == NULL || !web_need_role(body, &role, error))
        return FALSE;
    if (role > call->caller->role)
        return web_invalid(error, "A token cannot have a role that you have not.");
    if (!json_is_integer(days) || json_integer_value(days) < 1 ||
        json_integer_value(days) > TOKEN_DAYS_MOST)
        return web_invalid(error, "\"days\" must be between 1 and %d.", TOKEN_DAYS_MOST);
    *ret_token = (StoreApiToken){.token_id = web_new_id(),
                                 .account_id = call->caller->account_id,
                                 .name = (char *) name,
                                 .role = (char *) web_role_name(role),
                                 .created = call->now,
                                 .expires = call->now + json_integer_value(days) * TIME_DAY,
                                 .used = TIME_ABSENT};
    return TRUE;
}

/* The token is told once; it is not kept. */
gboolean web_post_token(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    StoreApiToken token;
    gboolean done = FALSE;
    if (read_token(call, body, &token, error)) {
        char *secret = web_secret_new(WEB_TOKEN_PREFIX);
        g_autofree char *digest = token.digest = web_secret_digest(secret);
        g_autoptr(StoreTx) tx = store_begin(call->store, error);
        done = tx != NULL && store_put_api_token(tx, &token, error) &&
               web_note_act(tx, call, "token.add", token.name, token.role, error) &&
               store_commit(g_steal_pointer(&tx), error);
        if (done) {
            json_t *document = token_json(&token);
            json_object_set_new(document, "token", json_string(secret));
            reply_json(reply, 201, document);
        }
        sodium_memzero(secret, strlen(secret));
        g_free(secret);
    }
    json_decref(body);
    return done;
}

gboolean web_delete_token(const WebCall *call, WebReply *reply, GError **error)
{
    gint64 id = 0;
    if (!web_need_id(call->request->parts[0], &id, error))
        return FALSE;
    g_autoptr(GPtrArray) tokens =
        store_list_api_tokens(call->store, call->caller->account_id, error);
    for (guint i = 0; tokens != NULL && i < tokens->len; i++) {
        const StoreApiToken *token = tokens->pdata[i];
        if (token->token_id != id)
            continue;
        g_autoptr(StoreTx) tx = store_begin(call->store, error);
        if (tx == NULL || !store_delete_api_token(tx, id, error) ||
            !web_note_act(tx, call, "token.remove", token->name, "", error) ||
            !store_commit(g_steal_pointer(&tx), error))
            return FALSE;
        reply_nothing(reply);
        return TRUE;
    }
    if (tokens != NULL)
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "You have no token with this id.");
    return FALSE;
}
