/*
 * Inside cli: Ctrl-C. A signal asks the work under way to end; a thread waits for that a little
 * less than a second, or until the second Ctrl-C, then cleans up and ends the process with the exit
 * code of CANCELLED. What is in the data folder stays whole either way: everything there moves in
 * transactions.
 */
#pragma once

#include <glib.h>
#include <termios.h>

/* Once, before other threads. */
void interrupt_start(void);
gboolean interrupt_seen(void);
/* What ends the work under way; called at most once, from another thread, never after a call with
 * NULL has returned. Called at once when the signal has come already. */
void interrupt_set_cancel(void (*cancel)(gpointer user_data), gpointer user_data);
/* A folder to remove when the process has to end without its main thread; NULL: none. */
void interrupt_set_folder(const char *folder);
/* A terminal to bring back to @state in that case; @descriptor -1: none. */
void interrupt_set_terminal(int descriptor, const struct termios *state);
/* How long the main thread may take to end by itself, instead of a little less than a second. */
void interrupt_set_patience(guint seconds);
/* Sleeps; TRUE when a signal ended it. */
gboolean interrupt_wait(guint seconds);
