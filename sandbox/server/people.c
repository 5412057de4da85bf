#include "handlers.h"
#include "routes.h"
#include "tokens.h"
#include "world.h"

#include <string.h>

/* ---- writing ---- */

const CompanyPerson *person_at(const Call *call, gint person)
{
    guint n;
    const CompanyPerson *people = company_people(call->sandbox->company, &n);
    g_assert(person >= 0 && (guint) person < n);
    return &people[person];
}

gboolean person_is_there(const Call *call, gint person)
{
    return person >= 0 && person_at(call, person)->left_at > sandbox_now(call->sandbox);
}

gint find_person_by_id(const Call *call, const char *id)
{
    guint n;
    const CompanyPerson *people = company_people(call->sandbox->company, &n);
    for (guint i = 0; i < n; i++)
        if (g_ascii_strcasecmp(people[i].uuid, id) == 0 || g_str_equal(people[i].account_id, id))
            return (gint) i;
    return -1;
}

/* A uuid as it stands in an address: its braces encoded. */
static char *in_address(const char *uuid)
{
    return g_strdup_printf("%%7B%.36s%%7D", uuid + 1);
}

static void write_app(Call *call, Out *out, const char *uuid, const char *account_id,
                      const char *name, const char *kind, gint64 created_at)
{
    out_string(out, "type", "app_user");
    out_string(out, "uuid", uuid);
    out_string(out, "account_id", account_id);
    out_string(out, "display_name", name);
    out_string(out, "account_status", "active");
    out_string(out, "kind", kind);
    out_time(out, "created_on", created_at);
    if (out_object(out, "links")) {
        g_autofree char *id = in_address(uuid);
        out_link_web(out, "avatar", "/account/%s/avatar/32/", id);
        out_close(out);
    }
}

static void write_user_links(Out *out, const char *uuid)
{
    if (!out_object(out, "links"))
        return;
    g_autofree char *id = in_address(uuid);
    out_link_api(out, "self", "/users/%s", id);
    out_link_web(out, "avatar", "/account/%s/avatar/32/", id);
    out_link_web(out, "html", "/%s/", id);
    out_close(out);
}

static void write_account(Call *call, Out *out, const CompanyPerson *person, gboolean whole)
{
    gboolean left = person->left_at <= sandbox_now(call->sandbox);
    gint64 created_at = call->sandbox->workspace_created;
    if (person->is_app) {
        write_app(call, out, person->uuid, person->account_id, person->display_name,
                  "repository_access_token", created_at);
        return;
    }
    out_string(out, "type", "user");
    out_string(out, "uuid", person->uuid);
    out_string(out, "account_id", person->account_id);
    out_string(out, "display_name", left ? "Former user" : person->display_name);
    out_string(out, "nickname", left ? "Former user" : person->nickname);
    if (whole) {
        out_time(out, "created_on", created_at);
        out_string(out, "account_status", left ? "inactive" : "active");
        out_null(out, "location");
        out_null(out, "website");
        out_null(out, "has_2fa_enabled");
        out_bool(out, "is_staff", FALSE);
    }
    write_user_links(out, person->uuid);
}

static void write_somebody(Call *call, Out *out, const char *key, gint person, gboolean whole)
{
    if (person < 0 || (!person_is_there(call, person) && person_at(call, person)->left_as_null)) {
        out_null(out, key);
        return;
    }
    if (out_object(out, key)) {
        write_account(call, out, person_at(call, person), whole);
        out_close(out);
    }
}

void write_person(Call *call, Out *out, const char *key, gint person)
{
    write_somebody(call, out, key, person, FALSE);
}

void write_person_whole(Call *call, Out *out, const char *key, gint person)
{
    write_somebody(call, out, key, person, TRUE);
}

void write_bearer(Call *call, Out *out, const char *key)
{
    const Token *token = call->token;
    if (token->person >= 0) {
        write_person_whole(call, out, key, token->person);
    } else if (out_object(out, key)) {
        g_autofree char *account = g_strdup_printf("712020:%.36s", token->uuid + 1);
        write_app(call, out, token->uuid, account, token->name, token_type(token),
                  call->sandbox->workspace_created);
        out_close(out);
    }
}

