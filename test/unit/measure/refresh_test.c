/*
 * Facts in a store: computed once, again when something they rest on changes.
 */
#include "../store/fixture.h"

#include "measure/measure.h"

typedef struct {
    FactPr fact;
    guint seen;
} Seen;

static gboolean see_fact(const FactPr *fact, gpointer user_data, GError **error)
{
    Seen *seen = user_data;
    seen->fact = *fact;
    seen->seen++;
    return TRUE;
}

static FactPr only_fact(Fixture *f)
{
    Seen seen = {0};
    assert_ok(store_visit_facts(f->store, f->workspace_id, see_fact, &seen, &error));
    assert_int_equal(seen.seen, 1);
    return seen.fact;
}

static gint64 refresh(Fixture *f)
{
    gint64 computed = -1;
    assert_ok(measure_refresh(f->store, f->workspace_id, &computed, &error));
    return computed;
}

static void put_setting(Fixture *f, const char *key, const char *value)
{
    WRITE(f, store_put_setting(tx, f->workspace_id, key, value, &error));
}

/* Opened at minute 0, words by two, merged at minute 600. */
static void put_story(Fixture *f)
{
    PullRequest record = fixture_pull_request(1, 600);
    record.state = PR_MERGED;
    record.closed_by = fixture_person("ana");
    PrEvent events[] = {
        fixture_event(1, PR_EVENT_UPDATED, 0, "ana"),
        fixture_comment(1, 60, "release-bot", 1),
        fixture_event(1, PR_EVENT_APPROVED, 120, "ben"),
        fixture_event(1, PR_EVENT_MERGED, 600, "ana"),
    };
    StoreChanges changes = {0};
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &record, 1, &changes,
                                     &error));
    WRITE(f, store_put_events(tx, f->workspace_id, f->repository_id, events, G_N_ELEMENTS(events),
                              &changes, &error));
}

static gint64 person_id(Fixture *f, const char *name)
{
    g_autofree char *uuid = g_strdup_printf("{%s}", name);
    return model_id(ID_PERSON, f->workspace_id, uuid);
}

static void facts_are_computed_once(void **state)
{
    Fixture *f = *state;
    put_story(f);
    assert_int_equal(refresh(f), 1);
    FactPr fact = only_fact(f);
    assert_int_equal(fact.definition, MEASURE_DEFINITION);
    assert_int_equal(fact.merged, MINUTE(600));
    assert_int_equal(fact.approved, MINUTE(120));
    assert_int_equal(refresh(f), 0);
}

static void a_machine_is_told_by_its_name_and_the_reason_is_kept(void **state)
{
    Fixture *f = *state;
    put_story(f);
    refresh(f);
    FactPr fact = only_fact(f);
    assert_int_equal(fact.first_bot_review, MINUTE(60));
    assert_int_equal(fact.first_review, MINUTE(120));
    g_autoptr(GPtrArray) people = NULL;
    assert_ok((people = store_list_people(f->store, f->workspace_id, &error)) != NULL);
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = g_ptr_array_index(people, i);
        gboolean is_machine = person->person_id == person_id(f, "release-bot");
        assert_int_equal(person->is_bot, is_machine);
        if (is_machine)
            assert_non_null(strstr(person->bot_reason, "bot"));
    }
}

static void an_administrators_judgement_stands(void **state)
{
    Fixture *f = *state;
    put_story(f);
    refresh(f);
    WRITE(f, store_mark_person(tx, f->workspace_id, person_id(f, "release-bot"), FALSE,
                               "by hand: that is Robert Bot", FALSE, &error));
    assert_int_equal(refresh(f), 1);
    assert_int_equal(only_fact(f).first_review, MINUTE(60));
    assert_int_equal(refresh(f), 0);
}

static void an_excluded_person_no_longer_approves(void **state)
{
    Fixture *f = *state;
    put_story(f);
    refresh(f);
    WRITE(f,
          store_mark_person(tx, f->workspace_id, person_id(f, "ben"), FALSE, NULL, TRUE, &error));
    assert_int_equal(refresh(f), 1);
    assert_int_equal(only_fact(f).approved, TIME_ABSENT);
    assert_true(only_fact(f).is_unreviewed);
}

