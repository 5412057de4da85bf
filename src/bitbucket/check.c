/* The credential check (API-FACTS 1.7): a few harmless questions, and what their answers mean put
 * into words. */
#include "bitbucket/credential.h"
#include "bitbucket/dialect.h"
#include "bitbucket/scopes.h"

#include <string.h>

/* What the questions have brought so far. */
typedef struct {
    BitbucketClient *client;
    CredentialKind kind;
    CredentialCheck *result;
    char *workspace, *repository; /* as given or found */
    char *rejection;              /* why the credential is not accepted */
    GPtrArray *missing;           /* char *, learnt from 403 bodies */
    PlumblineErrorCode trouble;   /* first other problem; INTERNAL while there is none */
    char *trouble_words;
    gboolean repositories_readable, pull_requests_readable;
    gboolean at_least; /* there are more repositories than were counted */
    UtcTime server_time;
} Check;

static void check_clear(Check *check)
{
    credential_check_free(check->result);
    g_free(check->workspace);
    g_free(check->repository);
    g_free(check->rejection);
    g_clear_pointer(&check->missing, g_ptr_array_unref);
    g_free(check->trouble_words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

void credential_check_free(CredentialCheck *check)
{
    if (check == NULL)
        return;
    g_free(check->identity);
    g_free(check->credential_type);
    g_strfreev(check->scopes_present);
    g_strfreev(check->scopes_missing);
    g_strfreev(check->scopes_unneeded);
    g_ptr_array_unref(check->sentences);
    g_free(check);
}

static void say(Check *check, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(Check *check, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(check->result->sentences, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static char *copy_short(const char *text)
{
    return snippet_of_bytes(text, MIN(strlen(text), 200));
}

/* ---- asking ---- */

static void learn_from_headers(Check *check, const ClientAnswer *answer)
{
    const char *type = http_answer_header(&answer->http, "x-credential-type");
    const char *scopes = http_answer_header(&answer->http, "x-oauth-scopes");
    if (type != NULL && check->result->credential_type == NULL)
        check->result->credential_type = copy_short(type);
    if (scopes != NULL && check->result->scopes_present == NULL)
        check->result->scopes_present = scopes_parse(scopes);
    if (answer->server_time != TIME_ABSENT)
        check->server_time = answer->server_time;
}

/* One question below the API base. FALSE when it could not be asked at all; a credential that gets
 * no OAuth token counts as an answer: 401. */
static gboolean ask(Check *check, const char *path, const char *subject, ClientAnswer *ret_answer,
                    GError **error)
{
    g_auto(ClientRequest) request = {
        .url = g_strconcat(client_base(check->client)->text, path, NULL),
        .subject = g_strdup(subject),
        .retries = G_MAXUINT,
    };
    g_autoptr(GError) failure = NULL;
    if (!client_exchange(check->client, &request, ret_answer, &failure)) {
        if (!error_is(failure, PLUMBLINE_ERROR_CREDENTIAL_REJECTED)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        check->rejection = g_strdup(failure->message);
        *ret_answer = (ClientAnswer){.http.status = 401, .server_time = TIME_ABSENT};
        return TRUE;
    }
    learn_from_headers(check, ret_answer);
    if (ret_answer->http.status < 500)
        return TRUE;
    failure_describe(client_credential(check->client), subject, ret_answer->http.status,
                     ret_answer->root, error);
    client_answer_clear(ret_answer);
    return FALSE;
}

static void reject(Check *check, const ClientAnswer *answer, const char *subject)
{
    if (check->rejection != NULL)
        return;
    g_autoptr(GError) why = NULL;
    failure_describe(client_credential(check->client), subject, 401, answer->root, &why);
    check->rejection = g_strdup(why->message);
}

/* Keeps what a refusal says: scopes that are missing, else the first trouble. */
static void note_refusal(Check *check, const ClientAnswer *answer, const char *subject)
{
    g_autoptr(GError) why = NULL;
    g_auto(ErrorBody) body = {0};
    failure_describe(client_credential(check->client), subject, answer->http.status, answer->root,
                     &why);
    error_body_read(&body, answer->root);
    if (error_is(why, PLUMBLINE_ERROR_SCOPE_MISSING)) {
        for (char **scope = body.required; *scope != NULL; scope++)
            if (!g_ptr_array_find_with_equal_func(check->missing, *scope, g_str_equal, NULL))
                g_ptr_array_add(check->missing, g_strdup(*scope));
        if (check->result->scopes_present == NULL && body.granted != NULL)
            check->result->scopes_present = g_strdupv(body.granted);
        return;
    }
    if (check->trouble != PLUMBLINE_ERROR_INTERNAL)
        return;
    check->trouble = (PlumblineErrorCode) why->code;
    check->trouble_words = g_strdup(why->message);
}

/* ---- the questions ---- */

/* Who it is. Access tokens have no user behind them, so their 401 here says nothing. */
static gboolean ask_user(Check *check, GError **error)
{
    g_auto(ClientAnswer) answer = {0};
    if (!ask(check, "/user", "the user behind the credential", &answer, error))
        return FALSE;
    if (answer.http.status == 401 && credential_is_personal(check->kind))
        reject(check, &answer, "the user behind the credential");
    const char *name = json_string_value(json_member(answer.root, "display_name"));
    if (answer.http.status != 200 || name == NULL)
        return TRUE;
    g_autofree char *shown = copy_short(name);
    const char *type = json_string_value(json_member(answer.root, "type"));
    check->result->identity =
        g_strcmp0(type, "app_user") == 0
            ? g_strdup_printf("%s '%s'", credential_kind_title(check->kind), shown)
            : g_steal_pointer(&shown);
    return TRUE;
}

/* A person without a given workspace: the first one that Bitbucket lists. */
static gboolean find_workspace(Check *check, GError **error)
{
    g_auto(ClientAnswer) answer = {0};
    const char *subject = "the workspaces of this person";
    if (!ask(check, "/user/workspaces?pagelen=10", subject, &answer, error))
        return FALSE;
    if (answer.http.status != 200) {
        note_refusal(check, &answer, subject);
        return TRUE;
    }
    json_t *first = json_array_get(json_member(answer.root, "values"), 0);
    const char *slug = json_string_value(json_path(first, "workspace.slug"));
    if (slug != NULL)
        check->workspace = g_strdup(slug);
    return TRUE;
}

static void count_repositories(Check *check, json_t *root)
{
    json_t *values = json_member(root, "values");
    json_t *size = json_member(root, "size");
    check->result->repositories = json_is_integer(size) ? (gint64) json_integer_value(size)
                                                        : (gint64) json_array_size(values);
    check->at_least = !json_is_integer(size) && json_member(root, "next") != NULL;
    check->repositories_readable = TRUE;
    const char *full_name = json_string_value(json_member(json_array_get(values, 0), "full_name"));
    if (check->repository == NULL && full_name != NULL)
        check->repository = g_strdup(full_name);
}

/* Which repositories it sees. A repository token need not see the workspace's list. */
static gboolean ask_repositories(Check *check, GError **error)
{
    g_autofree char *segment = url_segment(check->workspace, "workspace", error);
    if (segment == NULL)
        return FALSE;
    g_autofree char *path = g_strdup_printf(
        "/repositories/%s?pagelen=10&fields=values.uuid,values.full_name,size,next", segment);
    g_autofree char *subject = g_strdup_printf("the repositories of %s", check->workspace);
    g_auto(ClientAnswer) answer = {0};
    if (!ask(check, path, subject, &answer, error))
        return FALSE;
    if (answer.http.status == 200)
        count_repositories(check, answer.root);
    else if (answer.http.status == 401 && check->repository == NULL)
        reject(check, &answer, subject);
    else if (check->repository == NULL)
        note_refusal(check, &answer, subject);
    return TRUE;
}

static gboolean ask_repository_part(Check *check, const char *part, const char *what,
                                    gboolean *ret_readable, GError **error)
{
    g_autofree char *escaped = url_repository_path(check->repository, error);
    if (escaped == NULL)
        return FALSE;
    g_autofree char *path = g_strdup_printf("/repositories/%s%s", escaped, part);
    g_autofree char *subject = g_strdup_printf("%s %s", what, check->repository);
    g_auto(ClientAnswer) answer = {0};
    if (!ask(check, path, subject, &answer, error))
        return FALSE;
    *ret_readable = answer.http.status == 200;
    if (answer.http.status == 401)
        reject(check, &answer, subject);
    else if (answer.http.status != 200)
        note_refusal(check, &answer, subject);
    return TRUE;
}

static gboolean ask_all(Check *check, GError **error)
{
    if (!ask_user(check, error))
        return FALSE;
    if (check->rejection != NULL)
        return TRUE;
    if (check->workspace == NULL && !find_workspace(check, error))
        return FALSE;
    if (check->workspace == NULL)
        return TRUE;
    if (!ask_repositories(check, error))
        return FALSE;
    if (check->rejection != NULL || check->repository == NULL)
        return TRUE;
    if (!ask_repository_part(check, "?fields=uuid,full_name", "the repository",
                             &check->repositories_readable, error))
        return FALSE;
    if (check->rejection != NULL)
        return TRUE;
    return ask_repository_part(check, "/pullrequests?pagelen=10&fields=values.id",
                               "the pull requests of", &check->pull_requests_readable, error);
}

/* ---- the verdict ---- */

static void settle_scopes(Check *check)
{
    CredentialCheck *result = check->result;
    if (result->scopes_present != NULL) {
        const char *const *present = (const char *const *) result->scopes_present;
        g_auto(GStrv) missing = scopes_missing(check->kind, present);
        for (char **scope = missing; *scope != NULL; scope++)
            if (!g_ptr_array_find_with_equal_func(check->missing, *scope, g_str_equal, NULL))
                g_ptr_array_add(check->missing, g_strdup(*scope));
        result->scopes_unneeded = scopes_unneeded(check->kind, present);
    }
    g_ptr_array_add(check->missing, NULL);
    result->scopes_missing = g_strdupv((GStrv) check->missing->pdata);
}

static void say_outcome(Check *check)
{
    CredentialCheck *result = check->result;
    const char *title = credential_kind_title(check->kind);
    if (check->rejection != NULL) {
        say(check, "%s", check->rejection);
        return;
    }
    gboolean named = result->identity != NULL && g_str_has_prefix(result->identity, title);
    if (result->works && named)
        say(check, "The %s works.", result->identity);
    else if (result->works && result->identity != NULL)
        say(check, "The %s works: it is %s.", title, result->identity);
    else if (result->works)
        say(check, "The %s works.", title);
    else if (named)
        say(check, "Bitbucket knows the %s, but it is not enough.", result->identity);
    else if (result->identity != NULL)
        say(check, "Bitbucket knows the %s (%s), but it is not enough.", title, result->identity);
    else
        say(check, "Bitbucket knows the %s, but it is not enough.", title);
    for (char **scope = result->scopes_missing; *scope != NULL; scope++)
        say(check,
            "It lacks the scope %s, without which %s cannot be read. Create one that has it.",
            *scope, scopes_purpose(*scope));
    if (check->trouble_words != NULL)
        say(check, "%s", check->trouble_words);
}

static void say_reach(Check *check)
{
    CredentialCheck *result = check->result;
    if (check->workspace == NULL && check->rejection == NULL)
        say(check, "It belongs to no workspace that it can list; give the workspace's name.");
    else if (result->repositories == 0)
        say(check, "It sees no repository in %s.", check->workspace);
    else if (result->repositories > 0)
        say(check, "It sees %s%" G_GINT64_FORMAT " %s in %s.", check->at_least ? "at least " : "",
            result->repositories, result->repositories == 1 ? "repository" : "repositories",
            check->workspace);
    if (check->pull_requests_readable)
        say(check, "It reads the pull requests of %s.", check->repository);
    if (result->scopes_present != NULL && result->scopes_present[0] != NULL) {
        g_autofree char *scopes = g_strjoinv(", ", result->scopes_present);
        say(check, "Its scopes: %s.", scopes);
    }
    if (result->scopes_unneeded != NULL && result->scopes_unneeded[0] != NULL) {
        g_autofree char *scopes = g_strjoinv(", ", result->scopes_unneeded);
        say(check, "It may do more than Plumbline needs (%s). One that can only read is safer.",
            scopes);
    }
}

static const char *days_word(gint64 days)
{
    return days == 1 ? "day" : "days";
}

static void say_expiry(Check *check, UtcTime expires)
{
    gint64 days = check->result->days_to_expiry;
    if (expires == TIME_ABSENT)
        say(check, "No expiry date was given, and Bitbucket does not tell it: enter the date to be "
                   "warned in time.");
    else if (days < 0)
        say(check, "By the date given it expired %" G_GINT64_FORMAT " %s ago.", -days,
            days_word(-days));
    else if (days <= CREDENTIAL_WARNING_DAYS)
        say(check, "It expires in %" G_GINT64_FORMAT " %s: create its successor now.", days,
            days_word(days));
    else
        say(check, "It expires in %" G_GINT64_FORMAT " days.", days);
}

/* Whole days, the day under way not counted; a moment after the date is one day ago. */
static gint64 days_until(UtcTime expires, UtcTime now)
{
    Duration left = expires - now;
    return left >= 0 ? left / TIME_DAY : -((-left + TIME_DAY - 1) / TIME_DAY);
}

static void conclude(Check *check, UtcTime expires)
{
    CredentialCheck *result = check->result;
    settle_scopes(check);
    result->works =
        check->rejection == NULL && check->repositories_readable && check->pull_requests_readable;
    if (check->repositories_readable && result->repositories == 0 && check->missing->len == 1)
        result->works = TRUE; /* an empty workspace is no fault of the credential */
    if (check->rejection != NULL)
        result->code = PLUMBLINE_ERROR_CREDENTIAL_REJECTED;
    else if (result->scopes_missing[0] != NULL)
        result->code = PLUMBLINE_ERROR_SCOPE_MISSING;
    else if (check->trouble != PLUMBLINE_ERROR_INTERNAL)
        result->code = check->trouble;
    else
        result->code = PLUMBLINE_ERROR_NOT_FOUND;
    if (expires != TIME_ABSENT)
        result->days_to_expiry = days_until(
            expires, check->server_time != TIME_ABSENT ? check->server_time : time_now());
    say_outcome(check);
    say_expiry(check, expires);
    say_reach(check);
}

static gboolean check_begin(Check *check, const char *workspace, const char *repository,
                            GError **error)
{
    check->workspace = g_strdup(workspace);
    check->repository = g_strdup(repository);
    if (repository != NULL) {
        g_autofree char *path = url_repository_path(repository, error);
        if (path == NULL)
            return FALSE;
        if (workspace == NULL)
            check->workspace = g_strndup(repository, strcspn(repository, "/"));
    }
    if (check->workspace == NULL && !credential_is_personal(check->kind)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "Bitbucket does not tell where a %s belongs: give the workspace or the "
                    "repository.",
                    credential_kind_title(check->kind));
        return FALSE;
    }
    return TRUE;
}

gboolean bitbucket_check_credential(BitbucketClient *client, const char *workspace,
                                    const char *repository, UtcTime expires,
                                    CredentialCheck **ret_check, GError **error)
{
    g_auto(Check) check = {
        .client = client,
        .kind = client_credential(client)->kind,
        .result = g_new0(CredentialCheck, 1),
        .missing = g_ptr_array_new_with_free_func(g_free),
        .trouble = PLUMBLINE_ERROR_INTERNAL,
        .server_time = TIME_ABSENT,
    };
    check.result->sentences = g_ptr_array_new_with_free_func(g_free);
    check.result->repositories = COUNT_ABSENT;
    check.result->days_to_expiry = COUNT_ABSENT;
    if (!check_begin(&check, workspace, repository, error) || !ask_all(&check, error))
        return FALSE;
    conclude(&check, expires);
    *ret_check = g_steal_pointer(&check.result);
    return TRUE;
}
