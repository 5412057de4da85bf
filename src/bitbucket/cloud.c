/* Bitbucket Cloud's addresses. Page lengths and what is left out of the answers:
 * API-FACTS 4.1, 4.2,
 * 5. An exclusion keeps everything else, next included. */
#include "bitbucket/dialect.h"

#include <string.h>

#define PERSON_NOISE(path) ",-" path ".links"

/* Beside the parts that lists leave out unless asked, the bulk that nothing here reads. */
static const char PULL_REQUEST_FIELDS[] =
    "+values.participants,+values.reviewers,-values.description,-values.summary,-values.rendered,"
    "-values.links.self,-values.links.commits,-values.links.approve,-values.links.request-changes,"
    "-values.links.diff,-values.links.diffstat,-values.links.comments,-values.links.activity,"
    "-values.links.merge,-values.links.decline,-values.links.statuses,"
    "-values.source.commit.links,-values.source.repository.links,"
    "-values.destination.commit.links,-values.destination.repository,-values.merge_commit."
    "links" PERSON_NOISE("values.author") PERSON_NOISE("values.closed_by")
        PERSON_NOISE("values.reviewers") PERSON_NOISE("values.participants.user");

static const char ACTIVITY_FIELDS[] =
    "-values.pull_request.title,-values.pull_request.links,"
    "-values.update.title,-values.update.description,-values.update.reviewers,"
    "-values.update.source.repository,-values.update.source.commit.links,"
    "-values.update.destination.repository,-values.update.destination.commit.links,"
    "-values.approval.pullrequest,-values.changes_requested.pullrequest,"
    "-values.comment.pullrequest,-values.comment.links,-values.comment.content.html" PERSON_NOISE(
        "values.update.author") PERSON_NOISE("values.approval.user")
        PERSON_NOISE("values.changes_requested.user") PERSON_NOISE("values.comment.user");

static const char COMMENT_FIELDS[] = "-values.links,-values.content.html,-values.pullrequest.links,"
                                     "-values.pullrequest.title,-values.user.links";

static const char COMMIT_FIELDS[] =
    "-values.links,-values.summary,-values.rendered,"
    "-values.repository,-values.parents.links" PERSON_NOISE("values.author.user");

static const char DIFFSTAT_FIELDS[] = "-values.old.links,-values.new.links";

static const char BUILD_FIELDS[] =
    "-values.description,-values.repository,-values.links.self,-values.commit.links";

static const char TASK_FIELDS[] =
    "-values.content,-values.links,-values.comment.links" PERSON_NOISE("values.creator")
        PERSON_NOISE("values.resolved_by");

static const char REPOSITORY_FIELDS[] = "-values.owner,-values.description";

static void append_parameter(GString *url, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(url, "%c%s=%s", strchr(url->str, '?') != NULL ? '&' : '?', name,
                           escaped);
}

/* "2026-11-02T11:25:52.591232+00:00", the form that Bitbucket itself writes. */
static void append_time(GString *text, UtcTime time)
{
    char buffer[TIME_TEXT_SIZE];
    const char *formatted = time_format(time, buffer);
    g_string_append_len(text, formatted, (gssize) strlen(formatted) - 1); /* without its Z */
    g_string_append(text, "+00:00");
}

static void append_updated_filter(GString *url, UtcTime from, UtcTime before)
{
    g_autoptr(GString) filter = g_string_new(NULL);
    if (from != TIME_ABSENT) {
        g_string_append(filter, "updated_on >= ");
        append_time(filter, from);
    }
    if (before != TIME_ABSENT) {
        g_string_append(filter, filter->len > 0 ? " AND updated_on < " : "updated_on < ");
        append_time(filter, before);
    }
    if (filter->len > 0)
        append_parameter(url, "q", filter->str);
}

static void address_repositories(GString *url, const Question *question)
{
    append_parameter(url, "pagelen", "100");
    append_parameter(url, "fields", REPOSITORY_FIELDS);
    if (question->updated_from == TIME_ABSENT)
        return;
    append_parameter(url, "sort", "updated_on");
    append_updated_filter(url, question->updated_from, TIME_ABSENT);
}

#define PULL_REQUESTS_A_PAGE 50u /* the most that Bitbucket gives */

static void address_pull_requests(GString *url, const Question *question)
{
    const PullRequestQuery *query = question->query;
    g_string_append(url, "/pullrequests?state=OPEN");
    if (!query->only_open)
        g_string_append(url, "&state=MERGED&state=DECLINED&state=SUPERSEDED");
    g_autofree char *length =
        g_strdup_printf("%u", query->page_length > 0 ? query->page_length : PULL_REQUESTS_A_PAGE);
    append_parameter(url, "pagelen", length);
    append_updated_filter(url, query->updated_from, query->updated_before);
    if (!query->unsorted)
        append_parameter(url, "sort", "-updated_on");
    append_parameter(url, "fields", PULL_REQUEST_FIELDS);
}

