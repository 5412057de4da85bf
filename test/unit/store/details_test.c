/* Builds, tasks, deployments and pipelines: what is kept, what replaces what, what a visit shows.
 */
#include "fixture.h"

#define HEAD      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* the fixture's source commit in full */
#define OTHER     "dddddddddddddddddddddddddddddddddddddddd"
#define SHORT_NOW "aaaaaaaaaaaa"

static BuildStatus build(const char *key, BuildState state, int minute)
{
    return (BuildStatus){.commit_hash = HEAD,
                         .key = key,
                         .name = "unit tests",
                         .url = "https://ci.example.test/1",
                         .state = state,
                         .created = MINUTE(1),
                         .updated = MINUTE(minute)};
}

static PrTask task(gint64 id, const char *resolver, int resolved)
{
    return (PrTask){.task_id = id,
                    .comment_id = COUNT_ABSENT,
                    .creator = fixture_person("ben"),
                    .resolver = resolver != NULL ? fixture_person(resolver) : (Person){0},
                    .created = MINUTE(2),
                    .resolved = resolved > 0 ? MINUTE(resolved) : TIME_ABSENT,
                    .is_resolved = resolved > 0};
}

static void put_pull_request(Fixture *f, gint64 number, const char *head, gint64 task_count)
{
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(number, 10);
    pr.source_hash = head;
    pr.task_count = task_count;
    pr.updated = MINUTE(g_str_equal(head, OTHER) ? 11 : 10);
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
}

static StoreChanges put_builds(Fixture *f, gint64 number, const BuildStatus *builds, gsize n)
{
    StoreChanges changes = {0};
    WRITE(f, store_put_pr_builds(tx, f->workspace_id, f->repository_id, number, SHORT_NOW, builds,
                                 n, &changes, &error));
    return changes;
}

static StoreChanges put_tasks(Fixture *f, gint64 number, const PrTask *tasks, gsize n)
{
    StoreChanges changes = {0};
    WRITE(f, store_put_pr_tasks(tx, f->workspace_id, f->repository_id, number, tasks, n, &changes,
                                &error));
    return changes;
}

/* "b1:ci=2@3;lint=3@4 t1:7=5;8=-" */
static gboolean describe(const StorePullRequest *row, gpointer user_data, GError **error)
{
    GString *seen = user_data;
    g_string_append_printf(seen, "%s%d: b%d", seen->len > 0 ? " " : "", (int) row->number,
                           row->builds_known);
    for (gsize i = 0; i < row->n_builds; i++)
        g_string_append_printf(seen, " %s=%d@%d", row->builds[i].key, row->builds[i].state,
                               (int) ((row->builds[i].updated - T0) / TIME_MINUTE));
    g_string_append_printf(seen, " t%d", row->tasks_known);
    for (gsize i = 0; i < row->n_tasks; i++)
        g_string_append_printf(seen, " %d=%d", (int) row->tasks[i].task_id,
                               row->tasks[i].resolved == TIME_ABSENT
                                   ? -1
                                   : (int) ((row->tasks[i].resolved - T0) / TIME_MINUTE));
    return TRUE;
}

static char *seen_of(Fixture *f, gint64 number)
{
    GString *seen = g_string_new(NULL);
    assert_ok(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, number,
                                       describe, seen, &error));
    return g_string_free(seen, FALSE);
}

#define assert_seen(f, number, expected)                                                           \
    do {                                                                                           \
        g_autofree char *text = seen_of(f, number);                                                \
        assert_string_equal(text, expected);                                                       \
    } while (0)

static void builds_replace_those_before_and_belong_to_one_commit(void **state)
{
    Fixture *f = *state;
    put_pull_request(f, 1, SHORT_NOW, 1);
    assert_seen(f, 1, "1: b0 t0");
    BuildStatus builds[] = {build("lint", BUILD_FAILED, 4), build("ci", BUILD_SUCCESSFUL, 3),
                            build("old", BUILD_FAILED, 2)};
    builds[2].commit_hash = OTHER;
    StoreChanges changes = put_builds(f, 1, builds, 3);
    assert_int_equal(changes.inserted, 2);
    assert_seen(f, 1, "1: b1 ci=2@3 lint=3@4 t0");

    changes = put_builds(f, 1, builds, 3);
    assert_true(changes.inserted == 0 && changes.changed == 0);
    builds[1].state = BUILD_STOPPED;
    changes = put_builds(f, 1, &builds[1], 1);
    assert_int_equal(changes.changed, 1);
    assert_seen(f, 1, "1: b1 ci=4@3 t0");

    put_pull_request(f, 1, OTHER, 1); /* a push: nothing is known of the new commit */
    assert_seen(f, 1, "1: b0 t0");
}

