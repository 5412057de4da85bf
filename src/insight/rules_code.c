/*
 * Rules about what git tells: conflicts of open pull requests, pushes past review, folders that one
 * person knows, branches nobody needs.
 *
 * A repository without a mirror has none of it; its findings stay away, which docs/insights.md
 * says.
 */
#include "insight/words.h"

#include <string.h>

/* ---- what the rules share */

/* id -> StoreRepository, those that are judged and where the rule is on. */
static GHashTable *list_repositories(const Rule *rule, const RuleScene *scene)
{
    GHashTable *repositories = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < scene->repositories->len; i++) {
        StoreRepository *repository = scene->repositories->pdata[i];
        if (rule_is_on(rule, scene, repository->repository_id))
            g_hash_table_insert(repositories, &repository->repository_id, repository);
    }
    return repositories;
}

/* NULL where Bitbucket did not tell the repository's address. */
static const char *url_within(FindingSink *sink, const StoreRepository *repository,
                              const char *what, const char *name)
{
    return repository->html_url != NULL
               ? finding_text(sink, "%s/%s/%s", repository->html_url, what, name)
               : NULL;
}

static const char *name_main(FindingSink *sink, const StoreRepository *repository)
{
    return repository->main_branch != NULL ? finding_text(sink, "'%s'", repository->main_branch)
                                           : "the main branch";
}

static const char *person(const RuleScene *scene, gint64 person_id)
{
    return measure_person_name(scene->columns, person_id);
}

/* ---- merge conflicts */

typedef struct {
    const Rule *rule;
    const RuleScene *scene;
    const PullCase *pull;
    FindingSink *sink;
} ConflictCase;

static const char *name_paths(FindingSink *sink, const StoreConflict *row)
{
    g_auto(GStrv) paths = g_strsplit(row->paths, "\n", -1);
    if (row->path_count == 1)
        return finding_text(sink, "%s", paths[0]);
    if (row->path_count == 2)
        return finding_text(sink, "%s and %s", paths[0], paths[1]);
    return finding_text(sink, "%s, %s and %s", paths[0], paths[1],
                        words_many(sink, row->path_count - 2, "file more", "files more"));
}

static gboolean put_conflict(const StoreConflict *row, gpointer user_data, GError **error)
{
    const ConflictCase *at = user_data;
    FindingSink *sink = at->sink;
    gint64 author_id = at->pull->row->author_id;
    FindingDraft draft;
    draft_init(&draft, at->rule);
    draft.repository_id = row->repository_id;
    draft.number = row->number;
    draft.since = row->since;
    const char *paths = row->path_count > 0 ? name_paths(sink, row) : "its files";
    DraftEvidence *evidence = draft_add_evidence(&draft);
    evidence->repository_id = row->repository_id;
    evidence->number = row->number;
    evidence->person_id = author_id;
    evidence->at = row->since;
    evidence->text = finding_text(sink, "conflict in %s", paths);
    evidence->url = at->pull->row->html_url;
    draft_add_nearest(&draft, author_id);
    draft.what = finding_text(sink, "Merging '%s' into '%s' conflicts in %s.", row->source_branch,
                              row->destination_branch, paths);
    draft.next =
        finding_text(sink, "%s brings '%s' into '%s' and resolves the conflict.",
                     person(at->scene, author_id), row->destination_branch, row->source_branch);
    finding_sink_put(sink, at->rule, &draft);
    return TRUE;
}

static void judge_conflict(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                           FindingSink *sink)
{
    ConflictCase at = {rule, scene, pull, sink};
    g_autoptr(GError) error = NULL;
    if (store_visit_conflicts(scene->store, scene->workspace_id, pull->row->repository_id,
                              pull->row->number, put_conflict, &at, &error))
        return;
    log_event(LOG_LEVEL_WARNING, "%s", error->message);
    finding_sink_keep(sink, rule, pull->row->repository_id, pull->row->number);
}

/* ---- direct pushes */

typedef struct {
    const Rule *rule;
    const RuleScene *scene;
    FindingSink *sink;
    GHashTable *repositories;
    GHashTable *told; /* pushes that a branch before had: repository and commit */
} PlaceCase;

#define HASH_SHOWN 12 /* digits, as Bitbucket shows */

