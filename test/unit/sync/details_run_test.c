/*
 * Whole runs against a Bitbucket inside the test: when builds, tasks, threads and deployments are
 * asked for. Days are counted from 1970; the server's day is 1000 unless the test moves it.
 */
#include "fake.h"

#include <glib/gstdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DAY(n) ((UtcTime) (n) *TIME_DAY)

typedef struct {
    char *folder;
    Store *store;
    Fake *fake;
    gint64 workspace_id, connection_id, repository_id;
    SyncSummary summary;
} Fixture;

static void connect_fixture(Fixture *fixture)
{
    SyncConnectRequest request = {.name = "test",
                                  .kind = CREDENTIAL_WORKSPACE_TOKEN,
                                  .secret = "not-a-secret",
                                  .workspace = "acme",
                                  .expires = TIME_ABSENT};
    SyncConnectResult result;
    assert_true(sync_connect(fixture->store, &request, &result, NULL));
    fixture->workspace_id = result.workspace_id;
    fixture->connection_id = result.connection_id;
    fixture->repository_id = model_id(ID_REPOSITORY, result.workspace_id, "{repository}");
    sync_connect_result_clear(&result);
    fake_forget_requests();
}

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = g_dir_make_tmp("plumbline-sync-XXXXXX", NULL);
    fixture->fake = fake_reset();
    fixture->fake->now = DAY(1000);
    fixture->fake->repository_updated = DAY(999);
    g_autofree char *key = g_build_filename(fixture->folder, "key", NULL);
    fixture->store = store_open(":memory:", key, NULL);
    if (fixture->store == NULL)
        return -1;
    connect_fixture(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *key = g_build_filename(fixture->folder, "key", NULL);
    store_free(fixture->store);
    g_unlink(key);
    g_rmdir(fixture->folder);
    g_free(fixture->folder);
    g_free(fixture);
    return 0;
}

static void run(Fixture *fixture)
{
    GError *error = NULL;
    SyncConfig config = {.store = fixture->store,
                         .workspace_id = fixture->workspace_id,
                         .connection_id = fixture->connection_id,
                         .horizon = TIME_ABSENT,
                         .recent = TIME_ABSENT};
    g_autoptr(SyncEngine) engine = sync_engine_new(&config, &error);
    assert_non_null(engine);
    fake_forget_requests();
    if (!sync_engine_run(engine, &fixture->summary, &error))
        fail_msg("%s", error->message);
}

static void run_well(Fixture *fixture)
{
    run(fixture);
    assert_int_equal(fixture->summary.repositories_failed, 0);
}

static void run_badly(Fixture *fixture)
{
    run(fixture);
    assert_int_equal(fixture->summary.repositories_failed, 1);
}

/* Opened on @day, and not touched since. */
static FakePull *add_pull(gint64 number, UtcTime day, PullRequestState state)
{
    fake_add_pull(number, day, day, state);
    fake_add_event(number, PR_EVENT_UPDATED, day);
    return fake_pull(number);
}

static void move(Fixture *fixture, gint64 number, UtcTime at)
{
    fake_pull(number)->updated = at;
    fixture->fake->repository_updated = at;
}

typedef struct {
    gsize builds, tasks;
    gboolean builds_known, tasks_known;
    UtcTime resolved;
} Seen;

static gboolean look(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Seen *seen = user_data;
    *seen = (Seen){row->n_builds, row->n_tasks, row->builds_known, row->tasks_known, TIME_ABSENT};
    for (gsize i = 0; i < row->n_events; i++)
        seen->resolved = MAX(seen->resolved, row->events[i].resolved);
    return TRUE;
}

static Seen see(Fixture *fixture, gint64 number)
{
    Seen seen = {0};
    assert_true(store_visit_pull_request(fixture->store, fixture->workspace_id,
                                         fixture->repository_id, number, look, &seen, NULL));
    return seen;
}

