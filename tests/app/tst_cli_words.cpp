// limpid explain --players words
#include "tests/app/CliSupport.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace limpid::test;
using nlohmann::json;

class TestCliWords : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;
    QString m_file;

    CliResult explain(const QStringList& more) const { return m_box.run(QStringList{"explain", "reviews", m_file} + more); }

private slots:
    void initTestCase()
    {
        // Each text is of its own; "splendid" or "dreadful" tells the kind.
        QByteArray text = "review,kind\n";
        for (int i = 0; i < 200; ++i)
            text += "the film number" + QByteArray::number(i) + " was in short " + (i % 2 ? "splendid,pos\n" : "dreadful,neg\n");
        m_file = m_box.write("reviews.csv", text);
        const CliResult trained = m_box.run({"train", m_file, "--target", "kind", "--network", "text-bag", "--epochs", "12", "--name", "reviews", "--quiet"});
        QVERIFY2(trained.code == 0, trained.err.constData());
    }

    void everyMethod_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"leverage", "permutation", "kernel", "exact", "partition", "occlusion", "lime"})
            QTest::newRow(method) << method;
    }
    void everyMethod()
    {
        QFETCH(QString, method);
        const QStringList arguments{"--players", "words", "--column", "review", "--method", method, "--rows", "20:24"};
        const json found = explain(arguments + QStringList{"--json", "--out", m_box.path("words.json")}).json();
        QCOMPARE(found["method"].get<std::string>(), method.toStdString());
        QCOMPARE(found["players"].get<std::string>(), std::string("words"));
        QVERIFY(found["outputs"] == json::array({"pos"}));
        QCOMPARE(found["rows"].size(), std::size_t(4));
        for (const json& row : found["rows"]) {
            const bool good = row["row"].get<int>() % 2 == 1;
            QCOMPARE(row["words"].size(), std::size_t(7));
            QCOMPARE(row["words"][6].get<std::string>(), std::string(good ? "splendid" : "dreadful"));
            const std::vector<double> values = row["values"][0].get<std::vector<double>>();
            const auto largest = std::max_element(values.begin(), values.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
            QCOMPARE(largest - values.begin(), std::ptrdiff_t(6)); // the word that tells
            QCOMPARE(*largest > 0.0, good);
            if (found["additive"].get<bool>()) {
                double sum = row["base"][0].get<double>();
                for (const double value : values)
                    sum += value;
                QVERIFY(std::abs(sum - row["output"][0].get<double>()) < 1e-4);
            }
        }
        QVERIFY(QFile::exists(m_box.path("words.json")));
        const CliResult text = explain(arguments);
        QVERIFY2(text.code == 0, text.err.constData());
        QVERIFY(text.out.contains("splendid") && text.out.contains("dreadful"));
        json again = explain(arguments + QStringList{"--json"}).json();
        again["seconds"] = found["seconds"];
        QCOMPARE(again.dump(), found.dump());
    }

    void plot()
    {
#ifdef LIMPID_GUI
        const CliResult drawn = explain({"--players", "words", "--rows", "3", "--plot", m_box.path("words.svg")});
        QVERIFY2(drawn.code == 0, drawn.err.constData());
        QFile file(m_box.path("words.svg"));
        QVERIFY(file.open(QIODevice::ReadOnly) && file.size() > 500);
#endif
    }

    void refused_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("method of columns") << "--players words --method deeplift" << QByteArray("deeplift");
        QTest::newRow("no such column") << "--players words --column kind" << QByteArray("kind");
        QTest::newRow("column without words") << "--column review" << QByteArray("--column");
        QTest::newRow("background") << "--players words --background 10" << QByteArray("--background");
        QTest::newRow("output") << "--players words --output no" << QByteArray("--output");
    }
    void refused()
    {
        QFETCH(QString, arguments);
        QFETCH(QByteArray, said);
        const CliResult result = explain(arguments.split(' '));
        QVERIFY(result.code != 0);
        QVERIFY2(result.err.contains(said), result.err.constData());
    }

    void isChecked()
    {
        const QStringList arguments{"--players", "words", "--method", "exact", "--rows", "20:30", "--check", "insertion,infidelity", "--repeats", "5"};
        const json quality = explain(arguments + QStringList{"--json"}).json()["quality"];
        QCOMPARE(quality["players"].get<std::string>(), std::string("words"));
        QCOMPARE(quality["rows"].size(), std::size_t(10));
        QVERIFY(quality["reveal"]["insertion"]["gain"]["mean"].get<double>() > 0.0);
        QCOMPARE(quality["infidelity"]["sets"].get<int>(), 50);
        QVERIFY(quality["infidelity"]["unexplained"]["mean"].get<double>() < 1.0); // as good as no values at all
        const CliResult text = explain(arguments);
        QVERIFY2(text.code == 0, text.err.constData());
        QVERIFY2(text.err.contains("Checking takes") && text.err.contains("estimated"), text.err.constData());
        QVERIFY(text.out.contains("Insertion") && text.out.contains("Words come into the text") && !text.out.contains("Sensitivity"));
        QCOMPARE(explain({"--players", "words", "--check", "sensitivity"}).code, 2);
        QCOMPARE(explain({"--players", "words", "--repeats", "5"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliWords)
#include "tst_cli_words.moc"
