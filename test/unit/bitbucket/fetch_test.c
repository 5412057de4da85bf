/* What the fetch functions ask for, and what they make of the answers' paging. */
#include "dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define WEB        "GET /2.0/repositories/acme/web"
#define EMPTY_LIST "{\"values\":[]}"

static const PullRequestQuery ALL = {TIME_ABSENT, TIME_ABSENT, FALSE, FALSE};

static BitbucketClient *client_for(Dialogue *dialogue)
{
    BitbucketClientConfig config = dialogue_config(dialogue);
    ClientClock clock = dialogue_clock(dialogue);
    BitbucketClient *client = client_new_with_clock(&config, &clock, NULL);
    assert_non_null(client);
    return client;
}

/* The query parameter @name of the request's address, decoded; NULL when absent. g_free. */
static char *parameter(const Dialogue *dialogue, guint request, const char *name)
{
    const char *text = dialogue->requests->pdata[request];
    g_autofree char *address =
        g_strndup(strchr(text, ' ') + 1, strcspn(strchr(text, ' ') + 1, " "));
    const char *query = strchr(address, '?');
    g_autofree char *key = g_strconcat(name, "=", NULL);
    g_auto(GStrv) parameters = g_strsplit(query != NULL ? query + 1 : "", "&", -1);
    for (char **each = parameters; *each != NULL; each++)
        if (g_str_has_prefix(*each, key))
            return g_uri_unescape_string(*each + strlen(key), NULL);
    return NULL;
}

static void assert_parameter(const Dialogue *dialogue, guint request, const char *name,
                             const char *expected)
{
    g_autofree char *value = parameter(dialogue, request, name);
    if (expected == NULL)
        assert_null(value);
    else
        assert_string_equal(value, expected);
}

static void must(RecordPage *page, GError **error)
{
    if (*error != NULL)
        fail_msg("%s", (*error)->message);
    assert_non_null(page);
    record_page_free(page);
}

