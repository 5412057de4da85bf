/* What is to be seen at the clock's present. */
#include "company_internal.h"

void company_read_lock(const Company *company)
{
    g_rw_lock_reader_lock((GRWLock *) &company->lock);
}

void company_read_unlock(const Company *company)
{
    g_rw_lock_reader_unlock((GRWLock *) &company->lock);
}

gint64 company_now(const Company *company)
{
    company_read_lock(company);
    gint64 now = company->now;
    company_read_unlock(company);
    return now;
}

guint company_count_acts(const CompanyRepository *repository, gint64 now)
{
    guint low = 0, high = repository->n_acts;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (repository->acts[middle].at <= now)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

guint company_acts_until_now(const Company *company, const CompanyRepository *repository)
{
    company_read_lock(company);
    guint n = company_count_acts(repository, company->now);
    company_read_unlock(company);
    return n;
}

gint32 company_pull_head(const CompanyRepository *repository, const RepositoryPrivate *own,
                         guint index, gint64 now)
{
    const CompanyPull *pull = &repository->pulls[index];
    gint32 head = own->pulls[index].first_commit;
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        if (act->at > now)
            break;
        head = act->commit;
    }
    return head;
}

/* ---- participants --------------------------------------------------------------------------- */

typedef struct {
    gint32 person;
    gboolean is_reviewer;
    ActKind verdict; /* ACT_APPROVE, ACT_REQUEST_CHANGES, else none */
    gint64 approved_at, commented_at;
} Part;

typedef struct {
    Part parts[G_N_ELEMENTS(((CompanyPullView *) 0)->participants)];
    guint n;
} Parts;

static Part *part_of(Parts *parts, gint32 person)
{
    for (guint i = 0; i < parts->n; i++)
        if (parts->parts[i].person == person)
            return &parts->parts[i];
    if (parts->n == G_N_ELEMENTS(parts->parts))
        return NULL;
    Part *part = &parts->parts[parts->n++];
    *part =
        (Part){.person = person, .verdict = ACT_EMPTY, .approved_at = NEVER, .commented_at = NEVER};
    return part;
}

static void take_act(Parts *parts, const CompanyAct *act)
{
    gboolean is_about_other = act->kind == ACT_REVIEWER_ADDED || act->kind == ACT_REVIEWER_REMOVED;
    gboolean is_review = act->kind == ACT_APPROVE || act->kind == ACT_REQUEST_CHANGES ||
                         act->kind == ACT_WITHDRAW_APPROVAL || act->kind == ACT_COMMENT;
    if (!is_about_other && !is_review)
        return;
    Part *part = part_of(parts, is_about_other ? act->subject : act->actor);
    if (part == NULL)
        return;
    if (is_about_other)
        part->is_reviewer = act->kind == ACT_REVIEWER_ADDED;
    else if (act->kind == ACT_COMMENT)
        part->commented_at = act->at;
    else
        part->verdict = (ActKind) act->kind;
    if (act->kind == ACT_APPROVE)
        part->approved_at = act->at;
}

static void show_parts(const Parts *parts, CompanyPullView *view)
{
    for (guint i = 0; i < parts->n; i++) {
        const Part *part = &parts->parts[i];
        gboolean is_approved = part->verdict == ACT_APPROVE;
        gboolean is_against = part->verdict == ACT_REQUEST_CHANGES;
        if (!part->is_reviewer && !is_approved && !is_against && part->commented_at == NEVER)
            continue;
        typeof(view->participants[0]) *shown = &view->participants[view->n_participants++];
        shown->person = part->person;
        shown->is_reviewer = part->is_reviewer;
        shown->state = is_approved ? "approved" : is_against ? "changes_requested" : NULL;
        shown->participated_at = is_approved ? part->approved_at : part->commented_at;
    }
}

/* ---- pull requests -------------------------------------------------------------------------- */

static const char *state_of(const CompanyPull *pull, gint64 now)
{
    if (pull->closed_at > now)
        return "OPEN";
    return pull->close_kind == ACT_MERGE     ? "MERGED"
           : pull->close_kind == ACT_DECLINE ? "DECLINED"
                                             : "SUPERSEDED";
}

