/* One repository: how large it is and what it is like, and its making from beginning to end. */
#include "company_plant.h"
#include "company_words.h"

static void take_members(RepositoryPrivate *own, const CompanyPlan *plan)
{
    own->n_members = PLANT_MEMBERS;
    own->members = g_memdup2(plan->repositories[own->index].members, PLANT_MEMBERS * sizeof(guint));
}

static void pick_members(Company *company, RepositoryPrivate *own, guint project, Chance *chance)
{
    guint humans = company->n_people - 3;
    guint wanted = MIN(humans, 8 + humans / (guint) MAX(company->n_repositories / 3, 1));
    g_autofree guint8 *taken = g_new0(guint8, humans);
    own->members = g_new(guint, wanted);
    while (own->n_members < wanted) {
        /* People of the same project stand every n_projects-th. */
        guint person = chance_below(chance, humans);
        if (chance_hit(chance, 0.7))
            person = person / company->n_projects * company->n_projects + project;
        if (person >= humans || taken[person])
            continue;
        taken[person] = TRUE;
        own->members[own->n_members++] = person;
    }
}

static char *branch_name(RepositoryPrivate *own, gint64 at)
{
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(at / SECOND);
    g_autofree char *name =
        g_strdup_printf("release/%d.%02d", g_date_time_get_year(date), g_date_time_get_month(date));
    return g_string_chunk_insert(own->text, name);
}

static void add_long_branch(RepositoryPrivate *own, const char *name, gint64 cut_at)
{
    LongBranch branch = {
        .name = name, .cut_at = cut_at, .tips = g_array_new(FALSE, FALSE, sizeof(BranchTip))};
    g_array_append_val(own->long_branches, branch);
}

/* A release branch every two months or so in about every second repository. */
static void plan_releases(const Company *company, RepositoryPrivate *own, Chance *chance)
{
    if (own->openings_past < 20 || !chance_hit(chance, 0.55))
        return;
    gint64 at = own->starts_at + 40 * DAY;
    for (; at < company->ends_at; at += 61 * DAY + chance_between(chance, 0, 3 * DAY))
        add_long_branch(own, branch_name(own, at), at);
}

static void pick_character(Company *company, CompanyRepository *repository, RepositoryPrivate *own,
                           Chance *chance)
{
    static const struct {
        double squash, fast_forward;
    } tastes[] = {{0.8, 0.05}, {0.05, 0.15}, {0.1, 0.2}, {0.6, 0.1}, {0.1, 0.6}, {0.1, 0.15}};
    guint taste = (guint) (own->index % G_N_ELEMENTS(tastes));
    own->squash_share = tastes[taste].squash;
    own->fast_forward_share = tastes[taste].fast_forward;
    own->size_median = chance_log_normal(chance, 55, 0.3);
    own->has_ci_comments = own->index % 7 != 6;
    own->has_updates = own->index % 2 == 0;
    own->has_pipelines = own->index % 5 != 4;
    repository->project = own->index % company->n_projects;
    repository->is_private = own->index % 11 != 5;
    repository->language = g_strdup(words_language(own->index));
    repository->main_branch = g_strdup(own->index % 6 == 3 ? "master" : "main");
    repository->slug = words_repository_slug(own->index);
    repository->name = g_strdup(repository->slug);
}

/* Steady habits: nothing is rebased, every push is built, main is deployed. */
static void pick_planned_character(CompanyRepository *repository, RepositoryPrivate *own)
{
    g_free(repository->main_branch);
    repository->main_branch = g_strdup("main");
    own->squash_share = own->fast_forward_share = 0;
    own->has_ci_comments = own->has_pipelines = TRUE;
    own->has_updates = FALSE;
}

static void live_all_planned(const Company *company, const CompanyRepository *repository,
                             RepositoryPrivate *own, Making *making)
{
    const GPtrArray *pulls = company->plan->repositories[own->index].pulls;
    for (guint i = 0; i < pulls->len; i++)
        company_live_planned(company, repository, own, making, g_ptr_array_index(pulls, i));
}

static void live_all(Company *company, CompanyRepository *repository, RepositoryPrivate *own,
                     Making *making)
{
    g_autoptr(GArray) openings = company_make_openings(company, own);
    Chance chance;
    chance_init(&chance, own->seed, SUBJECT_OPENING, 1, 0);
    gint64 number = 0;
    for (guint i = 0; i < openings->len; i++) {
        number += 1 + (chance_hit(&chance, 0.02) ? 1 + chance_below(&chance, 3) : 0);
        if (i == 0)
            number = 1;
        company_live(company, repository, own, making, &g_array_index(openings, Opening, i),
                     number);
    }
}

static GArray *new_array(gsize size, guint room)
{
    return g_array_sized_new(FALSE, FALSE, (guint) size, room);
}

