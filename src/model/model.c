#include "model/model.h"

#include <string.h>

gint64 model_id(IdKind kind, gint64 workspace, const char *key)
{
    guint8 head[9] = {(guint8) kind};
    for (int i = 0; i < 8; i++)
        head[1 + i] = (guint8) ((guint64) workspace >> (56 - 8 * i));
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, head, sizeof head);
    g_checksum_update(checksum, (const guchar *) key, (gssize) strlen(key));
    guint8 digest[32];
    gsize length = sizeof digest;
    g_checksum_get_digest(checksum, digest, &length);
    guint64 bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | digest[i];
    gint64 id = (gint64) (bits >> 11);
    return id != 0 ? id : 1;
}

const char *model_person_key(const Person *person, GString *ret_buffer)
{
    if (person->uuid != NULL)
        return person->uuid;
    if (person->account_id != NULL) {
        g_string_printf(ret_buffer, "account:%s", person->account_id);
        return ret_buffer->str;
    }
    return MODEL_DELETED_PERSON;
}

static const char *const STATE_NAMES[] = {
    [PR_OPEN] = "OPEN",
    [PR_MERGED] = "MERGED",
    [PR_DECLINED] = "DECLINED",
    [PR_SUPERSEDED] = "SUPERSEDED",
    [PR_STATE_UNKNOWN] = "UNKNOWN",
};

const char *model_state_name(PullRequestState state)
{
    return (gsize) state < G_N_ELEMENTS(STATE_NAMES) ? STATE_NAMES[state] : "UNKNOWN";
}

PullRequestState model_state_from_name(const char *name)
{
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(STATE_NAMES); i++)
        if (strcmp(name, STATE_NAMES[i]) == 0)
            return (PullRequestState) i;
    return PR_STATE_UNKNOWN;
}

const char *model_event_name(PrEventKind kind)
{
    static const char *const NAMES[] = {
        [PR_EVENT_UPDATED] = "updated",
        [PR_EVENT_READY] = "ready",
        [PR_EVENT_DRAFT] = "draft",
        [PR_EVENT_REVIEWER_ADDED] = "reviewer-added",
        [PR_EVENT_REVIEWER_REMOVED] = "reviewer-removed",
        [PR_EVENT_APPROVED] = "approved",
        [PR_EVENT_CHANGES_REQUESTED] = "changes-requested",
        [PR_EVENT_APPROVAL_WITHDRAWN] = "approval-withdrawn",
        [PR_EVENT_COMMENTED] = "commented",
        [PR_EVENT_MERGED] = "merged",
        [PR_EVENT_DECLINED] = "declined",
        [PR_EVENT_SUPERSEDED] = "superseded",
        [PR_EVENT_REOPENED] = "reopened",
        [PR_EVENT_EDITED] = "edited",
    };
    const char *name = (gsize) kind < G_N_ELEMENTS(NAMES) ? NAMES[kind] : NULL;
    return name != NULL ? name : "unknown";
}

gboolean model_same_hash(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return g_str_has_prefix(a, b) || g_str_has_prefix(b, a);
}
