/*
 * Connecting to Bitbucket: checking a credential, keeping it, renewing, disconnecting. Which host
 * is asked is the operator's to say, never the browser's. A secret comes in a body, goes to the
 * store sealed, and is told to the log so that it is blotted out; no answer holds it.
 */
#include "insight/insight.h"
#include "web/proposing.h"

#include <string.h>

#define CHECKS_MOST   2 /* workers that may wait for Bitbucket at once */
#define PATTERNS_MOST 50

/* ---- at most one check of an administrator at a time, and never all workers */

gboolean web_begin_check(const WebCall *call, WebReply *reply)
{
    WebServer *server = call->server;
    gboolean is_own = FALSE;
    g_mutex_lock(&server->lock);
    for (guint i = 0; i < server->checking->len; i++)
        is_own |= g_array_index(server->checking, gint64, i) == call->caller->account_id;
    gboolean is_free = !is_own && server->checking->len < CHECKS_MOST;
    if (is_free)
        g_array_append_val(server->checking, call->caller->account_id);
    g_mutex_unlock(&server->lock);
    if (!is_free)
        reply_problem(reply, 409, "busy",
                      is_own ? "Another check of yours is under way."
                             : "Others are asking Bitbucket at this moment.",
                      "Try again when it has ended, in a few seconds.");
    return is_free;
}

void web_end_check(const WebCall *call)
{
    GArray *checking = call->server->checking;
    g_mutex_lock(&call->server->lock);
    for (guint i = 0; i < checking->len; i++)
        if (g_array_index(checking, gint64, i) == call->caller->account_id) {
            g_array_remove_index_fast(checking, i);
            break;
        }
    g_mutex_unlock(&call->server->lock);
}

/* ---- what is asked for */

typedef struct {
    json_t *body;
    SyncConnectRequest request; /* borrows from the body */
    const char **patterns;
} Form;

static void form_clear(Form *form)
{
    const char *secret = json_string_value(json_object_get(form->body, "secret"));
    if (secret != NULL)
        explicit_bzero((char *) (gsize) secret, strlen(secret));
    json_decref(form->body);
    g_free(form->patterns);
    *form = (Form){0};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Form, form_clear)

static gboolean has_member(json_t *body, const char *name)
{
    json_t *member = json_object_get(body, name);
    return member != NULL && !json_is_null(member);
}

static gboolean needs_account(CredentialKind kind)
{
    return kind == CREDENTIAL_API_TOKEN || kind == CREDENTIAL_APP_PASSWORD ||
           kind == CREDENTIAL_OAUTH_CLIENT;
}

/* The sentences never repeat what was sent. */
static const char *need_secret(json_t *body, GError **error)
{
    json_t *member = json_object_get(body, "secret");
    const char *secret = json_string_value(member);
    gboolean is_clean = secret != NULL && json_string_length(member) == strlen(secret) &&
                        *secret != '\0' && strlen(secret) < LIMIT_SECRET;
    for (const char *c = secret; is_clean && *c != '\0'; c++)
        is_clean = *c > ' ' && *c != 0x7f;
    if (is_clean) {
        log_add_secret(secret);
        return secret;
    }
    web_invalid(error, "The token is missing, or holds a blank, a line break or a character that "
                       "no token has. Copy it again, alone.");
    return NULL;
}

static gboolean read_expiry(json_t *body, CredentialKind kind, UtcTime now, UtcTime *ret_expires,
                            GError **error)
{
    *ret_expires = TIME_ABSENT;
    if (!has_member(body, "expires"))
        return kind != CREDENTIAL_API_TOKEN ||
               web_invalid(error, "An API token always has an expiry date, which Bitbucket does "
                                  "not tell: enter it, to be warned in time.");
    const char *text = web_need_text(body, "expires", error);
    if (text == NULL)
        return FALSE;
    if (strlen(text) != 10 || !time_parse(text, -1, ret_expires, NULL))
        return web_invalid(error, "The expiry date is not a date like 2027-03-31.");
    if (*ret_expires <= now)
        return web_invalid(error, "By the expiry date the credential has expired already. Make a "
                                  "new one in Bitbucket, or correct the date.");
    if (*ret_expires > now + CREDENTIAL_LONGEST_LIFE)
        return web_invalid(error, "The expiry date is more than 365 days ahead; Bitbucket's tokens "
                                  "live a year at most.");
    return TRUE;
}

