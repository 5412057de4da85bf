#include "synthetic.h"

#define BATCH       5000
#define MAX_REVIEWS 4

typedef struct {
    Store *store;
    const SyntheticOptions *options;
    gint64 workspace_id;
    GRand *chance;
    StoreTx *tx;
    gsize written; /* in this transaction */
} Maker;

static gint64 id_of(IdKind kind, gint64 workspace_id, char letter, guint index)
{
    g_autofree char *key = g_strdup_printf("{%c%u}", letter, index);
    return model_id(kind, workspace_id, key);
}

gint64 synthetic_person(gint64 workspace_id, guint index)
{
    return id_of(ID_PERSON, workspace_id, 'p', index);
}

gint64 synthetic_repository(gint64 workspace_id, guint index)
{
    return id_of(ID_REPOSITORY, workspace_id, 'r', index);
}

static gboolean one_in(Maker *maker, guint n)
{
    return g_rand_int_range(maker->chance, 0, (gint32) n) == 0;
}

/* Mostly hours, sometimes weeks: the square of the square of a uniform number. */
static Duration some_time(Maker *maker, Duration most)
{
    double u = g_rand_double(maker->chance);
    return (Duration) (u * u * u * u * (double) most);
}

static gint64 some_count(Maker *maker, gint32 most)
{
    double u = g_rand_double(maker->chance);
    return (gint64) (u * u * u * most);
}

static gboolean turn_page(Maker *maker, gsize rows, GError **error)
{
    maker->written += rows;
    if (maker->written < BATCH)
        return TRUE;
    maker->written = 0;
    return store_commit(g_steal_pointer(&maker->tx), error) &&
           (maker->tx = store_begin(maker->store, error)) != NULL;
}

/* ---- places and people */

static gboolean put_repositories(Maker *maker, GError **error)
{
    static const Project PROJECTS[] = {
        {"{a}", "PAY", "Payments"}, {"{b}", "OPS", "Operations"}, {0}};
    StoreChanges changes = {0};
    for (guint i = 0; i < maker->options->repositories; i++) {
        g_autofree char *uuid = g_strdup_printf("{r%u}", i);
        g_autofree char *slug = g_strdup_printf("service-%u", i);
        g_autofree char *full_name = g_strdup_printf("acme/%s", slug);
        Repository repository = {.uuid = uuid,
                                 .slug = slug,
                                 .full_name = full_name,
                                 .name = slug,
                                 .project = PROJECTS[i % G_N_ELEMENTS(PROJECTS)],
                                 .main_branch = "main",
                                 .size_bytes = COUNT_ABSENT,
                                 .created = maker->options->from,
                                 .updated = maker->options->from};
        if (!store_put_repositories(maker->tx, maker->workspace_id, 1, &repository, 1, &changes,
                                    error))
            return FALSE;
    }
    return TRUE;
}

