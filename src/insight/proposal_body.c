/* What proposals ask for, as JSON: written and read. */
#include "insight/proposal_body.h"

/* ---- writing them */

static char *finish(json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
    char *copy = g_strdup(text);
    json_decref(body);
    free(text);
    return copy;
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text != NULL ? json_string(text) : json_null());
}

char *proposal_policy_body(const StorePolicy *policy)
{
    json_t *body = json_object(), *required = json_array();
    set_text(body, "do", "set");
    set_text(body, "scope", policy_scope_name(policy->scope));
    json_object_set_new(body, "scope_id", json_integer(policy->scope_id));
    set_text(body, "branch", policy->branch);
    json_object_set_new(body, "from",
                        policy->from == TIME_ABSENT ? json_null() : json_integer(policy->from));
    json_object_set_new(body, "least_approvals", json_integer(policy->least_approvals));
    json_object_set_new(body, "required_least", json_integer(policy->required_least));
    json_object_set_new(body, "author_counts", json_boolean(policy->author_counts));
    json_object_set_new(body, "void_on_push", json_boolean(policy->void_on_push));
    json_object_set_new(body, "builds_must_pass", json_boolean(policy->builds_must_pass));
    for (guint i = 0; i < policy->n_required; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "is_team", json_boolean(policy->required[i].is_team));
        json_object_set_new(one, "id", json_integer(policy->required[i].id));
        json_object_set_new(one, "least", json_integer(policy->required[i].least));
        json_array_append_new(required, one);
    }
    json_object_set_new(body, "required", required);
    return finish(body);
}

char *proposal_policy_end_body(gint64 policy_id, UtcTime at)
{
    json_t *body = json_object();
    set_text(body, "do", "end");
    json_object_set_new(body, "policy_id", json_integer(policy_id));
    json_object_set_new(body, "at", at == TIME_ABSENT ? json_null() : json_integer(at));
    return finish(body);
}

static json_t *rule_body(const StoreSelectionRule *rule)
{
    json_t *body = json_object();
    json_object_set_new(body, "kind", json_integer(rule->kind));
    json_object_set_new(body, "subject_id", json_integer(rule->subject_id));
    set_text(body, "text", rule->text);
    json_object_set_new(body, "is_included", json_boolean(rule->is_included));
    return body;
}

char *proposal_selection_body(const StoreSelectionRule *rule)
{
    return finish(rule_body(rule));
}

static json_t *rules_body(const GPtrArray *rules)
{
    json_t *list = json_array();
    for (guint i = 0; i < rules->len; i++)
        json_array_append_new(list, rule_body(rules->pdata[i]));
    return list;
}

char *proposal_selection_set_body(const GPtrArray *rules, const GPtrArray *base)
{
    json_t *body = json_object();
    json_object_set_new(body, "rules", rules_body(rules));
    json_object_set_new(body, "base", rules_body(base));
    return finish(body);
}

char *proposal_connection_removal_body(const char *name, gboolean purge)
{
    json_t *body = json_object();
    set_text(body, "do", "remove");
    set_text(body, "name", name);
    if (purge)
        json_object_set_new(body, "purge", json_true());
    return finish(body);
}

char *proposal_setting_body(const char *key, const char *value)
{
    json_t *body = json_object();
    set_text(body, "key", key);
    set_text(body, "value", value);
    return finish(body);
}

/* ---- reading them */

static gint64 integer_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static UtcTime instant_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : TIME_ABSENT;
}

static gboolean is_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

json_t *proposal_read_body(const StoreProposal *proposal, const char *kind)
{
    return g_str_equal(proposal->kind, kind) ? json_loads(proposal->body, 0, NULL) : NULL;
}

static gboolean does(const json_t *body, const char *what)
{
    return g_strcmp0(json_string_value(json_object_get(body, "do")), what) == 0;
}

static void read_required(const json_t *body, StorePolicy *policy)
{
    const json_t *list = json_object_get(body, "required");
    for (size_t i = 0; i < json_array_size(list) && policy->n_required < POLICY_REQUIRED_MAX; i++) {
        const json_t *one = json_array_get(list, i);
        policy->required[policy->n_required++] = (StorePolicyRequired){
            is_true(one, "is_team"), integer_of(one, "id"), integer_of(one, "least")};
    }
}

