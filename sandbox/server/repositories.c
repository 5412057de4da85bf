#include "handlers.h"
#include "tokens.h"
#include "world.h"

#include <string.h>

const CompanyRepository *repository_at(const Call *call)
{
    guint n;
    return &company_repositories(call->sandbox->company, &n)[call->repository];
}

static const CompanyRepository *repository_number(const Call *call, guint repository)
{
    guint n;
    return &company_repositories(call->sandbox->company, &n)[repository];
}

/* ---- projects ---- */

static void write_project_links(Call *call, Out *out, const CompanyProject *project)
{
    const char *workspace = call->sandbox->workspace_slug;
    if (!out_object(out, "links"))
        return;
    out_link_api(out, "self", "/workspaces/%s/projects/%s", workspace, project->key);
    out_link_web(out, "html", "/%s/workspace/projects/%s", workspace, project->key);
    out_link_web(out, "avatar", "/account/user/%s/projects/%s/avatar/32", workspace, project->key);
    out_close(out);
}

static void write_project_short(Call *call, Out *out, const char *key, guint number)
{
    guint n;
    const CompanyProject *project = &company_projects(call->sandbox->company, &n)[number];
    if (!out_object(out, key))
        return;
    out_string(out, "type", "project");
    out_string(out, "uuid", project->uuid);
    out_string(out, "key", project->key);
    out_string(out, "name", project->name);
    write_project_links(call, out, project);
    out_close(out);
}

/* The workspace as an account of its own: it owns projects and repositories. */
static void write_owner(Call *call, Out *out)
{
    const Sandbox *sandbox = call->sandbox;
    if (!out_object(out, "owner"))
        return;
    out_string(out, "type", "team");
    out_string(out, "uuid", sandbox->workspace_uuid);
    out_string(out, "username", sandbox->workspace_slug);
    out_string(out, "display_name", sandbox->workspace_name);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/workspaces/%s", sandbox->workspace_slug);
        out_link_web(out, "avatar", "/account/%s/avatar/", sandbox->workspace_slug);
        out_link_web(out, "html", "/%s/", sandbox->workspace_slug);
        out_close(out);
    }
    out_close(out);
}

static void write_project(Call *call, Out *out, const CompanyProject *project)
{
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "project");
    out_string(out, "uuid", project->uuid);
    out_string(out, "key", project->key);
    out_string(out, "name", project->name);
    out_string(out, "description", "");
    out_bool(out, "is_private", TRUE);
    out_time(out, "created_on", project->created_at);
    out_time(out, "updated_on", project->created_at);
    out_bool(out, "has_publicly_visible_repos", FALSE);
    write_owner(call, out);
    write_workspace_short(call, out, "workspace");
    write_project_links(call, out, project);
    out_close(out);
}

static void write_listed_project(const Listing *listing, guint candidate, Out *out)
{
    guint n;
    write_project(listing->call, out,
                  &company_projects(listing->call->sandbox->company, &n)[candidate]);
}

/* A project is seen by whom sees one of its repositories. */
static gboolean project_is_reached(const Call *call, const char *key)
{
    const Sandbox *sandbox = call->sandbox;
    for (guint i = 0; i < sandbox->n_places; i++)
        if (g_str_equal(sandbox->places[i].project_key, key) &&
            token_reaches(call->token, sandbox, &sandbox->places[i]))
            return TRUE;
    return FALSE;
}

static gboolean keep_project(const Listing *listing, guint candidate)
{
    guint n;
    return project_is_reached(listing->call,
                              company_projects(listing->call->sandbox->company, &n)[candidate].key);
}

void answer_projects(Call *call)
{
    static const FieldRule fields[] = {{"key", FIELD_STRING},         {"name", FIELD_STRING},
                                       {"uuid", FIELD_STRING},        {"created_on", FIELD_TIME},
                                       {"updated_on", FIELD_TIME},    {"is_private", FIELD_BOOL},
                                       {"description", FIELD_STRING}, {NULL}};
    guint n;
    company_projects(call->sandbox->company, &n);
    Listing listing = {.call = call,
                       .n = n,
                       .fields = fields,
                       .page_default = 10,
                       .page_max = 100,
                       .keep = keep_project,
                       .write = write_listed_project};
    listing_answer(&listing);
}

void answer_project(Call *call)
{
    guint n;
    const CompanyProject *projects = company_projects(call->sandbox->company, &n);
    for (guint i = 0; i < n; i++) {
        if ((!g_str_equal(projects[i].key, call->params[1]) &&
             g_ascii_strcasecmp(projects[i].uuid, call->params[1]) != 0) ||
            !project_is_reached(call, projects[i].key))
            continue;
        write_project(call, call_open(call), &projects[i]);
        call_answer(call, 200);
        return;
    }
    call_fail(call, 404, "No project with this key in this workspace");
}

/* ---- repositories ---- */

static void write_short_links(Call *call, Out *out, const Place *place)
{
    out_link_api(out, "self", "/repositories/%s", place->full_name);
    out_link_web(out, "html", "/%s", place->full_name);
    out_link_web(out, "avatar", "/ravatar/%%7B%.36s%%7D?ts=default", place->uuid + 1);
}

