/* One request from the caller's question to the answer that counts: waits its turn, renews tokens,
 * follows redirects, sits out rate limits, repeats what failed by chance. */
#include "bitbucket/client_private.h"

#include "bitbucket/retry.h"

#include <string.h>

/* Against a server that answers nothing but 429 and asks for no pause. */
#define RATE_LIMITS_PER_FETCH 20

/* What one fetch has used up so far. */
typedef struct {
    BitbucketClient *client;
    const ClientRequest *request;
    char *url;          /* where it goes now */
    gboolean posts;     /* sends the form */
    guint retries;      /* done */
    guint redirects;    /* followed */
    guint rate_limited; /* 429s */
    char *bearer;       /* OAuth: the token that was sent last */
    char *stale;        /* OAuth: one that was refused and must not be sent again */
    gboolean token_renewed;
    Duration waited; /* for the allowance */
} Attempt;

typedef enum { VERDICT_FINAL, VERDICT_AGAIN, VERDICT_FAILED } Verdict;

static UtcTime now_of(BitbucketClient *client)
{
    return client->clock.now(client->clock.data);
}

/* ---- waiting ---- */

static gboolean fail_rate_limited(const Attempt *attempt, Duration wait, GError **error)
{
    g_set_error(
        error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_RATE_LIMITED,
        "Bitbucket's request allowance is used up, so %s could not be read; it opens again in "
        "%" G_GINT64_FORMAT " s. Try again then; what was read before is kept.",
        attempt->request->subject, (wait + TIME_SECOND - 1) / TIME_SECOND);
    return FALSE;
}

/* Takes a token from the budget, waiting for it. */
static gboolean wait_turn(Attempt *attempt, GError **error)
{
    BitbucketClient *client = attempt->client;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
    for (;;) {
        if (client->cancelled)
            return client_fail_cancelled(attempt->request->subject, error);
        UtcTime now = now_of(client);
        Duration wait = budget_take(&client->budget, now);
        if (wait == 0)
            break;
        if (attempt->waited + wait > client->max_wait)
            return fail_rate_limited(attempt, wait, error);
        client->clock.rest(client->clock.data, &client->changed, &client->lock, wait);
        attempt->waited += MAX(now_of(client) - now, 0);
    }
    client->traffic.requests++;
    return TRUE;
}

/* FALSE when no retries are left or the client was cancelled. */
static gboolean rest_before_retry(Attempt *attempt)
{
    BitbucketClient *client = attempt->client;
    if (attempt->retries >= MIN(client->retries, attempt->request->retries))
        return FALSE;
    attempt->retries++;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
    client->traffic.retries++;
    return client_rest(client, retry_backoff(client->backoff_ms, attempt->retries,
                                             client->clock.random(client->clock.data)));
}

static gboolean is_cancelled(BitbucketClient *client)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
    return client->cancelled;
}

/* ---- one attempt ---- */

/* The Authorization line; NULL when no token can be had. */
static char *authorize(Attempt *attempt, GError **error)
{
    BitbucketClient *client = attempt->client;
    if (client->credential.kind != CREDENTIAL_OAUTH_CLIENT)
        return credential_header(&client->credential, NULL);
    char *bearer = client_bearer(client, attempt->stale, attempt->request->subject, error);
    if (bearer == NULL)
        return NULL;
    credential_free_secret(g_steal_pointer(&attempt->stale));
    credential_free_secret(attempt->bearer);
    attempt->bearer = bearer;
    return credential_header(&client->credential, bearer);
}

static void note_answer(BitbucketClient *client, const ClientAnswer *answer)
{
    gint64 capacity;
    const char *limit = http_answer_header(&answer->http, "x-ratelimit-limit");
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
    client->traffic.bytes_received += answer->http.bytes_on_wire;
    if (answer->server_time != TIME_ABSENT)
        client->traffic.server_time = answer->server_time;
    if (limit != NULL && g_ascii_string_to_signed(limit, 10, 1, G_MAXINT32, &capacity, NULL))
        budget_set_capacity(&client->budget, capacity);
    if (answer->http.status != 429)
        client->limited_in_a_row = 0;
}

