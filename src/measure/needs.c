/*
 * What needs a hand now. docs/metrics.md says why each limit is what it is.
 */
#include "measure/columns.h"

const NeedLimits NEED_DEFAULTS = {
    .first_review = 24 * TIME_HOUR,
    .stale = 7 * TIME_DAY,
    .answer = 3 * TIME_DAY,
    .merge = 24 * TIME_HOUR,
    .too_large = 400,
};

typedef struct {
    const MeasureColumns *columns;
    const NeedLimits *limits;
    UtcTime from, now;
} Search;

/* Puts the row of a review into @rows, which are in the order of asking. */
static void put_by_asked(const ReviewColumns *reviews, GArray *rows, guint32 row)
{
    guint at = rows->len;
    while (at > 0 && reviews->asked[g_array_index(rows, guint32, at - 1)] > reviews->asked[row])
        at--;
    g_array_insert_val(rows, at, row);
}

/* Names the reviewers still in the list who have not responded, the one asked first in front; when
 * all have (after an answer, say), the one asked first alone. */
static void name_reviewers(const MeasureColumns *columns, gsize row, Need *need)
{
    const ReviewColumns *reviews = &columns->reviews;
    g_autoptr(GArray) silent = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) asked = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = columns->pulls.first_review_row[row];
         i < columns->pulls.first_review_row[row + 1]; i++) {
        if ((reviews->flags[i] & (ROW_BOT | ROW_EXCLUDED)) != 0 ||
            (reviews->flags[i] & REVIEW_IS_ASKED) == 0 || reviews->asked[i] == TIME_ABSENT)
            continue;
        put_by_asked(reviews, asked, i);
        if (reviews->responded[i] == TIME_ABSENT)
            put_by_asked(reviews, silent, i);
    }
    if (silent->len == 0)
        g_array_append_vals(silent, asked->data, MIN(asked->len, 1));
    for (guint i = 0; i < silent->len; i++) {
        guint32 reviewer = reviews->reviewer[g_array_index(silent, guint32, i)];
        gint64 person = dictionary_id(&columns->people, reviewer);
        if (i == 0)
            need->who_id = person;
        else if (need->n_also < NEED_ALSO_MAX)
            need->also_ids[need->n_also++] = person;
    }
}

/* Since when the pull request has the need; absent when it has not. */
static UtcTime since_when(const Search *search, gsize row, NeedKind kind)
{
    const PullColumns *pulls = &search->columns->pulls;
    const NeedLimits *limits = search->limits;
    Waiting waiting = pulls->waiting[row];
    UtcTime since = pulls->time[PULL_WAITING_SINCE][row];
    Duration limit = 0;
    gboolean has = FALSE;
    switch (kind) {
    case NEED_FIRST_REVIEW:
        limit = limits->first_review;
        has = waiting == WAITING_REVIEW && pulls->time[PULL_FIRST_REVIEW][row] == TIME_ABSENT;
        since = pulls->time[PULL_READY][row];
        break;
    case NEED_ANSWER:
        limit = limits->answer;
        has = waiting == WAITING_AUTHOR;
        break;
    case NEED_MERGE:
        limit = limits->merge;
        has = waiting == WAITING_MERGE;
        break;
    case NEED_STALE:
        limit = limits->stale;
        has = TRUE;
        since = pulls->time[PULL_LAST_ACTIVITY][row];
        break;
    case NEED_TOO_LARGE:
        has = pulls->count[PULL_LINES][row] > limits->too_large;
        since = pulls->time[PULL_READY][row];
        break;
    default:
        break;
    }
    return has && since != TIME_ABSENT && since <= search->now && search->now - since >= limit
               ? since
               : TIME_ABSENT;
}

static void name_people(const MeasureColumns *columns, gsize row, Need *need)
{
    gboolean is_reviewers =
        need->kind == NEED_FIRST_REVIEW ||
        (need->kind == NEED_STALE && columns->pulls.waiting[row] == WAITING_REVIEW);
    if (is_reviewers)
        name_reviewers(columns, row, need);
    else
        need->who_id = dictionary_id(&columns->people, columns->pulls.author[row]);
}

static void add_need(const Search *search, gsize row, NeedKind kind, UtcTime since, GArray *needs)
{
    const MeasureColumns *columns = search->columns;
    const PullColumns *pulls = &columns->pulls;
    gint32 lines = pulls->count[PULL_LINES][row];
    Need need = {
        .kind = kind,
        .repository_id = dictionary_id(&columns->repositories, pulls->repository[row]),
        .number = pulls->number[row],
        .who_id = COUNT_ABSENT,
        .since = since,
        .age = search->now - since,
        .age_working = work_calendar_between(columns_calendar(columns, row), since, search->now),
        .lines = lines == COUNT32_ABSENT ? COUNT_ABSENT : lines,
    };
    name_people(columns, row, &need);
    g_array_append_val(needs, need);
}

static void search_row(const Search *search, gsize row, GArray *needs)
{
    /* The first that holds: what somebody can do something about stands before mere silence. */
    static const NeedKind ORDER[] = {NEED_FIRST_REVIEW, NEED_ANSWER, NEED_MERGE, NEED_STALE,
                                     NEED_TOO_LARGE};
    const PullColumns *pulls = &search->columns->pulls;
    UtcTime merged = pulls->time[PULL_MERGED][row];
    if (pulls->waiting[row] == WAITING_NONE || pulls->waiting[row] == WAITING_READY) {
        if ((pulls->flags[row] & PULL_IS_UNREVIEWED) != 0 && merged >= search->from &&
            merged < search->now)
            add_need(search, row, NEED_UNREVIEWED_MERGE, merged, needs);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        UtcTime since = since_when(search, row, ORDER[i]);
        if (since != TIME_ABSENT) {
            add_need(search, row, ORDER[i], since, needs);
            return;
        }
    }
}

static gint compare_needs(gconstpointer a, gconstpointer b)
{
    const Need *first = a, *second = b;
    if (first->kind != second->kind)
        return first->kind < second->kind ? -1 : 1;
    if (first->kind == NEED_TOO_LARGE && first->lines != second->lines)
        return first->lines < second->lines ? 1 : -1;
    /* Merges without review: the newest is the one that can still be looked at. */
    if (first->since != second->since)
        return (first->since < second->since) == (first->kind != NEED_UNREVIEWED_MERGE) ? -1 : 1;
    if (first->repository_id != second->repository_id)
        return first->repository_id < second->repository_id ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

GArray *measure_needs(const MeasureColumns *columns, gint64 repository_id, UtcTime from,
                      UtcTime now, const NeedLimits *limits)
{
    const PullColumns *pulls = &columns->pulls;
    Search search = {columns, limits, from, now};
    GArray *needs = g_array_new(FALSE, FALSE, sizeof(Need));
    guint32 repository = dictionary_find_id(&columns->repositories, repository_id);
    for (gsize row = 0; row < pulls->n; row++) {
        if ((repository_id != 0 && pulls->repository[row] != repository) ||
            (pulls->flags[row] & (ROW_BOT | ROW_EXCLUDED)) != 0)
            continue;
        search_row(&search, row, needs);
    }
    g_array_sort(needs, compare_needs);
    return needs;
}
