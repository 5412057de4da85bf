/*
 * life: one pull request while its life is being made up. Only company_life.c, company_review.c
 * and company_updates.c use this.
 *
 * Things happen one after another at life->at; what happens beside that (a bot's comment, an edit
 * of the title) is put at its own time, and all is sorted at the end.
 */
#pragma once

#include "company_internal.h"

#define LIFE_ACTS_MOST      240
#define LIFE_PUSHES_MOST    40
#define LIFE_REVIEWERS_MOST 10
#define LIFE_TASKS_MOST     8
/* A pull request that nobody has closed by then is forgotten. */
#define LIFE_LONGEST (75 * DAY)

typedef struct {
    gint64 at;
    guint16 kind;
    gint16 comment, push; /* -1 */
    gint32 actor, subject;
} LifeAct;

typedef struct {
    gint32 person;
    gboolean approves; /* as things are now */
    gboolean has_acted;
} LifeReviewer;

typedef struct {
    const Company *company;
    const CompanyRepository *repository;
    RepositoryPrivate *own;
    Making *making;
    Chance chance;
    gint64 at; /* how far it has come */
    CompanyPull pull;
    PullPrivate private;
    LifeReviewer reviewers[LIFE_REVIEWERS_MOST];
    guint n_reviewers;
    gint32 initial_reviewers[LIFE_REVIEWERS_MOST];
    gboolean cast_has_null; /* somebody who will be shown as null takes part */
    gboolean is_draft;
    gboolean holds_approval; /* the approval comes after the rebase before the merge */
    LifeAct acts[LIFE_ACTS_MOST];
    guint n_acts;
    CompanyComment comments[LIFE_ACTS_MOST];
    guint n_comments;
    Push pushes[LIFE_PUSHES_MOST];
    guint n_pushes;
    CompanyTask tasks[LIFE_TASKS_MOST];
    guint n_tasks;
} Life;

void life_act(Life *life, gint64 at, ActKind kind, gint32 actor, gint32 subject);
/* Index of the new comment, -1 when there are too many. @parent: -1. */
gint life_comment(Life *life, gint64 at, gint32 author, gint parent);
/* Commits appear at life->at. */
void life_push(Life *life, gint32 actor, guint n_new, gboolean rewrites, gboolean rebases);
/* When @person gets round to something, in working hours mostly; @median in hours of work. */
gint64 life_later(Life *life, gint32 person, gint64 from, double median, double sigma);
/* Somebody who works in the repository, is not the author and not a reviewer yet; -1. */
gint32 life_pick_person(Life *life);
LifeReviewer *life_add_reviewer(Life *life, gint32 person);
gboolean life_is_over(const Life *life);
/* Ends the life at life->at at the earliest. */
void life_close(Life *life, ActKind kind, gint32 actor);
/* A comment of the build bot within a minute after @after. */
void life_ci_comment(Life *life, gint64 after, double probability);

/* Numbers everything in the order of time and gives it to life->making. */
void life_hand_over(Life *life);

/* company_review.c: rounds of review. FALSE: it stopped before the end. */
gboolean life_review(Life *life);

/* company_updates.c: life of a dependency update that a bot opened. */
void life_live_update(Life *life);
