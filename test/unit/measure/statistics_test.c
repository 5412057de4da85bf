#include "measure/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int compare(const void *a, const void *b)
{
    double first = *(const double *) a, second = *(const double *) b;
    return (first > second) - (first < second);
}

/* The definition, on a sorted copy. */
static double percentile_by_sorting(const double *values, gsize n, double p)
{
    g_autofree double *sorted = g_memdup2(values, n * sizeof *values);
    qsort(sorted, n, sizeof *sorted, compare);
    double position = p * (double) (n - 1);
    gsize low = (gsize) floor(position), high = (gsize) ceil(position);
    return sorted[low] + (sorted[high] - sorted[low]) * (position - (double) low);
}

static void percentiles_of_few_values_are_those_worked_out_by_hand(void **state)
{
    double four[] = {40, 10, 20, 30};
    assert_float_equal(measure_percentile(four, 4, 0.5), 25, 0);
    assert_float_equal(measure_percentile(four, 4, 0.75), 32.5, 0);
    assert_float_equal(measure_percentile(four, 4, 0), 10, 0);
    assert_float_equal(measure_percentile(four, 4, 1), 40, 0);
    double equal[] = {3, 3, 3, 3, 3};
    assert_float_equal(measure_percentile(equal, 5, 0.9), 3, 0);
    assert_true(isnan(measure_percentile(NULL, 0, 0.5)));
}

static void percentiles_of_many_shapes_agree_with_sorting(void **state)
{
    static const double WANTED[] = {0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 1};
    g_autoptr(GRand) chance = g_rand_new_with_seed(1);
    for (guint round = 0; round < 400; round++) {
        gsize n = (gsize) g_rand_int_range(chance, 1, round < 350 ? 60 : 5000);
        guint distinct = round % 4 == 0 ? 3 : 1000000; /* many equal ones now and then */
        g_autofree double *values = g_new(double, n);
        for (gsize i = 0; i < n; i++)
            values[i] = round % 5 == 1   ? (double) i
                        : round % 5 == 2 ? (double) (n - i)
                                         : g_rand_int_range(chance, 0, (gint) distinct);
        for (gsize i = 0; i < G_N_ELEMENTS(WANTED); i++) {
            double expected = percentile_by_sorting(values, n, WANTED[i]);
            assert_float_equal(measure_percentile(values, n, WANTED[i]), expected, 1e-9);
        }
    }
}

static void a_percentile_loses_no_value(void **state)
{
    double values[100], sum = 0;
    for (gsize i = 0; i < 100; i++)
        values[i] = (double) ((i * 37) % 100);
    measure_percentile(values, 100, 0.33);
    qsort(values, 100, sizeof *values, compare);
    for (gsize i = 0; i < 100; i++)
        sum += fabs(values[i] - (double) i);
    assert_float_equal(sum, 0, 0);
}

/* Reviews given by four people: 1, 3, 5, 11. All pairs differ by 2+4+10+2+8+6 = 32, counted both
 * ways 64; over 2 x 4 x 4 x mean 5 = 160: 0.4. */
static void concentration_is_as_worked_out_by_hand(void **state)
{
    double load[] = {5, 1, 11, 3}, equal[] = {7, 7, 7}, one[] = {9}, none[] = {0, 0};
    double all_by_one[] = {0, 0, 0, 8};
    assert_float_equal(statistics_gini(load, 4), 0.4, 1e-12);
    assert_float_equal(statistics_gini(equal, 3), 0, 1e-12);
    assert_float_equal(statistics_gini(one, 1), 0, 1e-12);
    assert_float_equal(statistics_gini(all_by_one, 4), 0.75, 1e-12);
    assert_true(isnan(statistics_gini(none, 2)));
    assert_true(isnan(statistics_gini(NULL, 0)));
    assert_float_equal(statistics_top_share(load, 4), 11.0 / 20, 1e-12);
    assert_float_equal(statistics_top_share(one, 1), 1, 1e-12);
    assert_true(isnan(statistics_top_share(none, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_of_few_values_are_those_worked_out_by_hand),
        cmocka_unit_test(percentiles_of_many_shapes_agree_with_sorting),
        cmocka_unit_test(a_percentile_loses_no_value),
        cmocka_unit_test(concentration_is_as_worked_out_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
