/* What the credential check says after which answers. */
#include "dialogue.h"

#include "bitbucket/credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define USER          "GET /2.0/user "
#define REPOSITORIES  "GET /2.0/repositories/acme?"
#define ONE_OF_TWO    "{\"size\":2,\"values\":[{\"uuid\":\"{r}\",\"full_name\":\"acme/web\"}]}"
#define WEB           "GET /2.0/repositories/acme/web?fields="
#define PULL_REQUESTS "GET /2.0/repositories/acme/web/pullrequests?pagelen=10&fields=values.id"
#define NO_SCOPE(required, granted)                                                                \
    "{\"type\":\"error\",\"error\":{\"message\":\"lacks\",\"detail\":{\"required\":[" required     \
    "],\"granted\":[" granted "]}}}"
#define SCOPES(list) "X-OAuth-Scopes: " list "\r\nX-Credential-Type: workspace_access_token\r\n"

static CredentialCheck *check_as(Dialogue *dialogue, CredentialKind kind, const char *workspace,
                                 const char *repository, UtcTime expires, GError **error)
{
    BitbucketClientConfig config = dialogue_config(dialogue);
    config.credential.kind = kind;
    config.credential.account = "ana@example.com";
    ClientClock clock = dialogue_clock(dialogue);
    BitbucketClient *client = client_new_with_clock(&config, &clock, NULL);
    CredentialCheck *check = NULL;
    gboolean made =
        bitbucket_check_credential(client, workspace, repository, expires, &check, error);
    assert_int_equal(made, check != NULL);
    bitbucket_client_free(client);
    dialogue_end(dialogue);
    return check;
}

static gboolean says(const CredentialCheck *check, const char *words)
{
    for (guint i = 0; i < check->sentences->len; i++)
        if (strstr(check->sentences->pdata[i], words) != NULL)
            return TRUE;
    return FALSE;
}

static void a_good_workspace_token_works_and_says_what_it_is(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, USER, 200, "Date: Mon, 16 Nov 2026 08:00:00 GMT\r\n",
                     "{\"type\":\"app_user\",\"display_name\":\"ci-token\"}");
    dialogue_answers(dialogue, REPOSITORIES, 200,
                     SCOPES("pullrequest, repository:write") "Date: Mon, 16 Nov 2026 08:00:00 "
                                                             "GMT\r\n",
                     ONE_OF_TWO);
    dialogue_answers(dialogue, WEB, 200, NULL, "{\"uuid\":\"{r}\"}");
    dialogue_answers(dialogue, PULL_REQUESTS, 200, NULL, "{\"values\":[]}");
    UtcTime expires;
    assert_true(time_parse("2026-11-28T20:00:00Z", -1, &expires, NULL));
    GError *error = NULL;
    g_autoptr(CredentialCheck) check =
        check_as(dialogue, CREDENTIAL_WORKSPACE_TOKEN, "acme", NULL, expires, &error);
    assert_null(error);
    assert_true(check->works);
    assert_string_equal(check->identity, "workspace access token 'ci-token'");
    assert_string_equal(check->credential_type, "workspace_access_token");
    assert_int_equal(check->repositories, 2);
    assert_int_equal(check->days_to_expiry, 12);
    assert_int_equal(g_strv_length(check->scopes_missing), 0);
    assert_int_equal(g_strv_length(check->scopes_unneeded), 1);
    assert_string_equal(check->scopes_unneeded[0], "repository:write");
    assert_string_equal(check->sentences->pdata[0], "The workspace access token 'ci-token' works.");
    assert_true(says(check, "It expires in 12 days: create its successor now."));
    assert_true(says(check, "It sees 2 repositories in acme."));
    assert_true(says(check, "more than Plumbline needs (repository:write)"));
}

static void a_narrow_token_is_told_its_missing_scope(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, USER, 403, NULL, NO_SCOPE("\"account\"", "\"repository\""));
    dialogue_answers(dialogue, REPOSITORIES, 200, NULL, ONE_OF_TWO);
    dialogue_answers(dialogue, WEB, 200, NULL, "{\"uuid\":\"{r}\"}");
    dialogue_answers(dialogue, PULL_REQUESTS, 403, NULL,
                     NO_SCOPE("\"pullrequest\"", "\"repository\""));
    GError *error = NULL;
    g_autoptr(CredentialCheck) check =
        check_as(dialogue, CREDENTIAL_WORKSPACE_TOKEN, "acme", NULL, TIME_ABSENT, &error);
    assert_null(error);
    assert_false(check->works);
    assert_int_equal(check->code, PLUMBLINE_ERROR_SCOPE_MISSING);
    assert_int_equal(g_strv_length(check->scopes_missing), 1); /* not account: it is not needed */
    assert_string_equal(check->scopes_missing[0], "pullrequest");
    assert_string_equal(check->scopes_present[0], "repository");
    assert_int_equal(check->days_to_expiry, COUNT_ABSENT);
    assert_true(says(check, "lacks the scope pullrequest"));
}

