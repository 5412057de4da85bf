/* Dependency updates: opened by an app at night, often merged with few words. */
#include "company_life.h"

static void approve_and_merge(Life *life, gboolean with_review)
{
    gint32 person = life_pick_person(life);
    if (person < 0)
        return;
    life->at = life_later(life, person, life->at, 5, 1.2);
    if (with_review) {
        if (chance_hit(&life->chance, 0.3))
            life_comment(life, life->at, person, -1);
        life->at += chance_between(&life->chance, 5 * SECOND, 4 * MINUTE);
        life_act(life, life->at, ACT_APPROVE, person, -1);
    }
    life_close(life, ACT_MERGE, person);
}

void life_live_update(Life *life)
{
    Chance *chance = &life->chance;
    gint32 bot = life->pull.author;
    if (chance_hit(chance, 0.3)) {
        LifeReviewer *asked = life_add_reviewer(life, life_pick_person(life));
        if (asked != NULL) {
            life->initial_reviewers[0] = asked->person;
            life->pull.n_initial_reviewers = 1;
        }
    }
    life_ci_comment(life, life->at, 0.9);
    if (chance_hit(chance, 0.2)) {
        life->at += chance_between(chance, 6 * HOUR, 60 * HOUR);
        life_push(life, bot, 0, TRUE, TRUE);
    }
    double fate = chance_unit(chance);
    if (fate < 0.72) {
        approve_and_merge(life, fate < 0.55);
    } else if (fate < 0.97) {
        life->at += chance_between(chance, 3 * DAY, 16 * DAY);
        life_close(life, chance_hit(chance, 0.3) ? ACT_SUPERSEDE : ACT_DECLINE, bot);
    }
}
