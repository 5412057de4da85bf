#include "../store/fixture.h"
#include "story.h"
#include "synthetic.h"

#include "measure/pulls_order.h"

/* ---- the list beside the query */

typedef struct {
    Fixture fixture;
    gint64 workspace_id;
    MeasureColumns *columns;
} Company;

static void company_init(Company *company)
{
    const SyntheticOptions options = {.seed = 11,
                                      .pull_requests = 1500,
                                      .commits = 10,
                                      .people = 30,
                                      .repositories = 4,
                                      .from = T0,
                                      .until = T0 + 200 * TIME_DAY};
    fixture_init(&company->fixture);
    assert_ok(synthetic_fill(company->fixture.store, &options, &company->workspace_id, &error));
    assert_ok((company->columns = measure_columns_load(company->fixture.store,
                                                       company->workspace_id, &error)) != NULL);
}

static void company_clear(Company *company)
{
    measure_columns_free(company->columns);
    fixture_clear(&company->fixture);
}

static PullsQuery any(void)
{
    return (PullsQuery){.state = -1,
                        .draft = -1,
                        .longer = DURATION_ABSENT,
                        .shorter = DURATION_ABSENT,
                        .from = TIME_ABSENT,
                        .until = TIME_ABSENT,
                        .limit = G_MAXINT32};
}

static gint64 asked_of_query(const Company *company, const char *measure, const PullsQuery *like,
                             gint64 *ret_excluded)
{
    const MeasureAsk ask = {measure_find(measure), STATISTIC_N, FALSE};
    const MeasureQuery query = {.from = like->from,
                                .until = like->until,
                                .now = TIME_ABSENT,
                                .repository_id = like->repository_id,
                                .author_id = like->author_id,
                                .size_class = like->size_class,
                                .include_bots = like->include_bots,
                                .asks = &ask,
                                .n_asks = 1};
    g_autoptr(MeasureTable) table = NULL;
    assert_ok((table = measure_query(company->columns, &query, &error)) != NULL);
    *ret_excluded = table->rows[0].cells[0].excluded;
    return table->rows[0].cells[0].n;
}

static void check_agrees(const Company *company, const char *measure, const PullsQuery *query)
{
    g_auto(MeasurePulls) pulls = {0};
    gint64 excluded = 0, n = asked_of_query(company, measure, query, &excluded);
    measure_pulls(company->columns, query, &pulls);
    assert_true(n > 0);
    assert_int_equal(pulls.n, n);
    assert_int_equal(pulls.excluded, excluded);
    assert_int_equal(pulls.rows->len, n);
    assert_false(pulls.has_more);
}

static void a_list_has_what_a_number_counts(void **state)
{
    static const struct {
        const char *measure;
        PullsAt at;
    } COUNTS[] = {{"opened", PULLS_OPENED}, {"merged", PULLS_MERGED}, {"declined", PULLS_DECLINED}};
    Company company;
    company_init(&company);
    for (guint i = 0; i < G_N_ELEMENTS(COUNTS); i++) {
        PullsQuery query = any();
        query.at = COUNTS[i].at;
        query.from = T0 + 20 * TIME_DAY;
        query.until = T0 + 170 * TIME_DAY;
        check_agrees(&company, COUNTS[i].measure, &query);
        query.include_bots = TRUE;
        check_agrees(&company, COUNTS[i].measure, &query);
        query.repository_id = synthetic_repository(company.workspace_id, 1);
        check_agrees(&company, COUNTS[i].measure, &query);
        query.size_class = "M";
        check_agrees(&company, COUNTS[i].measure, &query);
    }
    company_clear(&company);
}

/* ---- pages */

static char *key_of(const MeasurePull *pull)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, pull->repository_id,
                           pull->number);
}

/* Follows pages of @limit to the end: every row once, in the order that one long page has. */
static void check_pages(const Company *company, PullsOrder order, gboolean is_descending,
                        guint limit)
{
    PullsQuery query = any();
    g_auto(MeasurePulls) whole = {0};
    query.order = order;
    query.is_descending = is_descending;
    measure_pulls(company->columns, &query, &whole);
    PullsPlace after;
    gint64 seen = 0;
    for (gboolean goes_on = TRUE; goes_on;) {
        g_auto(MeasurePulls) page = {0};
        query.limit = limit;
        measure_pulls(company->columns, &query, &page);
        assert_int_equal(page.n, whole.n);
        for (guint i = 0; i < page.rows->len; i++, seen++) {
            assert_true(seen < whole.n);
            g_autofree char *mine = key_of(&g_array_index(page.rows, MeasurePull, i));
            g_autofree char *wanted = key_of(&g_array_index(whole.rows, MeasurePull, seen));
            assert_string_equal(mine, wanted);
        }
        after = page.last;
        query.after = &after;
        goes_on = page.has_more;
    }
    assert_int_equal(seen, whole.n);
}

