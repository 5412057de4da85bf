/*
 * Who is who: looking, and deciding what no rule can.
 */
#include "cli/commands.h"
#include "cli/work.h"

static struct {
    char *workspace, *format;
} options;

const GOptionEntry COMMAND_IDENTITY_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text or json", "FORMAT"},
    {NULL}};

typedef struct {
    Store *store;
    gint64 workspace_id;
    const char *verb;
    char **names; /* of people, as given */
    ReportFormat format;
} Act;

/* Commits when @good, else rolls back. */
static gboolean finish(StoreTx *tx, gboolean good, GError **error)
{
    if (good)
        return store_commit(tx, error);
    store_rollback(tx);
    return FALSE;
}

/* ---- looking */

/* @text: taken. */
static gboolean write_text(GString *text, GError **error)
{
    gboolean written = text != NULL && cli_write(NULL, text, error);
    if (text != NULL)
        g_string_free(text, TRUE);
    return written;
}

/* @person_id 0: everybody. */
static gboolean show(const Act *act, gint64 person_id, GError **error)
{
    ReportStyle style = work_style(NULL);
    return write_text(
        deliver_render_people(act->store, act->workspace_id, person_id, act->format, &style, error),
        error);
}

static gboolean act_list(const Act *act, GError **error)
{
    return show(act, 0, error);
}

static gboolean act_show(const Act *act, GError **error)
{
    gint64 person_id = 0;
    return store_find_person(act->store, act->workspace_id, act->names[0], &person_id, error) &&
           show(act, person_id, error);
}

static gboolean act_review(const Act *act, GError **error)
{
    ReportStyle style = work_style(NULL);
    return write_text(
        deliver_render_doubts(act->store, act->workspace_id, act->format, &style, error), error);
}

/* ---- merging and splitting */

static gboolean act_merge(const Act *act, GError **error)
{
    gint64 person_id = 0, into_id = 0;
    const char *const names[] = {act->names[0], act->names[1]};
    if (!store_find_person(act->store, act->workspace_id, names[0], &person_id, error) ||
        !store_find_person(act->store, act->workspace_id, names[1], &into_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL || !finish(tx,
                              identity_merge(act->store, tx, act->workspace_id, person_id, into_id,
                                             names, time_now(), error),
                              error))
        return FALSE;
    printf("'%s' and '%s' are one person now. 'plumbline identity split' undoes it.\n", names[0],
           names[1]);
    return TRUE;
}

static gboolean act_split(const Act *act, GError **error)
{
    gint64 person_id = 0;
    if (!store_find_sighting(act->store, act->workspace_id, act->names[0], &person_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL || !finish(tx,
                              identity_split(act->store, tx, act->workspace_id, person_id,
                                             act->names[0], time_now(), error),
                              error))
        return FALSE;
    printf("'%s' is a person of its own again, and no rule will merge the two.\n", act->names[0]);
    return TRUE;
}

static gboolean act_different(const Act *act, GError **error)
{
    gint64 person_id = 0, other_id = 0;
    const char *const names[] = {act->names[0], act->names[1]};
    if (!store_find_sighting(act->store, act->workspace_id, names[0], &person_id, error) ||
        !store_find_sighting(act->store, act->workspace_id, names[1], &other_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL || !finish(tx,
                              identity_tell_apart(act->store, tx, act->workspace_id, person_id,
                                                  other_id, names, time_now(), error),
                              error))
        return FALSE;
    printf("'%s' and '%s' are different people; no rule will merge them.\n", names[0], names[1]);
    return TRUE;
}

/* ---- bots and excluded people */

static gboolean act_mark(const Act *act, GError **error)
{
    static const struct {
        const char *verb, *done;
    } MARKS[] = {
        [IDENTITY_BOT] = {"bot", "counts as a bot"},
        [IDENTITY_HUMAN] = {"human", "counts as a person"},
        [IDENTITY_EXCLUDED] = {"exclude", "is left out of everything"},
        [IDENTITY_INCLUDED] = {"include", "is counted again"},
    };
    gint64 person_id = 0;
    IdentityMark mark = IDENTITY_BOT;
    while (!g_str_equal(act->verb, MARKS[mark].verb))
        mark++;
    if (!store_find_person(act->store, act->workspace_id, act->names[0], &person_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL ||
        !finish(tx, identity_mark(act->store, tx, act->workspace_id, person_id, mark, error),
                error))
        return FALSE;
    printf("'%s' %s from now on; what was computed is computed anew.\n", act->names[0],
           MARKS[mark].done);
    return TRUE;
}

/* ---- */

static const struct {
    const char *verb;
    guint names;
    gboolean (*act)(const Act *act, GError **error);
} VERBS[] = {
    {"list", 0, act_list},    {"show", 1, act_show},   {"review", 0, act_review},
    {"merge", 2, act_merge},  {"split", 1, act_split}, {"different", 2, act_different},
    {"bot", 1, act_mark},     {"human", 1, act_mark},  {"exclude", 1, act_mark},
    {"include", 1, act_mark},
};

int command_identity(const CliGlobals *globals, char **arguments, GError **error)
{
    Act act = {.verb = arguments[0] == NULL ? "list" : arguments[0],
               .names = arguments[0] == NULL ? arguments : arguments + 1};
    gsize verb = 0;
    while (verb < G_N_ELEMENTS(VERBS) && !g_str_equal(VERBS[verb].verb, act.verb))
        verb++;
    if (verb == G_N_ELEMENTS(VERBS))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "identity: '%s' is not one of its words",
                        act.verb);
    if (g_strv_length(act.names) != VERBS[verb].names)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "identity %s: name %s", act.verb,
                        VERBS[verb].names == 0   ? "nobody"
                        : VERBS[verb].names == 1 ? "one person"
                                                 : "two people");
    gboolean as_json = FALSE;
    if (!work_choose_json(options.format, &as_json, error))
        return 0;
    act.format = as_json ? REPORT_JSON : REPORT_TEXT;
    g_auto(WorkPlace) place = {0};
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    act.store = place.store;
    act.workspace_id = place.workspace_id;
    /* The rules first: what they are certain of is not asked. */
    if (measure_refresh(place.store, act.workspace_id, NULL, error))
        VERBS[verb].act(&act, error);
    return 0;
}
