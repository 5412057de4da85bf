#include "insight/evaluate.h"

#include <string.h>

/* ---- ground */

static gboolean is_readable(const StoreRepository *repository)
{
    return repository->is_selected && strcmp(repository->state, "active") == 0;
}

gboolean evaluation_ground_load(EvaluationGround *ground, Store *store, gint64 workspace_id,
                                GError **error)
{
    *ground = (EvaluationGround){.store = store, .workspace_id = workspace_id};
    ground->all_repositories = store_list_repositories(store, workspace_id, FALSE, error);
    if (ground->all_repositories == NULL ||
        (ground->readings = store_list_readings(store, workspace_id, error)) == NULL ||
        (ground->settings = rule_settings_load(store, workspace_id, error)) == NULL ||
        (ground->basis = measure_basis_load(store, workspace_id, error)) == NULL ||
        (ground->columns = measure_columns_load(store, workspace_id, error)) == NULL)
        return FALSE;
    ground->repositories = g_ptr_array_new();
    ground->complete = g_ptr_array_new();
    ground->judged = g_hash_table_new(g_int64_hash, g_int64_equal);
    ground->under_way = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < ground->readings->len; i++) {
        StoreReading *reading = &g_array_index(ground->readings, StoreReading, i);
        if (reading->is_under_way)
            g_hash_table_insert(ground->under_way, &reading->repository_id, reading);
    }
    for (guint i = 0; i < ground->all_repositories->len; i++) {
        StoreRepository *repository = ground->all_repositories->pdata[i];
        if (!is_readable(repository))
            continue;
        g_ptr_array_add(ground->repositories, repository);
        g_hash_table_add(ground->judged, &repository->repository_id);
        if (!g_hash_table_contains(ground->under_way, &repository->repository_id))
            g_ptr_array_add(ground->complete, repository);
    }
    return TRUE;
}

void evaluation_ground_clear(EvaluationGround *ground)
{
    g_clear_pointer(&ground->under_way, g_hash_table_unref);
    g_clear_pointer(&ground->judged, g_hash_table_unref);
    g_clear_pointer(&ground->complete, g_ptr_array_unref);
    g_clear_pointer(&ground->readings, g_array_unref);
    g_clear_pointer(&ground->repositories, g_ptr_array_unref);
    g_clear_pointer(&ground->all_repositories, g_ptr_array_unref);
    g_clear_pointer(&ground->settings, rule_settings_free);
    g_clear_pointer(&ground->basis, measure_basis_free);
    g_clear_pointer(&ground->columns, measure_columns_free);
}

RuleScene evaluation_scene(const EvaluationGround *ground, UtcTime now)
{
    return (RuleScene){
        .store = ground->store,
        .workspace_id = ground->workspace_id,
        .now = now,
        .columns = ground->columns,
        .basis = ground->basis,
        .repositories = ground->repositories,
        .settings = ground->settings,
    };
}

/* ---- open pull requests */

void open_list_init(OpenList *list)
{
    list->pulls = g_array_new(FALSE, FALSE, sizeof(OpenPull));
    list->reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    list->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    list->texts = g_string_chunk_new(4096);
}

void open_list_clear(OpenList *list)
{
    g_clear_pointer(&list->pulls, g_array_unref);
    g_clear_pointer(&list->reviews, g_array_unref);
    g_clear_pointer(&list->starts, g_array_unref);
    g_clear_pointer(&list->texts, g_string_chunk_free);
}

static const char *keep(OpenList *list, const char *text)
{
    return text != NULL ? g_string_chunk_insert(list->texts, text) : NULL;
}

void open_list_add(OpenList *list, const PullCase *pull)
{
    OpenPull open = {
        .fact = *pull->fact,
        .title = keep(list, pull->row->title),
        .url = keep(list, pull->row->html_url),
        .n_reviews = pull->n_reviews,
        .updated = pull->row->updated,
    };
    open.fact.destination_branch = keep(list, pull->fact->destination_branch);
    gsize start = list->reviews->len;
    g_array_append_val(list->starts, start);
    g_array_append_val(list->pulls, open);
    g_array_append_vals(list->reviews, pull->reviews, (guint) pull->n_reviews);
}

void open_list_show(OpenList *list, RuleScene *scene)
{
    for (guint i = 0; i < list->pulls->len; i++)
        g_array_index(list->pulls, OpenPull, i).reviews =
            (const FactReview *) (const void *) list->reviews->data +
            g_array_index(list->starts, gsize, i);
    scene->open = (const OpenPull *) (const void *) list->pulls->data;
    scene->n_open = list->pulls->len;
}

