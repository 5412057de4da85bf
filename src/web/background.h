/*
 * background: reading from Bitbucket while the server runs. Inside the web room.
 *
 * One thread goes round: every connection is read, facts and findings are brought up to date, then
 * it sleeps until the next round or until somebody asks for one. What it is at is a snapshot that
 * any thread may ask for, and goes to the hub as it changes: "progress", "sync" when a connection
 * has been read; what is brought up to date meanwhile, too (freshener.h). A connection that fails
 * does not keep the others from their turn; it is tried again in the next round. One that is being
 * set up waits.
 */
#pragma once

#include "sync/sync.h"
#include "web/hub.h"

#include <jansson.h>

typedef struct Background Background;

typedef struct {
    Store *store;
    const char *mirrors; /* folder; NULL: no git */
    Duration interval;   /* between the ends of two rounds */
    gint64 history_days; /* how far back connections read that do not say it; 0: everything */
    Hub *hub;
} BackgroundConfig;

Background *background_start(const BackgroundConfig *config);
/* Ends the sync under way at its next committed step. */
void background_stop(Background *background);
/* The next round begins at once; @connection_id first, 0: in the usual order. */
void background_kick(Background *background, gint64 connection_id);
/* Keeps a connection from being read: ends the reading under way at its next committed step, and
 * returns when it has ended. For changing or removing the connection; until background_release. */
void background_hold(Background *background, gint64 connection_id);
/* It may be read again; @is_gone: there is nothing left to tell of it. */
void background_release(Background *background, gint64 connection_id, gboolean is_gone);
/* Brings facts and findings up to date after a change, before it returns; any thread. @now: the
 * clock of Bitbucket. While the workspace is read, what is not certain yet waits for the end. */
gboolean background_catch_up(Background *background, gint64 workspace_id, UtcTime now,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is going on: "connections": {ID: {"state": "waiting"|"reading"|"failed"|"done", "progress",
 * "finished", "sentence"}}, "next_round": instant. */
json_t *background_snapshot(Background *background);
