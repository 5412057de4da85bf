/*
 * The columns of fact_pr, fact_review and fact_deployment after workspace_id, in their order, each
 * with the field of FactPr, FactReview or FactDeployment and how it is kept. The statements that
 * read them, the declared upserts and the conversions both ways are made from these tables. LATER:
 * found out after the row was written; an upsert that does not know it leaves it.
 */
#pragma once

/* clang-format off */
#define FACT_PR_TABLE(X)                                                                           \
    X(KEY, repository_id, repository_id)                                                           \
    X(KEY, number, number)                                                                         \
    X(INTEGER, definition, definition)                                                             \
    X(STATE, state, state)                                                                         \
    X(FLAG, is_draft, is_draft)                                                                    \
    X(INTEGER, author_id, author_id)                                                               \
    X(FLAG, author_is_bot, author_is_bot)                                                          \
    X(TEXT, destination_branch, destination_branch)                                                \
    X(OPTIONAL, first_commit_at, first_commit)                                                     \
    X(OPTIONAL, opened_at, opened)                                                                 \
    X(OPTIONAL, ready_at, ready)                                                                   \
    X(OPTIONAL, first_review_at, first_review)                                                     \
    X(OPTIONAL, first_bot_review_at, first_bot_review)                                             \
    X(OPTIONAL, approved_at, approved)                                                             \
    X(OPTIONAL, merged_at, merged)                                                                 \
    X(OPTIONAL, declined_at, declined)                                                             \
    X(LATER, released_at, released)                                                                \
    X(OPTIONAL, last_activity_at, last_activity)                                                   \
    X(FLAG, is_merged_estimated, is_merged_estimated)                                              \
    X(FLAG, coding_clamped, coding_clamped)                                                        \
    X(FLAG, review_clamped, review_clamped)                                                        \
    X(OPTIONAL, coding_working, coding_working)                                                    \
    X(OPTIONAL, pickup_working, pickup_working)                                                    \
    X(OPTIONAL, review_working, review_working)                                                    \
    X(OPTIONAL, merge_working, merge_working)                                                      \
    X(OPTIONAL, cycle_working, cycle_working)                                                      \
    X(OPTIONAL, time_to_merge_working, time_to_merge_working)                                      \
    X(OPTIONAL, lines_added, lines_added)                                                          \
    X(OPTIONAL, lines_removed, lines_removed)                                                      \
    X(OPTIONAL, files_changed, files_changed)                                                      \
    X(OPTIONAL, generated_lines, generated_lines)                                                  \
    X(INTEGER, rounds, rounds)                                                                     \
    X(INTEGER, pushes, pushes)                                                                     \
    X(INTEGER, review_comments, review_comments)                                                   \
    X(INTEGER, author_comments, author_comments)                                                   \
    X(INTEGER, bot_comments, bot_comments)                                                         \
    X(INTEGER, reviewers, reviewers)                                                               \
    X(INTEGER, approvals, approvals)                                                               \
    X(OPTIONAL, commits, commits)                                                                  \
    X(FLAG, is_unreviewed, is_unreviewed)                                                          \
    X(FLAG, is_self_merged, is_self_merged)                                                        \
    X(FLAG, is_late_change, is_late_change)                                                        \
    X(TEXT, waiting_on, waiting_on)                                                                \
    X(OPTIONAL, waiting_since_at, waiting_since)

#define FACT_REVIEW_TABLE(X)                                                                       \
    X(KEY, repository_id, repository_id)                                                           \
    X(KEY, number, number)                                                                         \
    X(KEY, reviewer_id, reviewer_id)                                                               \
    X(FLAG, reviewer_is_bot, reviewer_is_bot)                                                      \
    X(FLAG, is_reviewer, is_reviewer)                                                              \
    X(OPTIONAL, asked_at, asked)                                                                   \
    X(OPTIONAL, responded_at, responded)                                                           \
    X(OPTIONAL, turnaround_working, turnaround_working)                                            \
    X(INTEGER, comments, comments)                                                                 \
    X(INTEGER, approvals, approvals)                                                               \
    X(INTEGER, change_requests, change_requests)

#define FACT_DEPLOYMENT_TABLE(X)                                                                   \
    X(KEY, repository_id, repository_id)                                                           \
    X(NAME, key, key)                                                                              \
    X(TEXT, source, source)                                                                        \
    X(TEXT, environment, environment)                                                              \
    X(INTEGER, environment_kind, environment_kind)                                                 \
    X(TEXT, commit_hash, commit_hash)                                                              \
    X(TEXT, url, url)                                                                              \
    X(INTEGER, completed_at, completed)                                                            \
    X(OPTIONAL, restored_at, restored)                                                             \
    X(FLAG, is_successful, is_successful)                                                          \
    X(FLAG, is_failure, is_failure)                                                                \
    X(FLAG, is_rollback, is_rollback)
/* clang-format on */

#define FACT_COLUMN(kind, column, field) ", " #column
#define FACT_PR_COLUMNS                  "workspace_id" FACT_PR_TABLE(FACT_COLUMN)
#define FACT_REVIEW_COLUMNS              "workspace_id" FACT_REVIEW_TABLE(FACT_COLUMN)
#define FACT_DEPLOYMENT_COLUMNS          "workspace_id" FACT_DEPLOYMENT_TABLE(FACT_COLUMN)