static void pages_visit_each_pull_request_once_in_every_order(void **state)
{
    Company company;
    company_init(&company);
    for (guint i = 0; i < PULLS_ORDERS; i++) {
        check_pages(&company, (PullsOrder) i, FALSE, 7);
        check_pages(&company, (PullsOrder) i, TRUE, 50);
    }
    company_clear(&company);
}

static void what_has_no_value_comes_last_both_ways(void **state)
{
    const PullsPlace absent = {COUNT_ABSENT, 1, 1}, small = {0, 9, 9}, large = {5, 2, 2},
                     twin = {5, 2, 3};
    assert_true(pulls_place_compare(&small, &absent, FALSE) < 0);
    assert_true(pulls_place_compare(&small, &absent, TRUE) < 0);
    assert_true(pulls_place_compare(&small, &large, FALSE) < 0);
    assert_true(pulls_place_compare(&small, &large, TRUE) > 0);
    assert_true(pulls_place_compare(&large, &twin, FALSE) < 0);
    assert_int_equal(pulls_place_compare(&twin, &twin, TRUE), 0);
}

static void orders_have_names_that_find_them(void **state)
{
    PullsOrder found;
    for (guint i = 0; i < PULLS_ORDERS; i++) {
        assert_true(pulls_order_from_name(pulls_order_name((PullsOrder) i), &found));
        assert_int_equal(found, i);
    }
    assert_false(pulls_order_from_name("luck", &found));
}

/* ---- filters and phases of a story that can be told by heart */

static Story *three(void)
{
    Story *story = story_new();
    story_tell(story, 1, "2026-03-02 09:00", "Ann", "commits +5 -0");
    story_tell(story, 1, "2026-03-02 10:00", "Ann", "opens, asking Bob");
    story_tell(story, 1, "2026-03-02 12:00", "Bob", "approves");
    story_tell(story, 1, "2026-03-03 12:00", "Ann", "merges");
    story_tell(story, 2, "2026-03-04 10:00", "Bob", "opens, asking Ann");
    story_tell(story, 3, "2026-03-05 10:00", "Cid", "opens");
    story_tell(story, 3, "2026-03-05 11:00", "Cid", "merges");
    return story;
}

static GArray *numbers_of(const MeasureColumns *columns, const PullsQuery *query)
{
    g_auto(MeasurePulls) pulls = {0};
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    measure_pulls(columns, query, &pulls);
    for (guint i = 0; i < pulls.rows->len; i++)
        g_array_append_val(numbers, g_array_index(pulls.rows, MeasurePull, i).number);
    return numbers;
}

#define assert_numbers(columns, query, ...)                                                        \
    do {                                                                                           \
        const gint64 wanted[] = {__VA_ARGS__};                                                     \
        g_autoptr(GArray) numbers = numbers_of(columns, query);                                    \
        assert_int_equal(numbers->len, G_N_ELEMENTS(wanted));                                      \
        for (guint k = 0; k < G_N_ELEMENTS(wanted); k++)                                           \
            assert_int_equal(g_array_index(numbers, gint64, k), wanted[k]);                        \
    } while (0)

static void filters_choose_what_they_say(void **state)
{
    g_autoptr(Story) story = three();
    g_autoptr(MeasureColumns) columns = story_columns(story);
    PullsQuery query = any();
    assert_numbers(columns, &query, 1, 2, 3);
    query.is_descending = TRUE;
    assert_numbers(columns, &query, 3, 2, 1);
    query = any();
    query.state = PR_OPEN;
    assert_numbers(columns, &query, 2);
    query.state = PR_MERGED;
    query.marks = PULLS_UNREVIEWED;
    assert_numbers(columns, &query, 3);
    query = any();
    query.reviewer_id = story_person(story, "Ann"); /* asked, though she said nothing */
    assert_numbers(columns, &query, 2);
    query = any();
    query.at = PULLS_REVIEWED;
    query.from = story_time("2026-03-02 12:00");
    query.until = story_time("2026-03-02 12:01");
    assert_numbers(columns, &query, 1);
    query = any();
    query.waiting_on = "review";
    assert_numbers(columns, &query, 2);
    query = any();
    query.author_id = 12345; /* nobody */
    g_autoptr(GArray) none = numbers_of(columns, &query);
    assert_int_equal(none->len, 0);
}

