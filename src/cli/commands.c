#include "cli/commands.h"

static int command_version(const CliGlobals *globals, char **arguments, GError **error)
{
    printf("plumbline %s\n", PLUMBLINE_VERSION);
    return 0;
}

static int command_help(const CliGlobals *globals, char **arguments, GError **error)
{
    const CliCommand *command = NULL;
    if (arguments[0] != NULL && (command = cli_command_find(arguments[0])) == NULL)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "'%s' is not a command", arguments[0]);
    GString *text = cli_help_text(command);
    cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return 0;
}

static const CliCommand COMMANDS[] = {
    {"report", "[REPOSITORY]", "the state of a repository's pull requests",
     "REPOSITORY is https://bitbucket.org/WORKSPACE/REPOSITORY (with anything behind it), a clone "
     "address, or WORKSPACE/REPOSITORY. Nothing but a token is needed: what is read goes into a "
     "private folder that is removed at the end, unless --data names one to keep.\n\n"
     "Without REPOSITORY the report is on what is connected, from the data folder and without "
     "asking Bitbucket; --fresh reads what is new first.\n\n"
     "The period of --days is compared with the period of the same length before it.",
     1, TRUE, COMMAND_REPORT_OPTIONS, command_report},
    {"connect", "", "keep a credential and choose repositories",
     "Checks the credential, says in words what it is and may do, keeps it sealed in the data "
     "folder, reads the list of repositories and selects them: all of the workspace, those that "
     "match --pattern, or one. Connecting again under the same name replaces the credential and "
     "keeps the data.",
     0, TRUE, COMMAND_CONNECT_OPTIONS, command_connect},
    {"connections", "[remove NAME|days NAME N]", "list the credentials, or change one",
     "Lists the connections with their state. 'remove NAME' forgets the credential; what was read "
     "with it stays, or goes with --purge where no other connection sees it. 'days NAME N' says "
     "how far back the connection reads (0: everything): where "
     "that is further than before the next sync reads on, and nothing that was read goes.",
     3, FALSE, COMMAND_CONNECTIONS_OPTIONS, command_connections},
    {"repositories", "[VERB [ARGUMENT...]]", "list the repositories, or choose among them",
     "Lists the repositories that the connections see. 'select' and 'deselect' add a rule that "
     "says which of them are read; of the rules that match a repository the last decides, and "
     "'rules' lists them. PATTERN is a project's key, a repository's name, or a glob over the full "
     "name, the slug or the project's key. New repositories of a selected project, and those that "
     "a glob matches, join by themselves; those taken out stay out.\n\n"
     "'main-branch REPOSITORY BRANCH' says which branch counts as the main one of a repository, "
     "for policies, "
     "releases and what git tells, whatever Bitbucket says; without BRANCH it is Bitbucket's "
     "again.",
     3, FALSE, COMMAND_REPOSITORIES_OPTIONS, command_repositories},
    {"sync", "", "read what is new",
     "Reads the selected repositories of every connection: the first time their history, newest "
     "first, later what changed. It may be interrupted at any time and goes on where it stopped.",
     0, FALSE, COMMAND_SYNC_OPTIONS, command_sync},
    {"insights", "[SUBCOMMAND]", "what needs somebody, and the rules that find it",
     "'list' (or nothing) shows what rules found, 'show ID' one finding with evidence and history. "
     "'act ID STEP' takes a step: acknowledge, snooze (--until), dismiss (--reason), mute "
     "(--reason), assign (--to) or reopen. The first letters of an ID do where they are unique."
     "\n\n"
     "'rules' shows every rule with its parameters; 'set RULE on|off|default|PARAMETER=VALUE...' "
     "sets them, with --repository for one repository. 'dry-run RULE' with --set tells how many "
     "findings the last 90 days would have had. 'mute RULE' (--reason, with --repository or "
     "--person for less) silences a rule, 'mutes' lists what is muted, 'unmute MUTE' ends it.",
     16, FALSE, COMMAND_INSIGHTS_OPTIONS, command_insights},
    {"measure", "[MEASURE...]", "any measure by any dimension",
     "Asks for measures such as cycle-time, by up to two dimensions such as week and repository. "
     "Beside each value stands the number of values behind it. --list shows all measures, "
     "statistics and dimensions.",
     16, FALSE, COMMAND_MEASURE_OPTIONS, command_measure},
    {"releases", "[set PATTERN KIND]", "what counts as a release",
     "Lists the selected repositories with what counts as a release and where deliveries are known "
     "from. 'set' says what counts for those repositories of which Bitbucket knows no deployment "
     "to production: KIND is deployments (nothing else; so it is at first), pipelines (each "
     "pipeline on the main branch) or merge (each merge into the main branch). PATTERN is a glob "
     "over the full name, the slug or the project's key.",
     3, FALSE, COMMAND_RELEASES_OPTIONS, command_releases},
    {"code", "hot|knowledge [REPOSITORY]", "hot files, and who knows which folder",
     "'hot' lists the files that changed most in the last 90 days. 'knowledge' lists folders with "
     "their bus factor, the smallest first: how many people who are still active together wrote at "
     "least half of what was added in the last 365 days; 0 when all of them did not. Generated and "
     "vendored files, bots and people who are left out do not count. Needs git.",
     2, FALSE, COMMAND_CODE_OPTIONS, command_code},
    {"team", "[VERB [ARGUMENT...]]", "teams with dates, hours and holidays",
     "VERB is list (also when nothing is said), show TEAM, add NAME, change TEAM, remove TEAM, "
     "member add TEAM PERSON..., member move PERSON TEAM, member end PERSON, holidays TEAM FILE, "
     "import FILE, or export. A membership begins with --since and ends with --until; a move ends "
     "one and "
     "begins another, so that the past stays. 'holidays' adds the days of a calendar file (.ics) "
     "to a team; 'import' reads teams, hours and members from a file, and 'export' writes one "
     "with those who are in them now.\n\n"
     "People are named by uuid, address, nickname or display name.",
     34, FALSE, COMMAND_TEAM_OPTIONS, command_team},
    {"identity", "[VERB [PERSON...]]", "who is who, and who is a bot",
     "VERB is list (also when nothing is said), show PERSON, review, merge PERSON INTO, split "
     "NAME, different PERSON OTHER, or one of bot, human, exclude and include PERSON. What is "
     "certain is merged by rules; 'review' lists what somebody has to decide, with what speaks for "
     "it. 'split' takes a merged address or account out again; a merge changes nothing that was "
     "read.\n\n"
     "People are named by uuid, address, nickname or display name.",
     3, FALSE, COMMAND_IDENTITY_OPTIONS, command_identity},
    {"doctor", "", "check the set-up in words",
     "Looks at git, the data folder and its modes, the master key, the data file, every "
     "connection with its credential, allowance and clock, the mirrors, and what went wrong in "
     "the last sync. The exit code is that of the first fault.",
     0, FALSE, COMMAND_DOCTOR_OPTIONS, command_doctor},
    {"key", "path|rotate", "the master key that seals the credentials",
     "'path' prints where the key is; keep a copy apart from the data file. 'rotate' makes a new "
     "key and seals everything under it; the old file is replaced.",
     1, FALSE, NULL, command_key},
    {"settings", "[set KEY VALUE|unset KEY]", "list what is set for a workspace, or set it",
     "Lists the working hours, holidays, limits and patterns of a workspace with what they mean. "
     "'set' changes one, 'unset' goes back to the default; numbers and findings follow with the "
     "next command or sync.",
     3, FALSE, COMMAND_SETTINGS_OPTIONS, command_settings},
    {"serve", "", "serve the web application",
     "Listens for browsers and API clients until it is interrupted; requests under way are "
     "finished first. As long as there is no account it prints a set-up code, with which the first "
     "administrator signs up in the browser.\n\n"
     "Sessions need https or a loopback address: behind a proxy that speaks TLS, give --origin.",
     0, FALSE, COMMAND_SERVE_OPTIONS, command_serve},
    {"policy", "[VERB [ID]]", "what a merge needs, and who decides",
     "Approval policies say by whom a merge must have been approved; a merge is judged "
     "by the version in force when it happened.\n\n'list' shows the newest version of "
     "each, 'show ID' all versions of one. 'set' writes a version for a workspace, "
     "project or repository and its branches; 'end ID' ends one. 'simulate' tells what a "
     "policy would have made of the merges of the last days.\n\n'propose' leaves a "
     "policy for somebody else to 'approve ID' or 'refuse ID'; 'proposals' lists them. "
     "With 'second-person yes' every policy, selection and removal of a connection waits "
     "for that.",
     2, FALSE, COMMAND_POLICY_OPTIONS, command_policy},
    {"audit", "[list|export|verify]", "the log of merges, and the proof that it is whole",
     "Each merge into a main branch or one with a policy is in a log that is only added to: who "
     "did what when, the policy, the verdict. 'export' writes it as CSV or JSON. 'verify' finds "
     "rows that were altered, removed or inserted; then the exit code is 6.",
     1, FALSE, COMMAND_AUDIT_OPTIONS, command_audit},
    {"version", "", "show the version", "Prints the name and version of the program.", 0, FALSE,
     NULL, command_version},
    {"help", "[COMMAND]", "show help", "Shows the commands, or the options of one.", 1, FALSE, NULL,
     command_help},
};

const CliCommand *cli_command_list(gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS(COMMANDS);
    return COMMANDS;
}

const CliCommand *cli_command_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        if (g_str_equal(COMMANDS[i].name, name))
            return &COMMANDS[i];
    }
    return NULL;
}
