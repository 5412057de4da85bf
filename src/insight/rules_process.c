/*
 * Rules about the course of open pull requests.
 *
 * Where a default comes from is in its table row; docs/insights.md has the full references.
 */
#include "insight/words.h"

#define HOURS(id, title, initial, greatest, source)                                                \
    {                                                                                              \
        id, title, RULE_UNIT_HOURS, initial, 1, greatest, source                                   \
    }

/* ---- what the rules share */

/* A draft about the pull request at hand, with the pull request itself as its first evidence. */
static void begin(FindingDraft *draft, const Rule *rule, const PullCase *pull, UtcTime since,
                  const char *evidence)
{
    draft_init(draft, rule);
    draft->repository_id = pull->row->repository_id;
    draft->number = pull->row->number;
    draft->since = since;
    DraftEvidence *first = draft_add_evidence(draft);
    first->repository_id = pull->row->repository_id;
    first->number = pull->row->number;
    first->person_id = pull->row->author_id;
    first->at = since;
    first->text = evidence;
    first->url = pull->row->html_url;
}

/* Whether the condition has held long enough for the rule's parameter "after". */
static gboolean is_over(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                        UtcTime since)
{
    return since != TIME_ABSENT && since <= scene->now &&
           scene->now - since >= rule_span(rule, scene, pull->row->repository_id, "after");
}

static gboolean waits_on(const PullCase *pull, const char *whom)
{
    return g_strcmp0(pull->fact->waiting_on, whom) == 0;
}

static gboolean counts_as_reviewer(const RuleScene *scene, const FactReview *review)
{
    return !review->reviewer_is_bot && measure_person_counts(scene->basis, review->reviewer_id);
}

static gint by_asked(gconstpointer a, gconstpointer b)
{
    const FactReview *first = *(const FactReview *const *) a,
                     *second = *(const FactReview *const *) b;
    if (first->asked != second->asked)
        return first->asked < second->asked ? -1 : 1;
    return (first->reviewer_id > second->reviewer_id) - (first->reviewer_id < second->reviewer_id);
}

/* People still in the reviewer list, the one asked first in front; @silent: only those who have not
 * responded. Elements are const FactReview *. */
static GPtrArray *list_asked(const RuleScene *scene, const PullCase *pull, gboolean silent)
{
    GPtrArray *asked = g_ptr_array_new();
    for (gsize i = 0; i < pull->n_reviews; i++) {
        const FactReview *review = &pull->reviews[i];
        if (counts_as_reviewer(scene, review) && review->is_reviewer &&
            review->asked != TIME_ABSENT && (!silent || review->responded == TIME_ABSENT))
            g_ptr_array_add(asked, (gpointer) review);
    }
    g_ptr_array_sort(asked, by_asked);
    return asked;
}

static const char *name_list(FindingSink *sink, const RuleScene *scene, const GPtrArray *reviews)
{
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < reviews->len; i++)
        g_array_append_val(people, ((const FactReview *) reviews->pdata[i])->reviewer_id);
    return words_people(sink, scene, (const gint64 *) (const void *) people->data, people->len);
}

static gint64 lines_of(const PullCase *pull)
{
    return pull->fact->lines_added == COUNT_ABSENT
               ? COUNT_ABSENT
               : pull->fact->lines_added + pull->fact->lines_removed;
}

/* The people who approved and whose approval stands as far as the facts tell. */
static void add_approvers(const RuleScene *scene, const PullCase *pull, FindingDraft *draft)
{
    for (gsize i = 0; i < pull->n_reviews; i++)
        if (counts_as_reviewer(scene, &pull->reviews[i]) && pull->reviews[i].approvals > 0)
            draft_add_nearest(draft, pull->reviews[i].reviewer_id);
}

/* ---- waiting for somebody */