void write_workspace_short(Call *call, Out *out, const char *key)
{
    const Sandbox *sandbox = call->sandbox;
    if (!out_object(out, key))
        return;
    out_string(out, "type", "workspace");
    out_string(out, "uuid", sandbox->workspace_uuid);
    out_string(out, "name", sandbox->workspace_name);
    out_string(out, "slug", sandbox->workspace_slug);
    if (out_object(out, "links")) {
        out_link_web(out, "avatar", "/workspaces/%s/avatar/", sandbox->workspace_slug);
        out_link_web(out, "html", "/%s/", sandbox->workspace_slug);
        out_link_api(out, "self", "/workspaces/%s", sandbox->workspace_slug);
        out_close(out);
    }
    out_close(out);
}

/* ---- answers ---- */

void answer_self(Call *call)
{
    write_bearer(call, call_open(call), NULL);
    call_answer(call, 200);
}

void answer_person(Call *call)
{
    gint person = find_person_by_id(call, call->params[0]);
    if (person < 0 || !person_is_there(call, person)) {
        g_autofree char *message = g_strdup_printf("%s is not a valid user", call->params[0]);
        call_fail(call, 404, message);
        return;
    }
    write_person_whole(call, call_open(call), NULL, person);
    call_answer(call, 200);
}

static void write_access(const Listing *listing, guint candidate, Out *out)
{
    Call *call = listing->call;
    const Sandbox *sandbox = call->sandbox;
    if (!out_object(out, NULL))
        return;
    gboolean is_admin = sandbox->company != NULL && call->token->person >= 0 &&
                        person_at(call, call->token->person)->is_admin;
    out_string(out, "type", "workspace_access");
    out_bool(out, "administrator", is_admin);
    if (out_object(out, "workspace")) {
        out_string(out, "type", "workspace_base");
        out_string(out, "uuid", sandbox->workspace_uuid);
        out_string(out, "slug", sandbox->workspace_slug);
        if (out_object(out, "links")) {
            out_link_web(out, "avatar", "/workspaces/%s/avatar/", sandbox->workspace_slug);
            out_link_api(out, "self", "/workspaces/%s", sandbox->workspace_slug);
            out_close(out);
        }
        out_close(out);
    }
    out_close(out);
}

/* About the caller; a token that acts for nobody belongs to no workspace. */
void answer_own_workspaces(Call *call)
{
    static const FieldRule fields[] = {{"slug", FIELD_STRING}, {NULL}};
    const char *administrator = call_argument(call, "administrator");
    gboolean is_admin = call->sandbox->company != NULL && call->token->person >= 0 &&
                        person_at(call, call->token->person)->is_admin;
    gboolean shown = call->token->kind == TOKEN_API &&
                     (administrator == NULL || g_str_equal(administrator, "true") == is_admin);
    Listing listing = {.call = call,
                       .n = shown ? 1 : 0,
                       .fields = fields,
                       .page_default = 25,
                       .page_max = 100,
                       .write = write_access};
    listing_answer(&listing);
}

void answer_own_permission(Call *call)
{
    Out *out = call_open(call);
    gboolean is_admin = call->sandbox->company != NULL && call->token->person >= 0 &&
                        person_at(call, call->token->person)->is_admin;
    if (out_object(out, NULL)) {
        out_string(out, "type", "workspace_membership");
        out_string(out, "permission", is_admin ? "owner" : "member");
        write_workspace_short(call, out, "workspace");
        out_close(out);
    }
    call_answer(call, 200);
}

void answer_workspace(Call *call)
{
    static const char *const links[] = {"members", "owners", "projects", "hooks", "snippets"};
    const Sandbox *sandbox = call->sandbox;
    const char *slug = sandbox->workspace_slug;
    Out *out = call_open(call);
    if (out_object(out, NULL)) {
        out_string(out, "type", "workspace");
        out_string(out, "uuid", sandbox->workspace_uuid);
        out_string(out, "name", sandbox->workspace_name);
        out_string(out, "slug", slug);
        out_bool(out, "is_private", FALSE);
        out_bool(out, "is_privacy_enforced", FALSE);
        out_string(out, "forking_mode", "allow_forks");
        out_bool(out, "is_personal", FALSE);
        out_time(out, "created_on", sandbox->workspace_created);
        if (out_object(out, "links")) {
            out_link_api(out, "self", "/workspaces/%s", slug);
            out_link_web(out, "html", "/%s/", slug);
            out_link_web(out, "html_overview", "/%s/workspace/overview/", slug);
            out_link_web(out, "avatar", "/workspaces/%s/avatar/", slug);
            out_link_api(out, "repositories", "/repositories/%s", slug);
            for (guint i = 0; i < G_N_ELEMENTS(links); i++)
                out_link_api(out, links[i], "/workspaces/%s/%s", slug, links[i]);
            out_close(out);
        }
        out_close(out);
    }
    call_answer(call, 200);
}

