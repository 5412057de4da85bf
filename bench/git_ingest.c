/*
 * git_mirror_walk, and all that a first sync reads of a mirror (commits, the main branch with the
 * ages of its lines, branches), beside `git log --all --numstat` on the same mirror.
 *
 * The repository is generated: folders of source files, of which each commit changes a few, with a
 * merge now and then; the same in every run. Rounds of both alternate, the best of each counts.
 * What not to conclude: how long a real repository takes. Its files are larger, and git's share of
 * the time with them, so the ratio there is nearer to 1.
 *
 * git_ingest [COMMITS [ROUNDS]]
 */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <sys/resource.h>

#include "git/git.h"

#define FOLDERS          40
#define FILES_PER_FOLDER 25

static void run_git(const char *directory, const char *const *arguments, GInputStream *input)
{
    g_autoptr(GPtrArray) command = g_ptr_array_new();
    g_ptr_array_add(command, (gpointer) "git");
    for (const char *const *argument = arguments; *argument; argument++)
        g_ptr_array_add(command, (gpointer) *argument);
    g_ptr_array_add(command, NULL);
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | (input ? G_SUBPROCESS_FLAGS_STDIN_PIPE : 0));
    g_subprocess_launcher_setenv(launcher, "GIT_DIR", directory, TRUE);
    g_subprocess_launcher_setenv(launcher, "GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
    g_subprocess_launcher_setenv(launcher, "GIT_CONFIG_NOSYSTEM", "1", TRUE);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) process =
        g_subprocess_launcher_spawnv(launcher, (const char *const *) command->pdata, &error);
    if (process && input)
        (void) g_output_stream_splice(g_subprocess_get_stdin_pipe(process), input,
                                      G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
    if (!process || !g_subprocess_wait_check(process, NULL, &error))
        g_error("git %s: %s", arguments[0], error->message);
}

/* One more line at the top, one in the middle changed: the length grows slowly, as in life. */
static void append_version(GString *stream, guint folder, guint file, guint version)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < version % 40 + 1; i++)
        g_string_append_printf(text, "added in version %u of file %u\n", version - i, file);
    for (guint i = 0; i < 120; i++)
        g_string_append_printf(text, "    statement_%u(argument_%u);\n", i,
                               i == version % 120 ? version : i);
    g_string_append_printf(stream,
                           "M 100644 inline src/part-%u/file-%u.c\ndata %" G_GSIZE_FORMAT "\n%s\n",
                           folder, file, text->len, text->str);
    g_string_free(text, TRUE);
}

static GBytes *make_stream(guint commits)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(42);
    guint versions[FOLDERS][FILES_PER_FOLDER] = {{0}};
    GString *stream = g_string_new(NULL);
    for (guint number = 1; number <= commits; number++) {
        gboolean merges = number % 10 == 0;
        g_string_append_printf(stream,
                               "commit refs/heads/main\nmark :%u\n"
                               "author Developer %u <dev%u@example.org> %u +0100\n"
                               "committer Developer %u <dev%u@example.org> %u +0100\n"
                               "data <<E\nChange number %u of the generated history\nE\n",
                               number, number % 50, number % 50, 1500000000 + number * 600,
                               number % 50, number % 50, 1500000000 + number * 600, number);
        if (number > 1)
            g_string_append_printf(stream, "from :%u\n", number - 1);
        if (merges && number > 3)
            g_string_append_printf(stream, "merge :%u\n", number - 3);
        guint changes = merges ? 0 : (guint) g_rand_int_range(random, 1, 5);
        for (guint i = 0; i < changes; i++) {
            guint folder = (guint) g_rand_int_range(random, 0, FOLDERS);
            guint file = (guint) g_rand_int_range(random, 0, FILES_PER_FOLDER);
            append_version(stream, folder, file, ++versions[folder][file]);
        }
        g_string_append_c(stream, '\n');
    }
    return g_string_free_to_bytes(stream);
}

static void make_mirror(const char *repository, guint commits)
{
    static const char *const INIT[] = {"init", "--quiet", "--bare", "--initial-branch=main", NULL};
    static const char *const IMPORT[] = {"fast-import", "--quiet", NULL};
    static const char *const REPACK[] = {"repack", "-a", "-d", "-q", NULL};
    static const char *const GRAPH[] = {"commit-graph", "write", "--reachable", "--no-progress",
                                        NULL};
    g_autoptr(GBytes) stream = make_stream(commits);
    g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes(stream);
    run_git(repository, INIT, NULL);
    run_git(repository, IMPORT, input);
    run_git(repository, REPACK, NULL);
    run_git(repository, GRAPH, NULL);
}

typedef struct {
    guint64 commits, files;
    gint64 lines, young;
} Sum;

static gboolean add_up(const Commit *commit, gpointer user_data, GError **error)
{
    Sum *sum = user_data;
    sum->commits++;
    sum->files += commit->n_files;
    for (gsize i = 0; i < commit->n_files; i++)
        if (commit->files[i].lines_added != COUNT_ABSENT)
            sum->lines += commit->files[i].lines_added + commit->files[i].lines_removed;
    return TRUE;
}

