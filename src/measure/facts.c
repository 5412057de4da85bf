#include "measure/facts.h"

#include <string.h>

/* ---- roles */

struct PeopleRoles {
    gint64 deleted_person;
    GHashTable *flags; /* gint64 -> 1 bot, 2 excluded */
};

PeopleRoles *people_roles_new(gint64 deleted_person)
{
    PeopleRoles *roles = g_new0(PeopleRoles, 1);
    roles->deleted_person = deleted_person;
    roles->flags = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return roles;
}

void people_roles_free(PeopleRoles *roles)
{
    if (roles == NULL)
        return;
    g_hash_table_unref(roles->flags);
    g_free(roles);
}

void people_roles_add(PeopleRoles *roles, gint64 person_id, gboolean is_bot, gboolean is_excluded)
{
    gint64 *key = g_new(gint64, 1);
    *key = person_id;
    g_hash_table_insert(roles->flags, key,
                        GINT_TO_POINTER((is_bot != 0) | (is_excluded != 0) << 1));
}

gint64 people_roles_deleted(const PeopleRoles *roles)
{
    return roles->deleted_person;
}

static gint flags_of(const PeopleRoles *roles, gint64 person_id)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(roles->flags, &person_id));
}

gboolean people_roles_is_bot(const PeopleRoles *roles, gint64 person_id)
{
    return (flags_of(roles, person_id) & 1) != 0;
}

gboolean people_roles_is_excluded(const PeopleRoles *roles, gint64 person_id)
{
    return (flags_of(roles, person_id) & 2) != 0;
}

/* ---- facts */

static gboolean is_one_of(const char *state, const char *const *known)
{
    for (; state != NULL && *known != NULL; known++)
        if (strcmp(state, *known) == 0)
            return TRUE;
    return FALSE;
}

static void add_commits(const StorePullRequest *row, FactPr *fact)
{
    static const char *const COMPLETE[] = {"git", "api", NULL};
    if (row->n_commits > 0 || is_one_of(row->commits_state, COMPLETE))
        fact->commits = (gint64) row->n_commits;
    for (gsize i = 0; i < row->n_commits; i++)
        if (row->commit_authored[i] != TIME_ABSENT &&
            (fact->first_commit == TIME_ABSENT || row->commit_authored[i] < fact->first_commit))
            fact->first_commit = row->commit_authored[i];
    /* A rebase or an amended commit may carry a later date than the opening. */
    if (fact->first_commit != TIME_ABSENT && fact->first_commit > row->created) {
        fact->first_commit = row->created;
        fact->coding_clamped = TRUE;
    }
}

static void add_files(const StorePullRequest *row, FactPr *fact)
{
    static const char *const COMPLETE[] = {"git", "api", "squash", NULL};
    if (row->n_files == 0 && !is_one_of(row->files_state, COMPLETE))
        return;
    fact->lines_added = fact->lines_removed = fact->files_changed = fact->generated_lines = 0;
    for (gsize i = 0; i < row->n_files; i++) {
        const FileChange *file = &row->files[i];
        gint64 added = MAX(file->lines_added, 0), removed = MAX(file->lines_removed, 0);
        if (model_path_class(file->path) != PATH_AUTHORED) {
            fact->generated_lines += added + removed;
            continue;
        }
        fact->lines_added += added; /* a binary file has no lines, but is a file changed */
        fact->lines_removed += removed;
        fact->files_changed++;
    }
}

