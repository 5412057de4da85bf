#include "measure/split.h"

#include <math.h>

__extension__ typedef __int128 Wide;

/* ---- dealing out */

typedef struct {
    long double remainder;
    gsize at;
} Remainder;

static gint compare_remainders(gconstpointer a, gconstpointer b)
{
    const Remainder *first = a, *second = b;
    if (first->remainder != second->remainder)
        return first->remainder > second->remainder ? -1 : 1;
    return (first->at > second->at) - (first->at < second->at);
}

void split_deal(Duration total, const long double *shares, gsize n, Duration *ret_parts)
{
    if (n == 0)
        return;
    g_autofree Remainder *remainders = g_new(Remainder, n);
    Duration left = total;
    for (gsize i = 0; i < n; i++) {
        long double whole = floorl(shares[i]);
        ret_parts[i] = (Duration) whole;
        remainders[i] = (Remainder){shares[i] - whole, i};
        left -= ret_parts[i];
    }
    qsort(remainders, n, sizeof *remainders, compare_remainders);
    /* Between 0 and n are left, one more or less where the shares themselves were rounded. */
    for (gsize i = 0; left > 0; i = (i + 1) % n, left--)
        ret_parts[remainders[i].at]++;
    for (gsize i = n - 1; left < 0; i = i == 0 ? n - 1 : i - 1, left++)
        ret_parts[remainders[i].at]--;
}

void split_cap(SplitRow *row, guint n_parts, Duration most)
{
    long double shares[SPLIT_PARTS_MAX];
    Duration sum = 0;
    for (guint i = 0; i < n_parts; i++)
        sum += row->part[i];
    if (sum <= most)
        return;
    for (guint i = 0; i < n_parts; i++)
        shares[i] = (long double) row->part[i] * (long double) most / (long double) sum;
    split_deal(most, shares, n_parts, row->part);
}

/* ---- the decomposition */

typedef struct {
    gint64 n[2]; /* before, after */
    Wide sum[2];
} Sums;

static Duration round_quotient(Wide numerator, Wide denominator)
{
    Wide doubled = 2 * numerator + denominator, by = 2 * denominator;
    Wide quotient = doubled / by;
    return (Duration) (doubled % by < 0 ? quotient - 1 : quotient);
}

static long double mean_of(const Sums *sums, guint side)
{
    return (long double) sums->sum[side] / (long double) sums->n[side];
}

/* Shares of one part's change: within of each group, then mix of each. */
static void find_shares(const Sums *groups, guint n_groups, const Sums *all,
                        long double *ret_shares)
{
    long double middle = (mean_of(all, 0) + mean_of(all, 1)) / 2;
    for (guint g = 0; g < n_groups; g++) {
        long double share[2], mean[2];
        ret_shares[g] = ret_shares[n_groups + g] = 0;
        if (groups[g].n[0] + groups[g].n[1] == 0)
            continue;
        for (guint side = 0; side < 2; side++) {
            share[side] = (long double) groups[g].n[side] / (long double) all->n[side];
            mean[side] = mean_of(&groups[g], groups[g].n[side] == 0 ? !side : side);
        }
        ret_shares[g] = (share[1] + share[0]) / 2 * (mean[1] - mean[0]);
        ret_shares[n_groups + g] = (share[1] - share[0]) * ((mean[1] + mean[0]) / 2 - middle);
    }
}

static void split_part(Split *split, guint part, const Sums *groups, const Sums *all)
{
    guint n = split->n_groups;
    g_autofree long double *shares = g_new(long double, 2 * n);
    g_autofree Duration *dealt = g_new(Duration, 2 * n);
    find_shares(groups, n, all, shares);
    split_deal(split->parts[part], shares, 2 * n, dealt);
    for (guint g = 0; g < n; g++)
        split->groups[part * n + g] =
            (SplitGroup){groups[g].n[0], groups[g].n[1], dealt[g], dealt[n + g]};
}

static void split_whole(Split *split, const Sums *parts)
{
    long double shares[SPLIT_PARTS_MAX];
    Wide sum[2] = {0};
    Wide n[2] = {parts[0].n[0], parts[0].n[1]};
    for (guint p = 0; p < split->n_parts; p++) {
        shares[p] = mean_of(&parts[p], 1) - mean_of(&parts[p], 0);
        sum[0] += parts[p].sum[0];
        sum[1] += parts[p].sum[1];
    }
    split->mean_before = round_quotient(sum[0], n[0]);
    split->change = round_quotient(sum[1] * n[0] - sum[0] * n[1], n[0] * n[1]);
    split->mean_after = split->mean_before + split->change;
    split_deal(split->change, shares, split->n_parts, split->parts);
}

Split *split_change(const SplitRow *rows, gsize n_rows, guint n_parts, guint n_groups)
{
    g_return_val_if_fail(n_parts > 0 && n_parts <= SPLIT_PARTS_MAX && n_groups > 0, NULL);
    Sums all[SPLIT_PARTS_MAX] = {0};
    g_autofree Sums *groups = g_new0(Sums, (gsize) n_parts * n_groups);
    for (gsize i = 0; i < n_rows; i++) {
        guint side = rows[i].is_after ? 1 : 0;
        for (guint p = 0; p < n_parts; p++) {
            Sums *group = &groups[p * n_groups + rows[i].group];
            group->n[side]++;
            group->sum[side] += rows[i].part[p];
            all[p].n[side]++;
            all[p].sum[side] += rows[i].part[p];
        }
    }
    if (all[0].n[0] == 0 || all[0].n[1] == 0)
        return NULL;
    Split *split = g_new0(Split, 1);
    split->n_parts = n_parts;
    split->n_groups = n_groups;
    split->parts = g_new0(Duration, n_parts);
    split->groups = g_new0(SplitGroup, (gsize) n_parts * n_groups);
    split_whole(split, all);
    for (guint p = 0; p < n_parts; p++)
        split_part(split, p, groups + p * n_groups, &all[p]);
    return split;
}

void split_free(Split *split)
{
    if (split == NULL)
        return;
    g_free(split->parts);
    g_free(split->groups);
    g_free(split);
}
