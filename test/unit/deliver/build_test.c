/*
 * A report built from a store whose rows are few enough to work out every figure by hand.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "sample.h"

#define NOW   (G_GINT64_CONSTANT(1794816000) * TIME_SECOND) /* 2026-11-16T08:00:00Z, a Monday */
#define H(n)  ((n) *TIME_HOUR)
#define START (NOW - 10 * TIME_DAY)

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        g_autoptr(GError) error = NULL;                                                            \
        if (!(call))                                                                               \
            fail_msg("%s: %s", #call, error == NULL ? "?" : error->message);                       \
    } while (0)

typedef struct {
    Store *store;
    gint64 workspace_id, repository_id;
} World;

static Person person(const char *name)
{
    return (Person){.uuid = name, .display_name = name, .nickname = name, .kind = PERSON_USER};
}

static PullRequest pull(gint64 number, const char *author, UtcTime created, PullRequestState state)
{
    static const char *const HASHES[] = {"aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc",
                                         "dddddddddddd", "eeeeeeeeeeee", "ffffffffffff"};
    static char urls[8][80];
    g_snprintf(urls[number], sizeof urls[number],
               "https://bitbucket.org/acme/billing/pull-requests/%d", (int) number);
    return (PullRequest){.number = number,
                         .title = "Round the invoices",
                         .state = state,
                         .author = person(author),
                         .closed_by = state == PR_OPEN ? (Person){0} : person(author),
                         .created = created,
                         .updated = created + H(6),
                         .source_branch = "feature",
                         .source_hash = HASHES[number],
                         .destination_branch = "main",
                         .html_url = urls[number],
                         .comment_count = 0,
                         .task_count = 0,
                         .has_participants = TRUE};
}

static PrEvent event(gint64 number, PrEventKind kind, UtcTime at, const char *actor)
{
    return (PrEvent){.number = number,
                     .kind = kind,
                     .at = at,
                     .actor = person(actor),
                     .comment_id = COUNT_ABSENT,
                     .parent_comment_id = COUNT_ABSENT,
                     .inline_line = COUNT_ABSENT,
                     .comment_length = COUNT_ABSENT,
                     .resolved = TIME_ABSENT};
}

/* 1: reviewed and merged. 2: open and unreviewed. 3: merged without review. 4: by a bot.
 * 5: merged before the window. */
static gboolean put_pulls(World *world, StoreTx *tx, GError **error)
{
    Person bo = person("Bo");
    Participant approval = {bo, TRUE, PARTICIPANT_APPROVED, START + H(2)};
    Participant asked = {bo, TRUE, PARTICIPANT_NO_STATE, TIME_ABSENT};
    PullRequest pulls[] = {pull(1, "Ana", START, PR_MERGED), pull(2, "Ana", START, PR_OPEN),
                           pull(3, "Ana", START, PR_MERGED), pull(4, "renovate", START, PR_MERGED),
                           pull(5, "Ana", NOW - 100 * TIME_DAY, PR_MERGED)};
    pulls[0].participants = &approval;
    pulls[0].n_participants = 1;
    pulls[0].reviewers = pulls[1].reviewers = &bo;
    pulls[0].n_reviewers = pulls[1].n_reviewers = 1;
    pulls[1].participants = &asked;
    pulls[1].n_participants = 1;
    const PrEvent events[] = {event(1, PR_EVENT_APPROVED, START + H(2), "Bo"),
                              event(1, PR_EVENT_MERGED, START + H(5), "Ana"),
                              event(3, PR_EVENT_MERGED, START + H(1), "Ana"),
                              event(4, PR_EVENT_MERGED, START + H(1), "renovate"),
                              event(5, PR_EVENT_MERGED, NOW - 99 * TIME_DAY, "Ana")};
    StoreChanges changes = {0};
    return store_put_pull_requests(tx, world->workspace_id, world->repository_id, pulls,
                                   G_N_ELEMENTS(pulls), &changes, error) &&
           store_put_events(tx, world->workspace_id, world->repository_id, events,
                            G_N_ELEMENTS(events), &changes, error);
}

