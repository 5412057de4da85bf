#include "replay.h"

#include "handlers.h"
#include "listing.h"
#include "replay_inside.h"
#include "routes.h"
#include "tokens.h"
#include "world.h"

#include <gio/gio.h>
#include <string.h>

#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

/* ---- opening ---- */

static void place_repository(Place *place, const ReplayRepository *repository)
{
    const char *full_name = replay_text(repository->object, "full_name");
    const char *slash = strchr(full_name, '/');
    const char *slug = replay_text(repository->object, "slug");
    const char *name = replay_text(repository->object, "name");
    const char *key = replay_text(json_object_get(repository->object, "project"), "key");
    place->uuid = replay_text(repository->object, "uuid");
    place->project_key = key;
    place->full_name = g_intern_string(full_name);
    place->slug = g_intern_string(slug != NULL ? slug : slash != NULL ? slash + 1 : full_name);
    place->name = g_intern_string(name != NULL ? name : place->slug);
}

gboolean replay_open(Sandbox *sandbox, const char *folder, GError **error)
{
    Replay *replay = replay_load(folder, sandbox->api, sandbox->web, error);
    if (replay == NULL)
        return FALSE;
    sandbox->replay = replay;
    const char *slug = replay_text(replay->workspace, "slug");
    const char *uuid = replay_text(replay->workspace, "uuid");
    if (slug == NULL || uuid == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "%s: repository.json names no workspace with slug and uuid", folder);
        return FALSE;
    }
    const char *name = replay_text(replay->workspace, "name");
    sandbox->workspace_slug = g_intern_string(slug);
    sandbox->workspace_uuid = uuid;
    sandbox->workspace_name = name != NULL ? name : slug;
    sandbox->clock = replay->newest + MINUTE;
    sandbox->workspace_created = replay->oldest;
    sandbox->n_places = replay->repositories->len;
    sandbox->places = g_new0(Place, sandbox->n_places);
    for (guint i = 0; i < sandbox->n_places; i++)
        place_repository(&sandbox->places[i], replay->repositories->pdata[i]);
    return TRUE;
}

/* ---- listing recorded objects ---- */

void replay_write_value(const Listing *listing, guint candidate, Out *out)
{
    out_json(out, NULL, json_array_get(listing->data, candidate));
}

/* As the service does: some members of a pull request are not in lists unless asked for. */
static void write_pull(const Listing *listing, guint candidate, Out *out)
{
    static const char *const hidden[] = {"participants", "reviewers", "rendered"};
    const char *key;
    json_t *member;
    json_t *pull = json_array_get(listing->data, candidate);
    if (!out_object(out, NULL))
        return;
    json_object_foreach(pull, key, member)
    {
        gboolean optional = FALSE;
        for (guint i = 0; i < G_N_ELEMENTS(hidden) && !optional; i++)
            optional = g_str_equal(key, hidden[i]);
        out_set_optional(out, optional);
        out_json(out, key, member);
    }
    out_close(out);
}

static gboolean keep_state(const Listing *listing, guint candidate)
{
    const char *state = replay_text(json_array_get(listing->data, candidate), "state");
    gboolean named = FALSE;
    for (guint i = 0; i < listing->call->arguments->len; i++) {
        const NamedText *argument = &g_array_index(listing->call->arguments, NamedText, i);
        if (!g_str_equal(argument->name, "state"))
            continue;
        named = TRUE;
        if (state != NULL && g_ascii_strcasecmp(argument->value, state) == 0)
            return TRUE;
    }
    const char *q = call_argument(listing->call, "q");
    return !named && ((q != NULL && strstr(q, "state") != NULL) || g_strcmp0(state, "OPEN") == 0);
}

static void list(Call *call, json_t *values, const FieldRule *fields, guint page_default)
{
    Listing listing = {.call = call,
                       .n = (guint) json_array_size(values),
                       .fields = fields,
                       .page_default = page_default,
                       .page_max = 100,
                       .write = replay_write_value,
                       .data = values};
    listing_answer(&listing);
}

void replay_answer_object(Call *call, const json_t *object, const char *absent)
{
    if (object == NULL) {
        call_fail(call, 404, absent);
        return;
    }
    out_json(call_open(call), NULL, object);
    call_answer(call, 200);
}

/* ---- pull requests ---- */

