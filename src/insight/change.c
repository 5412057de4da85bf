#include "insight/change.h"

#include <math.h>

const char *const CHANGE_MEASURE_NAMES[CHANGE_MEASURES] = {
    "cycle-time", "coding-time", "pickup-time", "review-time", "merge-time"};

const char *trend_part_name(guint part)
{
    static const char *const NAMES[TREND_PARTS] = {"coding", "pickup", "review", "merge",
                                                   "time that belongs to no phase"};
    return part < TREND_PARTS ? NAMES[part] : NULL;
}

const char *change_way_name(ChangeWay way)
{
    static const char *const NAMES[CHANGE_WAYS] = {"repository", "team", "size"};
    return way < CHANGE_WAYS ? NAMES[way] : NULL;
}

Duration change_cut(const MeasureSeries *series)
{
    gsize n = 0;
    g_autofree double *values = g_new(double, MAX(series->n, 1));
    for (gsize i = 0; i < series->n; i++)
        if (!isnan(series->values[i * series->n_asks]))
            values[n++] = series->values[i * series->n_asks];
    return n == 0 ? 0 : (Duration) measure_percentile(values, n, CHANGE_CUT);
}

SplitRow change_row(const MeasureSeries *series, gsize i)
{
    SplitRow row = {0};
    const double *values = series->values + i * series->n_asks;
    Duration rest = (Duration) values[0];
    if (series->n_asks == 1) {
        row.part[0] = rest;
        return row;
    }
    for (gsize phase = 1; phase < series->n_asks; phase++) {
        row.part[phase - 1] = isnan(values[phase]) ? 0 : (Duration) values[phase];
        rest -= row.part[phase - 1];
    }
    row.part[TREND_REST] = rest;
    return row;
}

/* ---- ids as numbers of groups */

static gpointer key_of(gint64 id)
{
    gint64 *key = g_new(gint64, 1);
    *key = id;
    return key;
}

typedef struct {
    GHashTable *numbers; /* id -> number + 1 */
    GArray *ids;         /* gint64, by number */
} Numbering;

static Numbering numbering_new(void)
{
    return (Numbering){g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                       g_array_new(FALSE, FALSE, sizeof(gint64))};
}

static void numbering_clear(Numbering *numbering)
{
    g_hash_table_unref(numbering->numbers);
    g_array_unref(numbering->ids);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Numbering, numbering_clear)

static guint32 number_of(Numbering *numbering, gint64 id)
{
    gsize number = GPOINTER_TO_SIZE(g_hash_table_lookup(numbering->numbers, &id));
    if (number != 0)
        return (guint32) number - 1;
    g_array_append_val(numbering->ids, id);
    g_hash_table_insert(numbering->numbers, key_of(id), GSIZE_TO_POINTER(numbering->ids->len));
    return numbering->ids->len - 1;
}

/* ---- teams of too few people */

/* The teams behind whose rows fewer people stand than the least size; they are not told apart from
 * rows of no team. */
static GHashTable *find_small_teams(const MeasureColumns *columns, const MeasureSeries *series)
{
    GHashTable *people = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                               (GDestroyNotify) g_hash_table_unref);
    for (gsize i = 0; i < series->n; i++) {
        const MeasurePoint *point = &series->points[i];
        GHashTable *members = g_hash_table_lookup(people, &point->team_id);
        if (members == NULL) {
            members = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
            g_hash_table_insert(people, key_of(point->team_id), members);
        }
        g_hash_table_add(members, key_of(point->author_id));
    }
    GHashTableIter iter;
    gpointer team, members;
    g_hash_table_iter_init(&iter, people);
    while (g_hash_table_iter_next(&iter, &team, &members))
        if (g_hash_table_size(members) >= measure_least_group(columns))
            g_hash_table_iter_remove(&iter);
    return people;
}

/* ---- the answer */

static gint most_first(gconstpointer a, gconstpointer b)
{
    const ChangeGroup *first = a, *second = b;
    Duration one = ABS(first->within + first->mix), other = ABS(second->within + second->mix);
    if (one != other)
        return one > other ? -1 : 1;
    return (first->id > second->id) - (first->id < second->id);
}

