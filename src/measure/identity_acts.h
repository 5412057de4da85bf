/*
 * identity_acts: what people decide about who is who, where no rule can. Part of the measure room's
 * public header.
 *
 * Each takes the caller's transaction, so that a note of who decided stands in the same one. Facts
 * follow with the next measure_refresh.
 */
#pragma once

#include "store/store.h"

/* The person of that id, as sighted. NOT_FOUND. */
StorePerson *identity_get_person(Store *store, gint64 workspace_id, gint64 person_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The two are one. An account stays the person, whichever way round somebody says it; @names are
 * what they were called, for the reason. INVALID when they are one already. */
gboolean identity_merge(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                        gint64 into_id, const char *const names[2], UtcTime now,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The merged account or address is a person of its own again, and no rule merges the two any more.
 * NOT_FOUND when it is merged into nobody. */
gboolean identity_split(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                        const char *name, UtcTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The two are different people. INVALID when they are the same account, or one person by others. */
gboolean identity_tell_apart(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                             gint64 other_id, const char *const names[2], UtcTime now,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
    IDENTITY_BOT,
    IDENTITY_HUMAN,
    IDENTITY_EXCLUDED, /* left out of everything */
    IDENTITY_INCLUDED
} IdentityMark;
gboolean identity_mark(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                       IdentityMark mark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
