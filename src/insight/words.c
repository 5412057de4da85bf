#include "insight/words.h"

#include <string.h>
#include <time.h>

const char *words_span(FindingSink *sink, Duration span)
{
    char text[TIME_TEXT_SIZE];
    return finding_text(sink, "%s", duration_format(span, text));
}

const char *words_number(FindingSink *sink, gint64 count)
{
    char digits[32];
    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, count);
    g_autoptr(GString) text = g_string_new(NULL);
    gsize length = strlen(digits);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    return finding_text(sink, "%s", text->str);
}

const char *words_many(FindingSink *sink, gint64 count, const char *one, const char *many)
{
    return finding_text(sink, "%s %s", words_number(sink, count), count == 1 ? one : many);
}

/* Month names are ours: those of strftime follow the locale. */
const char *words_when(FindingSink *sink, UtcTime at)
{
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t) (at / TIME_SECOND);
    struct tm parts;
    if (at == TIME_ABSENT || gmtime_r(&seconds, &parts) == NULL)
        return "an unknown time";
    return finding_text(sink, "%d %s %d, %02d:%02d UTC", parts.tm_mday, MONTHS[parts.tm_mon],
                        parts.tm_year + 1900, parts.tm_hour, parts.tm_min);
}

#define NAMED_MAX 3

const char *words_people(FindingSink *sink, const RuleScene *scene, const gint64 *people, gsize n)
{
    if (n == 0)
        return "nobody";
    gsize named = n <= NAMED_MAX ? n : NAMED_MAX - 1;
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < named; i++) {
        if (i > 0)
            g_string_append(text, i + 1 == n ? " and " : ", ");
        g_string_append(text, measure_person_name(scene->columns, people[i]));
    }
    if (named < n)
        g_string_append_printf(text, " and %" G_GSIZE_FORMAT " more", n - named);
    return finding_text(sink, "%s", text->str);
}

const char *words_pull(FindingSink *sink, const RuleScene *scene, gint64 repository_id,
                       gint64 number)
{
    const char *name = measure_repository_name(scene->columns, repository_id);
    const char *slash = strrchr(name, '/');
    return finding_text(sink, "%s#%" G_GINT64_FORMAT, slash != NULL ? slash + 1 : name, number);
}
