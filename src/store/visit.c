/*
 * Pull requests with all that facts are made from.
 *
 * They are read in runs of neighbouring numbers: one range scan per table and run, merged by
 * number. When everything is out of date that is a scan of each table in key order; for a few
 * scattered ones it is a lookup each. All runs of a visit see one state of the data file.
 */
#include "store/inside.h"

#define RUN_MAX 256 /* pull requests in memory at once */

typedef struct {
    gint64 repository_id, number, generation;
} Key;

/* Where a pull request's children lie in the arrays of the run. */
typedef struct {
    gsize participants, events, commits, files, builds, tasks;
} Start;

typedef struct {
    Db *db;
    gint64 workspace_id, repository_id;
    gboolean only_todo;
    const PersonMap *people; /* rows name people as sighted, a visitor sees who they are */
    GStringChunk *texts;
    GArray *rows;   /* StorePullRequest, by number */
    GArray *starts; /* Start, one per row */
    GArray *participants, *events, *commits, *files, *builds, *tasks;
} Run;

static void run_init(Run *run, Db *db, gint64 workspace_id, gboolean only_todo,
                     const PersonMap *people)
{
    *run = (Run){
        .db = db,
        .workspace_id = workspace_id,
        .only_todo = only_todo,
        .people = people,
        .texts = g_string_chunk_new(64 * 1024),
        .rows = g_array_new(FALSE, FALSE, sizeof(StorePullRequest)),
        .starts = g_array_new(FALSE, FALSE, sizeof(Start)),
        .participants = g_array_new(FALSE, FALSE, sizeof(StoreParticipant)),
        .events = g_array_new(FALSE, FALSE, sizeof(StoreEvent)),
        .commits = g_array_new(FALSE, FALSE, sizeof(UtcTime)),
        .files = g_array_new(FALSE, FALSE, sizeof(FileChange)),
        .builds = g_array_new(FALSE, FALSE, sizeof(StoreBuild)),
        .tasks = g_array_new(FALSE, FALSE, sizeof(StoreTask)),
    };
}

static void run_reset(Run *run)
{
    g_string_chunk_clear(run->texts);
    g_array_set_size(run->rows, 0);
    g_array_set_size(run->starts, 0);
    g_array_set_size(run->participants, 0);
    g_array_set_size(run->events, 0);
    g_array_set_size(run->commits, 0);
    g_array_set_size(run->files, 0);
    g_array_set_size(run->builds, 0);
    g_array_set_size(run->tasks, 0);
}

static void run_clear(Run *run)
{
    g_string_chunk_free(run->texts);
    g_array_unref(run->rows);
    g_array_unref(run->starts);
    g_array_unref(run->participants);
    g_array_unref(run->events);
    g_array_unref(run->commits);
    g_array_unref(run->files);
    g_array_unref(run->builds);
    g_array_unref(run->tasks);
}

static const char *keep_text(Run *run, DbRows *rows, guint column)
{
    const char *text = db_column_text(rows, column);
    return text != NULL ? g_string_chunk_insert(run->texts, text) : NULL;
}

/* ---- the queries of a run: column 0 is the number */

typedef void (*RowTaker)(Run *run, StorePullRequest *row, Start *start, DbRows *rows);

static gint64 person_at(const Run *run, DbRows *rows, guint column)
{
    return person_map_canonical(run->people, db_column_optional(rows, column));
}

/* Two accounts of one person stand in one list: asked if either is; the verdict is the later one,
 * and stands before no verdict at all. */
static void unite_participants(StoreParticipant *kept, const StoreParticipant *other)
{
    kept->is_reviewer = kept->is_reviewer || other->is_reviewer;
    gboolean has_verdict = other->state != PARTICIPANT_NO_STATE;
    if (has_verdict == (kept->state != PARTICIPANT_NO_STATE)
            ? other->participated > kept->participated
            : has_verdict) {
        kept->state = other->state;
        kept->participated = other->participated;
    }
}

static void take_participant(Run *run, StorePullRequest *row, Start *start, DbRows *rows)
{
    const char *state = db_column_text(rows, 3);
    const StoreParticipant participant = {
        .person_id = person_at(run, rows, 1),
        .is_reviewer = db_column_flag(rows, 2),
        .state = g_strcmp0(state, "approved") == 0            ? PARTICIPANT_APPROVED
                 : g_strcmp0(state, "changes_requested") == 0 ? PARTICIPANT_CHANGES_REQUESTED
                                                              : PARTICIPANT_NO_STATE,
        .participated = db_column_optional(rows, 4),
    };
    for (gsize i = 0; i < row->n_participants; i++) {
        StoreParticipant *known =
            &g_array_index(run->participants, StoreParticipant, start->participants + i);
        if (known->person_id == participant.person_id) {
            unite_participants(known, &participant);
            return;
        }
    }
    if (row->n_participants++ == 0)
        start->participants = run->participants->len;
    g_array_append_val(run->participants, participant);
}