static StorePolicy *read_policy(const json_t *body)
{
    const char *branch = json_string_value(json_object_get(body, "branch"));
    PolicyScope scope;
    if (!does(body, "set") || branch == NULL ||
        !policy_scope_from_name(json_string_value(json_object_get(body, "scope")), &scope))
        return NULL;
    StorePolicy *policy = g_new0(StorePolicy, 1);
    *policy = (StorePolicy){
        .scope = scope,
        .scope_id = integer_of(body, "scope_id"),
        .branch = g_strdup(branch),
        .from = instant_of(body, "from"),
        .ended = TIME_ABSENT,
        .least_approvals = integer_of(body, "least_approvals"),
        .required_least = integer_of(body, "required_least"),
        .author_counts = is_true(body, "author_counts"),
        .void_on_push = is_true(body, "void_on_push"),
        .builds_must_pass = is_true(body, "builds_must_pass"),
        .created = TIME_ABSENT,
    };
    read_required(body, policy);
    return policy;
}

StorePolicy *proposal_read_policy(const StoreProposal *proposal)
{
    json_t *body = proposal_read_body(proposal, PROPOSAL_OF_POLICY);
    StorePolicy *policy = read_policy(body);
    json_decref(body);
    return policy;
}

gint64 proposal_read_policy_end(const StoreProposal *proposal, UtcTime *ret_at)
{
    json_t *body = proposal_read_body(proposal, PROPOSAL_OF_POLICY);
    gint64 policy_id = does(body, "end") ? integer_of(body, "policy_id") : 0;
    *ret_at = instant_of(body, "at");
    json_decref(body);
    return policy_id;
}

char *proposal_read_removal(const StoreProposal *proposal, gboolean *ret_purge)
{
    json_t *body = proposal_read_body(proposal, PROPOSAL_OF_CONNECTION);
    char *name =
        does(body, "remove") ? g_strdup(json_string_value(json_object_get(body, "name"))) : NULL;
    *ret_purge = json_is_true(json_object_get(body, "purge"));
    json_decref(body);
    return name;
}

static StoreSelectionRule *read_rule(const json_t *body)
{
    const char *text = json_string_value(json_object_get(body, "text"));
    gint64 kind = integer_of(body, "kind");
    if (text == NULL || kind < SELECT_PATTERN || kind > SELECT_REPOSITORY)
        return NULL;
    StoreSelectionRule *rule = g_new0(StoreSelectionRule, 1);
    *rule = (StoreSelectionRule){.kind = (SelectionKind) kind,
                                 .subject_id = integer_of(body, "subject_id"),
                                 .text = g_strdup(text),
                                 .is_included = is_true(body, "is_included"),
                                 .created = TIME_ABSENT};
    return rule;
}

/* NULL when one of them is none. */
static GPtrArray *read_rules(const json_t *list)
{
    g_autoptr(GPtrArray) rules =
        g_ptr_array_new_with_free_func((GDestroyNotify) store_selection_rule_free);
    for (size_t i = 0; i < json_array_size(list); i++) {
        StoreSelectionRule *rule = read_rule(json_array_get(list, i));
        if (rule == NULL)
            return NULL;
        g_ptr_array_add(rules, rule);
    }
    return g_steal_pointer(&rules);
}

ProposedSelection *proposal_read_selection(const StoreProposal *proposal)
{
    json_t *body = proposal_read_body(proposal, PROPOSAL_OF_SELECTION);
    json_t *list = json_object_get(body, "rules");
    g_autoptr(ProposedSelection) selection = g_new0(ProposedSelection, 1);
    if (json_is_array(list)) {
        selection->rules = read_rules(list);
        selection->base = read_rules(json_object_get(body, "base"));
    } else {
        selection->one_more = body != NULL ? read_rule(body) : NULL;
    }
    json_decref(body);
    gboolean is_whole = selection->rules != NULL && selection->base != NULL;
    return is_whole || selection->one_more != NULL ? g_steal_pointer(&selection) : NULL;
}

void proposed_selection_free(ProposedSelection *selection)
{
    if (selection == NULL)
        return;
    g_clear_pointer(&selection->rules, g_ptr_array_unref);
    g_clear_pointer(&selection->base, g_ptr_array_unref);
    g_clear_pointer(&selection->one_more, store_selection_rule_free);
    g_free(selection);
}

static gboolean is_same(const StoreSelectionRule *a, const StoreSelectionRule *b)
{
    return a->kind == b->kind && a->subject_id == b->subject_id &&
           a->is_included == b->is_included && g_str_equal(a->text, b->text);
}

gboolean proposed_selection_fits(const ProposedSelection *selection, const GPtrArray *now)
{
    if (selection->one_more != NULL)
        return TRUE;
    if (selection->base->len != now->len)
        return FALSE;
    for (guint i = 0; i < now->len; i++)
        if (!is_same(selection->base->pdata[i], now->pdata[i]))
            return FALSE;
    return TRUE;
}
