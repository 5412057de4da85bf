/*
 * Approval policies: what is in force, setting and trying one, and the proposals that wait.
 */
#include "cli/commands.h"
#include "cli/json_text.h"
#include "cli/policy_text.h"
#include "cli/proposing.h"

static struct {
    char *workspace, *project, *repository, *branch, *from, *by, *note, *format, *output;
    char **required;
    gint approvals, required_least, days;
    gboolean author_counts, void_on_push, builds_must_pass;
} options = {.approvals = 1, .required_least = -1, .days = 90};

const GOptionEntry COMMAND_POLICY_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"project", 0, 0, G_OPTION_ARG_STRING, &options.project,
     "The policy is for this project (default: the whole workspace)", "KEY"},
    {"repository", 0, 0, G_OPTION_ARG_STRING, &options.repository,
     "The policy is for this repository", "WORKSPACE/REPOSITORY"},
    {"branch", 0, 0, G_OPTION_ARG_STRING, &options.branch,
     "Target branches it is for (default: each repository's main branch)", "GLOB"},
    {"approvals", 0, 0, G_OPTION_ARG_INT, &options.approvals,
     "By how many people a merge must be approved (default 1)", "N"},
    {"require", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.required,
     "Somebody who must be among them: a person, or team:NAME, or team:NAME:N for N of its "
     "members; may be repeated",
     "WHO"},
    {"require-least", 0, 0, G_OPTION_ARG_INT, &options.required_least,
     "How many of those named by --require are enough (default: all)", "N"},
    {"author-counts", 0, 0, G_OPTION_ARG_NONE, &options.author_counts,
     "The author's approval counts", NULL},
    {"void-on-push", 0, 0, G_OPTION_ARG_NONE, &options.void_on_push, "New commits void approvals",
     NULL},
    {"builds-must-pass", 0, 0, G_OPTION_ARG_NONE, &options.builds_must_pass,
     "The builds of the newest commit must have passed", NULL},
    {"from", 0, 0, G_OPTION_ARG_STRING, &options.from,
     "When it comes into force, or ends (default: now)", "YYYY-MM-DD"},
    {"days", 0, 0, G_OPTION_ARG_INT, &options.days,
     "simulate: how many days of merges (default 90)", "N"},
    {"as", 0, 0, G_OPTION_ARG_STRING, &options.by, "Who proposes, decides or sets it", "NAME"},
    {"note", 0, 0, G_OPTION_ARG_STRING, &options.note, "approve, refuse: why", "TEXT"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text or json", "FORMAT"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
     "Write to FILE instead of standard output", "FILE"},
    {NULL}};

typedef struct {
    Change change;
    PolicyNames names;
    gboolean as_json;
    const char *argument; /* behind the verb; NULL */
} Work;

static gboolean show(GString *text, GError **error)
{
    gboolean written = cli_write(options.output, text, error);
    g_string_free(text, TRUE);
    return written;
}

/* ---- what the options say */

static gboolean read_from(UtcTime *ret_from, GError **error)
{
    if (options.from == NULL)
        return TRUE;
    if (strlen(options.from) == 10 && time_parse(options.from, -1, ret_from, NULL))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "--from: '%s' is not a date like 2026-10-01",
             options.from);
    return FALSE;
}

static gboolean read_scope(const Work *work, StorePolicy *policy, GError **error)
{
    if (options.project != NULL && options.repository != NULL) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID, "a policy is for a project or for a repository");
        return FALSE;
    }
    policy->scope = POLICY_WORKSPACE;
    if (options.repository != NULL) {
        policy->scope = POLICY_REPOSITORY;
        return work_find_repository(work->change.store, work->change.workspace_id,
                                    options.repository, &policy->scope_id, error);
    }
    if (options.project == NULL)
        return TRUE;
    policy->scope = POLICY_PROJECT;
    return policy_names_find_project(&work->names, options.project, &policy->scope_id, error);
}

/* "Ana", "team:security", "team:security:2" */
static gboolean read_required(const Work *work, const char *who, StorePolicyRequired *ret_required,
                              GError **error)
{
    Store *store = work->change.store;
    gint64 workspace_id = work->change.workspace_id;
    *ret_required = (StorePolicyRequired){.least = 1};
    if (!g_str_has_prefix(who, "team:"))
        return store_find_person(store, workspace_id, who, &ret_required->id, error);
    g_autofree char *name = g_strdup(who + strlen("team:"));
    char *colon = strrchr(name, ':');
    guint64 least = 1;
    if (colon != NULL &&
        !g_ascii_string_to_unsigned(colon + 1, 10, 1, POLICY_APPROVALS_MAX, &least, NULL)) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID, "--require: '%s' is not team:NAME or team:NAME:N",
                 who);
        return FALSE;
    }
    if (colon != NULL)
        *colon = '\0';
    ret_required->is_team = TRUE;
    ret_required->least = (gint64) least;
    return store_find_team(store, workspace_id, name, &ret_required->id, error);
}

