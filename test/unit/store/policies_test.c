/* Which policy is in force where and when; which repositories rules select; proposals. */
#include "fixture.h"

#define PROJECT_UUID "{pay}"

/* Two repositories of one project and one of none: billing and ledger, and tools. */
typedef struct {
    Fixture base;
    gint64 billing, ledger, tools, project;
} World;

static Repository repository(const char *name, const char *uuid, const char *main_branch,
                             const char *project)
{
    g_autofree char *full_name = g_strconcat("acme/", name, NULL);
    return (Repository){.uuid = uuid,
                        .workspace = {"{acme}", "acme", "Acme"},
                        .project = {project, project != NULL ? "PAY" : NULL, "Payments"},
                        .slug = name,
                        .full_name = g_intern_string(full_name),
                        .name = name,
                        .main_branch = main_branch,
                        .size_bytes = COUNT_ABSENT,
                        .created = MINUTE(0),
                        .updated = MINUTE(0)};
}

static void put_repository(World *w, const Repository *record, gint64 *ret_id)
{
    StoreChanges changes = {0};
    WRITE(&w->base, store_put_repositories(tx, w->base.workspace_id, w->base.connection_id, record,
                                           1, &changes, &error));
    *ret_id = model_id(ID_REPOSITORY, w->base.workspace_id, record->uuid);
}

static int setup(void **state)
{
    World *w = g_new0(World, 1);
    fixture_init(&w->base);
    const Repository billing = repository("billing", "{billing}", "main", PROJECT_UUID);
    const Repository ledger = repository("ledger", "{ledger}", "trunk", PROJECT_UUID);
    const Repository tools = repository("tools", "{tools}", "main", NULL);
    put_repository(w, &billing, &w->billing);
    put_repository(w, &ledger, &w->ledger);
    put_repository(w, &tools, &w->tools);
    w->project = model_id(ID_PROJECT, w->base.workspace_id, PROJECT_UUID);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    World *w = *state;
    fixture_clear(&w->base);
    g_free(w);
    return 0;
}

/* ---- policies */

static StorePolicy policy(PolicyScope scope, gint64 scope_id, const char *branch, int from,
                          gint64 least)
{
    return (StorePolicy){.scope = scope,
                         .scope_id = scope_id,
                         .branch = (char *) branch,
                         .from = MINUTE(from),
                         .ended = TIME_ABSENT,
                         .least_approvals = least,
                         .created = MINUTE(from)};
}

static gint64 put(World *w, StorePolicy wanted, gint64 expected_version)
{
    gint64 id = 0, version = 0;
    WRITE(&w->base, store_put_policy(tx, w->base.workspace_id, &wanted, &id, &version, &error));
    assert_int_equal(version, expected_version);
    return id;
}

static StorePolicyBook *book_of(World *w)
{
    StorePolicyBook *book = NULL;
    assert_ok((book = store_load_policies(w->base.store, w->base.workspace_id, &error)) != NULL);
    return book;
}

/* least_approvals tells the policies of a test apart; -1: none in force. */
static gint64 in_force(World *w, gint64 repository_id, const char *branch, int at)
{
    g_autoptr(StorePolicyBook) book = book_of(w);
    const StorePolicy *found = store_policy_in_force(book, repository_id, branch, MINUTE(at));
    return found != NULL ? found->least_approvals : -1;
}

static void a_version_is_in_force_from_its_beginning_until_the_next(void **state)
{
    World *w = *state;
    gint64 id = put(w, policy(POLICY_WORKSPACE, 0, "", 10, 1), 1);
    assert_int_equal(put(w, policy(POLICY_WORKSPACE, 0, "", 20, 2), 2), id);
    assert_int_equal(in_force(w, w->billing, "main", 9), -1);
    assert_int_equal(in_force(w, w->billing, "main", 10), 1);
    assert_int_equal(in_force(w, w->billing, "main", 19), 1);
    assert_int_equal(in_force(w, w->billing, "main", 20), 2);
    WRITE(&w->base, store_end_policy(tx, w->base.workspace_id, id, MINUTE(30), &error));
    assert_int_equal(in_force(w, w->billing, "main", 29), 2);
    assert_int_equal(in_force(w, w->billing, "main", 30), -1);
    /* It may be taken up again, but not earlier than it ended. */
    put(w, policy(POLICY_WORKSPACE, 0, "", 40, 3), 3);
    assert_int_equal(in_force(w, w->billing, "main", 35), -1);
    assert_int_equal(in_force(w, w->billing, "main", 40), 3);
}

