/*
 * What an administrator decides in the set-up: which branch is the main one, how far back a
 * connection reads, and that it is not read before all is decided.
 */
#include "fixture.h"

#include "store/facts.h"
#include "store/people.h"
#include "store/policies.h"
#include "store/release.h"

static void put_repository(Fixture *f, const char *main_branch)
{
    Repository record = {.uuid = "{r}",
                         .slug = "shop",
                         .full_name = "acme/shop",
                         .name = "Shop",
                         .main_branch = main_branch,
                         .size_bytes = 4096,
                         .created = MINUTE(0),
                         .updated = MINUTE(1)};
    StoreChanges changes = {0};
    WRITE(f, store_put_repositories(tx, f->workspace_id, f->connection_id, &record, 1, &changes,
                                    &error));
}

static void choose(Fixture *f, const char *branch)
{
    WRITE(f, store_set_main_branch(tx, f->workspace_id, f->repository_id, branch, &error));
}

static void assert_branches(Fixture *f, const char *here, const char *told, const char *chosen)
{
    g_autoptr(GPtrArray) rows = NULL;
    assert_ok((rows = store_list_repositories(f->store, f->workspace_id, FALSE, &error)) != NULL);
    assert_int_equal(rows->len, 1);
    const StoreRepository *row = rows->pdata[0];
    assert_true(g_strcmp0(row->main_branch, here) == 0);
    assert_true(g_strcmp0(row->told_main_branch, told) == 0);
    assert_true(g_strcmp0(row->chosen_main_branch, chosen) == 0);
}

static void what_was_chosen_stays_whatever_bitbucket_tells_later(void **state)
{
    Fixture *f = *state;
    put_repository(f, "master");
    assert_branches(f, "master", "master", NULL);
    choose(f, "develop");
    assert_branches(f, "develop", "master", "develop");
    put_repository(f, "main");
    assert_branches(f, "develop", "main", "develop");
    put_repository(f, NULL);
    assert_branches(f, "develop", NULL, "develop");
    put_repository(f, "main");
    choose(f, NULL);
    assert_branches(f, "main", "main", NULL);
}

/* ---- what depends on it is computed anew */

static gboolean put_done(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    const FactPr fact = {.repository_id = row->repository_id,
                         .number = row->number,
                         .definition = 1,
                         .state = row->state,
                         .author_id = row->author_id,
                         .opened = row->created,
                         .last_activity = row->updated};
    g_autoptr(StoreTx) tx = store_begin(f->store, error);
    return tx != NULL &&
           store_put_facts(tx, f->workspace_id, &fact, NULL, 0, row->generation, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static void settle(Fixture *f)
{
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 1000, put_done, f, &error));
    g_autoptr(GArray) tasks = NULL;
    assert_ok((tasks = store_list_delivery_todo(f->store, f->workspace_id, &error)) != NULL);
    for (guint i = 0; i < tasks->len; i++)
        WRITE(f,
              store_put_delivery(tx, f->workspace_id, &g_array_index(tasks, StoreDeliveryTask, i),
                                 NULL, 0, NULL, 0, &error));
}

