/* Deciding on proposals, and doing what they ask for. */
#include "insight/proposal_body.h"

/* ---- doing what a body says */

typedef struct {
    Store *store;
    StoreTx *tx;
    gint64 workspace_id;
    const StoreProposal *proposal;
    const char *by;
    UtcTime at;
} Deed;

static gboolean fail_body(const Deed *deed, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "Proposal %" G_GINT64_FORMAT " does not say what it asks for; refuse it.",
                deed->proposal->proposal_id);
    return FALSE;
}

/* Both names are part of a policy's history. */
static char *names_of(const Deed *deed)
{
    return g_strcmp0(deed->proposal->proposed_by, deed->by) == 0
               ? g_strdup(deed->by)
               : g_strdup_printf("%s, approved by %s", deed->proposal->proposed_by, deed->by);
}

static gboolean do_policy(const Deed *deed, GError **error)
{
    UtcTime at;
    gint64 policy_id, version, ended = proposal_read_policy_end(deed->proposal, &at);
    if (ended != 0)
        return store_end_policy(deed->tx, deed->workspace_id, ended,
                                at == TIME_ABSENT ? deed->at : at, error);
    g_autoptr(StorePolicy) policy = proposal_read_policy(deed->proposal);
    if (policy == NULL)
        return fail_body(deed, error);
    if (policy->from == TIME_ABSENT)
        policy->from = deed->at;
    policy->created = deed->at;
    policy->created_by = names_of(deed);
    return store_put_policy(deed->tx, deed->workspace_id, policy, &policy_id, &version, error);
}

static gboolean add_rule(const Deed *deed, StoreSelectionRule *rule, GError **error)
{
    rule->created = deed->at;
    rule->created_by = names_of(deed);
    return store_add_selection_rule(deed->tx, deed->workspace_id, rule, FALSE, error);
}

static gboolean put_rules(const Deed *deed, const ProposedSelection *selection, GError **error)
{
    g_autoptr(GPtrArray) now = store_list_selection_rules(deed->store, deed->workspace_id, error);
    if (now == NULL)
        return FALSE;
    if (!proposed_selection_fits(selection, now)) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "What is selected has been changed since this was proposed. Refuse it, "
                            "and have it proposed anew.");
        return FALSE;
    }
    if (selection->one_more != NULL)
        return add_rule(deed, selection->one_more, error);
    if (!store_clear_selection_rules(deed->tx, deed->workspace_id, error))
        return FALSE;
    for (guint i = 0; i < selection->rules->len; i++)
        if (!add_rule(deed, selection->rules->pdata[i], error))
            return FALSE;
    return TRUE;
}

static gboolean do_selection(const Deed *deed, GError **error)
{
    g_autoptr(ProposedSelection) selection = proposal_read_selection(deed->proposal);
    if (selection == NULL)
        return fail_body(deed, error);
    return put_rules(deed, selection, error) &&
           store_apply_selection(deed->tx, deed->workspace_id, NULL, NULL, error);
}

static gboolean do_connection(const Deed *deed, GError **error)
{
    gboolean purge = FALSE;
    g_autofree char *name = proposal_read_removal(deed->proposal, &purge);
    if (name == NULL)
        return fail_body(deed, error);
    gint64 id = model_id(ID_CONNECTION, deed->workspace_id, name);
    return purge ? store_begin_purge(deed->tx, deed->workspace_id, id, error)
                 : store_delete_connection(deed->tx, deed->workspace_id, id, error);
}

/* Only the setting that a proposal can be about: not a door to all of them. */
static gboolean do_setting(const Deed *deed, GError **error)
{
    json_t *body = proposal_read_body(deed->proposal, PROPOSAL_OF_SETTING);
    const char *key = json_string_value(json_object_get(body, "key"));
    const char *value = json_string_value(json_object_get(body, "value"));
    gboolean done = value == NULL || g_strcmp0(key, SETTING_APPROVAL_REQUIRED) != 0
                        ? fail_body(deed, error)
                        : store_put_setting(deed->tx, deed->workspace_id, key, value, error);
    json_decref(body);
    return done;
}

static const struct {
    const char *kind;
    gboolean (*run)(const Deed *deed, GError **error);
} DEEDS[] = {
    {PROPOSAL_OF_POLICY, do_policy},
    {PROPOSAL_OF_SELECTION, do_selection},
    {PROPOSAL_OF_CONNECTION, do_connection},
    {PROPOSAL_OF_SETTING, do_setting},
};

static gboolean carry_out(const Deed *deed, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(DEEDS); i++)
        if (g_str_equal(DEEDS[i].kind, deed->proposal->kind))
            return DEEDS[i].run(deed, error);
    return fail_body(deed, error);
}

/* ---- deciding */

gboolean proposal_is_required(Store *store, gint64 workspace_id, gboolean *ret_required,
                              GError **error)
{
    GError *failure = NULL;
    g_autofree char *value =
        store_get_setting(store, workspace_id, SETTING_APPROVAL_REQUIRED, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    *ret_required = g_strcmp0(value, "yes") == 0;
    return TRUE;
}

static const StoreProposal *find(const GPtrArray *proposals, gint64 proposal_id)
{
    for (guint i = 0; i < proposals->len; i++) {
        const StoreProposal *proposal = g_ptr_array_index(proposals, i);
        if (proposal->proposal_id == proposal_id)
            return proposal;
    }
    return NULL;
}

static gboolean check_eyes(const StoreProposal *proposal, const char *by, gboolean is_required,
                           GError **error)
{
    if (!is_required || proposal == NULL || g_ascii_strcasecmp(proposal->proposed_by, by) != 0)
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "%s proposed it; this workspace asks that somebody else approves.", by);
    return FALSE;
}

gboolean proposal_decide_in(Store *store, StoreTx *tx, gint64 workspace_id,
                            const ProposalDecision *decision, GError **error)
{
    gboolean is_required = FALSE;
    g_autoptr(GPtrArray) proposals = store_list_proposals(store, workspace_id, error);
    if (proposals == NULL || !proposal_is_required(store, workspace_id, &is_required, error))
        return FALSE;
    const StoreProposal *proposal = find(proposals, decision->proposal_id);
    const Deed deed = {store, tx, workspace_id, proposal, decision->by, decision->at};
    if (decision->approve && !check_eyes(proposal, decision->by, is_required, error))
        return FALSE;
    return store_decide_proposal(tx, workspace_id, decision->proposal_id,
                                 decision->approve ? PROPOSAL_APPROVED : PROPOSAL_REFUSED,
                                 decision->by, decision->at, decision->note, error) &&
           (!decision->approve || carry_out(&deed, error));
}

gboolean proposal_decide(Store *store, gint64 workspace_id, const ProposalDecision *decision,
                         GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL && proposal_decide_in(store, tx, workspace_id, decision, error) &&
           store_commit(g_steal_pointer(&tx), error);
}