static void a_token_without_a_user_behind_it_is_not_condemned_for_that(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, USER, 401, NULL, "{}");
    dialogue_answers(dialogue, REPOSITORIES, 404, NULL, "{}");
    dialogue_answers(dialogue, WEB, 200, NULL, "{\"uuid\":\"{r}\"}");
    dialogue_answers(dialogue, PULL_REQUESTS, 200, NULL, "{\"values\":[]}");
    GError *error = NULL;
    g_autoptr(CredentialCheck) check =
        check_as(dialogue, CREDENTIAL_REPOSITORY_TOKEN, NULL, "acme/web", TIME_ABSENT, &error);
    assert_null(error);
    assert_true(check->works);
    assert_null(check->identity);
    assert_int_equal(check->repositories, COUNT_ABSENT);
}

static void the_end_of_a_credential_is_warned_of_from_thirty_days_on(void **state)
{
    static const struct {
        const char *expires, *sentence;
    } CASES[] = {{"2026-11-17T09:00:00Z", "It expires in 1 day: create its successor now."},
                 {"2026-12-16T09:00:00Z", "It expires in 30 days: create its successor now."},
                 {"2026-12-17T09:00:00Z", "It expires in 31 days."}};
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Dialogue *dialogue = dialogue_begin();
        dialogue_answers(dialogue, USER, 200, "Date: Mon, 16 Nov 2026 08:00:00 GMT\r\n",
                         "{\"type\":\"app_user\",\"display_name\":\"ci-token\"}");
        dialogue_answers(dialogue, REPOSITORIES, 200, "Date: Mon, 16 Nov 2026 08:00:00 GMT\r\n",
                         ONE_OF_TWO);
        dialogue_answers(dialogue, WEB, 200, NULL, "{\"uuid\":\"{r}\"}");
        dialogue_answers(dialogue, PULL_REQUESTS, 200, NULL, "{\"values\":[]}");
        UtcTime expires;
        assert_true(time_parse(CASES[i].expires, -1, &expires, NULL));
        GError *error = NULL;
        g_autoptr(CredentialCheck) check =
            check_as(dialogue, CREDENTIAL_WORKSPACE_TOKEN, "acme", NULL, expires, &error);
        assert_null(error);
        assert_true(says(check, CASES[i].sentence));
    }
}

static void an_expired_token_is_rejected_with_advice(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, USER, 401, NULL, "{}");
    dialogue_answers(dialogue, REPOSITORIES, 401, NULL,
                     "{\"type\":\"error\",\"error\":{\"message\":\"Token is invalid, expired\"}}");
    GError *error = NULL;
    UtcTime expired = dialogue->now; /* by the server's clock of long ago it is in the past */
    g_autoptr(CredentialCheck) check =
        check_as(dialogue, CREDENTIAL_WORKSPACE_TOKEN, "acme", NULL, expired, &error);
    assert_null(error);
    assert_false(check->works);
    assert_int_equal(check->code, PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
    assert_string_equal(check->sentences->pdata[0],
                        "Bitbucket does not accept this workspace access token.");
    assert_non_null(strstr(check->sentences->pdata[1], "create a new workspace access token"));
    assert_string_equal(check->sentences->pdata[2],
                        "Bitbucket answered 401 for the repositories of acme, in its words: "
                        "\"Token is invalid, expired\"");
    assert_int_equal(check->sentences->len, 3); /* nothing of dates and reach beside it */
}

