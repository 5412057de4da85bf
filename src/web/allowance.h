/*
 * allowance: how many requests each caller may send: LIMIT_WEB_BURST at once, and then
 * LIMIT_WEB_RATE a second. Thread-safe. Inside the web room.
 *
 * Kept by the generic cell rate algorithm (ITU-T I.371): one instant for each caller, up to which
 * his allowance is used. At most LIMIT_WEB_THROTTLED callers are kept; those whose allowance is
 * whole again go first, then the one that has used least.
 */
#pragma once

#include "base/base.h"

typedef struct Allowance Allowance;
Allowance *allowance_new(void);
void allowance_free(Allowance *allowance);
/* Takes one request of @name's: 0, or how long until there is one again, and then nothing is taken.
 * @now: monotonic µs. */
Duration allowance_take(Allowance *allowance, const char *name, gint64 now);
/* Requests that were refused since the start. */
guint64 allowance_refused(Allowance *allowance);
