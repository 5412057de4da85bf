/*
 * Deliveries in each format: the figures where they are known, and words where they are not.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>

#include "sample.h"

static char *render(const Report *report, ReportFormat format)
{
    const ReportStyle style = {.unicode = TRUE, .width = 100};
    return g_string_free(report_render(report, format, &style), FALSE);
}

/* What stands between the section's heading and the next. */
static char *section_of(const char *text, const char *begin, const char *end)
{
    const char *from = strstr(text, begin);
    assert_non_null(from);
    const char *until = strstr(from + strlen(begin), end);
    assert_non_null(until);
    return g_strndup(from, (gsize) (until - from));
}

static void assert_says(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" is not in:\n%s", words, text);
}

static Report *silent_report(void)
{
    Report *report = sample_empty_report();
    report->delivery_note = g_strdup("Nobody tells of a <deployment>.");
    return report;
}

static void what_is_known_is_told_with_its_numbers(void **state)
{
    g_autoptr(Report) report = sample_report();
    g_autofree char *text = render(report, REPORT_TEXT);
    g_autofree char *part = section_of(text, "Delivery", "Size");
    assert_says(part, "lead time");
    assert_says(part, "42, 3.3 a week, on 20 days; 38 in the period before");
    assert_says(part, "3 of 44 (7%), rolled back ones included; 10% in the period before");
    assert_says(part, "Production");
    assert_says(part, "1.5 h");
    assert_says(part, "1 of 3 <repositories> are not in the figures.");
}

static void what_is_not_known_is_said_in_words_not_in_zeros(void **state)
{
    g_autoptr(Report) report = silent_report();
    g_autofree char *text = render(report, REPORT_TEXT);
    g_autofree char *part = section_of(text, "Delivery", "Size");
    assert_says(part, "Nobody tells of a <deployment>.");
    assert_null(strpbrk(part, "0123456789"));
    g_autofree char *html = render(report, REPORT_HTML);
    g_autofree char *chapter = section_of(html, "<h2>Delivery</h2>", "<h2>Size</h2>");
    assert_says(chapter, "Nobody tells of a &lt;deployment&gt;.");
    assert_null(strstr(chapter, "<table"));
}

static void html_escapes_the_names_of_environments(void **state)
{
    g_autoptr(Report) report = sample_report();
    g_autofree char *html = render(report, REPORT_HTML);
    g_autofree char *chapter = section_of(html, "<h2>Delivery</h2>", "<h2>Size</h2>");
    assert_says(chapter, "Test &lt;1&gt;");
    assert_says(chapter, "3 of 44 (7%)");
}

static void json_has_figures_or_null(void **state)
{
    g_autoptr(Report) report = sample_report(), silent = silent_report();
    g_autofree char *text = render(report, REPORT_JSON), *nothing = render(silent, REPORT_JSON);
    json_t *root = json_loads(text, 0, NULL), *empty = json_loads(nothing, 0, NULL);
    json_t *delivery = json_object_get(root, "delivery"), *now = json_object_get(delivery, "now"),
           *places = json_object_get(delivery, "environments");
    assert_true(json_is_true(json_object_get(delivery, "is_known")));
    assert_int_equal(json_integer_value(json_object_get(now, "deployments")), 42);
    assert_int_equal(json_integer_value(json_object_get(now, "judged")), 44);
    assert_int_equal(json_array_size(places), 2);
    json_t *recovery = json_object_get(json_array_get(places, 1), "recovery_time_p50");
    assert_float_equal(json_real_value(recovery), 5400, 1e-9);

    delivery = json_object_get(empty, "delivery");
    assert_true(json_is_false(json_object_get(delivery, "is_known")));
    assert_true(json_is_null(json_object_get(json_object_get(delivery, "now"), "deployments")));
    assert_string_equal(json_string_value(json_object_get(delivery, "note")),
                        "Nobody tells of a <deployment>.");
    json_decref(root);
    json_decref(empty);
}

static void csv_has_figures_or_nothing(void **state)
{
    g_autoptr(Report) report = sample_report(), silent = silent_report();
    g_autofree char *text = render(report, REPORT_CSV), *nothing = render(silent, REPORT_CSV);
    assert_says(text, "delivery,deployments,deployments,count,count,42,,38,");
    assert_says(text, "delivery,environment recovery,Production,p50,seconds,5400,3,");
    assert_says(nothing, "delivery,deployments,deployments,count,count,,,,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_is_told_with_its_numbers),
        cmocka_unit_test(what_is_not_known_is_said_in_words_not_in_zeros),
        cmocka_unit_test(html_escapes_the_names_of_environments),
        cmocka_unit_test(json_has_figures_or_null),
        cmocka_unit_test(csv_has_figures_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
