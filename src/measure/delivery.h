/*
 * delivery: what the deployments of one repository say, about its merges and about themselves. Pure
 * functions, but for the last; docs/metrics.md has every definition in words.
 *
 * Something that stands for a deployment is an Attempt: a deployment, or where there is none to
 * production a pipeline on the main branch or a merge into it, as the repository's switches say.
 */
#pragma once

#include "measure/ancestry.h"
#include "measure/measure.h"

/* FactDeployment.source */
#define DELIVERY_OF_DEPLOYMENT "deployment"
#define DELIVERY_OF_PIPELINE   "pipeline"
#define DELIVERY_OF_MERGE      "merge"

/* Merges older than this before the first known deployment were released by one that nobody told
 * of. */
#define DELIVERY_FIRST_REACH (30 * TIME_DAY)

/* One merged pull request. Strings are borrowed. */
typedef struct {
    gint64 number;
    const char *merge_hash; /* NULL: not known */
    gboolean is_into_main;
    UtcTime merged;
    UtcTime released; /* delivery_release fills it */
} DeliveryMerge;

/* Orders attempts (FactDeployment) by completion, then key. */
void delivery_sort(GArray *attempts);

/* Fills is_rollback, is_failure and restored of sorted attempts, whose other fields are given, by
 * environment. A success with an older commit than the success before it is a rollback, and makes
 * that one a failure; an outage lasts from the first failure to the next
 * success that is none. */
void delivery_judge(GArray *attempts, Ancestry *graph);

/* Fills when each merge was released: the first successful attempt in production whose commit
 * contains it; the merge itself where merges stand for deployments and it went into the main
 * branch. */
void delivery_release(const GArray *attempts, Ancestry *graph, DeliveryMerge *merges,
                      gsize n_merges);

/* Brings what stands out of date in the store up to date: fact_deployment, and when merges were
 * released. After the facts of pull requests (delivery_refresh.c). */
gboolean delivery_refresh(Store *store, gint64 workspace_id,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
