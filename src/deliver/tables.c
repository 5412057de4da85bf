/*
 * Tables of the command line: the answer to a query, and plain lists.
 */
#include <jansson.h>

#include "deliver/csv.h"
#include "deliver/layout.h"
#include "deliver/words.h"

static const char *const UNITS[] = {"seconds", "lines", "count", "share"};

/* What a cell holds: counts and concentrations are not in the measure's unit. */
static MeasureUnit unit_of(const MeasureAsk *ask)
{
    switch (ask->statistic) {
    case STATISTIC_N:
        return MEASURE_UNIT_COUNT;
    case STATISTIC_SHARE:
    case STATISTIC_GINI:
    case STATISTIC_TOP_SHARE:
        return MEASURE_UNIT_SHARE;
    default:
        return ask->measure->unit;
    }
}

/* Durations in seconds, the rest as it is. */
static double outward(const MeasureAsk *ask, double value)
{
    return unit_of(ask) == MEASURE_UNIT_DURATION ? value / (double) TIME_SECOND : value;
}

GString *deliver_render_table(const char *const *cells, gsize n_rows, gsize n_columns,
                              guint64 right, const ReportStyle *style)
{
    GString *out = g_string_new(NULL);
    g_autofree LayoutAlign *aligns = g_new0(LayoutAlign, MAX(n_columns, 1));
    for (gsize i = 0; i < n_columns; i++)
        aligns[i] = i < 64 && (right >> i & 1) != 0 ? LAYOUT_RIGHT : LAYOUT_LEFT;
    layout_table(out, cells, n_rows, n_columns, aligns, style->width == 0 ? 80 : style->width,
                 style->unicode);
    return out;
}

/* ---- text: a column per ask, and after the asks of one measure the count behind them */

static gboolean ends_measure(const MeasureQuery *query, gsize ask)
{
    return ask + 1 == query->n_asks || query->asks[ask + 1].measure != query->asks[ask].measure;
}

static void put_heading(GPtrArray *cells, const MeasureQuery *query)
{
    for (gsize k = 0; k < G_N_ELEMENTS(query->by); k++) {
        if (query->by[k] != DIMENSION_NONE)
            g_ptr_array_add(cells, g_strdup(dimension_name(query->by[k])));
    }
    for (gsize i = 0; i < query->n_asks; i++) {
        const MeasureAsk *ask = &query->asks[i];
        gboolean first = i == 0 || ends_measure(query, i - 1);
        g_ptr_array_add(cells, g_strdup_printf("%s%s%s%s", first ? ask->measure->title : "",
                                               first ? " " : "", statistic_name(ask->statistic),
                                               ask->working_time ? " (working)" : ""));
        if (ends_measure(query, i) && ask->statistic != STATISTIC_N)
            g_ptr_array_add(cells, g_strdup("n"));
    }
}

/* "34 h (28 h to 41 h)": a band that does not end is one that more time may lengthen without limit.
 */
static char *estimate_words(const MeasureAsk *ask, const MeasureCell *cell)
{
    g_autofree char *value = report_value_words(unit_of(ask), cell->value);
    g_autofree char *low = report_value_words(unit_of(ask), cell->low);
    g_autofree char *high = report_value_words(unit_of(ask), cell->high);
    if (isnan(cell->low))
        return g_steal_pointer(&value);
    if (isnan(cell->high))
        return g_strdup_printf("%s (%s or more)", value, low);
    return g_strdup_printf("%s (%s to %s)", value, low, high);
}

static void put_row(GPtrArray *cells, const MeasureQuery *query, const MeasureRow *row)
{
    for (gsize k = 0; k < G_N_ELEMENTS(query->by); k++) {
        if (query->by[k] != DIMENSION_NONE)
            g_ptr_array_add(cells, g_strdup(row->label[k]));
    }
    for (gsize i = 0; i < query->n_asks; i++) {
        const MeasureAsk *ask = &query->asks[i];
        if (ask->statistic == STATISTIC_GINI)
            g_ptr_array_add(cells, isnan(row->cells[i].value)
                                       ? g_strdup("-")
                                       : g_strdup_printf("%.2f", row->cells[i].value));
        else if (measure_is_estimate(ask->measure) && ask->statistic != STATISTIC_N)
            g_ptr_array_add(cells, estimate_words(ask, &row->cells[i]));
        else
            g_ptr_array_add(cells, report_value_words(unit_of(ask), row->cells[i].value));
        if (ends_measure(query, i) && ask->statistic != STATISTIC_N)
            g_ptr_array_add(cells, words_count(row->cells[i].n));
    }
}

char *deliver_withheld_words(const MeasureTable *table)
{
    if (table->n_withheld == 0)
        return NULL;
    return g_strdup_printf("%" G_GSIZE_FORMAT " %s not shown: fewer than %" G_GINT64_FORMAT
                           " people stand behind %s (setting privacy.least-group).",
                           table->n_withheld, table->n_withheld == 1 ? "row is" : "rows are",
                           table->least_group, table->n_withheld == 1 ? "it" : "them");
}

