#include "measure/survival.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const IncidencePoint *point_at(const GArray *curve, double time)
{
    for (guint i = 0; i < curve->len; i++)
        if (g_array_index(curve, IncidencePoint, i).time == time)
            return &g_array_index(curve, IncidencePoint, i);
    fail_msg("the curve has no step at %g", time);
    return NULL;
}

/* Weeks of remission of the 21 patients given 6-MP (E. J. Freireich and others, Blood 21, 1963).
 * Nothing ends otherwise, so the curve is one minus Kaplan and Meier's, whose values and Greenwood
 * errors are those of J. P. Klein, M. L. Moeschberger, "Survival Analysis" (2003), table 4.1. */
static const struct {
    double weeks;
    SpellEnd end;
} REMISSIONS[] = {
    {6, SPELL_DONE},  {6, SPELL_DONE},  {6, SPELL_DONE},  {6, SPELL_OPEN},  {7, SPELL_DONE},
    {9, SPELL_OPEN},  {10, SPELL_DONE}, {10, SPELL_OPEN}, {11, SPELL_OPEN}, {13, SPELL_DONE},
    {16, SPELL_DONE}, {17, SPELL_OPEN}, {19, SPELL_OPEN}, {20, SPELL_OPEN}, {22, SPELL_DONE},
    {23, SPELL_DONE}, {25, SPELL_OPEN}, {32, SPELL_OPEN}, {32, SPELL_OPEN}, {34, SPELL_OPEN},
    {35, SPELL_OPEN},
};

static GArray *remission_curve(void)
{
    Spell spells[G_N_ELEMENTS(REMISSIONS)];
    for (gsize i = 0; i < G_N_ELEMENTS(spells); i++)
        spells[i] = (Spell){REMISSIONS[i].weeks, REMISSIONS[i].end};
    return survival_incidence(spells, G_N_ELEMENTS(spells));
}

static void with_one_kind_of_end_it_is_kaplan_and_meiers(void **state)
{
    static const struct {
        double weeks, left, error;
    } PUBLISHED[] = {{6, 0.857, 0.076},  {7, 0.807, 0.087},  {10, 0.753, 0.096}, {13, 0.690, 0.107},
                     {16, 0.627, 0.114}, {22, 0.538, 0.128}, {23, 0.448, 0.135}};
    g_autoptr(GArray) curve = remission_curve();
    assert_int_equal(curve->len, G_N_ELEMENTS(PUBLISHED));
    for (gsize i = 0; i < G_N_ELEMENTS(PUBLISHED); i++) {
        const IncidencePoint *point = point_at(curve, PUBLISHED[i].weeks);
        assert_float_equal(1 - point->share, PUBLISHED[i].left, 0.00051);
        assert_float_equal(point->deviation, PUBLISHED[i].error, 0.00051);
    }
    /* By hand: 1 - 6/7 x 16/17 = 23/119 at 7; Greenwood's (96/119)^2 (3/(21 18) + 1/(17 16)). */
    assert_float_equal(point_at(curve, 7)->share, 23.0 / 119, 1e-12);
    assert_float_equal(point_at(curve, 7)->deviation, 96.0 / 119 * sqrt(3.0 / 378 + 1.0 / 272),
                       1e-12);
}

/* The published median is 23 weeks, from 13, without an upper limit. */
static void the_band_of_the_median_is_the_limits_inverted(void **state)
{
    g_autoptr(GArray) curve = remission_curve();
    IncidenceQuantile median = survival_quantile(curve, 0.5);
    assert_float_equal(median.time, 23, 0);
    assert_float_equal(median.low, 13, 0);
    assert_true(isnan(median.high));
    IncidenceQuantile most = survival_quantile(curve, 0.9);
    assert_true(isnan(most.time) && isnan(most.low) && isnan(most.high));
}

/* Months until death from breast cancer, with other deaths as the competing end: the first nine of
 * 305 patients in J. M. Satagopan and others, "A note on competing risks in survival data
 * analysis", British Journal of Cancer 91 (2004), table 2. There the incidence at 10, 16, 23 and 27
 * months is 0.3 % each (of 304, 302, 300 and 297 at risk), those left before them
 * 100, 99.7, 99.0, 98.3 %. */
