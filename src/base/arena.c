#include "base/arena.h"

#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_BLOCK 0 /* every allocation on its own, with its own red zones */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_BLOCK 0
#endif
#endif
#ifndef ARENA_BLOCK
#define ARENA_BLOCK 65536
#endif

typedef struct Block Block;
struct Block {
    Block *older;
    gsize used, size;
    _Alignas(max_align_t) guint8 bytes[];
};

struct Arena {
    Block *newest;
    gsize used, maximum;
};

Arena *arena_new(gsize max_bytes)
{
    Arena *arena = g_new0(Arena, 1);
    arena->maximum = max_bytes;
    return arena;
}

void arena_free(Arena *arena)
{
    if (arena == NULL)
        return;
    for (Block *block = arena->newest; block != NULL;) {
        Block *older = block->older;
        g_free(block);
        block = older;
    }
    g_free(arena);
}

void *arena_alloc(Arena *arena, gsize bytes)
{
    const gsize alignment = _Alignof(max_align_t);
    if (bytes > arena->maximum)
        return NULL;
    gsize rounded = (MAX(bytes, 1) + alignment - 1) / alignment * alignment;
    if (rounded > arena->maximum - arena->used)
        return NULL;
    Block *block = arena->newest;
    if (block == NULL || block->size - block->used < rounded) {
        gsize size = MAX(rounded, (gsize) ARENA_BLOCK);
        block = g_malloc(sizeof(Block) + size);
        block->older = arena->newest;
        block->used = 0;
        block->size = size;
        arena->newest = block;
    }
    void *memory = block->bytes + block->used;
    block->used += rounded;
    arena->used += rounded;
    return memset(memory, 0, bytes);
}

char *arena_copy_text(Arena *arena, const char *text, gssize length)
{
    if (text == NULL)
        return NULL;
    gsize bytes = length < 0 ? strlen(text) : (gsize) length;
    char *copy = bytes < G_MAXSIZE ? arena_alloc(arena, bytes + 1) : NULL;
    if (copy != NULL) {
        memcpy(copy, text, bytes);
        copy[bytes] = '\0';
    }
    return copy;
}

gsize arena_used(const Arena *arena)
{
    return arena->used;
}
