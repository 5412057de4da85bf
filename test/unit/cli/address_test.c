/*
 * The ways in which people name a repository.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "cli/address.h"

static void every_usual_form_names_the_repository(void **state)
{
    static const char *const FORMS[] = {
        "https://bitbucket.org/acme/billing",
        "https://bitbucket.org/acme/billing/",
        "https://bitbucket.org/acme/billing.git",
        "https://bitbucket.org/acme/billing/src/main/README.md",
        "https://bitbucket.org/acme/billing/pull-requests/12?tab=diff#chg",
        "https://ana@bitbucket.org/acme/billing.git",
        "http://bitbucket.org/acme/billing",
        "HTTPS://Bitbucket.org/acme/billing",
        "https://www.bitbucket.org/acme/billing",
        "bitbucket.org/acme/billing",
        "git@bitbucket.org:acme/billing.git",
        "git@bitbucket.org:/acme/billing.git",
        "ssh://git@bitbucket.org/acme/billing.git",
        "acme/billing",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(FORMS); i++) {
        g_auto(RepositoryAddress) address = {0};
        g_autoptr(GError) error = NULL;
        if (!repository_address_parse(FORMS[i], &address, &error))
            fail_msg("%s: %s", FORMS[i], error->message);
        assert_string_equal(address.workspace, "acme");
        assert_string_equal(address.slug, "billing");
        assert_string_equal(address.full_name, "acme/billing");
        assert_null(address.api_base);
    }
}

static void a_stand_in_on_this_machine_brings_its_own_api(void **state)
{
    g_auto(RepositoryAddress) address = {0};
    assert_true(repository_address_parse("http://127.0.0.1:7990/acme/billing/src", &address, NULL));
    assert_string_equal(address.full_name, "acme/billing");
    assert_string_equal(address.api_base, "http://127.0.0.1:7990/2.0");
    assert_string_equal(address.git_base, "http://127.0.0.1:7990");
}

static void names_keep_dots_and_uuids_their_braces(void **state)
{
    g_auto(RepositoryAddress) dotted = {0}, keyed = {0};
    assert_true(repository_address_parse("a_b-c/web.site.git", &dotted, NULL));
    assert_string_equal(dotted.slug, "web.site");
    assert_true(repository_address_parse(
        "{01234567-89ab-cdef-0123-456789abcdef}/{fedcba98-7654-3210-fedc-ba9876543210}", &keyed,
        NULL));
    assert_string_equal(keyed.slug, "{fedcba98-7654-3210-fedc-ba9876543210}");
}

static void what_is_no_repository_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *text, *reason;
    } CASES[] = {
        {"", "names no repository"},
        {"https://bitbucket.org/", "names no repository"},
        {"https://bitbucket.org/acme", "names a workspace"},
        {"https://bitbucket.org/acme/", "names a workspace"},
        {"acme", "names a workspace"},
        {"https://github.com/acme/billing", "github.com is not Bitbucket Cloud"},
        {"https://bitbucket.org.evil.example/acme/billing", "is not Bitbucket Cloud"},
        {"http://127.0.0.1.evil.example/acme/billing", "is not Bitbucket Cloud"},
        {"http://127.0.0.1@evil.example/acme/billing", "is not Bitbucket Cloud"},
        {"git@github.com:acme/billing.git", "not of Bitbucket Cloud"},
        {"ftp://bitbucket.org/acme/billing", "begins with https://"},
        {"file:///etc/passwd", "begins with https://"},
        {"acme/../billing", "does not name a repository"},
        {"../billing", "does not name a repository"},
        {"acme/bil ling", "does not name a repository"},
        {"acme/%2e%2e", "does not name a repository"},
        {"ac\nme/billing", "does not name a repository"},
        {"acme/.git", "does not name a repository"},
        {"acme/\377", "too long or not text"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_auto(RepositoryAddress) address = {0};
        g_autoptr(GError) error = NULL;
        if (repository_address_parse(CASES[i].text, &address, &error))
            fail_msg("'%s' was taken for %s", CASES[i].text, address.full_name);
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
        if (strstr(error->message, CASES[i].reason) == NULL)
            fail_msg("'%s': %s", CASES[i].text, error->message);
        assert_null(address.workspace);
    }
}

static void a_credential_in_the_address_is_refused_and_not_repeated(void **state)
{
    g_auto(RepositoryAddress) address = {0};
    g_autoptr(GError) error = NULL;
    assert_false(repository_address_parse(
        "https://x-token-auth:TOPSECRET@bitbucket.org/acme/billing.git", &address, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
    assert_null(strstr(error->message, "TOPSECRET"));
    assert_non_null(strstr(error->message, "--token-file"));
}

static void loopback_is_told_from_hosts_that_look_like_it(void **state)
{
    g_autofree char *origin = NULL;
    assert_true(address_is_loopback("http://localhost:80/2.0", &origin));
    assert_string_equal(origin, "http://localhost:80");
    assert_true(address_is_loopback("http://[::1]:9", NULL));
    assert_false(address_is_loopback("http://localhost.example/2.0", NULL));
    assert_false(address_is_loopback("https://127.0.0.1/", NULL)); /* https needs no exception */
    assert_false(address_is_loopback("http://127.0.0.10/", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_usual_form_names_the_repository),
        cmocka_unit_test(a_stand_in_on_this_machine_brings_its_own_api),
        cmocka_unit_test(names_keep_dots_and_uuids_their_braces),
        cmocka_unit_test(what_is_no_repository_is_refused_with_a_reason),
        cmocka_unit_test(a_credential_in_the_address_is_refused_and_not_repeated),
        cmocka_unit_test(loopback_is_told_from_hosts_that_look_like_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
