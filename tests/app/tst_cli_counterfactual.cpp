// limpid explain --method counterfactual
#include "tests/app/CliSupport.h"

#include <QFileInfo>
#include <QTest>

#include <cmath>

using namespace limpid::test;
using nlohmann::json;

class TestCliCounterfactual : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;

    CliResult explain(const QString& model, const QStringList& more) const
    {
        return m_box.run(QStringList{QStringLiteral("explain"), model, penguins(), QStringLiteral("--method"), QStringLiteral("counterfactual")} + more);
    }
    json document(const QString& model, const QStringList& more) const { return explain(model, more + QStringList{QStringLiteral("--json")}).json(); }

    /// The alternatives as a file, as `limpid predict` reads it.
    static QByteArray csv(const json& found)
    {
        QByteArray text;
        for (const json& feature : found["features"])
            text += QByteArray::fromStdString(feature.get<std::string>()) + (feature == found["features"].back() ? '\n' : ',');
        for (const json& alternative : found["alternatives"]) {
            for (const json& feature : found["features"]) {
                const json& cell = alternative["cells"][feature.get<std::string>()];
                text += cell.is_null() ? QByteArray("NA") : cell.is_string() ? QByteArray::fromStdString(cell.get<std::string>()) : QByteArray::fromStdString(cell.dump());
                text += feature == found["features"].back() ? '\n' : ',';
            }
        }
        return text;
    }

