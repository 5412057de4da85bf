/*
 * split: where a change of a mean comes from, exactly to the microsecond.
 *
 * The change of the mean length from one sample to another is first the sum of the changes of its
 * parts (phases). The change of each part is then, over groups (repositories, teams, size classes),
 * the sum of what each contributes because its own mean changed ("within": the same mix, slower)
 * and because its share changed ("mix": another mix). This is the decomposition of E. M. Kitagawa,
 * "Components of a difference between two rates", Journal of the American Statistical Association
 * 50 (1955), with the symmetric weights given there (averages of the two samples); R. Oaxaca (1973)
 * and A. Blinder (1973) gave the same for means in regression:
 *
 *   within(g) = (w1 + w0) / 2 x (m1 - m0)        w: the group's share of its sample, m: its mean
 *   mix(g)    = (w1 - w0) x ((m1 + m0) / 2 - M)  M: the mean of both samples' means
 *
 * M shifts no sum, for shares add up to one; with it a group that grew adds to the change only when
 * it is slower than the rest. A group of which one sample has nothing has the other's mean, so all
 * of it is mix. Every figure is an integer; what rounding leaves goes to the largest remainders
 * (Hamilton's method), so that every sum holds exactly. Pure functions; any thread.
 */
#pragma once

#include "base/base.h"

#define SPLIT_PARTS_MAX 8

typedef struct {
    Duration part[SPLIT_PARTS_MAX];
    guint32 group;
    gboolean is_after;
} SplitRow;

typedef struct {
    gint64 n_before, n_after;
    Duration within, mix;
} SplitGroup;

typedef struct {
    guint n_parts, n_groups;
    Duration mean_before, mean_after; /* rounded; their difference is the change */
    Duration change;
    Duration *parts;    /* n_parts; they sum to change */
    SplitGroup *groups; /* of part p and group g at [p * n_groups + g]; a part's within and mix sum
                           to it */
} Split;

/* NULL when a sample has no rows. */
Split *split_change(const SplitRow *rows, gsize n_rows, guint n_parts, guint n_groups);
void split_free(Split *split);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Split, split_free)

/* Winsorises: a row whose parts sum to more than @most is shortened to it, all parts alike. */
void split_cap(SplitRow *row, guint n_parts, Duration most);

/* Deals @total out in proportion to @shares (which sum to it, but for rounding). */
void split_deal(Duration total, const long double *shares, gsize n, Duration *ret_parts);
