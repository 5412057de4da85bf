#include "hooks.h"

#include "handlers.h"
#include "routes.h"
#include "scopes.h"
#include "times.h"
#include "tokens.h"
#include "world.h"

#include <string.h>

#define MAX_HOOKS  500
#define MAX_SECRET 128

typedef struct {
    gint repository; /* -1: the workspace's */
    char *uuid, *url, *description;
    char *secret; /* NULL: none; never shown */
    gboolean active;
    gint64 created_at;
    json_t *events;
} Hook;

struct Hooks {
    GMutex lock;
    GPtrArray *hooks;
};

/* What can be subscribed to. */
static const struct {
    const char *event, *category, *label;
} events[] = {
    {"repo:push", "Repository", "Push"},
    {"repo:fork", "Repository", "Fork"},
    {"repo:updated", "Repository", "Updated"},
    {"repo:created", "Repository", "Created"},
    {"repo:deleted", "Repository", "Deleted"},
    {"repo:imported", "Repository", "Imported"},
    {"repo:transfer", "Repository", "Transfer accepted"},
    {"repo:commit_comment_created", "Repository", "Commit comment created"},
    {"repo:commit_status_created", "Repository", "Build status created"},
    {"repo:commit_status_updated", "Repository", "Build status updated"},
    {"pullrequest:created", "Pull Request", "Created"},
    {"pullrequest:updated", "Pull Request", "Updated"},
    {"pullrequest:push", "Pull Request", "Push"},
    {"pullrequest:approved", "Pull Request", "Approved"},
    {"pullrequest:unapproved", "Pull Request", "Approval removed"},
    {"pullrequest:changes_request_created", "Pull Request", "Changes Request created"},
    {"pullrequest:changes_request_removed", "Pull Request", "Changes Request removed"},
    {"pullrequest:fulfilled", "Pull Request", "Merged"},
    {"pullrequest:rejected", "Pull Request", "Declined"},
    {"pullrequest:comment_created", "Pull Request", "Comment created"},
    {"pullrequest:comment_updated", "Pull Request", "Comment updated"},
    {"pullrequest:comment_deleted", "Pull Request", "Comment deleted"},
    {"pullrequest:comment_resolved", "Pull Request", "Comment resolved"},
    {"pullrequest:comment_reopened", "Pull Request", "Comment reopened"},
    {"project:updated", "Project", "Updated"},
    {"pipeline:span_created", "Pipeline", "Span created"},
};

static void hook_free(gpointer data)
{
    Hook *hook = data;
    g_free(hook->uuid);
    g_free(hook->url);
    g_free(hook->description);
    g_free(hook->secret);
    json_decref(hook->events);
    g_free(hook);
}

Hooks *hooks_new(void)
{
    Hooks *hooks = g_new0(Hooks, 1);
    g_mutex_init(&hooks->lock);
    hooks->hooks = g_ptr_array_new_with_free_func(hook_free);
    return hooks;
}

void hooks_free(Hooks *hooks)
{
    g_ptr_array_unref(hooks->hooks);
    g_mutex_clear(&hooks->lock);
    g_free(hooks);
}

/* ---- writing; with the lock held ---- */

static void write_subject(Call *call, Out *out, const Hook *hook)
{
    if (hook->repository < 0) {
        write_workspace_short(call, out, "subject");
        return;
    }
    const Place *place = &call->sandbox->places[hook->repository];
    if (!out_object(out, "subject"))
        return;
    out_string(out, "type", "repository");
    out_string(out, "uuid", place->uuid);
    out_string(out, "full_name", place->full_name);
    out_string(out, "name", place->name);
    out_close(out);
}

static char *hook_path(const Call *call, const Hook *hook)
{
    return hook->repository < 0
               ? g_strdup_printf("/workspaces/%s/hooks/%%7B%.36s%%7D",
                                 call->sandbox->workspace_slug, hook->uuid + 1)
               : g_strdup_printf("/repositories/%s/hooks/%%7B%.36s%%7D",
                                 call->sandbox->places[hook->repository].full_name, hook->uuid + 1);
}

static void write_hook(Call *call, Out *out, const Hook *hook)
{
    char created[TIMES_SIZE];
    times_format(hook->created_at, created);
    g_strlcpy(strchr(created, '+'), "Z", 2);
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "webhook_subscription");
    out_string(out, "uuid", hook->uuid);
    out_string(out, "url", hook->url);
    out_string(out, "description", hook->description);
    out_string(out, "subject_type", hook->repository < 0 ? "workspace" : "repository");
    write_subject(call, out, hook);
    out_bool(out, "active", hook->active);
    out_string(out, "created_at", created);
    out_json(out, "events", hook->events);
    out_bool(out, "secret_set", hook->secret != NULL);
    out_bool(out, "skip_cert_verification", FALSE);
    out_bool(out, "history_enabled", FALSE);
    out_bool(out, "read_only", FALSE);
    out_null(out, "source");
    if (out_object(out, "links")) {
        g_autofree char *path = hook_path(call, hook);
        out_link_api(out, "self", "%s", path);
        out_close(out);
    }
    out_close(out);
}