static void take_event(Run *run, StorePullRequest *row, Start *start, DbRows *rows)
{
    const StoreEvent event = {
        .kind = (PrEventKind) db_column_integer(rows, 1),
        .at = db_column_integer(rows, 2),
        .actor_id = person_at(run, rows, 3),
        .subject_id = person_at(run, rows, 4),
        .source_hash = keep_text(run, rows, 5),
        .comment_id = db_column_optional(rows, 6),
        .parent_comment_id = db_column_optional(rows, 7),
        .is_inline = db_column_flag(rows, 8),
        .is_deleted = db_column_flag(rows, 9),
        .resolved = db_column_optional(rows, 10),
    };
    if (row->n_events++ == 0)
        start->events = run->events->len;
    g_array_append_val(run->events, event);
}

static void take_commit(Run *run, StorePullRequest *row, Start *start, DbRows *rows)
{
    const UtcTime authored = db_column_integer(rows, 1);
    if (row->n_commits++ == 0)
        start->commits = run->commits->len;
    g_array_append_val(run->commits, authored);
}

static void take_file(Run *run, StorePullRequest *row, Start *start, DbRows *rows)
{
    const FileChange file = {
        .path = keep_text(run, rows, 1),
        .old_path = keep_text(run, rows, 2),
        .lines_added = db_column_optional(rows, 3),
        .lines_removed = db_column_optional(rows, 4),
    };
    if (row->n_files++ == 0)
        start->files = run->files->len;
    g_array_append_val(run->files, file);
}

/* Builds of an earlier source commit say nothing about the pull request as it is. */
static void take_reading(Run *run, StorePullRequest *row, Start *start, DbRows *rows)
{
    const char *subject = db_column_text(rows, 1);
    if (g_strcmp0(subject, READING_BUILDS) == 0)
        row->builds_known = model_same_hash(db_column_text(rows, 2), row->source_hash);
    else if (g_strcmp0(subject, READING_TASKS) == 0)
        row->tasks_known = TRUE;
}

static void take_build(Run *run, StorePullRequest *row, Start *start, DbRows *rows)
{
    const StoreBuild build = {
        .key = keep_text(run, rows, 1),
        .state = (BuildState) db_column_integer(rows, 2),
        .created = db_column_optional(rows, 3),
        .updated = db_column_optional(rows, 4),
        .name = keep_text(run, rows, 5),
        .url = keep_text(run, rows, 6),
    };
    if (!row->builds_known)
        return;
    if (row->n_builds++ == 0)
        start->builds = run->builds->len;
    g_array_append_val(run->builds, build);
}

static void take_task(Run *run, StorePullRequest *row, Start *start, DbRows *rows)
{
    const StoreTask task = {
        .task_id = db_column_integer(rows, 1),
        .creator_id = person_at(run, rows, 2),
        .resolver_id = person_at(run, rows, 3),
        .created = db_column_optional(rows, 4),
        .resolved = db_column_optional(rows, 5),
    };
    if (row->n_tasks++ == 0)
        start->tasks = run->tasks->len;
    g_array_append_val(run->tasks, task);
}

static DbRows *query_run(Run *run, StatementId statement, gint64 first, gint64 last, GError **error)
{
    return db_query(run->db, statement,
                    DB_PARAMS(db_integer(run->workspace_id), db_integer(run->repository_id),
                              db_integer(first), db_integer(last)),
                    error);
}

/* Gives each row of a child table to its pull request; those of other ones are passed over. */
static gboolean read_children(Run *run, StatementId statement, gint64 first, gint64 last,
                              RowTaker take, GError **error)
{
    g_autoptr(DbRows) rows = query_run(run, statement, first, last, error);
    if (rows == NULL)
        return FALSE;
    guint i = 0;
    while (db_rows_next(rows)) {
        gint64 number = db_column_integer(rows, 0);
        while (i < run->rows->len && g_array_index(run->rows, StorePullRequest, i).number < number)
            i++;
        if (i == run->rows->len)
            break;
        StorePullRequest *row = &g_array_index(run->rows, StorePullRequest, i);
        if (row->number == number)
            take(run, row, &g_array_index(run->starts, Start, i), rows);
    }
    return db_rows_end(rows, error);
}

