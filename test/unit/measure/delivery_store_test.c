/*
 * Releases and judged deployments in a store: derived once, again when something they rest on
 * changes.
 */
#include "../store/fixture.h"

#include "measure/measure.h"

#include <math.h>

static const char *const HASHES[] = {
    NULL,
    "a100000000010000000000000000000000000000",
    "a200000000020000000000000000000000000000",
    "a300000000030000000000000000000000000000",
};

typedef struct {
    UtcTime released[4];  /* by number */
    GString *deployments; /* a line each */
} Seen;

static gboolean see_fact(const FactPr *fact, gpointer user_data, GError **error)
{
    ((Seen *) user_data)->released[fact->number] = fact->released;
    return TRUE;
}

static gboolean see_deployment(const FactDeployment *fact, gpointer user_data, GError **error)
{
    Seen *seen = user_data;
    g_string_append_printf(seen->deployments, "%s %s %s %d%s%s%s\n", fact->key, fact->source,
                           fact->environment, (gint) ((fact->completed - T0) / TIME_MINUTE),
                           fact->is_successful ? " succeeded" : "",
                           fact->is_failure ? " failed" : "", fact->is_rollback ? " rollback" : "");
    return TRUE;
}

/* Refreshes and compares: minutes of the releases of 1 and 2 (-1: none), and the deployments. */
static void expect(Fixture *f, gint first, gint second, const char *deployments)
{
    Seen seen = {{TIME_ABSENT, TIME_ABSENT, TIME_ABSENT, TIME_ABSENT}, g_string_new(NULL)};
    assert_ok(measure_refresh(f->store, f->workspace_id, NULL, &error));
    assert_ok(store_visit_facts(f->store, f->workspace_id, see_fact, &seen, &error));
    assert_ok(
        store_visit_fact_deployments(f->store, f->workspace_id, see_deployment, &seen, &error));
    assert_int_equal(seen.released[1], first < 0 ? TIME_ABSENT : MINUTE(first));
    assert_int_equal(seen.released[2], second < 0 ? TIME_ABSENT : MINUTE(second));
    assert_string_equal(seen.deployments->str, deployments);
    g_string_free(seen.deployments, TRUE);
}

/* 1 and 2, merged into main at minutes 100 and 200 by the commits 1 and 2. */
static void put_merges(Fixture *f)
{
    StoreChanges changes = {0};
    const Repository repository = {.uuid = "{r}",
                                   .slug = "shop",
                                   .full_name = "acme/shop",
                                   .name = "Shop",
                                   .main_branch = "main",
                                   .size_bytes = COUNT_ABSENT,
                                   .created = MINUTE(0),
                                   .updated = MINUTE(2)};
    WRITE(f, store_put_repositories(tx, f->workspace_id, f->connection_id, &repository, 1, &changes,
                                    &error));
    for (guint i = 1; i <= 2; i++) {
        PullRequest record = fixture_pull_request(i, (int) (100 * i));
        g_autofree char *hash = g_strndup(HASHES[i], 12);
        PrEvent events[] = {
            fixture_event(i, PR_EVENT_UPDATED, 0, "ana"),
            fixture_event(i, PR_EVENT_MERGED, (int) (100 * i), "ana"),
        };
        record.state = PR_MERGED;
        record.merge_hash = hash;
        record.destination_branch = "main";
        WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &record, 1,
                                         &changes, &error));
        WRITE(f, store_put_events(tx, f->workspace_id, f->repository_id, events,
                                  G_N_ELEMENTS(events), &changes, &error));
    }
}

static void put_commit(Fixture *f, guint i)
{
    StoreChanges changes = {0};
    Commit commit = fixture_commit(HASHES[i], (int) (100 * i), "ana@example.test");
    commit.parents = &HASHES[i - 1];
    commit.n_parents = i > 1;
    WRITE(f,
          store_put_commits(tx, f->workspace_id, f->repository_id, &commit, 1, &changes, &error));
}

static void put_deployment(Fixture *f, const char *uuid, const char *hash, int completed,
                           DeploymentState state)
{
    StoreChanges changes = {0};
    const Deployment deployment = {
        .uuid = uuid,
        .environment = {.uuid = "{p}", .name = "live", .kind = ENVIRONMENT_PRODUCTION},
        .commit_hash = hash,
        .state = state,
        .started = MINUTE(completed - 5),
        .completed = completed < 0 ? TIME_ABSENT : MINUTE(completed),
        .updated = MINUTE(completed),
    };
    WRITE(f, store_put_deployments(tx, f->workspace_id, f->repository_id, &deployment, 1, &changes,
                                   &error));
}

static gint64 counter_of(Fixture *f)
{
    gint64 counter = 0;
    assert_ok(store_change_counter(f->store, &counter, &error));
    return counter;
}

