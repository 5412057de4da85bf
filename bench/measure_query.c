/*
 * Ten questions that a report asks, over 1,000,000 facts: measure_query beside the same questions
 * in SQL on SQLite, over the very rows, with the indexes that help it. The answers must agree, else
 * the program fails. Both sides hold their data in memory: the columns by nature, SQLite by a page
 * cache larger than the file, warmed by one run that is not timed.
 *
 * usage: measure_query [FACTS]
 */
#include "../test/unit/measure/synthetic.h"

#include "measure/measure.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>

#define FROM   (G_GINT64_CONSTANT(1577836800000000)) /* 2020-01-01: five years of pull requests */
#define UNTIL  (FROM + 5 * 365 * TIME_DAY)
#define NOW    (UNTIL - 10 * TIME_DAY)
#define RECENT (NOW - 90 * TIME_DAY)
#define RUNS   5

#define MAX_ASKS 5

/* One column per ask after the key. SQL's own p50 is percentile_cont written out. */
typedef struct {
    const char *title;
    Dimension by;
    UtcTime from;
    struct {
        const char *measure;
        Statistic statistic;
        gboolean working_time;
    } asks[MAX_ASKS];
    const char *sql;
} Question;

#define OURS                                                                                       \
    "f.workspace_id = :w AND f.author_id IN (SELECT person_id FROM person WHERE NOT is_bot AND "   \
    "NOT is_excluded)"
#define WEEK "date(f.merged_at / 1000000, 'unixepoch', '-6 days', 'weekday 1')"
#define RANKED(key, value, where)                                                                  \
    "WITH r AS (SELECT k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) - 1 AS i, COUNT(*) "    \
    "OVER"                                                                                         \
    " (PARTITION BY k) - 1 AS last FROM (SELECT " key " AS k, " value                              \
    " AS v FROM fact_pr f WHERE " OURS " AND " where ") WHERE v IS NOT NULL) "
#define PERCENTILE(p)                                                                              \
    "SUM(CASE i WHEN CAST(" #p " * last AS INTEGER) THEN v * (1 - (" #p " * last - CAST(" #p       \
    " * last AS INTEGER))) WHEN CAST(" #p " * last AS INTEGER) + 1 THEN v * (" #p                  \
    " * last - CAST(" #p " * last AS INTEGER)) END)"
#define MERGED_IN_RANGE "f.merged_at >= :from AND f.merged_at < :now"

