/* bitbucket-sandbox: a stand-in for Bitbucket Cloud on loopback (docs/sandbox.md). */
#include "company.h"
#include "server/children.h"
#include "server/counts.h"
#include "server/faults.h"
#include "server/hooks.h"
#include "server/http.h"
#include "server/listing.h"
#include "server/replay.h"
#include "server/sandbox.h"
#include "server/times.h"
#include "server/tokens.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>

#define DEFAULT_EPOCH "2026-11-16T08:00:00Z"

static const struct {
    const char *name;
    guint pull_requests;
} sizes[] = {{"small", 500}, {"medium", 10000}, {"large", 100000}};

typedef struct {
    gint64 seed;
    char *size, *epoch, *state, *listen, *replay;
    gint pull_requests, repositories, quota;
    gboolean pathologies, without_git, version;
} Options;

static gboolean fail(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

static gboolean parse_options(int argc, char **argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "the same seed gives the same company",
         "N"},
        {"size", 0, 0, G_OPTION_ARG_STRING, &options->size,
         "small, medium or large: about 500, 10,000 or 100,000 pull requests", "SIZE"},
        {"pull-requests", 0, 0, G_OPTION_ARG_INT, &options->pull_requests,
         "how many instead of the size's", "N"},
        {"repositories", 0, 0, G_OPTION_ARG_INT, &options->repositories,
         "how many instead of the size's", "N"},
        {"pathologies", 0, 0, G_OPTION_ARG_NONE, &options->pathologies,
         "a healthy company, but for what is planted and listed in truth.json", NULL},
        {"epoch", 0, 0, G_OPTION_ARG_STRING, &options->epoch,
         "where the clock stands (" DEFAULT_EPOCH ")", "TIME"},
        {"no-git", 0, 0, G_OPTION_ARG_NONE, &options->without_git,
         "made-up commits, no histories to clone", NULL},
        {"state", 0, 0, G_OPTION_ARG_FILENAME, &options->state,
         "folder for ready.json, truth.json and histories", "DIR"},
        {"listen", 0, 0, G_OPTION_ARG_STRING, &options->listen,
         "loopback address and port, 0 for a free one (127.0.0.1:0)", "HOST:PORT"},
        {"replay", 0, 0, G_OPTION_ARG_FILENAME, &options->replay,
         "serve recorded objects instead of a company", "DIR"},
        {"quota", 0, 0, G_OPTION_ARG_INT, &options->quota,
         "requests per hour and token (1000), 0 for no limit", "N"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "print the version and end", NULL},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("- a stand-in for Bitbucket Cloud");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return FALSE;
    if (options->version)
        return TRUE;
    if (argc > 1)
        return fail(error, "there are no arguments but options; --help lists them");
    if (options->state == NULL)
        return fail(error, "--state DIR is needed: where ready.json goes");
    if (options->pull_requests < 0 || options->repositories < 0 || options->quota < 0)
        return fail(error, "numbers are not negative");
    if (options->pathologies && (options->size != NULL || options->pull_requests != 0 ||
                                 options->repositories != 0 || options->replay != NULL))
        return fail(error, "--pathologies has one size of its own: leave out --size, "
                           "--pull-requests, --repositories and --replay");
    return TRUE;
}

static void clear_options(Options *options)
{
    g_free(options->size);
    g_free(options->epoch);
    g_free(options->state);
    g_free(options->listen);
    g_free(options->replay);
}

