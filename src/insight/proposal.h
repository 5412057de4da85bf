/*
 * proposal: changes that somebody proposes and somebody else decides on. Part of the room's public
 * header.
 *
 * A proposal holds what to do as JSON (its body); deciding and doing are one transaction. Where the
 * workspace asks for it (setting SETTING_APPROVAL_REQUIRED "yes"), policies, selections and
 * connection changes are made by proposal only, and nobody decides on their own.
 */
#pragma once

#include "measure/measure.h"

#define PROPOSAL_OF_POLICY     "policy"
#define PROPOSAL_OF_SELECTION  "selection"
#define PROPOSAL_OF_CONNECTION "connection"
#define PROPOSAL_OF_SETTING    "setting" /* that changes wait at all */

/* Bodies; free with g_free. A policy whose beginning is absent begins when it is approved. */
char *proposal_policy_body(const StorePolicy *policy);
char *proposal_policy_end_body(gint64 policy_id, UtcTime at);  /* absent: when it is approved */
char *proposal_selection_body(const StoreSelectionRule *rule); /* one more rule */
/* All rules anew, in the place of @base: those that there were when it was proposed. Both of
 * StoreSelectionRule. */
char *proposal_selection_set_body(const GPtrArray *rules, const GPtrArray *base);
char *proposal_connection_removal_body(const char *name, gboolean purge);
char *proposal_setting_body(const char *key, const char *value);

/* ---- what a proposal asks for */

StorePolicy *proposal_read_policy(const StoreProposal *proposal); /* NULL: it sets none */
/* policy_id; 0: it ends none. @ret_at absent: when it is approved. */
gint64 proposal_read_policy_end(const StoreProposal *proposal, UtcTime *ret_at);
/* The connection's name; NULL: it removes none. @ret_purge: with what only it brought. Free with
 * g_free. */
char *proposal_read_removal(const StoreProposal *proposal, gboolean *ret_purge);

typedef struct {
    StoreSelectionRule *one_more; /* behind those that there are; NULL: all are set anew */
    GPtrArray *rules, *base;      /* as in proposal_selection_set_body; NULL: one more */
} ProposedSelection;
ProposedSelection *proposal_read_selection(const StoreProposal *proposal); /* NULL: of none */
void proposed_selection_free(ProposedSelection *selection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProposedSelection, proposed_selection_free)
/* Whether it can still be carried out where the rules @now hold. */
gboolean proposed_selection_fits(const ProposedSelection *selection, const GPtrArray *now);

/* ---- deciding */

gboolean proposal_is_required(Store *store, gint64 workspace_id, gboolean *ret_required,
                              GError **error);

/* A decision on its way. Strings are borrowed. */
typedef struct {
    gint64 proposal_id;
    gboolean approve;
    const char *by, *note; /* note NULL: none */
    UtcTime at;
} ProposalDecision;

/* Approves or refuses, and on approval does what the body says. NOT_FOUND; INVALID when it is
 * decided already, when @by proposed it and the workspace asks for a second person, or when it can
 * no longer be done (then it keeps waiting). */
gboolean proposal_decide(Store *store, gint64 workspace_id, const ProposalDecision *decision,
                         GError **error);
/* The same within a transaction of the caller's. */
gboolean proposal_decide_in(Store *store, StoreTx *tx, gint64 workspace_id,
                            const ProposalDecision *decision, GError **error);
