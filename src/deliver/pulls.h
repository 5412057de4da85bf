/*
 * pulls: pull requests one by one, for programs and pages. Part of deliver's public header; see
 * deliver.h for what holds everywhere. Instants are ISO 8601 in UTC, spans seconds, what is absent
 * is null.
 */
#pragma once

#include "deliver/deliver.h"

/* Where names, titles and links come from. */
typedef struct {
    Store *store;
    gint64 workspace_id;
    const MeasureColumns *columns;
    const GPtrArray *repositories; /* StoreRepository: all of the workspace */
    UtcTime now;
} PullView;

/* What names a repository in an address: its slug, else its id in digits where another of the
 * workspace has the same slug, or where it is not known. For g_free. */
char *deliver_repository_key(const PullView *view, gint64 repository_id);

/* JSON or CSV. @next: what asks for the next page; NULL: this is the last one. */
GString *deliver_render_pulls(const PullView *view, const MeasurePulls *pulls, const char *next,
                              ReportFormat format, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One with all that is known of it. */
typedef struct {
    const StorePullRequest *row;
    const FactPr *fact;
    const FactReview *reviews;
    gsize n_reviews;
    const GPtrArray *findings; /* StoreFinding */
    const MeasureBasis *basis;
} PullStory;
/* JSON. */
GString *deliver_render_pull(const PullView *view, const PullStory *story);
