#include "fixture.h"
#include "http_server.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

#define USER   "x-token-auth"
#define SECRET "s3cret:with \"odd\" signs\\"

typedef struct {
    Fixture *fixture;
    HttpServer *server;
    char *url;
} Scene;

static const char STREAM[] = "commit refs/heads/main\nmark :1\n"
                             "committer Ada <ada@example.org> 1600000001 +0000\n"
                             "data 3\none"
                             "\nM 100644 inline a\ndata 2\n1\n"
                             "\n\ncommit refs/heads/old\n"
                             "committer Ada <ada@example.org> 1600000002 +0000\n"
                             "data 3\nold"
                             "\nfrom :1\nM 100644 inline b\ndata 2\n2\n"
                             "\n\nreset refs/tags/v1\nfrom :1\n\n";

/* Bytes that do not shrink, the same in every run. */
static void add_large_commit(const Fixture *fixture)
{
    const gsize size = 6 * 1024 * 1024;
    g_autoptr(GString) stream =
        g_string_new("commit refs/heads/large\ncommitter Ada <ada@example.org> 1600000003 +0000\n"
                     "data 5\nlarge\n");
    g_string_append_printf(stream, "M 100644 inline noise\ndata %" G_GSIZE_FORMAT "\n", size);
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (gsize i = 0; i < size; i++)
        g_string_append_c(stream, (char) g_rand_int(random));
    g_string_append(stream, "\n\n");
    fixture_import(fixture, stream->str, (gssize) stream->len);
}

static int set_up(void **state)
{
    Scene *scene = g_new0(Scene, 1);
    scene->fixture = fixture_new();
    fixture_import(scene->fixture, STREAM, sizeof STREAM - 1);
    scene->server = http_server_new(scene->fixture->folder, USER, SECRET);
    scene->url = http_server_url(scene->server, "origin.git");
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    Scene *scene = *state;
    http_server_free(scene->server);
    fixture_free(scene->fixture);
    g_free(scene->url);
    g_free(scene);
    return 0;
}

static GitMirrorConfig config_of(const Scene *scene)
{
    return (GitMirrorConfig){.folder = scene->fixture->mirrors,
                             .clone_url = scene->url,
                             .name = "m",
                             .user = USER,
                             .secret = SECRET};
}

static GitMirror *open_with(const GitMirrorConfig *config)
{
    g_autoptr(GError) error = NULL;
    GitMirror *mirror = git_mirror_open(config, &error);
    if (!mirror)
        fail_msg("%s", error->message);
    return mirror;
}

static GitMirror *open_mirror(const Scene *scene)
{
    GitMirrorConfig config = config_of(scene);
    return open_with(&config);
}

static gboolean fetch(GitMirror *mirror)
{
    g_autoptr(GError) error = NULL;
    gboolean refetched = FALSE;
    if (!git_mirror_fetch(mirror, NULL, NULL, &refetched, &error))
        fail_msg("%s", error->message);
    return refetched;
}

static void assert_fetch_fails(GitMirror *mirror, PlumblineErrorCode code)
{
    g_autoptr(GError) error = NULL;
    assert_false(git_mirror_fetch(mirror, NULL, NULL, NULL, &error));
    if (!error_is(error, code))
        fail_msg("not the expected error: %s: %s", error_name(error->code), error->message);
    assert_null(strstr(error->message, SECRET));
}

static void assert_same_tips(const Scene *scene, GitMirror *mirror)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *tips = git_mirror_tips(mirror, &error);
    assert_non_null(tips);
    g_autofree char *expected = GIT(scene->fixture, "for-each-ref", "--sort=refname",
                                    "--format=%(objectname) %(refname)", "refs/heads");
    assert_string_equal(g_strchomp(tips), expected);
}

static guint count_commits(GitMirror *mirror)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) seen = seen_commits_new();
    if (!git_mirror_walk(mirror, NULL, seen_commits_visit, seen, &error))
        fail_msg("%s", error->message);
    return seen->len;
}

static char *repository_path(const Scene *scene, const char *name)
{
    return g_build_filename(scene->fixture->mirrors, "m", "git", name, NULL);
}

/* ---- what a fetch brings
 * -------------------------------------------------------------------------------- */

static void fetches_branches_and_tags(void **state)
{
    const Scene *scene = *state;
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    assert_false(fetch(mirror));
    assert_same_tips(scene, mirror);
    assert_int_equal(count_commits(mirror), 2);
    assert_int_equal(http_server_requests(scene->server),
                     http_server_authorized_requests(scene->server));
}

