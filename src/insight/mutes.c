#include "insight/mutes.h"

#include "insight/insight.h"

#include <string.h>

gboolean mute_fits(const StoreMute *mute, const StoreFinding *finding)
{
    return strcmp(mute->rule, finding->rule) == 0 &&
           (mute->repository_id == COUNT_ABSENT || mute->repository_id == finding->repository_id) &&
           (mute->number == COUNT_ABSENT || mute->number == finding->number) &&
           (mute->person_id == COUNT_ABSENT || mute->person_id == finding->person_id) &&
           (mute->subject == NULL || g_strcmp0(mute->subject, finding->subject) == 0);
}

const StoreMute *mutes_find(const GPtrArray *mutes, const StoreFinding *finding)
{
    for (guint i = 0; i < mutes->len; i++)
        if (mute_fits(mutes->pdata[i], finding))
            return mutes->pdata[i];
    return NULL;
}

/* The same scope is the same mute. */
static gint64 id_of(gint64 workspace_id, const StoreMute *mute)
{
    g_autofree char *key =
        g_strdup_printf("%s/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s",
                        mute->rule, mute->repository_id, mute->number, mute->person_id,
                        mute->subject != NULL ? mute->subject : "");
    return model_id(ID_MUTE, workspace_id, key);
}

/* Dismisses what holds and fits. */
static gboolean silence(StoreTx *tx, gint64 workspace_id, const StoreMute *mute, GError **error)
{
    g_autoptr(GPtrArray) holding = store_tx_list_holding(tx, workspace_id, error);
    if (holding == NULL)
        return FALSE;
    for (guint i = 0; i < holding->len; i++) {
        StoreFinding *finding = holding->pdata[i];
        if (finding->state == FINDING_DISMISSED || !mute_fits(mute, finding))
            continue;
        finding->state = FINDING_DISMISSED;
        finding->muted_by = mute->mute_id;
        finding->snoozed_until = TIME_ABSENT;
        if (!store_put_finding(tx, workspace_id, finding, error) ||
            !store_add_finding_event(tx, workspace_id, finding->finding_id, mute->created, "muted",
                                     mute->actor, mute->reason, error))
            return FALSE;
    }
    return TRUE;
}

gboolean insight_mute(Store *store, gint64 workspace_id, const StoreMute *mute, UtcTime now,
                      gint64 *ret_mute_id, GError **error)
{
    if (rule_find(mute->rule) == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND, "there is no rule '%s'",
                    mute->rule);
        return FALSE;
    }
    if (mute->reason == NULL || mute->reason[0] == '\0') {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "a mute needs a reason, for those who look for the findings later");
        return FALSE;
    }
    if (mute->until != TIME_ABSENT && mute->until <= now) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "a mute ends at a time to come, or when somebody ends it");
        return FALSE;
    }
    StoreMute kept = *mute;
    kept.mute_id = id_of(workspace_id, mute);
    kept.created = now;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL || !store_put_mute(tx, workspace_id, &kept, error) ||
        !silence(tx, workspace_id, &kept, error) || !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    *ret_mute_id = kept.mute_id;
    return TRUE;
}

/* Opens what the mute had dismissed and still holds. */
static gboolean let_speak(StoreTx *tx, gint64 workspace_id, gint64 mute_id, const char *actor,
                          UtcTime now, GError **error)
{
    g_autoptr(GPtrArray) holding = store_tx_list_holding(tx, workspace_id, error);
    if (holding == NULL)
        return FALSE;
    for (guint i = 0; i < holding->len; i++) {
        StoreFinding *finding = holding->pdata[i];
        if (finding->muted_by != mute_id)
            continue;
        finding->state = FINDING_OPEN;
        finding->muted_by = COUNT_ABSENT;
        if (!store_put_finding(tx, workspace_id, finding, error) ||
            !store_add_finding_event(tx, workspace_id, finding->finding_id, now, "unmuted", actor,
                                     NULL, error))
            return FALSE;
    }
    return TRUE;
}

gboolean insight_end_mute(StoreTx *tx, gint64 workspace_id, gint64 mute_id, const char *actor,
                          UtcTime now, GError **error)
{
    gboolean found = FALSE;
    if (!store_delete_mute(tx, workspace_id, mute_id, &found, error))
        return FALSE;
    if (!found) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "there is no such mute");
        return FALSE;
    }
    return let_speak(tx, workspace_id, mute_id, actor, now, error);
}

gboolean mutes_end_due(StoreTx *tx, gint64 workspace_id, GPtrArray *mutes, UtcTime now,
                       GError **error)
{
    for (guint i = mutes->len; i-- > 0;) {
        const StoreMute *mute = mutes->pdata[i];
        gboolean found = FALSE;
        if (mute->until == TIME_ABSENT || mute->until > now)
            continue;
        /* Somebody may have ended it since the list was made. */
        if (!store_delete_mute(tx, workspace_id, mute->mute_id, &found, error) ||
            (found && !let_speak(tx, workspace_id, mute->mute_id, NULL, now, error)))
            return FALSE;
        g_ptr_array_remove_index(mutes, i);
    }
    return TRUE;
}

gboolean insight_unmute(Store *store, gint64 workspace_id, gint64 mute_id, const char *actor,
                        UtcTime now, GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL && insight_end_mute(tx, workspace_id, mute_id, actor, now, error) &&
           store_commit(g_steal_pointer(&tx), error);
}