static void what_was_in_force_cannot_be_altered(void **state)
{
    World *w = *state;
    gint64 version;
    gint64 id = put(w, policy(POLICY_WORKSPACE, 0, "", 10, 1), 1);
    const StorePolicy same = policy(POLICY_WORKSPACE, 0, "", 10, 2);
    StoreTx *tx = NULL;
    assert_ok((tx = store_begin(w->base.store, &error)) != NULL);
    assert_fails(store_put_policy(tx, w->base.workspace_id, &same, &id, &version, &error), INVALID);
    assert_ok(store_end_policy(tx, w->base.workspace_id, id, MINUTE(30), &error));
    assert_fails(store_end_policy(tx, w->base.workspace_id, id, MINUTE(31), &error), NOT_FOUND);
    const StorePolicy early = policy(POLICY_WORKSPACE, 0, "", 29, 2);
    assert_fails(store_put_policy(tx, w->base.workspace_id, &early, &id, &version, &error),
                 INVALID);
    store_rollback(tx);
}

static void the_most_specific_policy_wins(void **state)
{
    World *w = *state;
    put(w, policy(POLICY_WORKSPACE, 0, "*", 0, 1), 1);
    assert_int_equal(in_force(w, w->ledger, "feature/x", 5), 1);
    put(w, policy(POLICY_WORKSPACE, 0, "release/*", 0, 2), 1);
    put(w, policy(POLICY_WORKSPACE, 0, "", 0, 3), 1);
    assert_int_equal(in_force(w, w->ledger, "release/1", 5), 2); /* more literal characters */
    assert_int_equal(in_force(w, w->ledger, "trunk", 5), 3);     /* its main branch */
    assert_int_equal(in_force(w, w->ledger, "main", 5), 1);      /* which is not main here */
    put(w, policy(POLICY_WORKSPACE, 0, "trunk", 0, 4), 1);
    assert_int_equal(in_force(w, w->ledger, "trunk", 5), 4); /* a name beats the main branch */
    put(w, policy(POLICY_PROJECT, w->project, "*", 0, 5), 1);
    assert_int_equal(in_force(w, w->ledger, "trunk", 5), 5); /* project before workspace */
    assert_int_equal(in_force(w, w->tools, "main", 5), 3);   /* of no project */
    put(w, policy(POLICY_REPOSITORY, w->ledger, "*", 0, 6), 1);
    assert_int_equal(in_force(w, w->ledger, "trunk", 5), 6);
    assert_int_equal(in_force(w, w->billing, "main", 5), 5);
}

static void main_branches_and_those_with_a_policy_are_protected(void **state)
{
    World *w = *state;
    put(w, policy(POLICY_REPOSITORY, w->billing, "release/*", 10, 0), 1);
    g_autoptr(StorePolicyBook) book = book_of(w);
    assert_true(store_policy_protects(book, w->tools, "main", MINUTE(0)));
    assert_false(store_policy_protects(book, w->ledger, "main", MINUTE(0)));
    assert_true(store_policy_protects(book, w->billing, "release/7", MINUTE(10)));
    assert_false(store_policy_protects(book, w->billing, "release/7", MINUTE(9)));
    assert_false(store_policy_protects(book, w->billing, NULL, MINUTE(10)));
}

static void assert_patterns(const StorePolicyBook *book, gint64 repository_id, const char *expected)
{
    g_autofree char *patterns = store_policy_patterns(book, repository_id);
    assert_string_equal(patterns, expected);
}

static void policies_name_branches_where_they_apply(void **state)
{
    World *w = *state;
    put(w, policy(POLICY_WORKSPACE, 0, "", 0, 1), 1);
    put(w, policy(POLICY_WORKSPACE, 0, "*", 0, 1), 1);
    put(w, policy(POLICY_PROJECT, w->project, "release/*", 0, 1), 1);
    put(w, policy(POLICY_PROJECT, w->project, "release/*", 10, 2), 2);
    put(w, policy(POLICY_REPOSITORY, w->ledger, "live", 0, 1), 1);
    put(w, policy(POLICY_REPOSITORY, w->ledger, "release/*", 0, 1), 1);
    g_autoptr(StorePolicyBook) book = book_of(w);
    assert_patterns(book, w->billing, "release/*\n");
    assert_patterns(book, w->ledger, "release/*\nlive\n");
    assert_patterns(book, w->tools, "");
    assert_true(store_policy_names(book, w->billing, "release/1"));
    assert_false(store_policy_names(book, w->billing, "live"));
    assert_true(store_policy_names(book, w->ledger, "live"));
    assert_false(store_policy_names(book, w->ledger, "trunk"));
    assert_false(store_policy_names(book, w->tools, "release/1"));
}