/* ---- one pull request */

static gboolean is_shown(const Rule *rule, const RuleScene *scene, const PullCase *pull)
{
    const FactPr *fact = pull->fact;
    if (fact->state == PR_OPEN)
        return (rule->subject & RULE_OF_OPEN) != 0 && fact->ready != TIME_ABSENT;
    return fact->state == PR_MERGED && (rule->subject & RULE_OF_MERGED) != 0 &&
           fact->merged != TIME_ABSENT && fact->merged <= scene->now &&
           fact->merged >= scene->now - rule_span(rule, scene, fact->repository_id, "days");
}

void evaluate_pull(const Rule *const *rules, gsize n_rules, const RuleScene *scene,
                   const PullCase *pull, FindingSink *sink)
{
    if (!measure_person_counts(scene->basis, pull->fact->author_id))
        return;
    for (gsize i = 0; i < n_rules; i++)
        if ((rules[i]->subject & RULE_OF_PULLS) != 0 &&
            rule_is_on(rules[i], scene, pull->fact->repository_id) &&
            is_shown(rules[i], scene, pull))
            rules[i]->evaluate_pull(rules[i], scene, pull, sink);
}

/* ---- what was read */

#define STUCK_AFTER TIME_DAY /* a reading that fails for so long holds nobody up any more */

/* Of a repository that is read for the first time pull requests are looked at whose story is known
 * from its beginning. */
static gboolean is_known(const EvaluationGround *ground, const StorePullRequest *row)
{
    const StoreReading *reading = g_hash_table_lookup(ground->under_way, &row->repository_id);
    return reading == NULL ||
           (reading->known_since != TIME_ABSENT && row->created >= reading->known_since);
}

/* Whether what is said of all repositories together has to wait for some of them. */
static gboolean is_held_up(const EvaluationGround *ground, UtcTime now)
{
    GHashTableIter iter;
    gpointer id, value;
    g_hash_table_iter_init(&iter, ground->under_way);
    while (g_hash_table_iter_next(&iter, &id, &value)) {
        const StoreReading *reading = value;
        gboolean is_stuck =
            reading->stuck_since != TIME_ABSENT && now - reading->stuck_since >= STUCK_AFTER;
        if (g_hash_table_contains(ground->judged, id) && !reading->is_orphan && !is_stuck)
            return TRUE;
    }
    return FALSE;
}

UtcTime evaluation_began(const EvaluationGround *ground, UtcTime now)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, ground->under_way);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const StoreReading *reading = value;
        if (reading->began != TIME_ABSENT)
            now = MIN(now, reading->began);
    }
    return now;
}

/* ---- everything */

typedef struct {
    Evaluation *evaluation;
    RuleScene scene;
    EvaluationMoment moment;
    gboolean is_held_up;
    const Rule *const *rules;
    gsize n_rules;
    GPtrArray *story; /* const Rule, those of @rules that need no more than a story */
    OpenList open;
    GArray *reviews; /* of the pull request at hand */
} Pass;

static guint seen_hash(gconstpointer key)
{
    const SeenPull *seen = key;
    return g_int64_hash(&seen->repository_id) * 31 + g_int64_hash(&seen->number);
}

static gboolean seen_equal(gconstpointer a, gconstpointer b)
{
    const SeenPull *first = a, *second = b;
    return first->repository_id == second->repository_id && first->number == second->number;
}

static gboolean look_at(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Pass *pass = user_data;
    const EvaluationGround *ground = pass->evaluation->ground;
    if (!g_hash_table_contains(ground->judged, &row->repository_id) || !is_known(ground, row))
        return TRUE;
    FactPr fact;
    g_array_set_size(pass->reviews, 0);
    measure_facts_of(ground->basis, row, &fact, pass->reviews);
    PullCase pull = {row, &fact, (const FactReview *) (const void *) pass->reviews->data,
                     pass->reviews->len};
    SeenPull *seen = g_new(SeenPull, 1);
    *seen = (SeenPull){
        .repository_id = row->repository_id,
        .number = row->number,
        .state = row->state,
        .closed = fact.merged != TIME_ABSENT ? fact.merged : fact.declined,
        .is_draft = row->state == PR_OPEN && fact.ready == TIME_ABSENT,
        .author_counts = measure_person_counts(ground->basis, row->author_id),
    };
    g_hash_table_add(pass->evaluation->seen, seen);
    gboolean is_whole = !g_hash_table_contains(ground->under_way, &row->repository_id);
    evaluate_pull(is_whole ? pass->rules : (const Rule *const *) pass->story->pdata,
                  is_whole ? pass->n_rules : pass->story->len, &pass->scene, &pull,
                  pass->evaluation->sink);
    if (row->state == PR_OPEN)
        open_list_add(&pass->open, &pull);
    return TRUE;
}

