#include "git/outcome.h"

#include <sys/wait.h>

typedef struct {
    const char *words;
    PlumblineErrorCode code;
    const char *advice;
} Outcome;

/* The first line of the table that fits decides, so the particular stands before the general. Words
 * are those of git 2.30 to 2.50 under LC_ALL=C and of libcurl. */
static const Outcome OUTCOMES[] = {
    {"requested URL returned error: 401", PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
     "the server does not accept the credential"},
    {"Authentication failed for", PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
     "the server does not accept the credential"},
    {"could not read Username", PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
     "the server does not accept the credential, or none was given"},
    {"could not read Password", PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
     "the server does not accept the credential, or none was given"},
    {"requested URL returned error: 403", PLUMBLINE_ERROR_FORBIDDEN,
     "the credential may not read this repository; it needs the scope repository"},
    {"requested URL returned error: 404", PLUMBLINE_ERROR_NOT_FOUND,
     "no such repository, or the credential cannot see it"},
    {"requested URL returned error: 410", PLUMBLINE_ERROR_NOT_FOUND,
     "the repository has been removed"},
    {"requested URL returned error: 429", PLUMBLINE_ERROR_RATE_LIMITED,
     "the allowance of git operations is used up; it is tried again later"},
    {"requested URL returned error: 3", PLUMBLINE_ERROR_FOREIGN_HOST,
     "the server answered with a redirect, which is not followed"},
    {"requested URL returned error: 5", PLUMBLINE_ERROR_UNAVAILABLE,
     "the server answered with an error of its own; it is tried again later"},
    {"unable to update url base from redirection", PLUMBLINE_ERROR_FOREIGN_HOST,
     "the server answered with a redirect, which is not followed"},
    {"' not found", PLUMBLINE_ERROR_NOT_FOUND,
     "no such repository, or the credential cannot see it"},
    {"No space left on device", PLUMBLINE_ERROR_IO, "the disk is full"},
    {"Disk quota exceeded", PLUMBLINE_ERROR_IO, "the disk quota is used up"},
    {"Operation too slow", PLUMBLINE_ERROR_TIMEOUT, "the server stopped sending"},
    {"timed out", PLUMBLINE_ERROR_TIMEOUT, "the server did not answer in time"},
    {"Could not resolve host", PLUMBLINE_ERROR_NETWORK, "the host's name cannot be resolved"},
    {"Failed to connect to", PLUMBLINE_ERROR_NETWORK, "the host cannot be reached"},
    {"Couldn't connect to server", PLUMBLINE_ERROR_NETWORK, "the host cannot be reached"},
    {"Connection refused", PLUMBLINE_ERROR_NETWORK, "the host cannot be reached"},
    {"unable to access '", PLUMBLINE_ERROR_NETWORK, "the connection failed"},
    {"the remote end hung up unexpectedly", PLUMBLINE_ERROR_NETWORK, "the connection broke off"},
    {"early EOF", PLUMBLINE_ERROR_NETWORK, "the connection broke off"},
    {"RPC failed", PLUMBLINE_ERROR_NETWORK, "the connection broke off"},
    {"unexpected disconnect", PLUMBLINE_ERROR_NETWORK, "the connection broke off"},
    {"expected flush after ref listing", PLUMBLINE_ERROR_NETWORK, "the connection broke off"},
};

static const char *const DAMAGE[] = {
    "not a git repository",
    "is corrupt",
    "is truncated",
    "corrupted",
    "inflate:",
    "bad object",
    "bad tree object",
    "missing blob object",
    "missing tree object",
    "missing commit object",
    "unable to read",
    "unable to parse",
    "could not read",
    "could not parse",
    "cannot read existing object",
    "failed to traverse parents",
    "Failed to traverse parents",
    "does not match index",
    "index file",
    "wrong index",
    "object file",
    "sha1 mismatch",
    "hash mismatch",
    "SHA1 mismatch",
    "did not send all necessary objects", /* the objects that we claimed to have are damaged */
    "broken ref",
    "bad ref",
    "unable to resolve reference",
    "reference broken",
    "unresolved deltas",
    "bad config",
    "bad numeric config",
    "commit-graph",
    "invalid object",
    "not a valid object",
    "does not point to a valid object",
    "Could not read",
};

static gboolean is_own_complaint(const char *line)
{
    return g_str_has_prefix(line, "fatal: ") || g_str_has_prefix(line, "error: ") ||
           g_str_has_prefix(line, "warning: ");
}

static const Outcome *find_outcome(char *const *lines)
{
    for (gsize i = 0; i < G_N_ELEMENTS(OUTCOMES); i++)
        for (char *const *line = lines; *line; line++)
            if (is_own_complaint(*line) && strstr(*line, OUTCOMES[i].words))
                return &OUTCOMES[i];
    return NULL;
}

gboolean git_outcome_tells_damage(const char *complaints)
{
    g_auto(GStrv) lines = g_strsplit(complaints, "\n", -1);
    if (find_outcome(lines))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(DAMAGE); i++)
        for (char **line = lines; *line; line++)
            if (is_own_complaint(*line) && strstr(*line, DAMAGE[i]))
                return TRUE;
    return FALSE;
}

/* The complaint that people see: the last one of git's own, else the last line, on one line, valid,
 * short, without secrets. */
static char *choose_complaint(char *const *lines)
{
    const char *chosen = "";
    for (char *const *line = lines; *line; line++)
        if (**line != '\0' && (is_own_complaint(*line) || !is_own_complaint(chosen)))
            chosen = *line;
    g_autofree char *valid = g_utf8_make_valid(chosen, -1);
    for (char *at = valid; *at; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    gsize length = strlen(valid);
    if (length > LIMIT_ERROR_SNIPPET) {
        char *end = g_utf8_find_prev_char(valid, valid + LIMIT_ERROR_SNIPPET + 1);
        *end = '\0';
    }
    return log_redact(valid);
}

void git_outcome_set_error(const char *what, int status, const char *complaints, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(complaints, "\n", -1);
    const Outcome *outcome = find_outcome(lines);
    g_autofree char *said = choose_complaint(lines);
    GString *message = g_string_new(what);
    if (outcome)
        g_string_append_printf(message, ": %s", outcome->advice);
    else if (WIFSIGNALED(status))
        g_string_append_printf(message, " was ended by signal %d", WTERMSIG(status));
    else
        g_string_append_printf(message, " failed with status %d", WEXITSTATUS(status));
    if (*said != '\0')
        g_string_append_printf(message, " (git: %s)", said);
    g_set_error_literal(error, PLUMBLINE_ERROR, outcome ? outcome->code : PLUMBLINE_ERROR_GIT,
                        message->str);
    g_string_free(message, TRUE);
}
