/*
 * client: from a request to the answer that counts.
 *
 * client_exchange brings one request through budget, token renewal, redirects, rate limits and
 * retries to its final answer, whatever its status; client_accept turns an answer that is no
 * success into an error that names its object. Thread-safe like the public interface, which stands
 * on them.
 */
#pragma once

#include "bitbucket/bitbucket.h"
#include "bitbucket/budget.h"
#include "bitbucket/http.h"
#include "bitbucket/url.h"

#include <jansson.h>

typedef struct Dialect Dialect;

/* Time and chance, replaceable in tests. */
typedef struct {
    UtcTime (*now)(gpointer data);
    double (*random)(gpointer data); /* in [0, 1) */
    /* Waits on @changed, at most @pause. */
    void (*rest)(gpointer data, GCond *changed, GMutex *lock, Duration pause);
    gpointer data;
} ClientClock;

BitbucketClient *client_new_with_clock(const BitbucketClientConfig *config,
                                       const ClientClock *clock, GError **error);

typedef struct {
    char *url;
    char *form;    /* NULL: a GET */
    char *subject; /* for messages: "the pull requests of acme/web" */
    guint retries; /* at most so many for this one; G_MAXUINT: as configured */
} ClientRequest;
void client_request_clear(ClientRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClientRequest, client_request_clear)

typedef struct {
    HttpAnswer http;
    json_t *root; /* NULL when the body is no JSON (never for a success) */
    UtcTime server_time;
} ClientAnswer;
void client_answer_clear(ClientAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClientAnswer, client_answer_clear)

/* FALSE when there is no answer at all: NETWORK, TIMEOUT, RATE_LIMITED, CANCELLED, FOREIGN_HOST,
 * BODY_…, and CREDENTIAL_REJECTED for an OAuth client that gets no token. */
gboolean client_exchange(BitbucketClient *client, const ClientRequest *request,
                         ClientAnswer *ret_answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE for 2xx. A 401 is confirmed against an address known to be good before the credential is
 * condemned (one more request). */
gboolean client_accept(BitbucketClient *client, const ClientRequest *request,
                       const ClientAnswer *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const ApiBase *client_base(const BitbucketClient *client);
const Dialect *client_dialect(const BitbucketClient *client);
const Credential *client_credential(const BitbucketClient *client);

/* failure.c: the error for an answer that is no success. Pure. */
void failure_describe(const Credential *credential, const char *subject, long status, json_t *root,
                      GError **error);
