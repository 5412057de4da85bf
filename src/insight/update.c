/* Evaluates what may have changed and applies it. */
#include "insight/life.h"
#include "insight/mutes.h"

#define DEFINITION_KEY     "insight.definition"
#define INSIGHT_DEFINITION 1 /* version of the rules; a change looks at everything anew */

void insight_summary_clear(InsightSummary *summary)
{
    g_clear_pointer(&summary->failures, g_ptr_array_unref);
}

/* What findings follow from besides pull requests: rules, settings, the choice of repositories, how
 * far they were read. */
static char *definition_of(const EvaluationGround *ground, EvaluationMoment moment)
{
    gsize n;
    const Rule *const *rules = rules_list(&n);
    g_autofree char *settings = rule_settings_fingerprint(ground->settings);
    g_autoptr(GString) text = g_string_new(NULL);
    /* While reading the present is that of its beginning; what is newer is looked at afterwards. */
    g_string_printf(text, "%d;%s;%d;", INSIGHT_DEFINITION, settings, moment);
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(text, "%s,", rules[i]->id);
    for (guint i = 0; i < ground->repositories->len; i++) {
        const StoreRepository *repository = ground->repositories->pdata[i];
        const StoreReading *reading =
            g_hash_table_lookup(ground->under_way, &repository->repository_id);
        g_string_append_printf(text, "%" G_GINT64_FORMAT, repository->repository_id);
        /* What was passed over is looked at when more is known. */
        if (reading != NULL)
            g_string_append_printf(text, "?%" G_GINT64_FORMAT, reading->known_since);
        g_string_append_c(text, ',');
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
}

/* How far back rules of merged pull requests look. */
static UtcTime horizon_of(const EvaluationGround *ground, UtcTime now)
{
    gsize n;
    const Rule *const *rules = rules_list(&n);
    double days = 0;
    for (gsize i = 0; i < n; i++)
        if ((rules[i]->subject & RULE_OF_MERGED) != 0 &&
            rule_settings_is_used(ground->settings, rules[i]))
            days = MAX(days, rule_settings_greatest(ground->settings, rules[i], "days"));
    return now - (Duration) (days * (double) TIME_DAY);
}

static gboolean read_definition(Store *store, gint64 workspace_id, char **ret_text, GError **error)
{
    GError *failure = NULL;
    *ret_text = store_get_setting(store, workspace_id, DEFINITION_KEY, &failure);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean apply(const Evaluation *evaluation, const char *definition, gint64 generation,
                      GPtrArray *mutes, InsightSummary *summary, GError **error)
{
    gint64 workspace_id = evaluation->ground->workspace_id;
    g_autoptr(StoreTx) tx = store_begin(evaluation->ground->store, error);
    return tx != NULL && mutes_end_due(tx, workspace_id, mutes, evaluation->now, error) &&
           life_apply(tx, evaluation, mutes, summary, error) &&
           store_forget_changes(tx, workspace_id, generation, error) &&
           store_put_setting(tx, workspace_id, DEFINITION_KEY, definition, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static GPtrArray *sentences_of(const Evaluation *evaluation)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer sentence;
    g_hash_table_iter_init(&iter, evaluation->failed);
    while (g_hash_table_iter_next(&iter, NULL, &sentence))
        g_ptr_array_add(sentences, g_strdup(sentence));
    return sentences;
}

static gboolean update(Store *store, gint64 workspace_id, UtcTime now, gboolean full,
                       EvaluationMoment moment, InsightSummary *ret_summary, GError **error)
{
    g_auto(EvaluationGround) ground = {0};
    g_auto(Evaluation) evaluation = {0};
    g_autofree char *stored = NULL;
    gint64 computed = 0;
    if (!measure_refresh(store, workspace_id, &computed, error) ||
        !evaluation_ground_load(&ground, store, workspace_id, error) ||
        !read_definition(store, workspace_id, &stored, error))
        return FALSE;
    g_autofree char *definition = definition_of(&ground, moment);
    if (moment == EVALUATION_WHILE_READING && g_hash_table_size(ground.under_way) == 0) {
        *ret_summary = (InsightSummary){.computed = computed,
                                        .failures = g_ptr_array_new_with_free_func(g_free)};
        return TRUE;
    }
    InsightSummary summary = {.is_full = full || g_strcmp0(stored, definition) != 0,
                              .computed = computed};
    if (moment == EVALUATION_WHILE_READING)
        now = evaluation_began(&ground, now);
    gint64 generation = 0;
    g_autoptr(GPtrArray) mutes = store_list_mutes(store, workspace_id, error);
    g_autoptr(GArray) keys =
        mutes == NULL ? NULL
                      : store_list_evaluation(store, workspace_id, horizon_of(&ground, now),
                                              !summary.is_full, &generation, error);
    if (keys == NULL || !evaluation_run(&evaluation, &ground, keys, now, moment, error) ||
        !apply(&evaluation, definition, generation, mutes, &summary, error))
        return FALSE;
    summary.looked_at = g_hash_table_size(evaluation.seen);
    summary.failures = sentences_of(&evaluation);
    *ret_summary = summary;
    return TRUE;
}

gboolean insight_update(Store *store, gint64 workspace_id, UtcTime now, gboolean full,
                        InsightSummary *ret_summary, GError **error)
{
    return update(store, workspace_id, now, full, EVALUATION_AT_REST, ret_summary, error);
}

gboolean insight_update_while_reading(Store *store, gint64 workspace_id, UtcTime now,
                                      InsightSummary *ret_summary, GError **error)
{
    return update(store, workspace_id, now, FALSE, EVALUATION_WHILE_READING, ret_summary, error);
}

gboolean insight_invalidate(StoreTx *tx, gint64 workspace_id, GError **error)
{
    return store_put_setting(tx, workspace_id, DEFINITION_KEY, NULL, error);
}
