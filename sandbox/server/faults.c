#include "faults.h"

#include "fault_kinds.h"
#include "tokens.h"

#include <string.h>

#define MAX_RULES 100

typedef struct {
    gatomicrefcount references;
    const FaultKind *kind;
    json_t *options; /* as given; immutable */
    GPatternSpec *path;
    const char *method, *repository, *token; /* inside options; NULL: any */
    guint64 nth, count;                      /* count 0: no end */
    double probability;
    GRand *random;
    guint64 matched, struck; /* under the lock */
} Rule;

struct Faults {
    GMutex lock;
    GPtrArray *rules;
};

struct FaultList {
    GPtrArray *rules;
};

static void rule_unref(gpointer data)
{
    Rule *rule = data;
    if (!g_atomic_ref_count_dec(&rule->references))
        return;
    json_decref(rule->options);
    g_pattern_spec_free(rule->path);
    g_rand_free(rule->random);
    g_free(rule);
}

Faults *faults_new(void)
{
    Faults *faults = g_new0(Faults, 1);
    g_mutex_init(&faults->lock);
    faults->rules = g_ptr_array_new_with_free_func(rule_unref);
    return faults;
}

void faults_free(Faults *faults)
{
    g_ptr_array_unref(faults->rules);
    g_mutex_clear(&faults->lock);
    g_free(faults);
}

void faults_reset(Faults *faults)
{
    g_mutex_lock(&faults->lock);
    g_ptr_array_set_size(faults->rules, 0);
    g_mutex_unlock(&faults->lock);
}

static const char *text_option(const json_t *wanted, const char *name)
{
    return json_string_value(json_object_get(wanted, name));
}

static guint64 number_option(const json_t *wanted, const char *name, guint64 otherwise)
{
    const json_t *number = json_object_get(wanted, name);
    return json_is_integer(number) && json_integer_value(number) >= 0
               ? (guint64) json_integer_value(number)
               : otherwise;
}

gboolean faults_add(Faults *faults, const json_t *wanted, char **ret_message)
{
    const char *name = text_option(wanted, "fault");
    const FaultKind *kind = fault_kinds;
    while (kind->name != NULL && g_strcmp0(kind->name, name) != 0)
        kind++;
    if (kind->name == NULL) {
        *ret_message =
            g_strdup_printf("there is no fault named %s", name != NULL ? name : "nothing");
        return FALSE;
    }
    const char *path = text_option(wanted, "path");
    const json_t *probability = json_object_get(wanted, "probability");
    Rule *rule = g_new0(Rule, 1);
    g_atomic_ref_count_init(&rule->references);
    rule->kind = kind;
    rule->options = json_deep_copy(wanted);
    rule->path = g_pattern_spec_new(path != NULL ? path : kind->path);
    rule->method = text_option(rule->options, "method");
    rule->repository = text_option(rule->options, "repository");
    rule->token = text_option(rule->options, "token");
    rule->nth = number_option(wanted, "nth", 1);
    rule->count = number_option(wanted, "count", 0);
    rule->probability = json_is_number(probability) ? json_number_value(probability) : 1.0;
    rule->random = g_rand_new_with_seed((guint32) number_option(wanted, "seed", 1));
    g_mutex_lock(&faults->lock);
    gboolean room = faults->rules->len < MAX_RULES;
    if (room)
        g_ptr_array_add(faults->rules, rule);
    g_mutex_unlock(&faults->lock);
    if (!room) {
        rule_unref(rule);
        *ret_message = g_strdup_printf("no more than %d faults at a time", MAX_RULES);
    }
    return room;
}

json_t *faults_describe(Faults *faults)
{
    json_t *rules = json_array();
    g_mutex_lock(&faults->lock);
    for (guint i = 0; i < faults->rules->len; i++) {
        const Rule *rule = faults->rules->pdata[i];
        json_t *entry = json_deep_copy(rule->options);
        json_object_set_new(entry, "matched", json_integer((json_int_t) rule->matched));
        json_object_set_new(entry, "struck", json_integer((json_int_t) rule->struck));
        json_array_append_new(rules, entry);
    }
    g_mutex_unlock(&faults->lock);
    json_t *known = json_array();
    for (const FaultKind *kind = fault_kinds; kind->name != NULL; kind++)
        json_array_append_new(known, json_pack("{s:s,s:s,s:s}", "fault", kind->name, "path",
                                               kind->path, "summary", kind->summary));
    return json_pack("{s:o,s:o}", "faults", rules, "known", known);
}

static gboolean rule_matches(const Rule *rule, const Call *call)
{
    const char *slug = call->segments->len > 3 ? call->segments->pdata[3] : NULL;
    return g_pattern_spec_match_string(rule->path, call->path) &&
           (rule->method == NULL || g_str_equal(rule->method, call->method)) &&
           (rule->repository == NULL || g_strcmp0(rule->repository, slug) == 0) &&
           (rule->token == NULL ||
            (call->token != NULL && g_str_equal(rule->token, call->token->name))) &&
           (rule->kind->applies == NULL || rule->kind->applies(call));
}

static gboolean rule_strikes(Rule *rule)
{
    rule->matched++;
    if (rule->matched < rule->nth || (rule->count > 0 && rule->struck >= rule->count))
        return FALSE;
    if (rule->probability < 1.0 && g_rand_double(rule->random) >= rule->probability)
        return FALSE;
    rule->struck++;
    return TRUE;
}

FaultList *faults_begin(Faults *faults, Call *call)
{
    FaultList *list = g_new0(FaultList, 1);
    list->rules = g_ptr_array_new_with_free_func(rule_unref);
    g_mutex_lock(&faults->lock);
    for (guint i = 0; i < faults->rules->len; i++) {
        Rule *rule = faults->rules->pdata[i];
        if (rule_matches(rule, call) && rule_strikes(rule)) {
            g_atomic_ref_count_inc(&rule->references);
            g_ptr_array_add(list->rules, rule);
        }
    }
    g_mutex_unlock(&faults->lock);
    for (guint i = 0; i < list->rules->len; i++) {
        const Rule *rule = list->rules->pdata[i];
        if (rule->kind->before != NULL)
            rule->kind->before(call, rule->options);
    }
    return list;
}

gboolean faults_answer(FaultList *list, Call *call)
{
    for (guint i = 0; i < list->rules->len; i++) {
        const Rule *rule = list->rules->pdata[i];
        if (rule->kind->instead != NULL) {
            rule->kind->instead(call, rule->options);
            return TRUE;
        }
    }
    return FALSE;
}

static void change_body(const Rule *rule, Call *call)
{
    json_t *body = json_loadb(call->text->str, call->text->len, 0, NULL);
    if (json_is_object(body)) {
        rule->kind->change(call, rule->options, body);
        call_answer_json(call, call->status, body);
    }
    json_decref(body);
}

void faults_end(FaultList *list, Call *call)
{
    for (guint i = 0; i < list->rules->len; i++) {
        const Rule *rule = list->rules->pdata[i];
        if (rule->kind->change != NULL && call->status == 200 && call->text != NULL)
            change_body(rule, call);
    }
    for (guint i = 0; i < list->rules->len; i++) {
        const Rule *rule = list->rules->pdata[i];
        if (rule->kind->deliver != NULL && call->text != NULL)
            rule->kind->deliver(call, rule->options);
    }
}

void fault_list_free(FaultList *list)
{
    if (list == NULL)
        return;
    g_ptr_array_unref(list->rules);
    g_free(list);
}
