/* The pure rules: pauses, addresses, credentials, scopes. */
#include "bitbucket/credential.h"
#include "bitbucket/oauth.h"
#include "bitbucket/retry.h"
#include "bitbucket/scopes.h"
#include "bitbucket/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW (1795000000 * TIME_SECOND)

static void backs_off_twice_as_long_each_time_up_to_a_minute(void **state)
{
    assert_int_equal(retry_backoff(500, 1, 0.0), 250 * 1000);
    assert_int_equal(retry_backoff(500, 2, 0.0), 500 * 1000);
    assert_int_equal(retry_backoff(500, 3, 0.5), 1500 * 1000);
    assert_int_equal(retry_backoff(500, 40, 0.0), 30 * TIME_SECOND);
    assert_true(retry_backoff(G_MAXUINT, G_MAXUINT, 0.999) <= TIME_MINUTE);
    assert_true(retry_backoff(500, 1, 0.999) < 500 * 1000);
}

static void prefers_retry_after_to_everything_else(void **state)
{
    assert_int_equal(retry_after_rate_limit("30", "99", NOW, 5, 0), 30 * TIME_SECOND);
    assert_int_equal(retry_after_rate_limit(NULL, "99", NOW, 5, 0), 99 * TIME_SECOND);
    /* 1795000060 is an instant, not a rest of 57 years. */
    assert_int_equal(retry_after_rate_limit(NULL, "1795000060", NOW, 1, 0), TIME_MINUTE);
    assert_int_equal(retry_after_rate_limit("soon", NULL, NOW, 1, 0), TIME_MINUTE);
    assert_int_equal(retry_after_rate_limit("-4", NULL, NOW, 1, 0), TIME_MINUTE);
    assert_int_equal(retry_after_rate_limit("86400", NULL, NOW, 1, 0), TIME_HOUR);
    assert_int_equal(retry_after_rate_limit("Mon, 16 Nov 2020 08:00:00 GMT", NULL, NOW, 1, 0), 0);
}

static void doubles_an_untold_rest_up_to_fifteen_minutes(void **state)
{
    static const int MINUTES[] = {1, 2, 4, 8, 15, 15};
    for (guint i = 0; i < G_N_ELEMENTS(MINUTES); i++)
        assert_int_equal(retry_after_rate_limit(NULL, NULL, NOW, i + 1, 0),
                         MINUTES[i] * TIME_MINUTE);
    assert_int_equal(retry_after_rate_limit(NULL, NULL, NOW, G_MAXUINT, 0), 15 * TIME_MINUTE);
}

static void knows_which_answers_may_be_better_later(void **state)
{
    assert_true(retry_is_transient(500) && retry_is_transient(503) && retry_is_transient(555) &&
                retry_is_transient(408));
    assert_false(retry_is_transient(200) || retry_is_transient(400) || retry_is_transient(404) ||
                 retry_is_transient(429));
}

static void assert_base(const char *text, gboolean accepted)
{
    ApiBase base = {0};
    assert_int_equal(api_base_init(&base, text, NULL), accepted);
    api_base_clear(&base);
}

static void accepts_https_anywhere_and_http_on_loopback(void **state)
{
    assert_base("https://api.bitbucket.org/2.0", TRUE);
    assert_base("https://api.bitbucket.org/2.0/", TRUE);
    assert_base("http://127.0.0.1:8080/2.0", TRUE);
    assert_base("http://[::1]:8080/2.0", TRUE);
    assert_base("http://localhost/2.0", TRUE);
    assert_base("http://api.bitbucket.org/2.0", FALSE);
    assert_base("http://127.0.0.1.example.com/2.0", FALSE);
    assert_base("https://user:secret@api.bitbucket.org/2.0", FALSE);
    assert_base("https://api.bitbucket.org/2.0?x=1", FALSE);
    assert_base("ftp://api.bitbucket.org/2.0", FALSE);
    assert_base("file:///etc/passwd", FALSE);
    assert_base("api.bitbucket.org", FALSE);
    assert_base("", FALSE);
    assert_base(NULL, FALSE);
}

