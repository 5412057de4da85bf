/*
 * dialect: what differs between Bitbucket Cloud and Data Center.
 *
 * A Question says what is wanted; a Dialect knows the address that answers it and how to read the
 * answer. Everything else (budget, retries, credentials, redirects) is the same for all and knows
 * no dialect. Cloud is cloud.c.
 */
#pragma once

#include "bitbucket/client.h"
#include "bitbucket/decode.h"

typedef enum {
    ASK_WORKSPACE,
    ASK_REPOSITORIES,
    ASK_REPOSITORY,
    ASK_PULL_REQUESTS,
    ASK_PULL_REQUEST,
    ASK_ACTIVITY,
    ASK_COMMENTS,
    ASK_PULL_REQUEST_COMMITS,
    ASK_COMMITS,
    ASK_DIFFSTAT,
    ASK_BUILDS,
    ASK_TASKS,
    ASK_PIPELINES,
    ASK_ENVIRONMENTS,
    ASK_DEPLOYMENTS,
} AskKind;

/* Only the members that the kind needs are read. */
typedef struct {
    AskKind kind;
    const char *workspace;
    const char *repository;
    gint64 number; /* of the pull request; 0: of the whole repository (ASK_ACTIVITY) */
    UtcTime updated_from;
    const PullRequestQuery *query;
    const char *const *include, *const *exclude;
    const char *source_hash, *destination_hash;
    const char *branch; /* NULL: any */
} Question;

struct Dialect {
    const char *name;
    /* The first page's request; INVALID for names and numbers that cannot be. */
    gboolean (*address)(const ApiBase *base, const Question *question, ClientRequest *ret_request,
                        GError **error);
    /* The answer's records; next is where the dialect says, unchecked. */
    RecordPage *(*read)(const Question *question, json_t *root, GError **error);
};

extern const Dialect CLOUD_DIALECT;
