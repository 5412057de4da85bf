#include "cli/data_folder.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"

static void name_parts(DataFolder *folder, char *path)
{
    folder->path = path;
    folder->database = g_build_filename(path, "plumbline.db", NULL);
    folder->key = g_build_filename(path, "master.key", NULL);
    folder->mirrors = g_build_filename(path, "mirrors", NULL);
}

static gboolean fail_io(GError **error, const char *what, const char *path)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s %s: %s", what, path,
                g_strerror(errno));
    return FALSE;
}

void data_folder_locate(const CliGlobals *globals, DataFolder *ret_folder)
{
    const char *path = globals->data;
    if (path == NULL || *path == '\0')
        path = g_getenv("PLUMBLINE_DATA");
    *ret_folder = (DataFolder){0};
    name_parts(ret_folder, path != NULL && *path != '\0'
                               ? g_canonicalize_filename(path, NULL)
                               : g_build_filename(g_get_user_data_dir(), "plumbline", NULL));
}

gboolean data_folder_open(const CliGlobals *globals, DataFolder *ret_folder, GError **error)
{
    g_auto(DataFolder) folder = {0};
    data_folder_locate(globals, &folder);
    if (g_mkdir_with_parents(folder.path, 0700) != 0)
        return fail_io(error, "the data folder cannot be made:", folder.path);
    if (!g_file_test(folder.path, G_FILE_TEST_IS_DIR)) {
        errno = ENOTDIR;
        return fail_io(error, "the data folder cannot be used:", folder.path);
    }
    *ret_folder = folder;
    folder = (DataFolder){0};
    return TRUE;
}

gboolean data_folder_find(const CliGlobals *globals, DataFolder *ret_folder, GError **error)
{
    g_auto(DataFolder) folder = {0};
    data_folder_locate(globals, &folder);
    if (!g_file_test(folder.database, G_FILE_TEST_EXISTS)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO,
                    "there is no data in %s yet; 'plumbline connect' begins, and --data names "
                    "another folder",
                    folder.path);
        return FALSE;
    }
    *ret_folder = folder;
    folder = (DataFolder){0};
    return TRUE;
}

gboolean data_folder_temporary(DataFolder *ret_folder, GError **error)
{
    g_autofree char *path = g_dir_make_tmp("plumbline-XXXXXX", NULL);
    if (path == NULL)
        return fail_io(error, "no private folder can be made in", g_get_tmp_dir());
    *ret_folder = (DataFolder){.is_temporary = TRUE};
    interrupt_set_folder(path);
    name_parts(ret_folder, g_steal_pointer(&path));
    return TRUE;
}

void data_folder_clear(DataFolder *folder)
{
    if (folder->is_temporary) {
        data_folder_remove(folder->path);
        interrupt_set_folder(NULL);
    }
    g_free(folder->path);
    g_free(folder->database);
    g_free(folder->key);
    g_free(folder->mirrors);
    *folder = (DataFolder){0};
}

Store *data_folder_store(const DataFolder *folder, GError **error)
{
    return store_open(folder->database, folder->key, error);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    g_remove(path);
    return 0;
}

void data_folder_remove(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
