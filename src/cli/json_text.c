#include "cli/json_text.h"

GString *cli_json_text(json_t *value)
{
    char *text = json_dumps(value, JSON_INDENT(2));
    GString *out = g_string_new(text);
    g_string_append_c(out, '\n');
    json_decref(value);
    free(text);
    return out;
}

json_t *cli_json_time(UtcTime at)
{
    char text[TIME_TEXT_SIZE];
    return at == TIME_ABSENT ? json_null() : json_string(time_format(at, text));
}
