/*
 * proposals: changes that wait for a decision, in words and as JSON. Part of the room's public
 * header.
 */
#pragma once

#include "deliver/policies.h"

/* "read 2 more repositories (acme/a, acme/b) and 1 no longer (acme/old)": what the rules would
 * change, of StoreSelectionRule. Free with g_free. */
char *selection_summary(const GPtrArray *repositories, const GPtrArray *rules);

json_t *proposal_json(const StoreProposal *proposal);
json_t *proposal_list_json(const GPtrArray *proposals);

/* What surrounds a proposal that waits. */
typedef struct {
    const PolicyNames *names;
    const GPtrArray *versions; /* StorePolicy, as in a StorePolicyBook */
    const GPtrArray *rules;    /* StoreSelectionRule, that hold now */
} ProposalScene;
/* As proposal_json, and for one that waits "change": what it would change. */
json_t *proposal_change_json(const ProposalScene *scene, const StoreProposal *proposal);
