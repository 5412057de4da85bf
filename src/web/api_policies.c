/* Approval policies: what is in force, setting, ending and trying one. */
#include "web/policy_form.h"
#include "web/proposing.h"
#include "web/table.h"

#include <string.h>

#define DAYS_TRIED       90
#define DAYS_TRIED_MOST  365
#define MERGES_TOLD_MOST 500
#define NAMED_MOST       20 /* people, and teams, that fit a search */

/* A desk with what policies are called by. */
typedef struct {
    WebDesk desk;
    PolicyNames names;
} Office;

static void office_clear(Office *office)
{
    policy_names_clear(&office->names);
    web_desk_close(&office->desk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Office, office_clear)

static gboolean office_open(const WebCall *call, Office *office, GError **error)
{
    return web_desk_open(call, &office->desk, error) &&
           policy_names_load(&office->names, office->desk.store, office->desk.workspace_id, error);
}

/* ---- reading */

gboolean web_list_policies(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Office) office = {0};
    gboolean is_required = FALSE;
    if (!office_open(call, &office, error) ||
        !proposal_is_required(call->store, office.desk.workspace_id, &is_required, error))
        return FALSE;
    g_autoptr(StorePolicyBook) book =
        store_load_policies(call->store, office.desk.workspace_id, error);
    if (book == NULL)
        return FALSE;
    json_t *items = policy_list_json(&office.names, store_policy_book_versions(book), 0,
                                     web_desk_instant(&office.desk, call));
    static const char *const COLUMNS[] = {"policy",
                                          "scope",
                                          "subject",
                                          "branch",
                                          "version",
                                          "state",
                                          "from",
                                          "ended",
                                          "least_approvals",
                                          "required.name",
                                          "required_least",
                                          "author_counts",
                                          "void_on_push",
                                          "builds_must_pass",
                                          "written",
                                          "written_by",
                                          NULL};
    web_reply_list(call, reply,
                   json_pack("{s:s, s:b, s:o}", "workspace", office.desk.slug, "second_person",
                             is_required, "items", items),
                   "items", COLUMNS);
    return TRUE;
}

/* All versions, the oldest first; NULL and NOT_FOUND when there are none. */
static json_t *versions_json(const WebCall *call, const Office *office, gint64 policy_id,
                             GError **error)
{
    g_autoptr(StorePolicyBook) book =
        store_load_policies(call->store, office->desk.workspace_id, error);
    if (book == NULL)
        return NULL;
    json_t *versions = policy_list_json(&office->names, store_policy_book_versions(book), policy_id,
                                        web_desk_instant(&office->desk, call));
    if (json_array_size(versions) > 0)
        return versions;
    json_decref(versions);
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                "There is no policy %" G_GINT64_FORMAT " in this workspace.", policy_id);
    return NULL;
}

static gboolean reply_policy(const WebCall *call, const Office *office, gint64 policy_id,
                             guint status, WebReply *reply, GError **error)
{
    gboolean is_required = FALSE;
    if (!proposal_is_required(call->store, office->desk.workspace_id, &is_required, error))
        return FALSE;
    json_t *versions = versions_json(call, office, policy_id, error);
    if (versions == NULL)
        return FALSE;
    reply_json(reply, status,
               json_pack("{s:s, s:b, s:I, s:o}", "workspace", office->desk.slug, "second_person",
                         is_required, "policy", (json_int_t) policy_id, "versions", versions));
    return TRUE;
}

gboolean web_get_policy(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Office) office = {0};
    gint64 policy_id = 0;
    return web_need_id(call->request->parts[0], &policy_id, error) &&
           office_open(call, &office, error) &&
           reply_policy(call, &office, policy_id, 200, reply, error);
}

/* ---- setting one */

static gboolean propose(const WebCall *call, const Office *office, const StorePolicy *policy,
                        WebReply *reply, GError **error)
{
    g_autofree char *summary = policy_summary(&office->names, policy);
    g_autofree char *body = proposal_policy_body(policy);
    const WebProposal proposal = {office->desk.workspace_id, PROPOSAL_OF_POLICY, summary, body};
    return web_propose(call, &proposal, reply, error);
}

