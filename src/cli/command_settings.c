/*
 * plumbline settings: what is set for a workspace.
 */
#include "cli/commands.h"
#include "cli/work.h"

#include <jansson.h>

static struct {
    char *workspace, *format;
} options;

const GOptionEntry COMMAND_SETTINGS_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text or json", "FORMAT"},
    {NULL}};

/* @value NULL: not set, the initial one holds. */
static void show_one(GString *text, json_t *list, const MeasureSetting *setting, const char *value)
{
    const char *holds = value != NULL ? value : setting->initial;
    json_array_append_new(list, json_pack("{ss ss ss sb ss}", "key", setting->key, "value", holds,
                                          "default", setting->initial, "is_set", value != NULL,
                                          "meaning", setting->meaning));
    g_autofree char *clean = log_printable(holds);
    g_string_append_printf(text, "%-20s %s%s\n%21s%s\n", setting->key,
                           *clean != '\0' ? clean : "none", value != NULL ? "" : " (default)", "",
                           setting->meaning);
}

static gboolean show(Store *store, gint64 workspace_id, ReportFormat format, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    json_t *list = json_array();
    GError *failure = NULL;
    for (gsize i = 0; i < measure_setting_count() && failure == NULL; i++) {
        const MeasureSetting *setting = measure_setting(i);
        g_autofree char *value = store_get_setting(store, workspace_id, setting->key, &failure);
        if (failure == NULL)
            show_one(text, list, setting, value);
    }
    if (failure == NULL && format == REPORT_JSON) {
        json_t *document = json_pack("{sO}", "settings", list);
        char *dump = json_dumps(document, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        g_string_printf(text, "%s\n", dump);
        free(dump);
        json_decref(document);
    }
    json_decref(list);
    if (failure == NULL)
        return cli_write(NULL, text, error);
    g_propagate_error(error, failure);
    return FALSE;
}

/* @value NULL: back to the default. Findings rest on settings, so all are looked at anew. */
static gboolean put(Store *store, gint64 workspace_id, const char *key, const char *value,
                    GError **error)
{
    const char *checked = value;
    for (gsize i = 0; checked == NULL && i < measure_setting_count(); i++)
        if (g_str_equal(measure_setting(i)->key, key))
            checked = measure_setting(i)->initial;
    if (!measure_setting_check(store, workspace_id, key, checked != NULL ? checked : "", error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL && store_put_setting(tx, workspace_id, key, value, error) &&
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
    g_auto(DataFolder) folder = {0};
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    g_autoptr(GPtrArray) connections =
        store == NULL ? NULL : work_connections(store, options.workspace, error);
    if (connections == NULL)
        return 0;
    gint64 workspace_id = ((const StoreConnection *) connections->pdata[0])->workspace_id;
    if (verb == NULL)
        show(store, workspace_id, format, error);
    else
        put(store, workspace_id, arguments[1], is_set ? arguments[2] : NULL, error);
    return 0;
}
