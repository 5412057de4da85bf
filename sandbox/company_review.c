/* Rounds of review: comments, verdicts, answers, pushes, until it is approved or given up. */
#include "company_life.h"

typedef struct {
    gboolean is_last;
    guint opened; /* comments waiting for an answer */
    gint open[12];
    gint64 latest;
} Round;

static void place_inline(Life *life, gint index)
{
    Chance *chance = &life->chance;
    CompanyComment *comment = &life->comments[index];
    if (!chance_hit(chance, 0.7))
        return;
    gint32 line = 1 + (gint32) chance_below(chance, 120);
    if (chance_hit(chance, 0.9))
        comment->line_to = line;
    else
        comment->line_from = line;
}

static void add_task(Life *life, gint comment, gint64 at)
{
    if (life->n_tasks == LIFE_TASKS_MOST)
        return;
    Chance *chance = &life->chance;
    gint32 author = life->pull.author;
    gboolean is_done = chance_hit(chance, 0.85);
    life->tasks[life->n_tasks++] =
        (CompanyTask){.creator = life->comments[comment].author,
                      .resolver = is_done ? author : -1,
                      .comment = comment,
                      .created_at = at + chance_between(chance, SECOND, 9 * SECOND),
                      .resolved_at = is_done ? life_later(life, author, at + MINUTE, 4, 1) : NEVER};
}

/* Remarks of one reviewer, some minutes apart. Returns when the last was made. */
static gint64 remark(Life *life, Round *round, gint32 person, gint64 at, guint n)
{
    Chance *chance = &life->chance;
    for (guint i = 0; i < n; i++) {
        gint index = life_comment(life, at, person, -1);
        if (index < 0)
            return at;
        place_inline(life, index);
        if (chance_hit(chance, 0.03))
            add_task(life, index, at);
        if (round->opened < G_N_ELEMENTS(round->open))
            round->open[round->opened++] = index;
        at += (gint64) (chance_log_normal(chance, 3, 0.9) * (double) MINUTE) + SECOND;
    }
    return at;
}

static void approve(Life *life, LifeReviewer *reviewer, gint64 at)
{
    if (reviewer->approves || life->holds_approval)
        return;
    life_act(life, at, ACT_APPROVE, reviewer->person, -1);
    reviewer->approves = TRUE;
}

/* One reviewer's part of a round. */
static void take_part(Life *life, Round *round, LifeReviewer *reviewer, gboolean must_approve)
{
    Chance *chance = &life->chance;
    gboolean is_first = !reviewer->has_acted;
    gint64 at = life_later(life, reviewer->person, life->at, is_first ? 2.6 : 1.4, 1.3);
    guint n = chance_run(chance, is_first ? 0.66 : 0.45, 14);
    if (life->holds_approval)
        n = MAX(n, 1);
    reviewer->has_acted = TRUE;
    double verdict = chance_unit(chance);
    if (must_approve || (round->is_last && verdict < 0.55)) {
        at = remark(life, round, reviewer->person, at, n);
        approve(life, reviewer, at);
    } else if (!round->is_last && verdict < 0.4) {
        at = remark(life, round, reviewer->person, at, MAX(n, 1));
        life_act(life, at, ACT_REQUEST_CHANGES, reviewer->person, -1);
        reviewer->approves = FALSE;
    } else if (!round->is_last && verdict < 0.5) {
        at = remark(life, round, reviewer->person, at, n);
        approve(life, reviewer, at);
    } else {
        at = remark(life, round, reviewer->person, at, MAX(n, 1));
    }
    round->latest = MAX(round->latest, at);
}

/* The author's answers; a thread is resolved now and then. */
static void answer(Life *life, const Round *round)
{
    Chance *chance = &life->chance;
    gint32 author = life->pull.author;
    for (guint i = 0; i < round->opened; i++) {
        gint comment = round->open[i];
        if (chance_hit(chance, 0.55)) {
            life->at += chance_between(chance, 20 * SECOND, 9 * MINUTE);
            gint reply = life_comment(life, life->at, author, comment);
            if (reply >= 0 && chance_hit(chance, 0.12))
                life_comment(life, life->at + chance_between(chance, MINUTE, 40 * MINUTE),
                             life->comments[comment].author, reply);
        }
        if (chance_hit(chance, 0.25)) {
            life->comments[comment].resolved_at =
                life->at + chance_between(chance, MINUTE, 5 * HOUR);
            life->comments[comment].resolver =
                chance_hit(chance, 0.7) ? author : life->comments[comment].author;
        }
    }
}

