#include "bitbucket/http.h"

#include <curl/curl.h>
#include <string.h>

/* One request on its way: made by the caller, worked on by the engine's thread until done. */
typedef struct {
    CURL *easy;
    struct curl_slist *headers;
    HttpAnswer answer;
    gsize header_bytes;
    gboolean too_large;
    CURLcode result;
    gboolean cancelled, done; /* guarded by the engine's lock */
} Exchange;

struct HttpEngine {
    CURLM *multi;
    GThread *thread;
    GMutex lock;
    GCond finished;
    GPtrArray *waiting;         /* Exchange *, handed over and not begun; guarded by lock */
    gboolean cancelled, ending; /* same */
    GPtrArray *under_way;       /* Exchange *, the thread's own */
};

/* ---- what curl calls ---- */

static size_t take_body(char *bytes, size_t size, size_t count, void *user_data)
{
    Exchange *exchange = user_data;
    if (buffer_append(&exchange->answer.body, bytes, size * count))
        return size * count;
    exchange->too_large = TRUE;
    return 0; /* makes curl give up */
}

static size_t take_header(char *bytes, size_t size, size_t count, void *user_data)
{
    Exchange *exchange = user_data;
    gsize length = size * count;
    exchange->header_bytes += length;
    if (exchange->header_bytes > LIMIT_API_HEADERS) {
        exchange->too_large = TRUE;
        return 0;
    }
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0) { /* of an interim answer: begin anew */
        g_hash_table_remove_all(exchange->answer.headers);
        return length;
    }
    const char *colon = memchr(bytes, ':', length);
    if (colon == NULL)
        return length;
    g_autofree char *name = g_ascii_strdown(bytes, colon - bytes);
    g_autofree char *raw = g_strndup(colon + 1, length - (gsize) (colon + 1 - bytes));
    g_autofree char *value = g_utf8_make_valid(g_strstrip(raw), -1);
    g_hash_table_replace(exchange->answer.headers, g_steal_pointer(&name), g_steal_pointer(&value));
    return length;
}

/* ---- the engine's thread ---- */

static void finish(HttpEngine *engine, Exchange *exchange, CURLcode result, gboolean cancelled)
{
    curl_multi_remove_handle(engine->multi, exchange->easy);
    g_ptr_array_remove_fast(engine->under_way, exchange);
    g_mutex_lock(&engine->lock);
    exchange->result = result;
    exchange->cancelled = cancelled;
    exchange->done = TRUE;
    g_cond_broadcast(&engine->finished);
    g_mutex_unlock(&engine->lock);
}

static void begin(HttpEngine *engine, Exchange *exchange)
{
    g_ptr_array_add(engine->under_way, exchange);
    if (curl_multi_add_handle(engine->multi, exchange->easy) != CURLM_OK)
        finish(engine, exchange, CURLE_FAILED_INIT, FALSE);
}

static void collect_finished(HttpEngine *engine)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(engine->multi, &left)) != NULL;) {
        char *exchange = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode result = message->data.result; /* the message dies with the handle's removal */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        finish(engine, (Exchange *) (void *) exchange, result, FALSE);
    }
}

static gpointer engine_run(gpointer user_data)
{
    HttpEngine *engine = user_data;
    for (;;) {
        g_mutex_lock(&engine->lock);
        gboolean ending = engine->ending, cancelled = engine->cancelled;
        g_autoptr(GPtrArray) fresh = engine->waiting;
        engine->waiting = g_ptr_array_new();
        g_mutex_unlock(&engine->lock);
        for (guint i = 0; i < fresh->len; i++)
            begin(engine, g_ptr_array_index(fresh, i));
        while (cancelled && engine->under_way->len > 0)
            finish(engine, g_ptr_array_index(engine->under_way, 0), CURLE_ABORTED_BY_CALLBACK,
                   TRUE);
        if (ending)
            return NULL;
        int running;
        curl_multi_perform(engine->multi, &running);
        collect_finished(engine);
        curl_multi_poll(engine->multi, NULL, 0, 60000, NULL); /* a wake-up ends it at once */
    }
}

/* ---- callers' side ---- */

static gpointer initialise_curl(gpointer unused)
{
    return GINT_TO_POINTER(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

HttpEngine *http_engine_new(GError **error)
{
    static GOnce once = G_ONCE_INIT;
    g_once(&once, initialise_curl, NULL);
    CURLM *multi = GPOINTER_TO_INT(once.retval) ? curl_multi_init() : NULL;
    if (multi == NULL) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INTERNAL,
                            "libcurl cannot be initialised");
        return NULL;
    }
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16L);
    HttpEngine *engine = g_new0(HttpEngine, 1);
    engine->multi = multi;
    engine->waiting = g_ptr_array_new();
    engine->under_way = g_ptr_array_new();
    g_mutex_init(&engine->lock);
    g_cond_init(&engine->finished);
    engine->thread = g_thread_new("bitbucket-http", engine_run, engine);
    return engine;
}

