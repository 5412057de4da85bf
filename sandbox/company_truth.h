/*
 * truth: what a pull request's numbers are at the clock's present, from the generator's own
 * knowledge. The definitions are those of docs/metrics.md, implemented here a second time on
 * purpose: the two must agree.
 *
 * For docs/sandbox.md, what truth.json means beyond those definitions:
 * - everything is as of "now"; pull requests opened later are not there;
 * - people who left "as null" before now are null wherever the API shows null, and all of them are
 *   one and the same unknown person; those who became "Former user" keep their uuid. Names in
 *   "people" are the original ones;
 * - "commits" of a pull request: those of its source as of now, oldest first, also when the branch
 *   is gone, the merge was a squash or the source was a fork;
 * - "lines_added", "lines_removed", "files_changed": merge base to source as of now, authored files
 *   alone; "generated_lines" adds up both for generated and vendored files;
 * - "commits" of a repository: how many can be reached from its branches now;
 * - "events": every entry of the activity feed that has a meaning, oldest first, also after the
 *   closing; the first "updated" is the creation. Withdrawn approvals have no entry (as in the real
 *   feed) and entries without content are left out;
 * - "asked": everybody who was asked up to the closing, in the order of asking, without people
 *   shown as null; "asked" is null while the pull request is a draft and open;
 * - "builds": of the source as of now, one per key; "tasks": all that were made by now; "resolved":
 *   when the thread of a comment was resolved, for those that are;
 * - "deployments": by start; "completed" is null while they run;
 * - "strategy": merge_commit, squash, fast_forward; null unless merged.
 */
#pragma once

#include "company_plant.h"

#include <stdio.h>

#define TRUTH_ASKED_MOST 64
#define TRUTH_NOBODY     (-2) /* a person shown as null */

typedef struct {
    gint32 reviewer;
    gint64 asked, responded;
} TruthAsked;

typedef struct {
    gint64 end;                                                           /* closed, or now */
    gint64 ready, first_commit, first_review, first_bot_review, approved; /* NEVER: absent */
    guint rounds, pushes, review_comments, author_comments, bot_comments, approvals, reviewers;
    guint lines_added, lines_removed, files_changed, generated_lines;
    gboolean is_draft, is_unreviewed, is_self_merged, is_late_change;
    TruthAsked asked[TRUTH_ASKED_MOST];
    guint n_asked;
} Truth;

/* The person as the API shows them at @now: TRUTH_NOBODY, or @person. */
gint32 truth_shown_person(const Company *company, gint32 person, gint64 now);

/* The pull request has been opened by @now. */
void truth_find(const Company *company, const CompanyRepository *repository,
                const RepositoryPrivate *own, guint pull, gint64 now, Truth *ret_truth);

/* ---- writing it (company_truth_write.c) */

typedef struct {
    FILE *file;
    GString *text;
    gboolean has_failed;
    const Company *company;
    gint64 now;
} TruthOut;

void truth_put(TruthOut *out, const char *text); /* as it is */
void truth_put_string(TruthOut *out, const char *text);
void truth_put_number(TruthOut *out, gint64 number);
void truth_put_time(TruthOut *out, gint64 at); /* null for the future */
void truth_put_person(TruthOut *out, gint32 person);

/* company_truth_details.c: ,"builds":[…] of the commit @head, ,"tasks":[…] and ,"resolved":{…} of a
 * pull request; ,"deployments":[…] of a repository. The indices save a search per pull request. */
GHashTable *truth_index_builds(const CompanyRepository *repository, gint64 now);
GHashTable *truth_index_tasks(const CompanyRepository *repository, gint64 now);
void truth_put_builds(TruthOut *out, const CompanyRepository *repository, gint32 head,
                      GHashTable *index);
void truth_put_tasks(TruthOut *out, const CompanyRepository *repository, guint pull,
                     GHashTable *index);
void truth_put_resolved(TruthOut *out, const CompanyRepository *repository,
                        const CompanyPull *pull);
void truth_put_deployments(TruthOut *out, const CompanyRepository *repository);

/* company_plant_truth.c: ,"policies":[…],"findings":[…] */
void truth_put_plan(TruthOut *out);
