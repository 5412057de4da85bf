/* What writes leave behind: once, twice, in any order. */
#include "fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "dump.h"

/* ---- helpers */

static char *content(Fixture *f)
{
    char *text = NULL;
    assert_ok((text = store_dump(f->path, NULL, &error)) != NULL);
    return text;
}

/* Answers "a|b|c" for the first row of @sql, read with SQLite itself. */
static char *ask(Fixture *f, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    GString *out = g_string_new(NULL);
    if (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *text = (const char *) sqlite3_column_text(statement, i);
            g_string_append_printf(out, "%s%s", i > 0 ? "|" : "", text != NULL ? text : "NULL");
        }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return g_string_free(out, FALSE);
}

#define assert_answer(f, sql, expected)                                                            \
    do {                                                                                           \
        g_autofree char *answer = ask(f, sql);                                                     \
        assert_string_equal(answer, expected);                                                     \
    } while (0)

static StoreChanges put_pull_request(Fixture *f, PullRequest record)
{
    StoreChanges changes = {0};
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &record, 1, &changes,
                                     &error));
    return changes;
}

static StoreChanges put_event(Fixture *f, PrEvent record)
{
    StoreChanges changes = {0};
    WRITE(f, store_put_events(tx, f->workspace_id, f->repository_id, &record, 1, &changes, &error));
    return changes;
}

static StoreChanges put_commit(Fixture *f, Commit record)
{
    StoreChanges changes = {0};
    WRITE(f,
          store_put_commits(tx, f->workspace_id, f->repository_id, &record, 1, &changes, &error));
    return changes;
}

static StoreChanges put_commits_of(Fixture *f, gint64 number, const char *state,
                                   const char *const *hashes, gsize n)
{
    StoreChanges changes = {0};
    WRITE(f, store_put_pr_commits(tx, f->workspace_id, f->repository_id, number, state, hashes, n,
                                  &changes, &error));
    return changes;
}

static StoreChanges put_files_of(Fixture *f, gint64 number, const char *state,
                                 const FileChange *files, gsize n)
{
    StoreChanges changes = {0};
    WRITE(f, store_put_pr_files(tx, f->workspace_id, f->repository_id, number, state, files, n,
                                &changes, &error));
    return changes;
}

static void assert_changes(StoreChanges changes, gint64 inserted, gint64 changed)
{
    assert_int_equal(changes.inserted, inserted);
    assert_int_equal(changes.changed, changed);
}

/* Takes everything off fact_todo, as measuring does. */
static gboolean put_done(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    FactPr fact = {.repository_id = row->repository_id,
                   .number = row->number,
                   .definition = 1,
                   .state = row->state,
                   .author_id = row->author_id,
                   .opened = row->created,
                   .last_activity = row->updated};
    StoreTx *tx = store_begin(f->store, error);
    if (tx == NULL)
        return FALSE;
    if (!store_put_facts(tx, f->workspace_id, &fact, NULL, 0, row->generation, error)) {
        store_rollback(tx);
        return FALSE;
    }
    return store_commit(tx, error);
}

static void measure_all(Fixture *f)
{
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 1000, put_done, f, &error));
}

static gint64 count_todo(Fixture *f)
{
    gint64 count = -1;
    assert_ok(store_count_fact_todo(f->store, f->workspace_id, &count, &error));
    return count;
}

/* ---- twice is once */