static void without_deployments_nothing_is_released(void **state)
{
    Fixture *f = *state;
    put_merges(f);
    put_commit(f, 1);
    put_commit(f, 2);
    expect(f, -1, -1, "");
}

static void each_new_deployment_releases_what_it_brings(void **state)
{
    Fixture *f = *state;
    put_merges(f);
    put_commit(f, 1);
    put_commit(f, 2);
    put_deployment(f, "{a}", "a10000000001", 150, DEPLOYMENT_SUCCESSFUL);
    expect(f, 150, -1, "{a} deployment live 150 succeeded\n");
    put_deployment(f, "{b}", HASHES[2], 250, DEPLOYMENT_IN_PROGRESS);
    put_deployment(f, "{c}", HASHES[2], 260, DEPLOYMENT_STOPPED);
    expect(f, 150, -1, "{a} deployment live 150 succeeded\n");
    put_deployment(f, "{b}", HASHES[2], 250, DEPLOYMENT_FAILED);
    put_deployment(f, "{d}", HASHES[2], 300, DEPLOYMENT_SUCCESSFUL);
    expect(f, 150, 300,
           "{a} deployment live 150 succeeded\n{b} deployment live 250 failed\n"
           "{d} deployment live 300 succeeded\n");
    /* An older one that comes late. */
    put_deployment(f, "{e}", HASHES[1], 120, DEPLOYMENT_SUCCESSFUL);
    put_deployment(f, "{f}", HASHES[1], 400, DEPLOYMENT_SUCCESSFUL);
    expect(f, 120, 300,
           "{e} deployment live 120 succeeded\n{a} deployment live 150 succeeded\n"
           "{b} deployment live 250 failed\n{d} deployment live 300 succeeded failed\n"
           "{f} deployment live 400 succeeded rollback\n");
}

static void history_that_comes_later_counts(void **state)
{
    Fixture *f = *state;
    put_merges(f);
    put_deployment(f, "{a}", HASHES[2], 300, DEPLOYMENT_SUCCESSFUL);
    expect(f, -1, 300, "{a} deployment live 300 succeeded\n");
    put_commit(f, 2);
    put_commit(f, 1);
    expect(f, 300, 300, "{a} deployment live 300 succeeded\n");
}

static void facts_computed_anew_keep_their_release(void **state)
{
    Fixture *f = *state;
    put_merges(f);
    put_commit(f, 1);
    put_deployment(f, "{a}", HASHES[1], 150, DEPLOYMENT_SUCCESSFUL);
    expect(f, 150, -1, "{a} deployment live 150 succeeded\n");
    gint64 counter = counter_of(f);
    WRITE(f, store_invalidate_facts(tx, f->workspace_id, &error));
    expect(f, 150, -1, "{a} deployment live 150 succeeded\n");
    assert_int_equal(counter_of(f), counter); /* nothing was altered */
}

static void merges_stand_for_deployments_where_there_are_none(void **state)
{
    Fixture *f = *state;
    put_merges(f);
    WRITE(f, store_set_release(tx, f->workspace_id, f->repository_id, TRUE, FALSE, &error));
    expect(f, 100, 200,
           "merge 1 merge merge to main 100 succeeded\nmerge 2 merge merge to main 200 "
           "succeeded\n");
    /* A deployment that is known counts instead. */
    put_commit(f, 1);
    put_deployment(f, "{a}", HASHES[1], 150, DEPLOYMENT_SUCCESSFUL);
    expect(f, 150, -1, "{a} deployment live 150 succeeded\n");
}

static void pipelines_count_only_where_the_repository_says_so(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    const Pipeline pipelines[] = {
        {"{a}", 1, "a10000000001", "main", COUNT_ABSENT, BUILD_FAILED, MINUTE(100), MINUTE(110)},
        {"{b}", 2, "a10000000001", "main", COUNT_ABSENT, BUILD_SUCCESSFUL, MINUTE(120),
         MINUTE(130)},
        {"{c}", 3, "a20000000002", "topic", COUNT_ABSENT, BUILD_SUCCESSFUL, MINUTE(120),
         MINUTE(130)},
    };
    put_merges(f);
    WRITE(f, store_put_pipelines(tx, f->workspace_id, f->repository_id, pipelines,
                                 G_N_ELEMENTS(pipelines), &changes, &error));
    expect(f, -1, -1, "");
    WRITE(f, store_set_release(tx, f->workspace_id, f->repository_id, FALSE, TRUE, &error));
    expect(f, 130, -1,
           "{a} pipeline main pipeline 110 failed\n{b} pipeline main pipeline 130 succeeded\n");
    WRITE(f, store_set_release(tx, f->workspace_id, f->repository_id, FALSE, FALSE, &error));
    expect(f, -1, -1, "");
}

