/* What follows from a change, before its answer goes out. */
#include "web/desk.h"

/* Pull requests whose facts and findings are brought up to date in about a second, all of them. */
#define AT_ONCE_MOST 20000

void web_desk_catch_up(const WebDesk *desk, const WebCall *call)
{
    g_autoptr(GError) failure = NULL;
    if (measure_columns_pull_requests(desk->columns) > AT_ONCE_MOST) {
        background_kick(call->server->background, 0);
        return;
    }
    if (!background_catch_up(call->server->background, desk->workspace_id, desk->now, &failure)) {
        g_autofree char *words = log_printable(failure->message);
        log_event(LOG_LEVEL_WARNING, "request %s: bringing findings up to date: %s",
                  call->request->id, words);
        background_kick(call->server->background, 0);
    }
    hub_publish(call->server->hub, "findings", "{}");
}
