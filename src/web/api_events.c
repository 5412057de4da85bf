/* What is going on: as a snapshot, as a stream of events, and on demand. */
#include "web/server.h"

/* With how far each workspace was read, which what is shown of it rests on. */
static gboolean reply_snapshot(const WebCall *call, WebReply *reply, guint status, GError **error)
{
    json_t *workspaces = web_workspaces(call, error);
    if (workspaces == NULL)
        return FALSE;
    json_t *document = background_snapshot(call->server->background);
    json_object_set_new(document, "workspaces", workspaces);
    reply_json(reply, status, document);
    return TRUE;
}

gboolean web_get_sync(const WebCall *call, WebReply *reply, GError **error)
{
    return reply_snapshot(call, reply, 200, error);
}

gboolean web_post_sync(const WebCall *call, WebReply *reply, GError **error)
{
    background_kick(call->server->background, 0);
    return reply_snapshot(call, reply, 202, error);
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
