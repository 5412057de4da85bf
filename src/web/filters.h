/*
 * filters: query parameters that lists share. Inside the web room.
 *
 * What the address does not say leaves the output as it was. INVALID names the parameter and what
 * it may be.
 */
#pragma once

#include "web/desk.h"

/* An index into @words, which end with NULL; -1 when the query does not say. */
gboolean web_read_word(const WebCall *call, const char *parameter, const char *const *words,
                       gint *ret_index, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A positive number, such as an id or the row that a page begins behind. */
gboolean web_read_number(const WebCall *call, const char *parameter, gint64 *ret_number,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A date, which begins when the workspace's clocks show midnight, as its weeks do; or an instant.
 */
gboolean web_read_instant(const WebDesk *desk, const WebCall *call, const char *parameter,
                          UtcTime *ret_time, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "from" and "until", or "days" up to "until" or now. */
gboolean web_read_period(const WebDesk *desk, const WebCall *call, UtcTime *ret_from,
                         UtcTime *ret_until, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By name, address or uuid, or by the id that documents of the API have. */
gboolean web_read_person(const WebDesk *desk, const WebCall *call, const char *parameter,
                         gint64 *ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
