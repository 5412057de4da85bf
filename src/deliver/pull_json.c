/* One pull request with all that is known of it, as JSON. */
#include "deliver/pulls_parts.h"

typedef struct {
    const PullView *view;
    const PullStory *story;
} Page;

static json_t *person(const Page *page, gint64 person_id)
{
    return pull_person(page->view, person_id,
                       person_id != COUNT_ABSENT &&
                           measure_person_is_bot(page->story->basis, person_id));
}

/* ---- time */

static json_t *phases_of(const Page *page, const WorkCalendar *calendar)
{
    static const PullSpanKind PHASES[] = {PULL_CODING, PULL_PICKUP, PULL_REVIEW, PULL_MERGE,
                                          PULL_DEPLOY};
    PullSpan spans[PULL_SPANS];
    json_t *list = json_array();
    measure_pull_spans(page->story->fact, calendar, spans);
    for (guint i = 0; i < G_N_ELEMENTS(PHASES); i++) {
        const PullSpan *span = &spans[PHASES[i]];
        if (span->from == TIME_ABSENT)
            continue;
        json_array_append_new(list, json_pack("{ss so so so so}", "id", pull_span_name(PHASES[i]),
                                              "from", pull_instant(span->from), "until",
                                              pull_instant(span->until), "seconds",
                                              pull_seconds(span->wall), "working_seconds",
                                              pull_seconds(span->working)));
    }
    return list;
}

static json_t *timeline_of(const Page *page)
{
    g_autoptr(GArray) moments = measure_timeline(page->story->row);
    json_t *list = json_array();
    for (guint i = 0; i < moments->len; i++) {
        const PullMoment *moment = &g_array_index(moments, PullMoment, i);
        json_t *object = json_pack("{so ss so so}", "at", pull_instant(moment->at), "kind",
                                   moment->kind, "actor", person(page, moment->actor_id), "subject",
                                   person(page, moment->subject_id));
        const StoreEvent *event = moment->event;
        if (event != NULL && event->kind == PR_EVENT_COMMENTED) {
            json_object_set_new(object, "comment", pull_count(event->comment_id));
            json_object_set_new(object, "reply_to", pull_count(event->parent_comment_id));
            json_object_set_new(object, "inline", json_boolean(event->is_inline));
            json_object_set_new(object, "deleted", json_boolean(event->is_deleted));
            json_object_set_new(object, "resolved", pull_instant(event->resolved));
        }
        json_array_append_new(list, object);
    }
    return list;
}

/* ---- people, builds, tasks */

static json_t *reviews_of(const Page *page)
{
    json_t *list = json_array();
    for (gsize i = 0; i < page->story->n_reviews; i++) {
        const FactReview *review = &page->story->reviews[i];
        Duration wall = review->asked == TIME_ABSENT || review->responded == TIME_ABSENT
                            ? DURATION_ABSENT
                            : MAX(review->responded - review->asked, 0);
        json_array_append_new(
            list,
            json_pack("{so sb sb so so so so so so so}", "person",
                      pull_person(page->view, review->reviewer_id, review->reviewer_is_bot),
                      "counts", measure_person_counts(page->story->basis, review->reviewer_id),
                      "is_reviewer", review->is_reviewer, "asked", pull_instant(review->asked),
                      "responded", pull_instant(review->responded), "seconds", pull_seconds(wall),
                      "working_seconds", pull_seconds(review->turnaround_working), "comments",
                      pull_count(review->comments), "approvals", pull_count(review->approvals),
                      "change_requests", pull_count(review->change_requests)));
    }
    return list;
}

static const char *build_state_name(BuildState state)
{
    static const char *const NAMES[] = {[BUILD_UNKNOWN] = "unknown",
                                        [BUILD_IN_PROGRESS] = "in-progress",
                                        [BUILD_SUCCESSFUL] = "successful",
                                        [BUILD_FAILED] = "failed",
                                        [BUILD_STOPPED] = "stopped"};
    return state < G_N_ELEMENTS(NAMES) ? NAMES[state] : NAMES[BUILD_UNKNOWN];
}

