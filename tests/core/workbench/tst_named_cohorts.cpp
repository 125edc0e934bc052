// Cohorts under the user's names: how they are kept, which rows they are, and explaining just those.
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/KeptExplanation.h"
#include "core/workbench/NamedCohorts.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

using namespace limpid;
using namespace limpid::test;

using Rows = std::vector<std::size_t>;

namespace {

/// Forty rows: size 0 … 39, every fourth red; y = 2 · size.
QByteArray fortyRows()
{
    QByteArray text = "size,colour,y\n";
    for (int i = 0; i < 40; ++i)
        text += QByteArray::number(i) + (i % 4 ? ",blue," : ",red,") + QByteArray::number(2 * i) + '\n';
    return text;
}

} // namespace

class TestNamedCohorts : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    DataSet m_data;
    std::unique_ptr<Predictor> m_predictor;

private slots:
    void initTestCase()
    {
        Workspace workspace(m_dir.path().toStdString() + "/workspace");
        Task task;
        m_data = openData(write(m_dir, "forty.csv", fortyRows()), {}, task);
        TrainRequest request;
        request.pipeline.target = "y";
        request.train.epochs = 2;
        m_predictor = makePredictor(workspace.loadBundle(trainModel(workspace, m_data, request, {}, {}, task).version));
    }

    void rowsAsRanges_data()
    {
        QTest::addColumn<Rows>("rows");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("none") << Rows{} << QByteArray("");
        QTest::newRow("one") << Rows{7} << QByteArray("7");
        QTest::newRow("runs") << Rows{0, 1, 2, 3, 4, 7, 9, 10, 11} << QByteArray("0-4 7 9-11");
        QTest::newRow("apart") << Rows{1, 3, 5} << QByteArray("1 3 5");
    }

    void rowsAsRanges()
    {
        QFETCH(Rows, rows);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(rowRangesText(rows)), text);
        QCOMPARE(rowsFromRanges(text.toStdString()), rows);
    }

    void otherTextsAreNoRows_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"a", "1,2", "3 2", "5-2", "1-", "1 1", "-4", "1 ", " 1", "1-3 2", "0-999999999999", "99999999999999999999999"})
            QTest::newRow(text) << QByteArray(text);
    }

    void otherTextsAreNoRows()
    {
        QFETCH(QByteArray, text);
        QVERIFY(rowsFromRanges(text.toStdString()).empty());
    }

    void areReadAsTheyWereKept()
    {
        const std::vector<NamedCohort> cohorts{{"red ones", "colour = red"}, {"läßt, “zwei”", "", {3, 4, 9}, "abc"}};
        QCOMPARE(cohortsFromJson(nlohmann::json::parse(cohortsJson(cohorts).dump())), cohorts);
        // What a hand or another version has left there is no reason to lose the rest.
        nlohmann::json document = cohortsJson(cohorts);
        document.push_back({{"name", "nothing"}});
        document.push_back({{"name", "no rows"}, {"rows", "x"}, {"sha256", ""}});
        document.push_back({{"name", 3}, {"where", "colour = red"}});
        document.push_back("words");
        QCOMPARE(cohortsFromJson(document), cohorts);
        QVERIFY(cohortsFromJson({{"name", "x"}}).empty());
    }

    void rowsOfConditionsAndOfTheFile()
    {
        NamedCohort red{"red", "colour = red, size > 10"};
        QVERIFY(findRows(red, m_data));
        QCOMPARE(red.rows, (Rows{12, 16, 20, 24, 28, 32, 36})); // multiples of four above ten
        NamedCohort chosen{"chosen", "", {1, 2, 39}, m_data.sha256}, older = chosen, beyond = chosen;
        QVERIFY(findRows(chosen, m_data));
        older.sha256 = "of another day";
        QVERIFY(!findRows(older, m_data));
        QCOMPARE(older.rows, chosen.rows); // they are of use once the file is as it was
        beyond.rows.push_back(40);
        QVERIFY(!findRows(beyond, m_data));
        NamedCohort unknown{"unknown", "weight > 1"};
        QCOMPARE(errorNameOf([&] { findRows(unknown, m_data); }), std::string("ColumnUnknown"));
    }

    void chosenRowsAreExplainedAsInARange()
    {
        // Exact values of a row do not depend on which other rows are explained.
        ExplainRequest request;
        request.method = "exact";
        request.rowEnd = 40;
        Task task;
        const Explanation all = explainTable(*m_predictor, m_data.table(), {}, request, {}, task);
        request.rows = {2, 17, 18, 31, 33, 39};
        const Explanation some = explainTable(*m_predictor, m_data.table(), {}, request, {}, task);
        QCOMPARE(some.rows, request.rows);
        QCOMPARE(some.features, (std::vector<std::string>{"size", "colour"}));
        for (std::size_t i = 0; i < some.rows.size(); ++i) {
            QCOMPARE(some.cellNumber[2 * i], double(request.rows[i]));
            for (std::size_t feature = 0; feature < 2; ++feature)
                QVERIFY(std::abs(some.value(i, 0, feature) - all.value(request.rows[i], 0, feature)) < 1e-4); // the network computes in single precision
        }
        QCOMPARE(explainedAmong(some, {17, 20, 31, 39}), (Rows{1, 3, 5}));
        QVERIFY(estimateExplainCost(*m_predictor, m_data.table(), {}, request, task).seconds >= 0.0);
        QCOMPARE(explainRequestFromJson(toJson(request)).rows, request.rows);
        for (const Rows& wrong : {Rows{3, 2}, Rows{2, 2}, Rows{40}}) {
            request.rows = wrong;
            QCOMPARE(errorNameOf([&] { explainTable(*m_predictor, m_data.table(), {}, request, {}, task); }), std::string("OptionInvalid"));
        }
    }

    void aNamedBackgroundIsToldByItsName()
    {
        ExplainRequest request;
        request.method = "exact";
        request.rowEnd = 3;
        request.background.kind = BackgroundSpec::Kind::Rows;
        request.background.rows = {4, 8, 12};
        request.background.where = "red ones";
        Task task;
        const Explanation explanation = explainTable(*m_predictor, m_data.table(), {}, request, {}, task);
        QCOMPARE(explanation.backgroundInfo.kind, std::string("rows"));
        QCOMPARE(explanation.backgroundInfo.where, std::string("red ones"));
        QCOMPARE(explanation.toJson()["background"]["where"].get<std::string>(), std::string("red ones"));
    }
};

QTEST_GUILESS_MAIN(TestNamedCohorts)
#include "tst_named_cohorts.moc"
