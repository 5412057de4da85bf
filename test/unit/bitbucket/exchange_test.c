/* What client and Bitbucket say to each other when things go wrong. */
#include "dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define REPOSITORY "{\"uuid\":\"{r}\",\"full_name\":\"acme/web\",\"slug\":\"web\"}"
#define GET_WEB    "GET /2.0/repositories/acme/web "
#define RATE_LIMIT "Rate limit for this resource has been exceeded"
#define PLAIN_TEXT "Content-Type: text/plain\r\n"

/* A client with scripted time for the dialogue. */
static BitbucketClient *client_for(Dialogue *dialogue, const BitbucketClientConfig *config)
{
    ClientClock clock = dialogue_clock(dialogue);
    GError *error = NULL;
    BitbucketClient *client = client_new_with_clock(config, &clock, &error);
    assert_null(error);
    return client;
}

static BitbucketClient *usual_client(Dialogue *dialogue)
{
    BitbucketClientConfig config = dialogue_config(dialogue);
    return client_for(dialogue, &config);
}

/* @error is read after the call that fills it, whatever the order of arguments. */
static void assert_fails(RecordPage *page, GError **error_place, PlumblineErrorCode code)
{
    GError *error = *error_place;
    assert_null(page);
    assert_non_null(error);
    assert_string_equal(error_name(error->code), error_name((int) code));
    assert_null(strstr(error->message, "a-secret-of-the-test"));
    g_error_free(error);
}

/* acme/web is read and is acme/web. */
static void assert_web_is_read(BitbucketClient *client)
{
    GError *error = NULL;
    g_autoptr(RecordPage) page = bitbucket_fetch_repository(client, "acme/web", &error);
    if (error != NULL)
        fail_msg("%s", error->message);
    assert_int_equal(page->n_records, 1);
    assert_string_equal(RECORDS(page, Repository)[0].full_name, "acme/web");
}

static Duration rested(const Dialogue *dialogue, guint index)
{
    assert_true(index < dialogue->rests->len);
    return g_array_index(dialogue->rests, Duration, index);
}