static gboolean is_protected(const PlaceCase *at, const StoreDirectPush *row)
{
    return *row->branch == '\0' ||
           store_policy_protects(measure_policies(at->scene->basis), row->repository_id,
                                 row->branch, row->landed);
}

static gboolean is_first_told(const PlaceCase *at, const StoreDirectPush *row)
{
    return g_hash_table_add(
        at->told, g_strdup_printf("%" G_GINT64_FORMAT " %s", row->repository_id, row->hash));
}

static const char *describe_push(FindingSink *sink, const StoreDirectPush *row)
{
    const char *lines =
        row->lines_changed != COUNT_ABSENT
            ? finding_text(sink, ", %s", words_many(sink, row->lines_changed, "line", "lines"))
            : "";
    return finding_text(sink, "%.*s \"%s\"%s", HASH_SHOWN, row->hash, row->subject, lines);
}

static gboolean put_push(const StoreDirectPush *row, gpointer user_data, GError **error)
{
    const PlaceCase *at = user_data;
    FindingSink *sink = at->sink;
    const StoreRepository *repository = g_hash_table_lookup(at->repositories, &row->repository_id);
    if (repository == NULL || !measure_person_counts(at->scene->basis, row->author_id) ||
        at->scene->now - row->landed > rule_span(at->rule, at->scene, row->repository_id, "days") ||
        !is_protected(at, row) || !is_first_told(at, row))
        return TRUE;
    const char *branch = *row->branch != '\0' ? finding_text(sink, "'%s'", row->branch)
                                              : name_main(sink, repository);
    FindingDraft draft;
    draft_init(&draft, at->rule);
    draft.repository_id = row->repository_id;
    draft.person_id = row->author_id;
    draft.subject = row->hash;
    draft.since = row->landed;
    DraftEvidence *evidence = draft_add_evidence(&draft);
    evidence->repository_id = row->repository_id;
    evidence->person_id = row->author_id;
    evidence->at = row->landed;
    evidence->text = describe_push(sink, row);
    evidence->url = url_within(sink, repository, "commits", row->hash);
    draft_add_nearest(&draft, row->author_id);
    draft.what =
        finding_text(sink, "%s of %s reached %s without a pull request, on %s.",
                     row->is_merge ? "A merge" : "A commit", person(at->scene, row->author_id),
                     branch, words_when(sink, row->landed));
    draft.next = finding_text(
        sink, "Somebody reads the commit now; restrict who may push to %s if this is not meant.",
        branch);
    finding_sink_put(sink, at->rule, &draft);
    return TRUE;
}

static gboolean judge_pushes(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                             GError **error)
{
    g_autoptr(GHashTable) repositories = list_repositories(rule, scene);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    PlaceCase at = {rule, scene, sink, repositories, told};
    Duration longest = (Duration) rule_parameter(rule, "days")->greatest * TIME_DAY;
    return store_visit_direct_pushes(scene->store, scene->workspace_id, scene->now - longest,
                                     scene->now, put_push, &at, error);
}

/* ---- folders that one person knows */

/* The only author to speak of; NULL: there are more. */
static const CodeAuthor *find_single(const Rule *rule, const RuleScene *scene, gint64 repository_id,
                                     const CodeFolder *folder)
{
    const CodeAuthor *most = &folder->authors[0];
    double share = folder->lines > 0 ? (double) most->lines / (double) folder->lines
                                     : (double) most->commits / (double) folder->commits;
    if ((double) folder->commits < rule_value(rule, scene, repository_id, "commits") ||
        100 * share < rule_value(rule, scene, repository_id, "share"))
        return NULL;
    for (guint i = 1; i < folder->n_authors; i++)
        if (folder->authors[i].commits >= 2)
            return NULL;
    return most;
}

static gboolean lies_in_one(GHashTable *told, const char *path)
{
    g_autofree char *above = g_strdup(path);
    for (char *slash = *above != '\0' ? above : NULL; slash != NULL;) {
        slash = strrchr(above, '/');
        above[slash != NULL ? slash - above : 0] = '\0';
        if (g_hash_table_contains(told, above))
            return TRUE;
    }
    return FALSE;
}

