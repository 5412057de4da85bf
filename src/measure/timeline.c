#include "measure/facts.h"
#include "measure/pulls.h"

static void add_moment(GArray *moments, const char *kind, const StoreEvent *event)
{
    const PullMoment moment = {event->at, kind, event->actor_id, event->subject_id, event};
    g_array_append_val(moments, moment);
}

GArray *measure_timeline(const StorePullRequest *row)
{
    GArray *moments = g_array_new(FALSE, FALSE, sizeof(PullMoment));
    const PullMoment opening = {row->created, "opened", row->author_id, COUNT_ABSENT, NULL};
    g_array_append_val(moments, opening);
    const char *source = NULL;
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        gboolean tells_source = pr_event_tells_source(event);
        gboolean is_push =
            tells_source && source != NULL && !model_same_hash(source, event->source_hash);
        if (tells_source)
            source = event->source_hash;
        if (is_push)
            add_moment(moments, "pushed", event);
        if (event->kind != PR_EVENT_UPDATED)
            add_moment(moments, model_event_name(event->kind), event);
    }
    return moments;
}