static GString *measures_text(const MeasureQuery *query, const MeasureTable *table,
                              const ReportStyle *style)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    guint64 labels = 0;
    put_heading(cells, query);
    gsize columns = cells->len;
    for (gsize i = 0; i < table->n_rows; i++)
        put_row(cells, query, &table->rows[i]);
    for (gsize k = 0; k < G_N_ELEMENTS(query->by); k++)
        labels += query->by[k] != DIMENSION_NONE;
    guint64 right = ~((G_GUINT64_CONSTANT(1) << labels) - 1);
    GString *out = deliver_render_table((const char *const *) cells->pdata, table->n_rows + 1,
                                        columns, right, style);
    if (table->note != NULL) {
        g_string_append_c(out, '\n');
        layout_wrap(out, table->note, style->width == 0 ? 80 : style->width, "", "",
                    style->unicode);
    }
    g_autofree char *withheld = deliver_withheld_words(table);
    if (withheld != NULL)
        g_string_append_printf(out, "\n%s\n", withheld);
    return out;
}

/* ---- for programs */

static GString *measures_csv(const MeasureQuery *query, const MeasureTable *table)
{
    static const char *const HEADING[] = {
        "key_1", "label_1", "key_2",    "label_2", "measure", "statistic", "clock", "unit",
        "value", "n",       "excluded", "absent",  "low",     "high",      "open",  "declined"};
    CsvWriter writer = {.out = g_string_new(NULL)};
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        csv_put_text(&writer, HEADING[i]);
    csv_end_row(&writer);
    for (gsize i = 0; i < table->n_rows * table->n_asks; i++) {
        const MeasureRow *row = &table->rows[i / table->n_asks];
        const MeasureAsk *ask = &query->asks[i % table->n_asks];
        const MeasureCell *cell = &row->cells[i % table->n_asks];
        gboolean is_estimate = measure_is_estimate(ask->measure);
        for (gsize k = 0; k < G_N_ELEMENTS(row->key); k++) {
            csv_put_text(&writer, row->key[k]);
            csv_put_text(&writer, row->label[k]);
        }
        csv_put_text(&writer, ask->measure->id);
        csv_put_text(&writer, statistic_name(ask->statistic));
        csv_put_text(&writer, ask->working_time ? "working" : "wall");
        csv_put_text(&writer, UNITS[unit_of(ask)]);
        csv_put_number(&writer, outward(ask, cell->value));
        csv_put_count(&writer, cell->n);
        csv_put_count(&writer, cell->excluded);
        csv_put_count(&writer, cell->absent);
        csv_put_number(&writer, outward(ask, cell->low));
        csv_put_number(&writer, outward(ask, cell->high));
        csv_put_count(&writer, is_estimate ? cell->open : COUNT_ABSENT);
        csv_put_count(&writer, is_estimate ? cell->declined : COUNT_ABSENT);
        csv_end_row(&writer);
    }
    return writer.out;
}

static json_t *text_or_null(const char *text)
{
    g_autofree char *clean = words_clean(text);
    return text == NULL ? json_null() : json_string(clean);
}

static json_t *number_or_null(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static void put_estimate(json_t *object, const MeasureAsk *ask, const MeasureCell *cell)
{
    json_object_set_new(object, "low", number_or_null(outward(ask, cell->low)));
    json_object_set_new(object, "high", number_or_null(outward(ask, cell->high)));
    json_object_set_new(object, "open", json_integer(cell->open));
    json_object_set_new(object, "declined", json_integer(cell->declined));
}

static json_t *json_row(const MeasureQuery *query, const MeasureRow *row)
{
    json_t *cells = json_array();
    for (gsize i = 0; i < query->n_asks; i++) {
        const MeasureAsk *ask = &query->asks[i];
        double value = outward(ask, row->cells[i].value);
        json_t *cell = json_pack(
            "{ss ss ss ss so sI sI sI}", "measure", ask->measure->id, "statistic",
            statistic_name(ask->statistic), "clock", ask->working_time ? "working" : "wall", "unit",
            UNITS[unit_of(ask)], "value", number_or_null(value), "n", (json_int_t) row->cells[i].n,
            "excluded", (json_int_t) row->cells[i].excluded, "absent",
            (json_int_t) row->cells[i].absent);
        if (measure_is_estimate(ask->measure))
            put_estimate(cell, ask, &row->cells[i]);
        json_array_append_new(cells, cell);
    }
    return json_pack("{s[oo] s[oo] so}", "key", text_or_null(row->key[0]),
                     text_or_null(row->key[1]), "label", text_or_null(row->label[0]),
                     text_or_null(row->label[1]), "cells", cells);
}

static GString *measures_json(const MeasureQuery *query, const MeasureTable *table)
{
    json_t *rows = json_array();
    for (gsize i = 0; i < table->n_rows; i++)
        json_array_append_new(rows, json_row(query, &table->rows[i]));
    json_t *root = json_pack("{ss si s[ss] sI so}", "format", "plumbline-measure", "version",
                             REPORT_FORMAT_VERSION, "by", dimension_name(query->by[0]),
                             dimension_name(query->by[1]), "withheld",
                             (json_int_t) table->n_withheld, "rows", rows);
    if (table->note != NULL)
        json_object_set_new(root, "note", json_string(table->note));
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    GString *out = g_string_new(text);
    g_string_append_c(out, '\n');
    free(text);
    json_decref(root);
    return out;
}

GString *deliver_render_measures(const MeasureQuery *query, const MeasureTable *table,
                                 ReportFormat format, const ReportStyle *style)
{
    switch (format) {
    case REPORT_JSON:
        return measures_json(query, table);
    case REPORT_CSV:
        return measures_csv(query, table);
    default:
        return measures_text(query, table, style);
    }
}