static void a_secret_of_another_kind_is_recognised_by_its_beginning(void **state)
{
    static const struct {
        CredentialKind kind;
        const char *secret, *words;
    } CASES[] = {
        {CREDENTIAL_WORKSPACE_TOKEN, "ATATTx", "choose the kind API token"},
        {CREDENTIAL_API_TOKEN, "ATCTTx", "repository, project or workspace access token"},
        {CREDENTIAL_REPOSITORY_TOKEN, "ATBBx", "switched those off"},
        {CREDENTIAL_WORKSPACE_TOKEN, "ATCTTx", NULL},
        {CREDENTIAL_API_TOKEN, "ATATTx", NULL},
        {CREDENTIAL_OAUTH_CLIENT, "ATATTx", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const Credential credential = {
            .kind = CASES[i].kind, .account = "a", .secret = CASES[i].secret};
        const char *sentence = credential_mistaken(&credential);
        assert_true(CASES[i].words == NULL ? sentence == NULL
                                           : strstr(sentence, CASES[i].words) != NULL);
    }
}

static void an_app_password_is_told_to_be_history(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, USER, 401, "Content-Type: text/html\r\n", "");
    GError *error = NULL;
    g_autoptr(CredentialCheck) check =
        check_as(dialogue, CREDENTIAL_APP_PASSWORD, NULL, NULL, TIME_ABSENT, &error);
    assert_null(error);
    assert_false(check->works);
    assert_true(says(check, "switched app passwords off"));
}

static void a_person_without_a_given_workspace_gets_the_first_one(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, USER, 200, NULL, "{\"type\":\"user\",\"display_name\":\"Ana Roy\"}");
    dialogue_answers(dialogue, "GET /2.0/user/workspaces?", 200, NULL,
                     "{\"values\":[{\"workspace\":{\"slug\":\"acme\"}}]}");
    dialogue_answers(dialogue, REPOSITORIES, 200, NULL, ONE_OF_TWO);
    dialogue_answers(dialogue, WEB, 200, NULL, "{\"uuid\":\"{r}\"}");
    dialogue_answers(dialogue, PULL_REQUESTS, 200, NULL, "{\"values\":[]}");
    GError *error = NULL;
    g_autoptr(CredentialCheck) check =
        check_as(dialogue, CREDENTIAL_API_TOKEN, NULL, NULL, TIME_ABSENT, &error);
    assert_null(error);
    assert_true(check->works);
    assert_string_equal(check->identity, "Ana Roy");
}

static void a_repository_that_cannot_be_seen_is_the_trouble(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    dialogue_answers(dialogue, USER, 401, NULL, "{}");
    dialogue_answers(dialogue, REPOSITORIES, 200, NULL, ONE_OF_TWO);
    dialogue_answers(dialogue, "GET /2.0/repositories/acme/gone?fields=", 404, NULL, "{}");
    dialogue_answers(dialogue, "GET /2.0/repositories/acme/gone/pullrequests?", 404, NULL, "{}");
    GError *error = NULL;
    g_autoptr(CredentialCheck) check =
        check_as(dialogue, CREDENTIAL_WORKSPACE_TOKEN, NULL, "acme/gone", TIME_ABSENT, &error);
    assert_null(error);
    assert_false(check->works);
    assert_int_equal(check->code, PLUMBLINE_ERROR_NOT_FOUND);
    assert_true(says(check, "does not reach the repository 'acme/gone'"));
    assert_true(says(check, "bitbucket.org/WORKSPACE/REPOSITORY"));
}

static void without_a_place_an_access_token_cannot_be_checked(void **state)
{
    g_autoptr(GError) error = NULL;
    assert_null(
        check_as(dialogue_begin(), CREDENTIAL_WORKSPACE_TOKEN, NULL, NULL, TIME_ABSENT, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
}

static void a_broken_server_is_not_the_credentials_fault(void **state)
{
    Dialogue *dialogue = dialogue_begin();
    for (int i = 0; i < 4; i++)
        dialogue_answers(dialogue, USER, 503, NULL, "{}");
    g_autoptr(GError) error = NULL;
    assert_null(check_as(dialogue, CREDENTIAL_WORKSPACE_TOKEN, "acme", NULL, TIME_ABSENT, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_UNAVAILABLE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_workspace_token_works_and_says_what_it_is),
        cmocka_unit_test(a_narrow_token_is_told_its_missing_scope),
        cmocka_unit_test(a_token_without_a_user_behind_it_is_not_condemned_for_that),
        cmocka_unit_test(the_end_of_a_credential_is_warned_of_from_thirty_days_on),
        cmocka_unit_test(an_expired_token_is_rejected_with_advice),
        cmocka_unit_test(a_secret_of_another_kind_is_recognised_by_its_beginning),
        cmocka_unit_test(an_app_password_is_told_to_be_history),
        cmocka_unit_test(a_person_without_a_given_workspace_gets_the_first_one),
        cmocka_unit_test(a_repository_that_cannot_be_seen_is_the_trouble),
        cmocka_unit_test(without_a_place_an_access_token_cannot_be_checked),
        cmocka_unit_test(a_broken_server_is_not_the_credentials_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
