/* Proposals: what somebody wants changed, and who decided. */
#include "store/inside.h"

const char *proposal_state_name(ProposalState state)
{
    static const char *const NAMES[] = {"waiting", "approved", "refused"};
    return NAMES[state];
}

static ProposalState state_from_name(const char *name)
{
    for (guint i = PROPOSAL_APPROVED; i <= PROPOSAL_REFUSED; i++)
        if (g_strcmp0(name, proposal_state_name((ProposalState) i)) == 0)
            return (ProposalState) i;
    return PROPOSAL_WAITING;
}

void store_proposal_free(StoreProposal *proposal)
{
    if (proposal == NULL)
        return;
    g_free(proposal->kind);
    g_free(proposal->summary);
    g_free(proposal->body);
    g_free(proposal->proposed_by);
    g_free(proposal->decided_by);
    g_free(proposal->note);
    g_free(proposal);
}

gboolean store_add_proposal(StoreTx *tx, gint64 workspace_id, const StoreProposal *proposal,
                            gint64 *ret_proposal_id, GError **error)
{
    gint64 id = 0;
    if (!store_require(proposal->proposed_by != NULL && *proposal->proposed_by != '\0',
                       "A proposal needs the name of who makes it.", error) ||
        !db_get_integer(tx->db, STATEMENT_PROPOSAL_NEXT, DB_PARAMS(db_integer(workspace_id)), 1,
                        &id, error) ||
        !db_run(tx->db, STATEMENT_PROPOSAL_INSERT,
                DB_PARAMS(db_integer(workspace_id), db_integer(id), db_text(proposal->kind),
                          db_text(proposal->summary), db_text(proposal->body),
                          db_text(proposal->proposed_by), db_integer(proposal->proposed)),
                NULL, error))
        return FALSE;
    *ret_proposal_id = id;
    return TRUE;
}

/* The sentence for a proposal that cannot be decided. */
static gboolean fail_decision(StoreTx *tx, gint64 workspace_id, gint64 proposal_id, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_PROPOSAL_STATE,
                 DB_PARAMS(db_integer(workspace_id), db_integer(proposal_id)), error);
    if (rows == NULL)
        return FALSE;
    g_autofree char *state = db_rows_next(rows) ? db_column_copy(rows, 0) : NULL;
    if (!db_rows_end(rows, error))
        return FALSE;
    if (state == NULL)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "There is no proposal %" G_GINT64_FORMAT ".", proposal_id);
    else
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "Proposal %" G_GINT64_FORMAT " is %s already.", proposal_id, state);
    return FALSE;
}

gboolean store_decide_proposal(StoreTx *tx, gint64 workspace_id, gint64 proposal_id,
                               ProposalState state, const char *decided_by, UtcTime at,
                               const char *note, GError **error)
{
    gint64 affected = 0;
    if (!db_run(tx->db, STATEMENT_PROPOSAL_DECIDE,
                DB_PARAMS(db_integer(workspace_id), db_integer(proposal_id),
                          db_text(proposal_state_name(state)), db_text(decided_by), db_integer(at),
                          db_text(note)),
                &affected, error))
        return FALSE;
    return affected == 1 || fail_decision(tx, workspace_id, proposal_id, error);
}

static gpointer read_proposal(DbRows *rows)
{
    StoreProposal *proposal = g_new0(StoreProposal, 1);
    *proposal = (StoreProposal){
        .proposal_id = db_column_integer(rows, 0),
        .kind = db_column_copy(rows, 1),
        .summary = db_column_copy(rows, 2),
        .body = db_column_copy(rows, 3),
        .state = state_from_name(db_column_text(rows, 4)),
        .proposed_by = db_column_copy(rows, 5),
        .proposed = db_column_integer(rows, 6),
        .decided_by = db_column_copy(rows, 7),
        .decided = db_column_optional(rows, 8),
        .note = db_column_copy(rows, 9),
    };
    return proposal;
}

GPtrArray *store_list_proposals(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_PROPOSAL_LIST, DB_PARAMS(db_integer(workspace_id)),
                      read_proposal, (GDestroyNotify) store_proposal_free, error);
}

gboolean store_count_proposals(Store *store, gint64 workspace_id, gint64 *ret_waiting,
                               GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && db_get_integer(db, STATEMENT_PROPOSAL_COUNT_WAITING,
                                     DB_PARAMS(db_integer(workspace_id)), 0, ret_waiting, error);
    store_reader_done(store, db);
    return ok;
}