static Company *make_company(const Options *options, GError **error)
{
    const char *size = options->size != NULL ? options->size : "small";
    guint i = 0;
    while (i < G_N_ELEMENTS(sizes) && !g_str_equal(sizes[i].name, size))
        i++;
    if (i == G_N_ELEMENTS(sizes)) {
        fail(error, "--size is small, medium or large");
        return NULL;
    }
    gint64 epoch;
    if (!times_parse(options->epoch != NULL ? options->epoch : DEFAULT_EPOCH, &epoch)) {
        fail(error, "--epoch is a date-time such as " DEFAULT_EPOCH);
        return NULL;
    }
    g_autofree char *git_folder = g_build_filename(options->state, "git", NULL);
    CompanyOptions company = {
        .seed = (guint64) options->seed,
        .pull_requests = options->pathologies         ? 0
                         : options->pull_requests > 0 ? (guint) options->pull_requests
                                                      : sizes[i].pull_requests,
        .pathologies = options->pathologies,
        .repositories = (guint) options->repositories,
        .epoch = epoch,
        .without_git = options->without_git,
        .git_folder = git_folder,
    };
    g_autoptr(GError) refusal = NULL;
    Company *made = company_new(&company, &refusal);
    if (g_error_matches(refusal, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
        fail(error, refusal->message); /* it was asked for by options */
    else if (refusal != NULL)
        g_propagate_error(error, g_steal_pointer(&refusal));
    return made;
}

/* ---- truth ---- */

static _Atomic gboolean truth_is_over;
static _Atomic gboolean ending;

static gpointer write_truth(gpointer data)
{
    Sandbox *sandbox = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(sandbox->state_folder, "truth.json", NULL);
    if (!company_write_truth(sandbox->company, path, &error) && !ending)
        g_printerr("bitbucket-sandbox: truth.json: %s\n", error->message);
    truth_is_over = TRUE;
    return NULL;
}

/* Nobody waits for the truth any more: the histories it still makes are broken off. */
static void stop_truth(GThread *truth)
{
    ending = TRUE;
    while (!truth_is_over) {
        children_kill();
        g_usleep(10000);
    }
    g_thread_join(truth);
}

/* For large companies only when the control address asks for it. */
static GThread *start_truth(Sandbox *sandbox, const Options *options)
{
    gboolean large = g_strcmp0(options->size, "large") == 0 || options->pull_requests > 20000;
    return sandbox->company == NULL || large ? NULL : g_thread_new("truth", write_truth, sandbox);
}

/* ---- life ---- */

static gboolean on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

/* Made before anybody knows that the sandbox is ready, so that none of them can end it uncleanly.
 */
static GMainLoop *watch_signals(void)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    return loop;
}

static void sandbox_init(Sandbox *sandbox, const Options *options)
{
    *sandbox = (Sandbox){.state_folder = options->state, .quota = (guint) options->quota};
    g_mutex_init(&sandbox->lock);
    sandbox->former = g_array_new(FALSE, FALSE, sizeof(FormerAddress));
    sandbox->control_token = sandbox_random_text("", 24);
    sandbox->tokens = tokens_new(sandbox);
    sandbox->faults = faults_new();
    sandbox->counts = counts_new();
    sandbox->hooks = hooks_new();
    sandbox->selections = selections_new();
}

static void sandbox_clear(Sandbox *sandbox)
{
    selections_free(sandbox->selections);
    hooks_free(sandbox->hooks);
    counts_free(sandbox->counts);
    faults_free(sandbox->faults);
    tokens_free(sandbox->tokens);
    for (guint i = 0; i < sandbox->n_places; i++) {
        g_clear_pointer(&sandbox->places[i].updated, g_array_unref);
        g_clear_pointer(&sandbox->places[i].by_hash, g_array_unref);
    }
    g_free(sandbox->places);
    g_array_unref(sandbox->former);
    g_free(sandbox->control_token);
    g_free(sandbox->api);
    g_free(sandbox->web);
    g_free(sandbox->control);
    g_clear_pointer(&sandbox->company, company_free);
    g_clear_pointer(&sandbox->replay, replay_free);
    g_mutex_clear(&sandbox->lock);
}

static gboolean fill(Sandbox *sandbox, const Options *options, GError **error)
{
    if (options->replay != NULL)
        return replay_open(sandbox, options->replay, error);
    sandbox->company = make_company(options, error);
    if (sandbox->company == NULL)
        return FALSE;
    sandbox_place_company(sandbox);
    return TRUE;
}

static gboolean serve(Sandbox *sandbox, const Options *options, GError **error)
{
    const char *address = options->listen != NULL ? options->listen : "127.0.0.1:0";
    HttpServer *server = http_start(sandbox, address, error);
    if (server == NULL)
        return FALSE;
    gboolean good = fill(sandbox, options, error);
    GMainLoop *loop = watch_signals();
    if (good) {
        tokens_make_standard(sandbox->tokens);
        good = sandbox_write_ready(sandbox, error);
    }
    if (good) {
        http_open(server);
        g_print("bitbucket-sandbox: %s\n", sandbox->api);
        GThread *truth = start_truth(sandbox, options);
        g_main_loop_run(loop);
        if (truth != NULL)
            stop_truth(truth);
    }
    http_stop(server);
    g_main_loop_unref(loop);
    return good;
}

int main(int argc, char **argv)
{
    Options options = {.seed = 1, .quota = 1000};
    g_autoptr(GError) error = NULL;
    signal(SIGPIPE, SIG_IGN);
    gboolean good = parse_options(argc, argv, &options, &error);
    if (good && options.version) {
        g_print("bitbucket-sandbox %s\n", PLUMBLINE_VERSION);
    } else if (good) {
        if (g_mkdir_with_parents(options.state, 0700) != 0) {
            g_printerr("bitbucket-sandbox: %s: %s\n", options.state, g_strerror(errno));
            return 1;
        }
        Sandbox sandbox;
        sandbox_init(&sandbox, &options);
        good = serve(&sandbox, &options, &error);
        sandbox_clear(&sandbox);
    }
    if (!good)
        g_printerr("bitbucket-sandbox: %s\n", error->message);
    clear_options(&options);
    return good ? 0 : error->domain == G_OPTION_ERROR ? 2 : 1;
}
