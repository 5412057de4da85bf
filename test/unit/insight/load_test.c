/*
 * Rules about how work lies on people.
 */
#include "stage.h"

#define HOUR 60
#define DAY  (24 * HOUR)

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    stage_select(*state, TRUE);
    return 0;
}

/* The finding about a person that holds; NULL: none does. */
static StoreFinding *about(Fixture *f, const char *rule, const char *person)
{
    g_autoptr(GPtrArray) findings = NULL;
    assert_ok((findings = store_list_findings(f->store, f->workspace_id, STORE_ENDED_NEVER,
                                              &error)) != NULL);
    for (guint i = 0; i < findings->len; i++) {
        StoreFinding *finding = findings->pdata[i];
        if (strcmp(finding->rule, rule) == 0 && finding->person_id == stage_person(f, person))
            return g_ptr_array_steal_index(findings, i);
    }
    return NULL;
}

static PullRequest pull_by(gint64 number, int minute, const char *author)
{
    PullRequest record = fixture_pull_request(number, minute);
    record.created = MINUTE(minute);
    record.author = fixture_person(author);
    return record;
}

static void seven_open_pull_requests_are_too_many_for_one(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < 6; i++)
        stage_pull(f, pull_by(i + 1, i * HOUR, "ana"), "ben");
    PullRequest draft = pull_by(20, 6 * HOUR, "ana");
    draft.draft = TRUE;
    stage_pull(f, draft, "ben");
    stage_update(f, 8 * HOUR, FALSE);
    assert_null(about(f, "author-overloaded", "ana"));
    stage_pull(f, pull_by(7, 9 * HOUR, "ana"), "ben");
    stage_update(f, 10 * HOUR, FALSE);
    g_autoptr(StoreFinding) finding = about(f, "author-overloaded", "ana");
    assert_non_null(finding);
    assert_int_equal(finding->since, MINUTE(9 * HOUR)); /* the seventh */
    assert_int_equal(finding->repository_id, 0);
    assert_int_equal(finding->n_evidence, 7);
    assert_int_equal(finding->evidence[0].number, 1);
    assert_string_equal(finding->what, "ana has 7 pull requests open and ready, more than 6; the "
                                       "oldest for 10 h.");
    stage_event(f, fixture_event(1, PR_EVENT_DECLINED, 11 * HOUR, "ana"));
    PullRequest declined = pull_by(1, 0, "ana");
    declined.state = PR_DECLINED;
    declined.updated = MINUTE(11 * HOUR);
    stage_pull(f, declined, "ben");
    stage_update(f, 12 * HOUR, FALSE);
    assert_null(about(f, "author-overloaded", "ana"));
}

static void nine_silent_requests_are_too_many_for_one(void **state)
{
    static const char *const AUTHORS[] = {"ana", "cleo", "dan"};
    Fixture *f = *state;
    for (int i = 0; i < 9; i++)
        stage_pull(f, pull_by(i + 1, i, AUTHORS[i % 3]), "ben");
    stage_update(f, HOUR, FALSE);
    g_autoptr(StoreFinding) finding = about(f, "reviewer-overloaded", "ben");
    assert_non_null(finding);
    assert_int_equal(finding->evidence_in_all, 9);
    assert_int_equal(finding->since, MINUTE(8));
    gint64 people[DRAFT_NEAREST_MAX];
    assert_int_equal(insight_nearest(finding, people), 4); /* ben and three authors */
    assert_int_equal(people[0], stage_person(f, "ben"));
    stage_event(f, fixture_comment(4, HOUR + 1, "ben", 77)); /* eight are left */
    stage_update(f, HOUR + 2, FALSE);
    assert_null(about(f, "reviewer-overloaded", "ben"));
}

static void reviews_by_one_are_told_from_twenty_on(void **state)
{
    static const char *const AUTHORS[] = {"ana", "cleo", "dan"};
    Fixture *f = *state;
    /* ben reviews 12, cleo 7: nineteen. */
    for (int i = 0; i < 19; i++) {
        stage_pull(f, pull_by(i + 1, i, i < 12 ? AUTHORS[i % 3] : "ana"), NULL);
        stage_event(f, fixture_comment(i + 1, 100 + i, i < 12 ? "ben" : "cleo", 1000 + i));
    }
    stage_update(f, DAY, FALSE);
    g_autoptr(GPtrArray) none = NULL;
    InsightFilter filter = {.family = FAMILY_LOAD, .severity = -1, .rule = "review-concentration"};
    assert_ok((none = insight_list(f->store, f->workspace_id, &filter, &error)) != NULL);
    assert_int_equal(none->len, 0);
    /* The twentieth: 12 of 20 are 60 %. */
    stage_pull(f, pull_by(20, 30, "ana"), NULL);
    stage_event(f, fixture_comment(20, 130, "cleo", 1020));
    stage_update(f, DAY + 1, FALSE);
    g_autoptr(GPtrArray) found = NULL;
    assert_ok((found = insight_list(f->store, f->workspace_id, &filter, &error)) != NULL);
    assert_int_equal(found->len, 1);
    const StoreFinding *finding = found->pdata[0];
    assert_int_equal(finding->repository_id, f->repository_id);
    assert_string_equal(finding->what, "ben gave 12 of the 20 reviews of the last 28 days (60 %), "
                                       "although 4 people work there.");
    assert_int_equal(finding->evidence[1].person_id, stage_person(f, "cleo"));
    /* One more of cleo's: 12 of 21 are 57 %. */
    stage_pull(f, pull_by(21, 31, "ana"), NULL);
    stage_event(f, fixture_comment(21, 131, "cleo", 1021));
    assert_int_equal(stage_update(f, DAY + 2, FALSE).resolved, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
        TEST(seven_open_pull_requests_are_too_many_for_one),
        TEST(nine_silent_requests_are_too_many_for_one),
        TEST(reviews_by_one_are_told_from_twenty_on),
    };
    return cmocka_run_group_tests_name("insight/load", tests, NULL, NULL);
}
