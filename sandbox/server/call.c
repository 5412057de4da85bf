#include "call.h"

#include <string.h>

static void named_text_clear(gpointer data)
{
    NamedText *text = data;
    g_free(text->name);
    g_free(text->value);
}

static GArray *named_texts_new(void)
{
    GArray *texts = g_array_new(FALSE, FALSE, sizeof(NamedText));
    g_array_set_clear_func(texts, named_text_clear);
    return texts;
}

/* NULL where it is not valid, or holds a NUL. */
static char *decode(const char *text, gssize length, gboolean form)
{
    g_autofree char *part = length < 0 ? g_strdup(text) : g_strndup(text, (gsize) length);
    if (form)
        g_strdelimit(part, "+", ' ');
    g_autofree char *decoded = g_uri_unescape_string(part, NULL);
    if (decoded == NULL || !g_utf8_validate(decoded, -1, NULL))
        return NULL;
    return g_steal_pointer(&decoded);
}

void call_parse_arguments(GArray *arguments, const char *text)
{
    g_auto(GStrv) pairs = g_strsplit(text, "&", 1000);
    for (guint i = 0; pairs[i] != NULL; i++) {
        if (pairs[i][0] == '\0')
            continue;
        const char *equals = strchr(pairs[i], '=');
        NamedText pair = {
            .name = decode(pairs[i], equals != NULL ? equals - pairs[i] : -1, TRUE),
            .value = equals != NULL ? decode(equals + 1, -1, TRUE) : g_strdup(""),
        };
        if (pair.name == NULL || pair.value == NULL)
            named_text_clear(&pair);
        else
            g_array_append_val(arguments, pair);
    }
}

Call *call_new(Sandbox *sandbox, const char *uri)
{
    Call *call = g_new0(Call, 1);
    call->sandbox = sandbox;
    const char *question = strchr(uri, '?');
    call->path = question != NULL ? g_strndup(uri, (gsize) (question - uri)) : g_strdup(uri);
    call->query = g_strdup(question != NULL ? question + 1 : "");
    call->segments = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(call->path, "/", CALL_MAX_SEGMENTS);
    for (guint i = 0; parts[i] != NULL; i++) {
        char *segment = parts[i][0] != '\0' ? decode(parts[i], -1, FALSE) : NULL;
        if (segment != NULL)
            g_ptr_array_add(call->segments, segment);
    }
    call->slash = g_str_has_suffix(call->path, "/");
    call->arguments = named_texts_new();
    call_parse_arguments(call->arguments, call->query);
    call->body = g_byte_array_new();
    call->repository = -1;
    call->headers = named_texts_new();
    call->date = sandbox_now(sandbox);
    call->status = 500;
    return call;
}

void call_free(Call *call)
{
    if (call == NULL)
        return;
    g_free(call->path);
    g_free(call->query);
    g_ptr_array_unref(call->segments);
    g_array_unref(call->arguments);
    g_byte_array_unref(call->body);
    g_free(call->authorization);
    g_free(call->content_type);
    g_free(call->content_encoding);
    g_free(call->git_protocol);
    g_free(call->rest);
    out_free(call->out);
    fields_free(call->fields);
    if (call->text != NULL)
        g_string_free(call->text, TRUE);
    g_array_unref(call->headers);
    g_free(call);
}

const char *call_argument(const Call *call, const char *name)
{
    for (guint i = 0; i < call->arguments->len; i++) {
        const NamedText *argument = &g_array_index(call->arguments, NamedText, i);
        if (g_str_equal(argument->name, name))
            return argument->value;
    }
    return NULL;
}

const Place *call_place(const Call *call)
{
    g_assert(call->repository >= 0);
    return &call->sandbox->places[call->repository];
}

void call_header(Call *call, const char *name, const char *value)
{
    NamedText header = {.name = g_strdup(name), .value = g_strdup(value)};
    g_array_append_val(call->headers, header);
}

static void set_text(Call *call, guint status, const char *media_type, GString *text)
{
    if (call->text != NULL)
        g_string_free(call->text, TRUE);
    call->status = status;
    call->media_type = media_type;
    call->text = text;
}

Out *call_open(Call *call)
{
    if (call->out == NULL) {
        call->fields = fields_parse(call_argument(call, "fields"));
        call->out = out_new(call->fields, call->sandbox->api, call->sandbox->web);
    }
    return call->out;
}

void call_answer(Call *call, guint status)
{
    set_text(call, status, "application/json; charset=utf-8", out_take(call->out));
}

void call_answer_text(Call *call, guint status, const char *media_type, const char *text)
{
    set_text(call, status, media_type, g_string_new(text));
}

void call_answer_json(Call *call, guint status, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    GString *copy = g_string_new(text);
    free(text);
    set_text(call, status, "application/json; charset=utf-8", copy);
}

static void answer_error(Call *call, guint status, const char *message, json_t *detail)
{
    json_t *error = json_pack("{s:s}", "message", message);
    if (detail != NULL)
        json_object_set_new(error, "detail", detail);
    json_t *body = json_pack("{s:s,s:o}", "type", "error", "error", error);
    call_answer_json(call, status, body);
    json_decref(body);
}

void call_fail(Call *call, guint status, const char *message)
{
    answer_error(call, status, message, NULL);
}

void call_fail_detail(Call *call, guint status, const char *message, const char *detail)
{
    answer_error(call, status, message, json_string(detail));
}

static json_t *text_list(const char *const *texts)
{
    json_t *list = json_array();
    for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

void call_fail_scope(Call *call, const char *const *required, const char *const *granted)
{
    answer_error(
        call, 403, "Your credentials lack one or more required privilege scopes.",
        json_pack("{s:o,s:o}", "required", text_list(required), "granted", text_list(granted)));
}

void call_fail_repository(Call *call)
{
    call_fail(call, 404,
              "You may not have access to this repository or it no longer exists in this "
              "workspace. If you think this repository exists and you have access, make sure you "
              "are authenticated.");
}