/* One commit three hours before pull request 1 was opened; 30 lines, 10 of them in a lock file. */
static gboolean put_commits(World *world, StoreTx *tx, GError **error)
{
    static const char *const HASH = "0123456789abcdef0123456789abcdef01234567";
    const FileChange files[] = {{"src/invoice.c", NULL, 15, 5}, {"package-lock.json", NULL, 6, 4}};
    const Commit commit = {.hash = HASH,
                           .author_name = "Ana",
                           .author_email = "ana@example.org",
                           .authored = START - H(3),
                           .committed = START - H(3),
                           .subject = "Round",
                           .files = files,
                           .n_files = G_N_ELEMENTS(files)};
    StoreChanges changes = {0};
    return store_put_commits(tx, world->workspace_id, world->repository_id, &commit, 1, &changes,
                             error) &&
           store_put_pr_commits(tx, world->workspace_id, world->repository_id, 1, "git", &HASH, 1,
                                &changes, error) &&
           store_put_pr_files(tx, world->workspace_id, world->repository_id, 1, "git", files,
                              G_N_ELEMENTS(files), &changes, error);
}

static int setup(void **state)
{
    static World world;
    const Workspace workspace = {"{ws}", "acme", "Acme"};
    const Repository repository = {.uuid = "{repo}",
                                   .workspace = workspace,
                                   .slug = "billing",
                                   .full_name = "acme/billing",
                                   .name = "Billing",
                                   .main_branch = "main",
                                   .html_url = "https://bitbucket.org/acme/billing",
                                   .size_bytes = COUNT_ABSENT,
                                   .created = START,
                                   .updated = START};
    const Quarantined bad = {"pull request", "7", "its title is missing", "{}"};
    StoreChanges changes = {0};
    StoreTx *tx = NULL;
    assert_ok((world.store = store_open(":memory:", NULL, &error)) != NULL);
    assert_ok((tx = store_begin(world.store, &error)) != NULL);
    assert_ok(store_put_workspace(tx, &workspace, &world.workspace_id, &error));
    gint64 connection_id = model_id(ID_CONNECTION, world.workspace_id, "test");
    world.repository_id = model_id(ID_REPOSITORY, world.workspace_id, "{repo}");
    assert_ok(store_put_repositories(tx, world.workspace_id, connection_id, &repository, 1,
                                     &changes, &error));
    assert_ok(store_select_repository(tx, world.workspace_id, world.repository_id, TRUE, &error));
    assert_ok(put_pulls(&world, tx, &error));
    assert_ok(put_commits(&world, tx, &error));
    assert_ok(store_put_quarantined(tx, world.workspace_id, world.repository_id, &bad, 1, &error));
    assert_ok(store_put_problem(tx, world.workspace_id, world.repository_id, "git", "git",
                                "The mirror could not be fetched.", NOW, &error));
    assert_ok(store_commit(tx, &error));
    assert_ok(measure_refresh(world.store, world.workspace_id, NULL, &error));
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    store_free(((World *) *state)->store);
    return 0;
}

static Report *build(World *world, gint64 repository_id)
{
    g_autoptr(MeasureColumns) columns = NULL;
    Report *report = NULL;
    g_auto(InsightSummary) found = {0};
    assert_ok(insight_update(world->store, world->workspace_id, NOW, FALSE, &found, &error));
    assert_ok((columns = measure_columns_load(world->store, world->workspace_id, &error)) != NULL);
    ReportRequest request = {.store = world->store,
                             .columns = columns,
                             .workspace_id = world->workspace_id,
                             .repository_id = repository_id,
                             .days = 90,
                             .now = NOW,
                             .requests = 12,
                             .read_from = TIME_ABSENT,
                             .known_since = TIME_ABSENT};
    assert_ok((report = report_build(&request, &error)) != NULL);
    return report;
}

static void assert_median(const Report *report, const char *id, double expected, gint64 n)
{
    const ReportMeasure *measure = report_find_measure(report, id);
    assert_non_null(measure);
    assert_int_equal(measure->now.n, n);
    assert_close(measure->now.p50, expected, 0.5);
}

static void phases_of_the_one_complete_pull_request(void **state)
{
    g_autoptr(Report) report = build(*state, ((World *) *state)->repository_id);
    assert_median(report, "cycle-time", H(8), 1);
    assert_median(report, "coding-time", H(3), 1);
    assert_median(report, "pickup-time", H(2), 1);
    assert_median(report, "review-time", 0, 1);
    assert_median(report, "size", 20, 1); /* the lock file is left out */
    assert_int_equal(report_find_measure(report, "cycle-time")->now.absent, 1); /* number 3 */
}

static void counts_leave_bots_out_and_say_so(void **state)
{
    g_autoptr(Report) report = build(*state, ((World *) *state)->repository_id);
    assert_int_equal(report->coverage.merged, 2);
    assert_int_equal(report->coverage.by_bots, 1);
    assert_int_equal(report->merged_before, 1);
    assert_int_equal(report->open, 1);
    assert_int_equal(report->drafts, 0);
    assert_close(report->open_oldest, 10.0 * TIME_DAY, 0.5);
    assert_int_equal(report->coverage.pull_requests, 5);
    assert_int_equal(report->coverage.without_commits, 1);
    assert_int_equal(report->coverage.without_size, 1);
    assert_int_equal(report->coverage.quarantined, 1);
    assert_string_equal(report->coverage.problems->pdata[0], "The mirror could not be fetched.");
}

