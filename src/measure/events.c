/*
 * Replays a pull request's events in two passes: the first learns what depends on the end (when it
 * closed, when it became ready, whose approval was withdrawn without a word in the feed), the
 * second counts.
 */
#include "measure/approvals.h"

static PrPerson *find_person(PrHistory *history, const StorePullRequest *row,
                             const PeopleRoles *roles, gint64 person_id)
{
    for (gsize i = 0; i < history->people->len; i++) {
        PrPerson *person = &g_array_index(history->people, PrPerson, i);
        if (person->person_id == person_id)
            return person;
    }
    PrPerson person = {
        .person_id = person_id,
        .is_author = person_id == row->author_id,
        .is_bot = people_roles_is_bot(roles, person_id),
        .is_excluded = people_roles_is_excluded(roles, person_id),
        .asked = TIME_ABSENT,
        .responded = TIME_ABSENT,
        .first_review = TIME_ABSENT,
        .void_from = G_MAXSIZE,
        .first_added = TIME_ABSENT,
        .approved_at = TIME_ABSENT,
        .changes_requested_at = TIME_ABSENT,
    };
    g_array_append_val(history->people, person);
    return &g_array_index(history->people, PrPerson, history->people->len - 1);
}

static gboolean is_human(const PrPerson *person)
{
    return !person->is_bot && !person->is_excluded;
}

/* A verdict or a comment: what counts as a review when the right person gives it. */
static gboolean is_review_kind(PrEventKind kind)
{
    return kind == PR_EVENT_APPROVED || kind == PR_EVENT_CHANGES_REQUESTED ||
           kind == PR_EVENT_COMMENTED;
}

static gboolean is_closing_kind(PrEventKind kind)
{
    return kind == PR_EVENT_MERGED || kind == PR_EVENT_DECLINED || kind == PR_EVENT_SUPERSEDED;
}

/* ---- first pass */

static void learn_closing(PrHistory *history, const StorePullRequest *row)
{
    if (row->state == PR_OPEN || row->state == PR_STATE_UNKNOWN)
        return;
    UtcTime closed = TIME_ABSENT;
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        if (!is_closing_kind(event->kind) ||
            (event->kind == PR_EVENT_MERGED) != (row->state == PR_MERGED))
            continue;
        closed = event->at;
        if (row->closed_by_id == COUNT_ABSENT) /* as when the account is gone */
            history->closed_by_id = event->actor_id;
    }
    if (closed == TIME_ABSENT) {
        /* A fast-forwarded commit may be older than its pull request: then its date says nothing.
         */
        gboolean is_dated = row->state == PR_MERGED && row->merge_committed != TIME_ABSENT &&
                            row->merge_committed >= row->created;
        closed = is_dated ? row->merge_committed : row->updated;
        history->is_merged_estimated = row->state == PR_MERGED;
    }
    history->closed = closed;
    *(row->state == PR_MERGED ? &history->merged : &history->declined) = closed;
}

static void learn_ready(PrHistory *history, const StorePullRequest *row)
{
    if (row->state == PR_OPEN && row->is_draft)
        return;
    history->ready = row->created;
    for (gsize i = 0; i < row->n_events; i++)
        if (row->events[i].kind == PR_EVENT_READY && row->events[i].at <= history->closed)
            history->ready = row->events[i].at;
}

/* The feed does not tell of withdrawn approvals. When a person's last word there is an approval and
 * a list of participants at least as new shows the person otherwise or no more, that approval (with
 * those repeated just before it) was withdrawn at an instant nobody knows, so it never counts. Gone
 * accounts may be missing from the list for another reason. */
static gboolean is_withdrawn(const PrPerson *person, const StorePullRequest *row,
                             gint64 deleted_person)
{
    if (person->last_word != PR_EVENT_APPROVED || row->participants_as_of == TIME_ABSENT ||
        person->last_word_at > row->participants_as_of)
        return FALSE;
    return person->is_listed ? person->listed != PARTICIPANT_APPROVED
                             : person->person_id != deleted_person;
}

