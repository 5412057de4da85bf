/*
 * What a request's own header fields may say about its shape.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/framing.h"

#include <string.h>

/* @fields: name, value in turn, ended by NULL. */
static const char *fault_of(const char *const *fields, gsize *ret_length)
{
    g_autoptr(GHashTable) headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Framing framing;
    framing_init(&framing, headers);
    for (; fields[0] != NULL; fields += 2)
        framing_add(&framing, fields[0], fields[1]);
    if (ret_length != NULL)
        *ret_length = framing.length;
    return framing_fault(&framing);
}

static void an_ordinary_request_is_well_formed(void **state)
{
    gsize length = 0;
    assert_null(fault_of((const char *[]){"Host", "a:1", "content-length", "12", NULL}, &length));
    assert_int_equal(length, 12);
    assert_null(
        fault_of((const char *[]){"Host", "a", "Transfer-Encoding", "chunked", NULL}, NULL));
}

static void what_two_programs_could_read_in_two_ways_is_refused(void **state)
{
    static const char *const CASES[][8] = {
        {"Host", "a", "Content-Length", "3", "Transfer-Encoding", "chunked", NULL},
        {"Host", "a", "Content-Length", "3", "Content-Length", "3", NULL},
        {"Host", "a", "Content-Length", "3", "Content-Length", "4", NULL},
        {"Host", "a", "Content-Length", "+3", NULL},
        {"Host", "a", "Content-Length", "3, 3", NULL},
        {"Host", "a", "Content-Length", "0x3", NULL},
        {"Host", "a", "Content-Length", "-1", NULL},
        {"Host", "a", "Content-Length", "", NULL},
        {"Host", "a", "Content-Length", "99999999999999999999", NULL},
        {"Host", "a", "Transfer-Encoding", "chunked, identity", NULL},
        {"Host", "a", "Transfer-Encoding", "gzip", NULL},
        {"Host", "a", "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked", NULL},
        {"Host", "a", "Host", "b", NULL},
        {"Accept", "*/*", NULL},
        {"Host", "a", "X", "a\rb", NULL},
        {"Host", "a", "Content-Length ", "3", NULL},
        {"Host", "a", "Transfer-Encoding\t", "chunked", NULL},
        {"Host", "a", "", "x", NULL},
        {"Host", "a", "X:Y", "x", NULL},
        {"Host", "a", "X\xc3\xa4", "x", NULL},
        {"Host", "a", "X", "\xff", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        if (fault_of(CASES[i], NULL) == NULL)
            fail_msg("case %u passes", (guint) i);
}

static void too_many_fields_are_refused(void **state)
{
    g_autoptr(GHashTable) headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Framing framing;
    framing_init(&framing, headers);
    framing_add(&framing, "Host", "a");
    for (guint i = 1; i < LIMIT_WEB_FIELDS; i++)
        framing_add(&framing, "X", "y");
    assert_null(framing_fault(&framing));
    framing_add(&framing, "X", "y");
    assert_non_null(framing_fault(&framing));
}

static void a_field_that_comes_twice_is_joined_as_its_kind_wants(void **state)
{
    g_autoptr(GHashTable) headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Framing framing;
    framing_init(&framing, headers);
    framing_add(&framing, "Cookie", "a=1");
    framing_add(&framing, "cookie", "b=2");
    framing_add(&framing, "Accept", "text/html");
    framing_add(&framing, "ACCEPT", "*/*");
    assert_string_equal(g_hash_table_lookup(headers, "cookie"), "a=1; b=2");
    assert_string_equal(g_hash_table_lookup(headers, "accept"), "text/html, */*");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_request_is_well_formed),
        cmocka_unit_test(what_two_programs_could_read_in_two_ways_is_refused),
        cmocka_unit_test(too_many_fields_are_refused),
        cmocka_unit_test(a_field_that_comes_twice_is_joined_as_its_kind_wants),
    };
    return cmocka_run_group_tests_name("framing", tests, NULL, NULL);
}