#define REQUESTS(kind) fixture->fake->requests[FAKE_##kind]

/* ---- builds and tasks */

static void a_first_sync_reads_builds_of_the_open_and_the_lately_closed(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(900), PR_MERGED)->builds = 2;
    add_pull(2, DAY(995), PR_MERGED)->builds = 4; /* more than a page */
    add_pull(3, DAY(800), PR_OPEN)->builds = 1;
    run_well(fixture);
    assert_int_equal(REQUESTS(BUILDS), 3);
    assert_false(see(fixture, 1).builds_known);
    assert_true(see(fixture, 2).builds_known && see(fixture, 2).builds == 4);
    assert_true(see(fixture, 3).builds_known && see(fixture, 3).builds == 1);
    run_well(fixture);
    assert_int_equal(REQUESTS(BUILDS), 0);

    fake_pull(3)->builds = 2; /* moves nothing: known the night after */
    fixture->fake->now = DAY(1001);
    run_well(fixture);
    assert_int_equal(REQUESTS(BUILDS), 1);
    assert_int_equal(see(fixture, 3).builds, 2);

    fake_pull(3)->builds = 3;
    fixture->fake->now = DAY(1001) + TIME_HOUR;
    move(fixture, 3, DAY(1001) + TIME_MINUTE);
    run_well(fixture);
    assert_int_equal(REQUESTS(BUILDS), 1);
    assert_int_equal(see(fixture, 3).builds, 3);
}

static void a_repository_without_builds_is_probed_ten_times_a_day(void **state)
{
    Fixture *fixture = *state;
    for (gint64 number = 1; number <= 14; number++)
        add_pull(number, DAY(980) + number, PR_MERGED);
    run_well(fixture);
    assert_int_equal(REQUESTS(BUILDS), 10);
    assert_true(see(fixture, 14).builds_known);
    assert_false(see(fixture, 4).builds_known);

    add_pull(15, DAY(1000) + TIME_MINUTE, PR_OPEN)->builds = 1; /* the first that has any */
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    fixture->fake->repository_updated = DAY(1000) + TIME_MINUTE;
    run_well(fixture);
    assert_int_equal(REQUESTS(BUILDS), 0);
    fixture->fake->now = DAY(1001);
    run_well(fixture);
    assert_int_equal(REQUESTS(BUILDS), 5); /* the new one, then those that were left alone */
    assert_int_equal(see(fixture, 15).builds, 1);
}

static void tasks_are_read_where_a_record_counts_them(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(900), PR_MERGED);
    add_pull(2, DAY(900), PR_MERGED)->tasks = 2;
    add_pull(3, DAY(990), PR_OPEN);
    run_well(fixture);
    assert_int_equal(REQUESTS(TASKS), 1);
    assert_int_equal(see(fixture, 2).tasks, 2);
    assert_true(see(fixture, 1).tasks_known && see(fixture, 3).tasks_known);
    run_well(fixture);
    assert_int_equal(REQUESTS(TASKS), 0);

    fake_pull(3)->tasks = 1;
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    move(fixture, 3, DAY(1000) + TIME_MINUTE);
    run_well(fixture);
    assert_int_equal(REQUESTS(TASKS), 1);
    assert_int_equal(see(fixture, 3).tasks, 1);
}

static void one_that_is_gone_has_no_builds(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(990), PR_OPEN)->builds = 1;
    add_pull(2, DAY(991), PR_OPEN)->builds = 1;
    fake_fail(0, FAKE_BUILDS, 1, 1, PLUMBLINE_ERROR_NOT_FOUND);
    run_well(fixture);
    assert_int_equal(see(fixture, 2).builds, 0);
    assert_int_equal(see(fixture, 1).builds, 1);
}

