/*
 * change: where the change of the cycle time from one period to the next comes from: which phase,
 * which repository, team or size, and whether the same ones take longer or the mix is another. Part
 * of the insight room.
 *
 * It describes any two periods under any filter; whether a change is more than chance is what
 * trend.h says. The arithmetic is measure/split.h: every sum holds to the microsecond.
 */
#pragma once

#include "measure/measure.h"

#define CHANGE_CUT 0.95 /* longer ones are shortened to it for means (winsorised) */

/* Cycle time first, then its phases in order. */
#define CHANGE_MEASURES 5
extern const char *const CHANGE_MEASURE_NAMES[CHANGE_MEASURES];

enum { TREND_CODING, TREND_PICKUP, TREND_REVIEW, TREND_MERGE, TREND_REST, TREND_PARTS };
const char *trend_part_name(guint part); /* "coding", …, "time that belongs to no phase" */

typedef enum { CHANGE_BY_REPOSITORY, CHANGE_BY_TEAM, CHANGE_BY_SIZE, CHANGE_WAYS } ChangeWay;
const char *change_way_name(ChangeWay way); /* "repository", "team", "size" */

typedef struct {
    gint64 id; /* of the repository or team, 0: of no team, or of one of too few people; of a size
                  its number (measure_size_name) */
    gint64 n_before, n_after;
    Duration within, mix;        /* the same ones taking longer; more or fewer of them */
    Duration parts[TREND_PARTS]; /* both together, by phase */
} ChangeGroup;

typedef struct {
    UtcTime from, middle, until; /* before: from … middle, after: middle … until */
    gint64 n_before, n_after;    /* merged pull requests with a cycle time */
    Duration cut; /* a twentieth took longer; they count as this, so that a few do not decide */
    Duration mean_before, mean_after, change;
    Duration parts[TREND_PARTS]; /* they sum to the change */
    GArray *groups[CHANGE_WAYS]; /* ChangeGroup, what moved most first; NULL: one period has none */
} CycleChange;
void change_clear(CycleChange *change);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CycleChange, change_clear)

/* The period of @query beside the one as long before it, under its filters; its asks are not looked
 * at, but for whether the first one is of working time. INVALID as measure_series. */
gboolean change_explain(const MeasureColumns *columns, const MeasureQuery *query,
                        CycleChange *ret_change, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- inside insight: a series of CHANGE_MEASURES, or of one phase, as rows to split */

/* The value of its first measure that a twentieth exceeds. */
Duration change_cut(const MeasureSeries *series);
/* A phase that did not take place took no time; what phases leave of the whole (or what they are
 * too long, when one was clamped) is the rest. */
SplitRow change_row(const MeasureSeries *series, gsize i);
