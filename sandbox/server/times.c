#include "times.h"

#include <string.h>

static void split(gint64 at, struct tm *ret_parts, gint *ret_fraction)
{
    gint64 seconds = at / G_USEC_PER_SEC;
    gint64 fraction = at % G_USEC_PER_SEC;
    if (fraction < 0) {
        fraction += G_USEC_PER_SEC;
        seconds--;
    }
    time_t when = (time_t) seconds;
    gmtime_r(&when, ret_parts);
    *ret_fraction = (gint) fraction;
}

static int put_date(char *text, const struct tm *parts)
{
    return g_snprintf(text, TIMES_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d",
                      (parts->tm_year + 1900) % 10000, parts->tm_mon + 1, parts->tm_mday,
                      parts->tm_hour, parts->tm_min, parts->tm_sec);
}

void times_format(gint64 at, char *ret_text)
{
    struct tm parts;
    gint fraction;
    split(at, &parts, &fraction);
    int length = put_date(ret_text, &parts);
    g_snprintf(ret_text + length, (gulong) (TIMES_SIZE - length), ".%06d+00:00", fraction);
}

void times_format_git(gint64 at, char *ret_text)
{
    struct tm parts;
    gint fraction;
    split(at, &parts, &fraction);
    int length = put_date(ret_text, &parts);
    g_snprintf(ret_text + length, (gulong) (TIMES_SIZE - length), "+00:00");
}

void times_format_pipelines(gint64 at, char *ret_text)
{
    struct tm parts;
    gint fraction;
    split(at, &parts, &fraction);
    int length = put_date(ret_text, &parts);
    if (fraction != 0) {
        length += g_snprintf(ret_text + length, (gulong) (TIMES_SIZE - length), ".%06d", fraction);
        while (ret_text[length - 1] == '0')
            length--;
    }
    ret_text[length] = 'Z';
    ret_text[length + 1] = '\0';
}

void times_format_http(gint64 at, char *ret_text)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm parts;
    gint fraction;
    split(at, &parts, &fraction);
    g_snprintf(ret_text, TIMES_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[parts.tm_wday],
               parts.tm_mday, months[parts.tm_mon], (parts.tm_year + 1900) % 10000, parts.tm_hour,
               parts.tm_min, parts.tm_sec);
}

static gboolean take(const char **text, guint digits, gint *ret_number)
{
    gint number = 0;
    for (guint i = 0; i < digits; i++) {
        if (!g_ascii_isdigit((*text)[i]))
            return FALSE;
        number = number * 10 + ((*text)[i] - '0');
    }
    *text += digits;
    *ret_number = number;
    return TRUE;
}

static gboolean take_char(const char **text, char wanted)
{
    if (**text != wanted)
        return FALSE;
    (*text)++;
    return TRUE;
}

static gint64 take_fraction(const char **text)
{
    gint64 fraction = 0;
    guint digits = 0;
    if (!take_char(text, '.'))
        return 0;
    for (; g_ascii_isdigit(**text); (*text)++, digits++)
        if (digits < 6)
            fraction = fraction * 10 + (**text - '0');
    for (; digits < 6; digits++)
        fraction *= 10;
    return fraction;
}

static gboolean take_offset(const char **text, gint64 *ret_minutes)
{
    *ret_minutes = 0;
    if (**text == '\0' || take_char(text, 'Z'))
        return TRUE;
    /* A plus sign that was not encoded arrives as a space. */
    gint sign = **text == '-' ? -1 : 1;
    if (**text != '+' && **text != '-' && **text != ' ')
        return FALSE;
    (*text)++;
    gint hours, minutes;
    if (!take(text, 2, &hours))
        return FALSE;
    take_char(text, ':');
    if (!take(text, 2, &minutes))
        return FALSE;
    *ret_minutes = sign * ((gint64) hours * 60 + minutes);
    return TRUE;
}

gboolean times_parse(const char *text, gint64 *ret_at)
{
    gint year, month, day, hour = 0, minute = 0, second = 0;
    gint64 fraction = 0, offset = 0;
    if (!take(&text, 4, &year) || !take_char(&text, '-') || !take(&text, 2, &month) ||
        !take_char(&text, '-') || !take(&text, 2, &day))
        return FALSE;
    if (take_char(&text, 'T') || take_char(&text, ' ')) {
        if (!take(&text, 2, &hour) || !take_char(&text, ':') || !take(&text, 2, &minute))
            return FALSE;
        if (take_char(&text, ':') && !take(&text, 2, &second))
            return FALSE;
        fraction = take_fraction(&text);
        if (!take_offset(&text, &offset))
            return FALSE;
    }
    if (*text != '\0' || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
        minute > 59 || second > 60)
        return FALSE;
    struct tm parts = {.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second};
    *ret_at = ((gint64) timegm(&parts) - offset * 60) * G_USEC_PER_SEC + fraction;
    return TRUE;
}
