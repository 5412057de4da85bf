/* Activity made by hand, put into the order of time before everything that is still to come. */
#include "company_internal.h"

static CompanyPull *find_open(Company *company, guint repository_index, gint64 number,
                              GError **error)
{
    CompanyRepository *repository = &company->repositories[repository_index];
    for (guint i = 0; i < repository->n_pulls; i++) {
        CompanyPull *pull = &repository->pulls[i];
        if (pull->number == number && pull->opened_at <= company->now)
            return pull;
    }
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                "%s has no pull request %" G_GINT64_FORMAT " yet", repository->slug, number);
    return NULL;
}

static gboolean check(Company *company, CompanyPull *pull, ActKind kind, gint32 actor,
                      GError **error)
{
    gboolean is_verdict =
        kind == ACT_APPROVE || kind == ACT_REQUEST_CHANGES || kind == ACT_WITHDRAW_APPROVAL;
    if (!is_verdict && kind != ACT_COMMENT) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "only comments and verdicts can be made by hand");
        return FALSE;
    }
    if (actor < 0 || (guint) actor >= company->n_people ||
        company->people[actor].left_at <= company->now) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "nobody of that name works here");
        return FALSE;
    }
    if (is_verdict && pull->closed_at <= company->now) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "pull request %" G_GINT64_FORMAT " is closed", pull->number);
        return FALSE;
    }
    return TRUE;
}

static gint32 insert_comment(CompanyRepository *repository, RepositoryPrivate *own, gint64 now,
                             guint32 pull, gint32 author)
{
    guint place = 0;
    while (place < repository->n_comments && repository->comments[place].created_at <= now)
        place++;
    memmove(&repository->comments[place + 1], &repository->comments[place],
            (repository->n_comments - place) * sizeof(CompanyComment));
    repository->comments[place] = (CompanyComment){.id = own->next_comment_id,
                                                   .pull = pull,
                                                   .author = author,
                                                   .created_at = now,
                                                   .edited_at = NEVER,
                                                   .deleted_at = NEVER,
                                                   .resolved_at = NEVER,
                                                   .resolver = -1,
                                                   .parent = -1,
                                                   .line_to = -1,
                                                   .line_from = -1,
                                                   .text_seed = (guint32) own->next_comment_id};
    own->next_comment_id += own->comment_id_step;
    repository->n_comments++;
    gint32 moved = (gint32) place;
    for (guint i = place + 1; i < repository->n_comments; i++)
        if (repository->comments[i].parent >= moved)
            repository->comments[i].parent++;
    for (guint i = 0; i < repository->n_acts; i++)
        if (repository->acts[i].comment >= moved)
            repository->acts[i].comment++;
    for (guint i = 0; i < repository->n_tasks; i++)
        if (repository->tasks[i].comment >= moved)
            repository->tasks[i].comment++;
    return moved;
}

/* Readers hold the lock, or read lists that are replaced as a whole and freed at the end. */
static void insert_into_list(CompanyPull *pull, RepositoryPrivate *own, guint place)
{
    guint32 *list = g_new(guint32, pull->n_acts + 1);
    guint before = 0;
    while (before < pull->n_acts && pull->acts[before] < place)
        before++;
    memcpy(list, pull->acts, before * sizeof *list);
    list[before] = place;
    memcpy(list + before + 1, pull->acts + before, (pull->n_acts - before) * sizeof *list);
    pull->acts = list;
    pull->n_acts++;
    g_ptr_array_add(own->old_lists, list);
}

static void insert_act(CompanyRepository *repository, RepositoryPrivate *own, CompanyAct act)
{
    guint place = company_count_acts(repository, act.at);
    CompanyPull *pull = &repository->pulls[act.pull];
    memmove(&repository->acts[place + 1], &repository->acts[place],
            (repository->n_acts - place) * sizeof(CompanyAct));
    repository->acts[place] = act;
    repository->n_acts++;
    for (guint i = 0; i < repository->n_pulls; i++)
        for (guint k = repository->pulls[i].n_acts; k-- > 0;) {
            if (repository->pulls[i].acts[k] < place)
                break;
            repository->pulls[i].acts[k]++;
        }
    insert_into_list(pull, own, place);
}

static gboolean add_act(Company *company, guint index, gint64 number, ActKind kind, gint32 actor,
                        GError **error)
{
    CompanyRepository *repository = &company->repositories[index];
    RepositoryPrivate *own = &company->privates[index];
    CompanyPull *pull = find_open(company, index, number, error);
    if (pull == NULL || !check(company, pull, kind, actor, error))
        return FALSE;
    if (repository->n_acts >= own->room_acts || repository->n_comments >= own->room_comments) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                    "at most %d activities can be made by hand in a repository", BY_HAND_MOST);
        return FALSE;
    }
    guint32 pull_index = (guint32) (pull - repository->pulls);
    CompanyAct act = {.at = company->now,
                      .pull = pull_index,
                      .kind = (guint16) kind,
                      .actor = actor,
                      .subject = -1,
                      .comment = -1,
                      .commit = company_pull_head(repository, own, pull_index, company->now)};
    /* Two things in one instant would be one to whoever tells them apart by time. */
    guint before = company_count_acts(repository, company->now);
    if (before > 0 && repository->acts[before - 1].at >= act.at)
        act.at = company->now = repository->acts[before - 1].at + 1;
    if (kind == ACT_COMMENT)
        act.comment = insert_comment(repository, own, act.at, pull_index, actor);
    insert_act(repository, own, act);
    return TRUE;
}

gboolean company_add_act(Company *company, guint repository, gint64 number, ActKind kind,
                         gint32 actor, GError **error)
{
    g_rw_lock_writer_lock(&company->lock);
    gboolean ok = add_act(company, repository, number, kind, actor, error);
    g_rw_lock_writer_unlock(&company->lock);
    return ok;
}

gboolean company_rename_repository(Company *company, guint index, const char *slug, GError **error)
{
    gboolean is_valid = slug[0] != '\0' && strlen(slug) < 63;
    for (const char *p = slug; *p != '\0'; p++)
        is_valid &= g_ascii_islower(*p) || g_ascii_isdigit(*p) || *p == '-' || *p == '_';
    g_rw_lock_writer_lock(&company->lock);
    for (guint i = 0; i < company->n_repositories; i++)
        is_valid &= !g_str_equal(company->repositories[i].slug, slug);
    if (is_valid) {
        CompanyRepository *repository = &company->repositories[index];
        RepositoryPrivate *own = &company->privates[index];
        g_ptr_array_add(own->old_lists, repository->slug);
        g_ptr_array_add(own->old_lists, repository->name);
        repository->slug = g_strdup(slug);
        repository->name = g_strdup(slug);
        own->renamed_at = company->now;
    }
    g_rw_lock_writer_unlock(&company->lock);
    if (!is_valid)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "%s is taken or no slug of a repository", slug);
    return is_valid;
}
