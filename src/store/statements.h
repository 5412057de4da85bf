/*
 * Every SQL statement of Plumbline by name; the texts stand in statements.c, one for all engines.
 * Upserts of rows in bulk are declared in bulk.c instead.
 */
#pragma once

#include <glib.h>

#define STATEMENT_NAMES(X)                                                                         \
    X(MIGRATION_VERSION)                                                                           \
    X(MIGRATION_RECORD)                                                                            \
    X(COUNTER_BUMP)                                                                                \
    X(COUNTER_GET)                                                                                 \
    X(KEY_GET)                                                                                     \
    X(KEY_PUT)                                                                                     \
    X(SETTING_GET)                                                                                 \
    X(SETTING_PUT)                                                                                 \
    X(SETTING_DELETE)                                                                              \
    X(WORKSPACE_PUT)                                                                               \
    X(CONNECTION_UPDATE)                                                                           \
    X(CONNECTION_INSERT)                                                                           \
    X(CONNECTION_LIST)                                                                             \
    X(CONNECTION_HISTORY)                                                                          \
    X(CONNECTION_SETUP)                                                                            \
    X(CONNECTION_ADOPT_REPOSITORY)                                                                 \
    X(CONNECTION_SECRET)                                                                           \
    X(CONNECTION_DELETE)                                                                           \
    X(CONNECTION_DELETE_BUDGET)                                                                    \
    X(CONNECTION_RELEASE_REPOSITORIES)                                                             \
    X(REPOSITORY_LIST)                                                                             \
    X(REPOSITORY_SELECT)                                                                           \
    X(REPOSITORY_STATE)                                                                            \
    X(REPOSITORY_MAIN_BRANCH)                                                                      \
    X(REPOSITORY_MAIN_BRANCH_PUT)                                                                  \
    X(PERSON_PUT)                                                                                  \
    X(PERSON_LIST)                                                                                 \
    X(PERSON_MARK)                                                                                 \
    X(IDENTITY_GET)                                                                                \
    X(IDENTITY_PUT)                                                                                \
    X(IDENTITY_PUT_WEAK)                                                                           \
    X(IDENTITY_LIST)                                                                               \
    X(IDENTITY_FIND)                                                                               \
    X(ALIAS_LIST)                                                                                  \
    X(ALIAS_PUT)                                                                                   \
    X(ALIAS_DELETE)                                                                                \
    X(ALIAS_OF)                                                                                    \
    X(DISTINCT_LIST)                                                                               \
    X(DISTINCT_PUT)                                                                                \
    X(DISTINCT_DELETE)                                                                             \
    X(AUTHORSHIP_LIST)                                                                             \
    X(AUTHORSHIP_LIST_TODO)                                                                        \
    X(TOLD_ACCOUNT_PUT)                                                                            \
    X(TOLD_ACCOUNT_LIST)                                                                           \
    X(TEAM_LIST)                                                                                   \
    X(TEAM_INSERT)                                                                                 \
    X(TEAM_UPDATE)                                                                                 \
    X(TEAM_DELETE)                                                                                 \
    X(MEMBER_LIST)                                                                                 \
    X(MEMBER_PUT)                                                                                  \
    X(MEMBER_OVERLAP)                                                                              \
    X(MEMBER_AT)                                                                                   \
    X(MEMBER_END)                                                                                  \
    X(MEMBER_DELETE)                                                                               \
    X(MEMBER_DELETE_ALL)                                                                           \
    X(HOLIDAY_LIST)                                                                                \
    X(HOLIDAY_PUT)                                                                                 \
    X(HOLIDAY_DELETE)                                                                              \
    X(PULL_REQUEST_GET)                                                                            \
    X(PULL_REQUEST_PEOPLE)                                                                         \
    X(PULL_REQUEST_LABEL)                                                                          \
    X(PULL_REQUEST_COMMITS_STATE)                                                                  \
    X(PULL_REQUEST_FILES_STATE)                                                                    \
    X(PULL_REQUEST_UNKNOWN)                                                                        \
    X(RANGE_TASKS)                                                                                 \
    X(EVENT_NAMED_TWIN)                                                                            \
    X(EVENT_DROP_NAMELESS_TWIN)                                                                    \
    X(EVENT_NAME_ACTOR)                                                                            \
    X(EVENT_COMMENTS)                                                                              \
    X(EVENT_DELETE_COMMENT)                                                                        \
    X(EVENT_REOPEN_COMMENT)                                                                        \
    X(READING_PUT)                                                                                 \
    X(DETAIL_MARK)                                                                                 \
    X(DETAIL_CANDIDATES)                                                                           \
    X(COMMIT_FROM_API)                                                                             \
    X(CURSOR_GET)                                                                                  \
    X(CURSOR_PUT)                                                                                  \
    X(FIRST_READINGS)                                                                              \
    X(SIGHTING_PUT)                                                                                \
    X(SIGHTING_FORGET)                                                                             \
    X(PURGE_PLAN)                                                                                  \
    X(PURGE_KEPT)                                                                                  \
    X(PURGE_AUDIT)                                                                                 \
    X(PURGE_MARK)                                                                                  \
    X(PURGE_WORKSPACES)                                                                            \
    X(PURGE_LIST)                                                                                  \
    X(PURGE_FACT_TODO)                                                                             \
    X(PURGE_FINDING_TODO)                                                                          \
    X(PURGE_MERGE_AUDIT_TODO)                                                                      \
    X(PURGE_DELIVERY_TODO)                                                                         \
    X(PURGE_FACT_REVIEW)                                                                           \
    X(PURGE_FACT_PR)                                                                               \
    X(PURGE_FACT_DEPLOYMENT)                                                                       \
    X(PURGE_MERGE_TRIAL)                                                                           \
    X(PURGE_PR_READING)                                                                            \
    X(PURGE_SYNC_DETAIL)                                                                           \
    X(PURGE_PR_BUILD)                                                                              \
    X(PURGE_PR_TASK)                                                                               \
    X(PURGE_PR_PARTICIPANT)                                                                        \
    X(PURGE_PR_EVENT)                                                                              \
    X(PURGE_PR_COMMIT)                                                                             \
    X(PURGE_PR_FILE)                                                                               \
    X(PURGE_PULL_REQUEST)                                                                          \
    X(PURGE_COMMIT_FILE)                                                                           \
    X(PURGE_MAIN_CHANGE)                                                                           \
    X(PURGE_GIT_COMMIT)                                                                            \
    X(PURGE_BRANCH)                                                                                \
    X(PURGE_DEPLOYMENT)                                                                            \
    X(PURGE_PIPELINE)                                                                              \
    X(PURGE_ENVIRONMENT)                                                                           \
    X(PURGE_FINDING_MUTE)                                                                          \
    X(PURGE_RULE_SETTING)                                                                          \
    X(PURGE_QUARANTINE)                                                                            \
    X(PURGE_SYNC_PROBLEM)                                                                          \
    X(PURGE_EVIDENCE)                                                                              \
    X(PURGE_FINDING_EVIDENCE)                                                                      \
    X(PURGE_FINDING_EVENT)                                                                         \
    X(PURGE_FINDING)                                                                               \
    X(PURGE_CURSORS)                                                                               \
    X(PURGE_RULES)                                                                                 \
    X(PURGE_SEEN)                                                                                  \
    X(PURGE_SPARE)                                                                                 \
    X(PURGE_REPOSITORY)                                                                            \
    X(PURGE_PEOPLE)                                                                                \
    X(PURGE_IDENTITY)                                                                              \
    X(PURGE_ACCOUNT)                                                                               \
    X(PURGE_ALIAS)                                                                                 \
    X(PURGE_PERSON)                                                                                \
    X(PURGE_PROJECTS)                                                                              \
    X(BUDGET_GET)                                                                                  \
    X(BUDGET_PUT)                                                                                  \
    X(PROBLEM_PUT)                                                                                 \
    X(PROBLEM_CLEAR)                                                                               \
    X(PROBLEM_CLEAR_ALL)                                                                           \
    X(PROBLEM_LIST)                                                                                \
    X(QUARANTINE_PUT)                                                                              \
    X(QUARANTINE_LIST)                                                                             \
    X(TODO_ADD)                                                                                    \
    X(TODO_ADD_BY_COMMIT)                                                                          \
    X(TODO_ADD_BY_MERGE)                                                                           \
    X(TODO_ADD_BY_AUTHOR)                                                                          \
    X(TODO_ADD_BY_PARTICIPANT)                                                                     \
    X(TODO_ADD_BY_ACTOR)                                                                           \
    X(TODO_ADD_BY_SUBJECT)                                                                         \
    X(TODO_ADD_ALL)                                                                                \
    X(TODO_ADD_OF)                                                                                 \
    X(TODO_LIST)                                                                                   \
    X(TODO_COUNT)                                                                                  \
    X(TODO_DONE)                                                                                   \
    X(VISIT_PULL_REQUESTS)                                                                         \
    X(VISIT_PARTICIPANTS)                                                                          \
    X(VISIT_EVENTS)                                                                                \
    X(VISIT_COMMITS)                                                                               \
    X(VISIT_FILES)                                                                                 \
    X(VISIT_READINGS)                                                                              \
    X(VISIT_BUILDS)                                                                                \
    X(VISIT_TASKS)                                                                                 \
    X(DEPLOYMENT_LIST)                                                                             \
    X(DEPLOYMENT_LIST_OF)                                                                          \
    X(DEPLOYMENT_UNFINISHED)                                                                       \
    X(PIPELINE_LIST)                                                                               \
    X(PIPELINE_LIST_OF)                                                                            \
    X(PIPELINE_UNFINISHED)                                                                         \
    X(FACT_LIST)                                                                                   \
    X(REVIEW_LIST)                                                                                 \
    X(MAIN_CHANGE_DELETE)                                                                          \
    X(MAIN_CHANGE_BRANCHES)                                                                        \
    X(MAIN_CHANGE_ATTRIBUTE)                                                                       \
    X(MAIN_CHANGE_SETTLE)                                                                          \
    X(MAIN_CHANGE_LIST)                                                                            \
    X(DIRECT_PUSH_LIST)                                                                            \
    X(BRANCH_LIST)                                                                                 \
    X(MERGE_TASKS)                                                                                 \
    X(MERGE_TRIAL_PUT)                                                                             \
    X(CONFLICT_LIST)                                                                               \
    X(CONFLICT_GET)                                                                                \
    X(FILE_CHANGE_LIST)                                                                            \
    X(LAST_COMMIT_LIST)                                                                            \
    X(HISTORY_COUNT)                                                                               \
    X(COMMIT_LIST)                                                                                 \
    X(POLICY_NEXT_ID)                                                                              \
    X(POLICY_OF_SUBJECT)                                                                           \
    X(POLICY_INSERT)                                                                               \
    X(POLICY_REQUIRED_INSERT)                                                                      \
    X(POLICY_END)                                                                                  \
    X(POLICY_LIST)                                                                                 \
    X(POLICY_REQUIRED_LIST)                                                                        \
    X(SELECTION_LIST)                                                                              \
    X(SELECTION_INSERT)                                                                            \
    X(SELECTION_DROP_EQUAL)                                                                        \
    X(SELECTION_FIRST)                                                                             \
    X(SELECTION_NEXT)                                                                              \
    X(SELECTION_CLEAR)                                                                             \
    X(PROPOSAL_INSERT)                                                                             \
    X(PROPOSAL_NEXT)                                                                               \
    X(PROPOSAL_STATE)                                                                              \
    X(PROPOSAL_DECIDE)                                                                             \
    X(PROPOSAL_COUNT_WAITING)                                                                      \
    X(PROPOSAL_LIST)                                                                               \
    X(AUDIT_NEWEST)                                                                                \
    X(AUDIT_INSERT)                                                                                \
    X(AUDIT_LIST)                                                                                  \
    X(AUDIT_ROW)                                                                                   \
    X(AUDIT_OF_PULL_REQUEST)                                                                       \
    X(AUDIT_TODO_ADD)                                                                              \
    X(AUDIT_TODO_ADD_ALL)                                                                          \
    X(AUDIT_TODO_LIST)                                                                             \
    X(AUDIT_TODO_DONE)                                                                             \
    X(DELIVERY_TODO_ADD)                                                                           \
    X(DELIVERY_TODO_LIST)                                                                          \
    X(DELIVERY_TODO_DONE)                                                                          \
    X(DELIVERY_COMMITS)                                                                            \
    X(DELIVERY_MERGES)                                                                             \
    X(DELIVERY_RELEASED)                                                                           \
    X(DELIVERY_LIST)                                                                               \
    X(REPOSITORY_RELEASE)                                                                          \
    X(FINDING_LIST)                                                                                \
    X(FINDING_GET)                                                                                 \
    X(FINDING_EVIDENCE_LIST)                                                                       \
    X(FINDING_EVIDENCE_GET)                                                                        \
    X(FINDING_EVENT_LAST)                                                                          \
    X(FINDING_EVENT_ADD)                                                                           \
    X(FINDING_EVENT_LIST)                                                                          \
    X(MUTE_PUT)                                                                                    \
    X(MUTE_DELETE)                                                                                 \
    X(MUTE_LIST)                                                                                   \
    X(RULE_SETTING_PUT)                                                                            \
    X(RULE_SETTING_DELETE)                                                                         \
    X(RULE_SETTING_LIST)                                                                           \
    X(FINDING_TODO_ADD)                                                                            \
    X(FINDING_TODO_LAST)                                                                           \
    X(FINDING_TODO_FORGET)                                                                         \
    X(EVALUATION_ALL)                                                                              \
    X(EVALUATION_CHANGED)                                                                          \
    X(OPEN_SINCE)                                                                                  \
    X(ACCOUNT_PUT)                                                                                 \
    X(ACCOUNT_BY_EMAIL)                                                                            \
    X(ACCOUNT_GET)                                                                                 \
    X(ACCOUNT_LIST)                                                                                \
    X(ACCOUNT_COUNT)                                                                               \
    X(ACCOUNT_COUNT_ROLE)                                                                          \
    X(ACCOUNT_OTHER)                                                                               \
    X(SESSION_PUT)                                                                                 \
    X(SESSION_GET)                                                                                 \
    X(SESSION_LIST)                                                                                \
    X(SESSION_DELETE)                                                                              \
    X(SESSION_DELETE_OTHERS)                                                                       \
    X(SESSION_DELETE_EXPIRED)                                                                      \
    X(INVITATION_PUT)                                                                              \
    X(INVITATION_GET)                                                                              \
    X(INVITATION_LIST)                                                                             \
    X(INVITATION_DELETE)                                                                           \
    X(INVITATION_DELETE_EXPIRED)                                                                   \
    X(API_TOKEN_PUT)                                                                               \
    X(API_TOKEN_GET)                                                                               \
    X(API_TOKEN_LIST)                                                                              \
    X(API_TOKEN_LIST_ALL)                                                                          \
    X(API_TOKEN_DELETE)                                                                            \
    X(API_TOKEN_DELETE_EXPIRED)                                                                    \
    X(ADMIN_ACT_ADD)                                                                               \
    X(ADMIN_ACT_LIST)                                                                              \
    X(ADMIN_ACT_KINDS)                                                                             \
    X(ADMIN_ACT_ACTORS)

typedef enum {
#define X(name) STATEMENT_##name,
    STATEMENT_NAMES(X)
#undef X
        STATEMENT_COUNT
} StatementId;

const char *statement_name(StatementId id); /* "CURSOR_GET" */
const char *statement_text(StatementId id);

/* Tables that take rows in bulk; declared in bulk.c. */
typedef enum {
    BULK_PROJECT,
    BULK_REPOSITORY,
    BULK_PULL_REQUEST,
    BULK_PR_PARTICIPANT,
    BULK_PR_EVENT,
    BULK_GIT_COMMIT,
    BULK_COMMIT_FILE,
    BULK_PR_COMMIT,
    BULK_PR_FILE,
    BULK_MAIN_CHANGE,
    BULK_BRANCH,
    BULK_PR_BUILD,
    BULK_PR_TASK,
    BULK_ENVIRONMENT,
    BULK_DEPLOYMENT,
    BULK_PIPELINE,
    BULK_FACT_PR,
    BULK_FACT_REVIEW,
    BULK_FACT_DEPLOYMENT,
    BULK_FINDING,
    BULK_FINDING_EVIDENCE,
    BULK_COUNT
} BulkId;
