#include "model/model.h"

#include <string.h>

/* Lock files of package managers: written by tools, read by nobody in a review. */
static const char *const LOCK_FILES[] = {
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lockb",
    "bun.lock",
    "composer.lock",
    "Gemfile.lock",
    "Cargo.lock",
    "poetry.lock",
    "Pipfile.lock",
    "uv.lock",
    "pdm.lock",
    "go.sum",
    "mix.lock",
    "pubspec.lock",
    "Podfile.lock",
    "packages.lock.json",
    "gradle.lockfile",
    "flake.lock",
    ".terraform.lock.hcl",
};

/* What compilers, bundlers and generators write. */
static const char *const GENERATED_ENDINGS[] = {
    ".min.js",       ".min.css",      ".js.map",      ".css.map",      ".bundle.js",
    ".pb.go",        ".pb.cc",        ".pb.h",        "_pb2.py",       "_pb2_grpc.py",
    ".g.dart",       ".freezed.dart", ".designer.cs", ".generated.cs", ".generated.go",
    ".generated.ts", "_generated.go", ".snap",
};

/* Folders that hold other people's code, wherever they stand in a path. */
static const char *const VENDORED_FOLDERS[] = {
    "vendor",     "vendors",  "node_modules", "bower_components", "third_party", "third-party",
    "thirdparty", "external", "Pods",         "Carthage",
};

/* Folders that hold what a build makes. */
static const char *const GENERATED_FOLDERS[] = {"dist", "generated", "__generated__",
                                                "__snapshots__"};

static gboolean listed(const char *name, gsize length, const char *const *list, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (strlen(list[i]) == length && strncmp(list[i], name, length) == 0)
            return TRUE;
    return FALSE;
}

PathClass model_path_class(const char *path)
{
    const char *name = path;
    for (const char *slash; (slash = strchr(name, '/')) != NULL; name = slash + 1) {
        gsize length = (gsize) (slash - name);
        if (listed(name, length, VENDORED_FOLDERS, G_N_ELEMENTS(VENDORED_FOLDERS)))
            return PATH_VENDORED;
        if (listed(name, length, GENERATED_FOLDERS, G_N_ELEMENTS(GENERATED_FOLDERS)))
            return PATH_GENERATED;
    }
    if (listed(name, strlen(name), LOCK_FILES, G_N_ELEMENTS(LOCK_FILES)))
        return PATH_GENERATED;
    for (gsize i = 0; i < G_N_ELEMENTS(GENERATED_ENDINGS); i++)
        if (g_str_has_suffix(name, GENERATED_ENDINGS[i]))
            return PATH_GENERATED;
    return PATH_AUTHORED;
}
