#include "bitbucket/retry.h"

#include <string.h>

#define LONGEST_RESET_S G_GINT64_CONSTANT(7200) /* more than that is an instant, not a rest */

Duration retry_backoff(guint backoff_ms, guint attempt, double random)
{
    Duration pause = MIN((Duration) backoff_ms * 1000, TIME_MINUTE);
    for (guint i = 1; i < attempt && pause < TIME_MINUTE; i++)
        pause *= 2;
    pause = MIN(pause, TIME_MINUTE);
    Duration half = pause / 2;
    return half + (Duration) ((double) half * random);
}

static gboolean read_seconds(const char *text, gint64 most, Duration *ret_pause)
{
    gint64 seconds;
    if (text == NULL || !g_ascii_string_to_signed(text, 10, 0, most, &seconds, NULL))
        return FALSE;
    *ret_pause = seconds * TIME_SECOND;
    return TRUE;
}

static gboolean read_date(const char *text, UtcTime now, Duration *ret_pause)
{
    UtcTime date;
    if (text == NULL || !time_parse_http_date(text, &date, NULL))
        return FALSE;
    *ret_pause = MAX(date - now, 0);
    return TRUE;
}

Duration retry_after_rate_limit(const char *retry_after, const char *reset, UtcTime now,
                                guint in_a_row, double random)
{
    Duration pause;
    if (!read_seconds(retry_after, G_MAXINT32, &pause) && !read_date(retry_after, now, &pause) &&
        !read_seconds(reset, LONGEST_RESET_S, &pause)) {
        pause = TIME_MINUTE;
        for (guint i = 1; i < in_a_row && pause < 15 * TIME_MINUTE; i++)
            pause *= 2;
        pause = MIN(pause, 15 * TIME_MINUTE);
        pause += (Duration) ((double) pause / 10 * random);
        return pause;
    }
    pause = MIN(pause, TIME_HOUR);
    return pause + (Duration) ((double) TIME_SECOND * random);
}

gboolean retry_is_transient(long status)
{
    return status >= 500 || status == 408 || status == 425;
}