static void sends_the_credential_and_reads_the_date(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 200, "Date: Mon, 16 Nov 2026 08:00:00 GMT\r\n", REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    g_autoptr(RecordPage) page = bitbucket_fetch_repository(client, "acme/web", NULL);
    assert_non_null(page);
    UtcTime epoch;
    assert_true(time_parse("2026-11-16T08:00:00Z", -1, &epoch, NULL));
    assert_int_equal(page->server_time, epoch);
    BitbucketTraffic traffic;
    bitbucket_client_traffic(client, &traffic);
    assert_int_equal(traffic.requests, 1);
    assert_int_equal(traffic.server_time, epoch);
    assert_true(traffic.bytes_received > (gint64) strlen(REPOSITORY));
    assert_non_null(
        strstr(dialogue->requests->pdata[0], "\r\nAuthorization: Bearer a-secret-of-the-test\r\n"));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void rests_as_long_as_retry_after_says(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 429, PLAIN_TEXT "Retry-After: 7\r\n", RATE_LIMIT);
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    assert_int_equal(rested(dialogue, 0), 7 * TIME_SECOND);
    BitbucketTraffic traffic;
    bitbucket_client_traffic(client, &traffic);
    assert_int_equal(traffic.rate_limited, 1);
    assert_int_equal(traffic.requests, 2);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void reads_retry_after_as_a_date_by_the_servers_clock(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 429,
                     PLAIN_TEXT "Date: Mon, 16 Nov 2026 08:00:00 GMT\r\n"
                                "Retry-After: Mon, 16 Nov 2026 08:02:30 GMT\r\n",
                     RATE_LIMIT);
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    assert_int_equal(rested(dialogue, 0), 150 * TIME_SECOND);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void rests_a_minute_then_two_without_retry_after(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 429, PLAIN_TEXT, RATE_LIMIT);
    dialogue_answers(dialogue, GET_WEB, 429, PLAIN_TEXT, RATE_LIMIT);
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    assert_int_equal(rested(dialogue, 0), 60 * TIME_SECOND);
    assert_int_equal(rested(dialogue, 1), 120 * TIME_SECOND);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void a_429_pauses_every_later_fetch(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 429, PLAIN_TEXT "Retry-After: 3000\r\n", RATE_LIMIT);
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClientConfig config = dialogue_config(dialogue);
    config.max_rate_limit_wait_s = 600;
    BitbucketClient *client = client_for(dialogue, &config);
    for (int i = 0; i < 2; i++) { /* the second one does not even ask */
        GError *error = NULL;
        assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                     PLUMBLINE_ERROR_RATE_LIMITED);
        assert_int_equal(dialogue->requests->len, 1);
    }
    BudgetState budget;
    bitbucket_client_budget(client, &budget);
    assert_int_equal(budget.paused_until, dialogue->now + 3000 * TIME_SECOND);
    dialogue->now += 3000 * TIME_SECOND;
    assert_web_is_read(client);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void gives_up_on_a_server_that_says_429_for_ever(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < 21; i++)
        dialogue_answers(dialogue, GET_WEB, 429, PLAIN_TEXT "Retry-After: 0\r\n", RATE_LIMIT);
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_RATE_LIMITED);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void asks_again_after_503_and_backs_off(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 503, NULL, "{}");
    dialogue_answers(dialogue, GET_WEB, 500, "Content-Type: text/html\r\n", "<h1>Oops</h1>");
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    assert_int_equal(rested(dialogue, 0), 500 * 1000); /* half of a second, without jitter */
    assert_int_equal(rested(dialogue, 1), 1000 * 1000);
    BitbucketTraffic traffic;
    bitbucket_client_traffic(client, &traffic);
    assert_int_equal(traffic.retries, 2);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void gives_up_after_the_configured_retries(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < 4; i++)
        dialogue_answers(dialogue, GET_WEB, 502, "Content-Type: text/html\r\n", "<h1>Bad</h1>");
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_UNAVAILABLE);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void asks_again_after_a_reset_and_a_truncated_body(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_add(dialogue, &(Line){.manner = RESET, .expected = GET_WEB});
    dialogue_add(
        dialogue,
        &(Line){.manner = REPLY_SHORT, .expected = GET_WEB, .status = 200, .body = REPOSITORY});
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void names_json_that_ends_early(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < 4; i++)
        dialogue_answers(dialogue, GET_WEB, 200, NULL, "{\"uuid\":\"{r}\",\"full_na");
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_BODY_TRUNCATED);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void names_a_page_of_html(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < 4; i++)
        dialogue_answers(dialogue, GET_WEB, 200, "Content-Type: text/html\r\n",
                         "<html>Please sign in</html>");
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_BODY_FOREIGN);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void refuses_a_body_past_the_limit_at_once(void **state)
{
    g_autofree char *huge = g_malloc(LIMIT_API_BODY + 2);
    memset(huge, ' ', LIMIT_API_BODY + 1);
    huge[LIMIT_API_BODY + 1] = '\0';
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 200, NULL, huge);
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_BODY_TOO_LARGE);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void refuses_headers_past_the_limit(void **state)
{
    g_autoptr(GString) headers = g_string_new(NULL);
    for (int i = 0; i < 800; i++)
        g_string_append_printf(headers, "X-Noise-%d: %0100d\r\n", i, i);
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 200, headers->str, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_BODY_TOO_LARGE);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void names_a_server_that_keeps_silent(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_add(dialogue, &(Line){.manner = SILENCE, .expected = GET_WEB});
    BitbucketClientConfig config = dialogue_config(dialogue);
    config.request_timeout_ms = 50;
    config.retries = 0;
    BitbucketClient *client = client_for(dialogue, &config);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_TIMEOUT);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void follows_a_redirect_within_the_api_with_the_credential(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 302, "Location: /2.0/repositories/acme/new\r\n", "");
    dialogue_answers(dialogue, "GET /2.0/repositories/acme/new ", 200, NULL, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    assert_non_null(strstr(dialogue->requests->pdata[1], "\r\nAuthorization: Bearer "));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void stops_after_five_redirects(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < 6; i++)
        dialogue_answers(dialogue, GET_WEB, 302, "Location: web\r\n", "");
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_PAGING_LOOP);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

/* Redirects @headers from one dialogue's server; the other host must hear nothing. */
static void assert_redirect_is_refused(const char *format)
{
    Dialogue *dialogue = dialogue_begin();
    Dialogue *stranger = dialogue_begin();
    g_autofree char *headers = g_strdup_printf("Location: %s%s\r\n", stranger->api_base, format);
    dialogue_answers(dialogue, GET_WEB, 302, headers, "");
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_FOREIGN_HOST);
    assert_int_equal(stranger->requests->len, 0);
    bitbucket_client_free(client);
    dialogue_end(stranger);
    dialogue_end(dialogue);
}

