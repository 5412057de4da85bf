#include "deliver/settings.h"

static json_t *one(const MeasureSetting *setting, const char *value)
{
    return json_pack("{ss ss ss sb ss}", "key", setting->key, "value",
                     value != NULL ? value : setting->initial, "default", setting->initial,
                     "is_set", value != NULL, "meaning", setting->meaning);
}

json_t *deliver_settings_json(Store *store, gint64 workspace_id, GError **error)
{
    json_t *list = json_array();
    for (gsize i = 0; i < measure_setting_count(); i++) {
        const MeasureSetting *setting = measure_setting(i);
        GError *failure = NULL;
        g_autofree char *value = store_get_setting(store, workspace_id, setting->key, &failure);
        if (failure != NULL) {
            g_propagate_error(error, failure);
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, one(setting, value));
    }
    return list;
}
