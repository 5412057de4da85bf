/* Rows for measures: what a visit shows, in which order, at any size of the list. */
#include "fixture.h"

#include "store/facts.h"

#define HASH(n) "c00000000000000000000000000000000000000" #n

/* A pull request with everything; number 1. */
static void put_rich(Fixture *f)
{
    static const char *const HASHES[] = {HASH(1), HASH(2), HASH(3)};
    static const FileChange FILES[] = {{"src/a.c", NULL, 3, 1},
                                       {"logo.png", "old.png", COUNT_ABSENT, COUNT_ABSENT}};
    Participant participants[] = {
        {fixture_person("ben"), TRUE, PARTICIPANT_APPROVED, MINUTE(9)},
        {fixture_person("cyd"), FALSE, PARTICIPANT_CHANGES_REQUESTED, TIME_ABSENT}};
    PullRequest pr = fixture_pull_request(1, 10);
    pr.state = PR_MERGED;
    pr.draft = TRUE;
    pr.merge_hash = "c00000000000"; /* begins every hash here: the least one is the merge */
    pr.closed_by = fixture_person("cyd");
    pr.has_participants = TRUE;
    pr.participants = participants;
    pr.n_participants = 2;
    PrEvent events[] = {fixture_comment(1, 7, "ben", 5),
                        fixture_event(1, PR_EVENT_UPDATED, 7, "ana"),
                        fixture_event(1, PR_EVENT_APPROVED, 3, NULL),
                        fixture_event(1, PR_EVENT_REVIEWER_ADDED, 2, "ana")};
    events[0].inline_path = "src/a.c";
    events[0].parent_comment_id = 4;
    events[0].deleted = TRUE;
    events[0].resolved = MINUTE(8);
    events[1].source_hash = "aaaaaaaaaaaa";
    events[3].subject = fixture_person("ben");
    Commit commits[] = {fixture_commit(HASH(1), 2, "ana@example.test"),
                        fixture_commit(HASH(2), 1, "ana@example.test")};
    StoreChanges changes = {0};
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    WRITE(f, store_put_events(tx, f->workspace_id, f->repository_id, events, 4, &changes, &error));
    WRITE(f,
          store_put_commits(tx, f->workspace_id, f->repository_id, commits, 2, &changes, &error));
    WRITE(f, store_put_pr_commits(tx, f->workspace_id, f->repository_id, 1, "git", HASHES, 3,
                                  &changes, &error));
    WRITE(f, store_put_pr_files(tx, f->workspace_id, f->repository_id, 1, "squash", FILES, 2,
                                &changes, &error));
}

static gint64 person(Fixture *f, const char *uuid)
{
    return model_id(ID_PERSON, f->workspace_id, uuid);
}

