/* A request of somebody who may do everything, down to its handler: whatever it holds, the answer
 * is of a status that means something, its documents are sound, and no secret is in it. The input
 * is a request line "METHOD PATH?QUERY", header fields up to an empty line, and a body. The server
 * works on a store with made-up facts that begins anew with the process. */
#include "web/framing.h"
#include "web/server.h"

#include "../unit/measure/synthetic.h"

#include <glib/gstdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define SECRET WEB_TOKEN_PREFIX "the-secret-of-the-test"

static WebServer *server;

static void put_caller(StoreTx *tx, GError **error)
{
    UtcTime now = web_now();
    const StoreAccount account = {.account_id = 1,
                                  .email = (char *) "ada@example.com",
                                  .name = (char *) "Ada",
                                  .role = (char *) "admin",
                                  .password = (char *) "none",
                                  .created = now,
                                  .disabled = TIME_ABSENT};
    g_autofree char *digest = web_secret_digest(SECRET);
    const StoreApiToken token = {.token_id = 1,
                                 .account_id = 1,
                                 .digest = digest,
                                 .name = (char *) "fuzz",
                                 .role = (char *) "admin",
                                 .created = now,
                                 .expires = now + 365 * TIME_DAY,
                                 .used = now};
    if (!store_put_account(tx, &account, error) || !store_put_api_token(tx, &token, error))
        g_error("%s", (*error)->message);
}

static void put_connection(StoreTx *tx, gint64 workspace_id, GError **error)
{
    const StoreConnection connection = {.workspace_id = workspace_id,
                                        .connection_id = 1,
                                        .name = (char *) "demo",
                                        .kind = (char *) "workspace-token",
                                        .api_base = (char *) "http://127.0.0.1:1/2.0",
                                        .git_base = (char *) "http://127.0.0.1:1/git",
                                        .expires = TIME_ABSENT,
                                        .state = (char *) "ok",
                                        .checked = TIME_ABSENT,
                                        .server_time = 1795000000 * TIME_SECOND,
                                        .created = 0};
    if (!store_put_connection(tx, &connection, SECRET, error))
        g_error("%s", (*error)->message);
}

static void start(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("plumbline-fuzz-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "data", NULL);
    g_autofree char *key = g_build_filename(folder, "key", NULL);
    const SyntheticOptions options = {.seed = 7,
                                      .pull_requests = 200,
                                      .commits = 200,
                                      .people = 12,
                                      .repositories = 4,
                                      .from = 1780000000 * TIME_SECOND,
                                      .until = 1795000000 * TIME_SECOND};
    gint64 workspace_id = 0;
    Store *store = store_open(path, key, &error);
    if (store == NULL || !synthetic_fill(store, &options, &workspace_id, &error))
        g_error("%s", error->message);
    StoreTx *tx = store_begin(store, &error);
    put_caller(tx, &error);
    put_connection(tx, workspace_id, &error);
    if (!store_commit(tx, &error))
        g_error("%s", error->message);
    const WebConfig config = {
        .store = store, .api_base = "http://127.0.0.1:1/2.0", .sync_interval = 365 * TIME_DAY};
    server = web_server_start(&config, &error);
    if (server == NULL)
        g_error("%s", error->message);
}

/* "a=b&c" as the library below the server hands it over. */
static void take_query(WebRequest *request, char *text)
{
    for (char *pair; (pair = strsep(&text, "&")) != NULL;) {
        char *value = strchr(pair, '=');
        if (value != NULL)
            *value++ = '\0';
        g_autofree char *name = g_uri_unescape_string(pair, NULL);
        g_autofree char *plain = g_uri_unescape_string(value != NULL ? value : "", NULL);
        if (name == NULL || plain == NULL || !g_utf8_validate(name, -1, NULL) ||
            !g_utf8_validate(plain, -1, NULL) ||
            !g_hash_table_insert(request->query, g_steal_pointer(&name), g_steal_pointer(&plain)))
            request->query_repeats = TRUE;
    }
}

static gboolean holds(GBytes *body, const char *word)
{
    gsize length;
    const char *text = g_bytes_get_data(body, &length);
    return memmem(text, length, word, strlen(word)) != NULL;
}

static void check(const WebReply *reply)
{
    /* Bitbucket is not there in this test, which is 502; everything else above is a fault. */
    g_assert(reply->status >= 200 && (reply->status < 500 || reply->status == 502));
    if (reply->body == NULL)
        return;
    g_assert(!holds(reply->body, SECRET));
    if (reply->content_type == NULL || !g_str_has_prefix(reply->content_type, "application/"))
        return;
    if (strstr(reply->content_type, "json") == NULL)
        return;
    gsize length;
    const char *text = g_bytes_get_data(reply->body, &length);
    json_t *document = json_loadb(text, length, 0, NULL);
    g_assert(document != NULL);
    json_decref(document);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 4096 || memmem(data, size, "/password", 9) != NULL) /* Argon2id takes its time */
        return 0;
    if (server == NULL)
        start();
    g_autofree char *text = g_strndup((const char *) data, size);
    char *rest = text, *line = strsep(&rest, "\n"), *target = strchr(line, ' ');
    WebRequest request = {.query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                          .headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                          .peer = (char *) "127.0.0.1",
                          .id = "fuzz"};
    Framing framing;
    framing_init(&framing, request.headers);
    if (target != NULL)
        *target++ = '\0';
    char *query = target != NULL ? strchr(target, '?') : NULL;
    if (query != NULL) {
        *query++ = '\0';
        take_query(&request, query);
    }
    request.path = target != NULL ? g_uri_unescape_string(target, NULL) : NULL;
    framing_add(&framing, "Host", server->hosts[0]);
    framing_add(&framing, "Authorization", "Bearer " SECRET);
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL && *line != '\0') {
        char *value = strchr(line, ':');
        if (value == NULL || g_ascii_strncasecmp(line, "authorization", 13) == 0)
            continue;
        *value = '\0';
        framing_add(&framing, line, value + 1 + strspn(value + 1, " "));
    }
    buffer_init(&request.body, size + 1);
    gboolean is_whole = request.path != NULL && *request.path == '/' &&
                        g_utf8_validate(request.path, -1, NULL) &&
                        framing_fault(&framing) == NULL &&
                        framing_method(text, &request.method, &request.is_head) &&
                        (rest == NULL || buffer_append(&request.body, rest, strlen(rest)));
    if (is_whole) {
        g_auto(WebReply) reply;
        reply_init(&reply);
        web_server_answer(&request, &reply, server);
        check(&reply);
    }
    buffer_clear(&request.body);
    g_free(request.path);
    g_free(request.parts_text);
    g_hash_table_unref(request.query);
    g_hash_table_unref(request.headers);
    return 0;
}