static void address_activity(GString *url, const Question *question)
{
    g_string_append(url, "/pullrequests/");
    if (question->number > 0)
        g_string_append_printf(url, "%" G_GINT64_FORMAT "/", question->number);
    g_string_append(url, "activity");
    append_parameter(url, "pagelen", "50");
    append_parameter(url, "fields", ACTIVITY_FIELDS);
}

static void address_part(GString *url, const Question *question, const char *part,
                         const char *fields)
{
    g_string_append_printf(url, "/pullrequests/%" G_GINT64_FORMAT "/%s", question->number, part);
    append_parameter(url, "pagelen", "100");
    append_parameter(url, "fields", fields);
}

/* The pipelines service: the slash at the end is needed, fields cannot be relied on, and only
 * pipelines can be sorted (deployments come newest first). */
static void address_delivery(GString *url, const char *part)
{
    g_string_append_printf(url, "/%s/", part);
    append_parameter(url, "pagelen", "100");
}

static void address_pipelines(GString *url, const Question *question)
{
    address_delivery(url, "pipelines");
    append_parameter(url, "sort", "-created_on");
    if (question->branch != NULL)
        append_parameter(url, "target.branch", question->branch);
}

static gboolean is_hash(const char *text)
{
    gsize length = text != NULL ? strlen(text) : 0;
    return length >= 4 && length <= 64 && strspn(text, "0123456789abcdefABCDEF") == length;
}

static gboolean append_hashes(GString *form, const char *name, const char *const *hashes,
                              GError **error)
{
    gsize count = 0;
    for (; hashes != NULL && *hashes != NULL; hashes++) {
        if (!is_hash(*hashes) || ++count > 1000) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "\"%.80s\" is no commit hash, or there are more than 1000", *hashes);
            return FALSE;
        }
        g_string_append_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", name, *hashes);
    }
    return TRUE;
}

/* A POST, because a hundred hashes are too long for an address. */
static gboolean address_commits(GString *url, const Question *question, char **ret_form,
                                GError **error)
{
    if (question->include != NULL && g_strv_length((GStrv) question->include) > 100) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "at most 100 commits can be asked for at once");
        return FALSE;
    }
    g_autoptr(GString) form = g_string_new(NULL);
    if (!append_hashes(form, "include", question->include, error) ||
        !append_hashes(form, "exclude", question->exclude, error))
        return FALSE;
    g_string_append(url, "/commits");
    append_parameter(url, "pagelen", "100");
    append_parameter(url, "fields", COMMIT_FIELDS);
    *ret_form = g_strdup(form->str);
    return TRUE;
}

/* No page length: the default of 500 is more than may be asked for. topic: against the merge base.
 * The source comes first, opposite to git. */
static gboolean address_diffstat(GString *url, const Question *question, GError **error)
{
    if (!is_hash(question->source_hash) || !is_hash(question->destination_hash)) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "a difference needs two commit hashes");
        return FALSE;
    }
    g_string_append_printf(url, "/diffstat/%s..%s?topic=true", question->source_hash,
                           question->destination_hash);
    append_parameter(url, "fields", DIFFSTAT_FIELDS);
    return TRUE;
}

static gboolean address_tail(GString *url, const Question *question, char **ret_form,
                             GError **error)
{
    switch (question->kind) {
    case ASK_WORKSPACE:
    case ASK_REPOSITORY:
        return TRUE;
    case ASK_REPOSITORIES:
        address_repositories(url, question);
        return TRUE;
    case ASK_PULL_REQUESTS:
        address_pull_requests(url, question);
        return TRUE;
    case ASK_PULL_REQUEST:
        g_string_append_printf(url, "/pullrequests/%" G_GINT64_FORMAT, question->number);
        return TRUE;
    case ASK_ACTIVITY:
        address_activity(url, question);
        return TRUE;
    case ASK_COMMENTS:
        address_part(url, question, "comments", COMMENT_FIELDS);
        return TRUE;
    case ASK_PULL_REQUEST_COMMITS:
        address_part(url, question, "commits", COMMIT_FIELDS);
        return TRUE;
    case ASK_COMMITS:
        return address_commits(url, question, ret_form, error);
    case ASK_DIFFSTAT:
        return address_diffstat(url, question, error);
    case ASK_BUILDS:
        address_part(url, question, "statuses", BUILD_FIELDS);
        return TRUE;
    case ASK_TASKS:
        address_part(url, question, "tasks", TASK_FIELDS);
        return TRUE;
    case ASK_PIPELINES:
        address_pipelines(url, question);
        return TRUE;
    case ASK_ENVIRONMENTS:
        address_delivery(url, "environments");
        return TRUE;
    case ASK_DEPLOYMENTS:
        address_delivery(url, "deployments");
        return TRUE;
    }
    return FALSE;
}