static gboolean check_rich(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    assert_true(row->repository_id == f->repository_id);
    assert_int_equal(row->number, 1);
    assert_true(row->generation > 0);
    assert_string_equal(row->title, "A change");
    assert_string_equal(row->destination_branch, "main");
    assert_int_equal(row->state, PR_MERGED);
    assert_true(row->is_draft);
    assert_true(row->author_id == person(f, "{ana}"));
    assert_true(row->closed_by_id == person(f, "{cyd}"));
    assert_true(row->created == MINUTE(0) && row->updated == MINUTE(10));
    assert_true(row->merge_committed == MINUTE(3)); /* committed one minute after authored */
    assert_string_equal(row->commits_state, "git");
    assert_string_equal(row->files_state, "squash");

    assert_int_equal(row->n_participants, 2);
    for (gsize i = 0; i < 2; i++) {
        const StoreParticipant *participant = &row->participants[i];
        gboolean is_ben = participant->person_id == person(f, "{ben}");
        assert_true(is_ben || participant->person_id == person(f, "{cyd}"));
        assert_int_equal(participant->is_reviewer, is_ben);
        assert_int_equal(participant->state,
                         is_ben ? PARTICIPANT_APPROVED : PARTICIPANT_CHANGES_REQUESTED);
        assert_true(participant->participated == (is_ben ? MINUTE(9) : TIME_ABSENT));
    }

    assert_int_equal(row->n_events, 4);
    const StoreEvent *event = row->events;
    assert_true(event[0].at == MINUTE(2) && event[0].kind == PR_EVENT_REVIEWER_ADDED);
    assert_true(event[0].subject_id == person(f, "{ben}"));
    assert_true(event[1].at == MINUTE(3) && event[1].kind == PR_EVENT_APPROVED);
    assert_true(event[1].actor_id == store_deleted_person(f->workspace_id));
    assert_true(event[1].subject_id == COUNT_ABSENT && event[1].comment_id == COUNT_ABSENT);
    assert_true(event[2].at == MINUTE(7) && event[2].kind == PR_EVENT_UPDATED);
    assert_string_equal(event[2].source_hash, "aaaaaaaaaaaa");
    assert_true(event[3].at == MINUTE(7) && event[3].kind == PR_EVENT_COMMENTED);
    assert_true(event[3].comment_id == 5 && event[3].parent_comment_id == 4);
    assert_true(event[3].is_inline && event[3].is_deleted && event[3].resolved == MINUTE(8));
    assert_true(!event[2].is_inline && !event[2].is_deleted && event[2].resolved == TIME_ABSENT);

    assert_int_equal(row->n_commits, 2); /* the third is not known yet */
    assert_true(row->commit_authored[0] == MINUTE(1) && row->commit_authored[1] == MINUTE(2));
    assert_int_equal(row->n_files, 2);
    assert_string_equal(row->files[0].path, "logo.png");
    assert_string_equal(row->files[0].old_path, "old.png");
    assert_true(row->files[0].lines_added == COUNT_ABSENT);
    assert_string_equal(row->files[1].path, "src/a.c");
    assert_true(row->files[1].lines_added == 3 && row->files[1].lines_removed == 1);
    return TRUE;
}

static void a_visit_shows_everything_about_a_pull_request(void **state)
{
    Fixture *f = *state;
    put_rich(f);
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 10, check_rich, f, &error));
    assert_ok(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, 1, check_rich,
                                       f, &error));
    assert_fails(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, 2,
                                          check_rich, f, &error),
                 NOT_FOUND);
}

/* ---- many */

static gboolean collect(const StorePullRequest *row, gpointer user_data, GError **error)
{
    GString *seen = user_data;
    g_string_append_printf(seen, "%" G_GINT64_FORMAT ":%" G_GSIZE_FORMAT ":%" G_GSIZE_FORMAT " ",
                           row->number, row->n_events, row->n_files);
    for (gsize i = 0; i < row->n_events; i++)
        assert_int_equal(row->events[i].at, MINUTE((int) row->number + (int) i));
    for (gsize i = 0; i < row->n_files; i++)
        assert_int_equal(row->files[i].lines_added, row->number);
    return TRUE;
}

/* Pull request n has n % 4 events and n % 3 files. */
static void put_many(Fixture *f, gint64 first, gint64 last)
{
    StoreChanges changes = {0};
    StoreTx *tx = NULL;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    for (gint64 number = first; number <= last; number++) {
        PullRequest pr = fixture_pull_request(number, 10);
        FileChange files[] = {{"a", NULL, number, 0}, {"b", NULL, number, 0}};
        assert_ok(store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes,
                                          &error));
        for (int i = (int) (number % 4) - 1; i >= 0; i--) {
            PrEvent event = fixture_event(number, PR_EVENT_APPROVED, (int) number + i, "ben");
            assert_ok(store_put_events(tx, f->workspace_id, f->repository_id, &event, 1, &changes,
                                       &error));
        }
        assert_ok(store_put_pr_files(tx, f->workspace_id, f->repository_id, number, "git", files,
                                     (gsize) (number % 3), &changes, &error));
    }
    assert_ok(store_commit(tx, &error));
}

