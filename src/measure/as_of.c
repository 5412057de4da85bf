/*
 * A pull request as it was known at an earlier instant: what came later is taken off its rows.
 *
 * Nobody kept what is only known as of now: files, titles, deleted comments stand as they are
 * today; whose approval was withdrawn unseen never counts, as in the facts of today.
 */
#include "measure/facts.h"

struct MeasureCut {
    GArray *events, *participants, *builds, *tasks, *commits;
};

MeasureCut *measure_cut_new(void)
{
    MeasureCut *cut = g_new0(MeasureCut, 1);
    cut->events = g_array_new(FALSE, FALSE, sizeof(StoreEvent));
    cut->participants = g_array_new(FALSE, FALSE, sizeof(StoreParticipant));
    cut->builds = g_array_new(FALSE, FALSE, sizeof(StoreBuild));
    cut->tasks = g_array_new(FALSE, FALSE, sizeof(StoreTask));
    cut->commits = g_array_new(FALSE, FALSE, sizeof(UtcTime));
    return cut;
}

void measure_cut_free(MeasureCut *cut)
{
    if (cut == NULL)
        return;
    g_array_unref(cut->events);
    g_array_unref(cut->participants);
    g_array_unref(cut->builds);
    g_array_unref(cut->tasks);
    g_array_unref(cut->commits);
    g_free(cut);
}

static void cut_events(const StorePullRequest *row, UtcTime at, GArray *events)
{
    g_array_set_size(events, 0);
    for (gsize i = 0; i < row->n_events && row->events[i].at <= at; i++) {
        StoreEvent event = row->events[i];
        if (event.resolved != TIME_ABSENT && event.resolved > at)
            event.resolved = TIME_ABSENT;
        g_array_append_val(events, event);
    }
}

static gboolean is_verdict(PrEventKind kind)
{
    return kind == PR_EVENT_APPROVED || kind == PR_EVENT_CHANGES_REQUESTED ||
           kind == PR_EVENT_APPROVAL_WITHDRAWN;
}

/* Whether the person was in the reviewer list at @at: the first change after it tells what was
 * before, the last one before it what was since; without any it is as today. */
static gboolean was_reviewer(const StorePullRequest *row, UtcTime at, gint64 person_id,
                             gboolean today)
{
    gboolean was = today, is_told = FALSE;
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        gboolean added = event->kind == PR_EVENT_REVIEWER_ADDED;
        if ((!added && event->kind != PR_EVENT_REVIEWER_REMOVED) || event->subject_id != person_id)
            continue;
        if (event->at > at)
            return is_told ? was : !added;
        was = added;
        is_told = TRUE;
    }
    return was;
}

/* What the list showed of somebody whose word changed since: the last word until then. */
static ParticipantState state_then(const StorePullRequest *row, UtcTime at,
                                   const StoreParticipant *participant)
{
    PrEventKind last = 0;
    gboolean is_changed = FALSE;
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        if (!is_verdict(event->kind) || event->actor_id != participant->person_id)
            continue;
        if (event->at > at)
            is_changed = TRUE;
        else
            last = event->kind;
    }
    if (!is_changed)
        return participant->state;
    return last == PR_EVENT_APPROVED            ? PARTICIPANT_APPROVED
           : last == PR_EVENT_CHANGES_REQUESTED ? PARTICIPANT_CHANGES_REQUESTED
                                                : PARTICIPANT_NO_STATE;
}

static gboolean is_listed(const StorePullRequest *row, gint64 person_id)
{
    for (gsize i = 0; i < row->n_participants; i++)
        if (row->participants[i].person_id == person_id)
            return TRUE;
    return FALSE;
}

static void add_participant(const StorePullRequest *row, UtcTime at, StoreParticipant participant,
                            GArray *participants)
{
    participant.is_reviewer = was_reviewer(row, at, participant.person_id, participant.is_reviewer);
    participant.state = state_then(row, at, &participant);
    if (participant.participated != TIME_ABSENT && participant.participated > at)
        participant.participated = TIME_ABSENT;
    g_array_append_val(participants, participant);
}