/* from is absent where it is not given. */
static gboolean read_policy(const Work *work, StorePolicy *policy, GError **error)
{
    *policy = (StorePolicy){
        .branch = options.branch != NULL ? options.branch : (char *) "",
        .from = TIME_ABSENT,
        .ended = TIME_ABSENT,
        .least_approvals = options.approvals,
        .author_counts = options.author_counts,
        .void_on_push = options.void_on_push,
        .builds_must_pass = options.builds_must_pass,
        .created = work->change.now,
        .created_by = options.by,
    };
    if (!read_scope(work, policy, error) || !read_from(&policy->from, error))
        return FALSE;
    for (gsize i = 0; options.required != NULL && options.required[i] != NULL; i++) {
        if (policy->n_required == POLICY_REQUIRED_MAX) {
            cli_fail(error, PLUMBLINE_ERROR_INVALID, "--require: %d at most", POLICY_REQUIRED_MAX);
            return FALSE;
        }
        if (!read_required(work, options.required[i], &policy->required[policy->n_required++],
                           error))
            return FALSE;
    }
    policy->required_least =
        options.required_least < 0 ? (gint64) policy->n_required : options.required_least;
    return TRUE;
}

static gboolean read_id(const Work *work, const char *verb, gint64 *ret_id, GError **error)
{
    guint64 id = 0;
    if (work->argument != NULL &&
        g_ascii_string_to_unsigned(work->argument, 10, 1, G_MAXINT32, &id, NULL)) {
        *ret_id = (gint64) id;
        return TRUE;
    }
    cli_fail(error, PLUMBLINE_ERROR_USAGE, "policy %s: name its number; 'plumbline policy' %s",
             verb, "and 'plumbline policy proposals' list them");
    return FALSE;
}

static gboolean require_name(const char *verb, GError **error)
{
    if (options.by != NULL && *options.by != '\0')
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "policy %s: say who does it with --as NAME", verb);
    return FALSE;
}

/* ---- verbs */

static gboolean list_versions(Work *work, gint64 policy_id, GError **error)
{
    g_autoptr(StorePolicyBook) book =
        store_load_policies(work->change.store, work->change.workspace_id, error);
    if (book == NULL)
        return FALSE;
    const GPtrArray *versions = store_policy_book_versions(book);
    gboolean is_there = policy_id == 0;
    for (guint i = 0; i < versions->len; i++)
        is_there = is_there || ((const StorePolicy *) versions->pdata[i])->policy_id == policy_id;
    if (!is_there) {
        cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND, "there is no policy %" G_GINT64_FORMAT,
                 policy_id);
        return FALSE;
    }
    return show(work->as_json ? cli_json_text(policy_list_json(&work->names, versions, policy_id,
                                                               work->change.now))
                              : policy_list_text(&work->names, versions, policy_id),
                error);
}

static gboolean run_list(Work *work, GError **error)
{
    return list_versions(work, 0, error);
}

static gboolean run_show(Work *work, GError **error)
{
    gint64 id;
    return read_id(work, "show", &id, error) && list_versions(work, id, error);
}

