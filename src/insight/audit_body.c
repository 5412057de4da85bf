#include "insight/audit_body.h"

#include <jansson.h>

#define BODY_VERSION 1

/* ---- names */

struct AuditNames {
    GPtrArray *people, *repositories;      /* StorePerson, StoreRepository */
    GHashTable *by_person, *by_repository; /* id -> one of these */
};

AuditNames *audit_names_load(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(AuditNames) names = g_new0(AuditNames, 1);
    names->by_person = g_hash_table_new(g_int64_hash, g_int64_equal);
    names->by_repository = g_hash_table_new(g_int64_hash, g_int64_equal);
    if ((names->people = store_list_people(store, workspace_id, error)) == NULL ||
        (names->repositories = store_list_repositories(store, workspace_id, FALSE, error)) == NULL)
        return NULL;
    for (guint i = 0; i < names->people->len; i++) {
        StorePerson *person = names->people->pdata[i];
        g_hash_table_insert(names->by_person, &person->person_id, person);
    }
    for (guint i = 0; i < names->repositories->len; i++) {
        StoreRepository *repository = names->repositories->pdata[i];
        g_hash_table_insert(names->by_repository, &repository->repository_id, repository);
    }
    return g_steal_pointer(&names);
}

void audit_names_free(AuditNames *names)
{
    if (names == NULL)
        return;
    g_clear_pointer(&names->people, g_ptr_array_unref);
    g_clear_pointer(&names->repositories, g_ptr_array_unref);
    g_hash_table_unref(names->by_person);
    g_hash_table_unref(names->by_repository);
    g_free(names);
}

/* ---- pieces; texts that are no UTF-8 were refused when they came in */

static json_t *text_or_null(const char *text)
{
    json_t *value = text != NULL ? json_string(text) : NULL;
    return value != NULL ? value : json_null();
}

static json_t *time_or_null(UtcTime at)
{
    char text[TIME_TEXT_SIZE];
    return at == TIME_ABSENT ? json_null() : json_string(time_format(at, text));
}

static json_t *count_or_null(gint64 count)
{
    return count == COUNT_ABSENT ? json_null() : json_integer(count);
}

/* By Bitbucket's uuid, which stays; the id of ours tells apart those who have none. */
static json_t *person(const AuditNames *names, gint64 person_id)
{
    if (person_id == COUNT_ABSENT)
        return json_null();
    const StorePerson *known = g_hash_table_lookup(names->by_person, &person_id);
    json_t *object = json_object();
    json_object_set_new(object, "id", json_integer(person_id));
    json_object_set_new(object, "uuid", text_or_null(known != NULL ? known->uuid : NULL));
    json_object_set_new(object, "name", text_or_null(known != NULL ? known->display_name : NULL));
    return object;
}

static json_t *repository(const AuditNames *names, gint64 repository_id)
{
    const StoreRepository *known = g_hash_table_lookup(names->by_repository, &repository_id);
    json_t *object = json_object();
    json_object_set_new(object, "uuid", text_or_null(known != NULL ? known->uuid : NULL));
    json_object_set_new(object, "name", text_or_null(known != NULL ? known->full_name : NULL));
    return object;
}

