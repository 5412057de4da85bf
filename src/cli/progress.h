/*
 * Inside cli: how far a sync is, on standard error. On a terminal one line drawn again and again;
 * elsewhere a line whenever a stage begins.
 */
#pragma once

#include "cli/cli.h"
#include "sync/sync.h"

typedef struct Progress Progress;
Progress *progress_new(const CliGlobals *globals);
/* Takes the line off the terminal. */
void progress_free(Progress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

/* A SyncProgressCallback; @user_data is the Progress. */
void progress_sync(const SyncProgress *state, gpointer user_data);
/* For what is not a sync: "computing", "connecting to acme". */
void progress_say(Progress *progress, const char *what);

/* The line for a terminal of @width columns, without line end: a function of its own for the tests.
 * Free with g_free. */
char *progress_line(const SyncProgress *state, guint width, gboolean unicode);

/* Whether standard output or error (1 or 2) is a terminal, how wide, and whether people's settings
 * allow colour and Unicode there. */
gboolean terminal_is(int descriptor);
guint terminal_width(int descriptor); /* 80 when it cannot be told */
gboolean terminal_has_color(int descriptor);
gboolean terminal_has_unicode(void);
