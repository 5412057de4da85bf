/*
 * calendar_settings: the words in which an administrator gives working hours.
 */
#pragma once

#include "measure/measure.h"

typedef struct {
    const char *zone, *days, *from, *until, *holidays; /* NULL or "": the default */
} CalendarSettings;

/* Reads the words. INVALID names the setting. */
WorkCalendar *calendar_from_settings(const CalendarSettings *settings,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The settings as one text, in which two that mean a different calendar differ. Free with g_free.
 * NULL with an error when the store cannot be read. */
char *calendar_fingerprint(Store *store, gint64 workspace_id, GError **error);

/* The settings of a workspace as they are written; absent ones are NULL. */
typedef struct {
    CalendarSettings settings;
    char *owned[5];
} CalendarWords;
gboolean calendar_words_read(CalendarWords *ret_words, Store *store, gint64 workspace_id,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void calendar_words_clear(CalendarWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CalendarWords, calendar_words_clear)