static void judge_waiting(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                          FindingSink *sink)
{
    UtcTime since = pull->fact->ready;
    if (!waits_on(pull, "review") || pull->fact->first_review != TIME_ABSENT ||
        !is_over(rule, scene, pull, since))
        return;
    g_autoptr(GPtrArray) silent = list_asked(scene, pull, TRUE);
    const char *age = words_span(sink, scene->now - since);
    FindingDraft draft;
    begin(&draft, rule, pull, since, finding_text(sink, "ready for review for %s", age));
    for (guint i = 0; i < silent->len; i++) {
        const FactReview *review = silent->pdata[i];
        draft_add_nearest(&draft, review->reviewer_id);
        draft_add_pull_evidence(&draft, pull, review->reviewer_id, review->asked,
                                "asked, no response yet");
    }
    const char *names = name_list(sink, scene, silent);
    draft.what =
        silent->len > 0
            ? finding_text(sink, "Ready for review for %s; %s asked and nobody has reviewed.", age,
                           finding_text(sink, silent->len == 1 ? "%s was" : "%s were", names))
            : finding_text(sink,
                           "Ready for review for %s; no reviewer is asked and nobody has "
                           "reviewed.",
                           age);
    if (silent->len == 0)
        draft_add_nearest(&draft, pull->row->author_id);
    draft.next = silent->len > 0
                     ? finding_text(sink, "%s reviews it, or says who should.",
                                    measure_person_name(scene->columns, draft.nearest[0]))
                     : finding_text(sink, "%s asks somebody to review it.",
                                    measure_person_name(scene->columns, pull->row->author_id));
    finding_sink_put(sink, rule, &draft);
}

static void judge_no_reviewer(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                              FindingSink *sink)
{
    UtcTime since = pull->fact->ready;
    g_autoptr(GPtrArray) asked = list_asked(scene, pull, FALSE);
    if (asked->len > 0 || pull->fact->reviewers > 0 || !is_over(rule, scene, pull, since))
        return;
    const char *age = words_span(sink, scene->now - since);
    FindingDraft draft;
    begin(&draft, rule, pull, since,
          finding_text(sink, "ready for review for %s without a reviewer", age));
    draft_add_nearest(&draft, pull->row->author_id);
    draft.what = finding_text(
        sink, "Ready for review for %s, but nobody is asked to review it and nobody has.", age);
    draft.next = finding_text(sink, "%s asks somebody to review it.",
                              measure_person_name(scene->columns, pull->row->author_id));
    finding_sink_put(sink, rule, &draft);
}

static void judge_stale(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                        FindingSink *sink)
{
    UtcTime since = pull->fact->last_activity;
    if (!is_over(rule, scene, pull, since))
        return;
    const char *age = words_span(sink, scene->now - since);
    FindingDraft draft;
    begin(&draft, rule, pull, since, finding_text(sink, "last activity %s ago", age));
    g_autoptr(GPtrArray) silent = list_asked(scene, pull, TRUE);
    if (waits_on(pull, "review") && silent->len > 0)
        draft_add_nearest(&draft, ((const FactReview *) silent->pdata[0])->reviewer_id);
    else
        draft_add_nearest(&draft, pull->row->author_id);
    draft.what =
        finding_text(sink, "Nothing has happened for %s; it has been open for %s and waits for %s.",
                     age, words_span(sink, scene->now - pull->fact->opened),
                     waits_on(pull, "author")  ? "an answer from its author"
                     : waits_on(pull, "merge") ? "its merge"
                                               : "a review");
    draft.next = finding_text(sink, "%s takes it up again, or it is declined.",
                              measure_person_name(scene->columns, draft.nearest[0]));
    finding_sink_put(sink, rule, &draft);
}

static void judge_unanswered(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                             FindingSink *sink)
{
    UtcTime since = pull->fact->waiting_since;
    if (!waits_on(pull, "author") || !is_over(rule, scene, pull, since))
        return;
    const char *age = words_span(sink, scene->now - since);
    const char *author = measure_person_name(scene->columns, pull->row->author_id);
    FindingDraft draft;
    begin(&draft, rule, pull, since,
          finding_text(sink, "changes requested %s ago, no push or comment since", age));
    draft_add_nearest(&draft, pull->row->author_id);
    for (gsize i = 0; i < pull->n_reviews; i++)
        if (counts_as_reviewer(scene, &pull->reviews[i]) && pull->reviews[i].change_requests > 0)
            draft_add_pull_evidence(&draft, pull, pull->reviews[i].reviewer_id, TIME_ABSENT,
                                    "requested changes");
    draft.what = finding_text(
        sink, "Changes were requested %s ago; %s has neither pushed nor replied since.", age,
        author);
    draft.next = finding_text(sink, "%s makes the changes or replies.", author);
    finding_sink_put(sink, rule, &draft);
}

