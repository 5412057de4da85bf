#include "web/caller.h"

#include <sodium.h>
#include <string.h>

static const char *const ROLE_NAMES[ROLE_COUNT] = {"anybody", "viewer", "editor", "admin"};

#define SEEN_STEP (5 * TIME_MINUTE) /* a session's last use is written no more often than this */

const char *web_role_name(WebRole role)
{
    return ROLE_NAMES[role];
}

gboolean web_role_from_name(const char *name, WebRole *ret_role)
{
    for (WebRole role = ROLE_VIEWER; role < ROLE_COUNT; role++) {
        if (!g_str_equal(name, ROLE_NAMES[role]))
            continue;
        *ret_role = role;
        return TRUE;
    }
    return FALSE;
}

void web_caller_clear(WebCaller *caller)
{
    g_free(caller->email);
    g_free(caller->name);
    g_free(caller->session);
    g_free(caller->token);
    g_free(caller->csrf);
    *caller = (WebCaller){.account_id = COUNT_ABSENT};
}

/* Makes the caller of an account that may still sign in. */
static gboolean take_account(Store *store, gint64 account_id, WebCaller *caller, GError **error)
{
    g_autoptr(StoreAccount) account = NULL;
    WebRole role;
    if (!store_get_account(store, account_id, &account, error))
        return FALSE;
    if (account == NULL || account->disabled != TIME_ABSENT ||
        !web_role_from_name(account->role, &role))
        return TRUE;
    caller->role = role;
    caller->account_id = account_id;
    caller->email = g_strdup(account->email);
    caller->name = g_strdup(account->name);
    return TRUE;
}

static gboolean touch(Store *store, StoreSession *session, UtcTime now, GError **error)
{
    if (now - session->seen < SEEN_STEP)
        return TRUE;
    session->seen = now;
    session->expires = MIN(now + WEB_SESSION_IDLE, session->created + WEB_SESSION_MOST);
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL && store_put_session(tx, session, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static gboolean by_cookie(Store *store, const WebRequest *request, const char *secret, UtcTime now,
                          WebCaller *caller, GError **error)
{
    g_autofree char *digest = web_secret_digest(secret);
    g_autoptr(StoreSession) session = NULL;
    if (!store_find_session(store, digest, &session, error))
        return FALSE;
    if (session == NULL || session->expires <= now)
        return TRUE;
    if (!take_account(store, session->account_id, caller, error))
        return FALSE;
    if (caller->role == ROLE_ANYBODY)
        return TRUE;
    caller->session = g_steal_pointer(&digest);
    caller->csrf = web_csrf_of(secret);
    return touch(store, session, now, error);
}

static gboolean by_token(Store *store, const char *secret, UtcTime now, WebCaller *caller,
                         GError **error)
{
    g_autofree char *digest = web_secret_digest(secret);
    g_autoptr(StoreApiToken) token = NULL;
    WebRole role;
    if (!store_find_api_token(store, digest, &token, error))
        return FALSE;
    if (token != NULL && token->expires > now && web_role_from_name(token->role, &role)) {
        if (!take_account(store, token->account_id, caller, error))
            return FALSE;
        caller->role = MIN(caller->role, role); /* its owner may have lost the role since */
    }
    if (caller->role == ROLE_ANYBODY) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
                            "This API token is not known here, or has expired.");
        return FALSE;
    }
    caller->token = g_steal_pointer(&digest);
    if (token->used != TIME_ABSENT && now - token->used < SEEN_STEP)
        return TRUE;
    token->used = now;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL && store_put_api_token(tx, token, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_caller_find(Store *store, const WebRequest *request, UtcTime now,
                         WebCaller *ret_caller, GError **error)
{
    g_auto(WebCaller) caller = {.account_id = COUNT_ABSENT};
    const char *authorization = request_header(request, "authorization");
    gboolean done = TRUE;
    if (authorization != NULL && g_ascii_strncasecmp(authorization, "Bearer ", 7) == 0) {
        done = by_token(store, authorization + 7, now, &caller, error);
    } else {
        g_autofree char *cookie = request_cookie(request, WEB_COOKIE);
        if (cookie != NULL)
            done = by_cookie(store, request, cookie, now, &caller, error);
    }
    if (!done)
        return FALSE;
    *ret_caller = caller;
    caller = (WebCaller){.account_id = COUNT_ABSENT};
    return TRUE;
}

gboolean web_caller_may_change(const WebCaller *caller, const WebRequest *request,
                               const char *origin, GError **error)
{
    const char *from = request_header(request, "origin");
    const char *site = request_header(request, "sec-fetch-site");
    if ((from != NULL && !g_str_equal(from, origin)) ||
        (site != NULL && !g_str_equal(site, "same-origin") && !g_str_equal(site, "none"))) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                            "Another site sent this request; it was not carried out. If this is "
                            "Plumbline's own address, start it with --origin.");
        return FALSE;
    }
    if (caller->session == NULL)
        return TRUE;
    const char *shown = request_header(request, "x-csrf-token");
    if (shown != NULL && strlen(shown) == strlen(caller->csrf) &&
        sodium_memcmp(shown, caller->csrf, strlen(shown)) == 0)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                        "The request lacks the session's X-CSRF-Token; load the page anew.");
    return FALSE;
}
