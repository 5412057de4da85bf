/*
 * A dry run counts what would have been told, with what was known then.
 */
#include "stage.h"

#define HOUR 60
#define DAY  (24 * HOUR)
#define NOW  (100 * DAY)

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    stage_select(*state, TRUE);
    return 0;
}

/* Opened at @from, approved by ben at @approved and merged a minute later; 0: nothing happened. */
static void story(Fixture *f, gint64 number, int from, int approved)
{
    PullRequest record = fixture_pull_request(number, from);
    record.created = MINUTE(from);
    PrEvent created = fixture_event(number, PR_EVENT_UPDATED, from, "ana");
    created.source_hash = "aaaaaaaaaaaa";
    if (approved == 0) {
        stage_pull(f, record, "ben");
        stage_event(f, created);
        return;
    }
    record.state = PR_MERGED;
    record.updated = MINUTE(approved + 1);
    stage_approved(f, record, "ben", approved);
    stage_event(f, created);
    stage_event(f, fixture_event(number, PR_EVENT_APPROVED, approved, "ben"));
    stage_event(f, fixture_event(number, PR_EVENT_MERGED, approved + 1, "ana"));
}

static InsightDryRun try_hours(Fixture *f, double hours)
{
    InsightDryRun result = {0};
    InsightTrial trial = {.rule = rule_find("waiting-for-review"),
                          .parameters = {"after"},
                          .values = {hours},
                          .now = MINUTE(NOW)};
    assert_ok(insight_dry_run(f->store, f->workspace_id, &trial, &result, &error));
    return result;
}

/* Days end at NOW and whole days before. Waiting 30 h from just after a day's end is seen at 24 h;
 * waiting 60 h at 24 and 48 h. */
static void each_condition_counts_once_and_as_it_was_known(void **state)
{
    Fixture *f = *state;
    story(f, 1, NOW - 50 * DAY, NOW - 50 * DAY + 30 * HOUR);
    story(f, 2, NOW - 40 * DAY, NOW - 40 * DAY + 60 * HOUR);
    story(f, 3, NOW - 30 * DAY, NOW - 30 * DAY + 2 * HOUR);
    story(f, 4, NOW - 95 * DAY, NOW - 95 * DAY + 60 * HOUR); /* before all days */
    story(f, 5, NOW - 2 * DAY, 0);                           /* still waiting */
    InsightDryRun result = try_hours(f, 48);
    assert_int_equal(result.as_set.findings, 3); /* 1, 2, 5 at 24 h */
    assert_int_equal(result.as_set.holding, 1);
    assert_int_equal(result.as_tried.findings, 2); /* 2, 5 at 48 h */
    assert_int_equal(result.as_tried.holding, 1);
    result = try_hours(f, 49);
    assert_int_equal(result.as_tried.findings, 0);
    g_autoptr(GPtrArray) findings = NULL; /* and nothing was written */
    assert_ok((findings = store_list_findings(f->store, f->workspace_id, STORE_ENDED_EVER,
                                              &error)) != NULL);
    assert_int_equal(findings->len, 0);
}

/* The last day is now: what a dry run says of it is what an update finds. */
static void the_last_day_is_what_an_update_finds(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < 8; i++)
        story(f, i + 1, NOW - (i + 1) * 10 * HOUR, i % 3 == 0 ? NOW - i * 10 * HOUR - HOUR : 0);
    stage_update(f, NOW, TRUE);
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize i = 0; i < n; i++) {
        InsightDryRun result = {0};
        InsightTrial trial = {.rule = rules[i], .now = MINUTE(NOW)};
        InsightFilter filter = {.rule = rules[i]->id, .family = -1, .severity = -1};
        if (rules[i]->is_present || rules[i]->is_off)
            continue;
        assert_ok(insight_dry_run(f->store, f->workspace_id, &trial, &result, &error));
        g_autoptr(GPtrArray) findings = NULL;
        assert_ok((findings = insight_list(f->store, f->workspace_id, &filter, &error)) != NULL);
        if ((gint64) findings->len != result.as_set.holding)
            fail_msg("%s: %u found, %d in the dry run", rules[i]->id, findings->len,
                     (int) result.as_set.holding);
    }
    g_autoptr(GPtrArray) waiting = NULL;
    InsightFilter filter = {.rule = "waiting-for-review", .family = -1, .severity = -1};
    assert_ok((waiting = insight_list(f->store, f->workspace_id, &filter, &error)) != NULL);
    assert_int_equal(waiting->len, 4); /* 3, 5, 6 and 8: 30, 50, 60 and 80 h */
}

static void a_rule_of_the_workspace_looks_at_each_days_open_ones(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < 5; i++)
        story(f, i + 1, NOW - 20 * DAY + i, NOW - 18 * DAY + i);
    InsightDryRun result = {0};
    InsightTrial trial = {.rule = rule_find("author-overloaded"),
                          .parameters = {"pulls"},
                          .values = {4},
                          .now = MINUTE(NOW)};
    assert_ok(insight_dry_run(f->store, f->workspace_id, &trial, &result, &error));
    assert_int_equal(result.as_set.findings, 0);
    assert_int_equal(result.as_tried.findings, 1);
    assert_int_equal(result.as_tried.holding, 0);
}

static void a_value_that_does_not_fit_is_refused(void **state)
{
    Fixture *f = *state;
    InsightDryRun result = {0};
    InsightTrial trial = {.rule = rule_find("waiting-for-review"),
                          .parameters = {"after"},
                          .values = {100000},
                          .now = MINUTE(NOW)};
    assert_fails(insight_dry_run(f->store, f->workspace_id, &trial, &result, &error), INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
        TEST(each_condition_counts_once_and_as_it_was_known),
        TEST(the_last_day_is_what_an_update_finds),
        TEST(a_rule_of_the_workspace_looks_at_each_days_open_ones),
        TEST(a_value_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests_name("insight/dry_run", tests, NULL, NULL);
}