private slots:
    void initTestCase()
    {
        for (const auto& [name, target] : {std::pair{"birds", "species"}, {"mass", "body_mass_g"}}) {
            const CliResult trained = m_box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QString::fromLatin1(target), QStringLiteral("--epochs"),
                                                 QStringLiteral("30"), QStringLiteral("--name"), QString::fromLatin1(name), QStringLiteral("--quiet")});
            QVERIFY2(trained.code == 0, trained.err.constData());
        }
    }

    void reachesTheClass()
    {
        const json found = document(QStringLiteral("birds"), {QStringLiteral("--rows"), QStringLiteral("17"), QStringLiteral("--target"), QStringLiteral("Gentoo"),
                                                              QStringLiteral("--lock"), QStringLiteral("bill_depth_mm,sex"), QStringLiteral("--probability"), QStringLiteral("0.7")});
        QCOMPARE(found["method"].get<std::string>(), std::string("counterfactual"));
        QCOMPARE(found["reason"].get<std::string>(), std::string("found"));
        QCOMPARE(found["row"]["row"].get<int>(), 17);
        QCOMPARE(found["row"]["prediction"].get<std::string>(), std::string("Adelie"));
        QCOMPARE(found["row"]["cells"]["bill_length_mm"].get<double>(), 42.5); // line 19 of the file
        QVERIFY(!found["alternatives"].empty() && found["alternatives"].size() <= 4);
        for (const json& alternative : found["alternatives"]) {
            QCOMPARE(alternative["prediction"].get<std::string>(), std::string("Gentoo"));
            QVERIFY(alternative["output"][2].get<double>() >= 0.7);
            QVERIFY(alternative["cells"]["bill_depth_mm"] == found["row"]["cells"]["bill_depth_mm"]);
            QVERIFY(alternative["cells"]["sex"] == found["row"]["cells"]["sex"]);
            for (const json& feature : found["features"]) {
                const std::string name = feature.get<std::string>();
                const bool changed = alternative["cells"][name] != found["row"]["cells"][name];
                QCOMPARE(std::count(alternative["changed"].begin(), alternative["changed"].end(), feature), std::ptrdiff_t(changed));
            }
        }
        // `limpid predict` says the same of exactly these rows.
        const QString file = m_box.write(QStringLiteral("alternatives.csv"), csv(found));
        const CliResult predicted = m_box.run({QStringLiteral("predict"), QStringLiteral("birds"), file, QStringLiteral("--out"), m_box.path(QStringLiteral("told.csv"))});
        QVERIFY2(predicted.code == 0, predicted.err.constData());
        QFile told(m_box.path(QStringLiteral("told.csv")));
        QVERIFY(told.open(QIODevice::ReadOnly));
        QList<QByteArray> lines = told.readAll().trimmed().split('\n');
        const auto at = lines.takeFirst().trimmed().split(',').indexOf("P(Gentoo)");
        QVERIFY(at >= 0);
        QCOMPARE(std::size_t(lines.size()), found["alternatives"].size());
        for (qsizetype i = 0; i < lines.size(); ++i) {
            QVERIFY(lines[i].contains("Gentoo"));
            QVERIFY(std::abs(lines[i].trimmed().split(',')[at].toDouble() - found["alternatives"][std::size_t(i)]["output"][2].get<double>()) < 1e-6);
        }
    }

    void reachesTheNumber()
    {
        const QStringList wanted{QStringLiteral("--rows"), QStringLiteral("0"), QStringLiteral("--at-least"), QStringLiteral("4500"), QStringLiteral("--at-most"),
                                 QStringLiteral("4800"), QStringLiteral("--within"), QStringLiteral("flipper_length_mm=190:205"), QStringLiteral("--alternatives"), QStringLiteral("2")};
        const json found = document(QStringLiteral("mass"), wanted);
        QCOMPARE(found["reason"].get<std::string>(), std::string("found"));
        QVERIFY(found["alternatives"].size() <= 2);
        for (const json& alternative : found["alternatives"]) {
            const double mass = alternative["prediction"].get<double>();
            QVERIFY(mass >= 4500.0 && mass <= 4800.0);
            const double flipper = alternative["cells"]["flipper_length_mm"].get<double>();
            QVERIFY(flipper == 181.0 || (flipper >= 190.0 && flipper <= 205.0));
            QCOMPARE(flipper, std::round(flipper)); // as in the file
        }
        QVERIFY(document(QStringLiteral("mass"), wanted)["alternatives"] == found["alternatives"]);
    }

    void oneOfSeveralTargets()
    {
        const CliResult trained = m_box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("bill_length_mm"), QStringLiteral("--target"),
                                             QStringLiteral("body_mass_g"), QStringLiteral("--epochs"), QStringLiteral("30"), QStringLiteral("--name"), QStringLiteral("two"),
                                             QStringLiteral("--quiet")});
        QVERIFY2(trained.code == 0, trained.err.constData());
        const json found = document(QStringLiteral("two"), {QStringLiteral("--rows"), QStringLiteral("2"), QStringLiteral("--output"), QStringLiteral("body_mass_g"),
                                                            QStringLiteral("--at-least"), QStringLiteral("4200")});
        QVERIFY(found["outputs"] == json::array({"bill_length_mm", "body_mass_g"}));
        QVERIFY(!found["alternatives"].empty());
        for (const json& alternative : found["alternatives"]) {
            QVERIFY(alternative["prediction"].get<double>() >= 4200.0);
            QCOMPARE(alternative["output"][1].get<double>(), alternative["prediction"].get<double>());
        }
    }

    void saysWhyThereIsNone()
    {
        const json far = document(QStringLiteral("mass"), {QStringLiteral("--rows"), QStringLiteral("0"), QStringLiteral("--at-least"), QStringLiteral("1e6")});
        QCOMPARE(far["reason"].get<std::string>(), std::string("not-reached"));
        QVERIFY(far["alternatives"].empty());
        QCOMPARE(document(QStringLiteral("mass"), {QStringLiteral("--rows"), QStringLiteral("0"), QStringLiteral("--at-least"), QStringLiteral("1")})["reason"].get<std::string>(),
                 std::string("already-reached"));
        const CliResult text = explain(QStringLiteral("birds"), {QStringLiteral("--rows"), QStringLiteral("17"), QStringLiteral("--lock"),
                                                                 QStringLiteral("island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year")});
        QCOMPARE(text.code, 0);
        QVERIFY2(text.out.contains("No column may change"), text.out.constData());
    }

    void printsAndDraws()
    {
        const QString out = m_box.path(QStringLiteral("why.json")), plot = m_box.path(QStringLiteral("why.svg"));
        QStringList arguments{QStringLiteral("--rows"), QStringLiteral("17"), QStringLiteral("--out"), out};
#ifdef LIMPID_GUI
        arguments << QStringLiteral("--plot") << plot;
#endif
        const CliResult text = explain(QStringLiteral("birds"), arguments);
        QVERIFY2(text.code == 0, text.err.constData());
        QVERIFY2(text.out.contains("alternative 1") && text.out.contains("Adelie") && text.out.contains("Method counterfactual"), text.out.constData());
        QVERIFY(QFileInfo::exists(out));
#ifdef LIMPID_GUI
        QVERIFY(QFileInfo(plot).size() > 1000);
#endif
    }

    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("word");
        const QString rows = QStringLiteral("--rows");
        QTest::newRow("no row") << QStringList{} << QByteArray("--rows");
        QTest::newRow("two rows") << QStringList{rows, QStringLiteral("1:3")} << QByteArray("one row");
        QTest::newRow("a row beyond") << QStringList{rows, QStringLiteral("999")} << QByteArray("999");
        QTest::newRow("unknown class") << QStringList{rows, QStringLiteral("1"), QStringLiteral("--target"), QStringLiteral("Gento")} << QByteArray("Gentoo");
        QTest::newRow("unknown column") << QStringList{rows, QStringLiteral("1"), QStringLiteral("--lock"), QStringLiteral("iland")} << QByteArray("island");
        QTest::newRow("a number for classes") << QStringList{rows, QStringLiteral("1"), QStringLiteral("--at-least"), QStringLiteral("3")} << QByteArray("at-least");
        QTest::newRow("a bound that is none") << QStringList{rows, QStringLiteral("1"), QStringLiteral("--within"), QStringLiteral("year")} << QByteArray("COLUMN=A:B");
        QTest::newRow("a bound of a category") << QStringList{rows, QStringLiteral("1"), QStringLiteral("--within"), QStringLiteral("island=1:2")} << QByteArray("island");
        QTest::newRow("a setting of others") << QStringList{rows, QStringLiteral("1"), QStringLiteral("--budget"), QStringLiteral("5")} << QByteArray("--budget");
    }
    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, word);
        const CliResult refused = explain(QStringLiteral("birds"), arguments);
        QVERIFY(refused.code == 2 || refused.code == 3);
        QVERIFY2(refused.err.contains(word), refused.err.constData());
        QVERIFY(refused.out.isEmpty());
    }

    void othersDoNotTakeItsSettings()
    {
        const CliResult refused = m_box.run({QStringLiteral("explain"), QStringLiteral("birds"), penguins(), QStringLiteral("--method"), QStringLiteral("pdp"),
                                             QStringLiteral("--lock"), QStringLiteral("island")});
        QVERIFY(refused.code == 2 || refused.code == 3);
        QVERIFY2(refused.err.contains("--lock"), refused.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliCounterfactual)
#include "tst_cli_counterfactual.moc"