static void push_round(Life *life)
{
    Chance *chance = &life->chance;
    guint pushes = 1 + chance_run(chance, 0.25, 3);
    for (guint i = 0; i < pushes; i++) {
        gboolean rewrites = chance_hit(chance, 0.12);
        life->at = life_later(life, life->pull.author, life->at, i == 0 ? 1.6 : 0.4, 1.2);
        guint n_new = rewrites ? chance_below(chance, 2) : 1 + chance_run(chance, 0.25, 4);
        life_push(life, life->pull.author, n_new, rewrites, rewrites && chance_hit(chance, 0.5));
        life_ci_comment(life, life->at, 0.5);
    }
}

/* Things that change who reviews. */
static void change_reviewers(Life *life, gboolean is_first_round)
{
    Chance *chance = &life->chance;
    gint64 at = life->at + chance_between(chance, 2 * SECOND, 25 * MINUTE);
    if (chance_hit(chance, is_first_round ? 0.08 : 0.1)) {
        LifeReviewer *added = life_add_reviewer(life, life_pick_person(life));
        if (added != NULL)
            life_act(life, at, ACT_REVIEWER_ADDED, life->pull.author, added->person);
    }
    if (life->n_reviewers > 1 && chance_hit(chance, 0.03)) {
        LifeReviewer *last = &life->reviewers[life->n_reviewers - 1];
        if (last->has_acted)
            return;
        life_act(life, at + MINUTE, ACT_REVIEWER_REMOVED, life->pull.author, last->person);
        life->n_reviewers--;
    }
}

/* Somebody who was not asked says something, or even approves. */
static void bystander(Life *life, Round *round)
{
    gint32 person = life_pick_person(life);
    if (person < 0)
        return;
    gint64 at = life_later(life, person, life->at, 3, 1);
    at = remark(life, round, person, at, 1);
    if (round->is_last && chance_hit(&life->chance, 0.2))
        life_act(life, at, ACT_APPROVE, person, -1);
    round->latest = MAX(round->latest, at);
}

static void scan(Life *life)
{
    if (!chance_hit(&life->chance, 0.01))
        return;
    gint64 at = life->at + chance_between(&life->chance, MINUTE, 9 * MINUTE);
    life_act(life, at, ACT_APPROVE, life->company->scan_bot, -1);
    life->at = at + SECOND;
}

static void play_round(Life *life, gboolean is_first, gboolean is_last)
{
    Chance *chance = &life->chance;
    Round round = {.is_last = is_last, .latest = life->at};
    change_reviewers(life, is_first);
    if (life->n_reviewers == 0)
        life_add_reviewer(life, life_pick_person(life));
    guint acting = 0;
    for (guint i = 0; i < life->n_reviewers; i++) {
        LifeReviewer *reviewer = &life->reviewers[i];
        if (acting > 0 && !chance_hit(chance, acting == 1 ? 0.45 : 0.25))
            continue;
        gboolean must_approve = is_last && acting == 0 && chance_hit(chance, 0.95);
        take_part(life, &round, reviewer, must_approve);
        acting++;
    }
    if (chance_hit(chance, 0.09))
        bystander(life, &round);
    life->at = round.latest;
    if (round.opened > 0) {
        life->at = life_later(life, life->pull.author, life->at, 0.6, 1);
        answer(life, &round);
    }
}

/* After the approval: withdrawn, turned around, or one more push. */
static void waver(Life *life)
{
    Chance *chance = &life->chance;
    for (guint i = 0; i < life->n_reviewers; i++) {
        LifeReviewer *reviewer = &life->reviewers[i];
        if (!reviewer->approves || !chance_hit(chance, 0.035))
            continue;
        life->at = life_later(life, reviewer->person, life->at, 0.6, 1);
        reviewer->approves = FALSE;
        gboolean withdraws = chance_hit(chance, 0.6);
        if (withdraws)
            life_act(life, life->at, ACT_WITHDRAW_APPROVAL, reviewer->person, -1);
        else
            life_act(life, life->at, ACT_REQUEST_CHANGES, reviewer->person, -1);
        if (!withdraws || chance_hit(chance, 0.5)) {
            life->at = life_later(life, reviewer->person, life->at, 1.5, 1);
            approve(life, reviewer, life->at);
        }
        break;
    }
    if (chance_hit(chance, 0.08)) {
        life->at = life_later(life, life->pull.author, life->at, 0.6, 1.1);
        life_push(life, life->pull.author, 1, chance_hit(chance, 0.1), FALSE);
        life_ci_comment(life, life->at, 0.5);
    }
}

gboolean life_review(Life *life)
{
    Chance *chance = &life->chance;
    guint rounds = 1 + chance_run(chance, 0.4, 7);
    scan(life);
    for (guint i = 0; i < rounds; i++) {
        play_round(life, i == 0, i + 1 == rounds);
        if (chance_hit(chance, 0.008) || life_is_over(life)) /* it lies there for ever */
            return FALSE;
        if (i + 1 < rounds)
            push_round(life);
    }
    waver(life);
    return !life_is_over(life) && !chance_hit(chance, 0.006);
}