void http_engine_free(HttpEngine *engine)
{
    if (engine == NULL)
        return;
    g_mutex_lock(&engine->lock);
    engine->ending = TRUE;
    g_mutex_unlock(&engine->lock);
    curl_multi_wakeup(engine->multi);
    g_thread_join(engine->thread);
    curl_multi_cleanup(engine->multi);
    g_ptr_array_unref(engine->waiting);
    g_ptr_array_unref(engine->under_way);
    g_mutex_clear(&engine->lock);
    g_cond_clear(&engine->finished);
    g_free(engine);
}

void http_engine_cancel(HttpEngine *engine)
{
    g_mutex_lock(&engine->lock);
    engine->cancelled = TRUE;
    g_mutex_unlock(&engine->lock);
    curl_multi_wakeup(engine->multi);
}

void http_answer_clear(HttpAnswer *answer)
{
    buffer_clear(&answer->body);
    g_clear_pointer(&answer->headers, g_hash_table_unref);
}

const char *http_answer_header(const HttpAnswer *answer, const char *name)
{
    return answer->headers != NULL ? g_hash_table_lookup(answer->headers, name) : NULL;
}

static void set_options(Exchange *exchange, const HttpRequest *request)
{
    CURL *easy = exchange->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long) request->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long) request->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "plumbline/" PLUMBLINE_VERSION);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
    if (request->direct)
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (request->form != NULL)
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->form);
}

static struct curl_slist *make_headers(const HttpRequest *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Accept: application/json");
    if (list != NULL && request->authorization != NULL)
        list = curl_slist_append(list, request->authorization);
    return list;
}

static void exchange_clear(Exchange *exchange)
{
    for (struct curl_slist *each = exchange->headers; each != NULL; each = each->next)
        explicit_bzero(each->data, strlen(each->data));
    curl_slist_free_all(exchange->headers);
    curl_easy_cleanup(exchange->easy);
    http_answer_clear(&exchange->answer);
}

static gboolean judge(Exchange *exchange, GError **error)
{
    PlumblineErrorCode code = PLUMBLINE_ERROR_NETWORK;
    if (exchange->cancelled) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CANCELLED,
                            "The request was interrupted.");
        return FALSE;
    }
    if (exchange->too_large) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_TOO_LARGE,
                    "the answer is larger than %" G_GSIZE_FORMAT
                    " MiB, or its headers than %" G_GSIZE_FORMAT " KiB",
                    LIMIT_API_BODY >> 20, LIMIT_API_HEADERS >> 10);
        return FALSE;
    }
    switch (exchange->result) {
    case CURLE_OK:
        return TRUE;
    case CURLE_OPERATION_TIMEDOUT:
        code = PLUMBLINE_ERROR_TIMEOUT;
        break;
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
        code = PLUMBLINE_ERROR_BODY_TRUNCATED;
        break;
    default:
        break;
    }
    g_set_error(error, PLUMBLINE_ERROR, code, "%s", curl_easy_strerror(exchange->result));
    return FALSE;
}

/* Hands @exchange to the thread and waits for it. */
static void run(HttpEngine *engine, Exchange *exchange)
{
    g_mutex_lock(&engine->lock);
    if (engine->cancelled) {
        exchange->cancelled = TRUE;
    } else {
        g_ptr_array_add(engine->waiting, exchange);
        curl_multi_wakeup(engine->multi);
        while (!exchange->done)
            g_cond_wait(&engine->finished, &engine->lock);
    }
    g_mutex_unlock(&engine->lock);
}

gboolean http_engine_perform(HttpEngine *engine, const HttpRequest *request, HttpAnswer *ret_answer,
                             GError **error)
{
    Exchange exchange = {.easy = curl_easy_init(), .headers = make_headers(request)};
    if (exchange.easy == NULL || exchange.headers == NULL) {
        exchange_clear(&exchange);
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INTERNAL,
                            "libcurl cannot make a request");
        return FALSE;
    }
    buffer_init(&exchange.answer.body, LIMIT_API_BODY);
    exchange.answer.headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    set_options(&exchange, request);
    run(engine, &exchange);
    gboolean good = judge(&exchange, error);
    if (good) {
        curl_off_t body = 0;
        curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &exchange.answer.status);
        curl_easy_getinfo(exchange.easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
        exchange.answer.bytes_on_wire = (gint64) body + (gint64) exchange.header_bytes;
        *ret_answer = exchange.answer;
        exchange.answer = (HttpAnswer){0};
    }
    exchange_clear(&exchange);
    return good;
}
