/*
 * scope: which pull requests count: the filters and the period that every question about numbers
 * takes. Inside the web room.
 */
#pragma once

#include "web/desk.h"

#define SCOPE_DAYS      90 /* where the address names no period */
#define SCOPE_DAYS_MOST 3660

/* Between 1 and SCOPE_DAYS_MOST; @otherwise when the query does not say. INVALID. */
gboolean web_read_days(const WebCall *call, gint64 otherwise, gint64 *ret_days, GError **error);
/* All of a query but what is asked, and by what it is grouped; texts point into the request.
 * INVALID, NOT_FOUND. */
gboolean web_read_scope(const WebDesk *desk, const WebCall *call, MeasureQuery *ret_query,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether "time" says working time. */
gboolean web_is_working_time(const WebCall *call);
