#include "sync/detail_plan.h"

#include "sync/plan.h"

UtcTime detail_since(UtcTime now)
{
    return now != TIME_ABSENT ? now - now % TIME_DAY - DETAIL_BUILDS_RECENT : G_MAXINT64;
}

static gboolean moved_within(const StoreDetailCandidate *pull, UtcTime now, Duration recent)
{
    return now != TIME_ABSENT && pull->updated >= now - now % TIME_DAY - recent;
}

/* Never read, or the record says something newer than then. */
static gboolean is_outdated(const StoreDetailCandidate *pull, DetailSubject subject)
{
    return pull->read[subject].at == TIME_ABSENT || pull->read[subject].record != pull->updated;
}

static gboolean is_old(const StoreDetailCandidate *pull, DetailSubject subject, UtcTime now)
{
    return plan_is_due(pull->read[subject].at, now, PLAN_NIGHTLY);
}

gboolean detail_owes_builds(const StoreDetailCandidate *pull, UtcTime now)
{
    gboolean is_merged = pull->state == PR_MERGED && moved_within(pull, now, DETAIL_BUILDS_RECENT);
    if (pull->state != PR_OPEN && !is_merged)
        return FALSE;
    return is_outdated(pull, DETAIL_BUILDS) ||
           !model_same_hash(pull->builds_head, pull->source_hash) ||
           (pull->state == PR_OPEN && is_old(pull, DETAIL_BUILDS, now));
}

gboolean detail_owes_tasks(const StoreDetailCandidate *pull, UtcTime now)
{
    gboolean has_tasks = pull->task_count != 0 || pull->unresolved_tasks > 0;
    if (pull->task_count != pull->unresolved_tasks)
        /* A record that counts otherwise than the list does is not asked about all day. */
        return is_outdated(pull, DETAIL_TASKS) || is_old(pull, DETAIL_TASKS, now);
    if (has_tasks || (pull->state == PR_MERGED && moved_within(pull, now, DETAIL_TASKS_RECENT)))
        return is_outdated(pull, DETAIL_TASKS);
    return FALSE;
}

gboolean detail_owes_threads(const StoreDetailCandidate *pull, UtcTime now)
{
    return pull->state == PR_OPEN && pull->inline_comments > 0 &&
           (is_outdated(pull, DETAIL_THREADS) || is_old(pull, DETAIL_THREADS, now));
}
