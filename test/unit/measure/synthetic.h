/*
 * Made-up facts in any number, written into a store: for comparing measure_query with plain SQL.
 * The same seed gives the same rows. One person in ten is a bot, one is excluded, some
 * repositories have no project, and every optional field is absent now and then.
 */
#pragma once

#include "store/store.h"

typedef struct {
    guint seed;
    gsize pull_requests, commits;
    guint people, repositories;
    UtcTime from, until; /* of the openings */
} SyntheticOptions;

/* Writes everything and gives the workspace. FALSE with an error when the store fails. */
gboolean synthetic_fill(Store *store, const SyntheticOptions *options, gint64 *ret_workspace_id,
                        GError **error);
gint64 synthetic_person(gint64 workspace_id, guint index);
gint64 synthetic_repository(gint64 workspace_id, guint index);
