/* The pipelines service: Z times with dropped zeros, parameters of its own. */
#include "handlers.h"
#include "times.h"
#include "world.h"

#include <string.h>

static void write_instant(Out *out, const char *key, gint64 at)
{
    char text[TIMES_SIZE];
    times_format_pipelines(at, text);
    out_string(out, key, text);
}

/* pipeline_state_completed_successful and the like */
static void write_named(Out *out, const char *key, const char *prefix, const char *name)
{
    if (!out_object(out, key))
        return;
    g_autofree char *low = g_ascii_strdown(name, -1);
    g_autofree char *type = g_strconcat(prefix, low, NULL);
    out_string(out, "type", type);
    out_string(out, "name", name);
    out_close(out);
}

static void write_state(Out *out, const char *result, gboolean completed)
{
    if (!out_object(out, "state"))
        return;
    out_string(out, "type", completed ? "pipeline_state_completed" : "pipeline_state_in_progress");
    out_string(out, "name", completed ? "COMPLETED" : "IN_PROGRESS");
    if (completed)
        write_named(out, "result", "pipeline_state_completed_", result);
    else
        write_named(out, "stage", "pipeline_state_in_progress_", "RUNNING");
    out_close(out);
}

static void write_target(Call *call, Out *out, const CompanyPipeline *pipeline)
{
    if (!out_object(out, "target"))
        return;
    out_string(out, "type", "pipeline_ref_target");
    out_string(out, "ref_type", "branch");
    out_string(out, "ref_name", pipeline->ref_name);
    write_commit_short(call, out, "commit", pipeline->commit, 40);
    if (out_object(out, "selector")) {
        out_string(out, "type", "default");
        out_close(out);
    }
    out_close(out);
}

static gint64 seconds_between(gint64 begin, gint64 end)
{
    return MAX(end - begin, 0) / G_USEC_PER_SEC;
}

static void write_pipeline(Call *call, Out *out, const CompanyPipeline *pipeline)
{
    const char *name = call_place(call)->full_name;
    gint64 now = sandbox_now(call->sandbox);
    gboolean completed = pipeline->completed_at <= now;
    gint64 seconds =
        seconds_between(pipeline->created_at, completed ? pipeline->completed_at : now);
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "pipeline");
    out_string(out, "uuid", pipeline->uuid);
    out_number(out, "build_number", pipeline->build_number);
    write_person(call, out, "creator", pipeline->creator);
    write_repository_short(call, out, "repository", (guint) call->repository);
    write_state(out, pipeline->result, completed);
    write_target(call, out, pipeline);
    write_named(out, "trigger", "pipeline_trigger_", "PUSH");
    write_instant(out, "created_on", pipeline->created_at);
    if (completed)
        write_instant(out, "completed_on", pipeline->completed_at);
    out_number(out, "duration_in_seconds", seconds);
    out_number(out, "build_seconds_used", completed ? seconds : 0);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/repositories/%s/pipelines/%%7B%.36s%%7D", name,
                     pipeline->uuid + 1);
        out_link_api(out, "steps", "/repositories/%s/pipelines/%%7B%.36s%%7D/steps/", name,
                     pipeline->uuid + 1);
        out_close(out);
    }
    out_close(out);
}

/* ---- pipelines ---- */

static const FieldRule pipeline_fields[] = {{"created_on", FIELD_TIME}, {NULL}};

static gboolean is_asked_for(Call *call, const CompanyPipeline *pipeline)
{
    const char *branch = call_argument(call, "target.branch");
    const char *ref = call_argument(call, "target.ref_name");
    const char *hash = call_argument(call, "target.commit.hash");
    const char *status = call_argument(call, "status");
    const char *trigger = call_argument(call, "trigger_type");
    const char *creator = call_argument(call, "creator.uuid");
    gboolean completed = pipeline->completed_at <= sandbox_now(call->sandbox);
    const char *shown = !completed                                    ? "BUILDING"
                        : g_str_equal(pipeline->result, "SUCCESSFUL") ? "PASSED"
                                                                      : pipeline->result;
    return (branch == NULL || g_str_equal(branch, pipeline->ref_name)) &&
           (ref == NULL || g_str_equal(ref, pipeline->ref_name)) &&
           (status == NULL || g_str_equal(status, shown)) &&
           (trigger == NULL || g_str_equal(trigger, "PUSH")) &&
           (hash == NULL || find_commit(call, hash) == pipeline->commit) &&
           (creator == NULL || (pipeline->creator >= 0 &&
                                g_str_equal(creator, person_at(call, pipeline->creator)->uuid)));
}

