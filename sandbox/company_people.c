/* The company's people and projects. */
#include "company_plant.h"
#include "company_words.h"

static char *plain_ascii(const char *text)
{
    char *folded = g_str_to_ascii(text, "C");
    GString *plain = g_string_new(NULL);
    for (const char *p = folded; *p != '\0'; p++)
        if (g_ascii_isalpha(*p))
            g_string_append_c(plain, g_ascii_tolower(*p));
    g_free(folded);
    return g_string_free(plain, FALSE);
}

static void name_account(CompanyPerson *person, Chance *chance)
{
    char tail[39];
    chance_uuid(chance, person->uuid);
    chance_uuid(chance, tail);
    tail[37] = '\0';
    g_snprintf(person->account_id, sizeof person->account_id, "712020:%s", tail + 1);
    person->left_at = NEVER;
}

static void set_raw(Company *company, guint i, const char *alien_host)
{
    CompanyPerson *person = &company->people[i];
    g_autofree char *user = plain_ascii(person->nickname);
    g_autofree char *raw = g_strdup_printf("%s <%s>", person->display_name, person->email);
    g_autofree char *alien = g_strdup_printf("%s <%s@%s>", user, user, alien_host);
    company->lives[i].raw = g_string_chunk_insert(company->text, raw);
    company->lives[i].raw_alien = g_string_chunk_insert(company->text, alien);
}

static void make_person(Company *company, guint i)
{
    CompanyPerson *person = &company->people[i];
    PersonLife *life = &company->lives[i];
    Chance chance;
    chance_init(&chance, company->options.seed, SUBJECT_PERSON, i, 0);
    const char *first, *last;
    guint turn = i / words_person_count();
    words_person_name((guint) ((i + company->options.seed * 37) % words_person_count()), &first,
                      &last);
    g_autofree char *user = plain_ascii(first), *family = plain_ascii(last);
    name_account(person, &chance);
    if (turn == 0) {
        person->display_name = g_strdup_printf("%s %s", first, last);
        person->email = g_strdup_printf("%s.%s@acme.example", user, family);
    } else {
        person->display_name = g_strdup_printf("%s %c. %s", first, 'A' + (int) (turn % 26), last);
        person->email = g_strdup_printf("%s.%s%u@acme.example", user, family, turn);
    }
    person->nickname = g_steal_pointer(&user);
    person->is_admin = i < 2;
    set_raw(company, i, "laptop.local");

    guint office = chance_skewed(&chance, N_OFFICES, 2);
    life->hours.office = office;
    person->utc_offset_minutes = calendar_offices[office].utc_offset_minutes;
    life->hours.utc_offset = person->utc_offset_minutes * MINUTE;
    life->hours.day_start = 8 * HOUR + chance_between(&chance, 0, 8) * 15 * MINUTE;
    life->pace = chance_log_normal(&chance, 1, 0.35);
    life->joined_at = company->starts_at - DAY;
    if (company->plan != NULL)
        return; /* everybody is there all the time */
    gint64 past = company->options.epoch - company->starts_at;
    if (i > 5 && chance_hit(&chance, 0.2))
        life->joined_at += chance_between(&chance, 0, past * 4 / 5);
    /* Nobody leaves in the first month after the epoch: what a client that looks now and one that
     * looked before know of the people stays the same for as long as most tests run. */
    if (i > 5 && chance_hit(&chance, 0.1)) {
        gint64 first_day = MAX(life->joined_at + 30 * DAY, company->starts_at + past / 4);
        person->left_at = chance_between(&chance, first_day, company->options.epoch - DAY);
        if (chance_hit(&chance, 0.1))
            person->left_at = company->options.epoch + chance_between(&chance, 32, 55) * DAY;
        person->left_as_null = i % 2 == 0;
    }
}

typedef struct {
    const char *display_name, *nickname, *email;
    gboolean is_app;
} BotName;

