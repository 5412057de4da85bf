#include "insight/sink.h"

struct FindingSink {
    gint64 workspace_id;
    GStringChunk *texts;
    GPtrArray *drafts; /* SinkDraft */
    GHashTable *by_id; /* &SinkDraft.finding_id -> SinkDraft */
    GHashTable *kept;  /* "rule/repository/number" */
};

FindingSink *finding_sink_new(gint64 workspace_id)
{
    FindingSink *sink = g_new0(FindingSink, 1);
    sink->workspace_id = workspace_id;
    sink->texts = g_string_chunk_new(16 * 1024);
    sink->drafts = g_ptr_array_new_with_free_func(g_free);
    sink->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    sink->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return sink;
}

void finding_sink_free(FindingSink *sink)
{
    if (sink == NULL)
        return;
    g_hash_table_unref(sink->by_id);
    g_hash_table_unref(sink->kept);
    g_ptr_array_unref(sink->drafts);
    g_string_chunk_free(sink->texts);
    g_free(sink);
}

/* ---- drafts */

void draft_init(FindingDraft *draft, const Rule *rule)
{
    *draft = (FindingDraft){
        .number = COUNT_ABSENT,
        .person_id = COUNT_ABSENT,
        .since = TIME_ABSENT,
        .severity = rule->severity,
        .evidence_in_all = COUNT_ABSENT,
    };
}

DraftEvidence *draft_add_evidence(FindingDraft *draft)
{
    if (draft->n_evidence == DRAFT_EVIDENCE_MAX)
        return NULL;
    DraftEvidence *evidence = &draft->evidence[draft->n_evidence++];
    *evidence =
        (DraftEvidence){.number = COUNT_ABSENT, .person_id = COUNT_ABSENT, .at = TIME_ABSENT};
    return evidence;
}

void draft_add_pull_evidence(FindingDraft *draft, const PullCase *pull, gint64 person_id,
                             UtcTime at, const char *text)
{
    DraftEvidence *evidence = draft_add_evidence(draft);
    if (evidence == NULL)
        return;
    evidence->repository_id = pull->row->repository_id;
    evidence->number = pull->row->number;
    evidence->person_id = person_id;
    evidence->at = at;
    evidence->text = text;
    evidence->url = pull->row->html_url;
}

void draft_add_nearest(FindingDraft *draft, gint64 person_id)
{
    for (guint i = 0; i < draft->n_nearest; i++)
        if (draft->nearest[i] == person_id)
            return;
    if (draft->n_nearest < DRAFT_NEAREST_MAX)
        draft->nearest[draft->n_nearest++] = person_id;
}

/* ---- what rules call */

const char *finding_text(FindingSink *sink, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return g_string_chunk_insert(sink->texts, text);
}

static const char *keep(FindingSink *sink, const char *text)
{
    return text != NULL ? g_string_chunk_insert(sink->texts, text) : NULL;
}

gint64 finding_id_of(gint64 workspace_id, const char *rule, gint64 repository_id, gint64 number,
                     gint64 person_id, const char *subject)
{
    g_autofree char *key =
        g_strdup_printf("%s/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s",
                        rule, repository_id, number, person_id, subject != NULL ? subject : "");
    return model_id(ID_FINDING, workspace_id, key);
}

void finding_sink_put(FindingSink *sink, const Rule *rule, const FindingDraft *draft)
{
    g_assert(draft->what != NULL && draft->next != NULL);
    gint64 id = finding_id_of(sink->workspace_id, rule->id, draft->repository_id, draft->number,
                              draft->person_id, draft->subject);
    if (g_hash_table_contains(sink->by_id, &id))
        return;
    SinkDraft *kept = g_new0(SinkDraft, 1);
    kept->finding_id = id;
    kept->rule = rule;
    kept->draft = *draft;
    kept->draft.subject = keep(sink, draft->subject);
    kept->draft.what = keep(sink, draft->what);
    kept->draft.next = keep(sink, draft->next);
    for (guint i = 0; i < draft->n_evidence; i++) {
        kept->draft.evidence[i].text = keep(sink, draft->evidence[i].text);
        kept->draft.evidence[i].url = keep(sink, draft->evidence[i].url);
    }
    if (draft->evidence_in_all == COUNT_ABSENT)
        kept->draft.evidence_in_all = draft->n_evidence;
    g_ptr_array_add(sink->drafts, kept);
    g_hash_table_insert(sink->by_id, &kept->finding_id, kept);
}

static char *kept_key(const char *rule, gint64 repository_id, gint64 number)
{
    return g_strdup_printf("%s/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, rule, repository_id,
                           number);
}

void finding_sink_keep(FindingSink *sink, const Rule *rule, gint64 repository_id, gint64 number)
{
    g_hash_table_add(sink->kept, kept_key(rule->id, repository_id, number));
}

/* ---- what becomes of it */

const GPtrArray *finding_sink_drafts(const FindingSink *sink)
{
    return sink->drafts;
}

const SinkDraft *finding_sink_find(const FindingSink *sink, gint64 finding_id)
{
    return g_hash_table_lookup(sink->by_id, &finding_id);
}

gboolean finding_sink_keeps(const FindingSink *sink, const char *rule, gint64 repository_id,
                            gint64 number)
{
    if (g_hash_table_size(sink->kept) == 0)
        return FALSE;
    g_autofree char *all = kept_key(rule, 0, COUNT_ABSENT);
    g_autofree char *repository = kept_key(rule, repository_id, COUNT_ABSENT);
    g_autofree char *one = kept_key(rule, repository_id, number);
    return g_hash_table_contains(sink->kept, all) ||
           g_hash_table_contains(sink->kept, repository) || g_hash_table_contains(sink->kept, one);
}