/* ---- reading; with the lock held ---- */

static const char *uid_of(const Call *call)
{
    return call->params[call->repository >= 0 ? 2 : 1];
}

/* Index of the hook the route names; -1 with 404 answered. */
static gint find_hook(Call *call)
{
    const Hooks *hooks = call->sandbox->hooks;
    for (guint i = 0; i < hooks->hooks->len; i++) {
        const Hook *hook = hooks->hooks->pdata[i];
        if (hook->repository == call->repository &&
            g_ascii_strcasecmp(hook->uuid, uid_of(call)) == 0)
            return (gint) i;
    }
    g_autofree char *message = g_strdup_printf("%s does not exist.", uid_of(call));
    call_fail(call, 404, message);
    return -1;
}

static void fail_field(Call *call, const char *field, const char *why)
{
    json_t *body = json_pack("{s:s,s:{s:s,s:{s:[s]}}}", "type", "error", "error", "message",
                             "Bad request", "fields", field, why);
    call_answer_json(call, 400, body);
    json_decref(body);
}

/* The read scope that somebody needs to hear of an event. */
static const char *scope_of_event(const char *event, gboolean api)
{
    static const struct {
        const char *prefix, *oauth, *api;
    } scopes[] = {{"pullrequest:", "pullrequest", "read:pullrequest"},
                  {"project:", "project", "read:project"},
                  {"pipeline:", "pipeline", "read:pipeline"},
                  {"", "repository", "read:repository"}};
    guint i = 0;
    while (!g_str_has_prefix(event, scopes[i].prefix))
        i++;
    return api ? scopes[i].api : scopes[i].oauth;
}

