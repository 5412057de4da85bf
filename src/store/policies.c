/* Approval policies: a row per version, never altered but for its end. */
#include "store/inside.h"

#include <string.h>

const char *policy_scope_name(PolicyScope scope)
{
    static const char *const NAMES[] = {"workspace", "project", "repository"};
    return NAMES[scope];
}

gboolean policy_scope_from_name(const char *name, PolicyScope *ret_scope)
{
    for (guint i = 0; i < POLICY_SCOPE_COUNT; i++) {
        if (g_strcmp0(name, policy_scope_name((PolicyScope) i)) != 0)
            continue;
        *ret_scope = (PolicyScope) i;
        return TRUE;
    }
    return FALSE;
}

void store_policy_free(StorePolicy *policy)
{
    if (policy == NULL)
        return;
    g_free(policy->branch);
    g_free(policy->created_by);
    g_free(policy);
}

/* ---- a new version */

static gboolean fail_invalid(GError **error, const char *sentence)
{
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, sentence);
    return FALSE;
}

gboolean store_check_policy(const StorePolicy *policy, GError **error)
{
    if (policy->least_approvals < 0 || policy->least_approvals > POLICY_APPROVALS_MAX)
        return fail_invalid(error, "A policy asks for 0 to 100 approvals.");
    if (policy->n_required > POLICY_REQUIRED_MAX)
        return fail_invalid(error, "A policy names 32 required approvers at most.");
    if (policy->required_least < 0 || policy->required_least > policy->n_required)
        return fail_invalid(error, "A policy cannot ask for more of its required approvers than it "
                                   "names.");
    for (guint i = 0; i < policy->n_required; i++) {
        const StorePolicyRequired *required = &policy->required[i];
        if (required->least < 1 || required->least > POLICY_APPROVALS_MAX ||
            (!required->is_team && required->least != 1))
            return fail_invalid(error, "A required approver is one person, or 1 to 100 of a team.");
        for (guint k = 0; k < i; k++)
            if (policy->required[k].is_team == required->is_team &&
                policy->required[k].id == required->id)
                return fail_invalid(error, "A required approver is named twice.");
    }
    if (strlen(policy->branch) > LIMIT_NAME)
        return fail_invalid(error, "The branch pattern is too long.");
    return TRUE;
}

typedef struct {
    gint64 policy_id, version;
    UtcTime from, ended;
} Newest;

/* The newest version of the policy for that subject; version 0: none. */
static gboolean find_newest(StoreTx *tx, gint64 workspace_id, const StorePolicy *policy,
                            Newest *ret_newest, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_POLICY_OF_SUBJECT,
                 DB_PARAMS(db_integer(workspace_id), db_text(policy_scope_name(policy->scope)),
                           db_integer(policy->scope_id), db_text(policy->branch)),
                 error);
    if (rows == NULL)
        return FALSE;
    Newest newest = {.ended = TIME_ABSENT};
    if (db_rows_next(rows))
        newest = (Newest){db_column_integer(rows, 0), db_column_integer(rows, 1),
                          db_column_integer(rows, 2), db_column_optional(rows, 3)};
    *ret_newest = newest;
    return db_rows_end(rows, error);
}

static gboolean insert(StoreTx *tx, gint64 workspace_id, const StorePolicy *policy,
                       gint64 policy_id, gint64 version, GError **error)
{
    if (!db_run(tx->db, STATEMENT_POLICY_INSERT,
                DB_PARAMS(db_integer(workspace_id), db_integer(policy_id), db_integer(version),
                          db_text(policy_scope_name(policy->scope)), db_integer(policy->scope_id),
                          db_text(policy->branch), db_integer(policy->from),
                          db_integer(policy->least_approvals), db_integer(policy->required_least),
                          db_flag(policy->author_counts), db_flag(policy->void_on_push),
                          db_flag(policy->builds_must_pass), db_integer(policy->created),
                          db_text(policy->created_by)),
                NULL, error))
        return FALSE;
    for (guint i = 0; i < policy->n_required; i++) {
        const StorePolicyRequired *required = &policy->required[i];
        if (!db_run(tx->db, STATEMENT_POLICY_REQUIRED_INSERT,
                    DB_PARAMS(db_integer(workspace_id), db_integer(policy_id), db_integer(version),
                              db_text(required->is_team ? "team" : "person"),
                              db_integer(required->id), db_integer(required->least)),
                    NULL, error))
            return FALSE;
    }
    return TRUE;
}

/* What the audit log says of merges may be another now. */
static gboolean look_again(StoreTx *tx, gint64 workspace_id, GError **error)
{
    gint64 generation = 0;
    return store_generation(tx, &generation, error) &&
           db_run(tx->db, STATEMENT_AUDIT_TODO_ADD_ALL,
                  DB_PARAMS(db_integer(workspace_id), db_integer(generation)), NULL, error);
}

gboolean store_put_policy(StoreTx *tx, gint64 workspace_id, const StorePolicy *policy,
                          gint64 *ret_policy_id, gint64 *ret_version, GError **error)
{
    Newest newest;
    if (!store_check_policy(policy, error) || !find_newest(tx, workspace_id, policy, &newest, error))
        return FALSE;
    if (newest.version > 0 && (policy->from <= newest.from ||
                               (newest.ended != TIME_ABSENT && policy->from < newest.ended)))
        return fail_invalid(error, "A version of a policy begins after the version before it began "
                                   "and not before that ended; what was in force stays as it was.");
    gint64 policy_id = newest.policy_id;
    if (newest.version == 0 &&
        !db_get_integer(tx->db, STATEMENT_POLICY_NEXT_ID, DB_PARAMS(db_integer(workspace_id)), 1,
                        &policy_id, error))
        return FALSE;
    if (!insert(tx, workspace_id, policy, policy_id, newest.version + 1, error) ||
        !look_again(tx, workspace_id, error))
        return FALSE;
    *ret_policy_id = policy_id;
    *ret_version = newest.version + 1;
    return TRUE;
}

gboolean store_end_policy(StoreTx *tx, gint64 workspace_id, gint64 policy_id, UtcTime at,
                          GError **error)
{
    gint64 affected = 0;
    if (!db_run(tx->db, STATEMENT_POLICY_END,
                DB_PARAMS(db_integer(workspace_id), db_integer(policy_id), db_integer(at)),
                &affected, error))
        return FALSE;
    if (affected == 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "There is no policy %" G_GINT64_FORMAT " that has not ended and began before "
                    "that.",
                    policy_id);
        return FALSE;
    }
    return look_again(tx, workspace_id, error);
}
