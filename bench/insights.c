/*
 * Evaluating every rule over 100,000 pull requests of two years, one in fifty of them open: the
 * first update, which finds everything; a full one after it, which refreshes everything; and one
 * after a single pull request changed. Facts are computed before the clock starts. Fails when the
 * full evaluation takes 5 s of processor time or more.
 *
 * usage: insights [PULL-REQUESTS]
 */
#include "insight/insight.h"

#include <glib/gstdio.h>
#include <time.h>

#define NOW          (G_GINT64_CONSTANT(1794816000) * TIME_SECOND) /* 2026-11-16 */
#define SPAN         (730 * TIME_DAY)
#define REPOSITORIES 20
#define PEOPLE       60
#define BATCH        1000
#define LIMIT        5.0

typedef struct {
    Store *store;
    gint64 workspace_id, repositories[REPOSITORIES];
    char names[PEOPLE][16], uuids[REPOSITORIES][16];
    GRand *rand;
    gint64 comments;
} World;

static Person person(World *world, guint i)
{
    return (Person){.uuid = world->names[i % PEOPLE],
                    .display_name = world->names[i % PEOPLE],
                    .nickname = world->names[i % PEOPLE],
                    .kind = PERSON_USER};
}

static gboolean put_basics(World *world, GError **error)
{
    const Workspace workspace = {"{w}", "acme", "Acme"};
    g_autoptr(StoreTx) tx = store_begin(world->store, error);
    if (tx == NULL || !store_put_workspace(tx, &workspace, &world->workspace_id, error))
        return FALSE;
    for (guint i = 0; i < PEOPLE; i++)
        g_snprintf(world->names[i], sizeof world->names[i], "person-%u", i);
    for (guint i = 0; i < REPOSITORIES; i++) {
        StoreChanges changes = {0};
        g_snprintf(world->uuids[i], sizeof world->uuids[i], "{r%u}", i);
        const Repository repository = {.uuid = world->uuids[i],
                                       .workspace = workspace,
                                       .slug = world->uuids[i],
                                       .full_name = world->uuids[i],
                                       .name = world->uuids[i],
                                       .main_branch = "main",
                                       .created = NOW - SPAN,
                                       .updated = NOW};
        world->repositories[i] = model_id(ID_REPOSITORY, world->workspace_id, world->uuids[i]);
        if (!store_put_repositories(tx, world->workspace_id, 0, &repository, 1, &changes, error) ||
            !store_select_repository(tx, world->workspace_id, world->repositories[i], TRUE, error))
            return FALSE;
    }
    return store_commit(g_steal_pointer(&tx), error);
}

static void add_event(World *world, GArray *events, gint64 number, PrEventKind kind, UtcTime at,
                      guint actor, const char *hash)
{
    gboolean is_comment = kind == PR_EVENT_COMMENTED;
    const PrEvent event = {.number = number,
                           .kind = kind,
                           .at = at,
                           .actor = person(world, actor),
                           .source_hash = hash,
                           .comment_id = is_comment ? ++world->comments : COUNT_ABSENT,
                           .parent_comment_id = COUNT_ABSENT,
                           .inline_path = is_comment ? "src/a.c" : NULL,
                           .inline_line = COUNT_ABSENT,
                           .comment_length = is_comment ? 40 : COUNT_ABSENT,
                           .resolved = TIME_ABSENT};
    g_array_append_val(events, event);
}

/* Opened, talked over in two rounds, approved, merged; or anywhere before that, and open. */
static void add_pull(World *world, gint64 number, gboolean is_open, UtcTime created, GArray *pulls,
                     GArray *events)
{
    guint author = (guint) g_rand_int_range(world->rand, 0, PEOPLE);
    UtcTime at = created, step = g_rand_int_range(world->rand, 1, 20) * TIME_HOUR;
    gint steps = is_open ? g_rand_int_range(world->rand, 0, 8) : 8;
    add_event(world, events, number, PR_EVENT_UPDATED, at, author, "aaaaaaaaaaaa");
    for (gint i = 0; i < steps; i++) {
        at += step;
        if (i % 3 == 2)
            add_event(world, events, number, PR_EVENT_UPDATED, at, author,
                      i == 2 ? "bbbbbbbbbbbb" : "cccccccccccc");
        else
            add_event(world, events, number, PR_EVENT_COMMENTED, at, author + 1 + (guint) (i % 2),
                      NULL);
    }
    if (steps == 8) {
        add_event(world, events, number, PR_EVENT_APPROVED, at + step, author + 1, NULL);
        add_event(world, events, number, PR_EVENT_MERGED, at + 2 * step, author, NULL);
    }
    const PullRequest pull = {.number = number,
                              .title = "Round the invoices",
                              .state = is_open ? PR_OPEN : PR_MERGED,
                              .author = person(world, author),
                              .closed_by = is_open ? (Person){0} : person(world, author),
                              .created = created,
                              .updated = is_open ? at : at + 2 * step,
                              .source_branch = "feature",
                              .source_hash = "cccccccccccc",
                              .destination_branch = "main",
                              .html_url = "https://example.test/pull-requests/1",
                              .comment_count = COUNT_ABSENT,
                              .task_count = COUNT_ABSENT};
    g_array_append_val(pulls, pull);
}