static void write_member(const Listing *listing, guint candidate, Out *out)
{
    Call *call = listing->call;
    const CompanyPerson *person = person_at(call, (gint) candidate);
    const char *slug = call->sandbox->workspace_slug;
    gboolean with_permission = listing->more != NULL;
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "workspace_membership");
    if (with_permission)
        out_string(out, "permission", person->is_admin ? "owner" : "member");
    if (out_object(out, "user")) {
        write_account(call, out, person, FALSE);
        /* Given to those who ask for it and know the addresses already. */
        out_set_optional(out, TRUE);
        out_string(out, "email", person->email);
        out_close(out);
    }
    write_workspace_short(call, out, "workspace");
    if (out_object(out, "links")) {
        g_autofree char *id = in_address(person->uuid);
        out_link_api(out, "self", "/workspaces/%s/members/%s", slug, id);
        out_close(out);
    }
    out_close(out);
}

static gboolean keep_member(const Listing *listing, guint candidate)
{
    return person_is_there(listing->call, (gint) candidate) &&
           !person_at(listing->call, (gint) candidate)->is_app;
}

static const FieldRule member_fields[] = {{"user.email", FIELD_STRING},
                                          {"user.uuid", FIELD_STRING},
                                          {"user.account_id", FIELD_STRING},
                                          {"user.nickname", FIELD_STRING},
                                          {"user.display_name", FIELD_STRING},
                                          {"permission", FIELD_STRING},
                                          {NULL}};

static void list_members(Call *call, gboolean with_permission)
{
    guint n;
    company_people(call->sandbox->company, &n);
    Listing listing = {.call = call,
                       .n = n,
                       .fields = member_fields,
                       .page_default = 50,
                       .page_max = 100,
                       .keep = keep_member,
                       .write = write_member,
                       .more = with_permission ? call : NULL};
    listing_answer(&listing);
}

void answer_members(Call *call)
{
    list_members(call, FALSE);
}

void answer_permissions(Call *call)
{
    list_members(call, TRUE);
}

typedef struct {
    guint n_people, first, n_repositories;
} PermissionSpan;

static void write_repository_permission(const Listing *listing, guint candidate, Out *out)
{
    const PermissionSpan *span = listing->data;
    gint person = (gint) (candidate % span->n_people);
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "repository_permission");
    out_string(out, "permission", person_at(listing->call, person)->is_admin ? "admin" : "write");
    write_person(listing->call, out, "user", person);
    write_repository_short(listing->call, out, "repository",
                           span->first + candidate / span->n_people);
    out_close(out);
}

static gboolean keep_repository_permission(const Listing *listing, guint candidate)
{
    const PermissionSpan *span = listing->data;
    return keep_member(listing, candidate % span->n_people);
}

void answer_repository_permissions(Call *call)
{
    static const FieldRule fields[] = {{"permission", FIELD_STRING},
                                       {"user.uuid", FIELD_STRING},
                                       {"repository.name", FIELD_STRING},
                                       {NULL}};
    PermissionSpan span = {.n_repositories = call->sandbox->n_places};
    company_people(call->sandbox->company, &span.n_people);
    if (call->repository >= 0) {
        span.first = (guint) call->repository;
        span.n_repositories = 1;
    }
    Listing listing = {.call = call,
                       .n = span.n_people * span.n_repositories,
                       .fields = fields,
                       .page_default = 10,
                       .page_max = 100,
                       .keep = keep_repository_permission,
                       .write = write_repository_permission,
                       .data = &span};
    listing_answer(&listing);
}