static json_t *pull_numbered(const Call *call)
{
    size_t index;
    json_t *pull;
    json_array_foreach(replay_repository(call)->pulls, index, pull)
    {
        g_autofree char *number = g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                  json_integer_value(json_object_get(pull, "id")));
        if (g_str_equal(number, call->params[2]))
            return pull;
    }
    return NULL;
}

static void list_pulls(Call *call)
{
    Listing listing = {.call = call,
                       .n = (guint) json_array_size(replay_repository(call)->pulls),
                       .fields = pull_fields,
                       .page_default = 10,
                       .page_max = 50,
                       .keep = keep_state,
                       .write = write_pull,
                       .data = replay_repository(call)->pulls};
    listing_answer(&listing);
}

static void answer_one_pull(Call *call)
{
    replay_answer_object(call, pull_numbered(call), "The requested pull request was not found.");
}

static gboolean check_pull(Call *call)
{
    if (pull_numbered(call) != NULL)
        return TRUE;
    call_fail(call, 404, "The requested pull request was not found.");
    return FALSE;
}

static void list_feed(Call *call, json_t *entries)
{
    Listing listing = {.call = call,
                       .n = (guint) json_array_size(entries),
                       .page_default = 20,
                       .page_max = 50,
                       .iterator = TRUE,
                       .write = replay_write_value,
                       .data = entries};
    listing_answer(&listing);
}

static void list_activity(Call *call)
{
    list_feed(call, replay_repository(call)->activity);
}

static void list_pull_activity(Call *call)
{
    if (check_pull(call))
        list_feed(call, replay_list(replay_repository(call), "activity", call->params[2]));
}

static void list_comments(Call *call)
{
    if (check_pull(call))
        list(call, replay_list(replay_repository(call), "comments", call->params[2]),
             comment_fields, 10);
}

static void list_tasks(Call *call)
{
    if (check_pull(call))
        list(call, replay_list(replay_repository(call), "tasks", call->params[2]), NULL, 10);
}

static void list_pull_commits(Call *call)
{
    if (check_pull(call))
        list(call, replay_list(replay_repository(call), "commits", call->params[2]), NULL, 10);
}

static void list_pull_statuses(Call *call)
{
    if (check_pull(call))
        list(call, replay_list(replay_repository(call), "statuses", call->params[2]), NULL, 10);
}

static void redirect_to_diff(Call *call)
{
    const char *kind = g_str_has_suffix(call->route->name, "diffstat") ? "diffstat" : "diff";
    if (!check_pull(call))
        return;
    g_autofree char *url = g_strdup_printf(
        "%s/repositories/%s/%s/%s?from_pullrequest_id=%s&topic=true", call->sandbox->api,
        call_place(call)->full_name, kind, call->params[2], call->params[2]);
    call_header(call, "Location", url);
    call_answer_text(call, 302, "text/html; charset=utf-8", "");
}

static void list_diffstat(Call *call)
{
    const char *number = call_argument(call, "from_pullrequest_id");
    json_t *files =
        number != NULL ? replay_list(replay_repository(call), "diffstat", number) : NULL;
    if (files == NULL)
        call_fail(call, 404, "No diffstat was recorded for this");
    else
        list(call, files, NULL, 500);
}

/* ---- pipelines ---- */

static const FieldRule created_fields[] = {{"created_on", FIELD_TIME}, {NULL}};

static void list_pipelines(Call *call)
{
    Listing listing = {
        .call = call,
        .n = (guint) json_array_size(replay_list(replay_repository(call), "pipelines", NULL)),
        .fields = created_fields,
        .sort = "created_on",
        .page_default = 10,
        .page_max = 100,
        .without_q = TRUE,
        .write = replay_write_value,
        .data = replay_list(replay_repository(call), "pipelines", NULL)};
    listing_answer(&listing);
}

static void answer_one_pipeline(Call *call)
{
    size_t index;
    json_t *pipeline;
    json_t *found = NULL;
    json_array_foreach(replay_list(replay_repository(call), "pipelines", NULL), index, pipeline)
    {
        if (g_strcmp0(replay_text(pipeline, "uuid"), call->params[2]) == 0)
            found = pipeline;
    }
    replay_answer_object(call, found, "Pipeline not found");
}

static void list_steps(Call *call)
{
    g_autofree char *name = g_strdup(call->params[2]);
    g_strdelimit(name, "{}", ' ');
    list(call, replay_list(replay_repository(call), "pipeline-steps", g_strstrip(name)), NULL, 10);
}