static void sends_no_credential_to_another_host(void **state)
{
    assert_redirect_is_refused("/repositories/acme/web");
}

static void refuses_to_leave_the_api_path_on_its_own_host(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 302, "Location: /2.0/../login\r\n", "");
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_FOREIGN_HOST);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void condemns_the_credential_only_when_a_good_address_refuses_it_too(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    dialogue_answers(dialogue, "GET /2.0/repositories/acme/web/pullrequests/activity", 401, NULL,
                     "{\"type\":\"error\",\"error\":{\"message\":\"Token is invalid\"}}");
    dialogue_answers(dialogue, GET_WEB, 401, NULL, "{}");
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_activity(client, "acme/web", 0, NULL, &error), &error,
                 PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void takes_a_401_of_the_activity_alone_as_a_matter_of_that_address(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, "GET /2.0/repositories/acme/web/pullrequests/activity", 401, NULL,
                     "{}");
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_activity(client, "acme/web", 0, NULL, &error), &error,
                 PLUMBLINE_ERROR_FORBIDDEN);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void explains_the_end_of_app_passwords(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 401, "Content-Type: text/html\r\n", "");
    BitbucketClientConfig config = dialogue_config(dialogue);
    config.credential = (Credential){CREDENTIAL_APP_PASSWORD, "ana", "a-secret-of-the-test"};
    BitbucketClient *client = client_for(dialogue, &config);
    GError *error = NULL;
    assert_null(bitbucket_fetch_repository(client, "acme/web", &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_CREDENTIAL_REJECTED));
    assert_non_null(strstr(error->message, "switched app passwords off (28 July 2026)"));
    assert_non_null(strstr(error->message, "API token"));
    g_error_free(error);
    /* Basic with user and password: YW5hOmEtc2VjcmV0… is "ana:a-secret…" in base64. */
    assert_non_null(strstr(dialogue->requests->pdata[0],
                           "\r\nAuthorization: Basic YW5hOmEtc2VjcmV0LW9mLXRoZS10ZXN0\r\n"));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void names_the_missing_scope_and_the_repository(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, "GET /2.0/repositories/acme/web/pullrequests?", 403, NULL,
                     "{\"type\":\"error\",\"error\":{\"message\":\"Your credentials lack one or "
                     "more required privilege scopes.\",\"detail\":{\"required\":[\"pullrequest\"],"
                     "\"granted\":[\"repository\"]}}}");
    BitbucketClient *client = usual_client(dialogue);
    GError *error = NULL;
    PullRequestQuery query = {TIME_ABSENT, TIME_ABSENT, FALSE, FALSE};
    assert_null(bitbucket_fetch_pull_requests(client, "acme/web", &query, NULL, NULL, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_SCOPE_MISSING));
    assert_non_null(strstr(error->message, "lacks the scope pullrequest"));
    assert_non_null(strstr(error->message, "acme/web"));
    g_error_free(error);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void tells_403_404_and_410_apart(void **state)
{
    static const struct {
        int status;
        PlumblineErrorCode code;
    } CASES[] = {{403, PLUMBLINE_ERROR_FORBIDDEN},
                 {404, PLUMBLINE_ERROR_NOT_FOUND},
                 {410, PLUMBLINE_ERROR_GONE},
                 {400, PLUMBLINE_ERROR_REJECTED}};
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Dialogue *dialogue = dialogue_begin();
        dialogue_answers(dialogue, GET_WEB, CASES[i].status, NULL,
                         "{\"type\":\"error\",\"error\":{\"message\":\"No\"}}");
        BitbucketClient *client = usual_client(dialogue);
        GError *error = NULL;
        assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error, CASES[i].code);
        bitbucket_client_free(client);
        dialogue_end(dialogue);
    }
}

static void takes_the_capacity_that_bitbucket_names(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 200, "X-RateLimit-Limit: 2500\r\n", REPOSITORY);
    BitbucketClient *client = usual_client(dialogue);
    assert_web_is_read(client);
    BudgetState budget;
    bitbucket_client_budget(client, &budget);
    assert_int_equal(budget.capacity, 2500);
    assert_int_equal((gint64) budget.available, 2499);
    assert_int_equal(budget.spent, 1);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

