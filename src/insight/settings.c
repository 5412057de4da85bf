#include "insight/settings.h"

#include "insight/insight.h"

#include <math.h>
#include <string.h>

/* "repository/rule/parameter" -> double. Settings are few; lookups are for each pull request and
 * rule, so most end at an empty table. */
struct RuleSettings {
    GHashTable *values;
};

static char *key_of(gint64 repository_id, const char *rule, const char *parameter)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "/%s/%s", repository_id, rule, parameter);
}

RuleSettings *rule_settings_new(void)
{
    RuleSettings *settings = g_new0(RuleSettings, 1);
    settings->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return settings;
}

void rule_settings_free(RuleSettings *settings)
{
    if (settings == NULL)
        return;
    g_hash_table_unref(settings->values);
    g_free(settings);
}

static void set(RuleSettings *settings, gint64 repository_id, const char *rule,
                const char *parameter, double value)
{
    double *kept = g_new(double, 1);
    *kept = value;
    g_hash_table_replace(settings->values, key_of(repository_id, rule, parameter), kept);
}

void rule_settings_set(RuleSettings *settings, const Rule *rule, gint64 repository_id,
                       const char *parameter, double value)
{
    set(settings, repository_id, rule->id, parameter, value);
}

RuleSettings *rule_settings_copy(const RuleSettings *settings)
{
    RuleSettings *copy = rule_settings_new();
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, settings->values);
    while (g_hash_table_iter_next(&iter, &key, &value))
        g_hash_table_replace(copy->values, g_strdup(key), g_memdup2(value, sizeof(double)));
    return copy;
}

RuleSettings *rule_settings_load(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(GPtrArray) rows = store_list_rule_settings(store, workspace_id, error);
    if (rows == NULL)
        return NULL;
    RuleSettings *settings = rule_settings_new();
    for (guint i = 0; i < rows->len; i++) {
        const StoreRuleSetting *row = g_ptr_array_index(rows, i);
        set(settings, row->repository_id, row->rule, row->parameter, row->value);
    }
    return settings;
}

/* ---- looking up */

static const double *find(const RuleSettings *settings, gint64 repository_id, const char *rule,
                          const char *parameter)
{
    if (g_hash_table_size(settings->values) == 0)
        return NULL;
    g_autofree char *key = key_of(repository_id, rule, parameter);
    const double *value = g_hash_table_lookup(settings->values, key);
    if (value != NULL || repository_id == 0)
        return value;
    g_autofree char *workspace = key_of(0, rule, parameter);
    return g_hash_table_lookup(settings->values, workspace);
}

double rule_settings_value(const RuleSettings *settings, const Rule *rule, gint64 repository_id,
                           const char *parameter_id)
{
    const RuleParameter *parameter = rule_parameter(rule, parameter_id);
    g_assert(parameter != NULL);
    const double *value = find(settings, repository_id, rule->id, parameter_id);
    /* What an older version allowed may be out of today's range. */
    return value == NULL ? parameter->initial
                         : CLAMP(*value, parameter->least, parameter->greatest);
}

gboolean rule_settings_is_on(const RuleSettings *settings, const Rule *rule, gint64 repository_id)
{
    const double *value = find(settings, repository_id, rule->id, "");
    return value == NULL ? !rule->is_off : *value != 0;
}

/* Calls for each setting of the rule's parameter in some repository of its own. */
typedef void (*ValueTaker)(double value, gpointer user_data);

static void each_value(const RuleSettings *settings, const Rule *rule, const char *parameter,
                       ValueTaker take, gpointer user_data)
{
    g_autofree char *end = g_strdup_printf("/%s/%s", rule->id, parameter);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, settings->values);
    while (g_hash_table_iter_next(&iter, &key, &value))
        if (strcmp(strchr(key, '/'), end) == 0)
            take(*(double *) value, user_data);
}

static void take_on(double value, gpointer user_data)
{
    *(gboolean *) user_data |= value != 0;
}

gboolean rule_settings_is_used(const RuleSettings *settings, const Rule *rule)
{
    gboolean used = rule_settings_is_on(settings, rule, 0);
    if (!used)
        each_value(settings, rule, "", take_on, &used);
    return used;
}

static void take_greatest(double value, gpointer user_data)
{
    *(double *) user_data = fmax(*(double *) user_data, value);
}

