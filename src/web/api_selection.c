/* Which repositories are read: rules in order, of which the last that matches decides. */
#include "insight/insight.h"
#include "web/desk.h"
#include "web/proposing.h"
#include "web/table.h"

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
    static const char *const COLUMNS[] = {"kind", "name", "include", NULL};
    web_reply_list(call, reply,
                   json_pack("{s:s, s:o}", "workspace", desk.slug, "rules", rules_json(rules)),
                   "rules", COLUMNS);
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

static StoreSelectionRule *read_rule(json_t *item, const GPtrArray *repositories, GError **error)
{
    StoreSelectionRule rule = {0};
    json_t *include = json_object_get(item, "include");
    if (!read_kind(json_string_value(json_object_get(item, "kind")), &rule.kind)) {
        web_invalid(error, "The kind of a rule is pattern, project or repository.");
        return NULL;
    }
    if (!json_is_boolean(include)) {
        web_invalid(error, "A rule says by \"include\", true or false, what it decides.");
        return NULL;
    }
    rule.text = (char *) web_need_text(item, "name", error);
    rule.is_included = json_is_true(include);
    if (rule.text == NULL || !find_subject(repositories, &rule, error))
        return NULL;
    rule.text = g_strdup(rule.text);
    return g_memdup2(&rule, sizeof rule);
}

/* What a selection is made of: the repositories that there are, and the rules that are wanted. */
typedef struct {
    GPtrArray *repositories, *rules; /* StoreRepository, StoreSelectionRule */
} Wanted;

static void wanted_clear(Wanted *wanted)
{
    g_clear_pointer(&wanted->repositories, g_ptr_array_unref);
    g_clear_pointer(&wanted->rules, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wanted, wanted_clear)

static gboolean read_wanted(const WebDesk *desk, json_t *list, Wanted *wanted, GError **error)
{
    json_t *item;
    gsize i;
    if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > RULES_MOST)
        return web_invalid(error, "\"rules\" must be a list of 1 to %d rules.", RULES_MOST);
    wanted->repositories = store_list_repositories(desk->store, desk->workspace_id, FALSE, error);
    wanted->rules = g_ptr_array_new_with_free_func((GDestroyNotify) store_selection_rule_free);
    if (wanted->repositories == NULL)
        return FALSE;
    json_array_foreach(list, i, item)
    {
        StoreSelectionRule *rule = read_rule(item, wanted->repositories, error);
        if (rule == NULL)
            return FALSE;
        g_ptr_array_add(wanted->rules, rule);
    }
    return TRUE;
}

static gboolean put_rules(const WebCall *call, StoreTx *tx, const WebDesk *desk,
                          const GPtrArray *rules, GError **error)
{
    if (!store_clear_selection_rules(tx, desk->workspace_id, error))
        return FALSE;
    for (guint i = 0; i < rules->len; i++) {
        StoreSelectionRule rule = *(const StoreSelectionRule *) rules->pdata[i];
        rule.created = call->now;
        rule.created_by = call->caller->email;
        if (!store_add_selection_rule(tx, desk->workspace_id, &rule, FALSE, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean set_selection(const WebCall *call, const WebDesk *desk, const GPtrArray *rules,
                              WebReply *reply, GError **error)
{
    gint64 selected = 0, deselected = 0;
    g_autofree char *detail = NULL;
    g_autoptr(StoreTx) tx = store_begin(desk->store, error);
    if (tx == NULL || !put_rules(call, tx, desk, rules, error) ||
        !store_apply_selection(tx, desk->workspace_id, &selected, &deselected, error))
        return FALSE;
    detail = g_strdup_printf("%u rules; %" G_GINT64_FORMAT
                             " repositories newly read, %" G_GINT64_FORMAT " no longer",
                             rules->len, selected, deselected);
    if (!web_note_act(tx, call, "selection.set", desk->slug, detail, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    background_kick(call->server->background, 0);
    g_autoptr(GPtrArray) kept = store_list_selection_rules(desk->store, desk->workspace_id, error);
    if (kept == NULL)
        return FALSE;
    reply_json(reply, 200,
               json_pack("{s:s, s:o, s:I, s:I}", "workspace", desk->slug, "rules", rules_json(kept),
                         "selected", (json_int_t) selected, "deselected", (json_int_t) deselected));
    return TRUE;
}

static gboolean propose(const WebCall *call, const WebDesk *desk, const Wanted *wanted,
                        WebReply *reply, GError **error)
{
    g_autoptr(GPtrArray) base = store_list_selection_rules(desk->store, desk->workspace_id, error);
    if (base == NULL)
        return FALSE;
    g_autofree char *summary = selection_summary(wanted->repositories, wanted->rules);
    g_autofree char *body = proposal_selection_set_body(wanted->rules, base);
    const WebProposal proposal = {desk->workspace_id, PROPOSAL_OF_SELECTION, summary, body};
    return web_propose(call, &proposal, reply, error);
}

gboolean web_propose_selection(const WebCall *call, const WebDesk *desk, json_t *rules,
                               WebReply *reply, GError **error)
{
    g_auto(Wanted) wanted = {0};
    return read_wanted(desk, rules, &wanted, error) && propose(call, desk, &wanted, reply, error);
}

gboolean web_put_selection(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    g_auto(Wanted) wanted = {0};
    gboolean waits = FALSE;
    json_t *body = request_json(call->request, error);
    gboolean done = body != NULL && web_desk_open(call, &desk, error) &&
                    read_wanted(&desk, json_object_get(body, "rules"), &wanted, error) &&
                    proposal_is_required(desk.store, desk.workspace_id, &waits, error) &&
                    (waits ? propose(call, &desk, &wanted, reply, error)
                           : set_selection(call, &desk, wanted.rules, reply, error));
    json_decref(body);
    return done;
}
