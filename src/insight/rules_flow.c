/*
 * Rules about trends: what is worse in the last two whole weeks than in the eight before.
 *
 * All of them are judged together (trend.h), for the more that is looked at, the more is found by
 * chance; so each asks for its own and the family is weighed as one. docs/insights.md has the
 * references of the defaults.
 */
#include "insight/flow.h"

#include <string.h>

#define LEAST_VALUES(initial)                                                                      \
    {                                                                                              \
        "values", "least number on each side", RULE_UNIT_COUNT, initial, 5, 1000,                  \
            "ranks of fewer tell too little to find a change by half"                              \
    }
#define LEAST_PERCENT                                                                              \
    {                                                                                              \
        "percent", "least change, of what was before", RULE_UNIT_PERCENT, 20, 0, 500,              \
            "ours: less is within what two good weeks differ by"                                   \
    }
#define CHANCE                                                                                     \
    {                                                                                              \
        "chance", "share of false alarms among all trends raised", RULE_UNIT_PERCENT, 5, 0.1, 25,  \
            "Benjamini and Hochberg (1995)"                                                        \
    }
#define LEAST_HOURS(initial)                                                                       \
    {                                                                                              \
        "change", "least change of the median", RULE_UNIT_HOURS, initial, 0, 1000,                 \
            "ours: less does not move a working day"                                               \
    }

#define LEAST_POINTS(initial)                                                                      \
    {                                                                                              \
        "change", "least change, in points of a hundred", RULE_UNIT_PERCENT, initial, 0, 100,      \
            "ours: one in twenty"                                                                  \
    }

static gboolean judge(const Rule *rule, const RuleScene *scene, FindingSink *sink, GError **error);

#define FLOW                                                                                       \
    .family = FAMILY_FLOW, .subject = RULE_OF_WORKSPACE, .needs = RULE_NEEDS_WORKSPACE,            \
    .evaluate_all = judge

static const Rule RULES[] = {
    {"cycle-time-worse", "Cycle time rose",
     "The median cycle time of the last two weeks is clearly longer than that of the eight before.",
     "Changes reach nobody while they are on their way, and what takes longer is harder to merge.",
     .severity = SEVERITY_WARNING, FLOW,
     .parameters = {LEAST_VALUES(20), LEAST_HOURS(4), LEAST_PERCENT, CHANCE}},
    {"pickup-time-worse", "Pickup time rose",
     "Pull requests wait clearly longer for their first review than in the eight weeks before.",
     "Who waits for a first word begins something else, and comes back to a stranger's change.",
     .severity = SEVERITY_WARNING, FLOW,
     .parameters = {LEAST_VALUES(20), LEAST_HOURS(2), LEAST_PERCENT, CHANCE}},
    {"review-time-worse", "Review time rose",
     "From the first review to the approval it takes clearly longer than in the eight weeks "
     "before.",
     "Long reviews are rounds of waiting in turns; each costs both sides the thread.",
     .severity = SEVERITY_WARNING, FLOW,
     .parameters = {LEAST_VALUES(20), LEAST_HOURS(2), LEAST_PERCENT, CHANCE}},
    {"merge-time-worse", "Merge time rose",
     "From the approval to the merge it takes clearly longer than in the eight weeks before.",
     "What is approved is finished work that nobody has; it ages, and conflicts with the rest.",
     .severity = SEVERITY_WARNING, FLOW,
     .parameters = {LEAST_VALUES(20), LEAST_HOURS(2), LEAST_PERCENT, CHANCE}},
    {"throughput-fell", "Fewer pull requests are merged",
     "Clearly fewer pull requests are merged per working day than in the eight weeks before.",
     "Less comes through: people are away or on something else, or work is stuck.",
     .severity = SEVERITY_NOTICE, FLOW, .parameters = {LEAST_VALUES(40), LEAST_PERCENT, CHANCE}},
    {"pull-requests-growing", "Pull requests grow",
     "Merged pull requests are clearly larger than in the eight weeks before.",
     "Large ones wait longer, are read less closely and break more.", .severity = SEVERITY_NOTICE,
     FLOW,
     .parameters = {LEAST_VALUES(20),
                    {"change", "least change of the median", RULE_UNIT_LINES, 30, 0, 10000,
                     "ours: a screen of code"},
                    LEAST_PERCENT,
                    CHANCE}},
    {"rework-rising", "Rework rises",
     "Clearly more of what is changed replaces lines younger than three weeks than in the eight "
     "weeks before.",
     "Work is done twice: what was wanted was not clear, or was not right at first.",
     .severity = SEVERITY_NOTICE, FLOW,
     .parameters = {LEAST_VALUES(20), LEAST_POINTS(5), LEAST_PERCENT, CHANCE}},
    {"deployment-frequency-fell", "Fewer deployments",
     "Clearly fewer deployments to production succeed per working day than in the eight weeks "
     "before.",
     "What is merged waits longer for its users, and each deployment carries more at once.",
     .severity = SEVERITY_WARNING, FLOW, .parameters = {LEAST_VALUES(20), LEAST_PERCENT, CHANCE}},
    {"failure-rate-rose", "More deployments fail",
     "Clearly more of the deployments to production fail or are rolled back than in the eight "
     "weeks before.",
     "Users meet the failures, and fear of the next one makes deployments rarer and larger.",
     .severity = SEVERITY_WARNING, FLOW,
     .parameters = {LEAST_VALUES(20), LEAST_POINTS(5), LEAST_PERCENT, CHANCE}},
    {"recovery-time-worse", "Recovery takes longer",
     "After a failed deployment it clearly takes longer until one succeeds than in the eight weeks "
     "before; told from eight days with a recovery on.",
     "A failure costs as long as it lasts.", .severity = SEVERITY_WARNING, FLOW,
     .parameters = {{"values", "least number on each side", RULE_UNIT_COUNT, 5, 3, 1000,
                     "ours: of fewer than five and five hardly any order is more than chance"},
                    {"change", "least change of the median", RULE_UNIT_HOURS, 0.5, 0, 1000,
                     "ours: half an hour of an outage is felt"},
                    LEAST_PERCENT,
                    CHANCE}},
};

