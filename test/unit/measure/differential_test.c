/*
 * The same questions asked of measure_query and of SQLite, over the same made-up facts. The SQL is
 * written from docs/metrics.md, measure by measure; it shares nothing with the columns.
 */
#include "../store/fixture.h"
#include "synthetic.h"

#include "measure/measure.h"

#include <math.h>
#include <sqlite3.h>

/* Instants in SQL, in microseconds. */
#define MERGED            "f.merged_at"
#define RESPONDED         "COALESCE(v.responded_at, CASE WHEN " GIVEN " THEN v.asked_at END)"
#define GIVEN             "(v.responded_at IS NOT NULL OR v.comments + v.approvals + v.change_requests > 0)"
#define SPAN(until, from) "MAX((" until ") - (" from "), 0)"
#define LINES             "(f.lines_added + f.lines_removed)"
#define COMMIT_LINES      "(g.lines_added + g.lines_removed)"
/* SQL's scalar MAX is NULL when any argument is. */
#define LATEST                                                                                     \
    "MAX(COALESCE(f.approved_at, 0), COALESCE(f.first_review_at, 0), COALESCE(f.ready_at, 0))"
#define MERGE_TIME                                                                                 \
    "CASE WHEN f.merged_at IS NULL OR (f.first_review_at IS NOT NULL AND f.approved_at IS NULL)"   \
    " OR " LATEST " = 0 THEN NULL ELSE " SPAN("f.merged_at", LATEST) " END"
#define REVIEW_TIME                                                                                \
    SPAN("CASE WHEN f.approved_at IS NOT NULL THEN f.approved_at ELSE f.merged_at END",            \
         "f.first_review_at")

static const struct {
    const char *id, *at, *value, *working; /* value NULL where the measure has none */
    const char *weight;                    /* in a share; NULL: 1 */
} IN_SQL[] = {
    {"coding-time", MERGED, SPAN("f.ready_at", "f.first_commit_at"), "f.coding_working"},
    {"pickup-time", MERGED, SPAN("f.first_review_at", "f.ready_at"), "f.pickup_working"},
    {"review-time", MERGED, REVIEW_TIME, "f.review_working"},
    {"merge-time", MERGED, MERGE_TIME, "f.merge_working"},
    {"cycle-time", MERGED, SPAN("f.merged_at", "f.first_commit_at"), "f.cycle_working"},
    {"time-to-merge", MERGED, SPAN("f.merged_at", "f.ready_at"), "f.time_to_merge_working"},
    {"draft-time", MERGED, "CASE WHEN f.ready_at <> f.opened_at THEN f.ready_at - f.opened_at END"},
    {"time-to-first-review", "f.first_review_at", SPAN("f.first_review_at", "f.ready_at"),
     "f.pickup_working"},
    {"time-to-first-bot-review", "f.first_bot_review_at",
     SPAN("f.first_bot_review_at", "f.ready_at")},
    {"size", MERGED, LINES},
    {"generated-lines", MERGED, "f.generated_lines"},
    {"files-changed", MERGED, "f.files_changed"},
    {"commits-per-pull-request", MERGED, "f.commits"},
    {"rounds", MERGED, "f.rounds"},
    {"pushes", MERGED, "f.pushes"},
    {"review-comments", MERGED, "f.review_comments"},
    {"author-comments", MERGED, "f.author_comments"},
    {"bot-comments", MERGED, "f.bot_comments"},
    {"review-depth", MERGED, "100.0 * f.review_comments / NULLIF(" LINES ", 0)"},
    {"reviewers", MERGED, "f.reviewers"},
    {"approvals", MERGED, "f.approvals"},
    {"unreviewed", MERGED, "f.is_unreviewed"},
    {"self-merged", MERGED, "f.is_self_merged"},
    {"late-change", MERGED, "CASE WHEN f.approved_at IS NOT NULL THEN f.is_late_change END"},
    {"merged", MERGED, "1"},
    {"opened", "f.opened_at", "1"},
    {"until-merged", "f.opened_at", "CASE WHEN f.opened_at <= :now THEN 1 END"},
    {"declined", "f.declined_at", "1"},
    {"pull-request-authors", MERGED, "1"},
    {"work-in-progress", NULL, "1"},
    {"age", NULL, "CASE WHEN f.ready_at <= :now THEN :now - f.ready_at END"},
    {"turnaround", RESPONDED, SPAN("v.responded_at", "v.asked_at"), "v.turnaround_working"},
    {"review-load", RESPONDED, "CASE WHEN " GIVEN " THEN 1 END"},
    {"active-reviewers", RESPONDED, "CASE WHEN " GIVEN " THEN 1 END"},
    {"commits", "g.authored_at", "1"},
    {"commit-lines", "g.authored_at", COMMIT_LINES},
    {"commit-files", "g.authored_at", "g.files_changed"},
    {"commit-authors", "g.authored_at", "1"},
    {"deploy-time", "f.released_at", SPAN("f.released_at", "f.merged_at")},
    {"lead-time", "f.released_at", SPAN("f.released_at", "f.first_commit_at")},
    {"deployments", "CASE WHEN d.is_successful THEN d.completed_at END", "1"},
    {"deployment-days", "CASE WHEN d.is_successful THEN d.completed_at END", "1"},
    {"change-failure-rate",
     "CASE WHEN d.source <> 'merge' AND NOT d.is_rollback THEN d.completed_at END", "d.is_failure"},
    {"recovery-time", "d.restored_at", SPAN("d.restored_at", "d.completed_at")},
    {"rework", "m.landed_at", "m.lines_young * 1.0 / NULLIF(m.lines_changed, 0)", NULL,
     "m.lines_changed"},
};

