#include "company_truth.h"

#define PERSONS_MOST 64

/* What is known of one person's part in the pull request. */
typedef struct {
    gint32 person;
    gint64 approved_at; /* the last approval that holds; NEVER */
    guint last_word;    /* position of the last approval or change request */
    gboolean is_withdrawn;
    gboolean has_reviewed;
} Voice;

typedef struct {
    const Company *company;
    const CompanyRepository *repository;
    const CompanyPull *pull;
    gint64 now;
    gint32 author; /* as shown */
    Voice voices[PERSONS_MOST];
    guint n_voices;
    Truth *truth;
} Finder;

gint32 truth_shown_person(const Company *company, gint32 person, gint64 now)
{
    if (person < 0)
        return person;
    const CompanyPerson *record = &company->people[person];
    return record->left_as_null && record->left_at <= now ? TRUTH_NOBODY : person;
}

static gint32 shown(const Finder *finder, gint32 person)
{
    return truth_shown_person(finder->company, person, finder->now);
}

static gboolean is_bot(const Finder *finder, gint32 person)
{
    return person >= 0 && finder->company->people[person].is_bot;
}

static const CompanyAct *act_at(const Finder *finder, guint i)
{
    return &finder->repository->acts[finder->pull->acts[i]];
}

static Voice *voice_of(Finder *finder, gint32 person)
{
    for (guint i = 0; i < finder->n_voices; i++)
        if (finder->voices[i].person == person)
            return &finder->voices[i];
    if (finder->n_voices == PERSONS_MOST)
        return NULL;
    Voice *voice = &finder->voices[finder->n_voices++];
    *voice = (Voice){.person = person, .approved_at = NEVER, .last_word = G_MAXUINT};
    return voice;
}

static gboolean is_review_kind(const CompanyAct *act)
{
    return act->kind == ACT_APPROVE || act->kind == ACT_REQUEST_CHANGES || act->kind == ACT_COMMENT;
}

/* By a human who is not the author; @act is no later than the end. */
static gboolean is_review(const Finder *finder, const CompanyAct *act)
{
    gint32 person = shown(finder, act->actor);
    return is_review_kind(act) && person != finder->author && !is_bot(finder, person);
}

static void find_ready(Finder *finder)
{
    Truth *truth = finder->truth;
    truth->is_draft = finder->pull->opened_as_draft;
    truth->ready = NEVER;
    for (guint i = 0; i < finder->pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > finder->now)
            break;
        if (act->kind == ACT_READY || act->kind == ACT_DRAFT)
            truth->is_draft = act->kind == ACT_DRAFT;
        if (act->kind == ACT_READY && act->at <= truth->end)
            truth->ready = act->at;
    }
    gboolean is_open = finder->pull->closed_at > finder->now;
    if (truth->is_draft && is_open)
        truth->ready = NEVER;
    else if (truth->ready == NEVER)
        truth->ready = finder->pull->opened_at;
}

static void find_first_commit(Finder *finder, const RepositoryPrivate *own, guint index)
{
    const CompanyRepository *repository = finder->repository;
    gint64 first = finder->pull->opened_at;
    gint32 commit = company_pull_head(repository, own, index, finder->now);
    for (gint step = repository->commits[commit].step; step >= 0; step--) {
        first = MIN(first, repository->commits[commit].authored_at);
        commit = repository->commits[commit].parents[0];
    }
    finder->truth->first_commit = first;
}

/* Who has the last word, and who took it back without leaving a trace in the feed. */
static void find_last_words(Finder *finder)
{
    for (guint i = 0; i < finder->pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > finder->truth->end)
            break;
        if (act->kind != ACT_APPROVE && act->kind != ACT_REQUEST_CHANGES &&
            act->kind != ACT_WITHDRAW_APPROVAL)
            continue;
        Voice *voice = voice_of(finder, shown(finder, act->actor));
        if (voice == NULL)
            continue;
        voice->is_withdrawn = act->kind == ACT_WITHDRAW_APPROVAL;
        if (!voice->is_withdrawn)
            voice->last_word = i;
    }
}

static void find_approved(Finder *finder)
{
    Truth *truth = finder->truth;
    truth->approved = NEVER;
    find_last_words(finder);
    for (guint i = 0; i < finder->pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > truth->end)
            break;
        if (!is_review(finder, act) || act->kind == ACT_COMMENT)
            continue;
        Voice *voice = voice_of(finder, shown(finder, act->actor));
        if (voice == NULL || (voice->is_withdrawn && voice->last_word == i))
            continue;
        gboolean held = voice->approved_at != NEVER;
        voice->approved_at = act->kind == ACT_APPROVE ? act->at : NEVER;
        truth->approvals += (voice->approved_at != NEVER) - held;
        if (truth->approvals == 0)
            truth->approved = NEVER;
        else if (truth->approvals == 1 && !held && act->kind == ACT_APPROVE)
            truth->approved = act->at;
    }
}

