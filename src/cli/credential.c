#include "cli/credential.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli/interrupt.h"

static struct {
    char *kind, *token_file, *email, *username, *client_id;
} options;
char *cli_credential_api_base;
char *cli_credential_git_base;

const GOptionEntry CLI_CREDENTIAL_OPTIONS[] = {
    {"token-file", 0, 0, G_OPTION_ARG_FILENAME, &options.token_file,
     "Read the token from FILE (mode 0600; - is standard input). Else PLUMBLINE_TOKEN, else asked "
     "for",
     "FILE"},
    {"kind", 0, 0, G_OPTION_ARG_STRING, &options.kind,
     "repository-token, project-token, workspace-token, api-token, app-password or oauth-client",
     "KIND"},
    {"email", 0, 0, G_OPTION_ARG_STRING, &options.email,
     "E-mail address of the Atlassian account that an API token belongs to", "ADDRESS"},
    {"username", 0, 0, G_OPTION_ARG_STRING, &options.username,
     "Bitbucket user name that an app password belongs to", "NAME"},
    {"client-id", 0, 0, G_OPTION_ARG_STRING, &options.client_id,
     "Key of an OAuth consumer; the token is then its secret", "ID"},
    {"api-base", 0, 0, G_OPTION_ARG_STRING, &cli_credential_api_base,
     "Address of the API (default https://api.bitbucket.org/2.0; plain http only to this machine)",
     "URL"},
    {"git-base", 0, 0, G_OPTION_ARG_STRING, &cli_credential_git_base,
     "Address that repositories are cloned from (default follows the API's)", "URL"},
    {NULL}};

static gboolean fail(GError **error, PlumblineErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static gboolean fail(GError **error, PlumblineErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, PLUMBLINE_ERROR, (gint) code, message);
    return FALSE;
}

/* ---- kind and account */

static const char *account_option(CredentialKind kind)
{
    switch (kind) {
    case CREDENTIAL_API_TOKEN:
        return "email";
    case CREDENTIAL_APP_PASSWORD:
        return "username";
    case CREDENTIAL_OAUTH_CLIENT:
        return "client-id";
    default:
        return NULL;
    }
}

gboolean cli_credential_choose(CredentialKind fallback, CredentialKind *ret_kind,
                               const char **ret_account, GError **error)
{
    const struct {
        const char *value;
        CredentialKind kind;
    } accounts[] = {{options.email, CREDENTIAL_API_TOKEN},
                    {options.username, CREDENTIAL_APP_PASSWORD},
                    {options.client_id, CREDENTIAL_OAUTH_CLIENT}};
    CredentialKind kind = fallback;
    const char *account = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++) {
        if (accounts[i].value == NULL)
            continue;
        if (account != NULL)
            return fail(error, PLUMBLINE_ERROR_INVALID,
                        "give only one of --email, --username and --client-id");
        account = accounts[i].value;
        kind = accounts[i].kind;
    }
    if (options.kind != NULL) {
        CredentialKind named;
        if (!credential_kind_from_name(options.kind, &named))
            return fail(error, PLUMBLINE_ERROR_INVALID,
                        "--kind: '%s' is not a kind of credential; see 'plumbline help connect'",
                        options.kind);
        if (account != NULL && named != kind)
            return fail(error, PLUMBLINE_ERROR_INVALID, "--kind %s does not go with --%s",
                        options.kind, account_option(kind));
        kind = named;
    }
    if (account == NULL && account_option(kind) != NULL)
        return fail(error, PLUMBLINE_ERROR_INVALID, "a credential of kind %s needs --%s as well",
                    credential_kind_name(kind), account_option(kind));
    *ret_kind = kind;
    *ret_account = account;
    return TRUE;
}

gboolean cli_credential_is_told(void)
{
    return options.kind != NULL || options.email != NULL || options.username != NULL ||
           options.client_id != NULL;
}

/* ---- the secret */

gboolean cli_secret_is_given(void)
{
    return options.token_file != NULL || g_getenv("PLUMBLINE_TOKEN") != NULL;
}

/* Takes the line end off, refuses what cannot be a token, and tells the log. */
static gboolean accept_secret(Buffer *secret, const char *source, GError **error)
{
    while (secret->length > 0 && strchr(" \t\r\n", secret->data[secret->length - 1]) != NULL)
        secret->data[--secret->length] = '\0';
    if (secret->length == 0)
        return fail(error, PLUMBLINE_ERROR_INVALID, "%s holds no token", source);
    for (gsize i = 0; i < secret->length; i++) {
        if (secret->data[i] <= ' ' || secret->data[i] == 0x7f)
            return fail(error, PLUMBLINE_ERROR_INVALID,
                        "%s holds more than a token (a blank or a line break within it)", source);
    }
    log_add_secret((const char *) secret->data);
    return TRUE;
}