static void every_record_put_twice_changes_and_counts_nothing(void **state)
{
    static const char *const HASHES[] = {"c000000000000000000000000000000000000001",
                                         "c000000000000000000000000000000000000002"};
    static const FileChange FILES[] = {{"a.c", NULL, 3, 1}, {"b\xff.c", "old.c", 1, 1}};
    Fixture *f = *state;
    PullRequest pr = fixture_pull_request(1, 10);
    Person reviewers[] = {fixture_person("ben")};
    Participant participants[] = {
        {fixture_person("ben"), TRUE, PARTICIPANT_APPROVED, MINUTE(9)},
        {{0}, FALSE, PARTICIPANT_NO_STATE, MINUTE(8)},
        {{0}, TRUE, PARTICIPANT_CHANGES_REQUESTED, MINUTE(7)},
    };
    pr.has_participants = TRUE;
    pr.reviewers = reviewers;
    pr.n_reviewers = 1;
    pr.participants = participants;
    pr.n_participants = G_N_ELEMENTS(participants);
    g_autofree char *before = NULL;
    for (int round = 0; round < 2; round++) {
        gint64 n = round == 0 ? 1 : 0;
        assert_changes(put_pull_request(f, pr), n, 0);
        assert_changes(put_event(f, fixture_event(1, PR_EVENT_APPROVED, 9, "ben")), n, 0);
        assert_changes(put_event(f, fixture_event(1, PR_EVENT_APPROVED, 9, NULL)), 0, 0);
        assert_changes(put_event(f, fixture_comment(1, 8, "ben", 77)), n, 0);
        assert_changes(put_commit(f, fixture_commit(HASHES[0], 3, "Ana@Example.test")), n, 0);
        assert_changes(put_commits_of(f, 1, "git", HASHES, 2), 2 * n, 0);
        assert_changes(put_files_of(f, 1, "git", FILES, 2), 2 * n, 0);
        measure_all(f);
        if (round == 0)
            before = content(f);
    }
    g_autofree char *after = content(f);
    assert_string_equal(before, after);
    assert_answer(f, "SELECT COUNT(*), MAX(state), MAX(is_reviewer) FROM pr_participant",
                  "2|changes_requested|1");
}

static void facts_that_did_not_change_do_not_move_the_change_counter(void **state)
{
    Fixture *f = *state;
    put_pull_request(f, fixture_pull_request(1, 10));
    gint64 before = 0;
    gint64 between = 0;
    gint64 after = 0;
    assert_ok(store_change_counter(f->store, &before, &error));
    measure_all(f);
    assert_ok(store_change_counter(f->store, &between, &error));
    WRITE(f, store_invalidate_facts(tx, f->workspace_id, &error));
    assert_int_equal(count_todo(f), 1);
    measure_all(f);
    assert_int_equal(count_todo(f), 0);
    assert_ok(store_change_counter(f->store, &after, &error));
    assert_int_equal(between, before + 1);
    assert_int_equal(after, between);
}

/* ---- pull requests */

static void an_older_record_does_not_undo_a_newer_one(void **state)
{
    Fixture *f = *state;
    PullRequest old = fixture_pull_request(1, 10);
    PullRequest new = fixture_pull_request(1, 20);
    new.title = "Better";
    assert_changes(put_pull_request(f, new), 1, 0);
    assert_changes(put_pull_request(f, old), 0, 0);
    assert_answer(f, "SELECT title FROM pull_request", "Better");
}

static void participants_are_replaced_only_when_the_record_lists_them(void **state)
{
    Fixture *f = *state;
    Participant both[] = {{fixture_person("ben"), TRUE, PARTICIPANT_APPROVED, MINUTE(3)},
                          {fixture_person("cyd"), FALSE, PARTICIPANT_NO_STATE, MINUTE(4)}};
    PullRequest pr = fixture_pull_request(1, 10);
    pr.has_participants = TRUE;
    pr.participants = both;
    pr.n_participants = 2;
    put_pull_request(f, pr);
    PullRequest bare = fixture_pull_request(1, 10);
    assert_changes(put_pull_request(f, bare), 0, 0);
    assert_answer(f, "SELECT COUNT(*) FROM pr_participant", "2");
    both[0].state = PARTICIPANT_NO_STATE;
    pr.n_participants = 1;
    assert_changes(put_pull_request(f, pr), 0, 1);
    assert_answer(f, "SELECT COUNT(*), state FROM pr_participant", "1|NULL");
}

static void a_push_to_an_open_pull_request_makes_its_range_unknown_again(void **state)
{
    static const char *const HASHES[] = {"c000000000000000000000000000000000000001"};
    static const char STATES[] = "SELECT commits_state, files_state, source_hash FROM pull_request";
    Fixture *f = *state;
    PullRequest pr = fixture_pull_request(1, 10);
    put_pull_request(f, pr);
    put_commits_of(f, 1, "git", HASHES, 1);
    put_files_of(f, 1, "git", NULL, 0);
    assert_answer(f, STATES, "git|git|aaaaaaaaaaaa");

    pr.updated = MINUTE(11);
    pr.source_hash = "aaaaaaaaaaaa0000000000000000000000000000"; /* the same, in full */
    put_pull_request(f, pr);
    assert_answer(f, STATES, "git|git|aaaaaaaaaaaa0000000000000000000000000000");
    pr.source_hash = "aaaaaaaaaaaa"; /* the same record, abbreviated */
    assert_changes(put_pull_request(f, pr), 0, 0);
    pr.updated = MINUTE(12);
    put_pull_request(f, pr);
    assert_answer(f, STATES, "git|git|aaaaaaaaaaaa");

    pr.updated = MINUTE(13);
    pr.source_hash = "dddddddddddd";
    put_pull_request(f, pr);
    assert_answer(f, STATES, "unknown|unknown|dddddddddddd");

    put_commits_of(f, 1, "git", HASHES, 1);
    pr.updated = MINUTE(14);
    pr.state = PR_MERGED;
    pr.merge_hash = "eeeeeeeeeeee";
    put_pull_request(f, pr);
    assert_answer(f, STATES, "unknown|unknown|dddddddddddd");
}