static void every_part_of_a_policy_comes_back(void **state)
{
    World *w = *state;
    StorePolicy wanted = policy(POLICY_PROJECT, w->project, "release/*", 10, 2);
    wanted.author_counts = wanted.void_on_push = wanted.builds_must_pass = TRUE;
    wanted.created = MINUTE(11);
    wanted.created_by = (char *) "Ana";
    wanted.required[wanted.n_required++] = (StorePolicyRequired){FALSE, 7, 1};
    wanted.required[wanted.n_required++] = (StorePolicyRequired){TRUE, 7, 2};
    wanted.required_least = 1;
    put(w, policy(POLICY_WORKSPACE, 0, "*", 1, 1), 1);
    put(w, wanted, 1);
    g_autoptr(StorePolicyBook) book = book_of(w);
    const StorePolicy *found = store_policy_in_force(book, w->billing, "release/1", MINUTE(10));
    assert_non_null(found);
    assert_int_equal(found->scope, POLICY_PROJECT);
    assert_string_equal(found->branch, "release/*");
    assert_int_equal(found->least_approvals, 2);
    assert_int_equal(found->required_least, 1);
    assert_true(found->author_counts && found->void_on_push && found->builds_must_pass);
    assert_int_equal(found->created, MINUTE(11));
    assert_string_equal(found->created_by, "Ana");
    assert_int_equal(found->n_required, 2);
    assert_true(!found->required[0].is_team && found->required[0].least == 1);
    assert_true(found->required[1].is_team && found->required[1].least == 2);
}

static void policies_that_cannot_be_met_are_refused(void **state)
{
    World *w = *state;
    StorePolicy many = policy(POLICY_WORKSPACE, 0, "", 0, 101);
    StorePolicy more = policy(POLICY_WORKSPACE, 0, "", 0, 1);
    more.required_least = 1;
    StorePolicy twice = policy(POLICY_WORKSPACE, 0, "", 0, 1);
    twice.required[0] = twice.required[1] = (StorePolicyRequired){FALSE, 7, 1};
    twice.n_required = 2;
    StoreTx *tx = NULL;
    gint64 id, version;
    assert_ok((tx = store_begin(w->base.store, &error)) != NULL);
    assert_fails(store_put_policy(tx, w->base.workspace_id, &many, &id, &version, &error), INVALID);
    assert_fails(store_put_policy(tx, w->base.workspace_id, &more, &id, &version, &error), INVALID);
    assert_fails_saying(store_put_policy(tx, w->base.workspace_id, &twice, &id, &version, &error),
                        INVALID, "twice");
    store_rollback(tx);
}

static void the_fingerprint_changes_with_every_change(void **state)
{
    World *w = *state;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gint64 id = 0;
    for (int step = 0; step < 4; step++) {
        if (step == 1)
            id = put(w, policy(POLICY_WORKSPACE, 0, "", 10, 1), 1);
        if (step == 2)
            put(w, policy(POLICY_WORKSPACE, 0, "", 20, 1), 2);
        if (step == 3)
            WRITE(&w->base, store_end_policy(tx, w->base.workspace_id, id, MINUTE(30), &error));
        g_autoptr(StorePolicyBook) book = book_of(w);
        assert_true(g_hash_table_add(seen, store_policy_book_fingerprint(book)));
    }
    assert_true(g_hash_table_contains(seen, "")); /* without policies */
}

/* ---- selection */

static void add_rule(World *w, SelectionKind kind, gint64 subject_id, const char *text,
                     gboolean is_included)
{
    const StoreSelectionRule rule = {.kind = kind,
                                     .subject_id = subject_id,
                                     .text = (char *) text,
                                     .is_included = is_included,
                                     .created = MINUTE(1)};
    WRITE(&w->base, store_add_selection_rule(tx, w->base.workspace_id, &rule, FALSE, &error) &&
                        store_apply_selection(tx, w->base.workspace_id, NULL, NULL, &error));
}

/* "billing tools": the slugs of those that are read, in order. */
static char *selected(World *w)
{
    g_autoptr(GPtrArray) rows = NULL;
    assert_ok((rows = store_list_repositories(w->base.store, w->base.workspace_id, TRUE, &error)) !=
              NULL);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               ((StoreRepository *) rows->pdata[i])->slug);
    return g_string_free(text, FALSE);
}

#define assert_selected(w, expected)                                                               \
    do {                                                                                           \
        g_autofree char *text = selected(w);                                                       \
        assert_string_equal(text, expected);                                                       \
    } while (0)