static void follows_moved_new_and_vanished_branches(void **state)
{
    const Scene *scene = *state;
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    (void) fetch(mirror);
    /* main is forced back to nothing that it had; a folder takes the place of a branch. */
    static const char CHANGE[] = "commit refs/heads/main\n"
                                 "committer Ada <ada@example.org> 1600000009 +0000\n"
                                 "data 6\nforced"
                                 "\nM 100644 inline c\ndata 2\n3\n"
                                 "\n\n";
    g_free(GIT(scene->fixture, "update-ref", "-d", "refs/heads/main"));
    g_free(GIT(scene->fixture, "branch", "-m", "old", "old/er"));
    fixture_import(scene->fixture, CHANGE, sizeof CHANGE - 1);
    (void) fetch(mirror);
    assert_same_tips(scene, mirror);
}

static void takes_an_empty_repository(void **state)
{
    const Scene *scene = *state;
    g_autofree char *path = g_build_filename(scene->fixture->folder, "empty.git", NULL);
    g_free(GIT(scene->fixture, "init", "--quiet", "--bare", path));
    g_autofree char *url = http_server_url(scene->server, "empty.git");
    GitMirrorConfig config = config_of(scene);
    config.clone_url = url;
    g_autoptr(GitMirror) mirror = open_with(&config);
    assert_false(fetch(mirror));
    g_autoptr(GError) error = NULL;
    g_autofree char *tips = git_mirror_tips(mirror, &error);
    assert_string_equal(tips, "");
    assert_int_equal(count_commits(mirror), 0);
}

static void note_progress(const char *phase, int percent, gpointer user_data)
{
    GHashTable *phases = user_data;
    assert_in_range(percent + 1, 0, 101);
    g_hash_table_insert(phases, g_strdup(phase), GINT_TO_POINTER(percent));
}

static void tells_progress_in_gits_words(void **state)
{
    const Scene *scene = *state;
    add_large_commit(scene->fixture);
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    g_autoptr(GHashTable) phases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GError) error = NULL;
    assert_true(git_mirror_fetch(mirror, note_progress, phases, NULL, &error));
    assert_int_equal(GPOINTER_TO_INT(g_hash_table_lookup(phases, "Receiving objects")), 100);
}

/* ---- credentials
 * ---------------------------------------------------------------------------------------- */

static void refuses_wrong_and_missing_credentials(void **state)
{
    const Scene *scene = *state;
    GitMirrorConfig config = config_of(scene);
    config.secret = "wrong";
    g_autoptr(GitMirror) wrong = open_with(&config);
    assert_fetch_fails(wrong, PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
    config.name = "other";
    config.user = config.secret = NULL;
    g_autoptr(GitMirror) missing = open_with(&config);
    assert_fetch_fails(missing, PLUMBLINE_ERROR_CREDENTIAL_REJECTED);
}

typedef struct {
    GitMirror *mirror;
    GError *error;
    gboolean fetched;
} Fetching;

static gpointer fetch_in_thread(gpointer data)
{
    Fetching *fetching = data;
    fetching->fetched = git_mirror_fetch(fetching->mirror, NULL, NULL, NULL, &fetching->error);
    return NULL;
}

/* The argument lists of all processes that have @word in them. */
static GPtrArray *find_commands(const char *word)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(processes))) {
        g_autofree char *path = g_build_filename("/proc", name, "cmdline", NULL);
        char *text = NULL;
        gsize length = 0;
        if (!g_ascii_isdigit(*name) || !g_file_get_contents(path, &text, &length, NULL))
            continue;
        for (gsize i = 0; i + 1 < length; i++)
            if (text[i] == '\0')
                text[i] = ' ';
        if (strstr(text, word))
            g_ptr_array_add(found, text);
        else
            g_free(text);
    }
    return found;
}

/* Who was killed has still to be scheduled to die; the test's own limit ends the wait for one that
 * never does. */
static void wait_until_gone(const char *word)
{
    for (guint left = 1; left > 0;) {
        g_autoptr(GPtrArray) commands = find_commands(word);
        left = commands->len;
        if (left > 0)
            g_usleep(1000);
    }
}

static gboolean files_contain(const char *path, const char *word)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *entry = g_build_filename(path, name, NULL);
        g_autofree char *text = NULL;
        gsize length;
        if (g_file_test(entry, G_FILE_TEST_IS_DIR)) {
            if (files_contain(entry, word))
                return TRUE;
        } else if (g_file_get_contents(entry, &text, &length, NULL) &&
                   memmem(text, length, word, strlen(word))) {
            return TRUE;
        }
    }
    return FALSE;
}