static void a_run_spends_no_more_than_a_quarter_of_an_hours_allowance(void **state)
{
    Fixture *fixture = *state;
    for (gint64 number = 1; number <= 300; number++)
        add_pull(number, DAY(950) + number * TIME_HOUR, PR_MERGED)->builds = 1;
    guint runs = 0, spent;
    do {
        run_well(fixture);
        spent = REQUESTS(COMMITS) + REQUESTS(DIFFSTAT) + REQUESTS(BUILDS) + REQUESTS(TASKS) +
                REQUESTS(DEPLOYMENTS) + REQUESTS(PIPELINES);
        assert_true(spent <= 250);
        if (REQUESTS(BUILDS) > 0) /* the newest come first */
            assert_true(see(fixture, 300).builds_known);
    } while (++runs < 10 && spent > 0);
    /* 300 times commits and sizes, which git does not tell here, 300 times builds, and two lists of
     * deliveries: four runs, and a fifth that finds nothing owed. */
    assert_int_equal(runs, 5);
    assert_true(see(fixture, 1).builds_known);
}

/* ---- threads */

static void set_resolved(Fixture *fixture, UtcTime at)
{
    for (guint i = 0; i < fixture->fake->events->len; i++) {
        FakeEvent *event = &g_array_index(fixture->fake->events, FakeEvent, i);
        if (event->kind == PR_EVENT_COMMENTED)
            event->resolved = at;
    }
}

static void threads_of_open_pull_requests_are_a_day_old_at_most(void **state)
{
    Fixture *fixture = *state;
    for (gint64 number = 1; number <= 2; number++) {
        add_pull(number, DAY(900), number == 1 ? PR_OPEN : PR_MERGED)->comment_count = 1;
        fake_add_event(number, PR_EVENT_COMMENTED, DAY(900));
    }
    for (guint i = 0; i < fixture->fake->events->len; i++)
        g_array_index(fixture->fake->events, FakeEvent, i).is_inline = TRUE;
    run_well(fixture);
    assert_int_equal(REQUESTS(COMMENTS), 1); /* of the open one */
    run_well(fixture);
    assert_int_equal(REQUESTS(COMMENTS), 0);

    set_resolved(fixture, DAY(1000));
    fixture->fake->now = DAY(1001);
    run_well(fixture);
    assert_int_equal(see(fixture, 1).resolved, DAY(1000));
    set_resolved(fixture, TIME_ABSENT); /* somebody opened it again */
    fixture->fake->now = DAY(1002);
    run_well(fixture);
    assert_true(see(fixture, 1).resolved == TIME_ABSENT);
}

/* ---- deployments */

static void add_deployment(Fixture *fixture, const char *uuid, UtcTime started, UtcTime completed)
{
    FakeDeployment deployment = {uuid, started, completed};
    g_array_prepend_val(fixture->fake->deployments, deployment);
}

static gboolean describe(const StoreDeployment *row, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%s:%d:%s ", row->uuid, row->state, row->environment);
    return TRUE;
}

static void assert_deployments(Fixture *fixture, const char *expected)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_true(
        store_visit_deployments(fixture->store, fixture->workspace_id, 0, describe, seen, NULL));
    assert_string_equal(seen->str, expected);
}

