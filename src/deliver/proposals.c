/* Proposals in words and as JSON. */
#include "deliver/deliver.h"

#define NAMED_IN_SUMMARY 3
#define NAMED_IN_JSON    100

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

json_t *proposal_json(const StoreProposal *proposal)
{
    json_t *object = json_object();
    json_object_set_new(object, "proposal", json_integer(proposal->proposal_id));
    set_text(object, "kind", proposal->kind);
    set_text(object, "state", proposal_state_name(proposal->state));
    set_text(object, "what", proposal->summary);
    set_text(object, "proposed_by", proposal->proposed_by);
    json_object_set_new(object, "proposed", instant(proposal->proposed));
    set_text(object, "decided_by", proposal->decided_by);
    json_object_set_new(object, "decided", instant(proposal->decided));
    set_text(object, "note", proposal->note);
    return object;
}

json_t *proposal_list_json(const GPtrArray *proposals)
{
    json_t *list = json_array();
    for (guint i = 0; i < proposals->len; i++)
        json_array_append_new(list, proposal_json(proposals->pdata[i]));
    return list;
}

/* ---- selections */

/* Repositories, borrowed, that would be read and are not (@is_more), or the reverse. */
static GPtrArray *changing(const GPtrArray *repositories, const GPtrArray *rules, gboolean is_more)
{
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < repositories->len; i++) {
        StoreRepository *repository = repositories->pdata[i];
        gboolean is_read = repository->is_selected != FALSE;
        gboolean would_be = store_selection_decides(rules, repository);
        if (is_read != would_be && would_be == is_more)
            g_ptr_array_add(found, repository);
    }
    return found;
}

/* " (acme/a, acme/b and 7 others)" */
static void add_names(GString *text, const GPtrArray *repositories)
{
    for (guint i = 0; i < MIN(repositories->len, NAMED_IN_SUMMARY); i++) {
        const StoreRepository *repository = repositories->pdata[i];
        g_string_append_printf(text, "%s%s", i == 0 ? " (" : ", ", repository->full_name);
    }
    guint others = repositories->len - MIN(repositories->len, NAMED_IN_SUMMARY);
    if (others > 0)
        g_string_append_printf(text, " and %u other%s", others, others == 1 ? "" : "s");
    g_string_append_c(text, ')');
}

char *selection_summary(const GPtrArray *repositories, const GPtrArray *rules)
{
    g_autoptr(GPtrArray) more = changing(repositories, rules, TRUE);
    g_autoptr(GPtrArray) less = changing(repositories, rules, FALSE);
    GString *text = g_string_new(NULL);
    if (more->len > 0) {
        g_string_append_printf(text, "read %u more %s", more->len,
                               more->len == 1 ? "repository" : "repositories");
        add_names(text, more);
    }
    if (less->len > 0) {
        g_string_append_printf(text, more->len > 0 ? " and %u no longer" : "no longer read %u",
                               less->len);
        if (more->len == 0)
            g_string_append(text, less->len == 1 ? " repository" : " repositories");
        add_names(text, less);
    }
    if (text->len == 0)
        g_string_append(text, "select by other rules the repositories that are read already");
    return g_string_free(text, FALSE);
}

static json_t *names_json(const GPtrArray *repositories)
{
    json_t *list = json_array();
    for (guint i = 0; i < MIN(repositories->len, NAMED_IN_JSON); i++)
        json_array_append_new(
            list, json_string(((const StoreRepository *) repositories->pdata[i])->full_name));
    return list;
}

static json_t *selection_json(const ProposalScene *scene, ProposedSelection *selection)
{
    g_autoptr(GPtrArray) rules = g_ptr_array_new();
    const GPtrArray *begun = selection->one_more != NULL ? scene->rules : selection->rules;
    for (guint i = 0; i < begun->len; i++)
        g_ptr_array_add(rules, begun->pdata[i]);
    if (selection->one_more != NULL)
        g_ptr_array_add(rules, selection->one_more);
    g_autoptr(GPtrArray) more = changing(scene->names->repositories, rules, TRUE);
    g_autoptr(GPtrArray) less = changing(scene->names->repositories, rules, FALSE);
    return json_pack("{s:s, s:i, s:o, s:i, s:o, s:b}", "do", "select", "more", (int) more->len,
                     "more_names", names_json(more), "less", (int) less->len, "less_names",
                     names_json(less), "is_outdated",
                     !proposed_selection_fits(selection, scene->rules));
}

/* ---- what would change */

static json_t *end_json(const ProposalScene *scene, gint64 policy_id, UtcTime at)
{
    const StorePolicy *policy = policy_newest_of(scene->versions, policy_id);
    json_t *content = policy != NULL ? policy_content_json(scene->names, policy) : json_null();
    return json_pack("{s:s, s:I, s:o, s:o}", "do", "end-policy", "policy_id",
                     (json_int_t) policy_id, "at", instant(at), "policy", content);
}

/* What is asked for by now where @policy would hold; null: nothing is, of its own. */
static json_t *predecessor_json(const ProposalScene *scene, const StorePolicy *policy)
{
    for (guint i = 0; i < scene->versions->len; i++) {
        const StorePolicy *other = scene->versions->pdata[i];
        if (other->scope != policy->scope || other->scope_id != policy->scope_id ||
            !g_str_equal(other->branch, policy->branch) || other->ended != TIME_ABSENT ||
            !policy_is_newest(scene->versions, i))
            continue;
        g_autofree char *asks = policy_asks(scene->names, other);
        return json_string(asks);
    }
    return json_null();
}

static json_t *change_json(const ProposalScene *scene, const StoreProposal *proposal)
{
    UtcTime at = TIME_ABSENT;
    gint64 ended = proposal_read_policy_end(proposal, &at);
    g_autoptr(StorePolicy) policy = proposal_read_policy(proposal);
    g_autoptr(ProposedSelection) selection = proposal_read_selection(proposal);
    gboolean purge = FALSE;
    g_autofree char *removed = proposal_read_removal(proposal, &purge);
    if (policy != NULL)
        return json_pack("{s:s, s:o, s:o}", "do", "set-policy", "policy",
                         policy_content_json(scene->names, policy), "instead_of",
                         predecessor_json(scene, policy));
    if (ended != 0)
        return end_json(scene, ended, at);
    if (selection != NULL)
        return selection_json(scene, selection);
    if (removed != NULL)
        return json_pack("{s:s, s:s, s:b}", "do", "remove-connection", "connection", removed,
                         "purge", purge);
    return json_pack("{s:s}", "do", "other");
}

json_t *proposal_change_json(const ProposalScene *scene, const StoreProposal *proposal)
{
    json_t *object = proposal_json(proposal);
    json_object_set_new(object, "change",
                        proposal->state == PROPOSAL_WAITING ? change_json(scene, proposal)
                                                            : json_null());
    return object;
}