static gboolean read_patterns(Form *form, GError **error)
{
    json_t *list = json_object_get(form->body, "patterns"), *item;
    gsize i;
    if (!has_member(form->body, "patterns"))
        return TRUE;
    if (!json_is_array(list) || json_array_size(list) > PATTERNS_MOST)
        return web_invalid(error, "\"patterns\" must be a list of at most %d texts.",
                           PATTERNS_MOST);
    form->patterns = g_new0(const char *, json_array_size(list) + 1);
    json_array_foreach(list, i, item)
    {
        const char *text = json_string_value(item);
        if (text == NULL || *text == '\0' || strlen(text) > LIMIT_NAME ||
            strpbrk(text, "\r\n") != NULL)
            return web_invalid(error, "\"patterns\" holds something that is no pattern.");
        form->patterns[i] = text;
    }
    form->request.patterns = form->patterns;
    return TRUE;
}

static gboolean read_place(Form *form, GError **error)
{
    SyncConnectRequest *request = &form->request;
    if (has_member(form->body, "workspace") &&
        (request->workspace = web_need_text(form->body, "workspace", error)) == NULL)
        return FALSE;
    if (has_member(form->body, "repository") &&
        (request->repository = web_need_text(form->body, "repository", error)) == NULL)
        return FALSE;
    const char *slash = request->repository != NULL ? strchr(request->repository, '/') : NULL;
    if (request->repository != NULL && (slash == NULL || slash == request->repository ||
                                        slash[1] == '\0' || strchr(slash + 1, '/') != NULL))
        return web_invalid(error, "A repository is named workspace/repository, as in its address.");
    if (request->kind == CREDENTIAL_REPOSITORY_TOKEN && request->repository == NULL)
        return web_invalid(error, "A repository access token belongs to one repository: say which, "
                                  "as workspace/repository.");
    /* The repository names its workspace. */
    if (request->repository != NULL)
        request->workspace = NULL;
    return TRUE;
}

/* Everything but the name; @known: the connection whose kind and account hold where the body says
 * nothing. */
static gboolean read_form(const WebCall *call, const StoreConnection *known, Form *ret_form,
                          GError **error)
{
    g_auto(Form) form = {.body = request_json(call->request, error)};
    SyncConnectRequest *request = &form.request;
    if (form.body == NULL)
        return FALSE;
    if (has_member(form.body, "api_base") || has_member(form.body, "git_base"))
        return web_invalid(error, "Which address is asked is the operator's to choose: plumbline "
                                  "serve --api-base.");
    const char *kind = known != NULL && !has_member(form.body, "kind")
                           ? known->kind
                           : web_need_text(form.body, "kind", error);
    if (kind == NULL)
        return FALSE;
    if (!credential_kind_from_name(kind, &request->kind))
        return web_invalid(error, "'%s' is not a kind of credential.", kind);
    if (needs_account(request->kind)) {
        gboolean is_same = known != NULL && g_str_equal(kind, known->kind);
        request->account = is_same && !has_member(form.body, "account")
                               ? known->account
                               : web_need_text(form.body, "account", error);
        if (request->account == NULL)
            return FALSE;
    }
    request->patience_s = WEB_PATIENCE_SECONDS;
    request->api_base = call->server->api_base;
    request->secret = need_secret(form.body, error);
    if (request->secret == NULL ||
        !read_expiry(form.body, request->kind, call->now, &request->expires, error) ||
        (known == NULL && !read_place(&form, error)) || !read_patterns(&form, error))
        return FALSE;
    *ret_form = form;
    form = (Form){0};
    return TRUE;
}

/* ---- what came of it */

static json_t *check_json(const CredentialCheck *check)
{
    json_t *sentences = json_array();
    for (guint i = 0; i < check->sentences->len; i++) {
        g_autofree char *words = log_printable(check->sentences->pdata[i]);
        json_array_append_new(sentences, json_string(words));
    }
    json_t *document = json_pack("{s:b, s:o}", "works", check->works, "sentences", sentences);
    json_object_set_new(document, "code",
                        check->works ? json_null() : json_string(error_name((int) check->code)));
    json_object_set_new(document, "identity", web_json_text(check->identity));
    json_object_set_new(document, "scopes_present",
                        check->scopes_present != NULL ? web_json_words(check->scopes_present)
                                                      : json_null());
    json_object_set_new(document, "scopes_missing", web_json_words(check->scopes_missing));
    json_object_set_new(document, "scopes_unneeded", web_json_words(check->scopes_unneeded));
    json_object_set_new(document, "repositories", web_json_count(check->repositories));
    json_object_set_new(document, "days_to_expiry", web_json_count(check->days_to_expiry));
    return document;
}

/* 401 and its kin are about the caller of Plumbline; that Bitbucket refuses is about what he sent.
 */
