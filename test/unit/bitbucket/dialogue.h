/*
 * dialogue: a Bitbucket that says what the test tells it to, line by line.
 *
 * A Dialogue listens on loopback and answers requests in the order of its lines. Each line names
 * the request that must come and the answer it gets, so that a test reads as what client and server
 * say to each other. dialogue_end fails the test when another request came or a line was left over.
 * Lines are added before the client speaks. Time is the dialogue's own: a client made with
 * dialogue_clock rests in no time, and how long it rested is in rests.
 */
#pragma once

#include "bitbucket/client.h"

typedef enum {
    REPLY,       /* the answer as written */
    REPLY_SHORT, /* promises ten bytes more than it sends */
    RESET,       /* closes the connection without a word, by RST */
    SILENCE,     /* says nothing until the client goes away */
} Manner;

typedef struct {
    Manner manner;
    const char *expected; /* how the request must begin: "GET /2.0/user" */
    int status;
    const char *headers; /* further header lines, each ended by \r\n; NULL: none */
    const char *body;
} Line;

typedef struct {
    char *api_base;
    GPtrArray *requests; /* char *: each request as it came, head and body */
    UtcTime now;
    GArray *rests; /* Duration */
    /* the rest is the dialogue's own */
    int listener;
    GThread *thread;
    GMutex lock;
    GCond changed;
    GArray *lines;
    guint heard;
    gboolean silent_now;
    GString *complaint;
} Dialogue;

Dialogue *dialogue_begin(void);
void dialogue_add(Dialogue *dialogue, const Line *line);
/* "GET …" → status with a JSON body. */
void dialogue_answers(Dialogue *dialogue, const char *expected, int status, const char *headers,
                      const char *body);
/* Waits until the server is in the middle of a SILENCE. */
void dialogue_wait_for_silence(Dialogue *dialogue);
/* Asserts that everything was said, and frees. */
void dialogue_end(Dialogue *dialogue);

/* A configuration for it: a workspace token, no retries' waiting, a large allowance. */
BitbucketClientConfig dialogue_config(const Dialogue *dialogue);
ClientClock dialogue_clock(Dialogue *dialogue);
