/*
 * policies: approval policies and their simulation, in words and as JSON. Part of the
 * room's public header.
 *
 * What a policy is about has ids; PolicyNames gives them their names and is loaded once for all
 * that is told in one answer. JSON is new and the caller's. Instants are ISO 8601 in UTC; what is
 * absent is null.
 */
#pragma once

#include <jansson.h>

#include "insight/insight.h"

/* ---- names and words */

typedef struct {
    GPtrArray *repositories, *people, *teams; /* StoreRepository, StorePerson, StoreTeam */
} PolicyNames;
gboolean policy_names_load(PolicyNames *names, Store *store, gint64 workspace_id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void policy_names_clear(PolicyNames *names);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PolicyNames, policy_names_clear)
const char *policy_names_repository(const PolicyNames *names, gint64 repository_id);
const char *policy_names_project(const PolicyNames *names, gint64 project_id); /* its key */
const char *policy_names_required(const PolicyNames *names, const StorePolicyRequired *required);
/* The project with this key that a known repository is in. NOT_FOUND. */
gboolean policy_names_find_project(const PolicyNames *names, const char *key,
                                   gint64 *ret_project_id,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "workspace", "project PAY", "acme/billing". Free with g_free. */
char *policy_where(const PolicyNames *names, const StorePolicy *policy);
/* "main branch", or the pattern. */
const char *policy_branch(const StorePolicy *policy);
/* "2 approvals; ana and 1 of the team security; builds must pass". Free with g_free. */
char *policy_asks(const PolicyNames *names, const StorePolicy *policy);
/* "policy for project PAY, main branch: 2 approvals": what a proposal of it is called. Free with
 * g_free. */
char *policy_summary(const PolicyNames *names, const StorePolicy *policy);

/* Whether a version is the newest of its policy. @versions: as in a StorePolicyBook. */
gboolean policy_is_newest(const GPtrArray *versions, guint index);
/* The newest version of a policy; NULL: there is none. */
const StorePolicy *policy_newest_of(const GPtrArray *versions, gint64 policy_id);
/* "coming", "in-force", "replaced" by a later version, or "ended". */
const char *policy_version_state(const GPtrArray *versions, guint index, UtcTime now);

/* ---- JSON */

/* What a policy says, without what its version is. */
json_t *policy_content_json(const PolicyNames *names, const StorePolicy *policy);

/* @policy_id 0: the newest version of each policy, with the version that is in force; else all
 * versions of that one. */
json_t *policy_list_json(const PolicyNames *names, const GPtrArray *versions, gint64 policy_id,
                         UtcTime now);
/* @most: so many merges are listed at most, the newest; 0: all. */
json_t *policy_simulation_json(const PolicyNames *names, const StorePolicy *policy,
                               const PolicySimulation *simulation, gint days, guint most);
