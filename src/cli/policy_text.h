/*
 * Inside cli: policies, proposals and simulations as text.
 */
#pragma once

#include "cli/work.h"

/* @versions: StorePolicy; @policy_id 0: the newest version of each, else all versions of that. */
GString *policy_list_text(const PolicyNames *names, const GPtrArray *versions, gint64 policy_id);
GString *proposal_list_text(const GPtrArray *proposals);
GString *simulation_text(const PolicyNames *names, const PolicySimulation *simulation, gint days);