static gint32 make_bot(Company *company, guint i, const BotName *name)
{
    CompanyPerson *person = &company->people[i];
    PersonLife *life = &company->lives[i];
    Chance chance;
    chance_init(&chance, company->options.seed, SUBJECT_PERSON, i, 1);
    name_account(person, &chance);
    person->display_name = g_strdup(name->display_name);
    person->nickname = g_strdup(name->nickname);
    person->email = g_strdup(name->email);
    person->is_app = name->is_app;
    person->is_bot = TRUE;
    life->joined_at = company->starts_at - DAY;
    life->pace = 1;
    set_raw(company, i, "ci.local");
    return (gint32) i;
}

static guint count_people(guint pull_requests)
{
    static const struct {
        guint pull_requests, people;
    } sizes[] = {{1, 8}, {500, 25}, {10000, 120}, {100000, 600}, {1000000, 2500}};
    guint i = 1;
    while (i < G_N_ELEMENTS(sizes) - 1 && pull_requests > sizes[i].pull_requests)
        i++;
    guint64 span = sizes[i].pull_requests - sizes[i - 1].pull_requests;
    guint64 over = MIN(pull_requests, sizes[i].pull_requests);
    over = over > sizes[i - 1].pull_requests ? over - sizes[i - 1].pull_requests : 0;
    return (guint) (sizes[i - 1].people + over * (sizes[i].people - sizes[i - 1].people) / span);
}

void company_make_people(Company *company)
{
    static const BotName bots[] = {
        {"Dependency Updates", "dependency-updates", "7c9e6679f1d24f0b@bots.bitbucket.org", TRUE},
        {"build-bot", "build-bot", "build-bot@acme.example", FALSE},
        {"Security Bot", "security-bot", "security-bot@acme.example", FALSE},
    };
    guint humans =
        company->plan != NULL ? PLANT_PEOPLE : count_people(company->options.pull_requests);
    company->n_people = humans + G_N_ELEMENTS(bots);
    company->people = g_new0(CompanyPerson, company->n_people);
    company->lives = g_new0(PersonLife, company->n_people);
    for (guint i = 0; i < humans; i++)
        make_person(company, i);
    company->update_bot = make_bot(company, humans, &bots[0]);
    company->ci_bot = make_bot(company, humans + 1, &bots[1]);
    company->scan_bot = make_bot(company, humans + 2, &bots[2]);
}

void company_make_projects(Company *company, guint n_repositories)
{
    company->n_projects = CLAMP(n_repositories / 3, 2, words_project_count());
    company->projects = g_new0(CompanyProject, company->n_projects);
    for (guint i = 0; i < company->n_projects; i++) {
        CompanyProject *project = &company->projects[i];
        Chance chance;
        const char *key, *name;
        chance_init(&chance, company->options.seed, SUBJECT_COMPANY, 1, i);
        words_project(i, &key, &name);
        chance_uuid(&chance, project->uuid);
        project->key = g_strdup(key);
        project->name = g_strdup(name);
        project->created_at = company->starts_at - chance_between(&chance, 20 * DAY, 400 * DAY);
    }
}

void company_free_people(Company *company)
{
    for (guint i = 0; i < company->n_people; i++) {
        g_free(company->people[i].display_name);
        g_free(company->people[i].nickname);
        g_free(company->people[i].email);
    }
    for (guint i = 0; i < company->n_projects; i++) {
        g_free(company->projects[i].key);
        g_free(company->projects[i].name);
    }
    g_clear_pointer(&company->people, g_free);
    g_clear_pointer(&company->lives, g_free);
    g_clear_pointer(&company->projects, g_free);
}

/* Longer than anything that somebody takes part in can last (LIFE_LONGEST and what ends it). */
#define STAY_LEAST (140 * DAY)

gboolean company_person_stays(const Company *company, gint32 person, gint64 at)
{
    const CompanyPerson *record = &company->people[person];
    return company->lives[person].joined_at <= at &&
           (record->left_at == NEVER || record->left_at > at + STAY_LEAST);
}
