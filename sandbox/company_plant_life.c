/* The life of a planned pull request, span by span. */
#include "company_life.h"
#include "company_plant.h"
#include "company_words.h"

/* Between two who approve. */
#define BETWEEN_APPROVALS (3 * MINUTE)

static const char *keep(Life *life, char *text)
{
    const char *kept = g_string_chunk_insert(life->own->text, text);
    g_free(text);
    return kept;
}

static void name_it(Life *life, const PlannedPull *planned)
{
    CompanyPull *pull = &life->pull;
    const CompanyProject *project = &life->company->projects[life->repository->project];
    g_autofree char *change = words_change(&life->chance);
    g_autofree char *part = words_branch_part(change);
    if ((planned->flags & PLANT_WITHOUT_KEY) != 0) {
        pull->title = keep(life, g_strdup(change));
        pull->source_branch =
            keep(life, g_strdup_printf("fix/%s-%" G_GINT64_FORMAT, part, pull->number));
        return;
    }
    pull->jira_key =
        keep(life, g_strdup_printf("%s-%" G_GINT64_FORMAT, project->key, pull->number * 3 + 100));
    pull->title = keep(life, g_strdup_printf("%s %s", pull->jira_key, change));
    pull->source_branch = keep(life, g_strdup_printf("feature/%s-%s", pull->jira_key, part));
}

static void begin(Life *life, const PlannedPull *planned)
{
    gboolean deletes = (planned->flags & PLANT_KEEPS_BRANCH) == 0;
    life->pull =
        (CompanyPull){.number = planned->number,
                      .author = planned->author,
                      .opened_as_draft = (planned->flags & PLANT_DRAFT) != 0,
                      .opened_at = planned->at,
                      .closed_at = NEVER,
                      .closed_by = -1,
                      .close_source_branch = deletes,
                      .branch_deleted_at = NEVER,
                      .strategy = chance_hit(&life->chance, 0.5) ? MERGE_SQUASH : MERGE_COMMIT,
                      .merge_commit = -1,
                      .destination_commit = -1};
    if (planned->files == FILES_FOLDER)
        life->pull.strategy = MERGE_COMMIT; /* each of its commits comes to main */
    life->private = (PullPrivate){.branched_at = planned->at - planned->coding,
                                  .pushed_at = planned->at - 30 * SECOND,
                                  .first_commit = -1,
                                  .seed = chance_bits(&life->chance),
                                  .planned = planned};
    life->pull.destination_branch = g_array_index(life->own->long_branches, LongBranch, 0).name;
    name_it(life, planned);
    if ((planned->flags & PLANT_UNASKED) == 0) {
        for (guint i = 0; i < planned->n_reviewers; i++)
            life->initial_reviewers[i] = planned->reviewers[i];
        life->pull.n_initial_reviewers = planned->n_reviewers;
    }
    life->at = planned->at + 30 * SECOND / 1000;
    life_push(life, planned->author, 2, FALSE, FALSE);
    life_ci_comment(life, planned->at, 0.85);
}

/* A comment that is neither edited nor deleted. */
static gint say(Life *life, gint64 at, gint32 person, gint parent, gboolean is_inline)
{
    gint index = life_comment(life, at, person, parent);
    CompanyComment *comment = &life->comments[index];
    comment->edited_at = comment->deleted_at = NEVER;
    comment->huge = FALSE;
    if (is_inline)
        comment->line_to = 1 + (gint32) chance_below(&life->chance, 40);
    return index;
}

static void set_task(Life *life, gint comment, gint64 at, gint32 resolver, gint64 resolved_at)
{
    life->tasks[life->n_tasks++] = (CompanyTask){.creator = life->comments[comment].author,
                                                 .resolver = resolver,
                                                 .comment = comment,
                                                 .created_at = at,
                                                 .resolved_at = resolved_at};
}

static void push_again(Life *life, gint32 person, gint64 at)
{
    life->at = at;
    life_push(life, person, 1, FALSE, FALSE);
    life_ci_comment(life, at, 0.5);
}

