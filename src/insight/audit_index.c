#include "insight/audit_index.h"

#include <jansson.h>
#include <string.h>

typedef struct {
    gint64 seq, repository_id, number;
    UtcTime merged;
    gint64 policy_id, author_id; /* 0: none */
    guint32 before, after;       /* the same merge's neighbours in the log; NONE */
    guint8 verdict, marks;
    gboolean is_amendment;
} Entry;
#define NONE G_MAXUINT32

struct AuditIndex {
    gint64 workspace_id;
    GArray *entries;  /* Entry, by seq */
    GHashTable *last; /* Key *: a merge's last entry, as an index */
    char *head_hash;  /* of the last entry */
};

/* ---- names */

gboolean audit_rows_from_name(const char *name, AuditRows *ret_rows)
{
    static const char *const NAMES[] = {"all", "merge", "amendment", "latest"};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (g_str_equal(NAMES[i], name)) {
            *ret_rows = (AuditRows) i;
            return TRUE;
        }
    return FALSE;
}

const char *audit_mark_name(AuditMark mark)
{
    static const char *const NAMES[AUDIT_MARK_COUNT] = {
        "approvals", "required-approvers", "builds", "late-change", "open-tasks", "self-merged"};
    return NAMES[mark];
}

/* ---- keys */

typedef struct {
    gint64 repository_id, number;
} Key;

static guint hash_key(gconstpointer data)
{
    const Key *key = data;
    return g_int64_hash(&key->repository_id) * 31 + g_int64_hash(&key->number);
}

static gboolean is_same_key(gconstpointer a, gconstpointer b)
{
    const Key *first = a, *second = b;
    return first->repository_id == second->repository_id && first->number == second->number;
}

AuditIndex *audit_index_new(gint64 workspace_id)
{
    AuditIndex *index = g_new0(AuditIndex, 1);
    index->workspace_id = workspace_id;
    index->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    index->last = g_hash_table_new_full(hash_key, is_same_key, g_free, NULL);
    return index;
}

void audit_index_free(AuditIndex *index)
{
    if (index == NULL)
        return;
    g_array_unref(index->entries);
    g_hash_table_unref(index->last);
    g_free(index->head_hash);
    g_free(index);
}

gint64 audit_index_workspace(const AuditIndex *index)
{
    return index->workspace_id;
}

static Entry *entry_at(const AuditIndex *index, guint32 at)
{
    return &g_array_index(index->entries, Entry, at);
}

gint64 audit_index_head(const AuditIndex *index)
{
    return index->entries->len == 0 ? 0 : entry_at(index, index->entries->len - 1)->seq;
}

/* ---- reading; a body that was altered may hold anything */

static const char *text_at(const json_t *body, const char *outer, const char *inner)
{
    const json_t *value = json_object_get(body, outer);
    if (inner != NULL)
        value = json_object_get(value, inner);
    return json_is_string(value) ? json_string_value(value) : "";
}

static gint64 number_at(const json_t *body, const char *outer, const char *inner)
{
    const json_t *value = json_object_get(body, outer);
    if (inner != NULL)
        value = json_object_get(value, inner);
    return json_is_integer(value) ? json_integer_value(value) : 0;
}

static guint8 marks_of(const json_t *body)
{
    static const struct {
        AuditMark mark;
        const char *clause;
    } CLAUSES[] = {{AUDIT_LACKS_APPROVALS, "approvals"},
                   {AUDIT_LACKS_REQUIRED, "required"},
                   {AUDIT_LACKS_BUILDS, "builds"}};
    guint8 marks = 0;
    gint64 author = number_at(body, "author", "id");
    for (gsize i = 0; i < G_N_ELEMENTS(CLAUSES); i++)
        if (strcmp(text_at(body, "verdict", CLAUSES[i].clause), clause_state_name(CLAUSE_BROKEN)) ==
            0)
            marks |= (guint8) (1u << CLAUSES[i].mark);
    if (json_is_true(json_object_get(body, "changed_after_approval")))
        marks |= 1u << AUDIT_LATE_CHANGE;
    if (number_at(body, "open_tasks", NULL) > 0)
        marks |= 1u << AUDIT_OPEN_TASKS;
    if (author != 0 && author == number_at(body, "merged_by", "id"))
        marks |= 1u << AUDIT_SELF_MERGED;
    return marks;
}

static guint8 verdict_of(const json_t *body)
{
    const char *name = text_at(body, "verdict", "result");
    for (guint8 i = 0; i < VERDICT_COUNT; i++)
        if (strcmp(verdict_name((Verdict) i), name) == 0)
            return i;
    return VERDICT_UNKNOWN;
}

static void read_body(const char *text, Entry *entry)
{
    json_t *body = json_loads(text, 0, NULL);
    const char *merged = text_at(body, "merged", NULL);
    if (!time_parse(merged, -1, &entry->merged, NULL))
        entry->merged = TIME_ABSENT;
    entry->policy_id = number_at(body, "policy", "id");
    entry->author_id = number_at(body, "author", "id");
    entry->verdict = verdict_of(body);
    entry->marks = marks_of(body);
    json_decref(body);
}

static gboolean take(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    AuditIndex *index = user_data;
    Entry entry = {.seq = row->seq,
                   .repository_id = row->repository_id,
                   .number = row->number,
                   .before = NONE,
                   .after = NONE,
                   .is_amendment = row->refers_to != COUNT_ABSENT};
    const Key key = {row->repository_id, row->number};
    guint32 at = index->entries->len;
    gpointer before;
    read_body(row->body, &entry);
    if (g_hash_table_lookup_extended(index->last, &key, NULL, &before)) {
        entry.before = GPOINTER_TO_UINT(before);
        entry_at(index, entry.before)->after = at;
    }
    g_hash_table_insert(index->last, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(at));
    g_array_append_val(index->entries, entry);
    g_free(index->head_hash);
    index->head_hash = g_strdup(row->hash);
    return TRUE;
}

