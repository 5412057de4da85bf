#include "bitbucket/budget.h"

#define CAPACITY_LIMIT 1000000

static gint64 minute_of(UtcTime time)
{
    return time / TIME_MINUTE;
}

/* Empties the slots of minutes that have come since the last call. A clock that was set back stays
 * in the newest minute, so that nothing is forgotten early. */
static void advance(Budget *budget, UtcTime now)
{
    gint64 minute = minute_of(now);
    gint64 first = MAX(budget->newest_minute + 1, minute - BUDGET_SLOTS + 1);
    for (gint64 each = first; each <= minute; each++)
        budget->slots[each % BUDGET_SLOTS] = 0;
    budget->newest_minute = MAX(budget->newest_minute, minute);
}

static gint64 spent_in_hour(const Budget *budget)
{
    gint64 spent = 0;
    for (gsize i = 0; i < BUDGET_SLOTS; i++)
        spent += budget->slots[i];
    return spent;
}

/* Puts @spent requests into the 60 minutes up to @as_of, as evenly as whole numbers go. */
static void spread(Budget *budget, gint64 spent, UtcTime as_of)
{
    gint64 newest = minute_of(as_of);
    for (gint64 i = 0; i < 60; i++) {
        gint64 share = spent * (i + 1) / 60 - spent * i / 60;
        gint64 minute = newest - 59 + i;
        if (minute >= 0)
            budget->slots[minute % BUDGET_SLOTS] += share;
    }
}

void budget_init(Budget *budget, const BudgetState *state, gboolean unlimited, UtcTime now)
{
    gboolean kept = state->capacity > 0;
    *budget = (Budget){
        .capacity = kept ? MIN(state->capacity, CAPACITY_LIMIT) : BUDGET_DEFAULT_CAPACITY,
        .spent_ever = state->spent,
        .newest_minute = minute_of(now),
        .last_sent = TIME_ABSENT,
        .paused_until = kept ? state->paused_until : TIME_ABSENT,
        .unlimited = unlimited,
    };
    if (!kept || state->as_of == TIME_ABSENT || state->as_of < 0)
        return;
    UtcTime as_of = MIN(state->as_of, now); /* a state from the future is one of now */
    double missing = (double) budget->capacity - state->available;
    budget->newest_minute = minute_of(as_of);
    spread(budget, (gint64) CLAMP(missing, 0, (double) budget->capacity), as_of);
    advance(budget, now);
}

/* Until the oldest spent tokens come back. */
static Duration until_return(const Budget *budget, UtcTime now)
{
    for (gint64 age = BUDGET_SLOTS - 1; age >= 0; age--) {
        gint64 minute = budget->newest_minute - age;
        if (minute >= 0 && budget->slots[minute % BUDGET_SLOTS] > 0)
            return MAX((minute + BUDGET_SLOTS) * TIME_MINUTE - now, 1);
    }
    return TIME_MINUTE;
}

Duration budget_take(Budget *budget, UtcTime now)
{
    if (budget->paused_until != TIME_ABSENT) {
        if (now < budget->paused_until)
            return budget->paused_until - now;
        budget->paused_until = TIME_ABSENT;
    }
    advance(budget, now);
    if (!budget->unlimited) {
        gint64 available = budget->capacity - spent_in_hour(budget);
        if (available < 1)
            return until_return(budget, now);
        Duration spacing = TIME_HOUR / budget->capacity;
        /* A clock that was set back must not make anybody wait for the old time. */
        gboolean soon = budget->last_sent != TIME_ABSENT && now >= budget->last_sent &&
                        now - budget->last_sent < spacing;
        if (soon && available * 2 <= budget->capacity)
            return budget->last_sent + spacing - now;
    }
    budget->slots[budget->newest_minute % BUDGET_SLOTS]++;
    budget->last_sent = now;
    budget->spent_ever++;
    return 0;
}

void budget_pause(Budget *budget, UtcTime until)
{
    if (budget->paused_until == TIME_ABSENT || budget->paused_until < until)
        budget->paused_until = until;
}

void budget_set_capacity(Budget *budget, gint64 capacity)
{
    if (capacity > 0 && capacity <= CAPACITY_LIMIT)
        budget->capacity = capacity;
}

void budget_state(Budget *budget, UtcTime now, BudgetState *ret_state)
{
    advance(budget, now);
    *ret_state = (BudgetState){
        .capacity = budget->unlimited ? 0 : budget->capacity,
        .available = (double) MAX(budget->capacity - spent_in_hour(budget), 0),
        .as_of = now,
        .paused_until = budget->paused_until,
        .spent = budget->spent_ever,
    };
}