static void deployments_are_read_down_to_what_is_known(void **state)
{
    static const char *const UUIDS[] = {"{a}", "{b}", "{c}", "{d}", "{e}", "{f}", "{g}", "{h}"};
    Fixture *fixture = *state;
    add_pull(1, DAY(900), PR_MERGED);
    for (int i = 0; i < 8; i++)
        add_deployment(fixture, UUIDS[i], DAY(900 + 10 * i), DAY(900 + 10 * i) + TIME_MINUTE);
    run_well(fixture);
    assert_int_equal(REQUESTS(DEPLOYMENTS), 3);
    assert_int_equal(REQUESTS(ENVIRONMENTS), 1);
    assert_int_equal(REQUESTS(PIPELINES), 0);
    assert_deployments(fixture, "{a}:2:Live {b}:2:Live {c}:2:Live {d}:2:Live {e}:2:Live "
                                "{f}:2:Live {g}:2:Live {h}:2:Live ");

    add_deployment(fixture, "{i}", DAY(1000), TIME_ABSENT);
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    move(fixture, 1, DAY(1000) + TIME_MINUTE);
    run_well(fixture);
    assert_int_equal(REQUESTS(DEPLOYMENTS), 1);
    assert_int_equal(REQUESTS(ENVIRONMENTS), 0);

    /* Nothing else moves, but it has not ended. */
    g_array_index(fixture->fake->deployments, FakeDeployment, 0).completed = DAY(1000) + TIME_HOUR;
    fixture->fake->now = DAY(1000) + 5 * TIME_HOUR;
    run_well(fixture);
    assert_int_equal(REQUESTS(DEPLOYMENTS), 1);
    assert_deployments(fixture, "{a}:2:Live {b}:2:Live {c}:2:Live {d}:2:Live {e}:2:Live "
                                "{f}:2:Live {g}:2:Live {h}:2:Live {i}:2:Live ");
    run_well(fixture);
    assert_int_equal(fake_total(), 2); /* quiet */
}

static void a_repository_that_deploys_nothing_is_asked_once_a_day(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(900), PR_MERGED);
    run_well(fixture);
    assert_true(REQUESTS(DEPLOYMENTS) == 1 && REQUESTS(PIPELINES) == 1);
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    move(fixture, 1, DAY(1000) + TIME_MINUTE);
    run_well(fixture);
    assert_int_equal(REQUESTS(DEPLOYMENTS) + REQUESTS(PIPELINES), 0);
    fixture->fake->now = DAY(1001);
    run_well(fixture);
    assert_true(REQUESTS(DEPLOYMENTS) == 1 && REQUESTS(PIPELINES) == 1);
}

static void a_404_is_a_repository_that_deploys_nothing(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(900), PR_MERGED);
    fake_fail(0, FAKE_DEPLOYMENTS, 1, 1, PLUMBLINE_ERROR_NOT_FOUND);
    run_well(fixture);
    assert_int_equal(fixture->summary.notes, 0);
    assert_int_equal(REQUESTS(DEPLOYMENTS), 1);
}

/* ---- refusals */

static void assert_note(Fixture *fixture, gint64 repository_id, const char *stage,
                        const char *words)
{
    g_autoptr(GPtrArray) problems =
        store_list_problems(fixture->store, fixture->workspace_id, NULL);
    assert_int_equal(problems->len, 1);
    const StoreProblem *problem = problems->pdata[0];
    assert_true(problem->is_note);
    assert_true(problem->repository_id == repository_id);
    assert_string_equal(problem->stage, stage);
    if (strstr(problem->sentence, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", problem->sentence, words);
}

static char *connection_state(Fixture *fixture)
{
    g_autoptr(GPtrArray) connections = store_list_connections(fixture->store, NULL);
    return g_strdup(((StoreConnection *) connections->pdata[0])->state);
}

static void a_scope_that_lacks_is_a_note_and_not_asked_again_for_a_week(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(900), PR_MERGED);
    add_deployment(fixture, "{a}", DAY(990), DAY(990) + TIME_MINUTE);
    fake_fail(0, FAKE_DEPLOYMENTS, 1, 2, PLUMBLINE_ERROR_SCOPE_MISSING);
    run_well(fixture);
    assert_int_equal(fixture->summary.notes, 1);
    assert_note(fixture, 0, "delivery", "Deployments and pipelines are not read");
    g_autofree char *before = connection_state(fixture);
    assert_string_equal(before, "ok");

    fixture->fake->now = DAY(1003);
    move(fixture, 1, DAY(1003) - TIME_MINUTE);
    run_well(fixture);
    assert_int_equal(REQUESTS(DEPLOYMENTS), 0);
    assert_int_equal(fixture->summary.notes, 0);
    assert_note(fixture, 0, "delivery", "Deployments and pipelines are not read");

    fake_fail(0, FAKE_DEPLOYMENTS, 1, 0, PLUMBLINE_ERROR_SCOPE_MISSING);
    fixture->fake->now = DAY(1007);
    run_well(fixture);
    assert_int_equal(REQUESTS(DEPLOYMENTS), 1);
    assert_deployments(fixture, "{a}:2:Live ");
    g_autoptr(GPtrArray) problems =
        store_list_problems(fixture->store, fixture->workspace_id, NULL);
    assert_int_equal(problems->len, 0);
}

static void a_changed_credential_is_asked_for_at_once(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(900), PR_MERGED);
    add_deployment(fixture, "{a}", DAY(990), DAY(990) + TIME_MINUTE);
    fake_fail(0, FAKE_DEPLOYMENTS, 1, 1, PLUMBLINE_ERROR_SCOPE_MISSING);
    run_well(fixture);
    assert_deployments(fixture, "");
    fake_fail(0, FAKE_DEPLOYMENTS, 1, 0, PLUMBLINE_ERROR_SCOPE_MISSING);
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    connect_fixture(fixture);
    move(fixture, 1, DAY(1000) + TIME_MINUTE);
    run_well(fixture);
    assert_deployments(fixture, "{a}:2:Live ");
}

