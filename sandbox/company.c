#include "company_plant.h"
#include "company_words.h"

#define PULLS_MOST        4000000u
#define REPOSITORIES_MOST 2000u

static guint count_repositories(guint pull_requests)
{
    static const struct {
        guint pull_requests, repositories;
    } sizes[] = {{0, 4}, {500, 6}, {10000, 12}, {100000, 40}, {1000000, 130}, {10000000, 400}};
    guint i = 1;
    while (i < G_N_ELEMENTS(sizes) - 1 && pull_requests > sizes[i].pull_requests)
        i++;
    guint64 span = sizes[i].pull_requests - sizes[i - 1].pull_requests;
    guint64 over = MIN(pull_requests, sizes[i].pull_requests) - sizes[i - 1].pull_requests;
    guint more = sizes[i].repositories - sizes[i - 1].repositories;
    return sizes[i - 1].repositories + (guint) (over * more / span);
}

/* A few large, many small; the last but one has gone quiet, the last is empty. */
static void share_openings(Company *company)
{
    guint n = company->n_repositories, total = company->options.pull_requests, given = 0;
    gint64 past = company->options.epoch - company->starts_at;
    g_autofree guint64 *weights = g_new0(guint64, n);
    guint64 sum = 0;
    for (guint i = 0; i + 2 < n; i++) {
        weights[i] = 1000000 / (guint64) (i + 3);
        sum += weights[i];
    }
    company->repositories[n - 1].is_empty = TRUE;
    company->privates[n - 2].openings_past = MIN(4, total / 20);
    company->privates[n - 2].openings_until = company->options.epoch - past / 2;
    total -= company->privates[n - 2].openings_past;
    for (guint i = 0; i + 2 < n; i++) {
        company->privates[i].openings_past = (guint) (total * weights[i] / sum);
        company->privates[i].openings_until = company->options.epoch;
        given += company->privates[i].openings_past;
    }
    company->privates[0].openings_past += total - given;
    for (guint i = 0; i + 2 < n; i++)
        company->privates[i].openings_future =
            (guint) ((double) company->privates[i].openings_past *
                     (double) company->options.future / (double) past);
}

static void make_workspace(Company *company)
{
    Chance chance;
    chance_init(&chance, company->options.seed, SUBJECT_COMPANY, 0, 0);
    chance_uuid(&chance, company->workspace.uuid);
    g_strlcpy(company->workspace.slug, "acme", sizeof company->workspace.slug);
    g_strlcpy(company->workspace.name, "Acme Works", sizeof company->workspace.name);
    company->workspace.created_at = company->starts_at - 500 * DAY;
    company->messages = g_ptr_array_new();
    for (guint i = 0; i < 2000; i++) {
        g_autofree char *message = words_change(&chance);
        g_ptr_array_add(company->messages, g_string_chunk_insert(company->text, message));
    }
}

static void make_one(gpointer data, gpointer user_data)
{
    company_make_repository(user_data, GPOINTER_TO_UINT(data) - 1);
}

/* Repositories do not depend on one another, so they are made in parallel. */
static gboolean make_repositories(Company *company, GError **error)
{
    GThreadPool *pool =
        g_thread_pool_new(make_one, company, (gint) g_get_num_processors(), FALSE, error);
    if (pool == NULL)
        return FALSE;
    for (guint i = 0; i < company->n_repositories; i++)
        g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    return TRUE;
}

static gboolean check_folder(const CompanyOptions *options, GError **error)
{
    if (options->without_git || options->git_folder != NULL)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                "a company with git needs a folder for its repositories");
    return FALSE;
}

static gboolean check_pathologies(const CompanyOptions *options, GError **error)
{
    if (options->pull_requests != 0 || options->repositories != 0 || options->past != 0 ||
        options->future != 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "a company with pathologies has one size");
        return FALSE;
    }
    return company_plan_check(options->epoch, error);
}

