/* The chain of the merge audit log. What finds alterations in it is tested with the insight room.
 */
#include "fixture.h"

#include <sqlite3.h>

static gint64 append(Fixture *f, gint64 number, const char *body, gint64 refers_to)
{
    const StoreAuditRow row = {.kind = refers_to == COUNT_ABSENT ? "merge" : "amendment",
                               .repository_id = f->repository_id,
                               .number = number,
                               .refers_to = refers_to,
                               .recorded = MINUTE(number),
                               .body = body};
    gint64 seq = 0;
    WRITE(f, store_append_audit(tx, f->workspace_id, &row, &seq, &error));
    return seq;
}

/* The documented bytes, put together by hand. */
static char *hash_by_hand(const char *previous, gint64 workspace_id, const char *rest)
{
    g_autofree char *text =
        g_strdup_printf("%s\n%" G_GINT64_FORMAT "\n%s", previous, workspace_id, rest);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

typedef struct {
    guint n;
    char *hash[4], *previous[4];
} Seen;

static gboolean note(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    Seen *seen = user_data;
    assert_int_equal(row->seq, seen->n + 1);
    seen->previous[seen->n] = g_strdup(row->previous);
    seen->hash[seen->n++] = g_strdup(row->hash);
    return TRUE;
}

static void each_row_carries_the_hash_of_the_one_before(void **state)
{
    Fixture *f = *state;
    assert_int_equal(append(f, 4, "{\"a\":1}", COUNT_ABSENT), 1);
    assert_int_equal(append(f, 4, "{\"a\":2}", 1), 2);
    Seen seen = {0};
    assert_ok(store_visit_audit(f->store, f->workspace_id, note, &seen, &error));
    assert_int_equal(seen.n, 2);
    g_autofree char *first =
        g_strdup_printf("1\nmerge\n%" G_GINT64_FORMAT "\n4\n\n%" G_GINT64_FORMAT "\n{\"a\":1}",
                        f->repository_id, (gint64) MINUTE(4));
    g_autofree char *expected = hash_by_hand(AUDIT_FIRST, f->workspace_id, first);
    assert_string_equal(seen.hash[0], expected);
    assert_string_equal(seen.previous[1], expected);
    g_autofree char *second =
        g_strdup_printf("2\namendment\n%" G_GINT64_FORMAT "\n4\n1\n%" G_GINT64_FORMAT "\n{\"a\":2}",
                        f->repository_id, (gint64) MINUTE(4));
    g_autofree char *expected_second = hash_by_hand(expected, f->workspace_id, second);
    assert_string_equal(seen.hash[1], expected_second);
    g_autofree char *head = store_get_setting(f->store, f->workspace_id, AUDIT_HEAD_KEY, NULL);
    g_autofree char *expected_head = g_strconcat("2 ", expected_second, NULL);
    assert_string_equal(head, expected_head);
    for (guint i = 0; i < seen.n; i++) {
        g_free(seen.hash[i]);
        g_free(seen.previous[i]);
    }
}

static void a_rollback_leaves_the_log_and_its_head_as_they_were(void **state)
{
    Fixture *f = *state;
    append(f, 4, "{}", COUNT_ABSENT);
    g_autofree char *head = store_get_setting(f->store, f->workspace_id, AUDIT_HEAD_KEY, NULL);
    const StoreAuditRow row = {.kind = "merge",
                               .repository_id = f->repository_id,
                               .number = 5,
                               .refers_to = COUNT_ABSENT,
                               .recorded = MINUTE(5),
                               .body = "{}"};
    StoreTx *tx = NULL;
    gint64 seq;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    assert_ok(store_append_audit(tx, f->workspace_id, &row, &seq, &error));
    store_rollback(tx);
    g_autofree char *after = store_get_setting(f->store, f->workspace_id, AUDIT_HEAD_KEY, NULL);
    assert_string_equal(head, after);
    assert_int_equal(append(f, 5, "{}", COUNT_ABSENT), 2);
}

static void nothing_is_appended_behind_a_log_that_was_cut_off(void **state)
{
    Fixture *f = *state;
    append(f, 4, "{}", COUNT_ABSENT);
    append(f, 5, "{}", COUNT_ABSENT);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM merge_audit WHERE seq = 2", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    const StoreAuditRow row = {.kind = "merge",
                               .repository_id = f->repository_id,
                               .number = 6,
                               .refers_to = COUNT_ABSENT,
                               .recorded = MINUTE(6),
                               .body = "{}"};
    StoreTx *tx = NULL;
    gint64 seq;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    assert_fails_saying(store_append_audit(tx, f->workspace_id, &row, &seq, &error), STORE,
                        "audit verify");
    store_rollback(tx);
}

static void the_newest_body_of_a_pull_request_comes_with_its_first_row(void **state)
{
    Fixture *f = *state;
    append(f, 3, "{\"n\":3}", COUNT_ABSENT);
    append(f, 4, "{\"n\":1}", COUNT_ABSENT);
    append(f, 4, "{\"n\":2}", 2);
    StoreTx *tx = NULL;
    gint64 first = 0;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    g_autofree char *body =
        store_get_audit_body(tx, f->workspace_id, f->repository_id, 4, &first, NULL);
    assert_string_equal(body, "{\"n\":2}");
    assert_int_equal(first, 2);
    assert_null(store_get_audit_body(tx, f->workspace_id, f->repository_id, 9, &first, NULL));
    store_rollback(tx);
}

static void merges_whose_facts_changed_are_looked_at_in_their_order(void **state)
{
    Fixture *f = *state;
    FactPr fact = {.repository_id = f->repository_id,
                   .state = PR_MERGED,
                   .opened = MINUTE(0),
                   .last_activity = MINUTE(0),
                   .declined = TIME_ABSENT};
    const int merged[] = {30, 10, 20}; /* of 1, 2 and 3 */
    for (gsize i = 0; i < G_N_ELEMENTS(merged); i++) {
        fact.number = (gint64) i + 1;
        fact.merged = MINUTE(merged[i]);
        WRITE(f, store_put_facts(tx, f->workspace_id, &fact, NULL, 0, 0, &error));
    }
    fact.number = 4;
    fact.state = PR_OPEN;
    fact.merged = TIME_ABSENT;
    WRITE(f, store_put_facts(tx, f->workspace_id, &fact, NULL, 0, 0, &error));
    g_autoptr(GArray) todo = store_list_audit_todo(f->store, f->workspace_id, 10, NULL);
    assert_int_equal(todo->len, 3);
    const gint64 order[] = {2, 3, 1};
    for (guint i = 0; i < todo->len; i++)
        assert_int_equal(g_array_index(todo, StoreAuditTodo, i).number, order[i]);
    const StoreAuditTodo *two = &g_array_index(todo, StoreAuditTodo, 0), *three = two + 1;
    WRITE(f, store_audit_done(tx, f->workspace_id, f->repository_id, 2, two->generation - 1,
                              &error)); /* changed again since it was listed */
    WRITE(f, store_audit_done(tx, f->workspace_id, f->repository_id, 3, three->generation, &error));
    g_autoptr(GArray) left = store_list_audit_todo(f->store, f->workspace_id, 10, NULL);
    assert_int_equal(left->len, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_row_carries_the_hash_of_the_one_before),
        TEST(a_rollback_leaves_the_log_and_its_head_as_they_were),
        TEST(nothing_is_appended_behind_a_log_that_was_cut_off),
        TEST(the_newest_body_of_a_pull_request_comes_with_its_first_row),
        TEST(merges_whose_facts_changed_are_looked_at_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
