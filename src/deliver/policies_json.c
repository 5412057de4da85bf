/* Approval policies, simulations and proposals as JSON. */
#include "deliver/deliver.h"

static json_t *instant(UtcTime at)
{
    char text[TIME_TEXT_SIZE];
    return at == TIME_ABSENT ? json_null() : json_string(time_format(at, text));
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_t *value = text != NULL ? json_string(text) : NULL;
    json_object_set_new(object, key, value != NULL ? value : json_null());
}

static void set_count(json_t *object, const char *key, gint64 count)
{
    json_object_set_new(object, key, json_integer(count));
}

/* ---- policies */

static json_t *required_json(const PolicyNames *names, const StorePolicy *policy)
{
    json_t *list = json_array();
    for (guint i = 0; i < policy->n_required; i++) {
        const StorePolicyRequired *required = &policy->required[i];
        json_t *one = json_object();
        set_text(one, "kind", required->is_team ? "team" : "person");
        set_count(one, "id", required->id);
        set_text(one, "name", policy_names_required(names, required));
        set_count(one, "least", required->least);
        json_array_append_new(list, one);
    }
    return list;
}

/* What the policy is for: the project's key or the repository's name; NULL: the workspace. */
static const char *subject(const PolicyNames *names, const StorePolicy *policy)
{
    return policy->scope == POLICY_REPOSITORY ? policy_names_repository(names, policy->scope_id)
           : policy->scope == POLICY_PROJECT  ? policy_names_project(names, policy->scope_id)
                                              : NULL;
}

json_t *policy_content_json(const PolicyNames *names, const StorePolicy *policy)
{
    g_autofree char *where = policy_where(names, policy);
    g_autofree char *asks = policy_asks(names, policy);
    json_t *object = json_object();
    set_text(object, "scope", policy_scope_name(policy->scope));
    set_text(object, "subject", subject(names, policy));
    set_text(object, "where", where);
    set_text(object, "branch", *policy->branch == '\0' ? NULL : policy->branch);
    json_object_set_new(object, "from", instant(policy->from));
    set_count(object, "least_approvals", policy->least_approvals);
    json_object_set_new(object, "required", required_json(names, policy));
    set_count(object, "required_least", policy->required_least);
    json_object_set_new(object, "author_counts", json_boolean(policy->author_counts));
    json_object_set_new(object, "void_on_push", json_boolean(policy->void_on_push));
    json_object_set_new(object, "builds_must_pass", json_boolean(policy->builds_must_pass));
    set_text(object, "asks", asks);
    return object;
}

static json_t *version_json(const PolicyNames *names, const GPtrArray *versions, guint index,
                            UtcTime now)
{
    const StorePolicy *policy = versions->pdata[index];
    json_t *object = policy_content_json(names, policy);
    set_count(object, "policy", policy->policy_id);
    set_count(object, "version", policy->version);
    set_text(object, "state", policy_version_state(versions, index, now));
    json_object_set_new(object, "ended", instant(policy->ended));
    json_object_set_new(object, "written", instant(policy->created));
    set_text(object, "written_by", policy->created_by);
    return object;
}

/* The version of the policy that is in force; @newest: where its newest version is. */
static json_t *in_force_json(const GPtrArray *versions, guint newest, UtcTime now)
{
    gint64 policy_id = ((const StorePolicy *) versions->pdata[newest])->policy_id;
    for (guint i = newest + 1; i-- > 0;) {
        const StorePolicy *policy = versions->pdata[i];
        if (policy->policy_id != policy_id)
            break;
        if (g_str_equal(policy_version_state(versions, i, now), "in-force"))
            return json_integer(policy->version);
    }
    return json_null();
}

json_t *policy_list_json(const PolicyNames *names, const GPtrArray *versions, gint64 policy_id,
                         UtcTime now)
{
    json_t *list = json_array();
    for (guint i = 0; i < versions->len; i++) {
        const StorePolicy *policy = versions->pdata[i];
        if (policy_id != 0 ? policy->policy_id != policy_id : !policy_is_newest(versions, i))
            continue;
        json_t *version = version_json(names, versions, i, now);
        if (policy_id == 0)
            json_object_set_new(version, "in_force", in_force_json(versions, i, now));
        json_array_append_new(list, version);
    }
    return list;
}

/* ---- simulations */

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
            set_count(one, "merges", simulation->counts[before][after]);
            json_array_append_new(list, one);
        }
    }
    return list;
}

static json_t *merge_json(const PolicyNames *names, const SimulatedMerge *merge)
{
    json_t *one = json_object();
    set_text(one, "repository", policy_names_repository(names, merge->repository_id));
    set_count(one, "repository_id", merge->repository_id);
    set_count(one, "number", merge->number);
    set_text(one, "title", merge->title);
    set_text(one, "url", merge->url);
    json_object_set_new(one, "merged", instant(merge->merged));
    set_text(one, "before", verdict_name(merge->before));
    set_text(one, "then", verdict_name(merge->after));
    set_text(one, "why", merge->reason);
    return one;
}

/* The newest @most, the oldest of them first. */
static json_t *merges_json(const PolicyNames *names, const GPtrArray *merges, guint most)
{
    json_t *list = json_array();
    guint from = most != 0 && merges->len > most ? merges->len - most : 0;
    for (guint i = from; i < merges->len; i++)
        json_array_append_new(list, merge_json(names, merges->pdata[i]));
    return list;
}

json_t *policy_simulation_json(const PolicyNames *names, const StorePolicy *policy,
                               const PolicySimulation *simulation, gint days, guint most)
{
    json_t *object = json_object();
    json_object_set_new(object, "policy", policy_content_json(names, policy));
    set_count(object, "days", days);
    set_count(object, "merges", simulation->looked_at);
    set_count(object, "left_to_more_specific", simulation->left_to_others);
    json_object_set_new(object, "counts", counts_json(simulation));
    json_object_set_new(object, "failing", merges_json(names, simulation->failing, most));
    json_object_set_new(object, "changed", merges_json(names, simulation->changed, most));
    return object;
}