#define OPEN_AT_NOW                                                                                \
    "f.opened_at <= :now AND (COALESCE(f.merged_at, f.declined_at) > :now OR"                      \
    " (f.merged_at IS NULL AND f.declined_at IS NULL AND f.state = 'OPEN'))"

#define TEAMS 3

typedef struct {
    Fixture fixture;
    gint64 workspace_id;
    MeasureColumns *columns;
    sqlite3 *db;
    gint64 teams[TEAMS];
} World;

static World world;

#define PEOPLE       40
#define REPOSITORIES 7

/* Two in three are in a team; one in three of them moves on day 60, one leaves on day 90. The
 * comparisons here are about right numbers: nothing is withheld. */
static void put_teams(void)
{
    static const char *const NAMES[TEAMS] = {"Red", "Green", "Blue"};
    StoreTx *tx = NULL;
    assert_ok((tx = store_begin(world.fixture.store, &error)) != NULL);
    assert_ok(store_put_setting(tx, world.workspace_id, "privacy.least-group", "1", &error));
    for (guint i = 0; i < TEAMS; i++) {
        const StoreTeam team = {.name = (char *) NAMES[i]};
        assert_ok(store_put_team(tx, world.workspace_id, &team, &world.teams[i], &error));
    }
    for (guint i = 0; i < PEOPLE; i++) {
        if (i % 3 == 0)
            continue;
        StoreTeamMember member = {world.teams[i % TEAMS], synthetic_person(world.workspace_id, i),
                                  TEAM_SINCE_EVER, TIME_ABSENT};
        if (i % 9 == 1)
            member.until = T0 + 60 * TIME_DAY;
        else if (i % 9 == 2)
            member.until = T0 + 90 * TIME_DAY;
        assert_ok(store_put_team_member(tx, world.workspace_id, &member, &error));
        if (i % 9 != 1)
            continue;
        member = (StoreTeamMember){world.teams[0], member.person_id, member.until, TIME_ABSENT};
        assert_ok(store_put_team_member(tx, world.workspace_id, &member, &error));
    }
    assert_ok(store_commit(tx, &error));
}