static void learn_withdrawals(PrHistory *history, const StorePullRequest *row,
                              const PeopleRoles *roles)
{
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        if (event->kind != PR_EVENT_APPROVED && event->kind != PR_EVENT_CHANGES_REQUESTED &&
            event->kind != PR_EVENT_APPROVAL_WITHDRAWN)
            continue;
        PrPerson *person = find_person(history, row, roles, event->actor_id);
        if (event->kind == PR_EVENT_APPROVED && person->last_word != PR_EVENT_APPROVED)
            person->void_from = i;
        person->last_word = event->kind;
        person->last_word_at = event->at;
    }
    for (gsize i = 0; i < history->people->len; i++) {
        PrPerson *person = &g_array_index(history->people, PrPerson, i);
        if (!is_withdrawn(person, row, people_roles_deleted(roles)))
            person->void_from = G_MAXSIZE;
    }
}

/* A reviewer from the start has no "added" event; one who was removed without having been added was
 * there from the start too. */
static void learn_asked(PrHistory *history, const StorePullRequest *row, const PeopleRoles *roles)
{
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        if ((event->kind != PR_EVENT_REVIEWER_ADDED && event->kind != PR_EVENT_REVIEWER_REMOVED) ||
            event->subject_id == COUNT_ABSENT)
            continue;
        PrPerson *person = find_person(history, row, roles, event->subject_id);
        if (person->first_added != TIME_ABSENT)
            continue;
        if (event->kind == PR_EVENT_REVIEWER_ADDED)
            person->first_added = event->at;
        else
            person->removed_before_added = TRUE;
    }
    for (gsize i = 0; i < history->people->len; i++) {
        PrPerson *person = &g_array_index(history->people, PrPerson, i);
        UtcTime asked = TIME_ABSENT;
        if (person->removed_before_added ||
            (person->is_reviewer && person->first_added == TIME_ABSENT))
            asked = row->created;
        else if (person->first_added != TIME_ABSENT && person->first_added <= history->closed)
            asked = person->first_added;
        if (asked != TIME_ABSENT && history->ready != TIME_ABSENT)
            person->asked = MAX(asked, history->ready);
    }
}

static void learn_participants(PrHistory *history, const StorePullRequest *row,
                               const PeopleRoles *roles)
{
    for (gsize i = 0; i < row->n_participants; i++) {
        const StoreParticipant *participant = &row->participants[i];
        PrPerson *person = find_person(history, row, roles, participant->person_id);
        person->is_listed = TRUE;
        person->listed = participant->state;
        person->is_reviewer = participant->is_reviewer;
    }
}

/* ---- second pass */

typedef struct {
    PrHistory *history;
    const char *source_hash;   /* NULL until the creation */
    gboolean has_first_review; /* of those that count */
    gboolean has_unseen_push;  /* pushed after the first review, not reviewed since */
    guint valid_approvals;
    UtcTime last_author_act, answered_at, last_draft;
} Replay;

static void note_author_act(Replay *replay, UtcTime at)
{
    replay->last_author_act = at;
    if (replay->answered_at == TIME_ABSENT)
        replay->answered_at = at;
}

gboolean pr_event_tells_source(const StoreEvent *event)
{
    return event->source_hash != NULL && event->source_hash[0] != '\0' &&
           !is_closing_kind(event->kind) && !is_review_kind(event->kind);
}

static void see_source(Replay *replay, const StoreEvent *event)
{
    if (!pr_event_tells_source(event))
        return;
    gboolean is_push =
        replay->source_hash != NULL && !model_same_hash(replay->source_hash, event->source_hash);
    replay->source_hash = event->source_hash;
    if (!is_push)
        return;
    replay->history->pushes++;
    replay->history->last_push = event->at;
    replay->has_unseen_push = replay->has_first_review;
    note_author_act(replay, event->at);
}

static void see_comment(Replay *replay, PrPerson *person, const StoreEvent *event)
{
    PrHistory *history = replay->history;
    if (person->is_author)
        note_author_act(replay, event->at);
    if (event->is_deleted)
        return;
    person->comments++;
    if (person->is_author)
        history->author_comments++;
    else if (person->is_excluded)
        return;
    else if (person->is_bot)
        history->bot_comments++;
    else
        history->review_comments++;
}

static void end_approval(Replay *replay, PrPerson *person)
{
    if (person->approved_at == TIME_ABSENT)
        return;
    person->approved_at = TIME_ABSENT;
    if (--replay->valid_approvals == 0)
        replay->history->approved = TIME_ABSENT;
}

