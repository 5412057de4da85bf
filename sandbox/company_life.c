/* The life of one pull request: opening, draft, fate, closing. */
#include "company_life.h"
#include "company_words.h"

void life_act(Life *life, gint64 at, ActKind kind, gint32 actor, gint32 subject)
{
    if (life->n_acts == LIFE_ACTS_MOST)
        return;
    life->acts[life->n_acts++] = (LifeAct){.at = at,
                                           .kind = (guint16) kind,
                                           .comment = -1,
                                           .push = -1,
                                           .actor = actor,
                                           .subject = subject};
}

gint life_comment(Life *life, gint64 at, gint32 author, gint parent)
{
    /* The last places are kept for what must not be missing, such as the merge. */
    if (life->n_acts >= LIFE_ACTS_MOST - 40)
        return -1;
    Chance *chance = &life->chance;
    gint index = (gint) life->n_comments++;
    CompanyComment *comment = &life->comments[index];
    *comment = (CompanyComment){.author = author,
                                .created_at = at,
                                .edited_at = NEVER,
                                .deleted_at = NEVER,
                                .resolved_at = NEVER,
                                .resolver = -1,
                                .parent = parent,
                                .line_to = -1,
                                .line_from = -1,
                                .text_seed = (guint32) chance_bits(chance)};
    comment->huge = chance_hit(chance, 0.0004);
    if (parent >= 0)
        life->comments[parent].has_replies = TRUE;
    if (chance_hit(chance, 0.04))
        comment->edited_at = at + chance_between(chance, 20 * SECOND, 2 * HOUR);
    if (chance_hit(chance, 0.02))
        comment->deleted_at = at + chance_between(chance, 30 * SECOND, 5 * HOUR);
    life_act(life, at, ACT_COMMENT, author, -1);
    life->acts[life->n_acts - 1].comment = (gint16) index;
    return index;
}

void life_push(Life *life, gint32 actor, guint n_new, gboolean rewrites, gboolean rebases)
{
    if (life->n_pushes == LIFE_PUSHES_MOST || life->n_acts >= LIFE_ACTS_MOST - 10)
        return;
    life_act(life, life->at, ACT_UPDATE, actor, -1);
    life->acts[life->n_acts - 1].push = (gint16) life->n_pushes;
    life->pushes[life->n_pushes++] = (Push){.n_new = (guint16) n_new,
                                            .rewrites = rewrites,
                                            .rebases = rebases,
                                            .redates = rewrites && chance_hit(&life->chance, 0.06)};
    life->private.n_steps = (guint16) (life->private.n_steps + n_new);
}

gint64 life_later(Life *life, gint32 person, gint64 from, double median, double sigma)
{
    const PersonLife *own = &life->company->lives[person];
    double hours = chance_log_normal(&life->chance, median * own->pace, sigma);
    gint64 work = (gint64) (MIN(hours, 160.0) * (double) HOUR) + 40 * SECOND;
    if (chance_hit(&life->chance, 0.07)) /* at night, on a train, on a Sunday */
        return from + MIN(work, 5 * HOUR);
    return calendar_add(&life->company->calendar, &own->hours, from, work);
}

gint32 life_pick_person(Life *life)
{
    const RepositoryPrivate *own = life->own;
    for (guint attempt = 0; attempt < 12; attempt++) {
        gint32 person = (gint32) own->members[chance_skewed(&life->chance, own->n_members, 2)];
        const CompanyPerson *record = &life->company->people[person];
        gboolean is_null = record->left_at != NEVER && record->left_as_null;
        gboolean is_taken = person == life->pull.author;
        for (guint i = 0; i < life->n_reviewers; i++)
            is_taken |= life->reviewers[i].person == person;
        /* Two people shown as null could not be told apart by anybody who reads the API. */
        if (is_taken || (is_null && life->cast_has_null) ||
            !company_person_stays(life->company, person, life->pull.opened_at))
            continue;
        life->cast_has_null |= is_null;
        return person;
    }
    return -1;
}

LifeReviewer *life_add_reviewer(Life *life, gint32 person)
{
    if (person < 0 || life->n_reviewers == LIFE_REVIEWERS_MOST)
        return NULL;
    LifeReviewer *reviewer = &life->reviewers[life->n_reviewers++];
    *reviewer = (LifeReviewer){.person = person};
    return reviewer;
}

gboolean life_is_over(const Life *life)
{
    return life->at > life->pull.opened_at + LIFE_LONGEST;
}

void life_ci_comment(Life *life, gint64 after, double probability)
{
    if (life->own->has_ci_comments && chance_hit(&life->chance, probability))
        life_comment(life, after + chance_between(&life->chance, 8 * SECOND, 55 * SECOND),
                     life->company->ci_bot, -1);
}

/* ---- opening -------------------------------------------------------------------------------- */