static void keeps_the_secret_out_of_argument_lists_and_files(void **state)
{
    const Scene *scene = *state;
    add_large_commit(scene->fixture);
    g_autofree char *encoded =
        g_base64_encode((const guchar *) USER ":" SECRET, strlen(USER ":" SECRET));
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    http_server_set_stall(scene->server, HTTP_STALL_PACK);
    Fetching fetching = {mirror, NULL, FALSE};
    GThread *thread = g_thread_new("fetch", fetch_in_thread, &fetching);
    http_server_wait_stalled(scene->server);
    g_autoptr(GPtrArray) commands = find_commands(scene->url);
    g_autoptr(GPtrArray) plain = find_commands(SECRET);
    g_autoptr(GPtrArray) basic = find_commands(encoded);
    gboolean plain_in_file = files_contain(scene->fixture->mirrors, SECRET);
    gboolean basic_in_file = files_contain(scene->fixture->mirrors, encoded);
    http_server_set_stall(scene->server, HTTP_NO_STALL);
    g_thread_join(thread);
    g_clear_error(&fetching.error); /* half a pack is a broken connection */
    assert_in_range(commands->len, 1, 100);
    assert_int_equal(plain->len, 0);
    assert_int_equal(basic->len, 0);
    assert_false(plain_in_file);
    assert_false(basic_in_file);
    (void) fetch(mirror);
    assert_false(files_contain(scene->fixture->mirrors, SECRET));
    assert_false(files_contain(scene->fixture->mirrors, encoded));
    /* Neither is the address: nobody can fetch with this folder alone. */
    assert_false(files_contain(scene->fixture->mirrors, scene->url));
}

static void takes_only_addresses_that_are_safe(void **state)
{
    static const char *const BAD[] = {
        "http://example.org/a.git",
        "https://user:word@example.org/a.git",
        "https://user@example.org/a.git",
        "ssh://example.org/a.git",
        "git://example.org/a.git",
        "file:///tmp/a.git",
        "ext::sh -c id",
        "/tmp/a.git",
        "--upload-pack=id",
        "",
        "https:///a.git",
        "https://example.org/a.git#x",
        "http://127.0.0.1.example.org/a",
        "https://example.org/a b",
        "https://example.org/a\nb",
        "http://[::2]/a.git",
    };
    static const char *const BAD_NAMES[] = {"", "..", "a/b", ".hidden", "a b", "{uuid}"};
    const Scene *scene = *state;
    GitMirrorConfig config = config_of(scene);
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        config.clone_url = BAD[i];
        assert_null(git_mirror_open(&config, &error));
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
        assert_null(strstr(error->message, "word"));
    }
    config.clone_url = "https://example.org/a.git";
    for (gsize i = 0; i < G_N_ELEMENTS(BAD_NAMES); i++) {
        g_autoptr(GError) error = NULL;
        config.name = BAD_NAMES[i];
        assert_null(git_mirror_open(&config, &error));
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
    }
    static const char *const GOOD[] = {"http://localhost:8/a.git", "http://[::1]:8/a.git",
                                       "http://127.0.0.9/a.git", "https://example.org/a.git"};
    config.name = "good";
    for (gsize i = 0; i < G_N_ELEMENTS(GOOD); i++) {
        config.clone_url = GOOD[i];
        git_mirror_free(open_with(&config));
    }
}

/* ---- faults
 * --------------------------------------------------------------------------------------------- */

static void tells_what_the_server_answered(void **state)
{
    static const struct {
        guint status;
        PlumblineErrorCode code;
    } CASES[] = {
        {401, PLUMBLINE_ERROR_CREDENTIAL_REJECTED}, {403, PLUMBLINE_ERROR_FORBIDDEN},
        {404, PLUMBLINE_ERROR_NOT_FOUND},           {410, PLUMBLINE_ERROR_NOT_FOUND},
        {429, PLUMBLINE_ERROR_RATE_LIMITED},        {500, PLUMBLINE_ERROR_UNAVAILABLE},
        {503, PLUMBLINE_ERROR_UNAVAILABLE},         {301, PLUMBLINE_ERROR_FOREIGN_HOST},
    };
    const Scene *scene = *state;
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        http_server_set_status(scene->server, CASES[i].status);
        assert_fetch_fails(mirror, CASES[i].code);
    }
    http_server_set_status(scene->server, 0);
    assert_false(fetch(mirror));
}

