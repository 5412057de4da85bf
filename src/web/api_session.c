/* Signing in and out, the first administrator, invitations taken, passwords. */
#include "web/peer.h"
#include "web/server.h"

#include <sodium.h>
#include <string.h>

static json_t *account_json(const char *email, const char *name, WebRole role)
{
    return json_pack("{s:s, s:s, s:s}", "email", email, "name", name, "role", web_role_name(role));
}

/* Who the caller is, what may be done about it, and whether the instance waits for its set-up. */
gboolean web_get_session(const WebCall *call, WebReply *reply, GError **error)
{
    g_mutex_lock(&call->server->lock);
    gboolean waits = call->server->setup_digest != NULL;
    g_mutex_unlock(&call->server->lock);
    const WebCaller *caller = call->caller;
    json_t *document = json_pack("{s:b, s:s}", "setup_needed", waits, "version", PLUMBLINE_VERSION);
    if (caller->role == ROLE_ANYBODY) {
        json_object_set_new(document, "account", json_null());
    } else {
        json_object_set_new(document, "account",
                            account_json(caller->email, caller->name, caller->role));
        json_object_set_new(document, "csrf_token",
                            caller->csrf != NULL ? json_string(caller->csrf) : json_null());
    }
    reply_json(reply, 200, document);
    return TRUE;
}

/* ---- sign-in */

static gboolean refuse_wait(WebReply *reply, Duration wait)
{
    if (wait <= 0)
        return FALSE;
    gint64 seconds = (wait + TIME_SECOND - 1) / TIME_SECOND;
    g_autofree char *detail = g_strdup_printf(
        "Too many attempts failed. Try again in %" G_GINT64_FORMAT " seconds.", seconds);
    g_autofree char *header = g_strdup_printf("%" G_GINT64_FORMAT, seconds);
    reply_problem(reply, 429, "throttled", "Wait before the next attempt.", detail);
    reply_header(reply, "Retry-After", header);
    return TRUE;
}

/* Guesses count by where they come from and by the account they are made at. */
static gboolean is_throttled(const WebCall *call, const char *email, WebReply *reply)
{
    gint64 now = g_get_monotonic_time();
    g_autofree char *network = peer_network(call->request->peer);
    Duration by_peer = throttle_wait(call->server->sign_ins, network, now);
    Duration by_email = throttle_wait(call->server->sign_ins, email, now);
    return refuse_wait(reply, MAX(by_peer, by_email));
}

static void count_attempt(const WebCall *call, const char *email, gboolean good)
{
    Throttle *throttle = call->server->sign_ins;
    g_autofree char *network = peer_network(call->request->peer);
    if (good) {
        throttle_succeeded(throttle, email);
        throttle_succeeded(throttle, network);
        return;
    }
    gint64 now = g_get_monotonic_time();
    throttle_failed(throttle, email, now);
    throttle_failed(throttle, network, now);
}

