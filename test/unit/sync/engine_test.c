/*
 * Whole runs against a Bitbucket inside the test. Days are counted from 1970; the server's day is
 * 1000 unless the test moves it.
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
    gint64 workspace_id, connection_id;
    SyncSummary summary;
    UtcTime horizon;
    double overall;
    gboolean fell_back; /* the bar moved back */
} Fixture;

static void connect_fixture(Fixture *fixture)
{
    SyncConnectRequest request = {.name = "test",
                                  .kind = CREDENTIAL_WORKSPACE_TOKEN,
                                  .secret = "not-a-secret",
                                  .workspace = "acme",
                                  .expires = TIME_ABSENT};
    SyncConnectResult result;
    GError *error = NULL;
    assert_true(sync_connect(fixture->store, &request, &result, &error));
    assert_int_equal(result.repositories_selected, 1);
    fixture->workspace_id = result.workspace_id;
    fixture->connection_id = result.connection_id;
    sync_connect_result_clear(&result);
    fake_forget_requests();
}

static void assert_cloned_from(Fixture *fixture, const char *api_base, const char *git_base)
{
    SyncConnectRequest request = {.name = api_base,
                                  .kind = CREDENTIAL_WORKSPACE_TOKEN,
                                  .secret = "secret",
                                  .api_base = api_base,
                                  .workspace = "acme",
                                  .expires = TIME_ABSENT};
    SyncConnectResult result;
    const char *found = NULL;
    assert_true(sync_connect(fixture->store, &request, &result, NULL));
    g_autoptr(GPtrArray) connections = store_list_connections(fixture->store, NULL);
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (connection->connection_id == result.connection_id)
            found = connection->git_base;
    }
    assert_non_null(found);
    assert_string_equal(found, git_base);
    sync_connect_result_clear(&result);
}

static void git_goes_to_the_host_of_the_api(void **state)
{
    Fixture *fixture = *state;
    assert_cloned_from(fixture, "https://api.bitbucket.org/2.0", "https://bitbucket.org");
    assert_cloned_from(fixture, "http://127.0.0.1:8123/2.0", "http://127.0.0.1:8123");
    assert_cloned_from(fixture, "http://[::1]:8123/2.0", "http://[::1]:8123");
    assert_cloned_from(fixture, "https://[2001:db8::1]/2.0", "https://[2001:db8::1]");
}

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = g_dir_make_tmp("plumbline-sync-XXXXXX", NULL);
    fixture->fake = fake_reset();
    fixture->fake->now = DAY(1000);
    fixture->fake->repository_updated = DAY(999);
    fixture->horizon = TIME_ABSENT;
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

static void watch(const SyncProgress *progress, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture->fell_back |= progress->overall < fixture->overall;
    fixture->overall = progress->overall;
}

static gboolean run(Fixture *fixture, GError **error)
{
    SyncConfig config = {.store = fixture->store,
                         .workspace_id = fixture->workspace_id,
                         .connection_id = fixture->connection_id,
                         .horizon = fixture->horizon,
                         .recent = TIME_ABSENT,
                         .progress = watch,
                         .user_data = fixture};
    fixture->overall = 0;
    SyncEngine *engine = sync_engine_new(&config, error);
    assert_non_null(engine);
    gboolean ok = sync_engine_run(engine, &fixture->summary, error);
    sync_engine_free(engine);
    return ok;
}

static void run_well(Fixture *fixture)
{
    GError *error = NULL;
    if (!run(fixture, &error))
        fail_msg("%s", error->message);
}

/* ---- what the store has */

typedef struct {
    guint pulls, events, commits, files, deleted;
    UtcTime resolved;
    GString *numbers;
} Content;

static gboolean count_row(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Content *content = user_data;
    content->pulls++;
    content->events += (guint) row->n_events;
    content->commits += (guint) row->n_commits;
    content->files += (guint) row->n_files;
    for (gsize i = 0; i < row->n_events; i++) {
        content->deleted += row->events[i].is_deleted;
        if (row->events[i].resolved != TIME_ABSENT)
            content->resolved = row->events[i].resolved;
    }
    g_string_append_printf(content->numbers, "%" G_GINT64_FORMAT ":%zu ", row->number,
                           row->n_events);
    return TRUE;
}