static GArray *groups_of(const Split *split, const Numbering *numbering)
{
    GArray *groups = g_array_sized_new(FALSE, FALSE, sizeof(ChangeGroup), split->n_groups);
    for (guint g = 0; g < split->n_groups; g++) {
        ChangeGroup group = {.id = g_array_index(numbering->ids, gint64, g),
                             .n_before = split->groups[g].n_before,
                             .n_after = split->groups[g].n_after};
        for (guint p = 0; p < split->n_parts; p++) {
            const SplitGroup *part = &split->groups[p * split->n_groups + g];
            group.within += part->within;
            group.mix += part->mix;
            group.parts[p] = part->within + part->mix;
        }
        g_array_append_val(groups, group);
    }
    g_array_sort(groups, most_first);
    return groups;
}

static gint64 id_of(const MeasurePoint *point, ChangeWay way, GHashTable *small)
{
    switch (way) {
    case CHANGE_BY_REPOSITORY:
        return point->repository_id;
    case CHANGE_BY_TEAM:
        return g_hash_table_contains(small, &point->team_id) ? 0 : point->team_id;
    case CHANGE_BY_SIZE:
    case CHANGE_WAYS:
        break;
    }
    return point->size;
}

/* Splits by one way to look at it; the whole is the same whichever. */
static void explain_by(CycleChange *change, ChangeWay way, const MeasureSeries *series,
                       SplitRow *rows, const gsize *point_of_row, gsize n, GHashTable *small)
{
    g_auto(Numbering) numbering = numbering_new();
    for (gsize i = 0; i < n; i++)
        rows[i].group = number_of(&numbering, id_of(&series->points[point_of_row[i]], way, small));
    g_autoptr(Split) split = split_change(rows, n, TREND_PARTS, MAX(numbering.ids->len, 1));
    if (split == NULL)
        return;
    change->mean_before = split->mean_before;
    change->mean_after = split->mean_after;
    change->change = split->change;
    for (guint p = 0; p < TREND_PARTS; p++)
        change->parts[p] = split->parts[p];
    change->groups[way] = groups_of(split, &numbering);
}

static void explain(const MeasureColumns *columns, const MeasureSeries *series, CycleChange *change)
{
    g_autofree SplitRow *rows = g_new(SplitRow, MAX(series->n, 1));
    g_autofree gsize *point_of_row = g_new(gsize, MAX(series->n, 1));
    g_autoptr(GHashTable) small = find_small_teams(columns, series);
    gsize n = 0;
    change->cut = change_cut(series);
    for (gsize i = 0; i < series->n; i++) {
        if (isnan(series->values[i * series->n_asks]))
            continue;
        rows[n] = change_row(series, i);
        rows[n].is_after = series->points[i].at >= change->middle;
        split_cap(&rows[n], TREND_PARTS, change->cut);
        *(rows[n].is_after ? &change->n_after : &change->n_before) += 1;
        point_of_row[n++] = i;
    }
    for (ChangeWay way = 0; way < CHANGE_WAYS; way++)
        explain_by(change, way, series, rows, point_of_row, n, small);
}

gboolean change_explain(const MeasureColumns *columns, const MeasureQuery *query,
                        CycleChange *ret_change, GError **error)
{
    MeasureQuery both = *query;
    MeasureAsk asks[CHANGE_MEASURES];
    gboolean is_working = query->n_asks > 0 && query->asks[0].working_time;
    for (guint i = 0; i < CHANGE_MEASURES; i++)
        asks[i] = (MeasureAsk){measure_find(CHANGE_MEASURE_NAMES[i]), STATISTIC_P50, is_working};
    CycleChange change = {.from = query->from - (query->until - query->from),
                          .middle = query->from,
                          .until = query->until};
    both.from = change.from;
    both.asks = asks;
    both.n_asks = CHANGE_MEASURES;
    g_autoptr(MeasureSeries) series = measure_series(columns, &both, error);
    if (series == NULL)
        return FALSE;
    explain(columns, series, &change);
    *ret_change = change;
    return TRUE;
}

void change_clear(CycleChange *change)
{
    for (ChangeWay way = 0; way < CHANGE_WAYS; way++)
        g_clear_pointer(&change->groups[way], g_array_unref);
}
