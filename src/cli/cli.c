#include "cli/cli.h"

#include <errno.h>
#include <locale.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "cli/credential.h"
#include "cli/interrupt.h"

static CliGlobals globals;
static gboolean help_wanted, version_wanted;

const GOptionEntry CLI_GLOBAL_OPTIONS[] = {
    {"data", 0, 0, G_OPTION_ARG_FILENAME, &globals.data,
     "Data folder (default: PLUMBLINE_DATA, else plumbline in XDG_DATA_HOME or ~/.local/share)",
     "DIR"},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &globals.verbose, "Say more on standard error", NULL},
    {"quiet", 'q', 0, G_OPTION_ARG_NONE, &globals.quiet, "No progress, no remarks", NULL},
    {"help", 'h', 0, G_OPTION_ARG_NONE, &help_wanted, "Show help and end", NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &version_wanted, "Show the version and end", NULL},
    {NULL}};

int cli_fail(GError **error, PlumblineErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, PLUMBLINE_ERROR, (gint) code, message);
    return 0;
}

void cli_say(const CliGlobals *the_globals, const char *format, ...)
{
    if (the_globals->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *safe = log_printable(text);
    fflush(stdout); /* in the order in which it was said, also when both are one file */
    fprintf(stderr, "%s\n", safe);
}

/* A pipe, a terminal, /dev/null: written to; what is put in the place of a file is a file. */
static gboolean is_special(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

gboolean cli_write(const char *path, const GString *text, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (path != NULL && !g_str_equal(path, "-")) {
        if (g_file_set_contents_full(path, text->str, (gssize) text->len,
                                     is_special(path) ? G_FILE_SET_CONTENTS_NONE
                                                      : G_FILE_SET_CONTENTS_CONSISTENT,
                                     0666, &cause))
            return TRUE;
        g_autofree char *folder = g_path_get_dirname(path);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            cli_fail(error, PLUMBLINE_ERROR_IO, "%s is a folder; name a file in it", path);
        else if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
            cli_fail(error, PLUMBLINE_ERROR_IO,
                     "%s cannot be written: there is no folder %s; make it first", path, folder);
        else
            cli_fail(error, PLUMBLINE_ERROR_IO, "%s cannot be written: %s", path, cause->message);
        return FALSE;
    }
    if (fwrite(text->str, 1, text->len, stdout) == text->len && fflush(stdout) == 0)
        return TRUE;
    if (errno == EPIPE) /* the reader has seen enough, as head does */
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_IO, "standard output cannot be written");
    return FALSE;
}

/* One or two lines: what failed, and the way out that the message holds. */
static int report_error(const GError *error)
{
    int code = error->domain == PLUMBLINE_ERROR ? error->code : PLUMBLINE_ERROR_INTERNAL;
    g_autofree char *safe = log_printable(error->message);
    fprintf(stderr, "plumbline: %s\n", safe);
    if (code == PLUMBLINE_ERROR_USAGE)
        fprintf(stderr, "'plumbline help' lists the commands and 'plumbline help COMMAND' the "
                        "options of one.\n");
    return error_exit_code(code);
}

/* GLib's own sentence, as an error of ours. */
static gboolean parse(GOptionContext *context, char ***arguments, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (g_option_context_parse_strv(context, arguments, &cause))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_USAGE, "%s", cause->message);
    return FALSE;
}

static GOptionContext *new_context(const CliCommand *command)
{
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, CLI_GLOBAL_OPTIONS, NULL);
    if (command == NULL) {
        g_option_context_set_strict_posix(context, TRUE); /* up to the command's name */
        return context;
    }
    if (command->options != NULL)
        g_option_context_add_main_entries(context, command->options, NULL);
    if (command->takes_credential)
        g_option_context_add_main_entries(context, CLI_CREDENTIAL_OPTIONS, NULL);
    return context;
}

static int show(GString *text, GError **error)
{
    cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return 0;
}

/* @arguments: the command's name and what follows it. */
static int run_command(const CliCommand *command, char ***arguments, GError **error)
{
    g_autoptr(GOptionContext) context = new_context(command);
    if (!parse(context, arguments, error))
        return 0;
    if (help_wanted)
        return show(cli_help_text(command), error);
    if ((*arguments)[1] != NULL && g_str_equal((*arguments)[1], "--"))
        memmove(*arguments + 1, *arguments + 2,
                sizeof(char *) * g_strv_length(*arguments + 1)); /* its NULL too */
    if (g_strv_length(*arguments) - 1 > command->most_arguments)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "%s: '%s' is one argument too many",
                        command->name, (*arguments)[1 + command->most_arguments]);
    if (globals.verbose)
        log_set_level(LOG_LEVEL_INFO);
    return command->run(&globals, *arguments + 1, error);
}

static int run(char ***arguments, GError **error)
{
    g_autoptr(GOptionContext) context = new_context(NULL);
    if (!parse(context, arguments, error))
        return 0;
    const char *name = (*arguments)[1];
    if (version_wanted)
        return cli_command_find("version")->run(&globals, *arguments + 1, error);
    if (name == NULL)
        return show(cli_help_text(NULL), error);
    const CliCommand *command = cli_command_find(name);
    if (command == NULL)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "'%s' is not a command", name);
    char **rest = g_strdupv(*arguments + 1);
    int code = run_command(command, &rest, error);
    g_strfreev(rest);
    return code;
}

/* A core file would hold the credential; git, which is given it too, inherits this. */
static void leave_no_core(void)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        log_event(LOG_LEVEL_WARNING, "core files cannot be switched off: %s", g_strerror(errno));
}

int cli_main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    leave_no_core();
    setlocale(LC_CTYPE, "");
    if (sodium_init() < 0)
        return error_exit_code(PLUMBLINE_ERROR_INTERNAL);
    interrupt_start();
    if (!cli_secret_refuse_arguments(argc, argv, &error))
        return report_error(error);
    char **arguments = g_strdupv(argv);
    int code = run(&arguments, &error);
    g_strfreev(arguments);
    return error == NULL ? code : report_error(error);
}
