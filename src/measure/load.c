/*
 * Columns from the store, and the names behind their numbers.
 */
#include "measure/columns.h"

#define LEAST_GROUP_KEY     "privacy.least-group"
#define LEAST_GROUP_DEFAULT 3

static gboolean set_least_group(ColumnsBuilder *builder, Store *store, gint64 workspace_id,
                                GError **error)
{
    GError *problem = NULL;
    g_autofree char *text = store_get_setting(store, workspace_id, LEAST_GROUP_KEY, &problem);
    gint64 people = LEAST_GROUP_DEFAULT;
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (text != NULL &&
        !g_ascii_string_to_signed(text, 10, 1, MEASURE_LEAST_GROUP_MOST, &people, NULL)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "The setting " LEAST_GROUP_KEY " is '%.64s'; it should be a number of people "
                    "from 1 to %d.",
                    text, MEASURE_LEAST_GROUP_MOST);
        return FALSE;
    }
    columns_builder_set_least_group(builder, people);
    return TRUE;
}

static gboolean add_people(ColumnsBuilder *builder, Store *store, gint64 workspace_id,
                           GError **error)
{
    g_autoptr(GPtrArray) people = store_list_people(store, workspace_id, error);
    if (people == NULL)
        return FALSE;
    gint64 deleted = store_deleted_person(workspace_id);
    columns_builder_add_person(builder, deleted, "somebody (account deleted)", FALSE, FALSE);
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = g_ptr_array_index(people, i);
        if (person->person_id != deleted)
            columns_builder_add_person(builder, person->person_id, person->display_name,
                                       person->is_bot, person->is_excluded);
    }
    return TRUE;
}

static gboolean add_repositories(ColumnsBuilder *builder, Store *store, gint64 workspace_id,
                                 GError **error)
{
    g_autoptr(GPtrArray) repositories = store_list_repositories(store, workspace_id, FALSE, error);
    if (repositories == NULL)
        return FALSE;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = g_ptr_array_index(repositories, i);
        columns_builder_add_repository(builder, repository->repository_id, repository->full_name,
                                       repository->project_key, repository->project_name);
        /* A switch says where deliveries are known from although there may be none yet. */
        guint8 delivery = !repository->is_selected       ? DELIVERY_NOT_ASKED
                          : repository->release_on_merge ? DELIVERY_MERGES
                                                         : DELIVERY_UNKNOWN;
        columns_builder_mark_delivery(builder, repository->repository_id, delivery);
    }
    return TRUE;
}

static gboolean add_fact(const FactPr *fact, gpointer user_data, GError **error)
{
    columns_builder_add_fact(user_data, fact);
    return TRUE;
}

static gboolean add_review(const FactReview *review, gpointer user_data, GError **error)
{
    columns_builder_add_review(user_data, review);
    return TRUE;
}

static gboolean add_commit(const StoreCommitRow *commit, gpointer user_data, GError **error)
{
    columns_builder_add_commit(user_data, commit);
    return TRUE;
}

static gboolean add_deployment(const FactDeployment *fact, gpointer user_data, GError **error)
{
    columns_builder_add_deployment(user_data, fact);
    return TRUE;
}

static gboolean add_change(const StoreMainChange *change, gpointer user_data, GError **error)
{
    columns_builder_add_change(user_data, change);
    return TRUE;
}

MeasureColumns *measure_columns_load(Store *store, gint64 workspace_id, GError **error)
{
    Teams *teams = teams_load(store, workspace_id, error);
    if (teams == NULL)
        return NULL;
    g_autoptr(ColumnsBuilder) builder = columns_builder_new(teams);
    if (!set_least_group(builder, store, workspace_id, error) ||
        !add_people(builder, store, workspace_id, error) ||
        !add_repositories(builder, store, workspace_id, error) ||
        !store_visit_facts(store, workspace_id, add_fact, builder, error) ||
        !store_visit_reviews(store, workspace_id, add_review, builder, error) ||
        !store_visit_commits(store, workspace_id, add_commit, builder, error) ||
        !store_visit_fact_deployments(store, workspace_id, add_deployment, builder, error) ||
        !store_visit_main_changes(store, workspace_id, add_change, builder, error))
        return NULL;
    return columns_builder_end(g_steal_pointer(&builder));
}

const WorkCalendar *measure_calendar(const MeasureColumns *columns)
{
    return teams_calendar(columns->teams, NO_TEAM);
}

const WorkCalendar *measure_calendar_of(const MeasureColumns *columns, gint64 person_id, UtcTime at)
{
    return teams_calendar_of(columns->teams, person_id, at);
}

gint64 measure_least_group(const MeasureColumns *columns)
{
    return columns->least_group;
}

const char *measure_person_name(const MeasureColumns *columns, gint64 person_id)
{
    const char *name =
        dictionary_name(&columns->people, dictionary_find_id(&columns->people, person_id));
    return name != NULL ? name : "somebody unknown";
}

const char *measure_repository_name(const MeasureColumns *columns, gint64 repository_id)
{
    const char *name = dictionary_name(&columns->repositories,
                                       dictionary_find_id(&columns->repositories, repository_id));
    return name != NULL ? name : "a repository without a name";
}

DeliverySource measure_delivery_source(const MeasureColumns *columns, gint64 repository_id)
{
    guint32 index = dictionary_find_id(&columns->repositories, repository_id);
    guint8 source =
        index == NO_INDEX ? DELIVERY_UNKNOWN : g_array_index(columns->delivery_of, guint8, index);
    return source == DELIVERY_NOT_ASKED ? DELIVERY_UNKNOWN : (DeliverySource) source;
}