static gboolean keep_pipeline(const Listing *listing, guint candidate)
{
    const CompanyPipeline *pipeline = &repository_at(listing->call)->pipelines[candidate];
    return pipeline->created_at <= sandbox_now(listing->call->sandbox) &&
           is_asked_for(listing->call, pipeline);
}

static void write_listed_pipeline(const Listing *listing, guint candidate, Out *out)
{
    write_pipeline(listing->call, out, &repository_at(listing->call)->pipelines[candidate]);
}

static gboolean fetch_pipeline(const Listing *listing, guint candidate, const FieldRule *rule,
                               ValueVisit visit, gpointer data)
{
    Value value = value_number(repository_at(listing->call)->pipelines[candidate].created_at);
    visit(&value, data);
    return TRUE;
}

void answer_pipelines(Call *call)
{
    Listing listing = {.call = call,
                       .n = repository_at(call)->n_pipelines,
                       .fields = pipeline_fields,
                       .sort = "created_on",
                       .page_default = 10,
                       .page_max = 100,
                       .without_q = TRUE,
                       .keep = keep_pipeline,
                       .write = write_listed_pipeline,
                       .fetch = fetch_pipeline};
    listing_answer(&listing);
}

static const CompanyPipeline *pipeline_of_call(Call *call)
{
    const CompanyRepository *repository = repository_at(call);
    for (guint i = 0; i < repository->n_pipelines; i++)
        if (g_ascii_strcasecmp(repository->pipelines[i].uuid, call->params[2]) == 0 &&
            repository->pipelines[i].created_at <= sandbox_now(call->sandbox))
            return &repository->pipelines[i];
    call_fail(call, 404, "Pipeline not found");
    return NULL;
}

void answer_pipeline(Call *call)
{
    const CompanyPipeline *pipeline = pipeline_of_call(call);
    if (pipeline == NULL)
        return;
    write_pipeline(call, call_open(call), pipeline);
    call_answer(call, 200);
}

/* A pipeline of this company has one step, whose uuid is the pipeline's with another first half. */
static void write_step_uuid(Out *out, const CompanyPipeline *pipeline)
{
    g_autofree char *uuid = g_strdup_printf("{5e9a0000%s", pipeline->uuid + 9);
    out_string(out, "uuid", uuid);
}

static void write_step(const Listing *listing, guint candidate, Out *out)
{
    const CompanyPipeline *pipeline = listing->more;
    gint64 now = sandbox_now(listing->call->sandbox);
    gboolean completed = pipeline->completed_at <= now;
    gint64 seconds =
        seconds_between(pipeline->created_at, completed ? pipeline->completed_at : now);
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "pipeline_step");
    write_step_uuid(out, pipeline);
    out_string(out, "name", "Build and test");
    write_state(out, pipeline->result, completed);
    write_instant(out, "started_on", pipeline->created_at);
    if (completed)
        write_instant(out, "completed_on", pipeline->completed_at);
    out_number(out, "duration_in_seconds", seconds);
    out_number(out, "build_seconds_used", completed ? seconds : 0);
    out_number(out, "run_number", 1);
    out_number(out, "maxTime", 120);
    if (out_object(out, "trigger")) {
        out_string(out, "type", "pipeline_step_trigger_automatic");
        out_close(out);
    }
    if (out_object(out, "pipeline")) {
        out_string(out, "type", "pipeline");
        out_string(out, "uuid", pipeline->uuid);
        out_close(out);
    }
    out_close(out);
}

void answer_steps(Call *call)
{
    const CompanyPipeline *pipeline = pipeline_of_call(call);
    if (pipeline == NULL)
        return;
    Listing listing = {.call = call,
                       .n = 1,
                       .page_default = 10,
                       .page_max = 100,
                       .write = write_step,
                       .more = pipeline};
    listing_answer(&listing);
}

/* ---- deployments and environments ---- */

static const char *const environments[] = {"Test", "Staging", "Production"};