static void judge_unmerged(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                           FindingSink *sink)
{
    UtcTime since = pull->fact->waiting_since;
    if (!waits_on(pull, "merge") || !is_over(rule, scene, pull, since))
        return;
    const char *age = words_span(sink, scene->now - since);
    const char *author = measure_person_name(scene->columns, pull->row->author_id);
    FindingDraft draft;
    begin(&draft, rule, pull, since, finding_text(sink, "approved %s ago, still open", age));
    draft_add_nearest(&draft, pull->row->author_id);
    add_approvers(scene, pull, &draft);
    for (gsize i = 0; i < pull->n_reviews; i++)
        if (counts_as_reviewer(scene, &pull->reviews[i]) && pull->reviews[i].approvals > 0)
            draft_add_pull_evidence(&draft, pull, pull->reviews[i].reviewer_id, TIME_ABSENT,
                                    "approved");
    draft.what = finding_text(sink, "Approved by %s for %s, but not merged.",
                              words_many(sink, pull->fact->approvals, "person", "people"), age);
    draft.next = finding_text(sink, "%s merges it, or says what it waits for.", author);
    finding_sink_put(sink, rule, &draft);
}

/* ---- how it was reviewed */

static void judge_rubber_stamp(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                               FindingSink *sink)
{
    gint64 lines = lines_of(pull);
    if (lines == COUNT_ABSENT || pull->fact->approved == TIME_ABSENT ||
        pull->fact->approvals == 0 || pull->fact->review_comments > 0 ||
        (double) lines < rule_value(rule, scene, pull->row->repository_id, "lines"))
        return;
    UtcTime since = pull->fact->approved;
    const char *size = words_many(sink, lines, "line", "lines");
    FindingDraft draft;
    begin(&draft, rule, pull, since, finding_text(sink, "%s, no review comment", size));
    add_approvers(scene, pull, &draft);
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (gsize i = 0; i < pull->n_reviews; i++)
        if (counts_as_reviewer(scene, &pull->reviews[i]) && pull->reviews[i].approvals > 0) {
            g_array_append_val(people, pull->reviews[i].reviewer_id);
            draft_add_pull_evidence(&draft, pull, pull->reviews[i].reviewer_id, TIME_ABSENT,
                                    "approved without a comment");
        }
    const char *names =
        words_people(sink, scene, (const gint64 *) (const void *) people->data, people->len);
    draft.what = finding_text(sink,
                              "%s changed, approved by %s %s after it was ready, without a "
                              "single review comment.",
                              size, names, words_span(sink, MAX(since - pull->fact->ready, 0)));
    draft.next = finding_text(
        sink,
        pull->row->state == PR_MERGED
            ? "%s looks over what was merged, or says what was checked."
            : "%s reads it before it is merged, or says what was checked.",
        people->len > 0 ? measure_person_name(scene->columns, g_array_index(people, gint64, 0))
                        : measure_person_name(scene->columns, pull->row->author_id));
    finding_sink_put(sink, rule, &draft);
}

static void judge_too_large(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                            FindingSink *sink)
{
    gint64 lines = lines_of(pull);
    double most = rule_value(rule, scene, pull->row->repository_id, "lines");
    if (lines == COUNT_ABSENT || (double) lines <= most)
        return;
    const char *size = words_many(sink, lines, "line", "lines");
    const char *author = measure_person_name(scene->columns, pull->row->author_id);
    FindingDraft draft;
    begin(&draft, rule, pull, pull->fact->ready,
          finding_text(sink, "%s in %s", size,
                       words_many(sink, pull->fact->files_changed, "file", "files")));
    draft_add_nearest(&draft, pull->row->author_id);
    draft.what = finding_text(sink, "%s changed in %s, more than %s.", size,
                              words_many(sink, pull->fact->files_changed, "file", "files"),
                              words_number(sink, (gint64) most));
    draft.next = finding_text(sink, "%s splits it, or walks its reviewers through it.", author);
    finding_sink_put(sink, rule, &draft);
}

