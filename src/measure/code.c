#include "measure/code.h"

#include <string.h>

typedef struct {
    gint64 commits, lines;
    guint32 last_commit; /* number of the commit that was counted last */
    GHashTable *authors; /* person id -> CodeAuthor */
    gint64 authored;     /* instant of the last change */
    UtcTime reached;
    gboolean is_gone; /* the last change took the file away */
} Place;

typedef struct {
    const MeasureBasis *basis;
    GHashTable *files, *folders; /* path -> Place */
    GHashTable *active;          /* person id -> instant of the last commit */
    char *hash;                  /* of the commit at hand */
    guint32 commit;              /* its number, from 1 */
    gint64 mark;
    gboolean wants_folders;
} Survey;

static void place_free(gpointer data)
{
    Place *place = data;
    g_hash_table_unref(place->authors);
    g_free(place);
}

static Place *place_at(GHashTable *places, const char *path)
{
    Place *place = g_hash_table_lookup(places, path);
    if (place != NULL)
        return place;
    place = g_new0(Place, 1);
    place->authors = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    place->reached = TIME_ABSENT;
    g_hash_table_insert(places, g_strdup(path), place);
    return place;
}

static CodeAuthor *author_at(Place *place, gint64 person_id)
{
    CodeAuthor *author = g_hash_table_lookup(place->authors, &person_id);
    if (author != NULL)
        return author;
    author = g_new0(CodeAuthor, 1);
    author->person_id = person_id;
    g_hash_table_insert(place->authors, &author->person_id, author);
    return author;
}

/* A commit counts once for a folder, however many of its files it changes. */
static void count(Survey *survey, Place *place, const StoreFileChange *row, gint64 lines)
{
    CodeAuthor *author = author_at(place, row->author_id);
    place->lines += lines;
    author->lines += lines;
    place->authored = row->authored;
    if (place->last_commit == survey->commit)
        return;
    place->last_commit = survey->commit;
    author->commits++;
    if (++place->commits == survey->mark)
        place->reached = row->authored;
}

static void count_folders(Survey *survey, const StoreFileChange *row, gint64 lines)
{
    g_autofree char *path = g_strdup(row->path);
    for (char *slash = path; slash != NULL;) {
        slash = strrchr(path, '/');
        path[slash != NULL ? slash - path : 0] = '\0';
        count(survey, place_at(survey->folders, path), row, lines);
    }
}

static gint64 known(gint64 count)
{
    return count == COUNT_ABSENT ? 0 : count;
}

static gboolean take_change(const StoreFileChange *row, gpointer user_data, GError **error)
{
    Survey *survey = user_data;
    if (model_path_class(row->path) != PATH_AUTHORED)
        return TRUE;
    if (survey->hash == NULL || strcmp(survey->hash, row->hash) != 0) {
        g_free(survey->hash);
        survey->hash = g_strdup(row->hash);
        survey->commit++;
    }
    gint64 added = known(row->lines_added), removed = known(row->lines_removed);
    if (row->old_path != NULL)
        place_at(survey->files, row->old_path)->is_gone = TRUE;
    Place *file = place_at(survey->files, row->path);
    file->is_gone = added == 0 && removed > 0; /* a deletion looks like this */
    if (!measure_person_counts(survey->basis, row->author_id))
        return TRUE;
    count(survey, file, row, survey->wants_folders ? added : added + removed);
    if (survey->wants_folders)
        count_folders(survey, row, added);
    if (g_hash_table_size(survey->folders) <= CODE_FOLDERS_MAX)
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                "The repository has more than %d folders that changed within a year.",
                CODE_FOLDERS_MAX);
    return FALSE;
}

static void survey_init(Survey *survey, const MeasureBasis *basis)
{
    *survey = (Survey){
        .basis = basis,
        .files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, place_free),
        .folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, place_free),
        .active = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free),
    };
}

static void survey_clear(Survey *survey)
{
    g_hash_table_unref(survey->files);
    g_hash_table_unref(survey->folders);
    g_hash_table_unref(survey->active);
    g_free(survey->hash);
}

/* ---- files */

void code_file_free(CodeFile *file)
{
    if (file == NULL)
        return;
    g_free(file->path);
    g_free(file);
}

static gint compare_authors(gconstpointer a, gconstpointer b)
{
    const CodeAuthor *first = a, *second = b;
    if (first->lines != second->lines)
        return first->lines < second->lines ? 1 : -1;
    if (first->commits != second->commits)
        return first->commits < second->commits ? 1 : -1;
    return (first->person_id > second->person_id) - (first->person_id < second->person_id);
}

static gint64 busiest(const Place *place)
{
    GHashTableIter iter;
    gpointer author;
    const CodeAuthor *best = NULL;
    g_hash_table_iter_init(&iter, place->authors);
    while (g_hash_table_iter_next(&iter, NULL, &author)) {
        const CodeAuthor *one = author;
        if (best == NULL || one->commits > best->commits ||
            (one->commits == best->commits && compare_authors(one, best) < 0))
            best = one;
    }
    return best->person_id;
}

static gint compare_files(gconstpointer a, gconstpointer b)
{
    const CodeFile *first = *(const CodeFile *const *) a, *second = *(const CodeFile *const *) b;
    if (first->commits != second->commits)
        return first->commits < second->commits ? 1 : -1;
    if (first->lines != second->lines)
        return first->lines < second->lines ? 1 : -1;
    return strcmp(first->path, second->path);
}