static gboolean check_options(const CompanyOptions *options, GError **error)
{
    if (options->pathologies)
        return check_pathologies(options, error) && check_folder(options, error);
    if (options->pull_requests == 0 || options->pull_requests > PULLS_MOST) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "a company has 1 to %u pull requests, not %u", PULLS_MOST,
                    options->pull_requests);
        return FALSE;
    }
    if (options->repositories > REPOSITORIES_MOST ||
        (options->repositories != 0 && options->repositories < 3)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "a company has 3 to %u repositories, not %u", REPOSITORIES_MOST,
                    options->repositories);
        return FALSE;
    }
    if (options->past < 0 || options->future < 0 ||
        (options->past != 0 && options->past < 30 * DAY) || options->epoch <= 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "a company's past is at least 30 days, its epoch after 1970");
        return FALSE;
    }
    return check_folder(options, error);
}

/* The sizes that are not asked for. */
static void complete_options(CompanyOptions *options)
{
    if (options->pathologies) {
        options->past = (PLANT_WEEKS_PAST + 1) * PLANT_WEEK; /* one to take over the sources */
        options->future = PLANT_WEEKS_FUTURE * PLANT_WEEK;
        options->repositories = PLANT_REPOSITORIES;
    }
    if (options->past == 0)
        options->past = (options->pull_requests <= 1000 ? 365 : 730) * DAY;
    if (options->future == 0)
        options->future = 60 * DAY;
    if (options->repositories == 0)
        options->repositories = count_repositories(options->pull_requests);
}

Company *company_new(const CompanyOptions *options, GError **error)
{
    if (!check_options(options, error))
        return NULL;
    Company *company = g_new0(Company, 1);
    g_rw_lock_init(&company->lock);
    company->options = *options;
    company->git_folder = g_strdup(options->git_folder);
    company->options.git_folder = company->git_folder;
    complete_options(&company->options);
    company->now = options->epoch;
    company->starts_at = options->epoch - company->options.past;
    company->ends_at = options->epoch + company->options.future;
    calendar_init(&company->calendar, company->starts_at - 60 * DAY, company->ends_at + 200 * DAY);
    company->text = g_string_chunk_new(1 << 14);
    company->n_repositories = company->options.repositories;
    if (options->pathologies)
        company->plan = company_plan_new(options->seed, options->epoch);
    company->repositories = g_new0(CompanyRepository, company->n_repositories);
    company->privates = g_new0(RepositoryPrivate, company->n_repositories);
    for (guint i = 0; i < company->n_repositories; i++)
        company->privates[i].index = i;
    make_workspace(company);
    company_make_projects(company, company->n_repositories);
    company_make_people(company);
    if (company->plan == NULL)
        share_openings(company);
    if (!make_repositories(company, error)) {
        company_free(company);
        return NULL;
    }
    return company;
}

void company_free(Company *company)
{
    if (company == NULL)
        return;
    for (guint i = 0; i < company->n_repositories; i++)
        if (company->privates[i].text != NULL)
            company_free_repository(company, i);
    g_free(company->repositories);
    g_free(company->privates);
    company_free_people(company);
    calendar_clear(&company->calendar);
    g_string_chunk_free(company->text);
    g_ptr_array_unref(company->messages);
    company_plan_free(company->plan);
    g_free(company->git_folder);
    g_rw_lock_clear(&company->lock);
    g_free(company);
}

const CompanyWorkspace *company_workspace(const Company *company)
{
    return &company->workspace;
}

const CompanyPerson *company_people(const Company *company, guint *ret_n)
{
    *ret_n = company->n_people;
    return company->people;
}

const CompanyProject *company_projects(const Company *company, guint *ret_n)
{
    *ret_n = company->n_projects;
    return company->projects;
}

const CompanyRepository *company_repositories(const Company *company, guint *ret_n)
{
    *ret_n = company->n_repositories;
    return company->repositories;
}

char *company_comment_text(const Company *company, const CompanyComment *comment)
{
    if (comment->author == company->ci_bot)
        return words_bot_comment(comment->text_seed);
    return words_comment(comment->text_seed, comment->huge);
}
