#include "fault_kinds.h"

#include "listing.h"
#include "times.h"
#include "tokens.h"

#include <string.h>

#define ELSEWHERE "http://elsewhere.example/2.0"

static const char *option_text(const json_t *options, const char *name, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(options, name));
    return text != NULL ? text : otherwise;
}

static gint64 option_number(const json_t *options, const char *name, gint64 otherwise)
{
    const json_t *number = json_object_get(options, name);
    return json_is_integer(number) ? json_integer_value(number) : otherwise;
}

/* ---- answers in place of the right one ---- */

static void unauthorized(Call *call, const json_t *options)
{
    call_header(call, "WWW-Authenticate", "Bearer realm=\"Bitbucket.org HTTP\"");
    call_fail(call, 401, "Token is invalid, expired, or not supported for this endpoint.");
}

static void forbidden(Call *call, const json_t *options)
{
    call_fail(call, 403, "Forbidden");
}

static void detail_object(Call *call, const json_t *options)
{
    json_t *body = json_pack("{s:s,s:{s:s,s:{s:s,s:[s]},s:{s:s},s:s}}", "type", "error", "error",
                             "message", "Something failed", "detail", "why", "a structured detail",
                             "parts", "one", "fields", "source", "a plain text", "id", "sandbox-1");
    call_answer_json(call, (guint) option_number(options, "status", 403), body);
    json_decref(body);
}

static void not_found(Call *call, const json_t *options)
{
    call_fail_repository(call);
}

static void gone(Call *call, const json_t *options)
{
    static const char url[] =
        "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770";
    json_t *body = json_pack("{s:s,s:{s:s,s:s,s:{s:s}},s:{s:s}}", "type", "error", "error",
                             "message", "CHANGE-2770 - Functionality has been deprecated", "detail",
                             "Please read the changelog entry for more details.", "data",
                             "announcement_url", url, "data", "announcement_url", url);
    call_answer_json(call, 410, body);
    json_decref(body);
}

static void rate_limit(Call *call, const json_t *options)
{
    const char *form = option_text(options, "retry_after", "absent");
    gint64 seconds = option_number(options, "seconds", 2);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seconds);
    char date[TIMES_SIZE];
    times_format_http(call->date + seconds * G_USEC_PER_SEC, date);
    if (g_str_equal(form, "seconds"))
        call_header(call, "Retry-After", number);
    else if (g_str_equal(form, "date"))
        call_header(call, "Retry-After", date);
    else if (g_str_equal(form, "reset"))
        call_header(call, "X-RateLimit-Reset", number);
    call_answer_text(call, 429, "text/plain", "Rate limit for this resource has been exceeded");
}

static void server_error(Call *call, const json_t *options)
{
    guint status = (guint) CLAMP(option_number(options, "status", 500), 500, 599);
    call_fail(call, status, "Something went wrong");
}

static void timeout_555(Call *call, const json_t *options)
{
    call_fail(call, 555, "The server took too long to compute this diff");
}

static void redirect_elsewhere(Call *call, const json_t *options)
{
    g_autofree char *url =
        g_strconcat(option_text(options, "to", ELSEWHERE), call->path + strlen("/2.0"), NULL);
    call_header(call, "Location", url);
    call_answer_text(call, 302, "text/html; charset=utf-8", "");
}

static void html_502(Call *call, const json_t *options)
{
    call_answer_text(call, 502, "text/html; charset=utf-8",
                     "<html><head><title>502 Bad Gateway</title></head><body>"
                     "<h1>502 Bad Gateway</h1></body></html>\n");
}

/* ---- the right answer, changed ---- */

static void set_next(Call *call, json_t *body, const char *marker)
{
    const char *mark = call->query[0] != '\0' ? "&" : "";
    g_autofree char *url = g_strconcat(call->sandbox->web, call->path, "?", call->query,
                                       marker[0] != '\0' ? mark : "", marker, NULL);
    json_object_set_new(body, "next", json_string(url));
}

static void next_elsewhere(Call *call, const json_t *options, json_t *body)
{
    g_autofree char *url =
        g_strconcat(option_text(options, "to", ELSEWHERE), call->path + strlen("/2.0"), NULL);
    json_object_set_new(body, "next", json_string(url));
}

static void next_loop(Call *call, const json_t *options, json_t *body)
{
    if (json_object_get(body, "values") != NULL)
        set_next(call, body, "");
}

