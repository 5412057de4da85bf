/*
 * What client.c and exchange.c share: the client itself.
 */
#pragma once

#include "bitbucket/credential.h"
#include "bitbucket/dialect.h"
#include "bitbucket/oauth.h"

struct BitbucketClient {
    /* Set once, then only read. */
    const Dialect *dialect;
    ApiBase base;
    Credential credential; /* copies */
    HttpEngine *engine;
    ClientClock clock;
    guint connect_timeout_ms, request_timeout_ms, retries, backoff_ms;
    Duration max_wait; /* of one fetch for the allowance */

    GMutex lock;   /* guards what follows, up to the token */
    GCond changed; /* cancelled, or the budget's pause */
    Budget budget;
    BitbucketTraffic traffic;
    gboolean cancelled;
    guint limited_in_a_row; /* 429s since the last other answer */
    char *known_good;       /* an address that has answered 200; NULL: none yet */

    GMutex token_lock; /* guards the token; held while one thread renews it */
    OauthToken token;
};

/* CANCELLED; returns FALSE. */
gboolean client_fail_cancelled(const char *subject, GError **error);

/* Rests with the lock held; FALSE when cancelled meanwhile. */
gboolean client_rest(BitbucketClient *client, Duration pause);

/* token.c: a copy of an OAuth access token that is neither about to expire nor @stale (may be
 * NULL), renewed if need be. Free with credential_free_secret. */
char *client_bearer(BitbucketClient *client, const char *stale, const char *subject,
                    GError **error);