static void range_tasks_come_newest_first_until_they_are_answered(void **state)
{
    Fixture *f = *state;
    put_pull_request(f, fixture_pull_request(1, 30));
    put_pull_request(f, fixture_pull_request(2, 10));
    put_pull_request(f, fixture_pull_request(3, 20));
    put_commits_of(f, 3, "gone", NULL, 0);
    g_autoptr(GPtrArray) tasks = NULL;
    assert_ok((tasks = store_list_range_tasks(f->store, f->workspace_id, f->repository_id, 2,
                                              &error)) != NULL);
    assert_int_equal(tasks->len, 2);
    const StoreRangeTask *first = tasks->pdata[0];
    const StoreRangeTask *second = tasks->pdata[1];
    assert_int_equal(first->number, 1);
    assert_int_equal(second->number, 3);
    assert_string_equal(second->commits_state, "gone");
    assert_string_equal(second->files_state, "unknown");
    for (gint64 number = 1; number <= 3; number++) {
        put_commits_of(f, number, "git", NULL, 0);
        put_files_of(f, number, "git", NULL, 0);
    }
    g_autoptr(GPtrArray) none = NULL;
    assert_ok((none = store_list_range_tasks(f->store, f->workspace_id, f->repository_id, 9,
                                             &error)) != NULL);
    assert_int_equal(none->len, 0);
}

static void people_stay_known_when_their_accounts_are_closed_in_either_order(void **state)
{
    static const char WHO[] =
        "SELECT updated_at, (SELECT value FROM identity WHERE kind = 'uuid' AND person_id ="
        " author_id), (SELECT value FROM identity WHERE kind = 'uuid' AND person_id ="
        " closed_by_id) FROM pull_request WHERE number = ";
    Fixture *f = *state;
    for (gint64 number = 1; number <= 2; number++) {
        PullRequest before = fixture_pull_request(number, 10);
        before.state = PR_DECLINED;
        before.closed_by = fixture_person("ben");
        PullRequest after = before;
        after.updated = MINUTE(20);
        after.author = (Person){0};
        after.closed_by = (Person){0};
        assert_changes(put_pull_request(f, number == 1 ? before : after), 1, 0);
        assert_changes(put_pull_request(f, number == 1 ? after : before), 0, 1);
        g_autofree char *sql = g_strdup_printf("%s%" G_GINT64_FORMAT, WHO, number);
        assert_answer(f, sql, "1767226800000000|{ana}|{ben}");
    }
}

/* ---- events */

static void a_comment_stays_one_row_when_it_is_edited_deleted_and_resolved(void **state)
{
    Fixture *f = *state;
    PrEvent comment = fixture_comment(1, 5, "ben", 77);
    assert_changes(put_event(f, comment), 1, 0);
    comment.comment_length = 40;
    assert_changes(put_event(f, comment), 0, 1);
    comment.resolved = MINUTE(9);
    assert_changes(put_event(f, comment), 0, 1);
    comment.resolved = TIME_ABSENT; /* the feed does not tell */
    assert_changes(put_event(f, comment), 0, 0);
    comment.deleted = TRUE;
    comment.comment_length = 0;
    assert_changes(put_event(f, comment), 0, 1);
    comment.deleted = FALSE;
    assert_changes(put_event(f, comment), 0, 0);
    assert_answer(f, "SELECT COUNT(*), is_deleted, comment_length, resolved_at FROM pr_event",
                  "1|1|0|1767226140000000");
}

