/*
 * truth_refresh FILE: brings the facts of every workspace in the data file up to date, and prints
 * how many were computed. Errors go to standard error; the exit status is that of the error table.
 */
#include "measure/measure.h"

static gboolean refresh(const char *path, GError **error)
{
    g_autofree char *key = g_strconcat(path, ".key", NULL);
    g_autoptr(Store) store = store_open(path, key, error);
    if (store == NULL)
        return FALSE;
    g_autoptr(GPtrArray) connections = store_list_connections(store, error);
    if (connections == NULL)
        return FALSE;
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = g_ptr_array_index(connections, i);
        gint64 computed = 0;
        if (!measure_refresh(store, connection->workspace_id, &computed, error))
            return FALSE;
        g_print("%" G_GINT64_FORMAT "\n", computed);
    }
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc == 2 && refresh(argv[1], &error))
        return 0;
    g_printerr("%s\n", error != NULL ? error->message : "usage: truth_refresh FILE");
    return error != NULL ? error_exit_code(error->code) : 2;
}