static void put_folder(const PlaceCase *at, const StoreRepository *repository,
                       const CodeFolder *folder, const CodeAuthor *single)
{
    FindingSink *sink = at->sink;
    const char *name = person(at->scene, single->person_id);
    const char *place =
        *folder->path != '\0' ? finding_text(sink, "'%s'", folder->path) : "The whole repository";
    const char *commits = words_many(sink, folder->commits, "commit", "commits");
    FindingDraft draft;
    draft_init(&draft, at->rule);
    draft.repository_id = repository->repository_id;
    draft.person_id = single->person_id;
    draft.subject = *folder->path != '\0' ? folder->path : "/";
    draft.since = folder->reached;
    draft.severity = single->is_active ? at->rule->severity : SEVERITY_CRITICAL;
    DraftEvidence *evidence = draft_add_evidence(&draft);
    evidence->repository_id = repository->repository_id;
    evidence->person_id = single->person_id;
    evidence->at = single->last;
    evidence->text = finding_text(
        sink, "%s of %s, %s of %s added", words_number(sink, single->commits), commits,
        words_number(sink, single->lines), words_many(sink, folder->lines, "line", "lines"));
    evidence->url =
        repository->main_branch != NULL
            ? url_within(sink, repository, "src",
                         finding_text(sink, "%s/%s", repository->main_branch, folder->path))
            : NULL;
    draft_add_nearest(&draft, single->person_id);
    draft.what =
        finding_text(sink, "%s has %s in the last year, and only %s knows it%s.", place, commits,
                     name, single->is_active ? "" : ", who has committed nothing for 90 days");
    draft.next = single->is_active
                     ? finding_text(sink, "%s has somebody else make the next change there.", name)
                     : finding_text(sink, "Somebody learns it before it must be changed in haste.");
    finding_sink_put(sink, at->rule, &draft);
}

static gboolean judge_repository(const PlaceCase *at, const StoreRepository *repository,
                                 GError **error)
{
    const RuleScene *scene = at->scene;
    gint64 id = repository->repository_id;
    gint64 mark = (gint64) rule_value(at->rule, scene, id, "commits");
    g_autoptr(GPtrArray) folders = measure_knowledge(
        scene->store, scene->basis, scene->workspace_id, id, scene->now, mark, error);
    if (folders == NULL)
        return FALSE;
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < folders->len; i++) {
        const CodeFolder *folder = folders->pdata[i];
        const CodeAuthor *single = find_single(at->rule, scene, id, folder);
        if (single == NULL || lies_in_one(told, folder->path))
            continue;
        g_hash_table_add(told, folder->path);
        put_folder(at, repository, folder, single);
    }
    return TRUE;
}