static void what_a_closed_account_did_stays_one_event_in_either_order(void **state)
{
    static const char WHO[] = "SELECT COUNT(*), (SELECT value FROM identity i WHERE i.person_id ="
                              " e.actor_id AND i.kind = 'uuid') FROM pr_event e WHERE number = ";
    Fixture *f = *state;
    PrEvent named[] = {fixture_event(1, PR_EVENT_APPROVED, 5, "ben"),
                       fixture_comment(3, 5, "ben", 77)};
    PrEvent nameless[] = {fixture_event(1, PR_EVENT_APPROVED, 5, NULL),
                          fixture_comment(3, 5, NULL, 77)};
    for (gsize i = 0; i < G_N_ELEMENTS(named); i++) {
        for (int order = 0; order < 2; order++) {
            named[i].number += order;
            nameless[i].number += order;
            if (named[i].comment_id != COUNT_ABSENT)
                named[i].comment_id = nameless[i].comment_id = 77 + order;
            put_event(f, order == 0 ? named[i] : nameless[i]);
            put_event(f, order == 0 ? nameless[i] : named[i]);
            g_autofree char *sql = g_strdup_printf("%s%" G_GINT64_FORMAT, WHO, named[i].number);
            assert_answer(f, sql, "1|{ben}");
        }
    }
}

static void a_pending_comment_is_not_kept(void **state)
{
    Fixture *f = *state;
    PrEvent comment = fixture_comment(1, 5, "ben", 77);
    comment.pending = TRUE;
    assert_changes(put_event(f, comment), 0, 0);
    assert_answer(f, "SELECT COUNT(*) FROM pr_event", "0");
}

static void events_of_an_absent_pull_request_are_asked_for_and_join_when_it_comes(void **state)
{
    Fixture *f = *state;
    put_event(f, fixture_event(7, PR_EVENT_APPROVED, 5, "ben"));
    put_event(f, fixture_event(3, PR_EVENT_APPROVED, 5, "ben"));
    assert_int_equal(count_todo(f), 0);
    g_autoptr(GArray) unknown = NULL;
    assert_ok((unknown = store_list_unknown_pull_requests(f->store, f->workspace_id,
                                                          f->repository_id, &error)) != NULL);
    assert_int_equal(unknown->len, 2);
    assert_int_equal(g_array_index(unknown, gint64, 0), 3);
    assert_int_equal(g_array_index(unknown, gint64, 1), 7);
    put_pull_request(f, fixture_pull_request(7, 10));
    assert_int_equal(count_todo(f), 1);
}

/* ---- commits */

static void a_commit_from_git_replaces_one_from_the_api_and_not_the_reverse(void **state)
{
    static const char HASH[] = "c000000000000000000000000000000000000001";
    static const char SIZE[] = "SELECT from_api, lines_added, lines_removed, files_changed,"
                               " committed_at, (SELECT COUNT(*) FROM commit_file) FROM git_commit";
    Fixture *f = *state;
    Commit git = fixture_commit(HASH, 3, "ana@example.test");
    Commit api = git;
    api.from_api = TRUE;
    api.committed = TIME_ABSENT;
    api.n_files = 0;
    assert_changes(put_commit(f, api), 1, 0);
    assert_answer(f, SIZE, "1|NULL|NULL|NULL|NULL|0");
    assert_changes(put_commit(f, git), 0, 1);
    assert_answer(f, SIZE, "0|15|2|2|1767225840000000|2");
    assert_changes(put_commit(f, api), 0, 0);
    assert_answer(f, SIZE, "0|15|2|2|1767225840000000|2");
}

static void a_commit_that_comes_late_puts_its_pull_requests_on_the_list(void **state)
{
    static const char *const HASHES[] = {"c000000000000000000000000000000000000001"};
    Fixture *f = *state;
    PullRequest merged = fixture_pull_request(2, 10);
    merged.state = PR_MERGED;
    merged.merge_hash = "eeeeeeeeeeee";
    put_pull_request(f, fixture_pull_request(1, 10));
    put_pull_request(f, merged);
    put_pull_request(f, fixture_pull_request(3, 10));
    put_commits_of(f, 1, "git", HASHES, 1);
    measure_all(f);
    assert_int_equal(count_todo(f), 0);
    put_commit(f, fixture_commit(HASHES[0], 3, "ana@example.test"));
    assert_answer(f, "SELECT COUNT(*), number FROM fact_todo", "1|1");
    put_commit(f, fixture_commit("eeeeeeeeeeee0000000000000000000000000000", 9, "x@example.test"));
    assert_answer(f, "SELECT COUNT(*), MAX(number) FROM fact_todo", "2|2");
}

