// How far explanations of words can be trusted, of a model whose answers are known.
#include "core/workbench/TextQuality.h"
#include "tests/core/explain/TestPredictor.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <cmath>

using namespace limpid;
using namespace limpid::test;

namespace {

const Table reviews({textColumn("review", {"good film", "bad film", "", "a good, good film", "bad", "it"}), Column::numbers("target", {1, 2.5, 3, 4, 5, 6})});

/// Counts "good".
FunctionPredictor counting()
{
    Pipeline pipeline = fitted(reviews, "target");
    const std::int32_t good = pipeline.vocabulary().index("good");
    return {std::move(pipeline), 1, [good](const Features& features, std::size_t row) {
                float goods = 0.0f;
                for (std::size_t k = 0; k < features.categoryWidth; ++k)
                    goods += features.categories[row * features.categoryWidth + k] == good ? 1.0f : 0.0f;
                return std::vector<float>{goods};
            }};
}

TextRequest exactly()
{
    TextRequest request;
    request.method = "exact";
    request.rowEnd = 6;
    return request;
}

QualityRequest measuring(std::vector<std::string> measures)
{
    QualityRequest quality;
    quality.measures = std::move(measures);
    quality.repeats = 200;
    return quality;
}

} // namespace

class TestTextQuality : public QObject
{
    Q_OBJECT

private slots:
    // Areas by hand: of "good film" the curve of insertion is 0 1 1, of deletion 1 0 0; of "a good, good film" 0 1 2 2 2 and 2 1 0 0 0; of the three
    // others with words 0. So insertion has (0.75 + 1.5) / 5, deletion (0.25 + 0.5) / 5, and random orders half the prediction: (0.5 + 1) / 5.
    void areasAreThoseByHand()
    {
        const FunctionPredictor predictor = counting();
        Task task;
        std::size_t parts = 0;
        const QualityOutcome found = qualityOfTexts(predictor, reviews, exactly(), measuring({"insertion", "deletion", "infidelity"}), [&](const QualityOutcome&) { ++parts; }, task);
        QVERIFY(found.complete && found.words && found.reveal && found.infidelity);
        QCOMPARE(parts, std::size_t(6));
        QVERIFY(found.rows == (std::vector<std::size_t>{0, 1, 3, 4, 5})); // not the one without words
        QVERIFY(std::abs(found.reveal->insertionArea.mean - 0.45) < 1e-6);
        QVERIFY(std::abs(found.reveal->deletionArea.mean - 0.15) < 1e-6);
        QVERIFY(std::abs(found.reveal->randomArea.mean - 0.30) < 0.02);
        // Texts of two and of four words meet at the same shares: at a quarter 0.5 and 1, at a half 1 and 2.
        QCOMPARE(found.reveal->shares.size(), std::size_t(21));
        QVERIFY(std::abs(found.reveal->insertion[5] - 1.5 / 5.0) < 1e-6);
        QVERIFY(std::abs(found.reveal->insertion[10] - 3.0 / 5.0) < 1e-6);
        QVERIFY(std::abs(found.reveal->deletion[5] - 1.5 / 5.0) < 1e-6);
        QVERIFY(std::abs(found.reveal->insertion[20] - 3.0 / 5.0) < 1e-6 && std::abs(found.reveal->deletion[20]) < 1e-6);
        // A sum of words is explained whole.
        QVERIFY(found.infidelity->infidelity.mean < 1e-8);
        QCOMPARE(found.infidelity->sets, std::size_t(2000));
        QVERIFY(found.toJson()["players"] == "words");
    }

    void onlyWhatIsAsked()
    {
        const FunctionPredictor predictor = counting();
        Task task;
        const QualityOutcome found = qualityOfTexts(predictor, reviews, exactly(), measuring({"infidelity"}), {}, task);
        QVERIFY(!found.reveal && found.infidelity);
        QualityRequest few = measuring({"deletion"});
        few.rows = 2;
        QVERIFY(qualityOfTexts(predictor, reviews, exactly(), few, {}, task).rows.size() <= 2);
        Task stopped;
        stopped.finish();
        const QualityOutcome part = qualityOfTexts(predictor, reviews, exactly(), measuring({"deletion"}), {}, stopped);
        QVERIFY(!part.complete && part.rows.size() == 1);
        Task cancelled;
        cancelled.cancel();
        QVERIFY_EXCEPTION_THROWN(qualityOfTexts(predictor, reviews, exactly(), measuring({"deletion"}), {}, cancelled), Cancelled);
    }

    // By hand: 11 players in all; an exact explanation of n words spends 2^n predictions.
    void costCountsPredictions()
    {
        const FunctionPredictor predictor = counting();
        Task task;
        QualityRequest quality = measuring({"infidelity"});
        quality.repeats = 3;
        const ExplainCost some = estimateTextQualityCost(predictor, reviews, exactly(), quality, task);
        quality.repeats = 5;
        const ExplainCost more = estimateTextQualityCost(predictor, reviews, exactly(), quality, task);
        QCOMPARE(more.modelRows - some.modelRows, std::uint64_t(2 * 10 * 6));
        quality.measures = {"insertion", "deletion"}; // the same curves
        const ExplainCost curves = estimateTextQualityCost(predictor, reviews, exactly(), quality, task);
        QCOMPARE(curves.modelRows - (more.modelRows - 50 * 6), std::uint64_t(7 * (3 + 3 + 1 + 5 + 2 + 2)));
        QVERIFY(curves.seconds > 0.0);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("measure");
        QTest::addColumn<int>("repeats");
        QTest::addColumn<QString>("name");
        QTest::newRow("not of words") << "sensitivity" << 5 << "check";
        QTest::newRow("unknown") << "beauty" << 5 << "check";
        QTest::newRow("once") << "infidelity" << 1 << "repeats";
    }
    void refuses()
    {
        QFETCH(QString, measure);
        QFETCH(int, repeats);
        QFETCH(QString, name);
        QualityRequest quality = measuring({measure.toStdString()});
        quality.repeats = static_cast<std::size_t>(repeats);
        const FunctionPredictor predictor = counting();
        Task task;
        try {
            qualityOfTexts(predictor, reviews, exactly(), quality, {}, task);
            QFAIL("nothing was refused");
        } catch (const Error& error) {
            QVERIFY(error.code() == ErrorCode::OptionInvalid);
            QCOMPARE(QString::fromStdString(fact(error.facts(), "name")), name);
        }
    }
};

QTEST_GUILESS_MAIN(TestTextQuality)
#include "tst_text_quality.moc"
