/* What git tells of the code: the files that change most, and who could still explain which folder.
 */
#include "web/desk.h"
#include "web/table.h"

#include <string.h>

#define ROWS_PER_LIST 50
#define ROWS_MOST     1000
#define LEAST_COMMITS 5 /* of a folder: fewer say nothing about who knows it */

typedef struct {
    WebDesk desk;
    MeasureBasis *basis;
    gint64 repository_id; /* 0: all that are selected */
    guint limit;
    gboolean shows_people;
    GPtrArray *rows; /* Row, of all repositories */
    gint64 n;
} Code;

typedef struct {
    gint64 first, second; /* what the list is sorted by, the greater first */
    json_t *object;
} Row;

static void row_free(gpointer data)
{
    Row *row = data;
    json_decref(row->object);
    g_free(row);
}

static void code_clear(Code *code)
{
    g_clear_pointer(&code->basis, measure_basis_free);
    g_clear_pointer(&code->rows, g_ptr_array_unref);
    web_desk_close(&code->desk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Code, code_clear)

static gboolean code_open(const WebCall *call, Code *code, GError **error)
{
    const char *text = request_query(call->request, "limit");
    guint64 limit = ROWS_PER_LIST;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, ROWS_MOST, &limit, NULL))
        return web_invalid(error, "\"limit\" must be between 1 and %d.", ROWS_MOST);
    code->limit = (guint) limit;
    code->rows = g_ptr_array_new_with_free_func(row_free);
    if (!web_desk_open(call, &code->desk, error) ||
        !web_desk_repository(&code->desk, call, &code->repository_id, error) ||
        !web_desk_shows_people(&code->desk, &code->shows_people, error))
        return FALSE;
    return TRUE;
}

static void add_row(Code *code, gint64 first, gint64 second, json_t *object)
{
    Row *row = g_new0(Row, 1);
    *row = (Row){first, second, object};
    g_ptr_array_add(code->rows, row);
}

static gint compare_rows(gconstpointer a, gconstpointer b)
{
    const Row *first = *(const Row *const *) a, *second = *(const Row *const *) b;
    if (first->first != second->first)
        return first->first > second->first ? -1 : 1;
    return (first->second < second->second) - (first->second > second->second);
}

/* A name where the workspace shows measures by person; whose work it is says more than a total. */
static json_t *name_of(const Code *code, gint64 person_id)
{
    return code->shows_people ? json_string(measure_person_name(code->desk.columns, person_id))
                              : json_null();
}

/* ---- hot files */

static gboolean add_hot(Code *code, const StoreRepository *repository, GError **error)
{
    gint64 n = 0;
    g_autoptr(GPtrArray) files =
        measure_hot_files(code->desk.store, code->basis, code->desk.workspace_id,
                          repository->repository_id, code->desk.now, code->limit, &n, error);
    if (files == NULL)
        return FALSE;
    code->n += n;
    for (guint i = 0; i < files->len; i++) {
        const CodeFile *file = files->pdata[i];
        add_row(code, file->commits, file->lines,
                json_pack("{ss ss sI sI sI so so}", "repository", repository->full_name, "path",
                          file->path, "commits", (json_int_t) file->commits, "lines",
                          (json_int_t) file->lines, "people", (json_int_t) file->people, "most_by",
                          name_of(code, file->most_by), "last", web_json_time(file->last)));
    }
    return TRUE;
}

/* ---- knowledge */

static json_t *authors_of(const Code *code, const CodeFolder *folder)
{
    json_t *authors = json_array();
    for (guint i = 0; code->shows_people && i < folder->n_authors; i++) {
        const CodeAuthor *author = &folder->authors[i];
        json_array_append_new(
            authors,
            json_pack("{so sI sI so sb}", "name", name_of(code, author->person_id), "commits",
                      (json_int_t) author->commits, "lines", (json_int_t) author->lines, "last",
                      web_json_time(author->last), "active", author->is_active));
    }
    return authors;
}

static gint64 count_active(const CodeFolder *folder)
{
    gint64 active = 0;
    for (guint i = 0; i < folder->n_authors; i++)
        active += folder->authors[i].is_active;
    return active;
}

