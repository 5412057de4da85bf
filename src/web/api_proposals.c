/* Proposals: what waits for somebody's decision, deciding, and whether changes wait at all. */
#include "web/policy_form.h"
#include "web/proposing.h"
#include "web/table.h"

#define PER_PAGE 50

/* ---- listing */

/* What stands around the proposals of a workspace. */
typedef struct {
    WebDesk desk;
    PolicyNames names;
    StorePolicyBook *book;
    GPtrArray *rules, *proposals;
    gboolean is_required; /* a second person */
} Tray;

static void tray_clear(Tray *tray)
{
    policy_names_clear(&tray->names);
    g_clear_pointer(&tray->book, store_policy_book_free);
    g_clear_pointer(&tray->rules, g_ptr_array_unref);
    g_clear_pointer(&tray->proposals, g_ptr_array_unref);
    web_desk_close(&tray->desk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tray, tray_clear)

static gboolean tray_open(const WebCall *call, Tray *tray, GError **error)
{
    if (!web_desk_open(call, &tray->desk, error))
        return FALSE;
    gint64 workspace_id = tray->desk.workspace_id;
    return policy_names_load(&tray->names, call->store, workspace_id, error) &&
           (tray->book = store_load_policies(call->store, workspace_id, error)) != NULL &&
           (tray->rules = store_list_selection_rules(call->store, workspace_id, error)) != NULL &&
           (tray->proposals = store_list_proposals(call->store, workspace_id, error)) != NULL &&
           proposal_is_required(call->store, workspace_id, &tray->is_required, error);
}

static json_t *item_json(const WebCall *call, const Tray *tray, const StoreProposal *proposal)
{
    const ProposalScene scene = {&tray->names, store_policy_book_versions(tray->book), tray->rules};
    json_t *item = proposal_change_json(&scene, proposal);
    json_object_set_new(
        item, "is_own",
        json_boolean(g_ascii_strcasecmp(proposal->proposed_by, call->caller->email) == 0));
    return item;
}

static gboolean read_filter(const WebRequest *request, gboolean *ret_waiting, gboolean *ret_decided,
                            gint64 *ret_before, GError **error)
{
    const char *state = request_query(request, "state"), *cursor = request_query(request, "cursor");
    gint64 before = G_MAXINT64;
    if (state != NULL && !g_str_equal(state, "waiting") && !g_str_equal(state, "decided"))
        return web_invalid(error, "\"state\" is waiting or decided.");
    if (cursor != NULL && !web_need_id(cursor, &before, NULL))
        return web_invalid(error, "\"cursor\" is none that was given out.");
    *ret_waiting = g_strcmp0(state, "decided") != 0;
    *ret_decided = g_strcmp0(state, "waiting") != 0;
    *ret_before = before;
    return TRUE;
}

static gint64 count_waiting(const GPtrArray *proposals)
{
    gint64 count = 0;
    for (guint i = 0; i < proposals->len; i++)
        count += ((const StoreProposal *) proposals->pdata[i])->state == PROPOSAL_WAITING;
    return count;
}

gboolean web_list_proposals(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Tray) tray = {0};
    gboolean wants_waiting = FALSE, wants_decided = FALSE, has_more = FALSE;
    gint64 before = 0, last = 0;
    if (!read_filter(call->request, &wants_waiting, &wants_decided, &before, error) ||
        !tray_open(call, &tray, error))
        return FALSE;
    json_t *items = json_array();
    for (guint i = 0; i < tray.proposals->len; i++) { /* the newest first */
        const StoreProposal *proposal = tray.proposals->pdata[i];
        gboolean waits = proposal->state == PROPOSAL_WAITING;
        if (proposal->proposal_id >= before || !(waits ? wants_waiting : wants_decided))
            continue;
        has_more = json_array_size(items) == PER_PAGE;
        if (has_more)
            break;
        json_array_append_new(items, item_json(call, &tray, proposal));
        last = proposal->proposal_id;
    }
    json_t *document = json_pack("{s:s, s:b, s:I, s:o}", "workspace", tray.desk.slug,
                                 "second_person", tray.is_required, "waiting",
                                 (json_int_t) count_waiting(tray.proposals), "items", items);
    if (has_more) {
        g_autofree char *next = g_strdup_printf("%" G_GINT64_FORMAT, last);
        json_object_set_new(document, "next_cursor", json_string(next));
    }
    static const char *const COLUMNS[] = {"proposal",    "kind",     "state",      "what",
                                          "proposed_by", "proposed", "decided_by", "decided",
                                          "note",        NULL};
    web_reply_list(call, reply, document, "items", COLUMNS);
    return TRUE;
}

