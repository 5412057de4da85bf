/*
 * settings: what is set for a workspace, for people and programs. Part of deliver's public header.
 */
#pragma once

#include <jansson.h>

#include "deliver/deliver.h"

/* An array of "key", "value" (the one that holds), "default", "is_set", "meaning", in the order of
 * the table. New; NULL with an error of the store. */
json_t *deliver_settings_json(Store *store, gint64 workspace_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
