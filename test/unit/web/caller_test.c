/*
 * Whether a request may change something, and the secrets that callers are known by.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/caller.h"

#include <sodium.h>
#include <string.h>

#define ORIGIN "https://plumbline.example.com"
#define CSRF   "0123456789abcdef"

/* @fields: name, value in turn, ended by NULL. */
static gboolean may_change(const WebCaller *caller, const char *const *fields)
{
    WebRequest request = {.headers = g_hash_table_new(g_str_hash, g_str_equal)};
    g_autoptr(GError) error = NULL;
    for (; fields[0] != NULL; fields += 2)
        g_hash_table_insert(request.headers, (gpointer) fields[0], (gpointer) fields[1]);
    gboolean may = web_caller_may_change(caller, &request, ORIGIN, &error);
    assert_true(may == (error == NULL));
    assert_true(may || g_error_matches(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN));
    assert_true(may || strstr(error->message, CSRF) == NULL);
    g_hash_table_unref(request.headers);
    return may;
}

static void a_session_needs_its_own_token_and_our_own_origin(void **state)
{
    static const struct {
        const char *fields[8];
        gboolean may;
    } CASES[] = {
        {{"x-csrf-token", CSRF, NULL}, TRUE},
        {{"x-csrf-token", CSRF, "origin", ORIGIN, NULL}, TRUE},
        {{"x-csrf-token", CSRF, "origin", ORIGIN, "sec-fetch-site", "same-origin", NULL}, TRUE},
        {{"x-csrf-token", CSRF, "sec-fetch-site", "none", NULL}, TRUE},
        {{NULL}, FALSE},
        {{"x-csrf-token", "", NULL}, FALSE},
        {{"x-csrf-token", "0123456789abcdeF", NULL}, FALSE},
        {{"x-csrf-token", CSRF "0", NULL}, FALSE},
        {{"x-csrf-token", "0123456789abcde", NULL}, FALSE},
        {{"x-csrf-token", CSRF, "origin", "null", NULL}, FALSE},
        {{"x-csrf-token", CSRF, "origin", ORIGIN ".evil.example", NULL}, FALSE},
        {{"x-csrf-token", CSRF, "origin", "http://plumbline.example.com", NULL}, FALSE},
        {{"x-csrf-token", CSRF, "sec-fetch-site", "cross-site", NULL}, FALSE},
        {{"x-csrf-token", CSRF, "sec-fetch-site", "same-site", NULL}, FALSE},
    };
    const WebCaller caller = {.role = ROLE_ADMIN, .session = (char *) "s", .csrf = (char *) CSRF};
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        if (may_change(&caller, CASES[i].fields) != CASES[i].may)
            fail_msg("case %u", (guint) i);
}

static void an_api_token_needs_none_but_never_from_another_site(void **state)
{
    const WebCaller caller = {.role = ROLE_EDITOR, .token = (char *) "t"};
    assert_true(may_change(&caller, (const char *[]){NULL}));
    assert_false(may_change(&caller, (const char *[]){"origin", "https://evil.example", NULL}));
}

static void roles_have_names_and_nobody_can_be_given_none(void **state)
{
    WebRole role = ROLE_ANYBODY;
    for (WebRole known = ROLE_VIEWER; known < ROLE_COUNT; known++) {
        assert_true(web_role_from_name(web_role_name(known), &role));
        assert_int_equal(role, known);
    }
    assert_false(web_role_from_name("anybody", &role));
    assert_false(web_role_from_name("Admin", &role));
    assert_false(web_role_from_name("", &role));
}

static void secrets_are_long_different_and_kept_as_something_else(void **state)
{
    g_autofree char *one = web_secret_new(WEB_TOKEN_PREFIX),
                    *other = web_secret_new(WEB_TOKEN_PREFIX);
    assert_true(g_str_has_prefix(one, WEB_TOKEN_PREFIX));
    assert_int_equal(strlen(one), strlen(WEB_TOKEN_PREFIX) + 43); /* 32 bytes */
    assert_string_not_equal(one, other);
    assert_int_equal(strspn(one + strlen(WEB_TOKEN_PREFIX),
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
                            "nopqrstuvwxyz0123456789-_"),
                     43);
    g_autofree char *digest = web_secret_digest(one), *again = web_secret_digest(one);
    g_autofree char *csrf = web_csrf_of(one);
    assert_string_equal(digest, again);
    assert_int_equal(strlen(digest), 64);
    assert_string_not_equal(digest, csrf); /* who knows one does not know the other */
    for (guint i = 0; i < 1000; i++)
        assert_in_range(web_new_id(), 1, (G_GUINT64_CONSTANT(1) << 53) - 1);
}

static void a_password_is_long_enough_and_fits_only_itself(void **state)
{
    g_autofree char *longest = g_strnfill(WEB_PASSWORD_MOST, 'a');
    g_autofree char *longer = g_strnfill(WEB_PASSWORD_MOST + 1, 'a');
    const char *const REFUSED[] = {"",
                                   "eleven char",
                                   "ada@example.com",
                                   "ADA@example.com",
                                   "ééééééééééé",
                                   "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                                   longer};
    for (gsize i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *none = web_password_hash(REFUSED[i], "ada@example.com", &error);
        if (none != NULL || error == NULL)
            fail_msg("password %u is taken", (guint) i);
    }
    g_autofree char *hash = web_password_hash(longest, "ada@example.com", NULL);
    assert_true(g_str_has_prefix(hash, "$argon2id$"));
    assert_true(web_password_fits(hash, longest));
    assert_false(web_password_fits(hash, longest + 1));
    assert_false(web_password_fits(hash, longer));
    assert_false(web_password_fits(NULL, longest)); /* no account: as slow, and never right */
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_needs_its_own_token_and_our_own_origin),
        cmocka_unit_test(an_api_token_needs_none_but_never_from_another_site),
        cmocka_unit_test(roles_have_names_and_nobody_can_be_given_none),
        cmocka_unit_test(secrets_are_long_different_and_kept_as_something_else),
        cmocka_unit_test(a_password_is_long_enough_and_fits_only_itself),
    };
    return cmocka_run_group_tests_name("caller", tests, NULL, NULL);
}
