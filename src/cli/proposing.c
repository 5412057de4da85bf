#include "cli/proposing.h"

gboolean change_waits(const Change *change, gboolean *ret_waits, GError **error)
{
    gboolean waits = FALSE;
    if (!proposal_is_required(change->store, change->workspace_id, &waits, error))
        return FALSE;
    waits = waits || change->is_asked;
    if (waits && (change->by == NULL || *change->by == '\0')) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "this change waits for somebody's decision; say who proposes it with --as NAME");
        return FALSE;
    }
    *ret_waits = waits;
    return TRUE;
}

gboolean change_propose(const Change *change, const char *kind, const char *summary,
                        const char *body, GError **error)
{
    const StoreProposal proposal = {.kind = (char *) kind,
                                    .summary = (char *) summary,
                                    .body = (char *) body,
                                    .proposed_by = (char *) change->by,
                                    .proposed = change->now};
    gint64 id = 0;
    g_autoptr(StoreTx) tx = store_begin(change->store, error);
    if (tx == NULL || !store_add_proposal(tx, change->workspace_id, &proposal, &id, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    printf("Proposal %" G_GINT64_FORMAT " waits: %s. 'plumbline policy approve %" G_GINT64_FORMAT
           " --as NAME' carries it out.\n",
           id, summary, id);
    return TRUE;
}