static const Question QUESTIONS[] = {
    {"cycle time p50, p75, p90 by week",
     DIMENSION_WEEK,
     FROM,
     {{"cycle-time", STATISTIC_P50}, {"cycle-time", STATISTIC_P75}, {"cycle-time", STATISTIC_P90}},
     RANKED(WEEK, "f.merged_at - f.first_commit_at", MERGED_IN_RANGE) "SELECT k, " PERCENTILE(
         0.5) ", " PERCENTILE(0.75) ", " PERCENTILE(0.9) " FROM r GROUP BY k"},
    {"phases p50 of the last 90 days",
     DIMENSION_NONE,
     RECENT,
     {{"coding-time", STATISTIC_P50},
      {"pickup-time", STATISTIC_P50},
      {"review-time", STATISTIC_P50},
      {"merge-time", STATISTIC_P50}},
     "WITH s AS MATERIALIZED (SELECT MAX(ready_at - first_commit_at, 0) AS a,"
     " MAX(first_review_at - ready_at, 0) AS b, MAX(COALESCE(approved_at, merged_at) -"
     " first_review_at, 0) AS c, CASE WHEN first_review_at IS NULL OR approved_at IS NOT NULL THEN"
     " MAX(merged_at - MAX(COALESCE(approved_at, 0), COALESCE(first_review_at, 0), ready_at), 0)"
     " END AS d FROM fact_pr f WHERE " OURS " AND " MERGED_IN_RANGE "),"
     " u AS (SELECT 1 AS k, a AS v FROM s UNION ALL SELECT 2, b FROM s UNION ALL SELECT 3, c FROM s"
     " UNION ALL SELECT 4, d FROM s),"
     " r AS (SELECT k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) - 1 AS i, COUNT(*) OVER"
     " (PARTITION BY k) - 1 AS last FROM u WHERE v IS NOT NULL),"
     " p AS (SELECT k, " PERCENTILE(0.5) " AS v FROM r GROUP BY k) SELECT '', MAX(CASE k WHEN 1"
                                         " THEN v END), MAX(CASE k WHEN 2 THEN v END), MAX(CASE k "
                                         "WHEN 3 THEN v END), MAX(CASE k WHEN 4"
                                         " THEN v END) FROM p"},
    {"cycle time p50 by repository",
     DIMENSION_REPOSITORY,
     FROM,
     {{"cycle-time", STATISTIC_P50}},
     RANKED("f.repository_id", "f.merged_at - f.first_commit_at",
            MERGED_IN_RANGE) "SELECT k, " PERCENTILE(0.5) " FROM r GROUP BY k"},
    {"time to merge p50 by author",
     DIMENSION_AUTHOR,
     FROM,
     {{"time-to-merge", STATISTIC_P50}},
     RANKED("f.author_id", "f.merged_at - f.ready_at",
            MERGED_IN_RANGE) "SELECT k, " PERCENTILE(0.5) " FROM r GROUP BY k"},
    {"throughput by week",
     DIMENSION_WEEK,
     FROM,
     {{"merged", STATISTIC_SUM}},
     "SELECT " WEEK ", COUNT(*) FROM fact_pr f WHERE " OURS " AND " MERGED_IN_RANGE " GROUP BY 1"},
    {"cycle time p50 by size class",
     DIMENSION_SIZE,
     FROM,
     {{"cycle-time", STATISTIC_P50}},
     RANKED("CASE WHEN f.lines_added IS NULL THEN 'unknown' WHEN f.lines_added + f.lines_removed <"
            " 10 THEN 'XS' WHEN f.lines_added + f.lines_removed < 100 THEN 'S' WHEN f.lines_added +"
            " f.lines_removed < 400 THEN 'M' WHEN f.lines_added + f.lines_removed < 1000 THEN 'L'"
            " ELSE 'XL' END",
            "f.merged_at - f.first_commit_at",
            MERGED_IN_RANGE) "SELECT k, " PERCENTILE(0.5) " FROM r GROUP BY k"},
    {"review load and its concentration",
     DIMENSION_NONE,
     FROM,
     {{"review-load", STATISTIC_SUM},
      {"review-load", STATISTIC_GINI},
      {"review-load", STATISTIC_TOP_SHARE}},
     "WITH s AS (SELECT reviewer_id, COUNT(*) * 1.0 AS x FROM fact_review v JOIN person o ON"
     " o.workspace_id = v.workspace_id AND o.person_id = v.reviewer_id WHERE v.workspace_id = :w"
     " AND NOT o.is_bot AND NOT o.is_excluded AND (responded_at IS NOT NULL OR comments + approvals"
     " + change_requests > 0) AND COALESCE(responded_at, asked_at) >= :from AND"
     " COALESCE(responded_at, asked_at) < :now GROUP BY reviewer_id), r AS (SELECT x, ROW_NUMBER()"
     " OVER (ORDER BY x) AS i, COUNT(*) OVER () AS n FROM s) SELECT '', SUM(x), 2 * SUM(i * x) /"
     " (MAX(n) * SUM(x)) - (MAX(n) + 1.0) / MAX(n), MAX(x) / SUM(x) FROM r"},
    {"pickup time p75 by month, both clocks",
     DIMENSION_MONTH,
     FROM,
     {{"pickup-time", STATISTIC_P75}, {"pickup-time", STATISTIC_P75, TRUE}},
     "WITH s AS MATERIALIZED (SELECT strftime('%Y-%m-01', merged_at / 1000000, 'unixepoch') AS k,"
     " MAX(first_review_at - ready_at, 0) AS a, pickup_working AS b FROM fact_pr f WHERE " OURS
     " AND " MERGED_IN_RANGE "), ra AS (SELECT k, a AS v, ROW_NUMBER() OVER (PARTITION BY k ORDER"
     " BY a) - 1 AS i, COUNT(*) OVER (PARTITION BY k) - 1 AS last FROM s WHERE a IS NOT NULL),"
     " rb AS (SELECT k, b AS v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY b) - 1 AS i, COUNT(*)"
     " OVER (PARTITION BY k) - 1 AS last FROM s WHERE b IS NOT NULL),"
     " pa AS (SELECT k, " PERCENTILE(0.75) " AS v FROM ra GROUP BY k), pb AS (SELECT "
                                           "k, " PERCENTILE(
                                               0.75) " AS v FROM rb GROUP BY k) SELECT pa.k, pa.v, "
                                                     "pb.v FROM pa JOIN pb USING (k)"},
    {"work in progress and its age p50 by repository",
     DIMENSION_REPOSITORY,
     FROM,
     {{"work-in-progress", STATISTIC_SUM}, {"age", STATISTIC_P50}},
     "WITH s AS MATERIALIZED (SELECT repository_id AS k, CASE WHEN ready_at <= :now THEN :now -"
     " ready_at END AS v FROM fact_pr f WHERE " OURS " AND opened_at <= :now AND"
     " (COALESCE(merged_at, declined_at) > :now OR (merged_at IS NULL AND declined_at IS NULL AND"
     " state = 'OPEN'))), r AS (SELECT k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) - 1 AS"
     " i, COUNT(*) OVER (PARTITION BY k) - 1 AS last FROM s WHERE v IS NOT NULL), p AS (SELECT "
     "k, " PERCENTILE(
         0.5) " AS v FROM r GROUP BY k) SELECT s.k, COUNT(*), p.v FROM s LEFT JOIN p USING"
              " (k) GROUP BY s.k"},
    {"share merged without review by month",
     DIMENSION_MONTH,
     FROM,
     {{"unreviewed", STATISTIC_SHARE}},
     "SELECT strftime('%Y-%m-01', merged_at / 1000000, 'unixepoch'), AVG(is_unreviewed) FROM"
     " fact_pr f WHERE " OURS " AND " MERGED_IN_RANGE " GROUP BY 1"},
};

