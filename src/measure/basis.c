/* Facts of a single pull request, for those who look at one closely or at its past. */
#include "measure/approvals.h"
#include "measure/facts.h"

struct MeasureBasis {
    PeopleRoles *roles;
    Teams *teams;
    ApprovalBook *book;
};

MeasureBasis *measure_basis_load(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(MeasureBasis) basis = g_new0(MeasureBasis, 1);
    basis->teams = teams_load(store, workspace_id, error);
    g_autoptr(GPtrArray) people =
        basis->teams == NULL ? NULL : store_list_people(store, workspace_id, error);
    if (people == NULL || (basis->book = approval_book_load(store, workspace_id, error)) == NULL)
        return NULL;
    basis->roles = people_roles_new(store_deleted_person(workspace_id));
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = g_ptr_array_index(people, i);
        people_roles_add(basis->roles, person->person_id, person->is_bot, person->is_excluded);
    }
    return g_steal_pointer(&basis);
}

void measure_basis_free(MeasureBasis *basis)
{
    if (basis == NULL)
        return;
    people_roles_free(basis->roles);
    teams_free(basis->teams);
    approval_book_free(basis->book);
    g_free(basis);
}

gboolean measure_person_counts(const MeasureBasis *basis, gint64 person_id)
{
    return !people_roles_is_bot(basis->roles, person_id) &&
           !people_roles_is_excluded(basis->roles, person_id);
}

gboolean measure_person_is_bot(const MeasureBasis *basis, gint64 person_id)
{
    return people_roles_is_bot(basis->roles, person_id);
}

void measure_facts_of(const MeasureBasis *basis, const StorePullRequest *row, FactPr *ret_fact,
                      GArray *reviews)
{
    facts_compute(row, basis->roles, basis->teams, basis->book, ret_fact, reviews);
}

/* ---- policies */

const StorePolicyBook *measure_policies(const MeasureBasis *basis)
{
    return approval_book_policies(basis->book);
}

const char *measure_team_name(const MeasureBasis *basis, gint64 team_id)
{
    return approval_book_team_name(basis->book, team_id);
}

void measure_judge_approvals(const MeasureBasis *basis, const StorePolicy *policy,
                             const StorePullRequest *row, ApprovalJudgement *ret_judgement)
{
    approvals_judge(basis->book, policy, row, basis->roles, ret_judgement);
}