static void a_right_that_lacks_concerns_one_repository(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(990), PR_OPEN)->builds = 1;
    add_pull(2, DAY(991), PR_OPEN)->builds = 1;
    fake_fail(0, FAKE_BUILDS, 1, 1, PLUMBLINE_ERROR_FORBIDDEN);
    run_well(fixture);
    assert_note(fixture, fixture->repository_id, "builds", "Builds of acme/web are not read");
    assert_int_equal(REQUESTS(BUILDS), 1); /* not one after the other */
    assert_false(see(fixture, 1).builds_known || see(fixture, 2).builds_known);
}

static void a_repository_that_answers_nothing_is_a_fault_and_no_refusal(void **state)
{
    Fixture *fixture = *state;
    add_pull(1, DAY(990), PR_OPEN)->builds = 1;
    add_deployment(fixture, "{a}", DAY(990), DAY(990) + TIME_MINUTE);
    fake_fail(0, FAKE_BUILDS, 1, 9, PLUMBLINE_ERROR_FORBIDDEN);
    fake_fail(1, FAKE_DEPLOYMENTS, 1, 9, PLUMBLINE_ERROR_FORBIDDEN);
    fake_fail(2, FAKE_REPOSITORY, 1, 9, PLUMBLINE_ERROR_FORBIDDEN);
    run_badly(fixture);
    assert_int_equal(fixture->summary.notes, 0);
    for (guint slot = 0; slot < 3; slot++)
        fake_fail(slot, FAKE_BUILDS, 1, 0, PLUMBLINE_ERROR_FORBIDDEN);
    run_well(fixture);
    assert_int_equal(see(fixture, 1).builds, 1);
    assert_deployments(fixture, "{a}:2:Live ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_sync_reads_builds_of_the_open_and_the_lately_closed),
        TEST(a_repository_without_builds_is_probed_ten_times_a_day),
        TEST(tasks_are_read_where_a_record_counts_them),
        TEST(one_that_is_gone_has_no_builds),
        TEST(a_run_spends_no_more_than_a_quarter_of_an_hours_allowance),
        TEST(threads_of_open_pull_requests_are_a_day_old_at_most),
        TEST(deployments_are_read_down_to_what_is_known),
        TEST(a_repository_that_deploys_nothing_is_asked_once_a_day),
        TEST(a_404_is_a_repository_that_deploys_nothing),
        TEST(a_scope_that_lacks_is_a_note_and_not_asked_again_for_a_week),
        TEST(a_changed_credential_is_asked_for_at_once),
        TEST(a_right_that_lacks_concerns_one_repository),
        TEST(a_repository_that_answers_nothing_is_a_fault_and_no_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