static gboolean judge_knowledge(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                                GError **error)
{
    PlaceCase at = {rule, scene, sink, NULL, NULL};
    for (guint i = 0; i < scene->repositories->len; i++) {
        const StoreRepository *repository = scene->repositories->pdata[i];
        if (rule_is_on(rule, scene, repository->repository_id) &&
            !judge_repository(&at, repository, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- branches */

/* Names that teams give to branches that stay. */
static const char *const LONG_LIVED[] = {
    "main",    "master",     "trunk", "develop", "development", "dev",         "staging", "stage",
    "release", "production", "prod",  "live",    "test",        "integration", "qa",      "next",
};
static const char *const LONG_LIVED_PREFIXES[] = {
    "release/", "releases/", "release-", "support/", "maintenance/", "lts/", "stable/", "env/",
};

static gboolean is_long_lived(const StoreRepository *repository, const char *name)
{
    if (g_strcmp0(repository->main_branch, name) == 0)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(LONG_LIVED); i++)
        if (g_ascii_strcasecmp(name, LONG_LIVED[i]) == 0)
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(LONG_LIVED_PREFIXES); i++)
        if (g_ascii_strncasecmp(name, LONG_LIVED_PREFIXES[i], strlen(LONG_LIVED_PREFIXES[i])) == 0)
            return TRUE;
    return FALSE;
}

static gboolean put_branch(const StoreBranch *row, gpointer user_data, GError **error)
{
    const PlaceCase *at = user_data;
    FindingSink *sink = at->sink;
    const StoreRepository *repository = g_hash_table_lookup(at->repositories, &row->repository_id);
    if (repository == NULL || row->open_pull_requests > 0 || is_long_lived(repository, row->name))
        return TRUE;
    Duration after = rule_span(at->rule, at->scene, row->repository_id, "after");
    Duration age = at->scene->now - row->committed;
    if (age < after)
        return TRUE;
    gboolean counts = measure_person_counts(at->scene->basis, row->author_id);
    FindingDraft draft;
    draft_init(&draft, at->rule);
    draft.repository_id = row->repository_id;
    draft.subject = row->name;
    draft.since = row->committed + after;
    DraftEvidence *evidence = draft_add_evidence(&draft);
    evidence->repository_id = row->repository_id;
    evidence->person_id = row->author_id;
    evidence->at = row->committed;
    evidence->text = finding_text(sink, "last commit %.*s, %s ago", HASH_SHOWN, row->hash,
                                  words_span(sink, age));
    evidence->url = url_within(sink, repository, "branch", row->name);
    if (counts)
        draft_add_nearest(&draft, row->author_id);
    draft.what =
        finding_text(sink, "'%s' has had no commit for %s and has no open pull request; %s.",
                     row->name, words_span(sink, age),
                     row->is_merged ? "the main branch has all of its commits"
                                    : "it has commits that the main branch lacks");
    const char *who = counts ? person(at->scene, row->author_id) : "Somebody";
    draft.next = row->is_merged
                     ? finding_text(sink, "%s deletes the branch.", who)
                     : finding_text(sink, "%s opens a pull request for it or deletes it.", who);
    finding_sink_put(sink, at->rule, &draft);
    return TRUE;
}

static gboolean judge_branches(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                               GError **error)
{
    g_autoptr(GHashTable) repositories = list_repositories(rule, scene);
    PlaceCase at = {rule, scene, sink, repositories, NULL};
    return store_visit_branches(scene->store, scene->workspace_id, put_branch, &at, error);
}

/* ---- the table */

static const Rule TABLE[] = {
    {.id = "merge-conflict",
     .title = "Conflicts with its destination",
     .meaning = "Open, and merging its source branch into its destination branch conflicts.",
     .why = "The longer a conflict stands, the more has to be understood anew to resolve it; and "
            "what was reviewed is not what will be merged.",
     .family = FAMILY_PROCESS,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_OPEN,
     .needs = RULE_NEEDS_STORY,
     .is_present = TRUE,
     .evaluate_pull = judge_conflict},
    {.id = "direct-push",
     .title = "Pushed past review",
     .meaning = "A commit by a person reached the main branch, or a branch with a policy in force "
                "then, in the given days, and no pull request brought it.",
     .why = "Nobody but its author has seen it.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_WORKSPACE,
     .parameters = {{"days", "how long after the push it is told", RULE_UNIT_DAYS, 14, 1,
                     MODEL_PUSH_WINDOW / TIME_DAY, "ours: two weeks"}},
     .evaluate_all = judge_pushes},
    {.id = "knowledge-single",
     .title = "Known to one person only",
     .meaning = "A folder with at least the given commits in the last 365 days, of whose lines one "
                "person added at least the given share, and nobody else has two commits there.",
     .why = "When that person is away, nobody can explain it, review it or repair it.",
     .family = FAMILY_LOAD,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_WORKSPACE,
     .parameters = {{"commits", "commits from which on it is told", RULE_UNIT_COUNT, 20, 5, 1000,
                     "ours: fewer are too few to tell"},
                    {"share", "least share of the lines", RULE_UNIT_PERCENT, 90, 50, 100,
                     "ours: what is left is nobody's to explain"}},
     .evaluate_all = judge_knowledge},
    {.id = "stale-branch",
     .title = "Branch nobody works on",
     .meaning = "A branch without an open pull request whose last commit is older than given; not "
                "the main branch, and none that stays by its name (release/…, develop …).",
     .why = "Old branches hide the few that matter, and work that was forgotten.",
     .family = FAMILY_HYGIENE,
     .severity = SEVERITY_NOTICE,
     .subject = RULE_OF_WORKSPACE,
     .is_present = TRUE,
     .parameters = {{"after", "age of its last commit", RULE_UNIT_DAYS, 90, 7, 3650,
                     "GitHub lists branches without a commit for three months as stale"}},
     .evaluate_all = judge_branches},
};

const RuleTable RULES_CODE = {TABLE, G_N_ELEMENTS(TABLE)};