static json_t *builds_of(const StorePullRequest *row)
{
    json_t *items = json_array();
    for (gsize i = 0; i < row->n_builds; i++) {
        const StoreBuild *build = &row->builds[i];
        json_array_append_new(items,
                              json_pack("{so so so ss so so}", "key", pull_text(build->key), "name",
                                        pull_text(build->name), "url", pull_link(build->url),
                                        "state", build_state_name(build->state), "created",
                                        pull_instant(build->created), "updated",
                                        pull_instant(build->updated)));
    }
    return json_pack("{sb so}", "known", row->builds_known, "items", items);
}

static json_t *tasks_of(const Page *page)
{
    const StorePullRequest *row = page->story->row;
    json_t *items = json_array();
    for (gsize i = 0; i < row->n_tasks; i++) {
        const StoreTask *task = &row->tasks[i];
        json_array_append_new(items, json_pack("{sI so so so so}", "id", (json_int_t) task->task_id,
                                               "creator", person(page, task->creator_id), "created",
                                               pull_instant(task->created), "resolver",
                                               person(page, task->resolver_id), "resolved",
                                               pull_instant(task->resolved)));
    }
    return json_pack("{sb so}", "known", row->tasks_known, "items", items);
}

static json_t *commits_of(const StorePullRequest *row)
{
    UtcTime first = TIME_ABSENT, last = TIME_ABSENT;
    for (gsize i = 0; i < row->n_commits; i++) {
        UtcTime at = row->commit_authored[i];
        first = first == TIME_ABSENT ? at : MIN(first, at);
        last = MAX(last, at);
    }
    return json_pack("{sI so so so}", "n", (json_int_t) row->n_commits, "first",
                     pull_instant(first), "last", pull_instant(last), "state",
                     pull_text(row->commits_state));
}

/* ---- findings */

static json_t *findings_of(const GPtrArray *findings)
{
    json_t *list = json_array();
    for (guint i = 0; i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        const Rule *rule = rule_find(finding->rule);
        char id[INSIGHT_ID_SIZE];
        json_array_append_new(
            list, json_pack("{ss ss so ss ss so so so so}", "id",
                            insight_id_text(finding->finding_id, id), "rule", finding->rule,
                            "title", pull_text(rule != NULL ? rule->title : NULL), "severity",
                            finding->severity, "state", finding_state_name(finding->state), "since",
                            pull_instant(finding->since), "ended", pull_instant(finding->ended),
                            "what", pull_text(finding->what), "next", pull_text(finding->next)));
    }
    return list;
}

GString *deliver_render_pull(const PullView *view, const PullStory *story)
{
    const Page page = {view, story};
    const FactPr *fact = story->fact;
    const WorkCalendar *calendar =
        measure_calendar_of(view->columns, fact->author_id, fact->opened);
    MeasurePull pull = measure_pull_of(fact, calendar);
    json_t *object = pull_object(view, &pull, story->row->title, story->row->html_url);
    json_object_set_new(object, "now", pull_instant(view->now));
    json_object_set_new(object, "source_branch", pull_text(story->row->source_branch));
    json_object_set_new(object, "closed_by", person(&page, story->row->closed_by_id));
    json_object_set_new(object, "lines_added", pull_count(fact->lines_added));
    json_object_set_new(object, "lines_removed", pull_count(fact->lines_removed));
    json_object_set_new(object, "generated_lines", pull_count(fact->generated_lines));
    json_object_set_new(object, "merged_is_estimated", json_boolean(fact->is_merged_estimated));
    json_object_set_new(object, "phases", phases_of(&page, calendar));
    json_object_set_new(object, "timeline", timeline_of(&page));
    json_object_set_new(object, "reviews", reviews_of(&page));
    json_object_set_new(object, "builds", builds_of(story->row));
    json_object_set_new(object, "tasks", tasks_of(&page));
    json_object_set_new(object, "commit_range", commits_of(story->row));
    json_object_set_new(object, "findings", findings_of(story->findings));
    json_object_set_new(object, "left_out", pull_left_out(story));
    return pull_document_end(object);
}
