/*
 * Inside cli: the functions and options behind the table of commands, one file each.
 */
#pragma once

#include "cli/cli.h"

extern const GOptionEntry COMMAND_REPORT_OPTIONS[], COMMAND_CONNECT_OPTIONS[],
    COMMAND_SYNC_OPTIONS[], COMMAND_MEASURE_OPTIONS[], COMMAND_DOCTOR_OPTIONS[],
    COMMAND_REPOSITORIES_OPTIONS[], COMMAND_SERVE_OPTIONS[], COMMAND_SETTINGS_OPTIONS[];

extern const GOptionEntry COMMAND_RELEASES_OPTIONS[], COMMAND_TEAM_OPTIONS[],
    COMMAND_IDENTITY_OPTIONS[];
int command_team(const CliGlobals *globals, char **arguments, GError **error);
int command_identity(const CliGlobals *globals, char **arguments, GError **error);
int command_releases(const CliGlobals *globals, char **arguments, GError **error);
extern const GOptionEntry COMMAND_POLICY_OPTIONS[], COMMAND_AUDIT_OPTIONS[],
    COMMAND_CONNECTIONS_OPTIONS[];
int command_report(const CliGlobals *globals, char **arguments, GError **error);
int command_connect(const CliGlobals *globals, char **arguments, GError **error);
int command_connections(const CliGlobals *globals, char **arguments, GError **error);
int command_policy(const CliGlobals *globals, char **arguments, GError **error);
int command_audit(const CliGlobals *globals, char **arguments, GError **error);
int command_repositories(const CliGlobals *globals, char **arguments, GError **error);
int command_settings(const CliGlobals *globals, char **arguments, GError **error);
int command_serve(const CliGlobals *globals, char **arguments, GError **error);
int command_sync(const CliGlobals *globals, char **arguments, GError **error);
extern const GOptionEntry COMMAND_INSIGHTS_OPTIONS[];
int command_insights(const CliGlobals *globals, char **arguments, GError **error);
int command_measure(const CliGlobals *globals, char **arguments, GError **error);
int command_doctor(const CliGlobals *globals, char **arguments, GError **error);
int command_key(const CliGlobals *globals, char **arguments, GError **error);

extern const GOptionEntry COMMAND_CODE_OPTIONS[];
int command_code(const CliGlobals *globals, char **arguments, GError **error);
