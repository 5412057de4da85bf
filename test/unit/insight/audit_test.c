/*
 * The merge audit log: what is appended when, and that no alteration goes unseen.
 */
#include "stage.h"

#include <sqlite3.h>

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    Fixture *f = *state;
    const Repository record = {.uuid = "{r}",
                               .slug = "shop",
                               .full_name = "acme/shop",
                               .name = "Shop",
                               .main_branch = "main",
                               .size_bytes = COUNT_ABSENT,
                               .created = MINUTE(0),
                               .updated = MINUTE(2)};
    StoreChanges changes = {0};
    WRITE(f, store_put_repositories(tx, f->workspace_id, f->connection_id, &record, 1, &changes,
                                    &error));
    stage_select(f, TRUE);
    return 0;
}

static void stage_merge_into(Fixture *f, gint64 number, const char *branch, int at)
{
    PullRequest record = fixture_pull_request(number, at);
    record.state = PR_MERGED;
    record.destination_branch = branch;
    stage_approved(f, record, "ben", 60);
    stage_event(f, fixture_event(number, PR_EVENT_APPROVED, 60, "ben"));
    stage_event(f, fixture_event(number, PR_EVENT_MERGED, at, "ana"));
}

/* How many rows are new. */
static gint64 append(Fixture *f, int now)
{
    gint64 appended = 0;
    assert_ok(measure_refresh(f->store, f->workspace_id, NULL, &error));
    assert_ok(audit_append_merges(f->store, f->workspace_id, MINUTE(now), &appended, &error));
    return appended;
}

typedef struct {
    guint n;
    gint64 number[8], refers_to[8];
    char *kind[8], *body[8];
} Rows;

static gboolean take(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    Rows *rows = user_data;
    assert_true(rows->n < G_N_ELEMENTS(rows->number));
    rows->number[rows->n] = row->number;
    rows->refers_to[rows->n] = row->refers_to;
    rows->kind[rows->n] = g_strdup(row->kind);
    rows->body[rows->n++] = g_strdup(row->body);
    return TRUE;
}

static Rows rows_of(Fixture *f)
{
    Rows rows = {0};
    assert_ok(store_visit_audit(f->store, f->workspace_id, take, &rows, &error));
    return rows;
}

static void rows_clear(Rows *rows)
{
    for (guint i = 0; i < rows->n; i++) {
        g_free(rows->kind[i]);
        g_free(rows->body[i]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rows, rows_clear)

/* Faults, as verify tells them. */
static gint64 faults(Fixture *f, char **ret_first)
{
    g_auto(AuditVerification) verification = {0};
    assert_ok(audit_verify(f->store, f->workspace_id, 0, NULL, &verification, &error));
    if (ret_first != NULL)
        *ret_first = verification.n_faults > 0 ? g_strdup(verification.faults->pdata[0]) : NULL;
    return verification.n_faults;
}

/* ---- what is appended */

static void merges_are_recorded_once_in_their_order(void **state)
{
    Fixture *f = *state;
    stage_merge_into(f, 1, "main", 120);
    stage_merge_into(f, 2, "main", 100);
    stage_merge_into(f, 3, "feature", 90); /* not a main branch, no policy */
    stage_pull(f, fixture_pull_request(4, 0), "ben");
    assert_int_equal(append(f, 200), 2);
    assert_int_equal(append(f, 201), 0);
    g_auto(Rows) rows = rows_of(f);
    assert_int_equal(rows.n, 2);
    assert_int_equal(rows.number[0], 2);
    assert_int_equal(rows.number[1], 1);
    assert_string_equal(rows.kind[0], "merge");
    assert_int_equal(rows.refers_to[0], COUNT_ABSENT);
    assert_int_equal(faults(f, NULL), 0);
}

static void a_row_says_who_did_what_when(void **state)
{
    Fixture *f = *state;
    stage_merge_into(f, 1, "main", 120);
    append(f, 200);
    g_auto(Rows) rows = rows_of(f);
    static const char *const PARTS[] = {
        "\"number\":1",
        "\"title\":\"A change\"",
        "\"opened\":\"2026-01-01T00:00:00Z\"",
        "\"merged\":\"2026-01-01T02:00:00Z\"",
        "\"at\":\"2026-01-01T01:00:00Z\"",
        "\"fate\":\"counted\"",
        "\"builds\":null",
        "\"policy\":null",
        "\"result\":\"no-policy\"",
        "\"released\":null",
        "\"uuid\":\"{ben}\"",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++)
        if (strstr(rows.body[0], PARTS[i]) == NULL)
            fail_msg("%s lacks %s", rows.body[0], PARTS[i]);
    assert_null(strchr(rows.body[0], '\n'));
}

static void what_is_learned_later_is_a_further_row(void **state)
{
    Fixture *f = *state;
    stage_merge_into(f, 1, "main", 120);
    stage_merge_into(f, 2, "main", 121);
    assert_int_equal(append(f, 200), 2);
    stage_event(f, fixture_event(2, PR_EVENT_APPROVED, 61, "cleo"));
    PullRequest renamed = fixture_pull_request(1, 130); /* nothing of it is new */
    renamed.state = PR_MERGED;
    renamed.html_url = "https://example.test/moved/1";
    stage_approved(f, renamed, "ben", 60);
    assert_int_equal(append(f, 210), 1);
    g_auto(Rows) rows = rows_of(f);
    assert_int_equal(rows.n, 3);
    assert_string_equal(rows.kind[2], "amendment");
    assert_int_equal(rows.number[2], 2);
    assert_int_equal(rows.refers_to[2], 2);
    assert_int_equal(faults(f, NULL), 0);
}

static void a_policy_with_an_earlier_beginning_amends_what_it_decides(void **state)
{
    Fixture *f = *state;
    gint64 id, version;
    stage_merge_into(f, 1, "main", 120);
    stage_merge_into(f, 2, "release/1", 120);
    assert_int_equal(append(f, 200), 1);
    StorePolicy policy = {.scope = POLICY_WORKSPACE,
                          .branch = (char *) "*",
                          .from = MINUTE(0),
                          .ended = TIME_ABSENT,
                          .least_approvals = 2,
                          .created = MINUTE(201)};
    WRITE(f, store_put_policy(tx, f->workspace_id, &policy, &id, &version, &error));
    assert_int_equal(append(f, 210), 2); /* the other branch is protected by it, too */
    g_auto(Rows) rows = rows_of(f);
    assert_int_equal(rows.n, 3);
    for (guint i = 1; i < 3; i++)
        assert_non_null(strstr(rows.body[i], "\"result\":\"failed\""));
}

/* ---- tampering */

static sqlite3 *open_beside(Fixture *f)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    return db;
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static void stage_log(Fixture *f)
{
    stage_merge_into(f, 1, "main", 120);
    stage_merge_into(f, 2, "main", 121);
    append(f, 200);
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 61, "cleo"));
    append(f, 210);
    assert_int_equal(faults(f, NULL), 0);
}