/* ---- what is known */

static MeasureTable *ask(Fixture *f, const char *id, Dimension by)
{
    const MeasureInfo *info = measure_find(id);
    const MeasureAsk deployments = {info, STATISTIC_SUM, FALSE};
    const MeasureQuery query = {.from = MINUTE(0),
                                .until = MINUTE(100000),
                                .now = MINUTE(100000),
                                .by = {by},
                                .asks = &deployments,
                                .n_asks = 1};
    g_autoptr(MeasureColumns) columns = NULL;
    MeasureTable *table = NULL;
    assert_ok(measure_refresh(f->store, f->workspace_id, NULL, &error));
    assert_ok((columns = measure_columns_load(f->store, f->workspace_id, &error)) != NULL);
    assert_ok((table = measure_query(columns, &query, &error)) != NULL);
    return table;
}

static void put_second_repository(Fixture *f)
{
    StoreChanges changes = {0};
    const Repository repository = {.uuid = "{s}",
                                   .slug = "site",
                                   .full_name = "acme/site",
                                   .name = "Site",
                                   .main_branch = "main",
                                   .size_bytes = COUNT_ABSENT,
                                   .created = MINUTE(0),
                                   .updated = MINUTE(2)};
    WRITE(f, store_put_repositories(tx, f->workspace_id, f->connection_id, &repository, 1, &changes,
                                    &error));
    WRITE(f, store_select_repository(tx, f->workspace_id, f->repository_id, TRUE, &error));
}

static void what_nobody_tells_of_is_absent_with_a_reason(void **state)
{
    Fixture *f = *state;
    put_merges(f);
    put_second_repository(f);
    static const char *const IDS[] = {"deployments", "deployment-days", "change-failure-rate",
                                      "recovery-time", "lead-time"};
    for (gsize i = 0; i < G_N_ELEMENTS(IDS); i++) {
        g_autoptr(MeasureTable) table = ask(f, IDS[i], DIMENSION_NONE);
        assert_true(isnan(table->rows[0].cells[0].value));
        assert_non_null(strstr(table->note, "not known of this repository"));
        assert_non_null(strstr(table->note, "plumbline releases set"));
    }
    g_autoptr(MeasureTable) merged = ask(f, "merged", DIMENSION_NONE);
    assert_null(merged->note);
}

static void a_switch_makes_no_release_zero_releases(void **state)
{
    Fixture *f = *state;
    put_second_repository(f);
    WRITE(f, store_set_release(tx, f->workspace_id, f->repository_id, TRUE, FALSE, &error));
    g_autoptr(MeasureTable) table = ask(f, "deployments", DIMENSION_NONE);
    assert_true(table->rows[0].cells[0].value == 0);
    assert_null(table->note);
    g_autoptr(MeasureTable) failures = ask(f, "change-failure-rate", DIMENSION_NONE);
    assert_true(isnan(failures->rows[0].cells[0].value));
    assert_non_null(strstr(failures->note, "does not fail"));
}

static void what_is_known_of_some_repositories_says_of_how_many(void **state)
{
    Fixture *f = *state;
    put_merges(f);
    put_second_repository(f);
    gint64 second = model_id(ID_REPOSITORY, f->workspace_id, "{s}");
    WRITE(f, store_select_repository(tx, f->workspace_id, second, TRUE, &error));
    put_deployment(f, "{a}", HASHES[1], 150, DEPLOYMENT_FAILED);
    g_autoptr(MeasureTable) table = ask(f, "deployments", DIMENSION_NONE);
    assert_true(table->rows[0].cells[0].value == 0); /* they all failed */
    assert_non_null(strstr(table->note, "1 of 2 repositories are not in the figures"));
    g_autoptr(MeasureTable) failures = ask(f, "change-failure-rate", DIMENSION_ENVIRONMENT);
    assert_int_equal(failures->n_rows, 1);
    assert_string_equal(failures->rows[0].key[0], "live");
    assert_true(failures->rows[0].cells[0].value == 1);
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        IN_STORE(without_deployments_nothing_is_released),
        IN_STORE(each_new_deployment_releases_what_it_brings),
        IN_STORE(history_that_comes_later_counts),
        IN_STORE(facts_computed_anew_keep_their_release),
        IN_STORE(merges_stand_for_deployments_where_there_are_none),
        IN_STORE(pipelines_count_only_where_the_repository_says_so),
        IN_STORE(what_nobody_tells_of_is_absent_with_a_reason),
        IN_STORE(a_switch_makes_no_release_zero_releases),
        IN_STORE(what_is_known_of_some_repositories_says_of_how_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
