/* The credential check (API-FACTS 1.7): a few harmless questions. What their answers mean is put
 * into words in check_words.c. */
#include "bitbucket/check.h"
#include "bitbucket/credential.h"
#include "bitbucket/dialect.h"
#include "bitbucket/scopes.h"

#include <string.h>

static void check_clear(Check *check)
{
    credential_check_free(check->result);
    g_free(check->workspace);
    g_free(check->repository);
    g_free(check->only_repository);
    g_free(check->rejection);
    g_free(check->advice);
    g_free(check->unseen);
    g_free(check->words);
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

static void keep_words(Check *check, const ClientAnswer *answer, const char *subject)
{
    g_auto(ErrorBody) body = {0};
    error_body_read(&body, answer->root);
    g_autofree char *sentence = error_body_sentence(&body);
    g_autofree char *safe = log_redact(sentence);
    g_free(check->words);
    check->words =
        *safe != '\0'
            ? g_strdup_printf("Bitbucket answered %ld for %s, in its words: \"%s\"",
                              answer->http.status, subject, safe)
            : g_strdup_printf("Bitbucket answered %ld for %s.", answer->http.status, subject);
}

static void reject(Check *check, const ClientAnswer *answer, const char *subject)
{
    if (check->rejection != NULL)
        return;
    const Credential *credential = client_credential(check->client);
    const char *mistaken = credential_mistaken(credential);
    check->rejection =
        g_strdup_printf("Bitbucket does not accept this %s.", credential_kind_title(check->kind));
    check->advice = g_strdup(mistaken != NULL ? mistaken : credential_advice(check->kind));
    keep_words(check, answer, subject);
}

/* The place that was asked for is not there, or not for this credential. */
static void note_unseen(Check *check, const ClientAnswer *answer, const char *what,
                        const char *place, const char *subject)
{
    if (answer->http.status != 404 || check->unseen != NULL)
        return;
    check->unseen = g_strdup_printf("the %s '%s'", what, place);
    keep_words(check, answer, subject);
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
    if (full_name != NULL && check->result->repositories == 1)
        check->only_repository = g_strdup(full_name);
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
    else if (check->repository == NULL) {
        note_refusal(check, &answer, subject);
        note_unseen(check, &answer, "workspace", check->workspace, subject);
    }
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
    else if (answer.http.status != 200) {
        note_refusal(check, &answer, subject);
        note_unseen(check, &answer, "repository", check->repository, subject);
    }
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
    check_conclude(&check, expires);
    *ret_check = g_steal_pointer(&check.result);
    return TRUE;
}
