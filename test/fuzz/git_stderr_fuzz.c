/* What git and, through it, the server write to standard error: progress and complaints. */
#include "git/outcome.h"
#include "git/progress.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(const char *phase, int percent, gpointer user_data)
{
    g_assert(strlen(phase) < 64 && percent >= -1 && percent <= 100);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    GitStderr *errors = git_stderr_new(check, NULL);
    gsize half = size / 2;
    git_stderr_add(errors, (const char *) data, half);
    git_stderr_add(errors, (const char *) data + half, size - half);
    const char *text = git_stderr_text(errors);
    g_assert(strlen(text) <= 8192);
    (void) git_outcome_tells_damage(text);
    g_autoptr(GError) error = NULL;
    git_outcome_set_error("git fetch", 128 << 8, text, &error);
    g_assert(error->domain == PLUMBLINE_ERROR && g_utf8_validate(error->message, -1, NULL));
    git_stderr_free(errors);
    return 0;
}
