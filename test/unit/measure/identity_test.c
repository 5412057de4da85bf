/* Who is merged by rules, who is asked about, and who never is. */
#include "../store/fixture.h"

#include "measure/measure.h"

typedef struct {
    Fixture *f;
    gint64 number; /* of the last pull request */
    guint commits; /* so far */
} World;

static World world_of(void **state)
{
    return (World){.f = *state};
}

static gint64 account(const World *world, const char *uuid)
{
    return model_id(ID_PERSON, world->f->workspace_id, uuid);
}

static gint64 address(const World *world, const char *email)
{
    g_autofree char *key = g_strdup_printf("email:%s", email);
    return account(world, key);
}

/* A pull request by @uuid, called @name, with a commit by "@committer <@email>". @told: the account
 * that Bitbucket names for the commit; NULL: it came from git. */
static void pull_by(World *world, const char *uuid, const char *name, const char *committer,
                    const char *email, const char *told)
{
    Fixture *f = world->f;
    g_autofree char *hash = g_strdup_printf("%040x", ++world->commits + 0xc0000);
    const char *const hashes[] = {hash};
    PullRequest pr = fixture_pull_request(++world->number, 10);
    pr.author = (Person){.uuid = uuid, .display_name = name, .kind = PERSON_USER};
    Commit commit = fixture_commit(hash, 1, email);
    commit.author_name = committer;
    commit.from_api = told != NULL;
    commit.author_account = (Person){.uuid = told, .kind = PERSON_USER};
    StoreChanges changes = {0};
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    WRITE(f,
          store_put_commits(tx, f->workspace_id, f->repository_id, &commit, 1, &changes, &error));
    WRITE(f, store_put_pr_commits(tx, f->workspace_id, f->repository_id, pr.number, "git", hashes,
                                  1, &changes, &error));
}

static void pulls_by(World *world, guint n, const char *uuid, const char *name,
                     const char *committer, const char *email)
{
    for (guint i = 0; i < n; i++)
        pull_by(world, uuid, name, committer, email, NULL);
}

static gint64 canonical(const World *world, gint64 person_id)
{
    g_autoptr(PersonMap) map = NULL;
    assert_ok((map = person_map_load(world->f->store, world->f->workspace_id, &error)) != NULL);
    return person_map_canonical(map, person_id);
}

static void refresh(const World *world)
{
    assert_ok(measure_refresh(world->f->store, world->f->workspace_id, NULL, &error));
}

#define assert_merged(world, email, uuid)                                                          \
    assert_true(canonical(&(world), address(&(world), email)) == account(&(world), uuid))
#define assert_alone(world, email)                                                                 \
    assert_true(canonical(&(world), address(&(world), email)) == address(&(world), email))

static void three_pull_requests_of_ones_own_and_a_name_alike_are_enough(void **state)
{
    World world = world_of(state);
    pulls_by(&world, 3, "{ana}", "Ana Roy", "A. Roy", "roy@home.test");
    pulls_by(&world, 2, "{ben}", "Ben Fox", "B. Fox", "fox@home.test");        /* one too few */
    pulls_by(&world, 3, "{cyd}", "Cyd Lee", "Pair Station", "pair@acme.test"); /* another name */
    refresh(&world);
    assert_merged(world, "roy@home.test", "{ana}");
    assert_alone(world, "fox@home.test");
    assert_alone(world, "pair@acme.test");
}

static void one_in_ten_elsewhere_is_the_most(void **state)
{
    World world = world_of(state);
    pulls_by(&world, 9, "{ana}", "Ana Roy", "A. Roy", "roy@home.test");
    pulls_by(&world, 1, "{ben}", "Ben Fox", "A. Roy", "roy@home.test"); /* 9 of 10 */
    pulls_by(&world, 8, "{cyd}", "Cyd Lee", "C. Lee", "lee@home.test");
    pulls_by(&world, 1, "{ben}", "Ben Fox", "C. Lee", "lee@home.test"); /* 8 of 9 */
    refresh(&world);
    assert_merged(world, "roy@home.test", "{ana}");
    assert_alone(world, "lee@home.test");
}

static void the_only_account_of_a_name_needs_one_pull_request(void **state)
{
    World world = world_of(state);
    pull_by(&world, "{ana}", "Ana Roy", "Roy, Ana", "ana@home.test", NULL);
    pull_by(&world, "{kim1}", "Kim Lee", "Kim Lee", "kim1@acme.test", NULL);
    pull_by(&world, "{kim2}", "Kim Lee", "Kim Lee", "kim2@acme.test", NULL);
    refresh(&world);
    assert_merged(world, "ana@home.test", "{ana}");
    assert_alone(world, "kim1@acme.test");
    assert_alone(world, "kim2@acme.test");
    /* Three pull requests tell two people of one name apart. */
    pulls_by(&world, 2, "{kim2}", "Kim Lee", "Kim Lee", "kim2@acme.test");
    refresh(&world);
    assert_merged(world, "kim2@acme.test", "{kim2}");
    assert_alone(world, "kim1@acme.test");
}

