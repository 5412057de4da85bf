/*
 * filter: the filter language of the parameter "q" (field op value, AND, OR, parentheses) and the
 * values it compares. Which fields a listing knows, and their types, is a table of the listing; a
 * filter that names another field, or gives a value of another type, does not parse.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum { FIELD_STRING, FIELD_NUMBER, FIELD_BOOL, FIELD_TIME } FieldType;

/* Ends with a NULL name. */
typedef struct {
    const char *name; /* "source.branch.name" */
    FieldType type;
} FieldRule;

const FieldRule *field_rule_find(const FieldRule *rules, const char *name);

typedef enum { VALUE_NULL, VALUE_STRING, VALUE_NUMBER, VALUE_BOOL } ValueKind;

typedef struct {
    ValueKind kind;
    gint64 number;    /* also times, as µs, and booleans */
    const char *text; /* borrowed */
} Value;

static inline Value value_text(const char *text)
{
    return (Value){.kind = text == NULL ? VALUE_NULL : VALUE_STRING, .text = text};
}

static inline Value value_number(gint64 number)
{
    return (Value){.kind = VALUE_NUMBER, .number = number};
}

/* <0, 0, >0; null sorts first. */
gint value_compare(const Value *a, const Value *b);

/* Values of one record's field: calls @each for every one (several where the path runs through an
 * array), at least once (null). */
typedef void (*ValueVisit)(const Value *value, gpointer data);
/* The same from a JSON object. */
void value_visit_json(const json_t *object, const FieldRule *rule, ValueVisit visit, gpointer data);

typedef struct Filter Filter;

/* @ret_message: what is wrong, static text. */
Filter *filter_parse(const char *text, const FieldRule *rules, const char **ret_message);
void filter_free(Filter *filter);

typedef void (*FilterFetch)(gpointer record, const FieldRule *rule, ValueVisit visit,
                            gpointer data);
gboolean filter_matches(const Filter *filter, FilterFetch fetch, gpointer record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Filter, filter_free)