static void find_reviews(Finder *finder)
{
    Truth *truth = finder->truth;
    truth->first_review = truth->first_bot_review = NEVER;
    for (guint i = 0; i < finder->pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > truth->end)
            break;
        gboolean counts = truth->ready != NEVER && act->at >= truth->ready;
        gint32 person = shown(finder, act->actor);
        if (is_review_kind(act) && is_bot(finder, person) && person != finder->author && counts)
            truth->first_bot_review = MIN(truth->first_bot_review, act->at);
        if (!is_review(finder, act))
            continue;
        Voice *voice = voice_of(finder, person);
        if (voice != NULL && !voice->has_reviewed) {
            voice->has_reviewed = TRUE;
            truth->reviewers++;
        }
        if (counts)
            truth->first_review = MIN(truth->first_review, act->at);
    }
}

static void find_comments(Finder *finder)
{
    Truth *truth = finder->truth;
    for (guint i = 0; i < finder->pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > truth->end)
            break;
        if (act->kind != ACT_COMMENT ||
            finder->repository->comments[act->comment].deleted_at <= finder->now)
            continue;
        gint32 person = shown(finder, act->actor);
        if (person == finder->author)
            truth->author_comments++;
        else if (is_bot(finder, person))
            truth->bot_comments++;
        else
            truth->review_comments++;
    }
}

/* The newest approval among those that hold at the end. */
static gint64 last_approval(const Finder *finder)
{
    gint64 last = NEVER;
    for (guint i = 0; i < finder->n_voices; i++) {
        gint64 at = finder->voices[i].approved_at;
        if (at != NEVER && (last == NEVER || at > last))
            last = at;
    }
    return last;
}

static void find_pushes(Finder *finder, const RepositoryPrivate *own, guint index)
{
    Truth *truth = finder->truth;
    gint32 head = own->pulls[index].first_commit;
    gint64 last = last_approval(finder);
    gboolean has_pushed = FALSE;
    for (guint i = 0; i < finder->pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > truth->end)
            break;
        gboolean reviewed = truth->first_review != NEVER && act->at > truth->first_review;
        if (act->kind == ACT_UPDATE && act->commit != head) {
            head = act->commit;
            truth->pushes++;
            has_pushed |= reviewed;
            truth->is_late_change |= last != NEVER && act->at > last;
        } else if (has_pushed && is_review(finder, act)) {
            truth->rounds++;
            has_pushed = FALSE;
        }
    }
}

static void find_size(Finder *finder, const RepositoryPrivate *own, guint index)
{
    Truth *truth = finder->truth;
    g_autofree CompanyFile *files = NULL;
    guint n = company_files_at(finder->repository, own, index, finder->now, &files);
    for (guint i = 0; i < n; i++) {
        guint added = (guint) files[i].lines_added, removed = (guint) files[i].lines_removed;
        if (files[i].is_generated) {
            truth->generated_lines += added + removed;
            continue;
        }
        truth->files_changed++;
        truth->lines_added += added;
        truth->lines_removed += removed;
    }
}

static gint64 first_response(const Finder *finder, gint32 person, gint64 asked)
{
    for (guint i = 0; i < finder->pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > finder->truth->end)
            break;
        if (act->at >= asked && shown(finder, act->actor) == person && is_review(finder, act))
            return act->at;
    }
    return NEVER;
}

static void add_asked(Finder *finder, gint32 person, gint64 at)
{
    Truth *truth = finder->truth;
    if (shown(finder, person) == TRUTH_NOBODY || truth->n_asked == TRUTH_ASKED_MOST)
        return;
    for (guint i = 0; i < truth->n_asked; i++)
        if (truth->asked[i].reviewer == person)
            return;
    TruthAsked *asked = &truth->asked[truth->n_asked++];
    *asked = (TruthAsked){person, NEVER, NEVER};
    if (truth->ready == NEVER)
        return;
    asked->asked = MAX(at, truth->ready);
    asked->responded = first_response(finder, person, asked->asked);
}

static void find_asked(Finder *finder)
{
    const CompanyPull *pull = finder->pull;
    for (guint i = 0; i < pull->n_initial_reviewers; i++)
        add_asked(finder, pull->initial_reviewers[i], pull->opened_at);
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = act_at(finder, i);
        if (act->at > finder->truth->end)
            break;
        if (act->kind == ACT_REVIEWER_ADDED)
            add_asked(finder, act->subject, act->at);
    }
}

void truth_find(const Company *company, const CompanyRepository *repository,
                const RepositoryPrivate *own, guint index, gint64 now, Truth *ret_truth)
{
    const CompanyPull *pull = &repository->pulls[index];
    Finder finder = {.company = company,
                     .repository = repository,
                     .pull = pull,
                     .now = now,
                     .author = truth_shown_person(company, pull->author, now),
                     .truth = ret_truth};
    *ret_truth = (Truth){.end = MIN(pull->closed_at, now)};
    find_ready(&finder);
    find_first_commit(&finder, own, index);
    find_approved(&finder);
    find_reviews(&finder);
    find_comments(&finder);
    find_pushes(&finder, own, index);
    find_size(&finder, own, index);
    find_asked(&finder);
    gboolean is_merged = pull->closed_at <= now && pull->close_kind == ACT_MERGE;
    ret_truth->is_unreviewed = is_merged && ret_truth->reviewers == 0;
    ret_truth->is_self_merged = ret_truth->is_unreviewed &&
                                truth_shown_person(company, pull->closed_by, now) == finder.author;
    ret_truth->is_late_change &= is_merged && ret_truth->approved != NEVER;
}
