/*
 * The report in a terminal. Widths are counted with the C library's wcwidth, not with our own
 * function.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <locale.h>
#include <wchar.h>

#include "deliver/layout.h"
#include "sample.h"

static Report *(*const SAMPLES[])(void) = {sample_report, sample_empty_report,
                                           sample_workspace_report};

/* Columns of one line of text without escape sequences; fails on anything that is not printable. */
static int columns_of(const char *line)
{
    int columns = 0;
    mbstate_t shift = {0};
    for (const char *p = line; *p != '\0';) {
        wchar_t wide;
        size_t bytes = mbrtowc(&wide, p, strlen(p), &shift);
        assert_true(bytes > 0 && bytes < (size_t) -2);
        assert_true(wcwidth(wide) >= 0);
        columns += wcwidth(wide);
        p += bytes;
    }
    return columns;
}

static void assert_fits(const char *text, int width)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (columns_of(lines[i]) > width)
            fail_msg("%d columns: %s", columns_of(lines[i]), lines[i]);
    }
}

static void every_line_fits_the_width(void **state)
{
    static const guint WIDTHS[] = {80, 93, 200};
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
        g_autoptr(Report) report = SAMPLES[i]();
        for (gsize k = 0; k < G_N_ELEMENTS(WIDTHS); k++) {
            ReportStyle style = {.unicode = TRUE, .width = WIDTHS[k], .people = TRUE};
            GString *text = report_render(report, REPORT_TEXT, &style);
            assert_fits(text->str, (int) WIDTHS[k]);
            g_string_free(text, TRUE);
        }
    }
}

static void ascii_is_ascii(void **state)
{
    g_autoptr(Report) report = sample_workspace_report();
    ReportStyle style = {.people = TRUE};
    GString *text = report_render(report, REPORT_TEXT, &style);
    for (gsize i = 0; i < text->len; i++)
        assert_true(text->str[i] == '\n' || (text->str[i] >= ' ' && text->str[i] <= '~'));
    assert_fits(text->str, 80);
    assert_non_null(strstr(text->str, "Tomas Ibanez"));
    g_string_free(text, TRUE);
}

static void escape_sequences_come_with_colour_only(void **state)
{
    g_autoptr(Report) report = sample_report();
    ReportStyle color = {.unicode = TRUE, .color = TRUE};
    GString *plain = report_render(report, REPORT_TEXT, NULL);
    GString *colored = report_render(report, REPORT_TEXT, &color);
    assert_null(strchr(plain->str, '\033'));
    assert_non_null(strstr(colored->str, "\033[1m"));
    assert_non_null(strstr(colored->str,
                           "\033]8;;https://bitbucket.org/acme/billing/pull-requests/1412\033\\"));
    g_string_free(plain, TRUE);
    g_string_free(colored, TRUE);
}

/* A sequence of ours is one of a handful; whatever else begins with ESC came from a title. */
static void titles_cannot_command_the_terminal(void **state)
{
    g_autoptr(Report) report = sample_report();
    ReportStyle color = {.unicode = TRUE, .color = TRUE};
    GString *text = report_render(report, REPORT_TEXT, &color);
    for (const char *p = strchr(text->str, '\033'); p != NULL; p = strchr(p + 1, '\033')) {
        gboolean is_color = p[1] == '[' && p[2] >= '0' && p[2] <= '3' &&
                            (p[3] == 'm' || (g_ascii_isdigit(p[3]) && p[4] == 'm'));
        gboolean is_link = g_str_has_prefix(p + 1, "]8;;") || p[1] == '\\';
        assert_true(is_color || is_link);
        assert_false(g_str_has_prefix(p, "\033[31m"));
    }
    g_string_free(text, TRUE);
}

static void needs_come_first_with_who_since_when_and_the_link(void **state)
{
    g_autoptr(Report) report = sample_report();
    GString *text = report_render(report, REPORT_TEXT, NULL);
    const char *needs = strstr(text->str, "What needs a hand now");
    const char *flow = strstr(text->str, " Flow ");
    assert_non_null(needs);
    assert_true(needs < flow);
    g_auto(GStrv) lines = g_strsplit(needs, "\n", -1);
    gboolean found = FALSE;
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (strstr(lines[i], "#1377") == NULL)
            continue;
        found = TRUE;
        assert_non_null(strstr(lines[i], "Cache the price list"));
        assert_non_null(strstr(lines[i], "Wei Chen"));
        assert_non_null(strstr(lines[i], "13 Nov"));
        assert_non_null(strstr(lines[i], "2.9 d"));
        assert_true(g_str_has_suffix(lines[i], " 15"));
    }
    assert_true(found);
    assert_non_null(strstr(needs, " https://bitbucket.org/acme/billing/pull-requests/NUMBER\n"));
    assert_non_null(strstr(needs, "  and 3 more\n"));
    g_string_free(text, TRUE);
}