static gboolean read_pull_requests(Run *run, gint64 first, gint64 last, GError **error)
{
    g_autoptr(DbRows) rows = query_run(run, STATEMENT_VISIT_PULL_REQUESTS, first, last, error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        if (run->only_todo && db_column_is_null(rows, 1))
            continue;
        const StorePullRequest row = {
            .repository_id = run->repository_id,
            .number = db_column_integer(rows, 0),
            .generation = db_column_integer(rows, 1),
            .title = keep_text(run, rows, 2),
            .source_branch = keep_text(run, rows, 3),
            .destination_branch = keep_text(run, rows, 4),
            .source_hash = keep_text(run, rows, 5),
            .html_url = keep_text(run, rows, 6),
            .state = model_state_from_name(db_column_text(rows, 7)),
            .is_draft = db_column_flag(rows, 8),
            .author_id = person_at(run, rows, 9),
            .closed_by_id = person_at(run, rows, 10),
            .created = db_column_integer(rows, 11),
            .updated = db_column_integer(rows, 12),
            .commits_state = keep_text(run, rows, 13),
            .files_state = keep_text(run, rows, 14),
            .participants_as_of = db_column_optional(rows, 15),
            .tasks_known = db_column_optional(rows, 16) == 0,
            .merge_committed = db_column_optional(rows, 17),
        };
        const Start start = {0};
        g_array_append_val(run->rows, row);
        g_array_append_val(run->starts, start);
    }
    return db_rows_end(rows, error);
}

