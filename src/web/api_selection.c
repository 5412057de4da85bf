/* Which repositories are read: rules in order, of which the last that matches decides. */
#include "insight/insight.h"
#include "web/desk.h"

#include <string.h>

#define RULES_MOST 2000

static json_t *rules_json(const GPtrArray *rules)
{
    json_t *items = json_array();
    for (guint i = 0; i < rules->len; i++) {
        const StoreSelectionRule *rule = rules->pdata[i];
        json_array_append_new(items,
                              json_pack("{s:s, s:s, s:b}", "kind", selection_kind_name(rule->kind),
                                        "name", rule->text, "include", rule->is_included));
    }
    return items;
}

gboolean web_get_selection(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    if (!web_desk_open(call, &desk, error))
        return FALSE;
    g_autoptr(GPtrArray) rules = store_list_selection_rules(desk.store, desk.workspace_id, error);
    if (rules == NULL)
        return FALSE;
    reply_json(reply, 200,
               json_pack("{s:s, s:o}", "workspace", desk.slug, "rules", rules_json(rules)));
    return TRUE;
}

/* ---- setting them */

static gboolean read_kind(const char *name, SelectionKind *ret_kind)
{
    for (SelectionKind kind = SELECT_PATTERN; kind <= SELECT_REPOSITORY; kind++)
        if (g_strcmp0(name, selection_kind_name(kind)) == 0) {
            *ret_kind = kind;
            return TRUE;
        }
    return FALSE;
}

/* The project's or repository's id by its key or full name; 0 for a pattern. */
static gboolean find_subject(const GPtrArray *repositories, StoreSelectionRule *rule,
                             GError **error)
{
    if (rule->kind == SELECT_PATTERN)
        return TRUE;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (rule->kind == SELECT_REPOSITORY && g_str_equal(repository->full_name, rule->text))
            rule->subject_id = repository->repository_id;
        else if (rule->kind == SELECT_PROJECT &&
                 g_strcmp0(repository->project_key, rule->text) == 0)
            rule->subject_id = repository->project_id;
        if (rule->subject_id != 0)
            return TRUE;
    }
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                "There is no %s '%s' among the repositories that the connections see.",
                selection_kind_name(rule->kind), rule->text);
    return FALSE;
}

static gboolean read_rule(json_t *item, const GPtrArray *repositories, StoreSelectionRule *ret_rule,
                          GError **error)
{
    StoreSelectionRule rule = {0};
    json_t *include = json_object_get(item, "include");
    if (!read_kind(json_string_value(json_object_get(item, "kind")), &rule.kind))
        return web_invalid(error, "The kind of a rule is pattern, project or repository.");
    if (!json_is_boolean(include))
        return web_invalid(error, "A rule says by \"include\", true or false, what it decides.");
    rule.text = (char *) web_need_text(item, "name", error);
    rule.is_included = json_is_true(include);
    if (rule.text == NULL || !find_subject(repositories, &rule, error))
        return FALSE;
    *ret_rule = rule;
    return TRUE;
}

static gboolean put_rules(const WebCall *call, StoreTx *tx, const WebDesk *desk, json_t *rules,
                          const GPtrArray *repositories, GError **error)
{
    json_t *item;
    gsize i;
    if (!store_clear_selection_rules(tx, desk->workspace_id, error))
        return FALSE;
    json_array_foreach(rules, i, item)
    {
        StoreSelectionRule rule;
        if (!read_rule(item, repositories, &rule, error))
            return FALSE;
        rule.created = call->now;
        rule.created_by = call->caller->email;
        if (!store_add_selection_rule(tx, desk->workspace_id, &rule, FALSE, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean set_selection(const WebCall *call, const WebDesk *desk, json_t *rules,
                              json_t **ret_document, GError **error)
{
    gint64 selected = 0, deselected = 0;
    g_autofree char *detail = NULL;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(desk->store, desk->workspace_id, FALSE, error);
    g_autoptr(StoreTx) tx = repositories != NULL ? store_begin(desk->store, error) : NULL;
    if (tx == NULL || !put_rules(call, tx, desk, rules, repositories, error) ||
        !store_apply_selection(tx, desk->workspace_id, &selected, &deselected, error))
        return FALSE;
    detail = g_strdup_printf("%" G_GSIZE_FORMAT " rules; %" G_GINT64_FORMAT
                             " repositories newly read, %" G_GINT64_FORMAT " no longer",
                             json_array_size(rules), selected, deselected);
    if (!web_note_act(tx, call, "selection.set", desk->slug, detail, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    g_autoptr(GPtrArray) kept = store_list_selection_rules(desk->store, desk->workspace_id, error);
    if (kept == NULL)
        return FALSE;
    *ret_document =
        json_pack("{s:s, s:o, s:I, s:I}", "workspace", desk->slug, "rules", rules_json(kept),
                  "selected", (json_int_t) selected, "deselected", (json_int_t) deselected);
    return TRUE;
}

/* Where changes wait for a second person, a rule is proposed, one at a time. */
static gboolean may_set(const WebDesk *desk, GError **error)
{
    gboolean waits = FALSE;
    if (!proposal_is_required(desk->store, desk->workspace_id, &waits, error))
        return FALSE;
    return !waits || web_invalid(error, "Here a selection waits for a second person: propose it "
                                        "with 'plumbline repositories select' or 'deselect'.");
}

gboolean web_put_selection(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    json_t *document = NULL;
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    json_t *rules = json_object_get(body, "rules");
    gboolean done = web_desk_open(call, &desk, error);
    if (done && (!json_is_array(rules) || json_array_size(rules) == 0 ||
                 json_array_size(rules) > RULES_MOST))
        done = web_invalid(error, "\"rules\" must be a list of 1 to %d rules.", RULES_MOST);
    done = done && may_set(&desk, error) && set_selection(call, &desk, rules, &document, error);
    json_decref(body);
    if (done) {
        background_kick(call->server->background, 0);
        reply_json(reply, 200, document);
    }
    return done;
}
