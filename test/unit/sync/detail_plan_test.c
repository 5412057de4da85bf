/* Which details are owed: a table of situations. */
#include "sync/detail_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DAY(n)    ((UtcTime) (n) *TIME_DAY)
#define NOW       (DAY(1000) + 7 * TIME_HOUR)
#define HEAD      "aaaaaaaaaaaa"
#define NEW       "bbbbbbbbbbbb"
#define MORNING   (NOW - TIME_HOUR)
#define YESTERDAY (NOW - 21 * TIME_HOUR)
#define NEVER     TIME_ABSENT

static StoreDetailCandidate pull(PullRequestState state, UtcTime updated)
{
    return (StoreDetailCandidate){.number = 1,
                                  .state = state,
                                  .updated = updated,
                                  .source_hash = (char *) HEAD,
                                  .task_count = 0,
                                  .read = {{NEVER, NEVER}, {NEVER, NEVER}, {NEVER, NEVER}}};
}

static void builds_of_the_open_and_of_the_lately_closed(void **state)
{
    static const struct {
        PullRequestState state;
        UtcTime updated, record, at;
        const char *head;
        gboolean owed;
    } ROWS[] = {
        {PR_OPEN, DAY(10), NEVER, NEVER, NULL, TRUE}, /* however old */
        {PR_OPEN, DAY(999), DAY(999), MORNING, HEAD "aaaa", FALSE},
        {PR_OPEN, DAY(999), DAY(998), MORNING, HEAD, TRUE},   /* it moved */
        {PR_OPEN, DAY(999), DAY(999), MORNING, NEW, TRUE},    /* a push */
        {PR_OPEN, DAY(999), DAY(999), YESTERDAY, HEAD, TRUE}, /* builds move nothing */
        {PR_MERGED, DAY(999), NEVER, NEVER, NULL, TRUE},
        {PR_MERGED, DAY(999), DAY(999), YESTERDAY, HEAD, FALSE},
        {PR_MERGED, DAY(999), DAY(998), YESTERDAY, HEAD, TRUE}, /* read before it was merged */
        {PR_MERGED, DAY(910), NEVER, NEVER, NULL, TRUE},
        {PR_MERGED, DAY(910) - 1, NEVER, NEVER, NULL, FALSE},
        {PR_DECLINED, DAY(999), NEVER, NEVER, NULL, FALSE}, /* nobody asks whether it was fit */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        StoreDetailCandidate candidate = pull(ROWS[i].state, ROWS[i].updated);
        candidate.builds_head = (char *) ROWS[i].head;
        candidate.read[DETAIL_BUILDS].record = ROWS[i].record;
        candidate.read[DETAIL_BUILDS].at = ROWS[i].at;
        if (detail_owes_builds(&candidate, NOW) != ROWS[i].owed)
            fail_msg("row %zu", i);
    }
}

static void tasks_where_the_record_counts_others_than_were_read(void **state)
{
    static const struct {
        PullRequestState state;
        UtcTime updated, record, at;
        gint64 counted, read;
        gboolean owed;
    } ROWS[] = {
        {PR_OPEN, DAY(999), NEVER, NEVER, 0, 0, FALSE},
        {PR_OPEN, DAY(999), NEVER, NEVER, 2, 0, TRUE},
        {PR_OPEN, DAY(999), NEVER, NEVER, COUNT_ABSENT, 0, TRUE},
        {PR_OPEN, DAY(999), DAY(999), YESTERDAY, 2, 2, FALSE},
        {PR_OPEN, DAY(999), DAY(998), MORNING, 2, 2, TRUE}, /* others, perhaps */
        {PR_OPEN, DAY(999), DAY(998), MORNING, 0, 2, TRUE}, /* resolved */
        {PR_OPEN, DAY(999), DAY(999), MORNING, 3, 2,
         FALSE}, /* the list says otherwise: not again */
        {PR_OPEN, DAY(999), DAY(999), YESTERDAY, 3, 2, TRUE}, /* before the night */
        {PR_MERGED, DAY(10), NEVER, NEVER, 0, 0, FALSE},
        {PR_MERGED, DAY(10), NEVER, NEVER, 1, 0, TRUE},
        {PR_MERGED, DAY(986), NEVER, NEVER, 0, 0, TRUE}, /* resolved after the merge, perhaps */
        {PR_MERGED, DAY(986), DAY(986), DAY(987), 0, 0, FALSE},
        {PR_MERGED, DAY(986) - 1, NEVER, NEVER, 0, 0, FALSE},
        {PR_DECLINED, DAY(999), NEVER, NEVER, 0, 0, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        StoreDetailCandidate candidate = pull(ROWS[i].state, ROWS[i].updated);
        candidate.task_count = ROWS[i].counted;
        candidate.unresolved_tasks = ROWS[i].read;
        candidate.read[DETAIL_TASKS].record = ROWS[i].record;
        candidate.read[DETAIL_TASKS].at = ROWS[i].at;
        if (detail_owes_tasks(&candidate, NOW) != ROWS[i].owed)
            fail_msg("row %zu", i);
    }
}

static void threads_of_the_open_with_comments_on_files(void **state)
{
    static const struct {
        PullRequestState state;
        gint64 comments;
        UtcTime record, at;
        gboolean owed;
    } ROWS[] = {
        {PR_OPEN, 1, NEVER, NEVER, TRUE},         {PR_OPEN, 0, NEVER, NEVER, FALSE},
        {PR_MERGED, 1, NEVER, NEVER, FALSE},      {PR_OPEN, 1, DAY(999), MORNING, FALSE},
        {PR_OPEN, 1, DAY(999), YESTERDAY, TRUE},  {PR_OPEN, 1, DAY(998), MORNING, TRUE},
        {PR_OPEN, 0, DAY(998), YESTERDAY, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        StoreDetailCandidate candidate = pull(ROWS[i].state, DAY(999));
        candidate.inline_comments = ROWS[i].comments;
        candidate.read[DETAIL_THREADS].record = ROWS[i].record;
        candidate.read[DETAIL_THREADS].at = ROWS[i].at;
        if (detail_owes_threads(&candidate, NOW) != ROWS[i].owed)
            fail_msg("row %zu", i);
    }
}

static void the_runs_of_a_day_look_equally_far_back(void **state)
{
    assert_true(detail_since(DAY(1000)) == DAY(910));
    assert_true(detail_since(DAY(1001) - 1) == DAY(910));
    assert_true(detail_since(DAY(1001)) == DAY(911));
    StoreDetailCandidate merged = pull(PR_MERGED, DAY(999));
    assert_false(detail_owes_builds(&merged, TIME_ABSENT)); /* nobody knows how long ago that is */
    assert_true(detail_since(TIME_ABSENT) > DAY(100000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_of_the_open_and_of_the_lately_closed),
        cmocka_unit_test(tasks_where_the_record_counts_others_than_were_read),
        cmocka_unit_test(threads_of_the_open_with_comments_on_files),
        cmocka_unit_test(the_runs_of_a_day_look_equally_far_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