static Content read_content(Fixture *fixture)
{
    Content content = {.numbers = g_string_new(NULL), .resolved = TIME_ABSENT};
    StoreTx *tx = store_begin(fixture->store, NULL);
    assert_true(store_invalidate_facts(tx, fixture->workspace_id, NULL));
    assert_true(store_commit(tx, NULL));
    assert_true(store_visit_fact_todo(fixture->store, fixture->workspace_id, 1000, count_row,
                                      &content, NULL));
    return content;
}

/* "number:events …" of all pull requests. */
static void assert_content(Fixture *fixture, const char *expected)
{
    Content content = read_content(fixture);
    assert_string_equal(content.numbers->str, expected);
    g_string_free(content.numbers, TRUE);
}

static void assert_problem(Fixture *fixture, const char *stage, const char *code)
{
    g_autoptr(GPtrArray) problems =
        store_list_problems(fixture->store, fixture->workspace_id, NULL);
    for (guint i = 0; i < problems->len; i++) {
        const StoreProblem *problem = problems->pdata[i];
        if (g_strcmp0(problem->stage, stage) == 0 && g_strcmp0(problem->code, code) == 0)
            return;
    }
    fail_msg("no problem %s in stage %s among %u", code, stage, problems->len);
}

static void assert_no_problem(Fixture *fixture)
{
    g_autoptr(GPtrArray) problems =
        store_list_problems(fixture->store, fixture->workspace_id, NULL);
    if (problems->len > 0)
        fail_msg("%s", ((StoreProblem *) problems->pdata[0])->sentence);
}

/* Eight pull requests, one every ten days from day 900 on, each with its creation, a comment and a
 * merge. */
static void add_history(void)
{
    for (gint64 i = 0; i < 8; i++) {
        UtcTime day = DAY(900 + 10 * i);
        fake_add_pull(i + 1, day, day + 2 * TIME_HOUR, PR_MERGED);
        fake_add_event(i + 1, PR_EVENT_UPDATED, day);
        fake_add_event(i + 1, PR_EVENT_COMMENTED, day + TIME_HOUR);
        fake_add_event(i + 1, PR_EVENT_MERGED, day + 2 * TIME_HOUR);
    }
}

#define HISTORY "1:3 2:3 3:3 4:3 5:3 6:3 7:3 8:3 "

/* ---- tests */

static void a_first_sync_brings_everything(void **state)
{
    Fixture *fixture = *state;
    add_history();
    run_well(fixture);
    assert_content(fixture, HISTORY);
    assert_true(fixture->summary.complete);
    assert_int_equal(fixture->summary.pull_requests, 8);
    assert_int_equal(fixture->summary.events, 24);
    assert_int_equal(fixture->fake->requests[FAKE_PULLS], 3);
    assert_int_equal(fixture->fake->requests[FAKE_FEED], 8);
    assert_int_equal(fixture->fake->requests[FAKE_PULL], 0);
    assert_false(fixture->fell_back);
    assert_true(fixture->overall > 0.999);
    assert_no_problem(fixture);
}

static void a_quiet_repository_costs_two_requests(void **state)
{
    Fixture *fixture = *state;
    add_history();
    run_well(fixture);
    fake_forget_requests();
    run_well(fixture);
    assert_int_equal(fake_total(), 2);
    assert_int_equal(fixture->summary.repositories_quiet, 1);
    assert_int_equal(fixture->summary.pull_requests_changed + fixture->summary.events_changed, 0);
}

static void the_horizon_cuts_list_and_feed(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fixture->horizon = DAY(945);
    run_well(fixture);
    assert_content(fixture, "6:3 7:3 8:3 ");
    /* A farther horizon goes on from there. */
    fixture->horizon = DAY(905);
    run_well(fixture);
    assert_content(fixture, "2:3 3:3 4:3 5:3 6:3 7:3 8:3 ");
    fixture->horizon = TIME_ABSENT;
    run_well(fixture);
    assert_content(fixture, HISTORY);
    fake_forget_requests();
    fixture->horizon = DAY(970);
    run_well(fixture);
    assert_int_equal(fake_total(), 2);
}

