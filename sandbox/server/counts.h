/*
 * counts: how many requests came, per token and kind of route. Any thread.
 */
#pragma once

#include "call.h"

Counts *counts_new(void);
void counts_free(Counts *counts);
void counts_add(Counts *counts, const Call *call);
/* Under a name that no route has, such as "git". */
void counts_add_named(Counts *counts, const Call *call, const char *kind);
void counts_reset(Counts *counts);
/* {"total":n,"tokens":{token:{"total":n,"routes":{route:n}}}}; "anonymous" where no credential was
 * accepted. */
json_t *counts_describe(Counts *counts);
