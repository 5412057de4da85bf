/*
 * Inside measure: policies and teams as facts need them, and the replay of approvals.
 */
#pragma once

#include "measure/facts.h"

/* Policies, who belonged to which team when, who is who. Immutable. */
typedef struct ApprovalBook ApprovalBook;
/* Takes @policies; copies @members (StoreTeamMember; NULL: none). Knows no aliases. */
ApprovalBook *approval_book_new(StorePolicyBook *policies, const GArray *members);
ApprovalBook *approval_book_load(Store *store, gint64 workspace_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void approval_book_free(ApprovalBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApprovalBook, approval_book_free)
const StorePolicyBook *approval_book_policies(const ApprovalBook *book);
const char *approval_book_team_name(const ApprovalBook *book, gint64 team_id);
/* A text that changes when what is judged by changes: policies, and teams where one is required.
 * Free with g_free. */
char *approval_book_fingerprint(const ApprovalBook *book);

/* The policy that decides on a pull request that closed at @closed (G_MAXINT64: open, the newest
 * one that has no end). NULL: none. */
const StorePolicy *approval_policy_of(const ApprovalBook *book, const StorePullRequest *row,
                                      UtcTime closed);

/* Judges by @policy. @row with the events that @history was replayed from. */
void approvals_replay(const ApprovalBook *book, const StorePolicy *policy,
                      const StorePullRequest *row, const PrHistory *history,
                      ApprovalJudgement *ret_judgement);
/* The same from a row alone. */
void approvals_judge(const ApprovalBook *book, const StorePolicy *policy,
                     const StorePullRequest *row, const PeopleRoles *roles,
                     ApprovalJudgement *ret_judgement);