static void make_all(Company *company, CompanyRepository *repository, RepositoryPrivate *own)
{
    guint n = own->openings_past + own->openings_future;
    Making making = {.pulls = new_array(sizeof(CompanyPull), n),
                     .privates = new_array(sizeof(PullPrivate), n),
                     .spans = new_array(sizeof(ActSpan), n),
                     .acts = new_array(sizeof(CompanyAct), n * 13),
                     .comments = new_array(sizeof(CompanyComment), n * 7),
                     .tasks = new_array(sizeof(CompanyTask), n / 4),
                     .pushes = new_array(sizeof(Push), n * 3),
                     .commits = new_array(sizeof(CompanyCommit), n * 4),
                     .files = new_array(sizeof(CompanyFile), n * 4)};
    if (!repository->is_empty) {
        if (company->plan != NULL)
            live_all_planned(company, repository, own, &making);
        else
            live_all(company, repository, own, &making);
        company_make_graph(company, repository, own, &making);
    }
    company_collect(repository, own, &making);
    g_array_unref(making.spans);
    g_array_unref(making.acts);
    g_array_unref(making.comments);
    g_array_unref(making.tasks);
    g_array_unref(making.pushes);
    g_clear_pointer(&making.files, g_array_unref);
}

static void invent_hashes(CompanyRepository *repository, const RepositoryPrivate *own)
{
    Chance chance;
    chance_init(&chance, own->seed, SUBJECT_HASH, 0, 0);
    for (guint i = 0; i < repository->n_commits; i++)
        chance_hash(&chance, repository->commits[i].hash);
}

void company_make_repository(Company *company, guint index)
{
    CompanyRepository *repository = &company->repositories[index];
    RepositoryPrivate *own = &company->privates[index];
    Chance chance;
    own->seed = chance_mix(company->options.seed, chance_mix(SUBJECT_REPOSITORY, index));
    chance_init(&chance, own->seed, SUBJECT_REPOSITORY, 0, 0);
    g_mutex_init(&own->git_lock);
    own->text = g_string_chunk_new(1 << 16);
    own->paths = g_ptr_array_new();
    own->long_branches = g_array_new(FALSE, FALSE, sizeof(LongBranch));
    own->direct = g_array_new(FALSE, FALSE, sizeof(DirectCommit));
    own->marks = g_array_new(FALSE, FALSE, sizeof(HistoryMark));
    own->old_lists = g_ptr_array_new_with_free_func(g_free);
    own->next_comment_id = 500000001 + index;
    own->comment_id_step = company->n_repositories;
    gint64 late = chance_between(&chance, 0, 20 * DAY);
    own->starts_at = company->starts_at + (company->plan == NULL ? late : 0);
    pick_character(company, repository, own, &chance);
    if (company->plan != NULL) {
        pick_planned_character(repository, own);
        take_members(own, company->plan);
    } else {
        pick_members(company, own, repository->project, &chance);
    }
    chance_uuid(&chance, repository->uuid);
    for (guint i = 0; i < G_N_ELEMENTS(repository->environment_uuids); i++)
        chance_uuid(&chance, repository->environment_uuids[i]);
    repository->created_at = own->starts_at;
    add_long_branch(own, repository->main_branch, own->starts_at);
    if (company->plan != NULL) /* old, but a release: nobody left it behind */
        add_long_branch(own, branch_name(own, company->starts_at + 50 * DAY),
                        company->starts_at + 50 * DAY);
    else if (!repository->is_empty)
        plan_releases(company, own, &chance);
    make_all(company, repository, own);
    if (company->plan != NULL)
        company_make_planned_delivery(company, repository, own);
    else
        company_make_delivery(company, repository, own);
    if (company->options.without_git)
        invent_hashes(repository, own);
}

void company_free_repository(Company *company, guint index)
{
    CompanyRepository *repository = &company->repositories[index];
    RepositoryPrivate *own = &company->privates[index];
    for (guint i = 0; i < repository->n_pulls; i++)
        g_free(repository->pulls[i].initial_reviewers);
    for (guint i = 0; i < own->direct->len; i++)
        g_free(g_array_index(own->direct, DirectCommit, i).files);
    for (guint i = 0; i < own->long_branches->len; i++)
        g_array_unref(g_array_index(own->long_branches, LongBranch, i).tips);
    g_free(repository->slug);
    g_free(repository->name);
    g_free(repository->language);
    g_free(repository->main_branch);
    g_free(repository->pulls);
    g_free(repository->acts);
    g_free(repository->comments);
    g_free(repository->tasks);
    g_free(repository->commits);
    g_free(repository->builds);
    g_free(repository->pipelines);
    g_free(repository->deployments);
    g_free(own->members);
    g_free(own->pulls);
    g_free(own->files);
    g_free(own->pull_commits);
    g_free(own->pull_acts);
    g_free(own->git_path);
    g_string_chunk_free(own->text);
    g_ptr_array_unref(own->paths);
    g_array_unref(own->long_branches);
    g_array_unref(own->direct);
    g_array_unref(own->marks);
    g_ptr_array_unref(own->old_lists);
    g_clear_pointer(&own->refs, g_hash_table_unref);
    g_mutex_clear(&own->git_lock);
}