static void no_builds_and_no_tasks_are_knowledge_too(void **state)
{
    Fixture *f = *state;
    put_pull_request(f, 1, SHORT_NOW, 2);
    put_builds(f, 1, NULL, 0);
    put_tasks(f, 1, NULL, 0);
    assert_seen(f, 1, "1: b1 t1");
    put_pull_request(f, 2, SHORT_NOW, 0); /* the record says that no task is unresolved */
    assert_seen(f, 2, "2: b0 t1");
    put_pull_request(f, 3, SHORT_NOW, COUNT_ABSENT);
    assert_seen(f, 3, "3: b0 t0");
}

static gboolean check_people(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    assert_int_equal(row->n_tasks, 3);
    assert_true(row->tasks[0].creator_id == model_id(ID_PERSON, f->workspace_id, "{ben}"));
    assert_true(row->tasks[0].resolver_id == COUNT_ABSENT);
    assert_true(row->tasks[1].resolver_id == model_id(ID_PERSON, f->workspace_id, "{cyd}"));
    assert_true(row->tasks[1].created == MINUTE(2) && row->tasks[1].resolved == MINUTE(5));
    assert_true(row->tasks[2].resolver_id == store_deleted_person(f->workspace_id));
    assert_true(row->tasks[2].resolved == MINUTE(2)); /* nobody said when: as early as can be */
    return TRUE;
}

static void tasks_name_who_made_and_who_resolved_them(void **state)
{
    Fixture *f = *state;
    put_pull_request(f, 1, SHORT_NOW, 1);
    PrTask tasks[] = {task(7, NULL, 0), task(8, "cyd", 5), task(9, NULL, 0)};
    tasks[2].is_resolved = TRUE;
    put_tasks(f, 1, tasks, 3);
    assert_ok(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, 1, check_people,
                                       f, &error));
    g_autoptr(GPtrArray) people = NULL;
    assert_ok((people = store_list_people(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(people->len, 4); /* ana, ben, cyd, the deleted one */

    tasks[0] = task(7, "ben", 6);
    StoreChanges changes = put_tasks(f, 1, tasks, 1);
    assert_int_equal(changes.changed, 1);
    assert_seen(f, 1, "1: b0 t1 7=6");
}

static gint64 count_todo(Fixture *f)
{
    gint64 n = 0;
    assert_ok(store_count_fact_todo(f->store, f->workspace_id, &n, &error));
    return n;
}

static gboolean take_off(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    FactPr fact = {.repository_id = row->repository_id,
                   .number = row->number,
                   .opened = row->created,
                   .last_activity = row->updated};
    StoreTx *tx = store_begin(f->store, error);
    return tx != NULL &&
           store_put_facts(tx, f->workspace_id, &fact, NULL, 0, row->generation, error) &&
           store_commit(tx, error);
}

static void clear_todo(Fixture *f)
{
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 10, take_off, f, &error));
    assert_int_equal(count_todo(f), 0);
}

static void facts_are_out_of_date_when_and_only_when_details_changed(void **state)
{
    Fixture *f = *state;
    const BuildStatus builds[] = {build("ci", BUILD_IN_PROGRESS, 3)};
    const PrTask tasks[] = {task(7, NULL, 0)};
    put_pull_request(f, 1, SHORT_NOW, 1);
    clear_todo(f);
    put_builds(f, 1, builds, 1);
    assert_int_equal(count_todo(f), 1);
    clear_todo(f);
    put_tasks(f, 1, tasks, 1);
    assert_int_equal(count_todo(f), 1);
    clear_todo(f);
    put_builds(f, 1, builds, 1);
    put_tasks(f, 1, tasks, 1);
    assert_int_equal(count_todo(f), 0);
    put_builds(f, 1, NULL, 0);
    assert_int_equal(count_todo(f), 1);
}

static void details_of_a_pull_request_that_is_not_here_are_an_error(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    StoreTx *tx = NULL;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    assert_fails(store_put_pr_builds(tx, f->workspace_id, f->repository_id, 9, SHORT_NOW, NULL, 0,
                                     &changes, &error),
                 STORE);
    assert_fails(
        store_put_pr_tasks(tx, f->workspace_id, f->repository_id, 9, NULL, 0, &changes, &error),
        STORE);
    store_rollback(tx);
}