static void tells_an_unknown_repository_from_an_unreachable_host(void **state)
{
    const Scene *scene = *state;
    g_autofree char *url = http_server_url(scene->server, "nowhere.git");
    GitMirrorConfig config = config_of(scene);
    config.clone_url = url;
    g_autoptr(GitMirror) unknown = open_with(&config);
    assert_fetch_fails(unknown, PLUMBLINE_ERROR_NOT_FOUND);
    /* Port 1 of a loopback address that nobody serves. */
    config.name = "refused";
    config.clone_url = "http://127.0.0.2:1/a.git";
    g_autoptr(GitMirror) refused = open_with(&config);
    assert_fetch_fails(refused, PLUMBLINE_ERROR_NETWORK);
}

static void gives_up_at_the_time_limit(void **state)
{
    const Scene *scene = *state;
    add_large_commit(scene->fixture);
    GitMirrorConfig config = config_of(scene);
    config.time_limit_s = 1;
    g_autoptr(GitMirror) mirror = open_with(&config);
    http_server_set_stall(scene->server, HTTP_STALL_PACK);
    assert_fetch_fails(mirror, PLUMBLINE_ERROR_TIMEOUT);
}

static void stops_at_the_quota_while_the_pack_comes_and_after(void **state)
{
    const Scene *scene = *state;
    add_large_commit(scene->fixture);
    GitMirrorConfig config = config_of(scene);
    config.disk_limit = 1024 * 1024;
    g_autoptr(GitMirror) mirror = open_with(&config);
    http_server_set_stall(scene->server, HTTP_STALL_PACK);
    assert_fetch_fails(mirror, PLUMBLINE_ERROR_LIMIT);
    http_server_set_stall(scene->server, HTTP_NO_STALL);
    assert_fetch_fails(mirror, PLUMBLINE_ERROR_LIMIT);
}

static guint count_files(const char *path, const char *prefix)
{
    guint count = 0;
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder)))
        count += g_str_has_prefix(name, prefix);
    return count;
}

static void is_cancelled_from_another_thread(void **state)
{
    const Scene *scene = *state;
    add_large_commit(scene->fixture);
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    http_server_set_stall(scene->server, HTTP_STALL_PACK);
    Fetching fetching = {mirror, NULL, TRUE};
    GThread *thread = g_thread_new("fetch", fetch_in_thread, &fetching);
    http_server_wait_stalled(scene->server);
    git_mirror_cancel(mirror);
    g_thread_join(thread);
    assert_false(fetching.fetched);
    assert_true(error_is(fetching.error, PLUMBLINE_ERROR_CANCELLED));
    g_clear_error(&fetching.error);
    g_autofree char *packs = repository_path(scene, "objects/pack");
    assert_int_equal(count_files(packs, "tmp_"), 0);
    wait_until_gone(scene->url);
    http_server_set_stall(scene->server, HTTP_NO_STALL);
    (void) fetch(mirror);
    assert_same_tips(scene, mirror);
}

/* ---- damage
 * --------------------------------------------------------------------------------------------- */

static char *find_pack(const Scene *scene)
{
    g_autofree char *packs = repository_path(scene, "objects/pack");
    g_autoptr(GDir) folder = g_dir_open(packs, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(folder)))
        if (g_str_has_suffix(name, ".pack"))
            return g_build_filename(packs, name, NULL);
    fail_msg("the mirror has no pack");
    return NULL;
}

static void change_pack(const Scene *scene, gboolean cut)
{
    g_autofree char *path = find_pack(scene);
    g_autofree char *bytes = NULL;
    gsize length;
    assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    /* Behind the header of 12 bytes come the objects; the last 20 are the checksum. */
    for (gsize i = 14; !cut && i < length - 20; i++)
        bytes[i] ^= 0x55;
    assert_true(g_file_set_contents(path, bytes, (gssize) (cut ? length / 2 : length), NULL));
}

static void fetches_a_mirror_with_a_truncated_pack_anew(void **state)
{
    const Scene *scene = *state;
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    assert_false(fetch(mirror));
    change_pack(scene, TRUE);
    assert_true(fetch(mirror));
    assert_int_equal(count_commits(mirror), 2);
    assert_false(fetch(mirror));
}

static void fetches_anew_what_turned_out_damaged_while_reading(void **state)
{
    const Scene *scene = *state;
    GitMirror *mirror = open_mirror(scene);
    assert_false(fetch(mirror));
    change_pack(scene, FALSE);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) seen = seen_commits_new();
    assert_false(git_mirror_walk(mirror, NULL, seen_commits_visit, seen, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_GIT));
    /* It is remembered beyond the life of this handle. */
    git_mirror_free(mirror);
    mirror = open_mirror(scene);
    assert_true(fetch(mirror));
    assert_int_equal(count_commits(mirror), 2);
    git_mirror_free(mirror);
}

