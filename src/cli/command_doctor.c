/*
 * doctor: one sentence for each thing that has to be in order, with the way out where it is not.
 */
#include <gio/gio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/work.h"

static struct {
    gboolean offline;
} options;

const GOptionEntry COMMAND_DOCTOR_OPTIONS[] = {
    {"offline", 0, 0, G_OPTION_ARG_NONE, &options.offline, "Do not ask Bitbucket", NULL}, {NULL}};

#define SKEW_TOLERATED (2 * TIME_MINUTE)

typedef enum { FINDING_GOOD, FINDING_REMARK, FINDING_BAD } Finding;

typedef struct {
    const CliGlobals *globals;
    DataFolder folder;
    Store *store;
    gboolean unicode;
    guint bad;
    PlumblineErrorCode first_code; /* of the first bad finding */
} Doctor;

static void find(Doctor *doctor, Finding finding, PlumblineErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static void find(Doctor *doctor, Finding finding, PlumblineErrorCode code, const char *format, ...)
{
    static const char *const SIGNS[] = {"✓", "!", "✗"}, *const WORDS[] = {"ok ", "note", "BAD"};
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *safe = log_printable(text);
    printf("%-4s %s\n", (doctor->unicode ? SIGNS : WORDS)[finding], safe);
    if (finding == FINDING_BAD && doctor->bad++ == 0)
        doctor->first_code = code;
}

#define GOOD(doctor, ...)      find(doctor, FINDING_GOOD, PLUMBLINE_ERROR_INTERNAL, __VA_ARGS__)
#define REMARK(doctor, ...)    find(doctor, FINDING_REMARK, PLUMBLINE_ERROR_INTERNAL, __VA_ARGS__)
#define BAD(doctor, code, ...) find(doctor, FINDING_BAD, code, __VA_ARGS__)

/* ---- this machine */

static void look_at_git(Doctor *doctor)
{
    const char *const command[] = {"git", "--version", NULL};
    /* Nothing else: ours may hold the master key or a token. */
    g_autofree char *search = g_strconcat("PATH=", g_getenv("PATH"), NULL);
    const char *const environment[] = {search, NULL};
    g_autofree char *output = NULL;
    int status;
    if (!g_spawn_sync(NULL, (char **) command, (char **) environment,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL,
                      &status, NULL) ||
        !g_spawn_check_wait_status(status, NULL)) {
        BAD(doctor, PLUMBLINE_ERROR_GIT,
            "git is not installed or does not run; install it, or sync with --no-git, which costs "
            "more requests");
        return;
    }
    guint64 major = 0, minor = 0;
    const char *number = output + strcspn(output, "0123456789");
    char *rest = NULL;
    major = g_ascii_strtoull(number, &rest, 10);
    if (*rest == '.')
        minor = g_ascii_strtoull(rest + 1, NULL, 10);
    g_strchomp(output);
    if (major < 2 || (major == 2 && minor < 30))
        REMARK(doctor, "%s is old; Plumbline is tested with 2.30 and later", output);
    else
        GOOD(doctor, "%s", output);
}

static void look_at_mode(Doctor *doctor, const char *what, const char *path, mode_t wanted)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        REMARK(doctor, "%s %s is not there yet; it is made when it is needed", what, path);
        return;
    }
    if ((status.st_mode & 077) != 0)
        BAD(doctor, PLUMBLINE_ERROR_IO, "%s %s can be read by others; 'chmod %o %s' mends it", what,
            path, (unsigned) wanted, path);
    else if (status.st_uid != geteuid())
        REMARK(doctor, "%s %s belongs to another user", what, path);
    else
        GOOD(doctor, "%s %s is private", what, path);
}

static void look_at_key(Doctor *doctor)
{
    g_autofree char *elsewhere = store_describe_key_elsewhere(doctor->folder.key);
    if (elsewhere != NULL)
        GOOD(doctor, "the master key is taken from %s", elsewhere);
    else
        look_at_mode(doctor, "the master key", doctor->folder.key, 0600);
}

static void look_at_store(Doctor *doctor)
{
    g_autoptr(GError) failure = NULL;
    if (!g_file_test(doctor->folder.database, G_FILE_TEST_EXISTS)) {
        REMARK(doctor, "there is no data file yet; 'plumbline connect' makes it");
        return;
    }
    doctor->store = data_folder_store(&doctor->folder, &failure);
    if (doctor->store == NULL) {
        BAD(doctor, (PlumblineErrorCode) failure->code, "the data file: %s", failure->message);
        return;
    }
    GOOD(doctor, "the data file opens and its schema is that of plumbline %s", PLUMBLINE_VERSION);
}

