/*
 * docs/metrics.md and the program say the same: every table of the page is held against it.
 */
#include "page.h"
#include "story.h"

#include "measure/bots.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static GPtrArray *tables;

static PageTable *table_at(guint i)
{
    return g_ptr_array_index(tables, i);
}

/* The story's table under "Story A: …". */
static Story *read_story(const char *letter)
{
    g_autofree char *prefix = g_strdup_printf("Story %s:", letter);
    for (guint i = 0; i < tables->len; i++) {
        const PageTable *table = table_at(i);
        if (!g_str_has_prefix(table->heading, prefix))
            continue;
        Story *story = story_new();
        for (guint row = 0; row < table->rows->len; row++)
            story_tell(story, g_ascii_strtoll(page_cell(table, row, "PR"), NULL, 10),
                       page_cell(table, row, "when"), page_cell(table, row, "who"),
                       page_cell(table, row, "what"));
        return story;
    }
    fail_msg("the page tells no story %s", letter);
    return NULL;
}

/* "4 h 30 min", "2 d", "2/6", "0.25", "absent". */
static double read_answer(const char *text)
{
    static const struct {
        const char *word;
        double microseconds;
    } UNITS[] = {{"d", 86400e6}, {"h", 3600e6}, {"min", 60e6}, {"s", 1e6}};
    if (strcmp(text, "absent") == 0)
        return (double) NAN;
    const char *slash = strchr(text, '/');
    if (slash != NULL)
        return g_ascii_strtod(text, NULL) / g_ascii_strtod(slash + 1, NULL);
    g_auto(GStrv) words = g_strsplit(text, " ", 0);
    double total = 0;
    for (gsize i = 0; words[i] != NULL; i += words[i + 1] == NULL ? 1 : 2) {
        double number = g_ascii_strtod(words[i], NULL), factor = words[i + 1] == NULL ? 1 : 0;
        for (gsize unit = 0; words[i + 1] != NULL && unit < G_N_ELEMENTS(UNITS); unit++)
            if (strcmp(words[i + 1], UNITS[unit].word) == 0)
                factor = UNITS[unit].microseconds;
        if (factor == 0)
            fail_msg("'%s' has a unit nobody knows", text);
        total += number * factor;
    }
    return total;
}

static void check_number(const PageTable *table, guint row, const char *column, gint64 actual)
{
    const char *text = page_cell(table, row, column);
    if (text[0] != '\0' && g_ascii_strtoll(text, NULL, 10) != actual)
        fail_msg("%s, '%s': %s is %s on the page and %" G_GINT64_FORMAT " in the program",
                 table->heading, page_cell(table, row, "question"), column, text, actual);
}

static void check_question(const PageTable *table, guint row)
{
    const char *question = page_cell(table, row, "question");
    g_auto(GStrv) words = g_strsplit(question, " ", 0);
    MeasureAsk ask = {.measure = measure_find(words[0])};
    if (ask.measure == NULL || words[1] == NULL || !statistic_from_name(words[1], &ask.statistic))
        fail_msg("the page asks '%s', which is no question", question);
    ask.working_time = words[2] != NULL && strcmp(words[2], "working") == 0;
    g_autoptr(Story) story = read_story(page_cell(table, row, "story"));
    g_autoptr(MeasureColumns) columns = story_columns(story);
    MeasureQuery query = {.from = TIME_ABSENT,
                          .until = TIME_ABSENT,
                          .now = story_now(story),
                          .asks = &ask,
                          .n_asks = 1};
    g_autoptr(MeasureTable) answer = measure_query(columns, &query, NULL);
    assert_non_null(answer);
    assert_int_equal(answer->n_rows, 1);
    const MeasureCell *cell = &answer->rows[0].cells[0];
    double expected = read_answer(page_cell(table, row, "answer"));
    if (isnan(expected) != isnan(cell->value) ||
        (!isnan(expected) && fabs(expected - cell->value) > 1e-9 * fabs(expected)))
        fail_msg("%s: story %s, '%s': the page says %s, the program %.17g", table->heading,
                 page_cell(table, row, "story"), question, page_cell(table, row, "answer"),
                 cell->value);
    check_number(table, row, "n", cell->n);
    check_number(table, row, "left out", cell->excluded);
    check_number(table, row, "absent", cell->absent);
}

