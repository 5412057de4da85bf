/* Pull requests with their participants. */
#include "store/inside.h"

#include <string.h>

/* What decides about a newer record; texts live in the batch. */
typedef struct {
    gboolean exists;
    PullRequestState state;
    UtcTime updated;
    const char *source_hash, *destination_hash, *merge_hash, *destination_branch;
    gint64 author_id, closed_by_id;
    const char *commits_state, *files_state;
} Known;

typedef struct {
    StoreTx *tx;
    gint64 workspace_id, repository_id;
    People *people;
    GStringChunk *texts;
} Batch;

static const char *keep_column(Batch *batch, DbRows *rows, guint column)
{
    const char *text = db_column_text(rows, column);
    return text != NULL ? g_string_chunk_insert(batch->texts, text) : NULL;
}

static gboolean read_known(Batch *batch, gint64 number, Known *ret_known, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(batch->tx->db, STATEMENT_PULL_REQUEST_GET,
                 DB_PARAMS(db_integer(batch->workspace_id), db_integer(batch->repository_id),
                           db_integer(number)),
                 error);
    if (rows == NULL)
        return FALSE;
    Known known = {0};
    if (db_rows_next(rows))
        known = (Known){
            .exists = TRUE,
            .state = model_state_from_name(db_column_text(rows, 0)),
            .updated = db_column_integer(rows, 1),
            .source_hash = keep_column(batch, rows, 2),
            .destination_hash = keep_column(batch, rows, 3),
            .merge_hash = keep_column(batch, rows, 4),
            .destination_branch = keep_column(batch, rows, 5),
            .author_id = db_column_integer(rows, 6),
            .closed_by_id = db_column_optional(rows, 7),
            .commits_state = keep_column(batch, rows, 8),
            .files_state = keep_column(batch, rows, 9),
        };
    if (!db_rows_end(rows, error))
        return FALSE;
    *ret_known = known;
    return TRUE;
}

/* Of two records of one instant the longer form stays, whichever comes first. */
static const char *longer_hash(const Known *known, UtcTime updated, const char *known_hash,
                               const char *hash)
{
    if (known->exists && known->updated == updated && known_hash != NULL && hash != NULL &&
        model_same_hash(known_hash, hash) && strlen(known_hash) > strlen(hash))
        return known_hash;
    return hash;
}

/* What git or the API told about its commits and files no longer holds. */
static gboolean range_moved(const Known *known, const PullRequest *record)
{
    return known->state != record->state ||
           g_strcmp0(known->destination_branch, record->destination_branch) != 0 ||
           (record->state == PR_OPEN && !model_same_hash(known->source_hash, record->source_hash));
}

/* Somebody known does not become nobody when the account is closed. */
static gint64 known_person(gint64 known_id, gint64 seen_id, gint64 nobody)
{
    return seen_id == nobody && known_id != nobody ? known_id : seen_id;
}

static GArray *make_row(Batch *batch, const PullRequest *record, const Known *known,
                        UtcTime updated)
{
    gint64 author_id = people_see(batch->people, &record->author, updated);
    gint64 closed_by_id = record->state == PR_OPEN
                              ? COUNT_ABSENT
                              : people_see_optional(batch->people, &record->closed_by, updated);
    if (known->exists) {
        gint64 deleted = store_deleted_person(batch->workspace_id);
        author_id = known_person(known->author_id, author_id, deleted);
        if (record->state != PR_OPEN)
            closed_by_id = known_person(known->closed_by_id, closed_by_id, COUNT_ABSENT);
    }
    gboolean unknown = !known->exists || range_moved(known, record);
    const DbValue values[] = {
        db_integer(batch->workspace_id),
        db_integer(batch->repository_id),
        db_integer(record->number),
        db_text(record->title != NULL ? record->title : ""),
        db_text(model_state_name(record->state)),
        db_flag(record->draft),
        db_integer(author_id),
        db_optional(closed_by_id),
        db_optional(record->created != TIME_ABSENT ? record->created : updated),
        db_optional(updated),
        db_optional(record->has_participants ? updated : TIME_ABSENT),
        db_text(record->source_branch),
        db_text(longer_hash(known, updated, known->source_hash, record->source_hash)),
        db_text(record->source_repository_uuid),
        db_text(record->destination_branch),
        db_text(longer_hash(known, updated, known->destination_hash, record->destination_hash)),
        db_text(longer_hash(known, updated, known->merge_hash, record->merge_hash)),
        db_text(record->html_url),
        db_optional(record->comment_count),
        db_optional(record->task_count),
        db_text(unknown ? "unknown" : known->commits_state),
        db_text(unknown ? "unknown" : known->files_state),
    };
    GArray *rows = bulk_rows_new();
    bulk_rows_add(rows, BULK_PULL_REQUEST, values, G_N_ELEMENTS(values));
    return rows;
}

/* ---- participants */

typedef struct {
    gint64 person_id;
    gboolean is_reviewer;
    ParticipantState state;
    UtcTime participated;
} Part;

/* Two entries for one person (several closed accounts) become one: the most that is said. */
static void add_part(GArray *parts, Part part)
{
    for (guint i = 0; i < parts->len; i++) {
        Part *other = &g_array_index(parts, Part, i);
        if (other->person_id == part.person_id) {
            other->is_reviewer |= part.is_reviewer;
            other->state = MAX(other->state, part.state);
            other->participated = MAX(other->participated, part.participated);
            return;
        }
    }
    g_array_append_val(parts, part);
}

