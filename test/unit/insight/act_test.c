/*
 * What people do with findings, and how rules are set.
 */
#include "stage.h"

#define HOUR 60

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    Fixture *f = *state;
    stage_select(f, TRUE);
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_update(f, 25 * HOUR, FALSE);
    return 0;
}

static gint64 the_finding(Fixture *f)
{
    g_autoptr(StoreFinding) finding = stage_finding(f, "waiting-for-review", 1);
    return finding->finding_id;
}

static FindingState state_of(Fixture *f)
{
    g_autoptr(StoreFinding) finding = stage_finding(f, "waiting-for-review", 1);
    return finding->state;
}

static void act(Fixture *f, InsightStep step, int minute)
{
    step.actor = "mia";
    assert_ok(
        insight_act(f->store, f->workspace_id, the_finding(f), &step, MINUTE(minute), &error));
}

static void an_acknowledged_finding_stays_so_and_is_resolved(void **state)
{
    Fixture *f = *state;
    act(f, (InsightStep){.action = INSIGHT_ACKNOWLEDGE}, 26 * HOUR);
    stage_update(f, 27 * HOUR, FALSE);
    assert_int_equal(state_of(f), FINDING_ACKNOWLEDGED);
    stage_event(f, fixture_comment(1, 28 * HOUR, "ben", 1));
    stage_update(f, 29 * HOUR, FALSE);
    assert_int_equal(state_of(f), FINDING_RESOLVED);
    assert_history(f, the_finding(f), "found acknowledged resolved");
    InsightStep late = {.action = INSIGHT_REOPEN};
    assert_fails(
        insight_act(f->store, f->workspace_id, the_finding(f), &late, MINUTE(30 * HOUR), &error),
        INVALID);
}

static void a_snoozed_finding_wakes_when_its_time_has_come(void **state)
{
    Fixture *f = *state;
    act(f, (InsightStep){.action = INSIGHT_SNOOZE, .until = MINUTE(40 * HOUR)}, 26 * HOUR);
    stage_update(f, 40 * HOUR - 1, FALSE);
    assert_int_equal(state_of(f), FINDING_SNOOZED);
    stage_update(f, 40 * HOUR, FALSE);
    assert_int_equal(state_of(f), FINDING_OPEN);
    assert_history(f, the_finding(f), "found snoozed woke");
    InsightStep past = {.action = INSIGHT_SNOOZE, .until = MINUTE(1)};
    assert_fails_saying(
        insight_act(f->store, f->workspace_id, the_finding(f), &past, MINUTE(41 * HOUR), &error),
        INVALID, "a time to come");
}

static void a_dismissed_finding_needs_a_reason_and_stays_while_its_condition_holds(void **state)
{
    Fixture *f = *state;
    InsightStep silent = {.action = INSIGHT_DISMISS};
    assert_fails_saying(
        insight_act(f->store, f->workspace_id, the_finding(f), &silent, MINUTE(26 * HOUR), &error),
        INVALID, "reason");
    act(f, (InsightStep){.action = INSIGHT_DISMISS, .note = "we know"}, 26 * HOUR);
    assert_int_equal(stage_update(f, 27 * HOUR, TRUE).holding, 0);
    assert_int_equal(state_of(f), FINDING_DISMISSED);
    stage_event(f, fixture_comment(1, 28 * HOUR, "ben", 1));
    assert_int_equal(stage_update(f, 29 * HOUR, FALSE).resolved, 0);
    assert_int_equal(state_of(f), FINDING_DISMISSED); /* and over */
    assert_history(f, the_finding(f), "found dismissed resolved");
}

static void a_finding_is_somebodys(void **state)
{
    Fixture *f = *state;
    gint64 cleo = stage_person(f, "cleo");
    act(f, (InsightStep){.action = INSIGHT_ASSIGN, .person_id = cleo, .note = "cleo"}, 26 * HOUR);
    stage_update(f, 27 * HOUR, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "waiting-for-review", 1);
    assert_int_equal(finding->assigned_to, cleo);
    g_autoptr(GPtrArray) hers = NULL;
    InsightFilter filter = {.family = -1, .severity = -1, .person_id = cleo};
    assert_ok((hers = insight_list(f->store, f->workspace_id, &filter, &error)) != NULL);
    assert_int_equal(hers->len, 1);
    act(f, (InsightStep){.action = INSIGHT_ASSIGN, .person_id = COUNT_ABSENT}, 28 * HOUR);
    assert_history(f, the_finding(f), "found assigned assigned");
}

