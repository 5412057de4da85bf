/*
 * oauth: access tokens for an OAuth client, kept in memory only.
 *
 * Not thread-safe; the client guards it with a lock of its own, so that one thread renews while the
 * others wait for it.
 */
#pragma once

#include "bitbucket/bitbucket.h"
#include "bitbucket/http.h"
#include "bitbucket/url.h"

typedef struct {
    char *bearer;     /* NULL: none yet */
    UtcTime renew_at; /* a little before it expires */
} OauthToken;
void oauth_token_clear(OauthToken *token);

/* The address that gives tokens for @base: bitbucket.org for Bitbucket Cloud, else the same origin.
 * g_free. */
char *oauth_token_url(const ApiBase *base);

/* One attempt at a new token. CREDENTIAL_REJECTED when refused, UNAVAILABLE for what may be better
 * later, or what http_engine_perform reports. */
gboolean oauth_token_renew(OauthToken *token, HttpEngine *engine, const ApiBase *base,
                           const Credential *credential, guint timeout_ms, UtcTime now,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