static void assert_owed(Fixture *f, gint64 facts, guint deliveries)
{
    gint64 count = -1;
    g_autoptr(GArray) tasks = NULL;
    assert_ok(store_count_fact_todo(f->store, f->workspace_id, &count, &error));
    assert_ok((tasks = store_list_delivery_todo(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(count, facts);
    assert_int_equal(tasks->len, deliveries);
}

static void another_main_branch_has_facts_and_deliveries_computed_anew(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    const PullRequest records[] = {fixture_pull_request(1, 5), fixture_pull_request(2, 6)};
    put_repository(f, "main");
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, records, 2, &changes,
                                     &error));
    settle(f);
    assert_owed(f, 0, 0);
    choose(f, "main"); /* as Bitbucket tells it: nothing is other than before */
    assert_owed(f, 0, 0);
    choose(f, "develop");
    assert_owed(f, 2, 1);
    settle(f);
    put_repository(f, "trunk"); /* hidden by what was chosen */
    assert_owed(f, 0, 1);
    settle(f);
    choose(f, NULL);
    assert_owed(f, 2, 1);
    settle(f);
    put_repository(f, "main");
    assert_owed(f, 2, 1);
}

static void policies_of_the_main_branch_follow_it(void **state)
{
    Fixture *f = *state;
    put_repository(f, "main");
    choose(f, "develop");
    g_autoptr(StorePolicyBook) book = NULL;
    assert_ok((book = store_load_policies(f->store, f->workspace_id, &error)) != NULL);
    assert_true(store_policy_protects(book, f->repository_id, "develop", MINUTE(1)));
    assert_false(store_policy_protects(book, f->repository_id, "main", MINUTE(1)));
}

/* ---- the connection */

static StoreConnection connection(Fixture *f)
{
    return (StoreConnection){.workspace_id = f->workspace_id,
                             .connection_id = f->connection_id,
                             .name = (char *) "main",
                             .kind = (char *) "workspace-token",
                             .api_base = (char *) "https://api.bitbucket.org/2.0",
                             .git_base = (char *) "https://bitbucket.org",
                             .expires = TIME_ABSENT,
                             .checked = TIME_ABSENT,
                             .server_time = TIME_ABSENT,
                             .created = MINUTE(0),
                             .history_days = COUNT_ABSENT};
}

static void assert_set_up(Fixture *f, gint64 history_days, const char *step)
{
    g_autoptr(GPtrArray) rows = NULL;
    assert_ok((rows = store_list_connections(f->store, &error)) != NULL);
    assert_int_equal(rows->len, 1);
    const StoreConnection *row = rows->pdata[0];
    assert_int_equal(row->history_days, history_days);
    assert_true(g_strcmp0(row->setup_step, step) == 0);
}

static void a_connection_that_is_put_again_keeps_what_was_decided(void **state)
{
    Fixture *f = *state;
    StoreConnection row = connection(f);
    row.setup_step = (char *) "repositories";
    WRITE(f, store_put_connection(tx, &row, "secret", &error));
    assert_set_up(f, COUNT_ABSENT, "repositories");
    WRITE(f, store_set_history(tx, f->workspace_id, f->connection_id, 365, &error));
    WRITE(f, store_set_setup_step(tx, f->workspace_id, f->connection_id, "horizon", &error));
    row = connection(f); /* as a reading that ends puts it */
    WRITE(f, store_put_connection(tx, &row, NULL, &error));
    assert_set_up(f, 365, "horizon");
    WRITE(f, store_set_history(tx, f->workspace_id, f->connection_id, 0, &error));
    WRITE(f, store_set_setup_step(tx, f->workspace_id, f->connection_id, NULL, &error));
    assert_set_up(f, 0, NULL);
}

static void a_connection_adopts_only_what_no_other_reads(void **state)
{
    Fixture *f = *state;
    gint64 other = model_id(ID_CONNECTION, f->workspace_id, "other");
    const Repository records[] = {
        {.uuid = "{r}", .size_bytes = COUNT_ABSENT, .created = TIME_ABSENT, .updated = TIME_ABSENT},
        {.uuid = "{s}",
         .slug = "site",
         .full_name = "acme/site",
         .size_bytes = COUNT_ABSENT,
         .created = TIME_ABSENT,
         .updated = TIME_ABSENT}};
    StoreChanges changes = {0};
    WRITE(f, store_put_repositories(tx, f->workspace_id, 0, &records[1], 1, &changes, &error) &&
                 store_adopt_repositories(tx, f->workspace_id, other, records, 2, &error));
    g_autoptr(GPtrArray) rows = NULL;
    assert_ok((rows = store_list_repositories(f->store, f->workspace_id, FALSE, &error)) != NULL);
    assert_int_equal(rows->len, 2);
    assert_int_equal(((StoreRepository *) rows->pdata[0])->connection_id, f->connection_id);
    assert_int_equal(((StoreRepository *) rows->pdata[1])->connection_id, other);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_chosen_stays_whatever_bitbucket_tells_later),
        TEST(another_main_branch_has_facts_and_deliveries_computed_anew),
        TEST(policies_of_the_main_branch_follow_it),
        TEST(a_connection_that_is_put_again_keeps_what_was_decided),
        TEST(a_connection_adopts_only_what_no_other_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