/* What helps SQLite: the range, and all that the questions read, so that it need not visit rows. */
static const char PREPARE[] =
    "CREATE INDEX bench_merged ON fact_pr (workspace_id, merged_at, author_id, repository_id,"
    " first_commit_at, ready_at, first_review_at, approved_at, pickup_working, lines_added,"
    " lines_removed, is_unreviewed);"
    "CREATE INDEX bench_opened ON fact_pr (workspace_id, opened_at, merged_at, declined_at, state,"
    " author_id, repository_id, ready_at);"
    "CREATE INDEX bench_review ON fact_review (workspace_id, reviewer_id, responded_at, asked_at,"
    " comments, approvals, change_requests);"
    "ANALYZE;";

G_GNUC_NORETURN static void die(const char *what, const char *why)
{
    g_printerr("measure_query: %s: %s\n", what, why);
    exit(1);
}

static gint compare_doubles(gconstpointer a, gconstpointer b)
{
    const double *first = a, *second = b;
    return (*first > *second) - (*first < *second);
}

static double median(double times[RUNS])
{
    qsort(times, RUNS, sizeof *times, compare_doubles);
    return times[RUNS / 2];
}

/* Both sides run in this thread alone, so its processor time is what a quiet machine's clock would
 * show, and other work on the machine does not blur the ratio. */
static double cpu_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static double resident_mib(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        return 0;
    const char *resident = strchr(text, ' ');
    return resident == NULL ? 0 : (double) g_ascii_strtoull(resident, NULL, 10) * 4096 / 1048576;
}

/* ---- measure_query */

static MeasureTable *ask_columns(const MeasureColumns *columns, const Question *question)
{
    MeasureAsk asks[MAX_ASKS];
    MeasureQuery query = {
        .from = question->from, .until = NOW, .now = NOW, .by = {question->by}, .asks = asks};
    while (query.n_asks < MAX_ASKS && question->asks[query.n_asks].measure != NULL) {
        asks[query.n_asks] = (MeasureAsk){measure_find(question->asks[query.n_asks].measure),
                                          question->asks[query.n_asks].statistic,
                                          question->asks[query.n_asks].working_time};
        query.n_asks++;
    }
    g_autoptr(GError) error = NULL;
    MeasureTable *table = measure_query(columns, &query, &error);
    if (table == NULL)
        die(question->title, error->message);
    return table;
}

/* ---- SQL */

static sqlite3_stmt *prepare(sqlite3 *db, const Question *question, gint64 workspace_id)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, question->sql, -1, &statement, NULL) != SQLITE_OK)
        die(question->title, sqlite3_errmsg(db));
    const struct {
        const char *name;
        gint64 value;
    } values[] = {{":w", workspace_id}, {":from", question->from}, {":now", NOW}};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        int index = sqlite3_bind_parameter_index(statement, values[i].name);
        if (index != 0)
            sqlite3_bind_int64(statement, index, values[i].value);
    }
    return statement;
}

static void run_to_end(sqlite3_stmt *statement)
{
    while (sqlite3_step(statement) == SQLITE_ROW)
        ;
    sqlite3_reset(statement);
}

static gboolean same(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * MAX(1, fabs(b));
}