static void one_opened_before_the_horizon_has_its_whole_activity(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_pull(2)->updated = DAY(960); /* opened on day 910 */
    fake_add_event(2, PR_EVENT_COMMENTED, DAY(960));
    fixture->horizon = DAY(945);
    run_well(fixture);
    assert_content(fixture, "2:4 6:3 7:3 8:3 ");
    assert_int_equal(fixture->fake->requests[FAKE_ACTIVITY], 2); /* four entries, pages of three */
    fake_forget_requests();
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_ACTIVITY], 0);
}

static void a_cycle_brings_what_is_new_and_nothing_else(void **state)
{
    Fixture *fixture = *state;
    add_history();
    run_well(fixture);
    fake_forget_requests();
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    fixture->fake->repository_updated = DAY(1000) + TIME_MINUTE;
    fake_add_pull(9, DAY(1000), DAY(1000) + TIME_MINUTE, PR_OPEN);
    fake_add_event(9, PR_EVENT_UPDATED, DAY(1000));
    run_well(fixture);
    assert_content(fixture, HISTORY "9:1 ");
    assert_int_equal(fixture->summary.pull_requests, 1);
    assert_int_equal(fixture->summary.events, 1);
    assert_int_equal(fixture->summary.pull_requests_changed, 0);
    assert_int_equal(fixture->fake->requests[FAKE_PULLS], 1);
    assert_int_equal(fixture->fake->requests[FAKE_FEED], 1);
    assert_int_equal(fixture->fake->requests[FAKE_PULL], 0);
}

static void an_approval_that_moves_nothing_makes_its_row_be_read_again(void **state)
{
    Fixture *fixture = *state;
    add_history();
    run_well(fixture);
    fake_forget_requests();
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    fake_add_event(5, PR_EVENT_APPROVED, DAY(1000) + TIME_MINUTE);
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_PULL], 1);
    fake_forget_requests();
    run_well(fixture);
    assert_int_equal(fake_total(), 2);
}

static void one_that_no_list_shows_is_read_by_its_number(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_pull(3)->unlisted = TRUE;
    run_well(fixture);
    assert_content(fixture, HISTORY);
    assert_int_equal(fixture->fake->requests[FAKE_PULL], 1);
}

static void one_that_is_gone_is_asked_for_once(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_add_event(77, PR_EVENT_COMMENTED, DAY(990));
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_PULL], 1);
    fake_forget_requests();
    fixture->fake->repository_updated++;
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_PULL], 0);
    assert_content(fixture, HISTORY);
}

static void a_break_anywhere_loses_and_doubles_nothing(void **state)
{
    Fixture *fixture = *state;
    add_history();
    GError *error = NULL;
    for (guint kind = FAKE_PULLS; kind <= FAKE_DIFFSTAT; kind++) {
        for (guint nth = 1; nth <= 3; nth++) {
            fake_fail(0, kind, nth, 1, PLUMBLINE_ERROR_CANCELLED);
            if (!run(fixture, &error))
                assert_true(error_is(error, PLUMBLINE_ERROR_CANCELLED));
            g_clear_error(&error);
        }
    }
    fake_fail(0, FAKE_PULLS, 1, 0, 0);
    run_well(fixture);
    assert_true(fixture->summary.complete);
    Content content = read_content(fixture);
    assert_string_equal(content.numbers->str, HISTORY);
    assert_int_equal(content.commits, 8);
    assert_int_equal(content.files, 8);
    g_string_free(content.numbers, TRUE);
    assert_no_problem(fixture);
}