static const StoreProposal *find_proposal(const Tray *tray, gint64 proposal_id)
{
    for (guint i = 0; i < tray->proposals->len; i++) {
        const StoreProposal *proposal = tray->proposals->pdata[i];
        if (proposal->proposal_id == proposal_id)
            return proposal;
    }
    return NULL;
}

/* ---- proposing */

static gboolean propose_policy(const WebCall *call, const WebDesk *desk, json_t *body,
                               WebReply *reply, GError **error)
{
    json_t *policy = json_object_get(body, "policy");
    if (!json_is_object(policy))
        return web_invalid(error, "\"policy\" is missing, or is no object.");
    return web_propose_policy(call, desk, policy, reply, error);
}

static gboolean propose_end(const WebCall *call, const WebDesk *desk, json_t *body, WebReply *reply,
                            GError **error)
{
    UtcTime at = TIME_ABSENT;
    return policy_form_time(body, "at", &at, error) &&
           web_propose_policy_end(call, desk,
                                  json_integer_value(json_object_get(body, "policy_id")), at, reply,
                                  error);
}

static gboolean propose_selection(const WebCall *call, const WebDesk *desk, json_t *body,
                                  WebReply *reply, GError **error)
{
    return web_propose_selection(call, desk, json_object_get(body, "rules"), reply, error);
}

static const struct {
    const char *what;
    const char *members[4];
    gboolean (*run)(const WebCall *call, const WebDesk *desk, json_t *body, WebReply *reply,
                    GError **error);
} PROPOSABLE[] = {
    {"set-policy", {"do", "policy"}, propose_policy},
    {"end-policy", {"do", "policy_id", "at"}, propose_end},
    {"select", {"do", "rules"}, propose_selection},
};

gboolean web_post_proposal(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    const char *what = json_string_value(json_object_get(body, "do"));
    gboolean done = FALSE;
    gsize i = 0;
    while (i < G_N_ELEMENTS(PROPOSABLE) && g_strcmp0(PROPOSABLE[i].what, what) != 0)
        i++;
    if (i == G_N_ELEMENTS(PROPOSABLE))
        web_invalid(error, "\"do\" is set-policy, end-policy or select.");
    else
        done = policy_form_knows(body, PROPOSABLE[i].members, NULL, error) &&
               web_desk_open(call, &desk, error) &&
               PROPOSABLE[i].run(call, &desk, body, reply, error);
    json_decref(body);
    return done;
}

/* ---- deciding */

/* {"decision": "approve", "note": "…"} */
static gboolean read_decision(json_t *body, ProposalDecision *ret_decision, GError **error)
{
    static const char *const MEMBERS[] = {"decision", "note", NULL};
    const char *word = json_string_value(json_object_get(body, "decision"));
    json_t *note = json_object_get(body, "note");
    if (!policy_form_knows(body, MEMBERS, NULL, error))
        return FALSE;
    ret_decision->approve = g_strcmp0(word, "approve") == 0;
    if (!ret_decision->approve && g_strcmp0(word, "refuse") != 0)
        return web_invalid(error, "\"decision\" is approve or refuse.");
    if (note != NULL && !json_is_null(note))
        ret_decision->note = web_need_text(body, "note", error);
    return note == NULL || json_is_null(note) || ret_decision->note != NULL;
}

