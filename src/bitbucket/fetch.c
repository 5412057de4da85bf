/* The public fetch functions: a question each, answered by one page. */
#include "bitbucket/dialect.h"

#include <string.h>

/* Where the list goes on: within the API base, and forward. */
static gboolean check_next(const ApiBase *base, const char *asked, const char *next,
                           const char *subject, GError **error)
{
    if (next == NULL)
        return TRUE;
    if (!api_base_covers(base, next)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FOREIGN_HOST,
                    "The next page of %s lies outside %s; it is not followed and the credential "
                    "is not sent there.",
                    subject, base->text);
        return FALSE;
    }
    gint64 here = url_page_number(asked), there = url_page_number(next);
    gboolean backwards = here != COUNT_ABSENT && there != COUNT_ABSENT && there <= here &&
                         strstr(next, "page=") != NULL;
    if (backwards || strcmp(asked, next) == 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                    "The next page of %s is one that has been read already.", subject);
        return FALSE;
    }
    return TRUE;
}

/* Goes on at a page's next instead of the beginning. */
static gboolean move_to(const ApiBase *base, const char *position, ClientRequest *request,
                        GError **error)
{
    if (position == NULL)
        return TRUE;
    if (!api_base_covers(base, position)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FOREIGN_HOST,
                    "The kept position of %s lies outside %s; the list must be read anew.",
                    request->subject, base->text);
        return FALSE;
    }
    g_free(request->url);
    request->url = g_strdup(position);
    return TRUE;
}

static gboolean make_request(BitbucketClient *client, const Question *question,
                             const char *position, ClientRequest *ret_request, GError **error)
{
    const ApiBase *base = client_base(client);
    g_auto(ClientRequest) request = {0};
    if (!client_dialect(client)->address(base, question, &request, error) ||
        !move_to(base, position, &request, error))
        return FALSE;
    *ret_request = request;
    request = (ClientRequest){0};
    return TRUE;
}

static RecordPage *read_page(BitbucketClient *client, const Question *question,
                             const ClientRequest *request, const ClientAnswer *answer,
                             GError **error)
{
    g_autoptr(RecordPage) page = client_dialect(client)->read(question, answer->root, error);
    if (page == NULL) {
        g_prefix_error(error, "Reading %s failed: ", request->subject);
        return NULL;
    }
    if (!check_next(client_base(client), request->url, page->next, request->subject, error))
        return NULL;
    page->server_time = answer->server_time;
    return g_steal_pointer(&page);
}

static RecordPage *fetch(BitbucketClient *client, const Question *question, const char *position,
                         GError **error)
{
    g_auto(ClientRequest) request = {0};
    g_auto(ClientAnswer) answer = {0};
    if (!make_request(client, question, position, &request, error) ||
        !client_exchange(client, &request, &answer, error) ||
        !client_accept(client, &request, &answer, error))
        return NULL;
    return read_page(client, question, &request, &answer, error);
}

RecordPage *bitbucket_fetch_workspace(BitbucketClient *client, const char *workspace,
                                      GError **error)
{
    return fetch(client, &(Question){.kind = ASK_WORKSPACE, .workspace = workspace}, NULL, error);
}

RecordPage *bitbucket_fetch_repositories(BitbucketClient *client, const char *workspace,
                                         UtcTime updated_from, const char *position, GError **error)
{
    return fetch(
        client,
        &(Question){.kind = ASK_REPOSITORIES, .workspace = workspace, .updated_from = updated_from},
        position, error);
}

RecordPage *bitbucket_fetch_repository(BitbucketClient *client, const char *repository,
                                       GError **error)
{
    return fetch(client, &(Question){.kind = ASK_REPOSITORY, .repository = repository}, NULL,
                 error);
}

/* The server fails on sort for some large repositories (API-FACTS 4.3), so the sorted first page is
 * repeated less often before it is asked for without. */
#define SORTED_RETRIES 2

RecordPage *bitbucket_fetch_pull_requests(BitbucketClient *client, const char *repository,
                                          const PullRequestQuery *query, const char *position,
                                          gboolean *ret_unsorted, GError **error)
{
    PullRequestQuery unsorted = *query;
    unsorted.unsorted = TRUE;
    Question question = {.kind = ASK_PULL_REQUESTS, .repository = repository, .query = query};
    if (query->unsorted || position != NULL)
        return fetch(client, &question, position, error);
    g_auto(ClientRequest) request = {0};
    g_auto(ClientAnswer) answer = {0};
    if (!make_request(client, &question, NULL, &request, error))
        return NULL;
    request.retries = SORTED_RETRIES;
    if (!client_exchange(client, &request, &answer, error))
        return NULL;
    if (answer.http.status < 500) {
        if (!client_accept(client, &request, &answer, error))
            return NULL;
        return read_page(client, &question, &request, &answer, error);
    }
    question.query = &unsorted;
    RecordPage *page = fetch(client, &question, NULL, error);
    if (page != NULL && ret_unsorted != NULL)
        *ret_unsorted = TRUE;
    return page;
}