static void a_first_sync_that_was_broken_reads_the_head_again(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    add_history();
    fake_fail(0, FAKE_FEED, 3, 1, PLUMBLINE_ERROR_CANCELLED);
    assert_false(run(fixture, &error));
    g_clear_error(&error);
    /* Meanwhile one is opened; it is at the head of lists that were walked already. */
    fixture->fake->now = DAY(1003);
    fixture->fake->repository_updated = DAY(1002);
    fake_add_pull(9, DAY(1001), DAY(1002), PR_OPEN);
    fake_add_event(9, PR_EVENT_UPDATED, DAY(1001));
    run_well(fixture);
    assert_content(fixture, HISTORY "9:1 ");
}

static void an_expired_position_starts_the_walk_again(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    add_history();
    fake_fail(0, FAKE_FEED, 4, 1, PLUMBLINE_ERROR_CANCELLED);
    assert_false(run(fixture, &error));
    g_clear_error(&error);
    fixture->fake->epoch++;
    run_well(fixture);
    assert_content(fixture, HISTORY);
    assert_no_problem(fixture);
}

static void a_page_that_comes_twice_is_asked_again(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fixture->fake->repeat_feed_page = 1;
    run_well(fixture);
    assert_content(fixture, HISTORY);
    assert_no_problem(fixture);
}

static void a_list_that_repeats_itself_is_a_problem_until_it_does_not(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fixture->fake->repeat_feed_page = 1000;
    run_well(fixture);
    assert_problem(fixture, "activity", "paging-loop");
    assert_false(fixture->summary.complete);
    fixture->fake->repeat_feed_page = 0;
    run_well(fixture);
    assert_content(fixture, HISTORY);
    assert_no_problem(fixture);
}

