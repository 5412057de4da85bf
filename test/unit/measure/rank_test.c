#include "measure/rank.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOST 32

/* Every value in a cluster of its own. */
static RankTest compare(const double *before, gsize n_before, const double *after, gsize n_after)
{
    RankValue values[2][MOST];
    for (gsize i = 0; i < n_before; i++)
        values[0][i] = (RankValue){before[i], (gint64) i};
    for (gsize i = 0; i < n_after; i++)
        values[1][i] = (RankValue){after[i], (gint64) (n_before + i)};
    return rank_test(values[0], n_before, values[1], n_after);
}

/* Permeability constants of the human chorioamnion, at term and at 12 to 26 weeks: M. Hollander,
 * D. A. Wolfe, "Nonparametric Statistical Methods" (1973), page 69. There, and in the manual of R's
 * wilcox.test: W = 35, one-sided P = 0.1272, exactly 382 of the 3003 orders. */
static void the_textbook_example_is_exact(void **state)
{
    static const double TERM[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    static const double EARLY[] = {1.15, 0.88, 0.90, 0.74, 1.21};
    RankTest test = compare(EARLY, 5, TERM, 10);
    assert_float_equal(test.u, 35, 0);
    assert_float_equal(test.p_greater, 382.0 / 3003, 1e-12);
    assert_float_equal(test.delta, 0.4, 1e-12);
    assert_float_equal(test.p_two_sided, 764.0 / 3003, 1e-12);
    RankTest other = compare(TERM, 10, EARLY, 5);
    assert_float_equal(other.u, 15, 0);
    assert_float_equal(other.p_less, 382.0 / 3003, 1e-12);
    assert_float_equal(other.delta, -0.4, 1e-12);
}

/* Of the 20 orders of three and three, u is 9 in one and at least 8 in two. */
static void small_samples_are_counted_out(void **state)
{
    static const double LOW[] = {1, 2, 3}, HIGH[] = {4, 5, 6}, MIXED[] = {2.5, 5, 6};
    assert_float_equal(compare(LOW, 3, HIGH, 3).p_greater, 1.0 / 20, 1e-12);
    assert_float_equal(compare(LOW, 3, HIGH, 3).p_less, 1, 1e-12);
    assert_float_equal(compare(LOW, 3, MIXED, 3).u, 8, 0);
    assert_float_equal(compare(LOW, 3, MIXED, 3).p_greater, 2.0 / 20, 1e-12);
}

/* 1 2 2 | 2 3 3: mid-ranks 1 3 3 | 3 5.5 5.5, u = 14 - 6 = 8, ties 24 + 6 = 30, variance
 * 9/12 (7 - 30/30) = 4.5; (8 - 4.5 - 0.5) / sqrt 4.5 = sqrt 2, whose tail is erfc(1) / 2. */
static void ties_are_half_a_pair_and_lessen_the_variance(void **state)
{
    static const double BEFORE[] = {1, 2, 2}, AFTER[] = {2, 3, 3};
    RankTest test = compare(BEFORE, 3, AFTER, 3);
    assert_float_equal(test.u, 8, 0);
    assert_float_equal(test.delta, 7.0 / 9, 1e-12);
    assert_float_equal(test.p_greater, 0.07864960352514258, 1e-12);
    assert_float_equal(test.p_two_sided, 0.15729920705028516, 1e-12);
}

static void equal_values_say_nothing(void **state)
{
    static const double SAME[] = {7, 7, 7, 7};
    RankTest test = compare(SAME, 4, SAME, 3);
    assert_float_equal(test.delta, 0, 0);
    assert_float_equal(test.p_two_sided, 1, 0);
}

/* Each value five times on its day says no more than once: with as many copies, the variance of the
 * sums of ranks is five times as large (but for the means that small samples lose). */
static void copies_within_a_day_are_no_evidence(void **state)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(7);
    RankValue before[500], after[250];
    for (gsize i = 0; i < 100; i++)
        for (gsize k = 0; k < 5; k++)
            before[i * 5 + k] =
                (RankValue){k == 0 ? g_rand_double(chance) : before[i * 5].value, (gint64) i};
    for (gsize i = 0; i < 50; i++)
        for (gsize k = 0; k < 5; k++)
            after[i * 5 + k] = (RankValue){
                k == 0 ? 0.1 + g_rand_double(chance) : after[i * 5].value, 1000 + (gint64) i};
    RankTest test = rank_test(before, 500, after, 250);
    assert_float_equal(test.design, 5, 0.1);
    for (gsize i = 0; i < 500; i++)
        before[i].cluster = (gint64) i;
    for (gsize i = 0; i < 250; i++)
        after[i].cluster = 1000 + (gint64) i;
    RankTest alone = rank_test(before, 500, after, 250);
    assert_float_equal(alone.design, 1, 1e-9);
    assert_float_equal(alone.u, test.u, 0);
    assert_true(alone.p_greater < test.p_greater);
}

/* The 15 p-values of Benjamini and Hochberg (1995), section 3.2: at 0.05 their procedure rejects
 * the first four, Bonferroni's three. The largest is 1; the fourth becomes 15 x 0.0095 / 4. */
static void the_procedure_rejects_as_its_authors_say(void **state)
{
    double p[] = {0.0459, 0.0001, 0.3240, 0.0004, 0.4262, 0.0019, 0.5719, 0.0095,
                  0.6528, 0.0201, 0.7590, 0.0278, 1.0000, 0.0298, 0.0344};
    guint rejected = 0;
    rank_adjust(p, 15);
    for (gsize i = 0; i < 15; i++)
        rejected += p[i] <= 0.05;
    assert_int_equal(rejected, 4);
    assert_float_equal(p[7], 15 * 0.0095 / 4, 1e-12);
    assert_float_equal(p[1], 15 * 0.0001, 1e-12);
    assert_float_equal(p[12], 1, 0);
    /* 15 x 0.0278 / 6 is more than 15 x 0.0298 / 7 and 15 x 0.0344 / 8: the step up takes the
     * least. */
    assert_float_equal(p[11], 15 * 0.0298 / 7, 1e-12);
    rank_adjust(NULL, 0);
}

/* Where nothing changed, one test in twenty says so at 0.05, with days that differ and values of
 * whole hours. */
static void without_a_change_p_is_as_small_as_it_says(void **state)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(11);
    guint found = 0, rounds = 2000;
    for (guint round = 0; round < rounds; round++) {
        RankValue values[250];
        for (gsize day = 0; day < 50; day++) {
            double shift = 6 * g_rand_double(chance);
            for (gsize i = 0; i < 5; i++)
                values[day * 5 + i] =
                    (RankValue){floor(shift + 10 * g_rand_double(chance)), (gint64) day};
        }
        found += rank_test(values, 200, values + 200, 50).p_greater <= 0.05;
    }
    assert_in_range(found, rounds * 3 / 100, rounds * 7 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_textbook_example_is_exact),
        cmocka_unit_test(small_samples_are_counted_out),
        cmocka_unit_test(ties_are_half_a_pair_and_lessen_the_variance),
        cmocka_unit_test(equal_values_say_nothing),
        cmocka_unit_test(copies_within_a_day_are_no_evidence),
        cmocka_unit_test(the_procedure_rejects_as_its_authors_say),
        cmocka_unit_test(without_a_change_p_is_as_small_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