static void a_new_repository_of_a_selected_project_joins_by_itself(void **state)
{
    World *w = *state;
    add_rule(w, SELECT_PROJECT, w->project, "PAY", TRUE);
    assert_selected(w, "billing ledger");
    const Repository invoices = repository("invoices", "{invoices}", "main", PROJECT_UUID);
    const Repository wiki = repository("wiki", "{wiki}", "main", NULL);
    gint64 id;
    put_repository(w, &invoices, &id);
    put_repository(w, &wiki, &id);
    gint64 joined = 0, left = 0;
    WRITE(&w->base, store_apply_selection(tx, w->base.workspace_id, &joined, &left, &error));
    assert_int_equal(joined, 1);
    assert_int_equal(left, 0);
    assert_selected(w, "billing invoices ledger");
}

static void an_excluded_repository_stays_out(void **state)
{
    World *w = *state;
    add_rule(w, SELECT_PATTERN, 0, "*", TRUE);
    add_rule(w, SELECT_REPOSITORY, w->ledger, "acme/ledger", FALSE);
    WRITE(&w->base, store_apply_selection(tx, w->base.workspace_id, NULL, NULL, &error));
    g_autofree char *text = selected(w);
    assert_null(strstr(text, "ledger"));
    assert_non_null(strstr(text, "billing"));
    add_rule(w, SELECT_REPOSITORY, w->ledger, "acme/ledger", TRUE); /* the last word counts */
    g_autoptr(GPtrArray) rules = NULL;
    assert_ok((rules = store_list_selection_rules(w->base.store, w->base.workspace_id, &error)) !=
              NULL);
    assert_int_equal(rules->len, 2); /* the exclusion is gone */
    g_autofree char *after = selected(w);
    assert_non_null(strstr(after, "ledger"));
}

static void without_rules_the_selection_stays(void **state)
{
    World *w = *state;
    WRITE(&w->base, store_select_repository(tx, w->base.workspace_id, w->tools, TRUE, &error) &&
                        store_apply_selection(tx, w->base.workspace_id, NULL, NULL, &error));
    assert_selected(w, "tools");
}

/* ---- proposals */

static void a_proposal_is_decided_once(void **state)
{
    World *w = *state;
    const StoreProposal wanted = {.kind = (char *) "policy",
                                  .summary = (char *) "two approvals",
                                  .body = (char *) "{}",
                                  .proposed_by = (char *) "Ed",
                                  .proposed = MINUTE(3)};
    gint64 id = 0;
    WRITE(&w->base, store_add_proposal(tx, w->base.workspace_id, &wanted, &id, &error));
    StoreTx *tx = NULL;
    assert_ok((tx = store_begin(w->base.store, &error)) != NULL);
    assert_fails(store_decide_proposal(tx, w->base.workspace_id, id + 1, PROPOSAL_REFUSED, "Ana",
                                       MINUTE(4), NULL, &error),
                 NOT_FOUND);
    assert_ok(store_decide_proposal(tx, w->base.workspace_id, id, PROPOSAL_REFUSED, "Ana",
                                    MINUTE(4), "not now", &error));
    assert_fails_saying(store_decide_proposal(tx, w->base.workspace_id, id, PROPOSAL_APPROVED,
                                              "Bob", MINUTE(5), NULL, &error),
                        INVALID, "refused already");
    assert_ok(store_commit(tx, &error));
    g_autoptr(GPtrArray) list = NULL;
    assert_ok((list = store_list_proposals(w->base.store, w->base.workspace_id, &error)) != NULL);
    assert_int_equal(list->len, 1);
    const StoreProposal *found = list->pdata[0];
    assert_int_equal(found->state, PROPOSAL_REFUSED);
    assert_string_equal(found->proposed_by, "Ed");
    assert_string_equal(found->decided_by, "Ana");
    assert_string_equal(found->note, "not now");
    assert_int_equal(found->decided, MINUTE(4));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_version_is_in_force_from_its_beginning_until_the_next),
        TEST(what_was_in_force_cannot_be_altered),
        TEST(the_most_specific_policy_wins),
        TEST(main_branches_and_those_with_a_policy_are_protected),
        TEST(policies_name_branches_where_they_apply),
        TEST(every_part_of_a_policy_comes_back),
        TEST(policies_that_cannot_be_met_are_refused),
        TEST(the_fingerprint_changes_with_every_change),
        TEST(a_new_repository_of_a_selected_project_joins_by_itself),
        TEST(an_excluded_repository_stays_out),
        TEST(without_rules_the_selection_stays),
        TEST(a_proposal_is_decided_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
