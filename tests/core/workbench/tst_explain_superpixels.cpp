#include "core/explain/ExplanationFile.h"
#include "core/explain/SuperpixelRow.h"
#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/KeptExplanation.h"
#include "tests/core/explain/TestPredictor.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace limpid;
using limpid::test::FunctionPredictor;

namespace {

constexpr std::size_t side = 8, pixels = side * side;

/// A model of pictures, given by a function.
class PicturePredictor final : public FunctionPredictor
{
public:
    PicturePredictor(Pipeline pipeline, std::size_t outputs, Function function, ImageShape shape)
        : FunctionPredictor(std::move(pipeline), outputs, std::move(function)), m_shape(shape)
    {
    }
    std::optional<ImageShape> image() const override { return m_shape; }

private:
    ImageShape m_shape;
};

/// Row r of a picture: dark at the top left, where row 2 is as dark as row 0, and three other quadrants of their own lightness; a little uneven.
double pixelOf(std::size_t row, std::size_t pixel)
{
    const std::size_t y = pixel / side, x = pixel % side, quadrant = (y >= side / 2 ? 2 : 0) + (x >= side / 2 ? 1 : 0);
    if (quadrant == 0)
        return 0.0;
    return static_cast<double>(60 * quadrant + 3 * ((x + 2 * y + row) % 4));
}

/// The first channel's pictures are the others', times two and three.
Table pictures(std::size_t channels = 1)
{
    std::vector<Column> columns;
    for (std::size_t k = 0; k < channels * pixels; ++k) {
        std::vector<double> values;
        for (std::size_t row = 0; row < 6; ++row)
            values.push_back(pixelOf(row, k % pixels) * static_cast<double>(1 + k / pixels));
        columns.push_back(Column::numbers("p" + std::to_string(k), values));
    }
    columns.push_back(Column::numbers("target", {1, 2, 3, 4, 5, 6}));
    return Table(std::move(columns));
}

Pipeline pipelineOf(const Table& table)
{
    Split split;
    split.train = {0, 1, 2, 3, 4};
    split.validation = {5};
    PipelineSpec spec;
    spec.target = "target";
    spec.scaling = "none";
    spec.keepConstants = true;
    Issues issues;
    return Pipeline::fit(table, split, spec, issues);
}

double weightOf(std::size_t column) { return column % 5 == 0 ? 0.25 : column % 3 == 0 ? -0.5 : 0.0; }

/// A weighted sum of the pixels.
PicturePredictor summing(const Table& table, std::size_t channels = 1)
{
    return {pipelineOf(table), 1,
            [](const Features& features, std::size_t row) {
                double sum = 0.0;
                for (std::size_t k = 0; k < features.numberWidth; ++k)
                    sum += weightOf(k) * static_cast<double>(features.numbers[row * features.numberWidth + k]);
                return std::vector<float>{static_cast<float>(sum)};
            },
            {channels, side, side}};
}

ExplainRequest requestFor(const std::string& method, std::size_t segments = 4)
{
    ExplainRequest request;
    request.method = method;
    request.superpixels = SuperpixelSpec{segments};
    request.background.kind = BackgroundSpec::Kind::All;
    request.limeFeatures = 0;
    request.rowBegin = 0;
    request.rowEnd = 6;
    return request;
}

Explanation explained(const Predictor& predictor, const Table& table, const ExplainRequest& request)
{
    Task task;
    return explainTable(predictor, table, {}, request, {}, task);
}

} // namespace

