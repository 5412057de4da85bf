/*
 * facts: what one pull request's rows say, as numbers. Pure functions; docs/metrics.md has every
 * definition in words.
 */
#pragma once

#include "measure/measure.h"
#include "measure/teams.h"

/* Who does not count as a human reviewer. Everybody else does, also accounts that are gone. */
typedef struct PeopleRoles PeopleRoles;
/* @deleted_person: stands for all accounts that are gone. */
PeopleRoles *people_roles_new(gint64 deleted_person);
gint64 people_roles_deleted(const PeopleRoles *roles);
void people_roles_free(PeopleRoles *roles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PeopleRoles, people_roles_free)
void people_roles_add(PeopleRoles *roles, gint64 person_id, gboolean is_bot, gboolean is_excluded);
gboolean people_roles_is_bot(const PeopleRoles *roles, gint64 person_id);
gboolean people_roles_is_excluded(const PeopleRoles *roles, gint64 person_id);

/* ---- what the events say (events.c) */

typedef struct {
    gint64 person_id;
    gboolean is_author, is_bot, is_excluded;
    gboolean is_reviewer;                        /* in the list as last seen */
    UtcTime asked, responded;                    /* absent: was not asked, has not responded */
    UtcTime first_review;                        /* any time until closed; absent: none */
    gint64 comments, approvals, change_requests; /* until closed; deleted comments left out */
    /* while replaying */
    ParticipantState listed;
    gboolean is_listed;
    PrEventKind last_word; /* 0: none */
    UtcTime last_word_at;
    gsize void_from; /* approvals from this event on were withdrawn unseen */
    UtcTime first_added;
    gboolean removed_before_added;
    UtcTime approved_at, changes_requested_at; /* standing; absent: none */
} PrPerson;

typedef struct {
    UtcTime opened, ready, closed; /* closed: G_MAXINT64 while open */
    UtcTime merged, declined;
    gint64 closed_by_id; /* COUNT_ABSENT: not told */
    gboolean is_merged_estimated;
    UtcTime first_review, first_bot_review, approved, last_valid_approval, last_push, last_activity;
    gint64 rounds, pushes, review_comments, author_comments, bot_comments, reviewers, approvals;
    gboolean is_reviewed; /* any time until closed */
    const char *waiting_on;
    UtcTime waiting_since;
    GArray *people; /* PrPerson, in order of appearance */
} PrHistory;

typedef struct ApprovalBook ApprovalBook; /* approvals.h */
/* @book: the policies that say when a pull request is approved. NULL: one approval. */
void pr_history_replay(PrHistory *history, const StorePullRequest *row, const PeopleRoles *roles,
                       const ApprovalBook *book);
/* Gives a row whose activity has not been read the events that its list of participants stands for.
 * They live as long as the array. */
GArray *pr_events_from_participants(StorePullRequest *row) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the event says what the source was: one that differs from the one before is a push. */
gboolean pr_event_tells_source(const StoreEvent *event);
void pr_history_clear(PrHistory *history);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PrHistory, pr_history_clear)

/* ---- spans between instants (phases.c) */

typedef enum {
    PHASE_CODING,
    PHASE_PICKUP,
    PHASE_REVIEW,
    PHASE_MERGE,
    PHASE_CYCLE,
    PHASE_TO_MERGE,
    PHASE_DRAFT,      /* opened until ready, of those that were drafts */
    PHASE_BOT_PICKUP, /* ready until the first bot's review */
    PHASE_DEPLOY,     /* merged until released */
    PHASE_LEAD,       /* first commit until released */
    PHASE_COUNT
} Phase;

typedef struct {
    UtcTime from, until; /* both absent when the phase is; from > until: clamps to zero */
} PhaseSpan;

/* Where each phase begins and ends; only instants of @fact are looked at. */
PhaseSpan phase_span(const FactPr *fact, Phase phase);
/* Wall time of a span: absent, or at least 0. */
Duration phase_length(PhaseSpan span);

/* ---- all together */

/* Fills @ret_fact (destination_branch is borrowed from @row) and appends a FactReview per person
 * other than the author who was asked or took part. Working time is that of the author's team at
 * the opening, so that phases add up; of a turnaround that of the reviewer's team when asked. */
void facts_compute(const StorePullRequest *row, const PeopleRoles *roles, const Teams *teams,
                   const ApprovalBook *book, FactPr *ret_fact, GArray *reviews);