static double time_walk(GitMirror *mirror, Sum *ret_sum)
{
    *ret_sum = (Sum){0};
    g_autoptr(GError) error = NULL;
    gint64 start = g_get_monotonic_time();
    if (!git_mirror_walk(mirror, NULL, add_up, ret_sum, &error))
        g_error("%s", error->message);
    return (double) (g_get_monotonic_time() - start) / 1e6;
}

static gboolean add_up_change(const MainChange *change, gpointer user_data, GError **error)
{
    Sum *sum = user_data;
    sum->commits++;
    sum->lines += change->lines_changed;
    sum->young += change->lines_young;
    return TRUE;
}

static gboolean pass_branch(const Branch *branch, gpointer user_data, GError **error)
{
    return TRUE;
}

/* Opened anew, so that nothing that was read before is at hand. */
static double time_ingestion(const GitMirrorConfig *config, Sum *ret_changes)
{
    Sum commits = {0};
    *ret_changes = (Sum){0};
    g_autoptr(GError) error = NULL;
    gint64 start = g_get_monotonic_time();
    g_autoptr(GitMirror) mirror = git_mirror_open(config, &error);
    if (!mirror || !git_mirror_walk(mirror, NULL, add_up, &commits, &error) ||
        !git_mirror_branches(mirror, "main", pass_branch, NULL, &error) ||
        !git_mirror_main_changes(mirror, "main", NULL, TIME_ABSENT, add_up_change, ret_changes,
                                 &error))
        g_error("%s", error->message);
    return (double) (g_get_monotonic_time() - start) / 1e6;
}

static double time_log(const char *repository)
{
    static const char *const LOG[] = {"log", "--all", "--numstat", NULL};
    gint64 start = g_get_monotonic_time();
    run_git(repository, LOG, NULL);
    return (double) (g_get_monotonic_time() - start) / 1e6;
}

/* The greatest memory since the last reset, in KiB, as the kernel tells. */
static gint64 peak_memory(void)
{
    g_autofree char *status = NULL;
    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
        return 0;
    const char *line = strstr(status, "VmHWM:");
    return line ? g_ascii_strtoll(line + strlen("VmHWM:"), NULL, 10) : 0;
}

static double own_processor_time(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void reset_peak_memory(void)
{
    (void) g_file_set_contents_full("/proc/self/clear_refs", "5", 1, G_FILE_SET_CONTENTS_NONE, 0,
                                    NULL);
}

int main(int argc, char **argv)
{
    guint commits = argc > 1 ? (guint) g_ascii_strtoull(argv[1], NULL, 10) : 20000;
    guint rounds = argc > 2 ? (guint) MAX(g_ascii_strtoull(argv[2], NULL, 10), 1) : 3;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("plumbline-bench-XXXXXX", &error);
    g_autofree char *repository = g_build_filename(folder, "m", "git", NULL);
    g_assert(folder && g_mkdir_with_parents(repository, 0700) == 0);
    make_mirror(repository, commits);
    GitMirrorConfig config = {
        .folder = folder, .clone_url = "https://example.org/a/b.git", .name = "m"};
    GitMirror *mirror = git_mirror_open(&config, &error);
    g_assert_no_error(error);
    git_mirror_free(mirror);
    double best_walk = G_MAXDOUBLE, best_log = G_MAXDOUBLE, best_all = G_MAXDOUBLE;
    (void) malloc_trim(0);
    reset_peak_memory();
    gint64 before = peak_memory();
    double processor = own_processor_time();
    Sum sum, changes;
    for (guint round = 0; round < rounds; round++) {
        best_log = MIN(best_log, time_log(repository));
        mirror = git_mirror_open(&config, &error);
        g_assert_no_error(error);
        best_walk = MIN(best_walk, time_walk(mirror, &sum));
        git_mirror_free(mirror);
        best_all = MIN(best_all, time_ingestion(&config, &changes));
    }
    processor = own_processor_time() - processor;
    g_print("git ingest: %" G_GUINT64_FORMAT " commits, %" G_GUINT64_FORMAT
            " files changed, %" G_GINT64_FORMAT " lines\n",
            sum.commits, sum.files, sum.lines);
    g_print("  git log --all --numstat   %7.2f s\n", best_log);
    g_print("  git_mirror_walk           %7.2f s   %.0f commits/s\n", best_walk,
            (double) sum.commits / best_walk);
    g_print("  ratio                     %7.2f     (aim: at most 1.30)\n", best_walk / best_log);
    g_print("  with the main branch      %7.2f s   %" G_GUINT64_FORMAT " changes, %" G_GINT64_FORMAT
            " lines, %" G_GINT64_FORMAT " of them replace young ones\n",
            best_all, changes.commits, changes.lines, changes.young);
    g_print("  ratio                     %7.2f     (aim: at most 2.00)\n", best_all / best_log);
    g_print("  Plumbline's own processor time %.3f s a round\n", processor / rounds);
    g_print("  memory of Plumbline grew by %" G_GINT64_FORMAT " KiB\n", peak_memory() - before);
    const char *const remove[] = {"rm", "-rf", folder, NULL};
    (void) g_spawn_sync(NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                        NULL, NULL);
    return 0;
}
