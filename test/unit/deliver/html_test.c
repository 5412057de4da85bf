/*
 * The report as HTML: escaped, well nested, complete in itself.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "sample.h"

static GString *html_of(Report *(*sample)(void), gboolean people)
{
    g_autoptr(Report) report = sample();
    ReportStyle style = {.people = people};
    return report_render(report, REPORT_HTML, &style);
}

static guint count_of(const char *text, const char *part)
{
    guint count = 0;
    for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
        count++;
    return count;
}

static gboolean is_void(const char *name)
{
    static const char *const NAMES[] = {"meta", "br", "!doctype"};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        if (g_str_equal(name, NAMES[i]))
            return TRUE;
    }
    return FALSE;
}

/* Every tag is closed by its own, in order; nothing is left open. */
static void assert_nested(const char *html)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = strchr(html, '<'); p != NULL; p = strchr(p + 1, '<')) {
        const char *end = strchr(p, '>');
        assert_non_null(end);
        gboolean closes = p[1] == '/';
        const char *name_start = p + (closes ? 2 : 1);
        gsize length = strspn(name_start, "abcdefghijklmnopqrstuvwxyz0123456789!");
        g_autofree char *name = g_strndup(name_start, length);
        if (length == 0)
            fail_msg("a bare '<' at: %.40s", p);
        if (closes) {
            assert_true(open->len > 0);
            assert_string_equal(open->pdata[open->len - 1], name);
            g_ptr_array_set_size(open, (gint) open->len - 1);
        } else if (end[-1] != '/' && !is_void(name)) {
            g_ptr_array_add(open, g_steal_pointer(&name));
        }
        p = end;
    }
    assert_int_equal(open->len, 0);
}

static void tags_are_nested(void **state)
{
    Report *(*const SAMPLES[])(void) = {sample_report, sample_empty_report,
                                        sample_workspace_report};
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
        GString *html = html_of(SAMPLES[i], TRUE);
        assert_nested(html->str);
        g_string_free(html, TRUE);
    }
}

static void titles_are_escaped_wherever_they_stand(void **state)
{
    GString *html = html_of(sample_report, TRUE);
    assert_null(strstr(html->str, "<script"));
    assert_null(strstr(html->str, "</title><script"));
    assert_null(strstr(html->str, "<b>Tom"));
    assert_non_null(strstr(html->str, "&lt;/title&gt;&lt;script&gt;alert(&apos;x&apos;)"));
    assert_non_null(strstr(html->str, "&lt;b&gt;Tom&lt;/b&gt;"));
    assert_non_null(strstr(html->str, "title=\"merged minus &lt;first commit&gt;\""));
    g_string_free(html, TRUE);
}

static void addresses_that_are_no_links_are_not_linked(void **state)
{
    g_autoptr(Report) report = sample_report();
    ReportNeed *need = &g_array_index(report->needs, ReportNeed, 0);
    ReportPoint *point = &g_array_index(report->points, ReportPoint, 0);
    g_free(need->url);
    g_free(point->url);
    need->url = g_strdup("javascript:alert(1)");
    point->url = g_strdup("https://x/\" onclick=\"alert(1)");
    GString *html = report_render(report, REPORT_HTML, NULL);
    assert_null(strstr(html->str, "javascript:"));
    assert_null(strstr(html->str, "onclick"));
    assert_nested(html->str);
    g_string_free(html, TRUE);
}

static void nothing_is_fetched_from_anywhere(void **state)
{
    GString *html = html_of(sample_report, TRUE);
    static const char *const FOREIGN[] = {"src=",  "@import", "url(",   "<link", "<iframe",
                                          "<img ", "<object", "<embed", "<form"};
    for (gsize i = 0; i < G_N_ELEMENTS(FOREIGN); i++)
        assert_null(strstr(html->str, FOREIGN[i]));
    assert_non_null(strstr(html->str, "default-src 'none'; style-src 'unsafe-inline'"));
    g_string_free(html, TRUE);
}

static void every_chart_has_a_name_and_its_numbers(void **state)
{
    GString *html = html_of(sample_report, FALSE);
    guint figures = count_of(html->str, "<figure>");
    assert_int_equal(figures, 4);
    assert_int_equal(count_of(html->str, "role=\"img\" aria-labelledby=\""), figures);
    assert_int_equal(count_of(html->str, "<details>"), figures);
    assert_int_equal(count_of(html->str, "<details><summary>"), figures);
    assert_int_equal(count_of(html->str, "<circle "), 412); /* a dot per pull request */
    assert_int_equal(count_of(html->str, "<title>week of "), 2 * 14);
    g_string_free(html, TRUE);
}

static void every_need_is_linked(void **state)
{
    g_autoptr(Report) report = sample_workspace_report();
    GString *html = report_render(report, REPORT_HTML, NULL);
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        g_autofree char *link = g_strdup_printf("<a href=\"%s\">", need->url);
        assert_non_null(strstr(html->str, link));
    }
    g_string_free(html, TRUE);
}

static void reviewers_are_named_only_when_asked_for(void **state)
{
    GString *without = html_of(sample_report, FALSE);
    assert_null(strstr(without->str, "&lt;b&gt;Tom"));
    assert_non_null(strstr(without->str, "The busiest gives 40% of all reviews"));
    g_string_free(without, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_nested),
        cmocka_unit_test(titles_are_escaped_wherever_they_stand),
        cmocka_unit_test(addresses_that_are_no_links_are_not_linked),
        cmocka_unit_test(nothing_is_fetched_from_anywhere),
        cmocka_unit_test(every_chart_has_a_name_and_its_numbers),
        cmocka_unit_test(every_need_is_linked),
        cmocka_unit_test(reviewers_are_named_only_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