static int set_up(void **state)
{
    SyntheticOptions options = {.seed = 11,
                                .pull_requests = 1500,
                                .commits = 700,
                                .people = PEOPLE,
                                .repositories = REPOSITORIES,
                                .from = T0,
                                .until = T0 + 200 * TIME_DAY};
    fixture_init(&world.fixture);
    assert_ok(synthetic_fill(world.fixture.store, &options, &world.workspace_id, &error));
    put_teams();
    assert_ok((world.columns =
                   measure_columns_load(world.fixture.store, world.workspace_id, &error)) != NULL);
    assert_int_equal(sqlite3_open_v2(world.fixture.path, &world.db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    return 0;
}

static int tear_down(void **state)
{
    measure_columns_free(world.columns);
    sqlite3_close(world.db);
    fixture_clear(&world.fixture);
    return 0;
}

/* ---- SQL for a question */

static const char *relation_of(MeasureSubject subject)
{
    switch (subject) {
    case MEASURE_OF_REVIEWS:
        return " FROM fact_review v JOIN fact_pr f USING (workspace_id, repository_id, number)"
               " JOIN person o ON o.workspace_id = v.workspace_id AND o.person_id = v.reviewer_id"
               " JOIN repository r ON r.repository_id = f.repository_id";
    case MEASURE_OF_COMMITS:
        return " FROM git_commit g JOIN person o ON o.workspace_id = g.workspace_id"
               " AND o.person_id = g.author_id"
               " JOIN repository r ON r.repository_id = g.repository_id";
    case MEASURE_OF_DEPLOYMENTS:
        return " FROM fact_deployment d JOIN (SELECT workspace_id, 0 AS person_id, 0 AS is_bot,"
               " 0 AS is_excluded FROM workspace) o ON o.workspace_id = d.workspace_id"
               " JOIN repository r ON r.repository_id = d.repository_id";
    case MEASURE_OF_CHANGES:
        return " FROM main_change m JOIN git_commit g USING (workspace_id, repository_id, hash)"
               " JOIN person o ON o.workspace_id = g.workspace_id AND o.person_id = g.author_id"
               " JOIN repository r ON r.repository_id = g.repository_id";
    default:
        return " FROM fact_pr f JOIN person o ON o.workspace_id = f.workspace_id"
               " AND o.person_id = f.author_id"
               " JOIN repository r ON r.repository_id = f.repository_id";
    }
}

static gboolean has_no_pull_request(MeasureSubject subject)
{
    return subject == MEASURE_OF_COMMITS || subject == MEASURE_OF_CHANGES;
}

/* Everybody who reviewed it and counts. */
#define BY_REVIEWER                                                                                \
    " JOIN fact_review v ON v.workspace_id = f.workspace_id AND v.repository_id ="                 \
    " f.repository_id AND v.number = f.number AND " GIVEN                                          \
    " JOIN person w ON w.workspace_id = v.workspace_id AND w.person_id = v.reviewer_id"            \
    " AND NOT w.is_bot AND NOT w.is_excluded"

static const char *key_of(Dimension by, MeasureSubject subject)
{
    gboolean is_commit = has_no_pull_request(subject);
    switch (by) {
    case DIMENSION_DAY:
        return "date((at + :shift) / 1000000, 'unixepoch')";
    case DIMENSION_WEEK:
        return "date((at + :shift) / 1000000, 'unixepoch', '-6 days', 'weekday 1')";
    case DIMENSION_MONTH:
        return "strftime('%Y-%m-01', (at + :shift) / 1000000, 'unixepoch')";
    case DIMENSION_REPOSITORY:
        return "r.repository_id";
    case DIMENSION_PROJECT:
        return "COALESCE((SELECT p.key FROM project p WHERE p.project_id = r.project_id), '')";
    case DIMENSION_AUTHOR:
        return is_commit ? "g.author_id" : "f.author_id";
    case DIMENSION_REVIEWER:
        return "v.reviewer_id";
    case DIMENSION_SIZE:
        return "CASE WHEN " LINES " IS NULL THEN 'unknown' WHEN " LINES
               " < 10 THEN 'XS' WHEN " LINES " < 100 THEN 'S' WHEN " LINES
               " < 400 THEN 'M' WHEN " LINES " < 1000 THEN 'L' ELSE 'XL' END";
    case DIMENSION_TARGET_BRANCH:
        return "COALESCE(f.destination_branch, '')";
    case DIMENSION_STATE:
        return "f.state";
    case DIMENSION_ENVIRONMENT:
        return "COALESCE(d.environment, '')";
    default:
        return "''";
    }
}

static gboolean is_time(Dimension by)
{
    return by == DIMENSION_DAY || by == DIMENSION_WEEK || by == DIMENSION_MONTH;
}

/* The team at the anchor of whoever the row belongs to. Free with g_free. */
static char *team_sql(gsize measure)
{
    const char *at = IN_SQL[measure].at == NULL ? ":now" : IN_SQL[measure].at;
    return g_strdup_printf("COALESCE((SELECT m.team_id FROM team_member m WHERE m.workspace_id ="
                           " o.workspace_id AND m.person_id = o.person_id AND m.from_at <= %s AND"
                           " (m.until_at IS NULL OR m.until_at > %s)), '')",
                           at, at);
}

/* A relation (k, v, person, out): one row per row in range. */
static char *rows_sql(gsize measure, const MeasureQuery *query, gboolean working_time)
{
    const MeasureInfo *info = measure_find(IN_SQL[measure].id);
    Dimension by = query->by[0];
    g_autofree char *team = team_sql(measure);
    GString *sql = g_string_new("SELECT ");
    g_string_append_printf(
        sql, "%s AS k, %s AS v, %s AS w, %s AS person, (o.is_excluded%s%s) AS out",
        by == DIMENSION_TEAM ? team : key_of(is_time(by) ? DIMENSION_NONE : by, info->subject),
        working_time ? IN_SQL[measure].working : IN_SQL[measure].value,
        IN_SQL[measure].weight != NULL ? IN_SQL[measure].weight : "1",
        strcmp(info->id, "deployment-days") == 0 ? "(d.completed_at + :shift) / 86400000000"
                                                 : "o.person_id",
        query->include_bots ? "" : " OR o.is_bot",
        info->subject == MEASURE_OF_COMMITS ? " OR g.is_merge" : "");
    g_string_append_printf(
        sql, ", %s AS at%s%s WHERE o.workspace_id = %" G_GINT64_FORMAT,
        IN_SQL[measure].at == NULL ? "0" : IN_SQL[measure].at, relation_of(info->subject),
        by == DIMENSION_REVIEWER && info->subject != MEASURE_OF_REVIEWS ? BY_REVIEWER : "",
        world.workspace_id);
    if (IN_SQL[measure].at == NULL)
        g_string_append(sql, " AND " OPEN_AT_NOW);
    else
        g_string_append_printf(sql, " AND %s >= :from AND %s < :until", IN_SQL[measure].at,
                               IN_SQL[measure].at);
    if (query->environment != NULL)
        g_string_append_printf(sql, " AND d.environment = '%s'", query->environment);
    else if (info->subject == MEASURE_OF_DEPLOYMENTS && by != DIMENSION_ENVIRONMENT)
        g_string_append(sql, " AND d.environment_kind = 3");
    if (query->repository_id != 0)
        g_string_append_printf(sql, " AND r.repository_id = %" G_GINT64_FORMAT,
                               query->repository_id);
    if (query->team_id != 0)
        g_string_append_printf(sql, " AND %s = %" G_GINT64_FORMAT, team, query->team_id);
    if (query->project_key != NULL)
        g_string_append_printf(sql,
                               " AND r.project_id IN (SELECT project_id FROM project WHERE key ="
                               " '%s')",
                               query->project_key);
    if (query->target_branch != NULL)
        g_string_append_printf(sql, " AND f.destination_branch = '%s'", query->target_branch);
    if (query->size_class != NULL)
        g_string_append_printf(sql, " AND %s = '%s'", key_of(DIMENSION_SIZE, info->subject),
                               query->size_class);
    if (query->author_id != 0)
        g_string_append_printf(sql, " AND %s = %" G_GINT64_FORMAT,
                               key_of(DIMENSION_AUTHOR, info->subject), query->author_id);
    if (query->reviewer_id != 0 &&
        (info->subject == MEASURE_OF_REVIEWS || by == DIMENSION_REVIEWER))
        g_string_append_printf(sql, " AND v.reviewer_id = %" G_GINT64_FORMAT, query->reviewer_id);
    else if (query->reviewer_id != 0)
        g_string_append_printf(sql,
                               " AND EXISTS (SELECT 1 FROM fact_review v WHERE v.workspace_id ="
                               " f.workspace_id AND v.repository_id = f.repository_id AND v.number"
                               " = f.number AND v.reviewer_id = %" G_GINT64_FORMAT " AND " GIVEN
                               ")",
                               query->reviewer_id);
    if (!is_time(by))
        return g_string_free(sql, FALSE);
    g_autofree char *inner = g_string_free(sql, FALSE);
    return g_strdup_printf("SELECT %s AS k, v, w, person, out FROM (%s)", key_of(by, info->subject),
                           inner);
}

/* All statistics of each group: n, excluded, absent, sum, mean, min, max, p50, p75, p90, gini, top
 * share, people, weighted mean. percentile_cont is written out with ranks from 0. */
static char *statistics_sql(const char *rows)
{
    return g_strdup_printf(
        "WITH r AS MATERIALIZED (%s),"
        " ranked AS (SELECT k, v * 1.0 AS v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) - 1 AS"
        " i, COUNT(*) OVER (PARTITION BY k) - 1 AS last FROM r WHERE NOT out AND v IS NOT NULL),"
        " parts(p) AS (VALUES (0.5), (0.75), (0.9)),"
        " wanted AS (SELECT DISTINCT k, p, last, CAST(p * last AS INTEGER) AS low, p * last -"
        " CAST(p * last AS INTEGER) AS fraction FROM ranked, parts),"
        " percentile AS (SELECT w.k, w.p, a.v + (COALESCE(b.v, a.v) - a.v) * w.fraction AS v FROM"
        " wanted w JOIN ranked a ON a.k = w.k AND a.i = w.low LEFT JOIN ranked b ON b.k = w.k AND"
        " b.i = w.low + 1),"
        " share AS (SELECT k, person, SUM(v) * 1.0 AS x FROM r WHERE NOT out AND v IS NOT NULL"
        " GROUP BY k, person),"
        " shares AS (SELECT k, x, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x) AS i, COUNT(*)"
        " OVER (PARTITION BY k) AS n FROM share),"
        " gini AS (SELECT k, 2 * SUM(i * x) / (MAX(n) * NULLIF(SUM(x), 0)) - (MAX(n) + 1.0) /"
        " MAX(n) AS gini, MAX(x) / NULLIF(SUM(x), 0) AS top, MAX(n) AS people FROM shares GROUP BY"
        " k)"
        " SELECT CAST(r.k AS TEXT), SUM(NOT out AND v IS NOT NULL), SUM(out), SUM(NOT out AND v IS"
        " NULL), COALESCE(SUM(CASE WHEN NOT out THEN v END), 0), AVG(CASE WHEN NOT out THEN v"
        " END), MIN(CASE WHEN NOT out THEN v END), MAX(CASE WHEN NOT out THEN v END),"
        " (SELECT v FROM percentile q WHERE q.k = r.k AND p = 0.5),"
        " (SELECT v FROM percentile q WHERE q.k = r.k AND p = 0.75),"
        " (SELECT v FROM percentile q WHERE q.k = r.k AND p = 0.9),"
        " (SELECT gini FROM gini WHERE gini.k = r.k), (SELECT top FROM gini WHERE gini.k = r.k),"
        " COALESCE((SELECT people FROM gini WHERE gini.k = r.k), 0),"
        " SUM(CASE WHEN NOT out THEN v * w END) * 1.0 /"
        " SUM(CASE WHEN NOT out AND v IS NOT NULL THEN w END)"
        " FROM r GROUP BY r.k",
        rows);
}

/* ---- comparing */

enum {
    COLUMN_SUM = 4,
    COLUMN_MEAN,
    COLUMN_MIN,
    COLUMN_MAX,
    COLUMN_P50,
    COLUMN_P75,
    COLUMN_P90,
    COLUMN_GINI,
    COLUMN_TOP,
    COLUMN_PEOPLE,
    COLUMN_SHARE
};

static int column_of(const MeasureInfo *info, Statistic statistic)
{
    static const int COLUMNS[STATISTIC_COUNT] = {
        [STATISTIC_N] = 1,
        [STATISTIC_SUM] = COLUMN_SUM,
        [STATISTIC_MEAN] = COLUMN_MEAN,
        [STATISTIC_P50] = COLUMN_P50,
        [STATISTIC_P75] = COLUMN_P75,
        [STATISTIC_P90] = COLUMN_P90,
        [STATISTIC_MIN] = COLUMN_MIN,
        [STATISTIC_MAX] = COLUMN_MAX,
        [STATISTIC_SHARE] = COLUMN_SHARE,
        [STATISTIC_GINI] = COLUMN_GINI,
        [STATISTIC_TOP_SHARE] = COLUMN_TOP,
    };
    gboolean counts_people = g_str_has_suffix(info->id, "-authors") ||
                             strcmp(info->id, "active-reviewers") == 0 ||
                             strcmp(info->id, "deployment-days") == 0;
    return counts_people && statistic == STATISTIC_SUM ? COLUMN_PEOPLE : COLUMNS[statistic];
}

static const MeasureRow *find_row(const MeasureTable *table, const char *key)
{
    for (gsize i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i].key[0], key) == 0)
            return &table->rows[i];
    return NULL;
}