/* The page comes again at the address after it, and goes on from there. */
static void repeated_page(Call *call, const json_t *options, json_t *body)
{
    if (call_argument(call, "again") == NULL && json_object_get(body, "next") != NULL)
        set_next(call, body, "again=1");
}

/* Nothing here, but what should be is at the address after it. */
static void empty_page(Call *call, const json_t *options, json_t *body)
{
    if (call_argument(call, "again") != NULL || json_object_get(body, "values") == NULL)
        return;
    json_object_set_new(body, "values", json_array());
    set_next(call, body, "again=1");
}

/* The first comment's content, in a list of comments or of activity, or a single one. */
static json_t *find_content(json_t *body)
{
    json_t *values = json_object_get(body, "values");
    size_t index;
    json_t *value;
    if (values == NULL)
        return json_object_get(body, "content");
    json_array_foreach(values, index, value)
    {
        json_t *comment = json_object_get(value, "comment");
        json_t *content = json_object_get(comment != NULL ? comment : value, "content");
        if (content != NULL)
            return content;
    }
    return NULL;
}

static void huge_comment(Call *call, const json_t *options, json_t *body)
{
    json_t *content = find_content(body);
    if (content == NULL)
        return;
    gsize length =
        (gsize) CLAMP(option_number(options, "bytes", G_GINT64_CONSTANT(2) * 1024 * 1024), 1,
                      G_GINT64_CONSTANT(64) << 20);
    g_autofree char *text = g_strnfill(length, 'x');
    json_object_set_new(content, "raw", json_string(text));
    json_object_set_new(content, "html", json_string(text));
}

static void unknown_enum(Call *call, const json_t *options, json_t *body)
{
    json_t *values = json_object_get(body, "values");
    size_t index, inner;
    json_t *value, *participant;
    json_array_foreach(values, index, value)
    {
        if (json_object_get(value, "state") != NULL &&
            json_is_string(json_object_get(value, "state")))
            json_object_set_new(value, "state", json_string("PONDERING"));
        json_array_foreach(json_object_get(value, "participants"), inner, participant)
        {
            json_object_set_new(participant, "state", json_string("pondering"));
            json_object_set_new(participant, "role", json_string("OBSERVER"));
        }
    }
}

static void unknown_activity(Call *call, const json_t *options, json_t *body)
{
    json_t *values = json_object_get(body, "values");
    json_t *first = json_array_get(values, 0);
    if (first == NULL)
        return;
    char date[TIMES_SIZE];
    times_format(call->date, date);
    json_t *entry =
        json_pack("{s:O?,s:{s:s,s:s}}", "pull_request", json_object_get(first, "pull_request"),
                  "reaction", "date", date, "emoji", "tada");
    json_array_insert_new(values, 1, entry);
}

static void forget_fork(json_t *object)
{
    json_t *source = json_object_get(object, "source");
    if (source != NULL)
        json_object_set_new(source, "repository", json_null());
}

static void deleted_fork(Call *call, const json_t *options, json_t *body)
{
    size_t index;
    json_t *value;
    forget_fork(body);
    json_array_foreach(json_object_get(body, "values"), index, value)
    {
        forget_fork(value);
        forget_fork(json_object_get(value, "update"));
    }
}

/* ---- things that happen meanwhile ---- */

static gint named_repository(Call *call, const json_t *options)
{
    gboolean former;
    const char *slug = option_text(options, "repository", NULL);
    if (slug == NULL && call->segments->len > 3)
        slug = call->segments->pdata[3];
    return slug != NULL ? sandbox_find(call->sandbox, call->sandbox->workspace_slug, slug, &former)
                        : -1;
}

static void rename_repository(Call *call, const json_t *options)
{
    gint repository = named_repository(call, options);
    if (repository < 0)
        return;
    g_autofree char *slug = g_strconcat(call->sandbox->places[repository].slug, "-renamed", NULL);
    g_autoptr(GError) error = NULL;
    if (!sandbox_rename_repository(call->sandbox, (guint) repository,
                                   option_text(options, "slug", slug),
                                   json_is_true(json_object_get(options, "redirect")), &error))
        g_warning("rename: %s", error->message);
}

static void delete_repository(Call *call, const json_t *options)
{
    gint repository = named_repository(call, options);
    if (repository >= 0) {
        call->sandbox->places[repository].gone = TRUE;
        sandbox_changed(call->sandbox);
    }
}