const RuleTable RULES_FLOW = {RULES, G_N_ELEMENTS(RULES)};

static const TrendSubject SUBJECTS[] = {
    {"cycle-time-worse", "cycle-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    {"pickup-time-worse", "pickup-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    {"review-time-worse", "review-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    {"merge-time-worse", "merge-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    {"throughput-fell", "merged", TREND_OF_DAYS, TRUE, 1, 0},
    {"pull-requests-growing", "size", TREND_OF_VALUES, FALSE, 1, 4},
    {"rework-rising", "rework", TREND_OF_VALUES, FALSE, 0.01, 4},
    {"deployment-frequency-fell", "deployments", TREND_OF_DAYS, TRUE, 1, 0},
    {"failure-rate-rose", "change-failure-rate", TREND_OF_VALUES, FALSE, 0.01, 4, TRUE},
    {"recovery-time-worse", "recovery-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 8},
};

/* How each is told: "Cycle time in acme/web rose from 21 h to 34 h (medians of …)". */
static const struct {
    const char *rule, *subject, *verb, *of, *next;
} WORDS[] = {
    {"cycle-time-worse", "Cycle time", "rose", "merged pull requests",
     "Look at the slowest of these together, where the time went, and change one thing."},
    {"pickup-time-worse", "Pickup time", "rose", "merged pull requests",
     "Agree who looks at new pull requests and when, so that each has a name within a day."},
    {"review-time-worse", "Review time", "rose", "merged pull requests",
     "Look at the rounds of the slowest of these: smaller changes, or a talk instead of a thread."},
    {"merge-time-worse", "Merge time", "rose", "merged pull requests",
     "Find out what approved pull requests wait for: builds, a release window, or nobody's click."},
    {"throughput-fell", "The number of pull requests merged", "fell", "pull requests",
     "Ask what took the time: absences and other work explain it, or look at what is open."},
    {"pull-requests-growing", "The size of pull requests", "rose", "merged pull requests",
     "Look at the largest of these and ask how each could have come in parts."},
    {"rework-rising", "Rework", "rose", "changes on the main branch",
     "Ask of what was changed again so soon what was not known the first time."},
    {"deployment-frequency-fell", "The number of deployments", "fell", "deployments",
     "Ask what holds deployments back: a freeze explains it, or look at the pipeline."},
    {"failure-rate-rose", "The share of failed deployments", "rose", "deployments",
     "Look at what the failures have in common, and let a check catch it before the deployment."},
    {"recovery-time-worse", "Recovery time", "rose", "recoveries",
     "Go through the longest of these step by step: noticing, deciding, rolling back."},
};

/* What the judgement of one rule rests on. */
typedef struct {
    const RuleScene *scene;
    GPtrArray *problems; /* StoreProblem */
} Judgement;

/* What could not be read looks like what did not happen: then no fall can be told. @repository_id
 * 0: of any repository. */
static gboolean has_gap(const Judgement *judgement, const TrendSubject *subject,
                        gint64 repository_id)
{
    for (guint i = 0; subject->is_fall && i < judgement->problems->len; i++) {
        const StoreProblem *problem = judgement->problems->pdata[i];
        /* Notes are about details, which deployments are of. */
        gboolean matters = !problem->is_note || strcmp(subject->measure, "deployments") == 0;
        if (matters && (repository_id == 0 || problem->repository_id == 0 ||
                        problem->repository_id == repository_id))
            return TRUE;
    }
    return FALSE;
}

static TrendLimits limits_of(const TrendSubject *subject, gint64 repository_id, gpointer user_data)
{
    const Judgement *judgement = user_data;
    const RuleScene *scene = judgement->scene;
    const Rule *rule = rule_find(subject->rule);
    return (TrendLimits){
        .is_on =
            rule_is_on(rule, scene, repository_id) && !has_gap(judgement, subject, repository_id),
        .values = (gint64) rule_value(rule, scene, repository_id, "values"),
        .change = rule_parameter(rule, "change") != NULL
                      ? rule_value(rule, scene, repository_id, "change")
                      : 0,
        .percent = rule_value(rule, scene, repository_id, "percent"),
        .chance = rule_value(rule, scene, repository_id, "chance"),
    };
}

static gboolean is_phased(const Trend *trend)
{
    const MeasureInfo *measure = measure_find(trend->subject->measure);
    return measure->unit == MEASURE_UNIT_DURATION && measure->subject == MEASURE_OF_PULL_REQUESTS;
}

static const char *say_what(const FlowView *view, FindingSink *sink, const Trend *trend,
                            const TrendCause *cause)
{
    gsize i = 0;
    while (strcmp(WORDS[i].rule, trend->subject->rule) != 0)
        i++;
    const char *mostly =
        cause->by_size != NULL && cause->by_size->n_parts > 1 && cause->largest != TREND_REST
            ? finding_text(sink, ", mostly %s", trend_part_name(cause->largest))
            : "";
    gboolean is_median = trend->subject->shape == TREND_OF_VALUES &&
                         measure_find(trend->subject->measure)->unit != MEASURE_UNIT_SHARE;
    return finding_text(
        sink, "%s in %s %s from %s to %s%s (%s%s %s in eight weeks, then of %s in two).",
        WORDS[i].subject, flow_place(sink, view, trend), WORDS[i].verb,
        flow_value(sink, trend, trend->before), flow_value(sink, trend, trend->after), mostly,
        is_median ? "medians of " : "of ", words_number(sink, trend->n_before), WORDS[i].of,
        words_number(sink, trend->n_after));
}

static const char *say_next(const Trend *trend)
{
    for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (strcmp(WORDS[i].rule, trend->subject->rule) == 0)
            return WORDS[i].next;
    return NULL;
}

static gboolean put_finding(const Rule *rule, const FlowView *view, const Trend *trend,
                            FindingSink *sink, GError **error)
{
    const TrendRequest *request = view->request;
    g_auto(TrendCause) cause = {0};
    FindingDraft draft;
    if (is_phased(trend) && !trend_explain(request, trend, &cause, error))
        return FALSE;
    draft_init(&draft, rule);
    draft.repository_id = trend->repository_id;
    draft.subject = flow_team(view, trend);
    draft.since = trend_windows(request->columns, request->now).middle;
    draft.what = say_what(view, sink, trend, &cause);
    draft.next = say_next(trend);
    if (cause.by_size != NULL)
        flow_add_cause(&draft, sink, view, &cause);
    if (!flow_add_rows(&draft, sink, request, trend, error))
        return FALSE;
    finding_sink_put(sink, rule, &draft);
    return TRUE;
}

static const TrendSubject *subject_of(const Rule *rule)
{
    gsize i = 0;
    while (strcmp(SUBJECTS[i].rule, rule->id) != 0)
        i++;
    return &SUBJECTS[i];
}

/* Where nothing can be told, what was told stands. */
static void keep_gaps(const Rule *rule, const Judgement *judgement, FindingSink *sink)
{
    const GPtrArray *repositories = judgement->scene->repositories;
    const TrendSubject *subject = subject_of(rule);
    for (guint i = 0; i < repositories->len; i++) {
        gint64 id = ((const StoreRepository *) repositories->pdata[i])->repository_id;
        if (has_gap(judgement, subject, id))
            finding_sink_keep(sink, rule, id, COUNT_ABSENT);
    }
}

/* Teams of fewer people than may be compared are not looked at by themselves. GPtrArray of
 * StoreTeam. */
static GPtrArray *list_teams(const RuleScene *scene, GError **error)
{
    g_autoptr(GPtrArray) teams = store_list_teams(scene->store, scene->workspace_id, error);
    if (teams == NULL)
        return NULL;
    for (guint i = teams->len; i-- > 0;) {
        const StoreTeam *team = teams->pdata[i];
        g_autoptr(GHashTable) people = g_hash_table_new(g_int64_hash, g_int64_equal);
        g_autoptr(GArray) members =
            store_list_team_members(scene->store, scene->workspace_id, team->team_id, error);
        if (members == NULL)
            return NULL;
        for (guint k = 0; k < members->len; k++)
            g_hash_table_add(people, &g_array_index(members, StoreTeamMember, k).person_id);
        if ((gint64) g_hash_table_size(people) < measure_least_group(scene->columns))
            g_ptr_array_remove_index(teams, i);
    }
    return g_steal_pointer(&teams);
}

/* Puts what the rule should tell. */
static gboolean put_findings(const Rule *rule, const FlowView *view, FindingSink *sink,
                             GError **error)
{
    g_autoptr(GArray) trends = trend_compare(view->request, error);
    if (trends == NULL)
        return FALSE;
    for (guint i = 0; i < trends->len; i++) {
        const Trend *trend = &g_array_index(trends, Trend, i);
        if (strcmp(trend->subject->rule, rule->id) == 0 && trend_is_raised(trend) &&
            !put_finding(rule, view, trend, sink, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean judge(const Rule *rule, const RuleScene *scene, FindingSink *sink, GError **error)
{
    g_autoptr(GPtrArray) problems = store_list_problems(scene->store, scene->workspace_id, error);
    g_autoptr(GPtrArray) teams = problems == NULL ? NULL : list_teams(scene, error);
    if (teams == NULL)
        return FALSE;
    g_autofree gint64 *repositories = g_new(gint64, MAX(scene->repositories->len, 1));
    for (guint i = 0; i < scene->repositories->len; i++)
        repositories[i] = ((const StoreRepository *) scene->repositories->pdata[i])->repository_id;
    g_autofree gint64 *team_ids = g_new(gint64, MAX(teams->len, 1));
    for (guint i = 0; i < teams->len; i++)
        team_ids[i] = ((const StoreTeam *) teams->pdata[i])->team_id;
    Judgement judgement = {scene, problems};
    TrendRequest request = {.columns = scene->columns,
                            .now = scene->now,
                            .repositories = repositories,
                            .n_repositories = scene->repositories->len,
                            .teams = team_ids,
                            .n_teams = teams->len,
                            .subjects = SUBJECTS,
                            .n_subjects = G_N_ELEMENTS(SUBJECTS),
                            .only_rule = rule->id,
                            .limits_of = limits_of,
                            .user_data = &judgement};
    FlowView view = {scene, &request, teams};
    if (!put_findings(rule, &view, sink, error))
        return FALSE;
    keep_gaps(rule, &judgement, sink);
    return TRUE;
}