static gboolean visit_run(Run *run, gint64 repository_id, gint64 first, gint64 last,
                          StorePullRequestVisitor visitor, gpointer user_data, GError **error)
{
    run_reset(run);
    run->repository_id = repository_id;
    if (!read_pull_requests(run, first, last, error) ||
        !read_children(run, STATEMENT_VISIT_PARTICIPANTS, first, last, take_participant, error) ||
        !read_children(run, STATEMENT_VISIT_EVENTS, first, last, take_event, error) ||
        !read_children(run, STATEMENT_VISIT_COMMITS, first, last, take_commit, error) ||
        !read_children(run, STATEMENT_VISIT_FILES, first, last, take_file, error) ||
        !read_children(run, STATEMENT_VISIT_READINGS, first, last, take_reading, error) ||
        !read_children(run, STATEMENT_VISIT_BUILDS, first, last, take_build, error) ||
        !read_children(run, STATEMENT_VISIT_TASKS, first, last, take_task, error))
        return FALSE;
    for (guint i = 0; i < run->rows->len; i++) {
        StorePullRequest *row = &g_array_index(run->rows, StorePullRequest, i);
        const Start *start = &g_array_index(run->starts, Start, i);
        row->participants = (StoreParticipant *) run->participants->data + start->participants;
        row->events = (StoreEvent *) run->events->data + start->events;
        row->commit_authored = (UtcTime *) run->commits->data + start->commits;
        row->files = (FileChange *) run->files->data + start->files;
        row->builds = (StoreBuild *) run->builds->data + start->builds;
        row->tasks = (StoreTask *) run->tasks->data + start->tasks;
        if (!visitor(row, user_data, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- fact_todo */

static GArray *list_todo(Db *db, gint64 workspace_id, gint64 limit, GError **error)
{
    g_autoptr(DbRows) rows = db_query(
        db, STATEMENT_TODO_LIST, DB_PARAMS(db_integer(workspace_id), db_integer(limit)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(Key));
    while (db_rows_next(rows)) {
        const Key key = {db_column_integer(rows, 0), db_column_integer(rows, 1),
                         db_column_integer(rows, 2)};
        g_array_append_val(keys, key);
    }
    return db_rows_end(rows, error) ? g_steal_pointer(&keys) : NULL;
}

/* How many keys from @from on are dense enough to be read as one range. */
static guint run_length(const GArray *keys, guint from)
{
    const Key *first = &g_array_index(keys, Key, from);
    guint n = 1;
    while (n < RUN_MAX && from + n < keys->len) {
        const Key *key = &g_array_index(keys, Key, from + n);
        if (key->repository_id != first->repository_id ||
            key->number - first->number > 2 * (gint64) n)
            break;
        n++;
    }
    return n;
}

static gboolean visit_list(Db *db, gint64 workspace_id, const PersonMap *people, gboolean only_todo,
                           const GArray *keys, StorePullRequestVisitor visitor, gpointer user_data,
                           GError **error)
{
    Run run;
    run_init(&run, db, workspace_id, only_todo, people);
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < keys->len;) {
        guint n = run_length(keys, i);
        const Key *first = &g_array_index(keys, Key, i);
        const Key *last = &g_array_index(keys, Key, i + n - 1);
        ok = visit_run(&run, first->repository_id, first->number, last->number, visitor, user_data,
                       error);
        i += n;
    }
    run_clear(&run);
    return ok;
}

static gboolean visit_todo(Db *db, gint64 workspace_id, const PersonMap *people, gint64 limit,
                           StorePullRequestVisitor visitor, gpointer user_data, GError **error)
{
    g_autoptr(GArray) keys = list_todo(db, workspace_id, limit, error);
    return keys != NULL &&
           visit_list(db, workspace_id, people, TRUE, keys, visitor, user_data, error);
}

/* ---- the room's functions */

gboolean store_visit_fact_todo(Store *store, gint64 workspace_id, gint64 limit,
                               StorePullRequestVisitor visitor, gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && db_begin(db, DB_SNAPSHOT, error);
    if (ok) {
        g_autoptr(PersonMap) people = person_map_get(store, db, workspace_id, error);
        ok = people != NULL &&
             visit_todo(db, workspace_id, people, limit, visitor, user_data, error);
        db_rollback(db);
    }
    store_reader_done(store, db);
    return ok;
}

typedef struct {
    StorePullRequestVisitor visitor;
    gpointer user_data;
    gboolean found;
} Single;

static gboolean visit_single(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Single *single = user_data;
    single->found = TRUE;
    return single->visitor(row, single->user_data, error);
}

gboolean store_visit_pull_request(Store *store, gint64 workspace_id, gint64 repository_id,
                                  gint64 number, StorePullRequestVisitor visitor,
                                  gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && db_begin(db, DB_SNAPSHOT, error);
    Single single = {visitor, user_data, FALSE};
    if (ok) {
        g_autoptr(PersonMap) people = person_map_get(store, db, workspace_id, error);
        Run run;
        run_init(&run, db, workspace_id, FALSE, people);
        ok = people != NULL &&
             visit_run(&run, repository_id, number, number, visit_single, &single, error);
        run_clear(&run);
        db_rollback(db);
    }
    store_reader_done(store, db);
    if (ok && !single.found)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "Pull request %" G_GINT64_FORMAT " is not in the data file.", number);
    return ok && single.found;
}

gboolean store_count_fact_todo(Store *store, gint64 workspace_id, gint64 *ret_count, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && db_get_integer(db, STATEMENT_TODO_COUNT, DB_PARAMS(db_integer(workspace_id)),
                                     0, ret_count, error);
    store_reader_done(store, db);
    return ok;
}

gboolean store_invalidate_facts(StoreTx *tx, gint64 workspace_id, GError **error)
{
    gint64 generation = 0;
    return store_generation(tx, &generation, error) &&
           db_run(tx->db, STATEMENT_TODO_ADD_ALL,
                  DB_PARAMS(db_integer(workspace_id), db_integer(generation)), NULL, error);
}

/* ---- chosen ones */

typedef struct {
    const GArray *keys;
    guint next;
    StorePullRequestVisitor visitor;
    gpointer user_data;
} Chosen;

/* A run reads also what lies between its keys. */
static gboolean visit_chosen(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Chosen *chosen = user_data;
    for (; chosen->next < chosen->keys->len; chosen->next++) {
        const Key *key = &g_array_index(chosen->keys, Key, chosen->next);
        if (key->repository_id == row->repository_id && key->number == row->number)
            return chosen->visitor(row, chosen->user_data, error);
        if (key->repository_id > row->repository_id ||
            (key->repository_id == row->repository_id && key->number > row->number))
            break;
    }
    return TRUE;
}

gboolean store_visit_keys(Store *store, gint64 workspace_id, const GArray *keys,
                          StorePullRequestVisitor visitor, gpointer user_data, GError **error)
{
    g_autoptr(GArray) wanted = g_array_sized_new(FALSE, FALSE, sizeof(Key), keys->len);
    for (guint i = 0; i < keys->len; i++) {
        const StorePullRequestKey *given = &g_array_index(keys, StorePullRequestKey, i);
        const Key key = {given->repository_id, given->number, 0};
        g_array_append_val(wanted, key);
    }
    Chosen chosen = {wanted, 0, visitor, user_data};
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && db_begin(db, DB_SNAPSHOT, error);
    if (ok) {
        g_autoptr(PersonMap) people = person_map_get(store, db, workspace_id, error);
        ok = people != NULL &&
             visit_list(db, workspace_id, people, FALSE, wanted, visit_chosen, &chosen, error);
        db_rollback(db);
    }
    store_reader_done(store, db);
    return ok;
}
