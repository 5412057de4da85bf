#include "company_words.h"

static const char *const first_names[] = {
    "Ana",    "Bruno",  "Chitra", "Dmitri", "Elif",  "Farid",  "Greta",  "Hiroshi", "Ines",
    "Jonas",  "Kavya",  "Lena",   "Mateo",  "Nadia", "Omar",   "Priya",  "Quentin", "Rosa",
    "Sanjay", "Tove",   "Uma",    "Viktor", "Wei",   "Ximena", "Yusuf",  "Zofia",   "Arjun",
    "Beata",  "Carlos", "Deepa",  "Emeka",  "Fiona", "Goran",  "Hanna",  "Ivan",    "Jaya",
    "Kofi",   "Lucía",  "Marek",  "Noor",   "Olga",  "Pavel",  "Ravi",   "Siobhán", "Tariq",
    "Ursula", "Vera",   "Walter", "Xavier", "Yara",  "Zoltan", "Amelie", "Botond",  "Celeste",
};

static const char *const last_names[] = {
    "Abbott",    "Bergström",  "Chowdhury", "Dubois",   "Eriksen",   "Fischer", "Gupta",
    "Haddad",    "Ibrahim",    "Jansen",    "Kowalski", "Lindqvist", "Moreau",  "Nakamura",
    "O'Brien",   "Petrov",     "Quispe",    "Rossi",    "Sharma",    "Talbot",  "Ueda",
    "Vasquez",   "Weber",      "Xu",        "Yilmaz",   "Zimmer",    "Almeida", "Banerjee",
    "Cohen",     "Dlamini",    "Evans",     "Ferrari",  "Georgiou",  "Horvat",  "Iyer",
    "Johansson", "Kaur",       "Larsen",    "Mehta",    "Novak",     "Okafor",  "Patel",
    "Reyes",     "Silva",      "Tanaka",    "Usman",    "Virtanen",  "Wójcik",  "Young",
    "Zhang",     "Acheampong", "Botha",     "Castillo",
};

guint words_person_count(void)
{
    return G_N_ELEMENTS(first_names) * G_N_ELEMENTS(last_names);
}

/* The two counts differ by one, so stepping through both at once meets every pair. */
G_STATIC_ASSERT(G_N_ELEMENTS(first_names) == G_N_ELEMENTS(last_names) + 1);

void words_person_name(guint i, const char **ret_first, const char **ret_last)
{
    *ret_first = first_names[i % G_N_ELEMENTS(first_names)];
    *ret_last = last_names[i % G_N_ELEMENTS(last_names)];
}

static const struct {
    const char *key, *name;
} projects[] = {
    {"PAY", "Payments"},   {"CORE", "Core Platform"}, {"MOB", "Mobile"},   {"DATA", "Data"},
    {"WEB", "Storefront"}, {"OPS", "Operations"},     {"SEC", "Security"}, {"SRCH", "Search"},
    {"LOG", "Logistics"},  {"CRM", "Customer Care"},  {"FIN", "Finance"},  {"LAB", "Experiments"},
};

guint words_project_count(void)
{
    return G_N_ELEMENTS(projects);
}

void words_project(guint i, const char **ret_key, const char **ret_name)
{
    *ret_key = projects[i].key;
    *ret_name = projects[i].name;
}

static const char *const subjects[] = {
    "billing",  "checkout", "catalog", "identity", "ledger",  "search",  "notify",
    "shipping", "reports",  "gateway", "pricing",  "profile", "returns", "stock",
    "invoice",  "fraud",    "loyalty", "messages", "routing", "consent",
};
static const char *const roles[] = {
    "service", "api", "web", "worker", "app", "tools", "client", "pipeline",
};

char *words_repository_slug(guint i)
{
    guint n_subjects = G_N_ELEMENTS(subjects), n_roles = G_N_ELEMENTS(roles);
    const char *subject = subjects[i % n_subjects];
    const char *role = roles[(i + i / n_subjects) % n_roles];
    guint turn = i / (n_subjects * n_roles);
    if (turn == 0)
        return g_strdup_printf("%s-%s", subject, role);
    return g_strdup_printf("%s-%s-%u", subject, role, turn + 1);
}

const char *words_language(guint i)
{
    static const char *const languages[] = {"go", "typescript", "java", "python", "c", "kotlin"};
    return languages[i % G_N_ELEMENTS(languages)];
}

static const char *const verbs[] = {
    "Add",      "Fix",      "Reject",   "Retry",  "Cache",   "Log",       "Remove",
    "Simplify", "Speed up", "Validate", "Rename", "Extract", "Document",  "Limit",
    "Restore",  "Split",    "Move",     "Handle", "Batch",   "Translate",
};
static const char *const objects[] = {
    "expired sessions",
    "the retry loop",
    "empty responses",
    "rounding of totals",
    "the import job",
    "duplicate orders",
    "currency codes",
    "slow queries",
    "the login form",
    "webhook deliveries",
    "feature flags",
    "time zones",
    "the \"remember me\" box",
    "error messages",
    "audit entries",
    "pagination",
    "stale locks",
    "the upload limit",
    "address checks",
    "customer names with accents",
    "the health check",
    "access tokens",
    "tax rates",
    "partial refunds",
};
static const char *const places[] = {
    "",
    "",
    "",
    " in the billing export",
    " for guest accounts",
    " on slow networks",
    " after a restart",
    " in the nightly run",
    " for the new gateway",
    " when the cart is empty",
    " behind the proxy",
    " on mobile",
};

