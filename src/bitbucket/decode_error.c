/* What error answers say. Their texts may be localised and are only ever shown, never compared. */
#include "bitbucket/decode.h"

#include <string.h>

static char *copy_text(json_t *value)
{
    if (!json_is_string(value))
        return NULL;
    return snippet_of_bytes(json_string_value(value), json_string_length(value));
}

/* A list of short texts; NULL when it is none. */
static GStrv copy_texts(json_t *list)
{
    if (!json_is_array(list))
        return NULL;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (gsize i = 0; i < MIN(json_array_size(list), 200); i++) {
        g_autofree char *text = copy_text(json_array_get(list, i));
        if (text != NULL)
            g_strv_builder_add(builder, text);
    }
    return g_strv_builder_end(builder);
}

void error_body_read(ErrorBody *body, json_t *root)
{
    json_t *detail = json_path(root, "error.detail");
    *body = (ErrorBody){
        .message = copy_text(json_path(root, "error.message")),
        .detail = copy_text(detail),
        .required = copy_texts(json_member(detail, "required")),
        .granted = copy_texts(json_member(detail, "granted")),
        .shas = copy_texts(json_path(root, "error.data.shas")),
        .announced = copy_text(json_path(root, "error.data.announcement_url")),
    };
    if (body->message == NULL) /* some services put the text there directly */
        body->message = copy_text(json_member(root, "error"));
    if (body->announced == NULL)
        body->announced = copy_text(json_path(root, "data.announcement_url"));
}

void error_body_clear(ErrorBody *body)
{
    g_free(body->message);
    g_free(body->detail);
    g_strfreev(body->required);
    g_strfreev(body->granted);
    g_strfreev(body->shas);
    g_free(body->announced);
    *body = (ErrorBody){0};
}

char *error_body_sentence(const ErrorBody *body)
{
    GString *sentence = g_string_new(body->message != NULL ? body->message : "");
    if (body->detail != NULL)
        g_string_append_printf(sentence, " (%s)", body->detail);
    if (body->required != NULL && body->required[0] != NULL) {
        g_autofree char *scopes = g_strjoinv(", ", body->required);
        g_string_append_printf(sentence, " Required: %s.", scopes);
    }
    if (body->announced != NULL)
        g_string_append_printf(sentence, " See %s", body->announced);
    return g_string_free(sentence, FALSE);
}