static void expire_token(Call *call, const json_t *options)
{
    if (call->token == NULL)
        return;
    char now[TIMES_SIZE];
    times_format(call->date, now);
    const char *message;
    json_t *wanted = json_pack("{s:s,s:s}", "name", call->token->name, "expires", now);
    tokens_put(call->sandbox->tokens, wanted, &message);
    json_decref(wanted);
}

static void clock_jump(Call *call, const json_t *options)
{
    call->date += option_number(options, "seconds", 7200) * G_USEC_PER_SEC;
}

/* ---- on the way to the client ---- */

static void truncated_json(Call *call, const json_t *options)
{
    g_string_truncate(call->text, call->text->len / 2);
}

static void slow_body(Call *call, const json_t *options)
{
    call->delivery = DELIVERY_SLOW;
    call->pause_ms = (guint) CLAMP(option_number(options, "pause_ms", 50), 0, 10000);
}

static void connection_reset(Call *call, const json_t *options)
{
    call->delivery = DELIVERY_RESET;
}

/* ---- where a fault makes no sense ---- */

static gboolean is_sorted_by_state(const Call *call)
{
    return call_argument(call, "sort") != NULL && call_argument(call, "state") != NULL;
}

#define REPOSITORY "/2.0/repositories/*/*"

const FaultKind fault_kinds[] = {
    {"unauthorized", "/2.0/*", "401 as for an invalid token", .instead = unauthorized},
    {"token-expires", "/2.0/*", "the token of the request expires", .before = expire_token,
     .instead = unauthorized},
    {"unauthorized-activity", "*/activity", "401, but only on activity", .instead = unauthorized},
    {"forbidden", REPOSITORY, "403 on what is inside a repository that is listed",
     .instead = forbidden},
    {"detail-object", "/2.0/*", "an error whose detail is an object (status: 403)",
     .instead = detail_object},
    {"not-found", REPOSITORY, "404 as for a repository that is gone", .instead = not_found},
    {"gone", "/2.0/*", "410 as for a removed address", .instead = gone},
    {"rate-limit", "/2.0/*", "429 (retry_after: absent, seconds, date or reset; seconds: 2)",
     .instead = rate_limit},
    {"server-error", "/2.0/*", "500 (status: 500)", .instead = server_error},
    {"server-error-sorted", "*/pullrequests", "500 on a pull request list with sort and state",
     .applies = is_sorted_by_state, .instead = server_error},
    {"timeout-555", "*/diffstat*", "555 as for a diff that takes too long", .instead = timeout_555},
    {"redirect-elsewhere", "/2.0/*", "302 to another host (to)", .instead = redirect_elsewhere},
    {"html-502", "/2.0/*", "502 with a page of HTML", .instead = html_502},
    {"next-elsewhere", "/2.0/*", "next leads to another host (to)", .change = next_elsewhere},
    {"next-loop", "/2.0/*", "next leads to the page itself", .change = next_loop},
    {"repeated-page", "/2.0/*", "a page comes twice", .change = repeated_page},
    {"empty-page", "/2.0/*", "an empty page with next before the full one", .change = empty_page},
    {"huge-comment", "/2.0/*", "the first comment is very large (bytes: 2097152)",
     .change = huge_comment},
    {"unknown-enum", "*/pullrequests", "states and roles that nobody knows",
     .change = unknown_enum},
    {"unknown-activity", "*/activity", "an activity entry with a member that nobody knows",
     .change = unknown_activity},
    {"deleted-fork", "*/pullrequests*", "source.repository is null", .change = deleted_fork},
    {"rename", "/2.0/*", "the repository is renamed (repository, slug, redirect: false)",
     .before = rename_repository},
    {"delete-repository", "/2.0/*", "the repository vanishes (repository)",
     .before = delete_repository},
    {"clock-jump", "/2.0/*", "the Date header is off (seconds: 7200)", .before = clock_jump},
    {"truncated-json", "/2.0/*", "half of the document", .deliver = truncated_json},
    {"slow-body", "/2.0/*", "the body comes in small pieces (pause_ms: 50)", .deliver = slow_body},
    {"connection-reset", "/2.0/*", "the connection is reset in the middle of the body",
     .deliver = connection_reset},
    {NULL},
};
