#include "base/time.h"

#include "base/error.h"

#include <string.h>

/* What is left to read. */
typedef struct {
    const char *at, *end;
} Reader;

static gboolean read_digits(Reader *reader, int count, gint64 *ret_value)
{
    gint64 value = 0;
    if (reader->end - reader->at < count)
        return FALSE;
    for (int i = 0; i < count; i++) {
        if (!g_ascii_isdigit(reader->at[i]))
            return FALSE;
        value = value * 10 + (reader->at[i] - '0');
    }
    reader->at += count;
    *ret_value = value;
    return TRUE;
}

static gboolean read_char(Reader *reader, const char *accepted)
{
    if (reader->at >= reader->end || strchr(accepted, *reader->at) == NULL || *reader->at == '\0')
        return FALSE;
    reader->at++;
    return TRUE;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar: whole 400-year eras counted from 1
 * March, so that the leap day ends a year. */
static gint64 days_from_date(gint64 year, gint64 month, gint64 day)
{
    gint64 shifted = month > 2 ? year : year - 1;
    gint64 era = shifted / 400;
    gint64 year_of_era = shifted - era * 400;
    gint64 day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static gboolean read_date(Reader *reader, gint64 *ret_days)
{
    gint64 year, month, day;
    if (!read_digits(reader, 4, &year) || !read_char(reader, "-") ||
        !read_digits(reader, 2, &month) || !read_char(reader, "-") || !read_digits(reader, 2, &day))
        return FALSE;
    if (year < 1970 || year > 2200 ||
        !g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year))
        return FALSE;
    *ret_days = days_from_date(year, month, day);
    return TRUE;
}

static gboolean read_clock(Reader *reader, gint64 *ret_microseconds)
{
    gint64 hour, minute, second, fraction = 0;
    if (!read_digits(reader, 2, &hour) || !read_char(reader, ":") ||
        !read_digits(reader, 2, &minute) || !read_char(reader, ":") ||
        !read_digits(reader, 2, &second))
        return FALSE;
    if (hour > 23 || minute > 59 || second > 60)
        return FALSE;
    if (read_char(reader, ".")) {
        int digits = 0;
        for (; reader->at < reader->end && g_ascii_isdigit(*reader->at) && digits < 9;
             digits++, reader->at++)
            if (digits < 6)
                fraction = fraction * 10 + (*reader->at - '0');
        if (digits == 0)
            return FALSE;
        for (; digits < 6; digits++)
            fraction *= 10;
    }
    *ret_microseconds = hour * TIME_HOUR + minute * TIME_MINUTE + second * TIME_SECOND + fraction;
    return TRUE;
}

static gboolean read_zone(Reader *reader, gint64 *ret_offset)
{
    gint64 hours, minutes;
    if (read_char(reader, "Zz")) {
        *ret_offset = 0;
        return TRUE;
    }
    gboolean west = reader->at < reader->end && *reader->at == '-';
    if (!read_char(reader, "+-") || !read_digits(reader, 2, &hours))
        return FALSE;
    (void) read_char(reader, ":");
    if (!read_digits(reader, 2, &minutes) || hours > 18 || minutes > 59)
        return FALSE;
    gint64 offset = hours * TIME_HOUR + minutes * TIME_MINUTE;
    *ret_offset = west ? -offset : offset;
    return TRUE;
}

gboolean time_parse(const char *text, gssize length, UtcTime *ret_time, GError **error)
{
    gsize bytes = text == NULL ? 0 : length < 0 ? strlen(text) : (gsize) length;
    Reader reader = {text, text == NULL ? NULL : text + bytes};
    gint64 days, clock = 0, offset = 0;
    gboolean good = text != NULL && read_date(&reader, &days);
    if (good && reader.at < reader.end)
        good = read_char(&reader, "Tt ") && read_clock(&reader, &clock) &&
               read_zone(&reader, &offset) && reader.at == reader.end;
    if (!good) {
        g_autofree char *shown =
            g_utf8_make_valid(text != NULL ? text : "", (gssize) MIN(bytes, 40));
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "\"%s\" is not a time such as 2026-11-02T11:25:52.591232+00:00", shown);
        return FALSE;
    }
    *ret_time = days * TIME_DAY + clock - offset;
    return TRUE;
}

gboolean time_parse_http_date(const char *text, UtcTime *ret_time, GError **error)
{
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    gint64 day, year, clock;
    Reader reader = {text, text == NULL ? NULL : text + strlen(text)};
    const char *comma = text == NULL ? NULL : strchr(text, ',');
    gboolean good = comma != NULL && comma - text == 3;
    if (good)
        reader.at = comma + 1;
    good = good && read_char(&reader, " ") && read_digits(&reader, 2, &day) &&
           read_char(&reader, " ") && reader.end - reader.at > 4;
    gint64 month = 0;
    if (good) {
        for (month = 1; month <= 12 && strncmp(MONTHS + 3 * (month - 1), reader.at, 3) != 0;)
            month++;
        reader.at += 3;
    }
    good = good && month <= 12 && read_char(&reader, " ") && read_digits(&reader, 4, &year) &&
           read_char(&reader, " ") && year >= 1970 && year <= 2200 &&
           g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year) &&
           read_clock(&reader, &clock) && reader.end - reader.at == 4 &&
           strcmp(reader.at, " GMT") == 0;
    if (!good) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "not an HTTP date");
        return FALSE;
    }
    *ret_time = days_from_date(year, month, day) * TIME_DAY + clock;
    return TRUE;
}

const char *time_format(UtcTime time, char buffer[TIME_TEXT_SIZE])
{
    buffer[0] = '\0';
    if (time == TIME_ABSENT)
        return buffer;
    gint64 fraction = ((time % TIME_SECOND) + TIME_SECOND) % TIME_SECOND;
    time_t seconds = (time_t) ((time - fraction) / TIME_SECOND);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL || parts.tm_year > 8099)
        return buffer;
    size_t length = strftime(buffer, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    if (fraction != 0)
        g_snprintf(buffer + length, TIME_TEXT_SIZE - length, ".%06dZ", (int) fraction);
    else
        g_strlcpy(buffer + length, "Z", TIME_TEXT_SIZE - length);
    return buffer;
}

const char *duration_format(Duration duration, char buffer[TIME_TEXT_SIZE])
{
    if (duration == DURATION_ABSENT) {
        g_strlcpy(buffer, "-", TIME_TEXT_SIZE);
        return buffer;
    }
    static const struct {
        gint64 unit;
        double below; /* of this many units; rounding at the last digit shown must not reach the
                         next unit */
        int digits;
        const char *name;
    } STEPS[] = {{TIME_SECOND, 59.5, 0, "s"}, {TIME_MINUTE, 59.5, 0, "min"},
                 {TIME_HOUR, 9.95, 1, "h"},   {TIME_HOUR, 47.5, 0, "h"},
                 {TIME_DAY, 9.95, 1, "d"},    {TIME_DAY, G_MAXDOUBLE, 0, "d"}};
    const char *sign = duration < 0 ? "-" : "";
    double magnitude = duration < 0 ? -(double) duration : (double) duration;
    gsize step = 0;
    while (magnitude / (double) STEPS[step].unit >= STEPS[step].below)
        step++;
    g_snprintf(buffer, TIME_TEXT_SIZE, "%s%.*f %s", sign, STEPS[step].digits,
               magnitude / (double) STEPS[step].unit, STEPS[step].name);
    return buffer;
}

UtcTime time_now(void)
{
    return g_get_real_time();
}