static gboolean put_pulls(World *world, gsize n, GError **error)
{
    const FileChange file = {"src/a.c", NULL, 60, 20};
    g_autoptr(GArray) pulls = g_array_new(FALSE, FALSE, sizeof(PullRequest));
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(PrEvent));
    gsize per_repository = n / REPOSITORIES;
    for (guint r = 0; r < REPOSITORIES; r++)
        for (gsize from = 0; from < per_repository; from += BATCH) {
            StoreChanges changes = {0};
            gint64 repository = world->repositories[r], workspace = world->workspace_id;
            g_array_set_size(pulls, 0);
            g_array_set_size(events, 0);
            for (gsize i = from; i < MIN(from + BATCH, per_repository); i++) {
                UtcTime created =
                    NOW - SPAN + (UtcTime) ((double) SPAN * (double) i / (double) per_repository);
                add_pull(world, (gint64) i + 1,
                         g_rand_int_range(world->rand, 0, 50) == 0 || NOW - created < 10 * TIME_DAY,
                         created, pulls, events);
            }
            g_autoptr(StoreTx) tx = store_begin(world->store, error);
            if (tx == NULL ||
                !store_put_pull_requests(tx, workspace, repository, (PullRequest *) pulls->data,
                                         pulls->len, &changes, error) ||
                !store_put_events(tx, workspace, repository, (PrEvent *) events->data, events->len,
                                  &changes, error))
                return FALSE;
            for (guint i = 0; i < pulls->len; i++)
                if (!store_put_pr_files(tx, workspace, repository,
                                        g_array_index(pulls, PullRequest, i).number, "git", &file,
                                        1, &changes, error))
                    return FALSE;
            if (!store_commit(g_steal_pointer(&tx), error))
                return FALSE;
        }
    return TRUE;
}

static double processor_seconds(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double) spent.tv_sec + (double) spent.tv_nsec / 1e9;
}

static gboolean update(World *world, const char *what, UtcTime now, gboolean full,
                       double *ret_seconds, GError **error)
{
    g_auto(InsightSummary) summary = {0};
    double before = processor_seconds();
    if (!insight_update(world->store, world->workspace_id, now, full, &summary, error))
        return FALSE;
    *ret_seconds = processor_seconds() - before;
    printf("%-28s %6.2f s  %7" G_GINT64_FORMAT " looked at, %6" G_GINT64_FORMAT
           " found, %6" G_GINT64_FORMAT " hold\n",
           what, *ret_seconds, summary.looked_at, summary.found, summary.holding);
    return TRUE;
}

static gboolean touch_one(World *world, GError **error)
{
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(PrEvent));
    StoreChanges changes = {0};
    add_event(world, events, 1, PR_EVENT_COMMENTED, NOW, 3, NULL);
    g_autoptr(StoreTx) tx = store_begin(world->store, error);
    return tx != NULL &&
           store_put_events(tx, world->workspace_id, world->repositories[0],
                            (PrEvent *) events->data, 1, &changes, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static gboolean run(World *world, gsize n, double *ret_full, GError **error)
{
    double seconds;
    return put_basics(world, error) && put_pulls(world, n, error) &&
           measure_refresh(world->store, world->workspace_id, NULL, error) &&
           update(world, "first", NOW, TRUE, &seconds, error) &&
           update(world, "full", NOW + TIME_HOUR, TRUE, ret_full, error) &&
           touch_one(world, error) &&
           update(world, "one pull request changed", NOW + 2 * TIME_HOUR, FALSE, &seconds, error);
}

int main(int argc, char **argv)
{
    gsize n = argc > 1 ? (gsize) g_ascii_strtoull(argv[1], NULL, 10) : 100000;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("insights-XXXXXX", &error);
    if (folder == NULL || n < REPOSITORIES) {
        fprintf(stderr, "insights: %s\n", error != NULL ? error->message : "too few");
        return 1;
    }
    g_autofree char *path = g_build_filename(folder, "bench.db", NULL);
    double full = 0;
    World world = {.rand = g_rand_new_with_seed(7), .store = store_open(path, NULL, &error)};
    gboolean ok = world.store != NULL && run(&world, n, &full, &error);
    store_free(world.store);
    g_rand_free(world.rand);
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    for (const char *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
        g_autofree char *entry = g_build_filename(folder, name, NULL);
        g_remove(entry);
    }
    g_rmdir(folder);
    if (!ok) {
        fprintf(stderr, "insights: %s\n", error->message);
        return 1;
    }
    return n <= 100000 && full >= LIMIT;
}
