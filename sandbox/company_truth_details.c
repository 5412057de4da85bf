/* Builds, tasks and deployments in truth.json; what they mean stands in company_truth.h. */
#include "company_truth.h"

static void put_time(TruthOut *out, const char *name, gint64 at)
{
    g_string_append_printf(out->text, ",\"%s\":", name);
    truth_put_time(out, at);
}

static void put_text(TruthOut *out, const char *name, const char *text)
{
    g_string_append_printf(out->text, ",\"%s\":", name);
    truth_put_string(out, text);
}

/* Builds come in no order of their commits: one pass over all of them finds those of each commit.
 */
GHashTable *truth_index_builds(const CompanyRepository *repository, gint64 now)
{
    GHashTable *index = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
    for (guint i = 0; i < repository->n_builds; i++) {
        const CompanyBuild *build = &repository->builds[i];
        if (build->created_at > now)
            continue;
        GArray *found = g_hash_table_lookup(index, GINT_TO_POINTER(build->commit));
        if (found == NULL) {
            found = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(index, GINT_TO_POINTER(build->commit), found);
        }
        g_array_append_val(found, i);
    }
    return index;
}

void truth_put_builds(TruthOut *out, const CompanyRepository *repository, gint32 head,
                      GHashTable *index)
{
    const GArray *found = g_hash_table_lookup(index, GINT_TO_POINTER(head));
    truth_put(out, ",\"builds\":[");
    for (guint i = 0; found != NULL && i < found->len; i++) {
        const CompanyBuild *build = &repository->builds[g_array_index(found, guint, i)];
        gboolean is_finished = build->finished_at <= out->now;
        truth_put(out, i > 0 ? ",{\"key\":" : "{\"key\":");
        truth_put_string(out, build->key);
        put_text(out, "state", is_finished ? build->state : "INPROGRESS");
        put_text(out, "commit", repository->commits[head].hash);
        put_time(out, "created", build->created_at);
        put_time(out, "updated", is_finished ? build->finished_at : build->created_at);
        truth_put(out, "}");
    }
    truth_put(out, "]");
}

/* Tasks are few in a repository: they are kept by pull request. */
GHashTable *truth_index_tasks(const CompanyRepository *repository, gint64 now)
{
    GHashTable *index = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
    for (guint i = 0; i < repository->n_tasks; i++) {
        const CompanyTask *task = &repository->tasks[i];
        if (task->created_at > now)
            continue;
        GArray *found = g_hash_table_lookup(index, GUINT_TO_POINTER(task->pull));
        if (found == NULL) {
            found = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(index, GUINT_TO_POINTER(task->pull), found);
        }
        g_array_append_val(found, i);
    }
    return index;
}

void truth_put_tasks(TruthOut *out, const CompanyRepository *repository, guint pull,
                     GHashTable *index)
{
    const GArray *found = g_hash_table_lookup(index, GUINT_TO_POINTER(pull));
    truth_put(out, ",\"tasks\":[");
    for (guint i = 0; found != NULL && i < found->len; i++) {
        const CompanyTask *task = &repository->tasks[g_array_index(found, guint, i)];
        gboolean is_resolved = task->resolved_at <= out->now;
        g_string_append_printf(
            out->text, "%s{\"id\":%" G_GINT64_FORMAT ",\"comment\":", i > 0 ? "," : "", task->id);
        if (task->comment >= 0)
            truth_put_number(out, repository->comments[task->comment].id);
        else
            truth_put(out, "null");
        truth_put(out, ",\"creator\":");
        truth_put_person(out, task->creator);
        put_time(out, "created", task->created_at);
        put_time(out, "resolved", task->resolved_at);
        truth_put(out, ",\"resolver\":");
        truth_put_person(out, is_resolved ? task->resolver : -1);
        truth_put(out, "}");
    }
    truth_put(out, "]");
}

/* Threads: comments on files whose resolution may be told. */
void truth_put_resolved(TruthOut *out, const CompanyRepository *repository, const CompanyPull *pull)
{
    gboolean is_first = TRUE;
    truth_put(out, ",\"resolved\":{");
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        if (act->at > out->now)
            break;
        if (act->comment < 0 || repository->comments[act->comment].resolved_at > out->now ||
            repository->comments[act->comment].deleted_at <= out->now)
            continue;
        g_string_append_printf(out->text, "%s\"%" G_GINT64_FORMAT "\":", is_first ? "" : ",",
                               repository->comments[act->comment].id);
        truth_put_time(out, repository->comments[act->comment].resolved_at);
        is_first = FALSE;
    }
    truth_put(out, "}");
}

void truth_put_deployments(TruthOut *out, const CompanyRepository *repository)
{
    static const char *const KINDS[] = {"Test", "Staging", "Production"};
    gboolean is_first = TRUE;
    truth_put(out, ",\"deployments\":[");
    for (guint i = 0; i < repository->n_deployments; i++) {
        const CompanyDeployment *deployment = &repository->deployments[i];
        if (deployment->started_at > out->now)
            continue;
        const CompanyPipeline *pipeline = &repository->pipelines[deployment->pipeline];
        gboolean is_completed = deployment->completed_at <= out->now;
        truth_put(out, is_first ? "{\"uuid\":" : ",{\"uuid\":");
        is_first = FALSE;
        truth_put_string(out, deployment->uuid);
        put_text(out, "environment", KINDS[deployment->environment]);
        put_text(out, "commit", repository->commits[pipeline->commit].hash);
        put_text(out, "pipeline", pipeline->uuid);
        put_text(out, "state", is_completed ? deployment->status : "IN_PROGRESS");
        put_time(out, "started", deployment->started_at);
        put_time(out, "completed", deployment->completed_at);
        truth_put(out, "}");
    }
    truth_put(out, "]");
}