static void authors_are_told_apart_by_address_in_lower_case_or_else_by_name(void **state)
{
    Fixture *f = *state;
    put_commit(f,
               fixture_commit("c000000000000000000000000000000000000001", 1, "Ana@Example.test"));
    put_commit(f,
               fixture_commit("c000000000000000000000000000000000000002", 2, "ana@example.TEST"));
    put_commit(f, fixture_commit("c000000000000000000000000000000000000003", 3, NULL));
    put_commit(f, fixture_commit("c000000000000000000000000000000000000004", 4, ""));
    assert_answer(f, "SELECT COUNT(DISTINCT author_id) FROM git_commit", "2");
    assert_answer(f,
                  "SELECT GROUP_CONCAT(kind || ':' || value) FROM (SELECT * FROM identity"
                  " ORDER BY kind)",
                  "email:ana@example.test,raw:Ana Roy");
}

/* ---- people */

static void a_name_is_that_of_the_latest_record_and_never_a_placeholder(void **state)
{
    static const char NAME[] = "SELECT display_name FROM person p JOIN identity i USING (person_id)"
                               " WHERE i.kind = 'uuid' AND i.value = '{ben}'";
    Fixture *f = *state;
    PrEvent event = fixture_event(1, PR_EVENT_APPROVED, 5, "ben");
    event.actor.display_name = "Former user";
    put_event(f, event);
    assert_answer(f, NAME, "Former user");
    event.at = MINUTE(4);
    event.actor.display_name = "Ben Low";
    put_event(f, event);
    assert_answer(f, NAME, "Ben Low");
    event.at = MINUTE(3);
    event.actor.display_name = "Ben Older";
    put_event(f, event);
    event.at = MINUTE(6);
    event.actor.display_name = "Former user";
    put_event(f, event);
    event.actor.display_name = "";
    put_event(f, event);
    assert_answer(f, NAME, "Ben Low");
    event.at = MINUTE(7);
    event.actor.display_name = "Ben High";
    put_event(f, event);
    assert_answer(f, NAME, "Ben High");
}

static void a_judged_person_puts_every_pull_request_touched_on_the_list(void **state)
{
    Fixture *f = *state;
    Participant participants[] = {{fixture_person("bot"), TRUE, PARTICIPANT_NO_STATE, TIME_ABSENT}};
    PullRequest authored = fixture_pull_request(1, 10);
    PullRequest reviewed = fixture_pull_request(2, 10);
    authored.author = fixture_person("bot");
    reviewed.has_participants = TRUE;
    reviewed.participants = participants;
    reviewed.n_participants = 1;
    put_pull_request(f, authored);
    put_pull_request(f, reviewed);
    for (gint64 number = 3; number <= 5; number++)
        put_pull_request(f, fixture_pull_request(number, 10));
    put_event(f, fixture_event(3, PR_EVENT_APPROVED, 5, "bot"));
    PrEvent added = fixture_event(4, PR_EVENT_REVIEWER_ADDED, 5, "ana");
    added.subject = fixture_person("bot");
    put_event(f, added);
    measure_all(f);

    gint64 bot = model_id(ID_PERSON, f->workspace_id, "{bot}");
    WRITE(f, store_mark_person(tx, f->workspace_id, bot, TRUE, "name", FALSE, &error));
    assert_answer(f, "SELECT GROUP_CONCAT(number) FROM fact_todo", "1,2,3,4");
    measure_all(f);
    WRITE(f, store_mark_person(tx, f->workspace_id, bot, TRUE, "name", FALSE, &error));
    assert_int_equal(count_todo(f), 0);

    g_autoptr(GPtrArray) people = NULL;
    assert_ok((people = store_list_people(f->store, f->workspace_id, &error)) != NULL);
    guint bots = 0;
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        if (!person->is_bot)
            continue;
        bots++;
        assert_string_equal(person->uuid, "{bot}");
        assert_string_equal(person->nickname, "bot");
        assert_string_equal(person->kind, "user");
        assert_null(person->email);
        assert_string_equal(person->bot_reason, "name");
    }
    assert_int_equal(bots, 1);
}