static void half_of_the_merges_had_no_review(void **state)
{
    g_autoptr(Report) report = build(*state, ((World *) *state)->repository_id);
    const ReportShare *share = &g_array_index(report->shares, ReportShare, 0);
    assert_string_equal(share->id, "unreviewed");
    assert_close(share->share, 0.5, 1e-9);
    assert_int_equal(share->count, 1);
    assert_int_equal(share->n, 2);
}

static void needs_name_who_and_link(void **state)
{
    g_autoptr(Report) report = build(*state, ((World *) *state)->repository_id);
    assert_int_equal(report_count_needs(report, NULL), 1); /* although it is stale as well */
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        if (need->is_merged)
            continue;
        assert_int_equal(need->number, 2);
        assert_string_equal(need->rule->id, "waiting-for-review");
        assert_string_equal(need->title, "Round the invoices");
        assert_string_equal(need->url, "https://bitbucket.org/acme/billing/pull-requests/2");
        assert_string_equal(need->repository, "acme/billing");
        assert_int_equal(need->age, 10 * TIME_DAY);
    }
}

static void weeks_have_no_gap_and_hold_all_merges(void **state)
{
    g_autoptr(Report) report = build(*state, ((World *) *state)->repository_id);
    gint64 merged = 0;
    for (guint i = 0; i < report->weeks->len; i++) {
        const ReportWeek *week = &g_array_index(report->weeks, ReportWeek, i);
        merged += week->merged;
        if (i == 0)
            continue;
        UtcTime before, monday;
        assert_true(time_parse(week[-1].monday, -1, &before, NULL));
        assert_true(time_parse(week->monday, -1, &monday, NULL));
        assert_int_equal(monday - before, 7 * TIME_DAY);
    }
    assert_int_equal(merged, 2);
    /* 18 August is a Tuesday; today is a Monday morning: both ends are cut */
    assert_int_equal(report->weeks->len, 14);
    assert_true(g_array_index(report->weeks, ReportWeek, 0).is_partial);
    assert_false(g_array_index(report->weeks, ReportWeek, 1).is_partial);
    assert_true(g_array_index(report->weeks, ReportWeek, 13).is_partial);
}

static void points_are_the_merged_ones_newest_first(void **state)
{
    g_autoptr(Report) report = build(*state, ((World *) *state)->repository_id);
    assert_int_equal(report->points->len, 2);
    const ReportPoint *first = &g_array_index(report->points, ReportPoint, 0);
    assert_int_equal(first->number, 1);
    assert_int_equal(first->cycle, H(8));
    assert_int_equal(first->lines, 20);
    assert_int_equal(report->cycle_buckets[report_bucket(H(8))], 1);
}

static void few_reviewers_have_no_shares(void **state)
{
    g_autoptr(Report) report = build(*state, ((World *) *state)->repository_id);
    assert_int_equal(report->reviewers->len, 1);
    assert_true(isnan(report->review_top_share));
}

static void a_workspace_is_reported_as_one(void **state)
{
    g_autoptr(Report) report = build(*state, 0);
    assert_true(report->is_workspace);
    assert_string_equal(report->subject, "acme");
    assert_int_equal(report->repositories, 1);
    assert_int_equal(report->coverage.merged, 2);
}

static void an_unknown_repository_is_not_found(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(MeasureColumns) columns =
        measure_columns_load(world->store, world->workspace_id, NULL);
    ReportRequest request = {.store = world->store,
                             .columns = columns,
                             .workspace_id = world->workspace_id,
                             .repository_id = 4711,
                             .days = 90,
                             .now = NOW};
    assert_null(report_build(&request, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_NOT_FOUND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_of_the_one_complete_pull_request),
        cmocka_unit_test(counts_leave_bots_out_and_say_so),
        cmocka_unit_test(half_of_the_merges_had_no_review),
        cmocka_unit_test(needs_name_who_and_link),
        cmocka_unit_test(weeks_have_no_gap_and_hold_all_merges),
        cmocka_unit_test(points_are_the_merged_ones_newest_first),
        cmocka_unit_test(few_reviewers_have_no_shares),
        cmocka_unit_test(a_workspace_is_reported_as_one),
        cmocka_unit_test(an_unknown_repository_is_not_found),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
