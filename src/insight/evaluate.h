/*
 * Inside insight: rules at work. Reads the store, writes nothing.
 */
#pragma once

#include "insight/settings.h"
#include "insight/sink.h"

/* What an evaluation rests on, loaded once. */
typedef struct {
    Store *store;
    gint64 workspace_id;
    MeasureColumns *columns;
    MeasureBasis *basis;
    RuleSettings *settings;
    GPtrArray *all_repositories; /* StoreRepository, also those not selected */
    GPtrArray *repositories;     /* of those, selected and readable; borrowed */
    GHashTable *judged;          /* ids of @repositories */
    GPtrArray *complete;   /* of @repositories, those of which everything was read; borrowed */
    GArray *readings;      /* StoreReading */
    GHashTable *under_way; /* id -> StoreReading, of @repositories; borrowed */
} EvaluationGround;

gboolean evaluation_ground_load(EvaluationGround *ground, Store *store, gint64 workspace_id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void evaluation_ground_clear(EvaluationGround *ground);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EvaluationGround, evaluation_ground_clear)

/* A scene at @now without open pull requests. */
RuleScene evaluation_scene(const EvaluationGround *ground, UtcTime now);

/* The instant to judge at while a run goes on that began at @now: what was read since is known up
 * to here at least. */
UtcTime evaluation_began(const EvaluationGround *ground, UtcTime now);

/* Open pull requests as they come by, for the rules of the workspace. */
typedef struct {
    GArray *pulls, *reviews; /* OpenPull, FactReview */
    GArray *starts;          /* gsize: where the reviews of a pull request begin */
    GStringChunk *texts;
} OpenList;
void open_list_init(OpenList *list);
void open_list_clear(OpenList *list);
void open_list_add(OpenList *list, const PullCase *pull);
/* Ties the reviews to their pull requests and shows them in @scene. */
void open_list_show(OpenList *list, RuleScene *scene);

/* Runs the rules of pull requests among @rules on one. */
void evaluate_pull(const Rule *const *rules, gsize n_rules, const RuleScene *scene,
                   const PullCase *pull, FindingSink *sink);

/* Why a pull request that was looked at may have no finding any more. */
typedef struct {
    gint64 repository_id, number;
    PullRequestState state;
    UtcTime closed;
    gboolean is_draft, author_counts;
} SeenPull;

typedef struct {
    const EvaluationGround *ground;
    UtcTime now;
    FindingSink *sink;
    GHashTable *seen;   /* SeenPull, by its key */
    GHashTable *failed; /* rule id (static) -> sentence */
} Evaluation;

typedef enum {
    EVALUATION_AT_REST,
    EVALUATION_WHILE_READING, /* a run of sync goes on: RULE_NEEDS_RUN */
} EvaluationMoment;

/* Looks at the pull requests of @keys (StorePullRequestKey) and at the workspace. A rule that fails
 * is noted and the others go on; FALSE only when the store cannot be read. */
gboolean evaluation_run(Evaluation *evaluation, const EvaluationGround *ground, const GArray *keys,
                        UtcTime now, EvaluationMoment moment,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void evaluation_clear(Evaluation *evaluation);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Evaluation, evaluation_clear)
/* NULL: it was not looked at. */
const SeenPull *evaluation_seen(const Evaluation *evaluation, gint64 repository_id, gint64 number);
