/*
 * The schema, built by numbered SQL files, each applied once in a transaction.
 *
 * The files are embedded in the binary. They are written once for all engines: each driver
 * replaces its words ({table}, column types) before running them.
 */
#pragma once

#include "store/db.h"

typedef struct {
    gint64 version;
    const char *name; /* "0001_initial" */
    const char *sql;
} Migration;

/* All of them, by version from 1. */
const Migration *migrate_list(gsize *ret_n);

/* @sql with every whole word of @words replaced; comments are left alone. */
char *migrate_render(const char *sql, const DbWord *words);

/* Applies what is missing of @migrations. STORE_VERSION when the database has a newer one. */
gboolean migrate_apply(Db *db, const Migration *migrations, gsize n,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
