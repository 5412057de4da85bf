/* Findings, acting on them, and the rules. */
#include "deliver/deliver.h"
#include "web/desk.h"
#include "web/table.h"

#include <string.h>

#define DAYS_PER_SNOOZE_MOST 365

static FindingView view_of(const WebDesk *desk)
{
    return (FindingView){desk->store, desk->workspace_id, desk->columns, desk->now};
}

/* ---- list */

static gboolean read_states(const char *text, guint *ret_states, GError **error)
{
    g_auto(GStrv) names = g_strsplit(text, ",", FINDING_STATE_COUNT + 1);
    for (guint i = 0; names[i] != NULL; i++) {
        FindingState state;
        if (g_str_equal(names[i], "all"))
            *ret_states |= INSIGHT_STATES_ALL;
        else if (finding_state_from_name(names[i], &state))
            *ret_states |= INSIGHT_STATE(state);
        else
            return web_invalid(error,
                               "'%s' is no state: open, acknowledged, snoozed, resolved, "
                               "dismissed and all are.",
                               names[i]);
    }
    return TRUE;
}

static gboolean read_filter(const WebDesk *desk, const WebCall *call, InsightFilter *ret_filter,
                            GError **error)
{
    const WebRequest *request = call->request;
    const char *state = request_query(request, "state"), *rule = request_query(request, "rule");
    const char *family = request_query(request, "family");
    const char *severity = request_query(request, "severity");
    const char *person = request_query(request, "person");
    *ret_filter = (InsightFilter){.rule = rule, .family = -1, .severity = -1};
    for (gint i = 0; family != NULL && i < FAMILY_COUNT; i++)
        if (g_str_equal(rule_family_name((RuleFamily) i), family))
            ret_filter->family = i;
    for (gint i = 0; severity != NULL && i < SEVERITY_COUNT; i++)
        if (g_str_equal(rule_severity_name((RuleSeverity) i), severity))
            ret_filter->severity = i;
    if (family != NULL && ret_filter->family < 0)
        return web_invalid(error, "'%s' is no family of rules.", family);
    if (severity != NULL && ret_filter->severity < 0)
        return web_invalid(error, "'%s' is no severity.", severity);
    if (rule != NULL && rule_find(rule) == NULL)
        return web_invalid(error, "'%s' is no rule.", rule);
    if (state != NULL && !read_states(state, &ret_filter->states, error))
        return FALSE;
    if (person != NULL &&
        !store_find_person(desk->store, desk->workspace_id, person, &ret_filter->person_id, error))
        return FALSE;
    return web_desk_repository(desk, call, &ret_filter->repository_id, error);
}

gboolean web_list_findings(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    InsightFilter filter;
    if (!web_desk_open(call, &desk, error) || !read_filter(&desk, call, &filter, error))
        return FALSE;
    g_autoptr(GPtrArray) findings = insight_list(desk.store, desk.workspace_id, &filter, error);
    FindingView view = view_of(&desk);
    ReportFormat format = web_format(call);
    return findings != NULL &&
           web_reply_form(reply, format,
                          deliver_render_findings(&view, findings, format, NULL, error));
}

/* ---- one */

static gboolean reply_finding(const WebDesk *desk, gint64 finding_id, WebReply *reply,
                              GError **error)
{
    g_autoptr(StoreFinding) finding =
        store_get_finding(desk->store, desk->workspace_id, finding_id, error);
    g_autoptr(GPtrArray) events =
        finding == NULL
            ? NULL
            : store_list_finding_events(desk->store, desk->workspace_id, finding_id, error);
    FindingView view = view_of(desk);
    GString *text = events == NULL
                        ? NULL
                        : deliver_render_finding(&view, finding, events, REPORT_JSON, NULL, error);
    return web_reply_rendered(reply, text);
}

gboolean web_get_finding(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    gint64 id = 0;
    return web_desk_open(call, &desk, error) &&
           insight_find(desk.store, desk.workspace_id, call->request->parts[0], &id, error) &&
           reply_finding(&desk, id, reply, error);
}

/* ---- acting */

