/*
 * approval: whose approval of a pull request counted, by the policy in force at its merge.
 *
 * Part of the room's public header; docs/policies.md has the rules in words. An approval of a
 * person counts from its instant until the same person requests changes or withdraws it, or, where
 * the policy says so, until the source changes. One that Bitbucket's list of participants shows to
 * be withdrawn at an instant nobody knows never counted. Approvals after the merge do not exist.
 */
#pragma once

#include "store/store.h"

typedef enum {
    APPROVAL_COUNTED,
    APPROVAL_OF_BOT,
    APPROVAL_OF_EXCLUDED,
    APPROVAL_OF_AUTHOR, /* whom the policy does not count */
    APPROVAL_WITHDRAWN, /* by the approver */
    APPROVAL_OVERRULED, /* the approver requested changes later */
    APPROVAL_VOIDED,    /* the source changed later, and the policy minds */
    APPROVAL_FATE_COUNT
} ApprovalFate;
const char *approval_fate_name(ApprovalFate fate);  /* "counted", "of-bot" … */
const char *approval_fate_words(ApprovalFate fate); /* why it does not count, for people */

typedef struct {
    gint64 person_id;
    UtcTime at;
    ApprovalFate fate;
    UtcTime ended; /* when it ceased to count; absent: it did not, or nobody knows */
    gboolean is_author;
} Approval;

typedef struct {
    GArray *approvals; /* Approval, by time; a person who approves twice in a row is there once */
    gint64 counted;    /* that stood at the merge (now, while open) */
    UtcTime approved;  /* when the last missing one arrived, after which none was missing until the
                          merge; a policy that asks for none is taken to ask for one. Absent:
                          something was missing */
    gboolean has_enough;      /* counted >= the policy's least_approvals */
    gboolean has_required;    /* required_least of its required approvers are satisfied */
    guint32 missing_required; /* bit i: policy->required[i] is not */
    gboolean is_only_author;  /* all that stood, at least one, are the author's own */
} ApprovalJudgement;
void approval_judgement_clear(ApprovalJudgement *judgement);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApprovalJudgement, approval_judgement_clear)