static void list_deployments(Call *call)
{
    json_t *values = replay_list(replay_repository(call), "deployments", NULL);
    Listing listing = {.call = call,
                       .n = (guint) json_array_size(values),
                       .page_default = 10,
                       .page_max = 100,
                       .without_q = TRUE,
                       .rejects_sort = TRUE,
                       .write = replay_write_value,
                       .data = values};
    listing_answer(&listing);
}

/* ---- workspace ---- */

/* A list made for this answer; freed here. */
static void list_made(Call *call, json_t *values, const FieldRule *fields)
{
    list(call, values, fields, 10);
    json_decref(values);
}

static json_t *reached(const Call *call, gboolean projects)
{
    const Sandbox *sandbox = call->sandbox;
    json_t *found = json_array();
    json_t *seen = json_object();
    for (guint i = 0; i < sandbox->n_places; i++) {
        const Place *place = &sandbox->places[i];
        const ReplayRepository *repository = sandbox->replay->repositories->pdata[i];
        if (place->gone || !token_reaches(call->token, sandbox, place))
            continue;
        json_t *project = json_object_get(repository->object, "project");
        if (!projects)
            json_array_append(found, repository->object);
        else if (place->project_key != NULL && json_object_get(seen, place->project_key) == NULL) {
            json_object_set(seen, place->project_key, project);
            json_array_append(found, project);
        }
    }
    json_decref(seen);
    return found;
}

static void list_repositories(Call *call)
{
    static const FieldRule fields[] = {{"updated_on", FIELD_TIME},    {"created_on", FIELD_TIME},
                                       {"name", FIELD_STRING},        {"slug", FIELD_STRING},
                                       {"uuid", FIELD_STRING},        {"full_name", FIELD_STRING},
                                       {"project.key", FIELD_STRING}, {NULL}};
    list_made(call, reached(call, FALSE), fields);
}

static void list_projects(Call *call)
{
    list_made(call, reached(call, TRUE), NULL);
}

static void answer_one_project(Call *call)
{
    size_t index;
    json_t *project;
    json_t *projects = reached(call, TRUE);
    json_t *found = NULL;
    json_array_foreach(projects, index, project)
    {
        if (g_strcmp0(replay_text(project, "key"), call->params[1]) == 0)
            found = project;
    }
    replay_answer_object(call, found, "No project with this key in this workspace");
    json_decref(projects);
}

static void answer_one_repository(Call *call)
{
    replay_answer_object(call, replay_repository(call)->object, "No such repository");
}

static void answer_user(Call *call)
{
    write_bearer(call, call_open(call), NULL);
    call_answer(call, 200);
}

static void answer_known_user(Call *call)
{
    replay_answer_object(call, json_object_get(call->sandbox->replay->people, call->params[0]),
                         "No such user in the recording");
}

/* ---- all ---- */

static const struct {
    const char *route;
    void (*answer)(Call *call);
} answers[] = {
    {"user", answer_user},
    {"users", answer_known_user},
    {"projects", list_projects},
    {"project", answer_one_project},
    {"repositories", list_repositories},
    {"repository", answer_one_repository},
    {"pullrequests", list_pulls},
    {"pullrequest", answer_one_pull},
    {"activity", list_activity},
    {"pullrequest-activity", list_pull_activity},
    {"comments", list_comments},
    {"tasks", list_tasks},
    {"pullrequest-commits", list_pull_commits},
    {"pullrequest-statuses", list_pull_statuses},
    {"pullrequest-diffstat", redirect_to_diff},
    {"pullrequest-diff", redirect_to_diff},
    {"diffstat", list_diffstat},
    {"commits", replay_list_commits},
    {"commit", replay_answer_commit},
    {"pipelines", list_pipelines},
    {"pipeline", answer_one_pipeline},
    {"pipeline-steps", list_steps},
    {"deployments", list_deployments},
};

/* Lists that a recording may have under the route's name, and that are empty otherwise. */
static const char *const plain_lists[] = {
    "branches",     "refs",    "tags",        "default-reviewers",  "effective-default-reviewers",
    "environments", "members", "permissions", "branch-restrictions"};

void replay_answer(Call *call)
{
    const char *name = call->route->name;
    for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (g_str_equal(answers[i].route, name)) {
            answers[i].answer(call);
            return;
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(plain_lists); i++) {
        if (g_str_equal(plain_lists[i], name)) {
            list(call,
                 call->repository >= 0 ? replay_list(replay_repository(call), name, NULL) : NULL,
                 NULL, 10);
            return;
        }
    }
    call_fail(call, 404, "The recording has nothing at this address");
}