static GPtrArray *list_files(const Survey *survey)
{
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify) code_file_free);
    GHashTableIter iter;
    gpointer path, value;
    g_hash_table_iter_init(&iter, survey->files);
    while (g_hash_table_iter_next(&iter, &path, &value)) {
        const Place *place = value;
        if (place->is_gone || place->commits == 0)
            continue;
        CodeFile *file = g_new0(CodeFile, 1);
        *file = (CodeFile){.path = g_strdup(path),
                           .commits = place->commits,
                           .lines = place->lines,
                           .people = g_hash_table_size(place->authors),
                           .most_by = busiest(place),
                           .last = place->authored};
        g_ptr_array_add(files, file);
    }
    g_ptr_array_sort(files, compare_files);
    return files;
}

GPtrArray *measure_hot_files(Store *store, const MeasureBasis *basis, gint64 workspace_id,
                             gint64 repository_id, UtcTime now, guint limit, gint64 *ret_n,
                             GError **error)
{
    Survey survey;
    survey_init(&survey, basis);
    GPtrArray *files = NULL;
    if (store_visit_file_changes(store, workspace_id, repository_id, now - CODE_HOT_WINDOW, now,
                                 take_change, &survey, error)) {
        files = list_files(&survey);
        *ret_n = files->len;
        if (files->len > limit)
            g_ptr_array_remove_range(files, limit, files->len - limit);
    }
    survey_clear(&survey);
    return files;
}

/* ---- folders */

void code_folder_free(CodeFolder *folder)
{
    if (folder == NULL)
        return;
    g_free(folder->path);
    g_free(folder->authors);
    g_free(folder);
}

static gboolean note_last(gint64 author_id, UtcTime last, gpointer user_data, GError **error)
{
    GHashTable *active = user_data;
    UtcTime *kept = g_hash_table_lookup(active, &author_id);
    if (kept != NULL)
        *kept = MAX(*kept, last);
    else
        g_hash_table_insert(active, g_memdup2(&author_id, sizeof author_id),
                            g_memdup2(&last, sizeof last));
    return TRUE;
}

static guint bus_factor(const CodeFolder *folder)
{
    gint64 lines = 0;
    guint people = 0;
    for (guint i = 0; i < folder->n_authors; i++) {
        if (!folder->authors[i].is_active)
            continue;
        lines += folder->authors[i].lines;
        people++;
        if (2 * lines >= folder->lines)
            return people;
    }
    return 0;
}

static CodeFolder *make_folder(const Survey *survey, const char *path, Place *place, UtcTime now)
{
    CodeFolder *folder = g_new0(CodeFolder, 1);
    *folder = (CodeFolder){.path = g_strdup(path),
                           .commits = place->commits,
                           .lines = place->lines,
                           .authors = g_new(CodeAuthor, g_hash_table_size(place->authors)),
                           .reached = place->reached};
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, place->authors);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        CodeAuthor *author = &folder->authors[folder->n_authors++];
        *author = *(const CodeAuthor *) value;
        const UtcTime *last = g_hash_table_lookup(survey->active, &author->person_id);
        author->last = last != NULL ? MIN(*last, now) : place->authored;
        author->is_active = now - author->last < CODE_ACTIVE_WINDOW;
    }
    qsort(folder->authors, folder->n_authors, sizeof *folder->authors, compare_authors);
    folder->bus_factor = bus_factor(folder);
    return folder;
}

/* Folders of files that are still there. */
static GHashTable *list_living(const Survey *survey)
{
    GHashTable *living = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer path, value;
    g_hash_table_iter_init(&iter, survey->files);
    while (g_hash_table_iter_next(&iter, &path, &value)) {
        if (((const Place *) value)->is_gone)
            continue;
        char *slash;
        g_autofree char *folder = g_strdup(path);
        do {
            slash = strrchr(folder, '/');
            folder[slash != NULL ? slash - folder : 0] = '\0';
            if (g_hash_table_contains(living, folder))
                break;
            g_hash_table_add(living, g_strdup(folder));
        } while (slash != NULL);
    }
    return living;
}

static gint compare_folders(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const CodeFolder *const *) a)->path, (*(const CodeFolder *const *) b)->path);
}

static GPtrArray *list_folders(const Survey *survey, UtcTime now)
{
    GPtrArray *folders = g_ptr_array_new_with_free_func((GDestroyNotify) code_folder_free);
    g_autoptr(GHashTable) living = list_living(survey);
    GHashTableIter iter;
    gpointer path, place;
    g_hash_table_iter_init(&iter, survey->folders);
    while (g_hash_table_iter_next(&iter, &path, &place))
        if (g_hash_table_contains(living, path))
            g_ptr_array_add(folders, make_folder(survey, path, place, now));
    g_ptr_array_sort(folders, compare_folders);
    return folders;
}

GPtrArray *measure_knowledge(Store *store, const MeasureBasis *basis, gint64 workspace_id,
                             gint64 repository_id, UtcTime now, gint64 mark, GError **error)
{
    Survey survey;
    survey_init(&survey, basis);
    survey.wants_folders = TRUE;
    survey.mark = mark;
    GPtrArray *folders = NULL;
    if (store_visit_file_changes(store, workspace_id, repository_id, now - CODE_KNOWLEDGE_WINDOW,
                                 now, take_change, &survey, error) &&
        store_visit_last_commits(store, workspace_id, now, note_last, survey.active, error))
        folders = list_folders(&survey, now);
    survey_clear(&survey);
    return folders;
}
