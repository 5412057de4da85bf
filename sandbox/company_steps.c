/* How the numbers of a pull request's file come about, commit by commit. */
#include "company_internal.h"

FileStep company_file_at_step(guint64 pull_seed, guint file, const CompanyFile *final,
                              guint n_steps, guint step)
{
    if (step + 1 >= n_steps)
        return (FileStep){final->lines_added, final->lines_removed, 0};
    guint64 bits = chance_mix(pull_seed, SUBJECT_STEPS + ((guint64) file << 8));
    /* The first file changes with every commit, so that none is empty: each brings a few lines
     * that the next takes out again. */
    if (file == 0) {
        gint64 done = step + 1, all = n_steps;
        return (FileStep){(gint32) (final->lines_added * done / all),
                          (gint32) (final->lines_removed * done / all),
                          1 + (gint32) ((bits >> step % 40) % 3)};
    }
    guint begins = (guint) (bits % n_steps), ends = begins + (guint) ((bits >> 32) % 3);
    if (step < begins)
        return (FileStep){0};
    if (step >= ends || final->is_removed)
        return (FileStep){final->lines_added, final->lines_removed, 0};
    return (FileStep){final->lines_added / 2, final->lines_removed / 2, 0};
}