static json_t *approvals(const AuditNames *names, const PolicyVerdict *verdict)
{
    json_t *list = json_array();
    for (guint i = 0; i < verdict->approvals.approvals->len; i++) {
        const Approval *approval = &g_array_index(verdict->approvals.approvals, Approval, i);
        json_t *object = json_object();
        json_object_set_new(object, "by", person(names, approval->person_id));
        json_object_set_new(object, "at", time_or_null(approval->at));
        json_object_set_new(object, "ended", time_or_null(approval->ended));
        json_object_set_new(object, "fate", json_string(approval_fate_name(approval->fate)));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *reviewers(const AuditNames *names, const GArray *reviews)
{
    json_t *list = json_array();
    for (guint i = 0; i < reviews->len; i++) {
        const FactReview *review = &g_array_index(reviews, FactReview, i);
        json_t *object = person(names, review->reviewer_id);
        json_object_set_new(object, "is_bot", json_boolean(review->reviewer_is_bot));
        json_object_set_new(object, "asked", time_or_null(review->asked));
        json_object_set_new(object, "responded", time_or_null(review->responded));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *builds(const BuildsAtMerge *builds)
{
    if (!builds->is_known)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "passed", json_integer(builds->passed));
    json_object_set_new(object, "failed", json_integer(builds->failed));
    json_object_set_new(object, "stopped", json_integer(builds->stopped));
    json_object_set_new(object, "running", json_integer(builds->running));
    json_object_set_new(object, "unclear", json_integer(builds->unclear));
    return object;
}

static json_t *policy(const StorePolicy *policy)
{
    if (policy == NULL)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "id", json_integer(policy->policy_id));
    json_object_set_new(object, "version", json_integer(policy->version));
    json_object_set_new(object, "from", time_or_null(policy->from));
    json_object_set_new(object, "written", time_or_null(policy->created));
    return object;
}

static json_t *verdict_object(const PolicyVerdict *verdict)
{
    g_autofree char *reason = policy_reason(verdict);
    json_t *object = json_object();
    json_object_set_new(object, "result", json_string(verdict_name(verdict->verdict)));
    json_object_set_new(object, "approvals", json_string(clause_state_name(verdict->enough)));
    json_object_set_new(object, "required", json_string(clause_state_name(verdict->required)));
    json_object_set_new(object, "builds", json_string(clause_state_name(verdict->built)));
    json_object_set_new(object, "reason", text_or_null(reason));
    return object;
}

/* Bitbucket's record may not say who merged; the activity does. */
static gint64 merged_by(const StorePullRequest *row)
{
    gint64 actor = row->closed_by_id;
    for (gsize i = 0; actor == COUNT_ABSENT && i < row->n_events; i++)
        if (row->events[i].kind == PR_EVENT_MERGED)
            actor = row->events[i].actor_id;
    return actor;
}

char *audit_body(const AuditNames *names, const MeasureBasis *basis, const StorePullRequest *row,
                 UtcTime released)
{
    FactPr fact;
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    measure_facts_of(basis, row, &fact, reviews);
    g_auto(PolicyVerdict) verdict = {0};
    policy_judge_merge(basis, row, fact.merged, &verdict);
    json_t *body = json_object();
    json_object_set_new(body, "version", json_integer(BODY_VERSION));
    json_object_set_new(body, "repository", repository(names, row->repository_id));
    json_object_set_new(body, "number", json_integer(row->number));
    json_object_set_new(body, "title", text_or_null(row->title));
    json_object_set_new(body, "url", text_or_null(row->html_url));
    json_object_set_new(body, "source_branch", text_or_null(row->source_branch));
    json_object_set_new(body, "source_commit", text_or_null(row->source_hash));
    json_object_set_new(body, "branch", text_or_null(row->destination_branch));
    json_object_set_new(body, "opened", time_or_null(row->created));
    json_object_set_new(body, "merged", time_or_null(fact.merged));
    json_object_set_new(body, "merged_is_estimated", json_boolean(fact.is_merged_estimated));
    json_object_set_new(body, "author", person(names, row->author_id));
    json_object_set_new(body, "merged_by", person(names, merged_by(row)));
    json_object_set_new(body, "reviewers", reviewers(names, reviews));
    json_object_set_new(body, "approvals", approvals(names, &verdict));
    json_object_set_new(body, "changed_after_approval", json_boolean(fact.is_late_change));
    json_object_set_new(body, "policy", policy(verdict.policy));
    json_object_set_new(body, "verdict", verdict_object(&verdict));
    json_object_set_new(body, "builds", builds(&verdict.builds));
    json_object_set_new(body, "open_tasks", count_or_null(verdict.open_tasks));
    json_object_set_new(body, "released", time_or_null(released));
    char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(body);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

/* ---- comparing */

static void drop_labels(json_t *value)
{
    size_t index;
    json_t *child;
    const char *key;
    void *next;
    if (json_is_array(value)) {
        json_array_foreach(value, index, child) drop_labels(child);
    } else if (json_is_object(value)) {
        json_object_del(value, "name");
        json_object_del(value, "url");
        json_object_foreach_safe(value, next, key, child) drop_labels(child);
    }
}

gboolean audit_body_says_the_same(const char *a, const char *b)
{
    json_t *first = json_loads(a, 0, NULL), *second = json_loads(b, 0, NULL);
    drop_labels(first);
    drop_labels(second);
    gboolean same = first != NULL && second != NULL && json_equal(first, second);
    json_decref(first);
    json_decref(second);
    return same;
}
