#include "fake.h"

#define COMMITS_INCLUDED_AT_MOST 100

#define FOREVER_UUID    "{workspace}"
#define REPOSITORY_UUID "{repository}"

static Fake fake;
static const char *const KEYS[] = {"ci", "lint", "doc", "package", "scan"};
static GMutex lock; /* workers ask at the same time */

struct BitbucketClient {
    gint cancelled;
};

/* ---- the script */

Fake *fake_reset(void)
{
    g_clear_pointer(&fake.pulls, g_array_unref);
    g_clear_pointer(&fake.events, g_array_unref);
    g_clear_pointer(&fake.deployments, g_array_unref);
    g_free(fake.slug);
    fake = (Fake){.paused_until = TIME_ABSENT,
                  .slug = g_strdup("web"),
                  .pulls = g_array_new(FALSE, TRUE, sizeof(FakePull)),
                  .events = g_array_new(FALSE, TRUE, sizeof(FakeEvent)),
                  .deployments = g_array_new(FALSE, TRUE, sizeof(FakeDeployment))};
    return &fake;
}

void fake_add_pull(gint64 number, UtcTime created, UtcTime updated, PullRequestState state)
{
    FakePull pull = {.number = number, .created = created, .updated = updated, .state = state};
    g_array_append_val(fake.pulls, pull);
}

void fake_add_event(gint64 number, PrEventKind kind, UtcTime at)
{
    FakeEvent event = {.number = number,
                       .kind = kind,
                       .at = at,
                       .comment_id = COUNT_ABSENT,
                       .resolved = TIME_ABSENT};
    if (kind == PR_EVENT_COMMENTED)
        event.comment_id = 1000 + fake.events->len;
    g_array_append_val(fake.events, event);
}

void fake_fail(guint slot, FakeKind kind, guint from, guint times, PlumblineErrorCode code)
{
    fake.faults[slot].kind = kind;
    fake.faults[slot].from = fake.requests[kind] + from;
    fake.faults[slot].times = times;
    fake.faults[slot].code = code;
}

FakePull *fake_pull(gint64 number)
{
    for (guint i = 0; i < fake.pulls->len; i++)
        if (g_array_index(fake.pulls, FakePull, i).number == number)
            return &g_array_index(fake.pulls, FakePull, i);
    return NULL;
}

guint fake_total(void)
{
    guint total = 0;
    for (guint kind = 0; kind < FAKE_KINDS; kind++)
        total += fake.requests[kind];
    return total;
}

void fake_forget_requests(void)
{
    memset(fake.requests, 0, sizeof fake.requests);
}

/* ---- answering; under the lock */

static gboolean fail(int code, GError **error)
{
    g_set_error_literal(error, PLUMBLINE_ERROR, code, error_sentence(code));
    return FALSE;
}

/* Counts the request; FALSE when the script, the client or the address says so. */
static gboolean admit(BitbucketClient *client, FakeKind kind, const char *address, GError **error)
{
    guint nth = ++fake.requests[kind];
    if (g_atomic_int_get(&client->cancelled))
        return fail(PLUMBLINE_ERROR_CANCELLED, error);
    for (guint i = 0; i < G_N_ELEMENTS(fake.faults); i++)
        if (fake.faults[i].times > 0 && fake.faults[i].kind == kind && nth >= fake.faults[i].from &&
            nth < fake.faults[i].from + fake.faults[i].times)
            return fail(fake.faults[i].code, error);
    if (address == NULL)
        return TRUE;
    g_autofree char *by_slug = g_strdup_printf("acme/%s", fake.slug);
    if (g_strcmp0(address, by_slug) != 0 &&
        g_strcmp0(address, FOREVER_UUID "/" REPOSITORY_UUID) != 0)
        return fail(PLUMBLINE_ERROR_NOT_FOUND, error);
    return TRUE;
}

