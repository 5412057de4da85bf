/*
 * Inside insight: how rules are set. A snapshot: what is written later is not in it.
 */
#pragma once

#include "insight/rule.h"

RuleSettings *rule_settings_load(Store *store, gint64 workspace_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
RuleSettings *rule_settings_new(void); /* everything as the tables have it */
RuleSettings *rule_settings_copy(const RuleSettings *settings);
void rule_settings_free(RuleSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleSettings, rule_settings_free)

/* Sets a value in the snapshot alone. @parameter "": on or off. */
void rule_settings_set(RuleSettings *settings, const Rule *rule, gint64 repository_id,
                       const char *parameter, double value);
double rule_settings_value(const RuleSettings *settings, const Rule *rule, gint64 repository_id,
                           const char *parameter_id);
gboolean rule_settings_is_on(const RuleSettings *settings, const Rule *rule, gint64 repository_id);
/* Whether the rule is on somewhere: in the workspace, or in a repository of its own. */
gboolean rule_settings_is_used(const RuleSettings *settings, const Rule *rule);
/* The greatest value of a parameter anywhere. */
double rule_settings_greatest(const RuleSettings *settings, const Rule *rule,
                              const char *parameter_id);
/* The same text for settings that mean the same. For g_free. */
char *rule_settings_fingerprint(const RuleSettings *settings);
/* Whether @value fits the parameter ("" : 0 or 1). INVALID says what would. */
gboolean rule_settings_check(const Rule *rule, const char *parameter, double value, GError **error);