/* ---- what may be owed */

static void candidates_are_open_recent_or_have_tasks(void **state)
{
    static const struct {
        gint64 number;
        PullRequestState state;
        int updated;
        gint64 tasks;
    } PULLS[] = {{1, PR_OPEN, 5, 0},   {2, PR_MERGED, 5, 0}, {3, PR_MERGED, 50, 0},
                 {4, PR_MERGED, 5, 3}, {5, PR_OPEN, 50, 0},  {6, PR_DECLINED, 5, 0}};
    static const char *const EXPECTED = "5 1 6 4 3 ";
    Fixture *f = *state;
    StoreChanges changes = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(PULLS); i++) {
        PullRequest pr = fixture_pull_request(PULLS[i].number, PULLS[i].updated);
        pr.state = PULLS[i].state;
        pr.task_count = PULLS[i].tasks;
        WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes,
                                         &error));
    }
    const PrTask unresolved = task(7, NULL, 0); /* read before its record said that it is not */
    PrEvent comments[] = {fixture_comment(5, 6, "ben", 1), fixture_comment(5, 6, "ben", 2),
                          fixture_comment(5, 6, "ben", 3)};
    comments[0].inline_path = "a.c";
    comments[1].inline_path = "a.c";
    comments[1].deleted = TRUE;
    const BuildStatus one = build("ci", BUILD_FAILED, 3);
    put_tasks(f, 6, &unresolved, 1);
    put_builds(f, 5, &one, 1);
    WRITE(f,
          store_put_events(tx, f->workspace_id, f->repository_id, comments, 3, &changes, &error));
    WRITE(f, store_mark_detail(tx, f->workspace_id, f->repository_id, 5, DETAIL_BUILDS, MINUTE(60),
                               &error));
    WRITE(f, store_mark_detail(tx, f->workspace_id, f->repository_id, 5, DETAIL_THREADS, MINUTE(61),
                               &error));
    WRITE(f, store_mark_detail(tx, f->workspace_id, f->repository_id, 99, DETAIL_THREADS,
                               MINUTE(61), &error)); /* not here: nothing happens */

    g_autoptr(GPtrArray) list = NULL;
    assert_ok((list = store_list_detail_candidates(f->store, f->workspace_id, f->repository_id,
                                                   MINUTE(20), &error)) != NULL);
    g_autoptr(GString) numbers = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(numbers, "%d ",
                               (int) ((StoreDetailCandidate *) list->pdata[i])->number);
    assert_string_equal(numbers->str, EXPECTED);

    const StoreDetailCandidate *five = list->pdata[0];
    assert_true(five->state == PR_OPEN && five->updated == MINUTE(50));
    assert_string_equal(five->source_hash, SHORT_NOW);
    assert_string_equal(five->builds_head, SHORT_NOW);
    assert_int_equal(five->builds, 1);
    assert_int_equal(five->inline_comments, 1);
    assert_true(five->read[DETAIL_BUILDS].record == MINUTE(50) &&
                five->read[DETAIL_BUILDS].at == MINUTE(60));
    assert_true(five->read[DETAIL_TASKS].at == TIME_ABSENT);
    assert_true(five->read[DETAIL_THREADS].record == MINUTE(50) &&
                five->read[DETAIL_THREADS].at == MINUTE(61));
    const StoreDetailCandidate *six = list->pdata[2];
    assert_true(six->unresolved_tasks == 1 && six->task_count == 0 && six->builds_head == NULL);
    const StoreDetailCandidate *four = list->pdata[3];
    assert_true(four->task_count == 3 && four->unresolved_tasks == 0);
}

static gboolean count_resolved(const StorePullRequest *row, gpointer user_data, GError **error)
{
    for (gsize i = 0; i < row->n_events; i++)
        *(int *) user_data += row->events[i].resolved != TIME_ABSENT;
    return TRUE;
}