static void asks_for_pull_requests_of_all_states_between_two_instants(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue,
                     WEB "/pullrequests?state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&",
                     200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pullrequests?state=OPEN&pagelen=50&fields=", 200, NULL,
                     EMPTY_LIST);
    BitbucketClient *client = client_for(dialogue);
    PullRequestQuery query = ALL;
    assert_true(time_parse("2026-11-02T11:25:52.591232Z", -1, &query.updated_from, NULL));
    assert_true(time_parse("2026-11-03T00:00:00Z", -1, &query.updated_before, NULL));
    GError *error = NULL;
    gboolean unsorted = FALSE;
    RecordPage *page =
        bitbucket_fetch_pull_requests(client, "acme/web", &query, NULL, &unsorted, &error);
    must(page, &error);
    assert_false(unsorted);
    assert_parameter(dialogue, 0, "q",
                     "updated_on >= 2026-11-02T11:25:52.591232+00:00 AND "
                     "updated_on < 2026-11-03T00:00:00+00:00");
    assert_parameter(dialogue, 0, "sort", "-updated_on");
    assert_parameter(dialogue, 0, "pagelen", "50");
    g_autofree char *fields = parameter(dialogue, 0, "fields");
    assert_true(g_str_has_prefix(fields, "+values.participants,+values.reviewers,-values."));
    assert_null(strstr(fields, "next")); /* not excluded, and no projection */
    assert_non_null(strstr(dialogue->requests->pdata[0], "%2Bvalues.participants"));
    query = (PullRequestQuery){TIME_ABSENT, TIME_ABSENT, .only_open = TRUE, .unsorted = TRUE};
    page = bitbucket_fetch_pull_requests(client, "acme/web", &query, NULL, NULL, &error);
    must(page, &error);
    assert_parameter(dialogue, 1, "q", NULL);
    assert_parameter(dialogue, 1, "sort", NULL);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void asks_again_unsorted_when_the_sorted_list_fails(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < 3; i++)
        dialogue_answers(dialogue, WEB "/pullrequests?", 500, NULL, "{}");
    dialogue_answers(dialogue, WEB "/pullrequests?", 200, NULL, EMPTY_LIST);
    BitbucketClient *client = client_for(dialogue);
    gboolean unsorted = FALSE;
    GError *error = NULL;
    RecordPage *page =
        bitbucket_fetch_pull_requests(client, "acme/web", &ALL, NULL, &unsorted, &error);
    must(page, &error);
    assert_true(unsorted);
    assert_parameter(dialogue, 2, "sort", "-updated_on");
    assert_parameter(dialogue, 3, "sort", NULL);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void asks_for_each_kind_at_its_address(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, "GET /2.0/workspaces/acme ", 200, NULL, "{\"uuid\":\"{w}\"}");
    dialogue_answers(dialogue, "GET /2.0/repositories/acme?pagelen=100&", 200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pullrequests/activity?pagelen=50&", 200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pullrequests/42/activity?pagelen=50&", 200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pullrequests/42/comments?pagelen=100&", 200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pullrequests/42/commits?pagelen=100&", 200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/diffstat/2ae150fc05f8..67a6aa42721a?topic=true&", 200, NULL,
                     EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pullrequests/42/statuses?pagelen=100&", 200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pullrequests/42/tasks?pagelen=100&", 200, NULL, EMPTY_LIST);
    /* 404 without the slash; sort is refused on deployments */
    dialogue_answers(dialogue, WEB "/pipelines/?pagelen=100&sort=-created_on ", 200, NULL,
                     EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/pipelines/?pagelen=100&sort=-created_on&target.branch=a%2Fb ",
                     200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/environments/?pagelen=100 ", 200, NULL, EMPTY_LIST);
    dialogue_answers(dialogue, WEB "/deployments/?pagelen=100 ", 200, NULL, EMPTY_LIST);
    BitbucketClient *client = client_for(dialogue);
    GError *error = NULL;
    must(bitbucket_fetch_workspace(client, "acme", &error), &error);
    UtcTime from = 1795000000 * TIME_SECOND;
    must(bitbucket_fetch_repositories(client, "acme", from, NULL, &error), &error);
    must(bitbucket_fetch_activity(client, "acme/web", 0, NULL, &error), &error);
    must(bitbucket_fetch_activity(client, "acme/web", 42, NULL, &error), &error);
    must(bitbucket_fetch_comments(client, "acme/web", 42, NULL, &error), &error);
    must(bitbucket_fetch_pull_request_commits(client, "acme/web", 42, NULL, &error), &error);
    must(bitbucket_fetch_diffstat(client, "acme/web", "2ae150fc05f8", "67a6aa42721a", NULL, &error),
         &error);
    must(bitbucket_fetch_builds(client, "acme/web", 42, NULL, &error), &error);
    must(bitbucket_fetch_tasks(client, "acme/web", 42, NULL, &error), &error);
    must(bitbucket_fetch_pipelines(client, "acme/web", NULL, NULL, &error), &error);
    must(bitbucket_fetch_pipelines(client, "acme/web", "a/b", NULL, &error), &error);
    must(bitbucket_fetch_environments(client, "acme/web", NULL, &error), &error);
    must(bitbucket_fetch_deployments(client, "acme/web", NULL, &error), &error);
    assert_parameter(dialogue, 1, "sort", "updated_on");
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void refuses_names_that_would_change_the_address(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    BitbucketClient *client = client_for(dialogue);
    const char *too_many[102] = {NULL};
    for (int i = 0; i < 101; i++)
        too_many[i] = "abcdef12";
    const char *const bad_hash[] = {"main&exclude=x", NULL};
    GError *errors[6] = {NULL};
    assert_null(bitbucket_fetch_repository(client, "acme/../x", &errors[0]));
    assert_null(bitbucket_fetch_workspace(client, "a/b", &errors[1]));
    assert_null(bitbucket_fetch_diffstat(client, "acme/web", "main", "x/..", NULL, &errors[2]));
    assert_null(bitbucket_fetch_comments(client, "acme/web", 0, NULL, &errors[3]));
    assert_null(
        bitbucket_fetch_commits(client, "acme/web", bad_hash, NULL, NULL, NULL, &errors[4]));
    assert_null(
        bitbucket_fetch_commits(client, "acme/web", too_many, NULL, NULL, NULL, &errors[5]));
    for (gsize i = 0; i < G_N_ELEMENTS(errors); i++) {
        assert_true(error_is(errors[i], PLUMBLINE_ERROR_INVALID));
        g_error_free(errors[i]);
    }
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void goes_on_at_next_until_there_is_none(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    g_autofree char *first = g_strdup_printf(
        "{\"size\":3,\"values\":[],\"next\":\"%s/repositories/acme?page=2\"}", dialogue->api_base);
    dialogue_answers(dialogue, "GET /2.0/repositories/acme?", 200, NULL, first);
    dialogue_answers(dialogue, "GET /2.0/repositories/acme?page=2 ", 200, NULL, EMPTY_LIST);
    BitbucketClient *client = client_for(dialogue);
    g_autoptr(RecordPage) page =
        bitbucket_fetch_repositories(client, "acme", TIME_ABSENT, NULL, NULL);
    assert_non_null(page);
    assert_int_equal(page->total, 3);
    assert_int_equal(page->n_records, 0); /* an empty page may have a next */
    g_autoptr(RecordPage) last =
        bitbucket_fetch_repositories(client, "acme", TIME_ABSENT, page->next, NULL);
    assert_non_null(last);
    assert_null(last->next);
    assert_int_equal(last->total, COUNT_ABSENT);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

/* A first page whose next is @next (below the dialogue's API base when it begins with a slash). */
static void assert_next_is_refused(const char *next, PlumblineErrorCode code)
{
    Dialogue *dialogue = dialogue_begin();
    g_autofree char *body = g_strdup_printf("{\"values\":[],\"next\":\"%s%s\"}",
                                            *next == '/' ? dialogue->api_base : "", next);
    dialogue_answers(dialogue, "GET /2.0/repositories/acme?", 200, NULL, body);
    BitbucketClient *client = client_for(dialogue);
    g_autoptr(GError) error = NULL;
    assert_null(bitbucket_fetch_repositories(client, "acme", TIME_ABSENT, NULL, &error));
    assert_true(error_is(error, code));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void names_a_next_that_leads_elsewhere_or_nowhere(void **state)
{
    assert_next_is_refused("https://evil.example/2.0/repositories/acme?page=2",
                           PLUMBLINE_ERROR_FOREIGN_HOST);
    assert_next_is_refused("/../1.0/repositories/acme?page=2", PLUMBLINE_ERROR_FOREIGN_HOST);
    assert_next_is_refused("/repositories/acme?page=1", PLUMBLINE_ERROR_PAGING_LOOP);
}

static void names_a_page_whose_next_is_itself(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    g_autofree char *position =
        g_strconcat(dialogue->api_base, "/repositories/acme/web/commits?ctx=abc", NULL);
    g_autofree char *body = g_strdup_printf("{\"values\":[],\"next\":\"%s\"}", position);
    dialogue_answers(dialogue, "POST /2.0/repositories/acme/web/commits?ctx=abc ", 200, NULL, body);
    BitbucketClient *client = client_for(dialogue);
    g_autoptr(GError) error = NULL;
    assert_null(bitbucket_fetch_commits(client, "acme/web", NULL, NULL, position, NULL, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_PAGING_LOOP));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void refuses_a_kept_position_of_another_host(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    BitbucketClient *client = client_for(dialogue);
    g_autoptr(GError) error = NULL;
    assert_null(bitbucket_fetch_repositories(
        client, "acme", TIME_ABSENT, "https://evil.example/2.0/repositories/acme?page=2", &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_FOREIGN_HOST));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void posts_includes_and_excludes_as_a_form(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, "POST /2.0/repositories/acme/web/commits?pagelen=100&", 200, NULL,
                     EMPTY_LIST);
    BitbucketClient *client = client_for(dialogue);
    const char *const include[] = {"aaaaaaaaaaaa", "bbbbbbbbbbbb", NULL};
    const char *const exclude[] = {"cccccccccccc", NULL};
    GError *error = NULL;
    must(bitbucket_fetch_commits(client, "acme/web", include, exclude, NULL, NULL, &error), &error);
    const char *request = dialogue->requests->pdata[0];
    assert_non_null(strstr(request, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    assert_string_equal(strstr(request, "\r\n\r\n") + 4,
                        "include=aaaaaaaaaaaa&include=bbbbbbbbbbbb&exclude=cccccccccccc");
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void lists_the_commits_that_bitbucket_does_not_know(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, "POST /2.0/repositories/acme/web/commits?", 404, NULL,
                     "{\"type\":\"error\",\"error\":{\"message\":\"Commit not found\","
                     "\"data\":{\"shas\":[\"aaaaaaaaaaaa\"]}}}");
    BitbucketClient *client = client_for(dialogue);
    const char *const include[] = {"aaaaaaaaaaaa", "bbbbbbbbbbbb", NULL};
    g_auto(GStrv) unknown = NULL;
    g_autoptr(GError) error = NULL;
    assert_null(bitbucket_fetch_commits(client, "acme/web", include, NULL, NULL, &unknown, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_NOT_FOUND));
    assert_int_equal(g_strv_length(unknown), 1);
    assert_string_equal(unknown[0], "aaaaaaaaaaaa");
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void assert_diffstat_is_not_computable(int status, int times)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < times; i++)
        dialogue_answers(dialogue, WEB "/diffstat/aaaaaaaaaaaa..bbbbbbbbbbbb?", status, NULL, "{}");
    BitbucketClient *client = client_for(dialogue);
    g_autoptr(GError) error = NULL;
    assert_null(
        bitbucket_fetch_diffstat(client, "acme/web", "aaaaaaaaaaaa", "bbbbbbbbbbbb", NULL, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_NOT_COMPUTABLE));
    bitbucket_client_free(client);
    dialogue_end(dialogue);
}

static void takes_400_and_lasting_555_of_a_diffstat_as_not_computable(void **state)
{
    assert_diffstat_is_not_computable(400, 1);
    assert_diffstat_is_not_computable(555, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_for_pull_requests_of_all_states_between_two_instants),
        cmocka_unit_test(asks_again_unsorted_when_the_sorted_list_fails),
        cmocka_unit_test(asks_for_each_kind_at_its_address),
        cmocka_unit_test(refuses_names_that_would_change_the_address),
        cmocka_unit_test(goes_on_at_next_until_there_is_none),
        cmocka_unit_test(names_a_next_that_leads_elsewhere_or_nowhere),
        cmocka_unit_test(names_a_page_whose_next_is_itself),
        cmocka_unit_test(refuses_a_kept_position_of_another_host),
        cmocka_unit_test(posts_includes_and_excludes_as_a_form),
        cmocka_unit_test(lists_the_commits_that_bitbucket_does_not_know),
        cmocka_unit_test(takes_400_and_lasting_555_of_a_diffstat_as_not_computable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
