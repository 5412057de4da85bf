#include "sync/estimate.h"

#include <math.h>

static double events_per_pull(const EstimateRepository *repositories, gsize n)
{
    double events = 0, pulls = 0;
    for (gsize i = 0; i < n; i++) {
        if (repositories[i].feed_done && repositories[i].pulls_done) {
            events += (double) repositories[i].events_read;
            pulls += (double) repositories[i].pulls_read;
        }
    }
    return pulls > 0 ? events / pulls : ESTIMATE_EVENTS_PER_PULL;
}

/* Events that the repository's feed has down to its floor. */
static double feed_events(const EstimateRepository *repository, double pulls, double per_pull)
{
    if (repository->feed_done)
        return (double) repository->events_read;
    /* Once a twentieth is read the feed itself tells best. */
    if (repository->feed_reach >= 0.05 && repository->events_read > 0)
        return (double) repository->events_read / MIN(repository->feed_reach, 1.0);
    return MAX(pulls * per_pull, (double) repository->events_read);
}

static EstimateWork repository_work(const EstimateRepository *repository, double per_pull)
{
    double pulls = repository->pulls_total != COUNT_ABSENT ? (double) repository->pulls_total
                                                           : ESTIMATE_PULLS_UNKNOWN;
    double read = (double) repository->pulls_read;
    pulls = repository->pulls_done ? read : MAX(pulls, read);
    double list = pulls / ESTIMATE_PAGE;
    double list_done = repository->pulls_done ? list : read / ESTIMATE_PAGE;
    double feed = feed_events(repository, pulls, per_pull) / ESTIMATE_PAGE;
    double feed_done = repository->feed_done ? feed : repository->events_read / ESTIMATE_PAGE;
    double details = repository->details_total != COUNT_ABSENT ? (double) repository->details_total
                                                               : pulls * ESTIMATE_DETAILS_PER_PULL;
    double details_done = MIN((double) repository->details_done, details);
    double git = ESTIMATE_GIT_SHARE * (list + feed);
    double git_done = git * (0.7 * repository->git + 0.3 * repository->ranges);

    double requests = list + feed + details;
    if (repository->is_finished)
        return (EstimateWork){.done = MAX(requests + git, 1)};
    double requests_done = list_done + feed_done + details_done;
    EstimateWork work = {.done = requests_done + git_done,
                         .requests_left = MAX(requests - requests_done, 0)};
    work.left = work.requests_left + (git - git_done);
    return work;
}

EstimateWork estimate_work(const EstimateRepository *repositories, gsize n)
{
    double per_pull = events_per_pull(repositories, n);
    EstimateWork sum = {0};
    for (gsize i = 0; i < n; i++) {
        EstimateWork work = repository_work(&repositories[i], per_pull);
        sum.done += work.done;
        sum.left += work.left;
        sum.requests_left += work.requests_left;
    }
    return sum;
}

double estimate_overall(EstimateWork work)
{
    if (work.left <= 0)
        return work.done > 0 ? 1.0 : 0.0;
    return MIN(work.done / (work.done + work.left), 0.999);
}

gint64 estimate_seconds(EstimateWork work, EstimatePace pace)
{
    if (work.left <= 0)
        return work.done > 0 ? 0 : COUNT_ABSENT;
    double by_work = -1; /* the rest goes like the part that is done */
    if (work.done > 0 && pace.elapsed > 0)
        by_work = pace.elapsed * work.left / work.done;
    if (pace.capacity <= 0)
        return by_work < 0 ? COUNT_ABSENT : (gint64) ceil(by_work);

    /* What is in the bucket goes at the pace seen; the rest waits for the refill. */
    double now = MIN(work.requests_left, MAX(pace.available, 0));
    double later = work.requests_left - now;
    double by_budget = pace.paused + later * 3600.0 / (double) pace.capacity;
    if (later <= 0) {
        if (pace.per_second > 0)
            by_budget += now / pace.per_second;
        else if (by_work < 0)
            return COUNT_ABSENT;
        return (gint64) ceil(MAX(by_budget, pace.paused + MAX(by_work, 0)));
    }
    return (gint64) ceil(by_budget);
}
