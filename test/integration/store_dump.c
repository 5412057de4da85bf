/*
 * store_dump FILE [TABLE-TO-LEAVE-OUT…]: a data file's content as sorted text, to compare two of
 * them with diff.
 */
#include <stdio.h>

#include "../unit/store/dump.h"

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: store_dump FILE [TABLE-TO-LEAVE-OUT...]\n");
        return 2;
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *text = store_dump(argv[1], (const char *const *) argv + 2, &error);
    if (text == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    return fputs(text, stdout) >= 0 ? 0 : 1;
}