static void a_thread_that_was_reopened_is_resolved_no_longer(void **state)
{
    static const gint64 LISTED[] = {2, 3};
    Fixture *f = *state;
    StoreChanges changes = {0};
    put_pull_request(f, 1, SHORT_NOW, 0);
    PrEvent comments[] = {fixture_comment(1, 6, "ben", 1), fixture_comment(1, 6, "ben", 2),
                          fixture_comment(1, 6, "ben", 3)};
    comments[0].resolved = comments[1].resolved = MINUTE(8);
    WRITE(f,
          store_put_events(tx, f->workspace_id, f->repository_id, comments, 3, &changes, &error));
    clear_todo(f);
    changes = (StoreChanges){0};
    WRITE(f, store_reopen_comments(tx, f->workspace_id, f->repository_id, 1, LISTED, 2, &changes,
                                   &error));
    assert_int_equal(changes.changed, 1);
    assert_int_equal(count_todo(f), 1);
    int resolved = 0;
    assert_ok(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, 1,
                                       count_resolved, &resolved, &error));
    assert_int_equal(resolved, 1);
    clear_todo(f);
    WRITE(f, store_reopen_comments(tx, f->workspace_id, f->repository_id, 1, LISTED, 2, &changes,
                                   &error));
    assert_int_equal(count_todo(f), 0);
}

/* ---- deployments and pipelines */

static Deployment deployment(const char *uuid, DeploymentState state, int started, int completed)
{
    return (Deployment){.uuid = uuid,
                        .environment = {"{e1}", NULL, ENVIRONMENT_UNKNOWN},
                        .commit_hash = HEAD,
                        .pipeline_uuid = "{p1}",
                        .url = "https://example.test/d",
                        .state = state,
                        .started = MINUTE(started),
                        .completed = completed > 0 ? MINUTE(completed) : TIME_ABSENT,
                        .updated = MINUTE(MAX(started, completed))};
}

static gboolean describe_deployment(const StoreDeployment *row, gpointer user_data, GError **error)
{
    GString *seen = user_data;
    g_string_append_printf(
        seen, "%s %s/%d %d %d-%d; ", row->uuid, row->environment != NULL ? row->environment : "?",
        row->kind, row->state, (int) ((row->started - T0) / TIME_MINUTE),
        row->completed == TIME_ABSENT ? -1 : (int) ((row->completed - T0) / TIME_MINUTE));
    assert_string_equal(row->commit_hash, HEAD);
    return TRUE;
}

static void assert_deployments(Fixture *f, gint64 repository_id, const char *expected)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_ok(store_visit_deployments(f->store, f->workspace_id, repository_id, describe_deployment,
                                      seen, &error));
    assert_string_equal(seen->str, expected);
}

static void deployments_join_their_environment_and_come_in_order(void **state)
{
    Fixture *f = *state;
    const Deployment told[] = {deployment("{d3}", DEPLOYMENT_IN_PROGRESS, 7, 0),
                               deployment("{d2}", DEPLOYMENT_FAILED, 1, 8),
                               deployment("{d1}", DEPLOYMENT_SUCCESSFUL, 2, 5)};
    StoreChanges changes = {0};
    UtcTime oldest = 0;
    WRITE(f,
          store_put_deployments(tx, f->workspace_id, f->repository_id, told, 3, &changes, &error));
    assert_deployments(f, 0, "{d1} ?/0 2 2-5; {d3} ?/0 1 7--1; {d2} ?/0 3 1-8; ");
    assert_ok(store_get_unfinished_deployment(f->store, f->workspace_id, f->repository_id, &oldest,
                                              &error));
    assert_true(oldest == MINUTE(7));

    const Environment production = {"{e1}", "Production", ENVIRONMENT_PRODUCTION};
    const Deployment ended = deployment("{d3}", DEPLOYMENT_SUCCESSFUL, 7, 9);
    gint64 before = 0, after = 0;
    assert_ok(store_change_counter(f->store, &before, &error));
    WRITE(f, store_put_environments(tx, f->workspace_id, f->repository_id, &production, 1, &changes,
                                    &error));
    WRITE(f, store_put_deployments(tx, f->workspace_id, f->repository_id, &ended, 1, &changes,
                                   &error));
    assert_ok(store_change_counter(f->store, &after, &error));
    assert_int_equal(after, before + 2);
    changes = (StoreChanges){0};
    WRITE(f, /* told before, and told with less: nothing is lost */
          store_put_deployments(tx, f->workspace_id, f->repository_id, told, 3, &changes, &error));
    assert_true(changes.inserted == 0 && changes.changed == 0);
    assert_ok(store_change_counter(f->store, &before, &error));
    assert_int_equal(before, after);
    assert_deployments(f, f->repository_id,
                       "{d1} Production/3 2 2-5; {d2} Production/3 3 1-8; "
                       "{d3} Production/3 2 7-9; ");
    assert_deployments(f, f->repository_id + 1, "");
    assert_ok(store_get_unfinished_deployment(f->store, f->workspace_id, f->repository_id, &oldest,
                                              &error));
    assert_true(oldest == TIME_ABSENT);
}