static gboolean compare_hash(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    const char **hash = user_data;
    if (g_strcmp0(row->hash, *hash) == 0)
        *hash = NULL; /* found as it was */
    return TRUE;
}

/* Whether the log still has the last row that is known here; one that was restored from a backup,
 * or taken away with its workspace, has not. */
static gboolean still_has_head(const AuditIndex *index, Store *store, gboolean *ret_has,
                               GError **error)
{
    const char *hash = index->head_hash;
    gint64 seq = audit_index_head(index);
    g_autoptr(GArray) seqs = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_val(seqs, seq);
    if (!store_visit_audit_rows(store, index->workspace_id, seqs, compare_hash, &hash, error))
        return FALSE;
    *ret_has = hash == NULL;
    return TRUE;
}

static void forget(AuditIndex *index)
{
    g_array_set_size(index->entries, 0);
    g_hash_table_remove_all(index->last);
    g_clear_pointer(&index->head_hash, g_free);
}

gboolean audit_index_update(AuditIndex *index, Store *store, GError **error)
{
    gboolean has_head = FALSE;
    if (index->entries->len > 0 && !still_has_head(index, store, &has_head, error))
        return FALSE;
    if (!has_head)
        forget(index);
    return store_visit_audit_after(store, index->workspace_id,
                                   has_head ? audit_index_head(index) : G_MININT64, take, index,
                                   error);
}

/* ---- asking */

static gboolean fits_rows(AuditRows rows, const Entry *entry)
{
    switch (rows) {
    case AUDIT_ROWS_FIRST:
        return !entry->is_amendment;
    case AUDIT_ROWS_LATER:
        return entry->is_amendment;
    case AUDIT_ROWS_LAST:
        return entry->after == NONE;
    case AUDIT_ROWS_ALL:
        break;
    }
    return TRUE;
}

static gboolean fits(const AuditFilter *filter, const Entry *entry)
{
    return (filter->repository_id == 0 || filter->repository_id == entry->repository_id) &&
           (filter->number == 0 || filter->number == entry->number) &&
           (filter->policy_id == 0 || filter->policy_id == entry->policy_id) &&
           (filter->author_id == 0 || filter->author_id == entry->author_id) &&
           (filter->verdict < 0 || filter->verdict == entry->verdict) &&
           (filter->mark < 0 || (entry->marks >> filter->mark & 1) != 0) &&
           (filter->from == TIME_ABSENT || entry->merged >= filter->from) &&
           (filter->until == TIME_ABSENT ||
            (entry->merged != TIME_ABSENT && entry->merged < filter->until)) &&
           fits_rows(filter->rows, entry);
}

/* The first entry whose row is not below @seq. */
static guint32 lower_bound(const AuditIndex *index, gint64 seq)
{
    guint32 low = 0, high = index->entries->len;
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        if (entry_at(index, middle)->seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

GArray *audit_index_find(const AuditIndex *index, const AuditFilter *filter, gboolean is_ascending,
                         gint64 place, guint limit, gboolean *ret_has_more)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 n = index->entries->len, step = is_ascending ? 1 : -1;
    gint64 at = is_ascending ? (gint64) lower_bound(index, place == G_MAXINT64 ? place : place + 1)
                             : (gint64) lower_bound(index, place) - 1;
    *ret_has_more = FALSE;
    for (; at >= 0 && at < n; at += step) {
        const Entry *entry = entry_at(index, (guint32) at);
        if (!fits(filter, entry))
            continue;
        if (found->len == limit) {
            *ret_has_more = TRUE;
            break;
        }
        g_array_append_val(found, entry->seq);
    }
    return found;
}

static void count_merge(AuditTotals *totals, const Entry *entry)
{
    totals->merges++;
    totals->verdicts[entry->verdict]++;
    if (entry->merged == TIME_ABSENT)
        return;
    if (totals->first == TIME_ABSENT || entry->merged < totals->first)
        totals->first = entry->merged;
    if (totals->last == TIME_ABSENT || entry->merged > totals->last)
        totals->last = entry->merged;
}

void audit_index_count(const AuditIndex *index, const AuditFilter *filter, AuditTotals *ret_totals)
{
    AuditTotals totals = {.first = TIME_ABSENT, .last = TIME_ABSENT};
    AuditFilter merges = *filter;
    merges.rows = AUDIT_ROWS_LAST;
    for (guint32 i = 0; i < index->entries->len; i++) {
        const Entry *entry = entry_at(index, i);
        totals.rows += fits(filter, entry);
        if (entry->after == NONE && fits(&merges, entry))
            count_merge(&totals, entry);
    }
    *ret_totals = totals;
}

GArray *audit_index_of(const AuditIndex *index, gint64 repository_id, gint64 number)
{
    const Key key = {repository_id, number};
    GArray *found = g_array_new(FALSE, FALSE, sizeof(gint64));
    gpointer last;
    if (!g_hash_table_lookup_extended(index->last, &key, NULL, &last))
        return found;
    for (guint32 at = GPOINTER_TO_UINT(last); at != NONE; at = entry_at(index, at)->before)
        g_array_prepend_val(found, entry_at(index, at)->seq);
    return found;
}