static gboolean send_once(Attempt *attempt, const char *authorization, ClientAnswer *ret_answer,
                          GError **error)
{
    BitbucketClient *client = attempt->client;
    HttpRequest request = {
        .url = attempt->url,
        .authorization = authorization,
        .form = attempt->posts ? attempt->request->form : NULL,
        .connect_timeout_ms = client->connect_timeout_ms,
        .timeout_ms = client->request_timeout_ms,
        .direct = client->base.loopback,
    };
    ClientAnswer answer = {.server_time = TIME_ABSENT};
    if (!http_engine_perform(client->engine, &request, &answer.http, error))
        return FALSE;
    const char *date = http_answer_header(&answer.http, "date");
    if (date == NULL || !time_parse_http_date(date, &answer.server_time, NULL))
        answer.server_time = TIME_ABSENT;
    note_answer(client, &answer);
    *ret_answer = answer;
    return TRUE;
}

/* All workers pause together. FALSE when that is too long for this fetch. */
static Verdict judge_rate_limit(Attempt *attempt, const ClientAnswer *answer, GError **error)
{
    BitbucketClient *client = attempt->client;
    UtcTime now = now_of(client);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
    client->traffic.rate_limited++;
    client->limited_in_a_row++;
    Duration pause =
        retry_after_rate_limit(http_answer_header(&answer->http, "retry-after"),
                               http_answer_header(&answer->http, "x-ratelimit-reset"),
                               answer->server_time != TIME_ABSENT ? answer->server_time : now,
                               client->limited_in_a_row, client->clock.random(client->clock.data));
    budget_pause(&client->budget, now + pause);
    g_cond_broadcast(&client->changed);
    if (++attempt->rate_limited <= RATE_LIMITS_PER_FETCH &&
        attempt->waited + pause <= client->max_wait)
        return VERDICT_AGAIN; /* wait_turn sits it out */
    fail_rate_limited(attempt, pause, error);
    return VERDICT_FAILED;
}

static gboolean is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static Verdict judge_redirect(Attempt *attempt, const ClientAnswer *answer, GError **error)
{
    const char *location = http_answer_header(&answer->http, "location");
    g_autofree char *target = location != NULL ? url_resolve(attempt->url, location) : NULL;
    if (target == NULL || !api_base_covers(&attempt->client->base, target)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FOREIGN_HOST,
                    "Bitbucket answered %ld for %s with an address outside %s; the credential was "
                    "not sent there.",
                    answer->http.status, attempt->request->subject, attempt->client->base.text);
        return VERDICT_FAILED;
    }
    if (++attempt->redirects > LIMIT_API_REDIRECTS) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                    "%s: more than %d redirects in a row.", attempt->request->subject,
                    LIMIT_API_REDIRECTS);
        return VERDICT_FAILED;
    }
    if (answer->http.status == 303)
        attempt->posts = FALSE;
    g_free(attempt->url);
    attempt->url = g_steal_pointer(&target);
    return VERDICT_AGAIN;
}

/* A success must be JSON; of a failure it is welcome. */
static gboolean read_body(ClientAnswer *answer, GError **error)
{
    const char *type = http_answer_header(&answer->http, "content-type");
    const Buffer *body = &answer->http.body;
    gboolean success = answer->http.status >= 200 && answer->http.status < 300;
    if (type != NULL && strcasestr(type, "json") == NULL) {
        if (!success)
            return TRUE;
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_FOREIGN,
                    "the answer is %.60s instead of JSON", type);
        return FALSE;
    }
    answer->root =
        json_document_read((const char *) body->data, body->length, success ? error : NULL);
    return answer->root != NULL || !success;
}

/* "api.bitbucket.org", "127.0.0.1:8080": whom the request went to. Free with g_free. */
static char *host_of(const char *url)
{
    g_autofree char *host = NULL;
    gint port = -1;
    if (!g_uri_split_network(url, G_URI_FLAGS_NONE, NULL, &host, &port, NULL) || host == NULL)
        return g_strdup("Bitbucket");
    return port < 0 ? g_steal_pointer(&host) : g_strdup_printf("%s:%d", host, port);
}

static void prefix_failure(const Attempt *attempt, GError *failure, GError **error)
{
    if (error_is(failure, PLUMBLINE_ERROR_CANCELLED)) {
        client_fail_cancelled(attempt->request->subject, error);
        return;
    }
    const char *advice = "";
    if (error_is(failure, PLUMBLINE_ERROR_NETWORK))
        advice = " Check the network, the address of the API and the proxy settings.";
    else if (error_is(failure, PLUMBLINE_ERROR_TIMEOUT))
        advice = " Bitbucket did not answer in time; try again later.";
    g_autofree char *host = host_of(attempt->url);
    g_set_error(error, PLUMBLINE_ERROR, failure->code, "Reading %s from %s failed: %s.%s",
                attempt->request->subject, host, failure->message, advice);
}