static void survives_lost_files_and_leftovers(void **state)
{
    static const char *const LEFTOVERS[] = {"HEAD.lock", "packed-refs.lock", "shallow.lock",
                                            "refs/heads/main.lock", "objects/pack/tmp_pack_a1b2c3"};
    const Scene *scene = *state;
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    (void) fetch(mirror);
    g_free(GIT(scene->fixture, "branch", "tmp_branch", "main"));
    g_free(GIT(scene->fixture, "update-ref", "refs/heads/main", "old"));
    g_clear_pointer(&mirror, git_mirror_free);
    for (gsize i = 0; i < G_N_ELEMENTS(LEFTOVERS); i++) {
        g_autofree char *path = repository_path(scene, LEFTOVERS[i]);
        assert_true(g_file_set_contents(path, "x", 1, NULL));
    }
    mirror = open_mirror(scene);
    (void) fetch(mirror);
    assert_same_tips(scene, mirror);
    for (gsize i = 0; i < G_N_ELEMENTS(LEFTOVERS); i++) {
        g_autofree char *path = repository_path(scene, LEFTOVERS[i]);
        assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
    g_clear_pointer(&mirror, git_mirror_free);
    g_autofree char *head = repository_path(scene, "HEAD");
    assert_int_equal(g_unlink(head), 0);
    mirror = open_mirror(scene);
    (void) fetch(mirror);
    assert_same_tips(scene, mirror);
}

static void is_open_once_at_a_time(void **state)
{
    const Scene *scene = *state;
    GitMirror *mirror = open_mirror(scene);
    GitMirrorConfig config = config_of(scene);
    g_autoptr(GError) error = NULL;
    assert_null(git_mirror_open(&config, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_GIT));
    git_mirror_free(mirror);
    git_mirror_free(open_mirror(scene));
}

/* ---- a killed Plumbline
 * --------------------------------------------------------------------------------- */

static int fetch_as_own_process(char **arguments)
{
    GitMirrorConfig config = {.folder = arguments[2],
                              .clone_url = arguments[3],
                              .name = "m",
                              .user = USER,
                              .secret = SECRET};
    g_autoptr(GError) error = NULL;
    g_autoptr(GitMirror) mirror = git_mirror_open(&config, &error);
    return mirror && git_mirror_fetch(mirror, NULL, NULL, NULL, &error) ? 0 : 1;
}

static void kill_while_fetching(const Scene *scene, HttpStall stall)
{
    http_server_set_stall(scene->server, stall);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) other =
        g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, &error, "/proc/self/exe", "--fetch",
                         scene->fixture->mirrors, scene->url, NULL);
    assert_non_null(other);
    http_server_wait_stalled(scene->server);
    g_autoptr(GPtrArray) before = find_commands(scene->url);
    assert_in_range(before->len, 2, 100);
    g_subprocess_send_signal(other, SIGKILL);
    assert_true(g_subprocess_wait(other, NULL, &error));
    wait_until_gone(scene->url); /* git alone would wait for the server's answer */
    http_server_set_stall(scene->server, HTTP_NO_STALL);
}

static void leaves_no_git_behind_when_killed_and_carries_on(void **state)
{
    const Scene *scene = *state;
    add_large_commit(scene->fixture);
    kill_while_fetching(scene, HTTP_STALL_ANSWER);
    kill_while_fetching(scene, HTTP_STALL_PACK);
    g_autoptr(GitMirror) mirror = open_mirror(scene);
    assert_false(fetch(mirror));
    assert_same_tips(scene, mirror);
    g_autofree char *packs = repository_path(scene, "objects/pack");
    assert_int_equal(count_files(packs, "tmp_"), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--fetch") == 0)
        return fetch_as_own_process(argv);
    const struct CMUnitTest tests[] = {
        TEST(fetches_branches_and_tags),
        TEST(follows_moved_new_and_vanished_branches),
        TEST(takes_an_empty_repository),
        TEST(tells_progress_in_gits_words),
        TEST(refuses_wrong_and_missing_credentials),
        TEST(keeps_the_secret_out_of_argument_lists_and_files),
        TEST(takes_only_addresses_that_are_safe),
        TEST(tells_what_the_server_answered),
        TEST(tells_an_unknown_repository_from_an_unreachable_host),
        TEST(gives_up_at_the_time_limit),
        TEST(stops_at_the_quota_while_the_pack_comes_and_after),
        TEST(is_cancelled_from_another_thread),
        TEST(fetches_a_mirror_with_a_truncated_pack_anew),
        TEST(fetches_anew_what_turned_out_damaged_while_reading),
        TEST(survives_lost_files_and_leftovers),
        TEST(is_open_once_at_a_time),
        TEST(leaves_no_git_behind_when_killed_and_carries_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