static void another_calendar_computes_everything_anew(void **state)
{
    Fixture *f = *state;
    put_story(f); /* Thursday 1 January 2026, 00:00 to 10:00 UTC */
    refresh(f);
    assert_int_equal(only_fact(f).time_to_merge_working, TIME_HOUR);
    put_setting(f, "calendar.from", "04:00");
    assert_int_equal(refresh(f), 1);
    assert_int_equal(only_fact(f).time_to_merge_working, 6 * TIME_HOUR);
    put_setting(f, "calendar.holidays", "2026-01-01");
    assert_int_equal(refresh(f), 1);
    assert_int_equal(only_fact(f).time_to_merge_working, 0);
    assert_int_equal(refresh(f), 0);
}

static void a_calendar_that_cannot_be_read_changes_nothing(void **state)
{
    Fixture *f = *state;
    put_story(f);
    put_setting(f, "calendar.zone", "Europe/Atlantis");
    assert_fails_saying(measure_refresh(f->store, f->workspace_id, NULL, &error), INVALID,
                        "Europe/Atlantis");
    gint64 todo = 0;
    assert_ok(store_count_fact_todo(f->store, f->workspace_id, &todo, &error));
    assert_int_equal(todo, 1);
}

static void a_change_computes_its_pull_request_only(void **state)
{
    Fixture *f = *state;
    PullRequest records[] = {fixture_pull_request(1, 5), fixture_pull_request(2, 5)};
    StoreChanges changes = {0};
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, records, 2, &changes,
                                     &error));
    assert_int_equal(refresh(f), 2);
    PrEvent event = fixture_comment(2, 9, "ben", 7);
    WRITE(f, store_put_events(tx, f->workspace_id, f->repository_id, &event, 1, &changes, &error));
    assert_int_equal(refresh(f), 1);
}

static void more_than_a_batch_is_computed(void **state)
{
    Fixture *f = *state;
    g_autofree PullRequest *records = g_new(PullRequest, 1203);
    StoreChanges changes = {0};
    for (gint64 i = 0; i < 1203; i++)
        records[i] = fixture_pull_request(i + 1, 5);
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, records, 1203, &changes,
                                     &error));
    assert_int_equal(refresh(f), 1203);
    Seen seen = {0};
    assert_ok(store_visit_facts(f->store, f->workspace_id, see_fact, &seen, &error));
    assert_int_equal(seen.seen, 1203);
}

static void columns_hold_what_was_computed_and_the_names(void **state)
{
    Fixture *f = *state;
    put_story(f);
    refresh(f);
    g_autoptr(MeasureColumns) columns = NULL;
    assert_ok((columns = measure_columns_load(f->store, f->workspace_id, &error)) != NULL);
    MeasureAsk asks[] = {
        {measure_find("time-to-merge"), STATISTIC_P50, FALSE},
        {measure_find("time-to-merge"), STATISTIC_P50, TRUE},
        {measure_find("time-to-first-review"), STATISTIC_P50, FALSE},
        {measure_find("review-load"), STATISTIC_SUM, FALSE},
    };
    MeasureQuery query = {.from = TIME_ABSENT,
                          .until = TIME_ABSENT,
                          .now = MINUTE(700),
                          .by = {DIMENSION_REPOSITORY},
                          .asks = asks,
                          .n_asks = G_N_ELEMENTS(asks)};
    g_autoptr(MeasureTable) table = NULL;
    assert_ok((table = measure_query(columns, &query, &error)) != NULL);
    assert_int_equal(table->n_rows, 1);
    assert_string_equal(table->rows[0].label[0], "acme/shop");
    static const double EXPECTED[] = {600 * 60e6, 60 * 60e6, 120 * 60e6, 1};
    for (gsize i = 0; i < G_N_ELEMENTS(EXPECTED); i++)
        assert_float_equal(table->rows[0].cells[i].value, EXPECTED[i], 0);
    assert_string_equal(measure_person_name(columns, person_id(f, "ben")), "ben");
    assert_string_equal(measure_person_name(columns, store_deleted_person(f->workspace_id)),
                        "somebody (account deleted)");
    assert_string_equal(measure_person_name(columns, 12345), "somebody unknown");
    assert_string_equal(measure_repository_name(columns, f->repository_id), "acme/shop");
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(facts_are_computed_once),
        IN_STORE(a_machine_is_told_by_its_name_and_the_reason_is_kept),
        IN_STORE(an_administrators_judgement_stands),
        IN_STORE(an_excluded_person_no_longer_approves),
        IN_STORE(another_calendar_computes_everything_anew),
        IN_STORE(a_calendar_that_cannot_be_read_changes_nothing),
        IN_STORE(a_change_computes_its_pull_request_only),
        IN_STORE(more_than_a_batch_is_computed),
        IN_STORE(columns_hold_what_was_computed_and_the_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
