#include "measure/tally.h"
#include "measure/statistics.h"

#include <math.h>

#define MAX_FIELDS ((gsize) 4 << 20)

void tally_init(Tally *tally, const Measure *measure, gboolean working_time)
{
    *tally = (Tally){
        .measure = measure,
        .working_time = working_time,
        .cells = g_array_new(FALSE, TRUE, sizeof(TallyCell)),
        .values = g_array_new(FALSE, FALSE, sizeof(TallyValue)),
        .people = g_array_new(FALSE, FALSE, sizeof(TallyPerson)),
        .spells = g_array_new(FALSE, FALSE, sizeof(TallySpell)),
    };
}

void tally_clear(Tally *tally)
{
    g_clear_pointer(&tally->cells, g_array_unref);
    g_clear_pointer(&tally->values, g_array_unref);
    g_clear_pointer(&tally->people, g_array_unref);
    g_clear_pointer(&tally->spells, g_array_unref);
    g_clear_pointer(&tally->starts, g_free);
}

/* Whether a sum is how many different ones there are. */
static gboolean counts_different(const Measure *measure)
{
    return measure->source == SOURCE_PEOPLE || measure->source == SOURCE_DAYS;
}

void tally_expect(Tally *tally, Statistic statistic)
{
    if (tally->measure->source == SOURCE_SPELL)
        return; /* they are always kept, as spells */
    if (statistic == STATISTIC_P50 || statistic == STATISTIC_P75 || statistic == STATISTIC_P90)
        tally->keeps_values = TRUE;
    if (statistic == STATISTIC_GINI || statistic == STATISTIC_TOP_SHARE ||
        (statistic == STATISTIC_SUM && counts_different(tally->measure)))
        tally->keeps_people = TRUE;
}

static void keep_values(Tally *tally, const RowBlock *block)
{
    guint n = tally->values->len;
    g_array_set_size(tally->values, n + (guint) block->n);
    TallyValue *kept = (TallyValue *) (void *) tally->values->data + n;
    for (gsize i = 0; i < block->n; i++)
        if (!block->is_left_out[i] && !isnan(block->value[i]))
            *kept++ = (TallyValue){block->group[i], block->value[i]};
    g_array_set_size(tally->values, (guint) (kept - (TallyValue *) (void *) tally->values->data));
}

static void keep_spells(Tally *tally, const RowBlock *block)
{
    TallyCell *cells = (TallyCell *) (void *) tally->cells->data;
    for (gsize i = 0; i < block->n; i++) {
        TallySpell entry = {block->group[i], {block->value[i], (SpellEnd) block->end[i]}};
        if (block->is_left_out[i] || isnan(entry.spell.length))
            continue;
        cells[entry.group].open += entry.spell.end == SPELL_OPEN;
        cells[entry.group].otherwise += entry.spell.end == SPELL_OTHERWISE;
        g_array_append_val(tally->spells, entry);
    }
}

static void keep_people(Tally *tally, const RowBlock *block)
{
    for (gsize i = 0; i < block->n; i++) {
        TallyPerson entry = {block->group[i], block->person[i], block->value[i]};
        if (!block->is_left_out[i] && !isnan(entry.value))
            g_array_append_val(tally->people, entry);
    }
}

static void add_weights(Tally *tally, const RowBlock *block)
{
    for (gsize i = 0; i < block->n; i++) {
        TallyCell *cell = &g_array_index(tally->cells, TallyCell, block->group[i]);
        if (block->is_left_out[i] || isnan(block->value[i]))
            continue;
        cell->weighted += block->value[i] * block->weight[i];
        cell->weight += block->weight[i];
    }
}