/* What is in them is git's room's to judge: a damaged one is recognised there and fetched anew. */
static void look_at_mirrors(Doctor *doctor)
{
    g_autoptr(GDir) folder = g_dir_open(doctor->folder.mirrors, 0, NULL);
    guint mirrors = 0;
    while (folder != NULL && g_dir_read_name(folder) != NULL)
        mirrors++;
    GOOD(doctor, "%u git %s in %s (a cache; it may be deleted)", mirrors,
         mirrors == 1 ? "mirror" : "mirrors", doctor->folder.mirrors);
}

/* ---- connections */

static void look_at_expiry(Doctor *doctor, const StoreConnection *connection, UtcTime now)
{
    if (connection->expires == TIME_ABSENT) {
        REMARK(doctor,
               "%s: no expiry date is known; connect again with --expires to be warned in time",
               connection->name);
        return;
    }
    gint64 days = (connection->expires - now) / TIME_DAY;
    if (connection->expires <= now)
        BAD(doctor, PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
            "%s: the credential has expired; make a new one and connect again", connection->name);
    else if (connection->expires - now <= CREDENTIAL_WARNING)
        REMARK(doctor,
               "%s: the credential expires in %" G_GINT64_FORMAT
               " %s; make its successor in Bitbucket and connect again with it",
               connection->name, days, days == 1 ? "day" : "days");
    else
        GOOD(doctor, "%s: the credential expires in %" G_GINT64_FORMAT " days", connection->name,
             days);
}

static void look_at_budget(Doctor *doctor, const StoreConnection *connection)
{
    StoreBudget budget = {0};
    gboolean found = FALSE;
    if (!store_get_budget(doctor->store, connection->workspace_id, connection->connection_id,
                          &budget, &found, NULL) ||
        !found || budget.capacity <= 0)
        return;
    double now = budget.available + (double) budget.capacity *
                                        (double) (time_now() - budget.as_of) / (double) TIME_HOUR;
    GOOD(doctor,
         "%s: about %.0f of %" G_GINT64_FORMAT " requests an hour are free; %" G_GINT64_FORMAT
         " were sent so far",
         connection->name, CLAMP(now, 0, (double) budget.capacity), budget.capacity, budget.spent);
}

static void look_at_clock(Doctor *doctor, const StoreConnection *connection, UtcTime server)
{
    char skew[TIME_TEXT_SIZE];
    if (server == TIME_ABSENT)
        return;
    Duration ahead = time_now() - server;
    if (ABS(ahead) > SKEW_TOLERATED)
        REMARK(doctor,
               "%s: this machine's clock is %s %s Bitbucket's; figures follow Bitbucket's clock",
               connection->name, duration_format(ABS(ahead), skew),
               ahead > 0 ? "ahead of" : "behind");
    else
        GOOD(doctor, "%s: this machine's clock agrees with Bitbucket's", connection->name);
}

static void cancel_client(gpointer client)
{
    bitbucket_client_cancel(client);
}

/* Asks Bitbucket; *@ret_server receives its clock. */
static gboolean ask_bitbucket(Doctor *doctor, const StoreConnection *connection,
                              CredentialCheck **ret_check, UtcTime *ret_server, GError **error)
{
    BitbucketClientConfig config = {.api_base = connection->api_base,
                                    .budget = {.as_of = TIME_ABSENT, .paused_until = TIME_ABSENT},
                                    .retries = 1,
                                    .max_rate_limit_wait_s = 1};
    BitbucketTraffic traffic = {.server_time = TIME_ABSENT};
    Buffer secret;
    if (!credential_kind_from_name(connection->kind, &config.credential.kind)) {
        cli_fail(error, PLUMBLINE_ERROR_STORE, "its kind '%s' is not known", connection->kind);
        return FALSE;
    }
    buffer_init(&secret, LIMIT_SECRET);
    if (!store_open_secret(doctor->store, connection->workspace_id, connection->connection_id,
                           &secret, error))
        return FALSE;
    config.credential.account = connection->account;
    config.credential.secret = (const char *) secret.data;
    log_add_secret((const char *) secret.data);
    g_autoptr(BitbucketClient) client = bitbucket_client_new(&config, error);
    buffer_wipe(&secret);
    if (client == NULL)
        return FALSE;
    interrupt_set_cancel(cancel_client, client);
    gboolean asked =
        bitbucket_check_credential(client, connection->workspace_slug,
                                   connection->repository_full_name, TIME_ABSENT, ret_check, error);
    interrupt_set_cancel(NULL, NULL);
    bitbucket_client_traffic(client, &traffic);
    *ret_server = traffic.server_time;
    return asked;
}