static gboolean put_policy(Work *work, StorePolicy *policy, GError **error)
{
    gint64 id = 0, version = 0;
    g_autoptr(StoreTx) tx = store_begin(work->change.store, error);
    if (policy->from == TIME_ABSENT)
        policy->from = work->change.now;
    if (tx == NULL ||
        !store_put_policy(tx, work->change.workspace_id, policy, &id, &version, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    g_autofree char *where = policy_where(&work->names, policy);
    g_autofree char *asks = policy_asks(&work->names, policy);
    printf("Policy %" G_GINT64_FORMAT ", version %" G_GINT64_FORMAT ": %s, %s: %s.\n", id, version,
           where, policy_branch(policy), asks);
    return TRUE;
}

static gboolean run_set(Work *work, GError **error)
{
    gboolean waits = FALSE;
    StorePolicy policy;
    if (!read_policy(work, &policy, error) || !change_waits(&work->change, &waits, error))
        return FALSE;
    if (!waits)
        return put_policy(work, &policy, error);
    g_autofree char *summary = policy_summary(&work->names, &policy);
    g_autofree char *body = proposal_policy_body(&policy);
    return change_propose(&work->change, PROPOSAL_OF_POLICY, summary, body, error);
}

static gboolean run_propose(Work *work, GError **error)
{
    work->change.is_asked = TRUE;
    return run_set(work, error);
}

static gboolean run_end(Work *work, GError **error)
{
    gint64 id;
    gboolean waits = FALSE;
    UtcTime at = TIME_ABSENT;
    if (!read_id(work, "end", &id, error) || !read_from(&at, error) ||
        !change_waits(&work->change, &waits, error))
        return FALSE;
    if (waits) {
        g_autofree char *summary = g_strdup_printf("end policy %" G_GINT64_FORMAT, id);
        g_autofree char *body = proposal_policy_end_body(id, at);
        return change_propose(&work->change, PROPOSAL_OF_POLICY, summary, body, error);
    }
    g_autoptr(StoreTx) tx = store_begin(work->change.store, error);
    if (at == TIME_ABSENT)
        at = work->change.now;
    if (tx == NULL || !store_end_policy(tx, work->change.workspace_id, id, at, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    printf("Policy %" G_GINT64_FORMAT " has ended; merges before stay judged by it.\n", id);
    return TRUE;
}

static gboolean decide(Work *work, gboolean approve, GError **error)
{
    gint64 id;
    const char *verb = approve ? "approve" : "refuse";
    if (!read_id(work, verb, &id, error) || !require_name(verb, error))
        return FALSE;
    const ProposalDecision decision = {id, approve, options.by, options.note, work->change.now};
    if (!proposal_decide(work->change.store, work->change.workspace_id, &decision, error))
        return FALSE;
    printf("Proposal %" G_GINT64_FORMAT " is %s.\n", id,
           approve ? "approved and carried out" : "refused");
    return TRUE;
}

static gboolean run_approve(Work *work, GError **error)
{
    return decide(work, TRUE, error);
}

static gboolean run_refuse(Work *work, GError **error)
{
    return decide(work, FALSE, error);
}

static gboolean run_proposals(Work *work, GError **error)
{
    g_autoptr(GPtrArray) proposals =
        store_list_proposals(work->change.store, work->change.workspace_id, error);
    return proposals != NULL && show(work->as_json ? cli_json_text(proposal_list_json(proposals))
                                                   : proposal_list_text(proposals),
                                     error);
}

static gboolean run_simulate(Work *work, GError **error)
{
    StorePolicy policy;
    g_auto(PolicySimulation) simulation = {0};
    UtcTime until = work->change.now;
    if (!work_check_days(options.days, error) || !read_policy(work, &policy, error) ||
        !measure_refresh(work->change.store, work->change.workspace_id, NULL, error) ||
        !policy_simulate(work->change.store, work->change.workspace_id, &policy,
                         until - options.days * TIME_DAY, until, &simulation, error))
        return FALSE;
    return show(work->as_json ? cli_json_text(policy_simulation_json(&work->names, &policy,
                                                                     &simulation, options.days, 0))
                              : simulation_text(&work->names, &simulation, options.days),
                error);
}

/* Whether changes wait for a second person. Once they do, only a second person may stop that. */
static gboolean run_ask(Work *work, GError **error)
{
    gboolean is_required = FALSE, wanted = g_strcmp0(work->argument, "yes") == 0;
    if (!wanted && g_strcmp0(work->argument, "no") != 0) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE, "policy second-person: say yes or no");
        return FALSE;
    }
    if (!proposal_is_required(work->change.store, work->change.workspace_id, &is_required, error))
        return FALSE;
    if (is_required && !wanted) {
        gboolean waits = FALSE;
        g_autofree char *body = proposal_setting_body(SETTING_APPROVAL_REQUIRED, "no");
        return change_waits(&work->change, &waits, error) &&
               change_propose(&work->change, PROPOSAL_OF_SETTING,
                              "changes no longer wait for a second person", body, error);
    }
    g_autoptr(StoreTx) tx = store_begin(work->change.store, error);
    if (tx == NULL ||
        !store_put_setting(tx, work->change.workspace_id, SETTING_APPROVAL_REQUIRED,
                           wanted ? "yes" : "no", error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    printf(wanted ? "Policies, selections and the removal of connections wait for a second person "
                    "from now on.\n"
                  : "Changes are made at once.\n");
    return TRUE;
}

/* ---- the command */

static const struct {
    const char *name;
    gboolean (*run)(Work *work, GError **error);
} VERBS[] = {
    {"list", run_list},         {"show", run_show},     {"set", run_set},
    {"propose", run_propose},   {"end", run_end},       {"simulate", run_simulate},
    {"approve", run_approve},   {"refuse", run_refuse}, {"proposals", run_proposals},
    {"second-person", run_ask},
};

static gboolean run_verb(const char *verb, Work *work, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++)
        if (g_str_equal(VERBS[i].name, verb))
            return VERBS[i].run(work, error);
    cli_fail(error, PLUMBLINE_ERROR_USAGE,
             "'%s' is nothing that 'plumbline policy' does; see 'plumbline help policy'", verb);
    return FALSE;
}

int command_policy(const CliGlobals *globals, char **arguments, GError **error)
{
    ReportFormat format = REPORT_TEXT;
    if (!work_choose_format(options.format, options.output, &format, error))
        return 0;
    if (format != REPORT_TEXT && format != REPORT_JSON)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID, "--format: policies come as text or json");
    g_auto(WorkPlace) place = {0};
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    g_auto(PolicyNames) names = {0};
    if (!policy_names_load(&names, place.store, place.workspace_id, error))
        return 0;
    Work work = {.change = {.store = place.store,
                            .workspace_id = place.workspace_id,
                            .now = work_newest_time(place.connections),
                            .by = options.by},
                 .names = names,
                 .as_json = format == REPORT_JSON,
                 .argument = arguments[0] != NULL ? arguments[1] : NULL};
    run_verb(arguments[0] != NULL ? arguments[0] : "list", &work, error);
    return 0;
}