/* ---- any order */

/* A small world told in 60 pieces, some of them older or thinner versions of others. */
static void put_piece(Fixture *f, int i)
{
    static const char *const ACTORS[] = {"ana", "ben", "cyd", NULL};
    static const char *const NAMES[] = {"Ana Roy", "Ana", "A. Roy"};
    gint64 number = 1 + i % 4;
    if (i < 20) {
        PullRequest pr = fixture_pull_request(number, 10 + i);
        Participant participants[] = {
            {fixture_person(ACTORS[i % 3]), TRUE, PARTICIPANT_APPROVED, MINUTE(i)}};
        g_autofree char *title = g_strdup_printf("Version %d", i);
        pr.title = title;
        pr.author.display_name = NAMES[i % 3];
        pr.state = i >= 16 ? PR_MERGED : PR_OPEN;
        if (i >= 14)
            pr.author = (Person){0};
        pr.has_participants = TRUE;
        pr.participants = participants;
        pr.n_participants = 1;
        put_pull_request(f, pr);
    } else if (i < 40) {
        const char *actor = ACTORS[i % 4];
        PrEvent event = i % 2 == 0 ? fixture_event(number, PR_EVENT_APPROVED, i / 4, actor)
                                   : fixture_comment(number, i, actor, 100 + i);
        event.source_hash = i % 3 == 0 ? "aaaaaaaaaaaa" : "aaaaaaaaaaaa0000";
        put_event(f, event);
    } else {
        g_autofree char *hash =
            g_strdup_printf("c0000000000000000000000000000000000000%02d", i / 2);
        Commit commit = fixture_commit(hash, i / 2, "ana@example.test");
        commit.author_name = NAMES[i / 2 % 3];
        commit.from_api = i % 2 == 0;
        if (commit.from_api) {
            commit.committed = TIME_ABSENT;
            commit.n_files = 0;
        }
        put_commit(f, commit);
    }
}

static void any_order_of_reading_leaves_the_same_rows(void **state)
{
    enum { PIECES = 60, ORDERS = 12 };
    g_autofree char *expected = NULL;
    for (int order = 0; order < ORDERS; order++) {
        Fixture f = {0};
        fixture_init(&f);
        int pieces[PIECES];
        for (int i = 0; i < PIECES; i++)
            pieces[i] = i;
        g_autoptr(GRand) random = g_rand_new_with_seed((guint32) order);
        for (int i = PIECES - 1; order > 0 && i > 0; i--) {
            int j = g_rand_int_range(random, 0, i + 1);
            int kept = pieces[i];
            pieces[i] = pieces[j];
            pieces[j] = kept;
        }
        for (int i = 0; i < PIECES; i++)
            put_piece(&f, pieces[i]);
        g_autofree char *got = content(&f);
        if (expected == NULL)
            expected = g_strdup(got);
        assert_string_equal(got, expected);
        fixture_clear(&f);
    }
    assert_non_null(strstr(expected, "title=Version 19"));
    assert_non_null(strstr(expected, "display_name=A. Roy"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_record_put_twice_changes_and_counts_nothing),
        TEST(facts_that_did_not_change_do_not_move_the_change_counter),
        TEST(an_older_record_does_not_undo_a_newer_one),
        TEST(participants_are_replaced_only_when_the_record_lists_them),
        TEST(a_push_to_an_open_pull_request_makes_its_range_unknown_again),
        TEST(range_tasks_come_newest_first_until_they_are_answered),
        TEST(people_stay_known_when_their_accounts_are_closed_in_either_order),
        TEST(a_comment_stays_one_row_when_it_is_edited_deleted_and_resolved),
        TEST(what_a_closed_account_did_stays_one_event_in_either_order),
        TEST(a_pending_comment_is_not_kept),
        TEST(events_of_an_absent_pull_request_are_asked_for_and_join_when_it_comes),
        TEST(a_commit_from_git_replaces_one_from_the_api_and_not_the_reverse),
        TEST(a_commit_that_comes_late_puts_its_pull_requests_on_the_list),
        TEST(authors_are_told_apart_by_address_in_lower_case_or_else_by_name),
        TEST(a_name_is_that_of_the_latest_record_and_never_a_placeholder),
        TEST(a_judged_person_puts_every_pull_request_touched_on_the_list),
        cmocka_unit_test(any_order_of_reading_leaves_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
