/*
 * findings: what rules found, its life, what silences it, and how rules are set. Part of the
 * store's public header; see store.h for what holds everywhere.
 *
 * The store keeps what the insight room decides; it judges nothing.
 */
#pragma once

#include "store/store.h"

typedef enum {
    FINDING_OPEN,
    FINDING_ACKNOWLEDGED,
    FINDING_SNOOZED,
    FINDING_RESOLVED,
    FINDING_DISMISSED,
    FINDING_STATE_COUNT
} FindingState;
const char *finding_state_name(FindingState state); /* "open" … */
gboolean finding_state_from_name(const char *name, FindingState *ret_state);

/* Absent parts: repository_id 0, COUNT_ABSENT, TIME_ABSENT, NULL. */
typedef struct {
    gint64 repository_id, number, person_id;
    UtcTime at;
    char *text, *url;
} StoreEvidence;

typedef struct {
    gint64 finding_id;
    char *rule;
    gint64 repository_id, number, person_id; /* 0: the workspace; COUNT_ABSENT: of none */
    char *subject;
    FindingState state;
    char *severity;
    UtcTime since, first_seen, last_seen;
    UtcTime ended; /* TIME_ABSENT while the condition holds */
    UtcTime snoozed_until;
    gint64 assigned_to, muted_by; /* COUNT_ABSENT: nobody, none */
    gint64 reopened;              /* how often it came back */
    char *what, *next;
    char *nearest; /* ids with commas between */
    gint64 evidence_in_all;
    StoreEvidence *evidence; /* as many as were kept */
    gsize n_evidence;
} StoreFinding;
void store_finding_free(StoreFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreFinding, store_finding_free)

#define STORE_ENDED_EVER  (G_MININT64 + 1)
#define STORE_ENDED_NEVER G_MAXINT64

/* GPtrArray of StoreFinding with their evidence, by id: those that hold and those that ended at or
 * after @ended_since. */
GPtrArray *store_list_findings(Store *store, gint64 workspace_id, UtcTime ended_since,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* With evidence. NOT_FOUND. */
StoreFinding *store_get_finding(Store *store, gint64 workspace_id, gint64 finding_id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same inside a transaction, without evidence; NULL without error when there is none. */
GPtrArray *store_tx_list_holding(StoreTx *tx, gint64 workspace_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
StoreFinding *store_tx_get_finding(StoreTx *tx, gint64 workspace_id, gint64 finding_id,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_put_finding(StoreTx *tx, gint64 workspace_id, const StoreFinding *finding,
                           GError **error);
/* Replaces the evidence of a finding. */
gboolean store_put_evidence(StoreTx *tx, gint64 workspace_id, gint64 finding_id,
                            const StoreEvidence *evidence, gsize n, GError **error);

typedef struct {
    UtcTime at;
    char *kind; /* "found", "acknowledged", …: owner insight */
    char *actor, *note;
} StoreFindingEvent;
void store_finding_event_free(StoreFindingEvent *event);
gboolean store_add_finding_event(StoreTx *tx, gint64 workspace_id, gint64 finding_id, UtcTime at,
                                 const char *kind, const char *actor, const char *note,
                                 GError **error);
GPtrArray *store_list_finding_events(Store *store, gint64 workspace_id, gint64 finding_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- mutes */

typedef struct {
    gint64 mute_id;
    char *rule;
    gint64 repository_id, number, person_id; /* COUNT_ABSENT: any */
    char *subject;                           /* NULL: any */
    char *reason, *actor;
    UtcTime created;
    UtcTime until; /* absent: until somebody ends it */
} StoreMute;
void store_mute_free(StoreMute *mute);
gboolean store_put_mute(StoreTx *tx, gint64 workspace_id, const StoreMute *mute, GError **error);
gboolean store_delete_mute(StoreTx *tx, gint64 workspace_id, gint64 mute_id, gboolean *ret_found,
                           GError **error);
GPtrArray *store_list_mutes(Store *store, gint64 workspace_id,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- settings of rules */

typedef struct {
    gint64 repository_id;   /* 0: the workspace */
    char *rule, *parameter; /* parameter "": on or off */
    double value;
} StoreRuleSetting;
void store_rule_setting_free(StoreRuleSetting *setting);
/* @value NULL deletes. */
gboolean store_put_rule_setting(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                const char *rule, const char *parameter, const double *value,
                                GError **error);
/* By repository, rule and parameter. */
GPtrArray *store_list_rule_settings(Store *store, gint64 workspace_id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- what to evaluate */

typedef struct {
    gint64 repository_id, number;
} StorePullRequestKey;

/* By repository and number: every open pull request, every one that a finding which holds is about,
 * and those merged at or after @merged_since: all of them, or (@only_changed) those whose facts
 * were computed since the last store_forget_changes. *@ret_generation is for that call. */
GArray *store_list_evaluation(Store *store, gint64 workspace_id, UtcTime merged_since,
                              gboolean only_changed, gint64 *ret_generation,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_forget_changes(StoreTx *tx, gint64 workspace_id, gint64 generation, GError **error);
/* Those that were open at some time at or after @since. */
GArray *store_list_open_since(Store *store, gint64 workspace_id, UtcTime since,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Visits the pull requests of @keys, which are in order, all in one state of the data file; one
 * that has no row is passed over. */
gboolean store_visit_keys(Store *store, gint64 workspace_id, const GArray *keys,
                          StorePullRequestVisitor visitor, gpointer user_data, GError **error);
