/*
 * budget: how many requests may be sent, and when the next one.
 *
 * Bitbucket counts a rolling hour. So does this: a request takes one token and the token comes back
 * an hour later (counted in minutes), which means that never more than the capacity is sent in any
 * hour. The first half of the capacity may be spent at once, so that a first report is quick; the
 * other half is given out evenly, one request every hour/capacity, so that work does not stop for
 * the rest of the hour. Pure: the caller brings the clock (UTC, local) and any locking.
 */
#pragma once

#include "bitbucket/bitbucket.h"

#define BUDGET_SLOTS 61 /* the minute under way and the 60 before it */

typedef struct {
    gint64 capacity;
    gint64 spent_ever;
    gint64 slots[BUDGET_SLOTS]; /* requests sent in the minute m stand in slot m % BUDGET_SLOTS */
    gint64 newest_minute;
    UtcTime last_sent;    /* TIME_ABSENT: never */
    UtcTime paused_until; /* TIME_ABSENT: not paused */
    gboolean unlimited;
} Budget;

/* From a kept state. What had been spent then counts as spent evenly over the hour before it: the
 * state does not tell when. */
void budget_init(Budget *budget, const BudgetState *state, gboolean unlimited, UtcTime now);

/* 0: a token was taken, send now. Otherwise: ask again after so long. A pause holds even when
 * unlimited. */
Duration budget_take(Budget *budget, UtcTime now);

/* Nobody sends before @until; an earlier pause is never shortened. */
void budget_pause(Budget *budget, UtcTime until);

/* X-RateLimit-Limit. Values that make no sense are ignored. */
void budget_set_capacity(Budget *budget, gint64 capacity);

void budget_state(Budget *budget, UtcTime now, BudgetState *ret_state);
