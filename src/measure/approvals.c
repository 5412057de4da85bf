/*
 * Replays who approved when, and what became of it under a policy. Who is the author, a bot, or
 * took an approval back unseen has been learned by the replay of the history (events.c).
 */
#include "measure/approvals.h"

#include <string.h>

const char *approval_fate_name(ApprovalFate fate)
{
    static const char *const NAMES[] = {"counted",   "of-bot",    "of-excluded", "of-author",
                                        "withdrawn", "overruled", "voided"};
    return NAMES[fate];
}

const char *approval_fate_words(ApprovalFate fate)
{
    static const char *const WORDS[] = {"counts",
                                        "given by a bot",
                                        "given by somebody who is left out",
                                        "the author's own",
                                        "withdrawn by who gave it",
                                        "its giver requested changes later",
                                        "given before the last change of the source"};
    return WORDS[fate];
}

void approval_judgement_clear(ApprovalJudgement *judgement)
{
    g_clear_pointer(&judgement->approvals, g_array_unref);
}

/* ---- the book */

struct ApprovalBook {
    StorePolicyBook *policies;
    GArray *members;
    PersonMap *people; /* NULL: everybody is who they are */
    GPtrArray *teams;  /* StoreTeam; NULL: none */
};

ApprovalBook *approval_book_new(StorePolicyBook *policies, const GArray *members)
{
    ApprovalBook *book = g_new0(ApprovalBook, 1);
    book->policies = policies;
    book->members = g_array_new(FALSE, FALSE, sizeof(StoreTeamMember));
    if (members != NULL)
        g_array_append_vals(book->members, members->data, members->len);
    return book;
}

ApprovalBook *approval_book_load(Store *store, gint64 workspace_id, GError **error)
{
    StorePolicyBook *policies = store_load_policies(store, workspace_id, error);
    if (policies == NULL)
        return NULL;
    g_autoptr(ApprovalBook) book = approval_book_new(policies, NULL);
    g_autoptr(GArray) members = store_list_team_members(store, workspace_id, 0, error);
    if (members == NULL || (book->teams = store_list_teams(store, workspace_id, error)) == NULL ||
        (book->people = person_map_load(store, workspace_id, error)) == NULL)
        return NULL;
    g_array_append_vals(book->members, members->data, members->len);
    return g_steal_pointer(&book);
}

void approval_book_free(ApprovalBook *book)
{
    if (book == NULL)
        return;
    store_policy_book_free(book->policies);
    g_array_unref(book->members);
    g_clear_pointer(&book->people, person_map_unref);
    g_clear_pointer(&book->teams, g_ptr_array_unref);
    g_free(book);
}

const char *approval_book_team_name(const ApprovalBook *book, gint64 team_id)
{
    for (guint i = 0; book->teams != NULL && i < book->teams->len; i++) {
        const StoreTeam *team = g_ptr_array_index(book->teams, i);
        if (team->team_id == team_id)
            return team->name;
    }
    return "that is gone";
}

const StorePolicyBook *approval_book_policies(const ApprovalBook *book)
{
    return book->policies;
}

static gboolean requires_team(const StorePolicyBook *policies)
{
    const GPtrArray *versions = store_policy_book_versions(policies);
    for (guint i = 0; i < versions->len; i++) {
        const StorePolicy *policy = g_ptr_array_index(versions, i);
        for (guint k = 0; k < policy->n_required; k++)
            if (policy->required[k].is_team)
                return TRUE;
    }
    return FALSE;
}

char *approval_book_fingerprint(const ApprovalBook *book)
{
    g_autofree char *policies = store_policy_book_fingerprint(book->policies);
    if (!requires_team(book->policies))
        return g_steal_pointer(&policies);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < book->members->len; i++) {
        const StoreTeamMember *member = &g_array_index(book->members, StoreTeamMember, i);
        const gint64 values[] = {member->team_id, member->person_id, member->from, member->until};
        g_checksum_update(checksum, (const guchar *) values, sizeof values);
    }
    return g_strdup_printf("%s.%.16s", policies, g_checksum_get_string(checksum));
}