/* Positions are "epoch:address:offset". FALSE: not one of this epoch. */
static gboolean read_position(const char *position, const char *address, guint *ret_offset,
                              GError **error)
{
    *ret_offset = 0;
    if (position == NULL)
        return TRUE;
    g_auto(GStrv) parts = g_strsplit(position, ":", 3);
    if (g_strv_length(parts) != 3 || (guint) g_ascii_strtoull(parts[0], NULL, 10) != fake.epoch ||
        g_strcmp0(parts[1], address) != 0)
        return fail(PLUMBLINE_ERROR_REJECTED, error);
    *ret_offset = (guint) g_ascii_strtoull(parts[2], NULL, 10);
    return TRUE;
}

/* The page of @items (of @size bytes each) at @offset. */
static RecordPage *make_page(const void *items, gsize size, guint n, guint offset,
                             guint page_length, const char *address)
{
    RecordPage *page = g_new0(RecordPage, 1);
    page->arena = arena_new(1024 * 1024);
    guint from = MIN(offset, n), length = MIN(page_length, n - from);
    page->records = arena_alloc(page->arena, (gsize) length * size + 1);
    if (length > 0)
        memcpy((void *) page->records, (const char *) items + from * size, (gsize) length * size);
    page->n_records = length;
    page->total = n;
    page->server_time = fake.now;
    if (from + length < n) {
        g_autofree char *next = g_strdup_printf("%u:%s:%u", fake.epoch, address, from + length);
        page->next = arena_copy_text(page->arena, next, -1);
    }
    return page;
}

void record_page_free(RecordPage *page)
{
    if (page != NULL)
        arena_free(page->arena);
    g_free(page);
}

static Person person(const char *uuid)
{
    return (Person){.uuid = uuid, .display_name = uuid, .kind = PERSON_USER};
}

static PullRequest pull_record(const FakePull *pull)
{
    return (PullRequest){.number = pull->number,
                         .title = "A change",
                         .state = pull->state,
                         .author = person("{ana}"),
                         .created = pull->created,
                         .updated = pull->updated,
                         .source_branch = "topic",
                         .source_hash = "aaaaaaaaaaaa",
                         .destination_branch = "main",
                         .destination_hash = "bbbbbbbbbbbb",
                         .html_url = "https://bitbucket.example/pr",
                         .comment_count = pull->comment_count,
                         .task_count = pull->tasks,
                         .has_participants = TRUE};
}

static PrEvent event_record(const FakeEvent *event)
{
    return (PrEvent){.number = event->number,
                     .kind = event->kind,
                     .at = event->at,
                     .actor = person("{ben}"),
                     .comment_id = event->comment_id,
                     .parent_comment_id = COUNT_ABSENT,
                     .inline_path = event->is_inline ? "src/a.c" : NULL,
                     .inline_line = COUNT_ABSENT,
                     .comment_length = 3,
                     .resolved = event->resolved};
}

static Repository repository_record(void)
{
    static char full_name[64];
    g_snprintf(full_name, sizeof full_name, "acme/%s", fake.slug);
    return (Repository){.uuid = REPOSITORY_UUID,
                        .workspace = {FOREVER_UUID, "acme", "Acme"},
                        .slug = fake.slug,
                        .full_name = full_name,
                        .name = fake.slug,
                        .main_branch = "main",
                        .clone_url = "https://bitbucket.example/acme/web.git",
                        .size_bytes = 1,
                        .created = TIME_DAY,
                        .updated = fake.repository_updated};
}

/* ---- bitbucket.h */

BitbucketClient *bitbucket_client_new(const BitbucketClientConfig *config, GError **error)
{
    return g_new0(BitbucketClient, 1);
}

void bitbucket_client_free(BitbucketClient *client)
{
    g_free(client);
}

void bitbucket_client_cancel(BitbucketClient *client)
{
    g_atomic_int_set(&client->cancelled, 1);
}

void bitbucket_client_budget(BitbucketClient *client, BudgetState *ret_state)
{
    *ret_state = (BudgetState){.capacity = 1000,
                               .available = 1000,
                               .as_of = fake.now,
                               .paused_until = fake.paused_until,
                               .spent = fake.spent};
}

void bitbucket_client_traffic(BitbucketClient *client, BitbucketTraffic *ret_traffic)
{
    g_mutex_lock(&lock);
    *ret_traffic = (BitbucketTraffic){.requests = fake_total(), .server_time = fake.now};
    g_mutex_unlock(&lock);
}

