/*
 * Releases: where each repository's deliveries are known from, and what counts where Bitbucket
 * tells of no deployment.
 */
#include "cli/commands.h"
#include "cli/work.h"

static struct {
    char *workspace;
} options;

const GOptionEntry COMMAND_RELEASES_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {NULL}};

static gboolean set_kind(Store *store, gint64 workspace_id, GPtrArray *repositories,
                         const char *pattern, const char *name, GError **error)
{
    guint changed = 0, matching = 0;
    ReleaseKind kind;
    if (!release_kind_from_name(name, &kind)) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE,
                 "releases: '%s' is not one of deployments, pipelines and merge", name);
        return FALSE;
    }
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL ||
        !release_set(tx, workspace_id, repositories, pattern, kind, &matching, &changed, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    if (matching == 0) {
        cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND, "no repository matches '%s'", pattern);
        return FALSE;
    }
    printf("'%s' matches %u %s, %u changed: %s.\n", pattern, matching,
           matching == 1 ? "repository" : "repositories", changed, release_kind_words(kind));
    return TRUE;
}

/* ---- the list */

static void put(GPtrArray *cells, const char *text)
{
    g_ptr_array_add(cells, g_strdup(text == NULL ? "" : text));
}

static gboolean list(Store *store, gint64 workspace_id, GPtrArray *repositories, GError **error)
{
    static const char *const HEADING[] = {"repository", "what counts", "known from"};
    if (!measure_refresh(store, workspace_id, NULL, error))
        return FALSE;
    g_autoptr(MeasureColumns) columns = measure_columns_load(store, workspace_id, error);
    if (columns == NULL)
        return FALSE;
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, HEADING[i]);
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        put(cells, repository->full_name);
        put(cells, release_kind_name(release_kind_of(repository)));
        put(cells,
            delivery_source_title(measure_delivery_source(columns, repository->repository_id)));
    }
    ReportStyle style = work_style(NULL);
    GString *text =
        deliver_render_table((const char *const *) cells->pdata, cells->len / G_N_ELEMENTS(HEADING),
                             G_N_ELEMENTS(HEADING), 0, &style);
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

int command_releases(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(WorkPlace) place = {0};
    gboolean sets = g_strcmp0(arguments[0], "set") == 0;
    if (g_strv_length(arguments) != (sets ? 3 : 0))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "releases: say nothing, or 'set PATTERN deployments|pipelines|merge'");
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(place.store, place.workspace_id, !sets, error);
    if (repositories == NULL)
        return 0;
    if (sets)
        set_kind(place.store, place.workspace_id, repositories, arguments[1], arguments[2], error);
    else
        list(place.store, place.workspace_id, repositories, error);
    return 0;
}
