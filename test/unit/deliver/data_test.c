/*
 * The report for programs: JSON and CSV.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>

#include "deliver/csv.h"
#include "sample.h"

static json_t *json_of(Report *(*sample)(void), gboolean people)
{
    g_autoptr(Report) report = sample();
    ReportStyle style = {.people = people};
    GString *text = report_render(report, REPORT_JSON, &style);
    json_error_t fault;
    json_t *root = json_loads(text->str, JSON_REJECT_DUPLICATES, &fault);
    g_string_free(text, TRUE);
    assert_non_null(root);
    return root;
}

static json_t *member(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    if (value == NULL)
        fail_msg("no member '%s'", name);
    return value;
}

static void json_says_its_format_and_version(void **state)
{
    json_t *root = json_of(sample_report, FALSE);
    assert_string_equal(json_string_value(member(root, "format")), "plumbline-report");
    assert_int_equal(json_integer_value(member(root, "version")), REPORT_FORMAT_VERSION);
    json_decref(root);
}

static void json_holds_the_figures_in_seconds(void **state)
{
    json_t *root = json_of(sample_report, FALSE);
    json_t *cycle = json_array_get(member(root, "measures"), 0);
    json_t *now = member(cycle, "now");
    assert_string_equal(json_string_value(member(cycle, "id")), "cycle-time");
    assert_string_equal(json_string_value(member(cycle, "unit")), "seconds");
    assert_close(json_real_value(member(now, "p50")), 28.4 * 3600, 1e-6);
    assert_int_equal(json_integer_value(member(now, "n")), 412);
    assert_string_equal(json_string_value(member(cycle, "trend")), "up");
    json_t *need = json_array_get(member(root, "needs"), 0);
    assert_string_equal(json_string_value(member(need, "title")), SAMPLE_SCRIPT);
    assert_close(json_real_value(member(need, "age")), 5.2 * 86400, 1e-6);
    assert_string_equal(json_string_value(member(need, "since")), "2026-11-11T03:12:00Z");
    assert_int_equal(json_array_size(member(root, "needs")), 13);
    assert_int_equal(json_array_size(member(root, "pull_requests")), 412);
    json_decref(root);
}

/* The estimate of 30 h has a band from 26 h that does not end. */
static void json_says_until_when_half_are_merged(void **state)
{
    json_t *root = json_of(sample_workspace_report, FALSE);
    json_t *merged = member(json_array_get(member(root, "repositories"), 0), "until_merged");
    assert_close(json_real_value(member(merged, "p50")), 30 * 3600, 1e-6);
    assert_close(json_real_value(member(merged, "low")), 26 * 3600, 1e-6);
    assert_true(json_is_null(member(merged, "high")));
    assert_int_equal(json_integer_value(member(merged, "n")), 232);
    assert_int_equal(json_integer_value(member(merged, "open")), 9);
    assert_int_equal(json_integer_value(member(merged, "declined")), 3);
    json_decref(root);
}

static void an_estimate_is_shown_with_its_band(void **state)
{
    MeasureAsk ask = {.measure = measure_find("until-merged"), .statistic = STATISTIC_P50};
    MeasureQuery query = {.asks = &ask, .n_asks = 1};
    MeasureCell cell = {.value = 34 * (double) TIME_HOUR,
                        .low = 28 * (double) TIME_HOUR,
                        .high = (double) NAN,
                        .n = 60,
                        .open = 12};
    char nothing[] = "";
    MeasureRow row = {.key = {nothing, nothing}, .label = {nothing, nothing}, .cells = &cell};
    MeasureTable table = {.rows = &row, .n_rows = 1, .n_asks = 1};
    ReportStyle style = {.width = 80};
    g_autoptr(GString) text = deliver_render_measures(&query, &table, REPORT_TEXT, &style);
    assert_non_null(strstr(text->str, "34 h (28 h or more)"));
    cell.high = 41 * (double) TIME_HOUR;
    g_autoptr(GString) closed = deliver_render_measures(&query, &table, REPORT_TEXT, &style);
    assert_non_null(strstr(closed->str, "34 h (28 h to 41 h)"));
    g_autoptr(GString) csv = deliver_render_measures(&query, &table, REPORT_CSV, &style);
    assert_non_null(strstr(csv->str, ",122400,60,0,0,100800,147600,12,0\r\n"));
}

static void json_has_null_for_what_is_absent(void **state)
{
    json_t *root = json_of(sample_empty_report, FALSE);
    assert_true(json_is_null(member(member(root, "subject"), "url")));
    assert_true(json_is_null(member(member(root, "work_in_progress"), "oldest")));
    assert_true(json_is_null(member(member(root, "review_load"), "gini")));
    assert_true(json_is_null(member(member(root, "coverage"), "requests")));
    json_decref(root);
}

static void json_names_reviewers_only_when_asked_for(void **state)
{
    json_t *without = json_of(sample_report, FALSE), *with = json_of(sample_report, TRUE);
    assert_true(json_is_null(member(member(without, "review_load"), "people")));
    assert_int_equal(json_array_size(member(member(with, "review_load"), "people")), 4);
    json_decref(without);
    json_decref(with);
}

