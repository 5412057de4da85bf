#include "measure/privacy.h"

static guint8 *new_bits(gsize n)
{
    return g_malloc0(n / 8 + 1);
}

/* Whether it was not set before. */
static gboolean set_bit(guint8 *bits, gsize index)
{
    guint8 mask = (guint8) (1u << (index % 8));
    gboolean is_new = (bits[index / 8] & mask) == 0;
    bits[index / 8] |= mask;
    return is_new;
}

void privacy_init(Privacy *privacy, const MeasureColumns *columns, const MeasureQuery *query,
                  const Axis axes[2])
{
    *privacy = (Privacy){.least = query->is_for_help ? 0 : columns->least_group,
                         .team_axis = -1,
                         .people_axis = -1,
                         .n_people = columns->people.names->len};
    for (gint i = 0; i < 2 && privacy->least > 1; i++) {
        if (axes[i].dimension == DIMENSION_TEAM) {
            privacy->team_axis = i;
            privacy->seen_in_team = new_bits((gsize) axes[i].n * privacy->n_people);
            privacy->of_team = g_new0(gint64, axes[i].n);
        } else if (axis_is_people(&axes[i])) {
            privacy->people_axis = i;
            privacy->seen = new_bits(axes[i].n);
        }
    }
}

void privacy_clear(Privacy *privacy)
{
    g_clear_pointer(&privacy->seen_in_team, g_free);
    g_clear_pointer(&privacy->seen, g_free);
    g_clear_pointer(&privacy->of_team, g_free);
}

void privacy_see(Privacy *privacy, const RowBlock *block)
{
    if (privacy->team_axis >= 0) {
        const guint32 *teams = block->slot[privacy->team_axis];
        for (gsize i = 0; i < block->n; i++)
            if (!block->is_left_out[i] &&
                set_bit(privacy->seen_in_team,
                        (gsize) teams[i] * privacy->n_people + block->person[i]))
                privacy->of_team[teams[i]]++;
    }
    if (privacy->people_axis >= 0) {
        const guint32 *people = block->slot[privacy->people_axis];
        for (gsize i = 0; i < block->n; i++)
            privacy->compared +=
                !block->is_left_out[i] && set_bit(privacy->seen, people[i]) ? 1 : 0;
    }
}

gboolean privacy_shows(const Privacy *privacy, const guint32 slots[2])
{
    if (privacy->team_axis >= 0 && privacy->of_team[slots[privacy->team_axis]] < privacy->least)
        return FALSE;
    return privacy->people_axis < 0 || privacy->compared >= privacy->least;
}