static gboolean same(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * MAX(1, fabs(a));
}

static void compare_cell(sqlite3_stmt *statement, const MeasureQuery *query, gsize ask,
                         const MeasureCell *cell, const char *key)
{
    const MeasureInfo *info = query->asks[ask].measure;
    int column = column_of(info, query->asks[ask].statistic);
    double expected = sqlite3_column_type(statement, column) == SQLITE_NULL
                          ? (double) NAN
                          : sqlite3_column_double(statement, column);
    /* An estimate has tests of its own (survival_test.c); here it is which rows are behind it. */
    gboolean is_estimate = measure_is_estimate(info) && query->asks[ask].statistic != STATISTIC_N;
    if (!is_estimate && !same(cell->value, expected))
        fail_msg("%s %s by %s, '%s': SQL says %.12g, the query %.12g", info->id,
                 statistic_name(query->asks[ask].statistic), dimension_name(query->by[0]), key,
                 expected, cell->value);
    assert_int_equal(cell->n, sqlite3_column_int64(statement, 1));
    assert_int_equal(cell->excluded, sqlite3_column_int64(statement, 2));
    assert_int_equal(cell->absent, sqlite3_column_int64(statement, 3));
}

static void bind(sqlite3_stmt *statement, const char *name, gint64 value)
{
    int index = sqlite3_bind_parameter_index(statement, name);
    if (index != 0)
        sqlite3_bind_int64(statement, index, value);
}

