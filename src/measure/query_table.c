#include "measure/query.h"

#include <math.h>

/* What the rows are sorted by. */
typedef struct {
    guint32 number, slot[2];
    gint64 weight[2]; /* rows behind the first ask: of the slot on axis 0, of this group */
    char *label[2];
} TableRow;

typedef struct {
    const QueryRun *run;
} SortContext;

static gint compare_on(const QueryRun *run, guint axis, const TableRow *a, const TableRow *b)
{
    if (axis_is_ordered(&run->axes[axis]) || a->slot[axis] == b->slot[axis])
        return (a->slot[axis] > b->slot[axis]) - (a->slot[axis] < b->slot[axis]);
    if (a->weight[axis] != b->weight[axis])
        return a->weight[axis] < b->weight[axis] ? 1 : -1;
    gint order = g_strcmp0(a->label[axis], b->label[axis]);
    return order != 0 ? order : a->slot[axis] < b->slot[axis] ? -1 : 1;
}

static gint compare_rows(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const SortContext *context = user_data;
    gint order = compare_on(context->run, 0, a, b);
    return order != 0 ? order : compare_on(context->run, 1, a, b);
}

/* Bots and excluded people would be rows that say nothing but how much was left out. */
static gboolean is_nobody(const QueryRun *run, guint32 group)
{
    if (!axis_is_people(&run->axes[0]) && !axis_is_people(&run->axes[1]))
        return FALSE;
    for (gsize i = 0; i < run->n_tallies; i++) {
        const TallyCell *cell = tally_cell(&run->tallies[i], group);
        if (cell->n != 0 || cell->absent != 0)
            return FALSE;
    }
    return TRUE;
}

/* *@ret_withheld: rows that there are, and that are not shown. */
static GArray *list_rows(const QueryRun *run, gsize *ret_withheld)
{
    const Tally *first = &run->tallies[run->tally_of_ask[0]];
    g_autofree gint64 *weights = g_new0(gint64, MAX(run->axes[0].n, 1));
    guint32 n = groups_count(&run->groups);
    for (guint32 group = 0; group < n; group++)
        weights[groups_slot(&run->groups, group, 0)] += tally_cell(first, group)->n;
    GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(TableRow), n);
    for (guint32 group = 0; group < n; group++) {
        TableRow row = {.number = group};
        if (is_nobody(run, group))
            continue;
        for (guint axis = 0; axis < 2; axis++)
            row.slot[axis] = groups_slot(&run->groups, group, axis);
        if (!privacy_shows(&run->privacy, row.slot)) {
            ++*ret_withheld;
            continue;
        }
        for (guint axis = 0; axis < 2; axis++) {
            row.label[axis] = axis_label(&run->axes[axis], run->columns, row.slot[axis]);
        }
        row.weight[0] = weights[row.slot[0]];
        row.weight[1] = tally_cell(first, group)->n;
        g_array_append_val(rows, row);
    }
    SortContext context = {run};
    g_array_sort_with_data(rows, compare_rows, &context);
    return rows;
}

static MeasureCell make_cell(Tally *tally, guint32 group, Statistic statistic)
{
    const TallyCell *of = tally_cell(tally, group);
    MeasureCell cell = {.n = of->n,
                        .excluded = of->excluded,
                        .absent = of->absent,
                        .low = (double) NAN,
                        .high = (double) NAN,
                        .open = of->open,
                        .declined = of->otherwise};
    if (tally->measure->source == SOURCE_SPELL && statistic != STATISTIC_N) {
        IncidenceQuantile estimate = tally_estimate(tally, group, statistic);
        cell.value = estimate.time;
        cell.low = estimate.low;
        cell.high = estimate.high;
    } else {
        cell.value = tally_statistic(tally, group, statistic);
    }
    return cell;
}

MeasureTable *query_make_table(QueryRun *run)
{
    const MeasureQuery *query = run->query;
    gsize withheld = 0;
    g_autoptr(GArray) rows = list_rows(run, &withheld);
    MeasureTable *table = g_new0(MeasureTable, 1);
    table->n_withheld = withheld;
    table->least_group = run->privacy.least;
    table->n_rows = rows->len;
    table->n_asks = query->n_asks;
    table->rows = g_new0(MeasureRow, MAX(rows->len, 1));
    for (gsize i = 0; i < rows->len; i++) {
        const TableRow *from = &g_array_index(rows, TableRow, i);
        MeasureRow *row = &table->rows[i];
        for (guint axis = 0; axis < 2; axis++) {
            row->key[axis] = axis_key(&run->axes[axis], run->columns, from->slot[axis]);
            row->label[axis] = from->label[axis];
        }
        row->cells = g_new0(MeasureCell, query->n_asks);
        for (gsize ask = 0; ask < query->n_asks; ask++)
            row->cells[ask] = make_cell(&run->tallies[run->tally_of_ask[ask]], from->number,
                                        query->asks[ask].statistic);
    }
    return table;
}

void measure_table_free(MeasureTable *table)
{
    if (table == NULL)
        return;
    for (gsize i = 0; i < table->n_rows; i++) {
        for (guint axis = 0; axis < 2; axis++) {
            g_free(table->rows[i].key[axis]);
            g_free(table->rows[i].label[axis]);
        }
        g_free(table->rows[i].cells);
    }
    g_free(table->rows);
    g_free(table->note);
    g_free(table);
}