static void further_reviewers_are_counted_beside_the_first(void **state)
{
    g_autoptr(Report) report = sample_report();
    ReportNeed *first = &g_array_index(report->needs, ReportNeed, 0);
    ReportNeed *nobody = &g_array_index(report->needs, ReportNeed, 2);
    assert_null(nobody->who);
    first->also = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(first->also, g_strdup("Wei Chen"));
    g_ptr_array_add(first->also, g_strdup("Tom Lee"));
    GString *text = report_render(report, REPORT_TEXT, NULL);
    assert_non_null(strstr(text->str, "Ana Roy +2 "));
    assert_non_null(strstr(text->str, "nobody "));
    g_string_free(text, TRUE);
    text = report_render(report, REPORT_HTML, NULL);
    assert_non_null(strstr(
        text->str, "<span>Ana Roy,</span> <span>Wei Chen,</span> <span>Tom Lee</span></td>"));
    g_string_free(text, TRUE);
}

static void links_that_differ_are_written_out(void **state)
{
    g_autoptr(Report) report = sample_report();
    ReportNeed *need = &g_array_index(report->needs, ReportNeed, 0);
    g_free(need->url);
    need->url = g_strdup("https://example.org/elsewhere/7");
    GString *text = report_render(report, REPORT_TEXT, NULL);
    assert_non_null(strstr(text->str, "    https://example.org/elsewhere/7\n"));
    assert_null(strstr(text->str, "NUMBER"));
    g_string_free(text, TRUE);
}

static void reviewers_are_named_only_when_asked_for(void **state)
{
    g_autoptr(Report) report = sample_report();
    ReportStyle named = {.unicode = TRUE, .people = TRUE};
    GString *without = report_render(report, REPORT_TEXT, NULL);
    GString *with = report_render(report, REPORT_TEXT, &named);
    assert_null(strstr(without->str, "<b>Tom</b>"));
    assert_non_null(strstr(with->str, "<b>Tom</b>"));
    assert_non_null(strstr(without->str, "the busiest gives 40%"));
    g_string_free(without, TRUE);
    g_string_free(with, TRUE);
}

static void cells_are_cut_to_their_columns(void **state)
{
    GString *out = g_string_new(NULL);
    layout_put(out, "請求書の丸め", 7, LAYOUT_LEFT, TRUE); /* 12 columns */
    assert_string_equal(out->str, "請求書…");
    g_string_truncate(out, 0);
    layout_put(out, "請求書の丸め", 6, LAYOUT_LEFT, TRUE); /* a half character has no place */
    assert_string_equal(out->str, "請求… ");
    g_string_truncate(out, 0);
    layout_put(out, "12", 5, LAYOUT_RIGHT, TRUE);
    assert_string_equal(out->str, "   12");
    g_string_free(out, TRUE);
}

static void bars_are_exact_to_an_eighth(void **state)
{
    GString *out = g_string_new(NULL);
    layout_bar(out, 0.5625, 4, TRUE); /* 2 and a quarter of 4 */
    assert_string_equal(out->str, "██▎ ");
    g_string_truncate(out, 0);
    layout_bar(out, 7, 3, FALSE);
    assert_string_equal(out->str, "###");
    g_string_free(out, TRUE);
}

static void tables_shrink_their_widest_text_column(void **state)
{
    static const char *const CELLS[] = {
        "repository", "n", "a-very-long-name-that-does-not-fit-into-thirty", "12345", "short", "1"};
    ReportStyle style = {.unicode = TRUE, .width = 30};
    GString *text = deliver_render_table(CELLS, 3, 2, 2, &style);
    assert_string_equal(text->str, "repository                   n\n"
                                   "a-very-long-name-that-…  12345\n"
                                   "short                        1\n");
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_fits_the_width),
        cmocka_unit_test(ascii_is_ascii),
        cmocka_unit_test(escape_sequences_come_with_colour_only),
        cmocka_unit_test(titles_cannot_command_the_terminal),
        cmocka_unit_test(needs_come_first_with_who_since_when_and_the_link),
        cmocka_unit_test(further_reviewers_are_counted_beside_the_first),
        cmocka_unit_test(links_that_differ_are_written_out),
        cmocka_unit_test(reviewers_are_named_only_when_asked_for),
        cmocka_unit_test(cells_are_cut_to_their_columns),
        cmocka_unit_test(bars_are_exact_to_an_eighth),
        cmocka_unit_test(tables_shrink_their_widest_text_column),
    };
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
