#include "cli/progress.h"

#define REDRAW_EVERY (G_TIME_SPAN_SECOND / 10)
#define BAR_WIDTH    20

struct Progress {
    gboolean is_shown, is_terminal, unicode;
    gint64 drawn; /* monotonic time of the last line */
    gboolean has_line;
    GHashTable *announced; /* repositories and stages, where there is no terminal */
};

Progress *progress_new(const CliGlobals *globals)
{
    Progress *progress = g_new0(Progress, 1);
    progress->is_shown = !globals->quiet;
    progress->is_terminal = terminal_is(2);
    progress->unicode = terminal_has_unicode();
    progress->announced = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return progress;
}

static void clear_line(Progress *progress)
{
    if (progress->has_line)
        fputs("\r\033[K", stderr);
    progress->has_line = FALSE;
}

void progress_free(Progress *progress)
{
    clear_line(progress);
    fflush(stderr);
    g_hash_table_unref(progress->announced);
    g_free(progress);
}

static void put_eta(GString *line, gint64 seconds)
{
    if (seconds == COUNT_ABSENT)
        return;
    if (seconds < 60)
        g_string_append_printf(line, ", about %" G_GINT64_FORMAT " s left", MAX(seconds, 1));
    else if (seconds < 5400)
        g_string_append_printf(line, ", about %" G_GINT64_FORMAT " min left", (seconds + 30) / 60);
    else
        g_string_append_printf(line, ", about %.1f h left", (double) seconds / 3600);
}

char *progress_line(const SyncProgress *state, guint width, gboolean unicode)
{
    GString *line = g_string_new(NULL);
    double overall = CLAMP(state->overall, 0, 1);
    guint full = (guint) (overall * BAR_WIDTH + 0.5);
    g_string_append_printf(line, "%3.0f%% ", overall * 100);
    for (guint i = 0; i < BAR_WIDTH; i++)
        g_string_append(line, i < full ? (unicode ? "█" : "#") : (unicode ? "░" : "."));
    g_string_append_printf(line, " %s", sync_stage_title(state->stage));
    if (state->expected != COUNT_ABSENT && state->expected > 0)
        g_string_append_printf(line, " %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, state->done,
                               state->expected);
    else if (state->done > 0)
        g_string_append_printf(line, " %" G_GINT64_FORMAT, state->done);
    g_string_append_printf(line, ", %" G_GINT64_FORMAT " request%s", state->requests,
                           state->requests == 1 ? "" : "s");
    put_eta(line, state->eta_seconds);
    if (state->note != NULL)
        g_string_append_printf(line, ", %s", state->note);
    if (g_utf8_strlen(line->str, -1) > (glong) width)
        *g_utf8_offset_to_pointer(line->str, (glong) width) = '\0';
    return g_string_free(line, FALSE);
}

/* Workers take turns; each stage of a repository is told once. */
static void announce(Progress *progress, const SyncProgress *state)
{
    const char *where = state->repository == NULL ? "workspace" : state->repository;
    char *stage = g_strdup_printf("%s: %s", where, sync_stage_title(state->stage));
    if (g_hash_table_contains(progress->announced, stage)) {
        g_free(stage);
        return;
    }
    g_autofree char *safe = log_printable(stage);
    fprintf(stderr, "%s\n", safe);
    g_hash_table_add(progress->announced, stage);
}

void progress_sync(const SyncProgress *state, gpointer user_data)
{
    Progress *progress = user_data;
    gint64 now = g_get_monotonic_time();
    if (!progress->is_shown)
        return;
    if (!progress->is_terminal) {
        announce(progress, state);
        return;
    }
    if (progress->has_line && now - progress->drawn < REDRAW_EVERY)
        return;
    guint width = terminal_width(2);
    g_autofree char *line = progress_line(state, width > 1 ? width - 1 : 1, progress->unicode);
    fprintf(stderr, "\r\033[K%s", line);
    fflush(stderr);
    progress->has_line = TRUE;
    progress->drawn = now;
}

void progress_say(Progress *progress, const char *what)
{
    if (!progress->is_shown)
        return;
    if (!progress->is_terminal) {
        fprintf(stderr, "%s\n", what);
        return;
    }
    fprintf(stderr, "\r\033[K%s ...", what);
    fflush(stderr);
    progress->has_line = TRUE;
    progress->drawn = 0;
}