/* Those listed today, and those who were taken off the reviewer list since. */
static void cut_participants(const StorePullRequest *row, UtcTime at, GArray *participants)
{
    g_array_set_size(participants, 0);
    for (gsize i = 0; i < row->n_participants; i++)
        add_participant(row, at, row->participants[i], participants);
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        if (event->kind != PR_EVENT_REVIEWER_REMOVED || event->at <= at ||
            event->subject_id == COUNT_ABSENT || is_listed(row, event->subject_id))
            continue;
        gboolean is_there = FALSE;
        for (guint k = 0; k < participants->len; k++)
            is_there |=
                g_array_index(participants, StoreParticipant, k).person_id == event->subject_id;
        if (!is_there)
            add_participant(
                row, at,
                (StoreParticipant){.person_id = event->subject_id, .participated = TIME_ABSENT},
                participants);
    }
}

static void cut_details(const StorePullRequest *row, UtcTime at, MeasureCut *cut)
{
    g_array_set_size(cut->builds, 0);
    g_array_set_size(cut->tasks, 0);
    g_array_set_size(cut->commits, 0);
    for (gsize i = 0; i < row->n_builds; i++) {
        StoreBuild build = row->builds[i];
        if (build.created != TIME_ABSENT && build.created > at)
            continue;
        if (build.updated != TIME_ABSENT && build.updated > at)
            build.state = BUILD_IN_PROGRESS;
        g_array_append_val(cut->builds, build);
    }
    for (gsize i = 0; i < row->n_tasks; i++) {
        StoreTask task = row->tasks[i];
        if (task.created > at)
            continue;
        if (task.resolved != TIME_ABSENT && task.resolved > at) {
            task.resolved = TIME_ABSENT;
            task.resolver_id = COUNT_ABSENT;
        }
        g_array_append_val(cut->tasks, task);
    }
    for (gsize i = 0; i < row->n_commits; i++)
        if (row->commit_authored[i] <= at)
            g_array_append_val(cut->commits, row->commit_authored[i]);
}

/* Whether it was a draft: the first change after @at tells, else it is as today. */
static gboolean was_draft(const StorePullRequest *row, UtcTime at)
{
    for (gsize i = 0; i < row->n_events; i++) {
        PrEventKind kind = row->events[i].kind;
        if (row->events[i].at > at && (kind == PR_EVENT_READY || kind == PR_EVENT_DRAFT))
            return kind == PR_EVENT_READY;
    }
    return row->is_draft;
}

gboolean measure_row_as_of(const StorePullRequest *row, UtcTime closed, UtcTime at, MeasureCut *cut,
                           StorePullRequest *ret_row)
{
    if (row->created > at)
        return FALSE;
    cut_events(row, at, cut->events);
    cut_participants(row, at, cut->participants);
    cut_details(row, at, cut);
    StorePullRequest then = *row;
    then.updated = MIN(row->updated, at);
    if (row->n_events > 0 && cut->events->len == 0)
        then.updated = row->created; /* what has events was touched by nothing else */
    if (closed != TIME_ABSENT && closed > at) {
        then.state = PR_OPEN;
        then.closed_by_id = COUNT_ABSENT;
        then.merge_committed = TIME_ABSENT;
    }
    then.is_draft = was_draft(row, at);
    for (guint i = 0; i < cut->events->len; i++) {
        const char *hash = g_array_index(cut->events, StoreEvent, i).source_hash;
        then.source_hash = hash != NULL && hash[0] != '\0' ? hash : then.source_hash;
    }
    then.events = (const StoreEvent *) (const void *) cut->events->data;
    then.n_events = cut->events->len;
    then.participants = (const StoreParticipant *) (const void *) cut->participants->data;
    then.n_participants = cut->participants->len;
    then.builds = (const StoreBuild *) (const void *) cut->builds->data;
    then.n_builds = cut->builds->len;
    then.tasks = (const StoreTask *) (const void *) cut->tasks->data;
    then.n_tasks = cut->tasks->len;
    then.commit_authored = (const UtcTime *) (const void *) cut->commits->data;
    then.n_commits = cut->commits->len;
    *ret_row = then;
    return TRUE;
}