static gboolean take_off(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    FactPr fact = {.repository_id = row->repository_id,
                   .number = row->number,
                   .opened = row->created,
                   .last_activity = row->updated};
    StoreTx *tx = store_begin(f->store, error); /* a visitor may write */
    return tx != NULL &&
           store_put_facts(tx, f->workspace_id, &fact, NULL, 0, row->generation, error) &&
           store_commit(tx, error);
}

static void a_visit_goes_in_key_order_over_dense_and_scattered_numbers(void **state)
{
    static const gint64 SCATTERED[] = {3, 50, 51, 52, 599, 600};
    Fixture *f = *state;
    put_many(f, 1, 600);
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GString) expected = g_string_new(NULL);
    for (int number = 1; number <= 600; number++)
        g_string_append_printf(expected, "%d:%d:%d ", number, number % 4, number % 3);
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 1000, collect, seen, &error));
    assert_string_equal(seen->str, expected->str);

    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 1000, take_off, f, &error));
    g_string_truncate(seen, 0);
    g_string_truncate(expected, 0);
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 1000, collect, seen, &error));
    assert_string_equal(seen->str, "");

    StoreChanges changes = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(SCATTERED); i++) {
        PullRequest pr = fixture_pull_request(SCATTERED[i], 11);
        WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes,
                                         &error));
        if (i < 5)
            g_string_append_printf(expected, "%d:%d:%d ", (int) SCATTERED[i],
                                   (int) SCATTERED[i] % 4, (int) SCATTERED[i] % 3);
    }
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 5, collect, seen, &error));
    assert_string_equal(seen->str, expected->str);
}

static gboolean refuse(const StorePullRequest *row, gpointer user_data, GError **error)
{
    int *left = user_data;
    if ((*left)-- > 1)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CANCELLED, "enough");
    return FALSE;
}

static void a_visitor_can_stop_the_visit(void **state)
{
    Fixture *f = *state;
    put_many(f, 1, 20);
    int left = 3;
    assert_fails(store_visit_fact_todo(f->store, f->workspace_id, 100, refuse, &left, &error),
                 CANCELLED);
    assert_int_equal(left, 0);
    put_many(f, 21, 22); /* the connection is in order */
}

/* ---- facts and commits */

static FactPr rich_fact(Fixture *f, gint64 number)
{
    FactPr fact = {0};
    /* every field another value: a swapped column shows */
    gint64 n = 100;
    fact.repository_id = f->repository_id;
    fact.number = number;
    fact.definition = n++;
    fact.state = PR_MERGED;
    fact.is_draft = FALSE;
    fact.author_id = n++;
    fact.author_is_bot = TRUE;
    fact.destination_branch = "main";
    UtcTime *times[] = {&fact.first_commit, &fact.opened,           &fact.ready,
                        &fact.first_review, &fact.first_bot_review, &fact.approved,
                        &fact.merged,       &fact.released,         &fact.last_activity,
                        &fact.waiting_since};
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++)
        *times[i] = n++;
    fact.declined = TIME_ABSENT;
    fact.is_merged_estimated = TRUE;
    fact.review_clamped = TRUE;
    gint64 *counts[] = {&fact.coding_working,  &fact.pickup_working, &fact.review_working,
                        &fact.merge_working,   &fact.cycle_working,  &fact.time_to_merge_working,
                        &fact.lines_added,     &fact.lines_removed,  &fact.files_changed,
                        &fact.rounds,          &fact.pushes,         &fact.review_comments,
                        &fact.author_comments, &fact.bot_comments,   &fact.reviewers,
                        &fact.approvals,       &fact.commits};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
        *counts[i] = n++;
    fact.generated_lines = COUNT_ABSENT;
    fact.is_self_merged = TRUE;
    fact.waiting_on = "review";
    return fact;
}

typedef struct {
    Fixture *f;
    gint64 expected;
} FactCheck;