/* When the round was over that made the count reach @least: rounds as of each review tell. */
static UtcTime round_instant(const RuleScene *scene, const PullCase *pull, gint64 least)
{
    g_autoptr(MeasureCut) cut = measure_cut_new();
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    UtcTime last = TIME_ABSENT;
    for (gsize i = 0; i < pull->row->n_events; i++) {
        const StoreEvent *event = &pull->row->events[i];
        StorePullRequest then;
        FactPr fact;
        if ((event->kind != PR_EVENT_APPROVED && event->kind != PR_EVENT_CHANGES_REQUESTED &&
             event->kind != PR_EVENT_COMMENTED) ||
            event->at == last || event->actor_id == pull->row->author_id)
            continue;
        last = event->at;
        g_array_set_size(reviews, 0);
        if (!measure_row_as_of(pull->row, TIME_ABSENT, event->at, cut, &then))
            continue;
        measure_facts_of(scene->basis, &then, &fact, reviews);
        if (fact.rounds >= least)
            return event->at;
    }
    return pull->fact->last_activity;
}

static void judge_rounds(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                         FindingSink *sink)
{
    gint64 least = (gint64) rule_value(rule, scene, pull->row->repository_id, "rounds");
    if (pull->fact->rounds < least)
        return;
    UtcTime since = round_instant(scene, pull, least);
    const char *author = measure_person_name(scene->columns, pull->row->author_id);
    FindingDraft draft;
    begin(&draft, rule, pull, since,
          finding_text(
              sink, "%s, %s", words_many(sink, pull->fact->rounds, "round", "rounds"),
              words_many(sink, pull->fact->review_comments, "review comment", "review comments")));
    draft_add_nearest(&draft, pull->row->author_id);
    g_autoptr(GPtrArray) asked = list_asked(scene, pull, FALSE);
    for (guint i = 0; i < asked->len; i++)
        draft_add_nearest(&draft, ((const FactReview *) asked->pdata[i])->reviewer_id);
    draft.what =
        finding_text(sink, "%s of change and review so far, over %s.",
                     words_many(sink, pull->fact->rounds, "round", "rounds"),
                     words_span(sink, scene->now - MAX(pull->fact->ready, pull->fact->opened)));
    draft.next = finding_text(
        sink, "%s and the reviewers talk it over in person and agree on what is left.", author);
    finding_sink_put(sink, rule, &draft);
}

/* ---- comments and tasks nobody addressed */

typedef struct {
    gint64 root;
    UtcTime last; /* of the last word that was not deleted */
    gint64 last_by;
    gboolean is_inline, is_resolved;
} Thread;

static Thread *find_thread(GArray *threads, gint64 root)
{
    for (guint i = 0; i < threads->len; i++)
        if (g_array_index(threads, Thread, i).root == root)
            return &g_array_index(threads, Thread, i);
    Thread thread = {.root = root, .last = TIME_ABSENT, .last_by = COUNT_ABSENT};
    g_array_append_val(threads, thread);
    return &g_array_index(threads, Thread, threads->len - 1);
}

/* The comment at the top: replies may hang on replies. */
static gint64 root_of(const StorePullRequest *row, gint64 comment_id, gint64 parent_id)
{
    for (guint depth = 0; parent_id != COUNT_ABSENT && depth < 64; depth++) {
        gint64 above = COUNT_ABSENT;
        comment_id = parent_id;
        for (gsize i = 0; i < row->n_events; i++)
            if (row->events[i].kind == PR_EVENT_COMMENTED &&
                row->events[i].comment_id == comment_id)
                above = row->events[i].parent_comment_id;
        parent_id = above;
    }
    return comment_id;
}

static GArray *list_threads(const StorePullRequest *row)
{
    GArray *threads = g_array_new(FALSE, FALSE, sizeof(Thread));
    for (gsize i = 0; i < row->n_events; i++) {
        const StoreEvent *event = &row->events[i];
        if (event->kind != PR_EVENT_COMMENTED || event->comment_id == COUNT_ABSENT)
            continue;
        gint64 root = root_of(row, event->comment_id, event->parent_comment_id);
        Thread *thread = find_thread(threads, root);
        if (root == event->comment_id)
            thread->is_inline = event->is_inline;
        thread->is_resolved |= event->resolved != TIME_ABSENT;
        if (event->is_deleted)
            continue;
        thread->last = event->at;
        thread->last_by = event->actor_id;
    }
    return threads;
}

typedef struct {
    gint64 threads, tasks;
    UtcTime since; /* the oldest that is old enough */
} Unaddressed;

/* A later push by the author may be the answer that nobody marked as such: it is not counted as
 * one, for the thread is still open. */
