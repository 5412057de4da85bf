/*
 * plumbline settings: what is set for a workspace.
 */
#include "cli/commands.h"
#include "cli/work.h"

static struct {
    char *workspace, *format;
} options;

const GOptionEntry COMMAND_SETTINGS_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text or json", "FORMAT"},
    {NULL}};

static void show_one(GString *text, const json_t *setting)
{
    const char *value = json_string_value(json_object_get(setting, "value"));
    g_autofree char *clean = log_printable(value);
    g_string_append_printf(text, "%-20s %s%s\n%21s%s\n",
                           json_string_value(json_object_get(setting, "key")),
                           *clean != '\0' ? clean : "none",
                           json_is_true(json_object_get(setting, "is_set")) ? "" : " (default)", "",
                           json_string_value(json_object_get(setting, "meaning")));
}

static gboolean show(Store *store, gint64 workspace_id, ReportFormat format, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    json_t *list = deliver_settings_json(store, workspace_id, error);
    if (list == NULL)
        return FALSE;
    for (size_t i = 0; format != REPORT_JSON && i < json_array_size(list); i++)
        show_one(text, json_array_get(list, i));
    if (format == REPORT_JSON) {
        json_t *document = json_pack("{sO}", "settings", list);
        char *dump = json_dumps(document, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        g_string_printf(text, "%s\n", dump);
        free(dump);
        json_decref(document);
    }
    json_decref(list);
    return cli_write(NULL, text, error);
}

/* @value NULL: back to the default. Findings rest on settings, so all are looked at anew. */
static gboolean put(Store *store, gint64 workspace_id, const char *key, const char *value,
                    GError **error)
{
    const SettingChange change = {key, value};
    const char *refused;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL &&
           measure_settings_put(tx, store, workspace_id, &change, 1, &refused, error) &&
           insight_invalidate(tx, workspace_id, error) && store_commit(g_steal_pointer(&tx), error);
}

int command_settings(const CliGlobals *globals, char **arguments, GError **error)
{
    ReportFormat format;
    const char *verb = arguments[0];
    gboolean is_set = g_strcmp0(verb, "set") == 0, is_unset = g_strcmp0(verb, "unset") == 0;
    guint wanted = verb == NULL ? 0 : is_set ? 3 : is_unset ? 2 : 0;
    if ((verb != NULL && wanted == 0) || g_strv_length(arguments) != wanted)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "settings: nothing, 'set KEY VALUE' or 'unset KEY'");
    if (!work_choose_format(options.format, NULL, &format, error))
        return 0;
    if (format != REPORT_TEXT && format != REPORT_JSON)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID, "--format: settings come as text or json");
    g_auto(WorkPlace) place = {0};
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    if (verb == NULL)
        show(place.store, place.workspace_id, format, error);
    else
        put(place.store, place.workspace_id, arguments[1], is_set ? arguments[2] : NULL, error);
    return 0;
}
