/* The histories that the company makes, as git itself sees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "company.h"

#define EPOCH ((gint64) 1794816000000000) /* 2026-11-16T08:00:00Z */
#define DAY   ((gint64) 86400 * 1000000)

typedef struct {
    Company *company;
    char *folder;
    const CompanyRepository *repositories;
    guint n_repositories;
} World;

static void remove_folder(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR))
            remove_folder(inner);
        else
            g_unlink(inner);
    }
    g_rmdir(path);
}

static int make_world(void **state)
{
    World *world = g_new0(World, 1);
    world->folder = g_dir_make_tmp("company-git-XXXXXX", NULL);
    CompanyOptions options = {
        .seed = 21, .pull_requests = 260, .epoch = EPOCH, .git_folder = world->folder};
    world->company = company_new(&options, NULL);
    world->repositories = company_repositories(world->company, &world->n_repositories);
    *state = world;
    return world->company == NULL;
}

static int end_world(void **state)
{
    World *world = *state;
    company_free(world->company);
    remove_folder(world->folder);
    g_free(world->folder);
    g_free(world);
    return 0;
}

static const char *path_of(World *world, guint index)
{
    const char *path = NULL;
    GError *error = NULL;
    gboolean ok = company_repository_git(world->company, index, &path, &error);
    if (!ok)
        fail_msg("%s", error->message);
    return path;
}

/* What git prints; NULL when it fails. */
static char *ask_git(const char *path, const char *const *arguments)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, (gpointer) "git");
    g_ptr_array_add(argv, (gpointer) "-C");
    g_ptr_array_add(argv, (gpointer) path);
    for (; *arguments != NULL; arguments++)
        g_ptr_array_add(argv, (gpointer) *arguments);
    g_ptr_array_add(argv, NULL);
    g_autoptr(GSubprocess) git =
        g_subprocess_newv((const char *const *) argv->pdata,
                          G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
    char *text = NULL;
    assert_true(g_subprocess_communicate_utf8(git, NULL, NULL, &text, NULL, NULL));
    if (g_subprocess_get_successful(git))
        return text;
    g_free(text);
    return NULL;
}

static char *ask_line(const char *path, const char *command, const char *a, const char *b)
{
    const char *arguments[] = {command, a, b, NULL};
    char *text = ask_git(path, arguments);
    return text != NULL ? g_strstrip(text) : NULL;
}

static const char *hash_of(const CompanyRepository *repository, gint32 commit)
{
    return repository->commits[commit].hash;
}

static gint compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* One "added removed path" line per file, sorted. */
static char *expected_numstat(const CompanyFile *files, guint n)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(lines, g_strdup_printf("%d\t%d\t%s", files[i].lines_added,
                                               files[i].lines_removed, files[i].path));
    g_ptr_array_sort(lines, compare_texts);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **) lines->pdata);
}

static char *real_numstat(const char *path, const char *from, const char *to)
{
    const char *arguments[] = {"diff", "--numstat", "-M", from, to, NULL};
    g_autofree char *text = ask_git(path, arguments);
    assert_non_null(text);
    g_auto(GStrv) lines = g_strsplit(g_strstrip(text), "\n", -1);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    for (guint i = 0; lines[i] != NULL; i++)
        g_ptr_array_add(sorted, lines[i]);
    g_ptr_array_sort(sorted, compare_texts);
    g_ptr_array_add(sorted, NULL);
    return g_strjoinv("\n", (char **) sorted->pdata);
}

static void check_numstat(const char *path, const char *from, const char *to,
                          const CompanyFile *files, guint n)
{
    g_autofree char *expected = expected_numstat(files, n);
    g_autofree char *real = real_numstat(path, from, to);
    assert_string_equal(real, expected);
}