static void look_at_connection(Doctor *doctor, const StoreConnection *connection)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(CredentialCheck) check = NULL;
    UtcTime server = TIME_ABSENT;
    if (options.offline) {
        REMARK(doctor, "%s: not asked (--offline); when last seen: %s", connection->name,
               connection->state);
        look_at_expiry(doctor, connection, work_server_time(connection));
        look_at_budget(doctor, connection);
        return;
    }
    if (!ask_bitbucket(doctor, connection, &check, &server, &failure)) {
        BAD(doctor, (PlumblineErrorCode) failure->code, "%s: %s", connection->name,
            failure->message);
        return;
    }
    for (guint i = 0; i < check->sentences->len; i++) {
        const char *sentence = check->sentences->pdata[i];
        g_autofree char *safe = log_printable(sentence);
        if (i > 0)
            printf("     %s\n", safe);
        else if (check->works)
            GOOD(doctor, "%s: %s", connection->name, sentence);
        else
            BAD(doctor, check->code, "%s: %s", connection->name, sentence);
    }
    look_at_expiry(doctor, connection, server == TIME_ABSENT ? time_now() : server);
    look_at_budget(doctor, connection);
    look_at_clock(doctor, connection, server);
}

static void look_at_problems(Doctor *doctor, gint64 workspace_id)
{
    g_autoptr(GPtrArray) problems = store_list_problems(doctor->store, workspace_id, NULL);
    g_autoptr(GPtrArray) quarantined = store_list_quarantined(doctor->store, workspace_id, NULL);
    for (guint i = 0; problems != NULL && i < problems->len; i++) {
        const StoreProblem *problem = problems->pdata[i];
        if (problem->is_note) {
            REMARK(doctor, "%s", problem->sentence);
            continue;
        }
        REMARK(doctor, "the last sync of %s, %s: %s (%" G_GINT64_FORMAT " times)",
               problem->repository == NULL ? "the workspace" : problem->repository, problem->stage,
               problem->sentence, problem->times);
    }
    for (guint i = 0; quarantined != NULL && i < quarantined->len && i < 10; i++) {
        const StoreQuarantined *record = quarantined->pdata[i];
        REMARK(doctor, "set aside: %s %s of %s: %s", record->kind, record->key,
               record->repository == NULL ? "the workspace" : record->repository, record->reason);
    }
    if (quarantined != NULL && quarantined->len > 10)
        REMARK(doctor, "and %u more records set aside", quarantined->len - 10);
}

static void look_at_connections(Doctor *doctor)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) connections = store_list_connections(doctor->store, &failure);
    gint64 last = 0;
    if (connections == NULL) {
        BAD(doctor, (PlumblineErrorCode) failure->code, "%s", failure->message);
        return;
    }
    if (connections->len == 0)
        REMARK(doctor, "nothing is connected yet; 'plumbline connect' does it");
    for (guint i = 0; i < connections->len && !interrupt_seen(); i++) {
        const StoreConnection *connection = connections->pdata[i];
        look_at_connection(doctor, connection);
        if (connection->workspace_id != last)
            look_at_problems(doctor, connection->workspace_id);
        last = connection->workspace_id;
    }
}

int command_doctor(const CliGlobals *globals, char **arguments, GError **error)
{
    Doctor doctor = {.globals = globals, .unicode = terminal_has_unicode()};
    data_folder_locate(globals, &doctor.folder);
    GOOD(&doctor, "plumbline %s", PLUMBLINE_VERSION);
    look_at_git(&doctor);
    look_at_mode(&doctor, "the data folder", doctor.folder.path, 0700);
    look_at_key(&doctor);
    look_at_store(&doctor);
    if (doctor.store != NULL)
        look_at_connections(&doctor);
    look_at_mirrors(&doctor);
    store_free(doctor.store);
    data_folder_clear(&doctor.folder);
    if (interrupt_seen())
        return cli_fail(error, PLUMBLINE_ERROR_CANCELLED, "interrupted");
    if (doctor.bad == 0)
        return 0;
    return cli_fail(error, doctor.first_code, "%u %s mending", doctor.bad,
                    doctor.bad == 1 ? "thing needs" : "things need");
}