static char *subject_of(const Question *question)
{
    switch (question->kind) {
    case ASK_WORKSPACE:
        return g_strdup_printf("the workspace %s", question->workspace);
    case ASK_REPOSITORIES:
        return g_strdup_printf("the repositories of %s", question->workspace);
    case ASK_REPOSITORY:
        return g_strdup_printf("the repository %s", question->repository);
    case ASK_PULL_REQUESTS:
        return g_strdup_printf("the pull requests of %s", question->repository);
    case ASK_ACTIVITY:
        if (question->number == 0)
            return g_strdup_printf("the activity of %s", question->repository);
        break;
    case ASK_COMMITS:
        return g_strdup_printf("the commits of %s", question->repository);
    case ASK_DIFFSTAT:
        return g_strdup_printf("the difference %.12s..%.12s of %s", question->source_hash,
                               question->destination_hash, question->repository);
    case ASK_PIPELINES:
        return g_strdup_printf("the pipelines of %s", question->repository);
    case ASK_ENVIRONMENTS:
        return g_strdup_printf("the environments of %s", question->repository);
    case ASK_DEPLOYMENTS:
        return g_strdup_printf("the deployments of %s", question->repository);
    default:
        break;
    }
    const char *part = question->kind == ASK_ACTIVITY               ? "the activity of "
                       : question->kind == ASK_BUILDS               ? "the builds of "
                       : question->kind == ASK_TASKS                ? "the tasks of "
                       : question->kind == ASK_COMMENTS             ? "the comments of "
                       : question->kind == ASK_PULL_REQUEST_COMMITS ? "the commits of "
                                                                    : "";
    return g_strdup_printf("%spull request %" G_GINT64_FORMAT " of %s", part, question->number,
                           question->repository);
}

static gboolean needs_number(AskKind kind)
{
    return kind == ASK_PULL_REQUEST || kind == ASK_COMMENTS || kind == ASK_PULL_REQUEST_COMMITS ||
           kind == ASK_BUILDS || kind == ASK_TASKS;
}

static gboolean cloud_address(const ApiBase *base, const Question *question,
                              ClientRequest *ret_request, GError **error)
{
    gboolean of_workspace = question->kind == ASK_WORKSPACE || question->kind == ASK_REPOSITORIES;
    g_autofree char *path = of_workspace ? url_segment(question->workspace, "workspace", error)
                                         : url_repository_path(question->repository, error);
    if (path == NULL)
        return FALSE;
    if (question->number < (needs_number(question->kind) ? 1 : 0)) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "a pull request's number is positive");
        return FALSE;
    }
    const char *root = question->kind == ASK_WORKSPACE ? "workspaces" : "repositories";
    g_autoptr(GString) url = g_string_new(NULL);
    g_string_printf(url, "%s/%s/%s", base->text, root, path);
    char *form = NULL;
    if (!address_tail(url, question, &form, error))
        return FALSE;
    *ret_request = (ClientRequest){
        .url = g_strdup(url->str),
        .form = form,
        .subject = subject_of(question),
        .retries = G_MAXUINT,
    };
    return TRUE;
}

static RecordPage *cloud_read(const Question *question, json_t *root, GError **error)
{
    static const DecodeKind KINDS[] = {
        [ASK_WORKSPACE] = DECODE_WORKSPACE,         [ASK_REPOSITORIES] = DECODE_REPOSITORY_LIST,
        [ASK_REPOSITORY] = DECODE_REPOSITORY,       [ASK_PULL_REQUESTS] = DECODE_PULL_REQUEST_LIST,
        [ASK_PULL_REQUEST] = DECODE_PULL_REQUEST,   [ASK_ACTIVITY] = DECODE_ACTIVITY_LIST,
        [ASK_COMMENTS] = DECODE_COMMENT_LIST,       [ASK_PULL_REQUEST_COMMITS] = DECODE_COMMIT_LIST,
        [ASK_COMMITS] = DECODE_COMMIT_LIST,         [ASK_DIFFSTAT] = DECODE_DIFFSTAT_LIST,
        [ASK_BUILDS] = DECODE_BUILD_LIST,           [ASK_TASKS] = DECODE_TASK_LIST,
        [ASK_PIPELINES] = DECODE_PIPELINE_LIST,     [ASK_ENVIRONMENTS] = DECODE_ENVIRONMENT_LIST,
        [ASK_DEPLOYMENTS] = DECODE_DEPLOYMENT_LIST,
    };
    return decode_document(KINDS[question->kind], root, NULL, error);
}

const Dialect CLOUD_DIALECT = {.name = "cloud", .address = cloud_address, .read = cloud_read};
