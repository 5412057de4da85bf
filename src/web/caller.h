/*
 * caller: who asks. Inside the web room.
 *
 * Somebody is known by a session cookie or by an API token in "Authorization: Bearer". A session's
 * requests that change something must carry the session's CSRF token in X-CSRF-Token and, where the
 * browser tells it, come from our own origin; a token's need neither, for no browser sends it by
 * itself. A session ends 14 days after its last use and 90 days after its begin.
 */
#pragma once

#include "web/request.h"
#include "web/web.h"

typedef enum { ROLE_ANYBODY, ROLE_VIEWER, ROLE_EDITOR, ROLE_ADMIN, ROLE_COUNT } WebRole;
const char *web_role_name(WebRole role); /* "viewer", "editor", "admin"; "anybody" */
/* FALSE for "anybody" and unknown ones. */
gboolean web_role_from_name(const char *name, WebRole *ret_role);

typedef struct {
    WebRole role;
    gint64 account_id; /* COUNT_ABSENT: nobody known */
    char *email, *name;
    char *session; /* the session's digest; NULL: came with a token */
    char *token;   /* the API token's digest; NULL: came with a session */
    char *csrf;    /* the session's; NULL as above */
} WebCaller;
void web_caller_clear(WebCaller *caller);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebCaller, web_caller_clear)

/* Nobody known is no failure: the role is ROLE_ANYBODY then. CREDENTIAL_REJECTED when a token was
 * shown that is none or has expired. Failures of the store. */
gboolean web_caller_find(Store *store, const WebRequest *request, UtcTime now,
                         WebCaller *ret_caller, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a request of this caller may change something. @origin: ours. FORBIDDEN in words. */
gboolean web_caller_may_change(const WebCaller *caller, const WebRequest *request,
                               const char *origin, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- secrets that are handed out */

#define WEB_COOKIE         "__Host-plumbline"
#define WEB_TOKEN_PREFIX   "plb_"
#define WEB_SESSION_IDLE   (14 * TIME_DAY)
#define WEB_SESSION_MOST   (90 * TIME_DAY)
#define WEB_PASSWORD_LEAST 12  /* characters */
#define WEB_PASSWORD_MOST  256 /* bytes: Argon2id reads them all */

/* 32 random bytes in base64 for addresses, with a prefix that secret scanners can look for. g_free
 * after wiping. */
char *web_secret_new(const char *prefix);
/* What is kept of it: BLAKE2b-256 in hex. g_free. */
char *web_secret_digest(const char *secret);
/* The CSRF token that goes with a session's secret: told in JSON, not in a cookie. g_free. */
char *web_csrf_of(const char *session_secret);

/* Argon2id (libsodium's "moderate" would keep a worker for a second: "interactive" it is). INVALID
 * for a password that is too short, too long, or the address itself. */
char *web_password_hash(const char *password, const char *email,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As slow for an account that there is not (@hash NULL) as for one that there is. */
gboolean web_password_fits(const char *hash, const char *password);

/* Begins a session: puts it and sets the cookie. */
gboolean web_session_begin(StoreTx *tx, const WebRequest *request, WebReply *reply,
                           gint64 account_id, UtcTime now,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void web_session_cookie_clear(WebReply *reply);
gint64 web_new_id(void); /* random, positive, below 2^53 */
UtcTime web_now(void);
