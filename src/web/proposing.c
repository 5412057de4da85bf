#include "web/proposing.h"

gboolean web_propose(const WebCall *call, const WebProposal *wanted, WebReply *reply,
                     GError **error)
{
    gint64 id = 0;
    const StoreProposal proposal = {.kind = (char *) wanted->kind,
                                    .summary = (char *) wanted->summary,
                                    .body = (char *) wanted->body,
                                    .proposed_by = call->caller->email,
                                    .proposed = call->now};
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (tx == NULL || !store_add_proposal(tx, wanted->workspace_id, &proposal, &id, error))
        return FALSE;
    g_autofree char *subject = g_strdup_printf("%" G_GINT64_FORMAT, id);
    if (!web_note_act(tx, call, "proposal.make", subject, wanted->summary, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    hub_publish(call->server->hub, "proposals", "{}");
    reply_json(reply, 202,
               json_pack("{s:I, s:s}", "proposal", (json_int_t) id, "summary", wanted->summary));
    return TRUE;
}

UtcTime web_desk_instant(const WebDesk *desk, const WebCall *call)
{
    return MAX(desk->now, call->now);
}
