/*
 * Which details of a pull request are owed. Pure: no clock, no store, no network.
 *
 * Builds, tasks and threads cost a request for each pull request, and nothing in a list tells that
 * they changed, so they are read where they are looked at: of what is open, and of what was merged
 * lately.
 */
#pragma once

#include "store/store.h"

#define DETAIL_BUILDS_RECENT (90 * TIME_DAY) /* merged ones that moved since */
#define DETAIL_TASKS_RECENT  (14 * TIME_DAY) /* same; their record counts unresolved tasks only */
#define DETAIL_BUILDS_PROBE  10 /* so many without a build, and the others are left alone */

/* The earliest movement of a closed pull request whose details may be owed. Changes once a day, so
 * that the runs of a day agree. @now TIME_ABSENT: none. */
UtcTime detail_since(UtcTime now);

/* Builds: the source commit is another one than when they were read, the record moved, or, of an
 * open one, they were read yesterday. */
gboolean detail_owes_builds(const StoreDetailCandidate *pull, UtcTime now);
/* Tasks: the record counts others than were read. */
gboolean detail_owes_tasks(const StoreDetailCandidate *pull, UtcTime now);
/* Threads: of an open one with comments on files, when it moved, or was read yesterday. */
gboolean detail_owes_threads(const StoreDetailCandidate *pull, UtcTime now);