/* By id, which the history then says by name, or by what store_find_person takes. */
static gboolean read_person(const WebDesk *desk, json_t *body, InsightStep *step, GError **error)
{
    json_t *person = json_object_get(body, "person");
    if (person == NULL || json_is_null(person))
        return TRUE;
    if (json_is_string(person))
        return store_find_person(desk->store, desk->workspace_id, json_string_value(person),
                                 &step->person_id, error);
    gint64 id = 0;
    g_autoptr(PersonMap) map = person_map_load(desk->store, desk->workspace_id, error);
    if (map == NULL || !web_need_number(body, "person", &id, error))
        return FALSE;
    id = person_map_canonical(map, id);
    g_autoptr(StorePerson) known = identity_get_person(desk->store, desk->workspace_id, id, error);
    if (known == NULL)
        return FALSE;
    step->person_id = id;
    json_object_set_new(body, "name", json_string(known->display_name));
    step->note = json_string_value(json_object_get(body, "name")); /* lives as long as the body */
    return TRUE;
}

static gboolean read_step(const WebDesk *desk, const WebCall *call, json_t *body,
                          InsightStep *ret_step, GError **error)
{
    const char *name = web_need_text(body, "action", error);
    if (name == NULL)
        return FALSE;
    *ret_step = (InsightStep){
        .actor = call->caller->email, .until = TIME_ABSENT, .person_id = COUNT_ABSENT};
    if (!insight_action_from_name(name, &ret_step->action))
        return web_invalid(error,
                           "'%s' is no action: acknowledge, snooze, dismiss, mute, assign and "
                           "reopen are.",
                           name);
    if (json_object_get(body, "note") != NULL &&
        (ret_step->note = web_need_text(body, "note", error)) == NULL)
        return FALSE;
    json_t *days = json_object_get(body, "days");
    if (days != NULL && (!json_is_integer(days) || json_integer_value(days) < 1 ||
                         json_integer_value(days) > DAYS_PER_SNOOZE_MOST))
        return web_invalid(error, "\"days\" must be between 1 and %d.", DAYS_PER_SNOOZE_MOST);
    if (days != NULL)
        ret_step->until = desk->now + json_integer_value(days) * TIME_DAY;
    return read_person(desk, body, ret_step, error);
}

gboolean web_post_step(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    gint64 id = 0;
    InsightStep step;
    json_t *body = request_json(call->request, error);
    gboolean done =
        body != NULL && web_desk_open(call, &desk, error) &&
        insight_find(desk.store, desk.workspace_id, call->request->parts[0], &id, error) &&
        read_step(&desk, call, body, &step, error) &&
        insight_act(desk.store, desk.workspace_id, id, &step, desk.now, error);
    json_decref(body);
    if (!done)
        return FALSE;
    hub_publish(call->server->hub, "findings", "{}");
    return reply_finding(&desk, id, reply, error);
}

/* ---- mutes */

gboolean web_list_mutes(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    if (!web_desk_open(call, &desk, error))
        return FALSE;
    g_autoptr(GPtrArray) mutes = store_list_mutes(desk.store, desk.workspace_id, error);
    FindingView view = view_of(&desk);
    ReportFormat format = web_format(call);
    return mutes != NULL &&
           web_reply_form(reply, format, deliver_render_mutes(&view, mutes, format, NULL, error));
}