static gboolean read_descriptor(int descriptor, const char *source, Buffer *secret, GError **error)
{
    guint8 bytes[512];
    for (;;) {
        ssize_t got = read(descriptor, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(error, PLUMBLINE_ERROR_IO, "%s cannot be read: %s", source,
                        g_strerror(errno));
        if (got == 0)
            break;
        if (!buffer_append(secret, bytes, (gsize) got))
            return fail(error, PLUMBLINE_ERROR_INVALID, "%s is too long to be a token", source);
    }
    explicit_bzero(bytes, sizeof bytes);
    return accept_secret(secret, source, error);
}

static gboolean read_file(const char *path, Buffer *secret, char **ret_warning, GError **error)
{
    if (g_str_equal(path, "-"))
        return read_descriptor(STDIN_FILENO, "standard input", secret, error);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return fail(error, PLUMBLINE_ERROR_IO, "the token file %s cannot be opened: %s", path,
                    g_strerror(errno));
    struct stat status;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        *ret_warning = g_strdup_printf(
            "%s can be read by others on this machine; 'chmod 600 %s' keeps it yours", path, path);
    g_autofree char *source = g_strdup_printf("the token file %s", path);
    gboolean good = read_descriptor(descriptor, source, secret, error);
    close(descriptor);
    return good;
}

static gboolean read_terminal(const char *what, Buffer *secret, GError **error)
{
    struct termios before, silent;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            close(terminal);
        return fail(error, PLUMBLINE_ERROR_USAGE,
                    "no token is given; use --token-file FILE or the environment variable "
                    "PLUMBLINE_TOKEN");
    }
    dprintf(terminal, "Token for %s (not shown): ", what);
    silent = before;
    silent.c_lflag &= (tcflag_t) ~ECHO;
    interrupt_set_terminal(terminal, &before);
    tcsetattr(terminal, TCSAFLUSH, &silent);
    guint8 byte;
    gboolean fits = TRUE;
    while (fits && read(terminal, &byte, 1) == 1 && byte != '\n')
        fits = buffer_append(secret, &byte, 1);
    tcsetattr(terminal, TCSAFLUSH, &before);
    interrupt_set_terminal(-1, NULL);
    dprintf(terminal, "\n");
    close(terminal);
    if (!fits)
        return fail(error, PLUMBLINE_ERROR_INVALID, "the input is too long to be a token");
    return accept_secret(secret, "the input", error);
}

static gboolean read_environment(Buffer *secret, GError **error)
{
    const char *value = g_getenv("PLUMBLINE_TOKEN");
    gboolean fits = buffer_append(secret, value, strlen(value));
    explicit_bzero((char *) (gsize) value, strlen(value)); /* /proc/PID/environ shows it, too */
    g_unsetenv("PLUMBLINE_TOKEN");
    if (!fits)
        return fail(error, PLUMBLINE_ERROR_INVALID, "PLUMBLINE_TOKEN is too long to be a token");
    return accept_secret(secret, "PLUMBLINE_TOKEN", error);
}

gboolean cli_secret_read(const char *what, Buffer *ret_secret, char **ret_warning, GError **error)
{
    Buffer secret;
    gboolean good;
    buffer_init(&secret, LIMIT_SECRET);
    if (options.token_file != NULL)
        good = read_file(options.token_file, &secret, ret_warning, error);
    else if (g_getenv("PLUMBLINE_TOKEN") != NULL)
        good = read_environment(&secret, error);
    else
        good = read_terminal(what, &secret, error);
    if (!good) {
        buffer_wipe(&secret);
        return FALSE;
    }
    *ret_secret = secret;
    return TRUE;
}

gboolean cli_secret_refuse_arguments(int argc, char **argv, GError **error)
{
    static const char *const NAMES[] = {"--token", "--secret", "--password", "--app-password"};
    for (int i = 1; i < argc; i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(NAMES); k++) {
            gsize length = strlen(NAMES[k]);
            if (strncmp(argv[i], NAMES[k], length) != 0 ||
                (argv[i][length] != '\0' && argv[i][length] != '='))
                continue;
            if (argv[i][length] == '=')
                memset(argv[i] + length + 1, '*', strlen(argv[i] + length + 1));
            else if (i + 1 < argc)
                memset(argv[i + 1], '*', strlen(argv[i + 1]));
            return fail(error, PLUMBLINE_ERROR_USAGE,
                        "%s: a secret on the command line can be read by everybody on this "
                        "machine; put it into a file for --token-file, or into PLUMBLINE_TOKEN, "
                        "and treat this one as leaked",
                        NAMES[k]);
        }
    }
    return TRUE;
}