static void write_clone_links(Call *call, Out *out, const Place *place)
{
    const Token *token = call->token;
    const char *user =
        token->person >= 0 ? person_at(call, token->person)->nickname : "x-token-auth";
    g_autofree char *https = g_strdup_printf(
        "http://%s@%s/%s.git", user, call->sandbox->web + strlen("http://"), place->full_name);
    if (!out_array(out, "clone"))
        return;
    if (out_object(out, NULL)) {
        out_string(out, "name", "https");
        out_string(out, "href", https);
        out_close(out);
    }
    out_close(out);
}

static void write_links(Call *call, Out *out, const Place *place)
{
    static const struct {
        const char *name, *path;
    } links[] = {{"pullrequests", "pullrequests"},
                 {"commits", "commits"},
                 {"forks", "forks"},
                 {"watchers", "watchers"},
                 {"branches", "refs/branches"},
                 {"tags", "refs/tags"},
                 {"downloads", "downloads"},
                 {"source", "src"},
                 {"hooks", "hooks"}};
    if (!out_object(out, "links"))
        return;
    write_short_links(call, out, place);
    for (guint i = 0; i < G_N_ELEMENTS(links); i++)
        out_link_api(out, links[i].name, "/repositories/%s/%s", place->full_name, links[i].path);
    write_clone_links(call, out, place);
    out_close(out);
}

/* What the condensed form leaves out. */
static void write_rest(Call *call, Out *out, guint number)
{
    const CompanyRepository *repository = repository_number(call, number);
    const Place *place = &call->sandbox->places[number];
    out_string(out, "slug", place->slug);
    out_string(out, "description", "");
    out_string(out, "scm", "git");
    out_null(out, "website");
    out_bool(out, "is_private", repository->is_private);
    out_string(out, "fork_policy", repository->is_private ? "no_public_forks" : "allow_forks");
    out_string(out, "language", repository->language);
    out_number(out, "size", 4096 + (gint64) repository->n_commits * 700);
    out_time(out, "created_on", repository->created_at);
    out_time(out, "updated_on", company_repository_updated(call->sandbox->company, number));
    if (repository->is_empty) {
        out_null(out, "mainbranch");
    } else if (out_object(out, "mainbranch")) {
        out_string(out, "type", "branch");
        out_string(out, "name", repository->main_branch);
        out_close(out);
    }
    write_owner(call, out);
    write_workspace_short(call, out, "workspace");
    write_project_short(call, out, "project", repository->project);
    if (out_object(out, "override_settings")) {
        out_bool(out, "default_merge_strategy", FALSE);
        out_bool(out, "branching_model", FALSE);
        out_close(out);
    }
    out_null(out, "parent");
    out_bool(out, "has_issues", FALSE);
    out_bool(out, "has_wiki", FALSE);
}

static void write_any(Call *call, Out *out, const char *key, guint number, gboolean whole)
{
    const Place *place = &call->sandbox->places[number];
    if (!out_object(out, key))
        return;
    out_string(out, "type", "repository");
    out_string(out, "uuid", place->uuid);
    out_string(out, "full_name", place->full_name);
    out_string(out, "name", place->name);
    if (whole) {
        write_links(call, out, place);
    } else if (out_object(out, "links")) {
        write_short_links(call, out, place);
        out_close(out);
    }
    out_set_optional(out, !whole);
    if (whole || call->fields != NULL)
        write_rest(call, out, number);
    out_close(out);
}

void write_repository_short(Call *call, Out *out, const char *key, guint repository)
{
    write_any(call, out, key, repository, FALSE);
}

void write_repository(Call *call, Out *out, const char *key, guint repository)
{
    write_any(call, out, key, repository, TRUE);
}

static void write_listed_repository(const Listing *listing, guint candidate, Out *out)
{
    write_repository(listing->call, out, NULL, candidate);
}

static gboolean keep_repository(const Listing *listing, guint candidate)
{
    const Sandbox *sandbox = listing->call->sandbox;
    return !sandbox->places[candidate].gone &&
           token_reaches(listing->call->token, sandbox, &sandbox->places[candidate]);
}

void answer_repositories(Call *call)
{
    static const FieldRule fields[] = {{"updated_on", FIELD_TIME},
                                       {"created_on", FIELD_TIME},
                                       {"name", FIELD_STRING},
                                       {"slug", FIELD_STRING},
                                       {"full_name", FIELD_STRING},
                                       {"uuid", FIELD_STRING},
                                       {"project.key", FIELD_STRING},
                                       {"project.uuid", FIELD_STRING},
                                       {"language", FIELD_STRING},
                                       {"is_private", FIELD_BOOL},
                                       {"mainbranch.name", FIELD_STRING},
                                       {"size", FIELD_NUMBER},
                                       {"project.name", FIELD_STRING},
                                       {NULL}};
    static const char *const roles[] = {"admin", "contributor", "member", "owner"};
    const char *role = call_argument(call, "role");
    gboolean known = role == NULL;
    for (guint i = 0; i < G_N_ELEMENTS(roles) && !known; i++)
        known = g_str_equal(role, roles[i]);
    if (!known) {
        call_fail(call, 400, "Invalid role");
        return;
    }
    Listing listing = {.call = call,
                       .n = call->sandbox->n_places,
                       .fields = fields,
                       .page_default = 10,
                       .page_max = 100,
                       .keep = keep_repository,
                       .write = write_listed_repository};
    listing_answer(&listing);
}

void answer_repository(Call *call)
{
    write_repository(call, call_open(call), NULL, (guint) call->repository);
    call_answer(call, 200);
}
