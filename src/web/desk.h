/*
 * desk: what most handlers of the API work on: one workspace, its clock, its columns in memory.
 * Inside the web room.
 *
 * Columns are built when they are first asked for and shared by all requests until facts change;
 * a desk holds on to those it was opened with, so that one answer is of one state.
 */
#pragma once

#include "deliver/deliver.h"
#include "web/server.h"

typedef struct {
    Store *store;
    gint64 workspace_id;
    char *slug, *zone;
    UtcTime now; /* Bitbucket's clock, as its connections last saw it */
    const MeasureColumns *columns;
    struct SharedColumns *shared;
} WebDesk;

/* The workspace that the query names by its slug ("workspace"), else the only one. NOT_FOUND when
 * nothing is connected yet or nothing has this name, INVALID when there are several. */
gboolean web_desk_open(const WebCall *call, WebDesk *ret_desk,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void web_desk_close(WebDesk *desk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebDesk, web_desk_close)

/* The repository that the query names by its full name ("repository"); 0 when it names none.
 * NOT_FOUND. */
gboolean web_desk_repository(const WebDesk *desk, const WebCall *call, gint64 *ret_repository_id,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether measures may be shown by person (setting privacy.people): nobody is ranked by default. */
gboolean web_desk_shows_people(const WebDesk *desk, gboolean *ret_shows,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After a change to what facts and findings rest on: brings them up to date before the answer, so
 * that the next page shows it; in a large workspace with the next round, which begins at once. What
 * fails here is logged and tried again by that round: the change itself stands. */
void web_desk_catch_up(const WebDesk *desk, const WebCall *call);

/* Answers that follow from the columns' state and from what @key names alone, as JSON: those that
 * take long are made once for each state. Recall gives a document of the caller's own, NULL: it has
 * to be made. Of each state a bounded number is kept, and none that is very long. */
json_t *web_desk_recall(const WebDesk *desk, const char *key);
void web_desk_remember(const WebDesk *desk, const char *key, const json_t *document);

typedef struct ColumnsCache ColumnsCache;
ColumnsCache *columns_cache_new(void);
void columns_cache_free(ColumnsCache *cache);
