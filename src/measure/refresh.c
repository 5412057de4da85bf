/*
 * Keeps the stored facts true: judges who is a bot, finds out whether the definitions or the
 * calendar changed, and works off the list of pull requests whose rows did.
 */
#include "measure/approvals.h"
#include "measure/bots.h"
#include "measure/calendar_settings.h"
#include "measure/delivery.h"
#include "measure/facts.h"

#include <string.h>

#define BATCH          500 /* pull requests per transaction: the writer is not held for long */
#define DEFINITION_KEY "measure.definition"
#define PATTERNS_KEY   "bots.patterns"

/* ---- people */

typedef struct {
    gint64 person_id;
    gboolean is_bot, is_excluded;
    const char *reason;
} Judgement;

/* Judges everybody and gives the roles; @changed gets those whose judgement is new. */
static PeopleRoles *judge_people(Store *store, gint64 workspace_id, GArray *changed, GError **error)
{
    GError *problem = NULL;
    g_autofree char *patterns = store_get_setting(store, workspace_id, PATTERNS_KEY, &problem);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return NULL;
    }
    g_autoptr(GPtrArray) people = store_list_people(store, workspace_id, error);
    if (people == NULL)
        return NULL;
    PeopleRoles *roles = people_roles_new(store_deleted_person(workspace_id));
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = g_ptr_array_index(people, i);
        gboolean is_bot = person->is_bot;
        if (!bots_is_by_hand(person->bot_reason)) {
            Judgement judgement = {.person_id = person->person_id,
                                   .is_excluded = person->is_excluded,
                                   .reason = bots_judge(person->kind, person->display_name,
                                                        person->nickname, person->email)};
            if (judgement.reason == NULL)
                judgement.reason =
                    bots_match(patterns, person->display_name, person->nickname, person->email);
            judgement.is_bot = is_bot = judgement.reason != NULL;
            if (judgement.is_bot != (person->is_bot != 0) ||
                g_strcmp0(judgement.reason, person->bot_reason) != 0)
                g_array_append_val(changed, judgement);
        }
        people_roles_add(roles, person->person_id, is_bot, person->is_excluded);
    }
    return roles;
}

static gboolean mark_people(StoreTx *tx, gint64 workspace_id, const GArray *changed, GError **error)
{
    for (guint i = 0; i < changed->len; i++) {
        const Judgement *judgement = &g_array_index(changed, Judgement, i);
        if (!store_mark_person(tx, workspace_id, judgement->person_id, judgement->is_bot,
                               judgement->reason, judgement->is_excluded, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- definition and calendar */

/* @ret_text: what the facts are computed by now; *@ret_changed: the stored ones by something else.
 */
static gboolean read_definition(Store *store, gint64 workspace_id, const ApprovalBook *book,
                                char **ret_text, gboolean *ret_changed, GError **error)
{
    GError *problem = NULL;
    g_autofree char *calendar = calendar_fingerprint(store, workspace_id, error);
    g_autofree char *teams =
        calendar == NULL ? NULL : teams_fingerprint(store, workspace_id, error);
    if (teams == NULL)
        return FALSE;
    g_autofree char *stored = store_get_setting(store, workspace_id, DEFINITION_KEY, &problem);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_autofree char *policies = approval_book_fingerprint(book);
    *ret_text = g_strdup_printf("%d.%d%s%s%s%s", MEASURE_DEFINITION, IDENTITY_RULES, calendar,
                                teams, *policies != '\0' ? " policies " : "", policies);
    *ret_changed = g_strcmp0(stored, *ret_text) != 0;
    return TRUE;
}

static gboolean prepare(Store *store, gint64 workspace_id, const GArray *changed_people,
                        const ApprovalBook *book, GError **error)
{
    g_autofree char *definition = NULL;
    gboolean is_changed;
    if (!read_definition(store, workspace_id, book, &definition, &is_changed, error))
        return FALSE;
    if (!is_changed && changed_people->len == 0)
        return TRUE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL || !mark_people(tx, workspace_id, changed_people, error))
        return FALSE;
    if (is_changed && (!store_put_setting(tx, workspace_id, DEFINITION_KEY, definition, error) ||
                       !store_invalidate_facts(tx, workspace_id, error)))
        return FALSE;
    return store_commit(g_steal_pointer(&tx), error);
}

/* ---- facts */

typedef struct {
    FactPr fact;
    gint64 generation;
    guint first_review, n_reviews; /* in Batch.reviews */
} BatchRow;

typedef struct {
    const PeopleRoles *roles;
    const Teams *teams;
    const ApprovalBook *book;
    GArray *rows, *reviews;
    GStringChunk *texts; /* what facts borrow from rows that are gone after the visit */
} Batch;

static gboolean compute_row(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Batch *batch = user_data;
    BatchRow computed = {.generation = row->generation, .first_review = batch->reviews->len};
    facts_compute(row, batch->roles, batch->teams, batch->book, &computed.fact, batch->reviews);
    computed.n_reviews = batch->reviews->len - computed.first_review;
    if (computed.fact.destination_branch != NULL)
        computed.fact.destination_branch =
            g_string_chunk_insert_const(batch->texts, computed.fact.destination_branch);
    g_array_append_val(batch->rows, computed);
    return TRUE;
}

static gboolean write_batch(Store *store, gint64 workspace_id, const Batch *batch, GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    for (guint i = 0; i < batch->rows->len; i++) {
        const BatchRow *row = &g_array_index(batch->rows, BatchRow, i);
        const FactReview *reviews =
            (const FactReview *) (const void *) batch->reviews->data + row->first_review;
        if (!store_put_facts(tx, workspace_id, &row->fact, reviews, row->n_reviews, row->generation,
                             error))
            return FALSE;
    }
    return store_commit(g_steal_pointer(&tx), error);
}

/* Works off the list until it is empty. A row that changes in between is on it again with a higher
 * generation, and comes by once more. */
static gboolean work_off(Store *store, gint64 workspace_id, Batch *batch, gint64 *ret_computed,
                         GError **error)
{
    gint64 computed = 0;
    do {
        g_array_set_size(batch->rows, 0);
        g_array_set_size(batch->reviews, 0);
        g_string_chunk_clear(batch->texts);
        if (!store_visit_fact_todo(store, workspace_id, BATCH, compute_row, batch, error) ||
            !write_batch(store, workspace_id, batch, error))
            return FALSE;
        computed += batch->rows->len;
    } while (batch->rows->len > 0);
    *ret_computed = computed;
    return TRUE;
}

gboolean measure_refresh(Store *store, gint64 workspace_id, gint64 *ret_computed, GError **error)
{
    g_autoptr(GArray) changed = g_array_new(FALSE, FALSE, sizeof(Judgement));
    g_autoptr(PeopleRoles) roles = judge_people(store, workspace_id, changed, error);
    g_autoptr(ApprovalBook) book =
        roles == NULL ? NULL : approval_book_load(store, workspace_id, error);
    if (book == NULL || !prepare(store, workspace_id, changed, book, error))
        return FALSE;
    if (!identity_refresh(store, workspace_id, error))
        return FALSE;
    g_autoptr(Teams) teams = teams_load(store, workspace_id, error);
    if (teams == NULL)
        return FALSE;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(BatchRow));
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    Batch batch = {roles, teams, book, rows, reviews, g_string_chunk_new(4096)};
    gint64 computed = 0;
    gboolean done = work_off(store, workspace_id, &batch, &computed, error) &&
                    delivery_refresh(store, workspace_id, error);
    g_string_chunk_free(batch.texts);
    if (done && ret_computed != NULL)
        *ret_computed = computed;
    return done;
}
