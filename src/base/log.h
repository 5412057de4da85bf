/*
 * Logging: one line per event on standard error, key=value, with secrets blotted out.
 *
 * log_event writes "time level message key=value…", and for systemd's journal, which keeps time and
 * level itself, "<priority>message key=value…". A secret given to log_add_secret is replaced by
 * "***" in every later line, and so is anything that looks like a Bitbucket token (ATCTT…, ATATT…).
 * Thread-safe.
 */
#pragma once

#include <glib.h>

typedef enum { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG } LogLevel;

void log_set_level(LogLevel level); /* default: WARNING */
void log_add_secret(const char *secret);
void log_forget_secrets(void);

/* printf-style message; errors are logged once, at the top. */
void log_event(LogLevel level, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A copy of @text in which registered secrets and token-like words are replaced by "***". Free with
 * g_free. */
char *log_redact(const char *text);

/* A copy of @text, valid UTF-8, with a blank for each character that a terminal obeys instead of
 * showing: controls of both kinds, and those that turn the direction of writing. Free with
 * g_free. */
char *log_blank_controls(const char *text);

/* What may be shown of a text with foreign parts: both of the above. Free with g_free. */
char *log_printable(const char *text);
