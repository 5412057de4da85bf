/*
 * proposal: changes that somebody proposes and somebody else decides on. Part of the room's public
 * header.
 *
 * A proposal holds what to do as JSON (its body); deciding and doing are one transaction. Where the
 * workspace asks for it (setting SETTING_APPROVAL_REQUIRED "yes"), policies, selections and
 * connection changes are made by proposal only, and nobody decides on their own.
 */
#pragma once

#include "measure/measure.h"

#define PROPOSAL_OF_POLICY     "policy"
#define PROPOSAL_OF_SELECTION  "selection"
#define PROPOSAL_OF_CONNECTION "connection"
#define PROPOSAL_OF_SETTING    "setting" /* that changes wait at all */

/* Bodies; free with g_free. A policy whose beginning is absent begins when it is approved. */
char *proposal_policy_body(const StorePolicy *policy);
char *proposal_policy_end_body(gint64 policy_id);
char *proposal_selection_body(const StoreSelectionRule *rule);
char *proposal_connection_removal_body(const char *name);
char *proposal_setting_body(const char *key, const char *value);

gboolean proposal_is_required(Store *store, gint64 workspace_id, gboolean *ret_required,
                              GError **error);

/* Approves or refuses, and on approval does what the body says. NOT_FOUND; INVALID when it is
 * decided already, when @by proposed it and the workspace asks for a second person, or when it can
 * no longer be done (then it keeps waiting). */
gboolean proposal_decide(Store *store, gint64 workspace_id, gint64 proposal_id, gboolean approve,
                         const char *by, UtcTime at, const char *note, GError **error);