static void answers_of_the_page_are_the_programs(void **state)
{
    guint questions = 0;
    for (guint i = 0; i < tables->len; i++)
        for (guint row = 0;
             page_has_column(table_at(i), "question") && row < table_at(i)->rows->len; row++) {
            check_question(table_at(i), row);
            questions++;
        }
    assert_true(questions >= 60);
}

static void every_measure_has_its_section_with_an_example(void **state)
{
    gsize n;
    const MeasureInfo *const *measures = measure_list(&n);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(METRICS_PAGE, &text, NULL, NULL));
    for (gsize i = 0; i < n; i++) {
        static const char *const UNITS[] = {"duration", "lines", "count", "share"};
        const MeasureInfo *info = measures[i];
        g_autofree char *heading = g_strdup_printf("`%s`: %s", info->id, info->title);
        g_autofree char *section = g_strdup_printf("### %s\n", heading);
        g_autofree char *facts =
            g_strdup_printf("Counted at: %s. Unit: %s.", info->anchor, UNITS[info->unit]);
        const char *at = strstr(text, section);
        if (at == NULL)
            fail_msg("the page has no section '%s'", heading);
        const char *end = strstr(at, "\n##"); /* the next heading, of whatever rank */
        const char *found = strstr(at, facts);
        if (found == NULL || (end != NULL && found > end))
            fail_msg("section '%s' does not say '%s'", heading, facts);
        gboolean has_example = FALSE;
        for (guint table = 0; table < tables->len; table++)
            for (guint row = 0; row < table_at(table)->rows->len; row++)
                has_example =
                    has_example ||
                    (strcmp(table_at(table)->heading, heading) == 0 &&
                     g_str_has_prefix(page_cell(table_at(table), row, "question"), info->id));
        if (!has_example)
            fail_msg("section '%s' has no worked example", heading);
    }
}

static void the_page_offers_nothing_that_is_not_there(void **state)
{
    for (guint i = 0; i < tables->len; i++) {
        const char *heading = table_at(i)->heading;
        if (heading[0] != '`')
            continue;
        g_autofree char *id = g_strndup(heading + 1, strcspn(heading + 1, "`"));
        if (measure_find(id) == NULL)
            fail_msg("the page describes '%s', which does not exist", id);
    }
}

/* A table on the page that the program is held to; fails when it is gone. */
static const PageTable *table_under(const char *heading, const char *column)
{
    for (guint i = 0; i < tables->len; i++)
        if (strcmp(table_at(i)->heading, heading) == 0 && page_has_column(table_at(i), column))
            return table_at(i);
    fail_msg("the page has no table with '%s' under '%s'", column, heading);
    return NULL;
}

static void percentiles_are_as_the_page_says(void **state)
{
    const PageTable *table = table_under("Percentiles", "values");
    static const struct {
        const char *name;
        double p;
    } WANTED[] = {{"p50", 0.5}, {"p75", 0.75}, {"p90", 0.9}};
    for (guint row = 0; row < table->rows->len; row++) {
        g_auto(GStrv) words = g_strsplit(page_cell(table, row, "values"), " ", 0);
        g_autofree double *values = g_new(double, g_strv_length(words));
        for (gsize i = 0; i < G_N_ELEMENTS(WANTED); i++) {
            for (gsize word = 0; words[word] != NULL; word++)
                values[word] = g_ascii_strtod(words[word], NULL);
            double expected = g_ascii_strtod(page_cell(table, row, WANTED[i].name), NULL);
            assert_float_equal(measure_percentile(values, g_strv_length(words), WANTED[i].p),
                               expected, 1e-12);
        }
    }
}

