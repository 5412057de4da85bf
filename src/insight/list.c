/* Findings for those who read them, and their short names. */
#include "insight/insight.h"

#include <string.h>

/* ---- names */

static const char DIGITS[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* no i, l, o, u */

const char *insight_id_text(gint64 finding_id, char buffer[INSIGHT_ID_SIZE])
{
    guint64 rest = (guint64) finding_id << 2; /* 53 bits in 11 digits of 5 */
    for (gint i = INSIGHT_ID_SIZE - 2; i >= 0; i--) {
        buffer[i] = DIGITS[rest & 31];
        rest >>= 5;
    }
    buffer[INSIGHT_ID_SIZE - 1] = '\0';
    return buffer;
}

gboolean insight_find(Store *store, gint64 workspace_id, const char *text, gint64 *ret_finding_id,
                      GError **error)
{
    g_autofree char *wanted = g_ascii_strdown(text, -1);
    g_autoptr(GPtrArray) findings =
        store_list_findings(store, workspace_id, STORE_ENDED_EVER, error);
    if (findings == NULL)
        return FALSE;
    guint matches = 0;
    gint64 id = 0;
    for (guint i = 0; wanted[0] != '\0' && i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        char name[INSIGHT_ID_SIZE];
        if (!g_str_has_prefix(insight_id_text(finding->finding_id, name), wanted))
            continue;
        matches++;
        id = finding->finding_id;
    }
    if (matches == 1) {
        *ret_finding_id = id;
        return TRUE;
    }
    if (matches == 0)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "no finding's id begins with '%s'; 'plumbline insights' lists them", text);
    else
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "the ids of %u findings begin with '%s'; give more of it", matches, text);
    return FALSE;
}

guint insight_nearest(const StoreFinding *finding, gint64 ret_people[DRAFT_NEAREST_MAX])
{
    guint n = 0;
    g_auto(GStrv) parts = g_strsplit(finding->nearest, ",", DRAFT_NEAREST_MAX);
    for (char **part = parts; *part != NULL && n < DRAFT_NEAREST_MAX; part++)
        if (**part != '\0')
            ret_people[n++] = g_ascii_strtoll(*part, NULL, 10);
    return n;
}

/* ---- the list */

static gint severity_of(const StoreFinding *finding)
{
    for (gint i = 0; i < SEVERITY_COUNT; i++)
        if (strcmp(finding->severity, rule_severity_name((RuleSeverity) i)) == 0)
            return i;
    return SEVERITY_NOTICE;
}

static gboolean concerns(const StoreFinding *finding, gint64 person_id)
{
    gint64 people[DRAFT_NEAREST_MAX];
    guint n = insight_nearest(finding, people);
    gboolean is_near = finding->person_id == person_id || finding->assigned_to == person_id;
    for (guint i = 0; i < n; i++)
        is_near |= people[i] == person_id;
    return is_near;
}

static gboolean is_wanted(const InsightFilter *filter, const StoreFinding *finding)
{
    const Rule *rule = rule_find(finding->rule);
    guint states = filter->states != 0 ? filter->states : INSIGHT_STATES_TO_DO;
    if (finding->state == FINDING_DISMISSED && finding->ended != TIME_ABSENT &&
        (states & INSIGHT_STATE(FINDING_RESOLVED)) == 0)
        return FALSE; /* over, whatever was said of it before */
    return (states & INSIGHT_STATE(finding->state)) != 0 &&
           (filter->rule == NULL || strcmp(filter->rule, finding->rule) == 0) &&
           (filter->family < 0 || (rule != NULL && (gint) rule->family == filter->family)) &&
           (filter->severity < 0 || severity_of(finding) == filter->severity) &&
           (filter->repository_id == 0 || filter->repository_id == finding->repository_id) &&
           (filter->person_id == 0 || concerns(finding, filter->person_id));
}

static guint rank_of(const StoreFinding *finding)
{
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize i = 0; i < n; i++)
        if (strcmp(rules[i]->id, finding->rule) == 0)
            return (guint) i;
    return (guint) n;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const StoreFinding *first = *(const StoreFinding *const *) a,
                       *second = *(const StoreFinding *const *) b;
    gint severities = severity_of(second) - severity_of(first);
    if (severities != 0)
        return severities;
    guint ranks[] = {rank_of(first), rank_of(second)};
    if (ranks[0] != ranks[1])
        return ranks[0] < ranks[1] ? -1 : 1;
    if (first->since != second->since)
        return first->since < second->since ? -1 : 1;
    return first->finding_id < second->finding_id ? -1 : 1;
}

GPtrArray *insight_list(Store *store, gint64 workspace_id, const InsightFilter *filter,
                        GError **error)
{
    gboolean ended = (filter->states & INSIGHT_STATE(FINDING_RESOLVED)) != 0;
    g_autoptr(GPtrArray) all = store_list_findings(
        store, workspace_id, ended ? STORE_ENDED_EVER : STORE_ENDED_NEVER, error);
    if (all == NULL)
        return NULL;
    for (guint i = all->len; i-- > 0;)
        if (!is_wanted(filter, all->pdata[i]))
            g_ptr_array_remove_index_fast(all, i);
    g_ptr_array_sort(all, compare);
    return g_steal_pointer(&all);
}
