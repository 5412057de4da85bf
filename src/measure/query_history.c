/*
 * What a question about the main branch cannot say where no mirror was read.
 */
#include "measure/query.h"

/* Whether the query's place has a change at any time. */
static gboolean has_changes(const MeasureColumns *columns, const MeasureQuery *query)
{
    const ChangeColumns *changes = &columns->changes;
    guint32 repository = query->repository_id != 0
                             ? dictionary_find_id(&columns->repositories, query->repository_id)
                             : NO_INDEX;
    if (query->repository_id == 0)
        return changes->n > 0;
    for (gsize i = 0; i < changes->n; i++)
        if (changes->repository[i] == repository)
            return TRUE;
    return FALSE;
}

void query_mark_unknown_history(const MeasureColumns *columns, const MeasureQuery *query,
                                MeasureTable *table)
{
    for (gsize ask = 0; ask < query->n_asks && table->note == NULL; ask++) {
        const MeasureInfo *info = query->asks[ask].measure;
        if (info->subject == MEASURE_OF_CHANGES && !has_changes(columns, query))
            table->note = g_strdup_printf(
                "%s: not known of %s, for the history of lines comes from git: run "
                "'plumbline sync' without --no-git.",
                info->title, query->repository_id != 0 ? "this repository" : "these repositories");
    }
}