const StorePolicy *approval_policy_of(const ApprovalBook *book, const StorePullRequest *row,
                                      UtcTime closed)
{
    return store_policy_in_force(book->policies, row->repository_id, row->destination_branch,
                                 closed);
}

/* Whether the person was in the team; at G_MAXINT64: is. */
static gboolean is_member(const ApprovalBook *book, gint64 team_id, gint64 person_id, UtcTime at)
{
    for (guint i = 0; i < book->members->len; i++) {
        const StoreTeamMember *member = &g_array_index(book->members, StoreTeamMember, i);
        if (member->team_id == team_id && member->person_id == person_id && member->from <= at &&
            (member->until == TIME_ABSENT || member->until > at))
            return TRUE;
    }
    return FALSE;
}

/* ---- the replay */

typedef struct {
    const ApprovalBook *book;
    const StorePolicy *policy;
    const PrHistory *history;
    ApprovalJudgement *judgement;
    const char *source_hash; /* NULL until the creation */
} Replay;

static const PrPerson *person_of(const Replay *replay, gint64 person_id)
{
    for (guint i = 0; i < replay->history->people->len; i++) {
        const PrPerson *person = &g_array_index(replay->history->people, PrPerson, i);
        if (person->person_id == person_id)
            return person;
    }
    return NULL;
}

/* One that nothing has ended, whether or not it counts. */
static gboolean is_standing(const Approval *approval)
{
    return approval->fate < APPROVAL_WITHDRAWN;
}

static Approval *standing_of(const Replay *replay, gint64 person_id)
{
    GArray *approvals = replay->judgement->approvals;
    for (guint i = approvals->len; i > 0; i--) {
        Approval *approval = &g_array_index(approvals, Approval, i - 1);
        if (approval->person_id == person_id && is_standing(approval))
            return approval;
    }
    return NULL;
}

static void end_approval(Approval *approval, ApprovalFate fate, UtcTime at)
{
    approval->fate = fate;
    approval->ended = at;
}

static gboolean is_push(Replay *replay, const StoreEvent *event)
{
    if (!pr_event_tells_source(event))
        return FALSE;
    gboolean moved =
        replay->source_hash != NULL && !model_same_hash(replay->source_hash, event->source_hash);
    replay->source_hash = event->source_hash;
    return moved;
}

static void void_all(Replay *replay, UtcTime at)
{
    GArray *approvals = replay->judgement->approvals;
    for (guint i = 0; i < approvals->len; i++) {
        Approval *approval = &g_array_index(approvals, Approval, i);
        if (is_standing(approval))
            end_approval(approval, APPROVAL_VOIDED, at);
    }
}

static void add_approval(Replay *replay, const StoreEvent *event, gsize index)
{
    const PrPerson *person = person_of(replay, event->actor_id);
    if (person == NULL || standing_of(replay, event->actor_id) != NULL)
        return;
    ApprovalFate fate = index >= person->void_from                            ? APPROVAL_WITHDRAWN
                        : person->is_bot                                      ? APPROVAL_OF_BOT
                        : person->is_excluded                                 ? APPROVAL_OF_EXCLUDED
                        : person->is_author && !replay->policy->author_counts ? APPROVAL_OF_AUTHOR
                                                                              : APPROVAL_COUNTED;
    const Approval approval = {.person_id = event->actor_id,
                               .at = event->at,
                               .fate = fate,
                               .ended = TIME_ABSENT,
                               .is_author = person->is_author};
    g_array_append_val(replay->judgement->approvals, approval);
}

