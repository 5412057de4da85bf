/* When pull requests are opened, and by whom. */
#include "company_internal.h"

static gint compare_openings(gconstpointer a, gconstpointer b)
{
    const Opening *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->author - y->author;
}

/* Somebody who works here then; the chance to be at work decides, so that a working hour has its
 * share of openings. */
static gboolean try_human(const Company *company, const RepositoryPrivate *own, Chance *chance,
                          gint64 at, gint32 *ret_author)
{
    guint skew = chance_hit(chance, 0.4) ? 1 : 2;
    gint32 person = (gint32) own->members[chance_skewed(chance, own->n_members, skew)];
    if (!company_person_stays(company, person, at))
        return FALSE;
    if (!calendar_is_working(&company->calendar, &company->lives[person].hours, at) &&
        !chance_hit(chance, 0.025))
        return FALSE;
    *ret_author = person;
    return TRUE;
}

static void open_one(const Company *company, const RepositoryPrivate *own, Chance *chance,
                     gint64 from, gint64 until, Opening *ret_opening)
{
    ret_opening->author = (gint32) own->members[0];
    if (own->has_updates && chance_hit(chance, 0.12)) {
        gint64 night = chance_between(chance, from, until) / DAY * DAY + 3 * HOUR;
        night += chance_between(chance, 0, 50 * MINUTE);
        ret_opening->author = company->update_bot;
        ret_opening->at = CLAMP(night, from, until);
        return;
    }
    for (guint attempt = 0; attempt < 400; attempt++) {
        ret_opening->at = chance_between(chance, from, until);
        if (try_human(company, own, chance, ret_opening->at, &ret_opening->author))
            return;
    }
}

GArray *company_make_openings(const Company *company, const RepositoryPrivate *own)
{
    guint n = own->openings_past + own->openings_future;
    GArray *openings = g_array_sized_new(FALSE, FALSE, sizeof(Opening), n);
    Chance chance;
    chance_init(&chance, own->seed, SUBJECT_OPENING, 0, 0);
    gint64 first = own->starts_at + 2 * DAY, epoch = company->options.epoch;
    for (guint i = 0; i < n; i++) {
        Opening opening;
        if (i < own->openings_past)
            open_one(company, own, &chance, first, MAX(own->openings_until, first), &opening);
        else
            open_one(company, own, &chance, epoch + 1, company->ends_at, &opening);
        g_array_append_val(openings, opening);
    }
    g_array_sort(openings, compare_openings);
    return openings;
}
