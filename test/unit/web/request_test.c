/*
 * What is read out of a request's header fields and body.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/request.h"

#include <string.h>

static WebRequest with_header(const char *name, const char *value)
{
    WebRequest request = {0};
    request.headers = g_hash_table_new(g_str_hash, g_str_equal);
    if (name != NULL)
        g_hash_table_insert(request.headers, (gpointer) name, (gpointer) value);
    return request;
}

static void the_greater_q_decides_and_of_two_equal_ones_the_first(void **state)
{
    static const struct {
        const char *accept;
        gboolean csv;
    } CASES[] = {
        {"text/csv", TRUE},
        {"Text/CSV; charset=utf-8", TRUE},
        {"text/csv;q=0.1", TRUE},
        {"text/csv ; q=0.9 , application/json;q=0.8", TRUE},
        {"text/csv, application/json", TRUE},
        {"application/json, text/csv", FALSE},
        {"application/json, text/csv;q=0.9", FALSE},
        {"application/json;q=0.4, text/csv;q=0.5", TRUE},
        {"text/csv;q=0", FALSE},
        {"text/csv;q=1.5", FALSE},
        {"text/csv;q=-1", FALSE},
        {"text/csv;q=", FALSE},
        {"text/csv;q=nan", FALSE},
        {"text/*, */*", FALSE},
        {"text/csvx", FALSE},
        {"", FALSE},
        {";,;;,=", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        WebRequest request = with_header("accept", CASES[i].accept);
        if (request_prefers(&request, "text/csv", "application/json") != CASES[i].csv)
            fail_msg("'%s' is read wrongly", CASES[i].accept);
        g_hash_table_unref(request.headers);
    }
    WebRequest request = with_header(NULL, NULL);
    assert_false(request_prefers(&request, "text/csv", "application/json"));
    g_hash_table_unref(request.headers);
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
    static const struct {
        const char *header, *value;
    } CASES[] = {
        {"id=1", "1"},
        {"a=2; id=1", "1"},
        {"a=2;id=1;b=3", "1"},
        {"id=", ""},
        {"id=a=b", "a=b"},
        {"xid=1", NULL},
        {"idx=1; a=id=5", NULL},
        {"id", NULL},
        {"ID=1", NULL},
        {"id=1; id=2", "1"},
        {"", NULL},
        {"; ;;  id=1", "1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        WebRequest request = with_header("cookie", CASES[i].header);
        g_autofree char *value = request_cookie(&request, "id");
        if (g_strcmp0(value, CASES[i].value) != 0)
            fail_msg("'%s' gives %s", CASES[i].header, value);
        g_hash_table_unref(request.headers);
    }
}

/* The sentence, or NULL when the body is taken. */
static char *fault_of(const char *type, const char *text, gsize length)
{
    WebRequest request = with_header(type != NULL ? "content-type" : NULL, type);
    g_autoptr(GError) error = NULL;
    buffer_init(&request.body, 4096);
    if (!buffer_append(&request.body, text, length))
        fail_msg("the buffer is too small");
    json_t *body = request_json(&request, &error);
    assert_true((body == NULL) == (error != NULL));
    json_decref(body);
    buffer_clear(&request.body);
    g_hash_table_unref(request.headers);
    return error != NULL ? g_strdup(error->message) : NULL;
}

static void a_body_is_one_json_object_and_says_so(void **state)
{
    static const struct {
        const char *type, *text;
        gboolean is_taken;
    } CASES[] = {
        {"application/json", "{}", TRUE},
        {"application/json; charset=utf-8", "{\"a\": 1}", TRUE},
        {"Application/JSON", "{}", TRUE},
        {NULL, "{}", FALSE},
        {"text/plain", "{}", FALSE},
        {"application/jsonp", "{}", FALSE},
        {"application/json", "[]", FALSE},
        {"application/json", "", FALSE},
        {"application/json", "{} {}", FALSE},
        {"application/json", "{\"a\": 1, \"a\": 2}", FALSE},
        {"application/json", "{\"a\": \"\xff\"}", FALSE},
        {"application/json", "{\"a\": NaN}", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *fault = fault_of(CASES[i].type, CASES[i].text, strlen(CASES[i].text));
        if ((fault == NULL) != CASES[i].is_taken)
            fail_msg("case %u: %s", (guint) i, fault);
    }
    g_autofree char *fault = fault_of("application/json", "{\"a\": \"b\0c\"}", 12);
    assert_non_null(fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_greater_q_decides_and_of_two_equal_ones_the_first),
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(a_body_is_one_json_object_and_says_so),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