static void phases_stand_beside_the_instants_they_lie_between(void **state)
{
    g_autoptr(Story) story = three();
    FactPr fact = story_fact(story, 1, NULL);
    g_autoptr(WorkCalendar) calendar = NULL;
    assert_ok((calendar = work_calendar_new("UTC", 0x1f, 9 * 60, 17 * 60, NULL, &error)) != NULL);
    PullSpan spans[PULL_SPANS];
    measure_pull_spans(&fact, calendar, spans);
    assert_int_equal(spans[PULL_CODING].wall, TIME_HOUR);
    assert_int_equal(spans[PULL_PICKUP].wall, 2 * TIME_HOUR);
    assert_int_equal(spans[PULL_REVIEW].wall, 0);
    assert_int_equal(spans[PULL_MERGE].wall, 24 * TIME_HOUR);
    assert_int_equal(spans[PULL_MERGE].working, 8 * TIME_HOUR); /* 12 to 17, then 9 to 12 */
    assert_int_equal(spans[PULL_CYCLE].wall, 27 * TIME_HOUR);
    assert_int_equal(spans[PULL_MERGE].from, story_time("2026-03-02 12:00"));
    assert_int_equal(spans[PULL_DEPLOY].from, TIME_ABSENT);
    assert_int_equal(spans[PULL_LEAD].wall, DURATION_ABSENT);
}

/* ---- the timeline */

static void a_timeline_tells_pushes_from_what_only_repeats_the_source(void **state)
{
    const UtcTime at = story_time("2026-03-02 10:00");
    const StoreEvent events[] = {
        {.kind = PR_EVENT_UPDATED,
         .at = at,
         .actor_id = 1,
         .subject_id = COUNT_ABSENT,
         .source_hash = "aaaa"},
        {.kind = PR_EVENT_COMMENTED, .at = at + 1, .actor_id = 2, .subject_id = COUNT_ABSENT},
        {.kind = PR_EVENT_UPDATED,
         .at = at + 2,
         .actor_id = 1,
         .subject_id = COUNT_ABSENT,
         .source_hash = "bbbb"},
        {.kind = PR_EVENT_UPDATED,
         .at = at + 3,
         .actor_id = 1,
         .subject_id = COUNT_ABSENT,
         .source_hash = "bbbb"},
        {.kind = PR_EVENT_READY,
         .at = at + 4,
         .actor_id = 1,
         .subject_id = COUNT_ABSENT,
         .source_hash = "cccc"},
        {.kind = PR_EVENT_MERGED,
         .at = at + 5,
         .actor_id = 2,
         .subject_id = COUNT_ABSENT,
         .source_hash = "dddd"},
    };
    const StorePullRequest row = {
        .created = at, .author_id = 1, .events = events, .n_events = G_N_ELEMENTS(events)};
    static const char *const KINDS[] = {"opened", "commented", "pushed",
                                        "pushed", "ready",     "merged"};
    g_autoptr(GArray) moments = measure_timeline(&row);
    assert_int_equal(moments->len, G_N_ELEMENTS(KINDS));
    for (guint i = 0; i < moments->len; i++)
        assert_string_equal(g_array_index(moments, PullMoment, i).kind, KINDS[i]);
    assert_int_equal(g_array_index(moments, PullMoment, 0).actor_id, 1);
    assert_int_equal(g_array_index(moments, PullMoment, 2).at, at + 2);
    assert_int_equal(g_array_index(moments, PullMoment, 3).at, at + 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_what_a_number_counts),
        cmocka_unit_test(pages_visit_each_pull_request_once_in_every_order),
        cmocka_unit_test(what_has_no_value_comes_last_both_ways),
        cmocka_unit_test(orders_have_names_that_find_them),
        cmocka_unit_test(filters_choose_what_they_say),
        cmocka_unit_test(phases_stand_beside_the_instants_they_lie_between),
        cmocka_unit_test(a_timeline_tells_pushes_from_what_only_repeats_the_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