static void add_threads(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                        Unaddressed *open, FindingDraft *draft, FindingSink *sink)
{
    g_autoptr(GArray) threads = list_threads(pull->row);
    for (guint i = 0; i < threads->len; i++) {
        const Thread *thread = &g_array_index(threads, Thread, i);
        if (!thread->is_inline || thread->is_resolved || thread->last == TIME_ABSENT ||
            thread->last_by == pull->row->author_id ||
            !measure_person_counts(scene->basis, thread->last_by) ||
            !is_over(rule, scene, pull, thread->last))
            continue;
        open->threads++;
        if (open->since == TIME_ABSENT || thread->last < open->since)
            open->since = thread->last;
        draft_add_pull_evidence(draft, pull, thread->last_by, thread->last,
                                finding_text(sink, "the last word in a thread, %s ago",
                                             words_span(sink, scene->now - thread->last)));
    }
}

static void add_tasks(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                      Unaddressed *open, FindingDraft *draft, FindingSink *sink)
{
    for (gsize i = 0; i < pull->row->n_tasks; i++) {
        const StoreTask *task = &pull->row->tasks[i];
        if (task->resolver_id != COUNT_ABSENT || task->resolved != TIME_ABSENT ||
            !is_over(rule, scene, pull, task->created))
            continue;
        open->tasks++;
        if (open->since == TIME_ABSENT || task->created < open->since)
            open->since = task->created;
        draft_add_pull_evidence(draft, pull, task->creator_id, task->created,
                                finding_text(sink, "a task, open for %s",
                                             words_span(sink, scene->now - task->created)));
    }
}

static void judge_unaddressed(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                              FindingSink *sink)
{
    const Rule *stronger = rule_find("changes-unanswered");
    if (rule_is_on(stronger, scene, pull->row->repository_id) && waits_on(pull, "author") &&
        is_over(stronger, scene, pull, pull->fact->waiting_since))
        return;
    Unaddressed open = {.since = TIME_ABSENT};
    FindingDraft draft;
    begin(&draft, rule, pull, TIME_ABSENT, NULL);
    add_threads(rule, scene, pull, &open, &draft, sink);
    add_tasks(rule, scene, pull, &open, &draft, sink);
    if (open.since == TIME_ABSENT)
        return;
    const char *author = measure_person_name(scene->columns, pull->row->author_id);
    const char *threads = words_many(sink, open.threads, "review thread", "review threads");
    const char *tasks = words_many(sink, open.tasks, "task", "tasks");
    const char *both = open.threads > 0 && open.tasks > 0
                           ? finding_text(sink, "%s and %s", threads, tasks)
                       : open.threads > 0 ? threads
                                          : tasks;
    draft.since = draft.evidence[0].at = open.since;
    draft.evidence[0].text = finding_text(sink, "%s open", both);
    draft.evidence_in_all = 1 + open.threads + open.tasks;
    draft_add_nearest(&draft, pull->row->author_id);
    draft.what = finding_text(
        sink, "%s %s unresolved, and a reviewer had the last word; the oldest is %s old.", both,
        open.threads + open.tasks == 1 ? "is" : "are", words_span(sink, scene->now - open.since));
    draft.next = finding_text(sink, "%s answers or resolves what is done.", author);
    finding_sink_put(sink, rule, &draft);
}

/* ---- the table */

#define PROCESS(name, words) .id = name, .title = words, .family = FAMILY_PROCESS