/* Groups in which everybody is left out have no row by person. */
static gboolean is_shown(const MeasureQuery *query, sqlite3_stmt *statement)
{
    gboolean by_person = query->by[0] == DIMENSION_AUTHOR || query->by[0] == DIMENSION_REVIEWER;
    return !by_person ||
           sqlite3_column_int64(statement, 1) + sqlite3_column_int64(statement, 3) > 0;
}

static guint compare_answers(gsize measure, const MeasureQuery *query, gboolean working_time,
                             Duration shift)
{
    g_autoptr(MeasureTable) table = NULL;
    assert_ok((table = measure_query(world.columns, query, &error)) != NULL);
    g_autofree char *rows = rows_sql(measure, query, working_time);
    g_autofree char *sql = statistics_sql(rows);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(world.db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(world.db), sql);
    bind(statement, ":from", query->from == TIME_ABSENT ? 0 : query->from);
    bind(statement, ":until", query->until == TIME_ABSENT ? G_MAXINT64 : query->until);
    bind(statement, ":now", query->now);
    bind(statement, ":shift", shift);
    guint groups = 0, filled = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *key = (const char *) sqlite3_column_text(statement, 0);
        if (!is_shown(query, statement))
            continue;
        const MeasureRow *row = find_row(table, key);
        if (row == NULL)
            fail_msg("%s by %s: no row '%s'", IN_SQL[measure].id, dimension_name(query->by[0]),
                     key);
        for (gsize ask = 0; ask < query->n_asks; ask++)
            compare_cell(statement, query, ask, &row->cells[ask], key);
        groups++;
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    for (gsize i = 0; i < table->n_rows; i++)
        filled += table->rows[i].cells[0].n + table->rows[i].cells[0].excluded +
                      table->rows[i].cells[0].absent ==
                  0;
    assert_int_equal(table->n_rows - filled, groups);
    return groups;
}