static char *text_of(sqlite3 *db, const char *column, int seq)
{
    sqlite3_stmt *statement = NULL;
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM merge_audit WHERE seq = %d", column, seq);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    char *text = g_strdup((const char *) sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return text;
}

static void set_text(sqlite3 *db, const char *column, int seq, const char *text, gsize length)
{
    sqlite3_stmt *statement = NULL;
    g_autofree char *sql =
        g_strdup_printf("UPDATE merge_audit SET %s = $1 WHERE seq = %d", column, seq);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, text, (int) length, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void every_byte_of_every_text_matters(void **state)
{
    static const char *const COLUMNS[] = {"kind", "body", "previous", "hash"};
    Fixture *f = *state;
    stage_log(f);
    sqlite3 *db = open_beside(f);
    for (int seq = 1; seq <= 3; seq++) {
        for (gsize c = 0; c < G_N_ELEMENTS(COLUMNS); c++) {
            g_autofree char *text = text_of(db, COLUMNS[c], seq);
            gsize length = strlen(text);
            for (gsize i = 0; i < length; i++) {
                text[i] ^= 1;
                set_text(db, COLUMNS[c], seq, text, length);
                text[i] ^= 1;
                if (faults(f, NULL) == 0)
                    fail_msg("byte %" G_GSIZE_FORMAT " of %s in row %d", i, COLUMNS[c], seq);
            }
            /* Cut, lengthened, lengthened behind a NUL. */
            g_autofree char *longer = g_strconcat(text, "x", "y", NULL);
            set_text(db, COLUMNS[c], seq, text, length - 1);
            assert_true(faults(f, NULL) > 0);
            set_text(db, COLUMNS[c], seq, longer, length + 1);
            assert_true(faults(f, NULL) > 0);
            longer[length] = '\0';
            set_text(db, COLUMNS[c], seq, longer, length + 2);
            assert_true(faults(f, NULL) > 0);
            set_text(db, COLUMNS[c], seq, text, length);
            assert_int_equal(faults(f, NULL), 0);
        }
    }
    sqlite3_close(db);
}

/* The row is named by its body: its number may be what is altered. */
static void set_number(sqlite3 *db, const char *column, const char *body, const char *value)
{
    sqlite3_stmt *statement = NULL;
    g_autofree char *sql =
        g_strdup_printf("UPDATE merge_audit SET %s = %s WHERE body = $1", column, value);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, body, -1, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_finalize(statement);
}

static void every_bit_of_every_number_matters(void **state)
{
    static const char *const COLUMNS[] = {"workspace_id", "seq",       "repository_id",
                                          "number",       "refers_to", "recorded_at"};
    Fixture *f = *state;
    stage_log(f);
    sqlite3 *db = open_beside(f);
    for (int seq = 1; seq <= 3; seq++) {
        for (gsize c = 0; c < G_N_ELEMENTS(COLUMNS); c++) {
            g_autofree char *text = text_of(db, COLUMNS[c], seq);
            g_autofree char *body = text_of(db, "body", seq);
            gint64 value = text == NULL ? 0 : g_ascii_strtoll(text, NULL, 10);
            for (guint bit = 0; bit < 63; bit++) {
                gint64 other = value ^ (G_GINT64_CONSTANT(1) << bit);
                if (strcmp(COLUMNS[c], "seq") == 0 && other >= 1 && other <= 3)
                    continue; /* the key refuses it */
                g_autofree char *altered = g_strdup_printf("%" G_GINT64_FORMAT, other);
                set_number(db, COLUMNS[c], body, altered);
                if (faults(f, NULL) == 0)
                    fail_msg("bit %u of %s in row %d", bit, COLUMNS[c], seq);
                set_number(db, COLUMNS[c], body, text != NULL ? text : "NULL");
            }
            assert_int_equal(faults(f, NULL), 0);
        }
    }
    run(db, "UPDATE merge_audit SET refers_to = NULL WHERE seq = 3");
    assert_true(faults(f, NULL) > 0);
    sqlite3_close(db);
}

static void assert_fault(Fixture *f, const char *words)
{
    g_autofree char *first = NULL;
    assert_true(faults(f, &first) > 0);
    if (strstr(first, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", first, words);
}

static void removed_inserted_and_moved_rows_are_named(void **state)
{
    Fixture *f = *state;
    stage_log(f);
    sqlite3 *db = open_beside(f);
    run(db, "CREATE TABLE kept AS SELECT * FROM merge_audit");
#define RESTORE                                                                                    \
    run(db, "DELETE FROM merge_audit; INSERT INTO merge_audit SELECT * FROM kept");                \
    assert_int_equal(faults(f, NULL), 0)
    run(db, "DELETE FROM merge_audit WHERE seq = 2");
    assert_fault(f, "Row 2 is missing.");
    RESTORE;
    run(db, "DELETE FROM merge_audit WHERE seq = 1");
    assert_fault(f, "Row 1 is missing.");
    RESTORE;
    run(db, "DELETE FROM merge_audit WHERE seq = 3");
    assert_fault(f, "The log ends at row 2, but its end was noted as row 3");
    RESTORE;
    run(db, "DELETE FROM merge_audit");
    assert_fault(f, "The log ends at row 0");
    RESTORE;
    run(db,
        "UPDATE merge_audit SET seq = -seq; UPDATE merge_audit SET seq = CASE seq WHEN -1 THEN 2 "
        "WHEN -2 THEN 1 ELSE 3 END");
    assert_fault(f, "does not follow the row before it");
    RESTORE;
    run(db, "INSERT INTO merge_audit SELECT workspace_id, 4, kind, repository_id, 9, refers_to, "
            "recorded_at, body, hash, hash FROM kept WHERE seq = 3");
    assert_fault(f, "Row 4 was altered");
    RESTORE;
    run(db, "UPDATE setting SET value = '2' || substr(value, 2) WHERE key = 'audit.head'");
    assert_fault(f, "noted as row 2");
    run(db, "DELETE FROM setting WHERE key = 'audit.head'");
    assert_fault(f, "note of the log's end is missing");
    sqlite3_close(db);
}

/* Somebody who knows how rows are hashed writes the whole log anew, its end included. */
static void only_a_note_kept_elsewhere_finds_a_log_written_anew(void **state)
{
    Fixture *f = *state;
    stage_log(f);
    g_auto(AuditVerification) before = {0};
    assert_ok(audit_verify(f->store, f->workspace_id, 0, NULL, &before, &error));
    sqlite3 *db = open_beside(f);
    run(db, "DELETE FROM merge_audit; DELETE FROM setting WHERE key = 'audit.head'");
    sqlite3_close(db);
    for (gint64 number = 1; number <= 3; number++) {
        const StoreAuditRow row = {.kind = "merge",
                                   .repository_id = f->repository_id,
                                   .number = number,
                                   .refers_to = COUNT_ABSENT,
                                   .recorded = MINUTE(200),
                                   .body = "{}"};
        gint64 seq;
        WRITE(f, store_append_audit(tx, f->workspace_id, &row, &seq, &error));
    }
    assert_int_equal(faults(f, NULL), 0);
    g_auto(AuditVerification) after = {0};
    assert_ok(
        audit_verify(f->store, f->workspace_id, before.head_seq, before.head_hash, &after, &error));
    assert_int_equal(after.n_faults, 1);
    g_auto(AuditVerification) shorter = {0};
    assert_ok(audit_verify(f->store, f->workspace_id, 9, before.head_hash, &shorter, &error));
    assert_string_equal(shorter.faults->pdata[0], "Row 9, which was noted, is not in the log.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
        TEST(merges_are_recorded_once_in_their_order),
        TEST(a_row_says_who_did_what_when),
        TEST(what_is_learned_later_is_a_further_row),
        TEST(a_policy_with_an_earlier_beginning_amends_what_it_decides),
        TEST(every_byte_of_every_text_matters),
        TEST(every_bit_of_every_number_matters),
        TEST(removed_inserted_and_moved_rows_are_named),
        TEST(only_a_note_kept_elsewhere_finds_a_log_written_anew),
    };
    return cmocka_run_group_tests_name("insight/audit", tests, NULL, NULL);
}