#define PICK(chance, list) ((list)[chance_below(chance, G_N_ELEMENTS(list))])

char *words_change(Chance *chance)
{
    const char *verb = PICK(chance, verbs), *object = PICK(chance, objects);
    return g_strconcat(verb, " ", object, PICK(chance, places), NULL);
}

char *words_branch_part(const char *title)
{
    GString *part = g_string_new(NULL);
    for (const char *p = title; *p != '\0' && part->len < 32; p++) {
        if (g_ascii_isalnum(*p))
            g_string_append_c(part, g_ascii_tolower(*p));
        else if (part->len > 0 && part->str[part->len - 1] != '-')
            g_string_append_c(part, '-');
    }
    while (part->len > 0 && part->str[part->len - 1] == '-')
        g_string_truncate(part, part->len - 1);
    return g_string_free(part, FALSE);
}

const char *words_dependency(Chance *chance)
{
    static const char *const names[] = {
        "lodash", "jackson-databind", "grpc",  "openssl", "react", "spring-boot", "protobuf",
        "axios",  "eslint",           "numpy", "netty",   "zod",   "okhttp",      "requests",
    };
    return PICK(chance, names);
}

static const char *extension(const char *language)
{
    static const struct {
        const char *language, *extension;
    } table[] = {{"go", "go"},     {"typescript", "ts"}, {"java", "java"},
                 {"python", "py"}, {"c", "c"},           {"kotlin", "kt"}};
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        if (g_str_equal(table[i].language, language))
            return table[i].extension;
    return "txt";
}

char *words_source_path(Chance *chance, const char *language, guint number)
{
    static const char *const parts[] = {"model", "store", "http",   "jobs",  "rules",
                                        "mail",  "auth",  "format", "cache", "events"};
    const char *place = subjects[(number / 24) % G_N_ELEMENTS(subjects)];
    const char *stem = PICK(chance, parts);
    if (chance_hit(chance, 0.07))
        return g_strdup_printf("docs/%s/%s-%u.md", place, stem, number);
    const char *root = chance_hit(chance, 0.2) ? "test" : "src";
    return g_strdup_printf("%s/%s%u/%s_%u.%s", root, place, number / 480, stem, number,
                           extension(language));
}

char *words_vendored_path(Chance *chance, guint number)
{
    const char *name = words_dependency(chance);
    switch (chance_below(chance, 4)) {
    case 0:
        return g_strdup_printf("vendor/%s/part_%u.go", name, number);
    case 1:
        return g_strdup_printf("web/static/%s-%u.min.js", name, number);
    case 2:
        return g_strdup_printf("api/%s/messages_%u.pb.go", name, number);
    default:
        return g_strdup_printf("node_modules/%s/lib/part_%u.js", name, number);
    }
}

static const char *const remarks[] = {
    "Could this be done in one query?",
    "Nice, much easier to read now.",
    "What happens when the list is empty?",
    "I would rather see this behind the existing interface.",
    "nit: the name says the opposite of what it does",
    "Please add a test for the error path.",
    "Is this still needed after the migration?",
    "This blocks the event loop, doesn't it?",
    "Good catch.",
    "Done, thanks.",
    "Fixed in the last commit.",
    "I disagree: the caller has checked it already.",
    "Can we agree on a follow-up ticket for that?",
    "LGTM apart from the comment above.",
    "Größe & Währung sind hier vertauscht, oder?",
    "See <https://wiki.acme.example/decisions/17> for why it is so.",
};

char *words_comment(guint64 seed, gboolean huge)
{
    Chance chance;
    chance_init(&chance, seed, 0, 0, 0);
    GString *text = g_string_new(PICK(&chance, remarks));
    guint more = huge ? 6000 : chance_run(&chance, 0.3, 5);
    for (guint i = 0; i < more; i++) {
        g_string_append(text, i % 3 == 2 ? "\n\n" : " ");
        g_string_append(text, PICK(&chance, remarks));
    }
    return g_string_free(text, FALSE);
}

char *words_bot_comment(guint64 seed)
{
    Chance chance;
    chance_init(&chance, seed, 0, 0, 0);
    guint number = chance_below(&chance, 90000) + 1000;
    if (chance_hit(&chance, 0.85))
        return g_strdup_printf("**Build #%u passed.** Coverage %u.%u %%.", number,
                               60 + chance_below(&chance, 35), chance_below(&chance, 10));
    return g_strdup_printf("**Build #%u failed**: %u tests did not pass.", number,
                           1 + chance_below(&chance, 12));
}