static void working_time_is_as_the_page_says(void **state)
{
    const PageTable *table = table_under("Working time", "working time");
    for (guint row = 0; row < table->rows->len; row++) {
        g_auto(GStrv) hours = g_strsplit(page_cell(table, row, "hours"), "-", 2);
        CalendarSettings settings = {page_cell(table, row, "zone"), page_cell(table, row, "days"),
                                     hours[0], hours[1], page_cell(table, row, "holidays")};
        g_autoptr(WorkCalendar) calendar = calendar_from_settings(&settings, NULL);
        assert_non_null(calendar);
        Duration worked =
            work_calendar_between(calendar, story_time(page_cell(table, row, "from (UTC)")),
                                  story_time(page_cell(table, row, "until (UTC)")));
        if ((double) worked != read_answer(page_cell(table, row, "working time")))
            fail_msg("working time, row %u: the program says %.4f h", row + 1,
                     (double) worked / 3600e6);
    }
}

static void size_classes_are_as_the_page_says(void **state)
{
    const PageTable *table = table_under("Size classes", "changed lines");
    for (guint row = 0; row < table->rows->len; row++) {
        const char *range = page_cell(table, row, "changed lines");
        const char *class = page_cell(table, row, "class");
        if (!g_ascii_isdigit(range[0])) {
            assert_string_equal(SIZE_CLASS_NAMES[size_class_of(COUNT_ABSENT)], class);
            continue;
        }
        const char *dash = strchr(range, '-');
        gint64 from = g_ascii_strtoll(range, NULL, 10);
        gint64 until = dash[1] == '\0' ? G_MAXINT32 : g_ascii_strtoll(dash + 1, NULL, 10);
        assert_string_equal(SIZE_CLASS_NAMES[size_class_of(from)], class);
        assert_string_equal(SIZE_CLASS_NAMES[size_class_of(until)], class);
    }
}

static void paths_are_classed_as_the_page_says(void **state)
{
    static const char *const NAMES[] = {"authored", "generated", "vendored"};
    const PageTable *table = table_under("Path classes", "path");
    for (guint row = 0; row < table->rows->len; row++)
        assert_string_equal(NAMES[model_path_class(page_cell(table, row, "path"))],
                            page_cell(table, row, "class"));
}

static void names_are_judged_as_the_page_says(void **state)
{
    const PageTable *table = table_under("Bots", "judged");
    for (guint row = 0; row < table->rows->len; row++) {
        const char *name = page_cell(table, row, "name");
        const char *judged = bots_judge("user", name, NULL, NULL) != NULL ? "bot" : "person";
        if (strcmp(judged, page_cell(table, row, "judged")) != 0)
            fail_msg("'%s' is judged a %s", name, judged);
    }
}

static void the_page_lists_every_known_bot(void **state)
{
    gsize n;
    const char *const *names = bots_known_names(&n);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(METRICS_PAGE, &text, NULL, NULL));
    const char *section = strstr(text, "\n## Bots\n");
    assert_non_null(section);
    for (gsize i = 0; i < n; i++)
        if (strstr(section, names[i]) == NULL)
            fail_msg("the page does not name the bot '%s'", names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_of_the_page_are_the_programs),
        cmocka_unit_test(every_measure_has_its_section_with_an_example),
        cmocka_unit_test(the_page_offers_nothing_that_is_not_there),
        cmocka_unit_test(percentiles_are_as_the_page_says),
        cmocka_unit_test(working_time_is_as_the_page_says),
        cmocka_unit_test(size_classes_are_as_the_page_says),
        cmocka_unit_test(paths_are_classed_as_the_page_says),
        cmocka_unit_test(names_are_judged_as_the_page_says),
        cmocka_unit_test(the_page_lists_every_known_bot),
    };
    tables = page_read_tables(METRICS_PAGE);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    g_ptr_array_unref(tables);
    return failures;
}
