/*
 * handlers: the functions that answer routes from the company. They run with the company's read
 * lock held, after credential, scope and reach were checked; call->repository is set where the
 * route has one.
 */
#pragma once

#include "call.h"
#include "listing.h"

/* What q and sort know of pull requests and of comments. */
extern const FieldRule pull_fields[];
extern const FieldRule comment_fields[];

/* people.c */
void answer_self(Call *call);
void answer_person(Call *call);
void answer_own_workspaces(Call *call);
void answer_workspace(Call *call);
void answer_members(Call *call);
void answer_permissions(Call *call);
void answer_repository_permissions(Call *call);
void answer_own_permission(Call *call);
/* repositories.c */
void answer_projects(Call *call);
void answer_project(Call *call);
void answer_repositories(Call *call);
void answer_repository(Call *call);
/* pulls.c, pull_parts.c */
void answer_pulls(Call *call);
void answer_pulls_of_person(Call *call);
void answer_pull(Call *call);
void answer_pull_commits(Call *call);
void answer_pull_statuses(Call *call);
void answer_pull_diff(Call *call);
void answer_tasks(Call *call);
void answer_comments(Call *call);
void answer_comment(Call *call);
/* activity.c */
void answer_activity(Call *call);
void answer_pull_activity(Call *call);
/* commits.c, refs.c, diffs.c */
void answer_commits(Call *call);
void answer_commit(Call *call);
void answer_commit_comments(Call *call);
void answer_commit_statuses(Call *call);
void answer_commit_pulls(Call *call);
void answer_diffstat(Call *call);
void answer_diff(Call *call);
void answer_refs(Call *call);
void answer_branches(Call *call);
void answer_branch(Call *call);
void answer_tags(Call *call);
/* settings.c */
void answer_branching_model(Call *call);
void answer_default_reviewers(Call *call);
void answer_effective_default_reviewers(Call *call);
void answer_branch_restrictions(Call *call);
void answer_permissions_config_users(Call *call);
void answer_permissions_config_groups(Call *call);
/* pipelines.c */
void answer_pipelines(Call *call);
void answer_pipeline(Call *call);
void answer_steps(Call *call);
void answer_deployments(Call *call);
void answer_environments(Call *call);
/* hooks.c */
void answer_hooks(Call *call);
void answer_hook(Call *call);
void answer_hook_create(Call *call);
void answer_hook_update(Call *call);
void answer_hook_delete(Call *call);
void answer_hook_subjects(Call *call);
void answer_hook_events(Call *call);