static const char *keep(Life *life, char *text)
{
    const char *kept = g_string_chunk_insert(life->own->text, text);
    g_free(text);
    return kept;
}

static void name_pull(Life *life)
{
    CompanyPull *pull = &life->pull;
    const CompanyProject *project = &life->company->projects[life->repository->project];
    g_autofree char *change = words_change(&life->chance);
    g_autofree char *part = words_branch_part(change);
    if (chance_hit(&life->chance, 0.86)) {
        pull->jira_key = keep(
            life, g_strdup_printf("%s-%" G_GINT64_FORMAT, project->key, pull->number * 3 + 100));
        pull->title = keep(life, g_strdup_printf("%s %s", pull->jira_key, change));
        pull->source_branch = keep(life, g_strdup_printf("feature/%s-%s", pull->jira_key, part));
        return;
    }
    pull->title = keep(life, g_strdup(change));
    pull->source_branch =
        keep(life, g_strdup_printf("fix/%s-%" G_GINT64_FORMAT, part, pull->number));
}

static void name_update(Life *life)
{
    Chance *chance = &life->chance;
    const char *name = words_dependency(chance);
    guint major = 1 + chance_below(chance, 9), minor = chance_below(chance, 30);
    life->pull.title = keep(life, g_strdup_printf("Update %s from %u.%u to %u.%u", name, major,
                                                  minor, major, minor + 1));
    life->pull.source_branch =
        keep(life, g_strdup_printf("updates/%s-%u.%u-%" G_GINT64_FORMAT, name, major, minor + 1,
                                   life->pull.number));
}

static void pick_destination(Life *life)
{
    const GArray *branches = life->own->long_branches;
    life->private.long_branch = 0;
    if (branches->len > 1 && chance_hit(&life->chance, 0.05))
        for (guint i = branches->len - 1; i > 0; i--) {
            const LongBranch *branch = &g_array_index(branches, LongBranch, i);
            if (branch->cut_at < life->private.branched_at - HOUR) {
                life->private.long_branch = (gint16) i;
                break;
            }
        }
    life->pull.destination_branch =
        g_array_index(branches, LongBranch, life->private.long_branch).name;
}

static void pick_strategy(Life *life)
{
    double x = chance_unit(&life->chance);
    const RepositoryPrivate *own = life->own;
    life->pull.strategy = x < own->squash_share                             ? MERGE_SQUASH
                          : x < own->squash_share + own->fast_forward_share ? MERGE_FAST_FORWARD
                                                                            : MERGE_COMMIT;
}

static void begin(Life *life, const Opening *opening, gint64 number)
{
    Chance *chance = &life->chance;
    life->pull = (CompanyPull){.number = number,
                               .author = opening->author,
                               .opened_at = opening->at,
                               .closed_at = NEVER,
                               .closed_by = -1,
                               .branch_deleted_at = NEVER,
                               .merge_commit = -1,
                               .destination_commit = -1};
    life->at = opening->at;
    gboolean is_update = opening->author == life->company->update_bot;
    double coding = is_update ? 0.01 : chance_log_normal(chance, 16, 1.5);
    gint64 branched_at = opening->at - 90 * SECOND - (gint64) (MIN(coding, 700.0) * (double) HOUR);
    life->private = (PullPrivate){.branched_at = MAX(branched_at, life->own->starts_at + HOUR),
                                  .first_commit = -1,
                                  .seed = chance_bits(chance)};
    life->private.pushed_at = MAX(life->private.branched_at + SECOND,
                                  opening->at - chance_between(chance, 5 * SECOND, 80 * SECOND));
    pick_destination(life);
    pick_strategy(life);
    if (is_update)
        name_update(life);
    else
        name_pull(life);
    life->pull.from_fork = !is_update && chance_hit(chance, 0.012);
    life->pull.close_source_branch = chance_hit(chance, 0.87);
    life->at = opening->at + chance_between(chance, 20000, 90000);
    life_push(life, opening->author, 1 + chance_run(chance, is_update ? 0.03 : 0.45, 14), FALSE,
              FALSE);
}

static void ask_reviewers(Life *life)
{
    static const guint8 counts[] = {0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 1};
    guint n = counts[chance_below(&life->chance, G_N_ELEMENTS(counts))];
    for (guint i = 0; i < n; i++)
        life_add_reviewer(life, life_pick_person(life));
    for (guint i = 0; i < life->n_reviewers; i++)
        life->initial_reviewers[i] = life->reviewers[i].person;
    life->pull.n_initial_reviewers = life->n_reviewers;
}

/* ---- draft ---------------------------------------------------------------------------------- */

