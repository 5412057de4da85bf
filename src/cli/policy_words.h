/*
 * Inside cli: policies, proposals and simulations in words and as JSON.
 */
#pragma once

#include <jansson.h>

#include "cli/work.h"
#include "insight/insight.h"

/* What policies are about by name, loaded once. */
typedef struct {
    GPtrArray *repositories, *people, *teams; /* StoreRepository, StorePerson, StoreTeam */
} PolicyNames;
gboolean policy_names_load(PolicyNames *names, Store *store, gint64 workspace_id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void policy_names_clear(PolicyNames *names);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PolicyNames, policy_names_clear)
const char *policy_names_repository(const PolicyNames *names, gint64 repository_id);

/* "workspace", "project PAY", "acme/billing". Free with g_free. */
char *policy_where(const PolicyNames *names, const StorePolicy *policy);
/* "main branch", or the pattern. */
const char *policy_branch(const StorePolicy *policy);
/* "2 approvals; ana and 1 of the team security; builds must pass". Free with g_free. */
char *policy_asks(const PolicyNames *names, const StorePolicy *policy);

/* Policies as a table or a JSON array. @versions: StorePolicy; @policy_id 0: the newest version of
 * each, else all versions of that. */
GString *policy_list_text(const PolicyNames *names, const GPtrArray *versions, gint64 policy_id);
GString *policy_list_json(const PolicyNames *names, const GPtrArray *versions, gint64 policy_id);
GString *proposal_list_text(const GPtrArray *proposals);
GString *proposal_list_json(const GPtrArray *proposals);
GString *simulation_text(const PolicyNames *names, const PolicySimulation *simulation, gint days);
GString *simulation_json(const PolicyNames *names, const PolicySimulation *simulation, gint days);

/* Takes @value. */
GString *cli_json_text(json_t *value);
/* "2026-03-01", or the instant where it is not midnight; NULL value where absent. */
json_t *cli_json_time(UtcTime at);
