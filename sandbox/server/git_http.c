#include "git_http.h"

#include "counts.h"
#include "faults.h"
#include "scopes.h"
#include "tokens.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_CGI_HEADER (16 * 1024)

struct GitChild {
    pid_t pid;
    int output;
    GByteArray *begun; /* read with the header, not sent yet */
    gsize sent;
};

void git_child_free(void *data)
{
    GitChild *child = data;
    close(child->output);
    kill(-child->pid, SIGKILL); /* nothing when it has ended by itself */
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    g_byte_array_unref(child->begun);
    g_free(child);
}

ssize_t git_child_read(void *data, uint64_t position, char *buffer, size_t max)
{
    GitChild *child = data;
    gsize left = child->begun->len - child->sent;
    if (left > 0) {
        gsize piece = MIN(left, max);
        memcpy(buffer, child->begun->data + child->sent, piece);
        child->sent += piece;
        return (ssize_t) piece;
    }
    ssize_t got;
    do {
        got = read(child->output, buffer, max);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    return got == 0 ? MHD_CONTENT_READER_END_OF_STREAM : got;
}

/* The request's body as a file to read from: git may answer before it has read everything, and a
 * pipe could then block both sides. -1: errno. */
static int body_file(const Call *call)
{
    int file = memfd_create("request", MFD_CLOEXEC);
    if (file < 0)
        return -1;
    for (gsize at = 0; at < call->body->len;) {
        ssize_t written = write(file, call->body->data + at, call->body->len - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            close(file);
            return -1;
        }
        at += (gsize) written;
    }
    lseek(file, 0, SEEK_SET);
    return file;
}

static char **environment(const Call *call, const char *repository, const char *rest)
{
    g_autofree char *root = g_path_get_dirname(repository);
    g_autofree char *name = g_path_get_basename(repository);
    g_autofree char *path = g_strdup_printf("/%s/%s", name, rest);
    g_autofree char *length = g_strdup_printf("%u", call->body->len);
    const char *search = g_getenv("PATH");
    const struct {
        const char *name, *value;
    } variables[] = {
        {"PATH", search != NULL ? search : "/usr/bin:/bin"},
        {"HOME", "/nonexistent"},
        {"GIT_CONFIG_NOSYSTEM", "1"},
        {"GIT_CONFIG_GLOBAL", "/dev/null"},
        {"GIT_CONFIG_COUNT", "1"},
        {"GIT_CONFIG_KEY_0", "uploadpack.allowFilter"},
        {"GIT_CONFIG_VALUE_0", "true"},
        {"GIT_HTTP_EXPORT_ALL", "1"},
        {"GIT_PROJECT_ROOT", root},
        {"PATH_INFO", path},
        {"REQUEST_METHOD", call->method},
        {"QUERY_STRING", call->query},
        {"CONTENT_TYPE", call->content_type},
        {"CONTENT_LENGTH", length},
        {"HTTP_CONTENT_ENCODING", call->content_encoding},
        {"GIT_PROTOCOL", call->git_protocol},
        {"REMOTE_ADDR", "127.0.0.1"},
        {"REMOTE_USER", call->token->name},
    };
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (guint i = 0; i < G_N_ELEMENTS(variables); i++) {
        if (variables[i].value == NULL)
            continue;
        g_autofree char *variable = g_strconcat(variables[i].name, "=", variables[i].value, NULL);
        g_strv_builder_add(builder, variable);
    }
    return g_strv_builder_end(builder);
}

static GitChild *spawn(const Call *call, const char *repository, const char *rest)
{
    int pipe_ends[2];
    int input = body_file(call);
    if (input < 0)
        return NULL;
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
        close(input);
        return NULL;
    }
    g_auto(GStrv) variables = environment(call, repository, rest);
    char *arguments[] = {(char *) "git", (char *) "http-backend", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    pid_t pid;
    int failed = posix_spawnp(&pid, "git", &actions, &attributes, arguments, variables);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(input);
    close(pipe_ends[1]);
    if (failed != 0) {
        close(pipe_ends[0]);
        return NULL;
    }
    GitChild *child = g_new0(GitChild, 1);
    child->pid = pid;
    child->output = pipe_ends[0];
    child->begun = g_byte_array_new();
    return child;
}

/* Reads until the header is there. Returns its length with the empty line, 0 on failure. */
static gsize read_header(GitChild *child)
{
    char buffer[4096];
    while (child->begun->len < MAX_CGI_HEADER) {
        ssize_t got = read(child->output, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return 0;
        g_byte_array_append(child->begun, (const guint8 *) buffer, (guint) got);
        const char *end = memmem(child->begun->data, child->begun->len, "\r\n\r\n", 4);
        if (end != NULL)
            return (gsize) (end - (const char *) child->begun->data) + 4;
    }
    return 0;
}

static gboolean relay_header(Call *call, GitChild *child)
{
    gsize length = read_header(child);
    if (length == 0)
        return FALSE;
    g_autofree char *text = g_strndup((const char *) child->begun->data, length);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    child->sent = length;
    call->status = 200;
    for (guint i = 0; lines[i] != NULL; i++) {
        char *colon = strchr(lines[i], ':');
        if (colon == NULL)
            continue;
        *colon = '\0';
        const char *value = g_strstrip(colon + 1);
        guint64 status;
        if (g_ascii_strcasecmp(lines[i], "Status") == 0) {
            g_autofree char *digits = g_strndup(value, 3);
            if (g_ascii_string_to_unsigned(digits, 10, 100, 599, &status, NULL))
                call->status = (guint) status;
        } else if (g_ascii_strcasecmp(lines[i], "Cache-Control") != 0) {
            call_header(call, lines[i], value);
        }
    }
    return TRUE;
}

/* What git asks for: "info/refs" and "git-upload-pack"; NULL with the answer made. */
static const char *service_of(Call *call)
{
    static const char *const known[] = {"info/refs", "git-upload-pack"};
    const char *rest = strstr(call->path, ".git/");
    rest = rest != NULL ? rest + strlen(".git/") : "";
    const char *service = call_argument(call, "service");
    if (g_str_equal(rest, "git-receive-pack") || g_strcmp0(service, "git-receive-pack") == 0) {
        call_answer_text(call, 403, "text/plain", "The sandbox's repositories are read-only\n");
        return NULL;
    }
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(rest, known[i]))
            return known[i];
    call_answer_text(call, 404, "text/plain", "Not Found\n");
    return NULL;
}

static const char *repository_of(Call *call)
{
    Sandbox *sandbox = call->sandbox;
    const char *name = call->segments->pdata[1];
    g_autofree char *slug = g_strndup(name, strlen(name) - strlen(".git"));
    gboolean former;
    call->repository = sandbox_find(sandbox, call->segments->pdata[0], slug, &former);
    const Place *place = call->repository >= 0 ? call_place(call) : NULL;
    const char *path = NULL;
    g_autoptr(GError) error = NULL;
    if (place == NULL || place->gone || !token_reaches(call->token, sandbox, place) ||
        sandbox->company == NULL) {
        call_answer_text(call, 404, "text/plain", "Repository not found\n");
        return NULL;
    }
    if (!company_repository_git(sandbox->company, (guint) call->repository, &path, &error)) {
        g_warning("%s: %s", place->full_name, error->message);
        call_answer_text(call, 500, "text/plain", "The history could not be made\n");
        return NULL;
    }
    if (path == NULL)
        call_answer_text(call, 404, "text/plain", "This company has no histories (--no-git)\n");
    return path;
}

void git_answer(Call *call)
{
    if (!tokens_authenticate(call->sandbox->tokens, call, TRUE)) {
        counts_add_named(call->sandbox->counts, call, "git");
        return;
    }
    counts_add_named(call->sandbox->counts, call, "git");
    g_autoptr(FaultList) faults = faults_begin(call->sandbox->faults, call);
    if (faults_answer(faults, call))
        return;
    gboolean api = call->token->kind == TOKEN_API;
    if (!scopes_suffice(call->token->scopes, api ? "read:repository" : "repository", api)) {
        call_answer_text(call, 403, "text/plain", "The credential lacks the scope repository\n");
        return;
    }
    const char *rest = service_of(call);
    const char *path = rest != NULL ? repository_of(call) : NULL;
    if (path == NULL)
        return;
    GitChild *child = spawn(call, path, rest);
    if (child == NULL) {
        g_warning("git http-backend: %s", g_strerror(errno));
        call_answer_text(call, 500, "text/plain", "git could not be started\n");
    } else if (!relay_header(call, child)) {
        git_child_free(child);
        call_answer_text(call, 500, "text/plain", "git http-backend gave no answer\n");
    } else {
        call->git = child;
    }
}