/* FALSE: a draft for ever. */
static gboolean pass_draft(Life *life)
{
    Chance *chance = &life->chance;
    gint32 author = life->pull.author;
    life->is_draft = TRUE;
    if (chance_hit(chance, 0.6)) {
        life->at = life_later(life, author, life->at, 4, 1);
        life_push(life, author, 1 + chance_run(chance, 0.3, 4), chance_hit(chance, 0.15), FALSE);
    }
    if (life->n_reviewers > 0 && chance_hit(chance, 0.12)) { /* an early look */
        life->at = life_later(life, life->reviewers[0].person, life->at, 2, 1);
        life_comment(life, life->at, life->reviewers[0].person, -1);
    }
    life->at = life_later(life, author, life->at, 5, 1.1);
    if (chance_hit(chance, 0.04) || life_is_over(life))
        return FALSE;
    life_act(life, life->at, ACT_READY, author, -1);
    if (chance_hit(chance, 0.12)) {
        life->at = life_later(life, author, life->at, 0.5, 0.8);
        life_act(life, life->at, ACT_DRAFT, author, -1);
        life->at = life_later(life, author, life->at, 6, 0.9);
        life_act(life, life->at, ACT_READY, author, -1);
    }
    life->is_draft = FALSE;
    return TRUE;
}

/* ---- closing -------------------------------------------------------------------------------- */

static void remove_branch(Life *life)
{
    CompanyPull *pull = &life->pull;
    Chance *chance = &life->chance;
    if (pull->close_kind == ACT_MERGE && pull->close_source_branch)
        pull->branch_deleted_at = pull->closed_at + chance_between(chance, SECOND, 3 * SECOND);
    else if (chance_hit(chance, pull->close_kind == ACT_DECLINE ? 0.25 : 0.6))
        pull->branch_deleted_at = pull->closed_at + chance_between(chance, MINUTE, 20 * DAY);
}

/* Who wants a fast-forward has to rebase first, unless nothing else was merged meanwhile: then
 * company_graph.c takes the push out again. Careful teams approve only then. */
static void rebase(Life *life, gint32 merger)
{
    Chance *chance = &life->chance;
    gint32 approver = life->n_reviewers > 0 ? life->reviewers[0].person : merger;
    life_push(life, life->pull.author, 0, TRUE, TRUE);
    life->pushes[life->n_pushes - 1].redates = FALSE;
    life->at += chance_between(chance, 15 * SECOND, 40 * SECOND);
    if (!life->holds_approval || approver == life->pull.author)
        return;
    life->at += chance_between(chance, MINUTE, 6 * MINUTE);
    life_act(life, life->at, ACT_APPROVE, approver, -1);
    life->at += chance_between(chance, 5 * SECOND, 50 * SECOND);
}

void life_close(Life *life, ActKind kind, gint32 actor)
{
    CompanyPull *pull = &life->pull;
    Chance *chance = &life->chance;
    if (life_is_over(life))
        return;
    life->at += chance_between(chance, 70 * SECOND, 200 * SECOND);
    if (kind == ACT_MERGE && pull->strategy == MERGE_FAST_FORWARD)
        rebase(life, actor);
    pull->closed_at = life->at;
    pull->close_kind = kind;
    pull->closed_by = actor;
    if (kind != ACT_MERGE)
        pull->strategy = MERGE_NONE;
    life_act(life, life->at, kind, actor, -1);
    remove_branch(life);
    if (chance_hit(chance, 0.03) && life->n_reviewers > 0)
        life_comment(life, life_later(life, life->reviewers[0].person, life->at, 2, 1),
                     life->reviewers[0].person, -1);
}

static void merge_unreviewed(Life *life)
{
    gint32 actor = life->pull.author;
    life->holds_approval = FALSE;
    life->at = life_later(life, actor, life->at, 0.7, 1.4);
    if (chance_hit(&life->chance, 0.25)) {
        gint32 other = life_pick_person(life);
        if (other >= 0)
            actor = other;
    }
    life_close(life, ACT_MERGE, actor);
}

static void give_up(Life *life, ActKind kind)
{
    gint32 author = life->pull.author;
    if (chance_hit(&life->chance, 0.4) && !life_review(life))
        return;
    life->at = life_later(life, author, life->at, 30, 1.2);
    life_close(life, kind, author);
}

/* ---- beside everything else ----------------------------------------------------------------- */

static void edit_beside(Life *life)
{
    Chance *chance = &life->chance;
    gint64 first = life->pull.opened_at + MINUTE, last = life->at - SECOND;
    if (last <= first || life->pull.author == life->company->update_bot)
        return;
    if (chance_hit(chance, 0.1)) {
        life->pull.edited_title =
            keep(life, g_strdup_printf("%s (%s)", life->pull.title,
                                       chance_hit(chance, 0.5) ? "part 1" : "second try"));
        life_act(life, chance_between(chance, first, MIN(last, first + 2 * DAY)), ACT_EDIT_TITLE,
                 life->pull.author, -1);
    }
    if (chance_hit(chance, 0.01))
        life_act(life, chance_between(chance, first, last), ACT_EMPTY, -1, -1);
}

