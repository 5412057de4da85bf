#include "sandbox.h"

#include "times.h"
#include "tokens.h"

#include <errno.h>
#include <gio/gio.h>
#include <jansson.h>
#include <sys/random.h>
#include <sys/stat.h>

gint64 sandbox_now(Sandbox *sandbox)
{
    if (sandbox->company != NULL)
        return company_now(sandbox->company);
    g_mutex_lock(&sandbox->lock);
    gint64 now = sandbox->clock;
    g_mutex_unlock(&sandbox->lock);
    return now;
}

void sandbox_changed(Sandbox *sandbox)
{
    sandbox->version++;
}

static const char *intern_full_name(const char *workspace, const char *slug)
{
    g_autofree char *full_name = g_strconcat(workspace, "/", slug, NULL);
    return g_intern_string(full_name);
}

void sandbox_place_company(Sandbox *sandbox)
{
    const CompanyWorkspace *workspace = company_workspace(sandbox->company);
    sandbox->workspace_uuid = workspace->uuid;
    sandbox->workspace_name = workspace->name;
    sandbox->workspace_slug = g_intern_string(workspace->slug);
    sandbox->workspace_created = workspace->created_at;

    guint n_projects;
    const CompanyProject *projects = company_projects(sandbox->company, &n_projects);
    const CompanyRepository *repositories =
        company_repositories(sandbox->company, &sandbox->n_places);
    sandbox->places = g_new0(Place, sandbox->n_places);
    for (guint i = 0; i < sandbox->n_places; i++) {
        Place *place = &sandbox->places[i];
        place->uuid = repositories[i].uuid;
        place->project_key = projects[repositories[i].project].key;
        place->slug = g_intern_string(repositories[i].slug);
        place->name = g_intern_string(repositories[i].name);
        place->full_name = intern_full_name(workspace->slug, repositories[i].slug);
    }
}

gboolean sandbox_is_workspace(const Sandbox *sandbox, const char *name)
{
    return g_str_equal(name, sandbox->workspace_slug) ||
           g_ascii_strcasecmp(name, sandbox->workspace_uuid) == 0;
}

static gint find_former(Sandbox *sandbox, const char *workspace, const char *slug)
{
    g_autofree char *full_name = g_strconcat(workspace, "/", slug, NULL);
    gint found = -1;
    g_mutex_lock(&sandbox->lock);
    for (guint i = 0; i < sandbox->former->len; i++) {
        const FormerAddress *former = &g_array_index(sandbox->former, FormerAddress, i);
        if (former->redirects && g_str_equal(former->full_name, full_name))
            found = (gint) former->repository;
    }
    g_mutex_unlock(&sandbox->lock);
    return found;
}

gint sandbox_find(Sandbox *sandbox, const char *workspace, const char *slug, gboolean *ret_former)
{
    *ret_former = FALSE;
    gboolean anywhere = g_str_equal(workspace, "{}");
    if (anywhere || sandbox_is_workspace(sandbox, workspace)) {
        for (guint i = 0; i < sandbox->n_places; i++) {
            const Place *place = &sandbox->places[i];
            if (g_ascii_strcasecmp(slug, place->uuid) == 0 ||
                (!anywhere && g_str_equal(slug, place->slug)))
                return (gint) i;
        }
    }
    gint former = find_former(sandbox, workspace, slug);
    *ret_former = former >= 0;
    return former;
}

static void move(Sandbox *sandbox, guint repository, const char *workspace, const char *slug,
                 gboolean redirects)
{
    Place *place = &sandbox->places[repository];
    FormerAddress former = {
        .full_name = place->full_name, .repository = repository, .redirects = redirects};
    g_mutex_lock(&sandbox->lock);
    g_array_append_val(sandbox->former, former);
    g_mutex_unlock(&sandbox->lock);
    place->slug = g_intern_string(slug);
    place->full_name = intern_full_name(workspace, slug);
}

gboolean sandbox_rename_repository(Sandbox *sandbox, guint repository, const char *slug,
                                   gboolean redirects, GError **error)
{
    if (sandbox->company != NULL &&
        !company_rename_repository(sandbox->company, repository, slug, error))
        return FALSE;
    move(sandbox, repository, sandbox->workspace_slug, slug, redirects);
    sandbox->places[repository].name = g_intern_string(slug);
    sandbox_changed(sandbox);
    return TRUE;
}

void sandbox_rename_workspace(Sandbox *sandbox, const char *slug, gboolean redirects)
{
    for (guint i = 0; i < sandbox->n_places; i++)
        move(sandbox, i, slug, sandbox->places[i].slug, redirects);
    sandbox->workspace_slug = g_intern_string(slug);
    sandbox_changed(sandbox);
}

char *sandbox_random_text(const char *prefix, guint length)
{
    guint8 bytes[64];
    g_assert(length <= sizeof bytes);
    if (getrandom(bytes, length, 0) != (ssize_t) length)
        g_error("the kernel gives no random bytes");
    GString *text = g_string_new(prefix);
    for (guint i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}

char *sandbox_random_uuid(void)
{
    g_autofree char *uuid = g_uuid_string_random();
    return g_strconcat("{", uuid, "}", NULL);
}

static json_t *describe_places(Sandbox *sandbox)
{
    json_t *list = json_array();
    for (guint i = 0; i < sandbox->n_places; i++) {
        const Place *place = &sandbox->places[i];
        g_autofree char *url = g_strconcat(sandbox->web, "/", place->full_name, NULL);
        json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s?,s:s}", "slug", place->slug,
                                              "full_name", place->full_name, "uuid", place->uuid,
                                              "project_key", place->project_key, "html_url", url));
    }
    return list;
}

gboolean sandbox_write_ready(Sandbox *sandbox, GError **error)
{
    char now[TIMES_SIZE];
    times_format(sandbox_now(sandbox), now);
    json_t *ready =
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s,s:s},s:o,s:o}", "api_base", sandbox->api,
                  "git_base", sandbox->web, "control_base", sandbox->control, "control_token",
                  sandbox->control_token, "now", now, "workspace", "slug", sandbox->workspace_slug,
                  "uuid", sandbox->workspace_uuid, "name", sandbox->workspace_name, "repositories",
                  describe_places(sandbox), "tokens", tokens_describe(sandbox->tokens));
    char *text = json_dumps(ready, JSON_INDENT(1));
    json_decref(ready);
    g_autofree char *path = g_build_filename(sandbox->state_folder, "ready.json", NULL);
    gboolean written =
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
    free(text);
    return written;
}