static void see_verdict(Replay *replay, PrPerson *person, const StoreEvent *event, gsize index)
{
    switch (event->kind) {
    case PR_EVENT_APPROVED:
        person->approvals++;
        person->changes_requested_at = TIME_ABSENT;
        if (person->is_author || !is_human(person) || index >= person->void_from)
            return;
        if (person->approved_at == TIME_ABSENT && replay->valid_approvals++ == 0)
            replay->history->approved = event->at;
        person->approved_at = event->at;
        return;
    case PR_EVENT_CHANGES_REQUESTED:
        person->change_requests++;
        end_approval(replay, person);
        if (person->is_author || !is_human(person))
            return;
        person->changes_requested_at = event->at;
        replay->answered_at = TIME_ABSENT;
        return;
    case PR_EVENT_APPROVAL_WITHDRAWN:
        end_approval(replay, person);
        person->changes_requested_at = TIME_ABSENT;
        return;
    default:
        return;
    }
}

/* Whatever makes somebody a reviewer: only called for those who are not the author. */
static void see_review(Replay *replay, PrPerson *person, const StoreEvent *event)
{
    PrHistory *history = replay->history;
    gboolean is_ready = history->ready != TIME_ABSENT && event->at >= history->ready;
    if (person->first_review == TIME_ABSENT)
        person->first_review = event->at;
    if (person->responded == TIME_ABSENT && person->asked != TIME_ABSENT &&
        event->at >= person->asked)
        person->responded = event->at;
    if (person->is_excluded)
        return;
    if (person->is_bot) {
        if (is_ready && history->first_bot_review == TIME_ABSENT)
            history->first_bot_review = event->at;
        return;
    }
    history->is_reviewed = TRUE;
    if (is_ready && history->first_review == TIME_ABSENT) {
        history->first_review = event->at;
        replay->has_first_review = TRUE;
    }
    if (replay->has_unseen_push)
        history->rounds++;
    replay->has_unseen_push = FALSE;
}

static void see_event(Replay *replay, const StorePullRequest *row, const PeopleRoles *roles,
                      const StoreEvent *event, gsize index)
{
    see_source(replay, event);
    if (event->kind == PR_EVENT_DRAFT)
        replay->last_draft = event->at;
    if (!is_review_kind(event->kind) && event->kind != PR_EVENT_APPROVAL_WITHDRAWN)
        return;
    PrPerson *person = find_person(replay->history, row, roles, event->actor_id);
    if (event->kind == PR_EVENT_COMMENTED)
        see_comment(replay, person, event);
    else
        see_verdict(replay, person, event, index);
    if (is_review_kind(event->kind) && !person->is_author)
        see_review(replay, person, event);
}

/* ---- what an open one waits for */

static void judge_waiting(PrHistory *history, const Replay *replay, const StorePullRequest *row)
{
    UtcTime unanswered = TIME_ABSENT, last_review = TIME_ABSENT;
    gboolean has_standing_request = FALSE;
    for (gsize i = 0; i < row->n_events; i++)
        if (is_review_kind(row->events[i].kind))
            last_review = row->events[i].at;
    for (gsize i = 0; i < history->people->len; i++) {
        UtcTime at = g_array_index(history->people, PrPerson, i).changes_requested_at;
        if (at == TIME_ABSENT)
            continue;
        has_standing_request = TRUE;
        if (at > replay->last_author_act && (unanswered == TIME_ABSENT || at < unanswered))
            unanswered = at;
    }
    if (history->ready == TIME_ABSENT) {
        history->waiting_on = "ready";
        history->waiting_since =
            replay->last_draft != TIME_ABSENT ? replay->last_draft : row->created;
    } else if (unanswered != TIME_ABSENT) {
        history->waiting_on = "author";
        history->waiting_since = unanswered;
    } else if (has_standing_request) {
        history->waiting_on = "review";
        history->waiting_since = replay->answered_at;
    } else if (history->approved != TIME_ABSENT) {
        history->waiting_on = "merge";
        history->waiting_since = MAX(history->approved, history->ready);
    } else {
        history->waiting_on = "review";
        history->waiting_since = history->ready;
        if (history->first_review != TIME_ABSENT)
            history->waiting_since = MAX(last_review, replay->last_author_act);
    }
}

/* ---- */

static gint compare_events(gconstpointer a, gconstpointer b)
{
    const StoreEvent *first = a, *second = b;
    if (first->at != second->at)
        return first->at < second->at ? -1 : 1;
    return (gint) first->kind - (gint) second->kind;
}

