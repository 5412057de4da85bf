/*
 * The help and docs/command-line.md against the table of commands.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "cli/cli.h"
#include "cli/credential.h"

typedef void (*OptionVisitor)(const char *text, const GOptionEntry *option);

static void visit_options(const char *text, const GOptionEntry *options, OptionVisitor visit)
{
    for (; options != NULL && options->long_name != NULL; options++)
        visit(text, options);
}

static void visit_all(const CliCommand *command, const char *text, OptionVisitor visit)
{
    visit_options(text, command->options, visit);
    if (command->takes_credential)
        visit_options(text, CLI_CREDENTIAL_OPTIONS, visit);
}

static void must_be_in_help(const char *help, const GOptionEntry *option)
{
    g_autofree char *line =
        option->arg_description == NULL
            ? g_strdup_printf("--%s", option->long_name)
            : g_strdup_printf("--%s %s", option->long_name, option->arg_description);
    if (strstr(help, line) == NULL)
        fail_msg("the help lacks '%s'", line);
}

static void help_lists_every_command_and_option(void **state)
{
    gsize n;
    const CliCommand *commands = cli_command_list(&n);
    GString *program = cli_help_text(NULL);
    assert_true(n >= 8);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *line =
            g_strdup_printf("  %-14s%s\n", commands[i].name, commands[i].summary);
        assert_non_null(strstr(program->str, line));
        GString *help = cli_help_text(&commands[i]);
        visit_all(&commands[i], help->str, must_be_in_help);
        visit_options(help->str, CLI_GLOBAL_OPTIONS, must_be_in_help);
        g_string_free(help, TRUE);
    }
    visit_options(program->str, CLI_GLOBAL_OPTIONS, must_be_in_help);
    g_string_free(program, TRUE);
}

static void help_fits_eighty_columns(void **state)
{
    gsize n;
    const CliCommand *commands = cli_command_list(&n);
    for (gsize i = 0; i <= n; i++) {
        GString *help = cli_help_text(i == n ? NULL : &commands[i]);
        g_auto(GStrv) lines = g_strsplit(help->str, "\n", -1);
        for (gsize k = 0; lines[k] != NULL; k++) {
            if (g_utf8_strlen(lines[k], -1) > 80)
                fail_msg("wider than 80 columns: %s", lines[k]);
        }
        g_string_free(help, TRUE);
    }
}

static void commands_and_options_are_named_once(void **state)
{
    gsize n;
    const CliCommand *commands = cli_command_list(&n);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize i = 0; i < n; i++) {
        assert_true(g_hash_table_add(names, (gpointer) commands[i].name));
        const GOptionEntry *const groups[] = {CLI_GLOBAL_OPTIONS, commands[i].options,
                                              commands[i].takes_credential ? CLI_CREDENTIAL_OPTIONS
                                                                           : NULL};
        g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);
        for (gsize k = 0; k < G_N_ELEMENTS(groups); k++) {
            for (const GOptionEntry *o = groups[k]; o != NULL && o->long_name != NULL; o++) {
                if (!g_hash_table_add(options, (gpointer) o->long_name))
                    fail_msg("%s has --%s twice", commands[i].name, o->long_name);
            }
        }
    }
}

/* ---- the document */

static char *document(void)
{
    char *text = NULL;
    assert_true(g_file_get_contents(SOURCE_ROOT "/docs/command-line.md", &text, NULL, NULL));
    return text;
}

/* What stands under a heading of the document, up to the next of that rank. */
static char *section_of(const char *text, const char *heading)
{
    g_autofree char *line = g_strdup_printf("\n## %s\n", heading);
    const char *start = strstr(text, line);
    if (start == NULL)
        fail_msg("docs/command-line.md has no section '%s'", heading);
    const char *end = strstr(start + 3, "\n## ");
    return end == NULL ? g_strdup(start) : g_strndup(start, (gsize) (end - start));
}

static void must_be_documented(const char *section, const GOptionEntry *option)
{
    g_autofree char *mention =
        option->arg_description == NULL
            ? g_strdup_printf("`--%s`", option->long_name)
            : g_strdup_printf("`--%s %s`", option->long_name, option->arg_description);
    if (strstr(section, mention) == NULL)
        fail_msg("docs/command-line.md lacks %s in '%.40s'", mention, section);
}

static void the_document_has_every_command_and_option(void **state)
{
    g_autofree char *text = document();
    g_autofree char *credential = section_of(text, "Credentials");
    g_autofree char *global = section_of(text, "Options of every command");
    gsize n;
    const CliCommand *commands = cli_command_list(&n);
    visit_options(credential, CLI_CREDENTIAL_OPTIONS, must_be_documented);
    visit_options(global, CLI_GLOBAL_OPTIONS, must_be_documented);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *heading = g_strdup_printf("plumbline %s", commands[i].name);
        g_autofree char *section = section_of(text, heading);
        visit_options(section, commands[i].options, must_be_documented);
    }
}

static gboolean is_option(const char *name)
{
    gsize n;
    const CliCommand *commands = cli_command_list(&n);
    for (gsize i = 0; i < n; i++) {
        const GOptionEntry *const groups[] = {CLI_GLOBAL_OPTIONS, commands[i].options,
                                              CLI_CREDENTIAL_OPTIONS};
        for (gsize k = 0; k < G_N_ELEMENTS(groups); k++) {
            for (const GOptionEntry *o = groups[k]; o != NULL && o->long_name != NULL; o++) {
                if (g_str_equal(o->long_name, name))
                    return TRUE;
            }
        }
    }
    return FALSE;
}

static void the_document_promises_no_other_option(void **state)
{
    g_autofree char *text = document();
    g_autoptr(GRegex) pattern = g_regex_new("--([a-z][a-z-]+)", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    gboolean more = g_regex_match(pattern, text, 0, &match);
    assert_true(more);
    for (; more; more = g_match_info_next(match, NULL)) {
        g_autofree char *name = g_match_info_fetch(match, 1);
        if (!is_option(name) && !g_str_equal(name, "token"))
            fail_msg("docs/command-line.md speaks of --%s", name);
    }
}

static void the_document_has_every_exit_code(void **state)
{
    g_autofree char *text = document();
    g_autofree char *section = section_of(text, "Exit codes");
    for (int code = 0; code < PLUMBLINE_ERROR_COUNT; code++) {
        g_autofree char *row_start = g_strdup_printf("\n| %d |", error_exit_code(code));
        g_autofree char *name = g_strdup_printf("`%s`", error_name(code));
        const char *row = strstr(section, row_start);
        if (row == NULL)
            fail_msg("no row for exit code %d", error_exit_code(code));
        g_autofree char *line = g_strndup(row + 1, strcspn(row + 1, "\n"));
        if (strstr(line, name) == NULL)
            fail_msg("%s is not in the row of exit code %d", name, error_exit_code(code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_lists_every_command_and_option),
        cmocka_unit_test(help_fits_eighty_columns),
        cmocka_unit_test(commands_and_options_are_named_once),
        cmocka_unit_test(the_document_has_every_command_and_option),
        cmocka_unit_test(the_document_promises_no_other_option),
        cmocka_unit_test(the_document_has_every_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
