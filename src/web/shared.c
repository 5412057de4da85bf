/* Small things that handlers share. */
#include "web/server.h"

#include <string.h>

gboolean web_invalid(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, sentence);
    return FALSE;
}

static gboolean has_controls(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return TRUE;
    return FALSE;
}

const char *web_need_text(json_t *body, const char *member, GError **error)
{
    const char *text = json_string_value(json_object_get(body, member));
    if (text == NULL || json_string_length(json_object_get(body, member)) != strlen(text))
        web_invalid(error, "\"%s\" is missing, or is no text.", member);
    else if (*text == '\0' || g_ascii_isspace(text[0]) || g_ascii_isspace(text[strlen(text) - 1]))
        web_invalid(error, "\"%s\" is empty, or begins or ends with a blank.", member);
    else if (strlen(text) > LIMIT_NAME || has_controls(text))
        web_invalid(error, "\"%s\" is too long, or holds control characters.", member);
    else
        return text;
    return NULL;
}

char *web_need_email(json_t *body, GError **error)
{
    const char *text = web_need_text(body, "email", error);
    if (text == NULL)
        return NULL;
    const char *at = strchr(text, '@');
    if (at == NULL || at == text || at[1] == '\0' || strchr(at + 1, '@') != NULL ||
        strpbrk(text, " \t,;<>") != NULL) {
        web_invalid(error, "'%s' is not an e-mail address.", text);
        return NULL;
    }
    return g_utf8_strdown(text, -1);
}

gboolean web_need_role(json_t *body, WebRole *ret_role, GError **error)
{
    const char *name = web_need_text(body, "role", error);
    if (name == NULL)
        return FALSE;
    return web_role_from_name(name, ret_role) ||
           web_invalid(error, "'%s' is not a role: viewer, editor and admin are.", name);
}

json_t *web_json_time(UtcTime time)
{
    if (time == TIME_ABSENT)
        return json_null();
    char text[TIME_TEXT_SIZE];
    return json_string(time_format(time, text));
}

json_t *web_json_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *web_json_count(gint64 count)
{
    return count != COUNT_ABSENT ? json_integer(count) : json_null();
}

json_t *web_json_words(char *const *words)
{
    json_t *list = json_array();
    for (; words != NULL && *words != NULL; words++)
        json_array_append_new(list, json_string(*words));
    return list;
}

gboolean web_reply_rendered(WebReply *reply, GString *text)
{
    if (text == NULL)
        return FALSE;
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
    reply_bytes(reply, 200, "application/json", bytes);
    return TRUE;
}

gboolean web_need_number(json_t *body, const char *member, gint64 *ret_id, GError **error)
{
    json_t *value = json_object_get(body, member);
    if (!json_is_integer(value) || json_integer_value(value) < 1)
        return web_invalid(error, "\"%s\" is missing, or is no id.", member);
    *ret_id = json_integer_value(value);
    return TRUE;
}

gboolean web_take_day(json_t *body, const char *member, UtcTime *ret_time, GError **error)
{
    json_t *value = json_object_get(body, member);
    *ret_time = TIME_ABSENT;
    if (value == NULL || json_is_null(value))
        return TRUE;
    const char *text = json_string_value(value);
    return (text != NULL && strlen(text) == 10 && time_parse(text, -1, ret_time, NULL)) ||
           web_invalid(error, "\"%s\" is no date like 2026-10-01.", member);
}

gboolean web_note_act(StoreTx *tx, const WebCall *call, const char *act, const char *subject,
                      const char *detail, GError **error)
{
    StoreAdminAct row = {.at = call->now,
                         .actor =
                             call->caller->email != NULL ? call->caller->email : (char *) "set-up",
                         .act = (char *) act,
                         .subject = (char *) subject,
                         .detail = (char *) detail,
                         .peer = call->request->peer};
    return store_add_admin_act(tx, &row, error);
}

gboolean web_need_id(const char *part, gint64 *ret_id, GError **error)
{
    guint64 id = 0;
    if (g_ascii_string_to_unsigned(part, 10, 1, (G_GUINT64_CONSTANT(1) << 53) - 1, &id, NULL)) {
        *ret_id = (gint64) id;
        return TRUE;
    }
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                        "There is nothing with this id.");
    return FALSE;
}
