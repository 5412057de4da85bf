#include "measure/rank.h"

#include <math.h>

#define EXACT_MOST                                                                                 \
    20 /* values of a sample; all ways to choose 20 of 40 fit exactly in a double                  \
        */

typedef struct {
    double value, rank;
    gint64 cluster;
    gboolean is_after;
} Ranked;

static gint compare_values(gconstpointer a, gconstpointer b)
{
    const Ranked *first = a, *second = b;
    return (first->value > second->value) - (first->value < second->value);
}

static gint compare_clusters(gconstpointer a, gconstpointer b)
{
    const Ranked *first = a, *second = b;
    if (first->is_after != second->is_after)
        return first->is_after ? 1 : -1;
    return (first->cluster > second->cluster) - (first->cluster < second->cluster);
}

static Ranked *pool(const RankValue *before, gsize n_before, const RankValue *after, gsize n_after)
{
    Ranked *all = g_new(Ranked, n_before + n_after);
    for (gsize i = 0; i < n_before; i++)
        all[i] = (Ranked){before[i].value, 0, before[i].cluster, FALSE};
    for (gsize i = 0; i < n_after; i++)
        all[n_before + i] = (Ranked){after[i].value, 0, after[i].cluster, TRUE};
    return all;
}

/* Mid-ranks from 1. Gives the sum of t^3 - t over runs of t equal values. */
static double give_ranks(Ranked *all, gsize n)
{
    double ties = 0;
    qsort(all, n, sizeof *all, compare_values);
    for (gsize i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && all[end].value == all[i].value; end++)
            ;
        double run = (double) (end - i);
        ties += run * run * run - run;
        for (gsize k = i; k < end; k++)
            all[k].rank = ((double) i + 1 + (double) end) / 2;
    }
    return ties;
}

static double mean_rank(const Ranked *all, gsize n)
{
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += all[i].rank;
    return sum / (double) n;
}

/* Adds a sample's squares: of its ranks about their mean, and of the sums of these per cluster. */
static gsize add_squares(const Ranked *sample, gsize n, double *each, double *clusters)
{
    gsize found = 0;
    double mean = mean_rank(sample, n);
    for (gsize i = 0, end; i < n; i = end) {
        double sum = 0;
        for (end = i; end < n && sample[end].cluster == sample[i].cluster; end++) {
            double off = sample[end].rank - mean;
            *each += off * off;
            sum += off;
        }
        *clusters += sum * sum;
        found++;
    }
    return found;
}

/* Leaves @all by sample and cluster. */
static double design_effect(Ranked *all, gsize n_before, gsize n_after, gsize *ret_clusters)
{
    double each = 0, clusters = 0;
    gsize n = n_before + n_after;
    qsort(all, n, sizeof *all, compare_clusters);
    gsize found = add_squares(all, n_before, &each, &clusters) +
                  add_squares(all + n_before, n_after, &each, &clusters);
    *ret_clusters = found;
    if (each <= 0 || found <= 2)
        return 1;
    /* Both estimates lose two means; the fewer the clusters, the more it matters. */
    double by_cluster = clusters * (double) found / (double) (found - 2);
    double by_value = each * (double) n / (double) (n - 2);
    return MAX(by_cluster / by_value, 1);
}

/* How likely a u of at least @u is when all orders are as likely: the coefficients of the Gaussian
 * binomial [m + n choose m], which count the orders by their u. */
static double exact_tail(gsize m, gsize n, double u)
{
    gsize most = m * n;
    g_autofree double *counts = g_new0(double, most + 1);
    counts[0] = 1;
    for (gsize i = 1; i <= m; i++) {
        for (gsize k = most; k >= n + i; k--) /* times 1 - x^(n + i) */
            counts[k] -= counts[k - n - i];
        for (gsize k = i; k <= most; k++) /* over 1 - x^i */
            counts[k] += counts[k - i];
    }
    double all = 0, tail = 0;
    for (gsize k = 0; k <= most; k++) {
        all += counts[k];
        tail += (double) k >= u ? counts[k] : 0;
    }
    return tail / all;
}

static double normal_tail(double z)
{
    return 0.5 * erfc(z / G_SQRT2);
}

RankTest rank_test(const RankValue *before, gsize n_before, const RankValue *after, gsize n_after)
{
    g_return_val_if_fail(n_before > 0 && n_after > 0, (RankTest){.p_two_sided = 1});
    gsize n = n_before + n_after, clusters;
    g_autofree Ranked *all = pool(before, n_before, after, n_after);
    double ties = give_ranks(all, n), ranks_after = 0;
    for (gsize i = 0; i < n; i++)
        ranks_after += all[i].is_after ? all[i].rank : 0;
    double m = (double) n_after, pairs = m * (double) n_before, total = (double) n;
    RankTest test = {.u = ranks_after - m * (m + 1) / 2,
                     .design = design_effect(all, n_before, n_after, &clusters)};
    test.delta = 2 * test.u / pairs - 1;
    if (ties == 0 && clusters == n && MAX(n_before, n_after) <= EXACT_MOST) {
        test.p_greater = exact_tail(n_after, n_before, test.u);
        test.p_less = exact_tail(n_after, n_before, pairs - test.u);
    } else {
        double variance = pairs / 12 * (total + 1 - ties / (total * (total - 1)));
        double deviation = sqrt(variance * test.design), off = test.u - pairs / 2;
        gboolean is_constant = variance <= 0;
        test.p_greater = is_constant ? 1 : normal_tail((off - 0.5) / deviation);
        test.p_less = is_constant ? 1 : normal_tail((-off - 0.5) / deviation);
    }
    test.p_two_sided = MIN(1, 2 * MIN(test.p_greater, test.p_less));
    return test;
}

/* ---- many tests at once */

typedef struct {
    double p;
    gsize at;
} Placed;

static gint compare_placed(gconstpointer a, gconstpointer b)
{
    const Placed *first = a, *second = b;
    return (first->p > second->p) - (first->p < second->p);
}

void rank_adjust(double *p_values, gsize n)
{
    g_autofree Placed *placed = g_new(Placed, MAX(n, 1));
    double least = 1;
    for (gsize i = 0; i < n; i++)
        placed[i] = (Placed){p_values[i], i};
    qsort(placed, n, sizeof *placed, compare_placed);
    for (gsize i = n; i-- > 0;) {
        least = MIN(least, placed[i].p * (double) n / (double) (i + 1));
        p_values[placed[i].at] = least;
    }
}