void tally_add(Tally *tally, const RowBlock *block, guint32 n_groups)
{
    if (tally->cells->len < n_groups)
        g_array_set_size(tally->cells, n_groups);
    TallyCell *cells = (TallyCell *) (void *) tally->cells->data;
    for (gsize i = 0; i < block->n; i++) {
        TallyCell *cell = &cells[block->group[i]];
        double value = block->value[i];
        if (block->is_left_out[i]) {
            cell->excluded++;
        } else if (isnan(value)) {
            cell->absent++;
        } else {
            cell->min = cell->n == 0 ? value : MIN(cell->min, value);
            cell->max = cell->n == 0 ? value : MAX(cell->max, value);
            cell->sum += value;
            cell->n++;
        }
    }
    if (tally->measure->source == SOURCE_REWORK)
        add_weights(tally, block);
    if (tally->keeps_values)
        keep_values(tally, block);
    if (tally->measure->source == SOURCE_SPELL)
        keep_spells(tally, block);
    if (tally->keeps_people)
        keep_people(tally, block);
}

/* Where each group's run of values begins. */
static gsize *find_starts(Tally *tally, guint32 n_groups)
{
    gsize *starts = tally->starts = g_new0(gsize, (gsize) n_groups + 1);
    for (guint32 group = 0; group < n_groups && group < tally->cells->len; group++)
        starts[group + 1] = (gsize) g_array_index(tally->cells, TallyCell, group).n;
    for (guint32 group = 0; group < n_groups; group++)
        starts[group + 1] += starts[group];
    return g_memdup2(starts, ((gsize) n_groups + 1) * sizeof *starts);
}

/* One run of values per group, each put in its place. */
static void sort_values(Tally *tally, guint32 n_groups)
{
    GArray *values = tally->values;
    g_autofree gsize *next = find_starts(tally, n_groups);
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(double), values->len);
    g_array_set_size(sorted, values->len);
    for (gsize i = 0; i < values->len; i++) {
        const TallyValue *from = &g_array_index(values, TallyValue, i);
        g_array_index(sorted, double, next[from->group]++) = from->value;
    }
    g_array_unref(values);
    tally->values = sorted;
}

static void sort_spells(Tally *tally, guint32 n_groups)
{
    GArray *spells = tally->spells;
    g_autofree gsize *next = find_starts(tally, n_groups);
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(Spell), spells->len);
    g_array_set_size(sorted, spells->len);
    for (guint i = 0; i < spells->len; i++) {
        const TallySpell *from = &g_array_index(spells, TallySpell, i);
        g_array_index(sorted, Spell, next[from->group]++) = from->spell;
    }
    g_array_unref(spells);
    tally->spells = sorted;
}

static gint compare_people(gconstpointer a, gconstpointer b)
{
    const TallyPerson *first = a, *second = b;
    if (first->group != second->group)
        return first->group < second->group ? -1 : 1;
    return (first->person > second->person) - (first->person < second->person);
}

/* The same as merging a sorted list, where a field per group and person has room. */
static void merge_people_in_fields(Tally *tally, gsize n_groups, gsize n_people)
{
    GArray *people = tally->people;
    g_autofree double *sums = g_new0(double, n_groups *n_people);
    for (guint i = 0; i < people->len; i++) {
        const TallyPerson *entry = &g_array_index(people, TallyPerson, i);
        sums[entry->group * n_people + entry->person] += entry->value;
    }
    g_autofree guint8 *is_there = g_new0(guint8, n_groups * n_people);
    for (guint i = 0; i < people->len; i++) {
        const TallyPerson *entry = &g_array_index(people, TallyPerson, i);
        is_there[entry->group * n_people + entry->person] = 1;
    }
    g_array_set_size(people, 0);
    for (gsize field = 0; field < n_groups * n_people; field++) {
        TallyPerson entry = {(guint32) (field / n_people), (guint32) (field % n_people),
                             sums[field]};
        if (is_there[field])
            g_array_append_val(people, entry);
    }
}