static void a_401_on_one_list_is_that_lists_problem(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_fail(0, FAKE_FEED, 1, 1000, PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
    run_well(fixture);
    assert_problem(fixture, "activity", "credential-rejected");
    assert_content(fixture, "1:0 2:0 3:0 4:0 5:0 6:0 7:0 8:0 ");
    fake_fail(0, FAKE_FEED, 1, 0, 0);
    run_well(fixture);
    assert_content(fixture, HISTORY);
    assert_no_problem(fixture);
}

static void a_401_everywhere_ends_the_run_and_marks_the_connection(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    add_history();
    fake_fail(0, FAKE_FEED, 1, 1000, PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
    fake_fail(1, FAKE_REPOSITORY, 1, 1000, PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
    assert_false(run(fixture, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_CREDENTIAL_REJECTED));
    g_clear_error(&error);
    g_autoptr(GPtrArray) connections = store_list_connections(fixture->store, NULL);
    assert_string_equal(((StoreConnection *) connections->pdata[0])->state, "rejected");
    fake_fail(0, FAKE_FEED, 1, 0, 0);
    fake_fail(1, FAKE_REPOSITORY, 1, 0, 0);
    run_well(fixture);
    assert_content(fixture, HISTORY);
}

static void a_renamed_repository_is_found_by_its_uuid(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    add_history();
    fake_fail(0, FAKE_FEED, 3, 1, PLUMBLINE_ERROR_CANCELLED);
    assert_false(run(fixture, &error));
    g_clear_error(&error);
    g_free(fixture->fake->slug);
    fixture->fake->slug = g_strdup("shop");
    fake_fail(0, FAKE_REPOSITORIES, 1, 1, PLUMBLINE_ERROR_UNAVAILABLE); /* it does not tell */
    run_well(fixture);
    assert_content(fixture, HISTORY);
    g_autoptr(GPtrArray) rows =
        store_list_repositories(fixture->store, fixture->workspace_id, TRUE, NULL);
    assert_string_equal(((StoreRepository *) rows->pdata[0])->full_name, "acme/shop");
}

static void a_vanished_repository_is_kept_marked_and_welcomed_back(void **state)
{
    Fixture *fixture = *state;
    add_history();
    run_well(fixture);
    fake_fail(0, FAKE_FEED, 1, 1000, PLUMBLINE_ERROR_NOT_FOUND);
    fake_fail(1, FAKE_REPOSITORY, 1, 1000, PLUMBLINE_ERROR_NOT_FOUND);
    run_well(fixture);
    assert_int_equal(fixture->summary.repositories_failed, 1);
    g_autoptr(GPtrArray) rows =
        store_list_repositories(fixture->store, fixture->workspace_id, TRUE, NULL);
    assert_string_equal(((StoreRepository *) rows->pdata[0])->state, "vanished");
    assert_content(fixture, HISTORY);
    fake_fail(0, FAKE_FEED, 1, 0, 0);
    fake_fail(1, FAKE_REPOSITORY, 1, 0, 0);
    run_well(fixture);
    assert_int_equal(fixture->summary.repositories_failed, 0);
    assert_no_problem(fixture);
}

static void open_ones_are_read_again_each_night(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_add_pull(9, DAY(990), DAY(990), PR_OPEN);
    fake_add_event(9, PR_EVENT_UPDATED, DAY(990));
    run_well(fixture);
    fake_forget_requests();
    fixture->fake->now = DAY(1001);
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_PULLS], 2); /* the changed ones, the open ones */
    fake_forget_requests();
    run_well(fixture);
    assert_int_equal(fake_total(), 2);
}

static void everything_is_listed_again_each_week(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_pull(4)->state = PR_STATE_UNKNOWN; /* a passing fault of Bitbucket's */
    run_well(fixture);
    fake_pull(4)->state = PR_MERGED;
    fixture->fake->now = DAY(1006);
    run_well(fixture);
    assert_int_equal(fixture->summary.pull_requests_changed, 0);
    fixture->fake->now = DAY(1008);
    run_well(fixture);
    assert_int_equal(fixture->summary.pull_requests_changed, 1);
    assert_content(fixture, HISTORY);
}

static void comments_of_what_changed_are_read_as_they_are_now(void **state)
{
    Fixture *fixture = *state;
    add_history();
    run_well(fixture);
    fixture->fake->now = DAY(1000) + TIME_HOUR;
    fixture->fake->repository_updated = DAY(1000) + TIME_MINUTE;
    fake_pull(8)->updated = DAY(1000) + TIME_MINUTE;
    fake_pull(8)->comment_count = 1;
    for (guint i = 0; i < fixture->fake->events->len; i++) {
        FakeEvent *event = &g_array_index(fixture->fake->events, FakeEvent, i);
        if (event->number == 8 && event->kind == PR_EVENT_COMMENTED)
            event->resolved = DAY(1000);
    }
    run_well(fixture);
    Content content = read_content(fixture);
    assert_int_equal(content.resolved, DAY(1000));
    g_string_free(content.numbers, TRUE);
}

static void a_comment_that_was_deleted_is_noticed_the_night_after(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fixture->fake->now = DAY(970) + 3 * TIME_HOUR; /* an hour after the last merge */
    run_well(fixture);
    for (guint i = 0; i < fixture->fake->events->len; i++) {
        FakeEvent *event = &g_array_index(fixture->fake->events, FakeEvent, i);
        event->hidden |= event->number == 8 && event->kind == PR_EVENT_COMMENTED;
    }
    run_well(fixture); /* nothing tells of it */
    Content content = read_content(fixture);
    assert_int_equal(content.deleted, 0);
    g_string_free(content.numbers, TRUE);
    fixture->fake->now = DAY(971);
    run_well(fixture);
    content = read_content(fixture);
    assert_int_equal(content.deleted, 1);
    assert_string_equal(content.numbers->str, HISTORY);
    g_string_free(content.numbers, TRUE);
}

static void a_size_that_cannot_be_computed_is_tried_for_a_day(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_fail(0, FAKE_DIFFSTAT, 1, 1, PLUMBLINE_ERROR_NOT_COMPUTABLE);
    run_well(fixture);
    assert_problem(fixture, "details", "not-computable");
    Content content = read_content(fixture);
    assert_int_equal(content.files, 7);
    g_string_free(content.numbers, TRUE);
    run_well(fixture);
    content = read_content(fixture);
    assert_int_equal(content.files, 8);
    g_string_free(content.numbers, TRUE);
    assert_no_problem(fixture);
}

static void a_size_that_stays_unknown_is_given_up_after_a_day(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_fail(0, FAKE_DIFFSTAT, 1, 1000, PLUMBLINE_ERROR_NOT_COMPUTABLE);
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_DIFFSTAT], 8);
    fixture->fake->now = DAY(1001);
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_DIFFSTAT], 16);
    fixture->fake->now = DAY(1002);
    run_well(fixture);
    assert_int_equal(fixture->fake->requests[FAKE_DIFFSTAT], 16);
}

