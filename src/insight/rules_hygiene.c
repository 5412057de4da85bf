/*
 * Rules about connections and what they read: whether Plumbline will still see everything tomorrow.
 *
 * They know the present only. A connection is judged by the repositories that it reads itself.
 */
#include "insight/words.h"

#include <string.h>

#define EXPIRES_SOON (7 * TIME_DAY) /* from here on it is critical */

/* ---- what the rules share */

typedef struct {
    const Rule *rule;
    const RuleScene *scene;
    FindingSink *sink;
    GPtrArray *connections;  /* StoreConnection, of every workspace */
    GPtrArray *repositories; /* StoreRepository, selected ones */
    GPtrArray *problems;     /* StoreProblem */
} Hygiene;

static void hygiene_clear(Hygiene *hygiene)
{
    g_clear_pointer(&hygiene->connections, g_ptr_array_unref);
    g_clear_pointer(&hygiene->repositories, g_ptr_array_unref);
    g_clear_pointer(&hygiene->problems, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hygiene, hygiene_clear)

static gboolean hygiene_load(Hygiene *hygiene, GError **error)
{
    Store *store = hygiene->scene->store;
    gint64 workspace_id = hygiene->scene->workspace_id;
    return (hygiene->connections = store_list_connections(store, error)) != NULL &&
           (hygiene->repositories = store_list_repositories(store, workspace_id, TRUE, error)) !=
               NULL &&
           (hygiene->problems = store_list_problems(store, workspace_id, error)) != NULL;
}

static const StoreRepository *find_repository(const Hygiene *hygiene, gint64 repository_id)
{
    for (guint i = 0; i < hygiene->repositories->len; i++) {
        const StoreRepository *repository = hygiene->repositories->pdata[i];
        if (repository->repository_id == repository_id)
            return repository;
    }
    return NULL;
}

static const StoreConnection *find_connection(const Hygiene *hygiene, gint64 connection_id)
{
    for (guint i = 0; i < hygiene->connections->len; i++) {
        const StoreConnection *connection = hygiene->connections->pdata[i];
        if (connection->workspace_id == hygiene->scene->workspace_id &&
            connection->connection_id == connection_id)
            return connection;
    }
    return NULL;
}

/* "12 repositories", that the connection reads. */
static const char *reads(const Hygiene *hygiene, const StoreConnection *connection)
{
    gint64 n = 0;
    for (guint i = 0; i < hygiene->repositories->len; i++) {
        const StoreRepository *repository = hygiene->repositories->pdata[i];
        n += repository->connection_id == connection->connection_id;
    }
    return words_many(hygiene->sink, n, "repository", "repositories");
}

static void add_text(FindingDraft *draft, gint64 repository_id, UtcTime at, const char *text)
{
    draft->evidence_in_all++;
    DraftEvidence *evidence = draft_add_evidence(draft);
    if (evidence == NULL)
        return;
    evidence->repository_id = repository_id;
    evidence->at = at;
    evidence->text = text;
}

/* A draft about a connection; its evidence says what depends on it. */
static FindingDraft draft_of(const Hygiene *hygiene, const StoreConnection *connection)
{
    FindingDraft draft;
    draft_init(&draft, hygiene->rule);
    draft.subject = connection->name;
    draft.since = connection->checked != TIME_ABSENT ? connection->checked : connection->created;
    draft.evidence_in_all = 0;
    add_text(&draft, 0, TIME_ABSENT,
             finding_text(hygiene->sink, "The connection reads %s; it was checked on %s.",
                          reads(hygiene, connection),
                          words_when(hygiene->sink, connection->checked)));
    return draft;
}

typedef void (*ConnectionJudge)(const Hygiene *hygiene, const StoreConnection *connection);

static gboolean judge_connections(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                                  ConnectionJudge judge, GError **error)
{
    g_auto(Hygiene) hygiene = {.rule = rule, .scene = scene, .sink = sink};
    if (!rule_is_on(rule, scene, 0))
        return TRUE;
    if (!hygiene_load(&hygiene, error))
        return FALSE;
    for (guint i = 0; i < hygiene.connections->len; i++) {
        const StoreConnection *connection = hygiene.connections->pdata[i];
        if (connection->workspace_id == scene->workspace_id)
            judge(&hygiene, connection);
    }
    return TRUE;
}

/* ---- token-expires */

static void judge_expiry(const Hygiene *hygiene, const StoreConnection *connection)
{
    const RuleScene *scene = hygiene->scene;
    FindingSink *sink = hygiene->sink;
    Duration within = rule_span(hygiene->rule, scene, 0, "within");
    if (connection->expires == TIME_ABSENT || connection->expires - scene->now > within)
        return;
    gboolean is_over = connection->expires <= scene->now;
    const char *when = words_when(sink, connection->expires);
    FindingDraft draft = draft_of(hygiene, connection);
    draft.since = connection->expires - within;
    if (connection->expires - scene->now <= EXPIRES_SOON)
        draft.severity = SEVERITY_CRITICAL;
    draft.what =
        is_over ? finding_text(sink, "The credential of the connection '%s' expired on %s, %s ago.",
                               connection->name, when,
                               words_span(sink, scene->now - connection->expires))
                : finding_text(sink, "The credential of the connection '%s' expires on %s, in %s.",
                               connection->name, when,
                               words_span(sink, connection->expires - scene->now));
    draft.next = finding_text(sink,
                              "Make a new one at Bitbucket and give it with 'plumbline connect "
                              "--name %s'; what was read stays.",
                              connection->name);
    finding_sink_put(sink, hygiene->rule, &draft);
}

static gboolean judge_expiries(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                               GError **error)
{
    return judge_connections(rule, scene, sink, judge_expiry, error);
}

/* ---- scope-missing */

/* What is not read, of the connection's own repositories, for want of a scope. */
static gint64 add_unread(const Hygiene *hygiene, const StoreConnection *connection,
                         FindingDraft *draft)
{
    gint64 n = 0;
    for (guint i = 0; i < hygiene->problems->len; i++) {
        const StoreProblem *problem = hygiene->problems->pdata[i];
        const StoreRepository *repository = find_repository(hygiene, problem->repository_id);
        if (repository == NULL || repository->connection_id != connection->connection_id ||
            strcmp(problem->code, error_name(PLUMBLINE_ERROR_SCOPE_MISSING)) != 0)
            continue;
        draft->since = n == 0 ? problem->first : MIN(draft->since, problem->first);
        add_text(draft, repository->repository_id, problem->first,
                 finding_text(hygiene->sink, "%s: %s", repository->full_name, problem->sentence));
        n++;
    }
    return n;
}

static void judge_lack(const Hygiene *hygiene, const StoreConnection *connection)
{
    FindingSink *sink = hygiene->sink;
    gboolean is_lacking = g_strcmp0(connection->state, "lacking") == 0;
    FindingDraft draft = draft_of(hygiene, connection);
    gint64 unread = add_unread(hygiene, connection, &draft);
    if (!is_lacking && unread == 0)
        return;
    if (is_lacking) {
        draft.what = finding_text(sink, "The credential of the connection '%s' lacks a scope. %s",
                                  connection->name,
                                  connection->state_reason != NULL ? connection->state_reason : "");
    } else {
        draft.severity = SEVERITY_NOTICE; /* what Plumbline can do without */
        draft.what = finding_text(
            sink, "The credential of the connection '%s' may not read everything: %s %s left out.",
            connection->name,
            words_many(sink, unread, "part of a repository", "parts of repositories"),
            unread == 1 ? "is" : "are");
    }
    draft.next = finding_text(sink,
                              "Make a token with the missing scope at Bitbucket and give it with "
                              "'plumbline connect --name %s'.",
                              connection->name);
    finding_sink_put(sink, hygiene->rule, &draft);
}

static gboolean judge_lacks(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                            GError **error)
{
    return judge_connections(rule, scene, sink, judge_lack, error);
}

/* ---- scope-excess */

static void judge_excess(const Hygiene *hygiene, const StoreConnection *connection)
{
    FindingSink *sink = hygiene->sink;
    if (connection->unneeded_scopes == NULL || connection->unneeded_scopes[0] == '\0')
        return;
    g_auto(GStrv) scopes = g_strsplit(connection->unneeded_scopes, " ", -1);
    g_autofree char *list = g_strjoinv(", ", scopes);
    FindingDraft draft = draft_of(hygiene, connection);
    draft.what = finding_text(
        sink, "The credential of the connection '%s' may do more than Plumbline needs: %s.",
        connection->name, list);
    draft.next = finding_text(sink,
                              "Make a token without %s at Bitbucket, and give it with 'plumbline "
                              "connect --name %s'.",
                              scopes[1] == NULL ? "that scope" : "those scopes", connection->name);
    finding_sink_put(sink, hygiene->rule, &draft);
}

static gboolean judge_excesses(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                               GError **error)
{
    return judge_connections(rule, scene, sink, judge_excess, error);
}

/* ---- not-synchronised */

/* The faults of the repository's last reading, as evidence; notes are none. The first's begin is
 * the draft's. */
static gint64 add_faults(const Hygiene *hygiene, gint64 repository_id, FindingDraft *draft)
{
    gint64 n = 0;
    for (guint i = 0; i < hygiene->problems->len; i++) {
        const StoreProblem *problem = hygiene->problems->pdata[i];
        if (problem->repository_id != repository_id || problem->is_note)
            continue;
        draft->since = n == 0 ? problem->first : MIN(draft->since, problem->first);
        add_text(draft, repository_id, problem->last,
                 finding_text(hygiene->sink, "%s: %s (%s)", problem->stage, problem->sentence,
                              words_many(hygiene->sink, problem->times, "time", "times")));
        n++;
    }
    return n;
}

/* Why nothing newer was read of it; NULL: it is read. */
static const char *why_unread(const Hygiene *hygiene, const StoreRepository *repository,
                              FindingDraft *draft)
{
    FindingSink *sink = hygiene->sink;
    const StoreConnection *connection = find_connection(hygiene, repository->connection_id);
    Duration after = rule_span(hygiene->rule, hygiene->scene, repository->repository_id, "after");
    if (strcmp(repository->state, "vanished") == 0)
        return "Bitbucket does not show it any more: it was deleted, or the credential lost access";
    if (strcmp(repository->state, "forbidden") == 0)
        return "the credential may not read it";
    if (connection == NULL)
        return "no connection reads it";
    if (strcmp(connection->state, "rejected") == 0)
        return finding_text(sink, "Bitbucket does not accept the credential of '%s'",
                            connection->name);
    if (add_faults(hygiene, repository->repository_id, draft) > 0)
        return finding_text(sink, "reading it fails since %s", words_when(sink, draft->since));
    UtcTime last =
        connection->server_time != TIME_ABSENT ? connection->server_time : connection->created;
    if (last == TIME_ABSENT || hygiene->scene->now - last < after)
        return NULL;
    draft->since = last;
    return finding_text(sink, "the connection '%s' has read nothing since %s", connection->name,
                        words_when(sink, last));
}

static void judge_repository(const Hygiene *hygiene, const StoreRepository *repository)
{
    FindingSink *sink = hygiene->sink;
    FindingDraft draft;
    draft_init(&draft, hygiene->rule);
    draft.repository_id = repository->repository_id;
    draft.since = hygiene->scene->now;
    draft.evidence_in_all = 0;
    const char *why = why_unread(hygiene, repository, &draft);
    if (why == NULL)
        return;
    draft.what = finding_text(sink, "%s is not up to date: %s.", repository->full_name, why);
    draft.next =
        "Run 'plumbline doctor', which names the fault, then 'plumbline sync'; or deselect "
        "the repository if it is gone.";
    if (draft.n_evidence == 0)
        add_text(&draft, repository->repository_id, repository->updated,
                 finding_text(sink, "The newest record of it at Bitbucket is of %s.",
                              words_when(sink, repository->updated)));
    finding_sink_put(sink, hygiene->rule, &draft);
}

static gboolean judge_synchronised(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                                   GError **error)
{
    g_auto(Hygiene) hygiene = {.rule = rule, .scene = scene, .sink = sink};
    if (!hygiene_load(&hygiene, error))
        return FALSE;
    for (guint i = 0; i < hygiene.repositories->len; i++) {
        const StoreRepository *repository = hygiene.repositories->pdata[i];
        if (rule_is_on(rule, scene, repository->repository_id))
            judge_repository(&hygiene, repository);
    }
    return TRUE;
}

/* ---- the table */

static const Rule TABLE[] = {
    {.id = "token-expires",
     .title = "A credential expires",
     .meaning = "A connection's credential expires within the given time, or has expired.",
     .why = "When it does, nothing new is read, and every figure silently becomes old.",
     .family = FAMILY_HYGIENE,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_WORKSPACE,
     .needs = RULE_NEEDS_NOTHING,
     .parameters = {{"within", "how long before it is told", RULE_UNIT_DAYS,
                     CREDENTIAL_WARNING_DAYS, 1, 365,
                     "ours: time for a company's approval of a new token"}},
     .is_present = TRUE,
     .evaluate_all = judge_expiries},
    {.id = "scope-missing",
     .title = "A credential lacks a scope",
     .meaning = "Bitbucket refused a connection something of its own repositories for want of a "
                "scope.",
     .why = "What may not be read is missing from the figures: builds, deployments, or pull "
            "requests themselves.",
     .family = FAMILY_HYGIENE,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_WORKSPACE,
     .needs = RULE_NEEDS_RUN,
     .is_present = TRUE,
     .evaluate_all = judge_lacks},
    {.id = "scope-excess",
     .title = "A credential may do more than it needs",
     .meaning = "A connection's credential has scopes that nothing here uses.",
     .why = "A token that can write does more harm when it is stolen.",
     .family = FAMILY_HYGIENE,
     .severity = SEVERITY_NOTICE,
     .subject = RULE_OF_WORKSPACE,
     .needs = RULE_NEEDS_NOTHING,
     .is_present = TRUE,
     .evaluate_all = judge_excesses},
    {.id = "not-synchronised",
     .title = "A repository is not up to date",
     .meaning =
         "The last reading of a selected repository failed, or is older than the given time.",
     .why = "Findings and figures about it are as old as what was read last.",
     .family = FAMILY_HYGIENE,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_WORKSPACE,
     .needs = RULE_NEEDS_RUN,
     .parameters = {{"after", "age of the last reading", RULE_UNIT_HOURS, 24, 1, 720,
                     "ours: a daily sync that was missed"}},
     .is_present = TRUE,
     .evaluate_all = judge_synchronised},
};

const RuleTable RULES_HYGIENE = {TABLE, G_N_ELEMENTS(TABLE)};
