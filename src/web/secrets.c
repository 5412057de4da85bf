/* Secrets that are handed out, passwords, and sessions made of them. */
#include "web/caller.h"

#include <sodium.h>
#include <string.h>

#define SECRET_BYTES 32

char *web_secret_new(const char *prefix)
{
    guint8 bytes[SECRET_BYTES];
    char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *secret = g_strconcat(prefix, text, NULL);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(text, sizeof text);
    return secret;
}

/* BLAKE2b-256 of @purpose, a separator and the secret, in hex. */
static char *digest_for(const char *purpose, const char *secret)
{
    guint8 hash[crypto_generichash_BYTES];
    char hex[2 * crypto_generichash_BYTES + 1];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const guint8 *) purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const guint8 *) secret, strlen(secret));
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return g_strdup(hex);
}

char *web_secret_digest(const char *secret)
{
    return digest_for("plumbline secret", secret);
}

char *web_csrf_of(const char *session_secret)
{
    return digest_for("plumbline csrf", session_secret);
}

char *web_password_hash(const char *password, const char *email, GError **error)
{
    const char *fault = NULL;
    if (!g_utf8_validate(password, -1, NULL) || strlen(password) > WEB_PASSWORD_MOST)
        fault = "The password is too long, or not UTF-8.";
    else if (g_utf8_strlen(password, -1) < WEB_PASSWORD_LEAST)
        fault = "The password is too short: 12 characters are the least. A sentence is good.";
    else if (g_ascii_strcasecmp(password, email) == 0)
        fault = "The password must not be the address.";
    if (fault != NULL) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, fault);
        return NULL;
    }
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INTERNAL,
                            "There is not enough memory to make the password's hash.");
        return NULL;
    }
    return g_strdup(hash);
}

gboolean web_password_fits(const char *hash, const char *password)
{
    /* Of a random password that nobody knows; made once, so that its cost is that of a real one. */
    static gsize once = 0;
    static char nobody[crypto_pwhash_STRBYTES];
    if (g_once_init_enter(&once)) {
        g_autofree char *random = web_secret_new("");
        gboolean made =
            crypto_pwhash_str(nobody, random, strlen(random), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
        g_once_init_leave(&once, made ? 1 : 2);
    }
    if (strlen(password) > WEB_PASSWORD_MOST)
        return FALSE;
    gboolean fits =
        crypto_pwhash_str_verify(hash != NULL ? hash : nobody, password, strlen(password)) == 0;
    return fits && hash != NULL;
}

gint64 web_new_id(void)
{
    guint64 bits = 0;
    do {
        randombytes_buf(&bits, sizeof bits);
        bits >>= 11;
    } while (bits == 0);
    return (gint64) bits;
}

UtcTime web_now(void)
{
    return g_get_real_time();
}

gboolean web_session_begin(StoreTx *tx, const WebRequest *request, WebReply *reply,
                           gint64 account_id, UtcTime now, GError **error)
{
    g_autofree char *secret = web_secret_new("");
    g_autofree char *digest = web_secret_digest(secret);
    const char *agent = request_header(request, "user-agent");
    g_autofree char *short_agent = g_utf8_substring(agent != NULL ? agent : "", 0,
                                                    MIN(200, agent ? g_utf8_strlen(agent, -1) : 0));
    StoreSession session = {.digest = digest,
                            .account_id = account_id,
                            .created = now,
                            .seen = now,
                            .expires = now + WEB_SESSION_IDLE,
                            .peer = request->peer,
                            .agent = short_agent};
    gboolean put = store_put_session(tx, &session, error);
    if (put) {
        g_autofree char *cookie =
            g_strdup_printf(WEB_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%d",
                            secret, (int) (WEB_SESSION_MOST / TIME_SECOND));
        reply_header(reply, "Set-Cookie", cookie);
        sodium_memzero(cookie, strlen(cookie));
    }
    sodium_memzero(secret, strlen(secret));
    return put;
}

void web_session_cookie_clear(WebReply *reply)
{
    reply_header(reply, "Set-Cookie",
                 WEB_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}