static void a_server_that_is_not_well_costs_one_lane_not_the_run(void **state)
{
    Fixture *fixture = *state;
    add_history();
    fake_fail(0, FAKE_PULLS, 1, 1000, PLUMBLINE_ERROR_UNAVAILABLE);
    run_well(fixture);
    assert_int_equal(fixture->summary.repositories_failed, 1);
    assert_int_equal(fixture->fake->requests[FAKE_PULLS], 1);
    assert_int_equal(fixture->fake->requests[FAKE_FEED], 0);
    assert_problem(fixture, "pull-requests", "unavailable");
    fake_fail(0, FAKE_PULLS, 1, 0, 0);
    run_well(fixture);
    assert_content(fixture, HISTORY);
    assert_no_problem(fixture);
}

static UtcTime kept_pause(Fixture *fixture)
{
    StoreBudget budget;
    gboolean found = FALSE;
    assert_true(store_get_budget(fixture->store, fixture->workspace_id, fixture->connection_id,
                                 &budget, &found, NULL));
    assert_true(found);
    return budget.paused_until;
}

/* The answer 429 comes after its request was counted and the count was kept. */
static void a_pause_is_kept_although_nothing_more_was_spent(void **state)
{
    Fixture *fixture = *state;
    SyncConfig config = {.store = fixture->store,
                         .workspace_id = fixture->workspace_id,
                         .connection_id = fixture->connection_id,
                         .horizon = TIME_ABSENT,
                         .recent = TIME_ABSENT};
    g_autoptr(SyncEngine) engine = sync_engine_new(&config, NULL);
    fixture->fake->spent = 7;
    assert_true(sync_engine_run(engine, &fixture->summary, NULL));
    assert_true(kept_pause(fixture) == TIME_ABSENT);
    fixture->fake->paused_until = DAY(1000) + TIME_HOUR;
    assert_true(sync_engine_run(engine, &fixture->summary, NULL));
    assert_int_equal(kept_pause(fixture), DAY(1000) + TIME_HOUR);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_sync_brings_everything),
        TEST(a_quiet_repository_costs_two_requests),
        TEST(the_horizon_cuts_list_and_feed),
        TEST(one_opened_before_the_horizon_has_its_whole_activity),
        TEST(a_cycle_brings_what_is_new_and_nothing_else),
        TEST(an_approval_that_moves_nothing_makes_its_row_be_read_again),
        TEST(one_that_no_list_shows_is_read_by_its_number),
        TEST(one_that_is_gone_is_asked_for_once),
        TEST(a_break_anywhere_loses_and_doubles_nothing),
        TEST(a_first_sync_that_was_broken_reads_the_head_again),
        TEST(an_expired_position_starts_the_walk_again),
        TEST(a_page_that_comes_twice_is_asked_again),
        TEST(a_list_that_repeats_itself_is_a_problem_until_it_does_not),
        TEST(a_401_on_one_list_is_that_lists_problem),
        TEST(a_401_everywhere_ends_the_run_and_marks_the_connection),
        TEST(a_renamed_repository_is_found_by_its_uuid),
        TEST(a_vanished_repository_is_kept_marked_and_welcomed_back),
        TEST(open_ones_are_read_again_each_night),
        TEST(everything_is_listed_again_each_week),
        TEST(comments_of_what_changed_are_read_as_they_are_now),
        TEST(a_comment_that_was_deleted_is_noticed_the_night_after),
        TEST(a_size_that_cannot_be_computed_is_tried_for_a_day),
        TEST(a_size_that_stays_unknown_is_given_up_after_a_day),
        TEST(a_server_that_is_not_well_costs_one_lane_not_the_run),
        TEST(git_goes_to_the_host_of_the_api),
        TEST(a_pause_is_kept_although_nothing_more_was_spent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