static gboolean carry(const WebCall *call, const Tray *tray, const ProposalDecision *decision,
                      GError **error)
{
    const StoreProposal *proposal = find_proposal(tray, decision->proposal_id);
    g_autofree char *subject = g_strdup_printf("%" G_GINT64_FORMAT, decision->proposal_id);
    g_autofree char *detail =
        g_strdup_printf("%s%s%s", proposal->summary, decision->note != NULL ? "; note: " : "",
                        decision->note != NULL ? decision->note : "");
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL &&
           proposal_decide_in(call->store, tx, tray->desk.workspace_id, decision, error) &&
           web_note_act(tx, call, decision->approve ? "proposal.approve" : "proposal.refuse",
                        subject, detail, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* A connection is not read while it is removed. */
static gboolean decide(const WebCall *call, const Tray *tray, const ProposalDecision *decision,
                       GError **error)
{
    const StoreProposal *proposal = find_proposal(tray, decision->proposal_id);
    if (proposal == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "There is no proposal %" G_GINT64_FORMAT ".", decision->proposal_id);
        return FALSE;
    }
    gboolean purge = FALSE;
    g_autofree char *name = decision->approve ? proposal_read_removal(proposal, &purge) : NULL;
    if (name == NULL)
        return carry(call, tray, decision, error);
    gint64 connection_id = model_id(ID_CONNECTION, tray->desk.workspace_id, name);
    background_hold(call->server->background, connection_id);
    gboolean done = carry(call, tray, decision, error);
    background_release(call->server->background, connection_id, done);
    if (done && purge)
        background_kick(call->server->background, 0);
    return done;
}

static gboolean reply_decided(const WebCall *call, gint64 proposal_id, WebReply *reply,
                              GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_auto(Tray) tray = {0};
    if (tray_open(call, &tray, &problem)) {
        reply_json(reply, 200, item_json(call, &tray, find_proposal(&tray, proposal_id)));
        return TRUE;
    }
    if (g_error_matches(problem, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND)) {
        reply_nothing(reply); /* it was the removal of the workspace's last connection */
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

gboolean web_decide_proposal(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Tray) tray = {0};
    ProposalDecision decision = {.by = call->caller->email};
    json_t *body = web_need_id(call->request->parts[0], &decision.proposal_id, error)
                       ? request_json(call->request, error)
                       : NULL;
    gboolean done =
        body != NULL && read_decision(body, &decision, error) && tray_open(call, &tray, error);
    if (done) {
        decision.at = web_desk_instant(&tray.desk, call);
        done = decide(call, &tray, &decision, error);
    }
    json_decref(body);
    if (!done)
        return FALSE;
    hub_publish(call->server->hub, "proposals", "{}");
    if (decision.approve)
        background_kick(call->server->background, 0);
    return reply_decided(call, decision.proposal_id, reply, error);
}

/* ---- whether changes wait */

static gboolean set_second_person(const WebCall *call, const WebDesk *desk, gboolean wanted,
                                  GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL &&
           store_put_setting(tx, desk->workspace_id, SETTING_APPROVAL_REQUIRED,
                             wanted ? "yes" : "no", error) &&
           web_note_act(tx, call, "second-person.set", desk->slug, wanted ? "on" : "off", error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* Once changes wait for a second person, only a second person may stop that. */
gboolean web_put_second_person(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    gboolean is_required = FALSE;
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    json_t *value = json_object_get(body, "second_person");
    gboolean is_said = json_is_boolean(value), wanted = json_is_true(value);
    json_decref(body);
    if (!is_said)
        return web_invalid(error, "\"second_person\" is neither true nor false.");
    if (!web_desk_open(call, &desk, error) ||
        !proposal_is_required(call->store, desk.workspace_id, &is_required, error))
        return FALSE;
    if (is_required && !wanted) {
        g_autofree char *off = proposal_setting_body(SETTING_APPROVAL_REQUIRED, "no");
        const WebProposal proposal = {desk.workspace_id, PROPOSAL_OF_SETTING,
                                      "changes no longer wait for a second person", off};
        return web_propose(call, &proposal, reply, error);
    }
    if (is_required != wanted && !set_second_person(call, &desk, wanted, error))
        return FALSE;
    reply_json(reply, 200,
               json_pack("{s:s, s:b}", "workspace", desk.slug, "second_person", wanted));
    return TRUE;
}