/* ---- handing over --------------------------------------------------------------------------- */

static void sort_acts(Life *life)
{
    LifeAct *acts = life->acts;
    for (guint i = 1; i < life->n_acts; i++) {
        LifeAct act = acts[i];
        guint j = i;
        for (; j > 0 && acts[j - 1].at > act.at; j--)
            acts[j] = acts[j - 1];
        acts[j] = act;
    }
    for (guint i = 1; i < life->n_acts; i++)
        if (acts[i].at <= acts[i - 1].at)
            acts[i].at = acts[i - 1].at + 1;
}

static void hand_over_act(Life *life, const LifeAct *act, guint32 pull, guint first_comment)
{
    Making *making = life->making;
    if (act->push >= 0) {
        Push push = life->pushes[act->push];
        push.at = act->at;
        push.pull = pull;
        push.act = making->acts->len;
        g_array_append_val(making->pushes, push);
    }
    if (act->comment >= 0)
        life->comments[act->comment].created_at = act->at;
    if (act->kind == (guint16) life->pull.close_kind && life->pull.closed_at != NEVER)
        life->pull.closed_at = act->at;
    CompanyAct record = {.at = act->at,
                         .pull = pull,
                         .kind = act->kind,
                         .actor = act->actor,
                         .subject = act->subject,
                         .comment = act->comment < 0 ? -1 : (gint32) first_comment + act->comment,
                         .commit = -1};
    g_array_append_val(making->acts, record);
}

void life_hand_over(Life *life)
{
    Making *making = life->making;
    guint32 pull = making->pulls->len;
    guint first_comment = making->comments->len;
    ActSpan span = {making->acts->len, life->n_acts};
    sort_acts(life);
    for (guint i = 0; i < life->n_acts; i++)
        hand_over_act(life, &life->acts[i], pull, first_comment);
    for (guint i = 0; i < life->n_comments; i++) {
        CompanyComment *comment = &life->comments[i];
        comment->pull = pull;
        if (comment->parent >= 0)
            comment->parent += (gint32) first_comment;
        g_array_append_val(making->comments, *comment);
    }
    for (guint i = 0; i < life->n_tasks; i++) {
        CompanyTask *task = &life->tasks[i];
        task->pull = pull;
        if (task->comment >= 0)
            task->comment += (gint32) first_comment;
        g_array_append_val(making->tasks, *task);
    }
    life->pull.initial_reviewers =
        g_memdup2(life->initial_reviewers,
                  life->pull.n_initial_reviewers * sizeof life->initial_reviewers[0]);
    g_array_append_val(making->pulls, life->pull);
    g_array_append_val(making->privates, life->private);
    g_array_append_val(making->spans, span);
}

static void live_as_human(Life *life)
{
    Chance *chance = &life->chance;
    ask_reviewers(life);
    life_ci_comment(life, life->at, 0.85);
    life->pull.opened_as_draft = chance_hit(chance, 0.15);
    if (life->pull.opened_as_draft && !pass_draft(life))
        return;
    life->holds_approval = life->pull.strategy == MERGE_FAST_FORWARD && chance_hit(chance, 0.7);
    double fate = chance_unit(chance);
    if (fate < 0.012) /* nobody ever looks at it */
        return;
    if (fate < 0.065) {
        merge_unreviewed(life);
    } else if (fate < 0.123) {
        give_up(life, ACT_DECLINE);
    } else if (fate < 0.130) {
        give_up(life, ACT_SUPERSEDE);
    } else if (life_review(life)) {
        gint32 actor = life->pull.author;
        if (life->n_reviewers > 0 && chance_hit(chance, 0.25))
            actor = life->reviewers[chance_below(chance, life->n_reviewers)].person;
        life->at = life_later(life, actor, life->at, 1.1, 1.3);
        life_close(life, ACT_MERGE, actor);
    }
}

void company_live(const Company *company, const CompanyRepository *repository,
                  RepositoryPrivate *own, Making *making, const Opening *opening, gint64 number)
{
    Life life;
    life.company = company;
    life.repository = repository;
    life.own = own;
    life.making = making;
    life.n_acts = life.n_comments = life.n_pushes = life.n_tasks = life.n_reviewers = 0;
    life.cast_has_null = life.is_draft = life.holds_approval = FALSE;
    chance_init(&life.chance, own->seed, SUBJECT_LIFE, (guint64) number, 0);
    begin(&life, opening, number);
    if (opening->author == company->update_bot)
        life_live_update(&life);
    else
        live_as_human(&life);
    edit_beside(&life);
    life_hand_over(&life);
}