static void see_event(Replay *replay, const StoreEvent *event, gsize index)
{
    if (is_push(replay, event) && replay->policy->void_on_push)
        void_all(replay, event->at);
    Approval *standing = standing_of(replay, event->actor_id);
    if (event->kind == PR_EVENT_APPROVED)
        add_approval(replay, event, index);
    else if (standing != NULL && event->kind == PR_EVENT_CHANGES_REQUESTED)
        end_approval(standing, APPROVAL_OVERRULED, event->at);
    else if (standing != NULL && event->kind == PR_EVENT_APPROVAL_WITHDRAWN)
        end_approval(standing, APPROVAL_WITHDRAWN, event->at);
}

/* ---- the judgement */

static gint64 canonical(const ApprovalBook *book, gint64 person_id)
{
    return book->people != NULL ? person_map_canonical(book->people, person_id) : person_id;
}

static gboolean is_satisfied(const Replay *replay, const StorePolicyRequired *required)
{
    const GArray *approvals = replay->judgement->approvals;
    gint64 given = 0;
    for (guint i = 0; i < approvals->len; i++) {
        const Approval *approval = &g_array_index(approvals, Approval, i);
        if (approval->fate != APPROVAL_COUNTED)
            continue;
        given += required->is_team ? is_member(replay->book, required->id, approval->person_id,
                                               replay->history->closed)
                                   : canonical(replay->book, required->id) == approval->person_id;
    }
    return given >= required->least;
}

/* Fills all but approvals and approved. */
static void judge(const Replay *replay)
{
    ApprovalJudgement *judgement = replay->judgement;
    const StorePolicy *policy = replay->policy;
    guint standing = 0, satisfied = 0;
    judgement->counted = 0;
    judgement->is_only_author = TRUE;
    judgement->missing_required = 0;
    for (guint i = 0; i < judgement->approvals->len; i++) {
        const Approval *approval = &g_array_index(judgement->approvals, Approval, i);
        judgement->counted += approval->fate == APPROVAL_COUNTED;
        standing += is_standing(approval);
        if (is_standing(approval) && !approval->is_author)
            judgement->is_only_author = FALSE;
    }
    for (guint i = 0; i < policy->n_required; i++) {
        if (is_satisfied(replay, &policy->required[i]))
            satisfied++;
        else
            judgement->missing_required |= 1u << i;
    }
    judgement->is_only_author = judgement->is_only_author && standing > 0;
    judgement->has_enough = judgement->counted >= policy->least_approvals;
    judgement->has_required = satisfied >= policy->required_least;
}

void approvals_replay(const ApprovalBook *book, const StorePolicy *policy,
                      const StorePullRequest *row, const PrHistory *history,
                      ApprovalJudgement *ret_judgement)
{
    *ret_judgement = (ApprovalJudgement){.approvals = g_array_new(FALSE, FALSE, sizeof(Approval)),
                                         .approved = TIME_ABSENT};
    Replay replay = {book, policy, history, ret_judgement, NULL};
    for (gsize i = 0; i < row->n_events && row->events[i].at <= history->closed; i++) {
        see_event(&replay, &row->events[i], i);
        judge(&replay);
        gboolean is_approved =
            ret_judgement->has_enough && ret_judgement->has_required && ret_judgement->counted > 0;
        if (!is_approved)
            ret_judgement->approved = TIME_ABSENT;
        else if (ret_judgement->approved == TIME_ABSENT)
            ret_judgement->approved = row->events[i].at;
    }
    judge(&replay);
}

void approvals_judge(const ApprovalBook *book, const StorePolicy *policy,
                     const StorePullRequest *row, const PeopleRoles *roles,
                     ApprovalJudgement *ret_judgement)
{
    g_auto(PrHistory) history = {0};
    g_autoptr(GArray) events = NULL;
    StorePullRequest effective = *row;
    if (row->n_events == 0)
        events = pr_events_from_participants(&effective);
    pr_history_replay(&history, row, roles, NULL);
    approvals_replay(book, policy, &effective, &history, ret_judgement);
}