/* ---- cancelling, with real time: the rest would last an hour ---- */

static gpointer fetch_in_thread(gpointer user_data)
{
    GError *error = NULL;
    g_autoptr(RecordPage) page = bitbucket_fetch_repository(user_data, "acme/web", &error);
    return error;
}

static void assert_cancel_ends_it(Dialogue *dialogue, gboolean in_silence)
{
    BitbucketClientConfig config = dialogue_config(dialogue);
    GError *error = NULL;
    BitbucketClient *client = bitbucket_client_new(&config, &error);
    assert_null(error);
    GThread *thread = g_thread_new("fetch", fetch_in_thread, client);
    if (in_silence)
        dialogue_wait_for_silence(dialogue);
    BitbucketTraffic traffic;
    do
        bitbucket_client_traffic(client, &traffic);
    while (!in_silence && traffic.rate_limited == 0);
    bitbucket_client_cancel(client);
    error = g_thread_join(thread);
    assert_true(error_is(error, PLUMBLINE_ERROR_CANCELLED));
    g_error_free(error);
    error = NULL; /* later ones fail too */
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_CANCELLED);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void cancel_ends_a_rest_after_429(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, GET_WEB, 429, PLAIN_TEXT "Retry-After: 3600\r\n", RATE_LIMIT);
    assert_cancel_ends_it(dialogue, FALSE);
}

static void cancel_ends_a_request_under_way(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_add(dialogue, &(Line){.manner = SILENCE, .expected = GET_WEB});
    assert_cancel_ends_it(dialogue, TRUE);
}

static gpointer fetch_twenty(gpointer client)
{
    guint read = 0;
    for (int i = 0; i < 20; i++) {
        g_autoptr(RecordPage) page = bitbucket_fetch_repository(client, "acme/web", NULL);
        read += page != NULL && page->n_records == 1;
    }
    return GUINT_TO_POINTER(read);
}

static void many_threads_ask_at_once(void **state)
{
    enum { THREADS = 8 };
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < THREADS * 20; i++)
        dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClientConfig config = dialogue_config(dialogue);
    BitbucketClient *client = bitbucket_client_new(&config, NULL);
    GThread *threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = g_thread_new("fetch", fetch_twenty, client);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(GPOINTER_TO_UINT(g_thread_join(threads[i])), 20);
    BudgetState budget;
    bitbucket_client_budget(client, &budget);
    assert_int_equal(budget.spent, THREADS * 20);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

/* ---- OAuth ---- */

static BitbucketClient *oauth_client(Dialogue *dialogue)
{
    BitbucketClientConfig config = dialogue_config(dialogue);
    config.credential = (Credential){CREDENTIAL_OAUTH_CLIENT, "id", "a-secret-of-the-test"};
    return client_for(dialogue, &config);
}

#define POST_TOKEN  "POST /site/oauth2/access_token "
#define TOKEN(name) "{\"access_token\":\"" name "\",\"token_type\":\"bearer\",\"expires_in\":3600}"

