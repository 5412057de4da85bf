#include "git/log.h"
#include "git/mirror.h"
#include "git/text.h"

/* "^hash" for every tip that the caller knows. git skips those it no longer has. */
static GString *make_exclusions(const char *known_tips)
{
    GString *input = g_string_new(NULL);
    for (const char *line = known_tips; line && *line;) {
        gsize length = strcspn(line, " \n");
        if (git_text_is_hash(line, length)) {
            g_string_append_c(input, '^');
            g_string_append_len(input, line, (gssize) length);
            g_string_append_c(input, '\n');
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return input;
}

static gboolean walk(GitMirror *mirror, const GString *exclusions, GitCommitVisitor visitor,
                     gpointer user_data, GError **error)
{
    /* --ignore-missing counts for what is read after it. */
    static const char *const ARGUMENTS[] = {
        "log",        "--branches",    "--tags",        "--ignore-missing", "--stdin",
        "--reverse",  "--topo-order",  "--numstat",     "--find-renames",   "-z",
        "--no-color", "--no-ext-diff", "--no-textconv", "--no-diff-merges", GIT_LOG_FORMAT,
        NULL};
    g_auto(GitRun) run = {.process = NULL};
    if (!git_run_start(&run, mirror, "git log", ARGUMENTS, exclusions, error))
        return FALSE;
    g_auto(GitReader) reader;
    git_reader_init_process(&reader, run.process);
    g_autoptr(GError) broken = NULL;
    if (git_log_read(&reader, visitor, user_data, &broken))
        return git_run_finish(&run, error);
    /* A stream that breaks off is best explained by what git said when it ended. */
    if (reader.at_end && error_is(broken, PLUMBLINE_ERROR_GIT) && !git_run_finish(&run, error))
        return FALSE;
    g_propagate_error(error, g_steal_pointer(&broken));
    return FALSE;
}

gboolean git_mirror_walk(GitMirror *mirror, const char *known_tips, GitCommitVisitor visitor,
                         gpointer user_data, GError **error)
{
    g_autoptr(GString) exclusions = make_exclusions(known_tips);
    git_mirror_begin(mirror);
    gboolean walked = walk(mirror, exclusions, visitor, user_data, error);
    git_mirror_end(mirror);
    return walked;
}