/* Failures without an answer: most pass. */
static Verdict judge_failure(Attempt *attempt, GError *failure, GError **error)
{
    gboolean lasting = error_is(failure, PLUMBLINE_ERROR_CANCELLED) ||
                       error_is(failure, PLUMBLINE_ERROR_BODY_TOO_LARGE) ||
                       error_is(failure, PLUMBLINE_ERROR_LIMIT) ||
                       error_is(failure, PLUMBLINE_ERROR_INTERNAL);
    if (!lasting && rest_before_retry(attempt))
        return VERDICT_AGAIN;
    if (is_cancelled(attempt->client))
        client_fail_cancelled(attempt->request->subject, error);
    else
        prefix_failure(attempt, failure, error);
    return VERDICT_FAILED;
}

static Verdict judge_answer(Attempt *attempt, ClientAnswer *answer, GError **error)
{
    long status = answer->http.status;
    if (status == 429)
        return judge_rate_limit(attempt, answer, error);
    if (is_redirect(status))
        return judge_redirect(attempt, answer, error);
    g_autoptr(GError) failure = NULL;
    if (!read_body(answer, &failure))
        return judge_failure(attempt, failure, error);
    if (!retry_is_transient(status))
        return VERDICT_FINAL;
    if (rest_before_retry(attempt))
        return VERDICT_AGAIN;
    if (!is_cancelled(attempt->client))
        return VERDICT_FINAL;
    client_fail_cancelled(attempt->request->subject, error);
    return VERDICT_FAILED;
}

/* Sends once and says what to do next; on VERDICT_FINAL the answer is in *ret_answer. */
static Verdict attempt_once(Attempt *attempt, ClientAnswer *ret_answer, GError **error)
{
    if (!wait_turn(attempt, error))
        return VERDICT_FAILED;
    char *authorization = authorize(attempt, error);
    if (authorization == NULL)
        return VERDICT_FAILED;
    g_autoptr(GError) failure = NULL;
    g_auto(ClientAnswer) answer = {.server_time = TIME_ABSENT};
    gboolean sent = send_once(attempt, authorization, &answer, &failure);
    credential_free_secret(authorization);
    if (!sent)
        return judge_failure(attempt, failure, error);
    if (answer.http.status == 401 && attempt->bearer != NULL && !attempt->token_renewed) {
        attempt->token_renewed = TRUE; /* once: it may have been revoked before its time */
        attempt->stale = g_steal_pointer(&attempt->bearer);
        return VERDICT_AGAIN;
    }
    Verdict verdict = judge_answer(attempt, &answer, error);
    if (verdict == VERDICT_FINAL) {
        *ret_answer = answer;
        answer = (ClientAnswer){.server_time = TIME_ABSENT};
    }
    return verdict;
}

/* What later confirms a 401 is the first plain address that worked. */
static void remember_good(BitbucketClient *client, const Attempt *attempt, long status)
{
    if (status != 200 || attempt->posts)
        return;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
    if (client->known_good == NULL)
        client->known_good = g_strdup(attempt->url);
}

gboolean client_exchange(BitbucketClient *client, const ClientRequest *request,
                         ClientAnswer *ret_answer, GError **error)
{
    Attempt attempt = {
        .client = client,
        .request = request,
        .url = g_strdup(request->url),
        .posts = request->form != NULL,
    };
    Verdict verdict;
    do
        verdict = attempt_once(&attempt, ret_answer, error);
    while (verdict == VERDICT_AGAIN);
    if (verdict == VERDICT_FINAL)
        remember_good(client, &attempt, ret_answer->http.status);
    if (verdict == VERDICT_FAILED || ret_answer->http.status >= 400) {
        g_mutex_lock(&client->lock);
        client->traffic.failed++;
        g_mutex_unlock(&client->lock);
    }
    credential_free_secret(attempt.bearer);
    credential_free_secret(attempt.stale);
    g_free(attempt.url);
    return verdict == VERDICT_FINAL;
}
