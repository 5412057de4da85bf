/* What is going on: as a snapshot, as a stream of events, and on demand. */
#include "web/server.h"

gboolean web_get_sync(const WebCall *call, WebReply *reply, GError **error)
{
    reply_json(reply, 200, background_snapshot(call->server->background));
    return TRUE;
}

gboolean web_post_sync(const WebCall *call, WebReply *reply, GError **error)
{
    background_kick(call->server->background, 0);
    reply_json(reply, 202, background_snapshot(call->server->background));
    return TRUE;
}

/* Server-sent events; see hub.h. A client without the header may give the id in the query. */
gboolean web_get_events(const WebCall *call, WebReply *reply, GError **error)
{
    const char *last = request_header(call->request, "last-event-id");
    if (last == NULL)
        last = request_query(call->request, "last_event_id");
    reply->listener = hub_listen(call->server->hub, last);
    reply->content_type = "text/event-stream";
    reply->status = 200;
    reply_header(reply, "X-Accel-Buffering", "no"); /* nginx would collect it */
    return TRUE;
}
