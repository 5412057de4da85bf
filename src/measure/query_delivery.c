/*
 * Nothing known is not nothing happened: counts of deliveries are absent, not zero, where no
 * repository behind them tells of any.
 */
#include "measure/query.h"

#include <math.h>

static gboolean is_of_delivery(const MeasureInfo *info)
{
    Anchor anchor = measure_of(info)->anchor;
    return info->subject == MEASURE_OF_DEPLOYMENTS || anchor == ANCHOR_RELEASED;
}

/* Merges do not fail, so of failures they say nothing. */
static gboolean is_known_from(const MeasureInfo *info, guint8 source)
{
    Anchor anchor = measure_of(info)->anchor;
    gboolean is_of_failures = anchor == ANCHOR_JUDGED || anchor == ANCHOR_RESTORED;
    return source != DELIVERY_UNKNOWN && !(is_of_failures && source == DELIVERY_MERGES);
}

static gboolean is_in_row(const MeasureColumns *columns, const MeasureQuery *query,
                          const MeasureRow *row, guint32 repository)
{
    guint32 project = g_array_index(columns->project_of, guint32, repository);
    gint64 id = dictionary_id(&columns->repositories, repository);
    const char *key = project == NO_INDEX ? "" : dictionary_key(&columns->projects, project);
    if (query->repository_id != 0 && query->repository_id != id)
        return FALSE;
    if (query->project_key != NULL && g_strcmp0(query->project_key, key) != 0)
        return FALSE;
    for (guint i = 0; row != NULL && i < G_N_ELEMENTS(query->by); i++) {
        if (query->by[i] == DIMENSION_REPOSITORY && g_ascii_strtoll(row->key[i], NULL, 10) != id)
            return FALSE;
        if (query->by[i] == DIMENSION_PROJECT && g_strcmp0(row->key[i], key) != 0)
            return FALSE;
    }
    return TRUE;
}

typedef struct {
    guint known, unknown; /* repositories */
    guint by_merges;      /* known, but of failures nothing */
} Extent;

/* @row NULL: all that the filters let through. */
static Extent find_extent(const MeasureColumns *columns, const MeasureQuery *query,
                          const MeasureRow *row, const MeasureInfo *info)
{
    Extent extent = {0};
    for (guint32 i = 0; i < columns->delivery_of->len; i++) {
        guint8 source = g_array_index(columns->delivery_of, guint8, i);
        if (source == DELIVERY_NOT_ASKED || !is_in_row(columns, query, row, i))
            continue;
        gboolean known = is_known_from(info, source);
        extent.known += known;
        extent.unknown += !known;
        extent.by_merges += !known && source == DELIVERY_MERGES;
    }
    return extent;
}

static char *note_words(const MeasureInfo *info, const Extent *extent)
{
    GString *words = g_string_new(NULL);
    guint in_all = extent->known + extent->unknown, silent = extent->unknown - extent->by_merges;
    const char *place = in_all == 1 ? "this repository" : "these repositories";
    if (extent->known > 0)
        g_string_printf(words, "%s: %u of %u repositories are not in the figures, for", info->title,
                        extent->unknown, in_all);
    else
        g_string_printf(words, "%s: not known of %s, for", info->title, place);
    if (silent > 0)
        g_string_append(words,
                        " Bitbucket tells of no deployment to production. Where each merge into "
                        "the main branch, or each pipeline on it, is a release, say so with "
                        "'plumbline releases set PATTERN merge', or '… pipelines'.");
    else
        g_string_append(words, " a merge that is a release does not fail.");
    return g_string_free(words, FALSE);
}

void query_mark_unknown_deliveries(const MeasureColumns *columns, const MeasureQuery *query,
                                   MeasureTable *table)
{
    for (gsize ask = 0; ask < query->n_asks; ask++) {
        const MeasureInfo *info = query->asks[ask].measure;
        if (!is_of_delivery(info))
            continue;
        Extent all = find_extent(columns, query, NULL, info);
        if (all.unknown > 0 && table->note == NULL)
            table->note = note_words(info, &all);
        for (gsize i = 0; all.unknown > 0 && i < table->n_rows; i++) {
            MeasureCell *cell = &table->rows[i].cells[ask];
            if (cell->n == 0 && query->asks[ask].statistic != STATISTIC_N &&
                find_extent(columns, query, &table->rows[i], info).known == 0)
                cell->value = (double) NAN;
        }
    }
}
