/*
 * Code: the files that change most, and who could still explain which folder.
 */
#include <jansson.h>

#include "cli/commands.h"
#include "cli/work.h"

#define DEFAULT_LIMIT 30
#define MOST_LIMIT    10000
#define NAMES_SHOWN   3
#define LEAST_COMMITS 5 /* of a folder: fewer say nothing about who knows it */

static struct {
    char *workspace, *format;
    gint limit;
} options = {.limit = DEFAULT_LIMIT};

const GOptionEntry COMMAND_CODE_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "Rows of each repository (default 30)", "N"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text or json", "FORMAT"},
    {NULL}};

typedef struct {
    Store *store;
    gint64 workspace_id;
    UtcTime now;
    MeasureBasis *basis;
    MeasureColumns *columns;
    gboolean wants_knowledge;
    GPtrArray *cells; /* of the text's table */
    json_t *rows;     /* of the document */
    gint64 n;         /* files or folders in all */
} Code;

static void put(Code *code, const char *text)
{
    g_ptr_array_add(code->cells, g_strdup(text));
}

static void put_number(Code *code, gint64 number)
{
    g_ptr_array_add(code->cells, g_strdup_printf("%" G_GINT64_FORMAT, number));
}

/* ---- files */

static gboolean list_hot(Code *code, const StoreRepository *repository, GError **error)
{
    gint64 n = 0;
    g_autoptr(GPtrArray) files =
        measure_hot_files(code->store, code->basis, code->workspace_id, repository->repository_id,
                          code->now, (guint) options.limit, &n, error);
    if (files == NULL)
        return FALSE;
    code->n += n;
    for (guint i = 0; i < files->len; i++) {
        const CodeFile *file = files->pdata[i];
        char last[TIME_TEXT_SIZE];
        time_format(file->last, last);
        const char *name = measure_person_name(code->columns, file->most_by);
        json_array_append_new(code->rows,
                              json_pack("{s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "repository",
                                        repository->full_name, "path", file->path, "commits",
                                        (json_int_t) file->commits, "people",
                                        (json_int_t) file->people, "lines",
                                        (json_int_t) file->lines, "most_by", name, "last", last));
        put(code, repository->full_name);
        put(code, file->path);
        put_number(code, file->commits);
        put_number(code, file->people);
        put_number(code, file->lines);
        put(code, name);
    }
    return TRUE;
}

/* ---- folders */

static gint compare_risk(gconstpointer a, gconstpointer b)
{
    const CodeFolder *first = *(const CodeFolder *const *) a,
                     *second = *(const CodeFolder *const *) b;
    if (first->bus_factor != second->bus_factor)
        return first->bus_factor < second->bus_factor ? -1 : 1;
    if (first->commits != second->commits)
        return first->commits < second->commits ? 1 : -1;
    return strcmp(first->path, second->path);
}

static guint count_active(const CodeFolder *folder)
{
    guint active = 0;
    for (guint i = 0; i < folder->n_authors; i++)
        active += folder->authors[i].is_active;
    return active;
}

static char *name_active(const Code *code, const CodeFolder *folder)
{
    GString *names = g_string_new(NULL);
    guint shown = 0, active = count_active(folder);
    for (guint i = 0; i < folder->n_authors && shown < NAMES_SHOWN; i++) {
        if (!folder->authors[i].is_active)
            continue;
        g_string_append_printf(names, "%s%s", shown++ > 0 ? ", " : "",
                               measure_person_name(code->columns, folder->authors[i].person_id));
    }
    if (active > shown)
        g_string_append_printf(names, " and %u more", active - shown);
    if (active == 0)
        g_string_append(names, "nobody who is still active");
    return g_string_free(names, FALSE);
}

static json_t *pack_authors(const Code *code, const CodeFolder *folder)
{
    json_t *authors = json_array();
    for (guint i = 0; i < folder->n_authors; i++) {
        const CodeAuthor *author = &folder->authors[i];
        char last[TIME_TEXT_SIZE];
        time_format(author->last, last);
        json_array_append_new(
            authors, json_pack("{s:s, s:I, s:I, s:s, s:b}", "name",
                               measure_person_name(code->columns, author->person_id), "commits",
                               (json_int_t) author->commits, "lines", (json_int_t) author->lines,
                               "last", last, "active", (int) author->is_active));
    }
    return authors;
}

static gboolean list_knowledge(Code *code, const StoreRepository *repository, GError **error)
{
    g_autoptr(GPtrArray) folders =
        measure_knowledge(code->store, code->basis, code->workspace_id, repository->repository_id,
                          code->now, LEAST_COMMITS, error);
    if (folders == NULL)
        return FALSE;
    g_ptr_array_sort(folders, compare_risk);
    gint shown = 0;
    for (guint i = 0; i < folders->len; i++) {
        const CodeFolder *folder = folders->pdata[i];
        if (folder->commits < LEAST_COMMITS)
            continue;
        code->n++;
        if (shown++ >= options.limit)
            continue;
        const char *path = *folder->path != '\0' ? folder->path : "/";
        json_array_append_new(code->rows, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o}",
                                                    "repository", repository->full_name, "path",
                                                    path, "commits", (json_int_t) folder->commits,
                                                    "lines", (json_int_t) folder->lines,
                                                    "bus_factor", (json_int_t) folder->bus_factor,
                                                    "people", (json_int_t) folder->n_authors,
                                                    "authors", pack_authors(code, folder)));
        put(code, repository->full_name);
        put(code, path);
        put_number(code, folder->bus_factor);
        put_number(code, folder->commits);
        put_number(code, folder->n_authors);
        g_ptr_array_add(code->cells, name_active(code, folder));
    }
    return TRUE;
}