static gboolean check_fact(const FactPr *fact, gpointer user_data, GError **error)
{
    FactCheck *check = user_data;
    FactPr got = *fact;
    FactPr expected = rich_fact(check->f, check->expected++);
    assert_string_equal(got.destination_branch, expected.destination_branch);
    assert_string_equal(got.waiting_on, expected.waiting_on);
    got.destination_branch = expected.destination_branch;
    got.waiting_on = expected.waiting_on;
#define X(kind, column, field) assert_true(got.field == expected.field);
    FACT_PR_TABLE(X)
#undef X
    return TRUE;
}

static gboolean count_review(const FactReview *review, gpointer user_data, GError **error)
{
    GString *seen = user_data;
    g_string_append_printf(seen, "%d/%d/%d%d/%d/%d/%d ", (int) review->number,
                           (int) review->reviewer_id, review->reviewer_is_bot, review->is_reviewer,
                           review->responded == TIME_ABSENT ? -1 : (int) review->responded,
                           (int) review->comments, (int) review->change_requests);
    return TRUE;
}

static void facts_come_back_as_they_were_put_in_key_order(void **state)
{
    Fixture *f = *state;
    const FactReview reviews[] = {
        {f->repository_id, 1, 8, TRUE, TRUE, 5, TIME_ABSENT, DURATION_ABSENT, 1, 2, 3},
        {f->repository_id, 1, 7, FALSE, FALSE, 5, 6, 1, 4, 5, 6}};
    for (gint64 number = 3; number >= 1; number--) {
        FactPr fact = rich_fact(f, number);
        WRITE(f,
              store_put_facts(tx, f->workspace_id, &fact, reviews, number == 1 ? 2 : 0, 1, &error));
    }
    FactCheck check = {f, 1};
    assert_ok(store_visit_facts(f->store, f->workspace_id, check_fact, &check, &error));
    assert_int_equal(check.expected, 4);
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_ok(store_visit_reviews(f->store, f->workspace_id, count_review, seen, &error));
    assert_string_equal(seen->str, "1/7/00/6/4/6 1/8/11/-1/1/3 ");

    FactPr fact = rich_fact(f, 1);
    WRITE(f, store_put_facts(tx, f->workspace_id, &fact, reviews, 1, 1, &error));
    g_string_truncate(seen, 0);
    assert_ok(store_visit_reviews(f->store, f->workspace_id, count_review, seen, &error));
    assert_string_equal(seen->str, "1/8/11/-1/1/3 ");
}

static gboolean collect_commit(const StoreCommitRow *row, gpointer user_data, GError **error)
{
    GString *seen = user_data;
    g_string_append_printf(seen, "%d/%d/%d ", (int) ((row->authored - T0) / TIME_MINUTE),
                           row->is_merge,
                           row->lines_added == COUNT_ABSENT ? -1 : (int) row->lines_added);
    return TRUE;
}

static void commits_come_in_order_of_author_date(void **state)
{
    static const char *const PARENTS[] = {HASH(1), HASH(2)};
    Fixture *f = *state;
    Commit commits[] = {fixture_commit(HASH(1), 5, "a@example.test"),
                        fixture_commit(HASH(2), 3, "a@example.test"),
                        fixture_commit(HASH(3), 4, "a@example.test")};
    commits[2].parents = PARENTS;
    commits[2].n_parents = 2;
    commits[2].n_files = 0;
    StoreChanges changes = {0};
    WRITE(f,
          store_put_commits(tx, f->workspace_id, f->repository_id, commits, 3, &changes, &error));
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_ok(store_visit_commits(f->store, f->workspace_id, collect_commit, seen, &error));
    assert_string_equal(seen->str, "3/0/15 4/1/-1 5/0/15 ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_visit_shows_everything_about_a_pull_request),
        TEST(a_visit_goes_in_key_order_over_dense_and_scattered_numbers),
        TEST(a_visitor_can_stop_the_visit),
        TEST(facts_come_back_as_they_were_put_in_key_order),
        TEST(commits_come_in_order_of_author_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