static gboolean set(const WebCall *call, const Office *office, StorePolicy *policy, WebReply *reply,
                    GError **error)
{
    gint64 policy_id = 0, version = 0;
    policy->created = web_desk_instant(&office->desk, call);
    policy->created_by = call->caller->email;
    if (policy->from == TIME_ABSENT)
        policy->from = policy->created;
    g_autofree char *summary = policy_summary(&office->names, policy);
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (tx == NULL ||
        !store_put_policy(tx, office->desk.workspace_id, policy, &policy_id, &version, error))
        return FALSE;
    g_autofree char *subject =
        g_strdup_printf("%" G_GINT64_FORMAT ", version %" G_GINT64_FORMAT, policy_id, version);
    if (!web_note_act(tx, call, "policy.set", subject, summary, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    background_kick(call->server->background, 0);
    return reply_policy(call, office, policy_id, 201, reply, error);
}

gboolean web_post_policy(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Office) office = {0};
    StorePolicy policy;
    gboolean waits = FALSE;
    json_t *body = request_json(call->request, error);
    gboolean done = body != NULL && office_open(call, &office, error) &&
                    policy_form_read(&office.desk, &office.names, body, NULL, &policy, error) &&
                    proposal_is_required(call->store, office.desk.workspace_id, &waits, error) &&
                    (waits ? propose(call, &office, &policy, reply, error)
                           : set(call, &office, &policy, reply, error));
    json_decref(body);
    return done;
}

gboolean web_propose_policy(const WebCall *call, const WebDesk *desk, json_t *content,
                            WebReply *reply, GError **error)
{
    Office office = {.desk = *desk}; /* the desk stays the caller's */
    StorePolicy policy;
    gboolean done = policy_names_load(&office.names, desk->store, desk->workspace_id, error) &&
                    policy_form_read(desk, &office.names, content, NULL, &policy, error) &&
                    propose(call, &office, &policy, reply, error);
    policy_names_clear(&office.names);
    return done;
}

/* ---- ending one */

gboolean web_propose_policy_end(const WebCall *call, const WebDesk *desk, gint64 policy_id,
                                UtcTime at, WebReply *reply, GError **error)
{
    g_auto(PolicyNames) names = {0};
    g_autoptr(StorePolicyBook) book = store_load_policies(call->store, desk->workspace_id, error);
    if (book == NULL || !policy_names_load(&names, desk->store, desk->workspace_id, error))
        return FALSE;
    const StorePolicy *newest = policy_newest_of(store_policy_book_versions(book), policy_id);
    if (newest == NULL || newest->ended != TIME_ABSENT)
        return web_invalid(error, "There is no policy %" G_GINT64_FORMAT " that could be ended.",
                           policy_id);
    g_autofree char *policy = policy_summary(&names, newest);
    g_autofree char *summary = g_strdup_printf("end the %s", policy);
    g_autofree char *body = proposal_policy_end_body(policy_id, at);
    const WebProposal proposal = {desk->workspace_id, PROPOSAL_OF_POLICY, summary, body};
    return web_propose(call, &proposal, reply, error);
}

static gboolean end(const WebCall *call, const Office *office, gint64 policy_id, UtcTime at,
                    WebReply *reply, GError **error)
{
    g_autofree char *subject = g_strdup_printf("%" G_GINT64_FORMAT, policy_id);
    char text[TIME_TEXT_SIZE];
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (at == TIME_ABSENT)
        at = web_desk_instant(&office->desk, call);
    if (tx == NULL || !store_end_policy(tx, office->desk.workspace_id, policy_id, at, error) ||
        !web_note_act(tx, call, "policy.end", subject, time_format(at, text), error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    background_kick(call->server->background, 0);
    return reply_policy(call, office, policy_id, 200, reply, error);
}

gboolean web_end_policy(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const MEMBERS[] = {"at", NULL};
    g_auto(Office) office = {0};
    gint64 policy_id = 0;
    UtcTime at = TIME_ABSENT;
    gboolean waits = FALSE;
    json_t *body = web_need_id(call->request->parts[0], &policy_id, error)
                       ? request_json(call->request, error)
                       : NULL;
    gboolean read = body != NULL && policy_form_knows(body, MEMBERS, NULL, error) &&
                    policy_form_time(body, "at", &at, error);
    json_decref(body);
    return read && office_open(call, &office, error) &&
           proposal_is_required(call->store, office.desk.workspace_id, &waits, error) &&
           (waits ? web_propose_policy_end(call, &office.desk, policy_id, at, reply, error)
                  : end(call, &office, policy_id, at, reply, error));
}

/* ---- trying one */

static gboolean read_days(json_t *body, gint *ret_days, GError **error)
{
    json_t *days = json_object_get(body, "days");
    json_int_t number = days != NULL ? json_integer_value(days) : DAYS_TRIED;
    if (number < 1 || number > DAYS_TRIED_MOST)
        return web_invalid(error, "\"days\" is a whole number from 1 to %d.", DAYS_TRIED_MOST);
    *ret_days = (gint) number;
    return TRUE;
}

static gboolean simulate(const Office *office, const StorePolicy *policy, gint days,
                         WebReply *reply, GError **error)
{
    g_auto(PolicySimulation) simulation = {0};
    UtcTime until = office->desk.now;
    if (!policy_simulate(office->desk.store, office->desk.workspace_id, policy,
                         until - days * TIME_DAY, until, &simulation, error))
        return FALSE;
    reply_json(reply, 200,
               policy_simulation_json(&office->names, policy, &simulation, days, MERGES_TOLD_MOST));
    return TRUE;
}

gboolean web_simulate_policy(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const MORE[] = {"days", NULL};
    g_auto(Office) office = {0};
    StorePolicy policy;
    gint days = 0;
    json_t *body = request_json(call->request, error);
    gboolean done = body != NULL && read_days(body, &days, error) &&
                    office_open(call, &office, error) &&
                    policy_form_read(&office.desk, &office.names, body, MORE, &policy, error) &&
                    simulate(&office, &policy, days, reply, error);
    json_decref(body);
    return done;
}

/* ---- who may be named */

static gboolean holds(const char *text, const char *folded)
{
    g_autofree char *own = text != NULL ? g_utf8_casefold(text, -1) : NULL;
    return own != NULL && strstr(own, folded) != NULL;
}

/* Those who can approve at Bitbucket: accounts of people, each under their canonical id. */
static json_t *people_json(const Office *office, const char *folded, GError **error)
{
    g_autoptr(PersonMap) map =
        person_map_load(office->desk.store, office->desk.workspace_id, error);
    if (map == NULL)
        return NULL;
    json_t *items = json_array();
    for (guint i = 0; i < office->names.people->len && json_array_size(items) < NAMED_MOST; i++) {
        const StorePerson *person = office->names.people->pdata[i];
        if (person->uuid == NULL || person->is_bot || person->is_excluded ||
            person_map_canonical(map, person->person_id) != person->person_id ||
            (!holds(person->display_name, folded) && !holds(person->nickname, folded)))
            continue;
        json_t *item = json_pack("{s:I}", "id", (json_int_t) person->person_id);
        json_object_set_new(item, "name", web_json_text(person->display_name));
        json_object_set_new(item, "nickname", web_json_text(person->nickname));
        json_array_append_new(items, item);
    }
    return items;
}

static gint64 count_members(const GArray *members, gint64 team_id, UtcTime now)
{
    gint64 count = 0;
    for (guint i = 0; i < members->len; i++) {
        const StoreTeamMember *member = &g_array_index(members, StoreTeamMember, i);
        count += member->team_id == team_id && member->from <= now &&
                 (member->until == TIME_ABSENT || member->until > now);
    }
    return count;
}

static json_t *teams_json(const Office *office, const char *folded, GError **error)
{
    g_autoptr(GArray) members =
        store_list_team_members(office->desk.store, office->desk.workspace_id, 0, error);
    if (members == NULL)
        return NULL;
    json_t *items = json_array();
    for (guint i = 0; i < office->names.teams->len && json_array_size(items) < NAMED_MOST; i++) {
        const StoreTeam *team = office->names.teams->pdata[i];
        if (!holds(team->name, folded))
            continue;
        json_t *item =
            json_pack("{s:I, s:I}", "id", (json_int_t) team->team_id, "members",
                      (json_int_t) count_members(members, team->team_id, office->desk.now));
        json_object_set_new(item, "name", web_json_text(team->name));
        json_array_append_new(items, item);
    }
    return items;
}

gboolean web_list_approvers(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Office) office = {0};
    const char *search = request_query(call->request, "search");
    if (search != NULL && strlen(search) > LIMIT_NAME)
        return web_invalid(error, "\"search\" is too long.");
    if (!office_open(call, &office, error))
        return FALSE;
    g_autofree char *folded = g_utf8_casefold(search != NULL ? search : "", -1);
    json_t *people = people_json(&office, folded, error);
    json_t *teams = people != NULL ? teams_json(&office, folded, error) : NULL;
    if (teams == NULL) {
        json_decref(people);
        return FALSE;
    }
    reply_json(reply, 200, json_pack("{s:o, s:o}", "people", people, "teams", teams));
    return TRUE;
}
