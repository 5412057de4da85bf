/*
 * routes: every address of the API, what it asks of a credential, and who answers.
 */
#pragma once

#include "call.h"

typedef void (*Handler)(Call *call);

typedef enum {
    ROUTE_SLASH = 1 << 0,      /* 404 without a slash at the end */
    ROUTE_PUBLIC = 1 << 1,     /* no credential */
    ROUTE_HASHES = 1 << 2,     /* shows commits: the repository's history must have been made */
    ROUTE_SHARED = 1 << 3,     /* answered alike for a company and a recording */
    ROUTE_WORKSPACE = 1 << 4,  /* the first {…} is a workspace */
    ROUTE_REPOSITORY = 1 << 5, /* the first two {…} are a workspace and a repository */
    ROUTE_ALL_HASHES = 1 << 6  /* shows commits of any repository */
} RouteFlags;

struct Route {
    const char *method;
    const char *pattern; /* below /2.0/; {x} matches one segment, {rest} all that follow */
    const char *name;    /* what it is counted as, and a recording's file */
    const char *oauth;   /* scopes needed, comma separated; "" none */
    const char *api;     /* of API tokens, without ":bitbucket" */
    guint flags;
    Handler answer;
};

/* The route that call's path and method match, with call->params and call->rest set; NULL with the
 * answer made: 404, 405 or, for a removed address, 410. */
const Route *routes_match(Call *call);
/* Answers call on its route: credential, quota, scope, reach, faults, handler. */
void routes_answer(Call *call);
