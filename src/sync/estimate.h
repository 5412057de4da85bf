/*
 * How far the work is, and how long the rest takes. Pure.
 *
 * Everything is counted in requests; git's share, which costs none, counts as if it cost some, so
 * that the bar moves while a mirror is fetched. Totals come from the lists themselves; what is not
 * known yet is guessed from what was learnt so far.
 */
#pragma once

#include "base/base.h"

#define ESTIMATE_PAGE             50.0  /* records of a page: pull requests, activity entries */
#define ESTIMATE_EVENTS_PER_PULL  12.0  /* before a feed was read to its end */
#define ESTIMATE_PULLS_UNKNOWN    100.0 /* of a repository that did not tell yet */
#define ESTIMATE_DETAILS_PER_PULL 0.03
#define ESTIMATE_GIT_SHARE        0.25 /* of the lists' requests, divided over fetch and ranges */

typedef struct {
    gint64 pulls_total; /* COUNT_ABSENT before the list told */
    gint64 pulls_read;
    gboolean pulls_done;
    gint64 events_read;
    double feed_reach; /* 0-1: how far back in time the feed was read; negative: not known */
    gboolean feed_done;
    double git;                         /* 0-1; fetch and walk */
    double ranges;                      /* 0-1 */
    gint64 details_done, details_total; /* COUNT_ABSENT: not known yet */
    gboolean is_finished;
} EstimateRepository;

typedef struct {
    double done, left;    /* in requests; git included */
    double requests_left; /* git left out */
} EstimateWork;

EstimateWork estimate_work(const EstimateRepository *repositories, gsize n);
/* 0-1; 1 only when nothing is left. */
double estimate_overall(EstimateWork work);

typedef struct {
    double available;  /* requests that may be sent at once */
    gint64 capacity;   /* per hour; 0: unlimited */
    double paused;     /* seconds until anything may be sent */
    double per_second; /* requests sent per second so far; 0: not known */
    double elapsed;    /* seconds since the run started */
} EstimatePace;

/* Seconds until the end; COUNT_ABSENT when there is nothing to judge by. */
gint64 estimate_seconds(EstimateWork work, EstimatePace pace);
