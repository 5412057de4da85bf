/*
 * Memory that lives and dies together: one arena for a page of records, a request, a job.
 *
 * Everything given out stays where it is until arena_free. An arena has a greatest size; past it
 * arena_alloc returns NULL, which callers turn into PLUMBLINE_ERROR_LIMIT. One thread at a time.
 * Under AddressSanitizer each block is its own allocation so that overruns are seen.
 */
#pragma once

#include <glib.h>

typedef struct Arena Arena;

Arena *arena_new(gsize max_bytes);
void arena_free(Arena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Arena, arena_free)

/* Zeroed, aligned for any type. NULL when the arena is full. */
void *arena_alloc(Arena *arena, gsize bytes) G_GNUC_WARN_UNUSED_RESULT;
/* Copies; NULL when @text is NULL or the arena is full. */
char *arena_copy_text(Arena *arena, const char *text, gssize length);
gsize arena_used(const Arena *arena);
