#pragma once

#include "core/base/Error.h"

#include <QString>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <functional>
#include <string>

namespace limpid::test {

/// The folder of real data sets and expected numbers beside a checkout, or "" where it is absent. Tests that need it
/// skip visibly: `LIMPID_NEED_SHARED(path, "data/adult/adult.csv")`.
std::filesystem::path shared(const std::string& relative);

/// A file of the project's own, e.g. "tests/fixtures/iris.csv".
std::filesystem::path project(const std::string& relative);

/// Writes bytes to `name` in `dir` and gives its path.
std::filesystem::path write(const QTemporaryDir& dir, const QString& name, const QByteArray& bytes);

/// The code of the Error that `call` throws; fails the test through QFAIL-like output where none comes.
std::string errorNameOf(const std::function<void()>& call);

} // namespace limpid::test

/// Declares `path` as the shared file, or skips the test.
#define LIMPID_NEED_SHARED(path, relative)                                                        \
    const std::filesystem::path path = limpid::test::shared(relative);                            \
    if (path.empty())                                                                             \
    QSKIP("needs ../shared/" relative)
