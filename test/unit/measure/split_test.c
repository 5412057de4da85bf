#include "measure/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static Duration sum_of_groups(const Split *split, guint part)
{
    Duration sum = 0;
    for (guint g = 0; g < split->n_groups; g++)
        sum += split->groups[part * split->n_groups + g].within +
               split->groups[part * split->n_groups + g].mix;
    return sum;
}

static void add(GArray *rows, gboolean is_after, guint32 group, guint n, Duration first,
                Duration second)
{
    SplitRow row = {.part = {first, second}, .group = group, .is_after = is_after};
    for (guint i = 0; i < n; i++)
        g_array_append_val(rows, row);
}

/* Hours of pickup and review. Small ones: 6 of 8 before (2 h, 4 h), 2 of 8 after (2 h, 6 h); large
 * ones: 2 of 8 before (10 h, 4 h), 6 of 8 after (14 h, 4 h).
 *   pickup: mean 4 -> 11, +7. Within: small 0; large (1/4 + 3/4)/2 x 4 = 2. Mix, from the middle of
 *           both means 7.5: small (-1/2)(2 - 7.5) = 2.75, large (1/2)(12 - 7.5) = 2.25.
 *   review: mean 4 -> 4.5, +0.5. Within: small 1/2 x 2 = 1; large 0. Mix from 4.25: small
 *           (-1/2)(5 - 4.25) = -0.375, large (1/2)(4 - 4.25) = -0.125.
 * The change is 7.5 h, of 8 before and 15.5 after. */
static void the_example_is_as_worked_out_by_hand(void **state)
{
    const Duration h = TIME_HOUR;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(SplitRow));
    add(rows, FALSE, 0, 6, 2 * h, 4 * h);
    add(rows, FALSE, 1, 2, 10 * h, 4 * h);
    add(rows, TRUE, 0, 2, 2 * h, 6 * h);
    add(rows, TRUE, 1, 6, 14 * h, 4 * h);
    g_autoptr(Split) split = split_change((SplitRow *) (void *) rows->data, rows->len, 2, 2);
    assert_int_equal(split->mean_before, 8 * h);
    assert_int_equal(split->mean_after, 15 * h + h / 2);
    assert_int_equal(split->change, 7 * h + h / 2);
    assert_int_equal(split->parts[0], 7 * h);
    assert_int_equal(split->parts[1], h / 2);
    const SplitGroup *pickup = split->groups, *review = split->groups + 2;
    assert_int_equal(pickup[0].n_before, 6);
    assert_int_equal(pickup[1].n_after, 6);
    assert_int_equal(pickup[0].within, 0);
    assert_int_equal(pickup[1].within, 2 * h);
    assert_int_equal(pickup[0].mix, 2 * h + 3 * h / 4);
    assert_int_equal(pickup[1].mix, 2 * h + h / 4);
    assert_int_equal(review[0].within, h);
    assert_int_equal(review[1].within, 0);
    assert_int_equal(review[0].mix, -3 * h / 8);
    assert_int_equal(review[1].mix, -h / 8);
}

/* A group that is new is another mix, not a slower one: 4 at 3 h, then 2 of those and 2 at 9 h. The
 * middle of the means is 4.5; mix: (-1/2)(3 - 4.5) + (1/2)(9 - 4.5) = 3. */
static void a_group_that_comes_is_mix(void **state)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(SplitRow));
    add(rows, FALSE, 0, 4, 3 * TIME_HOUR, 0);
    add(rows, TRUE, 0, 2, 3 * TIME_HOUR, 0);
    add(rows, TRUE, 1, 2, 9 * TIME_HOUR, 0);
    g_autoptr(Split) split = split_change((SplitRow *) (void *) rows->data, rows->len, 1, 3);
    assert_int_equal(split->change, 3 * TIME_HOUR);
    assert_int_equal(split->groups[0].within, 0);
    assert_int_equal(split->groups[1].within, 0);
    assert_int_equal(split->groups[0].mix, 3 * TIME_HOUR / 4);
    assert_int_equal(split->groups[1].mix, 9 * TIME_HOUR / 4);
    assert_int_equal(split->groups[2].n_before + split->groups[2].n_after, 0);
    assert_int_equal(split->groups[2].within + split->groups[2].mix, 0);
}

/* Lengths of which no mean is a whole number of microseconds, up to a year. */
static void every_sum_holds_to_the_microsecond(void **state)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(3);
    for (guint round = 0; round < 500; round++) {
        gsize n = (gsize) g_rand_int_range(chance, 2, 400);
        g_autofree SplitRow *rows = g_new0(SplitRow, n);
        Duration sums[2] = {0};
        gint64 counts[2] = {0};
        for (gsize i = 0; i < n; i++) {
            rows[i].is_after = i == 0 || (i > 1 && g_rand_boolean(chance));
            rows[i].group = (guint32) g_rand_int_range(chance, 0, 7);
            for (guint p = 0; p < 4; p++) {
                double u = g_rand_double(chance);
                rows[i].part[p] = (Duration) (u * u * u * (double) (365 * TIME_DAY));
                sums[rows[i].is_after] += rows[i].part[p];
            }
            counts[rows[i].is_after]++;
        }
        g_autoptr(Split) split = split_change(rows, n, 4, 7);
        Duration parts = 0;
        for (guint p = 0; p < 4; p++) {
            assert_int_equal(sum_of_groups(split, p), split->parts[p]);
            parts += split->parts[p];
        }
        assert_int_equal(parts, split->change);
        assert_int_equal(split->mean_after - split->mean_before, split->change);
        long double change = (long double) sums[1] / (long double) counts[1] -
                             (long double) sums[0] / (long double) counts[0];
        assert_true(change - (long double) split->change <= 0.5001L &&
                    change - (long double) split->change >= -0.5001L);
    }
}

static void winsorising_shortens_all_phases_alike(void **state)
{
    SplitRow row = {.part = {10, 20, 31, 0}}, short_one = {.part = {1, 2, 3, 4}};
    split_cap(&row, 4, 30); /* 4.92, 9.84, 15.25: 4 + 9 + 15 = 28, the two largest remainders */
    assert_int_equal(row.part[0], 5);
    assert_int_equal(row.part[1], 10);
    assert_int_equal(row.part[2], 15);
    assert_int_equal(row.part[3], 0);
    split_cap(&short_one, 4, 30);
    assert_int_equal(short_one.part[3], 4);
}

static void without_rows_on_a_side_there_is_no_change(void **state)
{
    SplitRow row = {.part = {10}};
    assert_null(split_change(&row, 1, 1, 1));
    assert_null(split_change(NULL, 0, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_is_as_worked_out_by_hand),
        cmocka_unit_test(a_group_that_comes_is_mix),
        cmocka_unit_test(every_sum_holds_to_the_microsecond),
        cmocka_unit_test(winsorising_shortens_all_phases_alike),
        cmocka_unit_test(without_rows_on_a_side_there_is_no_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
