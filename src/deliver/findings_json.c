/*
 * Findings, rules, mutes and dry runs as JSON, and their lists as CSV. Ids of findings and mutes
 * are their names, ids of people and repositories numbers; instants ISO 8601 in UTC, spans seconds;
 * what is absent is null.
 */
#include <jansson.h>

#include "deliver/findings_render.h"
#include "deliver/findings_view.h"
#include "deliver/json_table.h"
#include "deliver/words.h"

static const char *const FINDING_COLUMNS[] = {"id",
                                              "rule",
                                              "title",
                                              "family",
                                              "severity",
                                              "state",
                                              "repository.name",
                                              "number",
                                              "pull_request_title",
                                              "person.name",
                                              "subject",
                                              "since",
                                              "first_seen",
                                              "last_seen",
                                              "ended",
                                              "took",
                                              "snoozed_until",
                                              "assigned_to.name",
                                              "reopened",
                                              "what",
                                              "why",
                                              "next",
                                              "nearest.name",
                                              "evidence_in_all",
                                              NULL};
static const char *const RULE_COLUMNS[] = {
    "id",    "title",         "condition",       "family",           "severity",
    "is_on", "parameters.id", "parameters.unit", "parameters.value", "parameters.default",
    NULL};
static const char *const MUTE_COLUMNS[] = {"id",          "rule",    "repository.name", "number",
                                           "person.name", "subject", "reason",          "actor",
                                           "created",     NULL};

static json_t *text_or_null(const char *text)
{
    g_autofree char *clean = words_clean(text);
    return text == NULL ? json_null() : json_string(clean);
}

static json_t *count_or_null(gint64 count)
{
    return count == COUNT_ABSENT ? json_null() : json_integer(count);
}

static json_t *instant(UtcTime time)
{
    char text[TIME_TEXT_SIZE];
    return time == TIME_ABSENT ? json_null() : json_string(time_format(time, text));
}

static json_t *name_of(gint64 id)
{
    char text[INSIGHT_ID_SIZE];
    return json_string(insight_id_text(id, text));
}

static json_t *person(const FindingView *view, gint64 person_id)
{
    return person_id == COUNT_ABSENT
               ? json_null()
               : json_pack("{sI so}", "id", (json_int_t) person_id, "name",
                           text_or_null(finding_person_name(view, person_id)));
}

static json_t *repository(const FindingView *view, gint64 repository_id)
{
    const char *name = finding_repository_name(view, repository_id);
    return name == NULL
               ? json_null()
               : json_pack("{sI so}", "id", (json_int_t) repository_id, "name", text_or_null(name));
}

static GString *as_csv(json_t *list, const char *const *columns)
{
    GString *out = json_table_csv(list, columns);
    json_decref(list);
    return out;
}

static GString *finish(json_t *document)
{
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(document);
    g_assert(text != NULL); /* every text in it is valid UTF-8 */
    GString *out = g_string_new(text);
    g_string_append_c(out, '\n');
    free(text);
    return out;
}

/* ---- findings */

static json_t *evidence_of(const FindingView *view, const StoreFinding *finding)
{
    json_t *list = json_array();
    for (gsize i = 0; i < finding->n_evidence; i++) {
        const StoreEvidence *evidence = &finding->evidence[i];
        json_array_append_new(
            list,
            json_pack("{so so so so so so}", "repository",
                      repository(view, evidence->repository_id), "number",
                      count_or_null(evidence->number), "person", person(view, evidence->person_id),
                      "at", instant(evidence->at), "text", text_or_null(evidence->text), "url",
                      words_is_link(evidence->url) ? json_string(evidence->url) : json_null()));
    }
    return list;
}

static json_t *nearest_of(const FindingView *view, const StoreFinding *finding)
{
    gint64 people[DRAFT_NEAREST_MAX];
    guint n = insight_nearest(finding, people);
    json_t *list = json_array();
    for (guint i = 0; i < n; i++)
        json_array_append_new(list, person(view, people[i]));
    return list;
}

static json_t *took_of(const StoreFinding *finding)
{
    return finding->ended == TIME_ABSENT || finding->since == TIME_ABSENT
               ? json_null()
               : json_real((double) (finding->ended - finding->since) / (double) TIME_SECOND);
}

static json_t *finding_object(const FindingView *view, const StoreFinding *finding, GError **error)
{
    GError *failure = NULL;
    const Rule *rule = rule_find(finding->rule);
    g_autofree char *title = finding_pull_title(view, finding, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return NULL;
    }
    json_t *object = json_pack(
        "{so ss so so so ss ss so so so so so}", "id", name_of(finding->finding_id), "rule",
        finding->rule, "title", text_or_null(rule != NULL ? rule->title : NULL), "family",
        text_or_null(rule != NULL ? rule_family_name(rule->family) : NULL), "why",
        text_or_null(rule != NULL ? rule->why : NULL), "severity", finding->severity, "state",
        finding_state_name(finding->state), "repository", repository(view, finding->repository_id),
        "number", count_or_null(finding->number), "pull_request_title", text_or_null(title),
        "person", person(view, finding->person_id), "subject", text_or_null(finding->subject));
    json_object_set_new(object, "since", instant(finding->since));
    json_object_set_new(object, "first_seen", instant(finding->first_seen));
    json_object_set_new(object, "last_seen", instant(finding->last_seen));
    json_object_set_new(object, "ended", instant(finding->ended));
    json_object_set_new(object, "took", took_of(finding));
    json_object_set_new(object, "snoozed_until", instant(finding->snoozed_until));
    json_object_set_new(object, "assigned_to", person(view, finding->assigned_to));
    json_object_set_new(object, "muted_by",
                        finding->muted_by == COUNT_ABSENT ? json_null()
                                                          : name_of(finding->muted_by));
    json_object_set_new(object, "reopened", json_integer(finding->reopened));
    json_object_set_new(object, "what", text_or_null(finding->what));
    json_object_set_new(object, "next", text_or_null(finding->next));
    json_object_set_new(object, "nearest", nearest_of(view, finding));
    json_object_set_new(object, "evidence", evidence_of(view, finding));
    json_object_set_new(object, "evidence_in_all", json_integer(finding->evidence_in_all));
    return object;
}