static void a_mute_silences_what_is_alike_until_it_is_taken_away(void **state)
{
    Fixture *f = *state;
    act(f, (InsightStep){.action = INSIGHT_MUTE, .note = "a playground", .until = TIME_ABSENT},
        26 * HOUR);
    assert_int_equal(state_of(f), FINDING_DISMISSED);
    stage_pull(f, fixture_pull_request(2, 0), "ben");
    assert_int_equal(stage_update(f, 27 * HOUR, FALSE).holding, 0);
    g_autoptr(StoreFinding) other = stage_finding(f, "waiting-for-review", 2);
    assert_int_equal(other->state, FINDING_DISMISSED);
    assert_history(f, other->finding_id, "found muted");
    g_autoptr(GPtrArray) mutes = NULL;
    assert_ok((mutes = store_list_mutes(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(mutes->len, 1);
    const StoreMute *mute = mutes->pdata[0];
    assert_int_equal(mute->repository_id, f->repository_id);
    assert_int_equal(mute->number, COUNT_ABSENT);
    assert_ok(
        insight_unmute(f->store, f->workspace_id, mute->mute_id, "mia", MINUTE(28 * HOUR), &error));
    assert_int_equal(state_of(f), FINDING_OPEN);
    assert_int_equal(stage_update(f, 29 * HOUR, FALSE).holding, 2);
    assert_history(f, the_finding(f), "found muted unmuted");
}

static void a_mute_with_an_end_ends_by_itself(void **state)
{
    Fixture *f = *state;
    g_autoptr(GError) problem = NULL;
    const InsightStep past = {
        .action = INSIGHT_MUTE, .actor = "mia", .note = "late", .until = MINUTE(25 * HOUR)};
    assert_false(
        insight_act(f->store, f->workspace_id, the_finding(f), &past, MINUTE(26 * HOUR), &problem));
    assert_true(error_is(problem, PLUMBLINE_ERROR_INVALID));
    act(f,
        (InsightStep){
            .action = INSIGHT_MUTE, .note = "until it is moved", .until = MINUTE(30 * HOUR)},
        26 * HOUR);
    assert_int_equal(stage_update(f, 29 * HOUR, FALSE).holding, 0);
    assert_int_equal(stage_update(f, 30 * HOUR, FALSE).holding, 1);
    assert_int_equal(state_of(f), FINDING_OPEN);
    assert_history(f, the_finding(f), "found muted unmuted");
    g_autoptr(GPtrArray) mutes = NULL;
    assert_ok((mutes = store_list_mutes(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(mutes->len, 0);
}

static void a_rule_that_is_switched_off_keeps_its_parameters(void **state)
{
    Fixture *f = *state;
    const Rule *rule = rule_find("waiting-for-review");
    const double day = 48, off = 0, wrong = 0.5;
    assert_ok(insight_set(f->store, f->workspace_id, 0, rule, "after", &day, &error));
    assert_int_equal(stage_update(f, 26 * HOUR, FALSE).resolved, 1);
    assert_int_equal(stage_update(f, 48 * HOUR, FALSE).reopened, 1);
    assert_ok(insight_set(f->store, f->workspace_id, f->repository_id, rule, "", &off, &error));
    assert_int_equal(stage_update(f, 49 * HOUR, FALSE).resolved, 1);
    g_autoptr(GPtrArray) events = NULL;
    assert_ok((events = store_list_finding_events(f->store, f->workspace_id, the_finding(f),
                                                  &error)) != NULL);
    assert_true(g_str_has_prefix(((StoreFindingEvent *) events->pdata[3])->note,
                                 "the rule was switched off"));
    assert_ok(insight_set(f->store, f->workspace_id, f->repository_id, rule, "", NULL, &error));
    RuleSettings *settings = NULL;
    assert_ok((settings = insight_settings(f->store, f->workspace_id, &error)) != NULL);
    assert_true(insight_value(settings, rule, f->repository_id, "after") == 48);
    insight_settings_free(settings);
    assert_int_equal(stage_update(f, 50 * HOUR, FALSE).reopened, 1);
    assert_fails_saying(insight_set(f->store, f->workspace_id, 0, rule, "after", &wrong, &error),
                        INVALID, "0.5 is not between 1 and 720 hours");
    assert_fails_saying(insight_set(f->store, f->workspace_id, 0, rule, "before", &day, &error),
                        INVALID, "it has after");
}

static void a_repositorys_value_wins_over_the_workspaces(void **state)
{
    Fixture *f = *state;
    const Rule *rule = rule_find("waiting-for-review");
    const double two_days = 48, one_hour = 1;
    assert_ok(insight_set(f->store, f->workspace_id, 0, rule, "after", &two_days, &error));
    assert_ok(
        insight_set(f->store, f->workspace_id, f->repository_id, rule, "after", &one_hour, &error));
    stage_update(f, 26 * HOUR, FALSE);
    assert_true(stage_holds(f, "waiting-for-review", 1));
}

static void a_finding_is_found_by_the_first_letters_of_its_name(void **state)
{
    Fixture *f = *state;
    char name[INSIGHT_ID_SIZE];
    insight_id_text(the_finding(f), name);
    assert_int_equal(strlen(name), 11);
    name[INSIGHT_ID_SHORT] = '\0';
    g_autofree char *upper = g_ascii_strup(name, -1);
    gint64 found = 0;
    assert_ok(insight_find(f->store, f->workspace_id, upper, &found, &error));
    assert_int_equal(found, the_finding(f));
    assert_fails(insight_find(f->store, f->workspace_id, "zzzzzzzzzzz", &found, &error), NOT_FOUND);
    assert_fails(insight_find(f->store, f->workspace_id, "", &found, &error), NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
        TEST(an_acknowledged_finding_stays_so_and_is_resolved),
        TEST(a_snoozed_finding_wakes_when_its_time_has_come),
        TEST(a_dismissed_finding_needs_a_reason_and_stays_while_its_condition_holds),
        TEST(a_finding_is_somebodys),
        TEST(a_mute_silences_what_is_alike_until_it_is_taken_away),
        TEST(a_mute_with_an_end_ends_by_itself),
        TEST(a_rule_that_is_switched_off_keeps_its_parameters),
        TEST(a_repositorys_value_wins_over_the_workspaces),
        TEST(a_finding_is_found_by_the_first_letters_of_its_name),
    };
    return cmocka_run_group_tests_name("insight/act", tests, NULL, NULL);
}
