#include "filter.h"

#include "times.h"

#include <string.h>

typedef enum { OP_EQUAL, OP_LIKE, OP_GREATER, OP_GREATER_EQUAL, OP_LESS, OP_LESS_EQUAL, OP_IN } Op;

typedef enum { NODE_AND, NODE_OR, NODE_TEST } NodeKind;

struct Filter {
    NodeKind kind;
    Filter *left, *right;
    const FieldRule *rule;
    Op op;
    gboolean negated; /* != !~ NOT IN */
    GArray *values;   /* Value, whose texts are owned here */
};

#define MAX_NESTING 32
#define MAX_VALUES  200

const FieldRule *field_rule_find(const FieldRule *rules, const char *name)
{
    for (; rules != NULL && rules->name != NULL; rules++)
        if (g_str_equal(rules->name, name))
            return rules;
    return NULL;
}

gint value_compare(const Value *a, const Value *b)
{
    if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
        return (a->kind != VALUE_NULL) - (b->kind != VALUE_NULL);
    if (a->kind == VALUE_STRING && b->kind == VALUE_STRING)
        return strcmp(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

static Value value_of_json(const json_t *found, FieldType type)
{
    gint64 at;
    switch (found == NULL ? JSON_NULL : json_typeof(found)) {
    case JSON_STRING:
        if (type == FIELD_TIME && times_parse(json_string_value(found), &at))
            return value_number(at);
        return value_text(json_string_value(found));
    case JSON_INTEGER:
        return value_number(json_integer_value(found));
    case JSON_TRUE:
    case JSON_FALSE:
        return (Value){.kind = VALUE_BOOL, .number = json_is_true(found)};
    default:
        return (Value){.kind = VALUE_NULL};
    }
}

static void visit_path(const json_t *found, const char *path, const FieldRule *rule,
                       ValueVisit visit, gpointer data)
{
    size_t index;
    json_t *element;
    if (json_is_array(found)) {
        json_array_foreach(found, index, element) visit_path(element, path, rule, visit, data);
        return;
    }
    if (path[0] == '\0') {
        Value value = value_of_json(found, rule->type);
        visit(&value, data);
        return;
    }
    const char *dot = strchr(path, '.');
    gsize length = dot != NULL ? (gsize) (dot - path) : strlen(path);
    g_autofree char *name = g_strndup(path, length);
    visit_path(json_object_get(found, name), dot != NULL ? dot + 1 : "", rule, visit, data);
}

void value_visit_json(const json_t *object, const FieldRule *rule, ValueVisit visit, gpointer data)
{
    visit_path(object, rule->name, rule, visit, data);
}

void filter_free(Filter *filter)
{
    if (filter == NULL)
        return;
    filter_free(filter->left);
    filter_free(filter->right);
    if (filter->values != NULL) {
        for (guint i = 0; i < filter->values->len; i++)
            g_free((char *) g_array_index(filter->values, Value, i).text);
        g_array_unref(filter->values);
    }
    g_free(filter);
}

/* ---- reading ---- */

typedef struct {
    const char *at;
    const FieldRule *rules;
    const char *message;
    guint nesting;
} Parser;

static Filter *parse_or(Parser *parser);

static void skip_space(Parser *parser)
{
    while (g_ascii_isspace(*parser->at))
        parser->at++;
}

static gboolean take_word(Parser *parser, const char *word)
{
    gsize length = strlen(word);
    skip_space(parser);
    if (g_ascii_strncasecmp(parser->at, word, length) != 0)
        return FALSE;
    char after = parser->at[length];
    if (g_ascii_isalnum(word[length - 1]) && (g_ascii_isalnum(after) || after == '_'))
        return FALSE;
    parser->at += length;
    return TRUE;
}

static gpointer refuse(Parser *parser, const char *message)
{
    if (parser->message == NULL)
        parser->message = message;
    return NULL;
}

static char *take_name(Parser *parser)
{
    skip_space(parser);
    const char *begin = parser->at;
    while (g_ascii_isalnum(*parser->at) || *parser->at == '_' || *parser->at == '.')
        parser->at++;
    return parser->at == begin ? NULL : g_strndup(begin, (gsize) (parser->at - begin));
}

/* The raw text of a value; @ret_quoted tells "true" from true. */
static char *take_literal(Parser *parser, gboolean *ret_quoted)
{
    skip_space(parser);
    *ret_quoted = *parser->at == '"';
    if (!*ret_quoted) {
        const char *begin = parser->at;
        while (*parser->at != '\0' && strchr("),", *parser->at) == NULL &&
               !g_ascii_isspace(*parser->at))
            parser->at++;
        /* An offset's plus sign, not encoded, arrives as a space: let "00:00 00:00" through. */
        if (*parser->at == ' ' && g_ascii_isdigit(parser->at[1]) &&
            g_ascii_isdigit(parser->at[2]) && parser->at[3] == ':')
            parser->at += 6;
        return parser->at == begin ? NULL : g_strndup(begin, (gsize) (parser->at - begin));
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (parser->at++; *parser->at != '"'; parser->at++) {
        if (*parser->at == '\\' && parser->at[1] != '\0')
            parser->at++;
        if (*parser->at == '\0')
            return NULL;
        g_string_append_c(text, *parser->at);
    }
    parser->at++;
    return g_strdup(text->str);
}

static gboolean value_of_literal(const char *text, gboolean quoted, FieldType type,
                                 Value *ret_value)
{
    if (!quoted && g_ascii_strcasecmp(text, "null") == 0) {
        *ret_value = (Value){.kind = VALUE_NULL};
        return TRUE;
    }
    gint64 number;
    switch (type) {
    case FIELD_STRING:
        if (!quoted)
            return FALSE;
        *ret_value = value_text(g_strdup(text));
        return TRUE;
    case FIELD_NUMBER:
        if (quoted || !g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL))
            return FALSE;
        *ret_value = value_number(number);
        return TRUE;
    case FIELD_BOOL:
        if (quoted || (!g_str_equal(text, "true") && !g_str_equal(text, "false")))
            return FALSE;
        *ret_value = (Value){.kind = VALUE_BOOL, .number = g_str_equal(text, "true")};
        return TRUE;
    case FIELD_TIME:
        if (!times_parse(text, &number))
            return FALSE;
        *ret_value = value_number(number);
        return TRUE;
    }
    return FALSE;
}

static gboolean take_value(Parser *parser, Filter *test)
{
    gboolean quoted;
    g_autofree char *text = take_literal(parser, &quoted);
    Value value;
    if (text == NULL || test->values->len >= MAX_VALUES ||
        !value_of_literal(text, quoted, test->rule->type, &value))
        return FALSE;
    g_array_append_val(test->values, value);
    return TRUE;
}

static gboolean take_op(Parser *parser, Filter *test)
{
    static const struct {
        const char *text;
        Op op;
        gboolean negated;
    } ops[] = {
        {"!=", OP_EQUAL, TRUE},       {"!~", OP_LIKE, TRUE},  {">=", OP_GREATER_EQUAL, FALSE},
        {"<=", OP_LESS_EQUAL, FALSE}, {"=", OP_EQUAL, FALSE}, {"~", OP_LIKE, FALSE},
        {">", OP_GREATER, FALSE},     {"<", OP_LESS, FALSE},  {"IN", OP_IN, FALSE}};
    gboolean inverted = take_word(parser, "NOT");
    for (guint i = inverted ? G_N_ELEMENTS(ops) - 1 : 0; i < G_N_ELEMENTS(ops); i++) {
        if (take_word(parser, ops[i].text)) {
            test->op = ops[i].op;
            test->negated = inverted || ops[i].negated;
            return TRUE;
        }
    }
    return FALSE;
}

static Filter *parse_test(Parser *parser)
{
    g_autofree char *name = take_name(parser);
    if (name == NULL)
        return refuse(parser, "Invalid filter: a field is expected");
    const FieldRule *rule = field_rule_find(parser->rules, name);
    if (rule == NULL)
        return refuse(parser, "Invalid field in filter");
    g_autoptr(Filter) test = g_new0(Filter, 1);
    test->kind = NODE_TEST;
    test->rule = rule;
    test->values = g_array_new(FALSE, FALSE, sizeof(Value));
    if (!take_op(parser, test))
        return refuse(parser, "Invalid filter: an operator is expected");
    if (test->op == OP_LIKE && rule->type != FIELD_STRING)
        return refuse(parser, "Invalid filter: ~ needs a text");
    if (test->op != OP_IN) {
        if (!take_value(parser, test))
            return refuse(parser, "Invalid value in filter");
        return g_steal_pointer(&test);
    }
    if (!take_word(parser, "("))
        return refuse(parser, "Invalid filter: a list is expected");
    do {
        if (!take_value(parser, test))
            return refuse(parser, "Invalid value in filter");
    } while (take_word(parser, ","));
    if (!take_word(parser, ")"))
        return refuse(parser, "Invalid filter: ) is expected");
    return g_steal_pointer(&test);
}

static Filter *parse_term(Parser *parser)
{
    if (!take_word(parser, "("))
        return parse_test(parser);
    if (++parser->nesting > MAX_NESTING)
        return refuse(parser, "Invalid filter: too deep");
    g_autoptr(Filter) inner = parse_or(parser);
    parser->nesting--;
    if (inner == NULL)
        return NULL;
    if (!take_word(parser, ")"))
        return refuse(parser, "Invalid filter: ) is expected");
    return g_steal_pointer(&inner);
}

static Filter *join(NodeKind kind, Filter *left, Filter *right)
{
    Filter *node = g_new0(Filter, 1);
    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

static Filter *parse_and(Parser *parser)
{
    g_autoptr(Filter) left = parse_term(parser);
    while (left != NULL && take_word(parser, "AND")) {
        Filter *right = parse_term(parser);
        if (right == NULL)
            return NULL;
        left = join(NODE_AND, g_steal_pointer(&left), right);
    }
    return g_steal_pointer(&left);
}

static Filter *parse_or(Parser *parser)
{
    g_autoptr(Filter) left = parse_and(parser);
    while (left != NULL && take_word(parser, "OR")) {
        Filter *right = parse_and(parser);
        if (right == NULL)
            return NULL;
        left = join(NODE_OR, g_steal_pointer(&left), right);
    }
    return g_steal_pointer(&left);
}

Filter *filter_parse(const char *text, const FieldRule *rules, const char **ret_message)
{
    Parser parser = {.at = text, .rules = rules};
    g_autoptr(Filter) filter = parse_or(&parser);
    skip_space(&parser);
    if (filter != NULL && *parser.at != '\0')
        refuse(&parser, "Invalid filter: more text than expected");
    if (parser.message != NULL) {
        *ret_message = parser.message;
        return NULL;
    }
    return g_steal_pointer(&filter);
}

/* ---- asking ---- */

typedef struct {
    const Filter *test;
    gboolean matched; /* some value does */
} Test;

static gboolean contains(const char *text, const char *part)
{
    g_autofree char *low_text = g_utf8_strdown(text, -1);
    g_autofree char *low_part = g_utf8_strdown(part, -1);
    return strstr(low_text, low_part) != NULL;
}

static gboolean holds(Op op, const Value *found, const Value *wanted)
{
    if (op == OP_LIKE)
        return found->kind == VALUE_STRING && wanted->kind == VALUE_STRING &&
               contains(found->text, wanted->text);
    if (op != OP_EQUAL && op != OP_IN && (found->kind == VALUE_NULL || wanted->kind == VALUE_NULL))
        return FALSE;
    gint order = value_compare(found, wanted);
    switch (op) {
    case OP_GREATER:
        return order > 0;
    case OP_GREATER_EQUAL:
        return order >= 0;
    case OP_LESS:
        return order < 0;
    case OP_LESS_EQUAL:
        return order <= 0;
    default:
        return order == 0;
    }
}

static void test_value(const Value *value, gpointer data)
{
    Test *test = data;
    for (guint i = 0; i < test->test->values->len && !test->matched; i++)
        test->matched = holds(test->test->op, value, &g_array_index(test->test->values, Value, i));
}

gboolean filter_matches(const Filter *filter, FilterFetch fetch, gpointer record)
{
    if (filter->kind == NODE_AND)
        return filter_matches(filter->left, fetch, record) &&
               filter_matches(filter->right, fetch, record);
    if (filter->kind == NODE_OR)
        return filter_matches(filter->left, fetch, record) ||
               filter_matches(filter->right, fetch, record);
    Test test = {.test = filter};
    fetch(record, filter->rule, test_value, &test);
    return test.matched != filter->negated;
}