static gboolean add_knowledge(Code *code, const StoreRepository *repository, GError **error)
{
    g_autoptr(GPtrArray) folders =
        measure_knowledge(code->desk.store, code->basis, code->desk.workspace_id,
                          repository->repository_id, code->desk.now, LEAST_COMMITS, error);
    if (folders == NULL)
        return FALSE;
    for (guint i = 0; i < folders->len; i++) {
        const CodeFolder *folder = folders->pdata[i];
        if (folder->commits < LEAST_COMMITS)
            continue;
        code->n++;
        add_row(code, -(gint64) folder->bus_factor, folder->commits,
                json_pack("{ss ss sI sI sI sI sI so}", "repository", repository->full_name, "path",
                          folder->path, "commits", (json_int_t) folder->commits, "lines",
                          (json_int_t) folder->lines, "bus_factor", (json_int_t) folder->bus_factor,
                          "people", (json_int_t) folder->n_authors, "active",
                          (json_int_t) count_active(folder), "authors", authors_of(code, folder)));
    }
    return TRUE;
}

/* ---- answers */

typedef gboolean (*AddRows)(Code *code, const StoreRepository *repository, GError **error);

/* What an answer follows from besides the state of the facts: the question, the clock, the choice
 * of repositories and whether people are shown. */
static char *key_of(const Code *code, const char *question, const GPtrArray *repositories)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        g_checksum_update(sum, (const guchar *) repository->full_name,
                          (gssize) strlen(repository->full_name) + 1);
    }
    return g_strdup_printf("%s %" G_GINT64_FORMAT " %u %d %" G_GINT64_FORMAT " %s", question,
                           code->repository_id, code->limit, code->shows_people, code->desk.now,
                           g_checksum_get_string(sum));
}

static json_t *make(Code *code, const GPtrArray *repositories, AddRows add, Duration window,
                    GError **error)
{
    gint64 with_history = 0, selected = 0;
    code->basis = measure_basis_load(code->desk.store, code->desk.workspace_id, error);
    if (code->basis == NULL || !store_count_history(code->desk.store, code->desk.workspace_id,
                                                    &with_history, &selected, error))
        return NULL;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if ((code->repository_id == 0 || code->repository_id == repository->repository_id) &&
            !add(code, repository, error))
            return NULL;
    }
    g_ptr_array_sort(code->rows, compare_rows);
    json_t *items = json_array();
    for (guint i = 0; i < MIN(code->rows->len, code->limit); i++)
        json_array_append(items, ((const Row *) code->rows->pdata[i])->object);
    return json_pack("{so sI sI sb sI sI so}", "now", web_json_time(code->desk.now), "days",
                     (json_int_t) (window / TIME_DAY), "n", (json_int_t) code->n, "shows_people",
                     code->shows_people, "with_history", (json_int_t) with_history, "selected",
                     (json_int_t) selected, "items", items);
}

/* Every page that shows it asks for the whole history of a year: it is made once for each state. */
static gboolean answer(const WebCall *call, WebReply *reply, const char *question, AddRows add,
                       Duration window, const char *const *columns, GError **error)
{
    g_auto(Code) code = {0};
    if (!code_open(call, &code, error))
        return FALSE;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(code.desk.store, code.desk.workspace_id, TRUE, error);
    if (repositories == NULL)
        return FALSE;
    g_autofree char *key = key_of(&code, question, repositories);
    json_t *document = web_desk_recall(&code.desk, key);
    if (document == NULL) {
        document = make(&code, repositories, add, window, error);
        if (document == NULL)
            return FALSE;
        web_desk_remember(&code.desk, key, document);
    }
    web_reply_list(call, reply, document, "items", columns);
    return TRUE;
}

gboolean web_get_hot_files(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const COLUMNS[] = {"repository", "path",    "commits", "lines",
                                          "people",     "most_by", "last",    NULL};
    return answer(call, reply, "hot", add_hot, CODE_HOT_WINDOW, COLUMNS, error);
}

/* Folders whose knowledge rests on the fewest people come first. */
gboolean web_get_knowledge(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const COLUMNS[] = {"repository", "path",         "commits",
                                          "lines",      "bus_factor",   "people",
                                          "active",     "authors.name", NULL};
    return answer(call, reply, "knowledge", add_knowledge, CODE_KNOWLEDGE_WINDOW, COLUMNS, error);
}
