/*
 * deadline: ends connections on which a request does not come in whole. A byte now and then keeps
 * one from being idle, and enough of such connections would leave none for others. Inside the web
 * room.
 *
 * Each connection has a Deadline from its beginning to its end, which the I/O thread keeps; a
 * thread of its own looks at all of them every few seconds and shuts the socket of those that are
 * over, which the I/O thread then finds closed. While an answer is made and sent nothing runs out.
 */
#pragma once

#include "base/base.h"

#define DEADLINE_MOST (60 * TIME_SECOND) /* for a head, and again for a body */

typedef struct Deadlines Deadlines;
typedef struct Deadline Deadline;

Deadlines *deadlines_new(Duration most);
void deadlines_free(Deadlines *deadlines); /* none is left */
/* A connection began, and waits for its first request. */
Deadline *deadline_begin(Deadlines *deadlines, int socket);
/* It waits from now on; or no more, for its request is here. */
void deadline_wait(Deadline *deadline);
void deadline_hold(Deadline *deadline);
/* Before its socket is closed. */
void deadline_end(Deadline *deadline);
