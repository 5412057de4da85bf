/*
 * Policies, proposals and simulations as JSON.
 */
#include "cli/policy_words.h"

GString *cli_json_text(json_t *value)
{
    char *text = json_dumps(value, JSON_INDENT(2));
    GString *out = g_string_new(text);
    g_string_append_c(out, '\n');
    json_decref(value);
    free(text);
    return out;
}

json_t *cli_json_time(UtcTime at)
{
    char text[TIME_TEXT_SIZE];
    return at == TIME_ABSENT ? json_null() : json_string(time_format(at, text));
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_t *value = text != NULL ? json_string(text) : NULL;
    json_object_set_new(object, key, value != NULL ? value : json_null());
}

static json_t *required_json(const StorePolicy *policy)
{
    json_t *list = json_array();
    for (guint i = 0; i < policy->n_required; i++) {
        const StorePolicyRequired *required = &policy->required[i];
        json_t *one = json_object();
        set_text(one, "kind", required->is_team ? "team" : "person");
        json_object_set_new(one, "id", json_integer(required->id));
        json_object_set_new(one, "least", json_integer(required->least));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *policy_json(const PolicyNames *names, const StorePolicy *policy)
{
    g_autofree char *where = policy_where(names, policy);
    g_autofree char *asks = policy_asks(names, policy);
    json_t *object = json_object();
    json_object_set_new(object, "policy", json_integer(policy->policy_id));
    json_object_set_new(object, "version", json_integer(policy->version));
    set_text(object, "scope", policy_scope_name(policy->scope));
    set_text(object, "where", where);
    set_text(object, "branch", *policy->branch == '\0' ? NULL : policy->branch);
    json_object_set_new(object, "from", cli_json_time(policy->from));
    json_object_set_new(object, "ended", cli_json_time(policy->ended));
    json_object_set_new(object, "least_approvals", json_integer(policy->least_approvals));
    json_object_set_new(object, "required", required_json(policy));
    json_object_set_new(object, "required_least", json_integer(policy->required_least));
    json_object_set_new(object, "author_counts", json_boolean(policy->author_counts));
    json_object_set_new(object, "void_on_push", json_boolean(policy->void_on_push));
    json_object_set_new(object, "builds_must_pass", json_boolean(policy->builds_must_pass));
    set_text(object, "asks", asks);
    json_object_set_new(object, "written", cli_json_time(policy->created));
    set_text(object, "written_by", policy->created_by);
    return object;
}

GString *policy_list_json(const PolicyNames *names, const GPtrArray *versions, gint64 policy_id)
{
    json_t *list = json_array();
    for (guint i = 0; i < versions->len; i++) {
        const StorePolicy *policy = versions->pdata[i];
        gboolean is_newest =
            i + 1 == versions->len ||
            ((const StorePolicy *) versions->pdata[i + 1])->policy_id != policy->policy_id;
        if (policy_id != 0 ? policy->policy_id == policy_id : is_newest)
            json_array_append_new(list, policy_json(names, policy));
    }
    return cli_json_text(list);
}

GString *proposal_list_json(const GPtrArray *proposals)
{
    json_t *list = json_array();
    for (guint i = 0; i < proposals->len; i++) {
        const StoreProposal *proposal = proposals->pdata[i];
        json_t *object = json_object();
        json_object_set_new(object, "proposal", json_integer(proposal->proposal_id));
        set_text(object, "kind", proposal->kind);
        set_text(object, "state", proposal_state_name(proposal->state));
        set_text(object, "what", proposal->summary);
        set_text(object, "proposed_by", proposal->proposed_by);
        json_object_set_new(object, "proposed", cli_json_time(proposal->proposed));
        set_text(object, "decided_by", proposal->decided_by);
        json_object_set_new(object, "decided", cli_json_time(proposal->decided));
        set_text(object, "note", proposal->note);
        json_array_append_new(list, object);
    }
    return cli_json_text(list);
}

static json_t *counts_json(const PolicySimulation *simulation)
{
    json_t *list = json_array();
    for (guint before = 0; before < VERDICT_COUNT; before++) {
        for (guint after = 0; after < VERDICT_COUNT; after++) {
            if (simulation->counts[before][after] == 0)
                continue;
            json_t *one = json_object();
            set_text(one, "before", verdict_name((Verdict) before));
            set_text(one, "then", verdict_name((Verdict) after));
            json_object_set_new(one, "merges", json_integer(simulation->counts[before][after]));
            json_array_append_new(list, one);
        }
    }
    return list;
}

GString *simulation_json(const PolicyNames *names, const PolicySimulation *simulation, gint days)
{
    json_t *object = json_object(), *changed = json_array();
    json_object_set_new(object, "days", json_integer(days));
    json_object_set_new(object, "merges", json_integer(simulation->looked_at));
    json_object_set_new(object, "left_to_more_specific", json_integer(simulation->left_to_others));
    json_object_set_new(object, "counts", counts_json(simulation));
    for (guint i = 0; i < simulation->changed->len; i++) {
        const SimulatedMerge *merge = simulation->changed->pdata[i];
        json_t *one = json_object();
        set_text(one, "repository", policy_names_repository(names, merge->repository_id));
        json_object_set_new(one, "number", json_integer(merge->number));
        set_text(one, "title", merge->title);
        set_text(one, "url", merge->url);
        json_object_set_new(one, "merged", cli_json_time(merge->merged));
        set_text(one, "before", verdict_name(merge->before));
        set_text(one, "then", verdict_name(merge->after));
        set_text(one, "why", merge->reason);
        json_array_append_new(changed, one);
    }
    json_object_set_new(object, "changed", changed);
    return cli_json_text(object);
}
