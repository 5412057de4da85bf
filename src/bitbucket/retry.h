/*
 * retry: how long to wait before asking again. Pure; @random is in [0, 1).
 */
#pragma once

#include "base/base.h"

/* The pause before the @attempt-th retry (from 1): @backoff_ms doubled each time, at most a minute,
 * of which between a half and the whole is taken, so that workers do not come back in step. */
Duration retry_backoff(guint backoff_ms, guint attempt, double random);

/* The pause after a 429: Retry-After (seconds or HTTP date), else x-ratelimit-reset when it can be
 * seconds remaining, else a minute, doubled with each 429 in a row up to 15 minutes; with jitter on
 * top. At most an hour. Either header may be NULL. @now is by the clock that an HTTP date refers
 * to: the answer's own Date where it has one. */
Duration retry_after_rate_limit(const char *retry_after, const char *reset, UtcTime now,
                                guint in_a_row, double random);

/* Answers that may be better the next time: 408, 425 and everything from 500 on. */
gboolean retry_is_transient(long status);