static void test_differences_are_as_announced(void **state)
{
    World *world = *state;
    guint checked = 0;
    for (guint i = 0; i < world->n_repositories; i++) {
        const CompanyRepository *repository = &world->repositories[i];
        const char *path = path_of(world, i);
        for (guint k = 0; k < repository->n_pulls; k++) {
            CompanyPullView view;
            if (!company_view_pull(world->company, i, k, &view))
                continue;
            const char *head = hash_of(repository, view.source_commit);
            const char *destination = hash_of(repository, view.destination_commit);
            g_autofree char *base = ask_line(path, "merge-base", destination, head);
            assert_non_null(base);
            g_autofree CompanyFile *files = NULL;
            guint n = company_view_files(world->company, i, k, &files);
            check_numstat(path, base, head, files, n);
            checked++;
        }
    }
    assert_int_equal(checked, 260);
}

/* Squash or merge commit: against the destination's tip before, the same files. */
static void test_merges_bring_what_the_pull_request_showed(void **state)
{
    World *world = *state;
    guint counts[4] = {0};
    for (guint i = 0; i < world->n_repositories; i++) {
        const CompanyRepository *repository = &world->repositories[i];
        const char *path = path_of(world, i);
        for (guint k = 0; k < repository->n_pulls; k++) {
            const CompanyPull *pull = &repository->pulls[k];
            if (pull->closed_at > EPOCH || pull->close_kind != ACT_MERGE)
                continue;
            const char *head = hash_of(repository, pull->commits[pull->n_commits - 1]);
            const char *merge = hash_of(repository, pull->merge_commit);
            const char *before = hash_of(repository, pull->destination_commit);
            g_autofree char *first = g_strconcat(merge, "^1", NULL);
            g_autofree char *second = g_strconcat(merge, "^2", NULL);
            g_autofree char *first_parent = ask_line(path, "rev-parse", "--verify", first);
            g_autofree char *second_parent = ask_line(path, "rev-parse", "--verify", second);
            check_numstat(path, before, merge, pull->files, pull->n_files);
            counts[pull->strategy]++;
            if (pull->strategy == MERGE_FAST_FORWARD) {
                assert_string_equal(merge, head);
                continue;
            }
            assert_string_equal(first_parent, before);
            if (pull->strategy == MERGE_COMMIT)
                assert_string_equal(second_parent, head);
            else
                assert_null(second_parent);
        }
    }
    assert_true(counts[MERGE_COMMIT] > 20 && counts[MERGE_SQUASH] > 20 &&
                counts[MERGE_FAST_FORWARD] > 5);
}

static void test_commits_are_those_between_destination_and_source(void **state)
{
    World *world = *state;
    for (guint i = 0; i < world->n_repositories; i++) {
        const CompanyRepository *repository = &world->repositories[i];
        const char *path = path_of(world, i);
        for (guint k = 0; k < repository->n_pulls; k++) {
            const CompanyPull *pull = &repository->pulls[k];
            if (pull->closed_at > EPOCH)
                continue;
            g_autofree char *not_before =
                g_strconcat("^", hash_of(repository, pull->destination_commit), NULL);
            const char *arguments[] = {
                "rev-list",     "--reverse",
                "--topo-order", hash_of(repository, pull->commits[pull->n_commits - 1]),
                not_before,     NULL};
            g_autofree char *real = ask_git(path, arguments);
            g_autoptr(GString) expected = g_string_new(NULL);
            for (guint c = 0; c < pull->n_commits; c++)
                g_string_append_printf(expected, "%s\n", hash_of(repository, pull->commits[c]));
            assert_string_equal(real, expected->str);
        }
    }
}

/* Dates, author and message of every commit, as git stores them. */
static void test_commits_say_what_the_company_says(void **state)
{
    World *world = *state;
    const CompanyRepository *repository = &world->repositories[0];
    const char *path = path_of(world, 0);
    for (guint i = 0; i < repository->n_commits; i += 7) {
        const CompanyCommit *commit = &repository->commits[i];
        const char *arguments[] = {"log", "-1", "--format=%an <%ae>|%at|%ct|%B", commit->hash,
                                   NULL};
        g_autofree char *real = ask_git(path, arguments);
        g_autofree char *expected = g_strdup_printf(
            "%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%s\n\n", commit->raw_author,
            commit->authored_at / 1000000, commit->committed_at / 1000000, commit->message);
        assert_string_equal(g_strstrip(real), g_strstrip(expected));
    }
}