static gboolean begin_session(const WebCall *call, WebReply *reply, gint64 account_id,
                              GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL && store_delete_expired(tx, call->now, error) &&
           web_session_begin(tx, call->request, reply, account_id, call->now, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_post_session(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    g_autofree char *email = web_need_email(body, error);
    const char *password = json_string_value(json_object_get(body, "password"));
    gboolean done = FALSE;
    g_autoptr(StoreAccount) account = NULL;
    WebRole role = ROLE_ANYBODY;
    if (email == NULL) {
        done = FALSE;
    } else if (password == NULL) {
        web_invalid(error, "\"password\" is missing.");
    } else if (is_throttled(call, email, reply)) {
        done = TRUE;
    } else if (store_find_account(call->store, email, &account, error)) {
        gboolean fits = web_password_fits(account != NULL ? account->password : NULL, password) &&
                        account->disabled == TIME_ABSENT &&
                        web_role_from_name(account->role, &role);
        count_attempt(call, email, fits);
        if (!fits)
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
                                "The address and the password do not belong together.");
        else if ((done = begin_session(call, reply, account->account_id, error)))
            reply_json(reply, 201, account_json(account->email, account->name, role));
    }
    json_decref(body);
    return done;
}

gboolean web_delete_session(const WebCall *call, WebReply *reply, GError **error)
{
    if (call->caller->session != NULL) {
        g_autoptr(StoreTx) tx = store_begin(call->store, error);
        if (tx == NULL || !store_delete_session(tx, call->caller->session, error) ||
            !store_commit(g_steal_pointer(&tx), error))
            return FALSE;
    }
    web_session_cookie_clear(reply);
    reply_nothing(reply);
    return TRUE;
}

/* ---- accounts that begin */

typedef struct {
    char *email, *name, *hash;
} NewAccount;

static void new_account_clear(NewAccount *account)
{
    g_free(account->email);
    g_free(account->name);
    g_free(account->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NewAccount, new_account_clear)

/* @email: where the invitation says it; NULL: the body does. */
static gboolean read_new_account(json_t *body, const char *email, NewAccount *ret_account,
                                 GError **error)
{
    ret_account->email = email != NULL ? g_strdup(email) : web_need_email(body, error);
    const char *name = ret_account->email != NULL ? web_need_text(body, "name", error) : NULL;
    if (name == NULL)
        return FALSE;
    const char *password = json_string_value(json_object_get(body, "password"));
    ret_account->name = g_strdup(name);
    ret_account->hash =
        web_password_hash(password != NULL ? password : "", ret_account->email, error);
    return ret_account->hash != NULL;
}

static gboolean put_new_account(const WebCall *call, StoreTx *tx, const NewAccount *account,
                                WebRole role, WebReply *reply, GError **error)
{
    StoreAccount row = {.account_id = web_new_id(),
                        .email = account->email,
                        .name = account->name,
                        .role = (char *) web_role_name(role),
                        .password = account->hash,
                        .created = call->now,
                        .disabled = TIME_ABSENT};
    return store_put_account(tx, &row, error) &&
           web_note_act(tx, call, "user.join", account->email, web_role_name(role), error) &&
           web_session_begin(tx, call->request, reply, row.account_id, call->now, error);
}

/* The code fits, and nobody was quicker. */
static gboolean take_setup_code(const WebCall *call, const char *code)
{
    g_autofree char *digest = web_secret_digest(code);
    g_mutex_lock(&call->server->lock);
    const char *wanted = call->server->setup_digest;
    gboolean fits = wanted != NULL && strlen(wanted) == strlen(digest) &&
                    sodium_memcmp(wanted, digest, strlen(wanted)) == 0;
    g_mutex_unlock(&call->server->lock);
    return fits;
}

static gboolean put_first_account(const WebCall *call, const NewAccount *account, WebReply *reply,
                                  GError **error)
{
    gint64 count = 0;
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (tx == NULL || !store_count_accounts(tx, NULL, &count, error))
        return FALSE;
    if (count > 0) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                            "This instance has its administrator already; sign in.");
        return FALSE;
    }
    if (!put_new_account(call, tx, account, ROLE_ADMIN, reply, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    g_mutex_lock(&call->server->lock);
    g_clear_pointer(&call->server->setup_digest, g_free);
    g_mutex_unlock(&call->server->lock);
    return TRUE;
}

gboolean web_post_setup(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    gboolean done = FALSE;
    g_auto(NewAccount) account = {NULL};
    const char *code = web_need_text(body, "code", error);
    if (code == NULL) {
        done = FALSE;
    } else if (is_throttled(call, "set-up", reply)) {
        done = TRUE;
    } else if (!take_setup_code(call, code)) {
        count_attempt(call, "set-up", FALSE);
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                            "This is not the set-up code. The server printed it when it started; "
                            "a restart makes a new one.");
    } else if (read_new_account(body, NULL, &account, error) &&
               put_first_account(call, &account, reply, error)) {
        reply_json(reply, 201, account_json(account.email, account.name, ROLE_ADMIN));
        done = TRUE;
    }
    json_decref(body);
    return done;
}

/* ---- invitations */

/* Its secret comes in the body: an address goes into logs, here and at every proxy. */
static StoreInvitation *need_invitation(const WebCall *call, json_t *body, GError **error)
{
    const char *secret = web_need_text(body, "secret", error);
    if (secret == NULL)
        return NULL;
    g_autofree char *digest = web_secret_digest(secret);
    g_autoptr(StoreInvitation) invitation = NULL;
    if (!store_find_invitation(call->store, digest, &invitation, error))
        return NULL;
    if (invitation == NULL || invitation->expires <= call->now) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "This invitation is not known, was taken already, or has expired. Ask "
                            "for a new one.");
        return NULL;
    }
    return g_steal_pointer(&invitation);
}

gboolean web_look_at_invitation(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *body = request_json(call->request, error);
    g_autoptr(StoreInvitation) invitation =
        body != NULL ? need_invitation(call, body, error) : NULL;
    json_decref(body);
    if (invitation == NULL)
        return FALSE;
    json_t *document = json_pack("{s:s, s:s, s:s}", "email", invitation->email, "role",
                                 invitation->role, "invited_by", invitation->invited_by);
    json_object_set_new(document, "expires", web_json_time(invitation->expires));
    reply_json(reply, 200, document);
    return TRUE;
}

static gboolean join(const WebCall *call, const StoreInvitation *invitation,
                     const NewAccount *account, WebRole role, WebReply *reply, GError **error)
{
    gboolean was_there = FALSE;
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (tx == NULL || !store_take_invitation(tx, invitation->digest, &was_there, error))
        return FALSE;
    if (!was_there) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "This invitation was taken already.");
        return FALSE;
    }
    return put_new_account(call, tx, account, role, reply, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_accept_invitation(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    g_autoptr(StoreInvitation) invitation = need_invitation(call, body, error);
    g_auto(NewAccount) account = {NULL};
    WebRole role = ROLE_VIEWER;
    gboolean done = invitation != NULL && web_role_from_name(invitation->role, &role) &&
                    read_new_account(body, invitation->email, &account, error) &&
                    join(call, invitation, &account, role, reply, error);
    json_decref(body);
    if (done)
        reply_json(reply, 201, account_json(account.email, account.name, role));
    return done;
}

/* ---- one's own password */

static gboolean change_password(const WebCall *call, StoreAccount *account, const char *password,
                                GError **error)
{
    char *hash = web_password_hash(password, account->email, error);
    if (hash == NULL)
        return FALSE;
    g_free(account->password);
    account->password = hash;
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL && store_put_account(tx, account, error) &&
           store_delete_sessions(tx, account->account_id, call->caller->session, error) &&
           web_note_act(tx, call, "user.password", account->email, "", error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* Ends the account's other sessions. */
gboolean web_put_password(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    const char *current = json_string_value(json_object_get(body, "current"));
    const char *wanted = json_string_value(json_object_get(body, "password"));
    gboolean done = FALSE;
    g_autoptr(StoreAccount) account = NULL;
    if (current == NULL || wanted == NULL) {
        web_invalid(error, "\"current\" or \"password\" is missing.");
    } else if (is_throttled(call, call->caller->email, reply)) {
        done = TRUE;
    } else if (store_get_account(call->store, call->caller->account_id, &account, error)) {
        gboolean fits = account != NULL && web_password_fits(account->password, current);
        count_attempt(call, call->caller->email, fits);
        if (!fits)
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                                "The current password is another one.");
        else if ((done = change_password(call, account, wanted, error)))
            reply_nothing(reply);
    }
    json_decref(body);
    return done;
}