/* Index of the first reviewer's comment. */
static gint review_first(Life *life, const PlannedPull *planned, gint64 at)
{
    gint32 reviewer = planned->reviewers[0];
    gboolean is_inline = (planned->flags & PLANT_GENERAL) == 0;
    gint comment = say(life, at, reviewer, -1, is_inline);
    gint64 answered = planned->answer == NEVER ? NEVER : at + planned->answer;
    if ((planned->flags & PLANT_CHANGES) != 0)
        life_act(life, at + 20 * SECOND, ACT_REQUEST_CHANGES, reviewer, -1);
    if ((planned->flags & PLANT_TASK) != 0)
        set_task(life, comment, at + 2 * SECOND, planned->author, answered);
    if ((planned->flags & PLANT_TASK_STAYS) != 0)
        set_task(life, comment, at + 2 * SECOND, -1, NEVER);
    return comment;
}

/* The author answers and pushes, once or again after each further remark. */
static void answer(Life *life, const PlannedPull *planned, gint comment, gint64 reviewed)
{
    gint32 author = planned->author;
    gint64 at = reviewed + planned->answer;
    say(life, at, author, comment, FALSE);
    life->comments[comment].resolved_at = at + 30 * SECOND;
    life->comments[comment].resolver = author;
    if ((planned->flags & PLANT_REPLY_ONLY) != 0)
        return;
    push_again(life, author, at + MINUTE);
    for (guint round = 2; round <= planned->rounds; round++) {
        gint64 begins = reviewed + (round - 1) * planned->answer;
        say(life, begins + planned->answer / 2, planned->reviewers[0], -1, FALSE);
        push_again(life, author, begins + planned->answer);
    }
    if (planned->rounds > 1)
        say(life, reviewed + planned->rounds * planned->answer + planned->answer / 2,
            planned->reviewers[0], -1, FALSE);
}

static void approve(Life *life, const PlannedPull *planned, gint64 at)
{
    for (guint i = 0; i < planned->n_approvals; i++)
        life_act(life, at - i * BETWEEN_APPROVALS, ACT_APPROVE, planned->reviewers[i], -1);
    if ((planned->flags & PLANT_AUTHOR_APPROVES) != 0)
        life_act(life, at, ACT_APPROVE, planned->author, -1);
}

static void close_it(Life *life, const PlannedPull *planned, ActKind kind)
{
    CompanyPull *pull = &life->pull;
    pull->closed_at = plan_closed_at(planned);
    pull->close_kind = kind;
    pull->closed_by = planned->author;
    if (kind != ACT_MERGE)
        pull->strategy = MERGE_NONE;
    pull->branch_deleted_at = (planned->flags & PLANT_KEEPS_BRANCH) != 0
                                  ? planned->branch_deleted_at
                                  : pull->closed_at + 2 * SECOND;
    life_act(life, pull->closed_at, kind, planned->author, -1);
}

static void live(Life *life, const PlannedPull *planned)
{
    gint64 reviewed = plan_reviewed_at(planned), approved = plan_approved_at(planned);
    gboolean speaks = (planned->flags & PLANT_SILENT) == 0;
    if (reviewed != NEVER && speaks) {
        gint comment = review_first(life, planned, reviewed);
        if (planned->answer != NEVER)
            answer(life, planned, comment, reviewed);
    }
    if (approved != NEVER)
        approve(life, planned, approved);
    if (approved != NEVER && planned->merge != NEVER && (planned->flags & PLANT_PUSH_LATE) != 0)
        push_again(life, planned->author, approved + planned->merge / 2);
    if ((planned->flags & PLANT_DECLINED) != 0)
        close_it(life, planned, ACT_DECLINE);
    else if (plan_closed_at(planned) != NEVER)
        close_it(life, planned, ACT_MERGE);
}

void company_live_planned(const Company *company, const CompanyRepository *repository,
                          RepositoryPrivate *own, Making *making, const PlannedPull *planned)
{
    Life life;
    life.company = company;
    life.repository = repository;
    life.own = own;
    life.making = making;
    life.n_acts = life.n_comments = life.n_pushes = life.n_tasks = life.n_reviewers = 0;
    life.cast_has_null = life.is_draft = life.holds_approval = FALSE;
    chance_init(&life.chance, own->seed, SUBJECT_LIFE, (guint64) planned->number, 0);
    begin(&life, planned);
    live(&life, planned);
    life_hand_over(&life);
}