static void write_environment_members(Call *call, Out *out, guint number)
{
    out_string(out, "uuid", repository_at(call)->environment_uuids[number]);
    out_string(out, "name", environments[number]);
    if (out_object(out, "environment_type")) {
        out_string(out, "name", environments[number]);
        out_close(out);
    }
}

static void write_environment(const Listing *listing, guint candidate, Out *out)
{
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "deployment_environment");
    write_environment_members(listing->call, out, candidate);
    out_close(out);
}

void answer_environments(Call *call)
{
    Listing listing = {.call = call,
                       .n = G_N_ELEMENTS(environments),
                       .page_default = 10,
                       .page_max = 100,
                       .without_q = TRUE,
                       .write = write_environment};
    listing_answer(&listing);
}

static void write_release(Call *call, Out *out, const CompanyPipeline *pipeline)
{
    const char *name = call_place(call)->full_name;
    if (!out_object(out, "release"))
        return;
    g_autofree char *key = g_strconcat("pipelines-", pipeline->uuid, NULL);
    g_autofree char *label = g_strdup_printf("#%" G_GINT64_FORMAT, pipeline->build_number);
    g_autofree char *url = g_strdup_printf("%s/%s/pipelines/results/%" G_GINT64_FORMAT,
                                           call->sandbox->web, name, pipeline->build_number);
    out_string(out, "key", key);
    out_string(out, "name", label);
    out_string(out, "url", url);
    if (out_object(out, "pipeline")) {
        out_string(out, "type", "pipeline");
        out_string(out, "uuid", pipeline->uuid);
        out_close(out);
    }
    write_commit_short(call, out, "commit", pipeline->commit, 40);
    write_instant(out, "created_on", pipeline->created_at);
    out_close(out);
}

static void write_deployment_state(Call *call, Out *out, const CompanyDeployment *deployment)
{
    gboolean completed = deployment->completed_at <= sandbox_now(call->sandbox);
    if (!out_object(out, "state"))
        return;
    out_string(out, "type",
               completed ? "deployment_state_completed" : "deployment_state_in_progress");
    out_string(out, "name", completed ? "COMPLETED" : "IN_PROGRESS");
    if (completed)
        write_named(out, "status", "deployment_state_completed_status_", deployment->status);
    g_autofree char *url =
        g_strdup_printf("%s/%s/deployments", call->sandbox->web, call_place(call)->full_name);
    out_string(out, "url", url);
    write_instant(out, "started_on", deployment->started_at);
    if (completed)
        write_instant(out, "completed_on", deployment->completed_at);
    out_close(out);
}

/* Newest first. */
static const CompanyDeployment *deployment_at(const Listing *listing, guint candidate)
{
    const CompanyRepository *repository = repository_at(listing->call);
    return &repository->deployments[repository->n_deployments - 1 - candidate];
}

static gboolean keep_deployment(const Listing *listing, guint candidate)
{
    return deployment_at(listing, candidate)->started_at <= sandbox_now(listing->call->sandbox);
}

static void write_deployment(const Listing *listing, guint candidate, Out *out)
{
    Call *call = listing->call;
    const CompanyDeployment *deployment = deployment_at(listing, candidate);
    const CompanyPipeline *pipeline = &repository_at(call)->pipelines[deployment->pipeline];
    gint64 now = sandbox_now(call->sandbox);
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "deployment");
    out_string(out, "uuid", deployment->uuid);
    if (out_object(out, "step")) {
        write_step_uuid(out, pipeline);
        out_close(out);
    }
    if (out_object(out, "environment")) {
        write_environment_members(call, out, (guint) deployment->environment);
        out_close(out);
    }
    write_release(call, out, pipeline);
    write_deployment_state(call, out, deployment);
    write_instant(out, "last_update_time",
                  deployment->completed_at <= now ? deployment->completed_at
                                                  : deployment->started_at);
    out_close(out);
}

void answer_deployments(Call *call)
{
    Listing listing = {.call = call,
                       .n = repository_at(call)->n_deployments,
                       .page_default = 10,
                       .page_max = 100,
                       .without_q = TRUE,
                       .rejects_sort = TRUE,
                       .keep = keep_deployment,
                       .write = write_deployment};
    listing_answer(&listing);
}
