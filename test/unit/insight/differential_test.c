/*
 * Updates that look only at what changed end in the same findings as one that looks at everything.
 *
 * Two stores live through the same random weeks; one is updated in full each time, the other only
 * where something changed. After each step their findings are compared, part by part.
 */
#include "stage.h"

#define HOUR  60
#define STEPS 120
#define PULLS 30

typedef struct {
    Fixture *whole, *changed;
    GRand *rand;
    int minute;
    gint64 comments;
    PullRequest pulls[PULLS];
} World;

static void both_pull(World *world, const PullRequest *record)
{
    stage_pull(world->whole, *record, "ben");
    stage_pull(world->changed, *record, "ben");
}

static void both_event(World *world, PrEvent event)
{
    stage_event(world->whole, event);
    stage_event(world->changed, event);
}

/* Something happens to one pull request, or a new one is opened. */
static void happen(World *world)
{
    static const char *const PEOPLE[] = {"ana", "ben", "cleo", "release-bot"};
    static const PrEventKind VERDICTS[] = {PR_EVENT_APPROVED, PR_EVENT_CHANGES_REQUESTED,
                                           PR_EVENT_COMMENTED};
    gint64 number = g_rand_int_range(world->rand, 0, PULLS);
    PullRequest *pull = &world->pulls[number];
    if (pull->number == 0) {
        *pull = fixture_pull_request(number + 1, world->minute);
        pull->created = MINUTE(world->minute);
        pull->author = fixture_person(PEOPLE[g_rand_int_range(world->rand, 0, 4)]);
        pull->draft = g_rand_int_range(world->rand, 0, 5) == 0;
        both_pull(world, pull);
        return;
    }
    if (pull->state != PR_OPEN)
        return;
    pull->updated = MINUTE(world->minute);
    gint what = g_rand_int_range(world->rand, 0, 10);
    if (what < 2) {
        pull->state = what == 0 ? PR_MERGED : PR_DECLINED;
        both_event(world,
                   fixture_event(pull->number, what == 0 ? PR_EVENT_MERGED : PR_EVENT_DECLINED,
                                 world->minute, "ana"));
        both_pull(world, pull);
        return;
    }
    PrEvent event = fixture_comment(pull->number, world->minute,
                                    PEOPLE[g_rand_int_range(world->rand, 0, 4)], ++world->comments);
    event.kind = VERDICTS[g_rand_int_range(world->rand, 0, 3)];
    if (event.kind != PR_EVENT_COMMENTED)
        event.comment_id = COUNT_ABSENT;
    both_event(world, event);
}

static void happen_to_settings(World *world)
{
    Fixture *both[] = {world->whole, world->changed};
    gsize n;
    const Rule *const *rules = rules_list(&n);
    const Rule *rule = rules[g_rand_int_range(world->rand, 0, (gint) n)];
    const double on = g_rand_int_range(world->rand, 0, 2);
    gboolean selected = g_rand_int_range(world->rand, 0, 4) > 0;
    for (guint i = 0; i < 2; i++) {
        assert_ok(insight_set(both[i]->store, both[i]->workspace_id, 0, rule, "", &on, &error));
        stage_select(both[i], selected);
    }
}

static void must_be_equal(World *world, int step)
{
    Fixture *both[] = {world->whole, world->changed};
    GPtrArray *lists[2];
    for (guint i = 0; i < 2; i++)
        assert_ok((lists[i] = store_list_findings(both[i]->store, both[i]->workspace_id,
                                                  STORE_ENDED_EVER, &error)) != NULL);
    assert_int_equal(lists[0]->len, lists[1]->len);
    for (guint i = 0; i < lists[0]->len; i++) {
        const StoreFinding *a = lists[0]->pdata[i], *b = lists[1]->pdata[i];
        if (a->finding_id != b->finding_id || a->state != b->state || a->ended != b->ended ||
            a->since != b->since || a->first_seen != b->first_seen || a->reopened != b->reopened ||
            strcmp(a->what, b->what) != 0)
            fail_msg("step %d: %s #%d is %s since %d, or %s since %d: %s / %s", step, a->rule,
                     (int) a->number, finding_state_name(a->state),
                     (int) ((a->since - T0) / TIME_MINUTE), finding_state_name(b->state),
                     (int) ((b->since - T0) / TIME_MINUTE), a->what, b->what);
    }
    g_ptr_array_unref(lists[0]);
    g_ptr_array_unref(lists[1]);
}

static void looking_at_what_changed_is_looking_at_everything(void **state)
{
    Fixture whole, changed;
    fixture_init(&whole);
    fixture_init(&changed);
    World world = {.whole = &whole, .changed = &changed, .rand = g_rand_new_with_seed(20261102)};
    stage_select(&whole, TRUE);
    stage_select(&changed, TRUE);
    gint64 looked_at[2] = {0}, found = 0;
    for (int step = 0; step < STEPS; step++) {
        world.minute += g_rand_int_range(world.rand, 1, 30 * HOUR);
        for (gint i = g_rand_int_range(world.rand, 0, 4); i > 0; i--)
            happen(&world);
        if (g_rand_int_range(world.rand, 0, 15) == 0)
            happen_to_settings(&world);
        InsightSummary full = stage_update(&whole, world.minute, TRUE);
        InsightSummary part = stage_update(&changed, world.minute, FALSE);
        looked_at[0] += full.looked_at;
        looked_at[1] += part.looked_at;
        found += full.found;
        assert_int_equal(full.found, part.found);
        assert_int_equal(full.resolved, part.resolved);
        assert_int_equal(full.reopened, part.reopened);
        must_be_equal(&world, step);
    }
    assert_true(found > 30);                  /* the weeks were not empty */
    assert_true(looked_at[1] < looked_at[0]); /* and something was saved */
    g_rand_free(world.rand);
    fixture_clear(&whole);
    fixture_clear(&changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_at_what_changed_is_looking_at_everything),
    };
    return cmocka_run_group_tests_name("insight/differential", tests, NULL, NULL);
}
