/*
 * policies: approval policies with their versions, which repositories are read, proposals that wait
 * for a decision. Part of the store's public header; see store.h for what holds everywhere.
 */
#pragma once

#include "store/store.h"

/* ---- policies */

typedef enum {
    POLICY_WORKSPACE,
    POLICY_PROJECT,
    POLICY_REPOSITORY,
    POLICY_SCOPE_COUNT
} PolicyScope;
const char *policy_scope_name(PolicyScope scope); /* "workspace", "project", "repository" */
gboolean policy_scope_from_name(const char *name, PolicyScope *ret_scope);

#define POLICY_REQUIRED_MAX  32
#define POLICY_APPROVALS_MAX 100

/* Somebody whose approval must be among those given. */
typedef struct {
    gboolean is_team;
    gint64 id;    /* person or team */
    gint64 least; /* of a team: so many of its members; 1 for a person */
} StorePolicyRequired;

/* One version of a policy. It is in force from @from (included) until the next version's @from or
 * @ended (excluded), whichever is earlier. Strings owned by the struct. */
typedef struct {
    gint64 policy_id, version; /* the versions of one (scope, scope_id, branch) share policy_id */
    PolicyScope scope;
    gint64 scope_id; /* project_id, repository_id; 0: the workspace */
    char *branch;    /* glob over the target branch ('*' also matches '/'); "": the main branch */
    UtcTime from, ended; /* ended absent: not ended */
    gint64 least_approvals;
    gint64 required_least; /* so many of @required must be satisfied, at most n_required */
    gboolean author_counts, void_on_push, builds_must_pass;
    UtcTime created; /* when it was written down: from may lie before */
    char *created_by;
    StorePolicyRequired required[POLICY_REQUIRED_MAX];
    guint n_required;
} StorePolicy;
void store_policy_free(StorePolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePolicy, store_policy_free)

/* Whether the numbers of a policy fit each other. INVALID in words. */
gboolean store_check_policy(const StorePolicy *policy, GError **error);
/* Adds a version of the policy for its scope and branch, and gives policy_id and version. Every
 * merged pull request of the workspace is looked at again by the audit log. INVALID when the
 * numbers do not fit or @from is not after the newest version's beginning (and end). */
gboolean store_put_policy(StoreTx *tx, gint64 workspace_id, const StorePolicy *policy,
                          gint64 *ret_policy_id, gint64 *ret_version, GError **error);
/* Ends the newest version at @at. NOT_FOUND; INVALID when it has ended or begins later. */
gboolean store_end_policy(StoreTx *tx, gint64 workspace_id, gint64 policy_id, UtcTime at,
                          GError **error);

