/*
 * Lists of JSON objects as CSV.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "deliver/json_table.h"

static void expect(const char *json, const char *const *columns, const char *csv)
{
    json_t *items = json_loads(json, 0, NULL);
    assert_non_null(items);
    g_autoptr(GString) text = json_table_csv(items, columns);
    assert_string_equal(text->str, csv);
    json_decref(items);
}

static void each_kind_of_value_has_its_form(void **state)
{
    expect("[{\"a\": 7, \"b\": 0.25, \"c\": true, \"d\": null, \"e\": \"x, y\"}, {\"a\": -1, "
           "\"c\": false}]",
           (const char *[]){"a", "b", "c", "d", "e", NULL},
           "a,b,c,d,e\r\n7,0.25,yes,,\"x, y\"\r\n-1,,no,,\r\n");
}

static void a_path_leads_into_objects_and_through_lists(void **state)
{
    expect("[{\"who\": {\"name\": \"Ada\"}, \"near\": [{\"name\": \"Bo\"}, {\"name\": \"Cy\"}],"
           "  \"words\": [\"p\", \"q\"], \"numbers\": [1, 2.5]}, {\"who\": null, \"near\": []}]",
           (const char *[]){"who.name", "near.name", "words", "numbers", NULL},
           "who_name,near_name,words,numbers\r\nAda,Bo; Cy,p; q,1; 2.5\r\n,,,\r\n");
}

static void what_is_no_value_is_an_empty_field(void **state)
{
    expect("[{\"a\": {\"b\": 1}}, {\"a\": 3}, 5]", (const char *[]){"a", "a.b", NULL},
           "a,a_b\r\n,1\r\n3,\r\n,\r\n");
}

static void a_formula_is_guarded_wherever_it_comes_from(void **state)
{
    expect("[{\"a\": \"=1+1\", \"b\": [\"@x\", \"y\"], \"c\": -3}]",
           (const char *[]){"a", "b", "c", NULL}, "a,b,c\r\n\"'=1+1\",\"'@x; y\",-3\r\n");
}

static void a_list_without_rows_has_its_heading(void **state)
{
    expect("[]", (const char *[]){"a", "b", NULL}, "a,b\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_value_has_its_form),
        cmocka_unit_test(a_path_leads_into_objects_and_through_lists),
        cmocka_unit_test(what_is_no_value_is_an_empty_field),
        cmocka_unit_test(a_formula_is_guarded_wherever_it_comes_from),
        cmocka_unit_test(a_list_without_rows_has_its_heading),
    };
    return cmocka_run_group_tests_name("json_table", tests, NULL, NULL);
}
