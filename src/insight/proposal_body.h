/*
 * proposal_body: the JSON of proposals. Inside the insight room; proposal.h has what others need.
 */
#pragma once

#include <jansson.h>

#include "insight/proposal.h"

/* NULL: the proposal is of another kind, or its body is no JSON. */
json_t *proposal_read_body(const StoreProposal *proposal, const char *kind);
