#pragma once

#include "core/model/TrainSpec.h"
#include "tests/support/TestSupport.h"

#include <cmath>
#include <fstream>

namespace limpid::test {

/// tests/fixtures/training.json: what PyTorch gives (its version stands in the file), made by make_training.py beside it.
inline const nlohmann::json& trainingFixture()
{
    static const nlohmann::json fixture = [] {
        std::ifstream file(project("tests/fixtures/training.json"));
        return nlohmann::json::parse(file);
    }();
    return fixture;
}

/// Declares the column "at" (the index in `cases`) with a row a case, by its name.
inline void addCases(const nlohmann::json& cases)
{
    QTest::addColumn<int>("at");
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::addRow("%s %d", cases[i].at("name").get<std::string>().c_str(), int(i)) << int(i);
}

inline TrainSpec specOf(const nlohmann::json& fixtureCase)
{
    return trainSpecFromJson(fixtureCase.at("settings"));
}

/// "" where |found − expected| ≤ relative · |expected| + absolute everywhere; else where not.
template<class Found>
QByteArray difference(const Found& found, const std::vector<double>& expected, double relative, double absolute)
{
    if (found.size() != expected.size())
        return "other length";
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (!(std::abs(found[i] - expected[i]) <= relative * std::abs(expected[i]) + absolute))
            return QString("[%1] %2 for %3").arg(i).arg(double(found[i]), 0, 'g', 12).arg(expected[i], 0, 'g', 12).toUtf8();
    return {};
}

} // namespace limpid::test

#define LIMPID_SAME(found, expected, relative, absolute)                                                     \
    do {                                                                                                     \
        const QByteArray unlike = limpid::test::difference(found, expected, relative, absolute);             \
        QVERIFY2(unlike.isEmpty(), unlike.constData());                                                      \
    } while (false)