static gboolean describe_pipeline(const StorePipeline *row, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%d %s %s %d; ", (int) row->build_number, row->uuid,
                           row->ref_name, row->state);
    return TRUE;
}

static Pipeline pipeline(gint64 number, const char *uuid, const char *ref, BuildState state)
{
    return (Pipeline){.uuid = uuid,
                      .build_number = number,
                      .commit_hash = HEAD,
                      .ref_name = ref,
                      .pull_request = COUNT_ABSENT,
                      .state = state,
                      .created = MINUTE((int) number),
                      .completed =
                          state == BUILD_IN_PROGRESS ? TIME_ABSENT : MINUTE((int) number + 1)};
}

static void a_visit_shows_the_pipelines_of_the_main_branch(void **state)
{
    Fixture *f = *state;
    Pipeline told[] = {pipeline(12, "{b}", "main", BUILD_IN_PROGRESS),
                       pipeline(3, "{a}", "main", BUILD_FAILED),
                       pipeline(4, "{c}", "feature", BUILD_SUCCESSFUL),
                       pipeline(5, "{d}", "main", BUILD_SUCCESSFUL)};
    told[3].pull_request = 1;
    Repository repository = {.uuid = "{r}",
                             .slug = "shop",
                             .full_name = "acme/shop",
                             .name = "Shop",
                             .main_branch = "main",
                             .size_bytes = COUNT_ABSENT,
                             .created = MINUTE(0),
                             .updated = MINUTE(2)};
    StoreChanges changes = {0};
    UtcTime oldest = 0;
    WRITE(f, store_put_repositories(tx, f->workspace_id, f->connection_id, &repository, 1, &changes,
                                    &error));
    WRITE(f, store_put_pipelines(tx, f->workspace_id, f->repository_id, told, 4, &changes, &error));
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_ok(store_visit_pipelines(f->store, f->workspace_id, f->repository_id, describe_pipeline,
                                    seen, &error));
    assert_ok(store_visit_pipelines(f->store, f->workspace_id, 0, describe_pipeline, seen, &error));
    assert_string_equal(seen->str, "3 {a} main 3; 12 {b} main 1; 3 {a} main 3; 12 {b} main 1; ");
    assert_ok(store_get_unfinished_pipeline(f->store, f->workspace_id, f->repository_id, &oldest,
                                            &error));
    assert_true(oldest == MINUTE(12));
}

/* ---- notes */

static void a_note_is_no_fault(void **state)
{
    Fixture *f = *state;
    WRITE(f, store_put_note(tx, f->workspace_id, f->repository_id, "details", "scope_missing",
                            "Not read.", MINUTE(1), &error));
    WRITE(f, store_put_problem(tx, f->workspace_id, f->repository_id, "git", "git", "Broken.",
                               MINUTE(1), &error));
    g_autoptr(GPtrArray) list = NULL;
    assert_ok((list = store_list_problems(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(list->len, 2);
    assert_true(((StoreProblem *) list->pdata[0])->is_note);
    assert_false(((StoreProblem *) list->pdata[1])->is_note);
    WRITE(f, store_put_problem(tx, f->workspace_id, f->repository_id, "details", "scope_missing",
                               "Not read.", MINUTE(2), &error));
    g_clear_pointer(&list, g_ptr_array_unref);
    assert_ok((list = store_list_problems(f->store, f->workspace_id, &error)) != NULL);
    assert_false(((StoreProblem *) list->pdata[0])->is_note);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(builds_replace_those_before_and_belong_to_one_commit),
        TEST(no_builds_and_no_tasks_are_knowledge_too),
        TEST(tasks_name_who_made_and_who_resolved_them),
        TEST(facts_are_out_of_date_when_and_only_when_details_changed),
        TEST(details_of_a_pull_request_that_is_not_here_are_an_error),
        TEST(candidates_are_open_recent_or_have_tasks),
        TEST(a_thread_that_was_reopened_is_resolved_no_longer),
        TEST(deployments_join_their_environment_and_come_in_order),
        TEST(a_visit_shows_the_pipelines_of_the_main_branch),
        TEST(a_note_is_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
