#include "cli/commands.h"
#include "cli/data_folder.h"

int command_key(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    if (arguments[0] == NULL ||
        (!g_str_equal(arguments[0], "path") && !g_str_equal(arguments[0], "rotate")))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "key: say 'path' or 'rotate'");
    if (g_str_equal(arguments[0], "path")) {
        data_folder_locate(globals, &folder);
        printf("%s\n", folder.key);
        return 0;
    }
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    if (store != NULL && store_rotate_key(store, error))
        printf("The credentials are sealed under a new key: %s. Copies of the old one are of no "
               "more use.\n",
               folder.key);
    return 0;
}
