/*
 * One condition is one finding: found once, refreshed while it holds, resolved by itself, reopened
 * when it is back.
 */
#include "stage.h"

#define HOUR 60

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    stage_select(*state, TRUE);
    return 0;
}

static void a_condition_is_one_finding_however_often_it_is_evaluated(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    assert_int_equal(stage_update(f, 23 * HOUR, FALSE).found, 0);
    InsightSummary summary = stage_update(f, 25 * HOUR, FALSE);
    assert_int_equal(summary.found, 1);
    assert_int_equal(summary.looked_at, 1);
    assert_int_equal(stage_update(f, 30 * HOUR, FALSE).found, 0);
    assert_int_equal(stage_update(f, 31 * HOUR, TRUE).found, 0);
    g_autoptr(StoreFinding) finding = stage_finding(f, "waiting-for-review", 1);
    assert_non_null(finding);
    assert_int_equal(finding->state, FINDING_OPEN);
    assert_int_equal(finding->since, MINUTE(0));
    assert_int_equal(finding->first_seen, MINUTE(25 * HOUR));
    assert_int_equal(finding->last_seen, MINUTE(31 * HOUR));
    assert_string_equal(finding->what,
                        "Ready for review for 31 h; ben was asked and nobody has reviewed.");
    assert_string_equal(finding->next, "ben reviews it, or says who should.");
    g_autofree char *ben = g_strdup_printf("%" G_GINT64_FORMAT, stage_person(f, "ben"));
    assert_string_equal(finding->nearest, ben);
    assert_int_equal(finding->n_evidence, 2);
    assert_int_equal(finding->evidence[1].person_id, stage_person(f, "ben"));
    assert_string_equal(finding->evidence[0].url, "https://example.test/1");
    assert_history(f, finding->finding_id, "found");
}

static void it_is_resolved_by_itself_with_the_time_it_took_and_reopened(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_event(f, fixture_event(1, PR_EVENT_UPDATED, 0, "ana"));
    stage_update(f, 8 * 24 * HOUR, FALSE);
    assert_true(stage_holds(f, "stale", 1));
    stage_event(f, fixture_comment(1, 8 * 24 * HOUR + 10, "ana", 1));
    assert_int_equal(stage_update(f, 8 * 24 * HOUR + 12 * HOUR, FALSE).resolved, 1);
    g_autoptr(StoreFinding) finding = stage_finding(f, "stale", 1);
    assert_int_equal(finding->state, FINDING_RESOLVED);
    assert_int_equal(finding->ended, MINUTE(8 * 24 * HOUR + 12 * HOUR));
    g_autoptr(GPtrArray) events = NULL;
    assert_ok((events = store_list_finding_events(f->store, f->workspace_id, finding->finding_id,
                                                  &error)) != NULL);
    assert_string_equal(((StoreFindingEvent *) events->pdata[1])->note,
                        "its condition ended, after 8.5 d");
    assert_true(stage_holds(f, "waiting-for-review", 1)); /* ana's own word is no review */
    InsightSummary back = stage_update(f, 16 * 24 * HOUR, FALSE);
    assert_int_equal(back.reopened, 1);
    assert_int_equal(back.found, 0);
    assert_true(stage_holds(f, "stale", 1));
    assert_history(f, finding->finding_id, "found resolved reopened");
}

static void a_merge_ends_it_at_the_merge(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_update(f, 25 * HOUR, FALSE);
    PullRequest record = fixture_pull_request(1, 26 * HOUR);
    record.state = PR_MERGED;
    stage_pull(f, record, "ben");
    stage_event(f, fixture_event(1, PR_EVENT_MERGED, 26 * HOUR, "ana"));
    stage_update(f, 40 * HOUR, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "waiting-for-review", 1);
    assert_int_equal(finding->state, FINDING_RESOLVED);
    assert_int_equal(finding->ended, MINUTE(26 * HOUR));
}

static void what_is_no_longer_selected_has_no_findings(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_update(f, 25 * HOUR, FALSE);
    stage_select(f, FALSE);
    assert_int_equal(stage_update(f, 26 * HOUR, FALSE).resolved, 1);
    g_autoptr(StoreFinding) finding = stage_finding(f, "waiting-for-review", 1);
    g_autoptr(GPtrArray) events = NULL;
    assert_ok((events = store_list_finding_events(f->store, f->workspace_id, finding->finding_id,
                                                  &error)) != NULL);
    assert_string_equal(((StoreFindingEvent *) events->pdata[1])->note,
                        "the repository is no longer selected, after 26 h");
    stage_select(f, TRUE);
    assert_int_equal(stage_update(f, 27 * HOUR, FALSE).reopened, 1);
}

static void what_cannot_be_read_keeps_its_findings(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_update(f, 25 * HOUR, FALSE);
    WRITE(f,
          store_set_repository_state(tx, f->workspace_id, f->repository_id, "forbidden", &error));
    InsightSummary summary = stage_update(f, 26 * HOUR, FALSE);
    assert_int_equal(summary.resolved, 0);
    assert_int_equal(summary.holding, 2); /* it, and that the repository is not read */
    WRITE(f, store_set_repository_state(tx, f->workspace_id, f->repository_id, "vanished", &error));
    assert_int_equal(stage_update(f, 27 * HOUR, FALSE).resolved, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
        TEST(a_condition_is_one_finding_however_often_it_is_evaluated),
        TEST(it_is_resolved_by_itself_with_the_time_it_took_and_reopened),
        TEST(a_merge_ends_it_at_the_merge),
        TEST(what_is_no_longer_selected_has_no_findings),
        TEST(what_cannot_be_read_keeps_its_findings),
    };
    return cmocka_run_group_tests_name("insight/life", tests, NULL, NULL);
}