gboolean bitbucket_client_git_login(BitbucketClient *client, const char **ret_user,
                                    char **ret_secret, GError **error)
{
    g_error("no mirror was asked for");
}

const char *credential_kind_name(CredentialKind kind)
{
    return "workspace-token";
}

gboolean credential_kind_from_name(const char *name, CredentialKind *ret_kind)
{
    *ret_kind = CREDENTIAL_WORKSPACE_TOKEN;
    return TRUE;
}

gboolean bitbucket_check_credential(BitbucketClient *client, const char *workspace,
                                    const char *repository, UtcTime expires,
                                    CredentialCheck **ret_check, GError **error)
{
    *ret_check = g_new0(CredentialCheck, 1);
    (*ret_check)->works = TRUE;
    return TRUE;
}

void credential_check_free(CredentialCheck *check)
{
    g_free(check);
}

RecordPage *bitbucket_fetch_workspace(BitbucketClient *client, const char *workspace,
                                      GError **error)
{
    Workspace record = {FOREVER_UUID, "acme", "Acme"};
    return make_page(&record, sizeof record, 1, 0, 1, workspace);
}

RecordPage *bitbucket_fetch_repositories(BitbucketClient *client, const char *workspace,
                                         UtcTime updated_from, const char *position, GError **error)
{
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_REPOSITORIES, NULL, error)) {
        Repository record = repository_record();
        guint n = updated_from == TIME_ABSENT || record.updated >= updated_from;
        page = make_page(&record, sizeof record, n, 0, 1, workspace);
    }
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_repository(BitbucketClient *client, const char *repository,
                                       GError **error)
{
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_REPOSITORY, repository, error)) {
        Repository record = repository_record();
        page = make_page(&record, sizeof record, 1, 0, 1, repository);
    }
    g_mutex_unlock(&lock);
    return page;
}

static gint newest_update_first(gconstpointer a, gconstpointer b)
{
    UtcTime left = ((const PullRequest *) a)->updated, right = ((const PullRequest *) b)->updated;
    return left > right ? -1 : left < right;
}

RecordPage *bitbucket_fetch_pull_requests(BitbucketClient *client, const char *repository,
                                          const PullRequestQuery *query, const char *position,
                                          gboolean *ret_unsorted, GError **error)
{
    guint offset;
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_PULLS, repository, error) &&
        read_position(position, repository, &offset, error)) {
        g_autoptr(GArray) records = g_array_new(FALSE, TRUE, sizeof(PullRequest));
        for (guint i = 0; i < fake.pulls->len; i++) {
            const FakePull *pull = &g_array_index(fake.pulls, FakePull, i);
            PullRequest record = pull_record(pull);
            if (!pull->unlisted && (!query->only_open || pull->state == PR_OPEN) &&
                (query->updated_from == TIME_ABSENT || pull->updated >= query->updated_from))
                g_array_append_val(records, record);
        }
        g_array_sort(records, newest_update_first);
        page = make_page(records->data, sizeof(PullRequest), records->len, offset, FAKE_PAGE,
                         repository);
    }
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_pull_request(BitbucketClient *client, const char *repository,
                                         gint64 number, GError **error)
{
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_PULL, repository, error)) {
        const FakePull *pull = fake_pull(number);
        if (pull != NULL) {
            PullRequest record = pull_record(pull);
            page = make_page(&record, sizeof record, 1, 0, 1, repository);
        } else {
            fail(PLUMBLINE_ERROR_NOT_FOUND, error);
        }
    }
    g_mutex_unlock(&lock);
    return page;
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    UtcTime left = ((const PrEvent *) a)->at, right = ((const PrEvent *) b)->at;
    return left > right ? -1 : left < right;
}

static RecordPage *activity_page(const char *repository, gint64 number, gboolean only_comments,
                                 guint offset)
{
    g_autoptr(GArray) records = g_array_new(FALSE, TRUE, sizeof(PrEvent));
    for (guint i = 0; i < fake.events->len; i++) {
        const FakeEvent *event = &g_array_index(fake.events, FakeEvent, i);
        PrEvent record = event_record(event);
        if (!event->hidden && (number == 0 || record.number == number) &&
            (!only_comments || record.kind == PR_EVENT_COMMENTED))
            g_array_append_val(records, record);
    }
    g_array_sort(records, newest_first);
    return make_page(records->data, sizeof(PrEvent), records->len, offset, FAKE_PAGE, repository);
}