/* ---- what is shown */

static void put_heading(Code *code)
{
    static const char *const HOT[] = {"repository", "file",  "commits",
                                      "people",     "lines", "most by"};
    static const char *const KNOWLEDGE[] = {"repository", "folder", "bus factor",
                                            "commits",    "people", "who could explain it"};
    for (gsize i = 0; i < G_N_ELEMENTS(HOT); i++)
        put(code, code->wants_knowledge ? KNOWLEDGE[i] : HOT[i]);
}

/* What the list does not cover, in a sentence; NULL: nothing. */
static char *make_note(Code *code, GError **error)
{
    gint64 with_history = 0, selected = 0;
    if (!store_count_history(code->store, code->workspace_id, &with_history, &selected, error))
        return NULL;
    if (with_history == 0)
        return g_strdup("No repository has been read with git, so nothing is known of lines and "
                        "files by commit: run 'plumbline sync' without --no-git.");
    if (with_history < selected)
        return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                               " selected repositories have no history from git and are not in "
                               "the list.",
                               selected - with_history, selected);
    return g_strdup("");
}

static gboolean write_text(const Code *code, const char *note, GError **error)
{
    const gsize columns = 6;
    ReportStyle style = work_style(NULL);
    guint64 right = 1 << 2 | 1 << 3 | 1 << 4;
    GString *text = deliver_render_table((const char *const *) code->cells->pdata,
                                         code->cells->len / columns, columns, right, &style);
    gint64 shown = (gint64) (code->cells->len / columns) - 1;
    g_string_append_printf(
        text, "\n%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " %s, commits of the last %d days.\n",
        shown, code->n, code->wants_knowledge ? "folders" : "files",
        (int) ((code->wants_knowledge ? CODE_KNOWLEDGE_WINDOW : CODE_HOT_WINDOW) / TIME_DAY));
    if (*note != '\0')
        g_string_append_printf(text, "%s\n", note);
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

static gboolean write_json(const Code *code, const char *note, GError **error)
{
    json_t *document =
        json_pack("{s:s, s:I, s:O}", "list", code->wants_knowledge ? "knowledge" : "hot", "n",
                  (json_int_t) code->n, "rows", code->rows);
    if (*note != '\0')
        json_object_set_new(document, "note", json_string(note));
    char *dumped = json_dumps(document, JSON_INDENT(2));
    GString *text = g_string_new(dumped);
    g_string_append_c(text, '\n');
    free(dumped);
    json_decref(document);
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

static gboolean run(Code *code, const char *full_name, gboolean as_json, GError **error)
{
    gint64 only = 0;
    if (full_name != NULL &&
        !work_find_repository(code->store, code->workspace_id, full_name, &only, error))
        return FALSE;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(code->store, code->workspace_id, TRUE, error);
    if (repositories == NULL)
        return FALSE;
    put_heading(code);
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (only != 0 && repository->repository_id != only)
            continue;
        if (!(code->wants_knowledge ? list_knowledge : list_hot)(code, repository, error))
            return FALSE;
    }
    g_autofree char *note = make_note(code, error);
    return note != NULL &&
           (as_json ? write_json(code, note, error) : write_text(code, note, error));
}

int command_code(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(WorkPlace) place = {0};
    gboolean knows = g_strcmp0(arguments[0], "knowledge") == 0;
    gboolean as_json = g_strcmp0(options.format, "json") == 0;
    if (!knows && g_strcmp0(arguments[0], "hot") != 0)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "code: say 'hot' or 'knowledge'");
    if (options.format != NULL && !as_json && g_strcmp0(options.format, "text") != 0)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID, "--format: code comes as text or json");
    if (options.limit < 1 || options.limit > MOST_LIMIT)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID, "--limit: from 1 to %d", MOST_LIMIT);
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    if (!measure_refresh(place.store, place.workspace_id, NULL, error))
        return 0;
    g_autoptr(MeasureBasis) basis = measure_basis_load(place.store, place.workspace_id, error);
    g_autoptr(MeasureColumns) columns =
        basis == NULL ? NULL : measure_columns_load(place.store, place.workspace_id, error);
    if (columns == NULL)
        return 0;
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    Code code = {place.store,
                 place.workspace_id,
                 work_newest_time(place.connections),
                 basis,
                 columns,
                 knows,
                 cells,
                 json_array(),
                 0};
    run(&code, arguments[1], as_json, error);
    json_decref(code.rows);
    return 0;
}
