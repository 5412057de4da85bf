/* The client's life, its clock and its books. How a request is carried out is in exchange.c. */
#include "bitbucket/client_private.h"

#include <string.h>

#define DEFAULT_CONNECT_TIMEOUT_MS 10000
#define DEFAULT_REQUEST_TIMEOUT_MS 60000
#define DEFAULT_RETRIES            4
#define DEFAULT_BACKOFF_MS         500
#define DEFAULT_RATE_LIMIT_WAIT_S  3700 /* the hour that Bitbucket counts, and a little */

static UtcTime real_now(gpointer unused)
{
    return time_now();
}

static double real_random(gpointer unused)
{
    return g_random_double();
}

static void real_rest(gpointer unused, GCond *changed, GMutex *lock, Duration pause)
{
    /* The monotonic clock, so that nobody sleeps long because the wall clock was set back. */
    g_cond_wait_until(changed, lock, g_get_monotonic_time() + MAX(pause, 1000));
}

static const ClientClock REAL_CLOCK = {.now = real_now, .random = real_random, .rest = real_rest};

static guint or_default(guint value, guint otherwise)
{
    return value != 0 ? value : otherwise;
}

BitbucketClient *client_new_with_clock(const BitbucketClientConfig *config,
                                       const ClientClock *clock, GError **error)
{
    ApiBase base;
    if (!credential_check_form(&config->credential, error) ||
        !api_base_init(&base, config->api_base, error))
        return NULL;
    HttpEngine *engine = http_engine_new(error);
    if (engine == NULL) {
        api_base_clear(&base);
        return NULL;
    }
    BitbucketClient *client = g_new0(BitbucketClient, 1);
    *client = (BitbucketClient){
        .dialect = &CLOUD_DIALECT,
        .base = base,
        .engine = engine,
        .clock = *clock,
        .credential = {.kind = config->credential.kind,
                       .account = g_strdup(config->credential.account),
                       .secret = g_strdup(config->credential.secret)},
        .connect_timeout_ms = or_default(config->connect_timeout_ms, DEFAULT_CONNECT_TIMEOUT_MS),
        .request_timeout_ms = or_default(config->request_timeout_ms, DEFAULT_REQUEST_TIMEOUT_MS),
        .retries = config->retries == G_MAXUINT ? DEFAULT_RETRIES : config->retries,
        .backoff_ms = or_default(config->backoff_ms, DEFAULT_BACKOFF_MS),
        .max_wait =
            or_default(config->max_rate_limit_wait_s, DEFAULT_RATE_LIMIT_WAIT_S) * TIME_SECOND,
        .traffic = {.server_time = TIME_ABSENT},
    };
    g_mutex_init(&client->lock);
    g_cond_init(&client->changed);
    g_mutex_init(&client->token_lock);
    budget_init(&client->budget, &config->budget, config->unlimited, clock->now(clock->data));
    log_add_secret(config->credential.secret);
    return client;
}

BitbucketClient *bitbucket_client_new(const BitbucketClientConfig *config, GError **error)
{
    return client_new_with_clock(config, &REAL_CLOCK, error);
}

void bitbucket_client_free(BitbucketClient *client)
{
    if (client == NULL)
        return;
    http_engine_free(client->engine);
    api_base_clear(&client->base);
    oauth_token_clear(&client->token);
    credential_free_secret((char *) client->credential.secret);
    g_free((char *) client->credential.account);
    g_free(client->known_good);
    g_mutex_clear(&client->lock);
    g_cond_clear(&client->changed);
    g_mutex_clear(&client->token_lock);
    g_free(client);
}

void bitbucket_client_cancel(BitbucketClient *client)
{
    g_mutex_lock(&client->lock);
    client->cancelled = TRUE;
    g_cond_broadcast(&client->changed);
    g_mutex_unlock(&client->lock);
    http_engine_cancel(client->engine);
}

void bitbucket_client_budget(BitbucketClient *client, BudgetState *ret_state)
{
    UtcTime now = client->clock.now(client->clock.data);
    g_mutex_lock(&client->lock);
    budget_state(&client->budget, now, ret_state);
    g_mutex_unlock(&client->lock);
}

void bitbucket_client_traffic(BitbucketClient *client, BitbucketTraffic *ret_traffic)
{
    g_mutex_lock(&client->lock);
    *ret_traffic = client->traffic;
    g_mutex_unlock(&client->lock);
}

const ApiBase *client_base(const BitbucketClient *client)
{
    return &client->base;
}

const Dialect *client_dialect(const BitbucketClient *client)
{
    return client->dialect;
}

const Credential *client_credential(const BitbucketClient *client)
{
    return &client->credential;
}

void client_request_clear(ClientRequest *request)
{
    g_free(request->url);
    g_free(request->form);
    g_free(request->subject);
    *request = (ClientRequest){0};
}

void client_answer_clear(ClientAnswer *answer)
{
    http_answer_clear(&answer->http);
    json_decref(answer->root);
    answer->root = NULL;
}

gboolean client_fail_cancelled(const char *subject, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CANCELLED,
                "Interrupted before %s could be read.", subject);
    return FALSE;
}

gboolean client_rest(BitbucketClient *client, Duration pause)
{
    UtcTime until = client->clock.now(client->clock.data) + pause;
    for (;;) {
        if (client->cancelled)
            return FALSE;
        Duration left = until - client->clock.now(client->clock.data);
        if (left <= 0 || left > pause) /* over, or the clock was set back */
            return TRUE;
        client->clock.rest(client->clock.data, &client->changed, &client->lock, left);
    }
}