static void a_second_account_of_the_name_takes_the_merge_back(void **state)
{
    World world = world_of(state);
    pull_by(&world, "{ana}", "Ana Roy", "Ana Roy", "ana@home.test", NULL);
    refresh(&world);
    assert_merged(world, "ana@home.test", "{ana}");
    pull_by(&world, "{ana2}", "Ana Roy", "Zed Zed", "zed@acme.test", NULL);
    refresh(&world);
    assert_alone(world, "ana@home.test");
}

static void later_pull_requests_can_speak_against_it(void **state)
{
    World world = world_of(state);
    pulls_by(&world, 3, "{ana}", "Ana Roy", "A. Roy", "roy@home.test");
    refresh(&world);
    assert_merged(world, "roy@home.test", "{ana}");
    pulls_by(&world, 2, "{ben}", "Ben Fox", "A. Roy", "roy@home.test");
    refresh(&world);
    assert_alone(world, "roy@home.test");
}

static void bitbuckets_word_is_enough_unless_it_names_two(void **state)
{
    World world = world_of(state);
    pull_by(&world, "{ana}", "Ana Roy", "builder", "root@laptop.local", "{ana}");
    pull_by(&world, "{ben}", "Ben Fox", "shared", "team@acme.test", "{ben}");
    pull_by(&world, "{ana}", "Ana Roy", "shared", "team@acme.test", "{ana}");
    refresh(&world);
    assert_merged(world, "root@laptop.local", "{ana}");
    assert_alone(world, "team@acme.test");
}

static void a_tagged_address_is_the_same_mailbox_under_the_same_name(void **state)
{
    World world = world_of(state);
    pulls_by(&world, 3, "{ana}", "Ana Roy", "Ana Roy", "ana@acme.test");
    pull_by(&world, "{ben}", "Ben Fox", "Ana Roy", "ana+work@acme.test", NULL);
    pull_by(&world, "{ben}", "Ben Fox", "Cyd Lee", "ana+cyd@acme.test", NULL);
    refresh(&world);
    assert_merged(world, "ana+work@acme.test", "{ana}");
    assert_alone(world, "ana+cyd@acme.test");
}

static void what_was_told_apart_stays_apart(void **state)
{
    World world = world_of(state);
    Fixture *f = world.f;
    pulls_by(&world, 3, "{ana}", "Ana Roy", "Ana Roy", "ana@home.test");
    refresh(&world);
    assert_merged(world, "ana@home.test", "{ana}");
    WRITE(f, store_put_distinct(tx, f->workspace_id, address(&world, "ana@home.test"),
                                account(&world, "{ana}"), MINUTE(1), &error) &&
                 store_delete_alias(tx, f->workspace_id, address(&world, "ana@home.test"), &error));
    pulls_by(&world, 3, "{ana}", "Ana Roy", "Ana Roy", "ana@home.test");
    refresh(&world);
    assert_alone(world, "ana@home.test");
}

/* ---- doubts */

static void what_is_likely_is_asked_once_with_what_speaks_for_it(void **state)
{
    World world = world_of(state);
    pulls_by(&world, 2, "{ana}", "Ana Roy", "A. Roy", "roy@home.test");
    pulls_by(&world, 1, "{kim1}", "Kim Lee", "Kim Lee", "kim@home.test");
    pulls_by(&world, 1, "{kim2}", "Kim Lee", "Zed Zed", "zed@acme.test");
    pulls_by(&world, 1, "{bot}", "build-bot", "Build Bot", "bot@acme.test"); /* never asked about */
    refresh(&world);
    g_autoptr(GPtrArray) doubts = NULL;
    assert_ok((doubts = identity_list_doubts(world.f->store, world.f->workspace_id, &error)) !=
              NULL);
    assert_int_equal(doubts->len, 3);
    const IdentityDoubt *first = doubts->pdata[0], *second = doubts->pdata[1],
                        *third = doubts->pdata[2];
    assert_true(first->person_id == address(&world, "kim@home.test"));
    assert_true(first->other_id == account(&world, "{kim1}"));
    assert_non_null(strstr(first->reason, "1 of 1 pull requests"));
    assert_float_equal(first->score, 0.95, 1e-9);
    assert_true(second->person_id == address(&world, "roy@home.test"));
    assert_float_equal(second->score, 0.7, 1e-9);
    assert_non_null(strstr(third->reason, "Two accounts"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_pull_requests_of_ones_own_and_a_name_alike_are_enough),
        TEST(one_in_ten_elsewhere_is_the_most),
        TEST(the_only_account_of_a_name_needs_one_pull_request),
        TEST(a_second_account_of_the_name_takes_the_merge_back),
        TEST(later_pull_requests_can_speak_against_it),
        TEST(bitbuckets_word_is_enough_unless_it_names_two),
        TEST(a_tagged_address_is_the_same_mailbox_under_the_same_name),
        TEST(what_was_told_apart_stays_apart),
        TEST(what_is_likely_is_asked_once_with_what_speaks_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