static void the_published_incidence_comes_out(void **state)
{
    static const struct {
        double months;
        SpellEnd end;
    } FIRST[] = {{7, SPELL_OPEN},  {10, SPELL_DONE},      {14, SPELL_OPEN},
                 {16, SPELL_DONE}, {18, SPELL_OTHERWISE}, {23, SPELL_DONE},
                 {24, SPELL_OPEN}, {26, SPELL_OTHERWISE}, {27, SPELL_DONE}};
    static const struct {
        double months, at_risk, left;
    } PUBLISHED[] = {{10, 304, 1}, {16, 302, 0.997}, {23, 300, 0.990}, {27, 297, 0.983}};
    Spell spells[305];
    for (gsize i = 0; i < G_N_ELEMENTS(spells); i++)
        spells[i] = i < G_N_ELEMENTS(FIRST) ? (Spell){FIRST[i].months, FIRST[i].end}
                                            : (Spell){120, SPELL_OPEN};
    g_autoptr(GArray) curve = survival_incidence(spells, G_N_ELEMENTS(spells));
    double before = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(PUBLISHED); i++) {
        double share = point_at(curve, PUBLISHED[i].months)->share;
        assert_float_equal((share - before) * PUBLISHED[i].at_risk, PUBLISHED[i].left, 0.00051);
        assert_float_equal(share - before, 0.003, 0.0005);
        before = share;
    }
}

/* Six pull requests: merged after 1, declined after 2, merged after 3, open since 4, merged after 5
 * and 6. Left before each: 1, 5/6, 4/6, -, 1/2, 1/4. Shares: 1/6, 1/6, 1/6 + 4/6 x 1/4 = 1/3,
 * 1/3 + 1/2 x 1/2 = 7/12, 7/12 + 1/4 = 5/6. The variances are the formula worked out in fractions:
 * 5/216, 5/216, 1/27, 11/216, 5/216. */
static void ends_of_two_kinds_are_as_worked_out_in_fractions(void **state)
{
    Spell spells[] = {{5, SPELL_DONE}, {1, SPELL_DONE}, {4, SPELL_OPEN},
                      {6, SPELL_DONE}, {3, SPELL_DONE}, {2, SPELL_OTHERWISE}};
    static const struct {
        double time, share, variance;
    } WANTED[] = {{1, 1.0 / 6, 5.0 / 216},
                  {2, 1.0 / 6, 5.0 / 216},
                  {3, 1.0 / 3, 1.0 / 27},
                  {5, 7.0 / 12, 11.0 / 216},
                  {6, 5.0 / 6, 5.0 / 216}};
    g_autoptr(GArray) curve = survival_incidence(spells, G_N_ELEMENTS(spells));
    assert_int_equal(curve->len, G_N_ELEMENTS(WANTED));
    for (gsize i = 0; i < G_N_ELEMENTS(WANTED); i++) {
        const IncidencePoint *point = point_at(curve, WANTED[i].time);
        assert_float_equal(point->share, WANTED[i].share, 1e-12);
        assert_float_equal(point->deviation * point->deviation, WANTED[i].variance, 1e-12);
    }
    assert_float_equal(survival_quantile(curve, 0.5).time, 5, 0);
}

/* Nothing is open: the share is a plain proportion and its variance the binomial one. */
static void without_open_ones_it_is_the_share_done(void **state)
{
    Spell spells[40];
    for (gsize i = 0; i < 40; i++)
        spells[i] = (Spell){(double) (i * 7 % 40), i % 4 == 1 ? SPELL_OTHERWISE : SPELL_DONE};
    g_autoptr(GArray) curve = survival_incidence(spells, 40);
    for (guint i = 0; i < curve->len; i++) {
        const IncidencePoint *point = &g_array_index(curve, IncidencePoint, i);
        double done = 0;
        for (gsize k = 0; k < 40; k++)
            done += spells[k].end == SPELL_DONE && spells[k].length <= point->time;
        assert_float_equal(point->share, done / 40, 1e-12);
        assert_float_equal(point->deviation * point->deviation, done / 40 * (1 - done / 40) / 40,
                           1e-12);
        assert_true(point->low <= point->share && point->share <= point->high);
    }
}

/* More than half are declined, so there is no time by which half are merged. */
static void a_share_that_is_never_reached_has_no_time(void **state)
{
    Spell spells[] = {{1, SPELL_OTHERWISE}, {2, SPELL_OTHERWISE}, {3, SPELL_DONE}, {4, SPELL_OPEN}};
    g_autoptr(GArray) curve = survival_incidence(spells, 4);
    assert_true(isnan(survival_quantile(curve, 0.5).time));
    g_autoptr(GArray) nothing = survival_incidence(NULL, 0);
    assert_int_equal(nothing->len, 0);
    assert_true(isnan(survival_quantile(nothing, 0.5).time));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_one_kind_of_end_it_is_kaplan_and_meiers),
        cmocka_unit_test(the_band_of_the_median_is_the_limits_inverted),
        cmocka_unit_test(the_published_incidence_comes_out),
        cmocka_unit_test(ends_of_two_kinds_are_as_worked_out_in_fractions),
        cmocka_unit_test(without_open_ones_it_is_the_share_done),
        cmocka_unit_test(a_share_that_is_never_reached_has_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
