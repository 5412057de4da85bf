#include "git/progress.h"

#define LINE_MAX_BYTES 2048
#define KEPT_MAX_BYTES 8192

struct GitStderr {
    GitProgress progress;
    gpointer user_data;
    GString *line, *kept;
    char phase[64];
    int percent;
};

GitStderr *git_stderr_new(GitProgress progress, gpointer user_data)
{
    GitStderr *errors = g_new0(GitStderr, 1);
    errors->progress = progress;
    errors->user_data = user_data;
    errors->line = g_string_new(NULL);
    errors->kept = g_string_new(NULL);
    errors->percent = -2;
    return errors;
}

void git_stderr_free(GitStderr *errors)
{
    if (!errors)
        return;
    g_string_free(errors->line, TRUE);
    g_string_free(errors->kept, TRUE);
    g_free(errors);
}

/* "Receiving objects:  45% (9/20), 1.2 MiB", "remote: Enumerating objects: 20, done." FALSE when
 * the line is none. */
static gboolean read_progress(const char *line, char *ret_phase, gsize phase_size, int *ret_percent)
{
    if (g_str_has_prefix(line, "remote: "))
        line += strlen("remote: ");
    const char *colon = strchr(line, ':');
    if (!colon || colon == line || (gsize) (colon - line) >= phase_size)
        return FALSE;
    for (const char *at = line; at < colon; at++)
        if (!g_ascii_isalpha(*at) && *at != ' ')
            return FALSE;
    const char *number = colon + 1;
    while (*number == ' ')
        number++;
    char *end = NULL;
    guint64 value = g_ascii_strtoull(number, &end, 10);
    if (end == number || number == colon + 1)
        return FALSE;
    gboolean is_percent = *end == '%' && value <= 100;
    if (!is_percent && *end != ',' && *end != '\0')
        return FALSE;
    g_strlcpy(ret_phase, line, (gsize) (colon - line) + 1);
    *ret_percent = is_percent ? (int) value : -1;
    return TRUE;
}

static void keep_line(GitStderr *errors)
{
    if (errors->line->len == 0)
        return;
    g_string_append_len(errors->kept, errors->line->str, (gssize) errors->line->len);
    g_string_append_c(errors->kept, '\n');
    while (errors->kept->len > KEPT_MAX_BYTES) {
        const char *end = strchr(errors->kept->str, '\n');
        g_string_erase(errors->kept, 0, end - errors->kept->str + 1);
    }
}

static void end_line(GitStderr *errors)
{
    char phase[sizeof errors->phase];
    int percent;
    if (!read_progress(errors->line->str, phase, sizeof phase, &percent)) {
        keep_line(errors);
    } else if (percent != errors->percent || strcmp(phase, errors->phase) != 0) {
        g_strlcpy(errors->phase, phase, sizeof errors->phase);
        errors->percent = percent;
        if (errors->progress)
            errors->progress(phase, percent, errors->user_data);
    }
    g_string_truncate(errors->line, 0);
}

void git_stderr_add(GitStderr *errors, const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r')
            end_line(errors);
        else if (bytes[i] != '\0' && errors->line->len < LINE_MAX_BYTES)
            g_string_append_c(errors->line, bytes[i]);
    }
}

const char *git_stderr_text(GitStderr *errors)
{
    end_line(errors);
    return errors->kept->str;
}