static const Rule TABLE[] = {
    {PROCESS("waiting-for-review", "Waiting for first review"),
     .meaning = "Ready for review, and no person other than its author has reviewed for the given "
                "time.",
     .why =
         "Time to first review is the part of the cycle in which nobody works on the change; its "
         "author turns to something else and comes back cold.",
     .severity = SEVERITY_WARNING, .subject = RULE_OF_OPEN, .needs = RULE_NEEDS_STORY,
     .parameters = {HOURS("after", "wait before it is a finding", 24, 720,
                          "LinearB and Google: a first response within one working day")},
     .evaluate_pull = judge_waiting},
    {PROCESS("no-reviewer", "No reviewer"),
     .meaning = "Ready for review for the given time, nobody is asked to review and nobody has.",
     .why = "What nobody is asked to look at, nobody looks at.", .severity = SEVERITY_WARNING,
     .subject = RULE_OF_OPEN, .needs = RULE_NEEDS_STORY,
     .parameters = {HOURS("after", "time to choose a reviewer", 4, 720,
                          "ours: half a working day")},
     .evaluate_pull = judge_no_reviewer},
    {PROCESS("changes-unanswered", "Changes requested, unanswered"),
     .meaning = "A request for changes stands, and the author has neither pushed nor commented "
                "since it for the given time.",
     .why = "A request nobody answers blocks the change, and the reviewer forgets what was meant.",
     .severity = SEVERITY_WARNING, .subject = RULE_OF_OPEN, .needs = RULE_NEEDS_STORY,
     .parameters = {{"after", "time to answer", RULE_UNIT_DAYS, 3, 0.125, 90,
                     "LinearB: a review that hangs for more than 3 days"}},
     .evaluate_pull = judge_unanswered},
    {PROCESS("comments-unaddressed", "Comments or tasks not addressed"),
     .meaning = "Tasks or inline review threads are unresolved, a reviewer had the last word, and "
                "that for the given time; not told where changes-unanswered holds.",
     .why = "Open comments hold up the merge or are lost with it.", .severity = SEVERITY_NOTICE,
     .subject = RULE_OF_OPEN,
     .parameters = {{"after", "time to address them", RULE_UNIT_DAYS, 3, 0.125, 90,
                     "LinearB: a review that hangs for more than 3 days"}},
     .evaluate_pull = judge_unaddressed},
    {PROCESS("approved-unmerged", "Approved, not merged"),
     .meaning = "Approved, no request for changes stands, and not merged for the given time.",
     .why = "Finished work brings nothing before it is merged, and drifts from the main branch.",
     .severity = SEVERITY_NOTICE, .subject = RULE_OF_OPEN, .needs = RULE_NEEDS_STORY,
     .parameters = {HOURS("after", "time to merge", 24, 720,
                          "Haystack tells approved but unmerged; ours: one day")},
     .evaluate_pull = judge_unmerged},
    {PROCESS("stale", "Nothing happened for a while"),
     .meaning = "Open and nothing has happened for the given time.",
     .why = "The longer a change lies, the more it conflicts and the less anybody remembers of it.",
     .severity = SEVERITY_NOTICE, .subject = RULE_OF_OPEN, .needs = RULE_NEEDS_STORY,
     .parameters = {{"after", "silence before it is a finding", RULE_UNIT_DAYS, 7, 1, 365,
                     "LinearB: a branch without a commit for 7 days is stale"}},
     .evaluate_pull = judge_stale},
    {PROCESS("rubber-stamp", "Approved without a single comment although large"),
     .meaning =
         "Open, or merged in the given days: approved by a person, not one review comment by "
         "a person, and at least the given lines.",
     .why = "In a change of that size a careful reader nearly always finds something to say.",
     .severity = SEVERITY_NOTICE, .subject = RULE_OF_PULLS, .needs = RULE_NEEDS_STORY,
     .parameters = {{"lines", "size from which on it is told", RULE_UNIT_LINES, 400, 50, 10000,
                     "SmartBear at Cisco: review finds less beyond 400 lines"},
                    {"days", "how long after the merge it is told", RULE_UNIT_DAYS, 14, 1, 90,
                     "ours: two weeks"}},
     .evaluate_pull = judge_rubber_stamp},
    {PROCESS("too-large", "Too large to review well"),
     .meaning = "Open, and more lines changed than given; generated and vendored files left out.",
     .why =
         "Reviewers find fewer defects per line in large changes, and large changes wait longer.",
     .severity = SEVERITY_NOTICE, .subject = RULE_OF_OPEN, .needs = RULE_NEEDS_STORY,
     .parameters = {{"lines", "most lines", RULE_UNIT_LINES, 1000, 50, 100000,
                     "Google: 1000 lines is usually too large"}},
     .evaluate_pull = judge_too_large},
    {PROCESS("too-many-rounds", "Too many rounds"),
     .meaning = "Open, and at least the given rounds of change and review.",
     .why = "Many rounds tell that author and reviewers do not agree on what is to be done.",
     .severity = SEVERITY_NOTICE, .subject = RULE_OF_OPEN,
     .parameters = {{"rounds", "rounds from which on it is told", RULE_UNIT_COUNT, 5, 2, 50,
                     "Haystack tells too many cycles; ours: five"}},
     .evaluate_pull = judge_rounds},
};

const RuleTable RULES_PROCESS = {TABLE, G_N_ELEMENTS(TABLE)};