RecordPage *bitbucket_fetch_activity(BitbucketClient *client, const char *repository, gint64 number,
                                     const char *position, GError **error)
{
    guint offset;
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, number == 0 ? FAKE_FEED : FAKE_ACTIVITY, repository, error) &&
        read_position(position, repository, &offset, error)) {
        if (number == 0 && offset >= FAKE_PAGE && fake.repeat_feed_page > 0) {
            fake.repeat_feed_page--;
            offset -= FAKE_PAGE;
        }
        page = activity_page(repository, number, FALSE, offset);
    }
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_comments(BitbucketClient *client, const char *repository, gint64 number,
                                     const char *position, GError **error)
{
    guint offset;
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_COMMENTS, repository, error) &&
        read_position(position, repository, &offset, error))
        page = activity_page(repository, number, TRUE, offset);
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_builds(BitbucketClient *client, const char *repository, gint64 number,
                                   const char *position, GError **error)
{
    guint offset;
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_BUILDS, repository, error) &&
        read_position(position, repository, &offset, error)) {
        BuildStatus records[16];
        gint64 n = fake_pull(number)->builds;
        for (gint64 i = 0; i < n; i++)
            records[i] = (BuildStatus){.key = KEYS[i],
                                       .state = BUILD_SUCCESSFUL,
                                       .created = fake.now,
                                       .updated = fake.now};
        page = make_page(records, sizeof *records, (guint) n, offset, FAKE_PAGE, repository);
    }
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_tasks(BitbucketClient *client, const char *repository, gint64 number,
                                  const char *position, GError **error)
{
    guint offset;
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_TASKS, repository, error) &&
        read_position(position, repository, &offset, error)) {
        PrTask records[16];
        gint64 n = fake_pull(number)->tasks;
        for (gint64 i = 0; i < n; i++)
            records[i] = (PrTask){.task_id = 100 * number + i,
                                  .comment_id = COUNT_ABSENT,
                                  .creator = person("{ben}"),
                                  .created = TIME_DAY,
                                  .resolved = TIME_ABSENT};
        page = make_page(records, sizeof *records, (guint) n, offset, FAKE_PAGE, repository);
    }
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_deployments(BitbucketClient *client, const char *repository,
                                        const char *position, GError **error)
{
    guint offset;
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_DEPLOYMENTS, repository, error) &&
        read_position(position, repository, &offset, error)) {
        g_autoptr(GArray) records = g_array_new(FALSE, TRUE, sizeof(Deployment));
        for (guint i = 0; i < fake.deployments->len; i++) {
            const FakeDeployment *told = &g_array_index(fake.deployments, FakeDeployment, i);
            gboolean ended = told->completed != TIME_ABSENT;
            Deployment record = {.uuid = told->uuid,
                                 .environment = {"{e}", "Live", ENVIRONMENT_PRODUCTION},
                                 .state = ended ? DEPLOYMENT_SUCCESSFUL : DEPLOYMENT_IN_PROGRESS,
                                 .started = told->started,
                                 .completed = told->completed,
                                 .updated = ended ? told->completed : told->started};
            g_array_append_val(records, record);
        }
        page = make_page(records->data, sizeof(Deployment), records->len, offset, FAKE_PAGE,
                         repository);
    }
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_pipelines(BitbucketClient *client, const char *repository,
                                      const char *branch, const char *position, GError **error)
{
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_PIPELINES, repository, error))
        page = make_page(NULL, sizeof(Pipeline), 0, 0, FAKE_PAGE, repository);
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_environments(BitbucketClient *client, const char *repository,
                                         const char *position, GError **error)
{
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    Environment record = {"{e}", "Live", ENVIRONMENT_PRODUCTION};
    if (admit(client, FAKE_ENVIRONMENTS, repository, error))
        page = make_page(&record, sizeof record, 1, 0, FAKE_PAGE, repository);
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_pull_request_commits(BitbucketClient *client, const char *repository,
                                                 gint64 number, const char *position,
                                                 GError **error)
{
    static const char *const PARENTS[] = {"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"};
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_COMMITS, repository, error)) {
        char hash[41];
        g_snprintf(hash, sizeof hash, "%040" G_GINT64_FORMAT, number);
        Commit record = {.author_name = "Ana",
                         .author_email = "ana@example.com",
                         .authored = TIME_DAY,
                         .committed = TIME_ABSENT,
                         .subject = "Change",
                         .parents = PARENTS,
                         .n_parents = 1,
                         .from_api = TRUE};
        page = make_page(&record, sizeof record, 1, 0, 1, repository);
        ((Commit *) page->records)->hash = arena_copy_text(page->arena, hash, -1);
    }
    g_mutex_unlock(&lock);
    return page;
}

