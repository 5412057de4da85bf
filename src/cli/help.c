/*
 * Help is made from the table of commands, so that it cannot forget one.
 */
#include "cli/cli.h"
#include "cli/credential.h"

#define HELP_WIDTH  79
#define HELP_INDENT 26

void cli_put_wrapped(GString *out, const char *text, guint column, guint indent)
{
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n", -1);
    for (gsize p = 0; paragraphs[p] != NULL; p++) {
        g_auto(GStrv) words = g_strsplit(paragraphs[p], " ", -1);
        gboolean is_first = TRUE;
        if (p > 0) {
            g_string_append_c(out, '\n');
            column = 0;
        }
        for (gsize i = 0; words[i] != NULL; i++) {
            guint length = (guint) g_utf8_strlen(words[i], -1);
            if (length == 0)
                continue;
            if (!is_first && column + 1 + length > HELP_WIDTH) {
                g_string_append_c(out, '\n');
                column = 0;
                is_first = TRUE;
            }
            for (; is_first && column < indent; column++)
                g_string_append_c(out, ' ');
            g_string_append_printf(out, "%s%s", is_first ? "" : " ", words[i]);
            column += length + (is_first ? 0 : 1);
            is_first = FALSE;
        }
    }
    g_string_append_c(out, '\n');
}

static void put_options(GString *out, const char *heading, const GOptionEntry *options)
{
    g_string_append_printf(out, "\n%s\n", heading);
    for (const GOptionEntry *option = options; option->long_name != NULL; option++) {
        gsize start = out->len;
        if (option->short_name != 0)
            g_string_append_printf(out, "  -%c, --%s", option->short_name, option->long_name);
        else
            g_string_append_printf(out, "  --%s", option->long_name);
        if (option->arg_description != NULL)
            g_string_append_printf(out, " %s", option->arg_description);
        guint column = (guint) (out->len - start);
        if (column + 2 > HELP_INDENT) {
            g_string_append_c(out, '\n');
            column = 0;
        }
        cli_put_wrapped(out, option->description, column, HELP_INDENT);
    }
}

static void put_program(GString *out)
{
    gsize n;
    const CliCommand *commands = cli_command_list(&n);
    g_string_append(out, "Plumbline shows how the pull requests of a Bitbucket repository flow, "
                         "where they\nwait, and which of them need a hand now.\n\n"
                         "Usage: plumbline [OPTION...] COMMAND [ARGUMENT...]\n\nCommands:\n");
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(out, "  %-14s%s\n", commands[i].name, commands[i].summary);
    put_options(out, "Options of every command:", CLI_GLOBAL_OPTIONS);
    g_string_append(out, "\nBegin with:\n  plumbline report "
                         "https://bitbucket.org/WORKSPACE/REPOSITORY\n"
                         "More about a command: plumbline help COMMAND\n");
}

static void put_command(GString *out, const CliCommand *command)
{
    g_string_append_printf(out, "plumbline %s: %s.\n\nUsage: plumbline %s [OPTION...]%s%s\n\n",
                           command->name, command->summary, command->name,
                           *command->arguments == '\0' ? "" : " ", command->arguments);
    cli_put_wrapped(out, command->description, 0, 0);
    if (command->options != NULL && command->options->long_name != NULL)
        put_options(out, "Options:", command->options);
    if (command->takes_credential)
        put_options(out, "Credential:", CLI_CREDENTIAL_OPTIONS);
    put_options(out, "Options of every command:", CLI_GLOBAL_OPTIONS);
}

GString *cli_help_text(const CliCommand *command)
{
    GString *out = g_string_new(NULL);
    if (command == NULL)
        put_program(out);
    else
        put_command(out, command);
    return out;
}
