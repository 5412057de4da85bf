/*
 * freshener: facts and findings that keep up with what is read. Inside the web room.
 *
 * A long first reading shows something before it ends: while a connection is read, a thread of the
 * freshener's own brings facts and findings up to date now and then, each time in small
 * transactions between those of the reading, and so seldom that it takes at most a tenth of the
 * time. What changed goes to the hub: "facts" {"computed", "reading"}, "findings" {"found",
 * "reopened", "resolved"}. One update is under way at a time. The functions are for the thread that
 * reads, freshener_catch_up for any.
 */
#pragma once

#include "store/store.h"
#include "web/hub.h"

typedef struct Freshener Freshener;

Freshener *freshener_start(Store *store, Hub *hub); /* both outlive it */
void freshener_stop(Freshener *freshener);

/* From here on a connection of the workspace is read, whose records are complete as of @as_of. */
void freshener_begin(Freshener *freshener, gint64 workspace_id, UtcTime as_of);
/* It is read no more; when this returns nothing is being brought up to date. */
void freshener_end(Freshener *freshener);
/* Everything, the merge audit log too, after a reading. @now: the server's time. */
gboolean freshener_update(Freshener *freshener, gint64 workspace_id, UtcTime now,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Facts and findings after a change that somebody made. While the workspace is read, findings are
 * judged as far as is certain, and the others wait for the end of the reading. @now: as above. */
gboolean freshener_catch_up(Freshener *freshener, gint64 workspace_id, UtcTime now,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
