/*
 * throttle: slows down those who guess. Thread-safe.
 *
 * Each name (an address, an account) may fail LIMIT_WEB_FAILURES times in a row; every further
 * failure doubles the wait until the next try, from 2 seconds to 15 minutes. A success, or an hour
 * without a failure, forgets. At most LIMIT_WEB_THROTTLED names are kept; the one that failed
 * longest ago goes first.
 */
#pragma once

#include "base/base.h"

typedef struct Throttle Throttle;
Throttle *throttle_new(void);
void throttle_free(Throttle *throttle);
/* How long until @name may try again; 0: now. @now: monotonic µs. */
Duration throttle_wait(Throttle *throttle, const char *name, gint64 now);
void throttle_failed(Throttle *throttle, const char *name, gint64 now);
void throttle_succeeded(Throttle *throttle, const char *name);
