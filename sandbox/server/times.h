/*
 * times: instants (UTC microseconds) in the three spellings that the API uses, and back.
 */
#pragma once

#include <glib.h>

#define TIMES_SIZE 40

/* 2025-04-17T07:10:57.603622+00:00 */
void times_format(gint64 at, char *ret_text);
/* 2023-11-27T14:43:10+00:00: git's dates */
void times_format_git(gint64 at, char *ret_text);
/* 2023-02-20T08:58:19.14397Z: the pipelines service drops trailing zeros */
void times_format_pipelines(gint64 at, char *ret_text);
/* Mon, 16 Nov 2026 08:00:00 GMT */
void times_format_http(gint64 at, char *ret_text);

/* Date, or date and time with up to nine digits of fraction and an offset (none: UTC). */
gboolean times_parse(const char *text, gint64 *ret_at);