static void reply_refusal(WebReply *reply, int code, const char *sentence)
{
    g_autofree char *words = log_printable(sentence);
    reply_problem(reply, 422, error_name(code), error_sentence(code), words);
}

gboolean web_tell_failure(WebReply *reply, GError *failure, GError **error)
{
    if (failure->domain == PLUMBLINE_ERROR && error_http_status(failure->code) == 502) {
        /* Bitbucket's trouble or the network's: whoever waits for a verdict is told there is none.
         */
        g_set_error(error, PLUMBLINE_ERROR, failure->code,
                    "%s%s Whether the credential works is not known yet, and nothing was kept: "
                    "try again in a moment.",
                    failure->message, g_str_has_suffix(failure->message, ".") ? "" : ".");
        g_error_free(failure);
        return FALSE;
    }
    if (failure->domain != PLUMBLINE_ERROR || error_http_status(failure->code) >= 500) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    reply_refusal(reply, failure->code, failure->message);
    g_error_free(failure);
    return TRUE;
}

static void reply_rejected(WebReply *reply, const CredentialCheck *check)
{
    g_autofree char *words = credential_check_why(check);
    reply_refusal(reply, (int) check->code, words);
}

static gboolean note(const WebCall *call, const char *act, const char *subject, const char *detail,
                     GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL && web_note_act(tx, call, act, subject, detail, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_check_connection(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Form) form = {0};
    g_autoptr(CredentialCheck) check = NULL;
    GError *failure = NULL;
    if (!read_form(call, NULL, &form, error))
        return FALSE;
    if (!web_begin_check(call, reply))
        return TRUE;
    gboolean is_asked = sync_check(&form.request, &check, &failure);
    web_end_check(call);
    if (!is_asked)
        return web_tell_failure(reply, failure, error);
    reply_json(reply, 200, check_json(check));
    return TRUE;
}

/* ---- connecting */

static gboolean is_new_name(const WebCall *call, const char *name, GError **error)
{
    g_autoptr(GPtrArray) connections = store_list_connections(call->store, error);
    for (guint i = 0; connections != NULL && i < connections->len; i++)
        if (g_str_equal(((StoreConnection *) connections->pdata[i])->name, name))
            return web_invalid(error,
                               "There is a connection '%s' already. Choose another name, or renew "
                               "the credential of that one.",
                               name);
    return connections != NULL;
}

static json_t *result_json(const SyncConnectResult *result, const char *name)
{
    return json_pack("{s:I, s:s, s:I, s:I, s:o}", "id", (json_int_t) result->connection_id, "name",
                     name, "repositories_seen", (json_int_t) result->repositories_seen,
                     "repositories_selected", (json_int_t) result->repositories_selected, "check",
                     check_json(result->check));
}

static gboolean connect_form(const WebCall *call, const Form *form, WebReply *reply, GError **error)
{
    SyncConnectResult result = {0};
    GError *failure = NULL;
    const SyncConnectRequest *request = &form->request;
    if (!sync_connect(call->store, request, &result, &failure))
        return web_tell_failure(reply, failure, error);
    gboolean done = TRUE;
    if (!result.check->works) {
        reply_rejected(reply, result.check);
    } else {
        const char *place = request->repository != NULL ? request->repository : request->workspace;
        g_autofree char *detail =
            g_strdup_printf("%s for %s", credential_kind_title(request->kind), place);
        done = note(call, "connection.add", request->name, detail, error);
        if (request->setup_step == NULL)
            background_kick(call->server->background, result.connection_id);
        if (done)
            reply_json(reply, 201, result_json(&result, request->name));
    }
    sync_connect_result_clear(&result);
    return done;
}

gboolean web_post_connection(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Form) form = {0};
    if (!read_form(call, NULL, &form, error))
        return FALSE;
    if (form.request.workspace == NULL && form.request.repository == NULL)
        return web_invalid(error, "Say which workspace, or which repository, to connect.");
    if (json_is_true(json_object_get(form.body, "set_up_first")))
        form.request.setup_step = web_first_setup_step();
    form.request.name = web_need_text(form.body, "name", error);
    if (form.request.name == NULL || !is_new_name(call, form.request.name, error))
        return FALSE;
    if (!web_begin_check(call, reply))
        return TRUE;
    gboolean done = connect_form(call, &form, reply, error);
    web_end_check(call);
    return done;
}

/* ---- one connection: renewing, disconnecting */