/* A person comes to be by being seen; each opens one pull request that has no facts. */
static gboolean put_people(Maker *maker, GError **error)
{
    StoreChanges changes = {0};
    for (guint i = 0; i < maker->options->people; i++) {
        g_autofree char *uuid = g_strdup_printf("{p%u}", i);
        g_autofree char *name = g_strdup_printf("Person %u", i);
        PullRequest seen = {.number = G_MAXINT32 + (gint64) i,
                            .title = "",
                            .state = PR_OPEN,
                            .author = {.uuid = uuid, .display_name = name, .kind = PERSON_USER},
                            .created = maker->options->from,
                            .updated = maker->options->from,
                            .comment_count = COUNT_ABSENT,
                            .task_count = COUNT_ABSENT};
        if (!store_put_pull_requests(maker->tx, maker->workspace_id,
                                     synthetic_repository(maker->workspace_id, 0), &seen, 1,
                                     &changes, error) ||
            !store_mark_person(maker->tx, maker->workspace_id,
                               synthetic_person(maker->workspace_id, i), i % 10 == 9,
                               "by hand: made up", i == 3, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- facts */

static gint64 some_person(Maker *maker)
{
    double u = g_rand_double(maker->chance); /* few do much */
    return synthetic_person(maker->workspace_id, (guint) (u * u * maker->options->people));
}

static void make_instants(Maker *maker, FactPr *fact)
{
    Duration span = maker->options->until - maker->options->from;
    fact->opened = maker->options->from + (Duration) (g_rand_double(maker->chance) * (double) span);
    fact->first_commit = fact->opened - some_time(maker, 10 * TIME_DAY);
    fact->ready = fact->opened + (one_in(maker, 5) ? some_time(maker, 3 * TIME_DAY) : 0);
    fact->first_review = fact->ready + some_time(maker, 5 * TIME_DAY);
    fact->first_bot_review =
        one_in(maker, 3) ? fact->ready + some_time(maker, TIME_HOUR) : TIME_ABSENT;
    fact->approved = fact->first_review + some_time(maker, 10 * TIME_DAY) - TIME_MINUTE;
    UtcTime closed = MAX(fact->approved, fact->ready) + some_time(maker, 4 * TIME_DAY);
    fact->merged = fact->declined = TIME_ABSENT;
    *(fact->state == PR_MERGED ? &fact->merged : &fact->declined) = closed;
    if (fact->state == PR_OPEN)
        fact->declined = TIME_ABSENT;
    if (one_in(maker, 30))
        fact->first_commit = TIME_ABSENT;
    if (one_in(maker, 12))
        fact->first_review = TIME_ABSENT;
    if (one_in(maker, 8))
        fact->approved = TIME_ABSENT;
    if (fact->is_draft)
        fact->ready = fact->first_review = TIME_ABSENT;
    fact->last_activity = closed;
}

static void make_working_times(Maker *maker, FactPr *fact)
{
    Duration *const fields[] = {&fact->coding_working, &fact->pickup_working,
                                &fact->review_working, &fact->merge_working,
                                &fact->cycle_working,  &fact->time_to_merge_working};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        *fields[i] = one_in(maker, 10) ? DURATION_ABSENT : some_time(maker, 40 * TIME_HOUR);
}

static void make_counts(Maker *maker, FactPr *fact)
{
    gboolean is_known = !one_in(maker, 15);
    fact->lines_added = is_known ? some_count(maker, 1500) : COUNT_ABSENT;
    fact->lines_removed = is_known ? some_count(maker, 600) : COUNT_ABSENT;
    fact->files_changed = is_known ? some_count(maker, 40) : COUNT_ABSENT;
    fact->generated_lines = is_known ? some_count(maker, 5000) : COUNT_ABSENT;
    fact->commits = one_in(maker, 20) ? COUNT_ABSENT : 1 + some_count(maker, 20);
    fact->rounds = some_count(maker, 6);
    fact->pushes = fact->rounds + some_count(maker, 4);
    fact->review_comments = some_count(maker, 30);
    fact->author_comments = some_count(maker, 10);
    fact->bot_comments = some_count(maker, 5);
    fact->reviewers = some_count(maker, 4);
    fact->approvals = some_count(maker, 3);
    fact->is_unreviewed = fact->state == PR_MERGED && one_in(maker, 9);
    fact->is_self_merged = fact->is_unreviewed && one_in(maker, 2);
    fact->is_late_change = fact->state == PR_MERGED && one_in(maker, 6);
}

static FactPr make_fact(Maker *maker, gsize i)
{
    static const PullRequestState STATES[] = {PR_MERGED, PR_MERGED,    PR_MERGED, PR_MERGED,
                                              PR_MERGED, PR_MERGED,    PR_MERGED, PR_DECLINED,
                                              PR_OPEN,   PR_SUPERSEDED};
    static const char *const BRANCHES[] = {"main", "main", "main", "develop", "release/1.0", NULL};
    guint repositories = maker->options->repositories;
    FactPr fact = {
        .repository_id = synthetic_repository(maker->workspace_id, (guint) (i % repositories)),
        .number = (gint64) (i / repositories) + 1,
        .definition = 1,
        .state = STATES[g_rand_int_range(maker->chance, 0, G_N_ELEMENTS(STATES))],
        .author_id = some_person(maker),
        .destination_branch = BRANCHES[g_rand_int_range(maker->chance, 0, G_N_ELEMENTS(BRANCHES))],
        .released = TIME_ABSENT,
        .waiting_since = TIME_ABSENT,
    };
    fact.is_draft = fact.state == PR_OPEN && one_in(maker, 4);
    make_instants(maker, &fact);
    if (fact.merged != TIME_ABSENT && !one_in(maker, 4))
        fact.released = fact.merged + some_time(maker, 10 * TIME_DAY) - TIME_MINUTE;
    make_working_times(maker, &fact);
    make_counts(maker, &fact);
    return fact;
}

static gsize make_reviews(Maker *maker, const FactPr *fact, FactReview reviews[MAX_REVIEWS])
{
    gsize n = (gsize) g_rand_int_range(maker->chance, 0, MAX_REVIEWS + 1), made = 0;
    for (gsize i = 0; i < n; i++) {
        gint64 reviewer = some_person(maker);
        gboolean is_known = reviewer == fact->author_id;
        for (gsize other = 0; other < made; other++)
            is_known = is_known || reviews[other].reviewer_id == reviewer;
        if (is_known)
            continue;
        UtcTime asked = fact->opened + some_time(maker, TIME_DAY);
        reviews[made++] = (FactReview){
            .repository_id = fact->repository_id,
            .number = fact->number,
            .reviewer_id = reviewer,
            .is_reviewer = !one_in(maker, 4),
            .asked = one_in(maker, 5) ? TIME_ABSENT : asked,
            .responded = one_in(maker, 5) ? TIME_ABSENT : asked + some_time(maker, 4 * TIME_DAY),
            .turnaround_working =
                one_in(maker, 6) ? DURATION_ABSENT : some_time(maker, 20 * TIME_HOUR),
            .comments = some_count(maker, 8),
            .approvals = one_in(maker, 2),
            .change_requests = one_in(maker, 6),
        };
    }
    return made;
}

static gboolean put_facts(Maker *maker, GError **error)
{
    for (gsize i = 0; i < maker->options->pull_requests; i++) {
        FactReview reviews[MAX_REVIEWS];
        FactPr fact = make_fact(maker, i);
        gsize n = make_reviews(maker, &fact, reviews);
        if (!store_put_facts(maker->tx, maker->workspace_id, &fact, reviews, n, 0, error) ||
            !turn_page(maker, 1, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- deployments */

#define DEPLOYMENTS 150 /* of each repository but the first, which has none */

static FactDeployment make_deployment(Maker *maker, gint64 repository_id, const char *key)
{
    static const struct {
        const char *name;
        EnvironmentKind kind;
    } ENVIRONMENTS[] = {{"production", ENVIRONMENT_PRODUCTION},
                        {"live", ENVIRONMENT_PRODUCTION},
                        {"staging", ENVIRONMENT_STAGING},
                        {NULL, ENVIRONMENT_UNKNOWN},
                        {"test", ENVIRONMENT_TEST},
                        {NULL, ENVIRONMENT_PRODUCTION}};
    static const char *const SOURCES[] = {"deployment", "deployment", "pipeline", "merge"};
    guint place = (guint) g_rand_int_range(maker->chance, 0, G_N_ELEMENTS(ENVIRONMENTS));
    Duration span = maker->options->until - maker->options->from;
    FactDeployment fact = {
        .repository_id = repository_id,
        .key = key,
        .source = SOURCES[g_rand_int_range(maker->chance, 0, G_N_ELEMENTS(SOURCES))],
        .environment = ENVIRONMENTS[place].name,
        .environment_kind = ENVIRONMENTS[place].kind,
        .completed =
            maker->options->from + (Duration) (g_rand_double(maker->chance) * (double) span),
        .restored = TIME_ABSENT,
        .is_successful = !one_in(maker, 5),
    };
    fact.is_rollback = fact.is_successful && one_in(maker, 12);
    fact.is_failure = !fact.is_successful || one_in(maker, 12);
    if (fact.is_failure && !one_in(maker, 3))
        fact.restored = fact.completed + some_time(maker, 3 * TIME_DAY);
    return fact;
}

static gboolean put_deployments(Maker *maker, GError **error)
{
    for (guint i = 1; i < maker->options->repositories; i++) {
        FactDeployment facts[DEPLOYMENTS];
        g_autoptr(GStringChunk) keys = g_string_chunk_new(4096);
        StoreDeliveryTask task = {synthetic_repository(maker->workspace_id, i), 0};
        for (guint k = 0; k < DEPLOYMENTS; k++) {
            g_autofree char *key = g_strdup_printf("{%u}", k);
            facts[k] = make_deployment(maker, task.repository_id, g_string_chunk_insert(keys, key));
        }
        if (!store_put_delivery(maker->tx, maker->workspace_id, &task, facts, DEPLOYMENTS, NULL, 0,
                                error) ||
            !turn_page(maker, DEPLOYMENTS, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- commits */

static gboolean put_commits(Maker *maker, GError **error)
{
    static const char *const PARENTS[] = {"aa", "bb"};
    StoreChanges changes = {0};
    Duration span = maker->options->until - maker->options->from;
    for (gsize i = 0; i < maker->options->commits; i++) {
        guint who = (guint) g_rand_int_range(maker->chance, 0, (gint32) maker->options->people);
        g_autofree char *hash = g_strdup_printf("%040zx", i + 1);
        g_autofree char *email = g_strdup_printf("p%u@example.test", who);
        FileChange files[3];
        gsize n_files = (gsize) g_rand_int_range(maker->chance, 0, 4);
        for (gsize file = 0; file < n_files; file++)
            files[file] = (FileChange){.path = file == 0   ? "a.c"
                                               : file == 1 ? "b.c"
                                                           : "c.c",
                                       .lines_added = some_count(maker, 300),
                                       .lines_removed = some_count(maker, 100)};
        Commit commit = {
            .hash = hash,
            .author_name = email,
            .author_email = email,
            .authored =
                maker->options->from + (Duration) (g_rand_double(maker->chance) * (double) span),
            .committed = TIME_ABSENT,
            .subject = "",
            .parents = PARENTS,
            .n_parents = one_in(maker, 6) ? 2 : 1,
            .files = files,
            .n_files = n_files,
            .from_api = one_in(maker, 10),
        };
        if (!store_put_commits(maker->tx, maker->workspace_id,
                               synthetic_repository(maker->workspace_id,
                                                    (guint) (i % maker->options->repositories)),
                               &commit, 1, &changes, error) ||
            !turn_page(maker, 1, error))
            return FALSE;
    }
    return TRUE;
}

/* Every commit is a step of its repository's main branch. */
static gboolean put_changes(Maker *maker, GError **error)
{
    StoreChanges changes = {0};
    Duration step =
        (maker->options->until - maker->options->from) / (Duration) (maker->options->commits + 1);
    for (gsize i = 0; i < maker->options->commits; i++) {
        g_autofree char *hash = g_strdup_printf("%040zx", i + 1);
        gint64 lines = some_count(maker, 400);
        const MainChange change = {
            .hash = hash,
            .position = (gint64) (i / maker->options->repositories),
            .landed = maker->options->from + (Duration) i * step,
            .files = 1,
            .lines_changed = lines,
            .lines_young = one_in(maker, 9) ? COUNT_ABSENT : lines / (1 + some_count(maker, 30)),
        };
        if (!store_put_main_changes(
                maker->tx, maker->workspace_id,
                synthetic_repository(maker->workspace_id,
                                     (guint) (i % maker->options->repositories)),
                &change, 1, FALSE, &changes, error) ||
            !turn_page(maker, 1, error))
            return FALSE;
    }
    return TRUE;
}

gboolean synthetic_fill(Store *store, const SyntheticOptions *options, gint64 *ret_workspace_id,
                        GError **error)
{
    static const Workspace WORKSPACE = {"{w}", "acme", "Acme"};
    Maker maker = {.store = store,
                   .options = options,
                   .chance = g_rand_new_with_seed(options->seed),
                   .tx = store_begin(store, error)};
    gboolean done =
        maker.tx != NULL && store_put_workspace(maker.tx, &WORKSPACE, &maker.workspace_id, error) &&
        put_repositories(&maker, error) && put_people(&maker, error) && put_facts(&maker, error) &&
        put_deployments(&maker, error) && put_commits(&maker, error) &&
        put_changes(&maker, error) && store_commit(g_steal_pointer(&maker.tx), error);
    store_rollback(maker.tx);
    g_rand_free(maker.chance);
    *ret_workspace_id = maker.workspace_id;
    return done;
}