static void check_row(const Question *question, const MeasureTable *table, sqlite3_stmt *statement)
{
    const char *key = (const char *) sqlite3_column_text(statement, 0);
    for (gsize i = 0; i < table->n_rows; i++) {
        if (strcmp(table->rows[i].key[0], key) != 0)
            continue;
        for (gsize ask = 0; ask < table->n_asks; ask++) {
            int column = (int) ask + 1;
            double expected = sqlite3_column_type(statement, column) == SQLITE_NULL
                                  ? (double) NAN
                                  : sqlite3_column_double(statement, column);
            if (!same(table->rows[i].cells[ask].value, expected))
                die(question->title, "the answers differ");
        }
        return;
    }
    die(question->title, "a row is missing");
}

static void check_answers(const Question *question, const MeasureTable *table,
                          sqlite3_stmt *statement)
{
    gsize rows = 0, filled = 0;
    for (; sqlite3_step(statement) == SQLITE_ROW; rows++)
        check_row(question, table, statement);
    sqlite3_reset(statement);
    for (gsize i = 0; i < table->n_rows; i++) {
        const MeasureCell *cell = &table->rows[i].cells[0];
        filled += cell->n == 0 && (cell->absent > 0 || cell->excluded > 0 || cell->value == 0);
    }
    if (rows == 0 || rows < table->n_rows - filled)
        die(question->title, "SQL has fewer rows");
}

static double bench_question(const Question *question, const MeasureColumns *columns, sqlite3 *db,
                             gint64 workspace_id)
{
    double ours[RUNS], theirs[RUNS];
    sqlite3_stmt *statement = prepare(db, question, workspace_id);
    g_autoptr(MeasureTable) table = ask_columns(columns, question);
    check_answers(question, table, statement);
    for (guint run = 0; run < RUNS; run++) {
        double start = cpu_milliseconds();
        measure_table_free(ask_columns(columns, question));
        ours[run] = cpu_milliseconds() - start;
    }
    for (guint run = 0; run < RUNS; run++) {
        double start = cpu_milliseconds();
        run_to_end(statement);
        theirs[run] = cpu_milliseconds() - start;
    }
    sqlite3_finalize(statement);
    double a = median(ours), b = median(theirs);
    g_print("%-48s %8.1f ms  SQLite %9.1f ms  %7.1f times\n", question->title, a, b, b / a);
    return b / a;
}

/* ---- */

static void remove_folder(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_rmdir(folder);
}

static sqlite3 *open_sqlite(const char *path)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA cache_size = -3000000; PRAGMA temp_store = MEMORY", NULL, NULL,
                     NULL) != SQLITE_OK ||
        sqlite3_exec(db, PREPARE, NULL, NULL, NULL) != SQLITE_OK)
        die("SQLite", sqlite3_errmsg(db));
    return db;
}

static void bench(const char *folder, gsize facts)
{
    g_autofree char *path = g_build_filename(folder, "data", NULL);
    g_autofree char *key_path = g_build_filename(folder, "key", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(path, key_path, &error);
    SyntheticOptions options = {.seed = 1,
                                .pull_requests = facts,
                                .people = 2000,
                                .repositories = 400,
                                .from = FROM,
                                .until = UNTIL};
    gint64 workspace_id = 0;
    if (store == NULL || !synthetic_fill(store, &options, &workspace_id, &error))
        die("filling the store", error->message);
    double before = resident_mib();
    double start = cpu_milliseconds();
    g_autoptr(MeasureColumns) columns = measure_columns_load(store, workspace_id, &error);
    if (columns == NULL)
        die("loading", error->message);
    g_print("%zu facts loaded into columns in %.1f s, %.0f MiB more resident (%.0f bytes per fact, "
            "reviews included)\n",
            facts, (cpu_milliseconds() - start) / 1000, resident_mib() - before,
            (resident_mib() - before) * 1048576 / (double) facts);
    sqlite3 *db = open_sqlite(path);
    double product = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(QUESTIONS); i++)
        product *= bench_question(&QUESTIONS[i], columns, db, workspace_id);
    g_print("geometric mean of the ratios: %.1f\n", pow(product, 1.0 / G_N_ELEMENTS(QUESTIONS)));
    sqlite3_close(db);
}

int main(int argc, char **argv)
{
    guint64 facts = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : 1000000;
    g_autofree char *folder = g_dir_make_tmp("plumbline-bench-XXXXXX", NULL);
    if (folder == NULL || facts == 0)
        die("a folder for the data", "it could not be made");
    bench(folder, (gsize) facts);
    remove_folder(folder);
    return 0;
}
