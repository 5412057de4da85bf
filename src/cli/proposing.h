/*
 * Inside cli: changes that are made at once, or wait where the workspace asks for a second person.
 */
#pragma once

#include "cli/work.h"
#include "insight/insight.h"

/* A change on its way. Strings are borrowed. */
typedef struct {
    Store *store;
    gint64 workspace_id;
    UtcTime now;
    const char *by;    /* --as; NULL: not given */
    gboolean is_asked; /* a proposal even where none is required */
} Change;

/* Whether the change has to wait: it is asked to, or the workspace requires it. Then --as is
 * needed: INVALID. */
gboolean change_waits(const Change *change, gboolean *ret_waits, GError **error);
/* Puts a proposal on the list and says so on standard output. */
gboolean change_propose(const Change *change, const char *kind, const char *summary,
                        const char *body, GError **error);