static json_t *findings_list(const FindingView *view, const GPtrArray *findings, GError **error)
{
    json_t *list = json_array();
    for (guint i = 0; i < findings->len; i++) {
        json_t *object = finding_object(view, findings->pdata[i], error);
        if (object == NULL) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, object);
    }
    return list;
}

GString *findings_list_json(const FindingView *view, const GPtrArray *findings, GError **error)
{
    json_t *list = findings_list(view, findings, error);
    return list == NULL ? NULL
                        : finish(json_pack("{so so}", "now", instant(view->now), "findings", list));
}

GString *findings_list_csv(const FindingView *view, const GPtrArray *findings, GError **error)
{
    json_t *list = findings_list(view, findings, error);
    return list == NULL ? NULL : as_csv(list, FINDING_COLUMNS);
}

GString *finding_json_page(const FindingView *view, const StoreFinding *finding,
                           const GPtrArray *events, GError **error)
{
    json_t *object = finding_object(view, finding, error), *history = json_array();
    if (object == NULL) {
        json_decref(history);
        return NULL;
    }
    for (guint i = 0; i < events->len; i++) {
        const StoreFindingEvent *event = events->pdata[i];
        json_array_append_new(history, json_pack("{so ss so so}", "at", instant(event->at), "kind",
                                                 event->kind, "actor", text_or_null(event->actor),
                                                 "note", text_or_null(event->note)));
    }
    json_object_set_new(object, "history", history);
    return finish(object);
}

/* ---- rules, mutes, dry runs */

static json_t *parameters_of(const RuleSettings *settings, const Rule *rule, gint64 repository_id)
{
    json_t *list = json_array();
    for (const RuleParameter *p = rule->parameters; p->id != NULL; p++)
        json_array_append_new(list, json_pack("{ss ss ss sf sf sf sf ss}", "id", p->id, "title",
                                              p->title, "unit", rule_unit_name(p->unit), "value",
                                              insight_value(settings, rule, repository_id, p->id),
                                              "default", p->initial, "least", p->least, "greatest",
                                              p->greatest, "source", p->source));
    return list;
}

static json_t *rules_list_of(const RuleSettings *settings, gint64 repository_id)
{
    gsize n;
    const Rule *const *rules = rules_list(&n);
    json_t *list = json_array();
    for (gsize i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{ss ss ss ss ss ss sb so}", "id", rules[i]->id, "title",
                            rules[i]->title, "condition", rules[i]->meaning, "why", rules[i]->why,
                            "family", rule_family_name(rules[i]->family), "severity",
                            rule_severity_name(rules[i]->severity), "is_on",
                            insight_is_on(settings, rules[i], repository_id), "parameters",
                            parameters_of(settings, rules[i], repository_id)));
    return list;
}

GString *rules_json(const RuleSettings *settings, gint64 repository_id)
{
    return finish(json_pack("{so}", "rules", rules_list_of(settings, repository_id)));
}

GString *rules_csv(const RuleSettings *settings, gint64 repository_id)
{
    return as_csv(rules_list_of(settings, repository_id), RULE_COLUMNS);
}

static json_t *mutes_list(const FindingView *view, const GPtrArray *mutes)
{
    json_t *list = json_array();
    for (guint i = 0; i < mutes->len; i++) {
        const StoreMute *mute = mutes->pdata[i];
        json_array_append_new(
            list,
            json_pack("{so ss so so so so so so so so}", "id", name_of(mute->mute_id), "rule",
                      mute->rule, "repository", repository(view, mute->repository_id), "number",
                      count_or_null(mute->number), "person", person(view, mute->person_id),
                      "subject", text_or_null(mute->subject), "reason", text_or_null(mute->reason),
                      "actor", text_or_null(mute->actor), "created", instant(mute->created),
                      "until", instant(mute->until)));
    }
    return list;
}

GString *mutes_json(const FindingView *view, const GPtrArray *mutes)
{
    return finish(json_pack("{so}", "mutes", mutes_list(view, mutes)));
}

GString *mutes_csv(const FindingView *view, const GPtrArray *mutes)
{
    return as_csv(mutes_list(view, mutes), MUTE_COLUMNS);
}

static json_t *count_object(const InsightCount *count)
{
    return json_pack("{sI sI}", "findings", (json_int_t) count->findings, "holding",
                     (json_int_t) count->holding);
}

GString *dry_run_json(const InsightTrial *trial, const InsightDryRun *result)
{
    json_t *values = json_object();
    for (guint i = 0; trial->parameters[i] != NULL; i++)
        json_object_set_new(values, trial->parameters[i], json_real(trial->values[i]));
    return finish(json_pack("{ss si so so so}", "rule", trial->rule->id, "days", INSIGHT_DRY_DAYS,
                            "tried", values, "as_set", count_object(&result->as_set), "as_tried",
                            count_object(&result->as_tried)));
}