/* What a rule cannot judge before more was read keeps its findings. FALSE: that is all of it. */
static gboolean keep_unread(const Pass *pass, const Rule *rule)
{
    FindingSink *sink = pass->evaluation->sink;
    GHashTableIter iter;
    gpointer id;
    if ((rule->needs == RULE_NEEDS_WORKSPACE && pass->is_held_up) ||
        (rule->needs == RULE_NEEDS_RUN && pass->moment == EVALUATION_WHILE_READING)) {
        finding_sink_keep(sink, rule, 0, COUNT_ABSENT);
        return FALSE;
    }
    if (rule->needs != RULE_NEEDS_HISTORY)
        return TRUE;
    g_hash_table_iter_init(&iter, pass->evaluation->ground->under_way);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        finding_sink_keep(sink, rule, *(const gint64 *) id, COUNT_ABSENT);
    return TRUE;
}

/* Gives the rules of the workspace the repositories that they may judge. */
static gboolean evaluate_all(Pass *pass, const Rule *rule, GError **error)
{
    RuleScene scene = pass->scene;
    if (rule->needs == RULE_NEEDS_HISTORY)
        scene.repositories = pass->evaluation->ground->complete;
    return rule->evaluate_all(rule, &scene, pass->evaluation->sink, error);
}

static void look_at_workspace(Pass *pass)
{
    for (gsize i = 0; i < pass->n_rules; i++) {
        const Rule *rule = pass->rules[i];
        GError *failure = NULL;
        if (!rule_settings_is_used(pass->scene.settings, rule) || !keep_unread(pass, rule) ||
            rule->subject != RULE_OF_WORKSPACE || evaluate_all(pass, rule, &failure))
            continue;
        g_hash_table_insert(pass->evaluation->failed, (gpointer) rule->id,
                            g_strdup_printf("the rule %s could not be judged: %s", rule->id,
                                            failure != NULL ? failure->message : "no reason told"));
        g_clear_error(&failure);
    }
}

gboolean evaluation_run(Evaluation *evaluation, const EvaluationGround *ground, const GArray *keys,
                        UtcTime now, EvaluationMoment moment, GError **error)
{
    *evaluation = (Evaluation){
        .ground = ground,
        .now = now,
        .sink = finding_sink_new(ground->workspace_id),
        .seen = g_hash_table_new_full(seen_hash, seen_equal, g_free, NULL),
        .failed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
    };
    Pass pass = {.evaluation = evaluation,
                 .scene = evaluation_scene(ground, now),
                 .moment = moment,
                 .is_held_up = is_held_up(ground, now),
                 .story = g_ptr_array_new(),
                 .reviews = g_array_new(FALSE, FALSE, sizeof(FactReview))};
    pass.rules = rules_list(&pass.n_rules);
    for (gsize i = 0; i < pass.n_rules; i++)
        if (pass.rules[i]->needs >= RULE_NEEDS_STORY)
            g_ptr_array_add(pass.story, (gpointer) pass.rules[i]);
    open_list_init(&pass.open);
    gboolean ok =
        store_visit_keys(ground->store, ground->workspace_id, keys, look_at, &pass, error);
    if (ok) {
        open_list_show(&pass.open, &pass.scene);
        look_at_workspace(&pass);
    }
    open_list_clear(&pass.open);
    g_ptr_array_unref(pass.story);
    g_array_unref(pass.reviews);
    return ok;
}

void evaluation_clear(Evaluation *evaluation)
{
    g_clear_pointer(&evaluation->sink, finding_sink_free);
    g_clear_pointer(&evaluation->seen, g_hash_table_unref);
    g_clear_pointer(&evaluation->failed, g_hash_table_unref);
}

const SeenPull *evaluation_seen(const Evaluation *evaluation, gint64 repository_id, gint64 number)
{
    SeenPull key = {.repository_id = repository_id, .number = number};
    return g_hash_table_lookup(evaluation->seen, &key);
}