static void keeps_the_credential_within_scheme_host_port_and_path(void **state)
{
    static const struct {
        const char *url;
        gboolean covered;
    } CASES[] = {
        {"https://api.bitbucket.org/2.0/repositories/acme?page=2", TRUE},
        {"https://API.bitbucket.org:443/2.0/user", TRUE},
        {"https://api.bitbucket.org/2.0/repositories/%7Babc%7D/x", TRUE},
        {"http://api.bitbucket.org/2.0/user", FALSE},
        {"https://api.bitbucket.org:444/2.0/user", FALSE},
        {"https://api.bitbucket.org.evil.example/2.0/user", FALSE},
        {"https://evil.example/2.0/user", FALSE},
        {"https://api.bitbucket.org@evil.example/2.0/user", FALSE},
        {"https://ana@api.bitbucket.org/2.0/user", FALSE},
        {"https://api.bitbucket.org/1.0/user", FALSE},
        {"https://api.bitbucket.org/2.0", FALSE},
        {"https://api.bitbucket.org/2.0evil/user", FALSE},
        {"https://api.bitbucket.org/2.0/../1.0/user", FALSE},
        {"https://api.bitbucket.org/2.0/x/../user", FALSE},
        {"https://api.bitbucket.org/2.0/user?next=/../", TRUE},
        {"https://api.bitbucket.org/2.0/%2e%2E/1.0/user", FALSE},
        {"https://api.bitbucket.org/2.0/x%2f..%2f..%2f1.0", FALSE},
        {"https://api.bitbucket.org\\@evil.example/2.0/user", FALSE},
        {"https://api.bitbucket.org/2.0/user#x", FALSE},
        {"https://api.bitbucket.org/2.0/user\r\nX: y", FALSE},
        {"/2.0/user", FALSE},
        {"", FALSE},
    };
    ApiBase base;
    assert_true(api_base_init(&base, "https://api.bitbucket.org/2.0", NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        if (api_base_covers(&base, CASES[i].url) != CASES[i].covered)
            fail_msg("%s", CASES[i].url);
    api_base_clear(&base);
}

static void names_repositories_by_two_escaped_segments(void **state)
{
    g_autofree char *plain = url_repository_path("acme/web", NULL);
    g_autofree char *uuid = url_repository_path("{aaaa}/{bb-bb}", NULL);
    assert_string_equal(plain, "acme/web");
    assert_string_equal(uuid, "%7Baaaa%7D/%7Bbb-bb%7D");
    static const char *const BAD[] = {"acme",   "acme/",     "/web",     "acme/web/x", "acme/..",
                                      "../web", "acme/w?b",  "acme/w#b", "acme/w b",   "acme/w%2fb",
                                      "",       "acme/\xff", "ac\nme/x"};
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++)
        assert_null(url_repository_path(BAD[i], NULL));
    assert_null(url_repository_path(NULL, NULL));
}

static void reads_the_page_number_of_an_address(void **state)
{
    assert_int_equal(url_page_number("https://x/2.0/a"), 1);
    assert_int_equal(url_page_number("https://x/2.0/a?pagelen=50&page=12"), 12);
    assert_int_equal(url_page_number("https://x/2.0/a?page=abc"), COUNT_ABSENT);
    assert_int_equal(url_page_number("https://x/2.0/a?pagelen=50"), 1);
}

static void takes_user_names_out_of_clone_addresses(void **state)
{
    g_autofree char *clean = url_without_user("https://ana@bitbucket.org/acme/web.git");
    g_autofree char *cleaner = url_without_user("https://ana:secret@bitbucket.org/acme/web.git");
    assert_string_equal(clean, "https://bitbucket.org/acme/web.git");
    assert_string_equal(cleaner, "https://bitbucket.org/acme/web.git");
    assert_null(url_without_user("git@bitbucket.org:acme/web.git"));
    assert_null(url_without_user("javascript:alert(1)"));
}

static void asks_bitbucket_org_for_oauth_tokens_and_nobody_else(void **state)
{
    ApiBase cloud, loopback;
    assert_true(api_base_init(&cloud, "https://api.bitbucket.org/2.0", NULL));
    assert_true(api_base_init(&loopback, "http://127.0.0.1:99/2.0", NULL));
    g_autofree char *first = oauth_token_url(&cloud);
    g_autofree char *second = oauth_token_url(&loopback);
    assert_string_equal(first, "https://bitbucket.org/site/oauth2/access_token");
    assert_string_equal(second, "http://127.0.0.1:99/site/oauth2/access_token");
    api_base_clear(&cloud);
    api_base_clear(&loopback);
}

static void says_what_a_credential_lacks(void **state)
{
    static const struct {
        Credential credential;
        const char *word; /* NULL: it is fine */
    } CASES[] = {
        {{CREDENTIAL_REPOSITORY_TOKEN, NULL, "x"}, NULL},
        {{CREDENTIAL_REPOSITORY_TOKEN, NULL, ""}, "empty"},
        {{CREDENTIAL_REPOSITORY_TOKEN, NULL, NULL}, "empty"},
        {{CREDENTIAL_WORKSPACE_TOKEN, NULL, "x\r\nHost: y"}, "line breaks"},
        {{CREDENTIAL_API_TOKEN, NULL, "x"}, "e-mail"},
        {{CREDENTIAL_API_TOKEN, "ana@example.com", "x"}, NULL},
        {{CREDENTIAL_API_TOKEN, "ana:b", "x"}, "colon"},
        {{CREDENTIAL_OAUTH_CLIENT, "", "x"}, "client id"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        gboolean good = credential_check_form(&CASES[i].credential, &error);
        assert_int_equal(good, CASES[i].word == NULL);
        if (!good)
            assert_non_null(strstr(error->message, CASES[i].word));
    }
}

static void credential_kinds_have_names_both_ways(void **state)
{
    for (int kind = CREDENTIAL_REPOSITORY_TOKEN; kind <= CREDENTIAL_OAUTH_CLIENT; kind++) {
        CredentialKind back;
        assert_true(credential_kind_from_name(credential_kind_name(kind), &back));
        assert_int_equal(back, kind);
        assert_true(strlen(credential_kind_title(kind)) > 0);
    }
    CredentialKind untouched = CREDENTIAL_API_TOKEN;
    assert_false(credential_kind_from_name("password", &untouched));
    assert_false(credential_kind_from_name(NULL, &untouched));
    assert_int_equal(untouched, CREDENTIAL_API_TOKEN);
}

static void assert_joined(GStrv scopes, const char *expected)
{
    g_autofree char *joined = g_strjoinv(" ", scopes);
    assert_string_equal(joined, expected);
    g_strfreev(scopes);
}

static void knows_which_scopes_imply_others(void **state)
{
    static const struct {
        const char *present, *missing, *unneeded;
        CredentialKind kind;
    } CASES[] = {
        {"pullrequest, webhook, repository", "", "", CREDENTIAL_REPOSITORY_TOKEN},
        {"pullrequest", "", "", CREDENTIAL_WORKSPACE_TOKEN},
        {"repository", "pullrequest", "", CREDENTIAL_WORKSPACE_TOKEN},
        {"project", "pullrequest", "", CREDENTIAL_PROJECT_TOKEN},
        {"", "repository pullrequest", "", CREDENTIAL_PROJECT_TOKEN},
        {"pullrequest:write,repository:admin", "", "pullrequest:write repository:admin",
         CREDENTIAL_WORKSPACE_TOKEN},
        {"repository:admin", "repository pullrequest", "repository:admin",
         CREDENTIAL_WORKSPACE_TOKEN},
        {"read:repository:bitbucket read:pullrequest:bitbucket", "", "", CREDENTIAL_API_TOKEN},
        {"write:repository:bitbucket", "read:repository:bitbucket read:pullrequest:bitbucket",
         "write:repository:bitbucket", CREDENTIAL_API_TOKEN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_auto(GStrv) present = scopes_parse(CASES[i].present);
        const char *const *list = (const char *const *) present;
        assert_joined(scopes_missing(CASES[i].kind, list), CASES[i].missing);
        assert_joined(scopes_unneeded(CASES[i].kind, list), CASES[i].unneeded);
    }
    assert_null(scopes_parse(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backs_off_twice_as_long_each_time_up_to_a_minute),
        cmocka_unit_test(prefers_retry_after_to_everything_else),
        cmocka_unit_test(doubles_an_untold_rest_up_to_fifteen_minutes),
        cmocka_unit_test(knows_which_answers_may_be_better_later),
        cmocka_unit_test(accepts_https_anywhere_and_http_on_loopback),
        cmocka_unit_test(keeps_the_credential_within_scheme_host_port_and_path),
        cmocka_unit_test(names_repositories_by_two_escaped_segments),
        cmocka_unit_test(reads_the_page_number_of_an_address),
        cmocka_unit_test(takes_user_names_out_of_clone_addresses),
        cmocka_unit_test(asks_bitbucket_org_for_oauth_tokens_and_nobody_else),
        cmocka_unit_test(says_what_a_credential_lacks),
        cmocka_unit_test(credential_kinds_have_names_both_ways),
        cmocka_unit_test(knows_which_scopes_imply_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
