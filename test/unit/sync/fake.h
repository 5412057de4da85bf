/*
 * A Bitbucket inside the test: the functions of bitbucket.h and git.h over records that the test
 * writes down, with pages of three. It counts requests by kind and fails when it is told to.
 * There is one; fake_reset empties it. git is not to be had.
 */
#pragma once

#include "sync/sync.h"

#define FAKE_PAGE 3

typedef struct {
    gint64 number;
    UtcTime created, updated;
    PullRequestState state;
    gint64 comment_count;
    gint64 tasks; /* unresolved ones; the record counts them */
    gint64 builds;
    gboolean unlisted; /* only to be had by its number */
} FakePull;

typedef struct {
    gint64 number;
    PrEventKind kind;
    UtcTime at;
    gint64 comment_id;
    UtcTime resolved;
    gboolean is_inline;
    gboolean hidden; /* a comment that was deleted: no list shows it any more */
} FakeEvent;

typedef struct {
    const char *uuid;
    UtcTime started, completed; /* completed absent: in progress */
} FakeDeployment;

typedef enum {
    FAKE_REPOSITORIES,
    FAKE_REPOSITORY,
    FAKE_PULLS,
    FAKE_PULL,
    FAKE_FEED,
    FAKE_ACTIVITY, /* of one pull request */
    FAKE_COMMENTS,
    FAKE_BULK, /* of commits: it knows none of the hashes */
    FAKE_COMMITS,
    FAKE_DIFFSTAT,
    FAKE_BUILDS,
    FAKE_TASKS,
    FAKE_DEPLOYMENTS,
    FAKE_PIPELINES,
    FAKE_ENVIRONMENTS,
    FAKE_KINDS
} FakeKind;

typedef struct {
    UtcTime now;
    UtcTime paused_until; /* of the budget */
    gint64 spent;         /* same */
    char *slug;
    UtcTime repository_updated;
    GArray *pulls;       /* FakePull */
    GArray *events;      /* FakeEvent */
    GArray *deployments; /* FakeDeployment, newest first */
    guint requests[FAKE_KINDS];
    /* The request of kind @fail_kind number @fail_from (from 1) and @fail_times - 1 after it answer
     * @fail_code. */
    struct {
        FakeKind kind;
        guint from, times;
        PlumblineErrorCode code;
    } faults[4];
    guint repeat_feed_page; /* so often the feed gives the page before instead of the asked one */
    guint epoch;            /* positions of another epoch are refused */
} Fake;

Fake *fake_reset(void);
void fake_add_pull(gint64 number, UtcTime created, UtcTime updated, PullRequestState state);
void fake_add_event(gint64 number, PrEventKind kind, UtcTime at);
void fake_fail(guint slot, FakeKind kind, guint from, guint times, PlumblineErrorCode code);
FakePull *fake_pull(gint64 number);
guint fake_total(void);
void fake_forget_requests(void);