static guint first_task_since(const CompanyRepository *repository, gint64 at)
{
    guint low = 0, high = repository->n_tasks;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (repository->tasks[middle].created_at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Tasks are few: those made in the pull request's time are looked through. */
static guint count_tasks(const CompanyRepository *repository, const CompanyPull *pull, guint index,
                         gint64 now)
{
    gint64 last = pull->n_acts > 0 ? repository->acts[pull->acts[pull->n_acts - 1]].at : 0;
    guint n = 0;
    for (guint i = first_task_since(repository, pull->opened_at); i < repository->n_tasks; i++) {
        const CompanyTask *task = &repository->tasks[i];
        if (task->created_at > now || task->created_at > last + MINUTE)
            break;
        n += task->pull == index && task->resolved_at > now;
    }
    return n;
}

static gint32 destination_of(const CompanyRepository *repository, const RepositoryPrivate *own,
                             guint index, gint64 now, gint64 last_push)
{
    const CompanyPull *pull = &repository->pulls[index];
    if (pull->closed_at <= now)
        return pull->destination_commit;
    const LongBranch *branch =
        &g_array_index(own->long_branches, LongBranch, own->pulls[index].long_branch);
    return company_branch_tip(branch, last_push);
}

static void view_acts(const CompanyRepository *repository, const CompanyPull *pull, gint64 now,
                      CompanyPullView *view, Parts *parts, gint64 *ret_last_push)
{
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        if (act->at > now)
            break;
        take_act(parts, act);
        /* Neither of these shows when the pull request was last changed. */
        if (act->kind != ACT_EMPTY && act->kind != ACT_WITHDRAW_APPROVAL)
            view->updated_at = act->at;
        if (act->kind == ACT_READY || act->kind == ACT_DRAFT)
            view->draft = act->kind == ACT_DRAFT;
        else if (act->kind == ACT_EDIT_TITLE)
            view->title = pull->edited_title;
        else if (act->kind == ACT_UPDATE)
            *ret_last_push = act->at;
        if (act->comment >= 0 && repository->comments[act->comment].deleted_at > now)
            view->comment_count++;
        view->source_commit = act->commit;
    }
}

static void view_pull(const Company *company, guint repository_index, guint index,
                      CompanyPullView *view)
{
    const CompanyRepository *repository = &company->repositories[repository_index];
    const RepositoryPrivate *own = &company->privates[repository_index];
    const CompanyPull *pull = &repository->pulls[index];
    gint64 now = company->now, last_push = pull->opened_at;
    Parts parts = {.n = 0};
    view->pull = pull;
    view->state = state_of(pull, now);
    view->title = pull->title;
    view->draft = pull->opened_as_draft;
    view->updated_at = pull->opened_at;
    view->source_commit = own->pulls[index].first_commit;
    view->merge_commit =
        pull->closed_at <= now && pull->close_kind == ACT_MERGE ? pull->merge_commit : -1;
    view->comment_count = 0;
    view->n_participants = 0;
    for (guint i = 0; i < pull->n_initial_reviewers; i++)
        part_of(&parts, pull->initial_reviewers[i])->is_reviewer = TRUE;
    view_acts(repository, pull, now, view, &parts, &last_push);
    show_parts(&parts, view);
    view->destination_commit = destination_of(repository, own, index, now, last_push);
    view->task_count = count_tasks(repository, pull, index, now);
}

gboolean company_view_pull(Company *company, guint repository, guint pull,
                           CompanyPullView *ret_view)
{
    company_read_lock(company);
    gboolean is_there = company->repositories[repository].pulls[pull].opened_at <= company->now;
    if (is_there)
        view_pull(company, repository, pull, ret_view);
    company_read_unlock(company);
    return is_there;
}

guint company_files_at(const CompanyRepository *repository, const RepositoryPrivate *own,
                       guint index, gint64 now, CompanyFile **ret_files)
{
    const CompanyPull *pull = &repository->pulls[index];
    const PullPrivate *private = &own->pulls[index];
    guint step = repository->commits[company_pull_head(repository, own, index, now)].step;
    CompanyFile *files = g_new(CompanyFile, pull->n_files + 1);
    guint n = 0;
    for (guint i = 0; i < pull->n_files; i++) {
        FileStep now_there =
            company_file_at_step(private->seed, i, &pull->files[i], pull->n_commits, step);
        files[n] = pull->files[i];
        files[n].lines_added = now_there.added + now_there.passing;
        files[n].lines_removed = now_there.removed;
        n += files[n].lines_added + files[n].lines_removed > 0;
    }
    *ret_files = files;
    return n;
}

guint company_view_files(Company *company, guint repository, guint pull, CompanyFile **ret_files)
{
    company_read_lock(company);
    guint n = company_files_at(&company->repositories[repository], &company->privates[repository],
                               pull, company->now, ret_files);
    company_read_unlock(company);
    return n;
}

/* ---- repositories --------------------------------------------------------------------------- */

static gint64 last_tip_at(const LongBranch *branch, gint64 now)
{
    gint64 latest = branch->cut_at <= now ? branch->cut_at : 0;
    guint low = 0, high = branch->tips->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (g_array_index(branch->tips, BranchTip, middle).at <= now)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? g_array_index(branch->tips, BranchTip, low - 1).at : latest;
}

gint64 company_repository_updated(Company *company, guint index)
{
    company_read_lock(company);
    const CompanyRepository *repository = &company->repositories[index];
    const RepositoryPrivate *own = &company->privates[index];
    guint n = company_count_acts(repository, company->now);
    gint64 updated = MAX(repository->created_at, own->renamed_at);
    if (n > 0)
        updated = MAX(updated, repository->acts[n - 1].at);
    for (guint i = 0; i < own->long_branches->len; i++)
        updated = MAX(updated,
                      last_tip_at(&g_array_index(own->long_branches, LongBranch, i), company->now));
    company_read_unlock(company);
    return updated;
}

void company_each_branch(const CompanyRepository *repository, const RepositoryPrivate *own,
                         gint64 now, void (*visit)(const char *, gint32, gpointer), gpointer data)
{
    for (guint i = 0; i < own->long_branches->len; i++) {
        const LongBranch *branch = &g_array_index(own->long_branches, LongBranch, i);
        gint32 tip = company_branch_tip(branch, now);
        if (tip >= 0)
            visit(branch->name, tip, data);
    }
    for (guint i = 0; i < repository->n_pulls; i++) {
        const CompanyPull *pull = &repository->pulls[i];
        if (pull->from_fork || own->pulls[i].pushed_at > now || pull->branch_deleted_at <= now)
            continue;
        visit(pull->source_branch, company_pull_head(repository, own, i, now), data);
    }
}

void company_visit_branches(Company *company, guint repository,
                            void (*visit)(const char *name, gint32 commit, gpointer data),
                            gpointer data)
{
    company_read_lock(company);
    company_each_branch(&company->repositories[repository], &company->privates[repository],
                        company->now, visit, data);
    company_read_unlock(company);
}
