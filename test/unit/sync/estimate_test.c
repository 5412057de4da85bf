/* How far, how long: expected values are worked out by hand in the comments. */
#include "sync/estimate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static EstimateRepository unread(gint64 total)
{
    return (EstimateRepository){
        .pulls_total = total, .feed_reach = -1, .details_total = COUNT_ABSENT};
}

static void assert_near(double actual, double expected)
{
    assert_true(actual > expected - 0.005 && actual < expected + 0.005);
}

static void nothing_read_is_nothing_done(void **state)
{
    /* 1000 pull requests: 20 pages of list, 12,000 entries = 240 pages of feed, 30 details. */
    EstimateRepository repository = unread(1000);
    EstimateWork work = estimate_work(&repository, 1);
    assert_near(work.done, 0);
    assert_near(work.requests_left, 290);
    assert_near(work.left, 290 + 65); /* git counts as a quarter of the 260 */
    assert_near(estimate_overall(work), 0);
}

static void the_feed_learns_from_a_repository_that_is_read(void **state)
{
    /* 100 pull requests had 500 events: 5 each, so 1000 have 5000 = 100 pages. */
    EstimateRepository repositories[2] = {unread(100), unread(1000)};
    repositories[0].pulls_read = 100;
    repositories[0].pulls_done = repositories[0].feed_done = TRUE;
    repositories[0].events_read = 500;
    repositories[0].is_finished = TRUE;
    EstimateWork work = estimate_work(repositories, 2);
    assert_near(work.requests_left, 20 + 100 + 30);
}

static void a_feed_under_way_tells_its_own_length(void **state)
{
    /* 600 entries are a quarter of the way in time: 2400 in all, 36 pages left. The list is done;
     * three hundredths of 100 pull requests are details. */
    EstimateRepository repository = unread(100);
    repository.pulls_read = 100;
    repository.pulls_done = TRUE;
    repository.events_read = 600;
    repository.feed_reach = 0.25;
    EstimateWork work = estimate_work(&repository, 1);
    assert_near(work.requests_left, 36 + 3);
}

static void only_finished_work_is_a_whole(void **state)
{
    EstimateRepository repository = unread(100);
    repository.pulls_read = 100;
    repository.pulls_done = repository.feed_done = TRUE;
    repository.events_read = 1200;
    repository.git = 1;
    assert_true(estimate_overall(estimate_work(&repository, 1)) < 1);
    repository.is_finished = TRUE;
    assert_near(estimate_overall(estimate_work(&repository, 1)), 1);
}

static void what_the_bucket_holds_goes_at_the_pace_seen(void **state)
{
    EstimateWork work = {.done = 100, .left = 60, .requests_left = 60};
    EstimatePace pace = {.available = 100, .capacity = 1000, .per_second = 10, .elapsed = 10};
    assert_int_equal(estimate_seconds(work, pace), 6); /* 60 requests at 10 a second */
}

static void what_it_lacks_waits_for_the_refill(void **state)
{
    /* 1100 requests, 100 in the bucket: 1000 more at 1000 an hour. */
    EstimateWork work = {.done = 0, .left = 1100, .requests_left = 1100};
    EstimatePace pace = {.available = 100, .capacity = 1000};
    assert_int_equal(estimate_seconds(work, pace), 3600);
    pace.paused = 60;
    assert_int_equal(estimate_seconds(work, pace), 3660);
}

static void without_a_budget_the_rest_goes_like_the_part_before(void **state)
{
    EstimateWork work = {.done = 25, .left = 75, .requests_left = 75};
    EstimatePace pace = {.capacity = 0, .elapsed = 10};
    assert_int_equal(estimate_seconds(work, pace), 30);
    work.done = 0;
    assert_int_equal(estimate_seconds(work, pace), COUNT_ABSENT);
    work.left = 0;
    assert_int_equal(estimate_seconds(work, pace), COUNT_ABSENT); /* nothing is known yet */
    work.done = 1;
    assert_int_equal(estimate_seconds(work, pace), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_read_is_nothing_done),
        cmocka_unit_test(the_feed_learns_from_a_repository_that_is_read),
        cmocka_unit_test(a_feed_under_way_tells_its_own_length),
        cmocka_unit_test(only_finished_work_is_a_whole),
        cmocka_unit_test(what_the_bucket_holds_goes_at_the_pace_seen),
        cmocka_unit_test(what_it_lacks_waits_for_the_refill),
        cmocka_unit_test(without_a_budget_the_rest_goes_like_the_part_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