RecordPage *bitbucket_fetch_pull_request(BitbucketClient *client, const char *repository,
                                         gint64 number, GError **error)
{
    return fetch(client,
                 &(Question){.kind = ASK_PULL_REQUEST, .repository = repository, .number = number},
                 NULL, error);
}

RecordPage *bitbucket_fetch_activity(BitbucketClient *client, const char *repository, gint64 number,
                                     const char *position, GError **error)
{
    return fetch(client,
                 &(Question){.kind = ASK_ACTIVITY, .repository = repository, .number = number},
                 position, error);
}

RecordPage *bitbucket_fetch_comments(BitbucketClient *client, const char *repository, gint64 number,
                                     const char *position, GError **error)
{
    return fetch(client,
                 &(Question){.kind = ASK_COMMENTS, .repository = repository, .number = number},
                 position, error);
}

RecordPage *bitbucket_fetch_pull_request_commits(BitbucketClient *client, const char *repository,
                                                 gint64 number, const char *position,
                                                 GError **error)
{
    return fetch(
        client,
        &(Question){.kind = ASK_PULL_REQUEST_COMMITS, .repository = repository, .number = number},
        position, error);
}

/* The same form goes with every page: whether next alone would do is not documented. */
RecordPage *bitbucket_fetch_commits(BitbucketClient *client, const char *repository,
                                    const char *const *include, const char *const *exclude,
                                    const char *position, GStrv *ret_unknown, GError **error)
{
    Question question = {
        .kind = ASK_COMMITS, .repository = repository, .include = include, .exclude = exclude};
    g_auto(ClientRequest) request = {0};
    g_auto(ClientAnswer) answer = {0};
    if (!make_request(client, &question, position, &request, error) ||
        !client_exchange(client, &request, &answer, error))
        return NULL;
    if (client_accept(client, &request, &answer, error))
        return read_page(client, &question, &request, &answer, error);
    if (answer.http.status == 404 && ret_unknown != NULL) {
        g_auto(ErrorBody) body = {0};
        error_body_read(&body, answer.root);
        *ret_unknown = g_steal_pointer(&body.shas);
    }
    return NULL;
}

RecordPage *bitbucket_fetch_diffstat(BitbucketClient *client, const char *repository,
                                     const char *source_hash, const char *destination_hash,
                                     const char *position, GError **error)
{
    Question question = {.kind = ASK_DIFFSTAT,
                         .repository = repository,
                         .source_hash = source_hash,
                         .destination_hash = destination_hash};
    g_auto(ClientRequest) request = {0};
    g_auto(ClientAnswer) answer = {0};
    if (!make_request(client, &question, position, &request, error) ||
        !client_exchange(client, &request, &answer, error))
        return NULL;
    if (answer.http.status == 400) { /* no common history, says API-FACTS 2.2 */
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_COMPUTABLE,
                    "Bitbucket answered 400 for %s: the two have no common history.",
                    request.subject);
        return NULL;
    }
    if (!client_accept(client, &request, &answer, error))
        return NULL;
    return read_page(client, &question, &request, &answer, error);
}

RecordPage *bitbucket_fetch_builds(BitbucketClient *client, const char *repository, gint64 number,
                                   const char *position, GError **error)
{
    return fetch(client,
                 &(Question){.kind = ASK_BUILDS, .repository = repository, .number = number},
                 position, error);
}

RecordPage *bitbucket_fetch_tasks(BitbucketClient *client, const char *repository, gint64 number,
                                  const char *position, GError **error)
{
    return fetch(client, &(Question){.kind = ASK_TASKS, .repository = repository, .number = number},
                 position, error);
}

RecordPage *bitbucket_fetch_pipelines(BitbucketClient *client, const char *repository,
                                      const char *branch, const char *position, GError **error)
{
    return fetch(client,
                 &(Question){.kind = ASK_PIPELINES, .repository = repository, .branch = branch},
                 position, error);
}

RecordPage *bitbucket_fetch_environments(BitbucketClient *client, const char *repository,
                                         const char *position, GError **error)
{
    return fetch(client, &(Question){.kind = ASK_ENVIRONMENTS, .repository = repository}, position,
                 error);
}

RecordPage *bitbucket_fetch_deployments(BitbucketClient *client, const char *repository,
                                        const char *position, GError **error)
{
    return fetch(client, &(Question){.kind = ASK_DEPLOYMENTS, .repository = repository}, position,
                 error);
}
