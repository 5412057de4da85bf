#include "web/request.h"

#include "web/hub.h"

#include <string.h>

void reply_init(WebReply *reply)
{
    *reply = (WebReply){.status = 500, .headers = g_ptr_array_new_with_free_func(g_free)};
}

void reply_clear(WebReply *reply)
{
    g_clear_pointer(&reply->body, g_bytes_unref);
    g_clear_pointer(&reply->headers, g_ptr_array_unref);
    g_clear_pointer(&reply->listener, hub_listener_free);
}

void reply_header(WebReply *reply, const char *name, const char *value)
{
    g_ptr_array_add(reply->headers, g_strdup(name));
    g_ptr_array_add(reply->headers, g_strdup(value));
}

void reply_bytes(WebReply *reply, guint status, const char *content_type, GBytes *bytes)
{
    g_bytes_ref(bytes);
    g_clear_pointer(&reply->body, g_bytes_unref);
    reply->body = bytes;
    reply->status = status;
    reply->content_type = content_type;
}

void reply_text(WebReply *reply, guint status, const char *content_type, const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    reply_bytes(reply, status, content_type, bytes);
}

void reply_nothing(WebReply *reply)
{
    g_clear_pointer(&reply->body, g_bytes_unref);
    reply->status = 204;
}

static void put_document(WebReply *reply, guint status, const char *content_type, json_t *document)
{
    char *text = json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(document);
    g_assert(text != NULL); /* our own documents hold no broken texts */
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    free(text);
    reply_bytes(reply, status, content_type, bytes);
}

void reply_json(WebReply *reply, guint status, json_t *document)
{
    put_document(reply, status, "application/json", document);
}

void reply_problem(WebReply *reply, guint status, const char *code, const char *title,
                   const char *detail)
{
    g_autofree char *type = g_strconcat("/problems/", code, NULL);
    json_t *document =
        json_pack("{s:s, s:s, s:i}", "type", type, "title", title, "status", (int) status);
    if (detail != NULL)
        json_object_set_new(document, "detail", json_string(detail));
    put_document(reply, status, "application/problem+json", document);
}

void reply_error(WebReply *reply, const WebRequest *request, const GError *error)
{
    gboolean is_ours = error->domain == PLUMBLINE_ERROR;
    int code = is_ours ? error->code : PLUMBLINE_ERROR_INTERNAL;
    guint status = (guint) error_http_status(code);
    g_autofree char *words = log_printable(error->message);
    if (status >= 500)
        log_event(LOG_LEVEL_ERROR, "request %s: %s", request->id, words);
    reply_problem(reply, status, error_name(code), error_sentence(code),
                  status == 500 ? NULL : words);
}