/* Every member of every object has its name in the document that describes it. */
static void assert_documented(const char *documentation, json_t *value)
{
    const char *name;
    json_t *inner;
    size_t index;
    if (json_is_array(value)) {
        json_array_foreach(value, index, inner) assert_documented(documentation, inner);
        return;
    }
    json_object_foreach(value, name, inner)
    {
        g_autofree char *mention = g_strdup_printf("`%s`", name);
        if (strstr(documentation, mention) == NULL)
            fail_msg("docs/report-json.md does not mention %s", mention);
        assert_documented(documentation, inner);
    }
}

static void json_is_documented_member_by_member(void **state)
{
    g_autofree char *documentation = NULL;
    assert_true(
        g_file_get_contents(SOURCE_ROOT "/docs/report-json.md", &documentation, NULL, NULL));
    json_t *root = json_of(sample_workspace_report, TRUE);
    assert_documented(documentation, root);
    json_decref(root);
}

/* ---- CSV */

static void csv_quotes_what_needs_quotes(void **state)
{
    CsvWriter writer = {.out = g_string_new(NULL)};
    csv_put_text(&writer, "plain");
    csv_put_text(&writer, "a,b");
    csv_put_text(&writer, "say \"x\"");
    csv_put_text(&writer, "two\nlines");
    csv_put_text(&writer, NULL);
    csv_put_count(&writer, -5);
    csv_put_number(&writer, 0.5);
    csv_put_number(&writer, 102240);
    csv_put_number(&writer, NAN);
    csv_end_row(&writer);
    assert_string_equal(writer.out->str,
                        "plain,\"a,b\",\"say \"\"x\"\"\",two lines,,-5,0.5,102240,\r\n");
    g_string_free(writer.out, TRUE);
}

static void csv_defuses_formulas(void **state)
{
    static const char *const FORMULAS[] = {"=1+1", "+1",   "-1",       "@SUM(A1)",   "\t=1",
                                           "\r=1", "\n=1", "  =1",     "\302\233=1", "＝1",
                                           "＋1",  "－1",  "＠SUM(A1)"};
    for (gsize i = 0; i < G_N_ELEMENTS(FORMULAS); i++) {
        CsvWriter writer = {.out = g_string_new(NULL)};
        csv_put_text(&writer, FORMULAS[i]);
        assert_true(g_str_has_prefix(writer.out->str, "\"'"));
        g_string_free(writer.out, TRUE);
    }
}

static void csv_holds_nothing_that_a_terminal_obeys(void **state)
{
    CsvWriter writer = {.out = g_string_new(NULL)};
    csv_put_text(&writer, "a\033]0;mine\007b");
    csv_put_text(&writer, "\342\200\256exe.gpj");
    assert_string_equal(writer.out->str, "a ]0;mine b, exe.gpj");
    g_string_free(writer.out, TRUE);
}

/* Fields of each record, by the grammar of RFC 4180, written for the test. */
static GPtrArray *records_of(const char *text)
{
    GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify) g_ptr_array_unref);
    while (*text != '\0') {
        GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
        for (gboolean more = TRUE; more;) {
            GString *field = g_string_new(NULL);
            if (*text == '"') {
                for (text++; *text != '"' || text[1] == '"'; text++) {
                    assert_true(*text != '\0');
                    g_string_append_c(field, *text);
                    text += *text == '"';
                }
                text++;
            } else {
                for (; *text != ',' && *text != '\r'; text++) {
                    assert_true(*text != '\0' && *text != '"' && *text != '\n');
                    g_string_append_c(field, *text);
                }
            }
            g_ptr_array_add(fields, g_string_free(field, FALSE));
            more = *text == ',';
            text += more;
        }
        assert_true(text[0] == '\r' && text[1] == '\n');
        text += 2;
        g_ptr_array_add(records, fields);
    }
    return records;
}

static void the_csv_report_is_one_table(void **state)
{
    g_autoptr(Report) report = sample_workspace_report();
    GString *text = report_render(report, REPORT_CSV, NULL);
    g_autoptr(GPtrArray) records = records_of(text->str);
    guint needs = 0;
    gboolean has_cycle = FALSE;
    assert_true(records->len > 50);
    for (guint i = 0; i < records->len; i++) {
        const GPtrArray *fields = records->pdata[i];
        assert_int_equal(fields->len, 14);
        needs += g_str_equal(fields->pdata[0], "need");
        if (g_str_equal(fields->pdata[1], "cycle-time") && g_str_equal(fields->pdata[3], "p50")) {
            has_cycle = TRUE;
            assert_string_equal(fields->pdata[4], "seconds");
            assert_string_equal(fields->pdata[5], "102240"); /* 28.4 h */
            assert_string_equal(fields->pdata[6], "412");
        }
        if (strstr(fields->pdata[2], "HYPERLINK") != NULL)
            assert_string_equal(fields->pdata[2], "'" SAMPLE_FORMULA);
    }
    assert_true(has_cycle);
    assert_int_equal(needs, report->needs->len);
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_says_its_format_and_version),
        cmocka_unit_test(json_holds_the_figures_in_seconds),
        cmocka_unit_test(json_says_until_when_half_are_merged),
        cmocka_unit_test(an_estimate_is_shown_with_its_band),
        cmocka_unit_test(json_has_null_for_what_is_absent),
        cmocka_unit_test(json_names_reviewers_only_when_asked_for),
        cmocka_unit_test(json_is_documented_member_by_member),
        cmocka_unit_test(csv_quotes_what_needs_quotes),
        cmocka_unit_test(csv_defuses_formulas),
        cmocka_unit_test(csv_holds_nothing_that_a_terminal_obeys),
        cmocka_unit_test(the_csv_report_is_one_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
