/* Finds what was altered in the merge audit log. */
#include "insight/audit.h"

#include <string.h>

void audit_verification_clear(AuditVerification *verification)
{
    g_clear_pointer(&verification->head_hash, g_free);
    g_clear_pointer(&verification->faults, g_ptr_array_unref);
}

typedef struct {
    gint64 workspace_id;
    AuditVerification *verification;
    gint64 known_seq;
    const char *known_hash;
    gboolean has_known;
} Walk;

static void add_fault(Walk *walk, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add_fault(Walk *walk, const char *format, ...)
{
    AuditVerification *verification = walk->verification;
    va_list arguments;
    if (verification->n_faults++ >= AUDIT_FAULTS_MAX)
        return;
    va_start(arguments, format);
    g_ptr_array_add(verification->faults, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* Row numbers run without a gap from 1. */
static void check_place(Walk *walk, const StoreAuditRow *row)
{
    gint64 expected = walk->verification->head_seq + 1;
    if (row->seq > expected + 1)
        add_fault(walk, "Rows %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " are missing.", expected,
                  row->seq - 1);
    else if (row->seq > expected)
        add_fault(walk, "Row %" G_GINT64_FORMAT " is missing.", expected);
    else if (row->seq < expected)
        add_fault(walk, "Row %" G_GINT64_FORMAT " does not belong there.", row->seq);
}

static gboolean check_row(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    Walk *walk = user_data;
    AuditVerification *verification = walk->verification;
    const char *before = verification->head_hash != NULL ? verification->head_hash : AUDIT_FIRST;
    g_autofree char *hash = store_audit_hash(walk->workspace_id, row);
    check_place(walk, row);
    if (strcmp(row->previous, before) != 0)
        add_fault(walk,
                  "Row %" G_GINT64_FORMAT " does not follow the row before it: one of them was "
                  "altered, or a row was removed, inserted or moved there.",
                  row->seq);
    if (strcmp(row->hash, hash) != 0)
        add_fault(walk, "Row %" G_GINT64_FORMAT " was altered: its hash does not fit.", row->seq);
    if (walk->known_hash != NULL && row->seq == walk->known_seq) {
        walk->has_known = TRUE;
        if (g_ascii_strcasecmp(row->hash, walk->known_hash) != 0)
            add_fault(walk,
                      "Row %" G_GINT64_FORMAT " is not the one that was noted: the log was written "
                      "anew up to there.",
                      row->seq);
    }
    verification->rows++;
    verification->head_seq = row->seq;
    g_free(verification->head_hash);
    verification->head_hash = g_strdup(row->hash);
    return TRUE;
}

/* The end of the log against what was kept apart when its newest row was written. */
static gboolean check_end(Walk *walk, Store *store, GError **error)
{
    const AuditVerification *verification = walk->verification;
    GError *failure = NULL;
    g_autofree char *kept = store_get_setting(store, walk->workspace_id, AUDIT_HEAD_KEY, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (kept == NULL && verification->rows == 0)
        return TRUE;
    g_autofree char *found =
        g_strdup_printf("%" G_GINT64_FORMAT " %s", verification->head_seq,
                        verification->head_hash != NULL ? verification->head_hash : AUDIT_FIRST);
    if (kept == NULL)
        add_fault(walk,
                  "The note of the log's end is missing; the last row found is %" G_GINT64_FORMAT
                  ".",
                  verification->head_seq);
    else if (strcmp(kept, found) != 0)
        add_fault(walk,
                  "The log ends at row %" G_GINT64_FORMAT ", but its end was noted as row "
                  "%" G_GINT64_FORMAT ": rows were removed or added at the end, or the note was "
                  "altered.",
                  verification->head_seq, g_ascii_strtoll(kept, NULL, 10));
    return TRUE;
}

gboolean audit_verify(Store *store, gint64 workspace_id, gint64 known_seq, const char *known_hash,
                      AuditVerification *ret_verification, GError **error)
{
    AuditVerification verification = {.faults = g_ptr_array_new_with_free_func(g_free)};
    Walk walk = {.workspace_id = workspace_id,
                 .verification = &verification,
                 .known_seq = known_seq,
                 .known_hash = known_hash};
    if (!store_visit_audit(store, workspace_id, check_row, &walk, error) ||
        !check_end(&walk, store, error)) {
        audit_verification_clear(&verification);
        return FALSE;
    }
    if (known_hash != NULL && !walk.has_known)
        add_fault(&walk, "Row %" G_GINT64_FORMAT ", which was noted, is not in the log.",
                  known_seq);
    *ret_verification = verification;
    return TRUE;
}