static gboolean check_events(Call *call, const json_t *wanted)
{
    size_t index;
    json_t *event;
    gboolean api = call->token->kind == TOKEN_API;
    if (!json_is_array(wanted) || json_array_size(wanted) == 0) {
        fail_field(call, "events", "required key not provided");
        return FALSE;
    }
    json_array_foreach(wanted, index, event)
    {
        const char *name = json_string_value(event);
        guint i = 0;
        while (i < G_N_ELEMENTS(events) && g_strcmp0(events[i].event, name) != 0)
            i++;
        if (i == G_N_ELEMENTS(events)) {
            fail_field(call, "events", "unknown event");
            return FALSE;
        }
        const char *scope = scope_of_event(name, api);
        if (!scopes_suffice(call->token->scopes, scope, api)) {
            g_auto(GStrv) required = scopes_spell(scope, api);
            call_fail_scope(call, (const char *const *) required, call->token->scopes);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean check_url(Call *call, const char *url)
{
    if (url != NULL && strlen(url) <= 2000 &&
        (g_str_has_prefix(url, "http://") || g_str_has_prefix(url, "https://")) &&
        g_uri_is_valid(url, G_URI_FLAGS_NONE, NULL))
        return TRUE;
    fail_field(call, "url", url == NULL ? "required key not provided" : "not a valid URL");
    return FALSE;
}

static gboolean check_secret(Call *call, const json_t *secret)
{
    if (secret == NULL || json_is_null(secret) ||
        (json_is_string(secret) && json_string_length(secret) <= MAX_SECRET))
        return TRUE;
    fail_field(call, "secret", "a text of at most 128 characters");
    return FALSE;
}

/* Takes over what the body names; what it leaves out stays. */
static void change_hook(Hook *hook, const json_t *body)
{
    const json_t *secret = json_object_get(body, "secret");
    const json_t *active = json_object_get(body, "active");
    const char *description = json_string_value(json_object_get(body, "description"));
    if (json_object_get(body, "url") != NULL) {
        g_free(hook->url);
        hook->url = g_strdup(json_string_value(json_object_get(body, "url")));
    }
    if (description != NULL) {
        g_free(hook->description);
        hook->description = g_strdup(description);
    }
    if (json_is_boolean(active))
        hook->active = json_is_true(active);
    if (json_object_get(body, "events") != NULL) {
        json_decref(hook->events);
        hook->events = json_deep_copy(json_object_get(body, "events"));
    }
    if (secret != NULL) {
        g_free(hook->secret);
        hook->secret = json_string_length(secret) > 0 ? g_strdup(json_string_value(secret)) : NULL;
    }
}

static json_t *read_body(Call *call)
{
    json_t *body = json_loadb((const char *) call->body->data, call->body->len, 0, NULL);
    if (json_is_object(body))
        return body;
    json_decref(body);
    call_fail(call, 400, "Bad request");
    return NULL;
}

/* ---- answers ---- */

static void write_listed_hook(const Listing *listing, guint candidate, Out *out)
{
    write_hook(listing->call, out, listing->call->sandbox->hooks->hooks->pdata[candidate]);
}

static gboolean keep_hook(const Listing *listing, guint candidate)
{
    const Hook *hook = listing->call->sandbox->hooks->hooks->pdata[candidate];
    return hook->repository == listing->call->repository;
}

void answer_hooks(Call *call)
{
    Hooks *hooks = call->sandbox->hooks;
    g_mutex_lock(&hooks->lock);
    Listing listing = {.call = call,
                       .n = hooks->hooks->len,
                       .page_default = 10,
                       .page_max = 100,
                       .keep = keep_hook,
                       .write = write_listed_hook};
    listing_answer(&listing);
    g_mutex_unlock(&hooks->lock);
}

void answer_hook(Call *call)
{
    Hooks *hooks = call->sandbox->hooks;
    g_mutex_lock(&hooks->lock);
    gint index = find_hook(call);
    if (index >= 0) {
        write_hook(call, call_open(call), hooks->hooks->pdata[index]);
        call_answer(call, 200);
    }
    g_mutex_unlock(&hooks->lock);
}

static void create_hook(Call *call, const json_t *body)
{
    Hooks *hooks = call->sandbox->hooks;
    if (hooks->hooks->len >= MAX_HOOKS) {
        call_fail(call, 400, "Too many webhooks");
        return;
    }
    Hook *hook = g_new0(Hook, 1);
    hook->repository = call->repository;
    hook->uuid = sandbox_random_uuid();
    hook->description = g_strdup("");
    hook->active = TRUE;
    hook->created_at = sandbox_now(call->sandbox);
    change_hook(hook, body);
    g_ptr_array_add(hooks->hooks, hook);
    sandbox_changed(call->sandbox);
    g_autofree char *path = hook_path(call, hook);
    g_autofree char *url = g_strconcat(call->sandbox->api, path, NULL);
    call_header(call, "Location", url);
    write_hook(call, call_open(call), hook);
    call_answer(call, 201);
}

void answer_hook_create(Call *call)
{
    Hooks *hooks = call->sandbox->hooks;
    json_t *body = read_body(call);
    if (body != NULL && check_url(call, json_string_value(json_object_get(body, "url"))) &&
        check_events(call, json_object_get(body, "events")) &&
        check_secret(call, json_object_get(body, "secret"))) {
        g_mutex_lock(&hooks->lock);
        create_hook(call, body);
        g_mutex_unlock(&hooks->lock);
    }
    json_decref(body);
}

void answer_hook_update(Call *call)
{
    Hooks *hooks = call->sandbox->hooks;
    json_t *body = read_body(call);
    const json_t *url = json_object_get(body, "url");
    const json_t *wanted = json_object_get(body, "events");
    if (body != NULL && (url == NULL || check_url(call, json_string_value(url))) &&
        (wanted == NULL || check_events(call, wanted)) &&
        check_secret(call, json_object_get(body, "secret"))) {
        g_mutex_lock(&hooks->lock);
        gint index = find_hook(call);
        if (index >= 0) {
            change_hook(hooks->hooks->pdata[index], body);
            write_hook(call, call_open(call), hooks->hooks->pdata[index]);
            call_answer(call, 200);
        }
        g_mutex_unlock(&hooks->lock);
    }
    json_decref(body);
}

void answer_hook_delete(Call *call)
{
    Hooks *hooks = call->sandbox->hooks;
    g_mutex_lock(&hooks->lock);
    gint index = find_hook(call);
    if (index >= 0) {
        g_ptr_array_remove_index(hooks->hooks, (guint) index);
        sandbox_changed(call->sandbox);
        call_answer_text(call, 204, NULL, "");
    }
    g_mutex_unlock(&hooks->lock);
}

/* ---- events ---- */

static const char *const subjects[] = {"repository", "workspace"};

void answer_hook_subjects(Call *call)
{
    Out *out = call_open(call);
    if (out_object(out, NULL)) {
        for (guint i = 0; i < G_N_ELEMENTS(subjects); i++) {
            if (!out_object(out, subjects[i]))
                continue;
            if (out_object(out, "links")) {
                out_link_api(out, "events", "/hook_events/%s", subjects[i]);
                out_close(out);
            }
            out_close(out);
        }
        out_close(out);
    }
    call_answer(call, 200);
}

static void write_event(const Listing *listing, guint candidate, Out *out)
{
    if (!out_object(out, NULL))
        return;
    out_string(out, "event", events[candidate].event);
    out_string(out, "category", events[candidate].category);
    out_string(out, "label", events[candidate].label);
    g_autofree char *description =
        g_strdup_printf("%s: %s", events[candidate].category, events[candidate].label);
    out_string(out, "description", description);
    out_close(out);
}

void answer_hook_events(Call *call)
{
    guint i = 0;
    while (i < G_N_ELEMENTS(subjects) && !g_str_equal(subjects[i], call->params[0]))
        i++;
    if (i == G_N_ELEMENTS(subjects)) {
        call_fail(call, 404, "No such subject type");
        return;
    }
    Listing listing = {.call = call,
                       .n = G_N_ELEMENTS(events),
                       .page_default = 30,
                       .page_max = 100,
                       .write = write_event};
    listing_answer(&listing);
}