/* Before the activity has been read, the list of participants is all that is known: the last act of
 * each, which is an approximation until the events come. */
GArray *pr_events_from_participants(StorePullRequest *row)
{
    static const PrEventKind KINDS[] = {
        [PARTICIPANT_NO_STATE] = PR_EVENT_COMMENTED,
        [PARTICIPANT_APPROVED] = PR_EVENT_APPROVED,
        [PARTICIPANT_CHANGES_REQUESTED] = PR_EVENT_CHANGES_REQUESTED,
    };
    GArray *events = g_array_new(FALSE, FALSE, sizeof(StoreEvent));
    for (gsize i = 0; i < row->n_participants; i++) {
        const StoreParticipant *participant = &row->participants[i];
        StoreEvent event = {.kind = KINDS[participant->state],
                            .at = participant->participated,
                            .actor_id = participant->person_id,
                            .subject_id = COUNT_ABSENT,
                            .comment_id = COUNT_ABSENT,
                            .parent_comment_id = COUNT_ABSENT,
                            .resolved = TIME_ABSENT};
        if (event.at != TIME_ABSENT)
            g_array_append_val(events, event);
    }
    g_array_sort(events, compare_events);
    row->events = (const StoreEvent *) (const void *) events->data;
    row->n_events = events->len;
    return events;
}

static void count_people(PrHistory *history)
{
    for (gsize i = 0; i < history->people->len; i++) {
        const PrPerson *person = &g_array_index(history->people, PrPerson, i);
        if (person->is_author || !is_human(person))
            continue;
        history->reviewers += person->first_review != TIME_ABSENT;
        if (person->approved_at == TIME_ABSENT)
            continue;
        history->approvals++;
        history->last_valid_approval = MAX(history->last_valid_approval, person->approved_at);
    }
}

/* Where a policy is in force, it says what has to be there before a pull request is approved. */
static void apply_policy(PrHistory *history, const StorePullRequest *row, const ApprovalBook *book)
{
    const StorePolicy *policy =
        book != NULL ? approval_policy_of(book, row, history->closed) : NULL;
    if (policy == NULL)
        return;
    g_auto(ApprovalJudgement) judgement = {0};
    approvals_replay(book, policy, row, history, &judgement);
    history->approved = judgement.approved;
}

static void replay_events(PrHistory *history, const StorePullRequest *row, const PeopleRoles *roles,
                          const ApprovalBook *book)
{
    learn_closing(history, row);
    learn_ready(history, row);
    learn_participants(history, row, roles);
    learn_withdrawals(history, row, roles);
    learn_asked(history, row, roles);
    Replay replay = {.history = history,
                     .last_author_act = TIME_ABSENT,
                     .answered_at = TIME_ABSENT,
                     .last_draft = TIME_ABSENT};
    for (gsize i = 0; i < row->n_events; i++) {
        history->last_activity = MAX(history->last_activity, row->events[i].at);
        if (row->events[i].at <= history->closed)
            see_event(&replay, row, roles, &row->events[i], i);
    }
    count_people(history);
    apply_policy(history, row, book);
    if (row->state == PR_OPEN)
        judge_waiting(history, &replay, row);
}

void pr_history_replay(PrHistory *history, const StorePullRequest *row, const PeopleRoles *roles,
                       const ApprovalBook *book)
{
    *history = (PrHistory){
        .opened = row->created,
        .ready = TIME_ABSENT,
        .closed = G_MAXINT64,
        .closed_by_id = row->closed_by_id,
        .merged = TIME_ABSENT,
        .declined = TIME_ABSENT,
        .first_review = TIME_ABSENT,
        .first_bot_review = TIME_ABSENT,
        .approved = TIME_ABSENT,
        .last_valid_approval = TIME_ABSENT,
        .last_push = TIME_ABSENT,
        .last_activity = row->n_events > 0 ? row->created : row->updated,
        .waiting_since = TIME_ABSENT,
        .people = g_array_new(FALSE, FALSE, sizeof(PrPerson)),
    };
    if (row->n_events > 0) {
        replay_events(history, row, roles, book);
        return;
    }
    StorePullRequest approximate = *row;
    g_autoptr(GArray) events = pr_events_from_participants(&approximate);
    replay_events(history, &approximate, roles, book);
}

void pr_history_clear(PrHistory *history)
{
    g_clear_pointer(&history->people, g_array_unref);
}
