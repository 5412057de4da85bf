/*
 * check: what a credential check has learnt, between its questions and its words.
 */
#pragma once

#include "bitbucket/bitbucket.h"

/* What the questions have brought so far. */
typedef struct {
    BitbucketClient *client;
    CredentialKind kind;
    CredentialCheck *result;
    char *workspace, *repository; /* as given or found */
    char *only_repository;        /* full name, where it sees a single one */
    char *rejection, *advice;     /* that the credential is not accepted, and what to do */
    char *unseen;                 /* "the workspace 'acme'": asked for, answered 404 */
    char *words;                  /* what Bitbucket answered then */
    GPtrArray *missing;           /* char *, learnt from 403 bodies */
    PlumblineErrorCode trouble;   /* first other problem; INTERNAL while there is none */
    char *trouble_words;
    gboolean repositories_readable, pull_requests_readable;
    gboolean at_least; /* there are more repositories than were counted */
    UtcTime server_time;
} Check;

/* Says whether it works, why not and what to do, and fills the rest of the result. @expires: what
 * the administrator entered, or TIME_ABSENT. */
void check_conclude(Check *check, UtcTime expires);
