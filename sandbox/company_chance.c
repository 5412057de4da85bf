#include "company_chance.h"

static guint64 next_splitmix(guint64 *state)
{
    guint64 z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

guint64 chance_mix(guint64 a, guint64 b)
{
    guint64 state = a ^ (b * 0xd6e8feb86659fd93u);
    return next_splitmix(&state);
}

void chance_init(Chance *chance, guint64 seed, guint64 subject, guint64 a, guint64 b)
{
    guint64 state = chance_mix(chance_mix(chance_mix(seed, subject), a), b);
    for (guint i = 0; i < G_N_ELEMENTS(chance->state); i++)
        chance->state[i] = next_splitmix(&state);
}

static guint64 rotate_left(guint64 x, int k)
{
    return (x << k) | (x >> (64 - k));
}

guint64 chance_bits(Chance *chance)
{
    guint64 *s = chance->state;
    guint64 result = rotate_left(s[1] * 5, 7) * 9;
    guint64 t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

guint chance_below(Chance *chance, guint n)
{
    return (guint) (((chance_bits(chance) >> 32) * n) >> 32);
}

gint64 chance_between(Chance *chance, gint64 low, gint64 high)
{
    if (high <= low)
        return low;
    return low + (gint64) (chance_bits(chance) % ((guint64) (high - low) + 1));
}

double chance_unit(Chance *chance)
{
    return (double) (chance_bits(chance) >> 11) * 0x1p-53;
}

gboolean chance_hit(Chance *chance, double p)
{
    return chance_unit(chance) < p;
}

/* Twelve uniform numbers added up: near enough to the bell curve. */
double chance_normal(Chance *chance)
{
    guint64 sum = 0;
    for (int i = 0; i < 3; i++) {
        guint64 bits = chance_bits(chance);
        sum += (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
    }
    return (double) sum * 0x1p-16 - 6.0 + 12 * 0x1p-17;
}

static double raise_e(double x)
{
    double scaled = x * 1.4426950408889634;
    int whole = (int) scaled - (scaled < 0);
    double rest = (scaled - whole) * 0.6931471805599453;
    double term = 1, sum = 1;
    for (int i = 1; i < 14; i++) {
        term *= rest / i;
        sum += term;
    }
    while (whole > 0) {
        sum *= 2;
        whole--;
    }
    while (whole < 0) {
        sum *= 0.5;
        whole++;
    }
    return sum;
}

double chance_log_normal(Chance *chance, double median, double sigma)
{
    return median * raise_e(sigma * chance_normal(chance));
}

guint chance_skewed(Chance *chance, guint n, guint power)
{
    double u = chance_unit(chance), x = u;
    for (guint i = 1; i < power; i++)
        x *= u;
    guint index = (guint) (x * n);
    return MIN(index, n - 1);
}

guint chance_run(Chance *chance, double p, guint most)
{
    guint n = 0;
    while (n < most && chance_hit(chance, p))
        n++;
    return n;
}

static const char digits[] = "0123456789abcdef";

void chance_uuid(Chance *chance, char ret_uuid[39])
{
    static const char form[] = "{xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx}";
    guint64 bits = 0;
    for (guint i = 0, used = 16; i < sizeof form; i++) {
        if (form[i] != 'x' && form[i] != 'y') {
            ret_uuid[i] = form[i];
            continue;
        }
        if (used == 16) {
            bits = chance_bits(chance);
            used = 0;
        }
        guint nibble = bits & 15;
        bits >>= 4;
        used++;
        ret_uuid[i] = digits[form[i] == 'y' ? 8 | (nibble & 3) : nibble];
    }
}

void chance_hash(Chance *chance, char ret_hash[41])
{
    guint64 bits = 0;
    for (guint i = 0; i < 40; i++) {
        if (i % 16 == 0)
            bits = chance_bits(chance);
        ret_hash[i] = digits[bits & 15];
        bits >>= 4;
    }
    ret_hash[40] = '\0';
}