static GArray *collect_parts(Batch *batch, const PullRequest *record, UtcTime updated)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));
    for (gsize i = 0; i < record->n_participants; i++) {
        const Participant *participant = &record->participants[i];
        gint64 id = people_see(batch->people, &participant->person, updated);
        add_part(parts, (Part){id, participant->is_reviewer, participant->state,
                               participant->participated});
    }
    for (gsize i = 0; i < record->n_reviewers; i++) {
        gint64 id = people_see(batch->people, &record->reviewers[i], updated);
        add_part(parts, (Part){id, TRUE, PARTICIPANT_NO_STATE, TIME_ABSENT});
    }
    return parts;
}

static const char *part_state_name(ParticipantState state)
{
    switch (state) {
    case PARTICIPANT_APPROVED:
        return "approved";
    case PARTICIPANT_CHANGES_REQUESTED:
        return "changes_requested";
    default:
        return NULL;
    }
}

static gboolean put_participants(Batch *batch, const PullRequest *record, UtcTime updated,
                                 gint64 *ret_altered, GError **error)
{
    g_autoptr(GArray) parts = collect_parts(batch, record, updated);
    const DbValue prefix[] = {db_integer(batch->workspace_id), db_integer(batch->repository_id),
                              db_integer(record->number)};
    g_autoptr(GArray) rows = bulk_rows_new();
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = &g_array_index(parts, Part, i);
        bulk_rows_add(rows, BULK_PR_PARTICIPANT,
                      DB_PARAMS(prefix[0], prefix[1], prefix[2], db_integer(part->person_id),
                                db_flag(part->is_reviewer), db_text(part_state_name(part->state)),
                                db_optional(part->participated)));
    }
    return bulk_replace(batch->tx->db, BULK_PR_PARTICIPANT, prefix, rows, ret_altered, NULL, error);
}

/* ---- one record */

/* An older record says nothing new, but it may know somebody whose account was closed since. */
static gboolean name_people(Batch *batch, const PullRequest *record, const Known *known,
                            UtcTime updated, StoreChanges *changes, GError **error)
{
    gint64 nobody = store_deleted_person(batch->workspace_id);
    gint64 author_id =
        known_person(people_see(batch->people, &record->author, updated), known->author_id, nobody);
    gint64 closed_by_id = known->closed_by_id;
    if (record->state == known->state && record->state != PR_OPEN)
        closed_by_id = known_person(people_see_optional(batch->people, &record->closed_by, updated),
                                    closed_by_id, COUNT_ABSENT);
    if (author_id == known->author_id && closed_by_id == known->closed_by_id)
        return TRUE;
    changes->changed++;
    return db_run(batch->tx->db, STATEMENT_PULL_REQUEST_PEOPLE,
                  DB_PARAMS(db_integer(batch->workspace_id), db_integer(batch->repository_id),
                            db_integer(record->number), db_integer(author_id),
                            db_optional(closed_by_id)),
                  NULL, error) &&
           store_mark_todo(batch->tx, batch->workspace_id, batch->repository_id, record->number,
                           error);
}

static gboolean put_record(Batch *batch, const PullRequest *record, StoreChanges *changes,
                           GError **error)
{
    Known known;
    if (!read_known(batch, record->number, &known, error))
        return FALSE;
    UtcTime updated = record->updated != TIME_ABSENT ? record->updated : record->created;
    if (known.exists && updated < known.updated)
        return name_people(batch, record, &known, updated, changes, error);

    g_autoptr(GArray) row = make_row(batch, record, &known, updated);
    BulkOutcome outcome = BULK_UNCHANGED;
    gint64 altered = 0;
    if (!bulk_upsert(batch->tx->db, BULK_PULL_REQUEST, row, &outcome, NULL, error) ||
        (record->has_participants && !put_participants(batch, record, updated, &altered, error)))
        return FALSE;
    if (outcome == BULK_UNCHANGED && altered == 0)
        return TRUE;
    if (outcome == BULK_INSERTED)
        changes->inserted++;
    else
        changes->changed++;
    return store_mark_todo(batch->tx, batch->workspace_id, batch->repository_id, record->number,
                           error);
}

gboolean store_put_pull_requests(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                 const PullRequest *records, gsize n, StoreChanges *changes,
                                 GError **error)
{
    g_autoptr(People) people = people_new(workspace_id);
    Batch batch = {tx, workspace_id, repository_id, people, g_string_chunk_new(4096)};
    gboolean ok = TRUE;
    for (gsize i = 0; ok && i < n; i++)
        ok = put_record(&batch, &records[i], changes, error);
    ok = ok && people_put(people, tx, error);
    g_string_chunk_free(batch.texts);
    return ok;
}

/* ---- reading */

void store_pull_request_label_clear(StorePullRequestLabel *label)
{
    g_clear_pointer(&label->title, g_free);
    g_clear_pointer(&label->html_url, g_free);
    g_clear_pointer(&label->source_branch, g_free);
    g_clear_pointer(&label->destination_branch, g_free);
}

static gpointer read_label(DbRows *rows)
{
    StorePullRequestLabel *label = g_new0(StorePullRequestLabel, 1);
    *label = (StorePullRequestLabel){db_column_copy(rows, 0), db_column_copy(rows, 1),
                                     db_column_copy(rows, 2), db_column_copy(rows, 3)};
    return label;
}

gboolean store_get_pull_request_label(Store *store, gint64 workspace_id, gint64 repository_id,
                                      gint64 number, StorePullRequestLabel *ret_label,
                                      GError **error)
{
    g_autoptr(GPtrArray) labels = store_list(
        store, STATEMENT_PULL_REQUEST_LABEL,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(number)),
        read_label, g_free, error);
    if (labels == NULL)
        return FALSE;
    if (labels->len == 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "Pull request %" G_GINT64_FORMAT " is not in the data file.", number);
        return FALSE;
    }
    *ret_label = *(StorePullRequestLabel *) labels->pdata[0];
    return TRUE;
}