static gboolean end_mute(const WebCall *call, const WebDesk *desk, const StoreMute *mute,
                         GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(desk->store, error);
    return tx != NULL &&
           insight_end_mute(tx, desk->workspace_id, mute->mute_id, call->caller->email, desk->now,
                            error) &&
           web_note_act(tx, call, "mute.end", mute->rule, mute->reason, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_delete_mute(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    if (!web_desk_open(call, &desk, error))
        return FALSE;
    g_autoptr(GPtrArray) mutes = store_list_mutes(desk.store, desk.workspace_id, error);
    for (guint i = 0; mutes != NULL && i < mutes->len; i++) {
        const StoreMute *mute = mutes->pdata[i];
        char name[INSIGHT_ID_SIZE];
        if (!g_str_equal(insight_id_text(mute->mute_id, name), call->request->parts[0]))
            continue;
        if (!end_mute(call, &desk, mute, error))
            return FALSE;
        hub_publish(call->server->hub, "findings", "{}");
        reply_nothing(reply);
        return TRUE;
    }
    if (mutes != NULL)
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "There is no such mute; it may have been ended by somebody else.");
    return FALSE;
}

/* ---- rules */

static gboolean reply_rules(const WebDesk *desk, gint64 repository_id, ReportFormat format,
                            WebReply *reply, GError **error)
{
    RuleSettings *settings = insight_settings(desk->store, desk->workspace_id, error);
    GString *text = settings == NULL
                        ? NULL
                        : deliver_render_rules(settings, repository_id, format, NULL, error);
    if (settings != NULL)
        insight_settings_free(settings);
    return web_reply_form(reply, format, text);
}

gboolean web_list_rules(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    gint64 repository_id = 0;
    return web_desk_open(call, &desk, error) &&
           web_desk_repository(&desk, call, &repository_id, error) &&
           reply_rules(&desk, repository_id, web_format(call), reply, error);
}

static const Rule *need_rule(const char *id, GError **error)
{
    const Rule *rule = rule_find(id);
    if (rule == NULL)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND, "There is no rule '%s'.",
                    id);
    return rule;
}

/* {"is_on": true, "parameters": {"after": 48}}; null takes a setting back. */
static gboolean put_settings(const WebDesk *desk, gint64 repository_id, const Rule *rule,
                             json_t *body, GError **error)
{
    json_t *is_on = json_object_get(body, "is_on"), *value;
    const char *name;
    double number;
    if (is_on != NULL) {
        if (!json_is_boolean(is_on) && !json_is_null(is_on))
            return web_invalid(error, "\"is_on\" is neither true, false nor null.");
        number = json_is_true(is_on) ? 1 : 0;
        if (!insight_set(desk->store, desk->workspace_id, repository_id, rule, "",
                         json_is_null(is_on) ? NULL : &number, error))
            return FALSE;
    }
    json_object_foreach(json_object_get(body, "parameters"), name, value)
    {
        number = json_number_value(value);
        if (!json_is_number(value) && !json_is_null(value))
            return web_invalid(error, "\"%s\" is neither a number nor null.", name);
        if (!insight_set(desk->store, desk->workspace_id, repository_id, rule, name,
                         json_is_null(value) ? NULL : &number, error))
            return FALSE;
    }
    return TRUE;
}

gboolean web_patch_rule(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    gint64 repository_id = 0;
    const Rule *rule = need_rule(call->request->parts[0], error);
    json_t *body = rule == NULL ? NULL : request_json(call->request, error);
    gboolean done = body != NULL && web_desk_open(call, &desk, error) &&
                    web_desk_repository(&desk, call, &repository_id, error) &&
                    put_settings(&desk, repository_id, rule, body, error);
    json_decref(body);
    if (!done)
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    if (tx == NULL || !web_note_act(tx, call, "rule.set", rule->id, "", error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    background_kick(call->server->background, 0);
    return reply_rules(&desk, repository_id, REPORT_JSON, reply, error);
}

/* {"parameters": {"after": 48}}: how many findings the last 90 days would have had. */
gboolean web_post_dry_run(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    InsightTrial trial = {.rule = need_rule(call->request->parts[0], error)};
    InsightDryRun result;
    json_t *body = trial.rule == NULL ? NULL : request_json(call->request, error), *value;
    gboolean done = body != NULL && web_desk_open(call, &desk, error) &&
                    web_desk_repository(&desk, call, &trial.repository_id, error);
    const char *name;
    guint n = 0;
    json_object_foreach(done ? json_object_get(body, "parameters") : NULL, name, value)
    {
        if (n == RULE_PARAMETERS_MAX || !json_is_number(value)) {
            done = web_invalid(error, "\"%s\" is no number, or there are too many.", name);
            break;
        }
        trial.parameters[n] = name;
        trial.values[n++] = json_number_value(value);
    }
    trial.now = desk.now;
    done = done && insight_dry_run(desk.store, desk.workspace_id, &trial, &result, error);
    GString *text = done ? deliver_render_dry_run(&trial, &result, REPORT_JSON, NULL, error) : NULL;
    json_decref(body);
    return web_reply_rendered(reply, text);
}