class tst_ExplainSuperpixels : public QObject
{
    Q_OBJECT

private slots:
    void everyMethod_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("channels");
        for (const std::string& method : superpixelMethods()) {
            for (const int channels : {1, 3})
                QTest::addRow("%s %d", method.c_str(), channels) << QString::fromStdString(method) << channels;
        }
    }
    // In a sum each quadrant is worth, by every definition, the sum over its pixels of weight · (pixel − what stands in its place): the background's mean,
    // or for LIME the quadrant's own.
    void everyMethod()
    {
        QFETCH(QString, method);
        QFETCH(int, channels);
        const auto planes = static_cast<std::size_t>(channels);
        const Table table = pictures(planes);
        const PicturePredictor predictor = summing(table, planes);
        const Explanation found = explained(predictor, table, requestFor(method.toStdString()));
        QCOMPARE(found.rowCount(), std::size_t(6));
        QCOMPARE(found.features.size(), planes * pixels);
        QCOMPARE(found.segments.size(), 6 * pixels);
        const bool lime = method == "lime";
        QCOMPARE(masksByMeanColour(found), lime);
        QCOMPARE(found.fit.size(), lime ? std::size_t(6) : std::size_t(0));
        QCOMPARE(found.additive, !lime && method != "occlusion");
        if (found.additive)
            QVERIFY2(found.residual < 1e-5, qPrintable(QString::number(found.residual)));
        for (std::size_t row = 0; row < 6; ++row) {
            const SuperpixelEffects effects = superpixelEffects(found, row);
            QCOMPARE(effects.count, std::size_t(4));
            for (std::size_t quadrant = 0; quadrant < 4; ++quadrant) {
                QCOMPARE(effects.pixels[quadrant], pixels / 4);
                double expected = 0.0;
                for (std::size_t k = 0; k < planes * pixels; ++k) {
                    const std::size_t y = k % pixels / side, x = k % side;
                    if ((y >= side / 2 ? 2U : 0U) + (x >= side / 2 ? 1U : 0U) != quadrant)
                        continue;
                    double instead = 0.0;
                    if (lime) {
                        for (std::size_t p = 0; p < pixels / 4; ++p)
                            instead += pixelOf(row, (y / 4 * 4 + p / 4) * side + x / 4 * 4 + p % 4) * static_cast<double>(1 + k / pixels) / (pixels / 4);
                    } else {
                        for (std::size_t other = 0; other < 6; ++other)
                            instead += table.column(k).numbers()[other] / 6.0;
                    }
                    expected += weightOf(k) * (table.column(k).numbers()[row] - instead);
                }
                const double value = effects.value(0, quadrant), tolerance = lime ? 0.03 * std::abs(expected) + 0.02 : 1e-3;
                QVERIFY2(std::abs(value - expected) < tolerance, qPrintable(QString("row %1, quadrant %2: %3 and not %4").arg(row).arg(quadrant).arg(value).arg(expected)));
            }
            // The dark quadrant is as the background's: it does not matter, to the last bit.
            QCOMPARE(effects.value(0, 0), 0.0);
            QCOMPARE(effects.error(0, 0), 0.0);
            QCOMPARE(effects.largestFirst(0).size(), std::size_t(4));
        }
    }

    // What is told before is what is spent, or more where pictures have fewer superpixels.
    void costIsTold_data() { everyMethod_data(); }
    void costIsTold()
    {
        QFETCH(QString, method);
        QFETCH(int, channels);
        const Table table = pictures(static_cast<std::size_t>(channels));
        const PicturePredictor predictor = summing(table, static_cast<std::size_t>(channels));
        ExplainRequest request = requestFor(method.toStdString());
        request.rowEnd = 2;
        Task task;
        const ExplainCost cost = estimateExplainCost(predictor, table, {}, request, task);
        const Explanation found = explained(predictor, table, request);
        QVERIFY(cost.seconds > 0.0);
        QVERIFY2(cost.modelRows >= found.modelRows && cost.modelRows <= 4 * found.modelRows, qPrintable(QString("%1 %2").arg(cost.modelRows).arg(found.modelRows)));
    }

    void keepsAndComesBack()
    {
        const Table table = pictures();
        const PicturePredictor predictor = summing(table);
        const ExplainRequest request = requestFor("leverage", 9);
        const Explanation found = explained(predictor, table, request);
        const Explanation read = explanationFromBytes(explanationBytes(found));
        QCOMPARE(read.segments, found.segments);
        // The question comes back, and asked again gives the same bytes.
        const ExplainRequest again = explainRequestFromJson(toJson(request));
        QVERIFY(again.superpixels && *again.superpixels == *request.superpixels);
        QCOMPARE(explanationBytes(explained(predictor, table, again)), explanationBytes(found));
        QVERIFY(!explainRequestFromJson(toJson(ExplainRequest())).superpixels);
        const nlohmann::json document = found.toJson();
        QCOMPARE(document["players"].get<std::string>(), std::string("superpixels"));
        QCOMPARE(document["masked"].get<std::string>(), std::string("background"));
        QCOMPARE(document["rows"][0]["segments"].size(), pixels);
        const std::vector<double> values = document["rows"][0]["superpixels"]["values"][0].get<std::vector<double>>();
        double sum = document["base"][0].get<double>();
        for (const double value : values)
            sum += value;
        QVERIFY(std::abs(sum - document["rows"][0]["output"][0].get<double>()) < 1e-3);
    }

    // The background in a superpixel's place: of a sum then what the Shapley values are, less what the ridge takes.
    void limeAgainstTheBackground()
    {
        const Table table = pictures();
        const PicturePredictor predictor = summing(table);
        ExplainRequest request = requestFor("lime");
        request.limeMeanColour = false;
        const Explanation found = explained(predictor, table, request), exact = explained(predictor, table, requestFor("exact"));
        QVERIFY(!masksByMeanColour(found));
        for (std::size_t row = 0; row < 6; ++row) {
            for (std::size_t k = 0; k < 4; ++k) {
                const double value = superpixelEffects(found, row).value(0, k), expected = superpixelEffects(exact, row).value(0, k);
                QVERIFY2(std::abs(value - expected) < 0.03 * std::abs(expected) + 0.02, qPrintable(QString("%1 and not %2").arg(value).arg(expected)));
            }
        }
        QVERIFY(!explainRequestFromJson(toJson(request)).limeMeanColour);
        request.method = "kernel";
        QCOMPARE(test::errorNameOf([&] { explained(predictor, table, request); }), std::string("OptionUnused"));
    }

    // A row's answer does not hang on which others are asked.
    void rowsAreTheirOwn()
    {
        const Table table = pictures();
        const PicturePredictor predictor = summing(table);
        for (const char* method : {"lime", "permutation"}) {
            ExplainRequest request = requestFor(method);
            const Explanation all = explained(predictor, table, request);
            request.rowBegin = 4;
            request.rowEnd = 5;
            const Explanation one = explained(predictor, table, request);
            QCOMPARE(one.values, std::vector<double>(all.values.begin() + 4 * pixels, all.values.begin() + 5 * pixels));
        }
    }

    void gapsAreAllowed()
    {
        const Table whole = pictures();
        const PicturePredictor predictor = summing(whole);
        std::vector<Column> columns;
        for (std::size_t k = 0; k < whole.columnCount(); ++k) {
            std::vector<double> values(whole.column(k).numbers().begin(), whole.column(k).numbers().end());
            if (k % 7 == 0)
                values[1] = std::numeric_limits<double>::quiet_NaN();
            if (k < pixels)
                values[2] = std::numeric_limits<double>::quiet_NaN();
            columns.push_back(Column::numbers(whole.column(k).name(), values));
        }
        const Table table(std::move(columns));
        for (const char* method : {"lime", "exact"}) {
            const Explanation found = explained(predictor, table, requestFor(method));
            QCOMPARE(found.rowCount(), std::size_t(6));
            QVERIFY(std::all_of(found.values.begin(), found.values.end(), [](double value) { return std::isfinite(value); }));
        }
    }

    void stopsInTheMiddle()
    {
        const Table table = pictures();
        const PicturePredictor predictor = summing(table);
        ExplainRequest request = requestFor("lime");
        Task finishing;
        std::size_t calls = 0;
        const Explanation part = explainTable(predictor, table, {}, request, [&](const Explanation&) {
            ++calls;
            finishing.finish();
        }, finishing);
        QCOMPARE(calls, std::size_t(1));
        QVERIFY(part.rowCount() > 0 && part.rowCount() < 6);
        QCOMPARE(part.segments.size(), part.rowCount() * pixels);
        Task cancelled;
        Task* self = &cancelled;
        QVERIFY_EXCEPTION_THROWN(explainTable(predictor, table, {}, request, [&](const Explanation&) { self->cancel(); }, cancelled), Cancelled);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("segments");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("error");
        QTest::newRow("gradients") << "deeplift" << 4 << "" << "OptionUnused";
        QTest::newRow("linear") << "linear" << 4 << "" << "OptionUnused";
        QTest::newRow("too many for exact") << "exact" << 17 << "" << "OptionInvalid";
        QTest::newRow("more than pixels") << "leverage" << 65 << "" << "OptionInvalid";
        QTest::newRow("groups") << "leverage" << 4 << "groups" << "OptionUnused";
        QTest::newRow("top") << "kernel" << 4 << "top" << "OptionUnused";
        QTest::newRow("lime's features") << "kernel" << 4 << "features" << "OptionUnused";
        QTest::newRow("few samples") << "lime" << 4 << "budget" << "OptionInvalid";
        QTest::newRow("no picture") << "leverage" << 4 << "table" << "OptionInvalid";
    }
    void refuses()
    {
        QFETCH(QString, method);
        QFETCH(int, segments);
        QFETCH(QString, what);
        QFETCH(QString, error);
        const Table table = pictures();
        ExplainRequest request = requestFor(method.toStdString(), static_cast<std::size_t>(segments));
        if (what == "groups")
            request.groups = {{"a", {"p0", "p1"}}};
        if (what == "top")
            request.resolveTop = 2;
        if (what == "features")
            request.limeFeatures = 3;
        if (what == "budget")
            request.budget = 10;
        const FunctionPredictor plain(pipelineOf(table), 1, [](const Features&, std::size_t) { return std::vector<float>{0.0f}; });
        const PicturePredictor picture = summing(table);
        const Predictor& predictor = what == "table" ? static_cast<const Predictor&>(plain) : picture;
        QCOMPARE(hasSuperpixels(predictor), what != "table");
        QCOMPARE(QString::fromStdString(test::errorNameOf([&] { explained(predictor, table, request); })), error);
        Task task;
        QCOMPARE(QString::fromStdString(test::errorNameOf([&] { estimateExplainCost(predictor, table, {}, request, task); })), error);
    }
};

QTEST_APPLESS_MAIN(tst_ExplainSuperpixels)
#include "tst_explain_superpixels.moc"