static void add_history(const StorePullRequest *row, const PrHistory *history, FactPr *fact)
{
    gboolean is_merged = history->merged != TIME_ABSENT;
    fact->opened = history->opened;
    fact->ready = history->ready;
    fact->first_review = history->first_review;
    fact->first_bot_review = history->first_bot_review;
    fact->approved = history->approved;
    fact->merged = history->merged;
    fact->declined = history->declined;
    fact->last_activity = history->last_activity;
    fact->is_merged_estimated = history->is_merged_estimated;
    fact->rounds = history->rounds;
    fact->pushes = history->pushes;
    fact->review_comments = history->review_comments;
    fact->author_comments = history->author_comments;
    fact->bot_comments = history->bot_comments;
    fact->reviewers = history->reviewers;
    fact->approvals = history->approvals;
    fact->is_unreviewed = is_merged && !history->is_reviewed;
    fact->is_self_merged = fact->is_unreviewed && history->closed_by_id == row->author_id;
    /* Whether a policy asked for more approvals, or lets a push void them, makes it no less late. */
    fact->is_late_change = is_merged && history->approvals > 0 &&
                           history->last_push > history->last_valid_approval;
    fact->waiting_on = history->waiting_on;
    fact->waiting_since = history->waiting_since;
    fact->review_clamped = history->approved != TIME_ABSENT &&
                           history->first_review != TIME_ABSENT &&
                           history->approved < history->first_review;
}

static void add_working_time(const WorkCalendar *calendar, FactPr *fact)
{
    Duration *const targets[] = {
        [PHASE_CODING] = &fact->coding_working, [PHASE_PICKUP] = &fact->pickup_working,
        [PHASE_REVIEW] = &fact->review_working, [PHASE_MERGE] = &fact->merge_working,
        [PHASE_CYCLE] = &fact->cycle_working,   [PHASE_TO_MERGE] = &fact->time_to_merge_working,
    };
    for (guint phase = 0; phase < G_N_ELEMENTS(targets); phase++) {
        PhaseSpan span = phase_span(fact, phase);
        *targets[phase] = work_calendar_between(calendar, span.from, span.until);
    }
}

static void add_review(const StorePullRequest *row, const PrPerson *person, const Teams *teams,
                       GArray *reviews)
{
    if (person->is_author || (person->asked == TIME_ABSENT && person->first_review == TIME_ABSENT))
        return;
    FactReview review = {
        .repository_id = row->repository_id,
        .number = row->number,
        .reviewer_id = person->person_id,
        .reviewer_is_bot = person->is_bot,
        .is_reviewer = person->is_reviewer,
        .asked = person->asked,
        /* Who was not asked responds with the first thing said. */
        .responded = person->asked == TIME_ABSENT ? person->first_review : person->responded,
        .comments = person->comments,
        .approvals = person->approvals,
        .change_requests = person->change_requests,
    };
    review.turnaround_working = work_calendar_between(
        teams_calendar_of(teams, person->person_id, review.asked), review.asked, review.responded);
    g_array_append_val(reviews, review);
}

void facts_compute(const StorePullRequest *row, const PeopleRoles *roles, const Teams *teams,
                   const ApprovalBook *book, FactPr *ret_fact, GArray *reviews)
{
    g_auto(PrHistory) history = {0};
    pr_history_replay(&history, row, roles, book);
    FactPr fact = {
        .repository_id = row->repository_id,
        .number = row->number,
        .definition = MEASURE_DEFINITION,
        .state = row->state,
        .is_draft = row->is_draft,
        .author_id = row->author_id,
        .author_is_bot = people_roles_is_bot(roles, row->author_id),
        .destination_branch = row->destination_branch,
        .first_commit = TIME_ABSENT,
        .released = TIME_ABSENT,
        .lines_added = COUNT_ABSENT,
        .lines_removed = COUNT_ABSENT,
        .files_changed = COUNT_ABSENT,
        .generated_lines = COUNT_ABSENT,
        .commits = COUNT_ABSENT,
    };
    add_commits(row, &fact);
    add_files(row, &fact);
    add_history(row, &history, &fact);
    add_working_time(teams_calendar_of(teams, row->author_id, row->created), &fact);
    for (gsize i = 0; i < history.people->len; i++)
        add_review(row, &g_array_index(history.people, PrPerson, i), teams, reviews);
    *ret_fact = fact;
}