StoreConnection *web_find_connection(const WebCall *call, GError **error)
{
    gint64 id = 0;
    if (!web_need_id(call->request->parts[0], &id, error))
        return NULL;
    g_autoptr(GPtrArray) connections = store_list_connections(call->store, error);
    for (guint i = 0; connections != NULL && i < connections->len; i++)
        if (((StoreConnection *) connections->pdata[i])->connection_id == id)
            return g_ptr_array_steal_index(connections, i);
    if (connections != NULL)
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "There is no connection with this id.");
    return NULL;
}

static gboolean renew(const WebCall *call, const StoreConnection *connection, const Form *form,
                      WebReply *reply, GError **error)
{
    g_autoptr(CredentialCheck) check = NULL;
    GError *failure = NULL;
    if (!sync_renew(call->store, connection, &form->request, &check, &failure))
        return web_tell_failure(reply, failure, error);
    if (!check->works) {
        reply_rejected(reply, check);
        return TRUE;
    }
    if (!note(call, "connection.renew", connection->name, credential_kind_title(form->request.kind),
              error))
        return FALSE;
    reply_json(reply, 200, check_json(check));
    return TRUE;
}

gboolean web_put_credential(const WebCall *call, WebReply *reply, GError **error)
{
    g_autoptr(StoreConnection) known = web_find_connection(call, error);
    g_auto(Form) form = {0};
    if (known == NULL || !read_form(call, known, &form, error))
        return FALSE;
    if (!web_begin_check(call, reply))
        return TRUE;
    /* A reading that ends now would write down what it knew of the connection before. */
    background_hold(call->server->background, known->connection_id);
    g_autoptr(StoreConnection) connection = web_find_connection(call, error);
    gboolean done = connection != NULL && renew(call, connection, &form, reply, error);
    background_release(call->server->background, known->connection_id, FALSE);
    web_end_check(call);
    background_kick(call->server->background, known->connection_id);
    return done;
}

/* Where changes wait for a second person. */
static gboolean propose_removal(const WebCall *call, const StoreConnection *connection,
                                gboolean purge, WebReply *reply, GError **error)
{
    g_autofree char *summary = g_strdup_printf("remove the connection %s%s", connection->name,
                                               purge ? " and what only it brought" : "");
    g_autofree char *body = proposal_connection_removal_body(connection->name, purge);
    const WebProposal proposal = {connection->workspace_id, PROPOSAL_OF_CONNECTION, summary, body};
    return web_propose(call, &proposal, reply, error);
}

/* A body is not needed; {"purge": true} deletes what only this connection brought, too. */
static gboolean wants_purge(const WebCall *call, gboolean *ret_purge, GError **error)
{
    *ret_purge = FALSE;
    if (call->request->body.length == 0)
        return TRUE;
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    json_t *purge = json_object_get(body, "purge");
    gboolean good = (purge == NULL || json_is_boolean(purge)) &&
                    json_object_size(body) == (purge == NULL ? 0 : 1);
    *ret_purge = json_is_true(purge);
    json_decref(body);
    return good || web_invalid(error, "The body may only say \"purge\", true or false.");
}

static gboolean remove_connection(const WebCall *call, const StoreConnection *connection,
                                  gboolean purge, GError **error)
{
    gint64 workspace_id = connection->workspace_id, id = connection->connection_id;
    StorePurge plan = {0};
    if (purge && !store_plan_purge(call->store, workspace_id, id, &plan, error))
        return FALSE;
    g_autofree char *detail =
        purge ? g_strdup_printf("%s; deletes %" G_GINT64_FORMAT
                                " repositories with %" G_GINT64_FORMAT " pull requests",
                                connection->workspace_slug, plan.repositories, plan.pull_requests)
              : g_strdup(connection->workspace_slug);
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL &&
           (purge ? store_begin_purge(tx, workspace_id, id, error)
                  : store_delete_connection(tx, workspace_id, id, error)) &&
           web_note_act(tx, call, purge ? "connection.purge" : "connection.remove",
                        connection->name, detail, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* The rows of a purge go in the background, even if the server stops in between. */
gboolean web_delete_connection(const WebCall *call, WebReply *reply, GError **error)
{
    gboolean waits = FALSE, purge = FALSE;
    g_autoptr(StoreConnection) connection = web_find_connection(call, error);
    if (connection == NULL || !wants_purge(call, &purge, error) ||
        !proposal_is_required(call->store, connection->workspace_id, &waits, error))
        return FALSE;
    if (waits)
        return propose_removal(call, connection, purge, reply, error);
    background_hold(call->server->background, connection->connection_id);
    gboolean done = remove_connection(call, connection, purge, error);
    background_release(call->server->background, connection->connection_id, done);
    if (!done)
        return FALSE;
    if (purge)
        background_kick(call->server->background, 0);
    reply_nothing(reply);
    return TRUE;
}