/* All versions of all policies with what decides where they apply. Immutable: any thread. */
typedef struct StorePolicyBook StorePolicyBook;
StorePolicyBook *store_load_policies(Store *store, gint64 workspace_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_policy_book_free(StorePolicyBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePolicyBook, store_policy_book_free)
/* StorePolicy by policy and version. Owned by the book. */
const GPtrArray *store_policy_book_versions(const StorePolicyBook *book);
/* The policy for a merge into @branch at @at; NULL: none. Most specific first: repository, project,
 * workspace; then a branch without wildcards, the main branch, a glob with more literal
 * characters. */
const StorePolicy *store_policy_in_force(const StorePolicyBook *book, gint64 repository_id,
                                         const char *branch, UtcTime at);
/* Whether @a goes before @b where both apply; versions of one policy do not. */
gboolean store_policy_precedes(const StorePolicy *a, const StorePolicy *b);
/* Whether @policy would apply to the repository and branch, whatever the time. */
gboolean store_policy_applies(const StorePolicyBook *book, const StorePolicy *policy,
                              gint64 repository_id, const char *branch);
/* Whether @branch is the repository's main branch or one with a policy in force at @at. */
gboolean store_policy_protects(const StorePolicyBook *book, gint64 repository_id,
                               const char *branch, UtcTime at);
/* Whether a policy, in force or not, names @branch by a pattern that is more than wildcards. */
gboolean store_policy_names(const StorePolicyBook *book, gint64 repository_id, const char *branch);
/* The patterns by which policies name branches of the repository, one a line; "": none. Free with
 * g_free. */
char *store_policy_patterns(const StorePolicyBook *book, gint64 repository_id);
/* A text that changes when any policy does: what facts were computed under. Free with g_free. */
char *store_policy_book_fingerprint(const StorePolicyBook *book);

/* ---- which repositories are read */

typedef enum { SELECT_PATTERN, SELECT_PROJECT, SELECT_REPOSITORY } SelectionKind;
const char *selection_kind_name(SelectionKind kind); /* "pattern", "project", "repository" */

/* Of the rules that match a repository the last decides; one that none matches is not read. */
typedef struct {
    gint64 position;
    SelectionKind kind;
    gint64 subject_id; /* project_id, repository_id; 0: a pattern */
    char *text;        /* glob over full name, slug or project key; or the key or name as it was */
    gboolean is_included;
    UtcTime created;
    char *created_by; /* NULL: not told */
} StoreSelectionRule;
void store_selection_rule_free(StoreSelectionRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreSelectionRule, store_selection_rule_free)

/* GPtrArray of StoreSelectionRule, by position. */
GPtrArray *store_list_selection_rules(Store *store, gint64 workspace_id,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds a rule behind the others, or before them, where every other goes over it. An equal one that
 * is there goes. position of @rule is not looked at. */
gboolean store_add_selection_rule(StoreTx *tx, gint64 workspace_id, const StoreSelectionRule *rule,
                                  gboolean in_front, GError **error);
/* Takes all rules away, so that others can be put in their place. What is selected stays so until
 * the next store_apply_selection that finds a rule. */
gboolean store_clear_selection_rules(StoreTx *tx, gint64 workspace_id, GError **error);
/* Makes every repository selected or not as the rules say. Does nothing while there is no rule.
 * @ret_selected, @ret_deselected: how many changed; may be NULL. */
gboolean store_apply_selection(StoreTx *tx, gint64 workspace_id, gint64 *ret_selected,
                               gint64 *ret_deselected, GError **error);
/* What @rules make of a repository. */
gboolean store_selection_matches(const StoreSelectionRule *rule, const StoreRepository *repository);
gboolean store_selection_decides(const GPtrArray *rules, const StoreRepository *repository);

/* ---- proposals */

typedef enum { PROPOSAL_WAITING, PROPOSAL_APPROVED, PROPOSAL_REFUSED } ProposalState;
const char *proposal_state_name(ProposalState state); /* "waiting", "approved", "refused" */

/* Workspace setting: "yes" when policies, selections and connection changes wait for a decision. */
#define SETTING_APPROVAL_REQUIRED "approval.required"

typedef struct {
    gint64 proposal_id;
    char *kind;    /* "policy", "selection", "connection"; the body's owner decides */
    char *summary; /* a sentence for people */
    char *body;    /* JSON, what is carried out on approval */
    ProposalState state;
    char *proposed_by, *decided_by, *note; /* decided_by and note NULL while waiting */
    UtcTime proposed, decided;
} StoreProposal;
void store_proposal_free(StoreProposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreProposal, store_proposal_free)

/* Adds a waiting proposal: kind, summary, body, proposed_by and proposed are taken. */
gboolean store_add_proposal(StoreTx *tx, gint64 workspace_id, const StoreProposal *proposal,
                            gint64 *ret_proposal_id, GError **error);
/* Decides a waiting one. NOT_FOUND; INVALID when it is decided already. What it asks for is carried
 * out by the caller in the same transaction. */
gboolean store_decide_proposal(StoreTx *tx, gint64 workspace_id, gint64 proposal_id,
                               ProposalState state, const char *decided_by, UtcTime at,
                               const char *note, GError **error);
/* How many wait. */
gboolean store_count_proposals(Store *store, gint64 workspace_id, gint64 *ret_waiting,
                               GError **error);
/* GPtrArray of StoreProposal, the newest first. */
GPtrArray *store_list_proposals(Store *store, gint64 workspace_id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
