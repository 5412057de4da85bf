/*
 * Pipelines, environments and deployments: a service of its own, whose real answers differ from its
 * specification in the names of members (API-FACTS 5.10). Both are read.
 */
#include "bitbucket/decode.h"

#include <string.h>

typedef struct {
    const char *name;
    int value;
} Word;

static int value_of(const Word *words, gsize n, const char *name, int otherwise)
{
    for (gsize i = 0; name != NULL && i < n; i++)
        if (g_ascii_strcasecmp(name, words[i].name) == 0)
            return words[i].value;
    return otherwise;
}
#define VALUE_OF(words, name, otherwise) value_of(words, G_N_ELEMENTS(words), name, otherwise)

/* ---- pipelines */

static BuildState pipeline_state(Reader *reader, json_t *entry)
{
    static const Word STATES[] = {
        {"PARSING", BUILD_IN_PROGRESS}, {"PENDING", BUILD_IN_PROGRESS},
        {"PAUSED", BUILD_IN_PROGRESS},  {"IN_PROGRESS", BUILD_IN_PROGRESS},
        {"HALTED", BUILD_IN_PROGRESS}, /* waits for somebody to start the next step */
    };
    static const Word RESULTS[] = {
        {"SUCCESSFUL", BUILD_SUCCESSFUL}, {"FAILED", BUILD_FAILED},   {"ERROR", BUILD_FAILED},
        {"STOPPED", BUILD_STOPPED},       {"EXPIRED", BUILD_STOPPED},
    };
    const char *name = need_text(reader, entry, "state.name", LIMIT_NAME);
    const char *result = read_text(reader, entry, "state.result.name", LIMIT_NAME);
    if (result != NULL)
        return (BuildState) VALUE_OF(RESULTS, result, BUILD_UNKNOWN);
    return (BuildState) VALUE_OF(STATES, name, BUILD_UNKNOWN);
}

/* A pipeline of a pull request names its source branch, one of a branch or tag that. */
static const char *ref_of(Reader *reader, json_t *entry)
{
    const char *name = read_text(reader, entry, "target.ref_name", LIMIT_NAME);
    return name != NULL ? name : read_text(reader, entry, "target.source", LIMIT_NAME);
}

void decode_pipeline(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    const Pipeline pipeline = {
        .uuid = need_text(reader, entry, "uuid", LIMIT_NAME),
        .build_number = read_integer(reader, entry, "build_number"),
        .commit_hash = read_hash(reader, entry, "target.commit.hash"),
        .ref_name = ref_of(reader, entry),
        .pull_request = read_integer(reader, entry, "target.pullrequest.id"),
        .state = pipeline_state(reader, entry),
        .created = need_time(reader, entry, "created_on"),
        .completed = read_time(reader, entry, "completed_on"),
    };
    page_add(page, &pipeline);
}

/* ---- environments and deployments */

static Environment read_environment(Reader *reader, json_t *object)
{
    static const Word KINDS[] = {{"Test", ENVIRONMENT_TEST},
                                 {"Staging", ENVIRONMENT_STAGING},
                                 {"Production", ENVIRONMENT_PRODUCTION}};
    const char *kind = read_text(reader, object, "environment_type.name", LIMIT_NAME);
    return (Environment){
        .uuid = read_text(reader, object, "uuid", LIMIT_NAME),
        .name = read_text(reader, object, "name", LIMIT_NAME),
        .kind = (EnvironmentKind) VALUE_OF(KINDS, kind, ENVIRONMENT_UNKNOWN),
    };
}

void decode_environment(Page *page, json_t *entry)
{
    const Environment environment = read_environment(&page->reader, entry);
    if (environment.uuid == NULL)
        reader_blame(&page->reader, "uuid is missing");
    page_add(page, &environment);
}

static UtcTime first_time(Reader *reader, json_t *entry, const char *path, const char *other)
{
    UtcTime time = read_time(reader, entry, path);
    return time != TIME_ABSENT ? time : read_time(reader, entry, other);
}

/* The outcome stands in status; an answer that leaves it out says only that the deployment ended.
 */
static DeploymentState deployment_state(Reader *reader, json_t *entry)
{
    static const Word STATES[] = {{"UNDEPLOYED", DEPLOYMENT_UNDEPLOYED},
                                  {"PENDING", DEPLOYMENT_IN_PROGRESS},
                                  {"IN_PROGRESS", DEPLOYMENT_IN_PROGRESS}};
    static const Word OUTCOMES[] = {{"SUCCESSFUL", DEPLOYMENT_SUCCESSFUL},
                                    {"FAILED", DEPLOYMENT_FAILED},
                                    {"STOPPED", DEPLOYMENT_STOPPED}};
    const char *name = need_text(reader, entry, "state.name", LIMIT_NAME);
    const char *outcome = read_text(reader, entry, "state.status.name", LIMIT_NAME);
    if (outcome != NULL)
        return (DeploymentState) VALUE_OF(OUTCOMES, outcome, DEPLOYMENT_UNKNOWN);
    return (DeploymentState) VALUE_OF(STATES, name, DEPLOYMENT_UNKNOWN);
}

void decode_deployment(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    const char *hash = read_hash(reader, entry, "release.commit.hash");
    const char *pipeline = read_text(reader, entry, "release.pipeline.uuid", LIMIT_NAME);
    const char *url = read_link(reader, entry, "state.url");
    const Deployment deployment = {
        .uuid = need_text(reader, entry, "uuid", LIMIT_NAME),
        .environment = read_environment(reader, read_object(reader, entry, "environment")),
        .commit_hash = hash != NULL ? hash : read_hash(reader, entry, "deployable.commit.hash"),
        .pipeline_uuid = pipeline != NULL
                             ? pipeline
                             : read_text(reader, entry, "deployable.pipeline.uuid", LIMIT_NAME),
        .url = url != NULL ? url : read_link(reader, entry, "release.url"),
        .state = deployment_state(reader, entry),
        .started = first_time(reader, entry, "state.started_on", "state.start_date"),
        .completed = first_time(reader, entry, "state.completed_on", "state.completion_date"),
        .updated = read_time(reader, entry, "last_update_time"),
    };
    page_add(page, &deployment);
}
