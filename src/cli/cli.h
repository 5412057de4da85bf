/*
 * cli: the commands of the plumbline program.
 *
 * One table (commands.c) names every command with its options; parsing, `plumbline help`, and the
 * test that compares docs/command-line.md with the program are made from it. A command is one file;
 * it returns its exit code, or sets an error whose code gives the exit code (base/error.h). Results
 * go to standard output or --output, everything else to standard error. A command runs once per
 * process on the main thread; Ctrl-C is watched by a thread of its own (interrupt.h).
 */
#pragma once

#include "base/base.h"

/* The whole program: parses, runs, reports the error. Returns the exit code. @argv is altered: what
 * looks like a secret is blotted out. */
int cli_main(int argc, char **argv);

/* ---- the table */

typedef struct {
    char *data; /* --data; NULL: not given */
    gboolean verbose, quiet;
} CliGlobals;

typedef struct {
    const char *name;
    const char *arguments;     /* "[REPOSITORY]"; "" */
    const char *summary;       /* one line, without a full stop */
    const char *description;   /* paragraphs parted by an empty line */
    guint most_arguments;      /* positional ones */
    gboolean takes_credential; /* the options of credential.h too */
    const GOptionEntry *options;
    int (*run)(const CliGlobals *globals, char **arguments, GError **error);
} CliCommand;

const CliCommand *cli_command_find(const char *name);
const CliCommand *cli_command_list(gsize *ret_n);
extern const GOptionEntry CLI_GLOBAL_OPTIONS[];

/* The help of one command, or of the program when @command is NULL. Free with g_string_free. */
GString *cli_help_text(const CliCommand *command);

/* Appends @text broken at blanks into lines that begin at @indent; a newline in it begins a
 * paragraph. @column: where the line stands now. Ends with a newline. */
void cli_put_wrapped(GString *out, const char *text, guint column, guint indent);

/* ---- what commands share */

/* Fails with INVALID or USAGE and a printf-style message. Returns 0 so that a command can return
 * it. */
int cli_fail(GError **error, PlumblineErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Text to standard error unless --quiet. */
void cli_say(const CliGlobals *globals, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Writes to @path, replacing it whole, or to standard output when @path is NULL or "-". */
gboolean cli_write(const char *path, const GString *text, GError **error);