static void note_branch(const char *name, gint32 commit, gpointer data)
{
    g_ptr_array_add(data, g_strdup_printf("%d refs/heads/%s", commit, name));
}

static void check_branches(World *world, guint index)
{
    const CompanyRepository *repository = &world->repositories[index];
    g_autoptr(GPtrArray) named = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    company_visit_branches(world->company, index, note_branch, named);
    for (guint i = 0; i < named->len; i++) {
        const char *text = g_ptr_array_index(named, i);
        gint64 commit = g_ascii_strtoll(text, NULL, 10);
        g_ptr_array_add(lines, g_strdup_printf("%s %s", strchr(text, ' ') + 1,
                                               hash_of(repository, (gint32) commit)));
    }
    g_ptr_array_sort(lines, compare_texts);
    g_ptr_array_add(lines, NULL);
    g_autofree char *expected = g_strjoinv("\n", (char **) lines->pdata);
    const char *arguments[] = {"for-each-ref", "--format=%(refname) %(objectname)", NULL};
    g_autofree char *real = ask_git(path_of(world, index), arguments);
    g_auto(GStrv) real_lines = g_strsplit(g_strstrip(real), "\n", -1);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    for (guint i = 0; real_lines[i] != NULL; i++)
        g_ptr_array_add(sorted, real_lines[i]);
    g_ptr_array_sort(sorted, compare_texts);
    g_ptr_array_add(sorted, NULL);
    g_autofree char *joined = g_strjoinv("\n", (char **) sorted->pdata);
    assert_string_equal(joined, expected);
}

static void test_branches_follow_the_clock(void **state)
{
    World *world = *state;
    for (guint i = 0; i < world->n_repositories; i++)
        check_branches(world, i);
    g_autofree char *before = ask_line(path_of(world, 0), "rev-parse", "refs/heads/main", NULL);
    assert_true(company_advance(world->company, 7 * DAY, NULL));
    for (guint i = 0; i < world->n_repositories; i++)
        check_branches(world, i);
    g_autofree char *after = ask_line(path_of(world, 0), "rev-parse", "refs/heads/main", NULL);
    assert_string_not_equal(before, after);
}

static void test_the_repositories_are_sound(void **state)
{
    World *world = *state;
    const char *arguments[] = {"fsck", "--strict", "--connectivity-only", NULL};
    for (guint i = 0; i < world->n_repositories; i++) {
        g_autofree char *said = ask_git(path_of(world, i), arguments);
        assert_non_null(said);
    }
}

static void test_the_same_seed_makes_the_same_hashes(void **state)
{
    World *world = *state;
    void *other_state = NULL;
    assert_int_equal(make_world(&other_state), 0);
    World *other = other_state;
    path_of(world, 1);
    path_of(other, 1);
    const CompanyRepository *a = &world->repositories[1], *b = &other->repositories[1];
    assert_int_equal(a->n_commits, b->n_commits);
    for (guint i = 0; i < a->n_commits; i++)
        assert_string_equal(a->commits[i].hash, b->commits[i].hash);
    end_world(&other_state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_differences_are_as_announced),
        cmocka_unit_test(test_merges_bring_what_the_pull_request_showed),
        cmocka_unit_test(test_commits_are_those_between_destination_and_source),
        cmocka_unit_test(test_commits_say_what_the_company_says),
        cmocka_unit_test(test_branches_follow_the_clock),
        cmocka_unit_test(test_the_repositories_are_sound),
        cmocka_unit_test(test_the_same_seed_makes_the_same_hashes),
    };
    return cmocka_run_group_tests(tests, make_world, end_world);
}