double rule_settings_greatest(const RuleSettings *settings, const Rule *rule,
                              const char *parameter_id)
{
    double greatest = rule_settings_value(settings, rule, 0, parameter_id);
    each_value(settings, rule, parameter_id, take_greatest, &greatest);
    return fmin(greatest, rule_parameter(rule, parameter_id)->greatest);
}

char *rule_settings_fingerprint(const RuleSettings *settings)
{
    g_autoptr(GList) keys = g_hash_table_get_keys(settings->values);
    keys = g_list_sort(keys, (GCompareFunc) strcmp);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (GList *link = keys; link != NULL; link = link->next) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        const double *value = g_hash_table_lookup(settings->values, link->data);
        g_ascii_dtostr(number, sizeof number, *value);
        g_checksum_update(checksum, link->data, -1);
        g_checksum_update(checksum, (const guchar *) "=", 1);
        g_checksum_update(checksum, (const guchar *) number, (gssize) strlen(number) + 1);
    }
    return g_strdup(g_checksum_get_string(checksum));
}

gboolean rule_settings_check(const Rule *rule, const char *parameter_id, double value,
                             GError **error)
{
    if (parameter_id[0] == '\0') {
        if (value == 0 || value == 1)
            return TRUE;
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "the rule %s is on (1) or off (0), not %g", rule->id, value);
        return FALSE;
    }
    const RuleParameter *parameter = rule_parameter(rule, parameter_id);
    if (parameter == NULL) {
        g_autoptr(GString) known = g_string_new(NULL);
        for (const RuleParameter *p = rule->parameters; p->id != NULL; p++)
            g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", p->id);
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "the rule %s has no parameter '%s'; it has %s", rule->id, parameter_id,
                    known->len > 0 ? known->str : "none");
        return FALSE;
    }
    if (isfinite(value) && value >= parameter->least && value <= parameter->greatest)
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "%s of the rule %s: %g is not between %g and %g %s", parameter_id, rule->id, value,
                parameter->least, parameter->greatest, rule_unit_name(parameter->unit));
    return FALSE;
}

/* ---- what rules call */

double rule_value(const Rule *rule, const RuleScene *scene, gint64 repository_id,
                  const char *parameter_id)
{
    return rule_settings_value(scene->settings, rule, repository_id, parameter_id);
}

Duration rule_span(const Rule *rule, const RuleScene *scene, gint64 repository_id,
                   const char *parameter_id)
{
    const RuleParameter *parameter = rule_parameter(rule, parameter_id);
    g_assert(parameter != NULL &&
             (parameter->unit == RULE_UNIT_HOURS || parameter->unit == RULE_UNIT_DAYS));
    Duration unit = parameter->unit == RULE_UNIT_DAYS ? TIME_DAY : TIME_HOUR;
    return (Duration) llround(rule_value(rule, scene, repository_id, parameter_id) * (double) unit);
}

gboolean rule_is_on(const Rule *rule, const RuleScene *scene, gint64 repository_id)
{
    return rule_settings_is_on(scene->settings, rule, repository_id);
}

/* ---- for those outside */

gboolean insight_set(Store *store, gint64 workspace_id, gint64 repository_id, const Rule *rule,
                     const char *parameter, const double *value, GError **error)
{
    double tried = value != NULL          ? *value
                   : parameter[0] == '\0' ? 0
                   : rule_parameter(rule, parameter) != NULL
                       ? rule_parameter(rule, parameter)->initial
                       : 0;
    if (!rule_settings_check(rule, parameter, tried, error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL &&
           store_put_rule_setting(tx, workspace_id, repository_id, rule->id, parameter, value,
                                  error) &&
           store_commit(g_steal_pointer(&tx), error);
}

RuleSettings *insight_settings(Store *store, gint64 workspace_id, GError **error)
{
    return rule_settings_load(store, workspace_id, error);
}

void insight_settings_free(RuleSettings *settings)
{
    rule_settings_free(settings);
}

gboolean insight_is_on(const RuleSettings *settings, const Rule *rule, gint64 repository_id)
{
    return rule_settings_is_on(settings, rule, repository_id);
}

double insight_value(const RuleSettings *settings, const Rule *rule, gint64 repository_id,
                     const char *parameter)
{
    return rule_settings_value(settings, rule, repository_id, parameter);
}