static gsize list_asks(const MeasureInfo *info, gboolean working_time,
                       MeasureAsk asks[STATISTIC_COUNT])
{
    gsize n = 0;
    for (Statistic statistic = 0; statistic < STATISTIC_COUNT; statistic++)
        if (measure_has_statistic(info, statistic))
            asks[n++] = (MeasureAsk){info, statistic, working_time};
    return n;
}

static gboolean fits(const MeasureInfo *info, Dimension by)
{
    gboolean at_now = strcmp(info->anchor, "now") == 0;
    gboolean is_commit = has_no_pull_request(info->subject);
    if (info->subject == MEASURE_OF_DEPLOYMENTS)
        return is_time(by) || by == DIMENSION_NONE || by == DIMENSION_REPOSITORY ||
               by == DIMENSION_PROJECT || by == DIMENSION_ENVIRONMENT;
    return !(at_now && is_time(by)) && by != DIMENSION_ENVIRONMENT &&
           !(is_commit && (by == DIMENSION_REVIEWER || by == DIMENSION_SIZE ||
                           by == DIMENSION_TARGET_BRANCH || by == DIMENSION_STATE));
}

static void every_measure_by_every_dimension_is_what_sql_says(void **state)
{
    gsize n_measures;
    measure_list(&n_measures);
    assert_int_equal(n_measures, G_N_ELEMENTS(IN_SQL));
    guint groups = 0;
    for (gsize measure = 0; measure < G_N_ELEMENTS(IN_SQL); measure++)
        for (Dimension by = 0; by < DIMENSION_COUNT; by++) {
            MeasureAsk asks[STATISTIC_COUNT];
            const MeasureInfo *info = measure_find(IN_SQL[measure].id);
            if (!fits(info, by) || by == DIMENSION_DAY)
                continue;
            MeasureQuery query = {.from = T0 + 20 * TIME_DAY,
                                  .until = T0 + 120 * TIME_DAY,
                                  .now = T0 + 110 * TIME_DAY,
                                  .by = {by},
                                  .asks = asks,
                                  .n_asks = list_asks(info, FALSE, asks)};
            groups += compare_answers(measure, &query, FALSE, 0);
        }
    assert_true(groups > 1000);
}