RecordPage *bitbucket_fetch_commits(BitbucketClient *client, const char *repository,
                                    const char *const *include, const char *const *exclude,
                                    const char *position, GStrv *ret_unknown, GError **error)
{
    /* Everything was deleted with its branch. */
    for (guint n = 0; include[n] != NULL; n++)
        if (n > COMMITS_INCLUDED_AT_MOST)
            g_error("more than a hundred revisions in one request");
    g_mutex_lock(&lock);
    if (admit(client, FAKE_BULK, repository, error)) {
        *ret_unknown = g_strdupv((char **) include);
        fail(PLUMBLINE_ERROR_NOT_FOUND, error);
    }
    g_mutex_unlock(&lock);
    return NULL;
}

RecordPage *bitbucket_fetch_diffstat(BitbucketClient *client, const char *repository,
                                     const char *source_hash, const char *destination_hash,
                                     const char *position, GError **error)
{
    g_mutex_lock(&lock);
    RecordPage *page = NULL;
    if (admit(client, FAKE_DIFFSTAT, repository, error)) {
        FileChange record = {.path = "a.c", .lines_added = 2, .lines_removed = 1};
        page = make_page(&record, sizeof record, 1, 0, 1, repository);
    }
    g_mutex_unlock(&lock);
    return page;
}

/* ---- git.h: never asked, the engine has no folder for mirrors */

GitMirror *git_mirror_open(const GitMirrorConfig *config, GError **error)
{
    g_error("no mirror was asked for");
}

void git_mirror_free(GitMirror *mirror) {}

gboolean git_mirror_fetch(GitMirror *mirror, GitProgress progress, gpointer user_data,
                          gboolean *ret_refetched, GError **error)
{
    g_error("no mirror was asked for");
}

void git_mirror_cancel(GitMirror *mirror) {}

char *git_mirror_tips(GitMirror *mirror, GError **error)
{
    g_error("no mirror was asked for");
}

gboolean git_mirror_walk(GitMirror *mirror, const char *known_tips, GitCommitVisitor visitor,
                         gpointer user_data, GError **error)
{
    g_error("no mirror was asked for");
}

gboolean git_mirror_ranges(GitMirror *mirror, const GitRangeRequest *requests, gsize n_requests,
                           GitRangeVisitor visitor, gpointer user_data, GError **error)
{
    g_error("no mirror was asked for");
}

gboolean git_mirror_main_changes(GitMirror *mirror, const char *branch, const char *known,
                                 UtcTime now, GitMainChangeVisitor visitor, gpointer user_data,
                                 GError **error)
{
    g_error("no mirror was asked for");
}

gboolean git_mirror_branch_changes(GitMirror *mirror, const char *main_branch,
                                   const char *const *branches, UtcTime since, UtcTime now,
                                   GitMainChangeVisitor visitor, gpointer user_data, GError **error)
{
    g_error("no mirror was asked for");
}

gboolean git_mirror_branches(GitMirror *mirror, const char *main_branch, GitBranchVisitor visitor,
                             gpointer user_data, GError **error)
{
    g_error("no mirror was asked for");
}

gboolean git_mirror_try_merge(GitMirror *mirror, const char *ours, const char *theirs,
                              GitMergeTrial *ret_trial, GError **error)
{
    g_error("no mirror was asked for");
}

void git_merge_trial_clear(GitMergeTrial *trial) {}