static void fetches_an_oauth_token_once_and_renews_it_before_it_expires(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, POST_TOKEN, 200, NULL, TOKEN("first"));
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    dialogue_answers(dialogue, POST_TOKEN, 200, NULL, TOKEN("second"));
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    BitbucketClient *client = oauth_client(dialogue);
    assert_web_is_read(client);
    assert_web_is_read(client);
    dialogue->now += 3570 * TIME_SECOND; /* half a minute before its end */
    assert_web_is_read(client);
    assert_non_null(strstr(dialogue->requests->pdata[0], "grant_type=client_credentials"));
    assert_non_null(strstr(dialogue->requests->pdata[2], "\r\nAuthorization: Bearer first\r\n"));
    assert_non_null(strstr(dialogue->requests->pdata[4], "\r\nAuthorization: Bearer second\r\n"));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void renews_an_oauth_token_once_when_it_is_refused(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, POST_TOKEN, 200, NULL, TOKEN("first"));
    dialogue_answers(dialogue, GET_WEB, 401, NULL, "{}");
    dialogue_answers(dialogue, POST_TOKEN, 200, NULL, TOKEN("second"));
    dialogue_answers(dialogue, GET_WEB, 503, NULL, "{}");
    dialogue_answers(dialogue, GET_WEB, 401, NULL, "{}");
    BitbucketClient *client = oauth_client(dialogue);
    GError *error = NULL;
    assert_fails(bitbucket_fetch_repository(client, "acme/web", &error), &error,
                 PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void gives_git_the_same_oauth_token_until_it_lapses(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, POST_TOKEN, 503, NULL, "{}");
    dialogue_answers(dialogue, POST_TOKEN, 200, NULL, TOKEN("first"));
    dialogue_answers(dialogue, GET_WEB, 200, NULL, REPOSITORY);
    dialogue_answers(dialogue, POST_TOKEN, 200, NULL, TOKEN("second"));
    BitbucketClient *client = oauth_client(dialogue);
    const char *user;
    for (int i = 0; i < 2; i++) {
        g_autofree char *secret = NULL;
        assert_true(bitbucket_client_git_login(client, &user, &secret, NULL));
        assert_string_equal(user, "x-token-auth");
        assert_string_equal(secret, i == 0 ? "first" : "second");
        if (i == 0)
            assert_web_is_read(client);
        dialogue->now += TIME_HOUR;
    }
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void names_an_oauth_consumer_that_gets_no_token(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(
        dialogue, POST_TOKEN, 400, NULL,
        "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid OAuth client\"}");
    BitbucketClient *client = oauth_client(dialogue);
    GError *error = NULL;
    assert_null(bitbucket_fetch_repository(client, "acme/web", &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_CREDENTIAL_REJECTED));
    assert_non_null(strstr(error->message, "Invalid OAuth client"));
    g_error_free(error);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void refuses_plain_http_to_the_outside(void **state)
{
    BitbucketClientConfig config = {
        .api_base = "http://api.bitbucket.org/2.0",
        .credential = {CREDENTIAL_WORKSPACE_TOKEN, NULL, "a-secret-of-the-test"},
    };
    GError *error = NULL;
    assert_null(bitbucket_client_new(&config, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
    g_error_free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_the_credential_and_reads_the_date),
        cmocka_unit_test(rests_as_long_as_retry_after_says),
        cmocka_unit_test(reads_retry_after_as_a_date_by_the_servers_clock),
        cmocka_unit_test(rests_a_minute_then_two_without_retry_after),
        cmocka_unit_test(a_429_pauses_every_later_fetch),
        cmocka_unit_test(gives_up_on_a_server_that_says_429_for_ever),
        cmocka_unit_test(asks_again_after_503_and_backs_off),
        cmocka_unit_test(gives_up_after_the_configured_retries),
        cmocka_unit_test(asks_again_after_a_reset_and_a_truncated_body),
        cmocka_unit_test(names_json_that_ends_early),
        cmocka_unit_test(names_a_page_of_html),
        cmocka_unit_test(refuses_a_body_past_the_limit_at_once),
        cmocka_unit_test(refuses_headers_past_the_limit),
        cmocka_unit_test(names_a_server_that_keeps_silent),
        cmocka_unit_test(follows_a_redirect_within_the_api_with_the_credential),
        cmocka_unit_test(stops_after_five_redirects),
        cmocka_unit_test(sends_no_credential_to_another_host),
        cmocka_unit_test(refuses_to_leave_the_api_path_on_its_own_host),
        cmocka_unit_test(condemns_the_credential_only_when_a_good_address_refuses_it_too),
        cmocka_unit_test(takes_a_401_of_the_activity_alone_as_a_matter_of_that_address),
        cmocka_unit_test(explains_the_end_of_app_passwords),
        cmocka_unit_test(names_the_missing_scope_and_the_repository),
        cmocka_unit_test(tells_403_404_and_410_apart),
        cmocka_unit_test(takes_the_capacity_that_bitbucket_names),
        cmocka_unit_test(cancel_ends_a_rest_after_429),
        cmocka_unit_test(cancel_ends_a_request_under_way),
        cmocka_unit_test(many_threads_ask_at_once),
        cmocka_unit_test(fetches_an_oauth_token_once_and_renews_it_before_it_expires),
        cmocka_unit_test(renews_an_oauth_token_once_when_it_is_refused),
        cmocka_unit_test(gives_git_the_same_oauth_token_until_it_lapses),
        cmocka_unit_test(names_an_oauth_consumer_that_gets_no_token),
        cmocka_unit_test(refuses_plain_http_to_the_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