/* One entry per group and person, with the sum of what the person has. */
static void merge_people(Tally *tally, gsize n_groups, gsize n_people)
{
    if (n_groups <= MAX_FIELDS / MAX(n_people, 1)) {
        merge_people_in_fields(tally, n_groups, n_people);
        return;
    }
    GArray *people = tally->people;
    guint n = 0;
    g_array_sort(people, compare_people);
    for (guint i = 0; i < people->len; i++) {
        TallyPerson *entry = &g_array_index(people, TallyPerson, i);
        TallyPerson *last = n == 0 ? NULL : &g_array_index(people, TallyPerson, n - 1);
        if (last != NULL && compare_people(last, entry) == 0)
            last->value += entry->value;
        else
            g_array_index(people, TallyPerson, n++) = *entry;
    }
    g_array_set_size(people, n);
}

void tally_end(Tally *tally, guint32 n_groups, guint32 n_people)
{
    if (tally->cells->len < n_groups)
        g_array_set_size(tally->cells, n_groups);
    if (tally->keeps_values)
        sort_values(tally, n_groups);
    if (tally->measure->source == SOURCE_SPELL)
        sort_spells(tally, n_groups);
    if (tally->keeps_people)
        merge_people(tally, n_groups, n_people);
}

const TallyCell *tally_cell(const Tally *tally, guint32 group)
{
    return &g_array_index(tally->cells, TallyCell, group);
}

IncidenceQuantile tally_estimate(Tally *tally, guint32 group, Statistic statistic)
{
    gsize start = tally->starts[group];
    g_autoptr(GArray) curve = survival_incidence((Spell *) (void *) tally->spells->data + start,
                                                 tally->starts[group + 1] - start);
    double share = statistic == STATISTIC_P90 ? 0.9 : statistic == STATISTIC_P75 ? 0.75 : 0.5;
    return survival_quantile(curve, share);
}

static double percentile_of(Tally *tally, guint32 group, double p)
{
    gsize start = tally->starts[group];
    return measure_percentile((double *) (void *) tally->values->data + start,
                              tally->starts[group + 1] - start, p);
}

/* What each person of a group has. */
static GArray *shares_of(const Tally *tally, guint32 group)
{
    GArray *shares = g_array_new(FALSE, FALSE, sizeof(double));
    guint low = 0, high = tally->people->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(tally->people, TallyPerson, middle).group < group)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < tally->people->len; low++) {
        const TallyPerson *entry = &g_array_index(tally->people, TallyPerson, low);
        if (entry->group != group)
            break;
        g_array_append_val(shares, entry->value);
    }
    return shares;
}

static double concentration_of(const Tally *tally, guint32 group, Statistic statistic)
{
    g_autoptr(GArray) shares = shares_of(tally, group);
    double *values = (double *) (void *) shares->data;
    if (statistic == STATISTIC_GINI)
        return statistics_gini(values, shares->len);
    if (statistic == STATISTIC_TOP_SHARE)
        return statistics_top_share(values, shares->len);
    return (double) shares->len;
}

double tally_statistic(Tally *tally, guint32 group, Statistic statistic)
{
    const TallyCell *cell = tally_cell(tally, group);
    double nothing = (double) NAN;
    switch (statistic) {
    case STATISTIC_N:
        return (double) cell->n;
    case STATISTIC_SUM:
        if (counts_different(tally->measure))
            return concentration_of(tally, group, statistic);
        return cell->sum;
    case STATISTIC_SHARE:
        if (tally->measure->source == SOURCE_REWORK)
            return cell->n == 0 ? nothing : cell->weighted / cell->weight;
        G_GNUC_FALLTHROUGH;
    case STATISTIC_MEAN:
        return cell->n == 0 ? nothing : cell->sum / (double) cell->n;
    case STATISTIC_MIN:
        return cell->n == 0 ? nothing : cell->min;
    case STATISTIC_MAX:
        return cell->n == 0 ? nothing : cell->max;
    case STATISTIC_P50:
        return percentile_of(tally, group, 0.5);
    case STATISTIC_P75:
        return percentile_of(tally, group, 0.75);
    case STATISTIC_P90:
        return percentile_of(tally, group, 0.9);
    case STATISTIC_GINI:
    case STATISTIC_TOP_SHARE:
        return concentration_of(tally, group, statistic);
    case STATISTIC_COUNT:
        break;
    }
    return nothing;
}
