#include "insight/proposal.h"

#include <jansson.h>
#include <string.h>

/* ---- bodies */

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

char *proposal_policy_end_body(gint64 policy_id)
{
    json_t *body = json_object();
    set_text(body, "do", "end");
    json_object_set_new(body, "policy_id", json_integer(policy_id));
    return finish(body);
}

char *proposal_selection_body(const StoreSelectionRule *rule)
{
    json_t *body = json_object();
    json_object_set_new(body, "kind", json_integer(rule->kind));
    json_object_set_new(body, "subject_id", json_integer(rule->subject_id));
    set_text(body, "text", rule->text);
    json_object_set_new(body, "is_included", json_boolean(rule->is_included));
    return finish(body);
}

char *proposal_connection_removal_body(const char *name)
{
    json_t *body = json_object();
    set_text(body, "do", "remove");
    set_text(body, "name", name);
    return finish(body);
}

char *proposal_setting_body(const char *key, const char *value)
{
    json_t *body = json_object();
    set_text(body, "key", key);
    set_text(body, "value", value);
    return finish(body);
}

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

static gint64 integer_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static gboolean is_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
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

/* Both names are part of a policy's history. */
static char *names_of(const Deed *deed)
{
    return g_strcmp0(deed->proposal->proposed_by, deed->by) == 0
               ? g_strdup(deed->by)
               : g_strdup_printf("%s, approved by %s", deed->proposal->proposed_by, deed->by);
}

static gboolean set_policy(const Deed *deed, const json_t *body, GError **error)
{
    const json_t *from = json_object_get(body, "from");
    g_autofree char *names = names_of(deed);
    StorePolicy policy = {
        .scope_id = integer_of(body, "scope_id"),
        .branch = (char *) json_string_value(json_object_get(body, "branch")),
        .from = json_is_integer(from) ? json_integer_value(from) : deed->at,
        .ended = TIME_ABSENT,
        .least_approvals = integer_of(body, "least_approvals"),
        .required_least = integer_of(body, "required_least"),
        .author_counts = is_true(body, "author_counts"),
        .void_on_push = is_true(body, "void_on_push"),
        .builds_must_pass = is_true(body, "builds_must_pass"),
        .created = deed->at,
        .created_by = names,
    };
    gint64 policy_id, version;
    read_required(body, &policy);
    if (policy.branch == NULL ||
        !policy_scope_from_name(json_string_value(json_object_get(body, "scope")), &policy.scope))
        return fail_body(deed, error);
    return store_put_policy(deed->tx, deed->workspace_id, &policy, &policy_id, &version, error);
}

static gboolean do_policy(const Deed *deed, const json_t *body, GError **error)
{
    const char *what = json_string_value(json_object_get(body, "do"));
    if (g_strcmp0(what, "set") == 0)
        return set_policy(deed, body, error);
    if (g_strcmp0(what, "end") == 0)
        return store_end_policy(deed->tx, deed->workspace_id, integer_of(body, "policy_id"),
                                deed->at, error);
    return fail_body(deed, error);
}

static gboolean do_selection(const Deed *deed, const json_t *body, GError **error)
{
    g_autofree char *names = names_of(deed);
    const StoreSelectionRule rule = {
        .kind = (SelectionKind) CLAMP(integer_of(body, "kind"), SELECT_PATTERN, SELECT_REPOSITORY),
        .subject_id = integer_of(body, "subject_id"),
        .text = (char *) json_string_value(json_object_get(body, "text")),
        .is_included = is_true(body, "is_included"),
        .created = deed->at,
        .created_by = names,
    };
    if (rule.text == NULL)
        return fail_body(deed, error);
    return store_add_selection_rule(deed->tx, deed->workspace_id, &rule, FALSE, error) &&
           store_apply_selection(deed->tx, deed->workspace_id, NULL, NULL, error);
}

static gboolean do_connection(const Deed *deed, const json_t *body, GError **error)
{
    const char *name = json_string_value(json_object_get(body, "name"));
    if (name == NULL || g_strcmp0(json_string_value(json_object_get(body, "do")), "remove") != 0)
        return fail_body(deed, error);
    return store_delete_connection(deed->tx, deed->workspace_id,
                                   model_id(ID_CONNECTION, deed->workspace_id, name), error);
}

/* Only the setting that a proposal can be about: not a door to all of them. */
static gboolean do_setting(const Deed *deed, const json_t *body, GError **error)
{
    const char *key = json_string_value(json_object_get(body, "key"));
    const char *value = json_string_value(json_object_get(body, "value"));
    if (value == NULL || g_strcmp0(key, SETTING_APPROVAL_REQUIRED) != 0)
        return fail_body(deed, error);
    return store_put_setting(deed->tx, deed->workspace_id, key, value, error);
}

static gboolean carry_out(const Deed *deed, GError **error)
{
    json_t *body = json_loads(deed->proposal->body, 0, NULL);
    const char *kind = deed->proposal->kind;
    gboolean done = body == NULL                                ? fail_body(deed, error)
                    : strcmp(kind, PROPOSAL_OF_POLICY) == 0     ? do_policy(deed, body, error)
                    : strcmp(kind, PROPOSAL_OF_SELECTION) == 0  ? do_selection(deed, body, error)
                    : strcmp(kind, PROPOSAL_OF_CONNECTION) == 0 ? do_connection(deed, body, error)
                    : strcmp(kind, PROPOSAL_OF_SETTING) == 0    ? do_setting(deed, body, error)
                                                                : fail_body(deed, error);
    json_decref(body);
    return done;
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

gboolean proposal_decide(Store *store, gint64 workspace_id, gint64 proposal_id, gboolean approve,
                         const char *by, UtcTime at, const char *note, GError **error)
{
    gboolean is_required = FALSE;
    g_autoptr(GPtrArray) proposals = store_list_proposals(store, workspace_id, error);
    if (proposals == NULL || !proposal_is_required(store, workspace_id, &is_required, error))
        return FALSE;
    const StoreProposal *proposal = find(proposals, proposal_id);
    if (approve && !check_eyes(proposal, by, is_required, error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL ||
        !store_decide_proposal(tx, workspace_id, proposal_id,
                               approve ? PROPOSAL_APPROVED : PROPOSAL_REFUSED, by, at, note, error))
        return FALSE;
    const Deed deed = {store, tx, workspace_id, proposal, by, at};
    if (approve && !carry_out(&deed, error))
        return FALSE;
    return store_commit(g_steal_pointer(&tx), error);
}