static void working_times_are_what_sql_says(void **state)
{
    for (gsize measure = 0; measure < G_N_ELEMENTS(IN_SQL); measure++) {
        MeasureAsk asks[STATISTIC_COUNT];
        const MeasureInfo *info = measure_find(IN_SQL[measure].id);
        if (IN_SQL[measure].working == NULL)
            continue;
        MeasureQuery query = {.from = TIME_ABSENT,
                              .until = TIME_ABSENT,
                              .now = T0,
                              .by = {DIMENSION_WEEK},
                              .asks = asks,
                              .n_asks = list_asks(info, TRUE, asks)};
        assert_true(compare_answers(measure, &query, TRUE, 0) > 10);
    }
}

static void filters_at_random_are_what_sql_says(void **state)
{
    static const char *const BRANCHES[] = {"main", "develop", "nowhere"};
    static const char *const SIZES[] = {"XS", "S", "M", "L", "XL", "unknown"};
    static const char *const PROJECTS[] = {"PAY", "OPS", "NONE"};
    static const char *const ENVIRONMENTS[] = {"production", "staging", "nowhere"};
    g_autoptr(GRand) chance = g_rand_new_with_seed(5);
    guint groups = 0;
    for (guint round = 0; round < 250; round++) {
        gsize measure = (gsize) g_rand_int_range(chance, 0, G_N_ELEMENTS(IN_SQL));
        const MeasureInfo *info = measure_find(IN_SQL[measure].id);
        Dimension by = g_rand_int_range(chance, 0, DIMENSION_COUNT);
        MeasureAsk asks[STATISTIC_COUNT];
        MeasureQuery query = {.from = T0 + g_rand_int_range(chance, 0, 100) * TIME_DAY,
                              .until = T0 + g_rand_int_range(chance, 100, 250) * TIME_DAY,
                              .now = T0 + g_rand_int_range(chance, 0, 250) * TIME_DAY,
                              .time_zone = "Asia/Kolkata",
                              .include_bots = g_rand_boolean(chance),
                              .by = {fits(info, by) ? by : DIMENSION_NONE},
                              .asks = asks,
                              .n_asks = list_asks(info, FALSE, asks)};
        gboolean is_deployment = info->subject == MEASURE_OF_DEPLOYMENTS;
        gboolean is_commit = has_no_pull_request(info->subject) || is_deployment;
        if (g_rand_int_range(chance, 0, 3) == 0 && is_deployment)
            query.environment = ENVIRONMENTS[g_rand_int_range(chance, 0, 3)];
        if (g_rand_int_range(chance, 0, 4) == 0)
            query.repository_id = synthetic_repository(
                world.workspace_id, (guint) g_rand_int_range(chance, 0, REPOSITORIES));
        if (g_rand_int_range(chance, 0, 4) == 0)
            query.project_key = PROJECTS[g_rand_int_range(chance, 0, 3)];
        if (g_rand_int_range(chance, 0, 4) == 0 && !is_commit)
            query.author_id =
                synthetic_person(world.workspace_id, (guint) g_rand_int_range(chance, 0, PEOPLE));
        if (g_rand_int_range(chance, 0, 4) == 0 && !is_commit)
            query.reviewer_id =
                synthetic_person(world.workspace_id, (guint) g_rand_int_range(chance, 0, PEOPLE));
        if (g_rand_int_range(chance, 0, 4) == 0 && !is_commit)
            query.target_branch = BRANCHES[g_rand_int_range(chance, 0, 3)];
        if (g_rand_int_range(chance, 0, 4) == 0 && !is_commit)
            query.size_class = SIZES[g_rand_int_range(chance, 0, 6)];
        if (g_rand_int_range(chance, 0, 4) == 0 && info->subject != MEASURE_OF_DEPLOYMENTS)
            query.team_id = world.teams[g_rand_int_range(chance, 0, TEAMS)];
        if (query.by[0] == DIMENSION_NONE)
            query.by[0] = DIMENSION_REPOSITORY; /* SQL gives no row where nothing matches */
        if (query.by[0] == DIMENSION_REVIEWER)
            query.include_bots = FALSE; /* the SQL above leaves bot reviewers out */
        groups += compare_answers(measure, &query, FALSE, 330 * TIME_MINUTE);
    }
    assert_true(groups > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_measure_by_every_dimension_is_what_sql_says),
        cmocka_unit_test(working_times_are_what_sql_says),
        cmocka_unit_test(filters_at_random_are_what_sql_says),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
