#include "dialogue.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* The request's head and body, or NULL when the client went away first. */
static GString *read_request(int connection)
{
    g_autoptr(GString) request = g_string_new(NULL);
    gsize wanted = G_MAXSIZE;
    while (request->len < wanted) {
        char bytes[4096];
        ssize_t got = recv(connection, bytes, sizeof bytes, 0);
        if (got <= 0)
            return NULL;
        g_string_append_len(request, bytes, got);
        const char *end = strstr(request->str, "\r\n\r\n");
        if (end == NULL)
            continue;
        const char *length = strcasestr(request->str, "\r\nContent-Length: ");
        gsize body = length != NULL && length < end ? g_ascii_strtoull(length + 18, NULL, 10) : 0;
        wanted = (gsize) (end + 4 - request->str) + body;
    }
    return g_steal_pointer(&request);
}

static void send_all(int connection, const char *bytes, gsize length)
{
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        length -= (gsize) sent;
    }
}

static void reply(int connection, const Line *line)
{
    const char *body = line->body != NULL ? line->body : "";
    const char *headers = line->headers != NULL ? line->headers : "";
    const char *type = strcasestr(headers, "content-type") != NULL
                           ? ""
                           : "Content-Type: application/json; charset=utf-8\r\n";
    g_autofree char *head = g_strdup_printf(
        "HTTP/1.1 %d Said\r\nContent-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n%s%s\r\n",
        line->status, strlen(body) + (line->manner == REPLY_SHORT ? 10 : 0), type, headers);
    send_all(connection, head, strlen(head));
    send_all(connection, body, strlen(body));
}

static void keep_silent(Dialogue *dialogue, int connection)
{
    g_mutex_lock(&dialogue->lock);
    dialogue->silent_now = TRUE;
    g_cond_broadcast(&dialogue->changed);
    g_mutex_unlock(&dialogue->lock);
    char byte;
    while (recv(connection, &byte, 1, 0) > 0)
        continue;
}

/* The next line, or a complaint that the request is not the one it expects. */
static gboolean take_line(Dialogue *dialogue, const GString *request, Line *ret_line)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&dialogue->lock);
    g_autofree char *first = g_strndup(request->str, strcspn(request->str, "\r"));
    g_ptr_array_add(dialogue->requests, g_strdup(request->str));
    if (dialogue->heard >= dialogue->lines->len) {
        g_string_append_printf(dialogue->complaint, "unexpected: %s\n", first);
        return FALSE;
    }
    *ret_line = g_array_index(dialogue->lines, Line, dialogue->heard);
    dialogue->heard++;
    if (g_str_has_prefix(first, ret_line->expected))
        return TRUE;
    g_string_append_printf(dialogue->complaint, "expected \"%s\", came \"%s\"\n",
                           ret_line->expected, first);
    return FALSE;
}

static void serve(Dialogue *dialogue, int connection)
{
    g_autoptr(GString) request = read_request(connection);
    Line line;
    if (request == NULL)
        return;
    if (!take_line(dialogue, request, &line)) {
        reply(connection, &(Line){.status = 599, .body = "{}"});
        return;
    }
    struct linger abrupt = {.l_onoff = 1, .l_linger = 0};
    switch (line.manner) {
    case REPLY:
    case REPLY_SHORT:
        reply(connection, &line);
        break;
    case RESET:
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
        break;
    case SILENCE:
        keep_silent(dialogue, connection);
        break;
    }
}

static gpointer listen_and_serve(gpointer user_data)
{
    Dialogue *dialogue = user_data;
    for (;;) {
        int connection = accept(dialogue->listener, NULL, NULL);
        if (connection < 0)
            return NULL;
        serve(dialogue, connection);
        close(connection);
    }
}

Dialogue *dialogue_begin(void)
{
    Dialogue *dialogue = g_new0(Dialogue, 1);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    dialogue->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(dialogue->listener >= 0);
    assert_int_equal(bind(dialogue->listener, (struct sockaddr *) &address, length), 0);
    assert_int_equal(listen(dialogue->listener, 16), 0);
    assert_int_equal(getsockname(dialogue->listener, (struct sockaddr *) &address, &length), 0);
    dialogue->api_base = g_strdup_printf("http://127.0.0.1:%u/2.0", ntohs(address.sin_port));
    dialogue->requests = g_ptr_array_new_with_free_func(g_free);
    dialogue->now = 1795000000 * TIME_SECOND;
    dialogue->rests = g_array_new(FALSE, FALSE, sizeof(Duration));
    dialogue->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    dialogue->complaint = g_string_new(NULL);
    g_mutex_init(&dialogue->lock);
    g_cond_init(&dialogue->changed);
    dialogue->thread = g_thread_new("dialogue", listen_and_serve, dialogue);
    return dialogue;
}

void dialogue_add(Dialogue *dialogue, const Line *line)
{
    g_mutex_lock(&dialogue->lock);
    g_array_append_vals(dialogue->lines, line, 1);
    g_mutex_unlock(&dialogue->lock);
}

void dialogue_answers(Dialogue *dialogue, const char *expected, int status, const char *headers,
                      const char *body)
{
    dialogue_add(dialogue,
                 &(Line){.expected = expected, .status = status, .headers = headers, .body = body});
}

void dialogue_wait_for_silence(Dialogue *dialogue)
{
    g_mutex_lock(&dialogue->lock);
    while (!dialogue->silent_now)
        g_cond_wait(&dialogue->changed, &dialogue->lock);
    g_mutex_unlock(&dialogue->lock);
}

void dialogue_end(Dialogue *dialogue)
{
    shutdown(dialogue->listener, SHUT_RDWR);
    g_thread_join(dialogue->thread);
    close(dialogue->listener);
    assert_string_equal(dialogue->complaint->str, "");
    assert_int_equal(dialogue->heard, dialogue->lines->len);
    g_free(dialogue->api_base);
    g_ptr_array_unref(dialogue->requests);
    g_array_unref(dialogue->rests);
    g_array_unref(dialogue->lines);
    g_string_free(dialogue->complaint, TRUE);
    g_mutex_clear(&dialogue->lock);
    g_cond_clear(&dialogue->changed);
    g_free(dialogue);
}

BitbucketClientConfig dialogue_config(const Dialogue *dialogue)
{
    return (BitbucketClientConfig){
        .api_base = dialogue->api_base,
        .credential = {.kind = CREDENTIAL_WORKSPACE_TOKEN, .secret = "a-secret-of-the-test"},
        .budget = {.as_of = TIME_ABSENT, .paused_until = TIME_ABSENT},
        .retries = 3,
        .backoff_ms = 1000,
    };
}

static UtcTime scripted_now(gpointer data)
{
    return ((Dialogue *) data)->now;
}

static double scripted_random(gpointer data)
{
    return 0.0;
}

static void scripted_rest(gpointer data, GCond *changed, GMutex *lock, Duration pause)
{
    Dialogue *dialogue = data;
    g_array_append_val(dialogue->rests, pause);
    dialogue->now += pause;
}

ClientClock dialogue_clock(Dialogue *dialogue)
{
    return (ClientClock){
        .now = scripted_now, .random = scripted_random, .rest = scripted_rest, .data = dialogue};
}
