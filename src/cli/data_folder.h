/*
 * Inside cli: the folder that holds everything Plumbline keeps: plumbline.db, master.key, mirrors/.
 */
#pragma once

#include "cli/cli.h"
#include "store/store.h"

typedef struct {
    char *path, *database, *key, *mirrors;
    gboolean is_temporary; /* removed by data_folder_clear */
} DataFolder;

/* Where it would be: --data, else PLUMBLINE_DATA, else XDG_DATA_HOME/plumbline or
 * ~/.local/share/plumbline. Touches nothing. */
void data_folder_locate(const CliGlobals *globals, DataFolder *ret_folder);
/* The same, made with mode 0700 when absent. IO. */
gboolean data_folder_open(const CliGlobals *globals, DataFolder *ret_folder,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, which must be there with a data file in it. IO says how to get one. */
gboolean data_folder_find(const CliGlobals *globals, DataFolder *ret_folder,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A private folder that lives as long as the process, also when that ends by Ctrl-C. */
gboolean data_folder_temporary(DataFolder *ret_folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void data_folder_clear(DataFolder *folder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DataFolder, data_folder_clear)

Store *data_folder_store(const DataFolder *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes a folder and all in it; follows no links. */
void data_folder_remove(const char *path);
